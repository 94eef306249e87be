//! Measures speed and size against budgets, mostly as ratios within one run. `make bench` measures everything,
//! `cargo bench -p server -- pages growth` parts of it. The exit code is 1 if a budget is exceeded. `short` measures every part
//! on little data and without budgets, so that tests notice if a part no longer works.

mod checks;
mod credentials;
mod growth;
mod hand_written;
mod history;
mod load;
mod machine;
mod multiply;
mod pages;
mod queries;
mod report;
mod scale;
mod serving;
mod sign_ins;
mod startup;
mod transfer_size;
mod windows;

// Shared with tests.
#[path = "../../tests/kill/client.rs"]
mod client;
#[path = "../../tests/kill/database.rs"]
mod database;
#[path = "../../tests/kill/process.rs"]
mod process;
#[path = "../../tests/kill/shop.rs"]
mod shop;
#[path = "../../tests/sign_ins/load.rs"]
mod sign_in_load;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use tokio::runtime::Runtime;

use crate::database::Database;
use crate::process::{Server, serve_command};
use crate::report::Report;
use crate::scale::scaled;

/// The argument for the short form.
const SHORT: &str = "short";

/// Like `growth`, with a business of ten million checks. It takes long, so that it only runs if it is named.
const TEN_MILLION: &str = "ten-million";

const PARTS: [&str; 7] = ["pages", "checks", "windows", "sign-ins", "growth", "bytes", "launch"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [serving::SERVE, kind, database] => serving::serve(kind, database).map(|()| 0),
        [] => measure(&PARTS),
        [SHORT] => {
            scale::choose_short();
            measure(&PARTS)
        }
        _ => measure(&arguments),
    };
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(exceeded) => {
            println!("{exceeded} over budget");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The address of the PostgreSQL that `end2end/postgres.sh` started, if it did.
fn postgres_server() -> Option<String> {
    env::var("TRIALMARK_TEST_POSTGRES").ok()
}

/// The number of exceeded budgets.
fn measure(parts: &[&str]) -> Result<usize, Box<dyn Error>> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part) && **part != TEN_MILLION) {
        return Err(format!("there is no part {unknown}; there are {}, {TEN_MILLION}", PARTS.join(", ")).into());
    }
    println!("{}", machine::describe()?);
    let mut report = Report::default();
    let has = |part| parts.contains(&part);
    let runtime = Runtime::new()?;
    let few = Database::sqlite("few")?;
    runtime.block_on(history::write(&few.url))?;
    let path = format!("/p/{}/clean-restrooms", shop::SLUG);

    if has("pages") {
        pages::measure(&mut report, &few.url, &path)?;
    }
    if has("checks") {
        checks::measure(&mut report)?;
    }
    if has("windows") {
        runtime.block_on(windows::measure(&mut report))?;
    }
    if has("sign-ins") {
        sign_ins::measure(&mut report, &runtime)?;
    }
    if has("growth") {
        growth::measure(&mut report, &runtime, scaled(100, 3))?;
    }
    if has(TEN_MILLION) {
        growth::measure(&mut report, &runtime, scaled(1000, 4))?;
    }
    if has("bytes") {
        transfer_size::measure(&mut report, &Server::start(&mut serve_command(&few.url))?, &path)?;
    }
    if has("launch") {
        startup::measure(&mut report, &few.url, &path)?;
    }
    Ok(report.exceeded())
}
