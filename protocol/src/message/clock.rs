//! Clocks compared once a second by datagrams, with telemetry riding along both ways.
//!
//! A playing room sends nothing else. They are lost without harm: the next one says it all again.

use bincode::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::id::{MemberId, Revision};
use crate::limits;
use crate::time::{LocalTime, ServerTime};

/// How a member follows, as they measure it. Nothing is decided from it: it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Telemetry {
    /// Player minus room, in microseconds; positive is ahead. None while it does not play.
    pub drift_us: Option<i32>,
    /// The median of the drift's size over the last 10 s, in microseconds.
    pub drift_p50_us: Option<u32>,
    /// The 95th percentile of the same.
    pub drift_p95_us: Option<u32>,
    /// The largest of the same.
    pub drift_worst_us: Option<u32>,
    /// How much faster than the room's rate the player was told to play, in millionths: its sound card's error and what is
    /// slewed.
    pub speed_ppm: i32,
    /// Usual round trip to the server, in microseconds: the median of the last minute.
    pub rtt_us: u32,
    /// The 95th percentile of the same, in microseconds: what a scheduled start must leave time for.
    pub rtt_p95_us: u32,
    /// How wrong the comparison of the clocks can be by an unequal path, in microseconds.
    pub clock_bound_us: u32,
    /// How much the player has buffered ahead, in milliseconds, as far as it tells.
    pub buffered_ms: u32,
    /// Corrections (steps and holds) so far.
    pub corrections: u32,
    /// How long the film stood for the last of them, in milliseconds.
    pub freeze_ms: u32,
    /// Whether nearly all drifts of the last 2 s were those of a player that is in sync.
    pub is_settled: bool,
    /// Whether the member is writing something. It rides here because it is news only while it is true: it needs no
    /// message, and none that is lost.
    pub is_typing: bool,
}

/// A client's half of a clock exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClockPing {
    /// Tells answers apart.
    pub sequence: u32,
    /// The client's clock when it was sent.
    pub sent: LocalTime,
    /// The latest revision that the client has; an older one than the room's brings the record again.
    pub revision: Revision,
    /// How the member follows.
    pub telemetry: Telemetry,
}

/// How one member follows, for the others' roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MemberSample {
    /// The member.
    pub member: MemberId,
    /// The member's figures.
    pub telemetry: Telemetry,
}

/// The server's half of a clock exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClockPong {
    /// The ping's.
    pub sequence: u32,
    /// The ping's.
    pub sent: LocalTime,
    /// The server's clock when the ping was read.
    pub received: ServerTime,
    /// The server's clock when this was written.
    pub answered: ServerTime,
    /// At most [`limits::DIGEST_MEMBERS`] members: the worst first, the rest in turn.
    pub digest: Vec<MemberSample>,
}

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
