//! Ten thousand checks, each sent one to five times, in random order, by many clients, and partly without reading the response.

use std::collections::HashMap;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::thread;

use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use uuid::{Builder, Uuid};

use crate::client::Client;
use crate::clients::{Check, lock, request};
use crate::shop::Shop;

const CHECKS: usize = 10_000;
const SENDERS: usize = 32;

/// One request in this many is sent without reading the response.
const UNREAD_RATIO: u32 = 8;

/// The responses to each check that were read.
type Answers = Mutex<HashMap<Uuid, Vec<Value>>>;

pub struct Resender<'s> {
    pub server: SocketAddr,
    pub shop: &'s Shop,
    pub token: &'s str,
}

/// What was sent, and how often.
pub struct Sent {
    pub checks: Vec<Check>,
    pub times: usize,
    pub unread: usize,
}

impl Resender<'_> {
    /// Sends until every check has at least one response.
    pub fn send_all(&self, seed: u64) -> Sent {
        let mut rng = SmallRng::seed_from_u64(seed);
        let checks: Vec<Check> = (0..CHECKS).map(|_| check(self.shop, &mut rng)).collect();
        let mut sends: Vec<Check> = checks.iter().flat_map(|check| vec![*check; rng.random_range(1..=5)]).collect();
        sends.shuffle(&mut rng);
        let (answers, unread) = (Answers::default(), sends.iter().map(|_| rng.random_ratio(1, UNREAD_RATIO)));
        let sends: Vec<(Check, bool)> = sends.iter().copied().zip(unread).collect();
        self.send_parallel(&sends, &answers);
        // What has no response yet is sent once more, as a phone does.
        let unanswered = |check: &&Check| !lock(&answers).contains_key(&check.id);
        let left: Vec<(Check, bool)> = checks.iter().filter(unanswered).map(|check| (*check, false)).collect();
        self.send_parallel(&left, &answers);
        for (id, answers) in lock(&answers).iter() {
            assert!(answers.iter().all(|answer| answer == &answers[0]), "{id} got different answers: {answers:?}");
        }
        let unread_count = sends.iter().filter(|(_, is_unread)| *is_unread).count();
        Sent { checks, times: sends.len() + left.len(), unread: unread_count }
    }

    fn send_parallel(&self, sends: &[(Check, bool)], answers: &Answers) {
        let share = sends.len().div_ceil(SENDERS).max(1);
        thread::scope(|scope| {
            for share in sends.chunks(share) {
                scope.spawn(|| self.send_share(share, answers));
            }
        });
    }

    fn send_share(&self, share: &[(Check, bool)], answers: &Answers) {
        let mut client = Client::connect(self.server).unwrap();
        for (check, is_unread) in share {
            if *is_unread {
                let mut socket = TcpStream::connect(self.server).unwrap();
                socket.write_all(&request(self.token, self.shop, *check)).unwrap();
                continue;
            }
            let answer = client.send(&request(self.token, self.shop, *check)).unwrap();
            assert!(matches!(answer.status, 200 | 201), "{}", String::from_utf8_lossy(&answer.body));
            let body = serde_json::from_slice(&answer.body).unwrap();
            lock(answers).entry(check.id).or_default().push(body);
        }
    }
}

fn check(shop: &Shop, rng: &mut SmallRng) -> Check {
    Check {
        id: Builder::from_random_bytes(rng.random()).into_uuid(),
        place: rng.random_range(0..shop.places.len()),
        broken: rng.random_ratio(1, 50),
    }
}
