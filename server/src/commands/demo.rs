//! `trialmark demo`

use std::env::temp_dir;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use rustix::process::geteuid;
use store::ClockAndRandom;
use uuid::Uuid;

use crate::clock::SystemSource;
use crate::command_error::CommandError;
use crate::demo::{PASSWORD, PEOPLE, seed};
use crate::settings::{Service, Storage};
use crate::terminal::print_line;

/// Start Trialmark with the example business on a temporary database
///
/// Prairie Stop has three roadside stops, four guarantees and 120 days of history, the same at every start. Your changes
/// are deleted when the program ends.
#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    service: Service,
}

impl Demo {
    pub async fn run(self) -> Result<(), CommandError> {
        remove_stale_folders(&temp_dir());
        let folder = DemoFolder::create(&temp_dir())?;
        let storage = Storage::in_folder(folder.path.clone());
        let is_terminal = io::stdout().is_terminal();
        let progress = |done, total| {
            if is_terminal {
                let end = if done == total { "\n" } else { "" };
                let _ = write!(io::stdout(), "\rPlaying the history of Prairie Stop: day {done} of {total}{end}");
                let _ = io::stdout().flush();
            }
        };
        seed(storage.database().secret(), SystemSource.now(), progress).await?;
        print_line(format_args!("Sign in with any of these, password \"{PASSWORD}\":"))?;
        for (name, email, role) in PEOPLE {
            print_line(format_args!("  {email}  ({name}, {})", role.name()))?;
        }
        crate::serve::run(&storage, &self.service).await
    }
}

const PREFIX: &str = "trialmark-demo-";

/// A file in a demo's folder. It is locked while its program runs.
const LOCK_FILE: &str = "running";

/// The folder of this demo, deleted when the program ends.
struct DemoFolder {
    path: PathBuf,
    _lock: File,
}

impl DemoFolder {
    /// The folder gets its final name only when it is locked. Otherwise another demo could take it for a stale one.
    fn create(parent: &Path) -> io::Result<Self> {
        let name = format!("{PREFIX}{}", SystemSource.id());
        let (unfinished, path) = (parent.join(format!(".{name}")), parent.join(name));
        DirBuilder::new().mode(0o700).create(&unfinished)?;
        let lock = OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished.join(LOCK_FILE))?;
        lock.lock()?;
        fs::rename(unfinished, &path)?;
        Ok(Self { path, _lock: lock })
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders of demos that were killed: folders of this user whose lock nobody holds.
fn remove_stale_folders(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let is_ours = || entry.metadata().is_ok_and(|it| it.is_dir() && it.uid() == geteuid().as_raw());
        if id.is_some_and(|id| Uuid::parse_str(id).is_ok()) && is_ours() && is_unlocked(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_unlocked(folder: &Path) -> bool {
    File::open(folder.join(LOCK_FILE)).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_folders_of_killed_demos_are_removed() {
        let parent = temp_dir().join(format!("trialmark_sweep_{}", SystemSource.id()));
        let id = || SystemSource.id().to_string();
        let folder = |name: &str, files: &[&str]| {
            fs::create_dir_all(parent.join(name)).unwrap();
            for file in files {
                fs::write(parent.join(name).join(file), "").unwrap();
            }
            name.to_owned()
        };
        let killed = [
            folder(&format!("{PREFIX}{}", id()), &[LOCK_FILE, "trialmark.db", "trialmark.db-wal"]),
            folder(&format!("{PREFIX}{}", id()), &[LOCK_FILE]),
        ];
        let running = DemoFolder::create(&parent).unwrap();
        let elsewhere = folder("elsewhere", &[LOCK_FILE]);
        let link = format!("{PREFIX}{}", id());
        symlink(parent.join(&elsewhere), parent.join(&link)).unwrap();
        let file = format!("{PREFIX}{}", id());
        fs::write(parent.join(&file), "").unwrap();
        let kept = [
            folder(&format!("{PREFIX}{}", id()), &["trialmark.db"]),
            folder(&format!("{PREFIX}mine"), &[LOCK_FILE]),
            folder(&format!("{PREFIX}{}-copy", id()), &[LOCK_FILE]),
            folder(&format!(".{PREFIX}{}", id()), &[LOCK_FILE]),
            folder(&id(), &[LOCK_FILE]),
            folder("trialmark", &[LOCK_FILE]),
            elsewhere,
            link,
            file,
            running.path.file_name().unwrap().to_str().unwrap().to_owned(),
        ];
        remove_stale_folders(&parent);
        for name in killed {
            assert!(!parent.join(&name).exists(), "{name} is still there");
        }
        for name in kept {
            assert!(parent.join(&name).symlink_metadata().is_ok(), "{name} is gone");
        }
        let path = running.path.clone();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        drop(running);
        assert!(!path.exists());
        fs::remove_dir_all(parent).unwrap();
    }
}
