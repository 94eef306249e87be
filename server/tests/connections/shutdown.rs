//! Graceful shutdown.

use std::time::Instant;

use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::{ConnectionLimits, GET, GET_SLOW, MAX_WAIT, Server, long_timeouts, ms};

#[tokio::test]
async fn shutdown_finishes_open_requests_and_accepts_no_new_ones() {
    let server = Server::start(ConnectionLimits::default()).await;
    let address = server.address;
    let mut client = server.client().await;
    client.send(GET_SLOW).await;
    sleep(ms(100)).await;
    let stopping = tokio::spawn(server.stop());
    let began = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(began.elapsed() < MAX_WAIT, "still accepting");
        sleep(ms(5)).await;
    }
    let (received, _) = client.read_to_end().await;
    assert!(received.starts_with("HTTP/1.1 200") && received.ends_with("at last"), "{received}");
    assert!(received.contains("connection: close"), "{received}");
    assert!(stopping.await.unwrap() >= ms(200));
}

#[tokio::test]
async fn shutdown_does_not_wait_for_idle_connections() {
    let server = Server::start(long_timeouts()).await;
    let _silent = server.client().await;
    let mut idle = server.client().await;
    idle.send(GET).await;
    idle.read_until("hello").await;
    server.stop().await;
}

#[tokio::test]
async fn shutdown_has_a_timeout() {
    let server = Server::start(ConnectionLimits { shutdown_timeout: ms(200), ..long_timeouts() }).await;
    let mut client = server.client().await;
    client.send(b"GET /never HTTP/1.1\r\nhost: here\r\n\r\n").await;
    sleep(ms(100)).await;
    let took = server.stop().await;
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn shutdown_waits_until_a_response_is_read() {
    let server = Server::start(ConnectionLimits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /huge HTTP/1.1\r\nhost: here\r\n\r\n").await;
    sleep(ms(100)).await;
    let stopping = tokio::spawn(server.stop());
    sleep(ms(100)).await;
    let (received, _) = client.read_to_end().await;
    assert!(received.len() > 64 * 1024 * 1024, "{}", received.len());
    stopping.await.unwrap();
}

#[tokio::test]
async fn shutdown_waits_for_event_streams_until_the_timeout() {
    let server = Server::start(ConnectionLimits { shutdown_timeout: ms(200), ..long_timeouts() }).await;
    let mut stream = server.client().await;
    stream.send(b"GET /stream HTTP/1.1\r\nhost: here\r\n\r\n").await;
    stream.read_until("begun\r\n").await;
    let took = server.stop().await;
    assert!(took >= ms(150), "{took:?}");
}
