//! Speed and size beside their budgets, as ratios measured side by side in one run. `make bench` measures everything,
//! `cargo bench -p server -- pages growth` some of it. Ends with exit code 1 where a budget is broken.

mod by_hand;
mod bytes;
mod checks;
mod growth;
mod history;
mod launch;
mod load;
mod machine;
mod pages;
mod questions;
mod report;
mod serving;
mod sign_ins;
mod windows;

// What tests use as well.
#[path = "../../tests/kill/client.rs"]
mod client;
#[path = "../../tests/kill/database.rs"]
mod database;
#[path = "../../tests/kill/process.rs"]
mod process;
#[path = "../../tests/sign_ins/rush.rs"]
mod rush;
#[path = "../../tests/kill/shop.rs"]
mod shop;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use tokio::runtime::Runtime;

use crate::database::Database;
use crate::process::{Server, serving};
use crate::report::Report;

const PARTS: [&str; 7] = ["pages", "checks", "windows", "sign-ins", "growth", "bytes", "launch"];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ended = match words[..] {
        [serving::SERVE, kind, database] => serving::serve(kind, database).map(|()| 0),
        [] => measure(&PARTS),
        _ => measure(&words),
    };
    match ended {
        Ok(0) => ExitCode::SUCCESS,
        Ok(over) => {
            println!("{over} over budget");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many budgets are broken.
fn measure(parts: &[&str]) -> Result<usize, Box<dyn Error>> {
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(part)) {
        return Err(format!("there is no part {unknown}; there are {}", PARTS.join(", ")).into());
    }
    println!("{}", machine::told()?);
    let mut report = Report::default();
    let has = |part| parts.contains(&part);
    let runtime = Runtime::new()?;
    let few = Database::sqlite("few")?;
    runtime.block_on(history::write(&few.url))?;
    let charter = format!("/p/{}", shop::SLUG);
    let path = format!("{charter}/clean-restrooms");

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
        let many = Database::sqlite("many")?;
        runtime.block_on(async {
            history::write(&many.url).await?;
            history::multiply(&many.url).await
        })?;
        let pages = [("public page", path.clone()), ("charter", charter)];
        growth::measure(&mut report, &few.url, &many.url, &pages)?;
    }
    if has("bytes") {
        bytes::measure(&mut report, &Server::start(&mut serving(&few.url))?, &path)?;
    }
    if has("launch") {
        launch::measure(&mut report, &few.url, &path)?;
    }
    Ok(report.over())
}
