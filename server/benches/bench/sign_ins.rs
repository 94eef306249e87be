//! What a reader of the public page notices of a crowd that signs in.

use std::error::Error;

use tokio::runtime::Runtime;

use crate::database::Database;
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
    let detail = format!("99th percentile, {beside:.2} ms and {alone:.2} ms; the crowd took {:.1?}", waits.took);
    report.line(&format!("public page beside {CROWD} sign-ins ÷ alone"), beside / alone, Times, AtMost(2.0), detail);
    Ok(())
}
