//! Clients that log checks and write down what they were told, through every death of the server.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

use crate::client::Client;
use crate::shop::Shop;

/// What everybody can see.
#[derive(Default)]
pub struct Sign {
    /// Where the server is; None while it is dead.
    pub server: Option<SocketAddr>,
    /// How many checks it has acknowledged, to all of them.
    pub acknowledged: usize,
    /// Whether it is time to stop.
    pub closing: bool,
}

/// What is the same for all of them.
pub struct Errand<'e> {
    pub sign: &'e Mutex<Sign>,
    pub shop: &'e Shop,
    pub token: &'e str,
}

/// What one client knows in the end.
#[derive(Default)]
pub struct Account {
    pub acknowledged: Vec<Check>,
    /// Sent, never answered, and not sent again.
    pub unanswered: Vec<Check>,
    /// How often it was cut off.
    pub cut_off: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub id: Uuid,
    pub place: usize,
    pub broken: bool,
}

/// A check about to be sent, and what is known of it.
#[derive(Clone, Copy)]
enum Sending {
    New(Check),
    /// Nobody knows whether it arrived.
    Doubtful(Check),
    /// It was acknowledged before.
    Again(Check),
}

/// Logs checks until it is time to stop.
pub fn log(errand: &Errand, seed: u64) -> Account {
    let (mut account, mut dice) = (Account::default(), SmallRng::seed_from_u64(seed));
    let mut doubtful = None;
    loop {
        let (server, closing) = {
            let sign = read(errand.sign);
            (sign.server, sign.closing)
        };
        if closing && (doubtful.is_none() || server.is_none()) {
            return account;
        }
        if let Some(mut client) = server.and_then(|server| Client::connect(server).ok()) {
            talk(errand, &mut client, &mut account, &mut doubtful, &mut dice);
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// Uses one connection until it breaks, or until it is time to stop.
fn talk(
    errand: &Errand,
    client: &mut Client,
    account: &mut Account,
    doubtful: &mut Option<Check>,
    dice: &mut SmallRng,
) {
    loop {
        let closing = read(errand.sign).closing;
        let sending = match doubtful.take() {
            Some(check) => Sending::Doubtful(check),
            None if closing => return,
            None => choose(errand, account, dice),
        };
        let (Sending::New(check) | Sending::Doubtful(check) | Sending::Again(check)) = sending;
        let answer = client.ask(&request(errand.token, errand.shop, check));
        match (sending, answer.as_ref().map(|answer| answer.status)) {
            (Sending::Again(_), Ok(200)) => {}
            (Sending::New(_), Ok(201)) | (Sending::Doubtful(_), Ok(200 | 201)) => {
                account.acknowledged.push(check);
                read(errand.sign).acknowledged += 1;
            }
            (_, Ok(status)) if status != 503 => {
                let head = answer.map(|answer| answer.head + "\n" + &String::from_utf8_lossy(&answer.body));
                panic!("{} was answered so: {}", check.id, head.unwrap_or_default());
            }
            // Dead, or too busy.
            _ => {
                account.cut_off += 1;
                match sending {
                    Sending::Again(_) => {}
                    // Some try again until they know, as a phone does; others go home.
                    Sending::Doubtful(_) => *doubtful = Some(check),
                    Sending::New(_) if dice.random_ratio(1, 2) => *doubtful = Some(check),
                    Sending::New(_) => account.unanswered.push(check),
                }
                return;
            }
        }
    }
}

/// What is shared, whatever became of those who read it before.
pub fn read<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn choose(errand: &Errand, account: &Account, dice: &mut SmallRng) -> Sending {
    match account.acknowledged.choose(dice) {
        Some(check) if dice.random_ratio(1, 20) => Sending::Again(*check),
        _ => Sending::New(Check {
            id: Builder::from_random_bytes(dice.random()).into_uuid(),
            place: dice.random_range(0..errand.shop.places.len()),
            broken: dice.random_ratio(1, 10),
        }),
    }
}

/// A check as a program sends it.
pub fn request(token: &str, shop: &Shop, check: Check) -> Vec<u8> {
    let (Shop { guarantee, places, .. }, Check { id, place, broken }) = (shop, check);
    let place = places[place];
    let finding = if broken { r#""broken","reason":"0","note":"The floor was wet.""# } else { r#""kept""# };
    let body = format!(r#"{{"id":"{id}","guarantee":"{guarantee}","place":"{place}","verdict":{finding}}}"#);
    let length = body.len();
    format!(
        "POST /api/v1/checks HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
