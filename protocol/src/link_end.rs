//! Why a client has no connection to its server. Nothing here is sent over the network.

use std::time::Duration;

use crate::clean::Clean;
use crate::close::CloseCode;

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The server presents another key than the known one; nothing was sent.
    PinMismatch,
    /// No connection was established.
    Unreachable(Unreachable),
    /// The other end closed the connection.
    Closed {
        /// The close code; `None` if it is unknown.
        code: Option<CloseCode>,
    },
    /// Nothing was received for too long.
    TimedOut,
    /// Something unreadable arrived, or the transport failed.
    Broken(Breakage),
}

/// Why no connection was established.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// The name could not be resolved.
    Unresolved {
        /// The name.
        host: Clean,
    },
    /// A server redirected to an address in a private network that the server itself is not in.
    Inward {
        /// The name or address.
        host: Clean,
    },
    /// The server's name has no address that can be tried.
    NoAddress,
    /// The machine answers, but nothing listens at that port.
    NoServer,
    /// Nothing answered in time.
    NoAnswer {
        /// The timeout.
        after: Duration,
    },
    /// The server and this program have no version of the protocol in common.
    OtherVersion,
    /// The servers redirect to each other.
    SentInCircles,
    /// The list of known servers could not be read or written.
    KnownServers {
        /// The file's path.
        path: Clean,
        /// The reason.
        failure: KnownServersFailure,
    },
    /// The transport failed.
    Failed {
        /// The transport's description.
        cause: Clean,
    },
}

/// Why the list of known servers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownServersFailure {
    /// The file cannot be read.
    Unreadable {
        /// The system's error message.
        cause: Clean,
    },
    /// The file cannot be locked or written.
    Unwritable {
        /// The system's error message.
        cause: Clean,
    },
    /// The line with this number, counted from 1, may be about the requested server and cannot be read, or contradicts an earlier
    /// one.
    Line(usize),
}

/// Why an established connection broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// The server no longer knows the connection, because it was restarted.
    Restarted,
    /// The server ended its messages without a reason.
    NoReason,
    /// The server stopped reading.
    Stuck,
    /// The server sent a message that cannot be read or is above the size limit.
    Unreadable,
    /// The connection's task ended unexpectedly.
    TaskEnded,
    /// The transport failed.
    Transport {
        /// The transport's description.
        cause: Clean,
    },
}
