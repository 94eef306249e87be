//! Checks that come while another is being written are written together after it: one wait for the disk acknowledges
//! them all. Nobody waits for company; each keeps its own answer.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use domain::actor::{Act, Actor};
use domain::check::CheckDraft;
use domain::ids::BusinessId;
use tokio::sync::oneshot;

use super::Logged;
use super::log::log;
use crate::Store;
use crate::error::Error;

/// The checks that wait, by business. A business is in here while somebody writes for it.
#[derive(Default)]
pub(crate) struct Together(Mutex<HashMap<BusinessId, Vec<Waiting>>>);

struct Waiting {
    actor: Actor,
    check: CheckDraft,
    answer: oneshot::Sender<Result<Logged, Error>>,
}

/// The most checks that are written together.
const MOST: usize = 64;

impl Store {
    pub(super) async fn log_together(&self, actor: Actor, check: CheckDraft) -> Result<Logged, Error> {
        let (answer, answered) = oneshot::channel();
        let business = actor.business;
        if self.together.join(Waiting { actor, check, answer }) {
            let store = self.clone();
            tokio::spawn(async move {
                while let Some(group) = store.together.next(business) {
                    let store = store.clone();
                    // Apart, so that a group that fails in an unforeseen way leaves the later ones alone.
                    let _ = tokio::spawn(async move { store.log_group(group).await }).await;
                }
            });
        }
        answered.await.unwrap_or(Err(lost()))
    }

    async fn log_group(&self, group: Vec<Waiting>) {
        let checks: Vec<_> = group.iter().map(|waiting| (&waiting.actor, &waiting.check)).collect();
        let answers = match self.try_group(&checks).await {
            Ok(answers) => answers,
            Err(Error::Unavailable(cause)) => checks.iter().map(|_| Err(unavailable(&cause))).collect(),
            Err(Error::Gone) => checks.iter().map(|_| Err(Error::Gone)).collect(),
            Err(error) if checks.len() == 1 => vec![Err(error)],
            // One of them cannot be written: the others are not to suffer for it.
            Err(_) => {
                let mut answers = Vec::with_capacity(checks.len());
                for check in &checks {
                    let alone = self.try_group(std::slice::from_ref(check)).await;
                    answers.push(alone.and_then(|mut answers| answers.pop().unwrap_or(Err(lost()))));
                }
                answers
            }
        };
        for (waiting, answer) in group.into_iter().zip(answers) {
            // Whoever has gone away asks again, with the same id.
            let _ = waiting.answer.send(answer);
        }
    }

    /// Writes checks of one business in one unit of work, each with its own answer.
    async fn try_group(&self, checks: &[(&Actor, &CheckDraft)]) -> Result<Vec<Result<Logged, Error>>, Error> {
        let Some((first, _)) = checks.first() else { return Ok(Vec::new()) };
        let mut work = self.work(first, Act::Check).await?;
        let answers = log(&mut work, checks).await?;
        if answers.iter().flatten().any(|logged| !logged.again) {
            work.commit().await?;
        }
        Ok(answers)
    }
}

impl Together {
    /// Whether nobody writes for this business yet: then it is for this one to begin.
    fn join(&self, waiting: Waiting) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = !all.contains_key(&waiting.actor.business);
        all.entry(waiting.actor.business).or_default().push(waiting);
        begins
    }

    /// The next that are to be written; None when there are none and the writing ends.
    fn next(&self, business: BusinessId) -> Option<Vec<Waiting>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.get_mut(&business)?;
        if waiting.is_empty() {
            all.remove(&business);
            return None;
        }
        let most = waiting.len().min(MOST);
        Some(waiting.drain(..most).collect())
    }
}

/// The same cause for everybody in the group.
fn unavailable(cause: &sqlx::Error) -> Error {
    Error::Unavailable(io::Error::other(cause.to_string()).into())
}

/// Nobody can say what became of it: the client asks again, with the same id.
fn lost() -> Error {
    Error::Unavailable(sqlx::Error::WorkerCrashed)
}
