//! Every published number, computed again from what the record tells: facts in, figures out. How entries are sealed upon
//! one another is not asked here.

mod fact;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use crate::breaks::FoundBy;
use crate::guarantee::{Move, Stage};
use crate::ids::{BreakId, ClosureId, GuaranteeId, PlaceId, RecoveryId, SiteId};
use crate::measure::Tally;
use crate::record::Misfit;
use crate::recovery::{self, Outcome};

pub use fact::{
    Broken, Business, Checked, Closed, Corrected, Counted, Fact, Moved, Places, Redacted, Reopened, Scheduled, Sealed,
    SealedGuarantee, Site, Stepped, Version, body, happened,
};

/// What the record comes to, after the entries that were added so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// None where the record does not say it: it is of an older program, and not sealed yet.
    pub business: Option<Business>,
    pub sites: BTreeMap<SiteId, Option<String>>,
    /// Every guarantee that was ever public.
    pub guarantees: BTreeMap<GuaranteeId, Promised>,
    /// Every public check, by the day it counts on.
    pub tallies: BTreeMap<(GuaranteeId, NaiveDate), Tally>,
    pub recoveries: BTreeMap<RecoveryId, Recovered>,
    /// From when until when something is closed.
    pub closures: BTreeMap<ClosureId, (DateTime<Utc>, DateTime<Utc>)>,
    pub checks: u64,
    pub corrections: u64,
    pub steps: u64,
    /// Texts that were removed.
    pub redacted: u64,
    /// Whether the record says by itself on which day each check counts.
    pub is_sealed: bool,
    /// The latest that anything happened.
    pub last: DateTime<Utc>,
    /// Checks and corrections so far that do not say on which day they count.
    without_day: u64,
}

/// A guarantee that was ever public.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promised {
    /// None until it is published.
    pub stage: Option<Stage>,
    pub slug: String,
    pub version: i64,
    /// Where it is promised, each place with its site.
    pub places: BTreeMap<PlaceId, SiteId>,
    /// When it is looked at, by place.
    pub schedules: BTreeMap<PlaceId, Value>,
    /// None while nothing was broken or corrected.
    pub totals: Option<Totals>,
}

/// What the public breaks of a guarantee came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub breaks: i64,
    pub found_by_staff: i64,
    pub late: i64,
    pub corrections: i64,
    pub restored: i64,
    pub restored_by_record: i64,
    pub partly: i64,
    pub not_restored: i64,
    pub no_answer: i64,
}

/// What the steps of a recovery come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub opened: BreakId,
    pub guarantee: GuaranteeId,
    pub stage: recovery::Stage,
    pub closed_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub steps: i64,
    round: Round,
}

/// What was said of trust since a recovery was opened or last reopened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Round {
    watched: bool,
    answered: bool,
}

/// Whether it was this day somewhere on earth: it is at most one away from the day in Greenwich.
#[must_use]
pub fn is_local_day(day: NaiveDate, at: DateTime<Utc>) -> bool {
    (day - at.date_naive()).abs() <= TimeDelta::days(1)
}

/// Computes the figures of a whole record: what each entry tells, and when it happened.
///
/// # Errors
/// The first fact that does not follow from those before it, by its place from 1.
pub fn recount<'f>(facts: impl IntoIterator<Item = (DateTime<Utc>, &'f Fact)>) -> Result<Figures, Misfit> {
    let mut figures = Figures::default();
    for (seq, (at, fact)) in (1..).zip(facts) {
        figures.add(seq, at, fact)?;
    }
    Ok(figures)
}

impl Figures {
    /// Adds what the next entry tells.
    ///
    /// # Errors
    /// It does not follow from what was told before.
    pub fn add(&mut self, seq: i64, at: DateTime<Utc>, fact: &Fact) -> Result<(), Misfit> {
        self.last = self.last.max(at);
        self.tell(at, fact).ok_or(Misfit::Untrue { seq })
    }

    fn tell(&mut self, at: DateTime<Utc>, fact: &Fact) -> Option<()> {
        match fact {
            Fact::Business(business) => {
                // Who begins like this needs no seal; who changes has begun.
                let begins = self.business.replace(business.clone()).is_none();
                let nothing_before = self.checks == 0 && self.guarantees.is_empty();
                self.is_sealed |= begins && nothing_before;
                (!begins || nothing_before).then_some(())
            }
            Fact::Site(site) => {
                self.sites.insert(site.site, site.zone.clone());
                Some(())
            }
            Fact::Version(said) => self.version(said),
            Fact::Moved(verb, moved) => self.moved(*verb, moved),
            Fact::Places(said) => {
                let promised = self.guarantees.get_mut(&said.guarantee)?;
                promised.places.clone_from(&said.places);
                promised.schedules.retain(|place, _| said.places.contains_key(place));
                Some(())
            }
            Fact::Scheduled(said) => {
                let schedules = &mut self.guarantees.get_mut(&said.guarantee)?.schedules;
                match &said.schedule {
                    Value::Null => drop(schedules.remove(&said.place)),
                    schedule => drop(schedules.insert(said.place, schedule.clone())),
                }
                Some(())
            }
            Fact::Closed(said) => self.closures.insert(said.closure, (said.from, said.until)).is_none().then_some(()),
            Fact::Reopened(said) => {
                let (from, until) = self.closures.get_mut(&said.closure)?;
                (*from, *until) = ((*from).min(at), at);
                Some(())
            }
            Fact::Absent => Some(()),
            Fact::Checked(said) => self.checked(said),
            Fact::Corrected(said) => self.corrected(said),
            Fact::Broken(said) => self.broken(said),
            Fact::Stepped(said) => self.stepped(at, said),
            Fact::Redacted(said) => {
                self.redacted = self.redacted.checked_add(said.redacted)?;
                Some(())
            }
            Fact::Sealed(said) => self.sealed(said),
        }
    }

    fn version(&mut self, said: &Version) -> Option<()> {
        let promised = self.guarantees.entry(said.guarantee).or_default();
        (said.version > promised.version).then(|| promised.version = said.version)
    }

    fn moved(&mut self, verb: Move, moved: &Moved) -> Option<()> {
        let promised = self.guarantees.get_mut(&moved.guarantee)?;
        // What was before it was published is not told.
        let stage = promised.stage.unwrap_or(Stage::Trial);
        let first = promised.stage.is_none();
        let next = stage.after(verb).ok().filter(|_| !first || verb == Move::Publish)?;
        promised.stage = Some(next);
        (first || promised.slug == moved.slug).then(|| promised.slug.clone_from(&moved.slug))
    }

    fn checked(&mut self, said: &Checked) -> Option<()> {
        self.guarantees.get(&said.guarantee).filter(|promised| promised.stage.is_some())?;
        self.checks += 1;
        let Some(day) = said.day else {
            self.without_day += 1;
            return (!self.is_sealed).then_some(());
        };
        if !is_local_day(day, said.at) {
            return None;
        }
        let tally = self.tallies.entry((said.guarantee, day)).or_default();
        *tally += Tally::of(said.verdict, said.due.is_some());
        Some(())
    }

    fn corrected(&mut self, said: &Corrected) -> Option<()> {
        self.corrections += 1;
        let Some(counted) = said.counted else {
            self.without_day += 1;
            return (!self.is_sealed).then_some(());
        };
        let tally = self.tallies.get_mut(&(counted.guarantee, counted.day))?;
        *tally = tally.replaced(said.was, said.verdict, counted.in_window)?;
        self.totals(counted.guarantee)?.corrections += 1;
        Some(())
    }

    fn broken(&mut self, said: &Broken) -> Option<()> {
        let totals = self.totals(said.guarantee)?;
        totals.breaks += 1;
        totals.found_by_staff += i64::from(said.found_by == FoundBy::Staff);
        let recovered = Recovered::opened(said.id, said.guarantee);
        self.recoveries.insert(said.recovery, recovered).is_none().then_some(())
    }

    fn stepped(&mut self, at: DateTime<Utc>, said: &Stepped) -> Option<()> {
        self.steps += 1;
        let recovered = self.recoveries.get_mut(&said.recovery)?;
        let before = *recovered;
        recovered.step(at, &said.step, said.outcome)?;
        let (guarantee, after) = (recovered.guarantee, *recovered);
        let totals = self.totals(guarantee)?;
        totals.late += i64::from(after.late) - i64::from(before.late);
        for (outcome, sign) in [(before.stage.outcome(), -1), (after.stage.outcome(), 1)] {
            *match outcome {
                Some(Outcome::Restored) => &mut totals.restored,
                Some(Outcome::RestoredByRecord) => &mut totals.restored_by_record,
                Some(Outcome::Partly) => &mut totals.partly,
                Some(Outcome::NotRestored) => &mut totals.not_restored,
                Some(Outcome::NoAnswer) => &mut totals.no_answer,
                None => continue,
            } += sign;
        }
        Some(())
    }

    /// Entries that say on which day they count were counted already, and must come to the same; the others count by
    /// what is sealed.
    fn sealed(&mut self, said: &Sealed) -> Option<()> {
        let seals_anew = std::mem::replace(&mut self.is_sealed, true);
        let mut tallies = BTreeMap::new();
        for (guarantee, sealed) in &said.guarantees {
            let promised = self.guarantees.get_mut(guarantee)?;
            promised.places.clone_from(&sealed.places);
            promised.schedules.clone_from(&sealed.schedules);
            for (day, [kept, broken, not_applicable, due_kept, due_broken, missed]) in &sealed.tallies {
                let (kept, broken, not_applicable) = (*kept, *broken, *not_applicable);
                let (due_kept, due_broken, missed) = (*due_kept, *due_broken, *missed);
                let tally = Tally { kept, broken, not_applicable, due_kept, due_broken, missed };
                tallies.insert((*guarantee, *day), tally);
            }
        }
        self.business = Some(said.business.clone());
        self.sites.clone_from(&said.sites);
        if self.without_day == 0 && self.tallies != tallies {
            return None;
        }
        self.tallies = tallies;
        (!seals_anew).then_some(())
    }

    /// The totals of a guarantee that was published.
    fn totals(&mut self, guarantee: GuaranteeId) -> Option<&mut Totals> {
        Some(self.guarantees.get_mut(&guarantee)?.totals.get_or_insert_default())
    }

    /// What is to be sealed of what was counted so far, where each guarantee is promised and when it is looked at.
    #[must_use]
    pub fn seal(
        &self,
        business: Business,
        sites: BTreeMap<SiteId, Option<String>>,
        mut guarantees: BTreeMap<GuaranteeId, SealedGuarantee>,
    ) -> Sealed {
        for ((guarantee, day), tally) in &self.tallies {
            let Tally { kept, broken, not_applicable, due_kept, due_broken, missed } = *tally;
            let counts = [kept, broken, not_applicable, due_kept, due_broken, missed];
            guarantees.entry(*guarantee).or_default().tallies.insert(*day, counts);
        }
        Sealed { business, sites, guarantees }
    }
}

impl Recovered {
    /// Takes a step by its name; a closing has its outcome. None where it does not lead on from here.
    pub fn step(&mut self, at: DateTime<Utc>, step: &str, outcome: Option<Outcome>) -> Option<()> {
        self.stage = self.stage.after(step, outcome)?;
        self.closed_at = self.stage.outcome().map(|_| at);
        self.late |= step == "late";
        self.steps += 1;
        match step {
            "reopened" => self.round = Round::default(),
            "record_watched" => self.round.watched = true,
            "answered" | "record_spoke" | "no_answer" => self.round.answered = true,
            _ => {}
        }
        Some(())
    }

    /// One that was just opened.
    #[must_use]
    pub fn opened(id: BreakId, guarantee: GuaranteeId) -> Self {
        let stage = recovery::Stage::Opened;
        Self { opened: id, guarantee, stage, closed_at: None, late: false, steps: 0, round: Round::default() }
    }

    /// Whether it waits for the record to speak.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.stage == recovery::Stage::FollowingUp && self.round.watched && !self.round.answered
    }
}

#[cfg(test)]
mod tests;
