//! What the phone asks of the server, and what it hears from it. Nothing is waited for without an end.

use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Headers, RequestInit, Response};

use super::now;
use crate::checks::api::NotStored;
use crate::recoveries::ticking::pause;

/// An answer that has not come after so long does not come, in milliseconds: what was asked is asked again.
const PATIENCE: u32 = 15_000;

/// A picture takes its time over a weak signal.
const PATIENCE_WITH_PICTURE: u32 = 60_000;

/// Where the phone remembers when it last heard the time from the server: what that said, and what its own clock showed
/// then.
const HEARD: &str = "heard";

/// Sends something, and reads what it comes to.
///
/// # Errors
/// It was refused, or nothing came back that says so.
pub async fn send<T: DeserializeOwned>(to: &str, what: &impl Serialize) -> Result<T, NotStored> {
    let body = serde_json::to_string(what).map_err(|_| NotStored::Unreachable)?;
    let text = post(to, &body.into(), "application/json", PATIENCE).await?;
    serde_json::from_str(&text).map_err(|_| NotStored::Unreachable)
}

/// Sends a picture ahead of its check. The hash to name it by.
pub async fn send_picture(guarantee: &str, picture: &[u8]) -> Result<String, NotStored> {
    let to = format!("/do/keep-photo?guarantee={guarantee}");
    let hash = post(&to, &Uint8Array::from(picture), "image/jpeg", PATIENCE_WITH_PICTURE).await?;
    // Somebody else may have answered: a network that asks to sign in to it first.
    if hash.len() == 64 { Ok(hash) } else { Err(NotStored::Unreachable) }
}

/// Hears what time it is from the server, where it can be reached.
pub async fn listen() {
    let how = RequestInit::new();
    how.set_method("HEAD");
    let _ = answer("/healthz", &how, PATIENCE).await;
}

/// The server's time as it was last heard, and what the phone's clock showed then; two empty texts where it never was.
pub fn heard() -> [String; 2] {
    let heard = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(HEARD).ok()?);
    let (server, device) = heard.as_deref().and_then(|heard| heard.split_once(' ')).unwrap_or_default();
    [server, device].map(str::to_owned)
}

async fn post(to: &str, body: &JsValue, kind: &str, patience: u32) -> Result<String, NotStored> {
    let how = RequestInit::new();
    how.set_method("POST");
    how.set_body(body);
    if let Ok(headers) = Headers::new() {
        let _ = headers.set("content-type", kind);
        how.set_headers(&headers);
    }
    let (taken, text) = answer(to, &how, patience).await.ok_or(NotStored::Unreachable)?;
    if taken { Ok(text) } else { Err(serde_json::from_str(&text).unwrap_or(NotStored::Unreachable)) }
}

/// What comes back in time: whether it was taken, and the whole of it.
async fn answer(to: &str, how: &RequestInit, patience: u32) -> Option<(bool, String)> {
    if let Ok(end) = AbortController::new() {
        how.set_signal(Some(&end.signal()));
        spawn_local(async move {
            pause(patience).await;
            end.abort();
        });
    }
    let answer = JsFuture::from(window().fetch_with_str_and_init(to, how)).await.ok()?;
    let answer: Response = answer.unchecked_into();
    hear(&answer);
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer.ok(), text))
}

/// Remembers what time it is by an answer that is just coming in, if it is ours: a network's own sign-in page has a clock of its
/// own.
fn hear(answer: &Response) {
    if !answer.headers().has("trialmark").unwrap_or(false) {
        return;
    }
    let said = answer.headers().get("date").ok().flatten();
    let server = said.map(|said| Date::parse(&said)).filter(|server| server.is_finite());
    if let (Some(server), Ok(Some(storage))) = (server, window().local_storage()) {
        let instant = |at: f64| String::from(Date::new(&at.into()).to_iso_string());
        let _ = storage.set_item(HEARD, &format!("{} {}", instant(server), instant(now())));
    }
}
