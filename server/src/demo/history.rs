//! Plays the history day by day: checks in each half hour, some of them broken, and a recovery for each break.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{DateTime, Days, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Chicago;
use domain::actor::Actor;
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::ids::RecoveryId;
use domain::verdict::Verdict;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use store::{ClockAndRandom, Store};

use super::break_texts;
use super::business::{DemoBusiness, DemoPromise};
use super::evening;
use super::recoveries::{PlannedStep, RecoveryPlayer};
use super::source::DemoSource;

pub struct History<'h> {
    store: &'h Store,
    source: &'h DemoSource,
    business: &'h DemoBusiness,
    now: DateTime<Utc>,
    rng: SmallRng,
    planned: BinaryHeap<Reverse<PlannedStep>>,
    player: RecoveryPlayer,
}

/// How often one promise is checked, and how often it is broken.
struct CheckProfile {
    /// Checks per place and half hour, in thousandths.
    checks_per_slot: u32,
    /// Whether the checks are scheduled (in `create_business`). Some are then missed.
    scheduled: bool,
    /// Breaks per thousand checks: before, and in the last three weeks.
    breaks: [u32; 2],
    /// Percentage of breaks that a customer reports.
    reported: u32,
}

/// In the order of the guarantees: restrooms, trial mark, grill, phone.
const CHECK_PROFILES: [CheckProfile; 4] = [
    CheckProfile { checks_per_slot: 1000, scheduled: true, breaks: [8, 7], reported: 12 },
    CheckProfile { checks_per_slot: 375, scheduled: false, breaks: [8, 6], reported: 60 },
    CheckProfile { checks_per_slot: 1400, scheduled: false, breaks: [6, 33], reported: 55 },
    CheckProfile { checks_per_slot: 690, scheduled: false, breaks: [12, 12], reported: 35 },
];

const RESTROOMS: usize = 0;
const GRILL: usize = 2;
const PHONE: usize = 3;

/// Opening hours in half hours: 6 to 22.
const SLOTS: std::ops::Range<i64> = 12..44;

impl<'h> History<'h> {
    pub fn new(store: &'h Store, source: &'h DemoSource, business: &'h DemoBusiness, now: DateTime<Utc>) -> Self {
        let rng = SmallRng::seed_from_u64(2026);
        Self { store, source, business, now, rng, planned: BinaryHeap::new(), player: RecoveryPlayer::default() }
    }

    /// Plays one day of the history; the last is today, up to now.
    pub async fn play_day(&mut self, number: u64) -> Result<(), store::Error> {
        let date = self.now.with_timezone(&Chicago).date_naive() - Days::new(super::DAYS - 1 - number);
        let midnight = date.and_hms_opt(0, 0, 0).unwrap_or_default();
        for slot in SLOTS {
            let local = midnight + TimeDelta::minutes(30 * slot);
            let Some(from) = Chicago.from_local_datetime(&local).earliest() else { continue };
            let from = from.to_utc();
            if from + HALF_HOUR > self.now {
                break;
            }
            self.take_steps(from).await?;
            let is_recent = number + 21 > super::DAYS;
            self.log_checks(from, usize::from(is_recent)).await?;
        }
        // The last two evenings are left out, so that the demo has something to answer.
        if number + 2 < super::DAYS {
            self.end_day().await?;
        }
        Ok(())
    }

    /// Takes the remaining steps up to now, and adds three breaks of the last hour: one that nobody has seen yet, one that is
    /// acknowledged, and the second break for the same customer.
    pub async fn finish(&mut self) -> Result<(), store::Error> {
        self.take_steps(self.now).await?;
        for (minutes, promise, reported, steps) in
            [(41, GRILL, true, 2), (23, RESTROOMS, false, 1), (9, PHONE, false, 0)]
        {
            let at = self.now - TimeDelta::minutes(minutes);
            self.source.set_time(at);
            if let Some(recovery) = self.log_break(promise, reported, at).await? {
                let actor = self.random_staff();
                self.player.take_first_steps(self.store, actor, self.source, recovery, reported, steps).await?;
            }
        }
        self.source.set_time(self.now);
        self.store.record_missed_deadlines(&self.business.owner).await?;
        Ok(())
    }

    async fn log_break(
        &mut self,
        promise: usize,
        reported: bool,
        at: DateTime<Utc>,
    ) -> Result<Option<RecoveryId>, store::Error> {
        let promise = &self.business.promises[promise];
        let Some(place) = promise.places.last() else { return Ok(None) };
        let finding = FindingDraft {
            verdict: Verdict::Broken.name().to_owned(),
            reason: "0".to_owned(),
            found_by: if reported { "customer" } else { "staff" }.to_owned(),
            ..FindingDraft::default()
        };
        let (guarantee, place) = (promise.guarantee.to_string(), place.to_string());
        let (id, at) = (self.source.id().to_string(), at.to_rfc3339());
        let draft = CheckDraft { id, guarantee, place, at, finding, ..CheckDraft::default() };
        Ok(self.store.log_check(self.random_staff(), draft).await?.recovery)
    }

    /// What the owner does at the end of a day.
    async fn end_day(&mut self) -> Result<(), store::Error> {
        evening::answer_obstacles(self.store, &self.business.owner).await?;
        for (guarantee, recovery) in evening::give_second_looks(self.store, &self.business.owner, &mut self.rng).await?
        {
            let promise =
                self.business.promises.iter().position(|promise| promise.guarantee == guarantee).unwrap_or_default();
            let texts = (promise, break_texts::for_break(promise, evening::BROKEN_CRITERION));
            self.planned.push(Reverse(RecoveryPlayer::plan_first_step(
                recovery,
                texts,
                false,
                self.source.now(),
                &mut self.rng,
            )));
        }
        Ok(())
    }

    /// Logs half an hour of checks at every place.
    async fn log_checks(&mut self, from: DateTime<Utc>, period: usize) -> Result<(), store::Error> {
        let mut checks = Vec::new();
        for (profile, promise) in CHECK_PROFILES.iter().zip(&self.business.promises) {
            for place in &promise.places {
                let checks_per_slot = profile.checks_per_slot / 1000
                    + u32::from(self.rng.random_ratio(profile.checks_per_slot % 1000, 1000));
                for _ in 0..checks_per_slot {
                    let at = from + TimeDelta::seconds(self.rng.random_range(0..1800));
                    if profile.scheduled && self.rng.random_ratio(22, 1000) {
                        continue;
                    }
                    let finding = self.finding(profile, promise, period);
                    let (guarantee, place) = (promise.guarantee.to_string(), place.to_string());
                    let id = self.source.id().to_string();
                    let at = at.to_rfc3339();
                    checks.push(CheckDraft { id, guarantee, place, at, finding, ..CheckDraft::default() });
                }
            }
        }
        self.source.set_time(from + HALF_HOUR);
        checks.sort_by(|left, right| left.at.cmp(&right.at));
        let actor = self.random_staff().clone();
        for (logged, check) in self.store.log_checks(&actor, &checks).await?.iter().zip(&checks) {
            if let (Verdict::Broken, Some(recovery)) = (logged.verdict, logged.recovery) {
                let reported = check.finding.found_by == "customer";
                let promise =
                    self.business.promises.iter().position(|promise| promise.guarantee.to_string() == check.guarantee);
                let promise = promise.unwrap_or_default();
                let texts = (promise, break_texts::for_break(promise, &check.finding.reason));
                let first = RecoveryPlayer::plan_first_step(recovery, texts, reported, from + HALF_HOUR, &mut self.rng);
                self.planned.push(Reverse(first));
            }
        }
        self.store.record_missed(&self.business.owner).await?;
        Ok(())
    }

    fn finding(&mut self, profile: &CheckProfile, promise: &DemoPromise, period: usize) -> FindingDraft {
        let verdict = match self.rng.random_range(0..1000) {
            roll if roll < profile.breaks[period] => Verdict::Broken,
            roll if roll < profile.breaks[period] + 4 => Verdict::NotApplicable,
            _ => Verdict::Kept,
        };
        let mut finding = FindingDraft { verdict: verdict.name().to_owned(), ..FindingDraft::default() };
        if verdict == Verdict::NotApplicable {
            "Closed for ten minutes for a delivery.".clone_into(&mut finding.note);
        }
        if verdict == Verdict::Broken {
            finding.reason = match self.rng.random_range(0..20) {
                0 => "safety".to_owned(),
                1 => "other".to_owned(),
                roll => (roll % promise.criteria).to_string(),
            };
            let obstacles = ["staffing", "staffing", "supplier", "tools", "training", "policy", ""];
            obstacles.choose(&mut self.rng).copied().unwrap_or_default().clone_into(&mut finding.obstacle);
            let reported = finding.reason != "safety" && self.rng.random_ratio(profile.reported, 100);
            if reported { "customer" } else { "staff" }.clone_into(&mut finding.found_by);
        }
        finding
    }

    /// Takes the steps planned before an instant, each at its planned time.
    async fn take_steps(&mut self, until: DateTime<Utc>) -> Result<(), store::Error> {
        while self.planned.peek().is_some_and(|Reverse(next)| next.at < until) {
            let Some(Reverse(planned)) = self.planned.pop() else { break };
            self.source.set_time(planned.at);
            let actor = self.random_staff().clone();
            if let Some(next) =
                self.player.take_step(self.store, &actor, &self.business.owner, planned, &mut self.rng).await?
            {
                self.planned.push(Reverse(next));
            }
        }
        Ok(())
    }

    fn random_staff(&mut self) -> &'h Actor {
        self.business.staff.choose(&mut self.rng).unwrap_or(&self.business.owner)
    }
}

const HALF_HOUR: TimeDelta = TimeDelta::minutes(30);
