//! The system's clock and random bytes. Only this file may use them.

use chrono::{DateTime, SubsecRound, Utc};
use store::ClockAndRandom;

/// The time and the randomness of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemSource;

impl ClockAndRandom for SystemSource {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one source of randomness")]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Err(cause) = getrandom::fill(&mut bytes) {
            // Without randomness there are no secrets, so nothing may continue.
            panic!("the operating system gives no random bytes: {cause}");
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_truncated_to_milliseconds() {
        assert_eq!(SystemSource.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }

    #[test]
    fn random_bytes_and_ids_do_not_repeat() {
        assert_ne!(SystemSource.bytes(), SystemSource.bytes());
        assert_ne!(SystemSource.id(), SystemSource.id());
    }
}
