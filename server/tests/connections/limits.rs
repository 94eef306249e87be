//! Limits on connections, by address and in all, and on the memory of large bodies.

use std::time::Instant;

use app::doors::BodyLimit;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use crate::{ConnectionLimits, GET, MAX_WAIT, Server, long_timeouts, ms};

/// The largest body of a form. A body without a declared length is taken for as large.
const LARGE: usize = BodyLimit::Text.bytes();

/// The beginning and the end of a request with a large body.
fn long_body() -> [Vec<u8>; 2] {
    let head = format!("POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: {LARGE}\r\n\r\n").into_bytes();
    [[head, vec![b'x'; LARGE / 2]].concat(), [vec![b'x'; LARGE / 2 - 1], vec![b'.']].concat()]
}

/// Memory for one large body from each address.
fn small_memory() -> ConnectionLimits {
    ConnectionLimits { body_memory: 4 * LARGE, ..ConnectionLimits::default() }
}

#[tokio::test]
async fn connections_over_the_limit_wait() {
    let server = Server::start(ConnectionLimits { connections: 2, ..ConnectionLimits::default() }).await;
    let mut first = server.client().await;
    let mut second = server.client().await;
    for client in [&mut first, &mut second] {
        client.send(GET).await;
        client.read_until("hello").await;
    }
    let mut third = server.client().await;
    third.send(GET).await;
    assert!(timeout(ms(200), third.0.read_u8()).await.is_err(), "answered beyond the limit");
    drop(first);
    third.read_until("hello").await;
}

#[tokio::test]
async fn only_open_connections_count_against_the_address_limit() {
    let server = Server::start(ConnectionLimits { connections_per_network: 2, ..long_timeouts() }).await;
    let (mut first, _second) = (server.client().await, server.client().await);
    first.send(GET).await;
    first.read_until("hello").await;
    let (received, _) = server.client().await.read_to_end().await;
    assert_eq!(received, "");
    let mut other = server.client_at("127.0.0.2").await;
    other.send(GET).await;
    other.read_until("hello").await;
    drop(first);
    let began = Instant::now();
    loop {
        let mut third = server.client().await;
        // A refused connection may be closed before this is sent.
        let _ = third.0.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await;
        if third.read_to_end().await.0.ends_with("hello") {
            break;
        }
        assert!(began.elapsed() < MAX_WAIT, "the closed connection still counts");
        sleep(ms(10)).await;
    }
}

#[tokio::test]
async fn a_trusted_proxy_has_no_per_address_limit() {
    let proxies = "127.0.0.0/8".parse().unwrap();
    let server =
        Server::start(ConnectionLimits { connections_per_network: 1, proxies, ..ConnectionLimits::default() }).await;
    let mut clients = [server.client().await, server.client().await, server.client().await];
    for client in &mut clients {
        client.send(GET).await;
        client.read_until("hello").await;
    }
}

#[tokio::test]
async fn event_streams_do_not_count_against_connection_limits() {
    for limits in [
        ConnectionLimits { connections: 1, ..ConnectionLimits::default() },
        ConnectionLimits { connections_per_network: 1, ..ConnectionLimits::default() },
        ConnectionLimits {
            connections: 1,
            connections_per_network: 1,
            proxies: "127.0.0.1".parse().unwrap(),
            ..ConnectionLimits::default()
        },
    ] {
        let server = Server::start(limits).await;
        let mut streams = Vec::new();
        for asked_before in [false, true, false, true] {
            let mut stream = server.client().await;
            if asked_before {
                stream.send(GET).await;
                stream.read_until("hello").await;
            }
            stream.send(b"GET /stream HTTP/1.1\r\nhost: here\r\n\r\n").await;
            let received = stream.read_until("begun\r\n").await;
            assert!(received.contains("connection: close"), "{received}");
            streams.push(stream);
        }
        let mut reader = server.client().await;
        reader.send(GET).await;
        reader.read_until("hello").await;
        // A connection with a stream serves no other requests, because it does not count as one any more.
        let asked = &mut streams[0];
        asked.send(GET).await;
        assert!(timeout(ms(200), asked.0.read_u8()).await.is_err(), "a stream was answered");
    }
}

#[tokio::test]
async fn only_large_bodies_from_the_same_address_wait_for_memory() {
    let server = Server::start(small_memory()).await;
    let ([begin, end], mut first) = (long_body(), server.client().await);
    first.send(&begin).await;
    sleep(ms(50)).await;
    let mut second = server.client().await;
    second.send(&[&begin[..], &end].concat()).await;
    assert!(timeout(ms(200), second.0.read_u8()).await.is_err(), "both bodies got memory");

    let mut short = server.client().await;
    short.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nhalf").await;
    short.read_until("half").await;
    let mut elsewhere = server.client_at("127.0.0.2").await;
    elsewhere.send(&[&begin[..], &end].concat()).await;
    elsewhere.read_until("x.").await;

    first.send(&end).await;
    first.read_until("x.").await;
    second.read_until("x.").await;
}

#[tokio::test]
async fn a_closed_connection_releases_its_memory() {
    let server = Server::start(small_memory()).await;
    let ([begin, end], mut first) = (long_body(), server.client().await);
    first.send(&begin).await;
    sleep(ms(50)).await;
    drop(first);
    let mut second = server.client().await;
    second.send(&[&begin[..], &end].concat()).await;
    second.read_until("x.").await;
}

#[tokio::test]
async fn a_chunked_body_reserves_memory_for_the_maximum_size() {
    let server = Server::start(small_memory()).await;
    let mut first = server.client().await;
    first.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n").await;
    sleep(ms(50)).await;
    let mut second = server.client().await;
    second.send(&long_body().concat()).await;
    assert!(timeout(ms(200), second.0.read_u8()).await.is_err(), "both bodies got memory");
    first.send(b"0\r\n\r\n").await;
    first.read_until("half").await;
    second.read_until("x.").await;
}
