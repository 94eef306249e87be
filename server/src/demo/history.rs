//! What happened day by day: checks by the half hour, breaks now and then, and a recovery for each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{DateTime, Days, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Chicago;
use domain::actor::Actor;
use domain::check::{CheckDraft, FindingDraft, Verdict};
use domain::ids::RecoveryId;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use store::{Source, Store};

use super::answers;
use super::business::{Promise, Shop};
use super::recoveries::{Planned, Walk};
use super::source::Replay;
use super::words;

pub struct History<'h> {
    store: &'h Store,
    source: &'h Replay,
    shop: &'h Shop,
    now: DateTime<Utc>,
    dice: SmallRng,
    planned: BinaryHeap<Reverse<Planned>>,
    walk: Walk,
}

/// How one promise fares: how often it is looked at, and how it goes.
struct Habit {
    /// Looks at each place in each half hour, in thousandths.
    looks: u32,
    /// Whether looks are due by a schedule (`business::found`), and may be missed.
    scheduled: bool,
    /// Breaks in a thousand looks, ordinarily and in the last three weeks.
    breaks: [u32; 2],
    /// Breaks in a hundred that a customer has to tell us about.
    told: u32,
}

/// In the order of the guarantees: restrooms, trial mark, grill, phone.
const HABITS: [Habit; 4] = [
    Habit { looks: 1000, scheduled: true, breaks: [8, 7], told: 12 },
    Habit { looks: 375, scheduled: false, breaks: [8, 6], told: 60 },
    Habit { looks: 1400, scheduled: false, breaks: [6, 33], told: 55 },
    Habit { looks: 690, scheduled: false, breaks: [12, 12], told: 35 },
];

const RESTROOMS: usize = 0;
const GRILL: usize = 2;
const PHONE: usize = 3;

/// Opening hours in half hours: 6 to 22.
const SLOTS: std::ops::Range<i64> = 12..44;

impl<'h> History<'h> {
    pub fn new(store: &'h Store, source: &'h Replay, shop: &'h Shop, now: DateTime<Utc>) -> Self {
        let dice = SmallRng::seed_from_u64(2026);
        Self { store, source, shop, now, dice, planned: BinaryHeap::new(), walk: Walk::default() }
    }

    /// Plays one day of the history; the last is today, up to now.
    pub async fn day(&mut self, number: u64) -> Result<(), store::Error> {
        let date = self.now.with_timezone(&Chicago).date_naive() - Days::new(super::DAYS - 1 - number);
        let midnight = date.and_hms_opt(0, 0, 0).unwrap_or_default();
        for slot in SLOTS {
            let local = midnight + TimeDelta::minutes(30 * slot);
            let Some(from) = Chicago.from_local_datetime(&local).earliest() else { continue };
            let from = from.to_utc();
            if from + HALF_HOUR > self.now {
                break;
            }
            self.recover(from).await?;
            let lately = number + 21 > super::DAYS;
            self.look(from, usize::from(lately)).await?;
        }
        // In the evening. What was asked since yesterday is still to be done: so there is something at any hour.
        if number + 2 < super::DAYS {
            self.answer().await?;
        }
        Ok(())
    }

    /// Takes the steps that are left before now, and leaves three recoveries of the last hour where people are busy
    /// with them: one nobody has seen yet, one acknowledged, and the second failure of the same customer.
    pub async fn finish(&mut self) -> Result<(), store::Error> {
        self.recover(self.now).await?;
        for (minutes, promise, told, steps) in [(41, GRILL, true, 2), (23, RESTROOMS, false, 1), (9, PHONE, false, 0)] {
            let at = self.now - TimeDelta::minutes(minutes);
            self.source.set(at);
            if let Some(recovery) = self.break_now(promise, told, at).await? {
                let actor = self.someone();
                self.walk.begin(self.store, actor, self.source, recovery, told, steps).await?;
            }
        }
        self.source.set(self.now);
        self.store.note_lateness(&self.shop.owner).await?;
        Ok(())
    }

    async fn break_now(
        &mut self,
        promise: usize,
        told: bool,
        at: DateTime<Utc>,
    ) -> Result<Option<RecoveryId>, store::Error> {
        let promise = &self.shop.promises[promise];
        let Some(place) = promise.places.last() else { return Ok(None) };
        let finding = FindingDraft {
            verdict: Verdict::Broken.name().to_owned(),
            reason: "0".to_owned(),
            found_by: if told { "customer" } else { "staff" }.to_owned(),
            ..FindingDraft::default()
        };
        let (guarantee, place) = (promise.guarantee.to_string(), place.to_string());
        let (id, at) = (self.source.id().to_string(), at.to_rfc3339());
        let draft = CheckDraft { id, guarantee, place, at, finding, ..CheckDraft::default() };
        Ok(self.store.log_check(self.someone(), draft).await?.recovery)
    }

    /// What the owner does at the end of a day.
    async fn answer(&mut self) -> Result<(), store::Error> {
        answers::answer(self.store, &self.shop.owner).await?;
        for (guarantee, recovery) in answers::look_again(self.store, &self.shop.owner, &mut self.dice).await? {
            let promise = self.shop.promises.iter().position(|one| one.guarantee == guarantee).unwrap_or_default();
            let about = (promise, words::of(promise, answers::SEEN));
            self.planned.push(Reverse(Walk::plan(recovery, about, false, self.source.now(), &mut self.dice)));
        }
        Ok(())
    }

    /// One half hour of checks at every place.
    async fn look(&mut self, from: DateTime<Utc>, lately: usize) -> Result<(), store::Error> {
        let mut checks = Vec::new();
        for (habit, promise) in HABITS.iter().zip(&self.shop.promises) {
            for place in &promise.places {
                let looks = habit.looks / 1000 + u32::from(self.dice.random_ratio(habit.looks % 1000, 1000));
                for _ in 0..looks {
                    let at = from + TimeDelta::seconds(self.dice.random_range(0..1800));
                    if habit.scheduled && self.dice.random_ratio(22, 1000) {
                        continue;
                    }
                    let finding = self.finding(habit, promise, lately);
                    let (guarantee, place) = (promise.guarantee.to_string(), place.to_string());
                    let id = self.source.id().to_string();
                    let at = at.to_rfc3339();
                    checks.push(CheckDraft { id, guarantee, place, at, finding, ..CheckDraft::default() });
                }
            }
        }
        self.source.set(from + HALF_HOUR);
        checks.sort_by(|one, other| one.at.cmp(&other.at));
        let actor = self.someone().clone();
        for (logged, check) in self.store.log_checks(&actor, &checks).await?.iter().zip(&checks) {
            if let (Verdict::Broken, Some(recovery)) = (logged.verdict, logged.recovery) {
                let told = check.finding.found_by == "customer";
                let promise = self.shop.promises.iter().position(|one| one.guarantee.to_string() == check.guarantee);
                let promise = promise.unwrap_or_default();
                let about = (promise, words::of(promise, &check.finding.reason));
                let first = Walk::plan(recovery, about, told, from + HALF_HOUR, &mut self.dice);
                self.planned.push(Reverse(first));
            }
        }
        self.store.conclude(&self.shop.owner).await?;
        Ok(())
    }

    fn finding(&mut self, habit: &Habit, promise: &Promise, lately: usize) -> FindingDraft {
        let verdict = match self.dice.random_range(0..1000) {
            roll if roll < habit.breaks[lately] => Verdict::Broken,
            roll if roll < habit.breaks[lately] + 4 => Verdict::NotApplicable,
            _ => Verdict::Kept,
        };
        let mut finding = FindingDraft { verdict: verdict.name().to_owned(), ..FindingDraft::default() };
        if verdict == Verdict::NotApplicable {
            "Closed for ten minutes for a delivery.".clone_into(&mut finding.note);
        }
        if verdict == Verdict::Broken {
            finding.reason = match self.dice.random_range(0..20) {
                0 => "safety".to_owned(),
                1 => "other".to_owned(),
                roll => (roll % promise.criteria).to_string(),
            };
            let obstacles = ["staffing", "staffing", "supplier", "tools", "training", "policy", ""];
            obstacles.choose(&mut self.dice).copied().unwrap_or_default().clone_into(&mut finding.obstacle);
            let told = finding.reason != "safety" && self.dice.random_ratio(habit.told, 100);
            if told { "customer" } else { "staff" }.clone_into(&mut finding.found_by);
        }
        finding
    }

    /// Takes the steps planned before an instant, each at its own.
    async fn recover(&mut self, until: DateTime<Utc>) -> Result<(), store::Error> {
        while self.planned.peek().is_some_and(|Reverse(next)| next.at < until) {
            let Some(Reverse(planned)) = self.planned.pop() else { break };
            self.source.set(planned.at);
            let actor = self.someone().clone();
            if let Some(next) = self.walk.step(self.store, &actor, &self.shop.owner, planned, &mut self.dice).await? {
                self.planned.push(Reverse(next));
            }
        }
        Ok(())
    }

    fn someone(&mut self) -> &'h Actor {
        self.shop.staff.choose(&mut self.dice).unwrap_or(&self.shop.owner)
    }
}

const HALF_HOUR: TimeDelta = TimeDelta::minutes(30);
