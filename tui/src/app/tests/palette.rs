//! Tests of the palette: finding, moving, choosing; and of other places that show the next keys.

use std::time::Duration;

use watchtogether_protocol::RoomIntent;

use crate::Intent;
use crate::action::ActionId;
use crate::key::{Code, Key};
use crate::keymap::{Keymap, Mode};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::Motion;

const ENTER: Key = Key::plain(Code::Enter);
const ESC: Key = Key::plain(Code::Esc);
const CTRL_P: Key = Key::ctrl(Code::Char('p'));

#[test]
fn the_palette_at_every_size() {
    for (width, height) in [(120, 40), (80, 24), (50, 20), (20, 5)] {
        let mut screen = Screen::watching(width, height);
        screen.key(CTRL_P);
        insta::assert_snapshot!(format!("palette_{width}x{height}"), screen.picture());
        screen.types("sync");
        screen.key(Key::plain(Code::Down));
        insta::assert_snapshot!(format!("palette_sync_{width}x{height}"), screen.picture());
    }
}

#[test]
fn typing_searches_and_enter_runs_the_action() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.types("a draft");

    screen.key(CTRL_P);
    screen.types("pp");
    assert_eq!(screen.key(ENTER), [Intent::Room(RoomIntent::Toggle)]);
    screen.key(CTRL_P);
    screen.types("speed");
    screen.key(ESC);

    assert_eq!(screen.app.state.editor.text(), "a draft", "neither took it");
    assert!(screen.app.state.overlay.is_none());
}

#[test]
fn an_action_with_an_argument_is_prepared_in_the_input_line() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.key(CTRL_P);
    screen.types("set the speed");
    assert!(screen.key(ENTER).is_empty());

    assert_eq!(screen.app.state.editor.text(), "/speed ");
    assert_eq!(screen.rows_with("/speed X  set the speed, 0.25 to 4").len(), 1);
}

#[test]
fn the_keys_of_lists_move_and_stop_at_both_ends() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(CTRL_P);
    let chosen = |screen: &Screen| match &screen.app.state.overlay {
        Some(crate::state::overlay::Overlay::Palette(palette)) => palette.chosen(),
        _ => panic!("the palette is open"),
    };
    let last = crate::action::ACTIONS.len() - 1;

    for (key, expected) in [
        (Key::plain(Code::Up), 0),
        (Key::plain(Code::Down), 1),
        (Key::plain(Code::PageDown), 11),
        (Key::plain(Code::PageUp), 1),
        (Key::ctrl(Code::Char('n')), 2),
        (CTRL_P, 1),
        (Key::plain(Code::End), last),
        (Key::plain(Code::PageDown), last),
        (Key::plain(Code::Home), 0),
    ] {
        screen.key(key);
        assert_eq!(chosen(&screen), expected, "{key}");
    }
    screen.key(Key::plain(Code::End));
    screen.types("q");
    assert_eq!(chosen(&screen), 0, "another search begins at its best row");
}

#[test]
fn an_empty_result_is_shown_and_enter_does_nothing() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(CTRL_P);
    screen.types("zzzz");

    assert_eq!(screen.rows_with("no matches").len(), 1);
    assert!(screen.key(ENTER).is_empty());
    screen.key(Key::ctrl(Code::Char('u')));
    assert!(screen.rows_with("no matches").is_empty());
    screen.key(Key::ctrl(Code::Char('c')));
    assert!(screen.app.state.overlay.is_none());
}

#[test]
fn a_command_shows_its_form_while_it_is_typed() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.types("/se");
    assert_eq!(screen.rows_with("/seek [+-]TIME  go to a time").len(), 1);
    assert_eq!(
        screen.rows_with("[ana] /seek [+-]TIME").len(),
        1,
        "and what is missing"
    );
    screen.key(Key::plain(Code::Backspace));
    assert_eq!(screen.rows_with("/speed  ").len(), 1, "several begin so");
    screen.key(Key::plain(Code::Backspace));
    screen.types("pla");
    assert_eq!(screen.rows_with("/player").len(), 1);
    screen.types("y");
    assert_eq!(
        screen.rows_with("/play  play, for everyone").len(),
        1,
        "it is whole"
    );
    screen.types("x");
    assert_eq!(screen.rows_with("Ctrl-P commands").len(), 1, "it is no command");
}

#[test]
fn a_started_command_shows_its_form() {
    let mut screen = Screen::room(80, 24, ANA);

    screen.key(Key::ctrl(Code::Char('g')));

    assert_eq!(
        screen
            .rows_with("/seek [+-]TIME  go to a time: 1:02:03, +90, -10")
            .len(),
        1
    );
    screen.types("9");
    assert_eq!(screen.rows_with("[ana] /seek 9").len(), 1);
}

#[test]
fn a_user_who_hesitates_in_keys_mode_is_shown_the_next_keys() {
    let mut screen = Screen::room(120, 24, ANA);
    screen.film(60_000, Motion::Paused);
    screen.key(ESC);
    screen.draw();
    let row = "slower";

    assert!(screen.rows_with(row).is_empty());
    let at = screen.app.next_frame_at().expect("it will");
    assert_eq!(at, screen.now + Duration::from_millis(600));
    screen.wait(Duration::from_millis(600));
    assert!(screen.app.needs_frame(screen.now));
    let shown = screen.rows_with(row);
    assert!(shown[0].contains("[ slower  ] faster"), "{shown:?}");
    assert!(!shown[0].contains("play/pause"), "the hint line has it");
    screen.key(Key::char(']'));
    screen.wait(Duration::from_millis(600));
    assert!(screen.rows_with(row).is_empty(), "the first key is enough");

    let mut viewer = Screen::room(120, 24, BO);
    viewer.key(ESC);
    viewer.wait(Duration::from_secs(1));
    assert!(viewer.rows_with(row).is_empty(), "the room is not theirs to move");
    assert_eq!(viewer.rows_with(" 0 louder").len(), 1);
    assert!(
        viewer.rows_with("reopen").is_empty(),
        "there is nothing to open again"
    );
}

#[test]
fn help_is_searched_by_typing() {
    let mut screen = Screen::room(80, 40, ANA);
    screen.key(Key::plain(Code::F(1)));

    screen.types("normal sp");
    assert_eq!(screen.rows_with("normal speed").len(), 1);
    assert!(screen.rows_with("send the message").is_empty());
    for _ in 0..9 {
        screen.key(Key::plain(Code::Backspace));
    }
    assert_eq!(screen.rows_with("send the message").len(), 1);
    screen.key(Key::plain(Code::F(1)));
    assert!(screen.app.state.overlay.is_none());
}

#[test]
fn the_palette_opens_by_a_colon_in_keys_mode() {
    let mut screen = Screen::room(80, 24, ANA);
    assert_eq!(
        Keymap::default().action(Mode::Keys, Key::char(':')),
        Some(ActionId::Palette)
    );
    screen.key(ESC);

    screen.key(Key::char(':'));
    screen.types("redraw");
    screen.key(ENTER);

    assert!(screen.app.needs_clear());
    assert_eq!(screen.app.state.mode, Mode::Keys);
}

/// Returns the styles of the cells between the borders around some text.
fn styles_around(screen: &mut Screen, text: &str) -> Vec<ratatui::style::Style> {
    let (x, y) = screen.place_of(text);
    let buffer = screen.buffer();
    let is_border = |x: &u16| matches!(buffer[(*x, y)].symbol(), "│" | "┤" | "├");
    let left = (0..x).rev().find(is_border).map_or(0, |x| x + 1);
    let right = (x..buffer.area.width)
        .find(is_border)
        .unwrap_or(buffer.area.width);
    let inside = left + 1..right - 1;
    inside.map(|x| buffer[(x, y)].style()).collect()
}

#[test]
fn a_chosen_row_has_one_style_from_end_to_end() {
    for opens in [
        Key::plain(Code::F(2)),
        Key::alt(Code::Char('2')),
        Key::ctrl(Code::Char('p')),
    ] {
        let width = if opens == Key::plain(Code::F(2)) { 60 } else { 120 };
        let mut screen = Screen::watching(width, 40);
        screen.draw();
        screen.key(opens);
        let chosen = if opens.ctrl {
            "play or pause, for everyone"
        } else {
            screen.key(Key::plain(Code::Down));
            "✓ bo"
        };

        let styles = styles_around(&mut screen, chosen);

        let first = styles[0];
        assert!(
            first.add_modifier.contains(ratatui::style::Modifier::REVERSED),
            "{opens}"
        );
        let others: Vec<_> = styles.iter().filter(|style| **style != first).collect();
        assert!(others.is_empty(), "{opens}: {others:?}");
    }
}
