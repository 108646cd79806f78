//! QUIC application close codes: why a connection ended.

use crate::message::room::ClosingReason;

/// Why one end closed the connection on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The member left, or the client ended.
    Left,
    /// The server is shutting down; it may come back.
    ShuttingDown,
    /// A newer connection took the same seat.
    Replaced,
    /// A message could not be read, or is not allowed in this state.
    ProtocolError,
    /// The client did not send its hello in time.
    HelloTimeout,
    /// The member reads more slowly than the room sends.
    TooSlow,
    /// Far more was sent than the budgets allow.
    RateLimited,
    /// The server is full, or has too many connections from that address.
    Busy,
    /// The request was refused; a message with the reason was sent before.
    Refused,
    /// The room ended.
    RoomClosed,
    /// The host removed the member.
    Removed,
    /// The server had been started by the host's client and ended with it, although the host did not leave. Both may come back.
    HostGone,
}

impl CloseCode {
    /// All codes, in numerical order.
    pub const ALL: [Self; 12] = [
        Self::Left,
        Self::ShuttingDown,
        Self::Replaced,
        Self::ProtocolError,
        Self::HelloTimeout,
        Self::TooSlow,
        Self::RateLimited,
        Self::Busy,
        Self::Refused,
        Self::RoomClosed,
        Self::Removed,
        Self::HostGone,
    ];

    /// Returns the code that accompanies a closing message.
    pub const fn of(reason: ClosingReason) -> Self {
        match reason {
            ClosingReason::ServerEnds => Self::ShuttingDown,
            ClosingReason::RoomClosed => Self::RoomClosed,
            ClosingReason::HostGone => Self::HostGone,
        }
    }

    /// Returns the code on the wire.
    pub const fn as_u32(self) -> u32 {
        match self {
            Self::Left => 0,
            Self::ShuttingDown => 1,
            Self::Replaced => 2,
            Self::ProtocolError => 3,
            Self::HelloTimeout => 4,
            Self::TooSlow => 5,
            Self::RateLimited => 6,
            Self::Busy => 7,
            Self::Refused => 8,
            Self::RoomClosed => 9,
            Self::Removed => 10,
            Self::HostGone => 11,
        }
    }

    /// Returns the meaning of a code from the wire, if it has one.
    pub fn from_u64(code: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|c| u64::from(c.as_u32()) == code)
    }

    /// Returns the machine-readable code, which is also sent in the frame that closes a connection.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::ShuttingDown => "shutting_down",
            Self::Replaced => "replaced",
            Self::ProtocolError => "protocol_error",
            Self::HelloTimeout => "hello_timeout",
            Self::TooSlow => "too_slow",
            Self::RateLimited => "rate_limited",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::RoomClosed => "room_closed",
            Self::Removed => "removed",
            Self::HostGone => "host_gone",
        }
    }

    /// Returns whether retrying without the user can help.
    pub const fn is_worth_retrying(self) -> bool {
        match self {
            Self::ShuttingDown | Self::HostGone | Self::HelloTimeout | Self::TooSlow | Self::Busy => true,
            Self::Left
            | Self::Replaced
            | Self::ProtocolError
            | Self::RateLimited
            | Self::Refused
            | Self::RoomClosed
            | Self::Removed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_the_wire() {
        for code in CloseCode::ALL {
            assert_eq!(CloseCode::from_u64(code.as_u32().into()), Some(code));
        }
        assert_eq!(CloseCode::from_u64(u64::MAX), None);
    }
}
