//! `trialmark serve`

use clap::Args;

use crate::failure::Failure;
use crate::settings::{Service, Storage};

/// Start Trialmark and serve until asked to stop
///
/// Opens the database (making it if it is new), brings it up to date, and prints the address once people can come.
/// SIGTERM or ctrl-c stops it: requests that run are finished first.
#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    service: Service,
}

impl Serve {
    pub async fn run(self) -> Result<(), Failure> {
        crate::serve::run(&self.storage, &self.service).await
    }
}
