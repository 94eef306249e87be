//! Locks of a database file: one program serves it, other commands can run at the same time.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Running, folder, output_of_failed, set_up_business, trialmark};

/// How often four programs are started at the same time.
const ROUNDS: usize = 25;

#[test]
fn a_second_server_on_a_database_file_is_refused_by_any_path() {
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
        let (code, said) = output_of_failed(second);
        assert!(code == Some(1) && said.contains("another Trialmark serves"), "{name:?}: {said}");
        assert!(said.contains("--data-dir") && said.lines().count() == 1, "{name:?}: {said}");
    }
    assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
    let other = Running::in_folder(&here, &["--database-url", &format!("sqlite:{path}/other.db")]);
    assert!(other.get("/readyz").starts_with("HTTP/1.1 200"), "another file in the same folder is another database");
    fs::remove_file(link).unwrap();
}

#[test]
fn a_killed_server_leaves_no_lock() {
    let here = folder("crash");
    for _ in 0..5 {
        let running = Running::in_folder(&here, &[]);
        assert!(running.get("/readyz").starts_with("HTTP/1.1 200"));
        running.signal("KILL");
    }
    assert_eq!(Running::in_folder(&here, &[]).signal("TERM").status.code(), Some(0));
}

#[test]
fn commands_can_run_while_a_server_is_running() {
    let here = folder("beside");
    set_up_business(&here, "127.0.0.1:0");
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
fn only_one_of_four_servers_started_concurrently_runs() {
    for turn in 0..5 {
        let here = folder(&format!("four serve {turn}"));
        let mut children: Vec<_> = (0..4).map(|_| spawn_piped(serve(&here))).collect();
        let running = Running::first_serving(&mut children);
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

fn spawn_piped(mut command: Command) -> std::process::Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs four commands at the same time. All must succeed without output.
fn run_four_concurrently(settings: &HashMap<&str, String>, commands: [&str; 4]) {
    let children = commands.map(|command| {
        let mut migrate = trialmark(&command.split(' ').collect::<Vec<_>>());
        migrate.envs(settings).env("TRIALMARK_LOG", "error");
        spawn_piped(migrate)
    });
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && said.is_empty(), "{settings:?}: {said}");
    }
}

#[test]
fn concurrent_migrations_of_an_empty_folder_succeed() {
    for turn in 0..ROUNDS {
        let here = folder(&format!("four {turn}"));
        run_four_concurrently(&[("TRIALMARK_DATA_DIR", here.to_str().unwrap().to_owned())].into(), ["migrate"; 4]);
        fs::remove_dir_all(here).unwrap();
    }
}

#[test]
fn concurrent_migrations_of_an_empty_postgres_db_succeed() {
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
        run_four_concurrently(&[("TRIALMARK_DATABASE_URL", format!("{base}/{name}"))].into(), ["migrate"; 4]);
        // With FORCE it would fail beside an autovacuum of the server, which only a superuser may end.
        run(format!("DROP DATABASE {name}"));
    }
}
