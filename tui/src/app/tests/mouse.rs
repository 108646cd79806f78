//! Tests of the effects of the mouse.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, RoomIntent};

use crate::key::{Code, Key, MouseAction};
use crate::keymap::Mode;
use crate::machine::Machine as _;
use crate::state::overlay::Overlay;
use crate::state::question::Question;
use crate::test_support::*;
use crate::update::Motion;
use crate::{Intent, Update};

#[test]
fn a_click_on_the_progress_line_moves_the_room_when_it_is_confirmed_within_a_second() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.film(0, Motion::Paused);
    let (column, row) = screen.place_of("╸");

    assert!(screen.mouse(MouseAction::Press, column + 26, row).is_empty());
    assert_eq!(screen.rows_with("click again to go to 01:01:57").len(), 1);
    screen.wait(Duration::from_millis(999));
    let wanted = screen.mouse(MouseAction::Press, column + 28, row);

    let expected = MediaTime::from_millis(7_435_000 * 26 / 52);
    assert_eq!(
        wanted,
        [Intent::Room(RoomIntent::SeekTo(expected))],
        "where the first click was"
    );
    assert!(screen.rows_with("click again").is_empty());
    assert!(screen.mouse(MouseAction::Press, column, row).is_empty());
    screen.draw();
    let at = screen.app.next_frame_at().expect("the offer ends");
    assert_eq!(at, screen.now + Duration::from_secs(1));
    screen.wait(Duration::from_secs(1));
    assert!(screen.rows_with("click again").is_empty());
    assert!(
        screen.mouse(MouseAction::Press, column, row).is_empty(),
        "too late"
    );
    screen.key(Key::char('x'));
    assert!(
        screen.mouse(MouseAction::Press, column, row).is_empty(),
        "a key came between"
    );
}

#[test]
fn the_wheel_scrolls_the_chat_and_the_list_that_lies_over_it() {
    let mut screen = Screen::room(80, 24, BO);
    for line in 0..60 {
        screen.says(ANA, &format!("line {line}."));
    }
    assert_eq!(screen.rows_with("line 59.").len(), 1);

    for _ in 0..3 {
        screen.mouse(MouseAction::WheelUp, 5, 8);
    }
    assert!(screen.rows_with("line 59.").is_empty());
    assert_eq!(screen.rows_with("line 50.").len(), 1);
    assert!(screen.click("↓").is_empty());
    assert_eq!(
        screen.rows_with("line 59.").len(),
        1,
        "the newest is a click away"
    );

    screen.key(Key::plain(Code::F(1)));
    let top = screen.picture();
    screen.mouse(MouseAction::WheelDown, 40, 10);
    assert_ne!(screen.picture(), top);
    screen.mouse(MouseAction::WheelUp, 40, 10);
    assert_eq!(screen.picture(), top);
}

#[test]
fn a_click_on_a_panel_opens_it_and_one_beside_it_closes_it() {
    let mut screen = Screen::watching(120, 40);

    screen.click("★ ana");
    assert!(matches!(screen.app.state.overlay, Some(Overlay::People { .. })));
    screen.draw();
    screen.mouse(MouseAction::Press, 0, 0);
    assert_eq!(screen.app.state.overlay, None);
    screen.click("Sync (last 60 s)");
    assert!(matches!(
        screen.app.state.overlay,
        Some(Overlay::SyncDetails { .. })
    ));
    screen.click("drift: how far");
    assert!(
        screen.app.state.overlay.is_some(),
        "a click on its text is none beside it"
    );

    let mut narrow = Screen::watching(50, 20);
    narrow.click("★ana");
    assert!(matches!(narrow.app.state.overlay, Some(Overlay::People { .. })));
}

#[test]
fn a_click_on_a_row_of_the_palette_does_it() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(Key::ctrl(Code::Char('p')));
    screen.types("play or pause");

    assert_eq!(
        screen.click("play or pause, for everyone"),
        [Intent::Room(RoomIntent::Toggle)]
    );
    assert_eq!(screen.app.state.overlay, None);
}

#[test]
fn a_click_never_answers_a_question() {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(Key::ctrl(Code::Char('q')));

    for (column, row) in [(0, 0), (40, 12), (20, 13)] {
        assert!(screen.mouse(MouseAction::Press, column, row).is_empty());
        screen.draw();
        assert_eq!(screen.app.state.overlay, Some(Overlay::Ask(Question::Leave)));
    }
}

#[test]
fn a_click_on_the_input_line_and_on_the_mode_leads_back_to_chat() {
    for what in ["[ana]", "KEYS"] {
        let mut screen = Screen::room(80, 24, ANA);
        screen.key(Key::plain(Code::Esc));

        screen.click(what);

        assert_eq!(screen.app.state.mode, Mode::Chat, "{what}");
    }
}

#[test]
fn the_mouse_is_left_to_the_terminal_and_taken_back() {
    let mut screen = Screen::room(80, 24, ANA);
    assert!(screen.app.has_mouse());

    screen.sends("/mouse off");
    assert!(!screen.app.has_mouse());
    assert_eq!(screen.rows_with("mouse off").len(), 1);
    screen.sends("/mouse");
    assert!(screen.app.has_mouse());
    screen.sends("/mouse on");
    assert!(screen.app.has_mouse());
}

#[test]
fn without_a_room_a_click_does_nothing() {
    let mut screen = Screen::new(80, 24);
    screen.apply(Update::Connecting {
        to: watchtogether_protocol::Clean::line("box.example.org"),
    });
    screen.draw();

    assert!(screen.mouse(MouseAction::Press, 40, 12).is_empty());
    assert!(screen.mouse(MouseAction::WheelUp, 40, 12).is_empty());
}
