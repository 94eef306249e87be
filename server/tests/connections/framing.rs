//! Requests that name no host, or whose end two readers could see differently.

use super::{Limits, Server, ms};

/// What comes back for these bytes until the server closes, on a connection that has served a request before.
async fn answered(server: &Server, request: &str) -> String {
    let mut client = server.client().await;
    client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 6\r\n\r\nbefore").await;
    client.hear("before").await;
    client.send(request.as_bytes()).await;
    client.hear_out().await.0
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A form in the head of a second request that nobody may take for one.
const HIDDEN: &str = "GET /huge HTTP/1.1\r\nhost: here\r\n\r\n";

#[tokio::test]
async fn a_request_names_one_host() {
    let server = Server::start(Limits { head: ms(500), idle: ms(300), ..Limits::default() }).await;
    let get = |hosts: &str| format!("GET / HTTP/1.1\r\n{hosts}\r\n");
    let refused = [
        "",
        "host:\r\n",
        "host: a\r\nhost: b\r\n",
        "host: a\r\nhost: a\r\n",
        "Host: a\r\naccept: x\r\nHOST: a\r\n",
        "host: a, b\r\n",
        "host: a b\r\n",
        "host: me@a\r\n",
        "host: a/b\r\n",
        "host: http://a\r\n",
        "host: a:b\r\n",
        "host: a:99999999\r\n",
        "host: [::1\r\n",
        "host: \u{105}.example\r\n",
        "x-host: a\r\n",
        "host : a\r\n",
        " host: a\r\n",
    ];
    for hosts in refused {
        assert_eq!(status(&answered(&server, &get(hosts)).await), 400, "{hosts:?}");
    }
    for hosts in ["host: a\r\n", "HOST:a\r\n", "host: a.example:3000\r\n", "host: [::1]:80\r\n", "host: 127.0.0.1\r\n"]
    {
        assert_eq!(status(&answered(&server, &get(hosts)).await), 200, "{hosts:?}");
    }
    for (old, expected) in [
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\nhost: a\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        ("GET http://a/ HTTP/1.1\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
    ] {
        assert_eq!(status(&answered(&server, old).await), expected, "{old:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_ends_where_everyone_sees_it_end() {
    let server = Server::start(Limits { head: ms(500), idle: ms(300), ..Limits::default() }).await;
    let post = |fields: &str, body: &str| format!("POST /echo HTTP/1.1\r\nhost: here\r\n{fields}\r\n{body}{HIDDEN}");
    let chunked = "5\r\nhello\r\n0\r\n\r\n";
    let refused = [
        ("transfer-encoding: gzip, chunked\r\n", 501),
        ("transfer-encoding: deflate, chunked\r\n", 501),
        ("transfer-encoding: identity, chunked\r\n", 501),
        ("transfer-encoding: chunked, chunked\r\n", 400),
        ("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", 400),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n", 400),
        ("transfer-encoding: identity\r\n", 400),
        ("transfer-encoding: gzip\r\n", 400),
        ("transfer-encoding: chunked, gzip\r\n", 400),
        ("transfer-encoding: chunked,\r\n", 400),
        ("transfer-encoding: , chunked\r\n", 400),
        ("transfer-encoding: chunked;q=1\r\n", 400),
        ("transfer-encoding: \"chunked\"\r\n", 400),
        ("transfer-encoding: xchunked\r\n", 400),
        ("transfer-encoding: x chunked\r\n", 400),
        ("transfer-encoding: \x0bchunked\r\n", 400),
        ("transfer-encoding:\r\n", 400),
        ("transfer-encoding : chunked\r\n", 400),
        ("transfer-encoding: chunked\r\ncontent-length: 5\r\n", 400),
        ("content-length: 5\r\ntransfer-encoding: chunked\r\n", 400),
        ("content-length: 0\r\ntransfer-encoding: chunked\r\n", 400),
        ("transfer-encoding: chunked\r\naccept: x\r\ncontent-length: 15\r\n", 400),
        ("content-length: 5\r\ncontent-length: 6\r\n", 400),
        ("content-length: 5, 6\r\n", 400),
        ("content-length: +5\r\n", 400),
        ("content-length: -5\r\n", 400),
        ("content-length: 0x5\r\n", 400),
        ("content-length: 99999999999999999999\r\n", 400),
    ];
    for (fields, expected) in refused {
        let answer = answered(&server, &post(fields, chunked)).await;
        assert_eq!(status(&answer), expected, "{fields:?}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() == 1 && answer.len() < 1000, "{fields:?}");
    }
    for fields in ["transfer-encoding: chunked\r\n", "Transfer-Encoding:Chunked\r\n", "TRANSFER-ENCODING: CHUNKED \r\n"]
    {
        let answer = answered(&server, &post(fields, chunked)).await;
        assert_eq!(status(&answer), 200, "{fields:?}: {answer}");
        // What follows it is not read: its end was seen by one reader only.
        assert!(answer.ends_with("hello") && answer.contains("connection: close"), "{fields:?}: {answer}");
    }
    let old = format!("POST /echo HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n{chunked}");
    assert_eq!(status(&answered(&server, &old).await), 400);
    server.stop().await;
}

#[tokio::test]
async fn what_comes_after_a_body_with_a_length_is_the_next_request() {
    let server = Server::start(Limits { head: ms(500), idle: ms(300), ..Limits::default() }).await;
    let body = "transfer-encoding: chunked\r\ncontent-length: 7\r\n\r\n";
    let first = format!("POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let answer = answered(&server, &format!("{first}{first}\r\n{first}GET / HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 4, "{answer}");
    assert!(answer.ends_with("hello"), "{answer}");
    server.stop().await;
}
