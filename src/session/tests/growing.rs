//! Tests of a file that is still being written: the room gets its length from a host or co-host.

use watchtogether_protocol::message::playback::{LengthChanged, SetLength};
use watchtogether_protocol::message::roster::UserChanged;

use super::*;
use crate::player::{Extent, Window};

const LONGER: MediaTime = MediaTime::from_millis(900_000);

/// Returns a host in a room whose film is open.
fn hosting() -> Bench {
    Bench::watching(entered())
}

fn viewing() -> Bench {
    let mut entered = entered();
    entered.room.host = Some(MEMBERS[1]);
    entered.room.members = vec![
        member(MEMBERS[0], "ana", Role::Viewer),
        member(MEMBERS[1], "bo", Role::Host),
    ];
    Bench::watching(entered)
}

fn grow(bench: &mut Bench) {
    bench.player(PlayerEvent::Length {
        duration: None,
        extent: Extent::Growing,
    });
}

fn settle(bench: &mut Bench) {
    bench.player(PlayerEvent::Length {
        duration: Some(LONGER),
        extent: Extent::Whole,
    });
}

fn changed(bench: &mut Bench, length: Length) {
    let id = ItemId(1);
    bench.server(ServerMessage::LengthChanged(LengthChanged { id, length }));
}

/// Returns the lengths that the server was sent.
fn lengths(bench: &mut Bench) -> Vec<Length> {
    let sent = bench.sent().into_iter();
    let lengths = sent.filter_map(|message| {
        if let ClientMessage::SetLength(SetLength {
            id: ItemId(1),
            length,
        }) = message
        {
            Some(length)
        } else {
            None
        }
    });
    lengths.collect()
}

#[test]
fn a_host_whose_file_grows_removes_the_rooms_end_and_sends_the_final_one() {
    let mut bench = hosting();

    grow(&mut bench);
    assert_eq!(lengths(&mut bench), [Length::Unknown]);
    changed(&mut bench, Length::Unknown);
    settle(&mut bench);

    assert_eq!(lengths(&mut bench), [Length::Of(LONGER)]);
}

/// Lets the player report up to which position, in milliseconds, it can seek in the file.
fn written(bench: &mut Bench, ms: i64) {
    let status = PlayerStatus {
        window: Some(Window {
            from: MediaTime::ZERO,
            to: MediaTime::from_millis(ms),
        }),
        ..bench.paused_status()
    };
    bench.player(PlayerEvent::Status(status));
    bench.outputs();
}

fn refusals(outputs: &[Output]) -> Vec<Refusal> {
    let refusals = outputs.iter().filter_map(|output| {
        if let Output::Event(Event::Refused { reason, .. }) = output {
            Some(*reason)
        } else {
            None
        }
    });
    refusals.collect()
}

fn moves_room(outputs: &[Output]) -> bool {
    let is_move = |output: &Output| matches!(output, Output::Send(ClientMessage::VideoSync(_)));
    outputs.iter().any(is_move)
}

#[test]
fn a_seek_far_beyond_the_written_data_is_refused_with_a_reason() {
    let mut bench = hosting();
    grow(&mut bench);
    changed(&mut bench, Length::Unknown);
    written(&mut bench, 60_000);

    bench.command(Command::Room(RoomIntent::SeekTo(MediaTime::from_millis(
        3_600_000,
    ))));
    let outputs = bench.outputs();

    assert_eq!(refusals(&outputs), [Refusal::NotWritten]);
    assert!(!moves_room(&outputs), "{outputs:?}");
    bench.command(Command::Room(RoomIntent::SeekTo(MediaTime::from_millis(-5_000))));
    assert!(
        moves_room(&bench.outputs()),
        "before the beginning is the beginning"
    );
}

#[test]
fn a_seek_in_the_window_far_beyond_what_is_written_is_undone() {
    let mut bench = hosting();
    grow(&mut bench);
    changed(&mut bench, Length::Unknown);
    written(&mut bench, 60_000);

    bench.player(PlayerEvent::WindowRequest {
        generation: bench.generation(),
        at: bench.now,
        request: WindowRequest::Seek {
            position: MediaTime::from_millis(3_600_000),
        },
    });
    let outputs = bench.outputs();

    assert_eq!(refusals(&outputs), [Refusal::NotWritten]);
    assert!(!moves_room(&outputs), "{outputs:?}");
    let is_hold = |output: &Output| matches!(output, Output::Player(PlayerCommand::Hold { .. }));
    assert!(outputs.iter().any(is_hold), "{outputs:?}");
}

#[test]
fn a_length_that_the_room_did_not_take_is_sent_again_after_a_while() {
    let mut bench = hosting();
    grow(&mut bench);
    assert_eq!(lengths(&mut bench), [Length::Unknown]);

    let status = bench.paused_status();
    bench.player(PlayerEvent::Status(status));
    assert_eq!(lengths(&mut bench), []);
    bench.now = bench.now + Duration::from_secs(4);
    bench.player(PlayerEvent::Status(status));

    assert_eq!(lengths(&mut bench), [Length::Unknown]);
}

#[test]
fn a_file_that_grows_is_shown_as_growing_and_then_as_the_same() {
    let mut bench = hosting();

    grow(&mut bench);
    changed(&mut bench, Length::Unknown);
    assert_eq!(bench.session.status(bench.now).file, FileMatch::Growing);
    let reports = reports(&bench.outputs());
    assert_eq!(reports.last().map(|r| r.file), Some(FileMatch::Growing));
    settle(&mut bench);
    changed(&mut bench, Length::Of(LONGER));

    assert_eq!(bench.session.status(bench.now).file, FileMatch::Same);
}

#[test]
fn a_viewer_whose_copy_grows_leaves_the_rooms_length_alone() {
    let mut bench = viewing();

    grow(&mut bench);

    assert_eq!(lengths(&mut bench), []);
    assert_eq!(bench.session.status(bench.now).file, FileMatch::Growing);
}

#[test]
fn a_complete_file_of_the_rooms_length_reports_nothing() {
    let mut bench = hosting();

    bench.player(PlayerEvent::Length {
        duration: Some(MediaTime::from_millis(600_040)),
        extent: Extent::Whole,
    });

    assert_eq!(lengths(&mut bench), []);
}

/// Lets bo, the host, report how his copy compares.
fn bo_says(bench: &mut Bench, role: Role, file: FileMatch) {
    let mut bo = member(MEMBERS[1], "bo", role);
    bo.report.file = file;
    bench.server(ServerMessage::UserChanged(UserChanged { member: bo }));
}

/// Returns, for each reported length, whether the file is now complete.
fn sent_completeness(bench: &mut Bench) -> Vec<bool> {
    let outputs = bench.outputs().into_iter();
    let reported = outputs.filter_map(|output| {
        if let Output::Event(Event::LengthChanged { is_complete, .. }) = output {
            Some(is_complete)
        } else {
            None
        }
    });
    reported.collect()
}

#[test]
fn a_file_is_complete_once_it_has_grown() {
    let mut bench = viewing();

    bo_says(&mut bench, Role::Host, FileMatch::Growing);
    changed(&mut bench, Length::Unknown);
    bo_says(&mut bench, Role::Host, FileMatch::Same);
    changed(&mut bench, Length::Of(LONGER));
    changed(&mut bench, Length::Of(LONGER + MediaTime::from_millis(2_000)));

    assert_eq!(sent_completeness(&mut bench), [false, true, false]);
}

#[test]
fn a_film_opened_without_a_player_is_not_reported_as_complete() {
    let mut bench = viewing();
    changed(&mut bench, Length::Unknown);

    // The copy of a viewer who is downloading the film means nothing for the room's length.
    bo_says(&mut bench, Role::Viewer, FileMatch::Growing);
    changed(&mut bench, Length::Of(LONGER));

    assert_eq!(sent_completeness(&mut bench), [false, false]);
}

#[test]
fn a_film_after_one_that_grew_is_not_reported_as_complete() {
    let mut bench = viewing();
    bo_says(&mut bench, Role::Host, FileMatch::Growing);
    let mut next = state(20, Playback::Paused, 0);
    next.timeline.item = ItemId(2);
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(2),
        item: Item {
            length: Length::Unknown,
            ..item("next")
        },
        state: next,
    }));

    bench.server(ServerMessage::LengthChanged(LengthChanged {
        id: ItemId(2),
        length: Length::Of(LONGER),
    }));

    assert_eq!(sent_completeness(&mut bench), [false]);
}

#[test]
fn a_newcomer_learns_that_a_growing_file_is_complete() {
    let mut entered = entered();
    entered.room.host = Some(MEMBERS[1]);
    let mut bo = member(MEMBERS[1], "bo", Role::Host);
    bo.report.file = FileMatch::Growing;
    entered.room.members = vec![member(MEMBERS[0], "ana", Role::Viewer), bo];
    if let Some((_, item)) = &mut entered.room.item {
        item.length = Length::Unknown;
    }
    let mut bench = Bench::watching(entered);

    changed(&mut bench, Length::Of(LONGER));

    assert_eq!(sent_completeness(&mut bench), [true]);
}

#[test]
fn everybody_learns_the_final_length() {
    let mut bench = viewing();

    changed(&mut bench, Length::Of(LONGER));

    let room = bench.session.status(bench.now).room.expect("in the room");
    assert_eq!(room.item.and_then(|(_, item)| item.duration()), Some(LONGER));
}
