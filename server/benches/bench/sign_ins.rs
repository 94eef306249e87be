//! What a reader of the public page notices of a crowd that signs in, and what a stranger learns from how long it takes.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::runtime::Runtime;

use crate::client::Client;
use crate::database::Database;
use crate::load::middle;
use crate::report::Budget::AtMost;
use crate::report::Measure::Times;
use crate::report::Report;
use crate::rush::{self, CROWD};

pub fn measure(report: &mut Report, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    let database = Database::sqlite("sign-ins")?;
    runtime.block_on(rush::prepare(&database.url))?;
    let server = rush::start(&database.url)?;
    let waits = rush::measure(server.address, 5)?;
    let [beside, alone] = waits.within(99);
    let most = waits.beside.iter().map(|wait| wait.let_in).max().unwrap_or_default();
    let detail = format!(
        "99th percentile, {beside:.2} ms and {alone:.2} ms; the crowd took {:.1?}, at most {most} let in during one page",
        waits.took
    );
    report.line(&format!("public page beside {CROWD} sign-ins ÷ alone"), beside / alone, Times, AtMost(2.0), detail);
    refusals(report, server.address)
}

/// How long a wrong password takes for an address that somebody has, beside one that nobody has and one that is none.
fn refusals(report: &mut Report, server: SocketAddr) -> Result<(), Box<dyn Error>> {
    let (mut client, somebody) = (Client::connect(server)?, rush::email(0));
    let who = [somebody.as_str(), "nobody@corner.example", "no address"];
    let mut took = [const { Vec::new() }; 3];
    for place in 0..42 {
        for (who, took) in who.iter().zip(&mut took) {
            let began = Instant::now();
            let status = rush::sign_in(&mut client, &format!("198.51.100.{place}"), who, "a wrong secret")?;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
            if status != 422 {
                return Err(format!("{who} was answered {status}").into());
            }
        }
    }
    // The first turns are not counted: connections open, code is read.
    let [known, unknown, none] = took.map(|took| middle(took[2..].to_vec()));
    let apart = [unknown, none].map(|other| (known / other).max(other / known)).into_iter().fold(1.0, f64::max);
    let detail = format!("{known:.1} ms, unknown {unknown:.1} ms, no address {none:.1} ms");
    report.line("refusal of a known address and of others, apart", apart, Times, AtMost(1.4), detail);
    Ok(())
}
