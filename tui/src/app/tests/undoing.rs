//! What can be undone says how, to whom it concerns, for as long as it can.

use std::time::Duration;

use watchtogether_protocol::message::roster::HostChangeReason;
use watchtogether_protocol::message::undo::{Change, Undoable, Undone};
use watchtogether_protocol::{MediaTime, MemberId};

use crate::key::{Code, Key};
use crate::test_support::*;
use crate::update::Happening;
use crate::{Intent, Update};

fn at(seconds: i64) -> MediaTime {
    MediaTime::from_millis(seconds * 1_000)
}

impl Screen {
    fn can_be_undone(&mut self, by: MemberId, undoes: Option<Undone>) {
        let until = self.now + Duration::from_mins(1);
        let undoable = Undoable {
            number: 1,
            by,
            change: Change::Place {
                from: at(2_462),
                to: at(2_472),
            },
            undoes,
            left_ms: 60_000,
        };
        self.apply(Update::Undoable { undoable, until });
    }

    fn goes_back(&mut self, who: MemberId) {
        self.apply(Update::Happened(Happening::Sought {
            who: Some(who),
            from: at(2_472),
            to: at(2_462),
        }));
        self.can_be_undone(who, None);
    }
}

#[test]
fn an_act_says_how_it_is_undone_for_as_long_as_it_can_be() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.goes_back(BO);

    assert_eq!(
        screen
            .rows_with("bo went back 10 s to 41:02  Alt-U\u{a0}undo")
            .len(),
        1
    );
    screen.wait(Duration::from_secs(59));
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
    let end = screen.now + Duration::from_secs(1);
    assert!(screen.app.next_frame_at().is_some_and(|at| at <= end));
    screen.wait(Duration::from_secs(1));
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 0);
    assert_eq!(screen.rows_with("bo went back 10 s to 41:02").len(), 1);
}

#[test]
fn the_way_to_undo_is_that_of_the_mode() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.goes_back(BO);

    screen.key(Key::plain(Code::Esc));

    assert_eq!(screen.rows_with("to 41:02  u\u{a0}undo").len(), 1);
    assert_eq!(screen.key(Key::char('u')), [Intent::Undo]);
}

#[test]
fn who_may_not_undo_is_not_told_how() {
    let mut screen = Screen::room(80, 24, CHI);
    screen.goes_back(ANA);
    assert_eq!(screen.rows_with("undo").len(), 0);

    screen.apply(Update::HostChanged {
        host: CHI,
        why: HostChangeReason::HostLeft,
    });

    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
}

#[test]
fn only_the_last_act_says_how_it_is_undone() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.goes_back(BO);
    screen.says(BO, "sorry");

    screen.goes_back(CHI);

    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
    assert_eq!(
        screen
            .rows_with("chi went back 10 s to 41:02  Alt-U\u{a0}undo")
            .len(),
        1
    );
}

#[test]
fn an_undo_is_told_with_both_names_and_can_be_undone_itself() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.goes_back(BO);

    screen.can_be_undone(
        CHI,
        Some(Undone {
            author: BO,
            was_undo: false,
        }),
    );

    assert_eq!(screen.rows_with("chi undid bo's seek: back at 41:12").len(), 1);
    assert_eq!(screen.rows_with("bo went back 10 s to 41:02  Alt-U").len(), 0);
    assert_eq!(screen.rows_with("Alt-U\u{a0}undo").len(), 1);
}

#[test]
fn a_hand_over_that_was_taken_back_is_one_line() {
    let mut screen = Screen::room(80, 24, BO);

    screen.apply(Update::HostChanged {
        host: BO,
        why: HostChangeReason::Undone,
    });

    assert_eq!(screen.rows_with("host now").len(), 0);
}

#[test]
fn the_slash_command_undoes() {
    let mut screen = Screen::room(80, 24, BO);

    assert_eq!(screen.sends("/undo"), [Intent::Undo]);
    assert_eq!(screen.alt('u'), [Intent::Undo]);
}

#[test]
fn the_way_to_undo_is_whole_where_there_is_little_room() {
    for (width, height) in [(50, 20), (40, 12), (30, 10)] {
        let mut screen = Screen::room(width, height, ANA);

        screen.goes_back(BO);

        assert_eq!(screen.rows_with("undo").len(), 1, "{width}x{height}");
    }
}
