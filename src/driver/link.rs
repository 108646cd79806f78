//! One connection in its own task, so that incoming data is timestamped when it arrives, no matter what the session is doing.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::ServerDatagram;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::link_end::{Breakage, LinkEnd, Unreachable};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::{Clean, ClientMessage, LocalTime, ServerMessage};

use crate::transport::{self, ConnectError, ConnectOptions, ConnectionLoss, ServerIdentity, Trust};

/// The capacity of the queue of outgoing messages. A client sends little, so a full queue means that the connection is stuck.
const OUTGOING: usize = 256;

/// The capacity of the queue of incoming events. A room's history arrives in one piece, so bursts are chat.
const INCOMING: usize = 256;

/// An event of a link.
#[derive(Debug)]
pub(super) enum LinkEvent {
    /// The server proved its identity and the connection exists.
    Connected(ServerIdentity),
    /// A message arrived.
    Message(Box<ServerMessage>),
    /// A clock answer arrived, with the instant at which it was read.
    Pong(ClockPong, LocalTime),
    /// A copy of a state arrived; the original may still be in transit.
    Copy(VideoStateChanged),
    /// The connection ended, or was not established.
    Ended(LinkEnd),
}

enum Outgoing {
    Message(ClientMessage),
    Ping(ClockPing),
    Close(CloseCode),
}

/// A connection to the server, possibly not established yet.
#[derive(Debug)]
pub(super) struct ServerLink {
    outgoing: mpsc::Sender<Outgoing>,
    incoming: mpsc::Receiver<LinkEvent>,
    task: JoinHandle<()>,
}

impl ServerLink {
    /// Starts to connect.
    pub(super) fn start(address: Address, trust: Trust, options: ConnectOptions) -> Self {
        let (outgoing, commands) = mpsc::channel(OUTGOING);
        let (events, incoming) = mpsc::channel(INCOMING);
        let task = tokio::spawn(async move {
            let end = run(&address, &trust, &options, commands, &events).await;
            // If the link was dropped, nobody needs to know how it ended.
            drop(events.send(LinkEvent::Ended(end)).await);
        });
        Self {
            outgoing,
            incoming,
            task,
        }
    }

    /// Queues a message; returns whether there was space.
    pub(super) fn send(&self, message: ClientMessage) -> bool {
        self.outgoing.try_send(Outgoing::Message(message)).is_ok()
    }

    /// Queues a ping; returns whether there was space.
    pub(super) fn ping(&self, ping: ClockPing) -> bool {
        self.outgoing.try_send(Outgoing::Ping(ping)).is_ok()
    }

    /// Returns the next event. Cancel safe.
    pub(super) async fn recv(&mut self) -> LinkEvent {
        let broken = || LinkEvent::Ended(LinkEnd::Broken(Breakage::TaskEnded));
        self.incoming.recv().await.unwrap_or_else(broken)
    }

    /// Closes the connection after everything queued has been sent, or after `patience`.
    pub(super) async fn close(mut self, code: CloseCode, patience: Duration) {
        self.incoming.close();
        let goodbye = async {
            if self.outgoing.send(Outgoing::Close(code)).await.is_ok() {
                // Only the end of the task matters.
                drop((&mut self.task).await);
            }
        };
        if timeout(patience, goodbye).await.is_err() {
            tracing::debug!("the connection did not close in time");
        }
    }
}

impl Drop for ServerLink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    address: &Address,
    trust: &Trust,
    options: &ConnectOptions,
    mut commands: mpsc::Receiver<Outgoing>,
    events: &mpsc::Sender<LinkEvent>,
) -> LinkEnd {
    let connection = match transport::connect(address, trust, options).await {
        Ok(connection) => connection,
        Err(error) => return not_connected(&error),
    };
    let mut event = LinkEvent::Connected(connection.identity());
    loop {
        // Once the link is closed or dropped, nobody receives events any longer; the remaining messages are sent first.
        drop(events.send(event).await);
        event = loop {
            tokio::select! {
                // Clock answers carry their timestamp and messages need none, so the order does not matter.
                (datagram, at) = connection.recv_datagram() => break match datagram {
                    ServerDatagram::Pong(pong) => LinkEvent::Pong(pong, at),
                    ServerDatagram::State(state) => LinkEvent::Copy(state),
                },
                message = connection.recv() => match message {
                    Ok(message) => break LinkEvent::Message(Box::new(message)),
                    Err(lost) => return lost_of(&lost),
                },
                command = commands.recv() => {
                    let sent = match command {
                        Some(Outgoing::Message(message)) => connection.send(&message),
                        Some(Outgoing::Ping(ping)) => connection.send_ping(&ping),
                        Some(Outgoing::Close(code)) => {
                            connection.close(code).await;
                            return LinkEnd::Closed { code: Some(code) };
                        }
                        None => return LinkEnd::Closed { code: Some(CloseCode::Left) },
                    };
                    if let Err(error) = sent {
                        tracing::debug!(%error, "could not send a message");
                    }
                }
            }
        };
    }
}

fn not_connected(error: &ConnectError) -> LinkEnd {
    LinkEnd::Unreachable(match error {
        ConnectError::PinMismatch { .. } => return LinkEnd::PinMismatch,
        ConnectError::Closed { code } => return LinkEnd::Closed { code: *code },
        ConnectError::Unresolved { host, .. } => Unreachable::Unresolved {
            host: Clean::line(host),
        },
        ConnectError::Inward { host } => Unreachable::Inward {
            host: Clean::line(host),
        },
        ConnectError::NoServer => Unreachable::NoServer,
        ConnectError::NoAddress => Unreachable::NoAddress,
        ConnectError::TimedOut { after } => Unreachable::NoAnswer { after: *after },
        ConnectError::OtherVersion => Unreachable::OtherVersion,
        ConnectError::KnownServers(error) => error.into(),
        ConnectError::Failed(cause) => Unreachable::Failed {
            cause: Clean::line(cause),
        },
    })
}

fn lost_of(lost: &ConnectionLoss) -> LinkEnd {
    LinkEnd::Broken(match lost {
        ConnectionLoss::Closed { code } => return LinkEnd::Closed { code: *code },
        ConnectionLoss::TimedOut => return LinkEnd::TimedOut,
        ConnectionLoss::Local => {
            return LinkEnd::Closed {
                code: Some(CloseCode::Left),
            };
        }
        ConnectionLoss::Reset => Breakage::Restarted,
        ConnectionLoss::NoReason => Breakage::NoReason,
        ConnectionLoss::Stuck => Breakage::Stuck,
        ConnectionLoss::Unreadable(_) | ConnectionLoss::TooLong(_) => {
            tracing::warn!(%lost, "the connection ended");
            Breakage::Unreadable
        }
        ConnectionLoss::Broken(cause) => Breakage::Transport {
            cause: Clean::line(cause),
        },
    })
}
