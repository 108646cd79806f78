//! Tests of the effects of keys and commands.

use std::time::Duration;

use watchtogether_protocol::network::Network;
use watchtogether_protocol::{Clean, MediaTime, Rate, RoomIntent};

use crate::key::{Code, Input, Key};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::{Motion, Stop, StopKind};
use crate::{Intent, Update};

const ENTER: Key = Key::plain(Code::Enter);
const ESC: Key = Key::plain(Code::Esc);
const CTRL_C: Key = Key::ctrl(Code::Char('c'));
const CTRL_Q: Key = Key::ctrl(Code::Char('q'));
const CTRL_Y: Key = Key::ctrl(Code::Char('y'));

fn seek_by(seconds: i64) -> Vec<Intent> {
    vec![Intent::Room(RoomIntent::SeekBy(MediaTime::from_millis(
        seconds * 1_000,
    )))]
}

#[test]
fn a_typed_line_is_sent_and_the_input_is_empty_again() {
    let mut screen = Screen::room(80, 24, BO);

    let wanted = screen.sends("hi there");

    assert_eq!(wanted, [Intent::Say(Clean::line("hi there"))]);
    assert!(screen.rows_with("hi there").is_empty());
    assert!(screen.key(ENTER).is_empty(), "nothing is never sent");
}

#[test]
fn a_double_slash_sends_a_slash() {
    let mut screen = Screen::room(80, 24, BO);

    assert_eq!(screen.sends("//shrug"), [Intent::Say(Clean::line("/shrug"))]);
}

#[test]
fn an_unknown_command_sends_nothing_stays_and_names_its_nearest() {
    let mut screen = Screen::room(80, 24, BO);

    assert!(screen.sends("/paly").is_empty());

    assert_eq!(screen.rows_with("Did you mean /play?").len(), 1);
    assert_eq!(screen.rows_with("[bo] /paly").len(), 1, "it can be mended");
    screen.key(Key::plain(Code::Backspace));
    assert!(screen.rows_with("Did you mean").is_empty(), "until the next key");
}

#[test]
fn every_slash_command_runs_its_action() {
    let mut screen = Screen::room(80, 24, ANA);
    let rate = Rate::from_f64(1.25).expect("in range");

    assert_eq!(screen.sends("/play"), [Intent::Room(RoomIntent::Play)]);
    assert_eq!(screen.sends("/pause"), [Intent::Room(RoomIntent::Pause)]);
    assert_eq!(
        screen.sends("/seek 1:10:00"),
        [Intent::Room(RoomIntent::SeekTo(MediaTime::from_millis(
            4_200_000
        )))]
    );
    assert_eq!(screen.sends("/seek -10"), seek_by(-10));
    assert_eq!(
        screen.sends("/speed 1.25"),
        [Intent::Room(RoomIntent::SetRate(rate))]
    );
    assert_eq!(
        screen.sends("/host BO"),
        [Intent::Room(RoomIntent::TransferHost { to: BO })]
    );
    assert_eq!(screen.sends("/go-on"), [Intent::Room(RoomIntent::GoOn)]);
    assert_eq!(screen.sends("/reopen"), [Intent::ReopenPlayer]);
    assert_eq!(screen.sends("/sync"), [Intent::SyncNow]);
    assert_eq!(screen.sends("/retry"), [Intent::Retry]);
}

#[test]
fn an_unknown_name_makes_nobody_host() {
    let mut screen = Screen::room(80, 24, ANA);

    assert!(screen.sends("/host dan").is_empty());
    assert_eq!(screen.rows_with("nobody here is called dan").len(), 1);
}

#[test]
fn you_and_me_mean_the_user_where_a_name_is_expected() {
    for word in ["you", "me", "Myself"] {
        let mut host = Screen::room(80, 24, ANA);
        let mut viewer = Screen::room(80, 24, BO);

        assert!(host.sends(&format!("/host {word}")).is_empty());
        assert_eq!(host.rows_with("you are already the host").len(), 1, "{word}");
        assert_eq!(
            viewer.sends(&format!("/host {word}")),
            [Intent::Room(RoomIntent::TransferHost { to: BO })]
        );
    }
    let mut viewer = Screen::room(80, 24, BO);
    assert!(viewer.sends("/host ana").is_empty());
    assert_eq!(viewer.rows_with("ana is already the host").len(), 1);
}

#[test]
fn alt_and_a_letter_acts_in_chat_mode_and_the_letter_in_keys_mode() {
    let mut screen = Screen::room(80, 24, ANA);

    assert_eq!(screen.alt('p'), [Intent::Room(RoomIntent::Toggle)]);
    assert!(screen.key(Key::char('p')).is_empty());
    screen.key(Key::plain(Code::Backspace));
    screen.key(ESC);
    assert_eq!(screen.key(Key::char('p')), [Intent::Room(RoomIntent::Toggle)]);
    assert_eq!(screen.key(Key::char(' ')), [Intent::Room(RoomIntent::Toggle)]);
    assert_eq!(screen.key(Key::plain(Code::Left)), seek_by(-5));
    assert_eq!(screen.key(Key::plain(Code::Up)), seek_by(60));

    screen.key(Key::char('i'));
    screen.types("p");
    assert_eq!(screen.rows_with("[ana] p").len(), 1);
}

#[test]
fn the_mode_is_always_visible() {
    let mut screen = Screen::room(80, 24, ANA);

    assert_eq!(screen.rows_with("CHAT").len(), 1);
    screen.key(ESC);
    assert_eq!(screen.rows_with("KEYS").len(), 1);
    assert!(screen.rows_with("CHAT").is_empty());
}

#[test]
fn a_slash_in_keys_mode_begins_a_command() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(ESC);

    assert_eq!(screen.sends("/pause"), [Intent::Room(RoomIntent::Pause)]);
}

#[test]
fn brackets_change_the_rooms_speed_from_what_it_is() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(ESC);
    assert!(screen.key(Key::char(']')).is_empty(), "nothing is on");
    screen.film(0, Motion::Playing);

    let rate = |rate| {
        vec![Intent::Room(RoomIntent::SetRate(
            Rate::from_f64(rate).expect("in range"),
        ))]
    };
    assert_eq!(screen.key(Key::char(']')), rate(1.1));
    assert_eq!(screen.key(Key::char('[')), rate(0.91));
    assert_eq!(screen.key(Key::char('{')), rate(0.5));
    assert_eq!(screen.key(Key::char('}')), rate(2.0));
    assert_eq!(screen.key(Key::plain(Code::Backspace)), rate(1.0));
}

#[test]
fn going_to_a_time_is_prepared_and_the_draft_is_one_key_away() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.types("draft");

    screen.key(Key::ctrl(Code::Char('g')));
    assert_eq!(screen.rows_with("[ana] /seek").len(), 1);
    screen.sends("90");
    screen.key(Key::plain(Code::Up));
    screen.key(Key::plain(Code::Up));

    assert_eq!(screen.rows_with("[ana] draft").len(), 1);
}

#[test]
fn tab_completes_names_and_commands_in_turn() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.joins(member(watchtogether_protocol::MemberId(4), "boris"));
    let tab = Key::plain(Code::Tab);

    screen.types("bo");
    screen.key(tab);
    assert_eq!(screen.rows_with("[ana] bo:").len(), 1);
    screen.key(tab);
    assert_eq!(screen.rows_with("[ana] boris:").len(), 1);
    screen.key(Key::ctrl(Code::Char('u')));
    screen.types("hey @ch");
    screen.key(tab);
    assert_eq!(screen.rows_with("[ana] hey @chi").len(), 1);
    screen.key(Key::ctrl(Code::Char('u')));
    screen.types("/pa");
    screen.key(tab);

    assert_eq!(screen.key(ENTER), [Intent::Room(RoomIntent::Pause)]);
}

#[test]
fn a_new_line_goes_into_the_message() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.types("one");
    screen.key(Key::ctrl(Code::Char('j')));

    assert_eq!(screen.sends("two"), [Intent::Say(Clean::text("one\ntwo"))]);
}

#[test]
fn a_long_paste_asks_first_however_its_lines_are_broken_and_a_short_one_does_not() {
    let mut screen = Screen::room(80, 24, ANA);
    let paste = |screen: &mut Screen, text: &str| screen.input(Input::paste(text));

    paste(&mut screen, "1\n2\n3");
    assert!(screen.rows_with("Paste all of it?").is_empty());
    screen.key(Key::ctrl(Code::Char('c')));
    for text in ["1\n2\n3\n4", "1\r2\r3\r4\r", "1\r\n2\r\n3\r\n4"] {
        paste(&mut screen, text);
        assert_eq!(screen.rows_with("Paste all of it?").len(), 1, "{text:?}");
        assert_eq!(
            screen.rows_with("This adds 4 lines to your message").len(),
            1,
            "{text:?}"
        );
        screen.key(ESC);
        assert!(screen.key(ENTER).is_empty(), "nothing was put in");
    }
    paste(&mut screen, "1\r2\r3\r4\x1b[31m");
    assert!(screen.key(ENTER).is_empty());
    screen.key(CTRL_Y);

    assert_eq!(screen.key(ENTER), [Intent::Say(Clean::text("1\n2\n3\n4[31m"))]);
}

#[test]
fn a_paste_that_would_be_cut_is_reported_before_it_is_cut() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.types("look: ");

    screen.input(Input::paste(&"x".repeat(2_000)));

    let words = "These are 2000 characters, 6 too many. The end will be cut off.";
    assert_eq!(screen.rows_with(words).len(), 1);
    screen.key(ESC);
    assert_eq!(screen.rows_with("[ana] look:").len(), 1, "nothing was put in");
}

#[test]
fn lines_pasted_into_a_terminal_that_does_not_mark_pastes_are_not_sent_one_by_one() {
    let mut screen = Screen::room(80, 24, ANA);
    let mut wanted = Vec::new();
    for c in "one\rtwo\r\rthree\r".chars() {
        let key = if c == '\r' { ENTER } else { Key::char(c) };
        wanted.extend(screen.input(Input::Key(key)));
    }
    screen.wait(Duration::from_millis(500));
    wanted.extend(screen.timeout());

    assert_eq!(wanted, [], "nothing was sent");
    assert_eq!(screen.rows_with("the pasted lines are one message").len(), 1);
    let text = "one\ntwo\n\nthree";
    assert_eq!(screen.key(ENTER), [Intent::Say(Clean::text(text))]);
}

#[test]
fn the_first_ctrl_c_clears_the_second_warns_the_third_leaves() {
    let mut screen = Screen::room(80, 24, BO);
    screen.types("draft");

    assert!(screen.key(CTRL_C).is_empty());
    assert!(screen.rows_with("[bo] draft").is_empty());
    assert!(screen.key(CTRL_C).is_empty());
    assert_eq!(screen.rows_with("Ctrl-C again to leave").len(), 1);

    assert_eq!(screen.key(CTRL_C), [Intent::Leave]);
}

#[test]
fn the_hint_to_leave_by_ctrl_c_disappears_when_it_no_longer_holds() {
    let mut screen = Screen::room(80, 24, BO);
    screen.key(CTRL_C);
    screen.wait(Duration::from_millis(4_999));
    screen.timeout();
    assert_eq!(screen.rows_with("Ctrl-C again to leave").len(), 1);

    screen.wait(Duration::from_millis(1));
    screen.timeout();

    assert!(screen.rows_with("again to leave").is_empty());
    assert!(screen.key(CTRL_C).is_empty(), "it says so first, every time");
    assert_eq!(screen.rows_with("Ctrl-C again to leave").len(), 1);
}

#[test]
fn a_host_who_presses_ctrl_c_again_and_again_ends_no_room() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.apply(Update::Invite(Some(local_invite(Network::Machine))));

    for _ in 0..12 {
        assert!(screen.key(CTRL_C).is_empty());
    }
}

#[test]
fn words_typed_after_a_stray_esc_are_text_and_do_nothing() {
    for text in [
        "quickly",
        "spoiler",
        "please wait",
        "undo it",
        "y",
        "[sic]",
        "who is that",
    ] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.film(60_000, Motion::Playing);
        screen.key(ESC);

        let mut wanted = screen.bursts(text);
        wanted.retain(|intent| !matches!(intent, Intent::Copy(_)));

        assert_eq!(wanted, [], "{text}");
        if text.len() > 1 {
            assert_eq!(screen.rows_with(&format!("[ana] {text}")).len(), 1, "{text}");
            assert_eq!(
                screen
                    .rows_with("you are typing a message; press Esc to use keys")
                    .len(),
                1
            );
        }
    }
}

#[test]
fn a_slowly_typed_word_neither_pauses_nor_asks_after_its_first_letter() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(ESC);
    let mut wanted = Vec::new();
    for c in "slip quip".chars() {
        wanted.extend(screen.input(Input::Key(Key::char(c))));
        screen.wait(Duration::from_millis(240));
        wanted.extend(screen.timeout());
    }

    assert_eq!(wanted, []);
    assert_eq!(screen.rows_with("[ana] slip quip").len(), 1);
}

#[test]
fn a_letter_and_an_enter_are_a_message_that_was_meant() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(ESC);

    let mut wanted = screen.input(Input::Key(Key::char('p')));
    wanted.extend(screen.key(ENTER));

    assert_eq!(wanted, [], "neither played nor sent");
    assert_eq!(screen.rows_with("[ana] p").len(), 1);
}

#[test]
fn a_space_and_the_arrows_act_at_once_in_keys_mode() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(ESC);

    assert_eq!(
        screen.input(Input::Key(Key::char(' '))),
        [Intent::Room(RoomIntent::Toggle)]
    );
    assert_eq!(screen.input(Input::Key(Key::plain(Code::Left))), seek_by(-5));
    assert_eq!(screen.input(Input::Key(Key::char('p'))), []);
    assert_eq!(
        screen.input(Input::Key(Key::plain(Code::Right))),
        [vec![Intent::Room(RoomIntent::Toggle)], seek_by(5)].concat(),
        "what waits goes first"
    );
}

#[test]
fn the_first_letter_typed_over_an_overlay_is_not_lost() {
    for opens in [Code::F(2), Code::F(7), Code::F(8)] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.key(Key::plain(opens));
        screen.bursts("hello");
        assert_eq!(screen.rows_with("[ana] hello").len(), 1, "{opens:?}");

        let mut screen = Screen::room(80, 24, ANA);
        screen.key(ESC);
        screen.key(Key::plain(opens));
        screen.bursts("hello");
        assert_eq!(screen.rows_with("[ana] hello").len(), 1, "{opens:?} in keys mode");
    }
    let mut screen = Screen::room(80, 24, ANA);
    screen.apply(Update::Invite(Some(local_invite(Network::Machine))));
    screen.sends("/invite");
    screen.bursts("cool");
    assert_eq!(screen.rows_with("[ana] cool").len(), 1);
}

#[test]
fn without_a_connection_a_letter_leaves_no_room() {
    let mut screen = Screen::room(80, 24, BO);
    screen.apply(Update::Stopped(stop(StopKind::Disconnected)));
    screen.key(ESC);

    assert_eq!(screen.key(Key::char('q')), []);

    assert_eq!(screen.rows_with("Leave the room?").len(), 1);
    assert_eq!(screen.key(CTRL_Q), [Intent::Leave]);
}

#[test]
fn help_lists_every_action_and_finds_a_word() {
    let mut screen = Screen::room(120, 120, BO);

    screen.key(Key::plain(Code::F(1)));
    let picture = screen.picture();
    for action in crate::action::ACTIONS {
        assert!(picture.contains(action.help()), "{}", action.name);
    }
    screen.key(ESC);
    screen.sends("/help seek");

    let picture = screen.picture();
    assert!(picture.contains("/seek [+-]TIME"));
    assert!(!picture.contains("send the message"));
}

#[test]
fn help_scrolls_no_further_than_its_end() {
    let mut screen = Screen::room(80, 24, BO);
    screen.key(Key::plain(Code::F(1)));
    screen.draw();
    for _ in 0..100 {
        screen.key(Key::plain(Code::Down));
        screen.draw();
    }
    let end = screen.picture();

    screen.key(Key::plain(Code::Up));

    assert_ne!(screen.picture(), end, "one step back is seen at once");
}

fn stop(kind: StopKind) -> Stop {
    Stop {
        kind,
        words: Clean::line("nobody answers at box.example.org:7843"),
        hint: None,
        may_retry: true,
    }
}

#[test]
fn before_there_is_a_room_letters_act_and_a_chord_leaves() {
    let mut screen = Screen::new(80, 24);
    screen.apply(Update::Stopped(stop(StopKind::Unreachable)));

    assert!(screen.key(Key::char('x')).is_empty());
    assert_eq!(screen.key(Key::char('a')), [Intent::Retry]);
    assert_eq!(screen.key(Key::char('q')), []);
    assert_eq!(screen.rows_with("Ctrl-Q leave").len(), 1);
    assert_eq!(screen.key(CTRL_Q), [Intent::Leave]);
}

#[test]
fn another_try_is_offered_only_where_it_can_help() {
    let mut screen = Screen::new(80, 24);
    screen.apply(Update::Stopped(Stop {
        kind: StopKind::PinMismatch,
        words: Clean::line("expected 5lmg, got k6tv"),
        hint: None,
        may_retry: false,
    }));

    assert!(screen.rows_with("try again").is_empty());
    assert!(screen.key(Key::char('a')).is_empty());
}

#[test]
fn suspending_is_the_same_key_everywhere() {
    let ctrl_z = Key::ctrl(Code::Char('z'));
    let mut screen = Screen::new(80, 24);
    assert_eq!(screen.key(ctrl_z), [Intent::Suspend]);
    let mut screen = Screen::room(80, 24, ANA);
    assert_eq!(screen.key(ctrl_z), [Intent::Suspend]);
    screen.key(Key::plain(Code::F(1)));
    assert_eq!(screen.key(ctrl_z), [Intent::Suspend]);

    screen.draw();
    screen.apply(Update::Resumed);
    assert!(screen.app.needs_clear());
}

#[test]
fn the_sync_details_open_by_key_and_slash_command_and_close_by_the_same_key() {
    let mut screen = Screen::watching(80, 24);
    let is_open = |screen: &mut Screen| screen.picture().contains("drift: how far");

    screen.key(Key::plain(Code::F(7)));
    assert!(is_open(&mut screen));
    screen.key(Key::plain(Code::F(7)));
    assert!(!is_open(&mut screen));
    screen.types("/details");
    screen.key(Key::plain(Code::Enter));
    assert!(is_open(&mut screen));
}

#[test]
fn a_key_for_a_command_of_the_host_refuses_a_viewer_before_they_type() {
    let mut viewer = Screen::room(80, 24, BO);
    viewer.alt('t');
    assert_eq!(viewer.rows_with("only ana can do that").len(), 1);
    assert_eq!(viewer.rows_with("/rename").len(), 0);

    let mut host = Screen::room(80, 24, ANA);
    host.alt('t');
    assert!(!host.rows_with("/rename").is_empty());
    assert!(host.sends(&"x".repeat(66)).is_empty());
    assert_eq!(host.rows_with("a title has 1 to 64 characters").len(), 1);
}
