//! One or more samples of every message. Their fields differ from each other, so that swapped fields or enum variants change the
//! bytes.

mod values;

use watchtogether_protocol::frame::{Frame, FrameReader};
use watchtogether_protocol::message::chat::{ChatHistory, Saved, SendChat};
use watchtogether_protocol::message::clock::AreYouThere;
use watchtogether_protocol::message::playback::{
    Action, Awaited, GoOn, LengthChanged, Ready, SetLength, SetVideo, StallPolicy, StillWaiting,
    VideoChanged, VideoSync,
};
use watchtogether_protocol::message::removal::{Bans, Remove, Unban};
use watchtogether_protocol::message::room::{
    Access, Closing, ClosingReason, CreateRoom, Elsewhere, Entered, Hello, JoinRoom, Leave, Password,
    Refusal, Refused, Request, Resume, RoomChanged, SetRoom, TransferHost, Welcome,
};
use watchtogether_protocol::message::roster::{
    HostChangeReason, HostChanged, LeaveReason, Member, MemberLink, Role, RosterChanged, UserChanged,
    UserJoined, UserLeft,
};
use watchtogether_protocol::message::settings::{RoomSettings, Setting};
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};
use watchtogether_protocol::{
    Clean, ClientMessage, InviteToken, ItemId, Length, MediaTime, MemberId, OwnerKey, Pin, Rate, Revision,
    ServerMessage, limits,
};

use self::values::{
    avatar, chat_id, chat_line, entered, epoch, file, link, report, state, token, undoable, viewer,
};
pub(crate) use self::values::{ban, ping, pong};

type ClientSample = (&'static str, ClientMessage);
type ServerSample = (&'static str, ServerMessage);

/// Returns the samples of a client's messages.
pub(crate) fn client_messages() -> Vec<ClientSample> {
    [opening(), coming_back(), moving(), talking()].concat()
}

/// Returns the samples of a server's messages.
pub(crate) fn server_messages() -> Vec<ServerSample> {
    [about_members(), about_the_room(), sent_together()].concat()
}

fn opening() -> Vec<ClientSample> {
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
                settings: RoomSettings::new(StallPolicy::Wait),
                rate: Rate::NORMAL,
                invite: None,
            }),
        ),
        (
            "CreateRoom by invite",
            ClientMessage::CreateRoom(CreateRoom {
                room: None,
                access: Access::Invite,
                settings: RoomSettings::new(StallPolicy::GoOn),
                rate: Rate::NORMAL,
                invite: None,
            }),
        ),
        (
            "CreateRoom by password",
            ClientMessage::CreateRoom(CreateRoom {
                room: None,
                access: Access::Password(Password("open sesame".to_owned())),
                settings: RoomSettings::new(StallPolicy::Wait),
                rate: Rate::NORMAL,
                invite: None,
            }),
        ),
        (
            "CreateRoom again by the same invite",
            ClientMessage::CreateRoom(CreateRoom {
                room: Some("movie-night".parse().expect("a room name")),
                access: Access::Invite,
                settings: RoomSettings {
                    title: Some("Movie night".parse().expect("a title")),
                    ..RoomSettings::new(StallPolicy::Wait)
                },
                rate: Rate::from_f64(1.25).expect("in range"),
                invite: Some(InviteToken::from_bytes([0x5c; 10])),
            }),
        ),
    ]
}

fn coming_back() -> Vec<ClientSample> {
    vec![
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
    ]
}

fn moving() -> Vec<ClientSample> {
    let sync = |action| {
        ClientMessage::VideoSync(VideoSync {
            based_on: Revision(41),
            action,
        })
    };
    vec![
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
    ]
}

fn talking() -> Vec<ClientSample> {
    vec![
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
                setting: Setting::OnStall(StallPolicy::GoOn),
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

fn sent_together() -> Vec<ServerSample> {
    vec![
        (
            "StillWaiting",
            ServerMessage::StillWaiting(StillWaiting {
                revision: Revision(9),
                waiting_for: Awaited {
                    count: 212,
                    who: Vec::new(),
                },
            }),
        ),
        (
            "RosterChanged",
            ServerMessage::RosterChanged(RosterChanged {
                members: entered().room.members,
            }),
        ),
    ]
}

fn about_members() -> Vec<ServerSample> {
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
                reason: LeaveReason::LinkLost,
            }),
        ),
        (
            "UserLeft banned",
            ServerMessage::UserLeft(UserLeft {
                id: MemberId(2),
                reason: LeaveReason::Banned { by: MemberId(1) },
            }),
        ),
        (
            "UserChanged",
            ServerMessage::UserChanged(UserChanged {
                member: Member {
                    role: Role::CoHost,
                    link: MemberLink::Lost,
                    ..viewer()
                },
            }),
        ),
        (
            "HostChanged",
            ServerMessage::HostChanged(HostChanged {
                host: MemberId(2),
                reason: HostChangeReason::HostLost,
            }),
        ),
    ]
}

fn about_the_room() -> Vec<ServerSample> {
    vec![
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
                reason: Refusal::RateLimited,
                retry_after_ms: 1_500,
            }),
        ),
        (
            "Closing",
            ServerMessage::Closing(Closing {
                reason: ClosingReason::ServerEnds,
            }),
        ),
        (
            "RoomChanged",
            ServerMessage::RoomChanged(RoomChanged {
                setting: Setting::OnStall(StallPolicy::GoOn),
                by: MemberId(1),
                is_undo: true,
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
        ("AreYouThere", ServerMessage::AreYouThere(AreYouThere)),
    ]
}

/// Returns one of the client's messages by the name of its sample.
pub(crate) fn client_sample(name: &str) -> Option<ClientMessage> {
    let mut samples = client_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

/// Returns one of the server's messages by the name of its sample.
pub(crate) fn server_sample(name: &str) -> Option<ServerMessage> {
    let mut samples = server_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

/// Returns a frame as if it had been received.
pub(crate) fn frame(kind: u16, payload: Vec<u8>) -> Frame {
    Frame {
        kind,
        flags: 0,
        payload: payload.into(),
    }
}

/// Returns the only frame that the bytes contain.
pub(crate) fn frame_of(bytes: &[u8]) -> Frame {
    let mut reader = FrameReader::new(limits::SERVER_FRAME_BYTES);
    reader.push(bytes);
    reader
        .next_frame()
        .expect("within the limit")
        .expect("a whole frame")
}
