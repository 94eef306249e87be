//! A clock that is set by hand and dice that always fall the same.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Days, Utc};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use store::Source;

pub struct Replay {
    millis: AtomicI64,
    dice: Mutex<SmallRng>,
}

const SEED: u64 = 1868;

impl Replay {
    /// Beginning as many days before `now` as the history is long.
    pub fn from(now: DateTime<Utc>) -> Self {
        let start = now - Days::new(super::DAYS + 1);
        Self { millis: AtomicI64::new(start.timestamp_millis()), dice: Mutex::new(SmallRng::seed_from_u64(SEED)) }
    }

    pub fn set(&self, at: DateTime<Utc>) {
        self.millis.store(at.timestamp_millis(), Ordering::Relaxed);
    }
}

impl Source for Replay {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::Relaxed)).unwrap_or_default()
    }

    fn bytes(&self) -> [u8; 32] {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}
