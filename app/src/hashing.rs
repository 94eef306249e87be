//! Threads of their own for what takes a core and much memory: on half of the cores, behind everyone who waits for a
//! page, and first come, first served.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::error::Error;

/// How many may wait for their turn. On one core the last of them waits some seven seconds.
const WAITING: usize = 256;

/// When whoever comes too many had better come back, in seconds: by then the others are done.
const LATER: u64 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// Where work is handed in. The threads begin with the first piece of it, and end with this.
#[derive(Default)]
pub struct Hashing(OnceLock<SyncSender<Work>>);

impl Hashing {
    /// Hands this in, to be done in its turn; it is not done if by then nobody waits for it.
    ///
    /// # Errors
    /// Too many wait already.
    pub fn done<T, W>(&self, work: W) -> impl Future<Output = Result<T, Error>> + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move || {
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        };
        let handed_in = self.0.get_or_init(begin).try_send(Box::new(work)).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::TooMany { seconds: LATER },
            TrySendError::Disconnected(_) => Error::Internal,
        });
        async move {
            handed_in?;
            answered.await.map_err(|_| Error::Internal)
        }
    }
}

fn begin() -> SyncSender<Work> {
    let (hand_in, waiting) = sync_channel(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..threads() {
        let waiting = Arc::clone(&waiting);
        let begun = thread::Builder::new().name("hashing".to_owned()).spawn(move || work_off(&waiting));
        if let Err(cause) = begun {
            tracing::error!(%cause, "there is no thread for hashing passwords");
        }
    }
    hand_in
}

fn threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    (cores / 2).max(1)
}

fn work_off(waiting: &Mutex<Receiver<Work>>) {
    stand_back();
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // What breaks in it is the end of that piece of work, and not of the thread.
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

/// Whoever wants this core for a page has it at once. Where every core is wanted all the time, a tenth of one is left.
#[cfg(target_os = "linux")]
fn stand_back() {
    // On Linux each thread is as nice as it is by itself.
    if let Err(cause) = rustix::process::nice(10) {
        tracing::debug!(%cause, "hashing passwords is as urgent as everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    /// Keeps every thread at work until the result is dropped.
    async fn occupied(hashing: &Hashing) -> Vec<Sender<()>> {
        let mut held = Vec::new();
        for _ in 0..threads() {
            let ((hold, held_up), (at_work, begun)) = (channel::<()>(), oneshot::channel());
            let work = move || {
                let _ = at_work.send(());
                let _ = held_up.recv();
            };
            tokio::spawn(hashing.done(work));
            begun.await.unwrap();
            held.push(hold);
        }
        held
    }

    #[tokio::test]
    async fn work_is_done_first_come_first_served() {
        let (hashing, done) = (Hashing::default(), Arc::new(Mutex::new(Vec::new())));
        let held = occupied(&hashing).await;
        let works = (0..WAITING).map(|number| {
            let done = Arc::clone(&done);
            hashing.done(move || done.lock().unwrap().push(number))
        });
        let works: Vec<_> = works.collect();
        drop(held);
        for work in works {
            work.await.unwrap();
        }
        let done = done.lock().unwrap();
        assert_eq!(done.len(), WAITING);
        // With several threads neighbours may overtake one another.
        assert!(done.iter().enumerate().all(|(at, number)| at.abs_diff(*number) <= threads()), "{done:?}");
    }

    #[tokio::test]
    async fn whoever_comes_too_many_is_told_when_to_come_back() {
        let hashing = Hashing::default();
        let held = occupied(&hashing).await;
        let works: Vec<_> = (0..WAITING).map(|_| hashing.done(|| ())).collect();
        assert!(matches!(hashing.done(|| ()).await, Err(Error::TooMany { seconds: LATER })));
        drop(held);
        for work in works {
            work.await.unwrap();
        }
        hashing.done(|| ()).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_done_for_whoever_has_gone() {
        let (hashing, done) = (Hashing::default(), Arc::new(AtomicUsize::new(0)));
        let held = occupied(&hashing).await;
        let count = || {
            let done = Arc::clone(&done);
            hashing.done(move || done.fetch_add(1, Ordering::Relaxed))
        };
        let (gone, still_there) = (count(), count());
        drop(gone);
        drop(held);
        still_there.await.unwrap();
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_breaks_breaks_alone() {
        let hashing = Hashing::default();
        for _ in 0..threads() {
            assert!(matches!(hashing.done(|| panic!("on purpose")).await, Err::<(), _>(Error::Internal)));
        }
        assert_eq!(hashing.done(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn half_of_the_cores_are_left_to_others() {
        let (hashing, at_work) = (Hashing::default(), Arc::new(AtomicUsize::new(0)));
        let works = (0..20).map(|_| {
            let at_work = Arc::clone(&at_work);
            hashing.done(move || {
                let beside = at_work.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(5));
                at_work.fetch_sub(1, Ordering::SeqCst);
                beside + 1
            })
        });
        let (works, mut most): (Vec<_>, _) = (works.collect(), 0);
        for work in works {
            most = most.max(work.await.unwrap());
        }
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        assert!(most == 1 || most * 2 <= cores, "{most} of {cores}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_page_is_more_urgent_than_a_password() {
        let here = rustix::process::nice(0).unwrap();
        let there = Hashing::default().done(|| rustix::process::nice(0).unwrap()).await.unwrap();
        assert_eq!(there, (here + 10).min(19));
    }
}
