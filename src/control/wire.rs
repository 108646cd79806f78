//! The words of the control socket: plain structures, a line of JSON each, the same for every program that speaks them.
//!
//! A client writes one [`RequestLine`] and reads one [`ReplyLine`], as often as it likes; after [`Request::Events`] it
//! reads one [`Event`] per line until either end closes. Fields may be added within version 1; who reads must ignore
//! what it does not know.

use serde::{Deserialize, Serialize};
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::time::WallTime;

use crate::exit::{Failure, FailureKind};

/// The version that every line carries.
pub const VERSION: u32 = 1;

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestLine {
    /// [`VERSION`].
    pub v: u32,
    /// What is wanted.
    #[serde(flatten)]
    pub request: Request,
}

/// What a client wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// How things stand.
    Status,
    /// To say something in the room.
    Send {
        /// What; line breaks stay.
        text: String,
    },
    /// To move the room or the own player.
    Ctl(Action),
    /// To be told what happens, until the connection ends.
    Events {
        /// Only these types; all where empty.
        #[serde(default)]
        types: Vec<String>,
    },
}

/// What `ctl` can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Play on, for everybody.
    Play,
    /// Pause, for everybody.
    Pause,
    /// Play or pause, whichever it is not.
    Toggle,
    /// Go to another position, for everybody.
    Seek(SeekTarget),
    /// Play at another speed, for everybody.
    Speed {
        /// How fast: 0.25 to 4.
        rate: f64,
    },
    /// Take back what was done to all last.
    Undo,
    /// Hand the room to another member.
    Host {
        /// Their name.
        name: String,
    },
    /// Take a member's seat away.
    Kick {
        /// Their name.
        name: String,
    },
    /// Take a member's seat away and keep them out.
    Ban {
        /// Their name.
        name: String,
    },
    /// Let somebody in again who was banned.
    Unban {
        /// Their name.
        name: String,
    },
    /// Go on without those that the room waits for.
    GoOn,
    /// Change what the room does when a member's player runs dry.
    OnStall {
        /// What.
        policy: Stall,
    },
    /// Put on a file of this machine, or a link.
    Open {
        /// An absolute path, an http(s) URL, or a `file://` URL: whose percent escapes hold any path, UTF-8 or not.
        target: String,
    },
    /// Bring the own player to where the room is, now.
    Sync,
    /// Open the own player again.
    Reopen,
    /// Try to reach the server now.
    Retry,
    /// Leave the room and end the client.
    Quit,
}

/// Where to go: `"to_ms"` or `"by_ms"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeekTarget {
    /// To a position, in milliseconds from the beginning.
    #[serde(rename = "to_ms")]
    To(i64),
    /// By a distance in milliseconds; back where negative.
    #[serde(rename = "by_ms")]
    By(i64),
}

/// What a room does when a member's player runs dry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stall {
    /// Waits for it, for a while.
    Wait,
    /// Goes on.
    GoOn,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplyLine {
    /// [`VERSION`].
    pub v: u32,
    /// Whether it was done.
    pub ok: bool,
    /// How things stand, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Box<Status>>,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
}

/// What a request comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It was done.
    Done,
    /// How things stand.
    Status(Box<Status>),
}

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The word for programs, of [`FailureKind::code`].
    pub code: String,
    /// The words for people.
    pub message: String,
    /// What to try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.kind.code().to_owned(),
            message: failure.message,
            hint: failure.hint,
        }
    }
}

/// The one place where a word becomes a kind again.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let failure = match FailureKind::of_code(&problem.code) {
            Some(kind) => Self::new(kind, problem.message),
            // A word of a later version.
            None => Self::new(FailureKind::Failed, problem.message).detail(problem.code),
        };
        match problem.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<Result<Answer, Failure>> for ReplyLine {
    fn from(result: Result<Answer, Failure>) -> Self {
        let (status, error) = match result {
            Ok(Answer::Done) => (None, None),
            Ok(Answer::Status(status)) => (Some(status), None),
            Err(failure) => (None, Some(failure.into())),
        };
        Self {
            v: VERSION,
            ok: error.is_none(),
            status,
            error,
        }
    }
}

/// How a client stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// [`VERSION`].
    pub v: u32,
    /// The client's process.
    pub pid: u32,
    /// The server as it was typed: `HOST:PORT`.
    pub server: String,
    /// The link to it.
    pub link: LinkStatus,
    /// The room, once the client was in one.
    pub room: Option<RoomStatus>,
    /// What is on.
    pub item: Option<ItemStatus>,
    /// Where the room is.
    pub playback: Option<PlaybackStatus>,
    /// The own player.
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
    /// What it is called.
    pub name: String,
    /// What the own member is called.
    pub you: String,
    /// Who controls it.
    pub host: Option<String>,
    /// What it does when a player runs dry: `wait` or `go_on`.
    pub on_stall: String,
    /// What becomes of it with its server: `saved`, `failing` where the disk takes nothing at present, or `none`.
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
    /// What they were called.
    pub name: String,
    /// When it ends by itself: RFC 3339 in UTC.
    pub until: String,
}

impl BanStatus {
    /// Returns a ban in the socket's words.
    pub fn of(ban: &Ban) -> Self {
        Self {
            name: ban.name.to_string(),
            until: super::stamp::rfc3339(ban.until),
        }
    }
}

/// What is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStatus {
    /// What people call it.
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

/// The own player.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerStatus {
    /// `none` (by choice), `closed`, `idle` (nothing is on), `searching`, `no_copy`, `loading`, `following`, `catching_up`,
    /// `detached`, `buffering`, `ended` (the copy ended before the room's position), `too_slow`, `not_responding` or `failed`.
    pub state: String,
    /// How the own copy compares with the room's item: `unknown`, `same`, `other`, `growing`, `live` or `missing`.
    pub file: String,
    /// More about the state and the copy.
    #[serde(flatten)]
    pub details: WatchDetails,
    /// What it has ahead, in milliseconds.
    pub buffered_ms: u64,
}

/// What goes with the state of a player and of its copy.
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

/// How the own player follows.
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
    /// What they are called.
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
    /// What their player has ahead, in milliseconds.
    pub buffered_ms: Option<u64>,
}

/// Something that happened: one line of `events --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// [`VERSION`].
    pub v: u32,
    /// When, by the room's wall clock, or this machine's before there is a room: RFC 3339 in UTC with milliseconds.
    pub t: String,
    /// In which room, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// What.
    #[serde(flatten)]
    pub body: EventBody,
}

impl Event {
    /// Returns an event of an instant.
    pub fn new(at: WallTime, room: Option<String>, body: EventBody) -> Self {
        Self {
            v: VERSION,
            t: super::stamp::rfc3339(at),
            room,
            body,
        }
    }
}

/// What happened. Positions and times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// Somebody said something.
    Chat {
        /// Who.
        user: String,
        /// Where their film was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_ms: Option<i64>,
        /// What.
        text: String,
    },
    /// Somebody came in.
    Join {
        /// Who.
        user: String,
    },
    /// Somebody is gone.
    Leave {
        /// Who.
        user: String,
        /// Why: `left`, `link_lost`, `disconnected`, `kicked` or `banned`.
        reason: String,
        /// Whose act it was, where it was another's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// Somebody may do other things than before.
    Role {
        /// Who.
        user: String,
        /// `host`, `co_host` or `viewer`.
        role: String,
    },
    /// The room plays.
    Play {
        /// Whose act it was, where it was anybody's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// From where.
        media_ms: i64,
    },
    /// The room stands.
    Pause {
        /// Whose act it was, where it was anybody's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// Where.
        media_ms: i64,
    },
    /// The room went elsewhere.
    Seek {
        /// Whose act it was, where it was anybody's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// Where to.
        media_ms: i64,
    },
    /// The room plays at another speed.
    Speed {
        /// Whose act it was, where it was anybody's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// How fast.
        rate: f64,
    },
    /// Somebody took back what was done to all last, or did it again. What the room does now is told by an event of its own.
    Undo {
        /// Who.
        user: String,
        /// Whose act it was.
        author: String,
        /// Whether that was an undo itself: then it was done again.
        again: bool,
    },
    /// The room waits for members; for nobody any more where empty.
    Wait {
        /// For whom.
        users: Vec<String>,
    },
    /// Another item is on.
    Item(ItemStatus),
    /// How the own player follows is different.
    Sync {
        /// In one word.
        state: String,
    },
    /// How every member follows, once a second while the room plays; told only to whom names this type.
    Telemetry {
        /// Everybody, in the order of their coming.
        members: Vec<MemberStatus>,
        /// For whom the room waits.
        waiting_for: Vec<String>,
    },
    /// Other members may not come in than before; told to who controls the room.
    Bans {
        /// Who may not, oldest first.
        bans: Vec<BanStatus>,
    },
    /// The server's disk takes nothing of what is said and done, or takes it again.
    Storage {
        /// `failing` or `saved`.
        state: String,
    },
    /// A player is in another state.
    Player {
        /// Whose.
        user: String,
        /// As in [`PlayerStatus::state`], or `closed`, `gone`, `no_copy`.
        state: String,
        /// What is known beyond that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The link to the server is another.
    Link {
        /// As in [`LinkStatus::state`].
        state: String,
        /// Why, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Something was refused or went wrong.
    Error(Problem),
    /// The reader was too slow: so many events before this one are missing.
    Gap {
        /// How many.
        missed: u64,
    },
}

impl EventBody {
    /// The types that there are.
    pub const TYPES: [&'static str; 19] = [
        "chat",
        "join",
        "leave",
        "role",
        "play",
        "pause",
        "seek",
        "speed",
        "undo",
        "wait",
        "item",
        "sync",
        "telemetry",
        "bans",
        "storage",
        "player",
        "link",
        "error",
        "gap",
    ];

    /// Returns whether somebody who wants these types, or all where none are named, is told such an event.
    pub fn is_wanted(&self, types: &[String]) -> bool {
        if types.is_empty() {
            return !matches!(self, Self::Telemetry { .. });
        }
        types.iter().any(|wanted| wanted == self.kind())
    }

    /// Returns the event's type, as it stands on its line.
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

    fn line(request: Request) -> String {
        serde_json::to_string(&RequestLine { v: VERSION, request }).expect("plain structures")
    }

    #[test]
    fn requests_are_written_as_documented() {
        assert_eq!(line(Request::Status), r#"{"v":1,"request":"status"}"#);
        assert_eq!(
            line(Request::Ctl(Action::Seek(SeekTarget::By(-10_000)))),
            r#"{"v":1,"request":"ctl","action":"seek","by_ms":-10000}"#
        );
        assert_eq!(
            line(Request::Ctl(Action::GoOn)),
            r#"{"v":1,"request":"ctl","action":"go_on"}"#
        );
        assert_eq!(
            line(Request::Send {
                text: "a\nb".to_owned()
            }),
            r#"{"v":1,"request":"send","text":"a\nb"}"#
        );
    }

    #[test]
    fn requests_come_back_from_their_line() {
        let all = [
            Request::Status,
            Request::Events {
                types: vec!["chat".to_owned()],
            },
            Request::Ctl(Action::Seek(SeekTarget::To(90_000))),
            Request::Ctl(Action::Speed { rate: 1.25 }),
            Request::Ctl(Action::OnStall { policy: Stall::GoOn }),
            Request::Ctl(Action::Host {
                name: "bo".to_owned(),
            }),
        ];
        for request in all {
            let read: RequestLine = serde_json::from_str(&line(request.clone())).expect("own line");

            assert_eq!(read.request, request);
        }
    }

    #[test]
    fn a_seek_without_a_target_is_no_request() {
        assert!(serde_json::from_str::<RequestLine>(r#"{"v":1,"request":"ctl","action":"seek"}"#).is_err());
        assert!(serde_json::from_str::<RequestLine>(r#"{"v":1,"request":"dance"}"#).is_err());
    }

    #[test]
    fn an_event_is_one_flat_object_with_its_type() {
        let event = Event::new(
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
        assert_eq!(serde_json::from_str::<Event>(&line).ok(), Some(event));
    }

    #[test]
    fn each_type_stands_on_its_line() {
        let bodies = [
            EventBody::Gap { missed: 3 },
            EventBody::Item(ItemStatus::default()),
            EventBody::Error(Failure::from(Refusal::NotHost).into()),
            EventBody::Wait { users: Vec::new() },
            EventBody::Bans { bans: Vec::new() },
        ];
        for body in bodies {
            let kind = body.kind();
            let value = serde_json::to_value(Event::new(WallTime(0), None, body)).expect("plain structures");

            assert_eq!(value["type"], kind);
            assert!(EventBody::TYPES.contains(&kind));
        }
    }

    #[test]
    fn telemetry_is_told_only_to_whom_names_it() {
        let telemetry = EventBody::Telemetry {
            members: Vec::new(),
            waiting_for: Vec::new(),
        };

        assert!(!telemetry.is_wanted(&[]));
        assert!(telemetry.is_wanted(&["chat".to_owned(), "telemetry".to_owned()]));
        assert!(EventBody::Gap { missed: 1 }.is_wanted(&[]));
    }

    #[test]
    fn an_answer_says_whether_it_was_done_and_why_not() {
        let done = serde_json::to_string(&ReplyLine::from(Ok(Answer::Done))).expect("plain structures");
        let refused = ReplyLine::from(Err(Failure::new(
            Refusal::NotHost.into(),
            "only the host can do that",
        )
        .hint("ask ana")));

        assert_eq!(done, r#"{"v":1,"ok":true}"#);
        assert_eq!(
            serde_json::to_string(&refused).expect("plain structures"),
            r#"{"v":1,"ok":false,"error":{"code":"not_host","message":"only the host can do that","hint":"ask ana"}}"#
        );
    }

    #[test]
    fn a_failure_of_every_kind_is_the_same_after_the_socket() {
        for kind in FailureKind::all() {
            let sent = Failure::new(kind, "words").hint("a hint");

            let line = serde_json::to_string(&Problem::from(sent)).expect("plain structures");
            let read: Problem = serde_json::from_str(&line).expect("own line");
            let heard = Failure::from(read);

            assert_eq!((heard.kind, heard.exit()), (kind, kind.exit()));
            assert_eq!(
                (heard.message.as_str(), heard.hint.as_deref()),
                ("words", Some("a hint"))
            );
        }
    }

    #[test]
    fn a_word_of_a_later_version_is_a_failure_that_keeps_it() {
        let problem = Problem {
            code: "bored".to_owned(),
            message: "nothing happens here".to_owned(),
            hint: None,
        };

        let failure = Failure::from(problem);

        assert_eq!(failure.kind, FailureKind::Failed);
        assert_eq!(failure.details, ["bored"]);
    }

    #[test]
    fn a_status_of_a_later_version_with_more_fields_is_still_read() {
        let mut value = serde_json::to_value(Status::default()).expect("plain structures");
        value["mood"] = serde_json::json!("good");

        assert!(serde_json::from_value::<Status>(value).is_ok());
    }
}
