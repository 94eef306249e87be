//! The public page: rendered without a cache, compared with a hand-written page; cached, compared with static bytes.

use std::error::Error;
use std::io;

use crate::client::{Client, Response};
use crate::load::{as_f64, compare, get, per_core_second, per_core_second_in_turn};
use crate::process::Server;
use crate::queries;
use crate::report::Budget::AtLeast;
use crate::report::Measure::Percent;
use crate::report::Report;
use crate::serving::ServerKind;

const BROTLI: &str = "accept-encoding: br\r\n";

pub fn measure(report: &mut Report, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    queries::compare(database, path)?;
    let app = ServerKind::App.start(database)?;
    compare_uncached(report, &app, database, path)?;
    compare_cached(report, &app, path)
}

fn compare_uncached(report: &mut Report, app: &Server, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let (uncached, hand_written) = (ServerKind::Uncached.start(database)?, ServerKind::HandWritten.start(database)?);
    let page = get(path, "");
    assert_equivalent(&fetch(&uncached, &page)?, &fetch(&hand_written, &page)?)?;
    // The app renders a page once for all who ask for it at the same time, so that they would wait for each other.
    let pages = |server| per_core_second_in_turn(server, &page, 200);
    if pages(&uncached)? * 2.0 > pages(app)? {
        return Err("an uncached page is hardly slower than a cached one: is it rendered at all?".into());
    }
    let compared = compare(|| pages(&uncached), || pages(&hand_written))?;
    let detail = format!("{:.0} and {:.0} pages per core and second", compared.one, compared.other);
    report.line("public page, uncached ÷ hand-written", compared.ratio, Percent, AtLeast(0.5), detail);
    Ok(())
}

fn compare_cached(report: &mut Report, app: &Server, path: &str) -> Result<(), Box<dyn Error>> {
    let page = get(path, BROTLI);
    let first = fetch(app, &page)?;
    let tag = header(&first.head, "etag").ok_or("the public page has no etag")?;
    let known = get(path, &format!("{BROTLI}if-none-match: {tag}\r\n"));
    let (bytes, plain) = (ServerKind::StaticBytes(first.body.len()).start("")?, get("/ready", BROTLI));
    for (what, request, status) in
        [("public page, cached ÷ ready bytes", &page, 200), ("public page, revalidated ÷ ready bytes", &known, 304)]
    {
        let compared = compare(|| per_core_second(app, request, status), || per_core_second(&bytes, &plain, 200))?;
        let detail = format!("{:.0} and {:.0} answers per core and second", compared.one, compared.other);
        report.line(what, compared.ratio, Percent, AtLeast(0.8), detail);
    }
    Ok(())
}

pub fn fetch(server: &Server, request: &[u8]) -> io::Result<Response> {
    Client::connect(server.address)?.send(request)
}

pub fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Fails unless both pages show the same number of days and breaks, and are about as long.
fn assert_equivalent(app: &Response, hand_written: &Response) -> Result<(), Box<dyn Error>> {
    let structure = |answer: &Response| {
        let html = String::from_utf8_lossy(&answer.body).into_owned();
        let tags = ["<tr>", "<article", "<li>", "<dd", "<h2", "<h3"].map(|tag| html.matches(tag).count());
        (answer.status, tags)
    };
    let ((status, tags), (other_status, other)) = (structure(app), structure(hand_written));
    let length = as_f64(hand_written.body.len()) / as_f64(app.body.len());
    let missing = tags.iter().zip(&other).any(|(app, hand_written)| app > hand_written);
    if (status, other_status) != (200, 200) || missing || length < 0.9 {
        let lengths = format!("{} and {} bytes", app.body.len(), hand_written.body.len());
        return Err(format!("the app and the hand-written page differ: {tags:?}, {other:?}, {lengths}").into());
    }
    Ok(())
}
