//! Load generation and comparisons: requests per second of processor time, measured for two sides in turns.

use std::borrow::Cow;
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use crate::client::Client;
use crate::process::Server;
use crate::scale::scaled;

/// The result of a comparison: medians of several rounds.
pub struct Comparison {
    pub ratio: f64,
    pub one: f64,
    pub other: f64,
}

/// How often each side is measured. The sides alternate, because the speed of the machine changes.
fn rounds() -> usize {
    scaled(7, 1)
}

/// Measures two sides in turns, and takes the ratio of each round.
pub fn compare(
    mut one: impl FnMut() -> Result<f64, Box<dyn Error>>,
    mut other: impl FnMut() -> Result<f64, Box<dyn Error>>,
) -> Result<Comparison, Box<dyn Error>> {
    // Warm-up: the first measurements fill caches and open connections.
    let (_, _) = (one()?, other()?);
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds() {
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
    Ok(Comparison { ratio: median(ratios), one: median(ones), other: median(others) })
}

pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The number of parallel clients.
const CLIENTS: usize = 8;

/// How long they send requests.
fn duration() -> Duration {
    scaled(Duration::from_millis(900), Duration::from_millis(100))
}

/// A request that is sent many times, and the status of its answer.
pub struct Request {
    bytes: Box<dyn Fn() -> Vec<u8> + Sync>,
    status: u16,
}

impl Request {
    /// Always the same bytes.
    pub fn get(path: &str, headers: &str) -> Self {
        let bytes = get(path, headers);
        Self { bytes: Box::new(move || bytes.clone()), status: 200 }
    }

    /// Other bytes each time.
    pub fn varying(status: u16, bytes: impl Fn() -> Vec<u8> + Sync + 'static) -> Self {
        Self { bytes: Box::new(bytes), status }
    }
}

/// What an answer is paid with.
#[derive(Clone, Copy)]
pub enum Cost {
    /// Processor time of the server. Other processes do not count.
    Processor,
    /// Time, for a server whose database runs beside it.
    Time,
}

/// Seconds for an answer.
pub fn cost(cost: Cost, server: &Server, request: &Request) -> Result<f64, Box<dyn Error>> {
    let (began, before) = (Instant::now(), processor_time(server.child.id())?);
    let is_running = || began.elapsed() < duration();
    let answers = send_while(server, CLIENTS, || (request.bytes)().into(), request.status, is_running)?;
    let spent = match cost {
        Cost::Processor => processor_time(server.child.id())?.saturating_sub(before),
        Cost::Time => began.elapsed(),
    };
    Ok(spent.max(TICK).as_secs_f64() / as_f64(answers))
}

/// Responses per second of processor time of the server. Other processes on the machine do not count. Waiting for a disk would
/// not count either, but pages need none.
pub fn per_core_second(server: &Server, request: &[u8], status: u16) -> Result<f64, Box<dyn Error>> {
    per_core_second_with(CLIENTS, server, request, status)
}

/// The same for clients who ask one after the other.
pub fn per_core_second_in_turn(server: &Server, request: &[u8], status: u16) -> Result<f64, Box<dyn Error>> {
    per_core_second_with(1, server, request, status)
}

fn per_core_second_with(clients: usize, server: &Server, request: &[u8], status: u16) -> Result<f64, Box<dyn Error>> {
    let (until, before) = (Instant::now() + duration(), processor_time(server.child.id())?);
    let answers = send_while(server, clients, || request.into(), status, || Instant::now() < until)?;
    let spent = processor_time(server.child.id())?.saturating_sub(before);
    Ok(as_f64(answers) / spent.max(TICK).as_secs_f64())
}

/// Sends this many requests.
pub fn send_times(server: &Server, request: &[u8], status: u16, times: usize) -> io::Result<()> {
    let sent = AtomicUsize::new(0);
    send_while(server, CLIENTS, || request.into(), status, || sent.fetch_add(1, Ordering::Relaxed) < times).map(drop)
}

fn send_while<'r>(
    server: &Server,
    clients: usize,
    request: impl Fn() -> Cow<'r, [u8]> + Sync,
    status: u16,
    goes_on: impl Fn() -> bool + Sync,
) -> io::Result<usize> {
    let run_client = || {
        let mut client = Client::connect(server.address)?;
        let mut answers = 0;
        while goes_on() {
            let answer = client.send(&request())?;
            if answer.status != status {
                return Err(io::Error::other(format!("an answer with {}", answer.head)));
            }
            answers += 1;
        }
        Ok(answers)
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(run_client)).collect();
        clients.into_iter().map(|client| client.join().unwrap_or(Err(io::ErrorKind::Other.into()))).sum()
    })
}

/// Linux reports processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// The processor time of a process, user and system.
fn processor_time(process: u32) -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is a name in parentheses that may contain anything; utime and stime are fields 14 and 15.
    let fields = stat.rsplit_once(')').ok_or("no such process")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(TICK * u32::try_from(ticks)?)
}

/// A count as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "counts here stay below a few million")]
pub fn as_f64(number: usize) -> f64 {
    number as f64
}

/// The bytes of a POST request with a JSON document.
pub fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n{headers}content-type: application/json\r\n\
        content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The bytes of a GET request.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").into_bytes()
}
