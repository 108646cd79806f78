//! The state of a session at any time, for screens between events and for `status --json`.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::Saved;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::roster::{Member, PlayerState};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    Invite, InviteToken, Item, ItemId, LocalTime, MediaTime, MemberId, Pin, Playback, Rate, RoomName,
    Timeline,
};

use super::event::{LinkState, SyncState};
use super::room_request::RoomRequest;
use crate::player::Source;

pub use crate::player::facts::{Chapter, Facts, Track};

/// The state of a session at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The link to the server.
    pub link: LinkState,
    /// The room, once the session has been in one.
    pub room: Option<RoomStatus>,
    /// The state of the local player.
    pub player: PlayerState,
    /// How the local copy compares with the room's item.
    pub file: FileMatch,
    /// How well the local player follows.
    pub sync: SyncStatus,
    /// How well the local player followed in the last minute.
    pub minute: MinuteStatus,
    /// The details that the player reports about itself.
    pub facts: Option<Arc<Facts>>,
    /// The chapters of the open item, in order.
    pub chapters: Arc<[Chapter]>,
    /// The median round trip to the server.
    pub round_trip: Option<Duration>,
    /// The largest error of the clock comparison that an asymmetric path can cause.
    pub clock_bound: Option<Duration>,
    /// The local copy of the room's item, once there is one.
    pub local_item: Option<Source>,
}

/// A room's wall clock: one reading, from which it is extrapolated with local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallAnchor {
    /// The wall clock at the reading.
    pub wall: WallTime,
    /// When it was read.
    pub at: LocalTime,
}

impl WallAnchor {
    /// Returns the wall clock at an instant.
    pub fn at(&self, now: LocalTime) -> WallTime {
        self.wall.after(now.saturating_since(self.at))
    }

    /// Advances the clock by the time for which the machine was suspended, while local time stood still.
    pub(super) fn handle_suspended(&mut self, time: Duration) {
        self.wall = self.wall.after(time);
    }
}

/// The part of an invite that admits others to the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteKey {
    /// None is needed: the room is open, or asks for a password.
    NotNeeded,
    /// A token.
    Token(InviteToken),
}

impl InviteKey {
    /// Returns the token for an invite, if one is needed.
    pub const fn token(self) -> Option<InviteToken> {
        match self {
            Self::NotNeeded => None,
            Self::Token(token) => Some(token),
        }
    }
}

/// The state of the room at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomStatus {
    /// The room's name.
    pub name: RoomName,
    /// The wall clock that its chat lines are stamped with.
    pub wall: WallAnchor,
    /// The user's member id.
    pub you: MemberId,
    /// The host.
    pub host: Option<MemberId>,
    /// The current item.
    pub item: Option<(ItemId, Item)>,
    /// The timeline from which everything else is computed.
    pub timeline: Timeline,
    /// The present position.
    pub position: MediaTime,
    /// The playback state.
    pub playback: Playback,
    /// The start of playback, if it is scheduled and still to come.
    pub starts: Option<LocalTime>,
    /// The speed.
    pub rate: Rate,
    /// The members that the room waits for.
    pub waiting_for: Awaited,
    /// The room's settings.
    pub settings: RoomSettings,
    /// The bans, oldest first; known to hosts and co-hosts.
    pub bans: Vec<Ban>,
    /// The state of saving on the server's disk; `None` if the server does not keep rooms.
    pub saved: Option<Saved>,
    /// Whether the user opened the room and may become its host again.
    pub is_owner: bool,
    /// The part of the invite that admits others, if this member knows it.
    pub invite: Option<InviteKey>,
    /// The members in the order in which they entered, with their telemetry.
    pub members: Vec<MemberStatus>,
    /// The user's request that the room has not answered yet.
    pub asked: Option<RoomRequest>,
}

impl RoomStatus {
    /// Returns the invite for friends who reach the server at an address and know it by a key, if this member knows what admits
    /// them.
    pub fn invite_to(&self, address: &Address, pin: Option<Pin>) -> Option<Invite> {
        self.invite.map(|key| Invite {
            address: address.clone(),
            room: Some(self.name.clone()),
            pin,
            token: key.token(),
        })
    }

    /// Returns the members without their telemetry.
    pub fn people(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|status| &status.member)
    }

    /// Returns whether the local user may do this.
    pub fn may(&self, act: RoomAct) -> bool {
        let you = Asker::among(self.people(), self.you, self.host, self.is_owner);
        you.may(act).is_ok()
    }
}

/// The state of one member at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberStatus {
    /// The member.
    pub member: Member,
    /// The member's telemetry; always present for the local user.
    pub telemetry: Option<Telemetry>,
}

/// How well the local player follows, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SyncStatus {
    /// The summary.
    pub state: SyncState,
    /// Player minus room; positive is ahead. `None` while it does not play.
    pub drift: Option<MediaTime>,
    /// How far the correction in progress, or one that has just ended, moves the film; forward is positive.
    pub jump: Option<MediaTime>,
    /// The size below which nearly all drifts of the last 2 s lie.
    pub spread: Option<Duration>,
    /// The median of the drift's absolute value over the last 10 s.
    pub drift_p50: Option<Duration>,
    /// The 95th percentile of the drift's absolute value over the last 10 s.
    pub drift_p95: Option<Duration>,
    /// The speed that the player is set to.
    pub speed: f64,
    /// How much the player has buffered ahead.
    pub buffered: Duration,
    /// The number of holds so far that nobody in the room asked for.
    pub corrections: u32,
}

/// How well the local player followed in the last minute, from every measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinuteStatus {
    /// The largest drift of the last second; positive is ahead. `None` while it does not play.
    pub drift: Option<MediaTime>,
    /// The median of the drift's absolute value.
    pub p50: Option<Duration>,
    /// The 95th percentile of the drift's absolute value.
    pub p95: Option<Duration>,
    /// The largest absolute value of the drift.
    pub worst: Option<Duration>,
    /// The number of holds that nobody in the room asked for.
    pub corrections: usize,
    /// How often somebody seeked.
    pub seeks: usize,
    /// How often the player ran out of data.
    pub stalls: usize,
}
