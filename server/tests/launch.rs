//! The program as a person or a supervisor starts and stops it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

fn trialmark(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trialmark"));
    for setting in ["DATABASE_URL", "LISTEN", "DATA_DIR", "BASE_URL", "TRUSTED_PROXIES", "LOG"] {
        command.env_remove(format!("TRIALMARK_{setting}"));
    }
    command.args(arguments);
    command
}

/// A folder of its own for one test, with a space in its name as people have them.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test} {}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(test: &str) -> Self {
        let mut command = trialmark(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.env("TRIALMARK_DATA_DIR", folder(test)).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Trialmark is running at http://").unwrap().to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    fn signal(mut self, name: &str) -> Output {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([format!("-{name}"), pid]).status().unwrap().success());
        let stdout = self.child.stdout.take().map(|mut it| {
            let mut rest = Vec::new();
            it.read_to_end(&mut rest).unwrap();
            rest
        });
        Output { status: self.child.wait().unwrap(), stdout: stdout.unwrap_or_default(), stderr: Vec::new() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failed(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    assert_eq!(output.stdout, b"");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn it_makes_its_folder_says_one_line_and_answers() {
    let running = Running::start("answers");
    assert!(folder_exists("answers"));
    for path in ["/healthz", "/readyz"] {
        let answer = running.get(path);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{answer}");
    }
    let ended = running.signal("TERM");
    assert_eq!((ended.status.code(), ended.stdout), (Some(0), vec![]));
}

fn folder_exists(test: &str) -> bool {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test} {}", std::process::id())).is_dir()
}

#[test]
fn ctrl_c_stops_it_as_well() {
    let ended = Running::start("ctrl-c").signal("INT");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn a_taken_port_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = trialmark(&["serve", "--listen", &address]);
    command.env("TRIALMARK_DATA_DIR", folder("taken"));
    let (code, said) = failed(command);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("port {} on 127.0.0.1 is taken", taken.local_addr().unwrap().port())), "{said}");
    assert!(said.contains("--listen"), "{said}");
    assert!(!folder_exists("taken"), "the data was touched before the port was ours");
}

#[test]
fn a_bad_setting_is_explained_in_one_line_without_its_secret() {
    for (flag, variable, value) in [
        ("--listen", "TRIALMARK_LISTEN", "everywhere"),
        ("--base-url", "TRIALMARK_BASE_URL", "trialmark.example/app"),
        ("--database-url", "TRIALMARK_DATABASE_URL", "mysql://me:s3cret@host/name"),
        ("--trusted-proxies", "TRIALMARK_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("--log", "TRIALMARK_LOG", "info=loud"),
    ] {
        let mut by_environment = trialmark(&["serve"]);
        by_environment.env(variable, value);
        for command in [trialmark(&["serve", flag, value]), by_environment] {
            let (code, said) = failed(command);
            assert_eq!(code, Some(2), "{said}");
            assert!(said.starts_with(&format!("trialmark: {flag}: ")) && said.lines().count() == 1, "{said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_explained() {
    let (code, said) = failed(trialmark(&["migrate", "--data-dir", "/dev/null/data"]));
    assert_eq!(code, Some(1));
    assert!(said.contains("/dev/null/data") && said.contains("--data-dir"), "{said}");
}

#[test]
fn the_password_of_the_database_is_not_in_the_help() {
    let mut command = trialmark(&["serve", "--help"]);
    let output = command.env("TRIALMARK_DATABASE_URL", "postgres://me:s3cret@host/name").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(help.contains("TRIALMARK_DATABASE_URL") && !help.contains("s3cret"), "{help}");
}
