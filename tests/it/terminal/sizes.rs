//! Tests of the screen in a terminal that changes its size.

use super::Screen;
use crate::program::Home;

/// The number of lines of a message that is longer than any chat shown here.
const LINES: usize = 60;

#[tokio::test]
async fn another_size_keeps_what_is_typed_and_the_place_in_the_chat() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;
    screen.says_lines().await;
    screen.types("\x1b[5~\x1b[5~half a th").await;
    screen.shows("↓ newest").await;
    screen.shows("[ana] half a th").await;

    screen.resizes(50, 20).await;
    screen.shows("1 here").await;
    screen.shows("[ana] half a th").await;
    screen.shows("↓ newest").await;
    screen.types("ought").await;
    screen.shows("half a thought").await;
    screen.resizes(20, 4).await;
    screen.shows("alf a thought").await;
    screen.resizes(120, 40).await;

    screen.shows("you: host").await;
    screen.shows("[ana] half a thought").await;
    screen.shows("↓ newest").await;
    assert!(!screen.pty.shown().contains("line 60"), "{}", screen.pty.shown());
}

#[tokio::test]
async fn another_size_keeps_what_lies_over_the_room_and_the_panel_that_has_the_keys() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 120, 40);
    screen.shows("only you here").await;

    screen.types("\x10people").await;
    screen.shows("> people").await;
    screen.resizes(50, 20).await;
    screen.shows("> people").await;
    screen.types("\x7f\x7f").await;
    screen.shows("> peop ").await;
    screen.resizes(80, 24).await;
    screen.shows("> peop ").await;
    screen.types("\x1b").await;
    screen.shows("People 1").await;

    screen.types("\x1b2").await;
    screen.shows("KEYS").await;
    screen.resizes(50, 20).await;
    screen.shows("You're the only one here.").await;
    screen.resizes(80, 24).await;
    screen.shows("People 1").await;
    screen.types("\r").await;
    screen.shows("everyone's sync").await;
}

#[tokio::test]
async fn home_keeps_what_is_typed_at_another_size() {
    let home = Home::new();
    let mut screen = Screen::of(&home, 80, 24, "");
    screen.shows("Open a room").await;
    screen.types("Film.mkv").await;
    screen.shows("[ Film.mkv").await;

    screen.resizes(20, 5).await;
    screen.shows("File Film.mkv").await;
    screen.types("\x1b[B").await;
    screen.resizes(120, 40).await;

    screen.shows("[ Film.mkv").await;
    screen.shows("▸ Room name").await;
}

impl Screen<'_> {
    /// Sends a message of many lines.
    async fn says_lines(&mut self) {
        for number in 1..=LINES {
            let end = if number == LINES { "\r" } else { "\n" };
            self.types(&format!("line {number:02}{end}")).await;
        }
        self.shows("line 60").await;
        // The message was sent and put in order.
        self.shows("[ana]").await;
    }
}
