//! The state of a running client, as it is told to programs.

use serde::{Deserialize, Serialize};
use watchtogether_protocol::message::removal::Ban;

use crate::control::stamp;

/// How a client stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// [`VERSION`](super::VERSION).
    pub v: u32,
    /// The client's process.
    pub pid: u32,
    /// The server as it was typed: `HOST:PORT`.
    pub server: String,
    /// The link to it.
    pub link: LinkStatus,
    /// The room, once the client was in one.
    pub room: Option<RoomStatus>,
    /// The item that is on.
    pub item: Option<ItemStatus>,
    /// Where the room is.
    pub playback: Option<PlaybackStatus>,
    /// The client's player.
    pub player: PlayerStatus,
    /// How it follows.
    pub sync: SyncStatus,
    /// Who is in the room, in the order of their coming.
    pub members: Vec<MemberStatus>,
}

/// The link to the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkStatus {
    /// `connecting`, `joining`, `up`, `silent`, `lost`, `waiting`, `reconnecting`, `paused_here` or `closed`.
    pub state: String,
    /// Why it is not up, where that is known.
    pub reason: Option<String>,
    /// The usual round trip, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// How wrong the clock comparison can be by an unequal path, in milliseconds.
    pub clock_bound_ms: Option<f64>,
}

/// The room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomStatus {
    /// Its name.
    pub name: String,
    /// The name of this client's member.
    pub you: String,
    /// Who controls it.
    pub host: Option<String>,
    /// Its policy for a player that runs dry: `wait` or `go_on`.
    pub on_stall: String,
    /// Whether it outlives its server: `saved`, `failing` where the disk takes nothing at present, or `none`.
    #[serde(default)]
    pub storage: String,
    /// How many members are ready; `None` without a connection.
    #[serde(default)]
    pub ready: Option<usize>,
    /// Of how many that watch: all but those who have no player by choice.
    #[serde(default)]
    pub watching: Option<usize>,
    /// Who may not come in, oldest first; told to who controls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bans: Vec<BanStatus>,
    /// The invite that lets others in; `None` for members who do not control the room.
    #[serde(default)]
    pub invite: Option<String>,
}

/// Somebody who may not come in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanStatus {
    /// The name that they had.
    pub name: String,
    /// When it ends by itself: RFC 3339 in UTC.
    pub until: String,
}

impl BanStatus {
    /// Returns a ban in the socket's words.
    pub fn of(ban: &Ban) -> Self {
        Self {
            name: ban.name.to_string(),
            until: stamp::rfc3339(ban.until),
        }
    }
}

/// The item that is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStatus {
    /// Its title.
    pub title: String,
    /// `file` or `link`.
    pub kind: String,
    /// The link.
    pub url: Option<String>,
    /// How long it is, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Whether a player has found it to be live: it has no end.
    pub live: bool,
}

/// Where the room is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaybackStatus {
    /// `playing`, `paused` or `preparing`.
    pub state: String,
    /// The position now, in milliseconds.
    pub position_ms: i64,
    /// The room's speed.
    pub rate: f64,
    /// For whom the room waits.
    pub waiting_for: Vec<String>,
}

/// The client's player.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerStatus {
    /// `none` (by choice), `closed`, `idle` (nothing is on), `searching`, `no_copy`, `loading`, `following`, `catching_up`,
    /// `detached`, `buffering`, `ended` (the copy ended before the room's position), `too_slow`, `not_responding` or `failed`.
    pub state: String,
    /// How the client's copy compares with the room's item: `unknown`, `same`, `other`, `growing`, `live` or `missing`.
    pub file: String,
    /// More about the state and the copy.
    #[serde(flatten)]
    pub details: WatchDetails,
    /// Its buffer ahead, in milliseconds.
    pub buffered_ms: u64,
}

/// Details of the state of a player and of its copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchDetails {
    /// Whether the player is where the room is, standing or playing.
    #[serde(default)]
    pub ready: bool,
    /// Whether a start waits for it.
    #[serde(default)]
    pub waited_for: bool,
    /// `buffering`: 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// `searching`: the folders so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folders: Option<u32>,
    /// `catching_up`: room minus player in milliseconds, rounded to seconds; negative is ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind_ms: Option<i64>,
    /// `ended`: the end of the copy, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at_ms: Option<i64>,
    /// `failed`: `unreadable`, `not_a_film`, `crashed` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// An `other` file: its duration minus the room's, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longer_by_ms: Option<i64>,
}

/// How the client's player follows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// In one word: `off`, `comparing`, `loading`, `standing`, `catching`, `settling` (plays, and is not known to be where the room
    /// is), `playing` (with the room), `buffering` or `too_slow`.
    pub state: String,
    /// Player minus room, in milliseconds; positive is ahead.
    pub drift_ms: Option<f64>,
    /// The size that nearly all drifts of the last 2 s stay below, in milliseconds.
    #[serde(default)]
    pub spread_ms: Option<f64>,
    /// The median of the drift's size over the last 10 s.
    pub drift_p50_ms: Option<f64>,
    /// The 95th percentile of the same.
    pub drift_p95_ms: Option<f64>,
    /// The speed that the player was told to play at.
    pub speed: f64,
    /// Holds so far that nobody asked for.
    pub corrections: u32,
}

/// A member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberStatus {
    /// Their name.
    pub name: String,
    /// `host`, `co_host` or `viewer`.
    pub role: String,
    /// `up`, `silent` or `lost`; `unknown` without a connection of our own.
    pub link: String,
    /// As in [`PlayerStatus::state`].
    pub player: String,
    /// As in [`PlayerStatus::file`].
    pub file: String,
    /// More about the state and the copy.
    #[serde(flatten)]
    pub details: WatchDetails,
    /// Whether their player is measured to play where the room is.
    #[serde(default)]
    pub in_sync: bool,
    /// Their usual round trip, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// Their drift, in milliseconds.
    pub drift_ms: Option<f64>,
    /// The median of their drift's size over 10 s, in milliseconds.
    pub drift_p50_ms: Option<f64>,
    /// The 95th percentile of the same.
    pub drift_p95_ms: Option<f64>,
    /// The largest of the same.
    pub drift_worst_ms: Option<f64>,
    /// The speed that their player was told, against the room's rate: 1.0005 is 500 ppm faster.
    pub speed: Option<f64>,
    /// How wrong their clock comparison can be by an unequal path, in milliseconds.
    pub clock_bound_ms: Option<f64>,
    /// Corrections of their player so far, and for how long its film stood for the last.
    pub corrections: Option<u32>,
    /// In milliseconds.
    pub last_freeze_ms: Option<u32>,
    /// Their player's buffer ahead, in milliseconds.
    pub buffered_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_of_a_later_version_with_more_fields_is_still_read() {
        let mut value = serde_json::to_value(Status::default()).expect("plain structures");
        value["mood"] = serde_json::json!("good");

        assert!(serde_json::from_value::<Status>(value).is_ok());
    }
}
