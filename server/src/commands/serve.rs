//! `trialmark serve`

use clap::Args;

use crate::command_error::CommandError;
use crate::settings::{Service, Storage};

/// Start the Trialmark server
///
/// Opens the database (creates it if there is none), migrates it, and prints the address when the server is ready.
/// SIGTERM or Ctrl-C stops it after the running requests are finished.
#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    service: Service,
}

impl Serve {
    pub async fn run(self) -> Result<(), CommandError> {
        crate::serve::run(&self.storage, &self.service).await
    }
}
