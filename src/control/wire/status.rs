//! The state of a running client, as it is sent to programs.

use serde::{Deserialize, Serialize};
use watchtogether_protocol::message::removal::Ban;

use crate::control::stamp;

/// The status of a client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatusJson {
    /// The version, [`VERSION`](super::VERSION).
    pub v: u32,
    /// The client's process id.
    pub pid: u32,
    /// The server as it was typed: `HOST:PORT`.
    pub server: String,
    /// The connection to the server.
    pub link: LinkJson,
    /// The room, once the client has entered one.
    pub room: Option<RoomJson>,
    /// The current item.
    pub item: Option<ItemJson>,
    /// The room's playback.
    pub playback: Option<PlaybackJson>,
    /// The client's player.
    pub player: PlayerJson,
    /// How well the client's player is in sync.
    pub sync: SyncJson,
    /// The members, in the order in which they entered.
    pub members: Vec<MemberJson>,
}

/// The connection to the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkJson {
    /// `connecting`, `joining`, `up`, `silent`, `lost`, `waiting`, `reconnecting`, `paused_here` or `closed`.
    pub state: String,
    /// Why there is no connection, if known.
    pub reason: Option<String>,
    /// The median round trip, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// The largest error of the clock comparison that an asymmetric path can cause, in milliseconds.
    pub clock_bound_ms: Option<f64>,
}

/// The room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomJson {
    /// The room's name.
    pub name: String,
    /// The room's title, if it has one besides its name.
    #[serde(default)]
    pub title: Option<String>,
    /// The name of this client's member.
    pub you: String,
    /// The host's name.
    pub host: Option<String>,
    /// The policy for a player that runs out of data: `wait` or `go_on`.
    pub on_stall: String,
    /// Whether the room survives a restart of the server: `saved`, `failing` if the disk cannot be written at present, or `none`.
    #[serde(default)]
    pub storage: String,
    /// The number of members who are ready; `None` without a connection.
    #[serde(default)]
    pub ready: Option<usize>,
    /// The number of members who watch: all except those without a player by choice.
    #[serde(default)]
    pub watching: Option<usize>,
    /// The bans, oldest first; sent to hosts and co-hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bans: Vec<BanJson>,
    /// The invite; `None` if this member does not know the secret that admits others.
    #[serde(default)]
    pub invite: Option<String>,
}

/// Somebody who is banned from the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BanJson {
    /// The banned member's name.
    pub name: String,
    /// When the ban expires: RFC 3339 in UTC.
    pub until: String,
}

impl BanJson {
    /// Returns a ban as the socket's type.
    pub fn of(ban: &Ban) -> Self {
        Self {
            name: ban.name.to_string(),
            until: stamp::rfc3339(ban.until),
        }
    }
}

/// The current item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemJson {
    /// The item's title.
    pub title: String,
    /// `file` or `link`.
    pub kind: String,
    /// The link.
    pub url: Option<String>,
    /// The length, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Whether the item was found to be live, without an end.
    pub live: bool,
}

/// The room's playback.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaybackJson {
    /// `playing`, `paused` or `preparing`.
    pub state: String,
    /// The present position, in milliseconds.
    pub position_ms: i64,
    /// The room's speed.
    pub rate: f64,
    /// The members that the room waits for; empty if they are more than eight.
    pub waiting_for: Vec<String>,
    /// The number of members that the room waits for.
    pub waiting_for_count: u32,
}

/// The client's player.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerJson {
    /// `none` (by choice), `closed`, `idle` (there is no item), `searching`, `no_copy`, `loading`, `following`, `catching_up`,
    /// `detached`, `buffering`, `ended` (the copy ended before the room's position), `too_slow`, `not_responding` or `failed`.
    pub state: String,
    /// How the client's copy compares with the room's item: `unknown`, `same`, `other`, `growing`, `live` or `missing`.
    pub file: String,
    /// Details of the state and the copy.
    #[serde(flatten)]
    pub details: WatchDetails,
    /// How much is buffered ahead, in milliseconds.
    pub buffered_ms: u64,
}

/// Details of the state of a player and of its copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchDetails {
    /// Whether the player is where the room is, paused or playing.
    #[serde(default)]
    pub ready: bool,
    /// Whether the room waits for the player.
    #[serde(default)]
    pub waited_for: bool,
    /// `buffering`: 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// `searching`: the number of folders so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folders: Option<u32>,
    /// `catching_up`: room minus player in milliseconds, rounded to seconds; negative if the player is ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind_ms: Option<i64>,
    /// `ended`: the length of the copy, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at_ms: Option<i64>,
    /// `failed`: `unreadable`, `not_a_film`, `crashed` or `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// For an `other` file: its duration minus the item's, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longer_by_ms: Option<i64>,
}

/// How well the client's player is in sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncJson {
    /// The summary: `off`, `comparing`, `loading`, `standing`, `catching`, `settling` (plays, and not yet measured to be in
    /// sync), `playing` (with the room), `buffering` or `too_slow`.
    pub state: String,
    /// Player minus room, in milliseconds; positive is ahead.
    pub drift_ms: Option<f64>,
    /// The size below which nearly all drifts of the last 2 s lie, in milliseconds.
    #[serde(default)]
    pub spread_ms: Option<f64>,
    /// The median of the drift's absolute value over the last 10 s.
    pub drift_p50_ms: Option<f64>,
    /// The 95th percentile of the drift's absolute value over the last 10 s.
    pub drift_p95_ms: Option<f64>,
    /// The speed that the player is set to.
    pub speed: f64,
    /// The number of corrections so far by holding the film.
    pub corrections: u32,
}

/// A member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberJson {
    /// The member's name.
    pub name: String,
    /// `host`, `co_host` or `viewer`.
    pub role: String,
    /// `up`, `silent` or `lost`; `unknown` while this client has no connection.
    pub link: String,
    /// The player's state, as in [`PlayerJson::state`].
    pub player: String,
    /// The copy, as in [`PlayerJson::file`].
    pub file: String,
    /// Details of the state and the copy.
    #[serde(flatten)]
    pub details: WatchDetails,
    /// Whether the player is measured to be where the room is.
    #[serde(default)]
    pub in_sync: bool,
    /// The median round trip, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// The drift, in milliseconds.
    pub drift_ms: Option<f64>,
    /// The median of the drift's absolute value over 10 s, in milliseconds.
    pub drift_p50_ms: Option<f64>,
    /// The 95th percentile of the drift's absolute value over 10 s, in milliseconds.
    pub drift_p95_ms: Option<f64>,
    /// The largest absolute value of the drift over 10 s, in milliseconds.
    pub drift_worst_ms: Option<f64>,
    /// The speed that the player is set to, relative to the room's rate: 1.0005 is 500 ppm faster.
    pub speed: Option<f64>,
    /// The largest error of the clock comparison that an asymmetric path can cause, in milliseconds.
    pub clock_bound_ms: Option<f64>,
    /// The number of corrections so far.
    pub corrections: Option<u32>,
    /// How long the last correction paused the film, in milliseconds.
    pub last_freeze_ms: Option<u32>,
    /// How much the player has buffered ahead, in milliseconds.
    pub buffered_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_of_a_later_version_with_more_fields_is_still_read() {
        let mut value = serde_json::to_value(StatusJson::default()).expect("plain structures");
        value["mood"] = serde_json::json!("good");

        assert!(serde_json::from_value::<StatusJson>(value).is_ok());
    }
}
