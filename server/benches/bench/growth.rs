//! How much slower each door is in a business with a hundred times as many checks and open recoveries, and a charter with
//! five times as many guarantees.

use std::error::Error;
use std::sync::Arc;

use app::addresses;
use chrono::TimeDelta;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::ids::{CheckId, RecoveryId};
use server::clock::SystemSource;
use store::{ClockAndRandom, RecoveryFilter, Store};
use tokio::runtime::Runtime;

use crate::credentials::{bearer, cookie};
use crate::database::Database;
use crate::history::{self, Clock, check_of};
use crate::load::{Cost, Request, compare, cost, post};
use crate::multiply::multiply;
use crate::postgres_server;
use crate::process::Server;
use crate::report::Budget::AtMost;
use crate::report::Measure::Times;
use crate::report::Report;
use crate::scale::scaled;
use crate::serving::ServerKind;
use crate::shop::{self, Shop};

/// How many recoveries are open before everything is multiplied.
fn open_recoveries() -> usize {
    scaled(20, 3)
}

/// A business, served by the app with and without its page cache.
struct Grown {
    database: Database,
    app: Server,
    uncached: Server,
    shop: Shop,
    check: CheckId,
    recovery: RecoveryId,
    /// The headers of somebody who is signed in, and those of a program.
    cookie: String,
    bearer: String,
}

/// A door and how it is called.
type Door = (&'static str, fn(&Grown) -> (&Server, Request));

const DOORS: &[Door] = &[
    ("public page", |grown| (&grown.uncached, Request::get(&format!("/p/{}/clean-restrooms", shop::SLUG), ""))),
    ("charter", |grown| (&grown.uncached, Request::get(&format!("/p/{}", shop::SLUG), ""))),
    ("Today", |grown| grown.page(addresses::TODAY)),
    ("check screen", |grown| grown.page(&addresses::check_guarantee(grown.shop.places[0], grown.shop.guarantee))),
    ("Checks", |grown| grown.page(addresses::CHECKS)),
    ("correction form", |grown| grown.page(&addresses::correct_check(grown.check))),
    ("Recoveries", |grown| grown.page(addresses::RECOVERIES)),
    ("Recoveries, late", |grown| grown.page(&addresses::filtered_recoveries("late"))),
    ("a recovery", |grown| grown.page(&addresses::recovery(grown.recovery))),
    ("Obstacles", |grown| grown.page(addresses::OBSTACLES)),
    ("Guarantees", |grown| grown.page(addresses::GUARANTEES)),
    ("a guarantee", |grown| grown.page(&addresses::guarantee(grown.shop.guarantee))),
    ("Places", |grown| grown.page(addresses::PLACES)),
    ("GET checks", |grown| grown.call("checks")),
    ("GET breaks", |grown| grown.call("breaks")),
    ("GET recoveries", |grown| grown.call("recoveries?limit=20")),
    ("GET closed recoveries", |grown| grown.call("recoveries?stage=closed&limit=20")),
    ("GET obstacles", |grown| grown.call("obstacles")),
    ("GET guarantees", |grown| grown.call("guarantees")),
    ("POST a kept check", |grown| grown.log(r#""kept""#)),
    ("POST a broken check", |grown| grown.log(r#""broken","reason":"1""#)),
];

/// Compares every door on SQLite, and on PostgreSQL if there is one.
pub fn measure(report: &mut Report, runtime: &Runtime, factor: usize) -> Result<(), Box<dyn Error>> {
    compare_doors(report, runtime, "SQLite", factor, &Database::sqlite)?;
    compare_charters(report, runtime)?;
    let Some(server) = postgres_server() else {
        println!("   –  growth on PostgreSQL: end2end/postgres.sh cargo bench -p server measures it too");
        return Ok(());
    };
    compare_doors(report, runtime, "PostgreSQL", factor, &|name| Database::postgres(name, &server))
}

fn compare_doors<E: Into<Box<dyn Error>>>(
    report: &mut Report,
    runtime: &Runtime,
    name: &str,
    factor: usize,
    create: &dyn Fn(&str) -> Result<Database, E>,
) -> Result<(), Box<dyn Error>> {
    let few = runtime.block_on(Grown::create(create("original").map_err(Into::into)?, 1))?;
    let many = runtime.block_on(Grown::create(create("grown").map_err(Into::into)?, factor))?;
    let (checks, open) = (history::checks(), open_recoveries());
    println!("   –  {name}: {} checks and {} open recoveries ÷ {checks} and {open}", checks * factor, open * factor);
    let paid = if few.database.url.starts_with("postgres:") { Cost::Time } else { Cost::Processor };
    for (door, request) in DOORS {
        let [one, other] = [&few, &many].map(|grown| {
            let (server, request) = request(grown);
            move || cost(paid, server, &request)
        });
        let compared = compare(other, one)?;
        let detail = format!("{:.0} µs and {:.0} µs", compared.one * 1e6, compared.other * 1e6);
        report.line(&format!("{door}, grown, {name}"), compared.ratio, Times, AtMost(1.2), detail);
    }
    Ok(())
}

impl Grown {
    /// Some months of checks, with open recoveries, multiplied.
    async fn create(database: Database, factor: usize) -> Result<Self, Box<dyn Error>> {
        let shop = history::write(&database.url).await?;
        let store = Store::open(&database.url, Arc::new(SystemSource)).await?;
        let now = SystemSource.now();
        let broken = FindingDraft { verdict: "broken".to_owned(), reason: "1".to_owned(), ..FindingDraft::default() };
        for number in 0..open_recoveries() {
            let minutes = i64::try_from(number)?;
            let draft = check_of(shop.guarantee, shop.places[0], now - TimeDelta::minutes(minutes), broken.clone());
            store.log_check(&shop.owner, draft).await?;
        }
        let recovery = store.open_recoveries(&shop.owner, RecoveryFilter::All, None, 1).await?.rows;
        let check = store.checks(&shop.owner, None, 1).await?.rows;
        let (cookie, bearer) = (cookie(&store, &shop.owner).await?, bearer(&store, &shop.owner).await?);
        if factor > 1 {
            multiply(&shop, &database.url, factor).await?;
        }
        drop(store);
        Ok(Self {
            app: ServerKind::App.start(&database.url)?,
            uncached: ServerKind::Uncached.start(&database.url)?,
            database,
            check: check.first().ok_or("no check")?.id,
            recovery: recovery.first().ok_or("no recovery is open")?.id,
            shop,
            cookie,
            bearer,
        })
    }

    fn page(&self, address: &str) -> (&Server, Request) {
        (&self.app, Request::get(address, &self.cookie))
    }

    fn call(&self, list: &str) -> (&Server, Request) {
        (&self.app, Request::get(&format!("{}/{list}", addresses::API), &self.bearer))
    }

    fn log(&self, finding: &'static str) -> (&Server, Request) {
        let (guarantee, place) = (self.shop.guarantee, self.shop.places[0]);
        let bearer = self.bearer.clone();
        let request = move || {
            let id = SystemSource.id();
            let body = format!(r#"{{"id":"{id}","guarantee":"{guarantee}","place":"{place}","verdict":{finding}}}"#);
            post(&format!("{}/checks", addresses::API), &bearer, &body)
        };
        (&self.app, Request::varying(201, request))
    }
}

/// A charter that is rendered anew, with twenty guarantees and with four.
fn compare_charters(report: &mut Report, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    let (few, many) = (4, scaled(20, 5));
    let create = |guarantees| {
        let database = Database::sqlite(&format!("guarantees-{guarantees}"))?;
        runtime.block_on(promise(&database.url, guarantees))?;
        let server = ServerKind::Uncached.start(&database.url)?;
        Ok::<_, Box<dyn Error>>((database, server))
    };
    let ((_fewer, one), (_more, other)) = (create(few)?, create(many)?);
    let request = Request::get(&format!("/p/{}", shop::SLUG), "");
    let compared = compare(|| cost(Cost::Processor, &other, &request), || cost(Cost::Processor, &one, &request))?;
    let detail = format!("{:.0} µs and {:.0} µs", compared.one * 1e6, compared.other * 1e6);
    let what = format!("charter with {many} guarantees ÷ with {few}");
    report.line(&what, compared.ratio, Times, AtMost(1.5), detail);
    Ok(())
}

/// A business with so many guarantees, each checked daily at four places for the days that a charter shows.
async fn promise(database: &str, guarantees: usize) -> Result<(), Box<dyn Error>> {
    let (days, today) = (scaled(90, 3), SystemSource.now());
    let clock = Arc::new(Clock::at(today - TimeDelta::days(days + 1)));
    let store = Store::open(database, clock.clone()).await?;
    let shop = shop::create(&store).await?;
    let problem = store.problems(&shop.owner).await?.first().ok_or("no problem")?.id;
    let mut promises = vec![shop.guarantee];
    while promises.len() < guarantees {
        let title = format!("Clean restrooms, {}", promises.len());
        let wording = WordingDraft { title, ..shop::wording() }.parse()?;
        let promise = store.add_guarantee(&shop.owner, problem, None, &wording, &shop.places).await?;
        store.transition_guarantee(&shop.owner, promise, Transition::Publish).await?;
        promises.push(promise);
    }
    let kept = FindingDraft { verdict: "kept".to_owned(), ..FindingDraft::default() };
    for day in 1..=days {
        let at = today - TimeDelta::days(days - day);
        clock.set(at);
        let pairs = promises.iter().flat_map(|promise| shop.places.iter().map(move |place| (*promise, *place)));
        let checks: Vec<_> = pairs.map(|(promise, place)| check_of(promise, place, at, kept.clone())).collect();
        store.log_checks(&shop.owner, &checks).await?;
    }
    Ok(())
}
