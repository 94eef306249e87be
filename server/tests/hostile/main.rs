//! Clients that mean harm, all at once and from one place, against the program as it runs: others notice nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../../app/store/src/photos/picture/tests/crafted.rs"]
mod crafted;
#[path = "../kill/database.rs"]
#[expect(dead_code, reason = "one kind of database is enough here")]
mod database;
mod offenders;
mod pictures;
#[path = "../kill/process.rs"]
mod process;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "nobody logs checks here")]
mod shop;
mod siege;
mod streams;
mod watch;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use domain::actor::{Reach, Role, Who};
use domain::ids::GuaranteeId;
use domain::person::{Email, Newcomer, Password};
use domain::photo::Photos;
use domain::text::Line;
use domain::token::Token;
use server::clock::Machine;
use store::Store;
use tokio::runtime::Builder;

use crate::database::Database;
use crate::offenders::End;
use crate::process::{Server, serving};
use crate::siege::Siege;
use crate::watch::{Reader, memory, most_memory, read};

/// How much more memory the program may take under siege than before it, in kilobytes.
const MORE_MEMORY: u64 = 32 * 1024;

/// How much more it may take while pictures are sent, in kilobytes: 100 MB for the one that is unpacked, and what waits.
const MORE_FOR_PICTURES: u64 = 130_000;

#[test]
fn a_picture_that_means_harm_takes_little() {
    let _alone = SIEGE.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("hostile-pictures").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (token, guarantee) = runtime.block_on(photographer(&database.url));
    let folder = Path::new(database.url.trim_start_matches("sqlite:")).parent().unwrap();
    let server = Server::start(serving(&database.url).env("TRIALMARK_DATA_DIR", folder)).unwrap();
    let (address, process, over) = (server.address, server.child.id(), AtomicBool::new(false));
    let head = format!(
        "POST /api/v1/photos?guarantee={guarantee} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: image/jpeg\r\n"
    );
    let (before, most, met, reader) = thread::scope(|scope| {
        let (over, end) = (&over, Over(&over));
        let reader = scope.spawn(move || read(address, "/p/corner-shop", over));
        thread::sleep(Duration::from_secs(2));
        let before = memory(process).unwrap();
        let most = scope.spawn(move || most_memory(process, over).unwrap());
        let met = runtime.block_on(pictures::send_all(address, &head)).unwrap();
        drop(end);
        (before, most.join().unwrap(), met, reader.join().unwrap())
    });
    for (what, ends) in &met {
        println!("{what}: {ends:?}");
        assert!(ends.iter().all(|end| matches!(end, End::Refused(201 | 422))), "{what}: {ends:?}");
    }
    println!("memory: {before} kB before, {most} kB at most");
    assert!(most <= before + MORE_FOR_PICTURES, "{before} kB before, {most} kB at most");
    assert!(reader.asked > 50 && reader.answered * 100 >= reader.asked * 99, "{} of {}", reader.answered, reader.asked);
}
/// One siege at a time: each counts what others notice.
static SIEGE: Mutex<()> = Mutex::new(());

#[test]
fn whoever_means_harm_takes_nothing_from_others() {
    let _alone = SIEGE.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("hostile").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let Insiders { token, sessions, .. } = runtime.block_on(insiders(&database.url));
    let server = Server::start(&mut serving(&database.url)).unwrap();
    let (address, process, over) = (server.address, server.child.id(), AtomicBool::new(false));
    let siege = Siege::of(address, &token, &sessions[0]);
    let (readers, idle, most, met) = thread::scope(|scope| {
        let (over, end) = (&over, Over(&over));
        let paths = ["/p/corner-shop", "/healthz"].repeat(2);
        let readers: Vec<_> = paths.into_iter().map(|path| scope.spawn(move || read(address, path, over))).collect();
        thread::sleep(Duration::from_secs(3));
        let idle = memory(process).unwrap();
        let most = scope.spawn(move || most_memory(process, over).unwrap());
        let met = runtime.block_on(siege.lay()).unwrap();
        drop(end);
        let readers: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        (readers, idle, most.join().unwrap(), met)
    });

    for (what, ends) in &met {
        println!("{what}: {ends:?}");
        assert!(ends.keys().all(|end| matches!(end, End::Cut | End::Refused(400..=499))), "{what}: {ends:?}");
    }
    println!("memory: {idle} kB before, {most} kB at most");
    assert!(most <= idle + MORE_MEMORY, "{idle} kB before, {most} kB at most");
    let (asked, answered) = told(&readers);
    assert!(asked >= 100 && answered * 1000 >= asked * 999, "{answered} of {asked}");
}

#[test]
fn thousands_of_streams_of_one_person_keep_nobody_from_being_served() {
    let _alone = SIEGE.lock().unwrap_or_else(PoisonError::into_inner);
    let database = Database::sqlite("streams").unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let Insiders { sessions, colleague, .. } = runtime.block_on(insiders(&database.url));
    // Behind a proxy no address has a limit on its connections.
    let server = Server::start(serving(&database.url).args(["--trusted-proxies", "127.0.0.1"])).unwrap();
    let (address, over) = (server.address, AtomicBool::new(false));
    let from = |at: usize| format!("10.{}.{}.{}", at >> 16, at >> 8 & 0xff, at & 0xff);
    let sieges = async {
        let of_session = |at: usize| (sessions[0].clone(), from(at));
        let open = streams::crowd(address, 4200, of_session).await?;
        println!("4,200 streams of one session, each from another address: {open} open");
        assert_eq!(open, 8);
        let of_person = |at: usize| (sessions[at % sessions.len()].clone(), from(1));
        let open = streams::crowd(address, 2000, of_person).await?;
        println!("2,000 streams of one person in {} sessions from one address: {open} open", sessions.len());
        assert_eq!(open, 32);
        Ok(())
    };
    let (readers, stays) = thread::scope(|scope| {
        let (over, end) = (&over, Over(&over));
        let paths = ["/p/corner-shop", "/healthz"];
        let readers = paths.map(|path| scope.spawn(move || read(address, path, over)));
        let stays = runtime.block_on(streams::stays(address, colleague, sieges)).unwrap();
        drop(end);
        (readers.map(|reader| reader.join().unwrap()), stays)
    });
    assert!(stays, "a colleague's stream has ended");
    let (asked, answered) = told(&readers);
    assert!(asked >= 100 && answered * 1000 >= asked * 999, "{answered} of {asked}");
}

/// How many pages were asked for and answered.
fn told(readers: &[Reader]) -> (usize, usize) {
    for Reader { path, asked, answered, slowest, met } in readers {
        println!("{path}: {answered} of {asked} answered, the slowest in {slowest:?}; else {met:?}");
    }
    (readers.iter().map(|reader| reader.asked).sum(), readers.iter().map(|reader| reader.answered).sum())
}

/// Ends the watch, however the siege ends.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A program's token, and a guarantee whose checks may come with pictures.
async fn photographer(database: &str) -> (String, GuaranteeId) {
    let store = Store::open(database, Arc::new(Machine)).await.unwrap();
    let shop = shop::found(&store).await.unwrap();
    store.choose_photos(&shop.owner, shop.guarantee, Photos::Optional).await.unwrap().unwrap();
    let name = Line::parse("camera").unwrap();
    let token = Token { name, role: Role::Staff, reach: Reach::Everywhere, lasts: TimeDelta::days(1) };
    (store.create_token(&shop.owner, &token).await.unwrap().token, shop.guarantee)
}

/// Walls stand inside as well.
struct Insiders {
    /// A program's.
    token: String,
    /// The cookies of the owner's.
    sessions: Vec<String>,
    /// The cookie of somebody else's session.
    colleague: String,
}

async fn insiders(database: &str) -> Insiders {
    let store = Store::open(database, Arc::new(Machine)).await.unwrap();
    store.migrate().await.unwrap();
    let shop = shop::found(&store).await.unwrap();
    let Who::Person(owner) = shop.owner.who else { unreachable!() };
    let name = Line::parse("hostile").unwrap();
    let token = Token { name, role: Role::Owner, reach: Reach::Everywhere, lasts: TimeDelta::days(1) };
    let token = store.create_token(&shop.owner, &token).await.unwrap().token;
    let email = Email::parse("pat@corner.example").unwrap();
    let (name, password) = (Line::parse("Pat").unwrap(), Password::parse("not used by anyone").unwrap());
    let newcomer = Newcomer { name, email, password, role: Role::Staff, reach: Reach::Everywhere };
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
    Insiders { token, sessions, colleague: begin(pat).await }
}
