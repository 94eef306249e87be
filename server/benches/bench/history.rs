//! Test data: a business with ten thousand checks logged through the store, and copies to a hundred times as many.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::ids::RecoveryId;
use domain::recovery::{AcknowledgementDraft, LessonDraft, RemedyDraft, StepDraft, UnderstandingDraft};
use server::clock::SystemSource;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, SqliteConnection};
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

/// The factor of [`multiply`].
pub fn factor() -> usize {
    scaled(100, 3)
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
        ..FindingDraft::default()
    };
    let place = if broken { shop.places.len() - 1 } else { number % shop.places.len() };
    CheckDraft {
        id: SystemSource.id().to_string(),
        guarantee: shop.guarantee.to_string(),
        place: shop.places[place].to_string(),
        at: (evening - TimeDelta::minutes(minutes)).to_rfc3339(),
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

/// Copies every check with its break, recovery, steps and texts until there are a hundred of each, and updates the tallies. The
/// record stays as it is, because the page reads only its head.
pub async fn multiply(database: &str) -> Result<(), Box<dyn Error>> {
    let options = database.parse::<SqliteConnectOptions>()?.foreign_keys(false).synchronous(SqliteSynchronous::Off);
    let mut file = options.pragma("cache_size", "-400000").connect().await?;
    file.execute("BEGIN").await?;
    file.execute("CREATE TEMP TABLE copies (number INTEGER, mark BLOB)").await?;
    // The id of a copy is that of the original with a marker in the middle, where no original has an F.
    let sql = "INSERT INTO copies WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n \
        WHERE number < $1 - 1) SELECT number, CAST(printf('F%02d', number) AS BLOB) FROM n";
    sqlx::query(sql).bind(i64::try_from(factor())?).execute(&mut file).await?;
    for (table, ids) in [
        ("recovery_steps", &["id", "recovery_id"][..]),
        ("recoveries", &["id", "break_id"]),
        ("breaks", &["id", "check_id", "recovery_id"]),
        ("checks", &["id", "break_id"]),
    ] {
        copy(&mut file, table, ids).await?;
    }
    let factor = factor();
    for (table, kept) in [
        ("tallies", &["guarantee_id", "business_id", "place_id", "public", "day"][..]),
        ("break_totals", &["guarantee_id", "business_id"]),
    ] {
        let counts = columns(&mut file, table).await?;
        let counts: Vec<_> = counts.iter().filter(|name| !kept.contains(&name.as_str())).collect();
        let sums: Vec<_> = counts.iter().map(|name| format!("{name} = {name} * {factor}")).collect();
        file.execute(AssertSqlSafe(format!("UPDATE {table} SET {}", sums.join(", ")))).await?;
    }
    file.execute("COMMIT").await?;
    let (copied,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM checks").fetch_one(&mut file).await?;
    if copied != i64::try_from(checks() * factor)? {
        return Err(format!("there are {copied} checks").into());
    }
    Ok(())
}

/// Copies every row of a table. The texts of a recovery belong to its steps, and are copied with them.
async fn copy(file: &mut SqliteConnection, table: &str, ids: &[&str]) -> Result<(), Box<dyn Error>> {
    let (names, checks) = (columns(file, table).await?, checks());
    let another = |name: &str| format!("CAST(substr(o.{name}, 1, 6) || mark || substr(o.{name}, 10) AS BLOB)");
    let value = |name: &String| match name.as_str() {
        name if ids.contains(&name) => format!("CASE WHEN o.{name} IS NOT NULL THEN {} END", another(name)),
        "number" if table == "recoveries" => format!("o.number + copies.number * {checks}"),
        name => format!("o.{name}"),
    };
    let values: Vec<_> = names.iter().map(value).collect();
    if table == "recovery_steps" {
        let texts = format!(
            "INSERT INTO texts (business_id, owner_id, field, public, salt, body, seq) \
             SELECT t.business_id, {}, t.field, t.public, t.salt, t.body, NULL FROM {table} o \
             JOIN texts t ON t.owner_id = o.id CROSS JOIN copies",
            another("id")
        );
        file.execute(AssertSqlSafe(texts)).await?;
    }
    let (names, values) = (names.join(", "), values.join(", "));
    let rows = format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} o CROSS JOIN copies");
    file.execute(AssertSqlSafe(rows)).await?;
    Ok(())
}

async fn columns(file: &mut SqliteConnection, table: &str) -> Result<Vec<String>, sqlx::Error> {
    let names: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(table).fetch_all(file).await?;
    let names: BTreeSet<String> = names.into_iter().map(|(name,)| name).collect();
    Ok(names.into_iter().collect())
}
