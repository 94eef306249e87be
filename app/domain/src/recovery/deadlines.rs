//! The deadlines of a recovery, computed from its steps each time they are read.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::{Recovery, Stage, Step, StepKind, TakenStep};
use crate::closed_set::closed_set;
use crate::hours::{Hours, Pause};

/// Which deadline of a recovery it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    Acknowledge,
    NextUpdate,
    Remedy,
    FollowUp,
}

/// One deadline of the current round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub kind: DeadlineKind,
    /// `None` while the clock is paused for the customer, or if the business has no opening within reach.
    pub due: Option<DateTime<Utc>>,
    /// When it was met. `None` while it is open.
    pub met_at: Option<DateTime<Utc>>,
}

closed_set! {
    DeadlineKind.name {
        Acknowledge = "acknowledge",
        NextUpdate = "next_update",
        Remedy = "remedy",
        FollowUp = "follow_up",
    }
}

impl Deadline {
    /// Whether the deadline is not met yet. It may be running or paused.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.met_at.is_none()
    }

    /// Whether the deadline passed before it was met.
    #[must_use]
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.due.is_some_and(|due| self.met_at.unwrap_or(now) > due)
    }
}

/// A step of a recovery, as far as promised updates depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateStep {
    pub kind: StepKind,
    pub at: DateTime<Utc>,
    /// The update that the step promised.
    pub next_update_by: Option<DateTime<Utc>>,
}

/// The deadline of the latest update promised to the customer in one round. Any later step that reaches the customer
/// meets it.
#[must_use]
pub fn promised_update(round: &[UpdateStep]) -> Option<Deadline> {
    let position = round.iter().rposition(|step| step.next_update_by.is_some())?;
    let (promise, later) = round.get(position..)?.split_first()?;
    let reaches_customer = |step: &&UpdateStep| {
        matches!(step.kind, StepKind::Understood | StepKind::Updated | StepKind::AskedCustomer | StepKind::Remedied)
    };
    let met_at = later.iter().find(reaches_customer).map(|step| step.at);
    Some(Deadline { kind: DeadlineKind::NextUpdate, due: promise.next_update_by, met_at })
}

impl Recovery {
    /// The follow-up is due within 48 hours of the remedy.
    pub const FOLLOW_UP_WITHIN: TimeDelta = TimeDelta::hours(48);

    /// When the next update is promised unless somebody chooses another time.
    pub const USUAL_UPDATE_WITHIN: TimeDelta = TimeDelta::hours(2);

    /// The deadlines that apply in the current round. The acknowledgement and the remedy are due within so many minutes
    /// of opening hours; the remedy clock pauses while a question to the customer is open. The next update is due at
    /// the promised instant. The follow-up is due 48 hours after the remedy, or at the next opening after that.
    #[must_use]
    pub fn deadlines<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Vec<Deadline> {
        let mut deadlines = vec![self.acknowledge(hours, zone)];
        deadlines.extend(self.next_update());
        deadlines.push(self.remedy(hours, zone));
        deadlines.extend(self.follow_up(hours, zone));
        deadlines
    }

    /// The open deadline that is due first. `None` if the recovery is closed or every deadline is met.
    #[must_use]
    pub fn next_deadline<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Option<Deadline> {
        if matches!(self.stage(), Stage::Closed(_)) {
            return None;
        }
        let open = self.deadlines(hours, zone).into_iter().filter(Deadline::is_open);
        open.min_by_key(|deadline| deadline.due.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// The deadlines of the current round that are not recorded as missed.
    fn unrecorded_deadlines<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> impl Iterator<Item = Deadline> {
        let recorded = |kind| self.current_round().iter().any(|taken| taken.step == Step::Late { clock: kind });
        self.deadlines(hours, zone).into_iter().filter(move |deadline| !recorded(deadline.kind))
    }

    /// The missed deadlines of the current round that are not recorded yet, whether they are met by now or not.
    #[must_use]
    pub fn unrecorded_misses<Z: TimeZone>(&self, hours: &Hours, zone: &Z, now: DateTime<Utc>) -> Vec<DeadlineKind> {
        let missed = self.unrecorded_deadlines(hours, zone).filter(|deadline| deadline.is_late(now));
        missed.map(|deadline| deadline.kind).collect()
    }

    /// From when on there is a missed deadline to record, if nobody takes a step. `None` if there will be none, or the
    /// recovery is closed.
    #[must_use]
    pub fn missed_from<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Option<DateTime<Utc>> {
        if matches!(self.stage(), Stage::Closed(_)) {
            return None;
        }
        let due = |deadline: Deadline| deadline.due.filter(|due| deadline.met_at.is_none_or(|met| met > *due));
        self.unrecorded_deadlines(hours, zone).filter_map(due).min()
    }

    fn acknowledge<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Deadline {
        let allowed = TimeDelta::minutes(self.terms.acknowledge_minutes.into());
        let due = hours.deadline(zone, self.current_round_began(), allowed, &[]);
        Deadline {
            kind: DeadlineKind::Acknowledge,
            due,
            met_at: self.first(|step| matches!(step, Step::Acknowledged(_))),
        }
    }

    fn remedy<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Deadline {
        let allowed = TimeDelta::minutes(self.terms.remedy_minutes.into());
        let due = hours.deadline(zone, self.current_round_began(), allowed, &self.pauses());
        Deadline { kind: DeadlineKind::Remedy, due, met_at: self.first(|step| matches!(step, Step::Remedied(_))) }
    }

    /// The latest update promised to the customer. Nothing is owed any more to a customer whose data was erased.
    pub(super) fn next_update(&self) -> Option<Deadline> {
        let step = |taken: &TakenStep| UpdateStep {
            kind: taken.step.kind(),
            at: taken.at,
            next_update_by: match &taken.step {
                Step::Acknowledged(said) => said.next_update_by,
                Step::Updated(said) => said.next_update_by,
                _ => None,
            },
        };
        let round: Vec<_> = self.current_round().iter().map(step).collect();
        promised_update(&round).filter(|deadline| self.customer_erased_at.is_none() || !deadline.is_open())
    }

    fn follow_up<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Option<Deadline> {
        let remedied = self.first(|step| matches!(step, Step::Remedied(_)))?;
        let due = hours.deadline(zone, remedied + Self::FOLLOW_UP_WITHIN, TimeDelta::zero(), &[]);
        let met_at = self.first(|step| matches!(step, Step::FollowUpSent | Step::RecordWatchStarted));
        let deadline = Deadline { kind: DeadlineKind::FollowUp, due, met_at };
        (self.customer_erased_at.is_none() || !deadline.is_open()).then_some(deadline)
    }

    fn pauses(&self) -> Vec<Pause> {
        let mut pauses: Vec<Pause> = Vec::new();
        for taken in self.current_round() {
            match (&taken.step, pauses.last_mut()) {
                (Step::AskedCustomer, _) => pauses.push(Pause { from: taken.at, until: None }),
                (Step::CustomerReplied, Some(pause)) => pause.until = Some(taken.at),
                // A remedy ends the pause, even if the customer has not replied.
                (Step::Remedied(_), Some(pause)) if pause.until.is_none() => pause.until = Some(taken.at),
                _ => {}
            }
        }
        if let (Some(pause @ Pause { until: None, .. }), Some(forgotten)) = (pauses.last_mut(), self.customer_erased_at)
        {
            pause.until = Some(forgotten);
        }
        pauses
    }

    fn first(&self, wanted: impl Fn(&Step) -> bool) -> Option<DateTime<Utc>> {
        self.current_round().iter().find(|taken| wanted(&taken.step)).map(|taken| taken.at)
    }
}
