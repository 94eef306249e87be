//! What was acknowledged is stored, and stored once. Sixteen clients log checks while the server is killed at random moments and
//! restarted; then the acknowledged checks are compared with the database. Another test sends each check several times.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod clients;
mod database;
mod process;
mod resend;
mod shop;

use std::collections::HashMap;
use std::env;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use domain::verdict::Verdict;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use server::clock::SystemSource;
use store::{ClockAndRandom, Store};
use uuid::Uuid;

use crate::clients::{Check, ClientConfig, ClientReport, SharedState, lock};
use crate::database::Database;
use crate::process::{Server, serve_command, trialmark};
use crate::resend::Resender;
use crate::shop::{SLUG, Shop};

const RESTARTS: usize = 50;
const CLIENTS: u64 = 16;

#[test]
fn no_acknowledged_check_is_lost_on_sqlite() {
    kill_and_restart(&Database::sqlite("kill").unwrap());
}

#[test]
fn no_acknowledged_check_is_lost_on_postgres() {
    let Ok(server) = env::var("TRIALMARK_TEST_POSTGRES") else {
        panic!("TRIALMARK_TEST_POSTGRES names no server: run `make test`, which starts one for the tests");
    };
    kill_and_restart(&Database::postgres("kill", &server).unwrap());
}

#[test]
fn resent_checks_are_stored_once() {
    let database = Database::sqlite("resend").unwrap();
    let seed = seed();
    println!("the seed of this run: TRIALMARK_TEST_SEED={seed}");
    let shop = run(async { shop::create(&open(&database).await).await.unwrap() });
    let token = output_of(&database, &["token", "create", "--business", SLUG, "--role", "staff"]);
    let server = Server::start(&mut serve_command(&database.url)).unwrap();
    let sent = Resender { server: server.address, shop: &shop, token: token.trim() }.send_all(seed);
    drop(server);
    println!("{} checks, sent {} times; {} responses were not read", sent.checks.len(), sent.times, sent.unread);
    let stored = run(StoredChecks::read(&database, &shop));
    assert_eq!((stored.checks.len(), stored.entries.len()), (10_000, 10_000));
    for check in &sent.checks {
        stored.assert_stored_once(check.id, check.broken);
    }
    assert!(output_of(&database, &["verify", "--business", SLUG]).contains("is whole"));
}

fn kill_and_restart(database: &Database) {
    let seed = seed();
    println!("the seed of this run: TRIALMARK_TEST_SEED={seed}");
    let shop = run(async { shop::create(&open(database).await).await.unwrap() });
    let token = output_of(database, &["token", "create", "--business", SLUG, "--role", "staff"]);
    let state = Mutex::new(SharedState::default());
    let config = ClientConfig { state: &state, shop: &shop, token: token.trim() };
    let reports: Vec<ClientReport> = thread::scope(|scope| {
        let config = &config;
        let clients: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || clients::log(config, seed + n))).collect();
        let _last = restart_repeatedly(database, &StopOnDrop(&state), seed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_matches_database(database, &shop, &reports);
    assert!(output_of(database, &["verify", "--business", SLUG]).contains("is whole"));
}

/// Starts and kills the server many times, then starts it once more, so that the clients can retry what is unconfirmed.
fn restart_repeatedly(database: &Database, stop: &StopOnDrop, seed: u64) -> Server {
    let (StopOnDrop(state), mut rng) = (stop, SmallRng::seed_from_u64(seed));
    for _ in 0..RESTARTS {
        let server = Server::start(&mut serve_command(&database.url)).unwrap();
        let before = lock(state).acknowledged;
        lock(state).server = Some(server.address);
        // Most runs last until a check is acknowledged. The others end at any moment.
        if rng.random_ratio(4, 5) {
            wait_until(|| lock(state).acknowledged > before);
        }
        thread::sleep(Duration::from_millis(rng.random_range(0..500)));
        lock(state).server = None;
        drop(server);
    }
    let last = Server::start(&mut serve_command(&database.url)).unwrap();
    lock(state).server = Some(last.address);
    last
}

/// Stops the clients when dropped, also by a panic.
struct StopOnDrop<'s>(&'s Mutex<SharedState>);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        lock(self.0).stopping = true;
    }
}

fn wait_until(happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_mins(2), "a server has acknowledged nothing for too long");
        thread::sleep(Duration::from_millis(2));
    }
}

fn assert_matches_database(database: &Database, shop: &Shop, reports: &[ClientReport]) {
    let acknowledged: Vec<Check> = reports.iter().flat_map(|report| &report.acknowledged).copied().collect();
    let unanswered: Vec<Check> = reports.iter().flat_map(|report| &report.unanswered).copied().collect();
    let disconnects: usize = reports.iter().map(|report| report.disconnects).sum();
    println!(
        "{} acknowledged, {} left unanswered, disconnected {disconnects} times",
        acknowledged.len(),
        unanswered.len()
    );
    assert!(
        acknowledged.len() > RESTARTS / 2 && disconnects > RESTARTS / 2,
        "too little happened for a meaningful test"
    );

    let stored = run(StoredChecks::read(database, shop));
    for check in &acknowledged {
        assert_eq!(stored.checks.get(&check.id), Some(&vec![check.broken]), "{} was acknowledged", check.id);
    }
    let sent: HashMap<Uuid, bool> = acknowledged.iter().chain(&unanswered).map(|sent| (sent.id, sent.broken)).collect();
    for id in stored.checks.keys() {
        let broken = *sent.get(id).unwrap_or_else(|| panic!("nobody sent {id}"));
        stored.assert_stored_once(*id, broken);
    }
    assert_eq!(stored.entries.len(), stored.checks.len(), "the record has entries of checks that are not stored");
    let broken = stored.checks.values().flatten().filter(|broken| **broken).count();
    assert_eq!(stored.tallies, [stored.checks.len() - broken, broken], "the tallies match the stored checks");
}

/// What the database contains, by the ids of the checks.
struct StoredChecks {
    /// Whether it is broken, for each row with this id.
    checks: HashMap<Uuid, Vec<bool>>,
    /// The number of its `check` entries in the record.
    entries: HashMap<Uuid, usize>,
    /// The number of its `break` entries in the record.
    breaks: HashMap<Uuid, usize>,
    /// Kept and broken checks by the tallies.
    tallies: [usize; 2],
}

impl StoredChecks {
    fn assert_stored_once(&self, id: Uuid, broken: bool) {
        assert_eq!(self.checks.get(&id), Some(&vec![broken]), "{id} is stored once, as it was sent");
        assert_eq!(self.entries.get(&id), Some(&1), "{id} has one entry in the record");
        assert_eq!(self.breaks.get(&id).copied().unwrap_or(0), usize::from(broken), "{id} and its recovery");
    }

    async fn read(database: &Database, shop: &Shop) -> Self {
        let store = open(database).await;
        let (mut checks, mut before): (HashMap<Uuid, Vec<bool>>, _) = (HashMap::new(), None);
        loop {
            let page = store.checks(&shop.owner, before, 500).await.unwrap();
            for row in &page.rows {
                checks.entry(row.id.0).or_default().push(row.verdict == Verdict::Broken);
            }
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        let (mut entries, mut breaks, mut seq) = (HashMap::new(), HashMap::new(), 0);
        loop {
            let lines = store.record_after(shop.owner.business, seq).await.unwrap();
            let Some(last) = lines.last() else { break };
            seq = last.entry.seq;
            for entry in lines.iter().map(|line| &line.entry) {
                let check = || entry.body["check"].as_str().unwrap().parse().unwrap();
                match entry.kind.as_str() {
                    "check" => *entries.entry(check()).or_default() += 1,
                    "break" => *breaks.entry(check()).or_default() += 1,
                    _ => {}
                }
            }
        }
        let home = store.business(&shop.owner).await.unwrap();
        let charter = store.charter(home, None).await.unwrap();
        let tally = charter.guarantees[0].tally(charter.guarantees[0].days.len());
        let tallies = [tally.kept, tally.broken].map(|count| usize::try_from(count).unwrap());
        Self { checks, entries, breaks, tallies }
    }
}

async fn open(database: &Database) -> Store {
    Store::open(&database.url, Arc::new(SystemSource)).await.unwrap()
}

/// The output of a command of the program.
fn output_of(database: &Database, arguments: &[&str]) -> String {
    let output = trialmark(&database.url, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The seed of the random numbers: `TRIALMARK_TEST_SEED`, or a new one.
fn seed() -> u64 {
    let [one, two, three, four, ..] = SystemSource.bytes();
    let given = env::var("TRIALMARK_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or(u32::from_be_bytes([one, two, three, four]).into())
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
