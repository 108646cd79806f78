//! Tests of toasts: events are noticed while the chat is hidden, and toasts go away by themselves.

use std::time::Duration;

use watchtogether_protocol::message::roster::LeaveReason;
use watchtogether_protocol::network::Network;

use crate::Update;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::machine::Machine as _;
use crate::test_support::*;

const F6: Key = Key::plain(Code::F(6));

impl Screen {
    /// Returns a room with enough messages to scroll, scrolled back.
    fn scrolled_back(width: u16, height: u16) -> Self {
        let mut screen = Self::room(width, height, ANA);
        for number in 0..60 {
            screen.says(BO, &format!("line {number:02}"));
        }
        screen.draw();
        screen.key(Key::plain(Code::PageUp));
        screen.draw();
        screen
    }

    fn bo_pauses(&mut self, seconds: i64) {
        self.pauses(BO, seconds * 1_000);
    }
}

#[test]
fn events_while_the_chat_is_scrolled_back_show_a_notice_for_a_while() {
    let mut screen = Screen::scrolled_back(80, 24);
    let before = screen.picture();

    screen.bo_pauses(10);

    let rows = screen.rows_with("bo paused at 00:10");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(
        rows[0].contains("bo paused at 00:10   │"),
        "at the right of the chat: {rows:?}"
    );
    let end = screen.now + Duration::from_secs(5);
    assert!(screen.app.next_frame_at().is_some_and(|at| at <= end));
    screen.wait(Duration::from_secs(5));
    assert_eq!(screen.picture(), before, "no row was moved for it");
}

#[test]
fn events_visible_in_the_chat_show_no_notice() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.draw();

    screen.bo_pauses(10);

    assert_eq!(screen.rows_with("bo paused at 00:10").len(), 1);
    assert_eq!(screen.app.state.toasts.iter().count(), 0);
}

#[test]
fn a_notice_disappears_when_the_chat_shows_the_event() {
    let mut screen = Screen::scrolled_back(80, 24);
    screen.bo_pauses(10);
    assert_eq!(screen.rows_with("bo paused").len(), 1);

    screen.key(Key::ctrl(Code::End));

    let rows = screen.rows_with("bo paused at 00:10");
    assert_eq!(rows.len(), 1, "in the chat alone: {rows:?}");
    assert!(rows[0].contains("-- bo paused"), "{rows:?}");
}

#[test]
fn behind_the_panels_people_who_come_and_go_are_one_notice() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.draw();
    screen.key(F6);
    screen.key(F6);
    screen.draw();

    for id in [BO, CHI] {
        screen.leaves(id, LeaveReason::Left);
    }

    assert_eq!(screen.rows_with("bo, chi left").len(), 1);
    screen.joins(member(BO, "bo"));
    assert_eq!(screen.rows_with("bo left and came back").len(), 1);
    assert_eq!(screen.app.state.toasts.iter().count(), 1);
}

#[test]
fn there_are_three_at_most_and_keys_do_what_they_did() {
    let mut screen = Screen::scrolled_back(80, 24);
    for (number, who) in [BO, CHI, BO, CHI].into_iter().enumerate() {
        screen.says(who, "between");
        screen.bo_pauses(i64::try_from(number).expect("a few"));
    }

    assert_eq!(screen.rows_with("bo paused").len(), 3);
    screen.types("hello");
    assert_eq!(screen.rows_with("[ana] hello").len(), 1);
}

#[test]
fn messages_are_counted_and_show_no_notice() {
    let mut screen = Screen::scrolled_back(80, 24);

    screen.says(BO, "psst");

    assert_eq!(screen.rows_with("psst").len(), 0);
    assert_eq!(screen.app.state.toasts.iter().count(), 0);
    assert_eq!(screen.rows_with(" new ").len(), 1);
}

#[test]
fn copying_shows_a_notice_everywhere() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.apply(Update::Invite(Some(local_invite(Network::Machine))));
    screen.sends("/invite");

    screen.key(Key::char('c'));

    assert_eq!(screen.rows_with("copied").len(), 1);
    screen.wait(Duration::from_secs(5));
    assert_eq!(screen.rows_with("copied").len(), 0);
}

#[test]
fn a_notice_covers_nothing_of_the_invite() {
    for (width, height) in [(120, 40), (80, 24), (50, 20)] {
        let mut screen = Screen::new(width, height);
        screen.enter(ANA, vec![member(ANA, "ana")]);
        screen.apply(Update::Invite(Some(own_invite(Network::Machine))));
        screen.draw();
        let before = screen.picture();

        let mut intents = screen.sends("/invite");
        intents.extend(screen.key(Key::char('c')));
        screen.key(Key::plain(Code::Esc));

        assert_eq!(intents.iter().filter(|i| matches!(i, Intent::Copy(_))).count(), 1);
        let banner: Vec<&str> = before.lines().take_while(|row| !row.starts_with('─')).collect();
        let after = screen.picture();
        assert!(after.contains(msg!("copied")), "{after}");
        for (before, after) in banner.into_iter().zip(after.lines()) {
            assert_eq!(after, before, "{width}x{height}");
        }
    }
}

#[test]
fn notices_stay_on_the_screen_at_every_size() {
    for (width, height) in [(120, 40), (50, 20), (40, 12), (30, 10), (20, 5), (12, 3)] {
        let mut screen = Screen::scrolled_back(width, height);

        screen.says(BO, "between");
        screen.bo_pauses(10);

        insta::assert_snapshot!(format!("toast_{width}x{height}"), screen.picture());
    }
}
