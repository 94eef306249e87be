//! The recovery's own deadlines, computed from its steps whenever someone looks.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::{Recovery, Stage, Step, Taken};
use crate::hours::{Hours, Pause};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    Acknowledge,
    NextUpdate,
    Remedy,
    FollowUp,
}

/// One deadline of the present round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub kind: ClockKind,
    /// None while it waits for the customer, or when the business does not open again.
    pub due: Option<DateTime<Utc>>,
    pub met_at: Option<DateTime<Utc>>,
}

impl ClockKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::NextUpdate => "next_update",
            Self::Remedy => "remedy",
            Self::FollowUp => "follow_up",
        }
    }
}

impl Clock {
    /// Whether it still runs or waits.
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

impl Recovery {
    /// The customer is asked how it is after a day, and before the second is over.
    pub const FOLLOW_UP_WITHIN: TimeDelta = TimeDelta::hours(48);

    /// The clocks that have started in this round. They run in the opening hours and wait while a question is with
    /// the customer.
    #[must_use]
    pub fn clocks<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Vec<Clock> {
        let mut clocks = vec![self.acknowledge(hours, zone)];
        clocks.extend(self.next_update());
        clocks.push(self.remedy(hours, zone));
        clocks.extend(self.follow_up(hours, zone));
        clocks
    }

    /// The open clock that runs out first: what to do next.
    #[must_use]
    pub fn pressing<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Option<Clock> {
        if matches!(self.stage(), Stage::Closed(_)) {
            return None;
        }
        let open = self.clocks(hours, zone).into_iter().filter(Clock::is_open);
        open.min_by_key(|clock| clock.due.unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    fn acknowledge<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Clock {
        let allowed = TimeDelta::minutes(self.terms.acknowledge_minutes.into());
        let due = hours.after(zone, self.round_began(), allowed, &[]);
        Clock { kind: ClockKind::Acknowledge, due, met_at: self.first(|step| matches!(step, Step::Acknowledged(_))) }
    }

    fn remedy<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Clock {
        let allowed = TimeDelta::minutes(self.terms.remedy_minutes.into());
        let due = hours.after(zone, self.round_began(), allowed, &self.pauses());
        Clock { kind: ClockKind::Remedy, due, met_at: self.first(|step| matches!(step, Step::Remedied(_))) }
    }

    /// The last update promised to the customer, met by anything that reaches them after it was promised. To whom is
    /// forgotten nothing is owed any more.
    fn next_update(&self) -> Option<Clock> {
        let (position, due) = self.round().iter().enumerate().rev().find_map(|(position, taken)| {
            let promised = match &taken.step {
                Step::Acknowledged(said) => said.next_update_by,
                Step::Updated(said) => said.next_update_by,
                _ => None,
            };
            promised.map(|due| (position, due))
        })?;
        let reached = |taken: &&Taken| {
            matches!(taken.step, Step::Understood(_) | Step::Updated(_) | Step::AskedCustomer | Step::Remedied(_))
        };
        let met_at = self.round()[position + 1..].iter().find(reached).map(|taken| taken.at);
        let clock = Clock { kind: ClockKind::NextUpdate, due: Some(due), met_at };
        (self.forgotten_at.is_none() || !clock.is_open()).then_some(clock)
    }

    fn follow_up<Z: TimeZone>(&self, hours: &Hours, zone: &Z) -> Option<Clock> {
        let remedied = self.first(|step| matches!(step, Step::Remedied(_)))?;
        let due = hours.after(zone, remedied + Self::FOLLOW_UP_WITHIN, TimeDelta::zero(), &[]);
        let met_at = self.first(|step| matches!(step, Step::FollowUpSent | Step::RecordWatched));
        let clock = Clock { kind: ClockKind::FollowUp, due, met_at };
        (self.forgotten_at.is_none() || !clock.is_open()).then_some(clock)
    }

    fn pauses(&self) -> Vec<Pause> {
        let mut pauses: Vec<Pause> = Vec::new();
        for taken in self.round() {
            match (&taken.step, pauses.last_mut()) {
                (Step::AskedCustomer, _) => pauses.push(Pause { from: taken.at, until: None }),
                (Step::CustomerReplied, Some(pause)) => pause.until = Some(taken.at),
                // What is remedied waits for nobody.
                (Step::Remedied(_), Some(pause)) if pause.until.is_none() => pause.until = Some(taken.at),
                _ => {}
            }
        }
        if let (Some(pause @ Pause { until: None, .. }), Some(forgotten)) = (pauses.last_mut(), self.forgotten_at) {
            pause.until = Some(forgotten);
        }
        pauses
    }

    fn first(&self, wanted: impl Fn(&Step) -> bool) -> Option<DateTime<Utc>> {
        self.round().iter().find(|taken| wanted(&taken.step)).map(|taken| taken.at)
    }
}
