//! The time from the start to the first response, and the memory of the program.

use std::error::Error;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::load::{get, median, send_times};
use crate::pages::fetch;
use crate::process::{Server, serve_command};
use crate::report::Budget::AtMost;
use crate::report::Measure::{Megabytes, Milliseconds, Times};
use crate::report::Report;
use crate::scale::scaled;

pub fn measure(report: &mut Report, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let page = get(path, "accept-encoding: br\r\n");
    let launch = |_| {
        let began = Instant::now();
        let server = Server::start(&mut serve_command(database))?;
        fetch(&server, &page)?;
        Ok::<_, Box<dyn Error>>(began.elapsed().as_secs_f64() * 1000.0)
    };
    let starts = scaled(7, 1);
    let first = median((0..starts).map(launch).collect::<Result<_, _>>()?);
    report.line("start, launch to first page", first, Milliseconds, AtMost(300.0), format!("median of {starts}"));

    let server = Server::start(&mut serve_command(database))?;
    sleep(Duration::from_secs(1));
    fetch(&server, &page)?;
    let idle = memory(&server)?;
    report.line("memory, idle", idle, Megabytes, AtMost(60.0), "resident, after one page");

    // Cached pages, unknown pages, signed-out pages and assets: anything that could leak memory.
    let others = ["/", "/nothing/here", "/healthz", "/p/nobody"].map(|path| get(path, ""));
    let some = |times: usize| -> Result<f64, Box<dyn Error>> {
        send_times(&server, &page, 200, times / 2)?;
        for (other, status) in others.iter().zip([200, 404, 200, 404]) {
            send_times(&server, other, status, times / 8)?;
        }
        memory(&server)
    };
    let warm = some(scaled(20_000, 200))?;
    let after = some(scaled(180_000, 200))?;
    let detail = format!("{warm:.1} MB after 20,000 requests, {after:.1} MB after 200,000");
    report.line("memory, 200,000 requests ÷ 20,000", after / warm, Times, AtMost(1.1), detail);
    Ok(())
}

/// The resident memory of a process, in megabytes.
fn memory(server: &Server) -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1.024 / 1000.0)
}
