//! The bodies of requests, limited in time and memory, and the bodies of responses, which tell the connection when they
//! end.

use std::error::Error;
use std::io;
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::ConnectionLimits;
use super::admission::{AdmittedConnection, BodyMemory};
use super::socket::{ConnectionState, RequestGuard};

/// A body of at most this many bytes takes no reserved memory. Few forms are longer.
const SHORT_BODY: usize = 16 * 1024;

/// Received bytes are collected until there are this many.
const MIN_CHUNK: usize = 8 * 1024;

/// What the handler of a request knows of its body. The memory reserved for the body is freed with it.
#[derive(Clone, Default)]
pub struct BodyState(Arc<BodyStateInner>);

#[derive(Default)]
struct BodyStateInner {
    timed_out: AtomicBool,
    memory: Mutex<Option<BodyMemory>>,
}

impl BodyState {
    /// Whether reading the body was given up because it took too long.
    pub fn timed_out(&self) -> bool {
        self.0.timed_out.load(Ordering::Relaxed)
    }
}

/// Limits the time and the memory for the body of a request. Most requests have no body and pass unchanged.
pub fn limit_body(
    request: hyper::Request<Incoming>,
    limits: &ConnectionLimits,
    admitted: &Arc<AdmittedConnection>,
    connection: &ConnectionState,
) -> (Request, BodyState) {
    let state = BodyState::default();
    let longest = limits.body_limits.at(request.uri().path()) as u64;
    let request = request.map(|body| {
        if hyper::body::Body::is_end_stream(&body) {
            return Body::empty();
        }
        let length = hyper::body::Body::size_hint(&body).upper().map_or(longest, |length| length.min(longest));
        let pending_memory: Option<PendingMemory> = (length > SHORT_BODY as u64)
            .then(|| Box::pin(Arc::clone(admitted).reserve_memory(length)) as PendingMemory);
        Body::new(LimitedBody {
            body,
            timer: Box::pin(sleep(limits.body_timeout)),
            ended: false,
            state: state.clone(),
            connection: connection.clone(),
            pending_memory,
            buffer: Vec::new(),
        })
    });
    (request, state)
}

/// Reads a short body before the handler is called, so that a slow client does not keep what the handler holds.
pub async fn read_short_body(request: Request) -> Result<Request, axum::Error> {
    let length = hyper::body::Body::size_hint(request.body()).upper();
    if length.is_none_or(|length| length > SHORT_BODY as u64) {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    Ok(Request::from_parts(head, to_bytes(body, SHORT_BODY).await?.into()))
}

type PendingMemory = Pin<Box<dyn Future<Output = Option<BodyMemory>> + Send>>;

struct LimitedBody {
    body: Incoming,
    timer: Pin<Box<Sleep>>,
    ended: bool,
    state: BodyState,
    connection: ConnectionState,
    /// Set until memory for the whole body is reserved: reading starts only then, and never waits for another body.
    pending_memory: Option<PendingMemory>,
    buffer: Vec<u8>,
}

impl LimitedBody {
    fn poll_memory(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(pending_memory) = &mut self.pending_memory {
            let memory = ready!(pending_memory.as_mut().poll(context));
            *self.state.0.memory.lock().unwrap_or_else(PoisonError::into_inner) = memory;
            self.pending_memory = None;
        }
        Poll::Ready(())
    }

    /// Collects received bytes into one chunk. hyper's frames share their read buffer: a client that sends byte by byte would
    /// otherwise keep many buffers in memory.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, hyper::Error>>> {
        ready!(self.poll_memory(context));
        while !self.ended && self.buffer.len() < MIN_CHUNK {
            match ready!(hyper::body::Body::poll_frame(Pin::new(&mut self.body), context)) {
                Some(Ok(frame)) => self.buffer.extend_from_slice(frame.data_ref().map_or(&[], Bytes::as_ref)),
                Some(Err(cause)) => return Poll::Ready(Some(Err(cause))),
                None => self.ended = true,
            }
        }
        let buffer = take(&mut self.buffer);
        Poll::Ready((!buffer.is_empty()).then(|| Ok(buffer.into())))
    }
}

impl hyper::body::Body for LimitedBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(buffer) = self.poll_chunk(context) {
            return Poll::Ready(buffer.map(|buffer| buffer.map(Frame::data).map_err(Into::into)));
        }
        ready!(self.timer.as_mut().poll(context));
        self.state.0.timed_out.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.buffer.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, buffer) = (self.body.size_hint(), self.buffer.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + buffer);
        }
        hint.set_lower(hint.lower() + buffer);
        hint
    }
}

impl Drop for LimitedBody {
    fn drop(&mut self) {
        if !self.ended && !hyper::body::Body::is_end_stream(&self.body) {
            self.connection.mark_unread();
        }
    }
}

/// The body of a response. The request counts as running until this is dropped.
pub struct ResponseBody {
    body: Body,
    _guard: RequestGuard,
}

impl ResponseBody {
    pub fn new(body: Body, guard: RequestGuard) -> Self {
        Self { body, _guard: guard }
    }
}

impl hyper::body::Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
