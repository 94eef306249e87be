//! A server that has started and cannot do its work says that it is not ready.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::{BEGIN, Running, begin, folder, unset};

/// Root may write what nobody may, unless it gives that right away.
fn bound_by_permissions(folder: &Path) -> Command {
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
    command = unset(command);
    command.env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
    command
}

fn is_alive_but_not_ready(running: &Running) {
    for _ in 0..3 {
        let answer = running.get("/readyz");
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("cache-control: no-store"), "{answer}");
    }
    assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_file_that_may_not_be_written_is_not_ready() {
    let here = folder("read only");
    begin(&here, "127.0.0.1:0");
    let file = here.join("trialmark.db");
    for mode in [0o444, 0o400] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let running = Running::from(bound_by_permissions(&here));
        is_alive_but_not_ready(&running);
        assert!(running.get("/p/prairie-stop").starts_with("HTTP/1.1 200"), "what is there can be read");
    }
    // What was made beside the file meanwhile has its permissions, and may stay where a server is killed.
    for made in fs::read_dir(&here).unwrap().map(|made| made.unwrap().path()).filter(|made| made.is_file()) {
        fs::set_permissions(made, Permissions::from_mode(0o600)).unwrap();
    }
    let running = Running::from(bound_by_permissions(&here));
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_full_disk_is_not_ready() {
    let here = folder("full");
    // What was written last stays beside the file, and what comes next is written behind it.
    let killed = Running::in_folder(&here, &[]);
    assert!(killed.post("/begin", BEGIN).starts_with("HTTP/1.1 303"));
    killed.signal("KILL");
    // No file may grow beyond so many kilobytes: as many as the index of what was written last has.
    let limited =
        format!("trap '' XFSZ; ulimit -f 32; exec '{}' serve --listen 127.0.0.1:0", env!("CARGO_BIN_EXE_trialmark"));
    let mut command = unset(Command::new("bash"));
    command.args(["-c", &limited]).env("TRIALMARK_DATA_DIR", &here).env("TRIALMARK_LOG", "off");
    let running = Running::from(command);
    is_alive_but_not_ready(&running);
    drop(running);
    let running = Running::in_folder(&here, &[]);
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"), "once there is room it is ready");
}
