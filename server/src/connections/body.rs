//! What passes through a connection: a request's body, which must arrive in time, and an answer's, which says when it ends.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::socket::{Answering, Phase};

/// Whether a body was given up because it came too slowly.
#[derive(Clone, Default)]
pub struct Late(Arc<AtomicBool>);

impl Late {
    pub fn is_late(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Bounds the time the body of a request may take. Most requests have none and pass as they are.
pub fn timed(request: hyper::Request<Incoming>, patience: Duration, phase: &Phase) -> (Request, Late) {
    let late = Late::default();
    let request = request.map(|body| {
        if hyper::body::Body::is_end_stream(&body) {
            return Body::empty();
        }
        let (late, phase) = (late.clone(), phase.clone());
        Body::new(TimedBody { body, timer: Box::pin(sleep(patience)), ended: false, late, phase })
    });
    (request, late)
}

struct TimedBody {
    body: Incoming,
    timer: Pin<Box<Sleep>>,
    ended: bool,
    late: Late,
    phase: Phase,
}

impl hyper::body::Body for TimedBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.ended = frame.is_none();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.timer.as_mut().poll(context));
        self.late.0.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for TimedBody {
    fn drop(&mut self) {
        if !self.ended && !hyper::body::Body::is_end_stream(&self.body) {
            self.phase.leave_unread();
        }
    }
}

/// The body of an answer. The request is being answered until it is gone.
pub struct Answer {
    body: Body,
    _answering: Answering,
}

impl Answer {
    pub fn new(body: Body, answering: Answering) -> Self {
        Self { body, _answering: answering }
    }
}

impl hyper::body::Body for Answer {
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
