//! The PIN with which people say who they are at a shared device.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::fault::Fault;
use crate::text::tidy;

/// Six digits: never shown, never stored as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// How many wrong PINs in a row lock a name on a device, and for how long.
pub const TRIES: i64 = 5;
pub const LOCKED: TimeDelta = TimeDelta::minutes(10);

/// What was tried of late for one name on one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Since the last right one, or since the lock ended.
    pub wrong: i64,
    pub locked_until: Option<DateTime<Utc>>,
}

/// This name takes no PIN on this device for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("five wrong PINs: this name is locked on this device until {until}")]
pub struct Locked {
    pub until: DateTime<Utc>,
}

impl Pin {
    pub const LENGTH: usize = 6;

    /// # Errors
    /// Missing, not six digits, or one that would be guessed: one digit over and over, or digits in a row.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text);
        let digits = text.as_bytes();
        if digits.is_empty() {
            return Err(Fault::Missing);
        }
        if digits.len() != Self::LENGTH || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Fault::Malformed);
        }
        let step = |by: i16| digits.windows(2).all(|two| i16::from(two[1]) - i16::from(two[0]) == by);
        let pairs =
            digits.chunks(2).all(|two| two == &digits[..2]) || digits.chunks(3).all(|part| part == &digits[..3]);
        if step(0) || step(1) || step(-1) || pairs {
            return Err(Fault::GuessablePin);
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

impl Tries {
    /// Counts a try before it is known whether it is right, so that many at the same time are no more than [`TRIES`].
    ///
    /// # Errors
    /// The name is locked.
    pub fn count(self, now: DateTime<Utc>) -> Result<Self, Locked> {
        let wrong = match self.locked_until {
            Some(until) if now < until => return Err(Locked { until }),
            Some(_) => 1,
            None => self.wrong + 1,
        };
        Ok(Self { wrong, locked_until: (wrong >= TRIES).then_some(now + LOCKED) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pin_is_six_digits_that_are_not_guessed() {
        for fine in [" 274915 ", "135689", "112233"] {
            assert_eq!(Pin::parse(fine).unwrap().as_str(), fine.trim());
        }
        assert_eq!(Pin::parse(" "), Err(Fault::Missing));
        for wrong in ["12345", "1234567", "12345a", "٣٤٥٦٧٨", "-12345"] {
            assert_eq!(Pin::parse(wrong), Err(Fault::Malformed), "{wrong}");
        }
        for guessed in ["000000", "123456", "987654", "121212", "345345"] {
            assert_eq!(Pin::parse(guessed), Err(Fault::GuessablePin), "{guessed}");
        }
        assert_eq!(format!("{:?}", Pin::parse("274915").unwrap()), "Pin(…)");
    }

    #[test]
    fn the_fifth_wrong_pin_locks_the_name_for_ten_minutes() {
        let now = DateTime::UNIX_EPOCH;
        let mut tries = Tries::default();
        for _ in 0..5 {
            tries = tries.count(now).unwrap();
        }
        let until = now + TimeDelta::minutes(10);
        assert_eq!(tries.count(until - TimeDelta::milliseconds(1)), Err(Locked { until }));
        assert_eq!(tries.count(until), Ok(Tries { wrong: 1, locked_until: None }));
    }

    proptest! {
        #[test]
        fn whatever_the_pace_no_ten_minutes_take_more_than_five_wrong_ones_in_a_row(
            pauses in prop::collection::vec(0_i64..400, 1..200),
        ) {
            let (mut tries, mut now, mut taken) = (Tries::default(), DateTime::UNIX_EPOCH, Vec::new());
            for pause in pauses {
                now += TimeDelta::seconds(pause);
                if let Ok(counted) = tries.count(now) {
                    tries = counted;
                    taken.push(now);
                }
            }
            // After five there is a pause of ten minutes, so six of them never fit.
            for six in taken.windows(6) {
                prop_assert!(six[5] - six[0] >= LOCKED, "{:?}", six);
            }
        }
    }
}
