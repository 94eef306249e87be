//! How often something may be tried: so many times at once, then once more each time a span has passed.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

/// A bucket of tries: how many it holds, and how soon one that was taken is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// At least one.
    pub at_once: u32,
    pub every: TimeDelta,
}

/// What is left in a bucket, told by when it will be full again. A full one need not be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    full_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this was tried too often; in {} seconds it may be tried again", self.seconds())]
pub struct TooOften {
    pub wait: TimeDelta,
}

impl Pace {
    #[must_use]
    pub const fn of(at_once: u32, every: TimeDelta) -> Self {
        Self { at_once, every }
    }

    /// Takes one try out of a bucket.
    ///
    /// # Errors
    /// There is none in it, and when there will be.
    pub fn take(self, bucket: Bucket, now: DateTime<Utc>) -> Result<Bucket, TooOften> {
        let empty = now + self.lasts();
        // A clock that was put back makes nobody wait longer than for an empty bucket.
        let full_at = bucket.full_at.clamp(now, empty) + self.every;
        if full_at > empty { Err(TooOften { wait: full_at - empty }) } else { Ok(Bucket { full_at }) }
    }

    /// How long an empty bucket takes to fill.
    fn lasts(self) -> TimeDelta {
        self.every * i32::try_from(self.at_once).unwrap_or(i32::MAX)
    }
}

impl Bucket {
    #[must_use]
    pub const fn full(now: DateTime<Utc>) -> Self {
        Self { full_at: now }
    }

    #[must_use]
    pub fn is_full(self, now: DateTime<Utc>) -> bool {
        self.full_at <= now
    }
}

impl TooOften {
    /// The wait in whole seconds, rounded up.
    #[must_use]
    pub fn seconds(self) -> u64 {
        u64::try_from(self.wait.num_milliseconds()).unwrap_or_default().div_ceil(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MILLISECOND: TimeDelta = TimeDelta::milliseconds(1);

    fn pace() -> impl Strategy<Value = Pace> {
        (1..50_u32, 1..100_000_i64).prop_map(|(at_once, every)| Pace::of(at_once, TimeDelta::milliseconds(every)))
    }

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    /// What is left after so many tries at one instant.
    fn after(pace: Pace, tries: u32, now: DateTime<Utc>) -> Bucket {
        (0..tries).fold(Bucket::full(now), |bucket, _| pace.take(bucket, now).unwrap())
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        for (millis, seconds) in [(1, 1), (999, 1), (1000, 1), (1001, 2), (30_000, 30)] {
            assert_eq!(TooOften { wait: TimeDelta::milliseconds(millis) }.seconds(), seconds);
        }
    }

    proptest! {
        #[test]
        fn a_full_bucket_gives_what_it_holds_and_no_more(pace in pace(), now in 0..1_000_000_i64) {
            let now = at(now);
            prop_assert_eq!(pace.take(after(pace, pace.at_once, now), now), Err(TooOften { wait: pace.every }));
        }

        /// Whenever people try: in any span, what it holds and what came back in that span.
        #[test]
        fn nobody_gets_more_than_the_pace_allows(
            pace in pace(),
            pauses in prop::collection::vec(prop_oneof![Just(0_i64), 0..20_000_i64], 1..200),
        ) {
            let (mut now, mut bucket, mut taken) = (at(0), Bucket::full(at(0)), Vec::new());
            for pause in pauses {
                now += TimeDelta::milliseconds(pause);
                if let Ok(left) = pace.take(bucket, now) {
                    bucket = left;
                    taken.push(now);
                }
            }
            for (first, since) in taken.iter().enumerate() {
                for (last, until) in taken.iter().enumerate().skip(first) {
                    let span = (*until - *since).num_milliseconds() / pace.every.num_milliseconds();
                    let most = i64::from(pace.at_once) + span;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most, "{first} to {last} in {span}");
                }
            }
        }

        #[test]
        fn whoever_waits_as_told_is_let_in_and_not_a_moment_sooner(pace in pace(), now in 0..1_000_000_i64) {
            let now = at(now);
            let empty = after(pace, pace.at_once, now);
            let wait = pace.take(empty, now).unwrap_err().wait;
            prop_assert_eq!(pace.take(empty, now + wait - MILLISECOND), Err(TooOften { wait: MILLISECOND }));
            prop_assert!(pace.take(empty, now + wait).is_ok());
        }

        #[test]
        fn a_bucket_is_full_again_when_all_has_come_back(pace in pace(), tries in 1..50_u32, now in 0..1_000_000_i64) {
            let (now, tries) = (at(now), tries.min(pace.at_once));
            let (bucket, back) = (after(pace, tries, now), pace.every * i32::try_from(tries).unwrap());
            prop_assert!(!bucket.is_full(now + back - MILLISECOND));
            prop_assert!(bucket.is_full(now + back));
        }

        #[test]
        fn a_clock_put_back_locks_nobody_out(pace in pace(), tries in 1..50_u32, back in 0..10_000_000_i64) {
            let now = at(10_000_000);
            let earlier = now - TimeDelta::milliseconds(back);
            match pace.take(after(pace, tries.min(pace.at_once), now), earlier) {
                Ok(left) => prop_assert!(!left.is_full(earlier)),
                Err(TooOften { wait }) => prop_assert!(wait <= pace.every),
            }
        }
    }
}
