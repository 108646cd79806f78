//! Tests that chat has one order for all, contains each line once, and is bounded.

use super::*;

fn texts(lines: &[ChatLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn everybody_gets_the_same_lines_in_the_same_order() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.chat(viewer, 1, "one");
    harness.chat(host, 2, "two");
    harness.chat(viewer, 3, "three");

    let of_host = harness.lines(host);
    let of_viewer = harness.lines(viewer);
    assert_eq!(of_host, of_viewer);
    assert_eq!(texts(&of_host), ["one", "two", "three"]);
    let sequences: Vec<u64> = of_host.iter().map(|line| line.sequence).collect();
    assert_eq!(sequences, [1, 2, 3]);
}

#[test]
fn a_line_has_a_sender_a_time_and_a_position() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.command(
        viewer,
        RoomCommand::Chat(SendChat {
            id: ChatId(Uuid::from_u128(5)),
            text: Clean::text("look!"),
            position: Some(secs(12)),
        }),
    );

    let line = harness.lines(host).remove(0);
    assert_eq!((line.from, line.name.as_str()), (viewer, "ben"));
    assert_eq!(line.id, ChatId(Uuid::from_u128(5)));
    assert_eq!(line.position, Some(secs(12)));
    assert_eq!(line.at, WallTime(1_000_000 + 3_600_000));
}

#[test]
fn a_line_that_is_sent_again_is_listed_once_and_only_its_sender_is_told() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(viewer, 1, "hello");
    let first = harness.lines(viewer);
    harness.forget();

    harness.chat(viewer, 1, "hello");

    assert_eq!(harness.lines(viewer), first);
    assert_eq!(harness.lines(host), []);
    let joiner = harness.enter("cy");
    assert_eq!(texts(&harness.entered(joiner).chat), ["hello"]);
}

#[test]
fn two_members_may_have_drawn_the_same_id() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.chat(viewer, 1, "mine");
    harness.chat(host, 1, "mine too");

    assert_eq!(texts(&harness.lines(host)), ["mine", "mine too"]);
}

#[test]
fn five_lines_at_once_pass_and_the_sixth_is_told_when_to_come_again() {
    let (mut harness, host, viewer) = Harness::watching();

    for id in 1..=6 {
        harness.chat(viewer, id, "quick");
    }

    assert_eq!(
        harness.refusal(viewer),
        Some(Refused {
            request: Request::Chat,
            reason: Refusal::RateLimited,
            retry_after_ms: 1_000,
        })
    );
    assert_eq!(harness.lines(host).len(), 5);
    harness.pass(Duration::from_secs(1));
    harness.forget();
    harness.chat(viewer, 6, "quick");
    assert_eq!(harness.lines(host).len(), 1);
}

#[test]
fn a_wait_of_less_than_a_millisecond_is_still_a_wait() {
    let (mut harness, _host, viewer) = Harness::watching();
    for id in 1..=5 {
        harness.chat(viewer, id, "quick");
    }

    harness.pass(Duration::from_micros(999_800));
    harness.chat(viewer, 6, "quick");

    let refused = harness.refusal(viewer).expect("the sixth comes too soon");
    assert_eq!(refused.retry_after_ms, 1);
}

#[test]
fn a_line_that_is_sent_again_costs_no_budget() {
    let (mut harness, _host, viewer) = Harness::watching();

    for _ in 0..20 {
        harness.chat(viewer, 1, "hello?");
    }

    assert_eq!(harness.refusal(viewer), None);
}

#[test]
fn a_talkative_member_takes_nothing_from_the_others() {
    let (mut harness, host, viewer) = Harness::watching();
    for id in 1..=9 {
        harness.chat(viewer, id, "me");
    }
    harness.forget();

    harness.chat(host, 1, "me too");

    assert_eq!(texts(&harness.lines(viewer)), ["me too"]);
}

/// Fills the chat with numbered lines.
fn talk(harness: &mut Harness, from: MemberId, lines: usize, text: &str) {
    for id in 1..=lines as u128 {
        harness.chat(from, id, text);
        harness.pass(Duration::from_secs(1));
        harness.forget();
    }
}

#[test]
fn the_history_is_the_last_lines_and_no_more() {
    let (mut harness, _host, viewer) = Harness::watching();
    talk(&mut harness, viewer, limits::CHAT_HISTORY + 20, "on and on");

    let joiner = harness.enter("cy");

    let entered = harness.entered(joiner);
    assert_eq!(entered.chat.len(), limits::CHAT_HISTORY);
    assert_eq!(entered.chat.first().map(|line| line.sequence), Some(21));
    assert_eq!(entered.chat.last().map(|line| line.sequence), Some(320));
    assert!(!entered.chat_has_gap, "who is new misses nothing");
}

#[test]
fn a_history_of_the_longest_lines_still_fits_one_frame() {
    let (mut harness, _host, viewer) = Harness::watching();
    talk(
        &mut harness,
        viewer,
        limits::CHAT_HISTORY,
        &"🎬".repeat(limits::CHAT_CHARS),
    );

    let joiner = harness.enter("cy");

    let entered = harness.entered(joiner);
    let newest = entered.chat.last().map(|line| line.sequence);
    assert_eq!(newest, Some(limits::CHAT_HISTORY as u64));
    let frame = ServerMessage::RoomJoined(entered).to_frame();
    assert!(frame.len() <= limits::SERVER_FRAME_BYTES, "{} bytes", frame.len());
}

#[test]
fn a_resumed_member_gets_the_lines_since_without_a_gap() {
    let (mut harness, _host, viewer) = Harness::watching();
    let token = Token::from_bytes([2; 32]);
    talk(&mut harness, viewer, 10, "on and on");
    harness.lose(viewer);

    harness.resume(token, 7).expect("the seat is kept");

    let entered = harness.entered(viewer);
    let sequences: Vec<u64> = entered.chat.iter().map(|line| line.sequence).collect();
    assert_eq!(sequences, [8, 9, 10]);
    assert!(!entered.chat_has_gap);
}

#[test]
fn a_member_who_missed_more_than_is_kept_is_told_of_the_gap() {
    let (mut harness, _host, viewer) = Harness::watching();
    talk(&mut harness, viewer, limits::CHAT_HISTORY + 20, "on and on");
    harness.lose(viewer);

    harness
        .resume(Token::from_bytes([2; 32]), 7)
        .expect("the seat is kept");

    assert!(harness.entered(viewer).chat_has_gap);
}

#[test]
fn a_member_who_never_received_a_line_is_told_of_the_gap_too() {
    let (mut harness, host, viewer) = Harness::watching();
    talk(&mut harness, host, limits::CHAT_HISTORY + 1, "on and on");
    harness.lose(viewer);

    harness
        .resume(Token::from_bytes([2; 32]), 0)
        .expect("the seat is kept");

    assert!(harness.entered(viewer).chat_has_gap);
}

#[test]
fn a_dropped_line_that_is_sent_again_keeps_its_place() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(viewer, 1, "was this heard?");
    let first = harness.lines(viewer);
    talk(&mut harness, host, limits::CHAT_HISTORY, "on and on");
    harness.forget();

    harness.chat(viewer, 1, "was this heard?");

    assert_eq!(harness.lines(viewer), first);
    assert_eq!(harness.lines(host), []);
}

#[test]
fn a_last_line_that_never_was_harms_nobody() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.chat(viewer, 1, "hello");
    harness.lose(viewer);
    harness.forget();

    harness
        .resume(Token::from_bytes([2; 32]), u64::MAX)
        .expect("the seat is kept");

    let entered = harness.entered(viewer);
    assert_eq!((entered.chat, entered.chat_has_gap), (Vec::new(), false));
}
