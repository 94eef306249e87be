//! The operating system's limit on open files. Each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that everything but connections needs: the database with its readers, the log.
const RESERVED: u64 = 128;

/// The wanted number of connections, or fewer if the limit on open files is lower.
pub fn max_connections(wanted: u32) -> u32 {
    let possible = raise_limit().saturating_sub(RESERVED).max(2);
    let possible = u32::try_from(possible).unwrap_or(u32::MAX);
    if possible < wanted {
        tracing::warn!(possible, "the operating system allows few open files; see `ulimit -n`");
    }
    wanted.min(possible)
}

/// Raises the soft limit to the hard limit, and returns it.
fn raise_limit() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let new_limit = Rlimit { current: maximum, maximum };
    let limit = if setrlimit(Resource::Nofile, new_limit).is_ok() { maximum } else { current };
    limit.unwrap_or(u64::MAX)
}
