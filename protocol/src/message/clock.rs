//! Clock exchanges, every few seconds by datagram, with telemetry in both directions.
//!
//! While a room plays, nothing else needs to be sent. Losing one is harmless: the next has all values again.

use bincode::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::id::{MemberId, Revision};
use crate::limits;
use crate::time::{LocalTime, ServerTime};

/// Measurements of a member's client while it follows. They are only shown; no decision depends on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Telemetry {
    /// Player minus room, in microseconds; positive is ahead. `None` while it does not play.
    pub drift_us: Option<i32>,
    /// The median of the drift's absolute value over the last 10 s, in microseconds.
    pub drift_p50_us: Option<u32>,
    /// The 95th percentile of the drift's absolute value over the last 10 s, in microseconds.
    pub drift_p95_us: Option<u32>,
    /// The largest absolute value of the drift over the last 10 s, in microseconds.
    pub drift_worst_us: Option<u32>,
    /// How much faster than the room's rate the player is set to play, in millionths. It compensates for the sound card's error
    /// and includes the current slew.
    pub speed_ppm: i32,
    /// The median of the newest round trips to the server, in microseconds.
    pub rtt_us: u32,
    /// The 95th percentile of the round trip, in microseconds. Scheduled starts take it into account.
    pub rtt_p95_us: u32,
    /// The largest error of the clock comparison that an asymmetric path can cause, in microseconds.
    pub clock_bound_us: u32,
    /// How much the player has buffered ahead, in milliseconds, if it reports that.
    pub buffered_ms: u32,
    /// The number of corrections (steps and holds) so far.
    pub corrections: u32,
    /// How long the last correction paused the film, in milliseconds.
    pub freeze_ms: u32,
    /// Whether nearly all drifts of the last 2 s were within the limit for being in sync.
    pub is_settled: bool,
    /// Whether the member is typing. It needs no message of its own because a lost value does no harm: the next telemetry repeats
    /// it.
    pub is_typing: bool,
}

/// The client's half of a clock exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClockPing {
    /// Matches the answer to its ping.
    pub sequence: u32,
    /// The client's clock when the ping was sent.
    pub sent: LocalTime,
    /// The latest revision that the client has. If it is older than the room's, the server sends the timeline again.
    pub revision: Revision,
    /// The sender's telemetry.
    pub telemetry: Telemetry,
}

/// One member's telemetry, for the roster of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MemberSample {
    /// The member.
    pub member: MemberId,
    /// The member's telemetry.
    pub telemetry: Telemetry,
}

/// The server's half of a clock exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClockPong {
    /// The ping's sequence number.
    pub sequence: u32,
    /// The ping's `sent`.
    pub sent: LocalTime,
    /// The server's clock when the ping was read.
    pub received: ServerTime,
    /// The server's clock when this was written.
    pub answered: ServerTime,
    /// The telemetry of at most [`limits::DIGEST_MEMBERS`] members: the worst first, the rest in turn.
    pub digest: Vec<MemberSample>,
}

/// Asks for a ping, before a client that is silent counts as not responding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AreYouThere;

impl ClockPing {
    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode::<Self, { limits::DATAGRAM_BYTES }>(bytes)
    }
}

impl ClockPong {
    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let pong = codec::decode::<Self, { limits::DATAGRAM_BYTES * 2 }>(bytes)?;
        if pong.digest.len() > limits::DIGEST_MEMBERS {
            return Err(DecodeError::Rule("a digest has at most 16 members"));
        }
        Ok(pong)
    }
}
