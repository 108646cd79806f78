//! Tests that each event is reported once, with the names and details at that time.

use watchtogether_protocol::Cause;
use watchtogether_protocol::message::roster::{LeaveReason, Member, UserJoined, UserLeft};
use watchtogether_protocol::message::undo::{Change, ChangeId, Undoable};
use watchtogether_protocol::narration::{
    CopyNews, Fact, IgnoredRequest, OfflineFilm, Person, Presence, RoomMove,
};
use watchtogether_protocol::timeline::Reason;

use super::*;

impl Bench {
    fn happenings(&mut self) -> Vec<Happening> {
        self.events()
            .into_iter()
            .filter_map(|event| {
                if let Event::Happened(happening) = event {
                    Some(*happening)
                } else {
                    None
                }
            })
            .collect()
    }

    fn facts(&mut self) -> Vec<Fact> {
        self.happenings()
            .into_iter()
            .map(|reported| reported.fact)
            .collect()
    }
}

fn bo() -> Person {
    Person {
        id: MEMBERS[1],
        name: "bo".parse().expect("a name"),
        is_you: false,
    }
}

#[test]
fn a_start_that_follows_a_preparation_is_reported_once() {
    let mut bench = Bench::watching(entered());
    let mut reported = Vec::new();
    for (revision, playback) in [(2, Playback::Preparing), (3, Playback::Playing)] {
        let mut word = state(revision, playback, 90_000);
        word.timeline.cause = Cause {
            who: None,
            reason: Reason::Resumed,
        };
        bench.server(ServerMessage::VideoStateChanged(word));
        reported.extend(bench.facts());
    }

    assert_eq!(moves(&reported), [RoomMove::Resumed]);
}

/// Returns the message that a change of bo's can be undone.
fn changed(number: u32, change: Change) -> ServerMessage {
    ServerMessage::Undoable(Undoable {
        number,
        by: MEMBERS[1],
        change,
        undoes: None,
        left_ms: 60_000,
    })
}

#[test]
fn acts_that_share_a_state_are_reported_one_by_one_in_order() {
    let mut bench = Bench::watching(entered());
    let rate = Rate::from_f64(1.5).expect("in range");
    let position = MediaTime::from_millis(90_000);
    let id = |number| ChangeId {
        epoch: entered().room.state.timeline.epoch,
        number,
    };
    let mut last = state(4, Playback::Playing, 90_000);
    last.timeline.rate = rate;
    let from = MediaTime::from_millis(10_000);

    bench.server(changed(1, Change::Rate { rate }));
    bench.server(changed(2, Change::Place { from, to: position }));
    bench.server(ServerMessage::VideoStateChanged(last));
    bench.server(changed(3, Change::Play { position }));

    let happenings = bench.happenings();
    let acts = happenings
        .iter()
        .filter(|told| told.actor == Some(bo()))
        .map(|told| told.fact.clone());
    assert_eq!(
        acts.collect::<Vec<_>>(),
        [
            Fact::RateChanged { id: id(1), rate },
            Fact::Seek {
                id: id(2),
                from,
                to: position
            },
            Fact::Played { id: id(3), position },
        ]
    );
}

#[test]
fn a_second_seek_while_the_room_prepares_is_a_separate_move() {
    let mut bench = Bench::watching(entered());
    let mut lines = Vec::new();
    for position in [5_000, 25_000] {
        let (from, to) = (MediaTime::ZERO, MediaTime::from_millis(position));
        bench.server(changed(2, Change::Place { from, to }));
        lines.extend(super::lines(&bench.outputs()));
    }

    assert_eq!(lines, ["bo went to 00:05", "bo went to 00:25"]);
}

#[test]
fn a_session_restarted_in_its_room_reports_that_it_is_back() {
    let mut bench = Bench::watching(entered());
    let closed = LinkEnd::Closed {
        code: Some(CloseCode::RateLimited),
    };
    bench.session.handle_connection_lost(&closed, bench.now);
    bench.command(Command::Retry);
    bench.outputs();
    bench.session.handle_connected(Credentials::default(), bench.now);

    bench.server(ServerMessage::RoomJoined(entered()));

    let reported = bench.facts();
    let is_back = |fact: &&Fact| matches!(fact, Fact::LinkBack { .. });
    assert_eq!(reported.iter().filter(is_back).count(), 1, "{reported:?}");
}

#[test]
fn a_removed_member_is_named_with_who_removed_them() {
    let mut bench = Bench::watching(entered());
    let reason = LeaveReason::Kicked { by: MEMBERS[0] };

    bench.server(ServerMessage::UserLeft(UserLeft {
        id: MEMBERS[1],
        reason,
    }));

    let reported = bench.happenings();
    let [Happening { actor, fact }] = &reported[..] else {
        panic!("{reported:?}");
    };
    assert_eq!(actor.as_ref(), Some(&bo()));
    let Fact::Presence { change, by } = fact else {
        panic!("{fact:?}");
    };
    assert_eq!(*change, Presence::Left(reason));
    assert!(by.as_ref().is_some_and(|by| by.is_you && by.id == MEMBERS[0]));
}

#[test]
fn a_lost_connection_and_its_return_are_reported_with_the_state_of_the_film() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.lose();
    let lost = bench.facts();
    bench.reconnect();
    bench.server(ServerMessage::RoomJoined(entered()));
    let back = bench.facts();

    let plays_on = |fact: &Fact| matches!(fact, Fact::LinkLost { film, .. } if *film == OfflineFilm::PlaysOn);
    assert_eq!(lost.iter().filter(|fact| plays_on(fact)).count(), 1, "{lost:?}");
    let is_back = |fact: &&Fact| matches!(fact, Fact::LinkBack { .. });
    assert_eq!(back.iter().filter(is_back).count(), 1, "{back:?}");
}

#[test]
fn no_film_is_reported_to_play_on_if_none_is_shown() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.player(PlayerEvent::Closed);
    bench.outputs();

    bench.lose();

    let lost = bench.facts();
    let without_film =
        |fact: &Fact| matches!(fact, Fact::LinkLost { film, .. } if *film == OfflineFilm::NoFilm);
    assert!(lost.iter().any(without_film), "{lost:?}");
}

#[test]
fn an_ignored_request_reports_the_reason_and_whether_the_player_is_back() {
    let mut room = entered();
    room.room.host = Some(MEMBERS[1]);
    room.room.members[0].role = Role::Viewer;
    room.room.members[1].role = Role::Host;
    let mut bench = Bench::watching(room);

    bench.request(WindowRequest::Play);
    let reported = bench.facts();
    bench.lose();
    bench.outputs();
    bench.request(WindowRequest::Play);
    let offline = bench.facts();

    let not_host = Fact::WindowRequestUndone {
        reason: IgnoredRequest::NotHost { host: Some(bo()) },
        is_back: true,
    };
    assert!(reported.contains(&not_host), "{reported:?}");
    let no_link = Fact::WindowRequestUndone {
        reason: IgnoredRequest::NoLink {
            film: OfflineFilm::PausedHere,
        },
        is_back: false,
    };
    assert!(offline.contains(&no_link), "{offline:?}");
}

/// Returns a message that moves the paused room, by bo or automatically.
fn stands(revision: u64, position_ms: i64, reason: Reason) -> ServerMessage {
    let mut word = state(revision, Playback::Paused, position_ms);
    word.timeline.cause = Cause {
        who: (reason != Reason::Ended).then_some(MEMBERS[1]),
        reason,
    };
    ServerMessage::VideoStateChanged(word)
}

fn moves(facts: &[Fact]) -> Vec<RoomMove> {
    let change = |fact: &Fact| {
        if let Fact::Moved(change) = fact {
            Some(*change)
        } else {
            None
        }
    };
    facts.iter().filter_map(change).collect()
}

#[test]
fn a_film_ends_once_even_if_a_member_seeks_to_its_end_again() {
    const END: i64 = 600_000;

    let mut bench = Bench::watching(entered());
    bench.server(stands(2, END, Reason::Seeked));
    bench.server(stands(3, END, Reason::Ended));
    assert_eq!(moves(&bench.facts()), [RoomMove::Ended]);

    bench.server(stands(4, END, Reason::Seeked));
    bench.server(stands(5, END, Reason::Ended));
    assert_eq!(moves(&bench.facts()), []);

    bench.server(stands(6, 5_000, Reason::Seeked));
    bench.server(stands(7, END, Reason::Seeked));
    bench.server(stands(8, END, Reason::Ended));
    assert_eq!(moves(&bench.facts()), [RoomMove::Ended]);
}

#[test]
fn a_seek_to_the_end_does_not_report_the_end_to_a_newcomer_of_a_film_that_is_over() {
    let mut room = entered();
    room.room.state.timeline.position = MediaTime::from_millis(600_000);
    room.room.state.timeline.cause.reason = Reason::Ended;
    let mut bench = Bench::watching(room);

    bench.server(stands(2, 600_000, Reason::Seeked));
    bench.server(stands(3, 600_000, Reason::Ended));

    assert_eq!(moves(&bench.facts()), []);
}

#[test]
fn a_connection_is_back_before_the_room_is_shown_as_it_was_found() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.reconnect();
    bench.outputs();
    let mut room = entered();
    room.chat_has_gap = true;

    bench.server(ServerMessage::RoomJoined(room));

    let events = bench.events();
    let place_of = |is_it: fn(&Event) -> bool| events.iter().position(is_it);
    let back = place_of(
        |event| matches!(event, Event::Happened(reported) if matches!(reported.fact, Fact::LinkBack { is_resumed: true })),
    );
    let entered = place_of(|event| matches!(event, Event::Entered { .. }));
    assert!(back.is_some() && back < entered, "{events:?}");
}

#[test]
fn a_copy_of_a_film_that_an_undo_brings_back_is_not_reported_again() {
    let mut bench = Bench::watching(entered());
    let mut comes_on = |id, title: &str, reason| {
        let mut word = state(10 * id, Playback::Paused, 0);
        word.timeline.item = ItemId(id);
        word.timeline.cause.reason = reason;
        bench.server(ServerMessage::VideoChanged(VideoChanged {
            id: ItemId(id),
            item: item(title),
            state: word,
        }));
        let copy = Some(local_item(title));
        let item = ItemId(id);
        bench.session.handle_item_found(item, copy, bench.now);
        let facts = bench.facts();
        let is_compared = |fact: &&Fact| matches!(fact, Fact::CopyCompared { .. });
        facts.iter().filter(is_compared).count()
    };

    assert_eq!(comes_on(2, "next", Reason::ItemChanged), 1);
    assert_eq!(comes_on(3, "film", Reason::Undone), 0);
    assert_eq!(comes_on(4, "next", Reason::Undone), 0);
}

#[test]
fn a_newcomer_with_another_file_is_reported_as_an_arrival_and_a_comparison() {
    let mut bench = Bench::watching(entered());
    let longer_by = MediaTime::from_millis(10_000);
    let report = Report {
        player: PlayerState::Following,
        file: FileMatch::Other { longer_by },
    };
    let newcomer = Member {
        report,
        ..member(MemberId(9), "dan", Role::Viewer)
    };

    bench.server(ServerMessage::UserJoined(UserJoined { member: newcomer }));

    let facts = bench.facts();
    assert!(
        matches!(
            facts[..],
            [
                Fact::Presence {
                    change: Presence::Joined,
                    ..
                },
                Fact::Copy {
                    news: CopyNews::OtherCopy { longer_by: by },
                    ..
                }
            ] if by == longer_by
        ),
        "{facts:?}"
    );
}
