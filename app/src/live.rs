//! Open pages change within a second of what they show: a stream says that something is new, and the page asks again.

mod streams;

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use http::{HeaderName, HeaderValue};
use leptos::prelude::*;
use store::{Changes, Revision};
use tokio::time::timeout;

pub use streams::Streams;

use crate::client::Client;
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::Error;
use crate::state::State;
use crate::visit::{Inside, Visit};
use streams::{Held, Holder};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/live", MemberOrTurn(Act::Look), live)
}

/// Beside an answer that is a stream: it goes on for hours, and its connection is counted apart from those of pages.
#[derive(Clone, Copy, Debug)]
pub struct EventStream;

/// After so long without news the reader is told that the line still stands, and asked for again who they are.
const QUIET: Duration = Duration::from_secs(15);

/// A browser whose stream was cut comes again after so long.
const SOON: Duration = Duration::from_secs(3);

/// A browser whose stream has made way for a newer one comes again after so long: otherwise they would take turns.
const LATER: Duration = Duration::from_mins(1);

/// nginx would gather what comes, and pass nothing on.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// What one reader's stream knows.
struct Reader {
    state: State,
    changes: Changes,
    held: Held,
    token: String,
    business: domain::ids::BusinessId,
    told: Option<Revision>,
}

async fn live(inside: Inside) -> Result<Response, Error> {
    let (state, business) = (inside.visit.state.clone(), inside.actor().business);
    let changes = state.store.changes(business);
    let address = inside.visit.client.map(Client::network);
    let held = state.streams.hold(Holder { session: inside.visitor.session, person: inside.visitor.person, address });
    let reader = Reader { state, changes, held, token: inside.token, business, told: None };
    Ok(([UNBUFFERED], Extension(EventStream), Sse::new(news(reader))).into_response())
}

/// First how things stand, so that a page which was cut off knows whether it missed something; then each change.
fn news(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> {
    let news = unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        if reader.told.is_some() {
            tokio::select! {
                _ = reader.held.going_on.wait_for(|going_on| !going_on) => return None,
                _ = &mut reader.held.replaced => return Some((Ok(Event::default().retry(LATER)), None)),
                _ = timeout(QUIET, reader.changes.next()) => {}
            }
        }
        // Whoever is let in no longer hears no more.
        reader.state.store.recognize(&reader.token).await.ok().flatten()?;
        let now = reader.state.store.revision(reader.business).await.ok()?;
        let event = match reader.told.replace(now) {
            Some(told) if told == now => Event::default().comment(""),
            Some(_) => changed(now),
            None => changed(now).retry(SOON),
        };
        Some((Ok(event), Some(reader)))
    });
    // Connections may ask once more after the end.
    news.fuse()
}

fn changed(now: Revision) -> Event {
    Event::default().event("changed").data(now.to_string())
}

/// What makes the parts of a page live that are marked so, as of this revision.
pub(crate) async fn script(visit: &Visit, business: domain::ids::BusinessId) -> Result<impl IntoView + use<>, Error> {
    let revision = visit.state.store.revision(business).await?.to_string();
    let (nonce, source) = (visit.nonce.clone(), visit.state.assets.live);
    // A phone without a network may show this page in place of another.
    let page = visit.path.split('?').next().unwrap_or_default().to_owned();
    Ok(view! { <script type="module" nonce=nonce src=source data-revision=revision data-page=page></script> })
}
