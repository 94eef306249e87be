//! How busy the machine is with other things before anything is measured: then every time is longer than it need be.

use std::time::Duration;
use std::{fs, io, thread};

/// How long it is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// One line about this machine.
pub fn told() -> io::Result<String> {
    let cores = thread::available_parallelism()?;
    let (before, all_before) = used()?;
    thread::sleep(LOOK);
    let (after, all_after) = used()?;
    let share = (after - before) * 100 / (all_after - all_before).max(1);
    let word = if share < 10 { "it is quiet" } else { "it is busy, and what follows slower than it need be" };
    Ok(format!("{cores} cores, {share} % of them at work before anything is measured: {word}"))
}

/// How long all cores were at work, and how long there were any, in ticks of the clock.
fn used() -> io::Result<(u64, u64)> {
    let told = fs::read_to_string("/proc/stat")?;
    let ticks: Vec<u64> = told.lines().next().unwrap_or_default().split(' ').filter_map(|it| it.parse().ok()).collect();
    let (all, idle) = (ticks.iter().take(8).sum::<u64>(), ticks.iter().skip(3).take(2).sum::<u64>());
    Ok((all - idle, all))
}
