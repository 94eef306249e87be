//! The measures: examples, and properties that must always hold.

use proptest::prelude::*;

use super::share::tests::{any_share, share};
use super::*;

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Kept), Just(Verdict::Broken), Just(Verdict::Missed), Just(Verdict::NotApplicable),]
}

fn tally() -> impl Strategy<Value = Tally> {
    let verdicts = prop::collection::vec((verdict(), any::<bool>()), 0..40);
    verdicts.prop_map(|all| all.into_iter().map(|(v, in_window)| Tally::of(v, in_window)).sum())
}

/// Whether the level went up. From unknown, anything above 0 % counts as up.
fn level_rose(earlier: Option<Level>, later: Option<Level>) -> bool {
    let Some(later) = later.map(|level| level.share) else {
        return false;
    };
    let Some(earlier) = earlier.map(|level| level.share) else {
        return later.part() > 0;
    };
    u128::from(later.part()) * u128::from(earlier.whole()) > u128::from(earlier.part()) * u128::from(later.whole())
}

#[test]
fn an_unchecked_promise_has_no_level_or_kept_rate() {
    let nothing = Tally::default();
    assert_eq!(nothing.level(), None);
    assert_eq!(nothing.kept_rate(), Rating::Unknown);
    assert_eq!(nothing.coverage(), None);
    assert_eq!(nothing.strict_kept_rate(), None);
}

#[test]
fn only_missed_windows_give_level_zero_and_no_kept_rate() {
    let missed = Tally::of(Verdict::Missed, true);
    assert_eq!(missed.level(), Some(Level { basis: Basis::Strict, share: share(0, 1) }));
    assert_eq!(missed.kept_rate(), Rating::Unknown);
    assert_eq!(missed.coverage(), Some(share(0, 1)));
}

#[test]
fn a_not_applicable_window_does_not_count_as_due() {
    let tally = Tally::of(Verdict::NotApplicable, true);
    assert_eq!((tally.checks_made(), tally.due()), (1, 0));
    assert_eq!(tally.level(), None);
}

#[test]
fn each_measure_follows_its_formula() {
    let tally = Tally { kept: 90, broken: 6, not_applicable: 3, due_kept: 80, due_broken: 5, missed: 15 };
    assert_eq!(tally.checks_made(), 99);
    assert_eq!(tally.due(), 100);
    assert_eq!(tally.coverage(), Some(share(85, 100)));
    assert_eq!(tally.strict_kept_rate(), Some(share(80, 100)));
    assert_eq!(tally.level(), Some(Level { basis: Basis::Strict, share: share(80, 100) }));
    let rated = share(90, 96);
    assert_eq!(tally.kept_rate(), Rating::Rated { share: rated, interval: rated.wilson() });
}

#[test]
fn without_a_schedule_the_level_is_the_kept_rate() {
    let tally = Tally { kept: 3, broken: 1, ..Tally::default() };
    assert_eq!(tally.level(), Some(Level { basis: Basis::Kept, share: share(3, 4) }));
}

#[test]
fn a_kept_rate_needs_ten_checks() {
    let nine = Tally { kept: 9, ..Tally::default() };
    assert_eq!(nine.kept_rate(), Rating::TooFew(share(9, 9)));
    let ten = nine + Tally::of(Verdict::Broken, false);
    assert!(matches!(ten.kept_rate(), Rating::Rated { .. }));
}

#[test]
fn a_late_arriving_check_replaces_the_miss() {
    let missed = Tally::of(Verdict::Missed, true);
    let arrived = missed.with_correction(Verdict::Missed, Verdict::Kept, true);
    assert_eq!(arrived, Some(Tally::of(Verdict::Kept, true)));
}

#[test]
fn an_uncounted_verdict_cannot_be_corrected() {
    let unscheduled = Tally::of(Verdict::Kept, false);
    assert_eq!(unscheduled.with_correction(Verdict::Broken, Verdict::Kept, false), None);
    assert_eq!(unscheduled.with_correction(Verdict::Kept, Verdict::Broken, true), None);
}

#[test]
fn the_fill_height_is_800_at_the_mark_and_1000_at_100_percent() {
    assert_eq!(fill_height(9800, 9800), 800);
    assert_eq!(fill_height(10_000, 9800), 1000);
    assert_eq!(fill_height(9900, 9800), 900);
    assert_eq!(fill_height(9000, 9800), 0);
    assert_eq!(fill_height(9400, 9800), 400);
    assert_eq!(fill_height(4999, 5000), 799);
}

#[test]
fn a_100_percent_mark_falls_at_the_rate_of_a_99_percent_mark() {
    assert_eq!(fill_height(10_000, 10_000), 1000);
    assert_eq!(fill_height(9999, 10_000), 798);
    assert_eq!(fill_height(9900, 10_000), 600);
    assert_eq!(fill_height(0, 10_000), 0);
    assert_eq!(fill_height(9900, 9900) - fill_height(9899, 9900), 2);
}

#[test]
fn a_level_just_below_its_mark_is_drawn_below_it() {
    let just_below = Level { basis: Basis::Kept, share: share(97_999_999, 100_000_000) };
    assert_eq!(just_below.share.basis_points(), 9800);
    assert_eq!(just_below.fill_height(9800), 799);
    let full = Level { basis: Basis::Strict, share: share(1, 1) };
    assert_eq!(full.fill_height(9800), 1000);
}

#[test]
fn spread_uses_nearest_rank_percentiles() {
    let minutes = |all: &[i64]| all.iter().map(|m| TimeDelta::minutes(*m)).collect::<Vec<_>>();
    let of = |all: &[i64]| spread(&minutes(all)).map(|s| (s.median.num_minutes(), s.ninetieth.num_minutes()));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[7]), Some((7, 7)));
    assert_eq!(of(&[40, 10, 30, 20]), Some((20, 40)));
    assert_eq!(of(&[50, 20, 15, 40, 35]), Some((35, 50)));
    assert_eq!(of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), Some((5, 9)));
}

proptest! {
    #[test]
    fn a_missed_check_never_raises_the_level(rest in tally(), verdict in verdict()) {
        let made = rest + Tally::of(verdict, true);
        let missed = made.with_correction(verdict, Verdict::Missed, true).unwrap();
        prop_assert_eq!(missed, rest + Tally::of(Verdict::Missed, true));
        prop_assert!(!level_rose(made.level(), missed.level()));
    }

    #[test]
    fn removing_a_kept_check_never_raises_the_level(rest in tally(), in_window in any::<bool>()) {
        let with = rest + Tally::of(Verdict::Kept, in_window);
        prop_assert!(!level_rose(with.level(), rest.level()));
    }

    #[test]
    fn not_applicable_checks_alone_leave_the_rating_unknown(count in 0_usize..20, in_window in any::<bool>()) {
        let tally: Tally = std::iter::repeat_n(Tally::of(Verdict::NotApplicable, in_window), count).sum();
        prop_assert_eq!(tally.level(), None);
        prop_assert_eq!(tally.kept_rate(), Rating::Unknown);
    }

    #[test]
    fn tallies_add_in_any_order_and_grouping(a in tally(), b in tally(), c in tally()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!(a + Tally::default(), a);
        prop_assert_eq!([a, b, c].into_iter().sum::<Tally>(), a + b + c);
        let mut grown = a;
        grown += b;
        prop_assert_eq!(grown, a + b);
    }

    #[test]
    fn a_correction_counts_the_new_verdict_and_is_reversible(rest in tally(), old in verdict(), new in verdict(), in_window in any::<bool>()) {
        let before = rest + Tally::of(old, in_window);
        let after = before.with_correction(old, new, in_window);
        prop_assert_eq!(after, Some(rest + Tally::of(new, in_window)));
        prop_assert_eq!(after.and_then(|t| t.with_correction(new, old, in_window)), Some(before));
    }

    #[test]
    fn the_fill_reaches_the_mark_exactly_when_the_level_does(share in any_share(), mark in 1..=BASIS_POINTS) {
        let level = Level { basis: Basis::Strict, share };
        prop_assert_eq!(level.fill_height(mark) >= MARK_HEIGHT, share.is_at_least(mark));
    }

    #[test]
    fn the_fill_height_grows_with_the_level_up_to_a_maximum(a in 0..=BASIS_POINTS, b in 0..=BASIS_POINTS, mark in 1..=BASIS_POINTS) {
        let (low, high) = (fill_height(a.min(b), mark), fill_height(a.max(b), mark));
        prop_assert!(low <= high && high <= BRIM_HEIGHT);
        prop_assert_eq!(fill_height(a, mark) >= MARK_HEIGHT, a >= mark);
    }

    #[test]
    fn the_median_covers_half_and_the_ninetieth_covers_90_percent(seconds in prop::collection::vec(0_i64..1000, 1..60)) {
        let all: Vec<_> = seconds.into_iter().map(TimeDelta::seconds).collect();
        let Percentiles { median, ninetieth } = spread(&all).unwrap();
        let within = |limit| all.iter().filter(|d| **d <= limit).count();
        let below = |limit| all.iter().filter(|d| **d < limit).count();
        prop_assert!(within(median) * 2 >= all.len() && below(median) * 2 < all.len());
        prop_assert!(within(ninetieth) * 10 >= all.len() * 9 && below(ninetieth) * 10 < all.len() * 9);
    }
}
