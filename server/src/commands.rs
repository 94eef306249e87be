//! The command line: reads it, runs one command, and turns how that ended into an exit code. One file a command.

mod business;
mod customer;
mod demo;
mod export;
mod import;
mod migrate;
mod serve;
mod token;
mod user;
mod verify;

use std::error::Error;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::Settings;

/// Trialmark: service guarantees, kept in the open.
#[derive(Debug, Parser)]
#[command(name = "trialmark", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Business(business::Business),
    Customer(customer::Customer),
    Export(export::Export),
    Import(import::Import),
    Migrate(migrate::Migrate),
    Token(token::Token),
    User(user::User),
    Verify(verify::Verify),
}

impl Command {
    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Serve(serve) => serve.run(settings).await,
            Self::Demo(demo) => demo.run(settings).await,
            Self::Business(business) => business.run(settings).await,
            Self::Customer(customer) => customer.run(settings).await,
            Self::Export(export) => export.run(settings).await,
            Self::Import(import) => import.run(settings).await,
            Self::Migrate(migrate) => migrate.run(settings).await,
            Self::Token(token) => token.run(settings).await,
            Self::User(user) => user.run(settings).await,
            Self::Verify(verify) => verify.run(settings).await,
        }
    }
}

/// Runs the command given on the command line. Exit codes: 0 done, 1 failed, 2 not understood.
#[must_use]
pub fn main() -> ExitCode {
    let CommandLine { command, settings } = match CommandLine::try_parse() {
        Ok(understood) => understood,
        Err(error) => return explain(&error),
    };
    log_to_stderr(&settings.log);
    match in_runtime(command.run(&settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("trialmark: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// A bad value is explained in one line; for everything else clap knows best.
fn explain(error: &clap::Error) -> ExitCode {
    match (error.kind(), error.get(ContextKind::InvalidArg), error.source()) {
        (ErrorKind::ValueValidation, Some(ContextValue::String(usage)), Some(cause)) => {
            let flag = usage.split(' ').next().unwrap_or(usage);
            eprintln!("trialmark: {flag}: {cause}");
        }
        _ => drop(error.print()),
    }
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// Private links carry their key in the path, and the layer that guards forms logs paths at its finest level.
const NEVER_LOGGED: &str = "tower_http::csrf=off";

fn log_to_stderr(filter: &str) {
    let mut filter = EnvFilter::new(filter);
    if let Ok(never) = NEVER_LOGGED.parse() {
        filter = filter.add_directive(never);
    }
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_or_after_the_command() {
        for line in
            [["trialmark", "--listen", "127.0.0.1:4000", "serve"], ["trialmark", "serve", "--listen", "127.0.0.1:4000"]]
        {
            let understood = CommandLine::try_parse_from(line).unwrap();
            assert_eq!(understood.settings.listen.port(), 4000);
        }
    }
}
