//! Requests without a host, and requests with ambiguous framing.

use crate::{ConnectionLimits, Server, ms};

/// The response to these bytes, on a connection that has served a request before.
async fn response_to(server: &Server, request: &str) -> String {
    let mut client = server.client().await;
    client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 6\r\n\r\nbefore").await;
    client.read_until("before").await;
    client.send(request.as_bytes()).await;
    client.read_to_end().await.0
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A request that is smuggled behind the first one, and must not be served.
const SMUGGLED: &str = "GET /huge HTTP/1.1\r\nhost: here\r\n\r\n";

#[tokio::test]
async fn a_request_needs_exactly_one_valid_host() {
    let server =
        Server::start(ConnectionLimits { head_timeout: ms(500), idle_timeout: ms(300), ..ConnectionLimits::default() })
            .await;
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
        assert_eq!(status(&response_to(&server, &get(hosts)).await), 400, "{hosts:?}");
    }
    for hosts in ["host: a\r\n", "HOST:a\r\n", "host: a.example:3000\r\n", "host: [::1]:80\r\n", "host: 127.0.0.1\r\n"]
    {
        assert_eq!(status(&response_to(&server, &get(hosts)).await), 200, "{hosts:?}");
    }
    for (old, expected) in [
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\nhost: a\r\n\r\n", 200),
        ("GET / HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        ("GET http://a/ HTTP/1.1\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
    ] {
        assert_eq!(status(&response_to(&server, old).await), expected, "{old:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_with_ambiguous_framing_is_refused() {
    let server =
        Server::start(ConnectionLimits { head_timeout: ms(500), idle_timeout: ms(300), ..ConnectionLimits::default() })
            .await;
    let post = |fields: &str, body: &str| format!("POST /echo HTTP/1.1\r\nhost: here\r\n{fields}\r\n{body}{SMUGGLED}");
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
        let answer = response_to(&server, &post(fields, chunked)).await;
        assert_eq!(status(&answer), expected, "{fields:?}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() == 1 && answer.len() < 1000, "{fields:?}");
    }
    for fields in ["transfer-encoding: chunked\r\n", "Transfer-Encoding:Chunked\r\n", "TRANSFER-ENCODING: CHUNKED \r\n"]
    {
        let answer = response_to(&server, &post(fields, chunked)).await;
        assert_eq!(status(&answer), 200, "{fields:?}: {answer}");
        // The connection is closed, because a proxy may see another end of the body.
        assert!(answer.ends_with("hello") && answer.contains("connection: close"), "{fields:?}: {answer}");
    }
    let old = format!("POST /echo HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n{chunked}");
    assert_eq!(status(&response_to(&server, &old).await), 400);
    server.stop().await;
}

#[tokio::test]
async fn bytes_after_the_content_length_are_the_next_request() {
    let server =
        Server::start(ConnectionLimits { head_timeout: ms(500), idle_timeout: ms(300), ..ConnectionLimits::default() })
            .await;
    let body = "transfer-encoding: chunked\r\ncontent-length: 7\r\n\r\n";
    let first = format!("POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let answer = response_to(&server, &format!("{first}{first}\r\n{first}GET / HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 4, "{answer}");
    assert!(answer.ends_with("hello"), "{answer}");
    server.stop().await;
}
