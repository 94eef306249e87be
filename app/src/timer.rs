//! Time in the browser.

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;
use leptos::web_sys::js_sys::Date;

/// Local storage: the server's time as last seen, and the phone's time at that moment.
const SERVER_TIME_KEY: &str = "heard";

/// The server's time, continued by the browser's clock. A difference between the two clocks does not matter. A page that
/// was stored for offline use is older than its own time says, so the server's time as last seen counts if it is later.
#[derive(Clone, Copy)]
pub struct ServerClock {
    started_at: i64,
    began: f64,
}

impl ServerClock {
    /// Starts at the given server time, in milliseconds.
    #[must_use]
    pub fn start(now: i64) -> Self {
        Self { started_at: now, began: Date::now() }
    }

    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
    pub fn now(self) -> i64 {
        let by_page = self.started_at + (Date::now() - self.began).max(0.0) as i64;
        by_page.max(server_time_now().map_or(0, |now| now as i64))
    }
}

/// The server's time as last seen, and the phone's time at that moment (RFC 3339). Both are empty if the server was
/// never reached.
pub fn server_time_reading() -> [String; 2] {
    let storage = window().local_storage().ok().flatten();
    let reading = storage.and_then(|storage| storage.get_item(SERVER_TIME_KEY).ok()?);
    let (server, device) = reading.as_deref().and_then(|reading| reading.split_once(' ')).unwrap_or_default();
    [server, device].map(str::to_owned)
}

/// Stores such a reading.
pub fn store_server_time(server: &str, device: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(SERVER_TIME_KEY, &format!("{server} {device}"));
    }
}

/// The server's time now, in milliseconds, from the last reading.
fn server_time_now() -> Option<f64> {
    let [server, device] = server_time_reading().map(|time| Date::parse(&time));
    let now = server + (Date::now() - device).max(0.0);
    now.is_finite().then_some(now)
}

/// Runs a function every second for as long as the page is open.
pub fn each_second(then: impl FnMut() + 'static) {
    Interval::new(1000, then).forget();
}

pub async fn pause(milliseconds: u32) {
    TimeoutFuture::new(milliseconds).await;
}
