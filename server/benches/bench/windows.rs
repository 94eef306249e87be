//! How long it takes to record the missed windows of a large business for a whole day.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use domain::place::NameDraft;
use domain::schedule::{DAYS, ScheduleDraft};
use server::clock::SystemSource;
use store::{ClockAndRandom, Store};

use crate::database::Database;
use crate::report::Budget::AtMost;
use crate::report::Measure::Milliseconds;
use crate::report::Report;
use crate::scale::scaled;
use crate::shop;

/// The number of places.
fn places() -> usize {
    scaled(5_000, 20)
}

/// The number of windows a day at each.
const WINDOWS: usize = 48;

/// The system clock minus an offset. It moves on during the work, as time-ordered ids need it.
struct OffsetClock(AtomicI64);

impl ClockAndRandom for OffsetClock {
    fn now(&self) -> DateTime<Utc> {
        SystemSource.now() - TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }

    fn bytes(&self) -> [u8; 32] {
        SystemSource.bytes()
    }
}

pub async fn measure(report: &mut Report) -> Result<(), Box<dyn Error>> {
    let database = Database::sqlite("windows")?;
    let clock = Arc::new(OffsetClock(AtomicI64::new(TimeDelta::days(2).num_milliseconds())));
    let store = Store::open(&database.url, clock.clone()).await?;
    let shop = shop::create(&store).await?;
    let site = store.add_site(&shop.owner, &NameDraft { name: "Everywhere".to_owned() }.parse()?).await?;
    let count = places();
    let mut places = Vec::with_capacity(count);
    for number in 0..count {
        let name = NameDraft { name: format!("Place {number}") }.parse()?;
        places.push(store.add_place(&shop.owner, site, &name).await?);
    }
    store.set_guarantee_places(&shop.owner, shop.guarantee, &places).await?.ok_or("no guarantee")?;
    let schedule = ScheduleDraft {
        rhythm: "every".to_owned(),
        every: "30".to_owned(),
        within: "00:00-24:00".to_owned(),
        days: DAYS.map(|(name, _)| name.to_owned()).to_vec(),
        grace: "0".to_owned(),
        ..ScheduleDraft::default()
    };
    store
        .set_schedule(&shop.owner, shop.guarantee, &places, schedule.parse()?.as_ref())
        .await?
        .ok_or("no guarantee")?;
    let one_day = TimeDelta::days(1) + TimeDelta::minutes(30);
    clock.0.fetch_sub(one_day.num_milliseconds(), Ordering::Relaxed);
    let began = Instant::now();
    let missed = store.record_missed(&shop.owner).await?;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    if missed < count * WINDOWS {
        return Err(format!("only {missed} windows were recorded").into());
    }
    let detail = format!("{missed} windows of {count} places, each a check, a record entry and a tally");
    report.line("a day of windows concluded", took, Milliseconds, AtMost(10_000.0), detail);
    Ok(())
}
