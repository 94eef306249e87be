//! A server warns at start when row-level security does not apply to its database role.

#[path = "kill/database.rs"]
mod database;
#[path = "kill/process.rs"]
mod process;

use std::env;
use std::io::Read;
use std::process::Stdio;

use crate::database::Database;
use crate::process::{Server, serve_command};

#[test]
fn a_warning_is_logged_for_a_role_that_bypasses_rls() {
    let postgres = |name: &str, server: &str| {
        let Ok(server) = env::var(server) else {
            panic!("{server} names no server: run `make test`, which starts one for the tests");
        };
        Database::postgres(name, &server).unwrap()
    };
    let databases = [
        (Database::sqlite("rls").unwrap(), false),
        (postgres("rls_applies", "TRIALMARK_TEST_POSTGRES"), false),
        (postgres("rls_bypassed", "TRIALMARK_TEST_POSTGRES_SUPERUSER"), true),
    ];
    for (database, is_bypassed) in &databases {
        let mut server = Server::start(serve_command(&database.url).stderr(Stdio::piped())).unwrap();
        let mut stderr = server.child.stderr.take().unwrap();
        drop(server);
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        assert_eq!(log.contains("BYPASSRLS"), *is_bypassed, "{log}");
    }
}
