//! What can be said of a promise, by rule, from the counts of its last 30 days.

use chrono::{DateTime, Utc};
use domain::guarantee::{Mark, Stage};
use domain::measure::{Basis, ENOUGH_TO_RATE, Level, Tally};
use leptos::prelude::*;
use store::PublicGuarantee;

use super::reader::Reader;
use crate::bottle::{Bottle, BottleSize};
use crate::days::Day;
use crate::icons::{ClockIcon, MissedIcon};

/// The days behind the headline.
pub const RATED_DAYS: usize = 30;

/// Where a promise stands. Unknown is never taken for kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody ever looked.
    Unchecked,
    /// Somebody did, but not in these days.
    Silent {
        last: DateTime<Utc>,
    },
    /// Whenever somebody looked, it did not apply.
    DidNotApply,
    /// Checks were due and not one of them was made.
    NoneMade(Level),
    /// Fewer checks than a rate can be made from.
    TooFew(Level),
    Holds(Level),
    Below(Level),
}

impl Standing {
    pub fn of(guarantee: &PublicGuarantee) -> Self {
        Self::from(&guarantee.tally(RATED_DAYS), guarantee.wording.mark, guarantee.last_check)
    }

    fn from(tally: &Tally, mark: Mark, last: Option<DateTime<Utc>>) -> Self {
        match (tally.level(), last) {
            (None, _) if tally.made() > 0 => Self::DidNotApply,
            (None, Some(last)) => Self::Silent { last },
            (None, None) => Self::Unchecked,
            (Some(level), _) if tally.coverage().is_some_and(|made| made.part() == 0) => Self::NoneMade(level),
            (Some(level), _) if level.share.whole() < ENOUGH_TO_RATE => Self::TooFew(level),
            (Some(level), _) if level.share.reaches(mark.basis_points()) => Self::Holds(level),
            (Some(level), _) => Self::Below(level),
        }
    }

    /// The level as far as it may be drawn and given as a number.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::NoneMade(level) | Self::Holds(level) | Self::Below(level) => Some(level),
            Self::Unchecked | Self::Silent { .. } | Self::DidNotApply | Self::TooFew(_) => None,
        }
    }

    pub fn sentence(self, reader: &Reader, mark: Mark) -> String {
        let texts = reader.texts;
        let rated = |key, level: Level| {
            let level = texts.percent(level.share.basis_points()).into();
            texts.tell(key, &[("level", level), ("mark", texts.percent(mark.basis_points()).into())])
        };
        let counted = |key, level: Level| {
            texts.tell(key, &[("part", level.share.part().into()), ("whole", level.share.whole().into())])
        };
        match self {
            Self::Unchecked => texts.say("public-unchecked"),
            Self::Silent { last } => texts.tell("public-silent", &[("day", reader.day(last).into())]),
            Self::DidNotApply => texts.say("public-did-not-apply"),
            Self::NoneMade(level) => counted("public-none-made", level),
            Self::TooFew(level @ Level { basis: Basis::Kept, .. }) => counted("public-few-kept", level),
            Self::TooFew(level @ Level { basis: Basis::Strict, .. }) => counted("public-few-strict", level),
            Self::Holds(level @ Level { basis: Basis::Kept, .. }) => rated("public-holds-kept", level),
            Self::Holds(level @ Level { basis: Basis::Strict, .. }) => rated("public-holds-strict", level),
            Self::Below(level @ Level { basis: Basis::Kept, .. }) => rated("public-below-kept", level),
            Self::Below(level @ Level { basis: Basis::Strict, .. }) => rated("public-below-strict", level),
        }
    }
}

/// What is the case with a guarantee, in sentences: its stage where it is not in force, and where it stands.
pub fn sentence(reader: &Reader, guarantee: &PublicGuarantee) -> String {
    let standing = || Standing::of(guarantee).sentence(reader, guarantee.wording.mark);
    match guarantee.stage {
        Stage::Retired => reader.texts.say("public-retired"),
        Stage::Suspended => format!("{} {}", reader.texts.say("public-suspended"), standing()),
        Stage::Draft | Stage::Trial | Stage::Published => standing(),
    }
}

/// The bottle. What is no longer promised has no level.
pub fn bottle(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let texts = reader.texts;
    let level = Standing::of(guarantee).level().filter(|_| guarantee.stage != Stage::Retired);
    let mark = guarantee.wording.mark.basis_points();
    let marked = ("mark", texts.percent(mark).into());
    let label = match level {
        Some(level) => {
            texts.tell("public-bottle", &[("level", texts.percent(level.share.basis_points()).into()), marked])
        }
        None => texts.tell("public-bottle-unknown", &[marked]),
    };
    view! { <Bottle level mark size=BottleSize::Hero label /> }
}

/// The number beside the bottle: which of the two rates it is, and its formula with its counts.
pub fn reading(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    let texts = reader.texts;
    let mark = texts.tell("public-mark", &[("mark", texts.percent(guarantee.wording.mark.basis_points()).into())]);
    let level = Standing::of(guarantee).level().filter(|_| guarantee.stage != Stage::Retired);
    let Some(Level { basis, share }) = level else {
        return view! { <p class="reading"><span>{mark}</span></p> }.into_any();
    };
    let (which, formula) = match basis {
        Basis::Strict => ("public-strict-30", "public-formula-strict"),
        Basis::Kept => ("public-kept-30", "public-formula-kept"),
    };
    let counts = [("part", share.part().into()), ("whole", share.whole().into())];
    view! {
        <p class="reading">
            <b class="num">{texts.percent(share.basis_points())}</b>
            <span>{format!("{} · {mark}", texts.say(which))}<small>{texts.tell(formula, &counts)}</small></span>
        </p>
    }
    .into_any()
}

/// When somebody last looked.
pub fn last_check(reader: &Reader, guarantee: &PublicGuarantee) -> impl IntoView + use<> {
    match guarantee.last_check {
        Some(at) => {
            let said = reader.texts.tell("public-last-check", &[("when", reader.since(at).into())]);
            view! { <p class="pill"><ClockIcon />{said}</p> }.into_any()
        }
        None => view! { <p class="pill"><MissedIcon />{reader.texts.say("public-never-checked")}</p> }.into_any(),
    }
}

/// The days as they are drawn.
pub fn days(guarantee: &PublicGuarantee) -> Vec<Day> {
    let day = |day: &store::Day| {
        let Tally { kept, broken, missed, .. } = day.tally;
        Day { date: day.date, kept, broken, missed }
    };
    guarantee.days.iter().map(day).collect()
}

/// The same days in a sentence.
pub fn sum(reader: &Reader, guarantee: &PublicGuarantee) -> String {
    let sum = guarantee.tally(guarantee.days.len());
    let counts = [("kept", sum.kept.into()), ("broken", sum.broken.into()), ("missed", sum.missed.into())];
    reader.texts.tell("public-days", &counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(tally: Tally) -> Standing {
        Standing::from(&tally, Mark::parse("98").unwrap(), Some(DateTime::UNIX_EPOCH))
    }

    #[test]
    fn nobody_looked_is_not_kept() {
        let none = Tally::default();
        assert_eq!(Standing::from(&none, Mark::parse("98").unwrap(), None), Standing::Unchecked);
        assert_eq!(standing(none), Standing::Silent { last: DateTime::UNIX_EPOCH });
        assert_eq!(standing(Tally { not_applicable: 30, ..none }), Standing::DidNotApply);
        assert!(matches!(standing(Tally { missed: 12, ..none }), Standing::NoneMade(level) if level.share.part() == 0));
        assert!(matches!(standing(Tally { kept: 50, missed: 12, ..none }), Standing::NoneMade(_)));
    }

    #[test]
    fn nine_kept_checks_are_too_few_and_ten_are_enough() {
        let kept = |kept| standing(Tally { kept, ..Tally::default() });
        assert!(matches!(kept(9), Standing::TooFew(_)) && kept(9).level().is_none());
        assert!(matches!(kept(10), Standing::Holds(_)));
    }

    #[test]
    fn the_mark_is_held_exactly_or_not_at_all() {
        let of = |kept, broken| standing(Tally { kept, broken, ..Tally::default() });
        assert!(matches!(of(98, 2), Standing::Holds(_)));
        assert!(matches!(of(979_999, 20_001), Standing::Below(_)));
    }

    proptest! {
        #[test]
        fn not_looking_never_makes_a_promise_hold(
            due_kept in 0_u64..60, due_broken in 0_u64..5, missed in 0_u64..40, more in 1_u64..40,
        ) {
            let base = Tally { kept: due_kept, broken: due_broken, due_kept, due_broken, missed, ..Tally::default() };
            let lazier = Tally { missed: missed + more, ..base };
            let holds = |tally| matches!(standing(tally), Standing::Holds(_));
            // Fewer than ten checks due are too few to rate; beyond that a missed one only takes away.
            prop_assert!(!holds(lazier) || holds(base) || base.due() < ENOUGH_TO_RATE);
        }
    }
}
