//! Many people who sign in at once, and a reader of the public page beside them.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{io, thread};

use domain::person::{NewcomerDraft, Password};
use server::clock::Machine;
use store::Store;

use crate::client::Client;
use crate::process::{Server, serving};
use crate::shop;

/// How many sign in at once, each from an address of their own.
pub const CROWD: usize = 200;

/// Accounts they sign in to: fewer than one account lets in at once from places it does not know.
const ACCOUNTS: usize = 20;

const PASSWORD: &str = "seven green lighthouses";

/// The reader asks at a modest, steady pace.
const EVERY: Duration = Duration::from_millis(5);

/// How long the reader has the server alone in each round.
const ALONE: Duration = Duration::from_secs(4);

/// How long the reader waited, with the crowd and without it.
#[derive(Default)]
pub struct Waits {
    pub beside: Vec<Wait>,
    pub alone: Vec<Wait>,
    /// How long each crowd took until all were in.
    pub took: Vec<Duration>,
}

/// For one page.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    pub lasted: Duration,
    /// How many of the crowd were let in meanwhile.
    pub let_in: usize,
}

impl Waits {
    /// What so many in a hundred did not wait longer than, in milliseconds: beside the crowd, and alone.
    pub fn within(&self, percent: usize) -> [f64; 2] {
        [&self.beside, &self.alone].map(|waits| {
            let mut waits: Vec<_> = waits.iter().map(|wait| wait.lasted).collect();
            waits.sort_unstable();
            waits[waits.len() * percent / 100].as_secs_f64() * 1000.0
        })
    }
}

/// A business with as many accounts as are needed, all with one password.
pub async fn prepare(database: &str) -> Result<(), Box<dyn Error>> {
    let store = Store::open(database, Arc::new(Machine)).await?;
    let shop = shop::found(&store).await?;
    let password = Password::parse(PASSWORD).map_err(|fault| fault.to_string())?;
    let hash = app::password::hash(&password, &Machine)?;
    for account in 0..ACCOUNTS {
        let newcomer = NewcomerDraft {
            name: format!("Guest {account}"),
            email: email(account),
            password: PASSWORD.to_owned(),
            role: "staff".to_owned(),
        };
        store.add_person(&shop.owner, &newcomer.parse()?, &hash).await?;
    }
    Ok(())
}

/// The program behind a proxy at this machine.
pub fn start(database: &str) -> io::Result<Server> {
    Server::start(serving(database).env("TRIALMARK_TRUSTED_PROXIES", "127.0.0.1"))
}

/// The reader alone and the reader beside the crowd, in turns.
pub fn measure(server: SocketAddr, rounds: usize) -> Result<Waits, Box<dyn Error>> {
    let mut waits = Waits::default();
    let nobody = AtomicUsize::new(0);
    let alone = |lasts| {
        let until = Instant::now() + lasts;
        read(server, &nobody, || Instant::now() < until)
    };
    alone(Duration::from_secs(1))?;
    for _ in 0..rounds {
        waits.alone.extend(alone(ALONE)?);
        let (beside, took) = beside(server, CROWD)?;
        waits.beside.extend(beside);
        waits.took.push(took);
    }
    Ok(waits)
}

/// The reader beside the crowd, and how long that took until all were in.
pub fn beside(server: SocketAddr, people: usize) -> Result<(Vec<Wait>, Duration), Box<dyn Error>> {
    let (let_in, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = scope.spawn(|| read(server, &let_in, || !over.load(Ordering::Relaxed)));
        let took = crowd(server, people, &let_in);
        over.store(true, Ordering::Relaxed);
        let waits = reader.join().map_err(|_| "the reader broke off")??;
        Ok((waits, took?))
    })
}

/// Asks for the public page at a steady pace. A wait counts from the moment at which the page was wanted.
fn read(server: SocketAddr, let_in: &AtomicUsize, more: impl Fn() -> bool) -> io::Result<Vec<Wait>> {
    let request =
        format!("GET /p/{} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: br\r\n\r\n", shop::SLUG).into_bytes();
    let (mut client, mut waits) = (Client::connect(server)?, Vec::new());
    let mut wanted = Instant::now();
    while more() {
        thread::sleep(wanted.saturating_duration_since(Instant::now()));
        let before = let_in.load(Ordering::Relaxed);
        let answer = client.ask(&request)?;
        if answer.status != 200 {
            return Err(io::Error::other(answer.head));
        }
        waits.push(Wait { lasted: wanted.elapsed(), let_in: let_in.load(Ordering::Relaxed) - before });
        wanted += EVERY;
    }
    Ok(waits)
}

/// Everyone signs in at the same moment. How long it takes until all are in.
fn crowd(server: SocketAddr, people: usize, let_in: &AtomicUsize) -> io::Result<Duration> {
    let start = Barrier::new(people + 1);
    thread::scope(|scope| {
        let people: Vec<_> = (0..people)
            .map(|person| {
                let start = &start;
                thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, move || {
                    let client = Client::connect(server);
                    start.wait();
                    come_in(&mut client?, person).inspect(|()| {
                        let_in.fetch_add(1, Ordering::Relaxed);
                    })
                })
            })
            .collect::<io::Result<_>>()?;
        start.wait();
        let began = Instant::now();
        for person in people {
            person.join().unwrap_or(Err(io::ErrorKind::Other.into()))?;
        }
        Ok(began.elapsed())
    })
}

fn come_in(client: &mut Client, person: usize) -> io::Result<()> {
    let status = sign_in(client, &format!("203.0.113.{person}"), &email(person % ACCOUNTS), PASSWORD)?;
    if status == 303 { Ok(()) } else { Err(io::Error::other(format!("someone was answered {status}"))) }
}

/// Tries to sign in as if from this address. The status.
pub fn sign_in(client: &mut Client, from: &str, email: &str, password: &str) -> io::Result<u16> {
    let body = serde_html_form::to_string([("email", email), ("password", password)]).map_err(io::Error::other)?;
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {from}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    Ok(client.ask(request.as_bytes())?.status)
}

pub fn email(account: usize) -> String {
    format!("guest{account}@corner.example")
}
