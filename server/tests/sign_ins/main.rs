//! Signing in: a rush of people keeps nobody from reading, and how soon somebody is refused tells nothing.

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
#[expect(dead_code, reason = "`make bench` measures how long it takes")]
mod rush;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "nobody logs checks here")]
mod shop;

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::client::Client;
use crate::database::Database;
use crate::process::Server;

/// One after the other: both are about what comes first.
static ALONE: Mutex<()> = Mutex::new(());

/// So few that all are let in before the server loses patience, on the busiest machine.
const PEOPLE: usize = 40;

/// Whoever waited behind the crowd for a page would see all of it let in before.
#[test]
fn a_rush_of_sign_ins_keeps_nobody_from_reading() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = prepared("rush");
    let (waits, took) = rush::beside(server.address, PEOPLE).unwrap();
    let mut let_in: Vec<_> = waits.iter().map(|wait| wait.let_in).collect();
    let_in.sort_unstable();
    let middle = let_in[let_in.len() / 2];
    println!("{} pages while {} signed in, in {took:?}; {middle} let in during one", waits.len(), PEOPLE);
    assert!(waits.len() >= 10, "{waits:?}");
    assert!(middle <= 2, "{let_in:?}");
}

/// Passwords are hashed in the order in which they come. If nothing were hashed for an address that nobody has, its
/// refusal would overtake the one before it.
#[test]
fn an_address_that_nobody_has_is_refused_no_sooner_than_one_that_somebody_has() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = prepared("time");
    let somebody = rush::email(0);
    let mut clients = [(); 2].map(|()| Client::connect(server.address).unwrap());
    for other in ["nobody@corner.example", "no address"] {
        for [first, second] in [[somebody.as_str(), other], [other, somebody.as_str()]] {
            let in_order = (0..TURNS).filter(|turn| refused_in_order(&mut clients, [first, second], *turn)).count();
            println!("{first:?} before {second:?}: refused in this order {in_order} times of {TURNS}");
            assert!(in_order * 4 >= TURNS, "{second:?} overtakes {first:?}");
        }
    }
}

const TURNS: usize = 20;

/// Tries to sign in twice, one shortly after the other: whether they are refused in this order.
fn refused_in_order(clients: &mut [Client; 2], who: [&str; 2], turn: usize) -> bool {
    let refused = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for (at, (client, who)) in clients.iter_mut().zip(who).enumerate() {
            let refused = &refused;
            scope.spawn(move || {
                let status = rush::sign_in(client, &format!("198.51.{at}.{turn}"), who, "a wrong secret").unwrap();
                assert_eq!(status, 422, "{who}");
                refused.lock().unwrap().push(at);
            });
            thread::sleep(Duration::from_millis(3));
        }
    });
    refused.into_inner().unwrap() == [0, 1]
}

fn prepared(name: &str) -> (Server, Database) {
    let database = Database::sqlite(name).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(rush::prepare(&database.url)).unwrap();
    (rush::start(&database.url).unwrap(), database)
}
