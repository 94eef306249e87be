//! What was acknowledged is stored, and stored once: sixteen clients log checks, the server is killed at random moments
//! and started again, and in the end what the clients were told is compared with what the database holds. And what is sent
//! again and again is stored once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod crowd;
mod database;
mod process;
mod shop;
mod storm;

use std::collections::HashMap;
use std::env;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use domain::check::Verdict;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use server::clock::Machine;
use store::{Source, Store};
use uuid::Uuid;

use crate::crowd::{Account, Check, Errand, Sign, read};
use crate::database::Database;
use crate::process::{Server, serving, trialmark};
use crate::shop::{SLUG, Shop};
use crate::storm::Storm;

const LIVES: usize = 50;
const CLIENTS: u64 = 16;

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    survive(&Database::sqlite("kill").unwrap());
}

#[test]
fn nothing_acknowledged_is_lost_on_postgres() {
    let Ok(server) = env::var("TRIALMARK_TEST_POSTGRES") else {
        panic!("TRIALMARK_TEST_POSTGRES names no server: run `make test`, which starts one for the tests");
    };
    survive(&Database::postgres("kill", &server).unwrap());
}

#[test]
fn ten_thousand_checks_sent_again_and_again_are_ten_thousand_checks() {
    let database = Database::sqlite("storm").unwrap();
    let seed = seed();
    println!("the dice of this run: TRIALMARK_TEST_SEED={seed}");
    let shop = run(async { shop::found(&open(&database).await).await.unwrap() });
    let token = said(&database, &["token", "create", "--business", SLUG, "--role", "staff"]);
    let server = Server::start(&mut serving(&database.url)).unwrap();
    let sent = Storm { server: server.address, shop: &shop, token: token.trim() }.rage(seed);
    drop(server);
    println!("{} checks, sent {} times; {} answers went unheard", sent.checks.len(), sent.times, sent.unheard);
    let held = run(Held::read(&database, &shop));
    assert_eq!((held.checks.len(), held.entries.len()), (10_000, 10_000));
    for check in &sent.checks {
        held.holds(check.id, check.broken);
    }
    assert!(said(&database, &["verify", "--business", SLUG]).contains("is whole"));
}

fn survive(database: &Database) {
    let seed = seed();
    println!("the dice of this run: TRIALMARK_TEST_SEED={seed}");
    let shop = run(async { shop::found(&open(database).await).await.unwrap() });
    let token = said(database, &["token", "create", "--business", SLUG, "--role", "staff"]);
    let sign = Mutex::new(Sign::default());
    let errand = Errand { sign: &sign, shop: &shop, token: token.trim() };
    let accounts: Vec<Account> = thread::scope(|scope| {
        let errand = &errand;
        let clients: Vec<_> = (0..CLIENTS).map(|n| scope.spawn(move || crowd::log(errand, seed + n))).collect();
        let _last = lives(database, &Closing(&sign), seed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    compare(database, &shop, &accounts);
    assert!(said(database, &["verify", "--business", SLUG]).contains("is whole"));
}

/// Starts the server and kills it, again and again; then once more, for the clients that still want to know.
fn lives(database: &Database, closing: &Closing, seed: u64) -> Server {
    let (Closing(sign), mut dice) = (closing, SmallRng::seed_from_u64(seed));
    for _ in 0..LIVES {
        let server = Server::start(&mut serving(&database.url)).unwrap();
        let before = read(sign).acknowledged;
        read(sign).server = Some(server.address);
        // Most lives are long enough for something to be acknowledged; the others end anywhere.
        if dice.random_ratio(4, 5) {
            wait_until(|| read(sign).acknowledged > before);
        }
        thread::sleep(Duration::from_millis(dice.random_range(0..500)));
        read(sign).server = None;
        drop(server);
    }
    let last = Server::start(&mut serving(&database.url)).unwrap();
    read(sign).server = Some(last.address);
    last
}

/// Sends the clients home when there will be no more lives, for whatever reason.
struct Closing<'s>(&'s Mutex<Sign>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        read(self.0).closing = true;
    }
}

fn wait_until(happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_mins(2), "a server has acknowledged nothing for too long");
        thread::sleep(Duration::from_millis(2));
    }
}

fn compare(database: &Database, shop: &Shop, accounts: &[Account]) {
    let acknowledged: Vec<Check> = accounts.iter().flat_map(|account| &account.acknowledged).copied().collect();
    let unanswered: Vec<Check> = accounts.iter().flat_map(|account| &account.unanswered).copied().collect();
    let cut_off: usize = accounts.iter().map(|account| account.cut_off).sum();
    println!("{} acknowledged, {} left unanswered, cut off {cut_off} times", acknowledged.len(), unanswered.len());
    assert!(acknowledged.len() > LIVES / 2 && cut_off > LIVES / 2, "too little happened to prove anything");

    let held = run(Held::read(database, shop));
    for check in &acknowledged {
        assert_eq!(held.checks.get(&check.id), Some(&vec![check.broken]), "{} was acknowledged", check.id);
    }
    let sent: HashMap<Uuid, bool> = acknowledged.iter().chain(&unanswered).map(|sent| (sent.id, sent.broken)).collect();
    for id in held.checks.keys() {
        let broken = *sent.get(id).unwrap_or_else(|| panic!("nobody sent {id}"));
        held.holds(*id, broken);
    }
    assert_eq!(held.entries.len(), held.checks.len(), "the record tells of checks that are not stored");
    let broken = held.checks.values().flatten().filter(|broken| **broken).count();
    assert_eq!(held.counted, [held.checks.len() - broken, broken], "the tallies count what is stored");
}

/// What the database holds, by the ids of the checks.
struct Held {
    /// Whether it is broken: one answer for each row.
    checks: HashMap<Uuid, Vec<bool>>,
    /// How many entries of the record log it.
    entries: HashMap<Uuid, usize>,
    /// How many entries of the record open a recovery for it.
    breaks: HashMap<Uuid, usize>,
    /// Kept and broken by the tallies.
    counted: [usize; 2],
}

impl Held {
    fn holds(&self, id: Uuid, broken: bool) {
        assert_eq!(self.checks.get(&id), Some(&vec![broken]), "{id} is stored once, as it was sent");
        assert_eq!(self.entries.get(&id), Some(&1), "{id} stands in the record once");
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
        let home = store.home(&shop.owner).await.unwrap();
        let charter = store.charter(home, None).await.unwrap();
        let tally = charter.guarantees[0].tally(charter.guarantees[0].days.len());
        let counted = [tally.kept, tally.broken].map(|count| usize::try_from(count).unwrap());
        Self { checks, entries, breaks, counted }
    }
}

async fn open(database: &Database) -> Store {
    Store::open(&database.url, Arc::new(Machine)).await.unwrap()
}

/// What a command of the program says.
fn said(database: &Database, arguments: &[&str]) -> String {
    let output = trialmark(&database.url, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The same dice as in another run, if they are asked for.
fn seed() -> u64 {
    let [one, two, three, four, ..] = Machine.bytes();
    let asked = env::var("TRIALMARK_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    asked.unwrap_or(u32::from_be_bytes([one, two, three, four]).into())
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
