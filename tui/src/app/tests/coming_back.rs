//! Tests of the lines saved from earlier sessions.

use ratatui::style::Modifier;
use uuid::Uuid;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, MemberId};

use crate::Update;
use crate::test_support::*;

fn line(number: u128, from: MemberId, text: &str) -> ChatLine {
    ChatLine {
        sequence: 0,
        id: ChatId(Uuid::from_u128(number)),
        from,
        name: "chi".parse().expect("a name"),
        text: Clean::line(text),
        at: WallTime(0),
        position: None,
    }
}

#[test]
fn lines_of_earlier_evenings_are_shown_above_dimmed_and_once() {
    let mut screen = Screen::new(80, 24);

    let nobody = MemberId(0);
    screen.apply(Update::Earlier(vec![
        line(1, nobody, "popcorn?"),
        line(2, BO, "salted"),
    ]));
    screen.enter(BO, vec![member(BO, "bo")]);
    screen.apply(Update::Chat(line(2, BO, "salted")));
    screen.apply(Update::Chat(line(3, BO, "back again")));

    let picture = screen.picture();
    let all = ["popcorn?", "salted", "end of earlier messages", "back again"];
    let places: Vec<Vec<usize>> = all
        .iter()
        .map(|words| picture.match_indices(words).map(|(at, _)| at).collect())
        .collect();
    assert!(places.iter().all(|found| found.len() == 1), "{picture}");
    assert!(places.is_sorted(), "{picture}");
    let is_dim = |screen: &mut Screen, words| screen.style_of(words).add_modifier.contains(Modifier::DIM);
    assert!(is_dim(&mut screen, "popcorn?"));
    assert!(!is_dim(&mut screen, "back again"));
}

#[test]
fn a_room_entered_again_within_one_evening_shows_no_earlier_lines() {
    let mut screen = Screen::room(80, 24, BO);

    screen.apply(Update::Earlier(vec![line(1, MemberId(0), "popcorn?")]));
    screen.enter(BO, vec![member(BO, "bo")]);

    assert!(screen.rows_with("popcorn?").is_empty());
}

#[test]
fn a_draft_comes_back_unless_something_is_typed_already() {
    let mut screen = Screen::room(80, 24, BO);

    screen.apply(Update::Draft("half a thought".to_owned()));
    assert_eq!(screen.rows_with("[bo] half a thought").len(), 1);
    assert_eq!(screen.rows_with("your unsent message is back").len(), 1);
    screen.types("!");
    screen.apply(Update::Draft("another".to_owned()));

    assert_eq!(screen.rows_with("[bo] half a thought!").len(), 1);
}
