//! The real clock and the real dice: the only file that may touch them.

use chrono::{DateTime, SubsecRound, Utc};
use store::Source;

/// The machine's own time and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl Source for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }

    #[expect(clippy::disallowed_methods, reason = "these are the one pair of dice")]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Err(cause) = getrandom::fill(&mut bytes) {
            // Without randomness there are no secrets, and nothing may go on as if there were.
            panic!("the operating system gives no random bytes: {cause}");
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_cut_to_milliseconds() {
        assert_eq!(Machine.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }

    #[test]
    fn the_dice_never_fall_the_same_way_twice() {
        assert_ne!(Machine.bytes(), Machine.bytes());
        assert_ne!(Machine.id(), Machine.id());
    }
}
