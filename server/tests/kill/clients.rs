//! Clients that log checks while the server is killed and restarted, and remember what was acknowledged.

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

/// What the clients share with the test.
#[derive(Default)]
pub struct SharedState {
    /// The address of the server. None while it is killed.
    pub server: Option<SocketAddr>,
    /// How many checks were acknowledged to all clients.
    pub acknowledged: usize,
    /// Whether the clients have to stop.
    pub stopping: bool,
}

/// What all clients have in common.
pub struct ClientConfig<'e> {
    pub state: &'e Mutex<SharedState>,
    pub shop: &'e Shop,
    pub token: &'e str,
}

/// What one client knows at the end.
#[derive(Default)]
pub struct ClientReport {
    pub acknowledged: Vec<Check>,
    /// Sent, never answered, and not sent again.
    pub unanswered: Vec<Check>,
    /// How often its connection was lost.
    pub disconnects: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub id: Uuid,
    pub place: usize,
    pub broken: bool,
}

/// A check to send, and whether it was sent before.
#[derive(Clone, Copy)]
enum Sending {
    New(Check),
    /// Sent without an answer.
    Unconfirmed(Check),
    /// Acknowledged before.
    Resent(Check),
}

/// Logs checks until the clients have to stop.
pub fn log(config: &ClientConfig, seed: u64) -> ClientReport {
    let (mut report, mut rng) = (ClientReport::default(), SmallRng::seed_from_u64(seed));
    let mut unconfirmed = None;
    loop {
        let (server, stopping) = {
            let state = lock(config.state);
            (state.server, state.stopping)
        };
        if stopping && (unconfirmed.is_none() || server.is_none()) {
            return report;
        }
        if let Some(mut client) = server.and_then(|server| Client::connect(server).ok()) {
            use_connection(config, &mut client, &mut report, &mut unconfirmed, &mut rng);
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// Uses one connection until it breaks, or until the clients have to stop.
fn use_connection(
    config: &ClientConfig,
    client: &mut Client,
    report: &mut ClientReport,
    unconfirmed: &mut Option<Check>,
    rng: &mut SmallRng,
) {
    loop {
        let stopping = lock(config.state).stopping;
        let sending = match unconfirmed.take() {
            Some(check) => Sending::Unconfirmed(check),
            None if stopping => return,
            None => choose(config, report, rng),
        };
        let (Sending::New(check) | Sending::Unconfirmed(check) | Sending::Resent(check)) = sending;
        let answer = client.send(&request(config.token, config.shop, check));
        match (sending, answer.as_ref().map(|answer| answer.status)) {
            (Sending::Resent(_), Ok(200)) => {}
            (Sending::New(_), Ok(201)) | (Sending::Unconfirmed(_), Ok(200 | 201)) => {
                report.acknowledged.push(check);
                lock(config.state).acknowledged += 1;
            }
            (_, Ok(status)) if status != 503 => {
                let head = answer.map(|answer| answer.head + "\n" + &String::from_utf8_lossy(&answer.body));
                panic!("{} got an unexpected answer: {}", check.id, head.unwrap_or_default());
            }
            // Killed or overloaded.
            _ => {
                report.disconnects += 1;
                match sending {
                    Sending::Resent(_) => {}
                    // Some clients retry until they get an answer, as a phone does. Others give up.
                    Sending::Unconfirmed(_) => *unconfirmed = Some(check),
                    Sending::New(_) if rng.random_ratio(1, 2) => *unconfirmed = Some(check),
                    Sending::New(_) => report.unanswered.push(check),
                }
                return;
            }
        }
    }
}

/// Locks a mutex, even if a thread has panicked while holding it.
pub fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn choose(config: &ClientConfig, report: &ClientReport, rng: &mut SmallRng) -> Sending {
    match report.acknowledged.choose(rng) {
        Some(check) if rng.random_ratio(1, 20) => Sending::Resent(*check),
        _ => Sending::New(Check {
            id: Builder::from_random_bytes(rng.random()).into_uuid(),
            place: rng.random_range(0..config.shop.places.len()),
            broken: rng.random_ratio(1, 10),
        }),
    }
}

/// The request that logs a check.
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
