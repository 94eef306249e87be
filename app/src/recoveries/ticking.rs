//! Time in the browser.

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use leptos::web_sys::js_sys::Date;

/// The server's clock, carried on by the browser's: what the two disagree about does not matter.
#[derive(Clone, Copy)]
pub struct Clock {
    started_at: i64,
    began: f64,
}

impl Clock {
    /// A clock that shows so many milliseconds now.
    #[must_use]
    pub fn start(now: i64) -> Self {
        Self { started_at: now, began: Date::now() }
    }

    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
    pub fn now(self) -> i64 {
        self.started_at + (Date::now() - self.began).max(0.0) as i64
    }
}

/// Does something every second for as long as the page is open.
pub fn each_second(then: impl FnMut() + 'static) {
    Interval::new(1000, then).forget();
}

pub async fn pause(milliseconds: u32) {
    TimeoutFuture::new(milliseconds).await;
}
