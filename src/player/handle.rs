//! The parent's side of a player: starts the worker, communicates with it and notices when it dies.
//!
//! A task reads and writes the pipe. The queue of commands is bounded. A worker that does not read them, or is silent for long
//! although it should send a status ten times a second, hangs and is killed. Dropping the handle closes the pipe, and the worker
//! then ends by itself; if it does not, it is killed a few seconds later. The kernel cannot end a process that waits for a disk
//! or a network share that does not answer: such a worker is left behind, and that is reported.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;
use watchtogether_protocol::Clean;
use watchtogether_protocol::player_reason::PlayerEnd;

use super::{PlayerCommand, PlayerEvent, wire};
use crate::private_files;
use crate::process::{self, Lifetime};

/// The capacity of the queue of commands to the worker. A session sends about ten a second; if this many wait, the worker hangs.
const COMMANDS: usize = 256;

/// The capacity of the queue of events to the session. If it is full, the worker's outbox keeps the important events.
const EVENTS: usize = 64;

/// Silence is counted in waits of this length. If this process itself is suspended, by Ctrl-Z or a debugger, that counts as one
/// wait, however long it lasts.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The number of silent waits after which a worker counts as hung.
const HANG_CHECKS: u32 = 15;

/// The number of waits that a worker may take to start: a cold disk has to read two hundred libraries.
const START_CHECKS: u32 = 40;

/// How long a worker may take to end by itself.
const QUIT_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a killed worker may take to die.
const KILL_TIMEOUT: Duration = Duration::from_secs(2);

/// The size above which a log is emptied for the next worker.
const LOG_BYTES: u64 = 1024 * 1024;

/// The parameters for starting a worker.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program with the hidden subcommand; normally this program.
    pub program: PathBuf,
    /// Options for the player, which override its configuration files.
    pub options: Vec<(String, String)>,
    /// The file for the worker's standard error, which is discarded if `None`.
    pub log: Option<PathBuf>,
}

/// A player that is running or starting.
#[derive(Debug)]
pub struct PlayerHandle {
    commands: mpsc::Sender<PlayerCommand>,
    overflow: Arc<Notify>,
    events: mpsc::Receiver<PlayerEvent>,
    pid: Option<u32>,
}

impl PlayerHandle {
    /// Starts a worker. If that fails, the first event says so.
    ///
    /// Must be called on a thread that lives as long as the program, because the worker is killed when that thread ends.
    pub fn start(launch: &Launch) -> Self {
        let (commands, command_queue) = mpsc::channel(COMMANDS);
        let (event_queue, events) = mpsc::channel(EVENTS);
        let overflow = Arc::new(Notify::new());
        let mut pid = None;
        match spawn(launch) {
            Ok((child, pipe, log)) => {
                pid = child.id();
                let conversation = Conversation {
                    child,
                    log,
                    events: event_queue,
                    overflow: Arc::clone(&overflow),
                };
                tokio::spawn(conversation.run(pipe, command_queue));
            }
            Err(error) => {
                let gone = PlayerEvent::Gone {
                    reason: PlayerEnd::NotStarted {
                        program: Clean::line(&launch.program.to_string_lossy()),
                        cause: Clean::line(&error.to_string()),
                    },
                    log: None,
                    may_retry: true,
                };
                event_queue.try_send(gone).expect("the queue is new");
            }
        }
        Self {
            commands,
            overflow,
            events,
            pid,
        }
    }

    /// Sends a command to the player. A player that has ended ignores it; one that no longer reads commands is killed.
    pub fn send(&self, command: PlayerCommand) {
        // Never waits: a player that hangs must not block the session.
        if let Err(mpsc::error::TrySendError::Full(_)) = self.commands.try_send(command) {
            self.overflow.notify_one();
        }
    }

    /// Waits for the player's next event; `None` after `Gone` or `Closed`. Cancel safe.
    pub async fn recv(&mut self) -> Option<PlayerEvent> {
        self.events.recv().await
    }

    /// Ends the player and waits until it has ended.
    pub async fn close(self) {
        let Self {
            commands, mut events, ..
        } = self;
        drop(commands);
        while events.recv().await.is_some() {}
    }

    /// Returns the worker's process id, if it could be started.
    pub const fn pid(&self) -> Option<u32> {
        self.pid
    }
}

fn spawn(launch: &Launch) -> std::io::Result<(Child, UnixStream, Option<Log>)> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    // A film can be watched without a log.
    let log = launch.log.as_deref().and_then(|path| {
        Log::open(path)
            .inspect_err(|error| tracing::warn!(%error, "could not open the player's log"))
            .ok()
    });
    let mut command = std::process::Command::new(&launch.program);
    command.arg("player-worker");
    for (name, value) in &launch.options {
        command.arg("--mpv-option").arg(format!("{name}={value}"));
    }
    command
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::null())
        .stderr(match &log {
            Some(log) => Stdio::from(log.file.try_clone()?),
            None => Stdio::null(),
        });
    // A parent that is killed cannot close anything; the worker has to end with it anyway.
    process::isolate(&mut command, Lifetime::WithParent);
    let child = Command::from(command).kill_on_drop(true).spawn()?;
    Ok((child, UnixStream::from_std(ours)?, log))
}

/// The file of the worker's standard error.
#[derive(Debug)]
struct Log {
    file: File,
    path: PathBuf,
    /// The offset at which this worker's lines begin.
    begin: u64,
}

impl Log {
    fn open(path: &Path) -> std::io::Result<Self> {
        let mut file = private_files::append(path)?;
        let mut begin = file.seek(SeekFrom::End(0))?;
        if begin > LOG_BYTES {
            file.set_len(0)?;
            begin = 0;
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            begin,
        })
    }

    /// Returns whether this worker, or a library that it loaded, has written something.
    fn has_lines(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|file| file.len() > self.begin)
    }
}

/// How communication with a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WorkerEnd {
    /// Nobody uses the player any longer.
    Unwanted,
    /// The worker has reported the reason itself.
    Reported,
    /// The worker closed the pipe without a report.
    Died,
    /// It does not respond.
    Hangs,
    /// Its messages cannot be decoded.
    Garbled,
}

/// A worker's process.
trait Process: Send + 'static {
    /// Kills the process; has no effect if it has ended.
    fn kill(&mut self);

    /// Waits until the process has ended. Cancel safe.
    fn wait_for_exit(&mut self) -> impl Future<Output = Option<ExitStatus>> + Send;
}

impl Process for Child {
    fn kill(&mut self) {
        self.start_kill().ok();
    }

    async fn wait_for_exit(&mut self) -> Option<ExitStatus> {
        self.wait().await.ok()
    }
}

/// How a worker's process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProcessEnd {
    /// It has ended, with a status if the system reports one.
    Dead(Option<ExitStatus>),
    /// It still exists, although it was killed.
    LeftBehind,
}

/// Waits until a worker's process has ended by itself; kills it after a while, or immediately.
async fn end(child: &mut impl Process, at_once: bool) -> ProcessEnd {
    // A worker that hangs or sends garbage is not asked to end by itself.
    if !at_once && let Ok(status) = timeout(QUIT_TIMEOUT, child.wait_for_exit()).await {
        return ProcessEnd::Dead(status);
    }
    child.kill();
    // Bounded, because a process that waits for a disk in the kernel ends only when the disk answers, which may be never.
    let wait_for_exit = timeout(KILL_TIMEOUT, child.wait_for_exit()).await;
    wait_for_exit.map_or(ProcessEnd::LeftBehind, ProcessEnd::Dead)
}

/// The task between the handle's queues and the worker.
#[derive(Debug)]
struct Conversation<P> {
    child: P,
    log: Option<Log>,
    events: mpsc::Sender<PlayerEvent>,
    overflow: Arc<Notify>,
}

impl<P: Process> Conversation<P> {
    async fn run(mut self, pipe: UnixStream, commands: mpsc::Receiver<PlayerCommand>) {
        let (reader, writer) = pipe.into_split();
        let has_quit = AtomicBool::new(false);
        // The first to end cancels the other, and the pipe is closed with them.
        let ending = tokio::select! {
            ending = read_events(reader, &self.events) => ending,
            ending = write_commands(writer, commands, &has_quit) => ending,
            () = self.overflow.notified() => WorkerEnd::Hangs,
        };
        // A worker that closes the pipe after `Quit` did what it was asked to.
        let was_asked = ending == WorkerEnd::Died && has_quit.load(Ordering::Relaxed);
        let ending = if was_asked { WorkerEnd::Unwanted } else { ending };
        let wait_for_exit = end(
            &mut self.child,
            matches!(ending, WorkerEnd::Hangs | WorkerEnd::Garbled),
        )
        .await;
        if wait_for_exit == ProcessEnd::LeftBehind {
            tracing::warn!("a player's process cannot be killed and is left behind");
        }
        if let Some(event) = self.last_event(ending, wait_for_exit) {
            // It does not matter if nobody is left to receive it.
            self.events.send(event).await.ok();
        }
    }

    fn last_event(&self, ending: WorkerEnd, wait_for_exit: ProcessEnd) -> Option<PlayerEvent> {
        let reason = match (ending, wait_for_exit) {
            (WorkerEnd::Unwanted | WorkerEnd::Reported, _) => return None,
            (WorkerEnd::Died | WorkerEnd::Hangs | WorkerEnd::Garbled, ProcessEnd::LeftBehind) => {
                PlayerEnd::LeftBehind
            }
            (WorkerEnd::Died, ProcessEnd::Dead(Some(status))) if status.success() => PlayerEnd::Exited,
            (WorkerEnd::Died, ProcessEnd::Dead(status)) => PlayerEnd::Died {
                status: status.map(|status| Clean::line(&status.to_string())),
            },
            (WorkerEnd::Hangs, ProcessEnd::Dead(_)) => PlayerEnd::Hung,
            (WorkerEnd::Garbled, ProcessEnd::Dead(_)) => PlayerEnd::Garbled,
        };
        // The log is for people who look for the cause: drivers and plugins write to it, too.
        let log = self.log.as_ref().filter(|log| log.has_lines());
        Some(PlayerEvent::Gone {
            reason,
            log: log.map(|log| Clean::line(&log.path.to_string_lossy())),
            may_retry: true,
        })
    }
}

/// Passes on the worker's events until it ends or has sent its last one.
async fn read_events(mut pipe: OwnedReadHalf, events: &mpsc::Sender<PlayerEvent>) -> WorkerEnd {
    let mut reader = wire::ValueReader::default();
    let mut chunk = vec![0; wire::VALUE_BYTES];
    let (mut patience, mut waited) = (START_CHECKS, 0);
    loop {
        match reader.next_value::<PlayerEvent>() {
            Ok(Some(event)) => {
                let is_last = matches!(event, PlayerEvent::Gone { .. } | PlayerEvent::Closed);
                if events.send(event).await.is_err() {
                    return WorkerEnd::Unwanted;
                }
                if is_last {
                    return WorkerEnd::Reported;
                }
            }
            Ok(None) => match timeout(CHECK_INTERVAL, pipe.read(&mut chunk)).await {
                Err(_) if waited < patience => waited += 1,
                Err(_) => return WorkerEnd::Hangs,
                Ok(Ok(0) | Err(_)) => return WorkerEnd::Died,
                Ok(Ok(length)) => {
                    // Until the first bytes arrive, the worker may still be loading; from then on it sends ten statuses a second.
                    (patience, waited) = (HANG_CHECKS, 0);
                    reader.push(&chunk[..length]);
                }
            },
            Err(_) => return WorkerEnd::Garbled,
        }
    }
}

/// Passes commands to the worker until nobody needs it any longer.
async fn write_commands(
    mut pipe: OwnedWriteHalf,
    mut commands: mpsc::Receiver<PlayerCommand>,
    has_quit: &AtomicBool,
) -> WorkerEnd {
    while let Some(command) = commands.recv().await {
        has_quit.fetch_or(command == PlayerCommand::Quit, Ordering::Relaxed);
        match wire::frame(&command) {
            Ok(frame) => {
                if pipe.write_all(&frame).await.is_err() {
                    // The last events before the worker ended have not been read yet.
                    return std::future::pending().await;
                }
            }
            Err(error) => tracing::warn!(%error, "a command for the player is too long"),
        }
    }
    WorkerEnd::Unwanted
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn started() -> PlayerEvent {
        PlayerEvent::Started {
            version: "mpv".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_is_silent_for_long_counts_as_hung() {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        let (pipe, _commands) = ours.into_split();
        let (events, _heard) = mpsc::channel(EVENTS);

        let ending = read_events(pipe, &events).await;

        assert_eq!(ending, WorkerEnd::Hangs);
        drop(theirs);
    }

    /// A worker that waits for a disk, so that signals do not reach it.
    struct Undying;

    impl Process for Undying {
        fn kill(&mut self) {}

        async fn wait_for_exit(&mut self) -> Option<ExitStatus> {
            std::future::pending().await
        }
    }

    /// Starts communication with a worker that cannot be killed.
    fn converse() -> (
        UnixStream,
        mpsc::Sender<PlayerCommand>,
        mpsc::Receiver<PlayerEvent>,
    ) {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        let (commands, command_queue) = mpsc::channel(COMMANDS);
        let (event_queue, events) = mpsc::channel(EVENTS);
        let conversation = Conversation {
            child: Undying,
            log: None,
            events: event_queue,
            overflow: Arc::new(Notify::new()),
        };
        tokio::spawn(conversation.run(ours, command_queue));
        (theirs, commands, events)
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_cannot_be_ended_is_abandoned_and_reported() {
        let (worker, commands, mut events) = converse();
        drop(worker);
        let begin = tokio::time::Instant::now();

        let last = timeout(Duration::from_secs(10), events.recv()).await;

        let Ok(Some(PlayerEvent::Gone {
            reason, may_retry, ..
        })) = last
        else {
            panic!("{last:?}")
        };
        assert_eq!(reason, PlayerEnd::LeftBehind);
        assert!(may_retry);
        assert_eq!(begin.elapsed(), QUIT_TIMEOUT + KILL_TIMEOUT);
        drop(commands);
    }

    #[tokio::test(start_paused = true)]
    async fn closing_a_player_that_cannot_be_ended_takes_some_seconds() {
        let (_worker, commands, events) = converse();
        let handle = PlayerHandle {
            commands,
            overflow: Arc::new(Notify::new()),
            events,
            pid: None,
        };

        let closed = timeout(Duration::from_secs(10), handle.close()).await;

        assert_eq!(closed, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_was_stopped_does_not_take_its_worker_for_hung() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
        let (pipe, _commands) = ours.into_split();
        let (events, mut heard) = mpsc::channel(EVENTS);
        let reader = tokio::spawn(async move { read_events(pipe, &events).await });
        tokio::task::yield_now().await;

        advance(Duration::from_mins(5)).await;
        let frame = wire::frame(&started()).expect("it is short");
        theirs.write_all(&frame).await.expect("the reader is there");

        assert_eq!(heard.recv().await, Some(started()));
        drop(theirs);
        assert_eq!(reader.await.expect("no panic"), WorkerEnd::Died);
    }
}
