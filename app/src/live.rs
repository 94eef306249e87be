//! Open pages change within a second of what they show: a stream says that something is new, and the page asks again.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use leptos::prelude::*;
use store::{Changes, Revision};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::state::State;
use crate::visit::{Inside, Visit};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/live", Member(Act::Look), live)
}

/// Whether the streams go on: until the server is asked to stop.
pub struct Streams(watch::Sender<bool>);

impl Default for Streams {
    fn default() -> Self {
        Self(watch::Sender::new(true))
    }
}

impl Streams {
    /// Ends all of them: their readers come again, to whoever serves then.
    pub fn end(&self) {
        self.0.send_replace(false);
    }
}

/// After so long without news the reader is told that the line still stands, and asked for again who they are.
const QUIET: Duration = Duration::from_secs(15);

/// What one reader's stream knows.
struct Reader {
    state: State,
    changes: Changes,
    open: watch::Receiver<bool>,
    token: String,
    business: domain::ids::BusinessId,
    told: Option<Revision>,
}

async fn live(inside: Inside) -> Result<Response, Error> {
    let (state, business) = (inside.visit.state.clone(), inside.actor().business);
    let changes = state.store.changes(business);
    let open = state.streams.0.subscribe();
    let reader = Reader { state, changes, open, token: inside.token, business, told: None };
    Ok(Sse::new(news(reader)).into_response())
}

/// First how things stand, so that a page which was cut off knows whether it missed something; then each change.
fn news(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> {
    let news = unfold(reader, |mut reader| async move {
        if reader.told.is_some() {
            tokio::select! {
                _ = reader.open.wait_for(|open| !open) => return None,
                _ = timeout(QUIET, reader.changes.next()) => {}
            }
        }
        // Whoever is let in no longer hears no more.
        reader.state.store.visitor(&reader.token).await.ok().flatten()?;
        let now = reader.state.store.revision(reader.business).await.ok()?;
        let event = if reader.told == Some(now) {
            Event::default().comment("")
        } else {
            Event::default().event("changed").data(now.to_string())
        };
        reader.told = Some(now);
        Some((Ok(event), reader))
    });
    // Connections may ask once more after the end.
    news.fuse()
}

/// What makes the parts of a page live that are marked so, as of this revision.
pub(crate) async fn script(visit: &Visit, business: domain::ids::BusinessId) -> Result<impl IntoView + use<>, Error> {
    let revision = visit.state.store.revision(business).await?.to_string();
    let (nonce, source) = (visit.nonce.clone(), visit.state.assets.live);
    Ok(view! { <script type="module" nonce=nonce src=source data-revision=revision></script> })
}
