//! The client's end of the wire: a QUIC connection to a server whose key is known.
//!
//! [`connect`] resolves the name, tries its addresses one shortly after the other, and accepts the first server that
//! proves the key it is [trusted](Trust) by; until then nothing of the application is sent. A [`Connection`] carries one
//! control stream both ways, and clock exchanges and copies in datagrams. The limits are those of a client that may meet a hostile
//! server: bounded windows and frames, and whatever cannot be read ends the connection.

mod connection;
mod dial;
mod handshake;
mod known_servers;
mod pinning;
#[cfg(test)]
mod tests;
mod words;

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
pub use self::known_servers::{KnownServers, KnownServersError, KnownServersFile, UnkeptServers};
pub use self::words::four_words;

/// By what a server is trusted.
#[derive(Clone)]
pub enum Trust {
    /// By the key that an invite names: any other is a hard stop.
    Pinned(Pin),
    /// By the key that it showed first: that is stored, and a later change is a hard stop.
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

/// How a connection is made.
#[derive(Clone)]
pub struct ConnectOptions {
    /// Reads this machine's monotonic clock, the one that the player's readings are stamped with.
    pub clock: Clock,
    /// Within this time a server has answered, or is unreachable.
    pub deadline: Duration,
    /// The server by whose word the address is known, if it is not the user's. A connection that such a word leads to goes
    /// no further into the user's own network than that server stands itself.
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

/// Which server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerIdentity {
    /// Its key.
    pub pin: Pin,
    /// Whether the key was seen for the first time and is stored now: the time to compare [`four_words`].
    pub is_new: bool,
}

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name means no address.
    #[error("the name {host} cannot be resolved")]
    Unresolved {
        /// The name.
        host: String,
        /// What the resolver said, if it said anything.
        #[source]
        source: Option<io::Error>,
    },
    /// A server sent us on to an address that lies further inward than its own: at this machine, or in its network.
    #[error("a server sent us on to {host}, which is in a network that the server itself is not in")]
    Inward {
        /// The name, or the address itself.
        host: String,
    },
    /// The machine is there and says that nothing listens at that port.
    #[error("no server runs there")]
    NoServer,
    /// Nothing answered in time.
    #[error("nothing answered within {} s", after.as_secs())]
    TimedOut {
        /// How long it was waited.
        after: Duration,
    },
    /// The server shows another key than the one it is trusted by; nothing was sent.
    #[error("the server's key is not the one it is known by")]
    PinMismatch {
        /// The key of the invite, or of the first use.
        expected: Pin,
        /// The key that was shown.
        got: Pin,
    },
    /// The server and this program have no version of the protocol in common.
    #[error("the server speaks another version of the protocol")]
    OtherVersion,
    /// The server closed the connection while it was being made.
    #[error("{}", code.map_or("the server refused the connection", CloseCode::words))]
    Closed {
        /// With which code, if it has a meaning here.
        code: Option<CloseCode>,
    },
    /// The list of known servers cannot be used.
    #[error(transparent)]
    KnownServers(#[from] KnownServersError),
    /// The connection failed for another reason.
    #[error("the connection failed: {0}")]
    Failed(String),
}

/// Why a connection is over.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The server closed it.
    #[error("{}", code.map_or("the server closed the connection", CloseCode::words))]
    Closed {
        /// With which code, if it has a meaning here.
        code: Option<CloseCode>,
    },
    /// Nothing was heard for too long.
    #[error("nothing was heard for too long")]
    TimedOut,
    /// The server does not know the connection any more: it was restarted.
    #[error("the server was restarted")]
    Reset,
    /// This end closed it.
    #[error("closed here")]
    Local,
    /// The server takes nothing more: the queue of what it was to be sent is full.
    #[error("the server does not read what it is sent")]
    Stuck,
    /// The server sent a message that cannot be read.
    #[error("the server sent something unreadable: {0}")]
    Unreadable(#[from] DecodeError),
    /// The server sent a message over the limit.
    #[error("the server sent something too long: {0}")]
    TooLong(#[from] FrameTooLong),
    /// The transport broke.
    #[error("the connection broke: {0}")]
    Broken(String),
}

/// Why something was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The connection is over; receiving tells why.
    #[error("the connection is over")]
    Over,
    /// The queue is full: the connection was given up, and receiving tells so.
    #[error("the server does not read what it is sent")]
    Full,
}
