//! The example business leaves nothing behind, and offers nothing that it does not do.

use std::fs;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{folder, trialmark};

fn demo(temporary: &Path) -> Command {
    let mut command = trialmark(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", temporary).env("TRIALMARK_LOG", "error");
    command
}

/// The folders that demos have here.
fn folders(temporary: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(temporary).unwrap().map(|entry| entry.unwrap());
    let demos = all.filter(|entry| entry.file_name().to_str().unwrap().starts_with("trialmark-demo-"));
    demos.map(|entry| entry.path()).collect()
}

/// A demo that has made its database.
struct Begun {
    child: Child,
    folder: PathBuf,
}

impl Begun {
    fn among(temporary: &Path) -> Self {
        let before = folders(temporary);
        let mut begun = Self { child: demo(temporary).stdout(Stdio::piped()).spawn().unwrap(), folder: PathBuf::new() };
        let began = Instant::now();
        loop {
            let new = folders(temporary).into_iter().find(|folder| !before.contains(folder));
            if let Some(folder) = new.filter(|folder| folder.join("trialmark.db-wal").exists()) {
                begun.folder = folder;
                return begun;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "it does not begin");
            sleep(Duration::from_millis(10));
        }
    }

    /// What it has said by then.
    fn kill(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut said = String::new();
        self.child.stdout.take().map(|mut it| it.read_to_string(&mut said));
        said
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn what_a_killed_demo_leaves_is_removed_by_the_next_and_what_a_running_one_has_is_not() {
    let temporary = folder("demos");
    fs::create_dir_all(&temporary).unwrap();
    let mut killed = Begun::among(&temporary);
    let running = Begun::among(&temporary);
    assert!(killed.folder.exists(), "the first one runs");
    assert_eq!(killed.kill(), "", "progress is for terminals");
    assert!(killed.folder.exists());
    let next = Begun::among(&temporary);
    assert!(!killed.folder.exists() && running.folder.exists() && next.folder.exists());
    let files = ["", "trialmark.db", "trialmark.db-wal", "running"].map(|name| running.folder.join(name));
    for path in files {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn only_what_has_an_effect_is_offered() {
    let help = trialmark(&["demo", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    assert!(help.contains("--listen") && !help.contains("--data-dir") && !help.contains("--database-url"), "{help}");
    for refused in ["--data-dir", "--database-url", "--database-url-file"] {
        let output = trialmark(&["demo", refused, "x"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}
