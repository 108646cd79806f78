//! The channels between a room and its connections: the room's mailbox, and its members' outboxes.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::room::{ClosingReason, Refusal};
use watchtogether_protocol::{Epoch, MemberId, Revision, ServerMessage, ServerTime, Token};

use crate::limits::ConnectionLimits;
use crate::outbox::{FrameKind, NextFrame, Outbox};
use crate::room::command::{Newcomer, RoomCommand};

/// Distinguishes a connection from others that have, or had, the same seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConnectionId(pub(crate) u64);

/// The sender of mail: a member, through one connection. Mail through a connection that was replaced is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MailSender {
    pub(crate) member: MemberId,
    pub(crate) connection: ConnectionId,
}

/// A client's outbox, shared by its room and its connection.
#[derive(Clone, Debug)]
pub(crate) struct SharedOutbox {
    outbox: Arc<Mutex<Outbox>>,
    filled: Arc<Notify>,
    ending: CancellationToken,
    /// How long sending the closing messages may take.
    drain: Duration,
}

impl SharedOutbox {
    pub(crate) fn new(limits: &ConnectionLimits) -> Self {
        Self {
            outbox: Arc::new(Mutex::new(Outbox::new(limits.outbox.bytes()))),
            filled: Arc::new(Notify::new()),
            ending: CancellationToken::new(),
            drain: limits.drain,
        }
    }

    /// Adds a frame. A client that reads too slowly is disconnected.
    pub(crate) fn push(&self, kind: FrameKind, frame: Bytes) {
        self.with(|outbox| {
            if outbox.push(kind, frame).is_err() {
                outbox.abort(CloseCode::TooSlow);
            }
        });
    }

    pub(crate) fn send(&self, message: &ServerMessage) {
        self.push(kind_of(message), message.to_frame());
    }

    /// Holds back new frames, or releases them.
    pub(crate) fn hold(&self, is_held: bool) {
        self.with(|outbox| outbox.hold(is_held));
    }

    pub(crate) fn close(&self, code: CloseCode) {
        self.with(|outbox| outbox.close(code));
    }

    /// Returns the next thing to send, once there is one. Cancel safe.
    pub(crate) async fn next(&self) -> NextFrame {
        loop {
            let next = self.outbox.lock().unwrap_or_else(PoisonError::into_inner).pop();
            if next != NextFrame::Wait {
                return next;
            }
            self.filled.notified().await;
        }
    }

    /// Returns whether the closing message is queued.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.is_cancelled()
    }

    /// Waits until the time for the closing messages has passed, and returns the close code. Cancel safe.
    pub(crate) async fn overdue(&self) -> CloseCode {
        self.ending.cancelled().await;
        sleep(self.drain / 2).await;
        let end = self.outbox.lock().unwrap_or_else(PoisonError::into_inner).end();
        end.expect("it is ending")
    }

    fn with(&self, change: impl FnOnce(&mut Outbox)) {
        let mut outbox = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut outbox);
        if outbox.end().is_some() {
            self.ending.cancel();
        }
        drop(outbox);
        self.filled.notify_one();
    }
}

/// The values of a room that clock answers contain. The connections of the room share it and read it when they answer, so that a
/// change wakes none of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedPulse(Arc<Pulse>);

#[derive(Debug, Default)]
struct Pulse {
    revision: AtomicU64,
    digest: Mutex<Arc<[MemberSample]>>,
}

impl SharedPulse {
    /// Returns the room's revision.
    pub(crate) fn revision(&self) -> Revision {
        Revision(self.0.revision.load(Ordering::Relaxed))
    }

    pub(crate) fn set_revision(&self, revision: Revision) {
        self.0.revision.store(revision.0, Ordering::Relaxed);
    }

    /// Returns the newest digest of the members' telemetry.
    pub(crate) fn digest(&self) -> Arc<[MemberSample]> {
        Arc::clone(&self.0.digest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_digest(&self, digest: Arc<[MemberSample]>) {
        *self.0.digest.lock().unwrap_or_else(PoisonError::into_inner) = digest;
    }
}

/// A granted seat.
#[derive(Debug)]
pub(crate) struct Seated {
    pub(crate) member: MemberId,
    pub(crate) pulse: SharedPulse,
}

/// Why a connection stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departure {
    /// The connection has been lost since this instant.
    Lost(ServerTime),
    /// The client broke the rules.
    Misbehaved,
}

/// A message to a room task.
#[derive(Debug)]
pub(crate) enum Mail {
    Enter {
        newcomer: Newcomer,
        connection: ConnectionId,
        outbox: SharedOutbox,
        reply: oneshot::Sender<Result<Seated, Refusal>>,
    },
    Resume {
        token: Token,
        next: Token,
        seen: (Epoch, u64),
        address: IpAddr,
        connection: ConnectionId,
        outbox: SharedOutbox,
        reply: oneshot::Sender<Result<Seated, Refusal>>,
    },
    Command(MailSender, RoomCommand),
    Telemetry(MailSender, Telemetry),
    StaleRevision(MailSender),
    Departed(MailSender, Departure),
    /// The server ends, and so does the room.
    Close(ClosingReason),
}

/// Returns the kind of a message's frame, which decides whether a newer one replaces it.
pub(crate) const fn kind_of(message: &ServerMessage) -> FrameKind {
    if matches!(message, ServerMessage::VideoStateChanged(_)) {
        FrameKind::State
    } else {
        FrameKind::Other
    }
}
