//! The measures: what the counts of verdicts say about a promise, each with its formula.
//!
//! A share is kept as two counts and compared with integers; it is rounded only to be shown. Shares are
//! shown in basis points: 1 bp = 0.01 %, 10 000 bp = 100 %.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::check::Verdict;

mod share;

pub use share::{Interval, Share, WHOLE};

/// With fewer checks than this a rate says more about chance than about the promise.
pub const ENOUGH_TO_RATE: u64 = 10;

/// Where the mark stands on the bottle, in per mille of the vessel's inner height: four fifths.
pub const MARK_HEIGHT: u32 = 800;

/// The brim of the bottle, 100 %, in per mille of the vessel's inner height.
pub const BRIM_HEIGHT: u32 = 1000;

/// How many checks came to which verdict, over any stretch of days, places or promises.
///
/// `kept` and `broken` count every check; `due_kept` and `due_broken` those among them that concluded a
/// window. A window concluded as not applicable was not due, so it needs no count of its own.
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
    /// Windows in which nobody looked.
    pub missed: u64,
}

impl Tally {
    /// The tally of a single verdict. `missed` always speaks of a window, whatever `in_window` says.
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

    /// The tally after a correction put `new` in the place of `old`; `None` when no `old` was counted.
    #[must_use]
    pub fn replaced(&self, old: Verdict, new: Verdict, in_window: bool) -> Option<Self> {
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

    /// So many of the same.
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

    /// Checks made, whatever they found: kept + broken + not applicable.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.kept + self.broken + self.not_applicable
    }

    /// Checks due: windows kept + broken + missed. What was not applicable was not due.
    #[must_use]
    pub fn due(&self) -> u64 {
        self.due_kept + self.due_broken + self.missed
    }

    /// Kept rate = kept ÷ (kept + broken), over every check, scheduled or not.
    #[must_use]
    pub fn kept_rate(&self) -> Rating {
        match self.kept_share() {
            None => Rating::Unknown,
            Some(share) if share.whole() < ENOUGH_TO_RATE => Rating::TooFew(share),
            Some(share) => Rating::Rated { share, interval: share.wilson() },
        }
    }

    /// Coverage = checks made in windows ÷ checks due. `None` when nothing was due.
    #[must_use]
    pub fn coverage(&self) -> Option<Share> {
        Share::new(self.due_kept + self.due_broken, self.due())
    }

    /// Strict kept rate = windows kept ÷ checks due: a missed check weighs as much as a break.
    /// `None` when nothing was due.
    #[must_use]
    pub fn strict_kept_rate(&self) -> Option<Share> {
        Share::new(self.due_kept, self.due())
    }

    /// The headline, the liquid in the bottle: the strict kept rate where anything was due, the kept rate
    /// where nothing was. `None` is unknown, which is not 100 %.
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

/// A rate as far as the number of checks allows one to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Nobody has checked.
    Unknown,
    /// Fewer than [`ENOUGH_TO_RATE`] checks: the counts may be shown, a rate may not.
    TooFew(Share),
    /// Enough checks for a rate and the interval in which the true one probably lies.
    Rated {
        /// The rate.
        share: Share,
        /// Its 95 % Wilson interval.
        interval: Interval,
    },
}

/// The headline number of a promise, and which of the two rates it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Which rate `share` is; it stands beside the number.
    pub basis: Basis,
    /// The rate.
    pub share: Share,
}

impl Level {
    /// How high the liquid stands beside a mark, in per mille of the vessel's inner height, as
    /// [`fill_height`] says. A level that falls short by less than a basis point still stays under the line.
    #[must_use]
    pub fn fill_height(&self, mark_bp: u32) -> u32 {
        let height = fill_height(self.share.basis_points(), mark_bp);
        if self.share.reaches(mark_bp) { height } else { height.min(MARK_HEIGHT - 1) }
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

/// How high the liquid stands in the bottle, in per mille of the vessel's inner height.
///
/// The mark always stands at [`MARK_HEIGHT`] and 100 % at [`BRIM_HEIGHT`]; below the mark the scale goes on
/// at the same slope, down to the floor at 0. Rounded down, so that a level below its mark is seen below
/// the line.
///
/// A mark of 100 % leaves nothing between line and brim and so has no slope of its own: a full level stands
/// at the brim, any other starts from the line and falls at the slope a mark of 99 % has, 2 ‰ a basis point.
#[must_use]
pub fn fill_height(level_bp: u32, mark_bp: u32) -> u32 {
    let lacking = WHOLE.saturating_sub(level_bp);
    let allowed = WHOLE.saturating_sub(mark_bp);
    let above_mark = BRIM_HEIGHT - MARK_HEIGHT;
    match (allowed, lacking) {
        (_, 0) => BRIM_HEIGHT,
        (0, _) => MARK_HEIGHT.saturating_sub(lacking * above_mark / (WHOLE / 100)),
        _ => BRIM_HEIGHT.saturating_sub((lacking * above_mark).div_ceil(allowed)),
    }
}

/// How long something took: the middle of it, and the time nine in ten stayed within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Half took this long or less.
    pub median: TimeDelta,
    /// Nine in ten took this long or less.
    pub ninetieth: TimeDelta,
}

/// Median and 90th percentile by the nearest-rank method: of n durations in order, the ⌈n · p⌉th. Each is a
/// duration that really occurred, none is invented between two. `None` when there are none.
#[must_use]
pub fn spread(durations: &[TimeDelta]) -> Option<Spread> {
    let mut ordered = durations.to_vec();
    ordered.sort_unstable();
    let ranked = |percent: usize| {
        let rank = (ordered.len() * percent).div_ceil(100);
        ordered.get(rank.checked_sub(1)?).copied()
    };
    Some(Spread { median: ranked(50)?, ninetieth: ranked(90)? })
}

#[cfg(test)]
mod tests;
