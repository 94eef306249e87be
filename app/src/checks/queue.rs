//! The queue of checks, for today's page and for the check screen.

use domain::check_queue::{CheckSchedule, QueuedPromise};
use store::{LastCheck, ScheduledPromise};

/// Every promise at every place, with its last check and its window, in the order of `last_checks`.
pub(crate) fn queue(last_checks: &[LastCheck], scheduled: &[ScheduledPromise]) -> Vec<QueuedPromise> {
    let queued = |check: &LastCheck| {
        let scheduled =
            scheduled.iter().find(|promise| (promise.guarantee, promise.place) == (check.guarantee, check.place));
        QueuedPromise {
            guarantee: check.guarantee,
            place: check.place,
            last_check: check.last.map(|(_, at)| at),
            schedule: scheduled.map_or(CheckSchedule::None, |promise| CheckSchedule::Window(promise.window)),
        }
    };
    last_checks.iter().map(queued).collect()
}
