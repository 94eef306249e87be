//! Signing in under load: pages are still served, and the time of a refusal does not reveal whether an account exists.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../kill/client.rs"]
#[expect(dead_code, reason = "only the status is used here")]
mod client;
#[path = "../kill/database.rs"]
#[expect(dead_code, reason = "only SQLite is used here")]
mod database;
#[expect(dead_code, reason = "`make bench` uses the rest")]
mod load;
#[path = "../kill/process.rs"]
mod process;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "only a part of it is used here")]
mod shop;

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::client::Client;
use crate::database::Database;
use crate::process::Server;

/// The tests run one at a time, because both measure the order of responses.
static SEQUENTIAL: Mutex<()> = Mutex::new(());

/// Few enough that the server answers all of them within its time limit, also on a busy machine.
const PEOPLE: usize = 40;

/// If a page had to wait for the sign-ins, all of them would be finished during its request.
#[test]
fn pages_are_served_while_many_people_sign_in() {
    let _guard = SEQUENTIAL.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = start_with_accounts("sign_in_load");
    let (waits, took) = load::under_load(server.address, PEOPLE).unwrap();
    let mut signed_in: Vec<_> = waits.iter().map(|wait| wait.signed_in).collect();
    signed_in.sort_unstable();
    let median = signed_in[signed_in.len() / 2];
    println!("{} pages while {} signed in, in {took:?}; {median} of them during one request", waits.len(), PEOPLE);
    assert!(waits.len() >= 10, "{waits:?}");
    assert!(median <= 2, "{signed_in:?}");
}

/// Passwords are hashed in the order of their requests. If nothing were hashed for an unknown address, its refusal would come
/// before that of an earlier request.
#[test]
fn an_unknown_email_is_refused_no_sooner_than_a_known_email() {
    let _guard = SEQUENTIAL.lock().unwrap_or_else(PoisonError::into_inner);
    let (server, _database) = start_with_accounts("time");
    let known = load::email(0);
    let mut clients = [(); 2].map(|()| Client::connect(server.address).unwrap());
    for other in ["nobody@corner.example", "no address"] {
        for [first, second] in [[known.as_str(), other], [other, known.as_str()]] {
            let in_order =
                (0..ATTEMPTS).filter(|attempt| refused_in_order(&mut clients, [first, second], *attempt)).count();
            println!("{first:?} before {second:?}: refused in this order {in_order} times of {ATTEMPTS}");
            assert!(in_order * 4 >= ATTEMPTS, "{second:?} is refused before {first:?}");
        }
    }
}

const ATTEMPTS: usize = 20;

/// Sends two wrong sign-ins, one shortly after the other. Returns whether they are refused in this order.
fn refused_in_order(clients: &mut [Client; 2], emails: [&str; 2], attempt: usize) -> bool {
    let refused = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for (at, (client, email)) in clients.iter_mut().zip(emails).enumerate() {
            let refused = &refused;
            scope.spawn(move || {
                let status = load::sign_in(client, &format!("198.51.{at}.{attempt}"), email, "a wrong secret").unwrap();
                assert_eq!(status, 422, "{email}");
                refused.lock().unwrap().push(at);
            });
            thread::sleep(Duration::from_millis(3));
        }
    });
    refused.into_inner().unwrap() == [0, 1]
}

fn start_with_accounts(name: &str) -> (Server, Database) {
    let database = Database::sqlite(name).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(load::prepare(&database.url)).unwrap();
    (load::start(&database.url).unwrap(), database)
}
