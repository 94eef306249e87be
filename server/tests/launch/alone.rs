//! Who may have a database at the same time: one program serves a file, any other command runs beside it.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Running, begin, failed, folder, trialmark};

/// So often four programs begin at the same moment.
const TIMES: usize = 25;

#[test]
fn one_program_serves_a_file_whatever_it_is_called() {
    let here = folder("alone");
    let running = Running::in_folder(&here, &[]);
    let (link, around) = (here.with_extension("link"), here.join("around.db"));
    let _ = fs::remove_file(&link);
    symlink(&here, &link).unwrap();
    symlink("trialmark.db", &around).unwrap();
    let (parent, name) = (here.parent().unwrap(), here.file_name().unwrap().to_str().unwrap());
    let path = here.to_str().unwrap();
    let url = |path: String| ["--database-url".to_owned(), format!("sqlite:{path}")];
    let folder = |path: &str| ["--data-dir".to_owned(), path.to_owned()];
    let names: Vec<(&Path, [String; 2])> = vec![
        (parent, folder(path)),
        (parent, folder(&format!("{path}/"))),
        (parent, folder(&format!("{path}/../{name}"))),
        (parent, folder(name)),
        (parent, folder(&format!("./{name}"))),
        (&here, folder(".")),
        (parent, folder(link.to_str().unwrap())),
        (parent, url(format!("{path}/trialmark.db"))),
        (parent, url(format!("//{path}/trialmark.db"))),
        (parent, url(format!("{path}//trialmark.db"))),
        (parent, url(format!("{path}/trialmark.db?mode=rwc"))),
        (parent, url(format!("{}/trialmark%2Edb", path.replace(' ', "%20")))),
        (parent, url(format!("{path}/around.db"))),
        (parent, url(format!("{}/around.db", link.display()))),
        (&here, url("trialmark.db".to_owned())),
        (&here, url("./around.db".to_owned())),
    ];
    for (from, name) in names {
        let mut second = trialmark(&["serve", "--listen", "127.0.0.1:0"]);
        second.current_dir(from).args(&name);
        let (code, said) = failed(second);
        assert!(code == Some(1) && said.contains("another Trialmark serves"), "{name:?}: {said}");
        assert!(said.contains("--data-dir") && said.lines().count() == 1, "{name:?}: {said}");
    }
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
    let other = Running::in_folder(&here, &["--database-url", &format!("sqlite:{path}/other.db")]);
    assert!(other.get("/readyz").starts_with("HTTP/1.1 200"), "another file in the same folder is another database");
    fs::remove_file(link).unwrap();
}

#[test]
fn a_crash_leaves_no_lock_behind() {
    let here = folder("crash");
    for _ in 0..5 {
        let running = Running::in_folder(&here, &[]);
        assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
        running.signal("KILL");
    }
    assert_eq!(Running::in_folder(&here, &[]).signal("TERM").status.code(), Some(0));
}

#[test]
fn commands_run_beside_a_server() {
    let here = folder("beside");
    begin(&here, "127.0.0.1:0");
    let running = Running::in_folder(&here, &[]);
    let out = here.join("out.zip");
    let whose = ["--business", "prairie-stop"];
    let sam = ["--email", "sam@x.example", "--name", "Sam", "--role", "staff"];
    for command in [
        vec!["migrate"],
        [&["user", "create"], &whose[..], &sam].concat(),
        vec!["user", "reset-link", "--email", "sam@x.example"],
        vec!["user", "forget-second-step", "--email", "sam@x.example"],
        [&["token", "create", "--role", "staff"], &whose[..]].concat(),
        [&["export", "--out", out.to_str().unwrap()], &whose[..]].concat(),
        [&["verify"], &whose[..]].concat(),
        [&["business", "delete", "--yes"], &whose[..]].concat(),
        vec!["import", out.to_str().unwrap()],
    ] {
        let output = trialmark(&command).env("TRIALMARK_DATA_DIR", &here).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(running.get("/p/prairie-stop").starts_with("HTTP/1.1 200"));
}

#[test]
fn of_four_that_begin_to_serve_at_once_one_serves() {
    for turn in 0..5 {
        let here = folder(&format!("four serve {turn}"));
        let mut children: Vec<_> = (0..4).map(|_| spawned(serve(&here))).collect();
        let running = Running::first_of(&mut children);
        let mut refused = 0;
        for child in children {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            refused += usize::from(said.contains("another Trialmark serves"));
        }
        assert_eq!(refused, 3);
        assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
    }
}

fn serve(folder: &Path) -> Command {
    let mut command = trialmark(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("TRIALMARK_DATA_DIR", folder).env("TRIALMARK_LOG", "error");
    command
}

fn spawned(mut command: Command) -> std::process::Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Four programs at once, each with one of these commands: all succeed, and none says a word too much.
fn four_at_once(settings: &HashMap<&str, String>, commands: [&str; 4]) {
    let children = commands.map(|command| {
        let mut migrate = trialmark(&command.split(' ').collect::<Vec<_>>());
        migrate.envs(settings).env("TRIALMARK_LOG", "error");
        spawned(migrate)
    });
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.is_empty(), "{settings:?}: {said}");
    }
}

#[test]
fn four_that_migrate_an_empty_folder_at_once_all_succeed() {
    for turn in 0..TIMES {
        let here = folder(&format!("four {turn}"));
        four_at_once(&[("TRIALMARK_DATA_DIR", here.to_str().unwrap().to_owned())].into(), ["migrate"; 4]);
        fs::remove_dir_all(here).unwrap();
    }
}

#[test]
fn four_that_migrate_an_empty_database_at_once_all_succeed_on_postgres() {
    let Ok(server) = std::env::var("TRIALMARK_TEST_POSTGRES") else {
        panic!("TRIALMARK_TEST_POSTGRES names no server: run `make test`, which starts one for the tests");
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let run = |sql: String| {
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&server).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        });
    };
    let base = server.rsplit_once('/').unwrap().0;
    for turn in 0..5 {
        let name = format!("four_{}_{turn}", std::process::id());
        run(format!("CREATE DATABASE {name}"));
        four_at_once(&[("TRIALMARK_DATABASE_URL", format!("{base}/{name}"))].into(), ["migrate"; 4]);
        run(format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}
