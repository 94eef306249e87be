//! The PIN by which people identify themselves at a shared device.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::fault::Fault;
use crate::text::tidy;

/// A PIN of six digits. It is never shown, and never stored in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// This many wrong PINs in a row lock the name on that device for [`LOCK_DURATION`].
pub const MAX_ATTEMPTS: i64 = 5;
/// How long a name is locked on a device after [`MAX_ATTEMPTS`] wrong PINs.
pub const LOCK_DURATION: TimeDelta = TimeDelta::minutes(10);

/// The recent PIN attempts for one name on one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinAttempts {
    /// Wrong PINs since the last correct one, or since the last lock ended.
    pub wrong: i64,
    pub locked_until: Option<DateTime<Utc>>,
}

/// This name is locked on this device until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("five wrong PINs: this name is locked on this device until {until}")]
pub struct PinLocked {
    pub until: DateTime<Utc>,
}

impl Pin {
    /// How many digits a PIN has.
    pub const LENGTH: usize = 6;

    /// Parses a PIN.
    ///
    /// # Errors
    /// [`Fault::Missing`]; [`Fault::Malformed`] if it is not six digits; [`Fault::GuessablePin`] if the digits are all
    /// the same, count up or down, or repeat in twos or threes.
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

    /// The six digits.
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

impl PinAttempts {
    /// Counts an attempt before the PIN is compared, so parallel attempts cannot exceed [`MAX_ATTEMPTS`].
    ///
    /// # Errors
    /// [`PinLocked`] if the name is locked.
    pub fn count(self, now: DateTime<Utc>) -> Result<Self, PinLocked> {
        let wrong = match self.locked_until {
            Some(until) if now < until => return Err(PinLocked { until }),
            Some(_) => 1,
            None => self.wrong + 1,
        };
        Ok(Self { wrong, locked_until: (wrong >= MAX_ATTEMPTS).then_some(now + LOCK_DURATION) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pin_is_six_digits_that_are_not_guessable() {
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
    fn five_wrong_pins_lock_the_person_for_ten_minutes() {
        let now = DateTime::UNIX_EPOCH;
        let mut tries = PinAttempts::default();
        for _ in 0..5 {
            tries = tries.count(now).unwrap();
        }
        let until = now + TimeDelta::minutes(10);
        assert_eq!(tries.count(until - TimeDelta::milliseconds(1)), Err(PinLocked { until }));
        assert_eq!(tries.count(until), Ok(PinAttempts { wrong: 1, locked_until: None }));
    }

    proptest! {
        #[test]
        fn no_ten_minutes_allow_more_than_five_wrong_pins(
            pauses in prop::collection::vec(0_i64..400, 1..200),
        ) {
            let (mut tries, mut now, mut taken) = (PinAttempts::default(), DateTime::UNIX_EPOCH, Vec::new());
            for pause in pauses {
                now += TimeDelta::seconds(pause);
                if let Ok(counted) = tries.count(now) {
                    tries = counted;
                    taken.push(now);
                }
            }
            // After five wrong PINs there is a lock of ten minutes, so six attempts never fit within it.
            for six in taken.windows(6) {
                prop_assert!(six[5] - six[0] >= LOCK_DURATION, "{:?}", six);
            }
        }
    }
}
