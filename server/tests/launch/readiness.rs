//! A server that cannot write to its database reports that it is not ready.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::{FIRST_BUSINESS, Running, folder, set_up_business, without_settings};

/// Root ignores file permissions, unless the process drops that capability.
fn serve_subject_to_file_permissions(folder: &Path) -> Command {
    let serve = [env!("CARGO_BIN_EXE_trialmark"), "serve", "--listen", "127.0.0.1:0"];
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.arg("--bounding-set=-dac_override,-dac_read_search").args(serve);
        command
    } else {
        let mut command = Command::new(serve[0]);
        command.args(&serve[1..]);
        command
    };
    command = without_settings(command);
    command.env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
    command
}

fn assert_alive_but_not_ready(running: &Running) {
    for _ in 0..3 {
        let answer = running.get("/readyz");
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("cache-control: no-store"), "{answer}");
    }
    assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_server_with_a_read_only_database_is_not_ready() {
    let here = folder("read only");
    set_up_business(&here, "127.0.0.1:0");
    let file = here.join("trialmark.db");
    for mode in [0o444, 0o400] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let running = Running::from(serve_subject_to_file_permissions(&here));
        assert_alive_but_not_ready(&running);
        assert!(running.get("/p/prairie-stop").starts_with("HTTP/1.1 200"), "what is there can be read");
    }
    // Files that SQLite creates beside the database have its permissions, and may stay when a server is killed.
    for made in fs::read_dir(&here).unwrap().map(|made| made.unwrap().path()).filter(|made| made.is_file()) {
        fs::set_permissions(made, Permissions::from_mode(0o600)).unwrap();
    }
    let running = Running::from(serve_subject_to_file_permissions(&here));
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_server_on_a_full_disk_is_not_ready() {
    let here = folder("full");
    // The write-ahead log keeps its size, and the next writes are appended to it.
    let killed = Running::in_folder(&here, &[]);
    assert!(killed.post("/begin", FIRST_BUSINESS).starts_with("HTTP/1.1 303"));
    killed.signal("KILL");
    // The limit on file sizes is the size of the shared-memory file, so that the log cannot grow.
    let limited =
        format!("trap '' XFSZ; ulimit -f 32; exec '{}' serve --listen 127.0.0.1:0", env!("CARGO_BIN_EXE_trialmark"));
    let mut command = without_settings(Command::new("bash"));
    command.args(["-c", &limited]).env("TRIALMARK_DATA_DIR", &here).env("TRIALMARK_LOG", "off");
    let running = Running::from(command);
    assert_alive_but_not_ready(&running);
    drop(running);
    let running = Running::in_folder(&here, &[]);
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"), "once there is room it is ready");
}
