//! Clients that ask for the same thing over and over, and what that costs the server.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use crate::client::Client;
use crate::process::Server;

/// What the two sides of a comparison came to: the middle of several rounds.
pub struct Compared {
    pub ratio: f64,
    pub one: f64,
    pub other: f64,
}

/// How often each side has its turn. Both have their turns close together: the machine may have other things to do.
const ROUNDS: usize = 7;

/// Measures two sides in turns, and compares each turn with the one beside it.
pub fn compare(
    mut one: impl FnMut() -> Result<f64, Box<dyn Error>>,
    mut other: impl FnMut() -> Result<f64, Box<dyn Error>>,
) -> Result<Compared, Box<dyn Error>> {
    // The first turn of each is not counted: caches fill, connections open.
    let (_, _) = (one()?, other()?);
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (first, second) = if round % 2 == 0 {
            let first = one()?;
            (first, other()?)
        } else {
            let second = other()?;
            (one()?, second)
        };
        ones.push(first);
        others.push(second);
        ratios.push(first / second);
    }
    Ok(Compared { ratio: middle(ratios), one: middle(ones), other: middle(others) })
}

pub fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// How many clients ask at the same time, and for how long.
const CLIENTS: usize = 8;
const TURN: Duration = Duration::from_millis(900);

/// Answers for each second that the server spent on a processor. What the clients take of the machine, and whatever else
/// runs on it, does not count; waiting for a disk would not count either, and there is none here.
pub fn per_core_second(server: &Server, request: &[u8], status: u16) -> Result<f64, Box<dyn Error>> {
    let (until, before) = (Instant::now() + TURN, processor_time(server.child.id())?);
    let answers = ask_until(server, request, status, || Instant::now() < until)?;
    let spent = processor_time(server.child.id())?.saturating_sub(before);
    Ok(count(answers) / spent.as_secs_f64())
}

/// Asks so many times.
pub fn ask_times(server: &Server, request: &[u8], status: u16, times: usize) -> io::Result<()> {
    let asked = AtomicUsize::new(0);
    ask_until(server, request, status, || asked.fetch_add(1, Ordering::Relaxed) < times).map(drop)
}

fn ask_until(server: &Server, request: &[u8], status: u16, more: impl Fn() -> bool + Sync) -> io::Result<usize> {
    let ask = || {
        let mut client = Client::connect(server.address)?;
        let mut answers = 0;
        while more() {
            let answer = client.ask(request)?;
            if answer.status != status {
                return Err(io::Error::other(format!("an answer with {}", answer.head)));
            }
            answers += 1;
        }
        Ok(answers)
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        clients.into_iter().map(|client| client.join().unwrap_or(Err(io::ErrorKind::Other.into()))).sum()
    })
}

/// The time a process has spent on processors, its kernel's work for it included.
fn processor_time(process: u32) -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is a name in brackets that may hold anything; utime and stime are the 14th and the 15th.
    let fields = stat.rsplit_once(')').ok_or("no process of that number")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    // Linux shows them in hundredths of a second on every machine.
    Ok(Duration::from_millis(ticks * 10))
}

/// A count as a number to divide.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted beyond a few million")]
pub fn count(number: usize) -> f64 {
    number as f64
}

/// A request for a page, as it goes over the wire.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").into_bytes()
}
