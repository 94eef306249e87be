//! `trialmark demo` removes its data, and offers only options that have an effect.

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

/// The folders of demos in a temporary folder.
fn folders(temporary: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(temporary).unwrap().map(|entry| entry.unwrap());
    let demos = all.filter(|entry| entry.file_name().to_str().unwrap().starts_with("trialmark-demo-"));
    demos.map(|entry| entry.path()).collect()
}

/// A demo that has created its database.
struct RunningDemo {
    child: Child,
    folder: PathBuf,
}

impl RunningDemo {
    fn start(temporary: &Path) -> Self {
        let before = folders(temporary);
        let mut demo_process =
            Self { child: demo(temporary).stdout(Stdio::piped()).spawn().unwrap(), folder: PathBuf::new() };
        let began = Instant::now();
        loop {
            let new = folders(temporary).into_iter().find(|folder| !before.contains(folder));
            if let Some(folder) = new.filter(|folder| folder.join("trialmark.db-wal").exists()) {
                demo_process.folder = folder;
                return demo_process;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "it does not begin");
            sleep(Duration::from_millis(10));
        }
    }

    /// Kills it, and returns its output.
    fn kill(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut said = String::new();
        self.child.stdout.take().map(|mut it| it.read_to_string(&mut said));
        said
    }
}

impl Drop for RunningDemo {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn a_demo_removes_the_data_of_killed_demos_only() {
    let temporary = folder("demos");
    fs::create_dir_all(&temporary).unwrap();
    let mut killed = RunningDemo::start(&temporary);
    let running = RunningDemo::start(&temporary);
    assert!(killed.folder.exists(), "the first one runs");
    assert_eq!(killed.kill(), "", "progress is for terminals");
    assert!(killed.folder.exists());
    let next = RunningDemo::start(&temporary);
    assert!(!killed.folder.exists() && running.folder.exists() && next.folder.exists());
    let files = ["", "trialmark.db", "trialmark.db-wal", "running"].map(|name| running.folder.join(name));
    for path in files {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn the_demo_accepts_only_options_that_have_an_effect() {
    let help = trialmark(&["demo", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    assert!(help.contains("--listen") && !help.contains("--data-dir") && !help.contains("--database-url"), "{help}");
    for refused in ["--data-dir", "--database-url", "--database-url-file"] {
        let output = trialmark(&["demo", refused, "x"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}
