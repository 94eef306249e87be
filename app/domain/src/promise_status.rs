//! The status of a promise over 30 days, and how many promises of a business have each status. All pages and REST use it.

use chrono::{DateTime, Utc};

use crate::guarantee::{Mark, Stage};
use crate::measure::{Level, MIN_CHECKS_TO_RATE, Tally};

/// How many local calendar days, today included, a promise is rated by.
pub const RATED_DAYS: usize = 30;

/// The status of a promise after the last [`RATED_DAYS`]. Unknown is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseStatus {
    /// The guarantee is retired: nothing is promised any more.
    Retired,
    /// Nobody ever checked.
    NeverChecked,
    /// Somebody did, but not in these days.
    NotCheckedLately {
        /// The last check.
        last: DateTime<Utc>,
    },
    /// The promise did not apply at any check.
    DidNotApply,
    /// Checks were due and not one of them was made. The level is 0 %.
    NoDueCheckMade(Level),
    /// There are fewer than [`MIN_CHECKS_TO_RATE`] checks to make a rate from. The level holds the counts; it is
    /// not shown as a rate.
    TooFewChecks(Level),
    /// The level is at the mark or above it.
    Holds(Level),
    /// The level is below the mark.
    BelowMark(Level),
}

impl PromiseStatus {
    /// The status of a guarantee at `stage`, from the `tally` of its last [`RATED_DAYS`], its mark, and the time of its
    /// last check ever. A suspended guarantee has a status: it was promised in these days.
    #[must_use]
    pub fn of(stage: Stage, tally: &Tally, mark: Mark, last_check: Option<DateTime<Utc>>) -> Self {
        if stage == Stage::Retired {
            return Self::Retired;
        }
        let Some(level) = tally.level() else {
            return match last_check {
                _ if tally.checks_made() > 0 => Self::DidNotApply,
                Some(last) => Self::NotCheckedLately { last },
                None => Self::NeverChecked,
            };
        };
        if tally.coverage().is_some_and(|made| made.part() == 0) {
            Self::NoDueCheckMade(level)
        } else if level.share.whole() < MIN_CHECKS_TO_RATE {
            Self::TooFewChecks(level)
        } else if level.share.is_at_least(mark.basis_points()) {
            Self::Holds(level)
        } else {
            Self::BelowMark(level)
        }
    }

    /// The level, as far as it may be drawn and given as a rate.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::NoDueCheckMade(level) | Self::Holds(level) | Self::BelowMark(level) => Some(level),
            Self::Retired
            | Self::NeverChecked
            | Self::NotCheckedLately { .. }
            | Self::DidNotApply
            | Self::TooFewChecks(_) => None,
        }
    }

    /// Whether the promise is known not to hold.
    #[must_use]
    pub fn is_below_mark(self) -> bool {
        matches!(self, Self::NoDueCheckMade(_) | Self::BelowMark(_))
    }
}

/// How many public guarantees of a business have each status. A suspended or retired one is not in force: it is counted
/// as such and nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// In force and below their marks.
    pub below: usize,
    /// In force and at their marks or above.
    pub holding: usize,
    /// In force, and never checked.
    pub never_checked: usize,
    /// In force, and checked, but not in the last [`RATED_DAYS`].
    pub not_checked_lately: usize,
    /// In force, and checked too seldom to be rated, or not applicable at every check.
    pub too_few: usize,
    /// Announced as suspended.
    pub suspended: usize,
    /// No longer given.
    pub retired: usize,
}

impl StatusCounts {
    /// Counts guarantees by stage and status.
    #[must_use]
    pub fn of(guarantees: impl IntoIterator<Item = (Stage, PromiseStatus)>) -> Self {
        let mut counts = Self::default();
        for (stage, status) in guarantees {
            let count = match status {
                PromiseStatus::Retired => &mut counts.retired,
                _ if stage == Stage::Suspended => &mut counts.suspended,
                PromiseStatus::NoDueCheckMade(_) | PromiseStatus::BelowMark(_) => &mut counts.below,
                PromiseStatus::Holds(_) => &mut counts.holding,
                PromiseStatus::NeverChecked => &mut counts.never_checked,
                PromiseStatus::NotCheckedLately { .. } => &mut counts.not_checked_lately,
                PromiseStatus::TooFewChecks(_) | PromiseStatus::DidNotApply => &mut counts.too_few,
            };
            *count += 1;
        }
        counts
    }

    /// How many are in force.
    #[must_use]
    pub fn in_force(&self) -> usize {
        self.below + self.holding + self.never_checked + self.not_checked_lately + self.too_few
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn status(tally: Tally) -> PromiseStatus {
        PromiseStatus::of(Stage::Published, &tally, Mark::parse("98").unwrap(), Some(DateTime::UNIX_EPOCH))
    }

    #[test]
    fn an_unchecked_promise_does_not_hold() {
        let none = Tally::default();
        let never = PromiseStatus::of(Stage::Published, &none, Mark::parse("98").unwrap(), None);
        assert_eq!(never, PromiseStatus::NeverChecked);
        assert_eq!(status(none), PromiseStatus::NotCheckedLately { last: DateTime::UNIX_EPOCH });
        assert_eq!(status(Tally { not_applicable: 30, ..none }), PromiseStatus::DidNotApply);
        let none_made = status(Tally { missed: 12, ..none });
        assert!(matches!(none_made, PromiseStatus::NoDueCheckMade(level) if level.share.part() == 0));
        assert!(none_made.is_below_mark() && none_made.level().is_some());
        assert!(matches!(status(Tally { kept: 50, missed: 12, ..none }), PromiseStatus::NoDueCheckMade(_)));
    }

    #[test]
    fn a_promise_needs_ten_checks_to_hold() {
        let kept = |kept| status(Tally { kept, ..Tally::default() });
        assert!(matches!(kept(9), PromiseStatus::TooFewChecks(_)) && kept(9).level().is_none());
        assert!(matches!(kept(10), PromiseStatus::Holds(_)));
    }

    #[test]
    fn the_mark_is_compared_without_rounding() {
        let of = |kept, broken| status(Tally { kept, broken, ..Tally::default() });
        assert!(matches!(of(98, 2), PromiseStatus::Holds(_)));
        assert!(matches!(of(979_999, 20_001), PromiseStatus::BelowMark(_)));
    }

    #[test]
    fn retired_and_suspended_guarantees_are_counted_separately() {
        let kept = Tally { kept: 50, ..Tally::default() };
        let at = |stage| (stage, PromiseStatus::of(stage, &kept, Mark::parse("98").unwrap(), None));
        assert_eq!(at(Stage::Retired).1, PromiseStatus::Retired);
        let counts = StatusCounts::of([at(Stage::Published), at(Stage::Suspended), at(Stage::Retired)]);
        assert_eq!(counts, StatusCounts { holding: 1, suspended: 1, retired: 1, ..StatusCounts::default() });
        assert_eq!(counts.in_force(), 1);
    }

    proptest! {
        #[test]
        fn missed_checks_never_make_a_promise_hold(
            due_kept in 0_u64..60, due_broken in 0_u64..5, missed in 0_u64..40, more in 1_u64..40,
        ) {
            let base = Tally { kept: due_kept, broken: due_broken, due_kept, due_broken, missed, ..Tally::default() };
            let with_more_missed = Tally { missed: missed + more, ..base };
            let holds = |tally| matches!(status(tally), PromiseStatus::Holds(_));
            // Fewer than ten checks due are too few to rate; beyond that a miss only lowers the level.
            prop_assert!(!holds(with_more_missed) || holds(base) || base.due() < MIN_CHECKS_TO_RATE);
        }

        #[test]
        fn every_promise_is_counted_once(stages in prop::collection::vec((0_usize..5, 0_u64..20, 0_u64..20, 0_u64..20), 0..20)) {
            let all = [Stage::Draft, Stage::Trial, Stage::Published, Stage::Suspended, Stage::Retired];
            let each: Vec<_> = stages.iter().map(|(stage, kept, broken, missed)| {
                let tally = Tally { kept: *kept, broken: *broken, missed: *missed, ..Tally::default() };
                (all[*stage], PromiseStatus::of(all[*stage], &tally, Mark::parse("98").unwrap(), None))
            }).collect();
            let counts = StatusCounts::of(each.iter().copied());
            prop_assert_eq!(counts.in_force() + counts.suspended + counts.retired, each.len());
        }
    }
}
