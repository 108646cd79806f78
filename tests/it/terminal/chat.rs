//! Tests of the chat on the real screen: hyperlinks, the transcript, the external editor.

use super::Screen;
use crate::program::Home;

#[tokio::test]
async fn a_link_is_one_for_the_terminal_too_and_is_not_redrawn() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;

    screen.types("see https://example.org/cuts, ok?\r").await;
    screen.shows("ok?").await;
    screen.types("more\r").await;
    screen.shows(">   more").await;
    screen.types("\x1b[15~x").await;
    screen.shows("] x").await;

    let text = screen.text();
    let begin = "\x1b]8;id=wt0;https://example.org/cuts\x1b\\";
    // The user's line is drawn when it is sent and again when it is acknowledged; later lines move it.
    assert!((1..=3).contains(&text.matches(begin).count()), "{text:?}");
    assert_eq!(
        text.matches("\x1b]8;;\x1b\\").count(),
        text.matches(begin).count()
    );
    let shown = screen.pty.shown();
    assert!(shown.contains("see https://example.org/cuts, ok?"), "{shown}");
    screen.types("\x15/quit\r").await;
    screen.is_given_back().await;
}

#[tokio::test]
async fn the_chat_is_kept_in_a_file_of_the_users() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;
    screen.types("the first line\r").await;
    screen.shows("the first line").await;

    screen.types("/export ~/cha\t").await;
    screen.shows("no file or folder begins with that").await;
    screen.types("t.txt\r").await;
    screen.shows("chat saved to").await;

    let kept = std::fs::read_to_string(home.path().join("chat.txt")).expect("kept");
    assert!(kept.contains("<ana> the first line\n"), "{kept}");
    screen.types("/export ~/cha\t").await;
    screen.shows("/export ~/chat.txt").await;
    screen.types("\r").await;
    screen.shows("overwritten").await;
}

#[tokio::test]
async fn a_film_is_opened_by_its_path() {
    let home = Home::new();
    home.write("Film.mkv", "a film");
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;

    screen.types("/open ~/none.mkv\r").await;
    screen.shows("none.mkv").await;
    screen.types("/open ~/Fi\t").await;
    screen.shows("/open ~/Film.mkv").await;
    screen.types("\r").await;

    screen.shows("started Film.mkv").await;
}

#[tokio::test]
async fn a_message_is_written_in_the_users_editor_which_has_the_terminal_meanwhile() {
    let home = Home::new();
    // An editor that prints something, reads a line of the terminal, and replaces the file.
    home.write(
        "editor",
        "#!/bin/sh\nprintf 'EDITOR has %s\\n' \"$(cat \"$1\")\"\nread line\nprintf 'it says %s\\n' \"$line\" >\"$1\"\n",
    );
    let editor = format!("sh {}/editor", home.path().display());
    let mut screen = Screen::with(&home, &[("VISUAL", &editor)]);
    screen.shows("only you here").await;

    screen.types("draft\x18").await;
    screen.shows("EDITOR has draft").await;
    screen.types("hello\n").await;
    screen.shows("[ana] it says hello").await;
    screen.types("!\r").await;
    screen.shows("<ana>   it says hello!").await;

    screen.types("/quit\r").await;
    screen.is_given_back().await;
}

#[tokio::test]
async fn a_failing_editor_changes_nothing_and_is_reported() {
    let home = Home::new();
    let mut screen = Screen::with(&home, &[("VISUAL", "false")]);
    screen.shows("only you here").await;

    screen.types("draft\x18").await;

    screen.shows("the editor failed").await;
    screen.shows("[ana] draft").await;
}

#[tokio::test]
async fn an_earlier_line_is_found_again() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;
    for line in ["the first film", "the second film", "popcorn"] {
        screen.types(&format!("{line}\r")).await;
        screen.shows(&format!("<ana>   {line}")).await;
    }

    screen.types("draft\x12film").await;
    screen.shows("[ana] the second film").await;
    screen.types("\x12").await;
    screen.shows("[ana] the first film").await;
    screen.types("x").await;
    screen.shows("not found: filmx").await;
    screen.types("\x1b").await;
    screen.shows("[ana] draft").await;
}
