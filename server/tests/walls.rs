//! A server whose database does not hold the businesses apart says so when it starts.

#[path = "kill/database.rs"]
mod database;
#[path = "kill/process.rs"]
mod process;

use std::env;
use std::io::Read;
use std::process::Stdio;

use crate::database::Database;
use crate::process::{Server, serving};

#[test]
fn a_role_above_the_walls_is_warned_of_and_no_other() {
    let postgres = |name: &str, server: &str| {
        let Ok(server) = env::var(server) else {
            panic!("{server} names no server: run `make test`, which starts one for the tests");
        };
        Database::postgres(name, &server).unwrap()
    };
    let databases = [
        (Database::sqlite("walls").unwrap(), false),
        (postgres("walls_inside", "TRIALMARK_TEST_POSTGRES"), false),
        (postgres("walls_above", "TRIALMARK_TEST_POSTGRES_ABOVE"), true),
    ];
    for (database, above) in &databases {
        let mut server = Server::start(serving(&database.url).stderr(Stdio::piped())).unwrap();
        let mut stderr = server.child.stderr.take().unwrap();
        drop(server);
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(said.contains("BYPASSRLS"), *above, "{said}");
    }
}
