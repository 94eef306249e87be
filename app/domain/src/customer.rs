//! The customer of a break: how long their data is kept, and what is erased with it.

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, parse_integer};

/// The free text of the check, or of the correction, that found the break. It is erased with the customer's data, like
/// the private texts of the steps ([`StepKind::is_private`](crate::recovery::StepKind::is_private)). Public texts stay:
/// they were written for everyone, without names, and the record commits to them. So does everything that is not free
/// text: counts, clocks and outcomes do not change.
pub const NOTE_FIELD: &str = "note";

/// The hash of the picture that came with the check. It is erased too.
pub const PHOTO_FIELD: &str = "photo";

/// The fields of a step that are about staff and not about the customer. They are left out when customers get their
/// data.
pub const STAFF_FIELDS: [&str; 4] = ["owner", "heard", "thanked", "supported"];

/// How many months a customer's data is kept after their last recovery was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Retention(u8);

impl Retention {
    /// The shortest retention, in months.
    pub const MIN: i64 = 1;
    /// The longest retention, in months.
    pub const MAX: i64 = 120;

    /// Parses a number of months.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::NotANumber`], or [`Fault::OutOfRange`] if it is not from [`Retention::MIN`] to
    /// [`Retention::MAX`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::try_from(parse_integer(text, Self::MIN, Self::MAX)?)
    }

    /// The retention in months.
    #[must_use]
    pub fn months(self) -> i64 {
        self.0.into()
    }

    /// Customers whose last recovery was closed before this time are erased at `now`.
    #[must_use]
    pub fn cutoff(self, now: DateTime<Utc>) -> DateTime<Utc> {
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
    fn retention_is_one_to_120_months() {
        assert_eq!(Retention::parse(" 12 "), Ok(Retention::default()));
        assert_eq!(Retention::parse(""), Err(Fault::Missing));
        assert_eq!(Retention::parse("a year"), Err(Fault::NotANumber));
        for wrong in ["0", "-1", "121", "256", "268"] {
            assert_eq!(Retention::parse(wrong), Err(Fault::OutOfRange { min: 1, max: 120 }), "{wrong}");
        }
    }

    #[test]
    fn retention_counts_calendar_months() {
        let until = |months: &str, now: &str| Retention::parse(months).unwrap().cutoff(now.parse().unwrap());
        assert_eq!(until("1", "2026-03-31T12:00:00Z").to_rfc3339(), "2026-02-28T12:00:00+00:00");
        assert_eq!(until("120", "2026-11-02T12:00:00Z").to_rfc3339(), "2016-11-02T12:00:00+00:00");
    }

    proptest! {
        #[test]
        fn retention_round_trips_and_its_cutoff_is_in_the_past(months: i64, seconds in 0..4_000_000_000_i64) {
            if let Ok(retention) = Retention::try_from(months) {
                let now = DateTime::from_timestamp(seconds, 0).unwrap();
                prop_assert!(retention.cutoff(now) < now);
                prop_assert_eq!(Retention::parse(&months.to_string()), Ok(retention));
            }
        }
    }
}
