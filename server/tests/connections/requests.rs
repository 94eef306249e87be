//! Requests and responses: bodies, malformed and oversized heads, pipelining.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use crate::{ConnectionLimits, GET, GET_SLOW, Server, long_timeouts, ms};

#[tokio::test]
async fn the_peer_address_comes_from_the_socket() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /peer HTTP/1.1\r\nhost: here\r\nx-forwarded-for: 198.51.100.1\r\n\r\n").await;
    client.read_until("127.0.0.1").await;
}

#[tokio::test]
async fn a_body_received_in_time_keeps_the_connection_open() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    for _ in 0..3 {
        client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nha").await;
        sleep(ms(20)).await;
        client.send(b"lf").await;
        client.read_until("half").await;
    }
}

#[tokio::test]
async fn a_slow_body_is_delivered_in_large_chunks() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(b"POST /chunks HTTP/1.1\r\nhost: here\r\ncontent-length: 8300\r\n\r\n").await;
    for _ in 0..100 {
        client.send(b"x").await;
        sleep(ms(1)).await;
    }
    client.send(&[b'x'; 8150]).await;
    sleep(ms(50)).await;
    client.send(&[b'x'; 50]).await;
    let received = client.read_until("]").await;
    let chunks: Vec<usize> = serde_json::from_str(received.rsplit("\r\n").next().unwrap()).unwrap();
    assert_eq!(chunks.iter().sum::<usize>(), 8300);
    assert!(chunks.len() <= 2, "{chunks:?}");
}

#[tokio::test]
async fn a_client_gets_a_response_if_the_handler_ignores_the_body() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    let body = vec![b'x'; 8 * 1024 * 1024];
    client
        .send(format!("POST /ignore HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())
        .await;
    client.send(&body).await;
    assert!(client.read_until("no, thank you").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn an_oversized_head_gets_431() {
    let server = Server::start(ConnectionLimits { max_head_size: 1000, ..ConnectionLimits::default() }).await;
    let mut client = server.client().await;
    client.send(format!("GET / HTTP/1.1\r\nhost: here\r\ncookie: {}\r\n\r\n", "x".repeat(100_000)).as_bytes()).await;
    let (received, _) = client.read_to_end().await;
    assert!(received.starts_with("HTTP/1.1 431"), "{received}");
}

#[tokio::test]
async fn too_many_headers_get_431() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(format!("GET / HTTP/1.1\r\nhost: here\r\n{}\r\n", "a: b\r\n".repeat(200)).as_bytes()).await;
    let (received, _) = client.read_to_end().await;
    assert!(received.starts_with("HTTP/1.1 431"), "{received}");
}

#[tokio::test]
async fn a_non_http_request_gets_400() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(b"\x16\x03\x01 a secret handshake\r\n\r\n").await;
    let (received, _) = client.read_to_end().await;
    assert!(received.starts_with("HTTP/1.1 400"), "{received}");
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = Server::start(long_timeouts()).await;
    let mut client = server.client().await;
    client.send(&[GET_SLOW, GET].concat()).await;
    let received = client.read_until("hello").await;
    assert!(received.find("at last") < received.find("hello"), "{received}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pipelined_requests_do_not_delay_other_clients() {
    const REQUESTS: usize = 100_000;
    let server = Server::start(ConnectionLimits::default()).await;
    let (mut answers, mut questions) = server.client().await.0.into_split();
    let busy = b"GET /busy HTTP/1.1\r\nhost: here\r\n\r\n".repeat(REQUESTS);
    let asking = tokio::spawn(async move { questions.write_all(&busy).await });
    let answered = Arc::new(AtomicUsize::new(0));
    let taken = Arc::clone(&answered);
    let taking = tokio::spawn(async move {
        let mut some = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = answers.read(&mut some).await {
            taken.fetch_add(some[..read].windows(4).filter(|end| end == b"done").count(), Ordering::Relaxed);
        }
    });
    while answered.load(Ordering::Relaxed) == 0 {
        sleep(ms(1)).await;
    }
    for _ in 0..10 {
        let before = answered.load(Ordering::Relaxed);
        let mut client = server.client().await;
        client.send(GET).await;
        client.read_until("hello").await;
        let meanwhile = answered.load(Ordering::Relaxed) - before;
        assert!(meanwhile < REQUESTS / 20, "{meanwhile} came first");
    }
    asking.abort();
    taking.abort();
}

#[tokio::test]
async fn a_large_response_is_complete_if_the_body_is_not_read() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /huge HTTP/1.1\r\nhost: here\r\ncontent-length: 90000\r\n\r\nhal").await;
    sleep(ms(200)).await;
    let (received, _) = client.read_to_end().await;
    assert!(received.len() > 64 * 1024 * 1024, "{}", received.len());
}
