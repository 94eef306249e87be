//! The public page: made anew beside one written by hand, and ready beside ready bytes.

use std::error::Error;
use std::io;

use crate::client::{Answer, Client};
use crate::load::{compare, count, get, per_core_second};
use crate::process::Server;
use crate::questions;
use crate::report::Budget::AtLeast;
use crate::report::Measure::Percent;
use crate::report::Report;
use crate::serving::Kind;

const BROTLI: &str = "accept-encoding: br\r\n";

pub fn measure(report: &mut Report, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    questions::compare(database, path)?;
    let app = Kind::App.start(database)?;
    made_anew(report, &app, database, path)?;
    ready(report, &app, path)
}

fn made_anew(report: &mut Report, app: &Server, database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let (anew, by_hand) = (Kind::Anew.start(database)?, Kind::ByHand.start(database)?);
    let page = get(path, "");
    says_the_same(&answer(&anew, &page)?, &answer(&by_hand, &page)?)?;
    let pages = |server| per_core_second(server, &page, 200);
    if pages(&anew)? * 2.0 > pages(app)? {
        return Err("a page made anew costs hardly more than a ready one: is it made anew at all?".into());
    }
    let compared = compare(|| pages(&anew), || pages(&by_hand))?;
    let detail = format!("{:.0} and {:.0} pages per core and second", compared.one, compared.other);
    report.line("public page, uncached ÷ hand-written", compared.ratio, Percent, AtLeast(0.5), detail);
    Ok(())
}

fn ready(report: &mut Report, app: &Server, path: &str) -> Result<(), Box<dyn Error>> {
    let page = get(path, BROTLI);
    let first = answer(app, &page)?;
    let tag = header(&first.head, "etag").ok_or("the public page has no etag")?;
    let known = get(path, &format!("{BROTLI}if-none-match: {tag}\r\n"));
    let (bytes, bare) = (Kind::Ready(first.body.len()).start("")?, get("/ready", BROTLI));
    for (what, request, status) in
        [("public page, cached ÷ ready bytes", &page, 200), ("public page, revalidated ÷ ready bytes", &known, 304)]
    {
        let compared = compare(|| per_core_second(app, request, status), || per_core_second(&bytes, &bare, 200))?;
        let detail = format!("{:.0} and {:.0} answers per core and second", compared.one, compared.other);
        report.line(what, compared.ratio, Percent, AtLeast(0.8), detail);
    }
    Ok(())
}

pub fn answer(server: &Server, request: &[u8]) -> io::Result<Answer> {
    Client::connect(server.address)?.ask(request)
}

pub fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Two pages that tell as much: they have as many days and breaks, and are about as long.
fn says_the_same(app: &Answer, by_hand: &Answer) -> Result<(), Box<dyn Error>> {
    let told = |answer: &Answer| {
        let html = String::from_utf8_lossy(&answer.body).into_owned();
        let counted = ["<tr>", "<article", "<li>", "<dd", "<h2", "<h3"].map(|tag| html.matches(tag).count());
        (answer.status, counted)
    };
    let ((status, counted), (other_status, other)) = (told(app), told(by_hand));
    let length = count(by_hand.body.len()) / count(app.body.len());
    let missing = counted.iter().zip(&other).any(|(app, by_hand)| app > by_hand);
    if (status, other_status) != (200, 200) || missing || length < 0.9 {
        let lengths = format!("{} and {} bytes", app.body.len(), by_hand.body.len());
        return Err(format!("the app and the hand tell different things: {counted:?}, {other:?}, {lengths}").into());
    }
    Ok(())
}
