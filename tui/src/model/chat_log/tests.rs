//! Tests of the chat log: events that share a line, unread messages, pending messages.

use super::*;
use uuid::Uuid;
use watchtogether_protocol::MemberName;
use watchtogether_protocol::message::roster::LeaveReason;

fn named(name: &str) -> Who {
    Who::Named(name.to_owned())
}

const ME: MemberId = MemberId(1);
const BO: MemberId = MemberId(2);

fn line(number: u128, from: MemberId, text: &str) -> ChatLine {
    ChatLine {
        sequence: 1,
        id: id(number),
        from,
        name: name(from),
        text: Clean::text(text),
        at: WallTime(0),
        position: None,
    }
}

fn id(number: u128) -> ChatId {
    ChatId(Uuid::from_u128(number))
}

fn name(id: MemberId) -> MemberName {
    let name = if id == ME { "mia" } else { "bo" };
    name.parse().expect("a short name")
}

fn add_message(log: &mut ChatLog, number: u128, from: MemberId, text: &str) -> bool {
    log.add_message(&line(number, from, text), 0, Some((ME, "mia")), true)
}

fn texts(log: &ChatLog) -> Vec<String> {
    (0..log.len())
        .filter_map(|index| log.entry(index))
        .map(|entry| match &entry.body {
            EntryBody::Message(message) => message.text.clone(),
            EntryBody::Event(event) => format!("{} {}", event.words, event.times),
            EntryBody::Presence(presence) => presence.words(),
        })
        .collect()
}

#[test]
fn an_own_line_stays_last_until_it_is_acknowledged() {
    let mut log = ChatLog::default();

    log.pending(id(1), &Clean::line("mine"), None, "mia", 0, WallTime(0));
    add_message(&mut log, 2, BO, "theirs");
    assert_eq!(texts(&log), ["theirs", "mine"]);
    add_message(&mut log, 1, ME, "mine");
    add_message(&mut log, 3, BO, "later");

    assert_eq!(texts(&log), ["theirs", "mine", "later"]);
}

#[test]
fn a_line_that_comes_twice_is_shown_once() {
    let mut log = ChatLog::default();

    assert!(add_message(&mut log, 1, BO, "hi"));
    assert!(!add_message(&mut log, 1, BO, "hi"));
    log.pending(id(1), &Clean::line("hi"), None, "mia", 0, WallTime(0));

    assert_eq!(texts(&log), ["hi"]);
}

#[test]
fn a_refused_line_gives_its_text_back() {
    let mut log = ChatLog::default();
    log.pending(id(1), &Clean::line("mine"), None, "mia", 0, WallTime(0));

    assert_eq!(log.refused(id(1)).as_deref(), Some("mine"));
    assert!(log.is_empty());
}

#[test]
fn the_marker_counts_messages_of_others_until_the_user_looks() {
    let mut log = ChatLog::default();
    add_message(&mut log, 1, ME, "mine");
    add_message(&mut log, 2, BO, "one");
    add_message(&mut log, 3, ME, "mine");
    add_message(&mut log, 4, BO, "two");

    assert_eq!(log.unread(), Some(Unread { first: 2, count: 2 }));
    assert_eq!(log.news_after(2), 1);
    assert!(log.mark_read());
    assert_eq!(log.unread(), None);
}

#[test]
fn earlier_lines_are_not_news() {
    let mut log = ChatLog::default();

    assert!(!log.add_message(&line(1, BO, "old"), 0, Some((ME, "mia")), false));
    assert_eq!(log.unread(), None);
}

#[test]
fn comings_and_goings_next_to_each_other_are_one_line() {
    let mut log = ChatLog::default();
    for (id, name, change) in [
        (2, "bo", Presence::Joined),
        (3, "chi", Presence::Joined),
        (4, "dan", Presence::Left(LeaveReason::Left)),
        (5, "eve", Presence::Joined),
        (5, "eve", Presence::Left(LeaveReason::Left)),
    ] {
        log.add_presence(MemberId(id), named(name), change, false, WallTime(0));
    }

    assert_eq!(texts(&log), ["bo, chi joined · dan left · eve joined and left"]);
    add_message(&mut log, 1, BO, "hi");
    log.add_presence(MemberId(6), named("fay"), Presence::Joined, false, WallTime(0));
    assert_eq!(log.len(), 3);
}

#[test]
fn the_same_event_again_is_counted() {
    let mut log = ChatLog::default();
    for _ in 0..3 {
        log.happened("no".to_owned(), Weight::Warning, FoldRule::Same, WallTime(0));
    }

    assert_eq!(texts(&log), ["no 3"]);
}

#[test]
fn the_same_event_with_what_terminals_measure_differently_is_counted_too() {
    let mut log = ChatLog::default();
    for _ in 0..2 {
        let words = "no \u{1f469}\u{200d}\u{1f52c}".to_owned();
        log.happened(words, Weight::Warning, FoldRule::Same, WallTime(0));
    }

    assert_eq!(texts(&log), ["no \u{1f469}\u{1f52c} 2"]);
}

#[test]
fn an_event_is_changed_in_place_and_later_messages_stay() {
    let mut log = ChatLog::default();
    let serial = log.happened("to 10".to_owned(), Weight::Calm, FoldRule::Never, WallTime(0));
    add_message(&mut log, 1, BO, "hi");

    assert!(log.reword(serial, "to 20"));

    assert_eq!(texts(&log), ["to 20 1", "hi"]);
    assert!(!log.reword(serial + 1, "to 30"), "what somebody said is theirs");
    log.clear();
    assert!(!log.reword(serial, "to 30"), "it is gone");
}

#[test]
fn an_entry_changed_in_place_is_never_folded_with_the_next() {
    let mut log = ChatLog::default();
    for _ in 0..2 {
        log.happened("to 10".to_owned(), Weight::Calm, FoldRule::Never, WallTime(0));
    }

    assert_eq!(texts(&log), ["to 10 1", "to 10 1"]);
}

#[test]
fn a_much_later_event_is_a_separate_line() {
    let mut log = ChatLog::default();
    let fold = FoldRule::Rate(Some(BO));
    let minutes = |minutes: u64| WallTime(minutes * 60_000);

    log.happened("1.5x".to_owned(), Weight::Calm, fold, minutes(0));
    log.happened("2x".to_owned(), Weight::Calm, fold, minutes(2));
    log.happened("no".to_owned(), Weight::Warning, FoldRule::Same, minutes(3));
    log.happened("no".to_owned(), Weight::Warning, FoldRule::Same, minutes(33));
    log.add_presence(BO, named("bo"), Presence::Joined, false, minutes(34));
    log.add_presence(
        BO,
        named("bo"),
        Presence::Left(LeaveReason::Left),
        false,
        minutes(90),
    );

    assert_eq!(
        texts(&log),
        ["1.5x 1", "2x 1", "no 1", "no 1", "bo joined", "bo left"]
    );
}

#[test]
fn a_name_is_a_mention_only_as_a_word() {
    assert!(mentions("hey Me!", "me"));
    assert!(mentions("@me look", "me"));
    assert!(!mentions("home", "me"));
    assert!(!mentions("anything", ""));
}

#[test]
fn the_oldest_go_when_there_are_too_many() {
    let mut log = ChatLog::default();
    for number in 0..ENTRIES + 5 {
        add_message(&mut log, number as u128, BO, "x");
    }

    assert_eq!(log.len(), ENTRIES);
    assert_eq!(log.index_of(1), 0, "a place that is gone is the oldest line");
}
