//! The events of a running client.

use serde::{Deserialize, Serialize};
use watchtogether_protocol::time::WallTime;

use super::VERSION;
use super::reply::Problem;
use super::status::{BanJson, ItemJson, MemberJson};
use crate::control::stamp;

/// An event: one line of `events --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventLine {
    /// The version, [`VERSION`].
    pub v: u32,
    /// The time: RFC 3339 in UTC with milliseconds, by the room's wall clock, or by this machine's before there is a room.
    pub t: String,
    /// The room's name, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The event.
    #[serde(flatten)]
    pub body: EventBody,
}

impl EventLine {
    /// Returns an event at a time.
    pub fn new(at: WallTime, room: Option<String>, body: EventBody) -> Self {
        Self {
            v: VERSION,
            t: stamp::rfc3339(at),
            room,
            body,
        }
    }
}

/// The kind of an event, with its data. Positions and times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// Somebody sent a chat message.
    Chat {
        /// The name of the member.
        user: String,
        /// The position of their film.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_ms: Option<i64>,
        /// The text of the line.
        text: String,
    },
    /// A member entered.
    Join {
        /// The name of the member.
        user: String,
    },
    /// A member is gone.
    Leave {
        /// The name of the member.
        user: String,
        /// The reason: `left`, `link_lost`, `disconnected`, `kicked` or `banned`.
        reason: String,
        /// The member who caused it, if it was another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A member's role changed.
    Role {
        /// The name of the member.
        user: String,
        /// `host`, `co_host` or `viewer`.
        role: String,
    },
    /// The room plays, or will as soon as all awaited members are ready. Not sent when it continues by itself after a seek or a
    /// wait.
    Play {
        /// The member who caused it, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The position from which it plays.
        media_ms: i64,
    },
    /// The room is paused: somebody paused it, or the film ended.
    Pause {
        /// The member who caused it, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The position at which it is paused.
        media_ms: i64,
    },
    /// Somebody seeked. Whether the room plays did not change.
    Seek {
        /// The member who caused it, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The new position.
        media_ms: i64,
    },
    /// The room plays at another speed.
    Speed {
        /// The member who caused it, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The new speed.
        rate: f64,
    },
    /// A setting of the room changed.
    Setting {
        /// The member who changed it, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The setting: `on_stall` or `title`.
        setting: String,
        /// Its value: `wait` or `go_on`; or the title, empty if the room has none.
        value: String,
    },
    /// A member undid or redid the last change. A further event reports the room's new state.
    Undo {
        /// The name of the member.
        user: String,
        /// The member who had made the change.
        author: String,
        /// The kind of the change: `seek`, `play`, `pause`, `speed`, `item`, `host`, `on_stall` or `title`.
        what: String,
        /// Whether the change was redone after an undo.
        again: bool,
    },
    /// The members that the room waits for; empty once there are none.
    Wait {
        /// The members' names; empty if they are more than eight.
        users: Vec<String>,
        /// The number of members.
        count: u32,
    },
    /// The item changed.
    Item(ItemJson),
    /// The summary of the player's sync changed.
    Sync {
        /// The summary.
        state: String,
    },
    /// How well every member is in sync, once a second while the room plays. Sent only to subscribers that ask for this type.
    Telemetry {
        /// All members, in the order in which they entered.
        members: Vec<MemberJson>,
        /// The members that the room waits for; empty if they are more than eight.
        waiting_for: Vec<String>,
        /// The number of members that the room waits for.
        waiting_for_count: u32,
    },
    /// The list of bans changed; sent to hosts and co-hosts.
    Bans {
        /// The bans, oldest first.
        bans: Vec<BanJson>,
    },
    /// The server stopped or resumed saving the room.
    Storage {
        /// `failing` or `saved`.
        state: String,
    },
    /// The state of a player changed.
    Player {
        /// The name of the member.
        user: String,
        /// The state, as in [`PlayerJson::state`](super::PlayerJson::state), or `closed`, `gone`, `no_copy`.
        state: String,
        /// A further description, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The state of the connection to the server changed.
    Link {
        /// The state, as in [`LinkJson::state`](super::LinkJson::state).
        state: String,
        /// The reason, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A request was refused or something failed.
    Error(Problem),
    /// The subscriber was too slow, and events before this one are missing.
    Gap {
        /// The number of missing events.
        missed: u64,
    },
}

impl EventBody {
    /// All types, each with a description.
    pub const TYPES: [(&'static str, &'static str); 20] = [
        ("chat", "a chat message"),
        ("join", "a member joined"),
        ("leave", "a member left or was removed, and why"),
        ("role", "a member's role changed, as with a new host"),
        ("play", "the room plays, or will when everyone is ready"),
        ("pause", "the room is paused"),
        ("seek", "the position changed, but not whether the room plays"),
        ("speed", "the speed changed"),
        ("setting", "a setting of the room changed, such as on_stall"),
        ("undo", "a change was undone; its effect is another event"),
        (
            "wait",
            "who the room waits for; users is empty once it stops waiting",
        ),
        ("item", "a film was started, or its length became known"),
        ("sync", "how this session's player follows, in one word"),
        ("telemetry", "how everyone follows, once a second; needs --type"),
        ("bans", "who is banned; only if you control the room"),
        ("storage", "whether the room and your seat can be saved"),
        ("player", "the state of a player or a copy changed"),
        ("link", "the state of the connection; closed is final"),
        ("error", "a request was refused, or something failed"),
        ("gap", "events are missing: the reader was too slow"),
    ];

    /// Returns whether there are events of a type.
    pub fn is_type(kind: &str) -> bool {
        Self::TYPES.iter().any(|(known, _)| *known == kind)
    }

    /// Returns whether a subscriber to these types, or to all types if the list is empty, receives this event.
    pub fn is_wanted(&self, types: &[String]) -> bool {
        if types.is_empty() {
            return !matches!(self, Self::Telemetry { .. });
        }
        types.iter().any(|wanted| wanted == self.kind())
    }

    /// Returns the event's type, as on its line.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Chat { .. } => "chat",
            Self::Join { .. } => "join",
            Self::Leave { .. } => "leave",
            Self::Role { .. } => "role",
            Self::Play { .. } => "play",
            Self::Pause { .. } => "pause",
            Self::Seek { .. } => "seek",
            Self::Speed { .. } => "speed",
            Self::Setting { .. } => "setting",
            Self::Undo { .. } => "undo",
            Self::Wait { .. } => "wait",
            Self::Item(_) => "item",
            Self::Sync { .. } => "sync",
            Self::Telemetry { .. } => "telemetry",
            Self::Bans { .. } => "bans",
            Self::Storage { .. } => "storage",
            Self::Player { .. } => "player",
            Self::Link { .. } => "link",
            Self::Error(_) => "error",
            Self::Gap { .. } => "gap",
        }
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::message::room::Refusal;

    use super::*;
    use crate::exit::Failure;

    #[test]
    fn an_event_is_one_flat_object_with_its_type() {
        let event = EventLine::new(
            WallTime(1_795_466_467_123),
            Some("movie-night".to_owned()),
            EventBody::Chat {
                user: "bo".to_owned(),
                media_ms: Some(2_451_000),
                text: "hi".to_owned(),
            },
        );

        let line = serde_json::to_string(&event).expect("plain structures");

        assert_eq!(
            line,
            r#"{"v":1,"t":"2026-11-23T20:41:07.123Z","room":"movie-night","type":"chat","user":"bo","media_ms":2451000,"text":"hi"}"#
        );
        assert_eq!(serde_json::from_str::<EventLine>(&line).ok(), Some(event));
    }

    #[test]
    fn each_type_is_found_on_its_line() {
        let bodies = [
            EventBody::Gap { missed: 3 },
            EventBody::Item(ItemJson::default()),
            EventBody::Error(Failure::from(Refusal::NotHost).into()),
            EventBody::Wait {
                users: Vec::new(),
                count: 0,
            },
            EventBody::Bans { bans: Vec::new() },
        ];
        for body in bodies {
            let kind = body.kind();
            let value =
                serde_json::to_value(EventLine::new(WallTime(0), None, body)).expect("plain structures");

            assert_eq!(value["type"], kind);
            assert!(EventBody::is_type(kind));
        }
    }

    #[test]
    fn telemetry_is_sent_only_to_those_who_name_it() {
        let telemetry = EventBody::Telemetry {
            members: Vec::new(),
            waiting_for: Vec::new(),
            waiting_for_count: 0,
        };

        assert!(!telemetry.is_wanted(&[]));
        assert!(telemetry.is_wanted(&["chat".to_owned(), "telemetry".to_owned()]));
        assert!(EventBody::Gap { missed: 1 }.is_wanted(&[]));
    }
}
