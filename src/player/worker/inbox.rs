//! The worker's inputs: the parent's commands and the player's events, in one queue.

use std::io::Read as _;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::LocalTime;

use crate::player::ffi::MpvEvent;
use crate::player::{PlayerCommand, wire};

/// How long the worker may take to end after its parent has gone, before it is ended by force.
const EXIT_TIMEOUT: Duration = Duration::from_secs(3);

/// The number of bytes that are read at a time.
const CHUNK_BYTES: usize = 4096;

/// One input of the worker.
#[derive(Debug)]
pub(super) enum WorkerInput {
    /// A command of the parent.
    Command(PlayerCommand),
    /// The parent has closed the pipe, so there is nobody left to play for.
    ParentGone,
    /// An event of the player, and when it was noticed.
    Event(LocalTime, MpvEvent),
}

/// Takes the pipe to the parent from standard input and replaces it there, so that no program started by the player inherits it
/// and keeps it open.
pub(super) fn take_pipe() -> std::io::Result<UnixStream> {
    let pipe = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(std::fs::File::open("/dev/null")?)?;
    Ok(pipe)
}

/// Starts to read commands. If the parent goes away while the worker hangs in the player, the worker is ended by force, unless
/// `has_ended` disconnects in time.
pub(super) fn start(
    mut pipe: UnixStream,
    inputs: SyncSender<WorkerInput>,
    has_ended: Receiver<()>,
) -> std::io::Result<()> {
    thread::Builder::new()
        .name("from parent".to_owned())
        .spawn(move || {
            read_commands(&mut pipe, &inputs);
            if inputs.try_send(WorkerInput::ParentGone).is_err() {
                super::log("the worker was busy when its parent went");
            }
            if has_ended.recv_timeout(EXIT_TIMEOUT) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                super::log("the player hangs: ended by force");
                std::process::exit(1);
            }
        })
        .map(drop)
}

/// Reads until the parent goes away or sends something that cannot be decoded.
fn read_commands(pipe: &mut UnixStream, inputs: &SyncSender<WorkerInput>) {
    let mut reader = wire::ValueReader::default();
    let mut chunk = [0; CHUNK_BYTES];
    loop {
        match reader.next_value() {
            Ok(Some(command)) => {
                if inputs.send(WorkerInput::Command(command)).is_err() {
                    return;
                }
            }
            Ok(None) => match pipe.read(&mut chunk) {
                Ok(0) => return,
                Ok(length) => reader.push(&chunk[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return super::log(&format!("the pipe to the parent broke: {error}")),
            },
            Err(error) => return super::log(&format!("the parent says what makes no sense: {error}")),
        }
    }
}
