//! What others notice meanwhile: a reader who asks all the time, and how much memory the server takes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// What a reader met.
#[derive(Default)]
pub struct Reader {
    pub path: &'static str,
    pub asked: usize,
    pub answered: usize,
    pub slowest: Duration,
    /// What came in place of an answer.
    pub met: Vec<String>,
}

/// How often a reader asks, each time over a connection of its own.
const EVERY: Duration = Duration::from_millis(15);

/// Whoever waits longer for a page waits for ever.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn read(server: SocketAddr, path: &'static str, over: &AtomicBool) -> Reader {
    let mut reader = Reader { path, ..Reader::default() };
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        reader.asked += 1;
        match ask(server, path) {
            Ok(head) if head.starts_with("HTTP/1.1 200 ") => reader.answered += 1,
            Ok(head) => reader.met.push(head),
            Err(error) => reader.met.push(error.to_string()),
        }
        reader.slowest = reader.slowest.max(began.elapsed());
        thread::sleep(EVERY.saturating_sub(began.elapsed()));
    }
    reader
}

fn ask(server: SocketAddr, path: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect_timeout(&server, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    write!(socket, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

/// The most memory a process takes until this is over, in kilobytes.
pub fn most_memory(process: u32, over: &AtomicBool) -> io::Result<u64> {
    let mut most = 0;
    while !over.load(Ordering::Relaxed) {
        most = most.max(memory(process)?);
        thread::sleep(Duration::from_millis(20));
    }
    Ok(most)
}

/// What of a process is in memory, in kilobytes.
pub fn memory(process: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.ok_or_else(|| io::Error::other("the process says nothing of its memory"))
}
