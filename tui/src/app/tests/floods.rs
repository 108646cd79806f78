//! Tests with more lines than anybody can read.

use std::time::Duration;

use uuid::Uuid;
use watchtogether_protocol::item::Fingerprint;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, PlayerState};
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::narration::{CopyNews, Fact, Presence};
use watchtogether_protocol::{ChatId, Clean, Item, ItemSource, Length, MemberId};

use crate::Update;
use crate::model::chat_log::EntryBody;
use crate::test_support::*;

/// Sends the event with this number to the screen.
type SendEvent<'a> = &'a dyn Fn(&mut Screen, u32);

#[test]
fn a_flood_of_lines_is_cut_and_counted() {
    let mut screen = Screen::room(80, 24, BO);
    let own = ChatId(Uuid::from_u128(1 << 64));
    screen.apply(Update::ChatPending {
        id: own,
        text: Clean::line("can you read this?"),
        position: None,
    });
    for _ in 0..12_000 {
        screen.says(CHI, "spam");
        screen.wait(Duration::from_millis(1));
        screen.timeout();
    }
    let answer = ChatLine {
        id: own,
        ..screen.line_of(BO, "can you read this?")
    };
    screen.apply(Update::Chat(answer));
    screen.wait(Duration::from_secs(2));
    screen.timeout();

    let chat = &screen.app.room().expect("a room").chat;
    let bodies = || {
        (0..chat.len())
            .filter_map(|index| chat.entry(index))
            .map(|entry| &entry.body)
    };
    let message = bodies()
        .filter(|body| matches!(body, EntryBody::Message(message) if !message.is_own))
        .count();
    assert_eq!(message, 400 + 240, "a burst, and 20 a second");
    assert_eq!(message + left_out(&screen), 12_000);
    assert!(!chat.is_pending(own), "an own line is answered all the same");
    assert!(!screen.rows_with("lines skipped: too many at once").is_empty());
}

#[test]
fn a_flood_of_events_of_any_kind_is_cut_and_counted_too() {
    let joined_or_left = |screen: &mut Screen, n: u32| match n % 2 {
        0 => screen.joins(member(MemberId(1_000 + n), "eve")),
        _ => screen.leaves(MemberId(1_000 + n - 1), LeaveReason::Left),
    };
    let paused_or_played = |screen: &mut Screen, n: u32| {
        if n.is_multiple_of(2) {
            screen.pauses(CHI, 0);
        } else {
            screen.plays(CHI);
        }
    };
    let closed_or_back = |screen: &mut Screen, n: u32| {
        let closed = CopyNews::NotReady(NotReady::Player(PlayerState::Closed));
        let news = [closed, CopyNews::IsBack][n as usize % 2];
        screen.happens(Some(CHI), Fact::Copy { film: None, news });
    };
    let lost_or_back = |screen: &mut Screen, n: u32| {
        let change = [Presence::ConnectionLost, Presence::ConnectionBack][n as usize % 2];
        screen.presence(CHI, change);
    };
    let other_film = |screen: &mut Screen, n: u32| {
        let item = Item {
            title: Clean::line(&format!("Film {n}")),
            length: Length::Unknown,
            source: ItemSource::File {
                size: 1,
                fingerprint: Fingerprint([0; 32]),
            },
        };
        let is_undo = false;
        screen.happens(Some(CHI), Fact::ItemSet { item, is_undo });
    };
    let other_host = |screen: &mut Screen, n: u32| {
        screen.host_is([CHI, ANA][n as usize % 2], HostChangeReason::Transferred);
    };
    let floods: [(&str, SendEvent<'_>); 6] = [
        ("comings and goings", &joined_or_left),
        ("pauses", &paused_or_played),
        ("closed players", &closed_or_back),
        ("lost links", &lost_or_back),
        ("films", &other_film),
        ("hosts", &other_host),
    ];
    for (what, happens) in floods {
        let mut screen = Screen::room(80, 24, BO);
        for n in 0..2_000 {
            happens(&mut screen, n);
            screen.wait(Duration::from_millis(1));
            screen.timeout();
        }
        screen.wait(Duration::from_secs(2));
        screen.timeout();

        assert_eq!(left_out(&screen), 2_000 - 400 - 40, "{what}");
    }
}

/// Returns how many lines the chat says were left out.
fn left_out(screen: &Screen) -> usize {
    let chat = &screen.app.room().expect("a room").chat;
    let entries = (0..chat.len()).filter_map(|index| chat.entry(index));
    let counts = entries.filter_map(|entry| match &entry.body {
        EntryBody::Event(event) => event.words.split_once(" lines skipped").map(|(count, _)| {
            let count: usize = count.parse().expect("a number");
            count * usize::try_from(event.times).expect("a few")
        }),
        EntryBody::Message(_) | EntryBody::Presence(_) => None,
    });
    counts.sum()
}
