//! What the bounds hold, whoever tries and however many at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn tries(limits: &Limits, bound: Bound, key: impl Hash + Copy, now: DateTime<Utc>) -> usize {
    (0..1000).take_while(|_| limits.take(bound, key, now).is_ok()).count()
}

#[test]
fn every_kind_holds_what_its_line_in_the_table_says() {
    for bound in Bound::ALL {
        let (limits, pace) = (Limits::default(), bound.pace());
        let at_once = usize::try_from(pace.at_once).unwrap();
        assert_eq!(tries(&limits, bound, "here", at(0)), at_once, "{bound:?}");
        assert_eq!(tries(&limits, bound, "here", at(0) + pace.every), 1, "{bound:?}");
        let wait = u64::try_from(pace.every.num_seconds()).unwrap();
        let refused = limits.take(bound, "here", at(0) + pace.every).unwrap_err();
        assert!(matches!(refused, Error::TooMany { seconds } if seconds == wait), "{bound:?}: {refused:?}");
    }
}

#[test]
fn each_key_and_each_kind_has_a_bucket_of_its_own() {
    let limits = Limits::default();
    assert_eq!(tries(&limits, Bound::Guess, "one", at(0)), 10);
    assert_eq!(tries(&limits, Bound::Guess, "another", at(0)), 10);
    assert_eq!(tries(&limits, Bound::Password, "one", at(0)), 10);
    limits.refill(Bound::Guess, "one");
    assert_eq!(tries(&limits, Bound::Guess, "one", at(0)), 10);
    assert_eq!(tries(&limits, Bound::Guess, "another", at(0)), 0);
}

#[test]
fn a_thousand_at_once_get_no_more_than_one_after_the_other() {
    let (limits, let_in) = (Limits::default(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let took = limits.take(Bound::Place, "here", at(0)).is_ok();
                    let_in.fetch_add(usize::from(took), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(let_in.into_inner(), 60);
}

#[test]
fn whoever_comes_from_everywhere_fills_no_memory_and_frees_nobody() {
    let limits = Limits::default();
    assert_eq!(tries(&limits, Bound::Guess, u64::MAX, at(0)), 10);
    for key in 0..100_000_u64 {
        let _ = limits.take(Bound::Guess, key, at(0));
    }
    let book = limits.books[Bound::Guess as usize].lock().unwrap();
    assert!(book.0.len() <= MOST && book.0.capacity() < 4 * MOST, "{} of {}", book.0.len(), book.0.capacity());
    drop(book);
    assert_eq!(tries(&limits, Bound::Guess, u64::MAX, at(0)), 0, "the one who tried most was forgotten");
}

#[test]
fn what_is_full_again_is_forgotten_first() {
    let mut book = Book::default();
    let pace = Bound::Guess.pace();
    for key in 0..MOST as u64 {
        book.take(pace, key, at(0)).unwrap();
    }
    book.take(pace, u64::MAX, at(60)).unwrap();
    assert_eq!(book.0.len(), 1);
}

fn from(address: &str) -> Client {
    Client(address.parse().unwrap())
}

fn sign_ins(limits: &Limits, client: Client, account: &str, now: DateTime<Utc>) -> usize {
    (0..1000).take_while(|_| limits.take_sign_in(Some(client), account, now).is_ok()).count()
}

#[test]
fn a_stranger_keeps_nobody_from_their_account() {
    let limits = Limits::default();
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    assert_eq!(sign_ins(&limits, from("198.51.100.1"), "june@door.example", at(0)), 10);
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(30)), 1);
}

#[test]
fn however_an_account_is_typed_it_is_the_same() {
    let limits = Limits::default();
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "  JUNE@Door.Example\t", at(0)), 0);
}

#[test]
fn many_places_together_guess_no_faster_and_who_was_there_before_still_comes_in() {
    for account in ["june@door.example", "nobody@door.example", "no address"] {
        let limits = Limits::default();
        limits.signed_in(Some(from("198.51.100.1")), account, at(0));
        let places: usize =
            (0..=255).map(|place| sign_ins(&limits, from(&format!("203.0.113.{place}")), account, at(60))).sum();
        assert_eq!(places, 100, "{account}");
        assert_eq!(sign_ins(&limits, from("198.51.100.2"), account, at(60)), 0, "{account}");
        assert_eq!(sign_ins(&limits, from("198.51.100.1"), account, at(60)), 10, "{account}");
        let month = TimeDelta::days(30).num_seconds();
        assert_eq!(sign_ins(&limits, from("198.51.100.2"), account, at(month)), 10, "{account}");
    }
}

#[test]
fn one_place_tries_many_accounts_only_so_often() {
    for (one, other, elsewhere) in [
        ("203.0.113.1", "::ffff:203.0.113.1", "203.0.113.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", "2001:db8:1:3::1"),
    ] {
        let limits = Limits::default();
        let tried =
            (0..1000).take_while(|n| limits.take_sign_in(Some(from(one)), &format!("{n}@door.example"), at(0)).is_ok());
        assert_eq!(tried.count(), 60, "{one}");
        assert_eq!(sign_ins(&limits, from(other), "june@door.example", at(0)), 0, "{other}");
        assert_eq!(sign_ins(&limits, from(elsewhere), "june@door.example", at(0)), 10, "{elsewhere}");
    }
}

#[test]
fn whoever_signs_in_has_all_tries_again() {
    let limits = Limits::default();
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
    limits.signed_in(Some(from("203.0.113.1")), "june@door.example", at(0));
    assert_eq!(sign_ins(&limits, from("203.0.113.1"), "june@door.example", at(0)), 10);
}
