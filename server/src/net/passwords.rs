//! The threads that hash passwords, and their bounded queue.
//!
//! A hash costs 19 MiB and tens of milliseconds, so few threads do all of them, each with one buffer that it reuses: memory stays
//! bounded no matter what clients do. The threads run at the lowest priority, so that on a busy machine they yield to the event
//! loop. A job keeps its place in the queue until a thread has taken it, whether or not its client is still there. So a client
//! that hangs up does not let more jobs run than there are threads.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{fmt, thread};

use rustix::process::setpriority_process;
use rustix::thread::gettid;
use tokio::sync::oneshot;

use crate::auth::HashMemory;
use crate::limits::ServerLimits;

/// The largest nice value: these threads run when nothing else wants to.
const LOWEST_PRIORITY: i32 = 19;

type HashJob = Box<dyn FnOnce(&mut HashMemory) + Send>;

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// A handle to the threads, which start with the first job and end when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Passwords {
    limits: ServerLimits,
    jobs: Arc<OnceLock<SyncSender<HashJob>>>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    pub(crate) fn new(limits: ServerLimits) -> Self {
        Self {
            limits,
            jobs: Arc::default(),
        }
    }

    /// Runs `work` on one of the threads and returns its result. If the caller is gone before its turn, the work is skipped; work
    /// that has started is finished.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut HashMemory) -> T + Send + 'static,
    ) -> Result<T, QueueFull> {
        let (reply, answer) = oneshot::channel();
        let job: HashJob = Box::new(move |memory| {
            if !reply.is_closed() {
                // If the caller is gone, nobody needs the result.
                drop(reply.send(work(memory)));
            }
        });
        let jobs = self.jobs.get_or_init(|| start(&self.limits));
        jobs.try_send(job).map_err(|_not_taken| QueueFull)?;
        answer.await.map_err(|_thread_ended| QueueFull)
    }
}

fn start(limits: &ServerLimits) -> SyncSender<HashJob> {
    let (jobs, received) = sync_channel(limits.password_queue);
    let received = Arc::new(Mutex::new(received));
    for _ in 0..limits.password_checks {
        let received = Arc::clone(&received);
        let thread = thread::Builder::new().name("password".to_owned());
        if let Err(error) = thread.spawn(move || run_jobs(&received)) {
            tracing::error!(%error, "could not start a password thread");
        }
    }
    jobs
}

fn run_jobs(jobs: &Mutex<Receiver<HashJob>>) {
    if let Err(error) = setpriority_process(Some(gettid()), LOWEST_PRIORITY) {
        tracing::debug!(%error, "could not lower the priority of a password thread");
    }
    let mut memory = HashMemory::default();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(&mut memory),
            Err(_no_handle_left) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::limits::LimitValues;

    const LIMITS: ServerLimits = LimitValues::DEFAULT.server;

    const DEADLINE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn callers_that_go_away_neither_keep_their_places_nor_let_more_work_run_at_a_time() {
        let passwords = Passwords::new(LIMITS);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (release, released) = mpsc::channel::<()>();
        let released = Arc::new(Mutex::new(released));
        let (began, mut has_begun) = tokio::sync::mpsc::channel(LIMITS.password_checks);
        let work = || {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            let (released, began) = (Arc::clone(&released), began.clone());
            move |_: &mut HashMemory| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                began.try_send(()).expect("the test waits");
                let closed = released.lock().expect("no work panics").recv();
                assert!(closed.is_err(), "the test lets the work go on by closing it");
                running.fetch_sub(1, Ordering::SeqCst);
            }
        };

        // As many callers as jobs run at a time; they go away as soon as their jobs run.
        let mut callers = Vec::new();
        for _ in 0..LIMITS.password_checks {
            let (passwords, work) = (passwords.clone(), work());
            callers.push(tokio::spawn(async move { passwords.run(work).await }));
            has_begun.recv().await.expect("it begins");
        }
        callers.iter().for_each(tokio::task::JoinHandle::abort);
        // As many callers as jobs may wait; they go away, too.
        for _ in 0..LIMITS.password_queue {
            let waiting = passwords.run(work());
            assert!(timeout(Duration::ZERO, waiting).await.is_err(), "it waits");
        }
        assert_eq!(passwords.run(work()).await, Err(QueueFull));
        drop(release);

        let again = async {
            while passwords.run(|_| ()).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, again).await.expect("the places are free again");
        assert_eq!(most.load(Ordering::SeqCst), LIMITS.password_checks);
    }
}
