//! The measures: what the verdicts add up to for a promise, each with its formula.
//!
//! A share is kept as two counts and compared with integer arithmetic; it is rounded only for display. Shares are
//! displayed in basis points: 1 bp = 0.01 %, 10 000 bp = 100 %.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::verdict::Verdict;

mod share;

pub use share::{BASIS_POINTS, Interval, Share};

/// Below this number of checks a rate is not shown: it would say more about chance than about the promise.
pub const MIN_CHECKS_TO_RATE: u64 = 10;

/// The height of the mark on the bottle, in per mille of the vessel's inner height: four fifths.
pub const MARK_HEIGHT: u32 = 800;

/// The height of the brim (100 %) of the bottle, in per mille of the vessel's inner height.
pub const BRIM_HEIGHT: u32 = 1000;

/// How many checks had which verdict, over any range of days, places or promises.
///
/// `kept` and `broken` count every check; `due_kept` and `due_broken` count those that concluded a window. A window
/// that was not applicable was not due, so it has no count of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Checks that found the promise kept, scheduled or not.
    pub kept: u64,
    /// Checks that found it broken, scheduled or not.
    pub broken: u64,
    /// Checks that found it did not apply.
    pub not_applicable: u64,
    /// Windows concluded by a check that found the promise kept.
    pub due_kept: u64,
    /// Windows concluded by a check that found it broken.
    pub due_broken: u64,
    /// Windows in which no check was made.
    pub missed: u64,
}

impl Tally {
    /// The tally of one verdict. `in_window`: whether the check concluded a window. A miss always concludes one, so
    /// `in_window` is ignored for it.
    #[must_use]
    pub fn of(verdict: Verdict, in_window: bool) -> Self {
        let due = u64::from(in_window);
        let none = Self::default();
        match verdict {
            Verdict::Kept => Self { kept: 1, due_kept: due, ..none },
            Verdict::Broken => Self { broken: 1, due_broken: due, ..none },
            Verdict::NotApplicable => Self { not_applicable: 1, ..none },
            Verdict::Missed => Self { missed: 1, ..none },
            Verdict::Void | Verdict::TakenBack => none,
        }
    }

    /// The tally after a correction replaced the verdict `old` by `new`. `None` if `old` was not counted in this tally.
    #[must_use]
    pub fn with_correction(&self, old: Verdict, new: Verdict, in_window: bool) -> Option<Self> {
        let old = Self::of(old, in_window);
        let rest = Self {
            kept: self.kept.checked_sub(old.kept)?,
            broken: self.broken.checked_sub(old.broken)?,
            not_applicable: self.not_applicable.checked_sub(old.not_applicable)?,
            due_kept: self.due_kept.checked_sub(old.due_kept)?,
            due_broken: self.due_broken.checked_sub(old.due_broken)?,
            missed: self.missed.checked_sub(old.missed)?,
        };
        Some(rest + Self::of(new, in_window))
    }

    /// This tally multiplied by `count`.
    #[must_use]
    pub fn times(&self, count: u64) -> Self {
        Self {
            kept: self.kept * count,
            broken: self.broken * count,
            not_applicable: self.not_applicable * count,
            due_kept: self.due_kept * count,
            due_broken: self.due_broken * count,
            missed: self.missed * count,
        }
    }

    /// Checks made = kept + broken + not applicable.
    #[must_use]
    pub fn checks_made(&self) -> u64 {
        self.kept + self.broken + self.not_applicable
    }

    /// Checks due = windows kept + windows broken + missed. Windows that were not applicable were not due.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.due_kept + self.due_broken + self.missed
    }

    /// Kept rate = kept ÷ (kept + broken), over every check, scheduled or not.
    #[must_use]
    pub fn kept_rate(&self) -> Rating {
        match self.kept_share() {
            None => Rating::Unknown,
            Some(share) if share.whole() < MIN_CHECKS_TO_RATE => Rating::TooFew(share),
            Some(share) => Rating::Rated { share, interval: share.wilson() },
        }
    }

    /// Coverage = checks made in windows ÷ checks due. `None` if nothing was due.
    #[must_use]
    pub fn coverage(&self) -> Option<Share> {
        Share::new(self.due_kept + self.due_broken, self.due())
    }

    /// Strict kept rate = windows kept ÷ checks due. A missed check counts as much as a break. `None` if nothing was
    /// due.
    #[must_use]
    pub fn strict_kept_rate(&self) -> Option<Share> {
        Share::new(self.due_kept, self.due())
    }

    /// The level, the headline number: the strict kept rate if anything was due, otherwise the kept rate. `None` means
    /// unknown, which is not 100 %.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        let strict = self.strict_kept_rate().map(|share| Level { basis: Basis::Strict, share });
        strict.or_else(|| self.kept_share().map(|share| Level { basis: Basis::Kept, share }))
    }

    fn kept_share(&self) -> Option<Share> {
        Share::new(self.kept, self.kept + self.broken)
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            kept: self.kept + other.kept,
            broken: self.broken + other.broken,
            not_applicable: self.not_applicable + other.not_applicable,
            due_kept: self.due_kept + other.due_kept,
            due_broken: self.due_broken + other.due_broken,
            missed: self.missed + other.missed,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

/// A kept rate, as far as there are enough checks to give one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// No check was made.
    Unknown,
    /// Fewer than [`MIN_CHECKS_TO_RATE`] checks: the counts may be shown, but no rate.
    TooFew(Share),
    /// Enough checks for a rate and its confidence interval.
    Rated {
        /// The rate.
        share: Share,
        /// Its 95 % Wilson interval.
        interval: Interval,
    },
}

/// The level of a promise (the headline number), and which of the two rates it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Which rate `share` is. It is shown beside the number.
    pub basis: Basis,
    /// The rate.
    pub share: Share,
}

impl Level {
    /// The fill height of the bottle for a mark in basis points, as in [`fill_height`]. A level below the mark always
    /// stays below the line, even if it falls short by less than one basis point.
    #[must_use]
    pub fn fill_height(&self, mark_bp: u32) -> u32 {
        let height = fill_height(self.share.basis_points(), mark_bp);
        if self.share.is_at_least(mark_bp) { height } else { height.min(MARK_HEIGHT - 1) }
    }
}

/// Which rate a [`Level`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The strict kept rate: checks were due.
    Strict,
    /// The kept rate: nothing was due.
    Kept,
}

/// The fill height of the bottle, in per mille of the vessel's inner height, for a level and a mark in basis points.
///
/// The mark is always at [`MARK_HEIGHT`] and 100 % at [`BRIM_HEIGHT`]. Below the mark the scale continues at the same
/// slope down to 0. The result is rounded down, so a level below its mark appears below the line.
///
/// A mark of 100 % leaves no distance between line and brim, and so gives no slope. Then 100 % is at the brim; any
/// other level starts from the line and falls at the slope of a mark of 99 %, 2 ‰ per basis point.
#[must_use]
pub fn fill_height(level_bp: u32, mark_bp: u32) -> u32 {
    let lacking = BASIS_POINTS.saturating_sub(level_bp);
    let allowed = BASIS_POINTS.saturating_sub(mark_bp);
    let above_mark = BRIM_HEIGHT - MARK_HEIGHT;
    match (allowed, lacking) {
        (_, 0) => BRIM_HEIGHT,
        (0, _) => MARK_HEIGHT.saturating_sub(lacking * above_mark / (BASIS_POINTS / 100)),
        _ => BRIM_HEIGHT.saturating_sub((lacking * above_mark).div_ceil(allowed)),
    }
}

/// The median and the 90th percentile of some durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentiles {
    /// Half of the durations are this long or shorter.
    pub median: TimeDelta,
    /// Nine in ten of the durations are this long or shorter.
    pub ninetieth: TimeDelta,
}

/// Median and 90th percentile by the nearest-rank method: of n durations in order, the ⌈n · p⌉th. So each result is one
/// of the durations, never a value between two. `None` if there are no durations.
#[must_use]
pub fn spread(durations: &[TimeDelta]) -> Option<Percentiles> {
    let mut ordered = durations.to_vec();
    ordered.sort_unstable();
    let ranked = |percent: usize| {
        let rank = (ordered.len() * percent).div_ceil(100);
        ordered.get(rank.checked_sub(1)?).copied()
    };
    Some(Percentiles { median: ranked(50)?, ninetieth: ranked(90)? })
}

#[cfg(test)]
mod tests;
