//! Many people who sign in at once, while a client reads the public page.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{io, thread};

use domain::person::{NewMemberDraft, Password};
use server::clock::SystemSource;
use store::Store;

use crate::client::Client;
use crate::process::{Server, serve_command};
use crate::shop;

/// How many people sign in at once, each from an IP address of their own.
pub const PEOPLE: usize = 200;

/// The number of accounts. Each is used by fewer people than the rate limit of an account allows.
const ACCOUNTS: usize = 20;

const PASSWORD: &str = "seven green lighthouses";

/// The time between two requests of the reader.
const INTERVAL: Duration = Duration::from_millis(5);

/// How long the server is idle in each round, but for the reader.
const IDLE_TIME: Duration = Duration::from_secs(4);

/// The waiting times of the reader, under load and on an idle server.
#[derive(Default)]
pub struct Waits {
    pub under_load: Vec<Wait>,
    pub idle: Vec<Wait>,
    /// How long it took in each round until everyone was signed in.
    pub durations: Vec<Duration>,
}

/// For one page.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    pub lasted: Duration,
    /// How many people were signed in meanwhile.
    pub signed_in: usize,
}

impl Waits {
    /// This percentile of the waiting times in milliseconds: under load, and idle.
    pub fn percentile(&self, percent: usize) -> [f64; 2] {
        [&self.under_load, &self.idle].map(|waits| {
            let mut waits: Vec<_> = waits.iter().map(|wait| wait.lasted).collect();
            waits.sort_unstable();
            waits[waits.len() * percent / 100].as_secs_f64() * 1000.0
        })
    }
}

/// Creates a business with all accounts. They have the same password.
pub async fn prepare(database: &str) -> Result<(), Box<dyn Error>> {
    let store = Store::open(database, Arc::new(SystemSource)).await?;
    let shop = shop::create(&store).await?;
    let password = Password::parse(PASSWORD).map_err(|fault| fault.to_string())?;
    let hash = app::password::hash(&password, &SystemSource)?;
    for account in 0..ACCOUNTS {
        let newcomer = NewMemberDraft {
            name: format!("Guest {account}"),
            email: email(account),
            password: PASSWORD.to_owned(),
            role: "staff".to_owned(),
        };
        store.add_person(&shop.owner, &newcomer.parse()?, &hash).await?;
    }
    Ok(())
}

/// Starts the program with this machine as a trusted proxy.
pub fn start(database: &str) -> io::Result<Server> {
    Server::start(serve_command(database).env("TRIALMARK_TRUSTED_PROXIES", "127.0.0.1"))
}

/// Measures the reader on an idle server and under load, in turns.
pub fn measure(server: SocketAddr, rounds: usize) -> Result<Waits, Box<dyn Error>> {
    let mut waits = Waits::default();
    let no_sign_ins = AtomicUsize::new(0);
    let idle = |duration| {
        let until = Instant::now() + duration;
        read(server, &no_sign_ins, || Instant::now() < until)
    };
    idle(Duration::from_secs(1))?;
    for _ in 0..rounds {
        waits.idle.extend(idle(IDLE_TIME)?);
        let (under_load, took) = under_load(server, PEOPLE)?;
        waits.under_load.extend(under_load);
        waits.durations.push(took);
    }
    Ok(waits)
}

/// Measures the reader while everyone signs in. Returns also how long it took until everyone was signed in.
pub fn under_load(server: SocketAddr, people: usize) -> Result<(Vec<Wait>, Duration), Box<dyn Error>> {
    let (signed_in, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = scope.spawn(|| read(server, &signed_in, || !over.load(Ordering::Relaxed)));
        let took = sign_in_all(server, people, &signed_in);
        over.store(true, Ordering::Relaxed);
        let waits = reader.join().map_err(|_| "the reader panicked")??;
        Ok((waits, took?))
    })
}

/// Requests the public page at fixed intervals. A waiting time counts from the moment at which the request was due.
fn read(server: SocketAddr, signed_in: &AtomicUsize, should_continue: impl Fn() -> bool) -> io::Result<Vec<Wait>> {
    let request =
        format!("GET /p/{} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: br\r\n\r\n", shop::SLUG).into_bytes();
    let (mut client, mut waits) = (Client::connect(server)?, Vec::new());
    let mut due = Instant::now();
    while should_continue() {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let before = signed_in.load(Ordering::Relaxed);
        let answer = client.send(&request)?;
        if answer.status != 200 {
            return Err(io::Error::other(answer.head));
        }
        waits.push(Wait { lasted: due.elapsed(), signed_in: signed_in.load(Ordering::Relaxed) - before });
        due += INTERVAL;
    }
    Ok(waits)
}

/// Everyone signs in at the same moment. Returns how long it takes until all are signed in.
fn sign_in_all(server: SocketAddr, people: usize, signed_in: &AtomicUsize) -> io::Result<Duration> {
    let start = Barrier::new(people + 1);
    thread::scope(|scope| {
        let people: Vec<_> = (0..people)
            .map(|person| {
                let start = &start;
                thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, move || {
                    let client = Client::connect(server);
                    start.wait();
                    sign_in_person(&mut client?, person).inspect(|()| {
                        signed_in.fetch_add(1, Ordering::Relaxed);
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

fn sign_in_person(client: &mut Client, person: usize) -> io::Result<()> {
    let status = sign_in(client, &format!("203.0.113.{person}"), &email(person % ACCOUNTS), PASSWORD)?;
    if status == 303 { Ok(()) } else { Err(io::Error::other(format!("a sign-in was answered {status}"))) }
}

/// Tries to sign in from this IP address. Returns the status.
pub fn sign_in(client: &mut Client, from: &str, email: &str, password: &str) -> io::Result<u16> {
    let body = serde_html_form::to_string([("email", email), ("password", password)]).map_err(io::Error::other)?;
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {from}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    Ok(client.send(request.as_bytes())?.status)
}

pub fn email(account: usize) -> String {
    format!("guest{account}@corner.example")
}
