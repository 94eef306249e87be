//! Where time and chance come from: passed in, so that rules and tests never reach for the machine's own.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// The clock and the dice of one installation. The server has the real ones, the example business replays a seed,
/// tests set theirs by hand.
pub trait Source: Send + Sync + 'static {
    /// The present instant, cut to milliseconds so that both databases give back what they were given.
    fn now(&self) -> DateTime<Utc>;

    /// Thirty-two unpredictable bytes.
    fn bytes(&self) -> [u8; 32];

    /// A new identifier, ordered by time (UUID version 7, RFC 9562).
    fn id(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        let mut tail = [0; 10];
        tail.copy_from_slice(&self.bytes()[..10]);
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}
