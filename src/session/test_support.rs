//! Building blocks for tests of a session: a room of two, its film, its messages.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::item::{FileMatch, Fingerprint, ItemSource};
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::message::room::{Entered, RoomSnapshot};
use watchtogether_protocol::message::roster::{Avatar, Member, MemberLink, PlayerState, Report, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, ChatId, Clean, Epoch, Item, ItemId, Length, LocalTime, MediaTime, MemberId, MemberName, Playback,
    Rate, Revision, RoomId, ServerTime, Timeline, Token,
};

use super::LocalItem;
use super::event::{LinkState, SyncState};
use super::status::{MemberStatus, MinuteStatus, RoomStatus, Status, SyncStatus, WallAnchor};
use crate::player::{Extent, Media, Source};

/// Ana, the local member and host, and bo.
pub(crate) const MEMBERS: [MemberId; 2] = [MemberId(1), MemberId(2)];

/// The server's clock, in milliseconds, when the session's clock shows 0.
pub(crate) const SERVER_MS: u64 = 777_000;

pub(crate) fn name(text: &str) -> MemberName {
    text.parse().expect("a valid name")
}

pub(crate) fn item(title: &str) -> Item {
    let mut fingerprint = [0; 32];
    fingerprint[..title.len()].copy_from_slice(title.as_bytes());
    Item {
        title: Clean::line(title),
        length: Length::Of(MediaTime::from_millis(600_000)),
        source: ItemSource::File {
            size: 1_000,
            fingerprint: Fingerprint(fingerprint),
        },
    }
}

pub(crate) fn local_item(title: &str) -> LocalItem {
    LocalItem {
        source: Source::File(PathBuf::from(format!("/films/{title}"))),
        item: item(title),
    }
}

pub(crate) fn media(duration_ms: i64) -> Media {
    Media {
        duration: Some(MediaTime::from_millis(duration_ms)),
        extent: Extent::Whole,
        title: "film".to_owned(),
        has_audio: true,
        has_video: true,
        is_seekable: true,
        frame: Some(Duration::from_millis(42)),
    }
}

pub(crate) fn member(id: MemberId, called: &str, role: Role) -> Member {
    let name = name(called);
    Member {
        id,
        avatar: Avatar::of_name(&name),
        name,
        role,
        joined: WallTime(0),
        link: MemberLink::Up,
        report: Report {
            player: PlayerState::Following,
            file: FileMatch::Same,
        },
    }
}

pub(crate) fn state(revision: u64, playback: Playback, position_ms: i64) -> VideoStateChanged {
    VideoStateChanged {
        timeline: Timeline {
            epoch: Epoch {
                counter: 1,
                incarnation: 1,
            },
            revision: Revision(revision),
            item: ItemId(1),
            position: MediaTime::from_millis(position_ms),
            at: ServerTime::from_millis(SERVER_MS),
            rate: Rate::NORMAL,
            playback,
            cause: Cause {
                who: Some(MEMBERS[1]),
                reason: Reason::Played,
            },
        },
        waiting_for: Awaited::default(),
    }
}

/// The room's wall clock on entry. It is far from the machine's wall clock in these tests.
pub(crate) const ENTERED_WALL: WallTime = WallTime(1_700_010_800_000);

/// Returns a room for ana, who receives it, and bo, paused at 10 s of the film.
pub(crate) fn entered() -> Entered {
    Entered {
        you: MEMBERS[0],
        token: Token::from_bytes([7; 32]),
        invite: None,
        room: RoomSnapshot {
            id: RoomId(uuid::Uuid::from_u128(1)),
            name: "film".parse().expect("a valid name"),
            host: Some(MEMBERS[0]),
            members: vec![
                member(MEMBERS[0], "ana", Role::Host),
                member(MEMBERS[1], "bo", Role::Viewer),
            ],
            item: Some((ItemId(1), item("film"))),
            state: state(1, Playback::Paused, 10_000),
            settings: RoomSettings::default(),
            created: WallTime(0),
            last_active: WallTime(0),
        },
        chat: Vec::new(),
        chat_has_gap: false,
        now: ServerTime::from_millis(SERVER_MS),
        wall: ENTERED_WALL,
        undoable: None,
        chat_after: 0,
        saved: None,
        is_owner: false,
    }
}

/// Returns the status of ana, the host, whose player follows a room that has been playing from 10 s on since instant 0.
pub(crate) fn playing(now_ms: u64) -> Status {
    let timeline = state(1, Playback::Playing, 10_000).timeline;
    Status {
        link: LinkState::Up,
        room: Some(RoomStatus {
            is_owner: false,
            invite: None,
            name: "film".parse().expect("a valid name"),
            wall: WallAnchor {
                wall: ENTERED_WALL,
                at: LocalTime::default(),
            },
            you: MEMBERS[0],
            host: Some(MEMBERS[0]),
            item: Some((timeline.item, item("film"))),
            timeline,
            position: timeline.position_at(ServerTime::from_millis(SERVER_MS + now_ms)),
            playback: Playback::Playing,
            starts: None,
            rate: Rate::NORMAL,
            waiting_for: Awaited::default(),
            settings: RoomSettings::default(),
            bans: Vec::new(),
            saved: None,
            members: vec![
                MemberStatus {
                    member: member(MEMBERS[0], "ana", Role::Host),
                    telemetry: None,
                },
                MemberStatus {
                    member: member(MEMBERS[1], "bo", Role::Viewer),
                    telemetry: None,
                },
            ],
            asked: None,
        }),
        player: PlayerState::Following,
        file: FileMatch::Same,
        sync: SyncStatus {
            state: SyncState::Playing,
            drift: Some(MediaTime::from_millis(1)),
            spread: Some(Duration::from_micros(8_900)),
            drift_p95: Some(Duration::from_micros(8_900)),
            speed: 1.0,
            ..SyncStatus::default()
        },
        minute: MinuteStatus::default(),
        facts: None,
        chapters: Arc::default(),
        round_trip: Some(Duration::from_micros(31_200)),
        clock_bound: Some(Duration::from_micros(15_600)),
        local_item: None,
    }
}

pub(crate) fn chat_line(sequence: u64, text: &str) -> ChatLine {
    ChatLine {
        sequence,
        id: ChatId(uuid::Uuid::from_u128(sequence.into())),
        from: MEMBERS[1],
        name: name("bo"),
        text: Clean::line(text),
        at: WallTime(0),
        position: None,
    }
}
