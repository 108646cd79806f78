//! The client's end of the wire: a QUIC connection to a server whose key is known.
//!
//! [`connect`] resolves the name, tries its addresses one shortly after another, and accepts the first server that proves the
//! [trusted](Trust) key; until then no application data is sent. A [`Connection`] carries one control stream in both directions,
//! and clock exchanges and copies in datagrams. The server may be hostile, so windows and frames are bounded, and unreadable data
//! ends the connection.

mod connection;
mod dial;
mod handshake;
mod key_phrase;
mod known_servers;
mod pinning;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::codec::DecodeError;
use watchtogether_protocol::frame::FrameTooLong;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::{LocalTime, Pin};

pub use self::connection::Connection;
pub use self::dial::connect;
pub use self::key_phrase::four_words;
pub use self::known_servers::{KnownServers, KnownServersError, KnownServersFile, UnkeptServers};

/// How a server is trusted.
#[derive(Clone)]
pub enum Trust {
    /// By the key in an invite; any other key ends the attempt.
    Pinned(Pin),
    /// By the key that it first presented, which is stored; if it changes later, the attempt ends.
    FirstUse(Arc<dyn KnownServers>),
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pinned(pin) => f.debug_tuple("Pinned").field(pin).finish(),
            Self::FirstUse(_) => f.write_str("FirstUse(…)"),
        }
    }
}

/// The options for making a connection.
#[derive(Clone)]
pub struct ConnectOptions {
    /// Reads this machine's monotonic clock, which also stamps the player's readings.
    pub clock: Clock,
    /// The time after which a server that has not answered counts as unreachable.
    pub deadline: Duration,
    /// The server that redirected to this address, if any. Such a connection goes no further into the user's network than that
    /// server is itself.
    pub sent_on_by: Option<Address>,
}

/// Reads this machine's monotonic clock.
pub type Clock = Arc<dyn Fn() -> LocalTime + Send + Sync>;

impl ConnectOptions {
    /// Returns the usual options with a clock.
    pub fn new(clock: impl Fn() -> LocalTime + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            deadline: dial::DEADLINE,
            sent_on_by: None,
        }
    }
}

impl fmt::Debug for ConnectOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("deadline", &self.deadline)
            .field("sent_on_by", &self.sent_on_by)
            .finish_non_exhaustive()
    }
}

/// The identity of the server that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerIdentity {
    /// Its key.
    pub pin: Pin,
    /// Whether the key was seen for the first time and is now stored. Then the user should compare [`four_words`].
    pub is_new: bool,
}

/// Why no connection was established.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name could not be resolved.
    #[error("the name {host} cannot be resolved")]
    Unresolved {
        /// The name.
        host: String,
        /// The resolver's error, if there is one.
        #[source]
        source: Option<io::Error>,
    },
    /// A server redirected to an address that is further inside the user's network than its own: on this machine, or in its
    /// network.
    #[error("a server sent us on to {host}, which is in a network that the server itself is not in")]
    Inward {
        /// The name or address.
        host: String,
    },
    /// The machine answers, but nothing listens at that port.
    #[error("no server runs there")]
    NoServer,
    /// Nothing answered in time.
    #[error("nothing answered within {} s", after.as_secs())]
    TimedOut {
        /// The timeout.
        after: Duration,
    },
    /// The server presents a different key than the trusted one; nothing was sent.
    #[error("the server's key is not the one it is known by")]
    PinMismatch {
        /// The key in the invite, or from the first use.
        expected: Pin,
        /// The presented key.
        got: Pin,
    },
    /// The server and this program have no version of the protocol in common.
    #[error("the server speaks another version of the protocol")]
    OtherVersion,
    /// The server closed the connection while it was being established.
    #[error("the server refused the connection: {}", code.map_or("no known code", CloseCode::code))]
    Closed {
        /// The close code; `None` if it is unknown.
        code: Option<CloseCode>,
    },
    /// The list of known servers could not be read or written.
    #[error(transparent)]
    KnownServers(#[from] KnownServersError),
    /// The server's name has no address that can be tried.
    #[error("no address can be tried")]
    NoAddress,
    /// The connection failed for another reason.
    #[error("the connection failed: {0}")]
    Failed(String),
}

/// Why a connection has ended.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionLoss {
    /// The server closed it.
    #[error("the server closed the connection: {}", code.map_or("no known code", CloseCode::code))]
    Closed {
        /// The close code; `None` if it is unknown.
        code: Option<CloseCode>,
    },
    /// Nothing was received for too long.
    #[error("nothing was heard for too long")]
    TimedOut,
    /// The server no longer knows the connection, because it was restarted.
    #[error("the server was restarted")]
    Reset,
    /// This end closed it.
    #[error("closed here")]
    Local,
    /// The server ended its messages and kept the connection.
    #[error("the server ended its messages")]
    NoReason,
    /// The server stopped reading: the queue of messages to it is full.
    #[error("the server does not read what it is sent")]
    Stuck,
    /// The server sent a message that cannot be read.
    #[error("the server sent something unreadable: {0}")]
    Unreadable(#[from] DecodeError),
    /// The server sent a message above the size limit.
    #[error("the server sent something too long: {0}")]
    TooLong(#[from] FrameTooLong),
    /// The transport failed.
    #[error("the connection broke: {0}")]
    Broken(String),
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The connection has ended; receiving returns the reason.
    #[error("the connection is over")]
    Over,
    /// The queue is full: the connection is closed, and receiving returns the reason.
    #[error("the server does not read what it is sent")]
    Full,
}
