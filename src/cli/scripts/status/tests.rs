//! Tests of the state of the other members as scripts see it, and of which parts are unknown.

use std::sync::Arc;

use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{LocalTime, Playback, Rate};

use super::*;
use crate::session::event::SyncState;
use crate::session::status::{MinuteStatus, RoomStatus, SyncStatus, WallAnchor};
use crate::session::test_support::{MEMBERS, item, member, state};

const BO: MemberId = MEMBERS[1];

fn script_status(status: &Status) -> wire::StatusJson {
    let server = ServerView {
        typed: "box".to_owned(),
        public: "box:7843".parse().expect("an address"),
        pin: None,
    };
    status_of(status, &server)
}

fn offline(link: LinkState) -> Status {
    Status { link, ..playing() }
}

#[test]
fn scripts_are_given_nothing_unknown() {
    let up = script_status(&playing());
    let room = up.room.expect("a room");
    assert_eq!((room.ready, room.watching), (Some(2), Some(2)));
    assert!(
        up.members
            .iter()
            .all(|member| member.in_sync && member.details.ready)
    );

    let down = script_status(&offline(LinkState::Reconnecting { attempt: 2 }));
    let room = down.room.expect("a room");
    assert_eq!((room.ready, room.watching), (None, None));
    assert!(!down.player.details.ready);
    for member in &down.members {
        assert_eq!(member.link, "unknown");
        assert!(!member.in_sync && !member.details.ready && !member.details.waited_for);
    }
}

#[test]
fn an_awaited_member_is_not_ready_for_scripts_either() {
    let mut status = playing();
    let room = status.room.as_mut().expect("a room");
    room.waiting_for = Awaited::from_iter([BO]);

    let reported = script_status(&status);

    assert_eq!(reported.room.expect("a room").ready, Some(1));
    let bo = reported
        .members
        .iter()
        .find(|member| member.name == "bo")
        .expect("bo");
    assert!(!bo.details.ready && bo.details.waited_for);
}

/// Returns a session of ana, who hosts, and bo in a room that plays.
fn playing() -> Status {
    let telemetry = Telemetry {
        drift_us: Some(4_000),
        is_settled: true,
        drift_p50_us: Some(1_000),
        drift_p95_us: Some(9_000),
        drift_worst_us: Some(12_000),
        speed_ppm: 0,
        rtt_us: 31_000,
        rtt_p95_us: 40_000,
        clock_bound_us: 4_000,
        buffered_ms: 42_000,
        corrections: 0,
        freeze_ms: 0,
        is_typing: false,
    };
    let timeline = state(1, Playback::Playing, 2_472_000).timeline;
    let members = [
        member(MEMBERS[0], "ana", Role::Host),
        member(BO, "bo", Role::Viewer),
    ];
    Status {
        link: LinkState::Up,
        room: Some(RoomStatus {
            is_owner: false,
            invite: None,
            name: "film".parse().expect("a room's name"),
            wall: WallAnchor {
                wall: WallTime(0),
                at: LocalTime::default(),
            },
            you: MEMBERS[0],
            host: Some(MEMBERS[0]),
            item: Some((timeline.item, item("film"))),
            timeline,
            position: MediaTime::from_millis(2_472_000),
            playback: Playback::Playing,
            rate: Rate::NORMAL,
            starts: None,
            asked: None,
            bans: Vec::new(),
            saved: None,
            waiting_for: Awaited::default(),
            settings: RoomSettings::default(),
            members: members
                .into_iter()
                .map(|member| MemberStatus {
                    member,
                    telemetry: Some(telemetry),
                })
                .collect(),
        }),
        player: PlayerState::Following,
        file: FileMatch::Same,
        sync: SyncStatus {
            state: SyncState::Playing,
            drift: Some(MediaTime::from_millis(4)),
            speed: 1.0,
            ..SyncStatus::default()
        },
        minute: MinuteStatus::default(),
        facts: None,
        chapters: Arc::default(),
        round_trip: None,
        clock_bound: None,
        local_item: None,
    }
}
