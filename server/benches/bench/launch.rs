//! How soon the program answers, and how much memory it takes.

use std::error::Error;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::load::{ask_times, get, middle};
use crate::pages::answer;
use crate::process::{Server, serving};
use crate::report::Budget::AtMost;
use crate::report::Measure::{Megabytes, Milliseconds, Times};
use crate::report::Report;

pub fn measure(report: &mut Report, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let page = get(path, "accept-encoding: br\r\n");
    let launch = |_| {
        let began = Instant::now();
        let server = Server::start(&mut serving(database))?;
        answer(&server, &page)?;
        Ok::<_, Box<dyn Error>>(began.elapsed().as_secs_f64() * 1000.0)
    };
    let first = middle((0..7).map(launch).collect::<Result<_, _>>()?);
    report.line("start, launch to first page", first, Milliseconds, AtMost(300.0), "middle of 7");

    let server = Server::start(&mut serving(database))?;
    sleep(Duration::from_secs(1));
    answer(&server, &page)?;
    let idle = memory(&server)?;
    report.line("memory, idle", idle, Megabytes, AtMost(60.0), "resident, after one page");

    // Pages that are ready and pages that are not there, signed-out pages and files: whatever could leave something behind.
    let others = ["/", "/nothing/here", "/healthz", "/p/nobody"].map(|path| get(path, ""));
    let some = |times: usize| -> Result<f64, Box<dyn Error>> {
        ask_times(&server, &page, 200, times / 2)?;
        for (other, status) in others.iter().zip([200, 404, 200, 404]) {
            ask_times(&server, other, status, times / 8)?;
        }
        memory(&server)
    };
    let warm = some(20_000)?;
    let after = some(180_000)?;
    let detail = format!("{warm:.1} MB after 20,000 requests, {after:.1} MB after 200,000");
    report.line("memory, 200,000 requests ÷ 20,000", after / warm, Times, AtMost(1.1), detail);
    Ok(())
}

/// What of a process is in memory, in megabytes.
fn memory(server: &Server) -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1.024 / 1000.0)
}
