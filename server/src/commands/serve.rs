//! `trialmark serve`

use clap::Args;

use crate::failure::Failure;
use crate::settings::Settings;

/// Start Trialmark and serve until asked to stop
///
/// Opens the database (making it if it is new), brings it up to date, and prints the address once people can come.
/// SIGTERM or ctrl-c stops it: requests that run are finished first.
#[derive(Args, Debug)]
pub struct Serve {}

impl Serve {
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        crate::serve::run(settings).await
    }
}
