//! `trialmark demo`

use std::env::temp_dir;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use rustix::process::geteuid;
use store::Source;
use uuid::Uuid;

use crate::clock::Machine;
use crate::demo::{PASSWORD, PEOPLE, seed};
use crate::failure::Failure;
use crate::settings::{Service, Storage};
use crate::terminal::say;

/// Start Trialmark with the example business on a throw-away database
///
/// Prairie Stop has three roadside stops, four guarantees and 120 days of history, the same at every start. What you
/// change is gone when the program ends.
#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    service: Service,
}

impl Demo {
    pub async fn run(self) -> Result<(), Failure> {
        sweep(&temp_dir());
        let folder = Folder::make(&temp_dir())?;
        let storage = Storage::in_folder(folder.path.clone());
        let at_terminal = io::stdout().is_terminal();
        let progress = |done, all| {
            if at_terminal {
                let end = if done == all { "\n" } else { "" };
                let _ = write!(io::stdout(), "\rPlaying the history of Prairie Stop: day {done} of {all}{end}");
                let _ = io::stdout().flush();
            }
        };
        seed(storage.database().secret(), Machine.now(), progress).await?;
        say(format_args!("Sign in with any of these, password \"{PASSWORD}\":"))?;
        for (name, email, role) in PEOPLE {
            say(format_args!("  {email}  ({name}, {})", role.name()))?;
        }
        crate::serve::run(&storage, &self.service).await
    }
}

const NAME: &str = "trialmark-demo-";

/// In a demo's folder, and locked for as long as its program runs.
const RUNNING: &str = "running";

/// A folder of its own, gone when the program ends.
struct Folder {
    path: PathBuf,
    _running: File,
}

impl Folder {
    /// It has its name once it is locked: before that nobody could tell it from one that was left behind.
    fn make(among: &Path) -> io::Result<Self> {
        let name = format!("{NAME}{}", Machine.id());
        let (begun, path) = (among.join(format!(".{name}")), among.join(name));
        DirBuilder::new().mode(0o700).create(&begun)?;
        let running = OpenOptions::new().write(true).create_new(true).mode(0o600).open(begun.join(RUNNING))?;
        running.lock()?;
        fs::rename(begun, &path)?;
        Ok(Self { path, _running: running })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders of demos that were killed: those of this user whose lock nobody holds.
fn sweep(among: &Path) {
    for entry in fs::read_dir(among).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix(NAME));
        let is_ours = || entry.metadata().is_ok_and(|it| it.is_dir() && it.uid() == geteuid().as_raw());
        if id.is_some_and(|id| Uuid::parse_str(id).is_ok()) && is_ours() && is_over(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_over(folder: &Path) -> bool {
    File::open(folder.join(RUNNING)).is_ok_and(|running| running.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_what_a_killed_demo_left_behind_is_removed() {
        let among = temp_dir().join(format!("trialmark_sweep_{}", Machine.id()));
        let id = || Machine.id().to_string();
        let folder = |name: &str, files: &[&str]| {
            fs::create_dir_all(among.join(name)).unwrap();
            for file in files {
                fs::write(among.join(name).join(file), "").unwrap();
            }
            name.to_owned()
        };
        let killed = [
            folder(&format!("{NAME}{}", id()), &[RUNNING, "trialmark.db", "trialmark.db-wal"]),
            folder(&format!("{NAME}{}", id()), &[RUNNING]),
        ];
        let running = Folder::make(&among).unwrap();
        let elsewhere = folder("elsewhere", &[RUNNING]);
        let link = format!("{NAME}{}", id());
        symlink(among.join(&elsewhere), among.join(&link)).unwrap();
        let file = format!("{NAME}{}", id());
        fs::write(among.join(&file), "").unwrap();
        let kept = [
            folder(&format!("{NAME}{}", id()), &["trialmark.db"]),
            folder(&format!("{NAME}mine"), &[RUNNING]),
            folder(&format!("{NAME}{}-copy", id()), &[RUNNING]),
            folder(&format!(".{NAME}{}", id()), &[RUNNING]),
            folder(&id(), &[RUNNING]),
            folder("trialmark", &[RUNNING]),
            elsewhere,
            link,
            file,
            running.path.file_name().unwrap().to_str().unwrap().to_owned(),
        ];
        sweep(&among);
        for name in killed {
            assert!(!among.join(&name).exists(), "{name} is still there");
        }
        for name in kept {
            assert!(among.join(&name).symlink_metadata().is_ok(), "{name} is gone");
        }
        let path = running.path.clone();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        drop(running);
        assert!(!path.exists());
        fs::remove_dir_all(among).unwrap();
    }
}
