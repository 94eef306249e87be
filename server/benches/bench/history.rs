//! Test data: a business with ten thousand checks logged through the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::ids::{GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::{AcknowledgementDraft, LessonDraft, RemedyDraft, StepDraft, UnderstandingDraft};
use server::clock::SystemSource;
use store::{ClockAndRandom, Store};

use crate::scale::scaled;
use crate::shop::{self, Shop};

fn days() -> i64 {
    scaled(125, 5)
}
const CHECKS_A_DAY: usize = 80;

/// How many checks [`write`] logs.
pub fn checks() -> usize {
    scaled(10_000, 400)
}

/// Ten thousand checks over the last months, one in eighty broken, each break with its recovery.
pub async fn write(database: &str) -> Result<Shop, store::Error> {
    let clock = Arc::new(Clock::at(SystemSource.now() - TimeDelta::days(days() + 1)));
    let store = Store::open(database, clock.clone()).await?;
    let shop = shop::create(&store).await?;
    let today = SystemSource.now();
    for day in 1..=days() {
        let evening = today - TimeDelta::days(days() - day);
        clock.set(evening);
        let checks: Vec<_> = (0..CHECKS_A_DAY).map(|number| check(&shop, evening, number)).collect();
        let logged = store.log_checks(&shop.owner, &checks).await?;
        for recovery in logged.iter().filter_map(|logged| logged.recovery) {
            recover(&store, &shop, &clock, recovery).await?;
        }
    }
    Ok(shop)
}

/// One check of a day. The breaks are at the last place.
fn check(shop: &Shop, evening: DateTime<Utc>, number: usize) -> CheckDraft {
    let minutes = i64::try_from(CHECKS_A_DAY - number).unwrap_or_default() * 10;
    let broken = number == CHECKS_A_DAY / 2;
    let finding = FindingDraft {
        verdict: if broken { "broken" } else { "kept" }.to_owned(),
        reason: if broken { "1" } else { "" }.to_owned(),
        obstacle: if broken { "staffing" } else { "" }.to_owned(),
        ..FindingDraft::default()
    };
    let place = if broken { shop.places.len() - 1 } else { number % shop.places.len() };
    check_of(shop.guarantee, shop.places[place], evening - TimeDelta::minutes(minutes), finding)
}

/// A check of a guarantee at a place.
pub fn check_of(guarantee: GuaranteeId, place: PlaceId, at: DateTime<Utc>, finding: FindingDraft) -> CheckDraft {
    CheckDraft {
        id: SystemSource.id().to_string(),
        guarantee: guarantee.to_string(),
        place: place.to_string(),
        at: at.to_rfc3339(),
        finding,
        ..CheckDraft::default()
    }
}

/// Takes all steps of a recovery. Kept checks close it in the next days.
async fn recover(store: &Store, shop: &Shop, clock: &Clock, recovery: RecoveryId) -> Result<(), store::Error> {
    let steps = [
        StepDraft::Acknowledge(AcknowledgementDraft::default()),
        StepDraft::Understand(UnderstandingDraft {
            words: "There was no soap at two of the basins, and nobody knew where it is kept.".to_owned(),
            severity: "minor".to_owned(),
            preventable: "yes".to_owned(),
            ..UnderstandingDraft::default()
        }),
        StepDraft::Remedy(RemedyDraft {
            correction: "Mopped, dried and refilled within a quarter of an hour.".to_owned(),
            ..RemedyDraft::default()
        }),
        StepDraft::FollowUp,
        StepDraft::Learn(LessonDraft {
            cause: "The dispenser was not refilled at the shift change.".to_owned(),
            corrective_action: "Soap and paper are now part of the hand-over at all stops.".to_owned(),
            heard: "yes".to_owned(),
            thanked: "yes".to_owned(),
            supported: "yes".to_owned(),
            ..LessonDraft::default()
        }),
    ];
    for step in steps {
        clock.set(clock.now() + TimeDelta::minutes(4));
        store.take_step(&shop.owner, recovery, &step).await?;
    }
    Ok(())
}

/// A manual clock.
pub struct Clock(AtomicI64);

impl Clock {
    pub fn at(at: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(at.timestamp_millis()))
    }

    pub fn set(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_millis(), Ordering::Relaxed);
    }
}

impl ClockAndRandom for Clock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }

    fn bytes(&self) -> [u8; 32] {
        SystemSource.bytes()
    }
}
