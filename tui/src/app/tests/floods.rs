//! More lines than anybody reads.

use std::time::Duration;

use uuid::Uuid;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Link, PlayerState};
use watchtogether_protocol::{ChatId, Clean, MediaTime, MemberId};

use crate::Update;
use crate::model::chat_log::Body;
use crate::test_support::*;
use crate::update::Happening;

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
    let said = bodies()
        .filter(|body| matches!(body, Body::Said(said) if !said.is_own))
        .count();
    assert_eq!(said, 400 + 240, "a burst, and 20 a second");
    assert_eq!(said + left_out(&screen), 12_000);
    assert!(!chat.is_pending(own), "an own line is answered all the same");
    assert!(!screen.rows_with("lines left out: too many at once").is_empty());
}

#[test]
fn a_flood_of_events_of_any_kind_is_cut_and_counted_too() {
    let eve = MemberId(66);
    let joined_or_left = |n: u32| match n % 2 {
        0 => Update::MemberJoined(member(MemberId(1_000 + n), "eve")),
        _ => Update::MemberLeft {
            id: MemberId(1_000 + n - 1),
            why: LeaveReason::Left,
        },
    };
    let paused_or_played = |n: u32| {
        let (who, position) = (Some(CHI), MediaTime::ZERO);
        Update::Happened(match n % 2 {
            0 => Happening::Paused { who, position },
            _ => Happening::Played { who },
        })
    };
    let closed_or_back = |n: u32| {
        let mut chi = member(CHI, "chi");
        chi.report.player = [PlayerState::Closed, PlayerState::Following][n as usize % 2];
        Update::MemberChanged(chi)
    };
    let lost_or_back = |n: u32| {
        let mut chi = member(CHI, "chi");
        chi.link = [Link::Lost, Link::Up][n as usize % 2];
        Update::MemberChanged(chi)
    };
    let other_film = |n: u32| {
        Update::Happened(Happening::ItemChanged {
            who: Some(CHI),
            title: Clean::line(&format!("Film {n}")),
            duration: None,
        })
    };
    let other_host = |n: u32| Update::HostChanged {
        host: [CHI, eve][n as usize % 2],
        why: HostChangeReason::Transferred,
    };
    let floods: [(&str, &dyn Fn(u32) -> Update); 6] = [
        ("comings and goings", &joined_or_left),
        ("pauses", &paused_or_played),
        ("closed players", &closed_or_back),
        ("lost links", &lost_or_back),
        ("films", &other_film),
        ("hosts", &other_host),
    ];
    for (what, update) in floods {
        let mut screen = Screen::room(80, 24, BO);
        for n in 0..2_000 {
            screen.apply(update(n));
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
        Body::Event(event) => event.words.split_once(" lines left out").map(|(count, _)| {
            let count: usize = count.parse().expect("a number");
            count * usize::try_from(event.times).expect("a few")
        }),
        Body::Said(_) | Body::Presence(_) => None,
    });
    counts.sum()
}
