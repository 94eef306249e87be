//! Rate limits by the token bucket algorithm: a burst of attempts at once, then one more after each interval.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

/// A rate limit: how many tokens the bucket holds, and how long one token takes to come back. Each attempt takes one
/// token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many attempts may be made at once: at least one.
    pub burst: u32,
    pub refill_every: TimeDelta,
}

/// The state of a bucket, stored as the time at which it will be full again. A full bucket need not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenBucket {
    full_at: DateTime<Utc>,
}

/// The attempt is refused; the next one is possible after `retry_after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this was tried too often; in {} seconds it may be tried again", self.retry_after_seconds())]
pub struct RateLimited {
    pub retry_after: TimeDelta,
}

impl RateLimit {
    /// A limit of `burst` attempts, with one more after each `refill_every`.
    #[must_use]
    pub const fn new(at_once: u32, every: TimeDelta) -> Self {
        Self { burst: at_once, refill_every: every }
    }

    /// Takes one token from a bucket and returns the new state.
    ///
    /// # Errors
    /// [`RateLimited`] if the bucket is empty.
    pub fn try_acquire(self, bucket: TokenBucket, now: DateTime<Utc>) -> Result<TokenBucket, RateLimited> {
        let empty = now + self.refill_time();
        // If the clock was set back, nobody waits longer than for an empty bucket.
        let full_at = bucket.full_at.clamp(now, empty) + self.refill_every;
        if full_at > empty { Err(RateLimited { retry_after: full_at - empty }) } else { Ok(TokenBucket { full_at }) }
    }

    /// How long an empty bucket takes to become full.
    fn refill_time(self) -> TimeDelta {
        self.refill_every * i32::try_from(self.burst).unwrap_or(i32::MAX)
    }
}

impl TokenBucket {
    /// A full bucket.
    #[must_use]
    pub const fn full(now: DateTime<Utc>) -> Self {
        Self { full_at: now }
    }

    /// Whether the bucket is full again.
    #[must_use]
    pub fn is_full(self, now: DateTime<Utc>) -> bool {
        self.full_at <= now
    }
}

impl RateLimited {
    /// The waiting time in whole seconds, rounded up, as for the `Retry-After` header.
    #[must_use]
    pub fn retry_after_seconds(self) -> u64 {
        u64::try_from(self.retry_after.num_milliseconds()).unwrap_or_default().div_ceil(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MILLISECOND: TimeDelta = TimeDelta::milliseconds(1);

    fn pace() -> impl Strategy<Value = RateLimit> {
        (1..50_u32, 1..100_000_i64).prop_map(|(at_once, every)| RateLimit::new(at_once, TimeDelta::milliseconds(every)))
    }

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    /// The bucket after so many attempts at one instant.
    fn after(pace: RateLimit, tries: u32, now: DateTime<Utc>) -> TokenBucket {
        (0..tries).fold(TokenBucket::full(now), |bucket, _| pace.try_acquire(bucket, now).unwrap())
    }

    #[test]
    fn retry_after_is_rounded_up_to_whole_seconds() {
        for (millis, seconds) in [(1, 1), (999, 1), (1000, 1), (1001, 2), (30_000, 30)] {
            assert_eq!(RateLimited { retry_after: TimeDelta::milliseconds(millis) }.retry_after_seconds(), seconds);
        }
    }

    proptest! {
        #[test]
        fn a_full_bucket_allows_exactly_its_burst(pace in pace(), now in 0..1_000_000_i64) {
            let now = at(now);
            prop_assert_eq!(pace.try_acquire(after(pace, pace.burst, now), now), Err(RateLimited { retry_after: pace.refill_every }));
        }

        /// Whenever people try: no span sees more attempts than the burst plus what came back in that span.
        #[test]
        fn no_interval_exceeds_the_rate_limit(
            pace in pace(),
            pauses in prop::collection::vec(prop_oneof![Just(0_i64), 0..20_000_i64], 1..200),
        ) {
            let (mut now, mut bucket, mut taken) = (at(0), TokenBucket::full(at(0)), Vec::new());
            for pause in pauses {
                now += TimeDelta::milliseconds(pause);
                if let Ok(left) = pace.try_acquire(bucket, now) {
                    bucket = left;
                    taken.push(now);
                }
            }
            for (first, since) in taken.iter().enumerate() {
                for (last, until) in taken.iter().enumerate().skip(first) {
                    let span = (*until - *since).num_milliseconds() / pace.refill_every.num_milliseconds();
                    let most = i64::from(pace.burst) + span;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most, "{first} to {last} in {span}");
                }
            }
        }

        #[test]
        fn an_attempt_succeeds_exactly_after_retry_after(pace in pace(), now in 0..1_000_000_i64) {
            let now = at(now);
            let empty = after(pace, pace.burst, now);
            let wait = pace.try_acquire(empty, now).unwrap_err().retry_after;
            prop_assert_eq!(pace.try_acquire(empty, now + wait - MILLISECOND), Err(RateLimited { retry_after: MILLISECOND }));
            prop_assert!(pace.try_acquire(empty, now + wait).is_ok());
        }

        #[test]
        fn a_bucket_is_full_after_refilling_every_token(pace in pace(), tries in 1..50_u32, now in 0..1_000_000_i64) {
            let (now, tries) = (at(now), tries.min(pace.burst));
            let (bucket, back) = (after(pace, tries, now), pace.refill_every * i32::try_from(tries).unwrap());
            prop_assert!(!bucket.is_full(now + back - MILLISECOND));
            prop_assert!(bucket.is_full(now + back));
        }

        #[test]
        fn a_clock_set_back_does_not_lock_anyone_out(pace in pace(), tries in 1..50_u32, back in 0..10_000_000_i64) {
            let now = at(10_000_000);
            let earlier = now - TimeDelta::milliseconds(back);
            match pace.try_acquire(after(pace, tries.min(pace.burst), now), earlier) {
                Ok(left) => prop_assert!(!left.is_full(earlier)),
                Err(RateLimited { retry_after }) => prop_assert!(retry_after <= pace.refill_every),
            }
        }
    }
}
