//! Live updates: a stream tells open pages that something has changed, and they reload their parts.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::role::Permission;
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt};
use http::{HeaderName, HeaderValue};
use leptos::prelude::*;
use store::{ChangeCount, Changes};
use tokio::time::timeout;

use crate::addresses;
use crate::client_address::ClientAddress;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::event_streams::{StreamOwner, StreamSlot};
use crate::request_context::{RequestContext, SignedIn};
use crate::state::AppState;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::LIVE, MemberOrPinSession(Permission::ViewToday), live)
}

/// Marks a response that is an event stream. It lasts for hours, so its connection is counted separately.
#[derive(Clone, Copy, Debug)]
pub struct EventStream;

/// How often an idle stream sends a comment, and checks whether its session is still valid.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);

/// When a browser reconnects after its stream was cut.
const RECONNECT_DELAY: Duration = Duration::from_secs(3);

/// When a browser reconnects after a newer stream replaced its own. A short delay would make the two replace each
/// other in turns.
const REPLACED_RECONNECT_DELAY: Duration = Duration::from_mins(1);

/// Turns off nginx's buffering, which would hold events back.
const NO_BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// The state of one event stream.
struct StreamState {
    state: AppState,
    changes: Changes,
    slot: StreamSlot,
    token: String,
    business: domain::ids::BusinessId,
    last_sent: Option<ChangeCount>,
}

async fn live(signed_in: SignedIn) -> Result<Response, Error> {
    let (state, business) = (signed_in.context.state.clone(), signed_in.actor().business);
    let changes = state.store.changes(business);
    let address = signed_in.context.client.map(ClientAddress::network);
    let slot =
        state.streams.open(StreamOwner { session: signed_in.user.session, person: signed_in.user.person, address });
    let stream = StreamState { state, changes, slot, token: signed_in.token, business, last_sent: None };
    Ok(([NO_BUFFERING], Extension(EventStream), Sse::new(events(stream))).into_response())
}

/// Sends the current revision first, so that a page that reconnects knows whether it missed something; then every
/// change.
fn events(stream: StreamState) -> impl Stream<Item = Result<Event, Infallible>> {
    let events = unfold(Some(stream), |stream| async move {
        let mut stream = stream?;
        if stream.last_sent.is_some() {
            tokio::select! {
                _ = stream.slot.running.wait_for(|running| !running) => return None,
                _ = &mut stream.slot.replaced => return Some((Ok(Event::default().retry(REPLACED_RECONNECT_DELAY)), None)),
                _ = timeout(HEARTBEAT_INTERVAL, stream.changes.next()) => {}
            }
        }
        // Ends the stream when the session is no longer valid.
        stream.state.store.authenticate(&stream.token).await.ok().flatten()?;
        let now = stream.state.store.revision(stream.business).await.ok()?;
        let event = match stream.last_sent.replace(now) {
            Some(last_sent) if last_sent == now => Event::default().comment(""),
            Some(_) => changed_event(now),
            None => changed_event(now).retry(RECONNECT_DELAY),
        };
        Some((Ok(event), Some(stream)))
    });
    // The connection may poll the stream again after its end.
    events.fuse()
}

fn changed_event(now: ChangeCount) -> Event {
    Event::default().event("changed").data(now.to_string())
}

/// The script that updates the marked parts of a page. They show the state at this revision.
pub(crate) async fn live_script(
    context: &RequestContext,
    business: domain::ids::BusinessId,
) -> Result<impl IntoView + use<>, Error> {
    let revision = context.state.store.revision(business).await?.to_string();
    let (nonce, source) = (context.nonce.clone(), context.state.assets.live);
    // Offline, the service worker may answer with this page for another address.
    let page = context.path.split('?').next().unwrap_or_default().to_owned();
    Ok(view! { <script type="module" nonce=nonce src=source data-revision=revision data-page=page></script> })
}
