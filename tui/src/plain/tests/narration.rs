//! Tests of the narration of actions: by whom, and in which order.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::LeaveReason;

use super::*;

fn item_set(title: &str, is_undo: bool) -> Fact {
    Fact::ItemSet {
        item: item(title),
        is_undo,
    }
}

#[test]
fn the_member_who_puts_on_a_film_is_named_and_an_undo_of_it_is_reported_separately() {
    let mut room = PlainTest::at_terminal();

    room.reads(Some(BO), item_set("next", false), 0);
    room.reads(Some(YOU), item_set("film", false), 0);
    room.reads(Some(BO), item_set("next", true), 0);

    assert_eq!(
        room.take_lines(),
        ["bo started next, 10 minutes.", "You started film, 10 minutes."]
    );
}

#[test]
fn a_seek_of_a_member_who_left_is_reported_as_any_other() {
    let mut room = PlainTest::at_terminal();
    room.reads(None, seek_fact(1, 41, 36), 0);
    room.reads(None, seek_fact(1, 41, 31), 200);
    assert_eq!(room.take_lines(), [""; 0]);

    room.time(2_000);

    assert_eq!(
        room.take_lines(),
        ["someone went back 10 seconds, to 31 seconds. Type /undo to revert."]
    );
    let Some(Intent::Export { text, .. }) = room.types("/export chat.txt").into_iter().find_map(|effect| {
        if let PlainEffect::Intent(intent) = effect {
            Some(intent)
        } else {
            None
        }
    }) else {
        panic!("nothing is exported");
    };
    assert!(text.contains("someone went back 10 seconds"), "{text}");
}

#[test]
fn a_seek_beyond_the_end_of_the_local_copy_is_reported_before_that_it_ended() {
    let mut room = PlainTest::at_terminal();

    let at = media(300);
    room.receives(Update::Status(Status::CopyEnded { at }), 0);
    room.reads(Some(BO), seek_fact(1, 0, 400), 5);
    room.time(500);

    assert_eq!(
        room.take_lines(),
        [
            "bo went forward 6 minutes 40, to 6 minutes 40. Type /undo to revert.",
            "Your copy ended at 5 minutes.",
        ]
    );
}

#[test]
fn a_distance_is_the_same_number_in_lines_and_on_the_screen() {
    let seek = |from: i64, to: i64| {
        let (from, to) = (MediaTime::from_millis(from), MediaTime::from_millis(to));
        let bo = Who::Named("bo".to_owned());
        (strings::went(&bo, from, to), spoken::went(&bo, from, to))
    };

    let reported = [
        seek(363_938, 60_000),
        seek(12_400, 9_000),
        seek(99_400, 0),
        seek(99_600, 0),
        seek(10_042, 10_000),
    ];

    let expected = [
        (
            "bo went back 05:04, to 01:00",
            "bo went back 5 minutes 4, to 1 minute.",
        ),
        (
            "bo went back 3 s, to 00:09",
            "bo went back 3 seconds, to 9 seconds.",
        ),
        (
            "bo went back 99 s, to 00:00",
            "bo went back 1 minute 39, to 0 seconds.",
        ),
        (
            "bo went back 01:40, to 00:00",
            "bo went back 1 minute 40, to 0 seconds.",
        ),
        (
            "bo went back 0.04 s, to 00:10",
            "bo went back 0.04 seconds, to 10 seconds.",
        ),
    ];
    assert_eq!(
        reported,
        expected.map(|(screen, lines)| (screen.to_owned(), lines.to_owned()))
    );
}

#[test]
fn a_member_who_removes_another_reads_it_as_their_own_action() {
    for (change, words) in [
        (LeaveReason::Kicked { by: YOU }, "You removed bo."),
        (LeaveReason::Banned { by: YOU }, "You banned bo."),
    ] {
        let mut room = PlainTest::at_terminal();
        let by = Some(Person {
            id: YOU,
            name: name("ana"),
            is_you: true,
        });

        let change = Presence::Left(change);
        room.reads(Some(BO), Fact::Presence { change, by }, 0);

        assert_eq!(room.take_lines(), [words]);
    }
}

#[test]
fn a_banned_user_is_not_told_that_they_were_removed() {
    let mut room = PlainTest::at_terminal();
    let change = Presence::Left(LeaveReason::Banned { by: BO });
    room.reads(Some(YOU), Fact::Presence { change, by: None }, 0);

    let stop = Stop {
        kind: StopKind::Removed,
        words: Clean::line("the host removed you"),
        hint: None,
        may_retry: true,
    };
    room.receives(Update::Stopped(stop), 0);

    assert_eq!(
        room.take_lines(),
        [
            "The host banned you.",
            "Disconnected: the host banned you. Type /retry to try again, /quit to leave.",
        ]
    );
}

#[test]
fn the_member_who_put_on_a_film_gets_only_new_reports_on_their_copy() {
    let compared = |file, is_own_choice| {
        let mut room = PlainTest::at_terminal();
        let film = Clean::line("film");
        let fact = Fact::CopyCompared {
            film,
            file,
            is_own_choice,
        };
        room.reads(None, fact, 0);
        room.take_lines()
    };

    assert_eq!(compared(FileMatch::Same, true), [""; 0]);
    assert_eq!(compared(FileMatch::Same, false), ["Your copy is the same."]);
    assert_eq!(
        compared(FileMatch::Growing, true),
        ["Your copy is not complete yet."]
    );
}

#[test]
fn a_link_that_is_back_without_its_seat_prints_nothing() {
    let mut room = PlainTest::at_terminal();

    room.reads(None, Fact::LinkBack { is_resumed: false }, 0);

    assert_eq!(room.take_lines(), [""; 0]);
}
