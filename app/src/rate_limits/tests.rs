//! Limits hold for every kind of client, also under concurrency.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn allowed_attempts(limits: &RateLimiter, limit: Limit, key: impl Hash + Copy, now: DateTime<Utc>) -> usize {
    (0..1000).take_while(|_| limits.take(limit, key, now).is_ok()).count()
}

#[test]
fn every_limit_has_its_configured_burst_and_refill_rate() {
    for limit in Limit::ALL {
        let (limits, rate) = (RateLimiter::default(), limit.rate());
        let at_once = usize::try_from(rate.burst).unwrap();
        assert_eq!(allowed_attempts(&limits, limit, "here", at(0)), at_once, "{limit:?}");
        assert_eq!(allowed_attempts(&limits, limit, "here", at(0) + rate.refill_every), 1, "{limit:?}");
        let wait = u64::try_from(rate.refill_every.num_seconds()).unwrap();
        let refused = limits.take(limit, "here", at(0) + rate.refill_every).unwrap_err();
        assert!(matches!(refused, Error::RateLimited { seconds } if seconds == wait), "{limit:?}: {refused:?}");
    }
}

#[test]
fn each_limit_and_key_has_its_own_bucket() {
    let limits = RateLimiter::default();
    assert_eq!(allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, "one", at(0)), 10);
    assert_eq!(allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, "another", at(0)), 10);
    assert_eq!(allowed_attempts(&limits, Limit::PasswordChanges, "one", at(0)), 10);
    limits.refill(Limit::SignInsByAddressAndAccount, "one");
    assert_eq!(allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, "one", at(0)), 10);
    assert_eq!(allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, "another", at(0)), 0);
}

#[test]
fn concurrent_requests_do_not_exceed_a_limit() {
    let (limits, allowed) = (RateLimiter::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let took = limits.take(Limit::SignInsByAddress, "here", at(0)).is_ok();
                    allowed.fetch_add(usize::from(took), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(allowed.into_inner(), 60);
}

#[test]
fn many_keys_use_bounded_memory_and_reset_no_bucket() {
    let limits = RateLimiter::default();
    assert_eq!(allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, u64::MAX, at(0)), 10);
    for key in 0..100_000_u64 {
        let _ = limits.take(Limit::SignInsByAddressAndAccount, key, at(0));
    }
    let buckets = limits.buckets[Limit::SignInsByAddressAndAccount as usize].lock().unwrap();
    assert!(
        buckets.0.len() <= MAX_BUCKETS && buckets.0.capacity() < 4 * MAX_BUCKETS,
        "{} of {}",
        buckets.0.len(),
        buckets.0.capacity()
    );
    drop(buckets);
    assert_eq!(
        allowed_attempts(&limits, Limit::SignInsByAddressAndAccount, u64::MAX, at(0)),
        0,
        "the one who tried most was forgotten"
    );
}

#[test]
fn full_buckets_are_dropped_first() {
    let mut buckets = Buckets::default();
    let rate = Limit::SignInsByAddressAndAccount.rate();
    for key in 0..MAX_BUCKETS as u64 {
        buckets.take(rate, key, at(0)).unwrap();
    }
    buckets.take(rate, u64::MAX, at(60)).unwrap();
    assert_eq!(buckets.0.len(), 1);
}

fn from(address: &str) -> ClientAddress {
    ClientAddress(address.parse().unwrap())
}

fn allowed_sign_ins(limits: &RateLimiter, client: ClientAddress, account: &str, now: DateTime<Utc>) -> usize {
    (0..1000).take_while(|_| limits.try_sign_in(Some(client), account, now).is_ok()).count()
}

#[test]
fn failed_sign_ins_do_not_lock_out_other_addresses() {
    let limits = RateLimiter::default();
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    assert_eq!(allowed_sign_ins(&limits, from("198.51.100.1"), "june@door.example", at(0)), 10);
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(30)), 1);
}

#[test]
fn spelling_variants_of_an_email_share_one_limit() {
    let limits = RateLimiter::default();
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "  JUNE@Door.Example\t", at(0)), 0);
}

#[test]
fn an_account_limit_covers_all_addresses_except_known_ones() {
    for account in ["june@door.example", "nobody@door.example", "no address"] {
        let limits = RateLimiter::default();
        limits.note_sign_in(Some(from("198.51.100.1")), account, at(0));
        let places: usize = (0..=255)
            .map(|place| allowed_sign_ins(&limits, from(&format!("203.0.113.{place}")), account, at(60)))
            .sum();
        assert_eq!(places, 100, "{account}");
        assert_eq!(allowed_sign_ins(&limits, from("198.51.100.2"), account, at(60)), 0, "{account}");
        assert_eq!(allowed_sign_ins(&limits, from("198.51.100.1"), account, at(60)), 10, "{account}");
        let month = TimeDelta::days(30).num_seconds();
        assert_eq!(allowed_sign_ins(&limits, from("198.51.100.2"), account, at(month)), 10, "{account}");
    }
}

#[test]
fn sign_ins_per_address_are_limited_across_accounts() {
    for (one, other, elsewhere) in [
        ("203.0.113.1", "::ffff:203.0.113.1", "203.0.113.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", "2001:db8:1:3::1"),
    ] {
        let limits = RateLimiter::default();
        let tried =
            (0..1000).take_while(|n| limits.try_sign_in(Some(from(one)), &format!("{n}@door.example"), at(0)).is_ok());
        assert_eq!(tried.count(), 60, "{one}");
        assert_eq!(allowed_sign_ins(&limits, from(other), "june@door.example", at(0)), 0, "{other}");
        assert_eq!(allowed_sign_ins(&limits, from(elsewhere), "june@door.example", at(0)), 10, "{elsewhere}");
    }
}

#[test]
fn a_successful_sign_in_resets_the_limit() {
    let limits = RateLimiter::default();
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    limits.note_sign_in(Some(from("203.0.113.1")), "june@door.example", at(0));
    assert_eq!(allowed_sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
}
