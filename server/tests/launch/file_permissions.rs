//! Created files are private, whatever the umask. Files that are not are reported.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Running, folder, set_up_business, trialmark, without_settings};

/// All files in a folder and its subfolders, with their modes.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut all = vec![(folder.to_owned(), fs::metadata(folder).unwrap().mode() & 0o777)];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(modes(&path));
        } else {
            all.push((path.clone(), fs::metadata(&path).unwrap().mode() & 0o777));
        }
    }
    all
}

fn with_umask(umask: &str, folder: &Path, arguments: &str) -> Command {
    let mut command = without_settings(Command::new("sh"));
    let program = env!("CARGO_BIN_EXE_trialmark");
    command.args(["-c", &format!("umask {umask}; exec '{program}' {arguments}")]);
    command.env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
    command
}

#[test]
fn created_files_are_private_whatever_the_umask() {
    let whole = folder("private whole");
    set_up_business(&whole, "127.0.0.1:0");
    let file = whole.join("out.zip");
    let export = format!("export --business prairie-stop --out '{}'", file.display());
    assert!(with_umask("000", &whole, &export).status().unwrap().success());
    for umask in ["000", "002", "022", "027", "077"] {
        let here = folder(&format!("private {umask}")).join("made/on the way");
        let import = format!("import '{}'", file.display());
        assert!(with_umask(umask, &here, "migrate").status().unwrap().success());
        assert!(with_umask(umask, &here, &import).output().unwrap().status.success());
        let running = Running::from(with_umask(umask, &here, "serve --listen 127.0.0.1:0"));
        assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
        let modes = [modes(&here), modes(&whole)].concat();
        for name in ["trialmark.db", "trialmark.db-wal", "trialmark.db-shm", "trialmark.db-serving", "out.zip"] {
            assert!(modes.iter().any(|(path, _)| path.ends_with(name)), "{name} is not there: {modes:?}");
        }
        for (path, mode) in modes {
            assert_eq!(mode & 0o077, 0, "{} has mode {mode:o} at umask {umask}", path.display());
        }
    }
}

#[test]
fn a_database_created_by_url_is_private() {
    let here = folder("private named");
    fs::create_dir_all(&here).unwrap();
    let mut command = with_umask("000", &here.join("photos only"), "migrate");
    command.env("TRIALMARK_DATABASE_URL", format!("sqlite:{}", here.join("a.db").display()));
    assert!(command.output().unwrap().status.success());
    assert_eq!(fs::metadata(here.join("a.db")).unwrap().mode() & 0o777, 0o600);
}

/// The log output of a server while it starts.
fn startup_log(arguments: &[&str], folder: &Path) -> String {
    let log = folder.with_extension("log");
    let mut command = trialmark(&["serve"]);
    command.args(arguments).env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "warn");
    command.stderr(fs::File::create(&log).unwrap());
    // The permissions are checked before the address is printed.
    drop(Running::from(command));
    fs::read_to_string(log).unwrap()
}

#[test]
fn files_accessible_to_others_are_reported_and_not_changed() {
    let here = folder("open");
    set_up_business(&here, "127.0.0.1:0");
    let listen = ["--listen", "127.0.0.1:0"];
    assert!(!startup_log(&listen, &here).contains("others on this machine"), "what was made by itself is closed");
    let database = here.join("trialmark.db");
    fs::create_dir_all(here.join("photos")).unwrap();
    fs::set_permissions(here.join("photos"), Permissions::from_mode(0o700)).unwrap();
    for (path, mode) in [
        (here.clone(), 0o755),
        (here.clone(), 0o777),
        (here.clone(), 0o710),
        (database.clone(), 0o644),
        (database.clone(), 0o640),
        (database.clone(), 0o606),
        (database, 0o660),
        (here.join("photos"), 0o755),
    ] {
        let before = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let said = startup_log(&listen, &here);
        let line = said.lines().find(|line| line.contains(&format!("(mode {mode:04o})"))).unwrap_or_default();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(line.contains(name) && line.contains("chmod go="), "{mode:o} {name}: {said}");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, mode, "it may be meant");
        fs::set_permissions(&path, before).unwrap();
    }
}

#[test]
fn serving_without_tls_or_as_root_is_reported() {
    let here = folder("exposed");
    for (base_url, meant) in [
        ("http://trialmark.example", true),
        ("http://203.0.113.9:3000", true),
        ("https://trialmark.example", false),
        ("http://localhost:3000", false),
    ] {
        let said = startup_log(&["--listen", "127.0.0.1:0", "--base-url", base_url], &here);
        assert_eq!(said.contains("without encryption"), meant, "{base_url}: {said}");
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(said.contains("runs as root"), is_root, "{said}");
    }
}
