//! Timeouts for heads, bodies, idle connections and responses that are not read.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use crate::{ConnectionLimits, GET, GET_SLOW, MAX_WAIT, Server, long_timeouts, ms};

#[tokio::test]
async fn a_silent_client_is_disconnected() {
    let server = Server::start(ConnectionLimits { head_timeout: ms(200), ..long_timeouts() }).await;
    let (received, took) = server.client().await.read_to_end().await;
    assert_eq!(received, "");
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn a_client_with_a_slow_head_is_disconnected() {
    let server = Server::start(ConnectionLimits { head_timeout: ms(300), ..long_timeouts() }).await;
    let mut client = server.client().await;
    let began = Instant::now();
    for byte in GET.iter().cycle().filter(|byte| **byte != b'\n') {
        if client.0.write_all(&[*byte]).await.is_err() {
            break;
        }
        assert!(began.elapsed() < MAX_WAIT, "it is heard for ever");
        sleep(ms(20)).await;
    }
    assert!(began.elapsed() >= ms(250), "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_idle_timeout_applies_between_requests() {
    let server =
        Server::start(ConnectionLimits { head_timeout: ms(100), idle_timeout: ms(3000), ..long_timeouts() }).await;
    let mut client = server.client().await;
    client.send(GET).await;
    client.read_until("hello").await;
    sleep(ms(500)).await;
    client.send(GET).await;
    client.read_until("hello").await;
    let (received, took) = client.read_to_end().await;
    assert_eq!(received, "");
    assert!(took >= ms(2500), "{took:?}");
}

#[tokio::test]
async fn the_head_timeout_applies_to_later_requests() {
    let server = Server::start(ConnectionLimits { head_timeout: ms(200), ..long_timeouts() }).await;
    let mut client = server.client().await;
    client.send(GET).await;
    client.read_until("hello").await;
    client.send(b"GET / HTTP").await;
    client.read_to_end().await;
}

#[tokio::test]
async fn a_slow_handler_does_not_trigger_client_timeouts() {
    let server = Server::start(ConnectionLimits {
        head_timeout: ms(100),
        idle_timeout: ms(100),
        body_timeout: ms(100),
        ..ConnectionLimits::default()
    })
    .await;
    let mut client = server.client().await;
    client.send(GET_SLOW).await;
    assert!(client.read_until("at last").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_slow_body_gets_408() {
    let server = Server::start(ConnectionLimits { body_timeout: ms(200), ..long_timeouts() }).await;
    let mut client = server.client().await;
    client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal").await;
    let (received, took) = client.read_to_end().await;
    assert!(received.starts_with("HTTP/1.1 408"), "{received}");
    assert!(received.contains("connection: close"), "{received}");
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn an_unread_response_times_out() {
    let server =
        Server::start(ConnectionLimits { connections: 1, write_timeout: ms(200), ..ConnectionLimits::default() }).await;
    let mut greedy = server.client().await;
    greedy.send(b"GET /huge HTTP/1.1\r\nhost: here\r\n\r\n").await;
    let mut other = server.client().await;
    other.send(GET).await;
    other.read_until("hello").await;
}

#[tokio::test]
async fn a_slowly_read_response_is_sent_completely() {
    let server = Server::start(ConnectionLimits {
        write_timeout: ms(300),
        idle_timeout: ms(300),
        ..ConnectionLimits::default()
    })
    .await;
    let mut client = server.client().await;
    client.send(b"GET /huge HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await;
    let mut taken = 0;
    let mut some = vec![0; 4 * 1024 * 1024];
    loop {
        sleep(ms(20)).await;
        match client.0.read(&mut some).await.unwrap() {
            0 => break,
            read => taken += read,
        }
    }
    assert!(taken > 64 * 1024 * 1024, "{taken}");
}
