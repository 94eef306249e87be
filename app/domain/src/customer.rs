//! The customer who was failed: for how long they are remembered, and what is forgotten with them.

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, whole};

/// The free texts that go when a customer is forgotten: what they said, what was said to them, and what was written
/// inside while it was known who they are. Each by the step it was said in, and its field.
///
/// What is public stays: it was written for everyone to read, without names, and the record commits to it. What is no
/// free text stays as well, so that counts, clocks and outcomes are what they were.
pub const FORGOTTEN: [(&str, &str); 8] = [
    ("acknowledged", "apology"),
    ("understood", "words"),
    ("understood", "cause"),
    ("understood", "remedy_sought"),
    ("updated", "told"),
    ("remedied", "gesture"),
    ("answered", "words"),
    ("reopened", "why"),
];

/// The text that goes with the check, or with its correction, that found the break.
pub const FORGOTTEN_NOTE: &str = "note";

/// The picture that came with the check, by its hash.
pub const FORGOTTEN_PHOTO: &str = "photo";

/// What in a step is about those who took it and not about the customer: it is not handed over with the rest.
pub const NOT_THEIRS: [&str; 4] = ["owner", "heard", "thanked", "supported"];

/// For how many months after the last of their recoveries was closed a customer is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Retention(u8);

impl Retention {
    pub const MIN: i64 = 1;
    pub const MAX: i64 = 120;

    /// # Errors
    /// Missing, not a number, or not from [`Retention::MIN`] to [`Retention::MAX`] months.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::try_from(whole(text, Self::MIN, Self::MAX)?)
    }

    #[must_use]
    pub fn months(self) -> i64 {
        self.0.into()
    }

    /// Whoever was last heard of by then is forgotten now.
    #[must_use]
    pub fn until(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_months(Months::new(self.0.into())).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self(12)
    }
}

impl TryFrom<i64> for Retention {
    type Error = Fault;
    fn try_from(months: i64) -> Result<Self, Fault> {
        let outside = Fault::OutOfRange { min: Self::MIN, max: Self::MAX };
        u8::try_from(months).ok().filter(|_| (Self::MIN..=Self::MAX).contains(&months)).map(Self).ok_or(outside)
    }
}

impl From<Retention> for i64 {
    fn from(retention: Retention) -> Self {
        retention.months()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_customer_is_remembered_for_one_to_a_hundred_and_twenty_months() {
        assert_eq!(Retention::parse(" 12 "), Ok(Retention::default()));
        assert_eq!(Retention::parse(""), Err(Fault::Missing));
        assert_eq!(Retention::parse("a year"), Err(Fault::NotANumber));
        for wrong in ["0", "-1", "121", "256", "268"] {
            assert_eq!(Retention::parse(wrong), Err(Fault::OutOfRange { min: 1, max: 120 }), "{wrong}");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let until = |months: &str, now: &str| Retention::parse(months).unwrap().until(now.parse().unwrap());
        assert_eq!(until("1", "2026-03-31T12:00:00Z").to_rfc3339(), "2026-02-28T12:00:00+00:00");
        assert_eq!(until("120", "2026-11-02T12:00:00Z").to_rfc3339(), "2016-11-02T12:00:00+00:00");
    }

    proptest! {
        #[test]
        fn what_is_accepted_lies_in_the_past_and_reads_the_same(months: i64, seconds in 0..4_000_000_000_i64) {
            if let Ok(retention) = Retention::try_from(months) {
                let now = DateTime::from_timestamp(seconds, 0).unwrap();
                prop_assert!(retention.until(now) < now);
                prop_assert_eq!(Retention::parse(&months.to_string()), Ok(retention));
            }
        }
    }
}
