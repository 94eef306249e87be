//! Signing in, by the clock: a rush of people keeps nobody from reading, and how long it takes tells nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// What the kill test uses as well, and more of it.
#[path = "../kill/client.rs"]
#[expect(dead_code, reason = "only the status counts here")]
mod client;
#[path = "../kill/database.rs"]
#[expect(dead_code, reason = "one kind of database is enough here")]
mod database;
#[path = "../kill/process.rs"]
mod process;
mod rush;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "nobody logs checks here")]
mod shop;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::database::Database;
use crate::process::Server;

/// Whoever measures has the machine alone.
static ALONE: Mutex<()> = Mutex::new(());

/// The middle of the waits counts here: without optimisation the first moment, in which everyone's request is read, is
/// long. `make bench` holds the 99th percentile to its budget.
#[test]
fn a_rush_of_sign_ins_keeps_nobody_from_reading() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = prepared("rush");
    let waits = rush::measure(server.address, 1).unwrap();
    for percent in [50, 90, 99] {
        let [beside, alone] = waits.within(percent);
        println!("{percent} % waited at most {beside:.1} ms beside {} sign-ins, {alone:.1} ms alone", rush::CROWD);
    }
    println!("they took {:?}; {} and {} pages", waits.took, waits.beside.len(), waits.alone.len());
    let [beside, alone] = waits.within(50);
    // Less than half a hash is always well: whoever waits for hashes waits for many.
    assert!(beside < (alone * 2.5).max(12.0), "{beside:.1} ms beside the crowd, {alone:.1} ms alone");
}

#[test]
fn an_address_that_nobody_has_is_refused_no_sooner_than_one_that_somebody_has() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = prepared("time");
    let mut client = Client::connect(server.address).unwrap();
    let somebody = rush::email(0);
    let who = [somebody.as_str(), "nobody@corner.example", "no address"];
    let mut took = [const { Vec::new() }; 3];
    for place in 0..42 {
        for (who, took) in who.iter().zip(&mut took) {
            let began = Instant::now();
            let status = rush::sign_in(&mut client, &format!("198.51.100.{place}"), who, "a wrong secret").unwrap();
            took.push(began.elapsed());
            assert_eq!(status, 422, "{who}");
        }
    }
    // The first turns are not counted: connections open, code is read.
    let [known, unknown, none] = took.map(|took| middle(&took[2..]));
    println!("refused in {known:?}, {unknown:?} where nobody has the address, {none:?} where it is none");
    for other in [unknown, none] {
        let ratio = known.as_secs_f64() / other.as_secs_f64();
        assert!((0.7..1.4).contains(&ratio), "{known:?} and {other:?}: {ratio:.2}");
    }
}

fn prepared(name: &str) -> (Server, Database) {
    let database = Database::sqlite(name).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(rush::prepare(&database.url)).unwrap();
    (rush::start(&database.url).unwrap(), database)
}

fn middle(took: &[Duration]) -> Duration {
    let mut took = took.to_vec();
    took.sort_unstable();
    took[took.len() / 2]
}
