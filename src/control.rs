//! The local control socket, through which scripts and other terminals control a running client.
//!
//! Each client has one Unix socket, `PID.sock`, in the runtime folder, which nobody else can enter. [`wire`] defines the
//! messages. [`ControlServer`] is the client's side and passes each [`Call`] on; [`ControlClient`] is the side of the
//! subcommands. Without a process id, the newest client that still listens is used, and sockets of ended clients are removed.

mod client;
mod server;
mod stamp;
#[cfg(test)]
mod tests;
pub mod wire;

use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::oneshot;
use watchtogether_tui::msg;

pub use self::client::{ControlClient, ControlError, EventStream};
pub use self::server::ControlServer;
use self::wire::{Answer, Request};
use crate::exit::{Failure, FailureKind};

/// A request that waits for its answer. The socket itself answers [`Request::Events`], so that never arrives here.
#[derive(Debug)]
pub struct Call {
    /// The request.
    pub request: Request,
    /// The channel for the answer. If it is dropped, the answer is that the client is ending.
    pub answer: oneshot::Sender<Result<Answer, Failure>>,
}

/// The maximum length of one line in either direction, in bytes. The longest normal one is the status of a full room.
const LINE_BYTES: usize = 1024 * 1024;

/// The maximum length of one request, in bytes: a chat line of 2,000 characters, all of them escaped, has 12,000.
const REQUEST_BYTES: usize = 64 * 1024;

/// The file extension of the sockets.
const EXTENSION: &str = "sock";

fn socket_of(folder: &Path, pid: u32) -> PathBuf {
    folder.join(format!("{pid}.{EXTENSION}"))
}

/// Returns the failure for a request that is too long to be read.
fn too_long() -> Failure {
    Failure::new(
        FailureKind::BadRequest,
        msg!("request-too-long", kibibytes = REQUEST_BYTES / 1024),
    )
}

/// Returns the failure for a client that ends before it answers.
fn ending() -> Failure {
    Failure::new(FailureKind::Ending, msg!("client-ending"))
}

/// Removes a socket that nobody listens at. It is not an error if another process has removed it.
fn remove(socket: &Path) {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, socket = %socket.display(), "could not remove a control socket");
        }
        Ok(()) | Err(_) => {}
    }
}
