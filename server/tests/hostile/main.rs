//! Attacks on the running program: slow and endless requests, decompression bombs, thousands of streams. Other clients are served
//! meanwhile, and memory stays bounded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attack;
mod attackers;
mod bystanders;
#[path = "../../../app/store/src/photos/codec/tests/crafted.rs"]
mod crafted;
#[path = "../kill/database.rs"]
#[expect(dead_code, reason = "only SQLite is used here")]
mod database;
mod pictures;
#[path = "../kill/process.rs"]
mod process;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "only a part of it is needed here")]
mod shop;
mod streams;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use domain::actor::Principal;
use domain::ids::GuaranteeId;
use domain::person::{Email, NewMember, Password};
use domain::photo::PhotoPolicy;
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use domain::token::Token;
use server::clock::SystemSource;
use store::Store;
use tokio::runtime::Builder;

use crate::attack::Attack;
use crate::attackers::End;
use crate::bystanders::{PageReader, memory, peak_memory, read_pages};
use crate::database::Database;
use crate::process::{Server, serve_command};

/// The memory that an attack may add, in kilobytes.
const MAX_ADDED_MEMORY: u64 = 32 * 1024;

/// The memory that pictures may add, in kilobytes: 100 MB for the one being decoded, and the requests that wait.
const MAX_ADDED_BY_PICTURES: u64 = 130_000;

#[test]
fn malicious_pictures_use_bounded_memory() {
    let _guard = ATTACK.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("hostile-pictures").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (token, guarantee) = runtime.block_on(prepare_photos(&database.url));
    let folder = Path::new(database.url.trim_start_matches("sqlite:")).parent().unwrap();
    let server = Server::start(serve_command(&database.url).env("TRIALMARK_DATA_DIR", folder)).unwrap();
    let (address, process, over) = (server.address, server.child.id(), AtomicBool::new(false));
    let head = format!(
        "POST /api/v1/photos?guarantee={guarantee} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: image/jpeg\r\n"
    );
    let (before, peak, ends, reader) = thread::scope(|scope| {
        let (over, end) = (&over, StopOnDrop(&over));
        let reader = scope.spawn(move || read_pages(address, "/p/corner-shop", over));
        thread::sleep(Duration::from_secs(2));
        let before = memory(process).unwrap();
        let peak = scope.spawn(move || peak_memory(process, over).unwrap());
        let ends = runtime.block_on(pictures::send_all(address, &head)).unwrap();
        drop(end);
        (before, peak.join().unwrap(), ends, reader.join().unwrap())
    });
    for (what, ends) in &ends {
        println!("{what}: {ends:?}");
        assert!(ends.iter().all(|end| matches!(end, End::Refused(201 | 422))), "{what}: {ends:?}");
    }
    println!("memory: {before} kB before, {peak} kB at most");
    assert!(peak <= before + MAX_ADDED_BY_PICTURES, "{before} kB before, {peak} kB at most");
    assert!(reader.asked > 50 && reader.answered * 100 >= reader.asked * 99, "{} of {}", reader.answered, reader.asked);
}

/// Attacks run one at a time, because each measures the service for other clients.
static ATTACK: Mutex<()> = Mutex::new(());

#[test]
fn attacks_do_not_affect_other_clients() {
    let _guard = ATTACK.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("hostile").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let Credentials { token, sessions, .. } = runtime.block_on(prepare_credentials(&database.url));
    let server = Server::start(&mut serve_command(&database.url)).unwrap();
    let (address, process, over) = (server.address, server.child.id(), AtomicBool::new(false));
    let attack = Attack::new(address, &token, &sessions[0]);
    let (readers, idle, peak, ends) = thread::scope(|scope| {
        let (over, end) = (&over, StopOnDrop(&over));
        let paths = ["/p/corner-shop", "/healthz"].repeat(2);
        let readers: Vec<_> =
            paths.into_iter().map(|path| scope.spawn(move || read_pages(address, path, over))).collect();
        thread::sleep(Duration::from_secs(3));
        let idle = memory(process).unwrap();
        let peak = scope.spawn(move || peak_memory(process, over).unwrap());
        let ends = runtime.block_on(attack.run()).unwrap();
        drop(end);
        let readers: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        (readers, idle, peak.join().unwrap(), ends)
    });

    for (what, ends) in &ends {
        println!("{what}: {ends:?}");
        assert!(ends.keys().all(|end| matches!(end, End::Disconnected | End::Refused(400..=499))), "{what}: {ends:?}");
    }
    println!("memory: {idle} kB before, {peak} kB at most");
    assert!(peak <= idle + MAX_ADDED_MEMORY, "{idle} kB before, {peak} kB at most");
    let (asked, answered) = totals(&readers);
    assert!(asked >= 100 && answered * 1000 >= asked * 999, "{answered} of {asked}");
}

#[test]
fn thousands_of_streams_do_not_affect_other_clients() {
    let _guard = ATTACK.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("streams").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let Credentials { sessions, colleague, .. } = runtime.block_on(prepare_credentials(&database.url));
    // The limit on connections from one address does not apply to proxies.
    let server = Server::start(serve_command(&database.url).args(["--trusted-proxies", "127.0.0.1"])).unwrap();
    let (address, over) = (server.address, AtomicBool::new(false));
    let from = |at: usize| format!("10.{}.{}.{}", at >> 16, at >> 8 & 0xff, at & 0xff);
    let attack = async {
        let of_session = |at: usize| (sessions[0].clone(), from(at));
        let open = streams::open_streams(address, 4200, of_session).await?;
        println!("4,200 streams of one session, each from another address: {open} open");
        assert_eq!(open, 8);
        let of_person = |at: usize| (sessions[at % sessions.len()].clone(), from(1));
        let open = streams::open_streams(address, 2000, of_person).await?;
        println!("2,000 streams of one person in {} sessions from one address: {open} open", sessions.len());
        assert_eq!(open, 32);
        Ok(())
    };
    let (readers, stays_open) = thread::scope(|scope| {
        let (over, end) = (&over, StopOnDrop(&over));
        let paths = ["/p/corner-shop", "/healthz"];
        let readers = paths.map(|path| scope.spawn(move || read_pages(address, path, over)));
        let stays_open = runtime.block_on(streams::stays_open(address, colleague, attack)).unwrap();
        drop(end);
        (readers.map(|reader| reader.join().unwrap()), stays_open)
    });
    assert!(stays_open, "a colleague's stream has ended");
    let (asked, answered) = totals(&readers);
    assert!(asked >= 100 && answered * 1000 >= asked * 999, "{answered} of {asked}");
}

/// Prints and adds up how many pages were requested and answered.
fn totals(readers: &[PageReader]) -> (usize, usize) {
    for PageReader { path, asked, answered, slowest, failures } in readers {
        println!("{path}: {answered} of {asked} answered, the slowest in {slowest:?}; failures: {failures:?}");
    }
    (readers.iter().map(|reader| reader.asked).sum(), readers.iter().map(|reader| reader.answered).sum())
}

/// Stops the readers, also when the attack panics.
struct StopOnDrop<'o>(&'o AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A token, and a guarantee whose checks may have photos.
async fn prepare_photos(database: &str) -> (String, GuaranteeId) {
    let store = Store::open(database, Arc::new(SystemSource)).await.unwrap();
    let shop = shop::create(&store).await.unwrap();
    store.set_photo_policy(&shop.owner, shop.guarantee, PhotoPolicy::Optional).await.unwrap().unwrap();
    let name = Line::parse("camera").unwrap();
    let token = Token { name, role: Role::Staff, site_access: SiteAccess::AllSites, lifetime: TimeDelta::days(1) };
    (store.create_token(&shop.owner, &token).await.unwrap().token, shop.guarantee)
}

/// Valid credentials: attackers may be signed in.
struct Credentials {
    /// A token of REST.
    token: String,
    /// The cookies of many sessions of the owner.
    sessions: Vec<String>,
    /// The session cookie of a member of staff.
    colleague: String,
}

async fn prepare_credentials(database: &str) -> Credentials {
    let store = Store::open(database, Arc::new(SystemSource)).await.unwrap();
    store.migrate().await.unwrap();
    let shop = shop::create(&store).await.unwrap();
    let Principal::Person(owner) = shop.owner.principal else { unreachable!() };
    let name = Line::parse("hostile").unwrap();
    let token = Token { name, role: Role::Owner, site_access: SiteAccess::AllSites, lifetime: TimeDelta::days(1) };
    let token = store.create_token(&shop.owner, &token).await.unwrap().token;
    let email = Email::parse("pat@corner.example").unwrap();
    let (name, password) = (Line::parse("Pat").unwrap(), Password::parse("not used by anyone").unwrap());
    let newcomer = NewMember { name, email, password, role: Role::Staff, site_access: SiteAccess::AllSites };
    let pat = store.add_person(&shop.owner, &newcomer, "nobody signs in here").await.unwrap();
    let cookie = format!("trialmark-{}", store.installation());
    let begin = async |person| {
        let session = store.begin_session(person, &"".into()).await.unwrap().unwrap();
        format!("{cookie}={}", session.token)
    };
    let mut sessions = Vec::new();
    for _ in 0..40 {
        sessions.push(begin(owner).await);
    }
    Credentials { token, sessions, colleague: begin(pat).await }
}
