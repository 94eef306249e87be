//! A client's socket with timeouts: for the next request, for the rest of its head, and for a response that is not read.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::ConnectionLimits;
use super::framing::{FramingObserver, HeadFraming};

/// The state of a connection, shared by its socket and its requests.
#[derive(Clone, Default)]
pub struct ConnectionState(Arc<StateInner>);

#[derive(Default)]
struct StateInner {
    request_count: AtomicUsize,
    /// Bytes were received since the last request began.
    has_received: AtomicBool,
    has_running_request: AtomicBool,
    has_unread: AtomicBool,
    framing: FramingObserver,
}

impl ConnectionState {
    /// Begins a request. It counts as running until the returned guard is dropped.
    pub fn begin_request(&self) -> RequestGuard {
        self.0.request_count.fetch_add(1, Ordering::Relaxed);
        self.0.has_running_request.store(true, Ordering::Relaxed);
        RequestGuard(self.clone())
    }

    /// Whether this request was received together with the one before. To be called once per request.
    pub fn is_pipelined(&self) -> bool {
        !self.0.has_received.swap(false, Ordering::Relaxed)
    }

    /// What the head of this request says about its body. To be called once per request.
    pub fn next_head(&self) -> Option<HeadFraming> {
        self.0.framing.next_head()
    }

    fn record_received(&self, bytes: &[u8]) {
        self.0.has_received.store(true, Ordering::Relaxed);
        self.0.framing.read(bytes);
    }

    /// The request body was dropped before its end.
    pub fn mark_unread(&self) {
        self.0.has_unread.store(true, Ordering::Relaxed);
    }

    pub fn has_unread_body(&self) -> bool {
        self.0.has_unread.load(Ordering::Relaxed)
    }

    fn request_count(&self) -> usize {
        self.0.request_count.load(Ordering::Relaxed)
    }

    fn has_running_request(&self) -> bool {
        self.0.has_running_request.load(Ordering::Relaxed)
    }
}

/// A request that is running, until this is dropped.
pub struct RequestGuard(ConnectionState);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.0.has_running_request.store(false, Ordering::Relaxed);
    }
}

pub struct Socket {
    stream: TcpStream,
    /// Received, but not yet passed on to hyper.
    received: Bytes,
    state: ConnectionState,
    limits: ConnectionLimits,
    read_deadline: ReadDeadline,
    /// The number of requests at the last read. A whole request may have been answered since then.
    request_count: usize,
    read_timer: Timer,
    stalled_since: Option<Instant>,
    write_timer: Timer,
}

/// Until when the client must send something while no request is running. (Bodies have a limit of their own.)
#[derive(Clone, Copy)]
enum ReadDeadline {
    /// The first byte of another request, counted from the last byte of the response.
    Request { until: Instant },
    /// The rest of a head.
    Head { until: Instant },
}

impl Socket {
    pub fn new(stream: TcpStream, head: Vec<u8>, state: ConnectionState, limits: ConnectionLimits) -> Self {
        let read_deadline = ReadDeadline::Head { until: Instant::now() + limits.head_timeout };
        let (read_timer, write_timer) = (Timer::default(), Timer::default());
        Self {
            stream,
            received: head.into(),
            state,
            limits,
            read_deadline,
            request_count: 0,
            read_timer,
            stalled_since: None,
            write_timer,
        }
    }

    pub fn into_inner(self) -> TcpStream {
        self.stream
    }

    fn poll_write_timeout<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled_since = None;
            if let ReadDeadline::Request { until } = &mut self.read_deadline {
                *until = Instant::now() + self.limits.idle_timeout;
            }
            return written;
        }
        let since = *self.stalled_since.get_or_insert_with(Instant::now);
        self.write_timer.poll(since + self.limits.write_timeout, context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.received.is_empty() {
            let chunk = this.received.split_to(buffer.remaining().min(this.received.len()));
            buffer.put_slice(&chunk);
            this.state.record_received(&chunk);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            this.state.record_received(&buffer.filled()[before..]);
        }
        if this.state.has_running_request() || this.stalled_since.is_some() {
            return read;
        }
        let request_count = this.state.request_count();
        if request_count != this.request_count {
            this.request_count = request_count;
            this.read_deadline = ReadDeadline::Request { until: Instant::now() + this.limits.idle_timeout };
        }
        match this.read_deadline {
            ReadDeadline::Request { until } | ReadDeadline::Head { until } if read.is_pending() => {
                this.read_timer.poll(until, context).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            ReadDeadline::Request { .. } if buffer.filled().len() > before => {
                this.read_deadline = ReadDeadline::Head { until: Instant::now() + this.limits.head_timeout };
                read
            }
            _ => read,
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.poll_write_timeout(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.poll_write_timeout(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A timer that costs nothing until it is first needed.
#[derive(Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    fn poll(&mut self, until: Instant, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if sleep.deadline() != until {
            sleep.as_mut().reset(until);
        }
        sleep.as_mut().poll(context)
    }
}
