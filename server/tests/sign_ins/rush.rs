//! Many people who sign in at once, and a reader of the public page beside them.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
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
    pub beside: Vec<Duration>,
    pub alone: Vec<Duration>,
    /// How long each crowd took until all were in.
    pub took: Vec<Duration>,
}

impl Waits {
    /// What so many in a hundred did not wait longer than, in milliseconds: beside the crowd, and alone.
    pub fn within(&self, percent: usize) -> [f64; 2] {
        [&self.beside, &self.alone].map(|waits| {
            let mut waits = waits.clone();
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
    let warm = Instant::now() + Duration::from_secs(1);
    read(server, || Instant::now() < warm)?;
    for _ in 0..rounds {
        let until = Instant::now() + ALONE;
        waits.alone.extend(read(server, || Instant::now() < until)?);
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let reader = scope.spawn(|| read(server, || !over.load(Ordering::Relaxed)));
            let took = crowd(server);
            over.store(true, Ordering::Relaxed);
            waits.beside.extend(reader.join().map_err(|_| "the reader broke off")??);
            waits.took.push(took?);
            Ok::<_, Box<dyn Error>>(())
        })?;
    }
    Ok(waits)
}

/// Asks for the public page at a steady pace. A wait counts from the moment at which the page was wanted.
fn read(server: SocketAddr, more: impl Fn() -> bool) -> io::Result<Vec<Duration>> {
    let request =
        format!("GET /p/{} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: br\r\n\r\n", shop::SLUG).into_bytes();
    let (mut client, mut waits) = (Client::connect(server)?, Vec::new());
    let mut wanted = Instant::now();
    while more() {
        thread::sleep(wanted.saturating_duration_since(Instant::now()));
        let answer = client.ask(&request)?;
        if answer.status != 200 {
            return Err(io::Error::other(answer.head));
        }
        waits.push(wanted.elapsed());
        wanted += EVERY;
    }
    Ok(waits)
}

/// Everyone signs in at the same moment. How long it takes until all are in.
fn crowd(server: SocketAddr) -> io::Result<Duration> {
    let start = Barrier::new(CROWD + 1);
    thread::scope(|scope| {
        let people: Vec<_> = (0..CROWD)
            .map(|person| {
                let start = &start;
                thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, move || {
                    let client = Client::connect(server);
                    start.wait();
                    come_in(&mut client?, person)
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
