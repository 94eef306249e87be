//! Group commit: checks that arrive while another is being written are written together after it, so that one sync to
//! disk acknowledges them all. No check waits for others to arrive, and each has its own answer. On SQLite, where all
//! businesses share one writer, the checks of all businesses are written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Mutex, PoisonError};

use domain::actor::Actor;
use domain::check::CheckDraft;
use domain::ids::BusinessId;
use tokio::sync::oneshot;

use super::Logged;
use super::log::log_checks;
use crate::Store;
use crate::error::Error;

/// The waiting checks of each queue. A queue has an entry while a task writes for it.
#[derive(Default)]
pub(crate) struct GroupCommit(Mutex<HashMap<Queue, Vec<QueuedCheck>>>);

/// Whose checks are written together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Queue {
    AllBusinesses,
    Of(BusinessId),
}

struct QueuedCheck {
    actor: Actor,
    check: CheckDraft,
    answer: oneshot::Sender<Result<Logged, Error>>,
}

/// The most checks in a group.
const MAX_GROUP: usize = 64;

impl Store {
    pub(super) async fn log_grouped(&self, actor: Actor, check: CheckDraft) -> Result<Logged, Error> {
        let (answer, answered) = oneshot::channel();
        let queue = if self.db.has_one_writer() { Queue::AllBusinesses } else { Queue::Of(actor.business) };
        if self.group_commit.enqueue(queue, QueuedCheck { actor, check, answer }) {
            let store = self.clone();
            tokio::spawn(async move {
                while let Some(group) = store.group_commit.next_group(queue) {
                    let store = store.clone();
                    // A task of its own, so that a panic in one group does not affect later ones.
                    let _ = tokio::spawn(async move { store.log_group(group).await }).await;
                }
            });
        }
        answered.await.unwrap_or(Err(outcome_unknown()))
    }

    async fn log_group(&self, group: Vec<QueuedCheck>) {
        let checks: Vec<_> = group.iter().map(|waiting| (&waiting.actor, &waiting.check)).collect();
        let answers = match self.write_group(&checks).await {
            Ok(answers) => answers,
            Err(Error::Unavailable(cause)) => checks.iter().map(|_| Err(unavailable(&cause))).collect(),
            Err(error) if checks.len() == 1 => vec![Err(error)],
            // One of them cannot be written, or one of the businesses is gone. The others are written one by one.
            Err(_) => {
                let mut answers = Vec::with_capacity(checks.len());
                for check in &checks {
                    let alone = self.write_group(std::slice::from_ref(check)).await;
                    answers.push(alone.and_then(|mut answers| answers.pop().unwrap_or(Err(outcome_unknown()))));
                }
                answers
            }
        };
        for (waiting, answer) in group.into_iter().zip(answers) {
            // A client that has disconnected sends the check again, with the same id.
            let _ = waiting.answer.send(answer);
        }
    }

    /// Writes checks in one unit of work. Each check has its own answer.
    async fn write_group(&self, checks: &[(&Actor, &CheckDraft)]) -> Result<Vec<Result<Logged, Error>>, Error> {
        let actors = checks.iter().map(|(actor, _)| (actor.business, (*actor).clone()));
        let mut actors: BTreeMap<_, _> = actors.collect();
        let Some((business, first)) = actors.pop_first() else { return Ok(Vec::new()) };
        let handle = self.db.begin(business).await?;
        let mut work = self.unit_of_work_for(handle, first, actors.into_values().collect()).await?;
        let answers = log_checks(&mut work, checks).await?;
        let is_new = |answer: &Result<Logged, Error>| answer.as_ref().is_ok_and(|logged| !logged.is_repeat);
        let new = checks.iter().zip(&answers).filter(|(_, answer)| is_new(answer));
        let changed: BTreeSet<_> = new.map(|((actor, _), _)| actor.business).collect();
        if !changed.is_empty() {
            work.commit_changes_of(changed).await?;
        }
        Ok(answers)
    }
}

impl GroupCommit {
    /// Adds a check. Returns whether no task writes for the queue yet, so that the caller must start one.
    fn enqueue(&self, queue: Queue, waiting: QueuedCheck) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = !all.contains_key(&queue);
        all.entry(queue).or_default().push(waiting);
        begins
    }

    /// Takes the next group. `None` if no check waits; then the task ends.
    fn next_group(&self, queue: Queue) -> Option<Vec<QueuedCheck>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.get_mut(&queue)?;
        if waiting.is_empty() {
            all.remove(&queue);
            return None;
        }
        let limit = waiting.len().min(MAX_GROUP);
        Some(waiting.drain(..limit).collect())
    }
}

/// The same error for each check of a group.
fn unavailable(cause: &sqlx::Error) -> Error {
    Error::Unavailable(io::Error::other(cause.to_string()).into())
}

/// It is unknown whether the check was stored. The client sends it again, with the same id.
fn outcome_unknown() -> Error {
    Error::Unavailable(sqlx::Error::WorkerCrashed)
}
