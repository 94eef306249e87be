//! How many files the operating system lets this program have open. Each connection is one, and so is the database.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What everything else needs: the database with its readers, the log, what starts and stops.
const OWN: u64 = 128;

/// As many connections as were wanted, or as there can be.
pub fn connections(wanted: u32) -> u32 {
    let possible = allowed().saturating_sub(OWN).max(2);
    let possible = u32::try_from(possible).unwrap_or(u32::MAX);
    if possible < wanted {
        tracing::warn!(possible, "the operating system allows few open files; see `ulimit -n`");
    }
    wanted.min(possible)
}

/// A process begins with less than it may have.
fn allowed() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: maximum, maximum };
    let allowed = if setrlimit(Resource::Nofile, raised).is_ok() { maximum } else { current };
    allowed.unwrap_or(u64::MAX)
}
