//! Tests of the narration of actions in the chat: who did them, and which are not narrated.

use watchtogether_protocol::item::{FileMatch, Fingerprint, ItemSource, Length};
use watchtogether_protocol::message::roster::{LeaveReason, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};
use watchtogether_protocol::narration::{Fact, Presence};
use watchtogether_protocol::{Clean, Item, MediaTime};

use crate::Update;
use crate::test_support::*;
use crate::update::{Stop, StopKind};

#[test]
fn a_member_who_removes_another_reads_it_as_their_own_action() {
    for (reason, words) in [
        (LeaveReason::Kicked { by: ANA }, "you removed bo"),
        (LeaveReason::Banned { by: ANA }, "you banned bo"),
    ] {
        let mut screen = Screen::room(80, 24, ANA);
        let by = screen.person(ANA);

        let change = Presence::Left(reason);
        screen.happens(Some(BO), Fact::Presence { change, by });

        assert_eq!(screen.rows_with(words).len(), 1, "{words}");
    }
}

#[test]
fn a_banned_user_reads_it_once_in_the_chat_and_once_at_the_top() {
    let mut screen = Screen::room(80, 24, BO);
    screen.leaves(BO, LeaveReason::Banned { by: ANA });

    screen.apply(Update::Stopped(Stop {
        kind: StopKind::Removed,
        words: Clean::line("the host removed you"),
        hint: None,
        may_retry: true,
    }));

    assert_eq!(screen.rows_with("-- the host banned you").len(), 1);
    assert_eq!(screen.rows_with("the host banned you").len(), 2);
    assert_eq!(screen.rows_with("removed").len(), 0);
}

#[test]
fn a_silent_member_and_their_return_are_lines_and_other_standings_are_not() {
    let silent = Standing::Awaited(NotReady::Silent);
    let loads = Standing::Awaited(NotReady::Player(PlayerState::Loading));
    let mut screen = Screen::room(80, 24, ANA);
    for (was, is) in [
        (Standing::Ready, loads),
        (loads, Standing::Ready),
        (Standing::Ready, silent),
        (silent, Standing::Ready),
    ] {
        screen.happens(Some(BO), Fact::Standing { was, is });
    }

    let rows = screen.rows_with("-- bo ");
    let [first, second] = &rows[..] else {
        panic!("{rows:?}");
    };
    assert!(first.contains("bo is not responding"), "{first}");
    assert!(second.contains("bo is responding again"), "{second}");
}

#[test]
fn a_reader_is_told_only_of_their_departure_and_not_of_their_entry() {
    for change in [
        Presence::Joined,
        Presence::ConnectionLost,
        Presence::ConnectionBack,
        Presence::Left(LeaveReason::Left),
    ] {
        let mut screen = Screen::room(80, 24, ANA);
        let before = screen.rows_with("-- ").len();

        screen.presence(ANA, change);

        let is_reported = matches!(change, Presence::Left(_));
        let rows = screen.rows_with("-- ");
        assert_eq!(
            rows.len(),
            before + usize::from(is_reported),
            "{change:?}: {rows:?}"
        );
    }
}

#[test]
fn the_member_who_put_on_a_film_gets_only_new_reports_on_their_copy() {
    let rows = |file, is_own_choice| {
        let mut screen = Screen::room(80, 24, ANA);
        let film = Clean::line("Film.mkv");
        screen.happens(
            None,
            Fact::CopyCompared {
                film,
                file,
                is_own_choice,
            },
        );
        screen.rows_with("your copy of Film.mkv").len()
    };

    assert_eq!(rows(FileMatch::Same, true), 0);
    assert_eq!(rows(FileMatch::Same, false), 1);
    assert_eq!(rows(FileMatch::Growing, true), 1);
}

#[test]
fn a_length_that_was_found_is_a_line_only_of_a_file_that_grew() {
    for is_complete in [false, true] {
        let mut screen = Screen::room(80, 24, ANA);
        let item = Item {
            title: Clean::line("film.ts"),
            length: Length::Of(MediaTime::from_millis(3_661_000)),
            source: ItemSource::File {
                size: 1,
                fingerprint: Fingerprint([0; 32]),
            },
        };

        screen.happens(None, Fact::LengthFound { item, is_complete });

        let rows = screen.rows_with("film.ts is complete (1:01:01)");
        assert_eq!(rows.len(), usize::from(is_complete), "{rows:?}");
    }
}

#[test]
fn a_viewer_reads_at_the_top_that_they_are_one_where_there_is_room() {
    for (width, is_shown) in [(120, true), (80, true), (40, false)] {
        let mut screen = Screen::room(width, 24, BO);

        assert_eq!(
            screen.rows_with("you: viewer").len(),
            usize::from(is_shown),
            "{width}"
        );
    }
}
