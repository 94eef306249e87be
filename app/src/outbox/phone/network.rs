//! Requests from the phone to the server. Each has a timeout.

use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Date, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Headers, RequestInit, Response};

use super::{instant, now};
use crate::addresses;
use crate::outbox::protocol::NotStored;
use crate::timer::{pause, store_server_time};

const TIMEOUT_MS: u32 = 15_000;

/// Pictures take longer over a weak signal.
const PICTURE_TIMEOUT_MS: u32 = 60_000;

/// Sends JSON and parses the answer.
///
/// # Errors
/// It was refused, or there was no valid answer.
pub async fn send<T: DeserializeOwned>(to: &str, what: &impl Serialize) -> Result<T, NotStored> {
    let body = serde_json::to_string(what).map_err(|_| NotStored::Unreachable)?;
    let text = post(to, &body.into(), "application/json", TIMEOUT_MS).await?;
    serde_json::from_str(&text).map_err(|_| NotStored::Unreachable)
}

/// Sends a picture before its check, and returns the hash that the check refers to.
pub async fn send_picture(guarantee: &str, picture: &[u8]) -> Result<String, NotStored> {
    let to = addresses::phone_photo(guarantee);
    let hash = post(&to, &Uint8Array::from(picture), "image/jpeg", PICTURE_TIMEOUT_MS).await?;
    // A captive portal may have answered in place of the server.
    if hash.len() == 64 { Ok(hash) } else { Err(NotStored::Unreachable) }
}

/// Asks the server for its time.
pub async fn sync_clock() {
    let init = RequestInit::new();
    init.set_method("HEAD");
    let _ = fetch_with_timeout(addresses::HEALTH, &init, TIMEOUT_MS).await;
}

async fn post(to: &str, body: &JsValue, content_type: &str, timeout_ms: u32) -> Result<String, NotStored> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    if let Ok(headers) = Headers::new() {
        let _ = headers.set("content-type", content_type);
        init.set_headers(&headers);
    }
    let (is_ok, text) = fetch_with_timeout(to, &init, timeout_ms).await.ok_or(NotStored::Unreachable)?;
    if is_ok { Ok(text) } else { Err(serde_json::from_str(&text).unwrap_or(NotStored::Unreachable)) }
}

/// Whether the request was successful, and the body; `None` without an answer in time.
async fn fetch_with_timeout(to: &str, init: &RequestInit, timeout_ms: u32) -> Option<(bool, String)> {
    if let Ok(controller) = AbortController::new() {
        init.set_signal(Some(&controller.signal()));
        spawn_local(async move {
            pause(timeout_ms).await;
            controller.abort();
        });
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(to, init)).await.ok()?;
    let response: Response = response.unchecked_into();
    remember_server_time(&response);
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Some((response.ok(), text))
}

/// Stores the server's time from a response. Responses of a captive portal do not count.
fn remember_server_time(response: &Response) {
    if !response.headers().has("trialmark").unwrap_or(false) {
        return;
    }
    let date = response.headers().get("date").ok().flatten();
    let server = date.map(|date| Date::parse(&date)).filter(|server| server.is_finite());
    if let Some(server) = server {
        store_server_time(&instant(server), &instant(now()));
    }
}
