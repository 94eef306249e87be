//! What passes through a connection: a request's body, which must arrive in time and finds only so much memory, and an
//! answer's, which says when it ends.

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

use super::Limits;
use super::guests::{Guest, Taken};
use super::socket::{Answering, Phase};

/// A body of this length, in bytes, is short: few forms are longer.
const SHORT: usize = 16 * 1024;

/// So many bytes are worth handing on.
const WORTH: usize = 8 * 1024;

/// What is known of a body, in the hands of whoever answers the request: with it goes the memory that the body took.
#[derive(Clone, Default)]
pub struct Reading(Arc<Facts>);

#[derive(Default)]
struct Facts {
    late: AtomicBool,
    taken: Mutex<Option<Taken>>,
}

impl Reading {
    /// Whether the body was given up because it came too slowly.
    pub fn is_late(&self) -> bool {
        self.0.late.load(Ordering::Relaxed)
    }
}

/// Bounds the time the body of a request may take, and the memory. Most requests have none and pass as they are.
pub fn bounded(
    request: hyper::Request<Incoming>,
    limits: &Limits,
    guest: &Arc<Guest>,
    phase: &Phase,
) -> (Request, Reading) {
    let reading = Reading::default();
    let longest = (limits.body_size)(request.uri().path()) as u64;
    let request = request.map(|body| {
        if hyper::body::Body::is_end_stream(&body) {
            return Body::empty();
        }
        let length = hyper::body::Body::size_hint(&body).upper().map_or(longest, |length| length.min(longest));
        let asking: Option<Asking> =
            (length > SHORT as u64).then(|| Box::pin(Arc::clone(guest).room(length)) as Asking);
        Body::new(BoundedBody {
            body,
            timer: Box::pin(sleep(limits.body)),
            ended: false,
            reading: reading.clone(),
            phase: phase.clone(),
            asking,
            gathered: Vec::new(),
        })
    });
    (request, reading)
}

/// Reads a short body before anyone is asked to answer: whoever dribbles it makes nobody wait with much in hand.
pub async fn read_ahead(request: Request) -> Result<Request, axum::Error> {
    let length = hyper::body::Body::size_hint(request.body()).upper();
    if length.is_none_or(|length| length > SHORT as u64) {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    Ok(Request::from_parts(head, to_bytes(body, SHORT).await?.into()))
}

type Asking = Pin<Box<dyn Future<Output = Option<Taken>> + Send>>;

struct BoundedBody {
    body: Incoming,
    timer: Pin<Box<Sleep>>,
    ended: bool,
    reading: Reading,
    phase: Phase,
    /// Until there is memory for all of it: one that has begun to come waits for no other.
    asking: Option<Asking>,
    gathered: Vec<u8>,
}

impl BoundedBody {
    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(asking) = &mut self.asking {
            let taken = ready!(asking.as_mut().poll(context));
            *self.reading.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = taken;
            self.asking = None;
        }
        Poll::Ready(())
    }

    /// Gathers what comes until it is worth handing on: each piece of what was read keeps all that was read with it in
    /// memory, and a client may send its bytes one by one.
    fn poll_gathered(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, hyper::Error>>> {
        ready!(self.poll_room(context));
        while !self.ended && self.gathered.len() < WORTH {
            match ready!(hyper::body::Body::poll_frame(Pin::new(&mut self.body), context)) {
                Some(Ok(frame)) => self.gathered.extend_from_slice(frame.data_ref().map_or(&[], Bytes::as_ref)),
                Some(Err(cause)) => return Poll::Ready(Some(Err(cause))),
                None => self.ended = true,
            }
        }
        let gathered = take(&mut self.gathered);
        Poll::Ready((!gathered.is_empty()).then(|| Ok(gathered.into())))
    }
}

impl hyper::body::Body for BoundedBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(gathered) = self.poll_gathered(context) {
            return Poll::Ready(gathered.map(|gathered| gathered.map(Frame::data).map_err(Into::into)));
        }
        ready!(self.timer.as_mut().poll(context));
        self.reading.0.late.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.gathered.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, gathered) = (self.body.size_hint(), self.gathered.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + gathered);
        }
        hint.set_lower(hint.lower() + gathered);
        hint
    }
}

impl Drop for BoundedBody {
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
