//! Connections as a client meets them: over real sockets, with short patience.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "connections/framing.rs"]
mod framing;

use std::convert::Infallible;
use std::mem::take;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::routing::{get, post};
use http_body_util::BodyExt;
use hyper::body::Frame;
use server::connections::{Limits, Peer, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";
const GET_SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nhost: here\r\n\r\n";

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A body that begins and never ends.
struct Endless(bool);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if take(&mut self.0) { Poll::Ready(Some(Ok(Frame::data("begun".into())))) } else { Poll::Pending }
    }
}

/// Longer than anything takes here on the slowest machine: whoever waits so long hangs.
const HANGS: Duration = Duration::from_mins(1);

/// Patient for longer than that: what ends, ends by the one limit that a test sets.
fn patient() -> Limits {
    let long = 10 * HANGS;
    Limits { head: long, body: long, idle: long, write: long, finish: long, ..Limits::default() }
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route(
                "/slow",
                get(async || {
                    sleep(ms(400)).await;
                    "at last"
                }),
            )
            .route("/peer", get(async |Extension(Peer(peer)): Extension<Peer>| peer.to_string()))
            .route("/stream", get(async || (Extension(app::EventStream), Body::new(Endless(true)))))
            .route("/never", get(async || -> &'static str { std::future::pending().await }))
            .route("/echo", post(async |body: String| body))
            .route(
                "/pieces",
                post(async |body: Body| {
                    let (mut body, mut pieces) = (body, Vec::new());
                    while let Some(frame) = body.frame().await {
                        pieces.push(frame.unwrap().into_data().unwrap().len());
                    }
                    format!("{pieces:?}")
                }),
            )
            .route("/deaf", post(async || "no, thank you"))
            .route(
                "/busy",
                get(async || {
                    let until = Instant::now() + Duration::from_micros(200);
                    while Instant::now() < until {}
                    "done"
                }),
            )
            .route("/huge", get(async || Body::from(vec![b'x'; 64 * 1024 * 1024])));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(serve(listener, router, limits, async { drop(stopped.await) }));
        Self { address, stop, ended }
    }

    async fn client(&self) -> Client {
        self.client_at("127.0.0.1").await
    }

    /// A client at another address of this machine.
    async fn client_at(&self, address: &str) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse().unwrap(), 0)).unwrap();
        Client(socket.connect(self.address).await.unwrap())
    }

    /// How long stopping takes.
    async fn stop(self) -> Duration {
        let began = Instant::now();
        self.stop.send(()).unwrap();
        timeout(HANGS, self.ended).await.unwrap().unwrap();
        began.elapsed()
    }
}

struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Everything until an answer with this ending has come.
    async fn hear(&mut self, ending: &str) -> String {
        let mut heard = Vec::new();
        while !heard.ends_with(ending.as_bytes()) {
            let mut some = [0; 4096];
            let read = timeout(HANGS, self.0.read(&mut some)).await.unwrap().unwrap();
            assert_ne!(read, 0, "closed after {:?}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&some[..read]);
        }
        String::from_utf8(heard).unwrap()
    }

    /// Everything until the server closes, and how long that took.
    async fn hear_out(&mut self) -> (String, Duration) {
        let began = Instant::now();
        let mut heard = Vec::new();
        // A reset is an end as well.
        let _ = timeout(HANGS, self.0.read_to_end(&mut heard)).await.unwrap();
        (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
    }
}

#[tokio::test]
async fn a_request_says_who_stands_at_the_other_end() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /peer HTTP/1.1\r\nhost: here\r\nx-forwarded-for: 198.51.100.1\r\n\r\n").await;
    client.hear("127.0.0.1").await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut() {
    let server = Server::start(Limits { head: ms(200), ..patient() }).await;
    let (heard, took) = server.client().await.hear_out().await;
    assert_eq!(heard, "");
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn a_head_that_dribbles_is_cut() {
    let server = Server::start(Limits { head: ms(300), ..patient() }).await;
    let mut client = server.client().await;
    let began = Instant::now();
    for byte in GET.iter().cycle().filter(|byte| **byte != b'\n') {
        if client.0.write_all(&[*byte]).await.is_err() {
            break;
        }
        assert!(began.elapsed() < HANGS, "it is heard for ever");
        sleep(ms(20)).await;
    }
    assert!(began.elapsed() >= ms(250), "{:?}", began.elapsed());
}

#[tokio::test]
async fn between_requests_the_longer_patience_counts_and_ends() {
    let server = Server::start(Limits { head: ms(100), idle: ms(3000), ..patient() }).await;
    let mut client = server.client().await;
    client.send(GET).await;
    client.hear("hello").await;
    sleep(ms(500)).await;
    client.send(GET).await;
    client.hear("hello").await;
    let (heard, took) = client.hear_out().await;
    assert_eq!(heard, "");
    assert!(took >= ms(2500), "{took:?}");
}

#[tokio::test]
async fn a_second_head_that_dribbles_is_cut_long_before_an_idle_client() {
    let server = Server::start(Limits { head: ms(200), ..patient() }).await;
    let mut client = server.client().await;
    client.send(GET).await;
    client.hear("hello").await;
    client.send(b"GET / HTTP").await;
    client.hear_out().await;
}

#[tokio::test]
async fn a_slow_answer_is_not_a_slow_client() {
    let server = Server::start(Limits { head: ms(100), idle: ms(100), body: ms(100), ..Limits::default() }).await;
    let mut client = server.client().await;
    client.send(GET_SLOW).await;
    assert!(client.hear("at last").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_slow_body_is_answered_408() {
    let server = Server::start(Limits { body: ms(200), ..patient() }).await;
    let mut client = server.client().await;
    client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal").await;
    let (heard, took) = client.hear_out().await;
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
    assert!(heard.contains("connection: close"), "{heard}");
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn a_body_in_time_is_read_and_the_connection_kept() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    for _ in 0..3 {
        client.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nha").await;
        sleep(ms(20)).await;
        client.send(b"lf").await;
        client.hear("half").await;
    }
}

#[tokio::test]
async fn a_body_that_dribbles_is_handed_on_in_large_pieces() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(b"POST /pieces HTTP/1.1\r\nhost: here\r\ncontent-length: 8300\r\n\r\n").await;
    for _ in 0..100 {
        client.send(b"x").await;
        sleep(ms(1)).await;
    }
    client.send(&[b'x'; 8150]).await;
    sleep(ms(50)).await;
    client.send(&[b'x'; 50]).await;
    let heard = client.hear("]").await;
    let pieces: Vec<usize> = serde_json::from_str(heard.rsplit("\r\n").next().unwrap()).unwrap();
    assert_eq!(pieces.iter().sum::<usize>(), 8300);
    assert!(pieces.len() <= 2, "{pieces:?}");
}

#[tokio::test]
async fn a_client_hears_why_although_its_body_was_not_wanted() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    let body = vec![b'x'; 8 * 1024 * 1024];
    client
        .send(format!("POST /deaf HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())
        .await;
    client.send(&body).await;
    assert!(client.hear("no, thank you").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_head_too_large_is_answered_431() {
    let server = Server::start(Limits { head_size: 1000, ..Limits::default() }).await;
    let mut client = server.client().await;
    client.send(format!("GET / HTTP/1.1\r\nhost: here\r\ncookie: {}\r\n\r\n", "x".repeat(100_000)).as_bytes()).await;
    let (heard, _) = client.hear_out().await;
    assert!(heard.starts_with("HTTP/1.1 431"), "{heard}");
}

#[tokio::test]
async fn too_many_headers_are_answered_431() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(format!("GET / HTTP/1.1\r\nhost: here\r\n{}\r\n", "a: b\r\n".repeat(200)).as_bytes()).await;
    let (heard, _) = client.hear_out().await;
    assert!(heard.starts_with("HTTP/1.1 431"), "{heard}");
}

#[tokio::test]
async fn what_is_not_http_is_answered_400() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(b"\x16\x03\x01 a secret handshake\r\n\r\n").await;
    let (heard, _) = client.hear_out().await;
    assert!(heard.starts_with("HTTP/1.1 400"), "{heard}");
}

#[tokio::test]
async fn requests_sent_in_one_breath_are_answered_in_order() {
    let server = Server::start(patient()).await;
    let mut client = server.client().await;
    client.send(&[GET_SLOW, GET].concat()).await;
    let heard = client.hear("hello").await;
    assert!(heard.find("at last") < heard.find("hello"), "{heard}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_asks_much_in_one_breath_does_not_keep_others_waiting() {
    const REQUESTS: usize = 100_000;
    let server = Server::start(Limits::default()).await;
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
        client.hear("hello").await;
        let meanwhile = answered.load(Ordering::Relaxed) - before;
        assert!(meanwhile < REQUESTS / 20, "{meanwhile} came first");
    }
    asking.abort();
    taking.abort();
}

#[tokio::test]
async fn an_answer_nobody_takes_is_given_up() {
    let server = Server::start(Limits { connections: 1, write: ms(200), ..Limits::default() }).await;
    let mut greedy = server.client().await;
    greedy.send(b"GET /huge HTTP/1.1\r\nhost: here\r\n\r\n").await;
    let mut other = server.client().await;
    other.send(GET).await;
    other.hear("hello").await;
}

#[tokio::test]
async fn an_answer_taken_slowly_but_steadily_is_given_whole() {
    let server = Server::start(Limits { write: ms(300), idle: ms(300), ..Limits::default() }).await;
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

#[tokio::test]
async fn the_bound_on_connections_holds_and_the_next_in_line_waits() {
    let server = Server::start(Limits { connections: 2, ..Limits::default() }).await;
    let mut first = server.client().await;
    let mut second = server.client().await;
    for client in [&mut first, &mut second] {
        client.send(GET).await;
        client.hear("hello").await;
    }
    let mut third = server.client().await;
    third.send(GET).await;
    assert!(timeout(ms(200), third.0.read_u8()).await.is_err(), "answered beyond the bound");
    drop(first);
    third.hear("hello").await;
}

#[tokio::test]
async fn stopping_finishes_the_request_that_runs_and_takes_no_other() {
    let server = Server::start(Limits::default()).await;
    let address = server.address;
    let mut client = server.client().await;
    client.send(GET_SLOW).await;
    sleep(ms(100)).await;
    let stopping = tokio::spawn(server.stop());
    let began = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(began.elapsed() < HANGS, "still accepting");
        sleep(ms(5)).await;
    }
    let (heard, _) = client.hear_out().await;
    assert!(heard.starts_with("HTTP/1.1 200") && heard.ends_with("at last"), "{heard}");
    assert!(heard.contains("connection: close"), "{heard}");
    assert!(stopping.await.unwrap() >= ms(200));
}

#[tokio::test]
async fn stopping_waits_for_nobody_who_has_asked_nothing() {
    let server = Server::start(patient()).await;
    let _silent = server.client().await;
    let mut idle = server.client().await;
    idle.send(GET).await;
    idle.hear("hello").await;
    server.stop().await;
}

#[tokio::test]
async fn stopping_waits_only_so_long() {
    let server = Server::start(Limits { finish: ms(200), ..patient() }).await;
    let mut client = server.client().await;
    client.send(b"GET /never HTTP/1.1\r\nhost: here\r\n\r\n").await;
    sleep(ms(100)).await;
    let took = server.stop().await;
    assert!(took >= ms(150), "{took:?}");
}

#[tokio::test]
async fn stopping_lets_an_answer_be_taken_to_its_end() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /huge HTTP/1.1\r\nhost: here\r\n\r\n").await;
    sleep(ms(100)).await;
    let stopping = tokio::spawn(server.stop());
    sleep(ms(100)).await;
    let (heard, _) = client.hear_out().await;
    assert!(heard.len() > 64 * 1024 * 1024, "{}", heard.len());
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_large_answer_to_an_unwanted_body_is_given_whole() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.client().await;
    client.send(b"GET /huge HTTP/1.1\r\nhost: here\r\ncontent-length: 90000\r\n\r\nhal").await;
    sleep(ms(200)).await;
    let (heard, _) = client.hear_out().await;
    assert!(heard.len() > 64 * 1024 * 1024, "{}", heard.len());
}

#[tokio::test]
async fn one_address_takes_only_so_many_places_and_gives_them_back() {
    let server = Server::start(Limits { from_one: 2, ..patient() }).await;
    let (mut first, _second) = (server.client().await, server.client().await);
    first.send(GET).await;
    first.hear("hello").await;
    let (heard, _) = server.client().await.hear_out().await;
    assert_eq!(heard, "");
    let mut other = server.client_at("127.0.0.2").await;
    other.send(GET).await;
    other.hear("hello").await;
    drop(first);
    let began = Instant::now();
    loop {
        let mut third = server.client().await;
        // Whoever is refused may be so before this is sent.
        let _ = third.0.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await;
        if third.hear_out().await.0.ends_with("hello") {
            break;
        }
        assert!(began.elapsed() < HANGS, "the place was not given back");
        sleep(ms(10)).await;
    }
}

#[tokio::test]
async fn a_proxy_takes_as_many_places_as_it_speaks_for() {
    let proxies = "127.0.0.0/8".parse().unwrap();
    let server = Server::start(Limits { from_one: 1, proxies, ..Limits::default() }).await;
    let mut clients = [server.client().await, server.client().await, server.client().await];
    for client in &mut clients {
        client.send(GET).await;
        client.hear("hello").await;
    }
}

#[tokio::test]
async fn streams_take_no_place_from_those_who_ask_for_pages() {
    for limits in [
        Limits { connections: 1, ..Limits::default() },
        Limits { from_one: 1, ..Limits::default() },
        Limits { connections: 1, from_one: 1, proxies: "127.0.0.1".parse().unwrap(), ..Limits::default() },
    ] {
        let server = Server::start(limits).await;
        let mut streams = Vec::new();
        for asked_before in [false, true, false, true] {
            let mut stream = server.client().await;
            if asked_before {
                stream.send(GET).await;
                stream.hear("hello").await;
            }
            stream.send(b"GET /stream HTTP/1.1\r\nhost: here\r\n\r\n").await;
            let heard = stream.hear("begun\r\n").await;
            assert!(heard.contains("connection: close"), "{heard}");
            streams.push(stream);
        }
        let mut reader = server.client().await;
        reader.send(GET).await;
        reader.hear("hello").await;
        // What is asked over a stream is not heard: its place belongs to somebody else.
        let asked = &mut streams[0];
        asked.send(GET).await;
        assert!(timeout(ms(200), asked.0.read_u8()).await.is_err(), "a stream was answered");
    }
}

#[tokio::test]
async fn stopping_waits_for_streams_as_for_every_answer() {
    let server = Server::start(Limits { finish: ms(200), ..patient() }).await;
    let mut stream = server.client().await;
    stream.send(b"GET /stream HTTP/1.1\r\nhost: here\r\n\r\n").await;
    stream.hear("begun\r\n").await;
    let took = server.stop().await;
    assert!(took >= ms(150), "{took:?}");
}

/// The beginning of a long body, and its end.
fn long_body() -> [Vec<u8>; 2] {
    let head = b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 40000\r\n\r\n".to_vec();
    [[head, vec![b'x'; 20_000]].concat(), [vec![b'x'; 19_999], vec![b'.']].concat()]
}

/// Room for one long body from each address.
fn little_room() -> Limits {
    Limits { body_size: |_| 40_000, room: 160_000, ..Limits::default() }
}

#[tokio::test]
async fn a_long_body_waits_for_memory_and_nothing_else_does() {
    let server = Server::start(little_room()).await;
    let ([begin, end], mut first) = (long_body(), server.client().await);
    first.send(&begin).await;
    sleep(ms(50)).await;
    let mut second = server.client().await;
    second.send(&[&begin[..], &end].concat()).await;
    assert!(timeout(ms(200), second.0.read_u8()).await.is_err(), "there was memory for both");

    let mut short = server.client().await;
    short.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nhalf").await;
    short.hear("half").await;
    let mut elsewhere = server.client_at("127.0.0.2").await;
    elsewhere.send(&[&begin[..], &end].concat()).await;
    elsewhere.hear("x.").await;

    first.send(&end).await;
    first.hear("x.").await;
    second.hear("x.").await;
}

#[tokio::test]
async fn whoever_goes_gives_back_the_memory() {
    let server = Server::start(little_room()).await;
    let ([begin, end], mut first) = (long_body(), server.client().await);
    first.send(&begin).await;
    sleep(ms(50)).await;
    drop(first);
    let mut second = server.client().await;
    second.send(&[&begin[..], &end].concat()).await;
    second.hear("x.").await;
}

#[tokio::test]
async fn a_body_that_does_not_say_how_long_it_is_takes_memory_for_the_longest() {
    let server = Server::start(little_room()).await;
    let mut first = server.client().await;
    first.send(b"POST /echo HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n").await;
    sleep(ms(50)).await;
    let mut second = server.client().await;
    second.send(&long_body().concat()).await;
    assert!(timeout(ms(200), second.0.read_u8()).await.is_err(), "there was memory for both");
    first.send(b"0\r\n\r\n").await;
    first.hear("half").await;
    second.hear("x.").await;
}
