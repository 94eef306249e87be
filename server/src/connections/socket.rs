//! A client's socket that loses patience: with a head that does not come, and with an answer that is not taken.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Limits;
use super::framing::{Along, Head};

/// Where a conversation stands; known to the socket and to the requests that pass through it.
#[derive(Clone, Default)]
pub struct Phase(Arc<Facts>);

#[derive(Default)]
struct Facts {
    requests: AtomicUsize,
    /// Something has come since the last request began.
    came: AtomicBool,
    answering: AtomicBool,
    left_unread: AtomicBool,
    along: Along,
}

impl Phase {
    /// A request is being answered for as long as the result lives.
    pub fn answering(&self) -> Answering {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        self.0.answering.store(true, Ordering::Relaxed);
        Answering(self.clone())
    }

    /// Whether the next request had come together with the one before; asked once a request.
    pub fn is_in_one_breath(&self) -> bool {
        !self.0.came.swap(false, Ordering::Relaxed)
    }

    /// What the head of the request said that is now to be answered; asked once a request.
    pub fn head(&self) -> Option<Head> {
        self.0.along.next_head()
    }

    fn come(&self, bytes: &[u8]) {
        self.0.came.store(true, Ordering::Relaxed);
        self.0.along.read(bytes);
    }

    /// The client sent more than was wanted.
    pub fn leave_unread(&self) {
        self.0.left_unread.store(true, Ordering::Relaxed);
    }

    pub fn is_left_unread(&self) -> bool {
        self.0.left_unread.load(Ordering::Relaxed)
    }

    fn requests(&self) -> usize {
        self.0.requests.load(Ordering::Relaxed)
    }

    fn is_answering(&self) -> bool {
        self.0.answering.load(Ordering::Relaxed)
    }
}

/// Proof that a request is being answered.
pub struct Answering(Phase);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.answering.store(false, Ordering::Relaxed);
    }
}

pub struct Socket {
    stream: TcpStream,
    /// What has been read already.
    come: Bytes,
    phase: Phase,
    limits: Limits,
    awaiting: Awaiting,
    /// How many requests had begun when last looked: many an answer is given without reading in between.
    requests: usize,
    reading: Timer,
    stalled_since: Option<Instant>,
    writing: Timer,
}

/// What the client owes us when no request is being answered. (Bodies have a limit of their own.)
#[derive(Clone, Copy)]
enum Awaiting {
    /// The first byte of another request, counted from the last byte of our answer.
    Request { until: Instant },
    /// The rest of a head.
    Head { until: Instant },
}

impl Socket {
    pub fn new(stream: TcpStream, head: Vec<u8>, phase: Phase, limits: Limits) -> Self {
        let awaiting = Awaiting::Head { until: Instant::now() + limits.head };
        let (reading, writing) = (Timer::default(), Timer::default());
        Self { stream, come: head.into(), phase, limits, awaiting, requests: 0, reading, stalled_since: None, writing }
    }

    pub fn into_inner(self) -> TcpStream {
        self.stream
    }

    fn poll_stalled<T>(&mut self, context: &mut Context<'_>, taken: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if taken.is_ready() {
            self.stalled_since = None;
            if let Awaiting::Request { until } = &mut self.awaiting {
                *until = Instant::now() + self.limits.idle;
            }
            return taken;
        }
        let since = *self.stalled_since.get_or_insert_with(Instant::now);
        self.writing.poll(since + self.limits.write, context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.come.is_empty() {
            let some = this.come.split_to(buffer.remaining().min(this.come.len()));
            buffer.put_slice(&some);
            this.phase.come(&some);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            this.phase.come(&buffer.filled()[before..]);
        }
        if this.phase.is_answering() || this.stalled_since.is_some() {
            return read;
        }
        let requests = this.phase.requests();
        if requests != this.requests {
            this.requests = requests;
            this.awaiting = Awaiting::Request { until: Instant::now() + this.limits.idle };
        }
        match this.awaiting {
            Awaiting::Request { until } | Awaiting::Head { until } if read.is_pending() => {
                this.reading.poll(until, context).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            Awaiting::Request { .. } if buffer.filled().len() > before => {
                this.awaiting = Awaiting::Head { until: Instant::now() + this.limits.head };
                read
            }
            _ => read,
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.poll_stalled(context, taken)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.poll_stalled(context, taken)
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

/// A timer that is set only when there is something to wait for.
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
