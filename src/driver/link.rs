//! One connection in a task of its own: what comes in is stamped when it is read, whatever the session does meanwhile.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::ServerDatagram;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::{Clean, ClientMessage, LocalTime, ServerMessage};

use crate::session::LinkEnd;
use crate::transport::{self, ConnectError, ConnectOptions, Lost, ServerIdentity, Trust};

/// What waits to be sent. A client says little; a full queue means that nothing goes out.
const OUTGOING: usize = 256;

/// What waits to be handled: a room's history comes in one piece, so this is bursts of chat.
const INCOMING: usize = 256;

/// What a link tells.
#[derive(Debug)]
pub(super) enum LinkEvent {
    /// The server is the right one and the connection stands.
    Connected(ServerIdentity),
    /// A message came.
    Message(Box<ServerMessage>),
    /// A clock answer came; when it was read.
    Pong(ClockPong, LocalTime),
    /// A copy of a state came; the message itself may be on its way still.
    Copy(VideoStateChanged),
    /// There is no connection, or none any more.
    Ended(LinkEnd),
}

enum Outgoing {
    Message(ClientMessage),
    Ping(ClockPing),
    Close(CloseCode),
}

/// A connection that is being made or stands.
#[derive(Debug)]
pub(super) struct Link {
    outgoing: mpsc::Sender<Outgoing>,
    incoming: mpsc::Receiver<LinkEvent>,
    task: JoinHandle<()>,
}

impl Link {
    /// Starts to connect.
    pub(super) fn start(address: Address, trust: Trust, options: ConnectOptions) -> Self {
        let (outgoing, commands) = mpsc::channel(OUTGOING);
        let (events, incoming) = mpsc::channel(INCOMING);
        let task = tokio::spawn(async move {
            let end = run(&address, &trust, &options, commands, &events).await;
            // Whoever dropped the link does not want to know how it ended.
            drop(events.send(LinkEvent::Ended(end)).await);
        });
        Self {
            outgoing,
            incoming,
            task,
        }
    }

    /// Sends a message; says whether it could be queued.
    pub(super) fn send(&self, message: ClientMessage) -> bool {
        self.outgoing.try_send(Outgoing::Message(message)).is_ok()
    }

    /// Sends a ping; says whether it could be queued.
    pub(super) fn ping(&self, ping: ClockPing) -> bool {
        self.outgoing.try_send(Outgoing::Ping(ping)).is_ok()
    }

    /// Returns what comes next. Cancel safe.
    pub(super) async fn recv(&mut self) -> LinkEvent {
        let broken = || {
            LinkEvent::Ended(LinkEnd::Broken {
                why: Clean::line("the connection's task ended"),
            })
        };
        self.incoming.recv().await.unwrap_or_else(broken)
    }

    /// Closes the connection after what was queued has gone out, or after `patience`.
    pub(super) async fn close(mut self, code: CloseCode, patience: Duration) {
        self.incoming.close();
        let goodbye = async {
            if self.outgoing.send(Outgoing::Close(code)).await.is_ok() {
                // Its end is all that is waited for.
                drop((&mut self.task).await);
            }
        };
        if timeout(patience, goodbye).await.is_err() {
            tracing::debug!("the connection did not close in time");
        }
    }
}

impl Drop for Link {
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
        // Nobody listens any more when the link was closed or dropped; what is still to be sent comes first.
        drop(events.send(event).await);
        event = loop {
            tokio::select! {
                // Clock answers are stamped already and messages are not: either order is right.
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
                        tracing::debug!(%error, "not sent");
                    }
                }
            }
        };
    }
}

fn not_connected(error: &ConnectError) -> LinkEnd {
    match error {
        ConnectError::PinMismatch { .. } => LinkEnd::PinMismatch,
        ConnectError::Closed { code } => LinkEnd::Closed { code: *code },
        ConnectError::Unresolved { .. }
        | ConnectError::Inward { .. }
        | ConnectError::NoServer
        | ConnectError::TimedOut { .. }
        | ConnectError::OtherVersion
        | ConnectError::KnownServers(_)
        | ConnectError::Failed(_) => LinkEnd::Unreachable {
            why: Clean::line(&error.to_string()),
        },
    }
}

fn lost_of(lost: &Lost) -> LinkEnd {
    match lost {
        Lost::Closed { code } => LinkEnd::Closed { code: *code },
        Lost::TimedOut => LinkEnd::TimedOut,
        Lost::Local => LinkEnd::Closed {
            code: Some(CloseCode::Left),
        },
        Lost::Reset | Lost::Stuck | Lost::Unreadable(_) | Lost::TooLong(_) | Lost::Broken(_) => {
            LinkEnd::Broken {
                why: Clean::line(&lost.to_string()),
            }
        }
    }
}
