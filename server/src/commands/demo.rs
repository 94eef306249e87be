//! `trialmark demo`

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use store::Source;

use crate::clock::Machine;
use crate::demo::{PASSWORD, PEOPLE, seed};
use crate::failure::Failure;
use crate::settings::Settings;

/// Start Trialmark with the example business on a throw-away database
///
/// Prairie Stop has three roadside stops, four guarantees and 120 days of history, the same at every start. What you
/// change is gone when the program ends.
#[derive(Args, Debug)]
pub struct Demo {}

impl Demo {
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let folder = Folder::make()?;
        let database = format!("sqlite:{}", folder.0.join("demo.db").display());
        let database = database.parse().map_err(io::Error::other)?;
        let settings = Settings { database_url: Some(database), data_dir: folder.0.clone(), ..settings.clone() };
        let progress = |done, all| {
            print!("\rPlaying the history of Prairie Stop: day {done} of {all}");
            let _ = io::stdout().flush();
        };
        seed(settings.database().secret(), Machine.now(), progress).await?;
        println!("\nSign in with any of these, password \"{PASSWORD}\":");
        for (name, email, role) in PEOPLE {
            println!("  {email}  ({name}, {})", role.name());
        }
        crate::serve::run(&settings).await
    }
}

/// A folder of its own, gone when the program ends.
struct Folder(PathBuf);

impl Folder {
    fn make() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("trialmark-demo-{}", Machine.id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
