//! Recomputes every published number from the facts of the record. The hash chain is verified elsewhere.

mod event;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use crate::breaks::FoundBy;
use crate::guarantee::{Stage, Transition};
use crate::ids::{BreakId, ClosureId, GuaranteeId, PlaceId, RecoveryId, SiteId};
use crate::measure::Tally;
use crate::record::ChainError;
use crate::recovery::{self, Outcome, StepKind};

pub use event::{
    Broken, Business, Checked, Closed, Corrected, Counted, Fact, Moved, Places, Redacted, Reopened, Scheduled, Sealed,
    SealedGuarantee, Site, Stepped, Version, body, happened,
};

/// The state of a business as told by the entries of the record that were added so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayState {
    /// `None` if the record does not tell it: an older version wrote the record, and no backfill entry was appended
    /// yet.
    pub business: Option<Business>,
    pub sites: BTreeMap<SiteId, Option<String>>,
    /// Every guarantee that was ever public.
    pub guarantees: BTreeMap<GuaranteeId, ReplayedGuarantee>,
    /// The tallies of all public checks, by guarantee and by the day each check counts on.
    pub tallies: BTreeMap<(GuaranteeId, NaiveDate), Tally>,
    pub recoveries: BTreeMap<RecoveryId, ReplayedRecovery>,
    /// The start and end of each closure.
    pub closures: BTreeMap<ClosureId, (DateTime<Utc>, DateTime<Utc>)>,
    pub checks: u64,
    pub corrections: u64,
    pub steps: u64,
    /// How many texts were redacted.
    pub redacted: u64,
    /// Whether the record itself tells on which day each check counts.
    pub is_backfilled: bool,
    /// The latest time at which anything happened.
    pub last: DateTime<Utc>,
    /// Checks and corrections so far that do not tell on which day they count.
    without_day: u64,
}

/// A guarantee that was public at some time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayedGuarantee {
    /// `None` until it is published.
    pub stage: Option<Stage>,
    pub slug: String,
    pub version: i64,
    /// The places where it is promised, each with its site.
    pub places: BTreeMap<PlaceId, SiteId>,
    /// The schedule of each place, as JSON.
    pub schedules: BTreeMap<PlaceId, Value>,
    /// `None` as long as there was no break and no correction.
    pub totals: Option<Totals>,
}

/// Counts of the public breaks, corrections and recovery outcomes of a guarantee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub breaks: i64,
    pub found_by_staff: i64,
    /// Recoveries that missed a deadline.
    pub late: i64,
    pub corrections: i64,
    pub restored: i64,
    pub restored_by_record: i64,
    pub partly: i64,
    pub not_restored: i64,
    pub no_answer: i64,
}

/// The state of a recovery as told by its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayedRecovery {
    pub opened: BreakId,
    pub guarantee: GuaranteeId,
    pub stage: recovery::Stage,
    pub closed_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub steps: i64,
    round: Round,
}

/// What is known about trust in the current round, since the recovery was opened or last reopened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Round {
    watched: bool,
    answered: bool,
}

/// Whether `day` can be the local day of the instant in any time zone: at most one day from the UTC day.
#[must_use]
pub fn is_local_day(day: NaiveDate, at: DateTime<Utc>) -> bool {
    (day - at.date_naive()).abs() <= TimeDelta::days(1)
}

/// Recomputes the state from a whole record: each fact with the time at which it happened.
///
/// # Errors
/// [`ChainError::Contradiction`] with the number (from 1) of the first fact that does not follow from those before it.
pub fn replay<'f>(facts: impl IntoIterator<Item = (DateTime<Utc>, &'f Fact)>) -> Result<ReplayState, ChainError> {
    let mut figures = ReplayState::default();
    for (seq, (at, fact)) in (1..).zip(facts) {
        figures.add(seq, at, fact)?;
    }
    Ok(figures)
}

impl ReplayState {
    /// Adds the fact of the next entry.
    ///
    /// # Errors
    /// [`ChainError::Contradiction`] if it does not follow from the facts before it.
    pub fn add(&mut self, seq: i64, at: DateTime<Utc>, fact: &Fact) -> Result<(), ChainError> {
        self.last = self.last.max(at);
        self.apply(at, fact).ok_or(ChainError::Contradiction { seq })
    }

    fn apply(&mut self, at: DateTime<Utc>, fact: &Fact) -> Option<()> {
        match fact {
            Fact::Business(business) => {
                // A record that begins with this fact needs no backfill. Later facts of this kind are changes.
                let begins = self.business.replace(business.clone()).is_none();
                let nothing_before = self.checks == 0 && self.guarantees.is_empty();
                self.is_backfilled |= begins && nothing_before;
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

    fn moved(&mut self, verb: Transition, moved: &Moved) -> Option<()> {
        let promised = self.guarantees.get_mut(&moved.guarantee)?;
        // Stages before publication are not in the record.
        let stage = promised.stage.unwrap_or(Stage::Trial);
        let first = promised.stage.is_none();
        let next = stage.after(verb).ok().filter(|_| !first || verb == Transition::Publish)?;
        promised.stage = Some(next);
        (first || promised.slug == moved.slug).then(|| promised.slug.clone_from(&moved.slug))
    }

    fn checked(&mut self, said: &Checked) -> Option<()> {
        self.guarantees.get(&said.guarantee).filter(|promised| promised.stage.is_some())?;
        self.checks += 1;
        let Some(day) = said.day else {
            self.without_day += 1;
            return (!self.is_backfilled).then_some(());
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
            return (!self.is_backfilled).then_some(());
        };
        let tally = self.tallies.get_mut(&(counted.guarantee, counted.day))?;
        *tally = tally.with_correction(said.was, said.verdict, counted.in_window)?;
        self.totals(counted.guarantee)?.corrections += 1;
        Some(())
    }

    fn broken(&mut self, said: &Broken) -> Option<()> {
        let totals = self.totals(said.guarantee)?;
        totals.breaks += 1;
        totals.found_by_staff += i64::from(said.found_by == FoundBy::Staff);
        let recovered = ReplayedRecovery::opened(said.id, said.guarantee);
        self.recoveries.insert(said.recovery, recovered).is_none().then_some(())
    }

    fn stepped(&mut self, at: DateTime<Utc>, said: &Stepped) -> Option<()> {
        self.steps += 1;
        let recovered = self.recoveries.get_mut(&said.recovery)?;
        let before = *recovered;
        recovered.step(at, said.step, said.outcome)?;
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

    /// Applies a backfill. Entries that tell their day were counted already, so the backfill must agree with that
    /// count. If any entry does not tell its day, the tallies of the backfill are taken over.
    fn sealed(&mut self, said: &Sealed) -> Option<()> {
        let seals_anew = std::mem::replace(&mut self.is_backfilled, true);
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

    /// The backfill for what was counted so far, to be appended to the record. The caller adds the current business,
    /// sites, places and schedules.
    #[must_use]
    pub fn backfill(
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

impl ReplayedRecovery {
    /// Applies a step; [`StepKind::Closed`] needs an outcome. `None` if the step is not possible now.
    pub fn step(&mut self, at: DateTime<Utc>, step: StepKind, outcome: Option<Outcome>) -> Option<()> {
        self.stage = self.stage.after(step, outcome)?;
        self.closed_at = self.stage.outcome().map(|_| at);
        self.late |= step == StepKind::Late;
        self.steps += 1;
        match step {
            StepKind::Reopened => self.round = Round::default(),
            StepKind::RecordWatchStarted => self.round.watched = true,
            StepKind::Answered | StepKind::RestoredByRecord | StepKind::NoAnswer => self.round.answered = true,
            _ => {}
        }
        Some(())
    }

    /// A recovery that was just opened.
    #[must_use]
    pub fn opened(id: BreakId, guarantee: GuaranteeId) -> Self {
        let stage = recovery::Stage::Opened;
        Self { opened: id, guarantee, stage, closed_at: None, late: false, steps: 0, round: Round::default() }
    }

    /// Whether the record is being watched for kept checks, because no customer can be asked.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.stage == recovery::Stage::FollowingUp && self.round.watched && !self.round.answered
    }
}

#[cfg(test)]
mod tests;
