//! Tests of questions that ask for confirmation, and of keys pressed while one is open.

use std::time::Duration;

use watchtogether_protocol::network::Network;

use crate::key::{Code, Key};
use crate::test_support::*;
use crate::{Intent, Update};

const ENTER: Key = Key::plain(Code::Enter);
const ESC: Key = Key::plain(Code::Esc);
const CTRL_Q: Key = Key::ctrl(Code::Char('q'));

#[test]
fn leaving_asks_who_hosts_others_and_nobody_else() {
    let mut viewer = Screen::room(80, 24, BO);
    assert_eq!(viewer.key(CTRL_Q), [Intent::Leave]);
    let mut host = Screen::room(80, 24, ANA);
    assert!(host.key(CTRL_Q).is_empty());
    assert_eq!(host.rows_with("2 people are still here.").len(), 1);
    assert_eq!(host.rows_with("Ctrl-Q leave   Esc cancel").len(), 1);
    assert_eq!(
        host.key(CTRL_Q),
        [Intent::Leave],
        "whoever means it says it twice"
    );

    let mut letter = Screen::room(80, 24, BO);
    letter.key(ESC);
    assert!(letter.key(Key::char('q')).is_empty(), "a bare letter always asks");
    assert_eq!(letter.key(CTRL_Q), [Intent::Leave]);
}

#[test]
fn leaving_the_local_server_says_that_the_room_ends_for_all() {
    let mut screen = Screen::room(80, 24, BO);
    screen.apply(Update::Invite(Some(local_invite(Network::Machine))));

    assert!(screen.key(CTRL_Q).is_empty());

    assert_eq!(screen.rows_with("End the room for 2 other people?").len(), 1);
    let words = "2 people are still here. The room runs on your machine, so it";
    assert_eq!(screen.rows_with(words).len(), 1);
    assert_eq!(screen.rows_with("Ctrl-Q end the room   Esc cancel").len(), 1);
    assert_eq!(screen.key(ESC), []);
    assert!(screen.rows_with("End the room").is_empty());
    screen.key(CTRL_Q);
    assert_eq!(screen.key(CTRL_Q), [Intent::Leave]);
}

#[test]
fn no_key_that_typing_produces_ends_a_room() {
    for key in "yYnNqQjJ 1"
        .chars()
        .map(Key::char)
        .chain([ENTER, Key::plain(Code::Tab)])
    {
        let mut screen = Screen::room(80, 24, ANA);
        screen.apply(Update::Invite(Some(local_invite(Network::Machine))));
        screen.key(CTRL_Q);

        assert_eq!(screen.key(key), [], "{key}");
    }
}

#[test]
fn typing_on_withdraws_a_question_and_loses_no_letter() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(CTRL_Q);

    assert_eq!(screen.bursts("yes, wait"), []);

    assert!(screen.rows_with("Leave the room?").is_empty());
    assert_eq!(screen.rows_with("[ana] yes, wait").len(), 1);
}

#[test]
fn an_answer_of_old_to_a_question_is_no_message_and_the_question_names_its_keys() {
    for text in ["y", "yes", "ok", "x", "q"] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.key(ESC);
        screen.key(Key::char('q'));
        assert_eq!(screen.rows_with("Leave the room?").len(), 1);

        let mut wanted = screen.bursts(text);
        wanted.extend(screen.settle());
        wanted.extend(screen.key(ENTER));

        assert_eq!(wanted, [], "{text}");
        assert_eq!(screen.rows_with("Leave the room?").len(), 1, "{text}");
        let words = "press Ctrl-Q to leave or Esc to cancel";
        assert_eq!(screen.rows_with(words).len(), 1, "{text}");
        assert_eq!(screen.key(CTRL_Q), [Intent::Leave], "{text}");
    }
}

#[test]
fn a_no_withdraws_a_question_silently() {
    for (text, enters) in [("n", false), ("no", false), ("n", true), ("No", true)] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.key(CTRL_Q);

        let mut wanted = screen.bursts(text);
        if enters {
            wanted.extend(screen.key(ENTER));
        } else {
            wanted.extend(screen.settle());
        }

        assert_eq!(wanted, [], "{text}");
        assert!(screen.rows_with("Leave the room?").is_empty(), "{text}");
        assert!(screen.rows_with("do not answer").is_empty(), "{text}");
        assert_eq!(screen.key(ENTER), [], "{text}: nothing stands in the line");
    }
}

#[test]
fn typing_on_at_a_question_brings_the_letter_that_opened_it_unless_it_was_read() {
    let opened_and_typed = |after_ms| {
        let mut screen = Screen::room(80, 24, ANA);
        screen.key(ESC);
        screen.key(Key::char('q'));
        screen.wait(Duration::from_millis(after_ms));
        assert_eq!(screen.bursts("uickly"), []);
        screen
    };

    assert_eq!(opened_and_typed(300).rows_with("[ana] quickly").len(), 1);
    assert_eq!(opened_and_typed(5_000).rows_with("[ana] uickly").len(), 1);
}
