//! The values in the samples.

use uuid::Uuid;
use watchtogether_protocol::item::{FileMatch, Fingerprint};
use watchtogether_protocol::message::chat::{ChatLine, Saved};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, MemberSample, Telemetry};
use watchtogether_protocol::message::playback::{StallPolicy, VideoStateChanged};
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::{Entered, RoomSnapshot};
use watchtogether_protocol::message::roster::{Avatar, Member, MemberLink, PlayerState, Report, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, ChatId, Clean, Epoch, InviteToken, Item, ItemId, ItemSource, Length, LocalTime, MediaTime,
    MemberId, Playback, Rate, Revision, RoomId, ServerTime, Timeline, Token,
};

pub(crate) fn ping() -> ClockPing {
    ClockPing {
        sequence: 9,
        sent: LocalTime::from_nanos(1_234_567_890_123),
        revision: Revision(42),
        telemetry: telemetry(),
    }
}

pub(crate) fn pong() -> ClockPong {
    ClockPong {
        sequence: 9,
        sent: LocalTime::from_nanos(1_234_567_890_123),
        received: ServerTime::from_nanos(55_000_000_001),
        answered: ServerTime::from_nanos(55_000_020_002),
        digest: vec![
            MemberSample {
                member: MemberId(1),
                telemetry: telemetry(),
            },
            MemberSample {
                member: MemberId(2),
                telemetry: Telemetry::default(),
            },
        ],
    }
}

fn telemetry() -> Telemetry {
    Telemetry {
        drift_us: Some(-1_200),
        drift_p50_us: Some(900),
        drift_p95_us: Some(3_400),
        drift_worst_us: Some(5_100),
        speed_ppm: -480,
        rtt_us: 24_000,
        rtt_p95_us: 31_000,
        clock_bound_us: 12_000,
        buffered_ms: 12_000,
        corrections: 2,
        freeze_ms: 310,
        is_settled: true,
        is_typing: true,
    }
}

pub(crate) fn entered() -> Entered {
    Entered {
        you: MemberId(2),
        token: token(),
        invite: Some(InviteToken::from_bytes([0x5c; 10])),
        room: RoomSnapshot {
            id: RoomId(Uuid::from_bytes([0x1d; 16])),
            name: "movie-night".parse().expect("a room name"),
            host: Some(MemberId(1)),
            members: vec![host(), viewer()],
            item: Some((ItemId(4), file())),
            state: state(),
            settings: RoomSettings {
                on_stall: StallPolicy::Wait,
                title: Some("Movie night".parse().expect("a title")),
            },
            created: WallTime(1_700_000_000_000),
            last_active: WallTime(1_700_000_100_000),
        },
        chat: vec![chat_line()],
        chat_has_gap: true,
        now: ServerTime::from_nanos(56_000_000_000),
        wall: WallTime(1_700_000_200_000),
        undoable: Some(undoable()),
        chat_after: 76,
        saved: Some(Saved {
            chat: 77,
            is_failing: false,
        }),
        is_owner: true,
    }
}

pub(crate) fn ban() -> Ban {
    Ban {
        number: 7,
        name: "bo".parse().expect("a name"),
        until: WallTime(1_700_000_000_123),
    }
}

pub(crate) fn undoable() -> Undoable {
    Undoable {
        number: 44,
        by: MemberId(2),
        change: Change::Place {
            from: MediaTime::from_millis(71_500),
            to: MediaTime::from_millis(61_500),
        },
        undoes: None,
        left_ms: 59_000,
    }
}

fn host() -> Member {
    Member {
        id: MemberId(1),
        name: "Ana 🎬".parse().expect("a name"),
        avatar: avatar(),
        role: Role::Host,
        joined: WallTime(1_700_000_000_000),
        link: MemberLink::Up,
        report: Report {
            player: PlayerState::Following,
            file: FileMatch::Same,
        },
    }
}

pub(crate) fn viewer() -> Member {
    let name = "bo".parse().expect("a name");
    Member {
        id: MemberId(2),
        avatar: Avatar::of_name(&name),
        name,
        role: Role::Viewer,
        joined: WallTime(1_700_000_050_000),
        link: MemberLink::Up,
        report: report(),
    }
}

pub(crate) fn report() -> Report {
    Report {
        player: PlayerState::Buffering { percent: 12 },
        file: FileMatch::Other {
            longer_by: MediaTime::from_millis(-4_000),
        },
    }
}

pub(crate) fn avatar() -> Avatar {
    Avatar {
        glyph: Clean::line("👩\u{200d}🔬"),
        colour: 11,
    }
}

pub(crate) fn state() -> VideoStateChanged {
    VideoStateChanged {
        timeline: Timeline {
            epoch: epoch(),
            revision: Revision(42),
            item: ItemId(4),
            position: MediaTime::from_millis(61_500),
            at: ServerTime::from_nanos(55_123_456_789),
            rate: Rate::from_millionths(1_250_000).expect("in range"),
            playback: Playback::Preparing,
            cause: Cause {
                who: Some(MemberId(2)),
                reason: Reason::Waiting,
            },
        },
        waiting_for: [MemberId(2)].into_iter().collect(),
    }
}

pub(crate) fn chat_line() -> ChatLine {
    ChatLine {
        sequence: 78,
        id: chat_id(),
        from: MemberId(1),
        name: "Ana 🎬".parse().expect("a name"),
        text: Clean::text("wait\nwho is that?"),
        at: WallTime(1_700_000_060_000),
        position: Some(MediaTime::from_millis(61_234)),
    }
}

pub(crate) fn file() -> Item {
    Item {
        title: Clean::line("The Car (2024).mkv"),
        length: Length::Of(MediaTime::from_millis(5_400_000)),
        source: ItemSource::File {
            size: 1_234_567_890,
            fingerprint: Fingerprint([0xf1; 32]),
        },
    }
}

pub(crate) fn link() -> Item {
    Item {
        title: Clean::line("live"),
        length: Length::Live,
        source: ItemSource::Link("https://example.org/live?x=1".parse().expect("a link")),
    }
}

pub(crate) fn token() -> Token {
    Token::from_bytes([7; 32])
}

pub(crate) fn epoch() -> Epoch {
    Epoch {
        counter: 1,
        incarnation: 0xdead_beef_0000_0001,
    }
}

pub(crate) fn chat_id() -> ChatId {
    ChatId(Uuid::from_bytes([0xc4; 16]))
}
