//! The public page while many people sign in, and whether the time of a refusal reveals that an account exists.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::runtime::Runtime;

use crate::client::Client;
use crate::database::Database;
use crate::load::median;
use crate::report::Budget::AtMost;
use crate::report::Measure::Times;
use crate::report::Report;
use crate::scale::scaled;
use crate::sign_in_load::{self, PEOPLE};

pub fn measure(report: &mut Report, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    let database = Database::sqlite("sign-ins")?;
    runtime.block_on(sign_in_load::prepare(&database.url))?;
    let server = sign_in_load::start(&database.url)?;
    let waits = sign_in_load::measure(server.address, scaled(5, 1))?;
    let [under_load, idle] = waits.percentile(99);
    let most = waits.under_load.iter().map(|wait| wait.signed_in).max().unwrap_or_default();
    let detail = format!(
        "99th percentile, {under_load:.2} ms and {idle:.2} ms; signing in took {:.1?}, at most {most} people during one page",
        waits.durations
    );
    report.line(
        &format!("public page beside {PEOPLE} sign-ins ÷ alone"),
        under_load / idle,
        Times,
        AtMost(2.0),
        detail,
    );
    refusals(report, server.address)
}

/// The time of a refusal for a known address, compared with an unknown one and a malformed one.
fn refusals(report: &mut Report, server: SocketAddr) -> Result<(), Box<dyn Error>> {
    let (mut client, known_email) = (Client::connect(server)?, sign_in_load::email(0));
    let emails = [known_email.as_str(), "nobody@corner.example", "no address"];
    let mut took = [const { Vec::new() }; 3];
    for place in 0..scaled(42, 4) {
        for (email, took) in emails.iter().zip(&mut took) {
            let began = Instant::now();
            let status = sign_in_load::sign_in(&mut client, &format!("198.51.100.{place}"), email, "a wrong secret")?;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
            if status != 422 {
                return Err(format!("{email} was answered {status}").into());
            }
        }
    }
    // The first rounds are not counted, because they open connections and load code.
    let [known, unknown, none] = took.map(|took| median(took[2..].to_vec()));
    let apart = [unknown, none].map(|other| (known / other).max(other / known)).into_iter().fold(1.0, f64::max);
    let detail = format!("{known:.1} ms, unknown {unknown:.1} ms, no address {none:.1} ms");
    report.line("refusal of a known address and of others, apart", apart, Times, AtMost(1.4), detail);
    Ok(())
}
