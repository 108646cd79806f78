//! The reasons for which a client has no connection to its server. Nothing here crosses the wire.

use std::time::Duration;

use crate::clean::Clean;
use crate::close::CloseCode;

/// The reason why there is no connection, or not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The server presents another key than the known one; nothing was sent.
    PinMismatch,
    /// No connection was established.
    Unreachable(Unreachable),
    /// The other end closed the connection.
    Closed {
        /// The close code, if it is a known one.
        code: Option<CloseCode>,
    },
    /// Nothing was received for too long.
    TimedOut,
    /// Something unreadable arrived, or the transport failed.
    Broken(Breakage),
}

/// The reason why no connection was established.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// The name has no address.
    Unresolved {
        /// The name.
        host: Clean,
    },
    /// A server named another one that is further inside the user's network than itself.
    Inward {
        /// The name or address.
        host: Clean,
    },
    /// The machine exists, and nothing listens at that port.
    NoServer,
    /// Nothing answered in time.
    NoAnswer {
        /// The time that was waited.
        after: Duration,
    },
    /// The server and this program have no version of the protocol in common.
    OtherVersion,
    /// Each server says that another one has the room.
    SentInCircles,
    /// The list of known servers cannot be used.
    KnownServers {
        /// The failed operation and its cause.
        cause: Clean,
    },
    /// The transport failed.
    Failed {
        /// The transport's description.
        cause: Clean,
    },
}

/// The reason why an established connection broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// The server no longer knows the connection, because it was restarted.
    Restarted,
    /// The server takes no more data.
    Stuck,
    /// The server sent a message that cannot be read.
    Unreadable {
        /// The decoder's description.
        cause: Clean,
    },
    /// The server sent a message above the size limit.
    TooLong {
        /// The decoder's description.
        cause: Clean,
    },
    /// The task of the connection ended unexpectedly.
    TaskEnded,
    /// The transport failed.
    Transport {
        /// The transport's description.
        cause: Clean,
    },
}
