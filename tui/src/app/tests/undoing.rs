//! Tests of undo: the line about an action that can be undone says how, to the people concerned, for as long as it can be undone.

use std::time::Duration;

use watchtogether_protocol::message::roster::HostChangeReason;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::undo::{Change, ChangeId, Undone};
use watchtogether_protocol::{Epoch, MediaTime, RoomIntent};

use crate::key::{Code, Key};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::{EnteredRoom, EntryKind};
use crate::{Intent, Update};

/// The narration of a seek from 41:14 to 40:54.
const SEEK_LINE: &str = "bo went back 20 s, to 40:54";

impl Screen {
    /// Takes the seat back after a lost link; the change `undoable` is the last one that can be undone.
    fn comes_back(&mut self, undoable: Option<ChangeId>) {
        let members = [(ANA, "ana"), (BO, "bo"), (CHI, "chi")].map(|(id, name)| member(id, name));
        self.apply(Update::Entered(Box::new(EnteredRoom {
            room: "movie-night".parse().expect("a room's name"),
            you: ANA,
            settings: RoomSettings::default(),
            host: Some(ANA),
            members: members.to_vec(),
            transport: None,
            chat: Vec::new(),
            chat_has_gap: false,
            undoable,
            is_owner: false,
            how: EntryKind::Resumed,
        })));
    }
}

/// Returns the line that says where bo went, with how to undo it; `None` if there are several such lines.
fn seek_line(screen: &mut Screen) -> Option<String> {
    let rows = screen.rows_with("bo went ");
    let [row] = &rows[..] else { return None };
    let from_name = &row[row.find("bo went ")?..];
    let words = from_name.split('│').next()?;
    Some(words.trim_end().to_owned())
}

#[test]
fn a_growing_seek_is_one_line_with_the_same_numbers_for_everybody() {
    let mut ana = Screen::room(80, 24, ANA);
    let mut chi = Screen::room(80, 24, CHI);
    chi.says(ANA, "where was it?");
    for screen in [&mut ana, &mut chi] {
        screen.seek(4, BO, 2_472, 2_462);
    }
    ana.says(CHI, "further");

    for screen in [&mut ana, &mut chi] {
        screen.seek(4, BO, 2_474, 2_454);
    }

    assert_eq!(seek_line(&mut chi).as_deref(), Some(SEEK_LINE));
    assert_eq!(seek_line(&mut ana), Some(format!("{SEEK_LINE}  Alt-U\u{a0}undo")));
    let picture = ana.picture();
    assert!(
        picture.find("bo went back") < picture.find("further"),
        "{picture}"
    );
}

#[test]
fn a_member_who_joins_during_a_seek_reads_the_same_numbers_as_the_others() {
    let mut early = Screen::room(80, 24, CHI);
    early.seek(4, BO, 2_472, 2_462);
    let mut late = Screen::room(80, 24, CHI);

    for screen in [&mut early, &mut late] {
        screen.seek(4, BO, 2_474, 2_454);
    }

    for screen in [&mut early, &mut late] {
        assert_eq!(seek_line(screen).as_deref(), Some(SEEK_LINE));
    }
}

#[test]
fn another_seek_is_a_separate_line() {
    let mut screen = Screen::room(80, 24, CHI);

    screen.seek(4, BO, 2_472, 2_462);
    screen.seek(5, BO, 2_470, 2_460);

    assert_eq!(screen.rows_with("bo went back 10 s, to").len(), 2);
}

#[test]
fn an_action_offers_its_undo_for_as_long_as_it_can_be_undone() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.seek(1, BO, 2_472, 2_462);

    assert_eq!(
        screen
            .rows_with("bo went back 10 s, to 41:02  Alt-U\u{a0}undo")
            .len(),
        1
    );
    screen.wait(Duration::from_secs(59));
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
    let end = screen.now + Duration::from_secs(1);
    assert!(screen.app.next_frame_at().is_some_and(|at| at <= end));
    screen.wait(Duration::from_secs(1));
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 0);
    assert_eq!(screen.rows_with("bo went back 10 s, to 41:02").len(), 1);
}

#[test]
fn the_way_to_undo_is_that_of_the_mode() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.seek(1, BO, 2_472, 2_462);

    screen.key(Key::plain(Code::Esc));

    assert_eq!(screen.rows_with("to 41:02  u\u{a0}undo").len(), 1);
    assert_eq!(screen.key(Key::char('u')), [Intent::Room(RoomIntent::Undo)]);
}

#[test]
fn a_member_who_may_not_undo_is_not_told_how() {
    let mut screen = Screen::room(80, 24, CHI);
    screen.seek(1, ANA, 2_472, 2_462);
    assert_eq!(screen.rows_with("undo").len(), 0);

    screen.host_is(CHI, HostChangeReason::HostLeft);

    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
}

#[test]
fn only_the_last_action_offers_its_undo() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.seek(1, BO, 2_472, 2_462);
    screen.says(BO, "sorry");

    screen.seek(2, CHI, 2_472, 2_462);

    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
    assert_eq!(
        screen
            .rows_with("chi went back 10 s, to 41:02  Alt-U\u{a0}undo")
            .len(),
        1
    );
}

#[test]
fn an_undo_is_reported_with_both_names_and_can_be_undone() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.seek(1, BO, 2_472, 2_462);

    let back = Change::Place {
        from: MediaTime::from_millis(2_462_000),
        to: MediaTime::from_millis(2_472_000),
    };
    let undone = Undone {
        author: BO,
        was_undo: false,
    };
    screen.can_be_undone(2, CHI, back, Some(undone));

    assert_eq!(screen.rows_with("chi undid bo's seek: back at 41:12").len(), 1);
    assert_eq!(screen.rows_with("bo went back 10 s, to 41:02  Alt-U").len(), 0);
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
}

#[test]
fn a_returning_member_is_offered_to_undo_the_last_change_alone() {
    let epoch = Epoch {
        counter: 1,
        incarnation: 1,
    };
    for (last, ways) in [(4, 1), (5, 0)] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.seek(4, BO, 2_472, 2_462);
        assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
        let undoable = Some(ChangeId { epoch, number: last });

        screen.comes_back(undoable);

        assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), ways, "{last}");
    }
}

#[test]
fn a_hand_over_that_was_taken_back_is_one_line() {
    let mut screen = Screen::room(80, 24, BO);

    screen.host_is(BO, HostChangeReason::Undone);

    assert_eq!(screen.rows_with("host now").len(), 0);
}

#[test]
fn the_slash_command_undoes() {
    let mut screen = Screen::room(80, 24, BO);

    assert_eq!(screen.sends("/undo"), [Intent::Room(RoomIntent::Undo)]);
    assert_eq!(screen.alt('u'), [Intent::Room(RoomIntent::Undo)]);
}

#[test]
fn the_way_to_undo_is_whole_where_there_is_little_room() {
    for (width, height) in [(50, 20), (40, 12), (30, 10)] {
        let mut screen = Screen::room(width, height, ANA);

        screen.seek(1, BO, 2_472, 2_462);

        assert_eq!(screen.rows_with("undo").len(), 1, "{width}x{height}");
    }
}
