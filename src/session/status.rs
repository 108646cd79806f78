//! How a session stands, asked at any moment: for screens between events and for `status --json`.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::Saved;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::roster::{Member, PlayerState};
use watchtogether_protocol::message::settings::Settings;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    InviteToken, Item, ItemId, LocalTime, MediaTime, MemberId, Playback, Rate, RoomName, Timeline,
};

use super::asked::Asked;
use super::event::{LinkState, SyncState};
use crate::player::Source;

pub use crate::player::facts::{Chapter, Facts, Track};

/// A session at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The link to the server.
    pub link: LinkState,
    /// The room, once the session was in one.
    pub room: Option<RoomStatus>,
    /// What the own player does.
    pub player: PlayerState,
    /// How the own copy compares with the room's item.
    pub file: FileMatch,
    /// How the own player follows.
    pub sync: SyncStatus,
    /// How the own player followed in the last minute.
    pub minute: MinuteStatus,
    /// How it plays, as far as it tells.
    pub facts: Option<Arc<Facts>>,
    /// The chapters of what it has open, in their order.
    pub chapters: Arc<[Chapter]>,
    /// The usual round trip to the server.
    pub round_trip: Option<Duration>,
    /// How wrong the clock comparison can be by an unequal path.
    pub clock_bound: Option<Duration>,
    /// The own copy of the room's item, once there is one.
    pub own_copy: Option<Source>,
}

/// A room's wall clock, by one reading; it counts on with local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallAnchor {
    /// The wall clock at the reading.
    pub wall: WallTime,
    /// The instant of the reading.
    pub at: LocalTime,
}

impl WallAnchor {
    /// Returns the wall clock at an instant.
    pub fn at(&self, now: LocalTime) -> WallTime {
        self.wall.after(now.saturating_since(self.at))
    }

    /// Takes in that the machine slept for some time, in which local time stood still.
    pub(super) fn handle_suspended(&mut self, time: Duration) {
        self.wall = self.wall.after(time);
    }
}

/// The room at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomStatus {
    /// What it is called.
    pub name: RoomName,
    /// The wall clock that its chat lines are stamped with.
    pub wall: WallAnchor,
    /// Which member the session is.
    pub you: MemberId,
    /// Who controls it.
    pub host: Option<MemberId>,
    /// What is on.
    pub item: Option<(ItemId, Item)>,
    /// The record that all else is computed from.
    pub timeline: Timeline,
    /// Where the room is now.
    pub position: MediaTime,
    /// What it does.
    pub playback: Playback,
    /// When it begins to, where it plays and that instant is yet to come.
    pub starts: Option<LocalTime>,
    /// How fast.
    pub rate: Rate,
    /// For whom it waits.
    pub waiting_for: Vec<MemberId>,
    /// Its settings.
    pub settings: Settings,
    /// Who may not come in, oldest first; known to who controls it.
    pub bans: Vec<Ban>,
    /// What the server has of it on its disk; nothing where it keeps no rooms.
    pub saved: Option<Saved>,
    /// Whether the own member opened it, and may take it back from whoever has it.
    pub is_owner: bool,
    /// What lets others in, where it asks for it; known to who controls it.
    pub invite: Option<InviteToken>,
    /// Who is in it, in the order of their coming, with what is known of how they follow.
    pub members: Vec<MemberStatus>,
    /// What the user asked of it, until it has answered.
    pub asked: Option<Asked>,
}

impl RoomStatus {
    /// Returns the members alone.
    pub fn people(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|status| &status.member)
    }

    /// Returns whether the session's member may do something.
    pub fn may(&self, act: RoomAct) -> bool {
        let you = Asker::among(self.people(), self.you, self.host, self.is_owner);
        you.may(act).is_ok()
    }
}

/// One member at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberStatus {
    /// Who.
    pub member: Member,
    /// How they follow; the session's own is always there.
    pub telemetry: Option<Telemetry>,
}

/// How the own player follows, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SyncStatus {
    /// In one word.
    pub state: SyncState,
    /// Player minus room now; positive is ahead. None while it does not play.
    pub drift: Option<MediaTime>,
    /// How far the correction under way, or one that ended a moment ago, moves the film; forward is positive.
    pub jump: Option<MediaTime>,
    /// The size that nearly all drifts of the last 2 s stay below.
    pub spread: Option<Duration>,
    /// The median of the drift's size over the last 10 s.
    pub drift_p50: Option<Duration>,
    /// The 95th percentile of the same.
    pub drift_p95: Option<Duration>,
    /// The speed that the player was told to play at.
    pub speed: f64,
    /// What the player has ahead.
    pub buffered: Duration,
    /// Holds so far that nobody in the room asked for.
    pub corrections: u32,
}

/// How the own player followed in the last minute, from every measurement of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinuteStatus {
    /// The largest drift of the last second; positive is ahead. None while it does not play.
    pub drift: Option<MediaTime>,
    /// The median of the drift's size.
    pub p50: Option<Duration>,
    /// The 95th percentile of the same.
    pub p95: Option<Duration>,
    /// The largest of the same.
    pub worst: Option<Duration>,
    /// Holds that nobody in the room asked for.
    pub corrections: usize,
    /// How often the room went elsewhere.
    pub seeks: usize,
    /// How often the player ran dry.
    pub stalls: usize,
}
