//! One or more values of every message, with fields that differ from each other, so that two swapped
//! fields or enum variants show in the bytes.

use uuid::Uuid;
use watchtogether_protocol::frame::{Frame, FrameReader};
use watchtogether_protocol::item::{FileMatch, Fingerprint};
use watchtogether_protocol::message::chat::{ChatHistory, ChatLine, Saved, SendChat};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, MemberSample, Telemetry};
use watchtogether_protocol::message::playback::{
    Action, GoOn, LengthChanged, Ready, SetLength, SetVideo, StallPolicy, VideoChanged, VideoStateChanged,
    VideoSync,
};
use watchtogether_protocol::message::removal::{Ban, Bans, Remove, Unban};
use watchtogether_protocol::message::room::{
    Access, Closing, ClosingReason, CreateRoom, Elsewhere, Entered, Hello, JoinRoom, Leave, Password,
    Refusal, Refused, Request, Resume, RoomChanged, RoomSnapshot, SetRoom, TransferHost, Welcome,
};
use watchtogether_protocol::message::roster::{
    Avatar, HostChangeReason, HostChanged, LeaveReason, Link, Member, PlayerState, Report, Role, UserChanged,
    UserJoined, UserLeft,
};
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, ChatId, Clean, ClientMessage, Epoch, InviteToken, Item, ItemId, ItemSource, Length, LocalTime,
    MediaTime, MemberId, OwnerKey, Pin, Playback, Rate, Revision, RoomId, ServerMessage, ServerTime,
    Timeline, Token, limits,
};

pub(crate) fn client_messages() -> Vec<(&'static str, ClientMessage)> {
    let sync = |action| {
        ClientMessage::VideoSync(VideoSync {
            based_on: Revision(41),
            action,
        })
    };
    vec![
        (
            "Hello",
            ClientMessage::Hello(Hello {
                name: "Ana 🎬".parse().expect("a name"),
                avatar: None,
                software: Clean::line("watchtogether 0.1.0"),
                owner: None,
            }),
        ),
        (
            "Hello with an avatar",
            ClientMessage::Hello(Hello {
                name: "bo".parse().expect("a name"),
                avatar: Some(avatar()),
                software: Clean::line("room-bot 2"),
                owner: Some(OwnerKey::from_bytes([0x0e; 32])),
            }),
        ),
        (
            "CreateRoom open",
            ClientMessage::CreateRoom(CreateRoom {
                room: Some("movie-night".parse().expect("a room name")),
                access: Access::Open,
                on_stall: StallPolicy::Wait,
                invite: None,
            }),
        ),
        (
            "CreateRoom by invite",
            ClientMessage::CreateRoom(CreateRoom {
                room: None,
                access: Access::Invite,
                on_stall: StallPolicy::GoOn,
                invite: None,
            }),
        ),
        (
            "CreateRoom by password",
            ClientMessage::CreateRoom(CreateRoom {
                room: None,
                access: Access::Password(Password("open sesame".to_owned())),
                on_stall: StallPolicy::Wait,
                invite: None,
            }),
        ),
        (
            "CreateRoom again by the same invite",
            ClientMessage::CreateRoom(CreateRoom {
                room: Some("movie-night".parse().expect("a room name")),
                access: Access::Invite,
                on_stall: StallPolicy::Wait,
                invite: Some(InviteToken::from_bytes([0x5c; 10])),
            }),
        ),
        (
            "JoinRoom by token",
            ClientMessage::JoinRoom(JoinRoom {
                room: "movie-night".parse().expect("a room name"),
                token: Some(InviteToken::from_bytes([0x5c; 10])),
                password: None,
            }),
        ),
        (
            "JoinRoom by password",
            ClientMessage::JoinRoom(JoinRoom {
                room: "r".parse().expect("a room name"),
                token: None,
                password: Some(Password("öffne dich".to_owned())),
            }),
        ),
        (
            "Resume",
            ClientMessage::Resume(Resume {
                token: token(),
                epoch: epoch(),
                last_chat: 77,
            }),
        ),
        ("Leave", ClientMessage::Leave(Leave {})),
        ("VideoSync play", sync(Action::Play)),
        (
            "VideoSync pause",
            sync(Action::Pause {
                position: MediaTime::from_millis(61_500),
            }),
        ),
        (
            "VideoSync seek",
            sync(Action::Seek {
                position: MediaTime::from_millis(3_600_000),
            }),
        ),
        (
            "VideoSync rate",
            sync(Action::SetRate {
                rate: Rate::from_millionths(1_250_000).expect("in range"),
            }),
        ),
        (
            "SetVideo file",
            ClientMessage::SetVideo(SetVideo {
                item: file(),
                position: MediaTime::ZERO,
            }),
        ),
        (
            "SetVideo link",
            ClientMessage::SetVideo(SetVideo {
                item: link(),
                position: MediaTime::from_millis(9_000),
            }),
        ),
        (
            "Chat",
            ClientMessage::Chat(SendChat {
                id: chat_id(),
                text: Clean::text("wait\nwho is that?"),
                position: Some(MediaTime::from_millis(61_234)),
            }),
        ),
        (
            "Ready",
            ClientMessage::Ready(Ready {
                revision: Revision(42),
            }),
        ),
        ("Report", ClientMessage::Report(report())),
        (
            "TransferHost",
            ClientMessage::TransferHost(TransferHost { to: MemberId(3) }),
        ),
        (
            "GoOn",
            ClientMessage::GoOn(GoOn {
                revision: Revision(43),
            }),
        ),
        (
            "SetRoom",
            ClientMessage::SetRoom(SetRoom {
                on_stall: StallPolicy::GoOn,
            }),
        ),
        (
            "Undo",
            ClientMessage::Undo(Undo {
                epoch: epoch(),
                number: 44,
            }),
        ),
        (
            "Remove",
            ClientMessage::Remove(Remove {
                member: MemberId(3),
                is_ban: true,
            }),
        ),
        ("Unban", ClientMessage::Unban(Unban { number: 5 })),
        (
            "SetLength",
            ClientMessage::SetLength(SetLength {
                id: ItemId(5),
                length: Length::Unknown,
            }),
        ),
    ]
}

pub(crate) fn server_messages() -> Vec<(&'static str, ServerMessage)> {
    vec![
        (
            "Welcome",
            ServerMessage::Welcome(Welcome {
                software: Clean::line("watchtogether 0.1.0"),
                observed: Clean::line("203.0.113.7:50000"),
            }),
        ),
        (
            "RoomCreated",
            ServerMessage::RoomCreated(Entered {
                chat: Vec::new(),
                ..entered()
            }),
        ),
        ("RoomJoined", ServerMessage::RoomJoined(entered())),
        (
            "UserJoined",
            ServerMessage::UserJoined(UserJoined { member: viewer() }),
        ),
        (
            "UserLeft",
            ServerMessage::UserLeft(UserLeft {
                id: MemberId(2),
                why: LeaveReason::LinkLost,
            }),
        ),
        (
            "UserLeft banned",
            ServerMessage::UserLeft(UserLeft {
                id: MemberId(2),
                why: LeaveReason::Banned { by: MemberId(1) },
            }),
        ),
        (
            "UserChanged",
            ServerMessage::UserChanged(UserChanged {
                member: Member {
                    role: Role::CoHost,
                    link: Link::Lost,
                    ..viewer()
                },
            }),
        ),
        (
            "HostChanged",
            ServerMessage::HostChanged(HostChanged {
                host: MemberId(2),
                why: HostChangeReason::HostLost,
            }),
        ),
        ("VideoStateChanged", ServerMessage::VideoStateChanged(state())),
        (
            "VideoChanged",
            ServerMessage::VideoChanged(VideoChanged {
                id: ItemId(5),
                item: link(),
                state: state(),
            }),
        ),
        ("Chat", ServerMessage::Chat(chat_line())),
        (
            "ChatHistory",
            ServerMessage::ChatHistory(ChatHistory {
                lines: vec![chat_line(), chat_line()],
            }),
        ),
        (
            "Refused",
            ServerMessage::Refused(Refused {
                request: Request::JoinRoom,
                why: Refusal::RateLimited,
                retry_after_ms: 1_500,
            }),
        ),
        (
            "Closing",
            ServerMessage::Closing(Closing {
                why: ClosingReason::ServerEnds,
            }),
        ),
        (
            "RoomChanged",
            ServerMessage::RoomChanged(RoomChanged {
                on_stall: StallPolicy::GoOn,
                by: MemberId(1),
            }),
        ),
        ("Undoable", ServerMessage::Undoable(undoable())),
        (
            "Undoable by an undo",
            ServerMessage::Undoable(Undoable {
                change: Change::Host { host: MemberId(3) },
                undoes: Some(Undone {
                    author: MemberId(1),
                    was_undo: true,
                }),
                ..undoable()
            }),
        ),
        (
            "Saved",
            ServerMessage::Saved(Saved {
                chat: 300,
                is_failing: true,
            }),
        ),
        ("Bans", ServerMessage::Bans(Bans { bans: vec![ban()] })),
        (
            "LengthChanged",
            ServerMessage::LengthChanged(LengthChanged {
                id: ItemId(5),
                length: Length::Of(MediaTime::from_millis(5_400_000)),
            }),
        ),
        (
            "Elsewhere",
            ServerMessage::Elsewhere(Elsewhere {
                address: "[2001:db8::7]:7844".parse().expect("an address"),
                pin: Pin::from_bytes([0xab; 16]),
            }),
        ),
    ]
}

/// Returns one of the client's messages by its name here.
pub(crate) fn client_sample(name: &str) -> Option<ClientMessage> {
    let mut samples = client_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

/// Returns one of the server's messages by its name here.
pub(crate) fn server_sample(name: &str) -> Option<ServerMessage> {
    let mut samples = server_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

/// Returns a frame as it would come from the wire.
pub(crate) fn frame(kind: u16, payload: Vec<u8>) -> Frame {
    Frame {
        kind,
        flags: 0,
        payload: payload.into(),
    }
}

/// Returns the one frame that the bytes are.
pub(crate) fn frame_of(bytes: &[u8]) -> Frame {
    let mut reader = FrameReader::new(limits::SERVER_FRAME_BYTES);
    reader.push(bytes);
    reader
        .next_frame()
        .expect("within the limit")
        .expect("a whole frame")
}

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

fn entered() -> Entered {
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
            on_stall: StallPolicy::Wait,
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

fn undoable() -> Undoable {
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
        link: Link::Up,
        report: Report {
            player: PlayerState::Following,
            file: FileMatch::Same,
        },
    }
}

fn viewer() -> Member {
    let name = "bo".parse().expect("a name");
    Member {
        id: MemberId(2),
        avatar: Avatar::of_name(&name),
        name,
        role: Role::Viewer,
        joined: WallTime(1_700_000_050_000),
        link: Link::Up,
        report: report(),
    }
}

fn report() -> Report {
    Report {
        player: PlayerState::Buffering { percent: 12 },
        file: FileMatch::Other {
            longer_by: MediaTime::from_millis(-4_000),
        },
    }
}

fn avatar() -> Avatar {
    Avatar {
        glyph: Clean::line("👩\u{200d}🔬"),
        colour: 11,
    }
}

fn state() -> VideoStateChanged {
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
        waiting_for: vec![MemberId(2)],
    }
}

fn chat_line() -> ChatLine {
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

fn file() -> Item {
    Item {
        title: Clean::line("The Car (2024).mkv"),
        length: Length::Of(MediaTime::from_millis(5_400_000)),
        source: ItemSource::File {
            size: 1_234_567_890,
            fingerprint: Fingerprint([0xf1; 32]),
        },
    }
}

fn link() -> Item {
    Item {
        title: Clean::line("live"),
        length: Length::Live,
        source: ItemSource::Link("https://example.org/live?x=1".parse().expect("a link")),
    }
}

fn token() -> Token {
    Token::from_bytes([7; 32])
}

fn epoch() -> Epoch {
    Epoch {
        counter: 1,
        incarnation: 0xdead_beef_0000_0001,
    }
}

fn chat_id() -> ChatId {
    ChatId(Uuid::from_bytes([0xc4; 16]))
}
