//! Tests that text typed in the wrong mode, pasted, or pressed by mistake does no harm.

use super::*;

const ESC: &str = "\x1b";
const CTRL_Q: &str = "\x11";

#[tokio::test]
async fn words_typed_after_a_stray_esc_reach_the_input_line_and_nobody_loses_the_room() {
    let (at_ana, at_bo) = (Home::new(), Home::new());
    at_ana.write("Film.mkv", "a film");
    let args = "host Film.mkv --player none --port 0 --room film --name ana";
    let mut ana = Screen::of(&at_ana, 80, 24, args);
    ana.shows("you started Film.mkv").await;
    let mut bo = bo_joins(&at_bo, &ana).await;
    ana.shows("People 2").await;
    ana.types(ESC).await;
    ana.shows("KEYS").await;

    ana.types("quickly").await;
    ana.shows("[ana] quickly").await;
    ana.shows("you are typing a message; press Esc to use keys").await;
    ana.types(ESC).await;
    ana.shows("KEYS").await;
    ana.types("spoiler\r").await;

    bo.shows("<ana>   quicklyspoiler").await;
    bo.types("still here\r").await;
    ana.shows("still here").await;
    for screen in [&ana, &bo] {
        let shown = screen.pty.shown();
        let acted = ["End the room", "played", "paused at", "DISCONNECTED"];
        assert!(!acted.iter().any(|text| shown.contains(text)), "{shown}");
    }
}

#[tokio::test]
async fn a_viewer_without_a_connection_is_not_dropped_into_the_shell_by_a_letter() {
    let (at_ana, at_bo) = (Home::new(), Home::new());
    let mut ana = Screen::host(&at_ana, 80, 24);
    ana.shows("only you here").await;
    let mut bo = bo_joins(&at_bo, &ana).await;
    ana.shows("People 2").await;
    ana.types(CTRL_Q).await;
    ana.shows("Ctrl-Q end the room").await;
    ana.types(CTRL_Q).await;
    ana.is_given_back().await;
    bo.shows("DISCONNECTED").await;
    bo.types(ESC).await;
    bo.shows("KEYS").await;

    bo.types("q").await;

    bo.shows("Leave the room?").await;
    bo.types("y\r").await;
    bo.shows("press Ctrl-Q to leave or Esc to cancel").await;
    bo.shows("Leave the room?").await;
    bo.types("n\ri/quit\r").await;
    bo.end_with_the_terminal_as_it_was().await;
}

#[tokio::test]
async fn lines_pasted_as_terminals_do_it_ask_first_and_are_one_message() {
    let home = Home::new();
    let mut screen = Screen::host(&home, 80, 24);
    screen.shows("only you here").await;

    screen.types("\x1b[200~one\rtwo\rthree\rfour\r\x1b[201~").await;

    screen.shows("Paste all of it?").await;
    screen.types("\r").await;
    screen.types("\x19").await;
    screen.shows("[ana] one").await;
    let shown = screen.pty.shown();
    assert!(!shown.contains("<ana>"), "nothing was sent yet: {shown}");
    screen.types("\r").await;
    screen.shows("<ana>   one").await;
    screen.shows("four").await;
}

async fn bo_joins<'a>(at_bo: &'a Home, ana: &Screen<'_>) -> Screen<'a> {
    let args = format!("join '{}' --player none --name bo", ana.copied_invite());
    let mut bo = Screen::of(at_bo, 80, 24, &args);
    bo.shows("People 2").await;
    bo
}
