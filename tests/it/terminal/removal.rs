//! Tests of removing a member from the menu of people.

use super::*;

/// The keys for the people list, its second row, and the menu of actions.
const MENU_OF_THE_SECOND: [&str; 3] = ["\x1bOQ", "\x1b[B", "\r"];

#[tokio::test]
async fn the_menu_bans_somebody_after_a_question_and_both_read_what_happened() {
    let (at_ana, at_bo) = (Home::new(), Home::new());
    let mut ana = Screen::host(&at_ana, 80, 24);
    ana.shows("only you here").await;
    let invite = ana.copied_invite();
    let join = format!("join '{invite}' --player none --name bo");
    let mut bo = Screen::of(&at_bo, 80, 24, &join);
    bo.shows("People 2").await;
    ana.shows("People 2").await;

    for keys in MENU_OF_THE_SECOND {
        ana.types(keys).await;
    }
    ana.shows("5 ban them").await;
    ana.types("5").await;
    ana.shows("bo will be removed and kept out for 7 days").await;
    ana.types("y").await;
    ana.shows("to ban bo or Esc to cancel").await;
    ana.types("\x19").await;

    ana.shows("you banned them").await;
    ana.shows("People 1").await;
    bo.shows("-- the host banned you").await;
    bo.shows("DISCONNECTED the host banned you").await;
    bo.types("\x1ba").await;
    bo.shows("DISCONNECTED you are banned from this room").await;
    bo.types("/quit\r").await;
    assert_eq!(bo.end().await, Some(4));
    ana.types("/unban bo\r").await;
    ana.shows("bo can join again").await;
    let mut bo = Screen::of(&at_bo, 80, 24, &join);
    bo.shows("People 2").await;
}
