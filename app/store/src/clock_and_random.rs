//! The source of time and randomness. It is injected, so that tests control it.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// The clock and the random source of an installation. The server has real ones, the example business uses a seed, and
/// tests set theirs by hand.
pub trait ClockAndRandom: Send + Sync + 'static {
    /// The current time, truncated to milliseconds, which both databases store exactly.
    fn now(&self) -> DateTime<Utc>;

    /// 32 unpredictable bytes.
    fn bytes(&self) -> [u8; 32];

    /// A new id, ordered by time (UUID version 7, RFC 9562).
    fn id(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        let mut tail = [0; 10];
        tail.copy_from_slice(&self.bytes()[..10]);
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}
