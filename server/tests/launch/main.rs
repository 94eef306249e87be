//! Tests of starting, stopping and configuring the program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod database_locks;
mod database_password;
mod demo;
mod file_permissions;
mod nginx;
mod readiness;
#[path = "../kill/shop.rs"]
#[expect(dead_code, reason = "a business begins here as people begin one")]
mod shop;
mod terminal_output;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use server::clock::SystemSource;
use store::Store;

fn trialmark(arguments: &[&str]) -> Command {
    let mut command = without_settings(Command::new(env!("CARGO_BIN_EXE_trialmark")));
    command.args(arguments);
    command
}

/// Removes the settings of the environment.
fn without_settings(mut command: Command) -> Command {
    for setting in ["DATABASE_URL", "DATABASE_URL_FILE", "LISTEN", "DATA_DIR", "BASE_URL", "TRUSTED_PROXIES", "LOG"] {
        command.env_remove(format!("TRIALMARK_{setting}"));
    }
    command
}

/// A folder for one test, with a space in its name.
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
        Self::of(trialmark(&["serve", "--listen", "127.0.0.1:0"]), test)
    }

    fn of(mut command: Command, test: &str) -> Self {
        command.env("TRIALMARK_DATA_DIR", folder(test));
        Self::from(command)
    }

    /// In an existing folder.
    fn in_folder(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with_arguments(folder, &[&["--listen", "127.0.0.1:0"], arguments].concat())
    }

    fn start_with_arguments(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = trialmark(&["serve"]);
        command.args(arguments).env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
        Self::from(command)
    }

    fn from(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let address = address(&mut child).expect("the server did not start");
        Self { child, address }
    }

    /// Takes the first of several that serves. The others stay in the list.
    fn first_serving(children: &mut Vec<Child>) -> Self {
        let addresses: Vec<_> = children.iter_mut().map(address).collect();
        let at = addresses.iter().position(Option::is_some).expect("none serves");
        Self { child: children.remove(at), address: addresses[at].clone().unwrap() }
    }

    fn get(&self, path: &str) -> String {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    fn post(&self, path: &str, form: &str) -> String {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        let (host, length) = (&self.address, form.len());
        write!(
            socket,
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        )
        .unwrap();
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

/// The address that a program prints. None if it ends without printing one.
fn address(child: &mut Child) -> Option<String> {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let running = line.trim().strip_prefix("Trialmark is running at ")?;
    running.split_once("://").map(|(_, address)| address.to_owned())
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn output_of_failed(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    assert_eq!(output.stdout, b"");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_server_creates_its_folder_prints_its_url_and_answers() {
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
fn the_server_raises_its_open_file_limit() {
    let mut command = without_settings(Command::new("sh"));
    let begin = "ulimit -S -n 64 && exec \"$0\" serve --listen 127.0.0.1:0";
    command.args(["-c", begin, env!("CARGO_BIN_EXE_trialmark")]);
    let running = Running::of(command, "files");
    let idle: Vec<_> = (0..200).map(|_| TcpStream::connect(&running.address).unwrap()).collect();
    let answer = running.get("/healthz");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(idle);
    assert_eq!(running.signal("TERM").status.code(), Some(0));
}

#[test]
fn ctrl_c_stops_the_server() {
    let ended = Running::start("ctrl-c").signal("INT");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn a_port_in_use_is_reported() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = trialmark(&["serve", "--listen", &address]);
    command.env("TRIALMARK_DATA_DIR", folder("taken"));
    let (code, said) = output_of_failed(command);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("port {} on 127.0.0.1 is taken", taken.local_addr().unwrap().port())), "{said}");
    assert!(said.contains("--listen"), "{said}");
    assert!(!folder_exists("taken"), "the data was touched before the port was ours");
}

#[test]
fn an_invalid_setting_gets_a_one_line_error_without_secrets() {
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
            let (code, said) = output_of_failed(command);
            assert_eq!(code, Some(2), "{said}");
            assert!(said.starts_with(&format!("trialmark: {flag}: ")) && said.lines().count() == 1, "{said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_created_is_reported() {
    let (code, said) = output_of_failed(trialmark(&["migrate", "--data-dir", "/dev/null/data"]));
    assert_eq!(code, Some(1));
    assert!(said.contains("/dev/null/data") && said.contains("--data-dir"), "{said}");
}

#[test]
fn the_help_does_not_contain_the_database_password() {
    let mut command = trialmark(&["serve", "--help"]);
    let output = command.env("TRIALMARK_DATABASE_URL", "postgres://me:s3cret@host/name").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(help.contains("TRIALMARK_DATABASE_URL") && !help.contains("s3cret"), "{help}");
}

#[test]
fn a_business_is_exported_imported_and_deleted_by_command() {
    let (here, there) = (folder("leaves"), folder("comes"));
    std::fs::create_dir_all(&here).unwrap();
    let file = here.join("prairie stop.zip");
    let (file, listen) = (file.to_str().unwrap(), "127.0.0.1:0");
    let run = |folder: &Path, arguments: &[&str]| {
        let output =
            trialmark(arguments).env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error").output().unwrap();
        let said = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), said(output.stdout), said(output.stderr))
    };
    let fails = |folder: &Path, arguments: &[&str], word: &str| {
        let (code, told, said) = run(folder, arguments);
        assert!(
            code == Some(1) && told.is_empty() && said.contains(word) && said.lines().count() == 1,
            "{arguments:?}: {said}"
        );
    };
    let does = |folder: &Path, arguments: &[&str]| {
        let (code, told, said) = run(folder, arguments);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{arguments:?}: {told}");
        told
    };
    let export = ["export", "--business", "prairie-stop", "--out", file];
    fails(&here, &export, "no business");
    assert!(!PathBuf::from(file).exists(), "half a business is none");
    set_up_business(&here, listen);
    assert!(does(&here, &export).starts_with("Prairie Stop is in "));
    fails(&here, &export, "already");
    fails(&here, &["export", "--business", "prairie-stop", "--out", "/nowhere/at/all.zip"], "/nowhere/at/all.zip");
    fails(&here, &["import", file], "here already");
    fails(&there, &["import", "/nowhere/at/all.zip"], "/nowhere/at/all.zip");
    fails(&there, &["import", "/dev/null"], "no ZIP file");
    let told = does(&there, &["import", file]);
    assert!(told.contains("trialmark user reset-link --email june@door.example"), "{told}");
    assert!(does(&there, &["verify", "--business", "prairie-stop"]).contains("is whole"));
    let link = does(&there, &["user", "reset-link", "--email", "june@door.example"]);
    assert!(link.contains("/reset/"), "{link}");
    let whose = ["--business", "prairie-stop", "--contact", "jo@x.example"];
    fails(&here, &[&["customer", "erase"], &whose[..]].concat(), "no customer");
    fails(&here, &[&["customer", "export"], &whose[..]].concat(), "no customer");
    fails(&here, &["business", "delete", "--business", "prairie-stop"], "--yes");
    does(&here, &["business", "delete", "--business", "prairie-stop", "--yes"]);
    fails(&here, &["business", "delete", "--business", "prairie-stop", "--yes"], "no business");
    assert!(does(&here, &["import", file]).contains("/p/prairie-stop"));
}

#[test]
fn site_limited_members_and_tokens_are_created_by_command() {
    let here = folder("sites");
    set_up_business(&here, "127.0.0.1:0");
    let run = |arguments: &[&str], sites: &[&str]| {
        let mut command = trialmark(arguments);
        command.args(["--business", "prairie-stop"]).env("TRIALMARK_DATA_DIR", &here).env("TRIALMARK_LOG", "error");
        command.args(sites.iter().flat_map(|site| ["--site", site]));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let url = format!("sqlite:{}", here.join("trialmark.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(Store::open(&url, Arc::new(SystemSource))).unwrap();
    let home = runtime.block_on(store.business_by_slug("prairie-stop")).unwrap().unwrap();
    let owner = Actor::new(home.id, Principal::System, Role::Owner);
    let add = |name: &str| runtime.block_on(store.add_site(&owner, &Line::parse(name).unwrap())).unwrap();
    let (salina, elk) = (add("Salina"), add("Elk City"));

    let user = |role, email| ["user", "create", "--email", email, "--name", "Sam", "--role", role];
    let token = |role| ["token", "create", "--role", role];
    for refused in [run(&user("staff", "sam@x.example"), &["Odessa"]), run(&token("staff"), &["Salina", "Odessa"])] {
        assert!(refused.0 == Some(1) && refused.1.contains("no site \"Odessa\""), "{}", refused.1);
    }
    for refused in [run(&user("owner", "sam@x.example"), &["Salina"]), run(&token("auditor"), &["Salina"])] {
        assert!(refused.0 == Some(1) && refused.1.contains("a role that reaches everything"), "{}", refused.1);
    }
    let (code, said) = run(&user("manager", "sam@x.example"), &["Salina", "Elk City"]);
    assert_eq!(code, Some(0), "{said}");
    let members = runtime.block_on(store.members(&owner)).unwrap();
    let sam = members.iter().find(|member| member.email == "sam@x.example").unwrap();
    assert_eq!((sam.role, &sam.site_access), (Role::Manager, &SiteAccess::sites([salina, elk])));
    for (sites, reach) in [(&["Salina"][..], SiteAccess::sites([salina])), (&[], SiteAccess::AllSites)] {
        let (code, made) = run(&token("staff"), sites);
        assert_eq!(code, Some(0), "{made}");
        assert_eq!(runtime.block_on(store.actor_by_token(made.trim())).unwrap().unwrap().site_access, reach);
    }
}

/// The fields of the form for the first business.
const FIRST_BUSINESS: &str = "name=Prairie+Stop&slug=prairie-stop&zone=America%2FChicago&currency=USD&language=en&\
    contact_name=June&contact_email=june%40example.com&email=june%40door.example&password=seven+other+quiet+apples";

/// Sets up the first business in a folder, as a browser does.
fn set_up_business(folder: &Path, listen: &str) {
    let mut command = trialmark(&["serve", "--listen", listen]);
    command.env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
    let running = Running::from(command);
    let answer = running.post("/begin", FIRST_BUSINESS);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(running.signal("TERM").status.code(), Some(0));
}
