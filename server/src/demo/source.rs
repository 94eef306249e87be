//! A clock that is set by the generator, and randomness from a fixed seed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Days, Utc};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use store::ClockAndRandom;

pub struct DemoSource {
    millis: AtomicI64,
    rng: Mutex<SmallRng>,
}

const SEED: u64 = 1868;

impl DemoSource {
    /// Starts one day before the history that ends at `now`.
    pub fn starting_before(now: DateTime<Utc>) -> Self {
        let start = now - Days::new(super::DAYS + 1);
        Self { millis: AtomicI64::new(start.timestamp_millis()), rng: Mutex::new(SmallRng::seed_from_u64(SEED)) }
    }

    pub fn set_time(&self, at: DateTime<Utc>) {
        self.millis.store(at.timestamp_millis(), Ordering::Relaxed);
    }
}

impl ClockAndRandom for DemoSource {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::Relaxed)).unwrap_or_default()
    }

    fn bytes(&self) -> [u8; 32] {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}
