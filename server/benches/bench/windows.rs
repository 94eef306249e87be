//! How long it takes to write down what nobody looked at: a day of a large business at which nobody worked.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use domain::place::NameDraft;
use domain::schedule::{DAYS, ScheduleDraft};
use server::clock::Machine;
use store::{Source, Store};

use crate::database::Database;
use crate::report::Budget::AtMost;
use crate::report::Measure::Milliseconds;
use crate::report::Report;
use crate::shop;

const PLACES: usize = 5_000;
const WINDOWS: usize = 48;

/// The machine's clock, some days behind. It goes on while the work is done, as ids that follow time do.
struct Behind(AtomicI64);

impl Source for Behind {
    fn now(&self) -> DateTime<Utc> {
        Machine.now() - TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }

    fn bytes(&self) -> [u8; 32] {
        Machine.bytes()
    }
}

pub async fn measure(report: &mut Report) -> Result<(), Box<dyn Error>> {
    let database = Database::sqlite("windows")?;
    let clock = Arc::new(Behind(AtomicI64::new(TimeDelta::days(2).num_milliseconds())));
    let store = Store::open(&database.url, clock.clone()).await?;
    let shop = shop::found(&store).await?;
    let site = store.add_site(&shop.owner, &NameDraft { name: "Everywhere".to_owned() }.parse()?).await?;
    let mut places = Vec::with_capacity(PLACES);
    for number in 0..PLACES {
        let name = NameDraft { name: format!("Place {number}") }.parse()?;
        places.push(store.add_place(&shop.owner, site, &name).await?);
    }
    store.promise_at(&shop.owner, shop.guarantee, &places).await?.ok_or("no guarantee")?;
    let schedule = ScheduleDraft {
        rhythm: "every".to_owned(),
        every: "30".to_owned(),
        within: "00:00-24:00".to_owned(),
        days: DAYS.map(|(name, _)| name.to_owned()).to_vec(),
        grace: "0".to_owned(),
        ..ScheduleDraft::default()
    };
    store.schedule(&shop.owner, shop.guarantee, &places, schedule.parse()?.as_ref()).await?.ok_or("no guarantee")?;
    let night = TimeDelta::days(1) + TimeDelta::minutes(30);
    clock.0.fetch_sub(night.num_milliseconds(), Ordering::Relaxed);
    let began = Instant::now();
    let missed = store.conclude(&shop.owner).await?;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    if missed < PLACES * WINDOWS {
        return Err(format!("only {missed} windows were concluded").into());
    }
    let detail = format!("{missed} windows of {PLACES} places, each a check, a record entry and a count");
    report.line("a day of windows concluded", took, Milliseconds, AtMost(10_000.0), detail);
    Ok(())
}
