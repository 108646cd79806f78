//! Tests of the lines that scripts receive for events.

use serde_json::{Value, json};
use watchtogether_protocol::item::{FileMatch, Length};
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{ClosingReason, Refusal};
use watchtogether_protocol::message::roster::HostChangeReason;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::{ChangeId, Undoable, Undone};
use watchtogether_protocol::{Cause, Clean, Epoch, ItemId, Playback, Rate};

use super::*;
use crate::session::test_support::{MEMBERS, item, member, name, playing, state};

const ANA: MemberId = MEMBERS[0];
const BO: MemberId = MEMBERS[1];

fn event_json(event: &Event) -> Value {
    let body = event_of(event, &playing(0));
    serde_json::to_value(body).expect("plain structures")
}

fn person(id: MemberId) -> Person {
    let name = name(if id == ANA { "ana" } else { "bo" });
    let is_you = id == ANA;
    Person { id, name, is_you }
}

fn happened(actor: Option<MemberId>, fact: Fact) -> Value {
    let actor = actor.map(person);
    event_json(&Event::Happened(Box::new(Happening { actor, fact })))
}

/// Returns a timeline at a position in milliseconds, last changed by bo.
fn at(playback: Playback, position_ms: i64, reason: Reason) -> Timeline {
    let mut timeline = state(2, playback, position_ms).timeline;
    timeline.cause = Cause {
        who: Some(BO),
        reason,
    };
    timeline
}

fn moves(timelines: &[Timeline]) -> Vec<Value> {
    let pairs = timelines.windows(2).map(|pair| Event::StateChanged {
        before: pair[0],
        timeline: pair[1],
    });
    pairs
        .map(|event| event_json(&event))
        .filter(|reported| !reported.is_null())
        .collect()
}

/// Returns the event for a change by bo, which may be an undo.
fn changed(change: Change, is_undo: bool) -> Value {
    let undone = Undone {
        author: ANA,
        was_undo: false,
    };
    event_json(&Event::Undoable(Undoable {
        number: 1,
        by: BO,
        change,
        undoes: is_undo.then_some(undone),
        left_ms: 60_000,
    }))
}

const PAUSED: Playback = Playback::Paused;
const PLAYING: Playback = Playback::Playing;
const PREPARING: Playback = Playback::Preparing;

#[test]
fn each_change_of_the_timeline_is_reported_also_by_an_undo() {
    let position = MediaTime::from_millis(5_000);
    let from = MediaTime::ZERO;
    let rate = Rate::from_f64(1.5).expect("in range");
    let place = |kind: &str| json!({"type": kind, "user": "bo", "media_ms": 5_000});

    for is_undo in [false, true] {
        for (change, expected) in [
            (Change::Play { position }, place("play")),
            (Change::Pause { position }, place("pause")),
            (Change::Place { from, to: position }, place("seek")),
            (
                Change::Rate { rate },
                json!({"type": "speed", "user": "bo", "rate": 1.5}),
            ),
            (Change::Item, Value::Null),
            (Change::Host { host: ANA }, Value::Null),
        ] {
            assert_eq!(changed(change, is_undo), expected);
        }
    }
}

#[test]
fn a_timeline_alone_reports_no_act() {
    let mut faster = at(PLAYING, 15_000, Reason::RateChanged);
    faster.rate = Rate::from_f64(1.5).expect("in range");

    assert_eq!(
        moves(&[
            at(PAUSED, 0, Reason::Opened),
            at(PREPARING, 0, Reason::Played),
            at(PREPARING, 10_000, Reason::Seeked),
            at(PLAYING, 10_000, Reason::Seeked),
            faster,
            at(PAUSED, 20_000, Reason::Paused),
            at(PREPARING, 20_000, Reason::Undone),
        ]),
        [Value::Null; 0]
    );
}

#[test]
fn the_end_of_a_film_is_a_pause_by_nobody() {
    let mut ended = at(PAUSED, 60_000, Reason::Ended);
    ended.cause.who = None;

    assert_eq!(
        moves(&[at(PLAYING, 0, Reason::Played), ended]),
        [json!({"type": "pause", "media_ms": 60_000})]
    );
}

#[test]
fn a_room_that_waits_and_goes_on_is_reported_by_its_awaited_members_alone() {
    let waits = [
        at(PLAYING, 0, Reason::Played),
        at(PREPARING, 4_000, Reason::Waiting),
        at(PLAYING, 4_000, Reason::Resumed),
    ];

    assert_eq!(moves(&waits), [Value::Null; 0]);
    assert_eq!(
        event_json(&Event::WaitingFor(Awaited::from_iter([BO]))),
        json!({"type": "wait", "users": ["bo"], "count": 1})
    );
}

#[test]
fn another_film_is_an_item_and_no_seek() {
    let mut next = at(PAUSED, 0, Reason::ItemChanged);
    next.item = ItemId(9);
    let mut back = at(PREPARING, 70_000, Reason::Undone);
    back.item = ItemId(1);

    assert_eq!(
        moves(&[at(PAUSED, 9_000, Reason::Paused), next]),
        [Value::Null; 0]
    );
    assert_eq!(
        moves(&[next, back]),
        [json!({"type": "play", "user": "bo", "media_ms": 70_000})]
    );
    let is_undo = false;
    assert_eq!(
        happened(
            Some(BO),
            Fact::ItemSet {
                item: item("Film"),
                is_undo
            }
        ),
        json!({"type": "item", "title": "Film", "kind": "file", "url": null, "duration_ms": 600_000, "live": false})
    );
    let mut live = item("Film");
    live.length = Length::Live;
    let is_complete = false;
    assert_eq!(
        happened(
            None,
            Fact::LengthFound {
                item: live,
                is_complete
            }
        )["live"],
        json!(true)
    );
}

#[test]
fn people_come_and_go_and_are_host() {
    let presence = |actor, change, by: Option<MemberId>| {
        let by = by.map(person);
        happened(Some(actor), Fact::Presence { change, by })
    };
    let banned = LeaveReason::Banned { by: ANA };
    let host = Fact::BecameHost {
        reason: HostChangeReason::Transferred,
    };

    for (reported, expected) in [
        (
            presence(BO, Presence::Joined, None),
            json!({"type": "join", "user": "bo"}),
        ),
        (
            presence(BO, Presence::Left(LeaveReason::LinkLost), None),
            json!({"type": "leave", "user": "bo", "reason": "link_lost"}),
        ),
        (
            presence(BO, Presence::Left(banned), Some(ANA)),
            json!({"type": "leave", "user": "bo", "reason": "banned", "by": "ana"}),
        ),
        (presence(BO, Presence::ConnectionLost, None), Value::Null),
        (
            happened(Some(BO), host),
            json!({"type": "role", "user": "bo", "role": "host"}),
        ),
    ] {
        assert_eq!(reported, expected);
    }
}

#[test]
fn a_change_of_a_member_reports_their_player_and_link() {
    let before = member(BO, "bo", Role::Viewer);
    let mut gone = before.clone();
    gone.link = MemberLink::Lost;
    let mut lacks = before.clone();
    lacks.report.player = watchtogether_protocol::message::roster::PlayerState::NoCopy;
    let mut co_host = before.clone();
    co_host.role = Role::CoHost;
    let changed = |member: Member| {
        event_json(&Event::MemberChanged {
            before: before.clone(),
            member,
        })
    };

    assert_eq!(
        changed(gone),
        json!({"type": "player", "user": "bo", "state": "link_lost"})
    );
    assert_eq!(
        changed(lacks),
        json!({"type": "player", "user": "bo", "state": "no_copy", "reason": "file_missing"})
    );
    assert_eq!(
        changed(co_host),
        json!({"type": "role", "user": "bo", "role": "co_host"})
    );
}

#[test]
fn the_local_player_is_described_by_its_state_and_its_copy() {
    let film = Clean::line("Film");
    let compared = Fact::CopyCompared {
        film: film.clone(),
        file: FileMatch::Same,
        is_own_choice: false,
    };

    for (fact, state, reason) in [
        (Fact::Player(PlayerNews::Closed), "closed", None),
        (Fact::NoCopy { film: Some(film) }, "no_copy", None),
        (compared, "following", Some("file_same")),
    ] {
        let reported = happened(None, fact);

        assert_eq!(reported["type"], "player");
        assert_eq!(reported["user"], "ana");
        assert_eq!(reported["state"], state);
        assert_eq!(reported.get("reason").and_then(Value::as_str), reason);
    }
}

#[test]
fn undo_setting_storage_and_error_events_have_an_author_and_details() {
    let undid = Fact::Undid {
        id: ChangeId {
            epoch: Epoch::default(),
            number: 3,
        },
        author: Some(person(ANA)),
        was_undo: false,
        change: Change::Play {
            position: MediaTime::ZERO,
        },
        host: None,
        film: None,
    };
    let setting = Fact::SettingChanged {
        setting: Setting::OnStall(StallPolicy::GoOn),
        is_undo: false,
    };
    let refused = Fact::Refused {
        reason: Refusal::NotHost,
        host: Some(person(BO)),
        retry_after: None,
    };

    assert_eq!(
        happened(Some(BO), undid),
        json!({"type": "undo", "user": "bo", "author": "ana", "what": "pause", "again": false})
    );
    assert_eq!(
        happened(Some(BO), setting),
        json!({"type": "setting", "user": "bo", "setting": "on_stall", "value": "go_on"})
    );
    assert_eq!(
        happened(None, Fact::Storage { is_failing: true }),
        json!({"type": "storage", "state": "failing"})
    );
    let reason = Clean::line("read-only");
    assert_eq!(
        happened(None, Fact::SeatNotKept { reason }),
        json!({"type": "storage", "state": "seat_not_saved"})
    );
    for (fact, code) in [
        (refused, "not_host"),
        (Fact::Offline, "not_connected"),
        (
            Fact::BeyondEnd {
                length: MediaTime::from_millis(60_000),
            },
            "beyond_end",
        ),
    ] {
        let reported = happened(None, fact);
        assert_eq!(
            (&reported["type"], &reported["code"]),
            (&json!("error"), &json!(code))
        );
    }
}

#[test]
fn the_end_of_the_session_is_left_to_whoever_knows_its_reason() {
    for event in [
        Event::Link(LinkState::Closed),
        Event::Closing(ClosingReason::RoomClosed),
        Event::Closing(ClosingReason::ServerEnds),
    ] {
        assert_eq!(event_json(&event), Value::Null, "{event:?}");
    }
    assert_eq!(
        event_json(&Event::Link(LinkState::Silent)),
        json!({"type": "link", "state": "silent"})
    );
}
