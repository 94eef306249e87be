//! A thread pool for hashing passwords, which takes a whole core and much memory. It uses half of the cores at low
//! priority and jobs in the order of arrival.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::error::Error;

/// The maximum length of the queue. On one core the last job waits about seven seconds.
const QUEUE_LENGTH: usize = 256;

/// What is answered when the queue is full, in seconds: by then it is empty.
const RETRY_AFTER_SECONDS: u64 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// Starts its threads with the first job. They end when it is dropped.
#[derive(Default)]
pub struct HashingPool(OnceLock<SyncSender<Job>>);

impl HashingPool {
    /// Queues a job. It is skipped if its caller is gone when its turn comes.
    ///
    /// # Errors
    /// The queue is full.
    pub fn run<T, W>(&self, job: W) -> impl Future<Output = Result<T, Error>> + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = move || {
            if !answer.is_closed() {
                let _ = answer.send(job());
            }
        };
        let queued = self.0.get_or_init(start_threads).try_send(Box::new(job)).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::RateLimited { seconds: RETRY_AFTER_SECONDS },
            TrySendError::Disconnected(_) => Error::Internal,
        });
        async move {
            queued?;
            answered.await.map_err(|_| Error::Internal)
        }
    }
}

fn start_threads() -> SyncSender<Job> {
    let (sender, receiver) = sync_channel(QUEUE_LENGTH);
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..thread_count() {
        let receiver = Arc::clone(&receiver);
        let started = thread::Builder::new().name("hashing".to_owned()).spawn(move || run_jobs(&receiver));
        if let Err(cause) = started {
            tracing::error!(%cause, "there is no thread for hashing passwords");
        }
    }
    sender
}

fn thread_count() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    (cores / 2).max(1)
}

fn run_jobs(receiver: &Mutex<Receiver<Job>>) {
    lower_priority();
    loop {
        let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic ends the job, not the thread.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// Lets page requests use this core first. If all cores are busy, the threads still get about a tenth of one.
#[cfg(target_os = "linux")]
fn lower_priority() {
    // On Linux, niceness belongs to a thread.
    if let Err(cause) = rustix::process::nice(10) {
        tracing::debug!(%cause, "hashing passwords is as urgent as everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    /// Blocks every thread until the result is dropped.
    async fn block_all_threads(hashing: &HashingPool) -> Vec<Sender<()>> {
        let mut blockers = Vec::new();
        for _ in 0..thread_count() {
            let ((blocker, released), (started_sender, started)) = (channel::<()>(), oneshot::channel());
            let job = move || {
                let _ = started_sender.send(());
                let _ = released.recv();
            };
            tokio::spawn(hashing.run(job));
            started.await.unwrap();
            blockers.push(blocker);
        }
        blockers
    }

    #[tokio::test]
    async fn jobs_run_in_fifo_order() {
        let (hashing, finished) = (HashingPool::default(), Arc::new(Mutex::new(Vec::new())));
        let blockers = block_all_threads(&hashing).await;
        let jobs = (0..QUEUE_LENGTH).map(|number| {
            let finished = Arc::clone(&finished);
            hashing.run(move || finished.lock().unwrap().push(number))
        });
        let jobs: Vec<_> = jobs.collect();
        drop(blockers);
        for job in jobs {
            job.await.unwrap();
        }
        let finished = finished.lock().unwrap();
        assert_eq!(finished.len(), QUEUE_LENGTH);
        // With several threads, adjacent jobs may finish in a different order.
        assert!(finished.iter().enumerate().all(|(at, number)| at.abs_diff(*number) <= thread_count()), "{finished:?}");
    }

    #[tokio::test]
    async fn a_full_queue_returns_rate_limited_with_a_retry_time() {
        let hashing = HashingPool::default();
        let blockers = block_all_threads(&hashing).await;
        let jobs: Vec<_> = (0..QUEUE_LENGTH).map(|_| hashing.run(|| ())).collect();
        assert!(matches!(hashing.run(|| ()).await, Err(Error::RateLimited { seconds: RETRY_AFTER_SECONDS })));
        drop(blockers);
        for job in jobs {
            job.await.unwrap();
        }
        hashing.run(|| ()).await.unwrap();
    }

    #[tokio::test]
    async fn a_job_is_skipped_if_its_caller_was_dropped() {
        let (hashing, finished) = (HashingPool::default(), Arc::new(AtomicUsize::new(0)));
        let blockers = block_all_threads(&hashing).await;
        let count = || {
            let finished = Arc::clone(&finished);
            hashing.run(move || finished.fetch_add(1, Ordering::Relaxed))
        };
        let (gone, still_there) = (count(), count());
        drop(gone);
        drop(blockers);
        still_there.await.unwrap();
        assert_eq!(finished.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_panicking_job_does_not_end_its_thread() {
        let hashing = HashingPool::default();
        for _ in 0..thread_count() {
            assert!(matches!(hashing.run(|| panic!("on purpose")).await, Err::<(), _>(Error::Internal)));
        }
        assert_eq!(hashing.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn hashing_uses_at_most_half_of_the_cores() {
        let (hashing, running) = (HashingPool::default(), Arc::new(AtomicUsize::new(0)));
        let jobs = (0..20).map(|_| {
            let running = Arc::clone(&running);
            hashing.run(move || {
                let beside = running.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(5));
                running.fetch_sub(1, Ordering::SeqCst);
                beside + 1
            })
        });
        let (jobs, mut most): (Vec<_>, _) = (jobs.collect(), 0);
        for job in jobs {
            most = most.max(job.await.unwrap());
        }
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        assert!(most == 1 || most * 2 <= cores, "{most} of {cores}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_runs_at_low_priority() {
        let here = rustix::process::nice(0).unwrap();
        let there = HashingPool::default().run(|| rustix::process::nice(0).unwrap()).await.unwrap();
        assert_eq!(there, (here + 10).min(19));
    }
}
