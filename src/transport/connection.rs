//! A connection to a server: messages on one stream, clock exchanges and copies in datagrams.

use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use quinn::{ConnectionError, Endpoint, ReadError, RecvStream, SendStream, VarInt};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::{COPY_DELAY, ClientDatagram, ServerDatagram, copy_of};
use watchtogether_protocol::frame::FrameReader;
use watchtogether_protocol::message::clock::ClockPing;
use watchtogether_protocol::{ClientMessage, LocalTime, ServerMessage, limits};

use super::handshake::{VerifiedConnection, ended_while_connecting};
use super::{Clock, ConnectError, ConnectionLoss, SendError, ServerIdentity};

/// The maximum number of messages that wait for the stream. A client sends a few per second; if this many wait, the server has
/// not read for longer than any silence is tolerated, and the connection is given up.
const OUTBOX: usize = 256;

/// The maximum number of datagrams that wait to be received: four bursts of clock answers. Further ones are dropped; the next one
/// has the same information.
const DATAGRAMS: usize = 32;

/// The number of bytes that are read from the stream at a time.
const READ_BYTES: usize = 64 * 1024;

/// The time for sent data to arrive when the connection is closed.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The time for the close message to be sent.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(300);

/// How long a server that ended its stream may take to close the connection with a reason.
const REASON_TIMEOUT: Duration = Duration::from_secs(1);

/// A connection to a server that proved its key.
///
/// All methods but [`close`](Self::close) take `&self`, so that one `select!` can wait for messages and clock answers at the same
/// time; both are cancel safe. Dropping the connection closes it immediately, without sending the rest.
#[derive(Debug)]
pub struct Connection {
    link: quinn::Connection,
    endpoint: Endpoint,
    identity: ServerIdentity,
    /// Frames, and the copies that follow some of them.
    outbox: mpsc::Sender<(Bytes, Option<Bytes>)>,
    inbox: Mutex<Inbox>,
    datagrams: Mutex<mpsc::Receiver<(ServerDatagram, LocalTime)>>,
    /// Why this end closed the connection, if it did so by itself.
    verdict: SharedLoss,
    writer: JoinSet<()>,
    /// Kept so that the task ends when this is dropped.
    _reader: JoinSet<()>,
}

type SharedLoss = Arc<Lock<Option<ConnectionLoss>>>;

#[derive(Debug)]
struct Inbox {
    stream: RecvStream,
    frames: FrameReader,
}

impl Connection {
    /// Opens the control stream on a connection. The server notices the stream with the first message.
    pub(super) async fn open(
        link: VerifiedConnection,
        identity: ServerIdentity,
        clock: Clock,
    ) -> Result<Self, ConnectError> {
        let VerifiedConnection {
            endpoint,
            connection: link,
            pin: _,
        } = link;
        let (send, stream) = link
            .open_bi()
            .await
            .map_err(|error| ended_while_connecting(&error))?;
        let verdict = SharedLoss::default();
        let (outbox, frames) = mpsc::channel(OUTBOX);
        let (heard, datagrams) = mpsc::channel(DATAGRAMS);
        let mut writer = JoinSet::new();
        writer.spawn(write(send, frames, link.clone()));
        let mut reader = JoinSet::new();
        reader.spawn(read_datagrams(link.clone(), clock, heard, Arc::clone(&verdict)));
        Ok(Self {
            link,
            endpoint,
            identity,
            outbox,
            inbox: Mutex::new(Inbox {
                stream,
                frames: FrameReader::new(limits::SERVER_FRAME_BYTES),
            }),
            datagrams: Mutex::new(datagrams),
            verdict,
            writer,
            _reader: reader,
        })
    }

    /// Closes the connection after everything sent has arrived, or after a second.
    pub async fn close(mut self, code: CloseCode) {
        drop(self.outbox);
        if timeout(FLUSH_TIMEOUT, self.writer.join_next()).await.is_err() {
            tracing::debug!("the last messages were not acknowledged in time");
        }
        close_link(&self.link, code);
        if timeout(CLOSE_TIMEOUT, self.endpoint.wait_idle()).await.is_err() {
            tracing::debug!("the other end did not confirm the close in time");
        }
    }

    /// Sends a message after all earlier ones; it may still be lost with the connection.
    pub fn send(&self, message: &ClientMessage) -> Result<(), SendError> {
        if self.link.close_reason().is_some() {
            return Err(SendError::Over);
        }
        let frame = message.to_frame();
        let is_copied = matches!(message, ClientMessage::Ready(_));
        let copy = is_copied.then(|| copy_of(&frame)).flatten();
        self.outbox.try_send((frame, copy)).map_err(|error| match error {
            mpsc::error::TrySendError::Closed(_) => SendError::Over,
            mpsc::error::TrySendError::Full(_) => {
                give_up(
                    &self.link,
                    &self.verdict,
                    CloseCode::TooSlow,
                    ConnectionLoss::Stuck,
                );
                SendError::Full
            }
        })
    }

    /// Sends a clock ping as a datagram, which may be lost.
    pub fn send_ping(&self, ping: &ClockPing) -> Result<(), SendError> {
        self.link
            .send_datagram(ClientDatagram::ping(ping))
            .map_err(|_error| SendError::Over)
    }

    /// Returns the next message. Cancel safe. After the first error there are no more messages.
    pub async fn recv(&self) -> Result<ServerMessage, ConnectionLoss> {
        let mut inbox = self.inbox.lock().await;
        loop {
            match inbox.next_message() {
                Ok(Some(message)) => return Ok(message),
                Ok(None) => {}
                Err(reason) => {
                    close_link(&self.link, CloseCode::ProtocolError);
                    return Err(reason);
                }
            }
            match inbox.stream.read_chunk(READ_BYTES, true).await {
                Ok(Some(chunk)) => inbox.frames.push(&chunk.bytes),
                Ok(None) => return Err(self.reason_of_the_end().await),
                Err(ReadError::ConnectionLost(error)) => return Err(self.lost(error)),
                Err(ReadError::ClosedStream) => return Err(ConnectionLoss::Local),
                Err(
                    error
                    @ (ReadError::Reset(_) | ReadError::IllegalOrderedRead | ReadError::ZeroRttRejected),
                ) => {
                    close_link(&self.link, CloseCode::ProtocolError);
                    return Err(ConnectionLoss::Broken(error.to_string()));
                }
            }
        }
    }

    /// Returns the next datagram, and when it was read. Cancel safe. Waits forever once the connection has ended:
    /// [`recv`](Self::recv) returns why.
    pub async fn recv_datagram(&self) -> (ServerDatagram, LocalTime) {
        match self.datagrams.lock().await.recv().await {
            Some(datagram) => datagram,
            None => std::future::pending().await,
        }
    }

    /// Returns the identity of the server.
    pub const fn identity(&self) -> ServerIdentity {
        self.identity
    }

    /// Returns why a server ended its stream: the reason of the close that follows, or that none follows.
    async fn reason_of_the_end(&self) -> ConnectionLoss {
        if let Ok(error) = timeout(REASON_TIMEOUT, self.link.closed()).await {
            return self.lost(error);
        }
        close_link(&self.link, CloseCode::ProtocolError);
        ConnectionLoss::NoReason
    }

    fn lost(&self, error: ConnectionError) -> ConnectionLoss {
        match error {
            ConnectionError::ApplicationClosed(close) => ConnectionLoss::Closed {
                code: CloseCode::from_u64(close.error_code.into_inner()),
            },
            ConnectionError::TimedOut => ConnectionLoss::TimedOut,
            ConnectionError::Reset => ConnectionLoss::Reset,
            ConnectionError::LocallyClosed => take(&self.verdict).unwrap_or(ConnectionLoss::Local),
            ConnectionError::VersionMismatch
            | ConnectionError::TransportError(_)
            | ConnectionError::ConnectionClosed(_)
            | ConnectionError::CidsExhausted => ConnectionLoss::Broken(error.to_string()),
        }
    }
}

impl Inbox {
    fn next_message(&mut self) -> Result<Option<ServerMessage>, ConnectionLoss> {
        while let Some(frame) = self.frames.next_frame()? {
            if let Some(message) = ServerMessage::from_frame(&frame)? {
                return Ok(Some(message));
            }
            tracing::debug!(kind = frame.kind, "skipped a message of a later version");
        }
        Ok(None)
    }
}

/// Writes frames until no more are sent, and their copies a little later; then waits until the server has received all of them.
async fn write(
    mut stream: SendStream,
    mut frames: mpsc::Receiver<(Bytes, Option<Bytes>)>,
    link: quinn::Connection,
) {
    let mut waiting = None;
    loop {
        let (frame, copy) = tokio::select! {
            next = frames.recv() => match next {
                Some(next) => next,
                None => break,
            },
            copy = due(&mut waiting) => {
                if let Err(error) = link.send_datagram(copy) {
                    tracing::debug!(%error, "could not send the copy of a frame");
                }
                continue;
            }
        };
        if let Err(error) = stream.write_chunk(frame).await {
            tracing::debug!(%error, "could not write to the stream");
            return;
        }
        // A newer copy replaces one that is still waiting.
        waiting = copy.map(|copy| (Instant::now() + COPY_DELAY, copy)).or(waiting);
    }
    if stream.finish().is_ok()
        && let Err(error) = stream.stopped().await
    {
        tracing::debug!(%error, "the connection ended before its last message arrived");
    }
}

/// Returns a copy once it is due; waits forever if there is none. Cancel safe.
async fn due(waiting: &mut Option<(Instant, Bytes)>) -> Bytes {
    if let Some((at, _)) = waiting {
        sleep_until(*at).await;
    }
    match waiting.take() {
        Some((_, copy)) => copy,
        None => std::future::pending().await,
    }
}

/// Reads datagrams as soon as they arrive, because the time of arrival is half of their meaning.
async fn read_datagrams(
    link: quinn::Connection,
    clock: Clock,
    heard: mpsc::Sender<(ServerDatagram, LocalTime)>,
    verdict: SharedLoss,
) {
    while let Ok(bytes) = link.read_datagram().await {
        let at = clock();
        match ServerDatagram::from_bytes(&bytes) {
            Ok(Some(datagram)) => {
                if heard.try_send((datagram, at)).is_err() {
                    tracing::debug!("dropped a datagram because the queue was full");
                }
            }
            Ok(None) => tracing::debug!("skipped a datagram of a later version"),
            Err(error) => {
                give_up(&link, &verdict, CloseCode::ProtocolError, error.into());
                return;
            }
        }
    }
}

/// Closes the connection for a reason that only this end knows; if called again, the first reason is kept.
fn give_up(link: &quinn::Connection, verdict: &SharedLoss, code: CloseCode, reason: ConnectionLoss) {
    verdict
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get_or_insert(reason);
    close_link(link, code);
}

fn take(verdict: &SharedLoss) -> Option<ConnectionLoss> {
    verdict.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn close_link(link: &quinn::Connection, code: CloseCode) {
    link.close(VarInt::from_u32(code.as_u32()), code.code().as_bytes());
}
