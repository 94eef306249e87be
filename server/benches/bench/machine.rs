//! The load of the machine before the measurements. On a busy machine, times are longer.

use std::time::Duration;
use std::{fs, io, thread};

/// How long the load is measured.
const INTERVAL: Duration = Duration::from_secs(2);

/// A line about the cores and their load.
pub fn describe() -> io::Result<String> {
    let cores = thread::available_parallelism()?;
    let (before, all_before) = core_ticks()?;
    thread::sleep(INTERVAL);
    let (after, all_after) = core_ticks()?;
    let share = (after - before) * 100 / (all_after - all_before).max(1);
    let verdict = if share < 10 { "it is idle" } else { "it is busy, so times are longer than usual" };
    Ok(format!("{cores} cores, {share} % of them busy before the measurements: {verdict}"))
}

/// The busy time and the total time of all cores, in clock ticks.
fn core_ticks() -> io::Result<(u64, u64)> {
    let stat = fs::read_to_string("/proc/stat")?;
    let ticks: Vec<u64> = stat.lines().next().unwrap_or_default().split(' ').filter_map(|it| it.parse().ok()).collect();
    let (all, idle) = (ticks.iter().take(8).sum::<u64>(), ticks.iter().skip(3).take(2).sum::<u64>());
    Ok((all - idle, all))
}
