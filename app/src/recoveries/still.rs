//! Time on the server stands still: a page is drawn once.

#[derive(Clone, Copy)]
pub struct Clock {
    started_at: i64,
}

impl Clock {
    #[must_use]
    pub fn start(now: i64) -> Self {
        Self { started_at: now }
    }

    #[must_use]
    pub fn now(self) -> i64 {
        self.started_at
    }
}

pub fn each_second(_: impl FnMut() + 'static) {}

pub async fn pause(_: u32) {}
