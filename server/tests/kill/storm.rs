//! Ten thousand checks, each sent one to five times, in any order, by many at once, and many without waiting for the answer.

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
use crate::crowd::{Check, read, request};
use crate::shop::Shop;

const CHECKS: usize = 10_000;
const SENDERS: usize = 32;

/// How often somebody does not wait for the answer: one time in so many.
const HURRIED: u32 = 8;

/// What a check was answered, each time somebody waited for it.
type Answers = Mutex<HashMap<Uuid, Vec<Value>>>;

pub struct Storm<'s> {
    pub server: SocketAddr,
    pub shop: &'s Shop,
    pub token: &'s str,
}

/// What was sent, and how often.
pub struct Sent {
    pub checks: Vec<Check>,
    pub times: usize,
    pub unheard: usize,
}

impl Storm<'_> {
    /// Sends until every check was answered once at least.
    pub fn rage(&self, seed: u64) -> Sent {
        let mut dice = SmallRng::seed_from_u64(seed);
        let checks: Vec<Check> = (0..CHECKS).map(|_| check(self.shop, &mut dice)).collect();
        let mut sends: Vec<Check> = checks.iter().flat_map(|check| vec![*check; dice.random_range(1..=5)]).collect();
        sends.shuffle(&mut dice);
        let (answers, hurries) = (Answers::default(), sends.iter().map(|_| dice.random_ratio(1, HURRIED)));
        let sends: Vec<(Check, bool)> = sends.iter().copied().zip(hurries).collect();
        self.all(&sends, &answers);
        // As a phone does: what was never answered is sent once more.
        let unanswered = |check: &&Check| !read(&answers).contains_key(&check.id);
        let left: Vec<(Check, bool)> = checks.iter().filter(unanswered).map(|check| (*check, false)).collect();
        self.all(&left, &answers);
        for (id, answers) in read(&answers).iter() {
            assert!(answers.iter().all(|answer| answer == &answers[0]), "{id} was answered in two ways: {answers:?}");
        }
        let unheard = sends.iter().filter(|(_, hurried)| *hurried).count();
        Sent { checks, times: sends.len() + left.len(), unheard }
    }

    fn all(&self, sends: &[(Check, bool)], answers: &Answers) {
        let share = sends.len().div_ceil(SENDERS).max(1);
        thread::scope(|scope| {
            for share in sends.chunks(share) {
                scope.spawn(|| self.send(share, answers));
            }
        });
    }

    fn send(&self, share: &[(Check, bool)], answers: &Answers) {
        let mut client = Client::connect(self.server).unwrap();
        for (check, hurried) in share {
            if *hurried {
                let mut hasty = TcpStream::connect(self.server).unwrap();
                hasty.write_all(&request(self.token, self.shop, *check)).unwrap();
                continue;
            }
            let answer = client.ask(&request(self.token, self.shop, *check)).unwrap();
            assert!(matches!(answer.status, 200 | 201), "{}", String::from_utf8_lossy(&answer.body));
            let said = serde_json::from_slice(&answer.body).unwrap();
            read(answers).entry(check.id).or_default().push(said);
        }
    }
}

fn check(shop: &Shop, dice: &mut SmallRng) -> Check {
    Check {
        id: Builder::from_random_bytes(dice.random()).into_uuid(),
        place: dice.random_range(0..shop.places.len()),
        broken: dice.random_ratio(1, 50),
    }
}
