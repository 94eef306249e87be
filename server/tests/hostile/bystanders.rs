//! Measures the server during an attack: a client that reads pages, and the memory of the process.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The results of a client that reads one page again and again.
#[derive(Default)]
pub struct PageReader {
    pub path: &'static str,
    pub asked: usize,
    pub answered: usize,
    pub slowest: Duration,
    /// Errors, and status lines other than 200.
    pub failures: Vec<String>,
}

/// The time between two requests. Each has a new connection.
const INTERVAL: Duration = Duration::from_millis(15);

const TIMEOUT: Duration = Duration::from_mins(1);

pub fn read_pages(server: SocketAddr, path: &'static str, over: &AtomicBool) -> PageReader {
    let mut reader = PageReader { path, ..PageReader::default() };
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        reader.asked += 1;
        match get(server, path) {
            Ok(head) if head.starts_with("HTTP/1.1 200 ") => reader.answered += 1,
            Ok(head) => reader.failures.push(head),
            Err(error) => reader.failures.push(error.to_string()),
        }
        reader.slowest = reader.slowest.max(began.elapsed());
        thread::sleep(INTERVAL.saturating_sub(began.elapsed()));
    }
    reader
}

fn get(server: SocketAddr, path: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect_timeout(&server, TIMEOUT)?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    write!(socket, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

/// The peak memory of a process until `over` is set, in kilobytes.
pub fn peak_memory(process: u32, over: &AtomicBool) -> io::Result<u64> {
    let mut peak = 0;
    while !over.load(Ordering::Relaxed) {
        peak = peak.max(memory(process)?);
        thread::sleep(Duration::from_millis(20));
    }
    Ok(peak)
}

/// The resident memory of a process, in kilobytes.
pub fn memory(process: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.ok_or_else(|| io::Error::other("the process status has no memory line"))
}
