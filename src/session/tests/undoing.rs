//! Tests that changes to the room are undone by hosts and co-hosts, and reported with both names.

use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};

use super::*;

fn change(by: MemberId) -> Undoable {
    Undoable {
        number: 7,
        by,
        change: Change::Place {
            from: MediaTime::from_millis(2_472_000),
            to: MediaTime::from_millis(2_462_000),
        },
        undoes: None,
        left_ms: 60_000,
    }
}

fn refused(outputs: &[Output]) -> Option<(Request, Refusal)> {
    outputs.iter().find_map(|output| {
        if let Output::Event(Event::Refused { request, reason, .. }) = output {
            Some((*request, *reason))
        } else {
            None
        }
    })
}

#[test]
fn the_change_reported_last_is_the_one_that_is_undone() {
    let mut bench = Bench::watching(entered());
    bench.server(ServerMessage::Undoable(Undoable {
        number: 6,
        ..change(MEMBERS[0])
    }));
    bench.server(ServerMessage::Undoable(change(MEMBERS[1])));
    assert!(
        bench
            .outputs()
            .contains(&Output::Event(Event::Undoable(change(MEMBERS[1]))))
    );

    bench.command(Command::Room(RoomIntent::Undo));

    let epoch = entered().room.state.timeline.epoch;
    assert_eq!(bench.sent(), [ClientMessage::Undo(Undo { epoch, number: 7 })]);
}

#[test]
fn an_undo_that_moves_nothing_is_an_answer_too() {
    let mut bench = Bench::watching(entered());
    bench.server(ServerMessage::Undoable(change(MEMBERS[1])));
    bench.command(Command::Room(RoomIntent::Undo));
    let undo_by = |by| {
        ServerMessage::Undoable(Undoable {
            by,
            change: Change::Setting(Setting::Title(None)),
            undoes: Some(Undone {
                author: MEMBERS[1],
                was_undo: false,
            }),
            ..change(by)
        })
    };
    let is_asked = |bench: &Bench| {
        let room = bench.session.status(bench.now).room.expect("a room");
        room.asked.is_some()
    };

    bench.server(undo_by(MEMBERS[1]));
    assert!(is_asked(&bench));
    bench.server(undo_by(MEMBERS[0]));

    assert!(!is_asked(&bench));
}

#[test]
fn a_newcomer_can_undo_an_earlier_change() {
    let mut bench = Bench::watching(Entered {
        undoable: Some(change(MEMBERS[1])),
        ..entered()
    });

    bench.command(Command::Room(RoomIntent::Undo));

    assert!(matches!(
        bench.sent()[..],
        [ClientMessage::Undo(Undo { number: 7, .. })]
    ));
}

#[test]
fn undo_is_not_sent_while_no_change_is_known() {
    let mut bench = Bench::watching(entered());

    bench.command(Command::Room(RoomIntent::Undo));

    let outputs = bench.outputs();
    assert_eq!(refused(&outputs), Some((Request::Undo, Refusal::NothingToUndo)));
    assert!(!outputs.iter().any(|o| matches!(o, Output::Send(_))));
}

#[test]
fn a_viewer_is_refused_on_the_spot() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));
    bench.server(ServerMessage::Undoable(change(MEMBERS[1])));
    bench.outputs();

    bench.command(Command::Room(RoomIntent::Undo));

    let outputs = bench.outputs();
    assert_eq!(refused(&outputs), Some((Request::Undo, Refusal::NotHost)));
    assert!(!outputs.iter().any(|o| matches!(o, Output::Send(_))));
}

#[test]
fn without_a_link_nothing_is_undone() {
    let mut bench = Bench::watching(entered());
    bench.server(ServerMessage::Undoable(change(MEMBERS[1])));
    bench.lose();
    bench.outputs();

    bench.command(Command::Room(RoomIntent::Undo));

    assert!(
        bench
            .outputs()
            .contains(&Output::Event(Event::Offline(Request::Undo)))
    );
}

#[test]
fn another_members_undo_is_shown_over_the_film() {
    let mut bench = Bench::watching(entered());
    let undoes = Some(Undone {
        author: MEMBERS[0],
        was_undo: false,
    });

    bench.server(ServerMessage::Undoable(Undoable {
        undoes,
        ..change(MEMBERS[1])
    }));

    assert_eq!(lines(&bench.outputs()), ["bo undid it: back at 41:02"]);
}

/// Loses the link, and takes the seat back in a room whose last change can be undone.
fn comes_back_to(bench: &mut Bench, undoable: Undoable) -> Vec<Undoable> {
    bench.lose();
    bench.reconnect();
    bench.outputs();
    bench.server(ServerMessage::RoomJoined(Entered {
        undoable: Some(undoable),
        ..entered()
    }));
    let reported = bench.outputs().into_iter().filter_map(|output| {
        if let Output::Event(Event::Undoable(undoable)) = output {
            Some(undoable)
        } else {
            None
        }
    });
    reported.collect()
}

#[test]
fn a_missed_seek_is_reported_once_after_the_return() {
    let mut bench = Bench::watching(entered());
    let missed = change(MEMBERS[1]);

    assert_eq!(
        comes_back_to(&mut bench, missed.clone()),
        std::slice::from_ref(&missed)
    );
    let later = Undoable {
        left_ms: 30_000,
        ..missed.clone()
    };
    assert_eq!(comes_back_to(&mut bench, later), []);
}

#[test]
fn a_missed_film_is_not_reported_as_undoable() {
    let mut bench = Bench::watching(entered());
    let put_on = Undoable {
        change: Change::Item,
        ..change(MEMBERS[1])
    };

    assert_eq!(comes_back_to(&mut bench, put_on), []);
}
