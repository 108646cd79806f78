//! Tests of storing and restoring a room, and of the digest of its members' telemetry.

use std::collections::BTreeSet;

use watchtogether_protocol::MemberName;
use watchtogether_protocol::message::roster::MemberLink;

use super::super::snapshot::{NextLife, RoomChange, RoomRecord};
use super::*;

/// The tokens that prove the seats of the first and the second member of a test's room.
const FIRST: Token = Token::from_bytes([1; 32]);
const SECOND: Token = Token::from_bytes([2; 32]);

impl Harness {
    /// Ends the room's epoch after it was recorded, as a crash does, and begins the next one after a while, on a server with a
    /// new clock. Returns the epoch that ended.
    fn restart(&mut self, away: Duration) -> Epoch {
        let record = self.room.record(self.now);
        self.begin_again(record, away)
    }

    fn begin_again(&mut self, record: RoomRecord, away: Duration) -> Epoch {
        let over = self.timeline().epoch;
        let wall = self.room.wall(self.now).0 + u64::try_from(away.as_millis()).expect("some minutes");
        self.now = ServerTime::from_millis(3_600_007);
        let life = NextLife {
            incarnation: over.incarnation + 92,
            wall_origin: WallTime(wall - 3_600_007),
            is_kept: true,
            limits: Limits::default(),
        };
        self.room = Room::restore(record, life, self.now);
        self.forget();
        over
    }

    /// Takes back a seat from a previous epoch.
    fn return_to(&mut self, token: Token, seen: (Epoch, u64)) -> MemberId {
        let next = self.draw_token();
        let seat = self.room.resume(&token, next, seen, HOME, self.now);
        self.drain();
        seat.expect("the seat is kept")
    }
}

fn texts(entered: &Entered) -> Vec<&str> {
    entered.chat.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn a_room_that_comes_back_is_paused_where_it_was_with_its_chat() {
    let (mut harness, host, _viewer) = Harness::playing();
    harness.chat(host, 1, "see you");
    let position = harness.position();

    let over = harness.restart(Duration::from_secs(1));
    let newcomer = harness.enter("cy");

    let entered = harness.entered(newcomer);
    let timeline = entered.room.state.timeline;
    assert_eq!(
        (timeline.playback, timeline.position),
        (Playback::Paused, position)
    );
    assert_eq!((timeline.item, harness.cause().1), (ItemId(1), Reason::Restored));
    assert!(timeline.epoch > over && timeline.epoch.incarnation != over.incarnation);
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(texts(&entered), ["see you"]);
    assert_eq!(entered.room.created, WallTime(1_000_000 + 3_600_000));
}

#[test]
fn everybody_finds_their_seat_again_and_is_what_they_were() {
    let (mut harness, host, viewer) = Harness::watching();
    let before = [harness.member(host), harness.member(viewer)];
    let over = harness.restart(Duration::from_secs(3));
    assert!(
        [host, viewer]
            .iter()
            .all(|id| harness.member(*id).link == MemberLink::Lost)
    );

    let back = [SECOND, FIRST].map(|token| harness.return_to(token, (over, 0)));

    assert_eq!(back, [viewer, host]);
    assert!(harness.is_host(host));
    for (id, before) in [host, viewer].into_iter().zip(before) {
        let now = harness.member(id);
        assert_eq!(
            (now.name, now.avatar, now.role, now.joined, now.link),
            (
                before.name,
                before.avatar,
                before.role,
                before.joined,
                MemberLink::Up
            )
        );
    }
}

#[test]
fn members_whose_names_are_reserved_by_now_come_back_under_others() {
    let (mut harness, host, viewer) = Harness::watching();
    let third = harness.enter("cy");
    let mut record = harness.room.record(harness.now);
    for (seat, name) in record.seats.iter_mut().zip(["you", "Server"]) {
        seat.name = MemberName::existing(name).expect("a former program took it");
    }

    harness.begin_again(record, Duration::from_secs(3));

    let names = [host, viewer, third].map(|id| harness.member(id).name.to_string());
    assert_eq!(names, ["guest", "guest 2", "cy"]);
    assert!(harness.room.is_changed(), "the disk is told");
}

#[test]
fn a_token_that_was_used_before_the_restart_is_good_until_its_member_has_spoken() {
    let (mut harness, _host, viewer) = Harness::watching();
    harness.lose(viewer);
    harness.resume(SECOND, 0).expect("the seat is kept");

    let over = harness.restart(Duration::ZERO);

    assert_eq!(harness.return_to(SECOND, (over, 0)), viewer);
}

#[test]
fn a_seat_of_a_former_life_is_kept_for_as_long_as_any() {
    let (mut harness, host, viewer) = Harness::watching();
    let over = harness.restart(Duration::from_hours(70));

    harness.pass(just_before(LIMITS.seats.member));
    harness.return_to(SECOND, (over, 0));
    harness.pass(Duration::from_millis(1));

    assert!(harness.room.seat(host).is_none());
    assert!(harness.is_host(viewer));
}

#[test]
fn a_host_who_comes_back_late_takes_the_room_again() {
    let (mut harness, host, viewer) = Harness::watching();
    let over = harness.restart(Duration::from_secs(3));
    harness.return_to(SECOND, (over, 0));

    harness.pass(LIMITS.seats.host);
    assert!(harness.is_host(viewer));
    let over_again = harness.restart(Duration::from_secs(3));
    harness.return_to(FIRST, (over, 0));

    assert!(
        harness.is_host(host),
        "even if the server went once more meanwhile"
    );
    assert!(over_again > over);
}

#[test]
fn a_film_goes_on_as_if_the_server_had_been_there() {
    let (mut harness, _host, viewer) = Harness::playing();
    let position = harness.position();
    let over = harness.restart(Duration::from_secs(7));
    let newcomer = harness.enter("cy");
    harness.forget();
    harness.pass(Duration::from_secs(2));

    harness.return_to(SECOND, (over, 0));

    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(harness.position(), position + secs(9));
    let announced = harness.entered(viewer).room.state.timeline;
    assert_eq!(announced, harness.timeline());
    assert_eq!(
        harness.state(newcomer).map(|state| state.timeline),
        Some(announced)
    );
}

#[test]
fn a_film_does_not_go_on_for_a_restarted_client() {
    let (mut harness, _host, viewer) = Harness::playing();
    let position = harness.position();
    let over = harness.restart(Duration::from_secs(7));

    harness.return_to(SECOND, (Epoch::default(), 0));
    assert_eq!(harness.entered(viewer).you, viewer);
    assert_eq!(
        harness.timeline().playback,
        Playback::Paused,
        "nobody's player went on"
    );
    harness.return_to(FIRST, (over, 0));

    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(harness.position(), position + secs(7));
}

#[test]
fn a_film_goes_on_at_its_own_speed() {
    let (mut harness, host, _viewer) = Harness::playing();
    let rate = Rate::from_millionths(1_500_000).expect("a rate");
    harness.act(host, Action::SetRate { rate });
    harness.pass(Duration::from_secs(2));
    let position = harness.position();

    let over = harness.restart(Duration::from_secs(2));
    harness.return_to(FIRST, (over, 0));

    assert_eq!(harness.position(), position + secs(3));
}

#[test]
fn a_start_that_lay_ahead_still_lies_where_it_did() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.act(host, Action::Play);

    let over = harness.restart(Duration::ZERO);
    harness.return_to(FIRST, (over, 0));

    let ahead = harness.timeline().at.saturating_since(harness.now);
    assert_eq!(
        (ahead, harness.timeline().position),
        (LIMITS.playback.start_lead_min, MediaTime::ZERO)
    );
}

#[test]
fn a_film_goes_on_though_the_server_died_twice_before_anybody_was_back() {
    let (mut harness, ..) = Harness::playing();
    let position = harness.position();
    let over = harness.restart(Duration::from_secs(3));
    harness.pass(Duration::from_secs(1));
    harness.restart(Duration::from_secs(4));

    harness.return_to(SECOND, (over, 0));

    assert_eq!(harness.position(), position + secs(8));
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_paused_film_stays_paused() {
    let (mut harness, ..) = Harness::after_seek();

    let over = harness.restart(Duration::from_secs(1));
    harness.return_to(FIRST, (over, 0));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, secs(10))
    );
}

#[test]
fn a_film_that_nobody_came_back_to_in_time_is_paused_where_it_was() {
    let (mut harness, host, _viewer) = Harness::playing();
    let position = harness.position();
    let over = harness.restart(LIMITS.seats.interruption / 2);
    harness.pass(LIMITS.seats.interruption / 2);

    harness.return_to(FIRST, (over, 0));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, position)
    );
    harness.act(host, Action::Play);
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_wall_clock_that_was_set_back_starts_no_film() {
    let (mut harness, ..) = Harness::playing();
    let position = harness.position();
    let mut record = harness.room.record(harness.now);
    record.room.place.at.0 += 3_600_000;

    let over = harness.begin_again(record, Duration::from_secs(1));
    harness.return_to(FIRST, (over, 0));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, position)
    );
}

#[test]
fn a_newcomer_of_this_life_who_comes_back_starts_no_film() {
    let (mut harness, ..) = Harness::playing();
    harness.restart(Duration::from_secs(1));
    let newcomer = harness.enter("cy");
    harness.lose(newcomer);
    let token = Token::from_bytes([harness.draws; 32]);

    harness.resume(token, 0).expect("the seat is kept");

    assert_eq!(harness.timeline().playback, Playback::Paused);
}

#[test]
fn a_film_that_somebody_moved_since_the_restart_is_not_moved_back() {
    let (mut harness, host, _viewer) = Harness::playing();
    let over = harness.restart(Duration::from_secs(1));
    harness.return_to(FIRST, (over, 0));
    harness.act(host, Action::Pause { position: secs(30) });

    harness.return_to(SECOND, (over, 0));

    assert_eq!(
        (harness.timeline().playback, harness.position()),
        (Playback::Paused, secs(30))
    );
}

#[test]
fn a_returning_member_receives_missed_lines_and_nothing_twice() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(host, 1, "one");
    harness.chat(host, 2, "two");
    let over = harness.restart(Duration::from_secs(1));
    harness.return_to(FIRST, (over, 2));
    harness.chat(host, 3, "three");

    harness.return_to(SECOND, (over, 1));

    let entered = harness.entered(viewer);
    assert_eq!((texts(&entered), entered.chat_after), (vec!["two", "three"], 1));
    assert!(!entered.chat_has_gap);
}

#[test]
fn a_line_that_was_received_and_not_saved_does_not_count_as_received() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(host, 1, "saved");
    let record = harness.room.record(harness.now);
    harness.chat(viewer, 2, "too late");
    let over = harness.begin_again(record, Duration::from_secs(1));
    harness.return_to(FIRST, (over, 2));
    harness.chat(host, 3, "first again");

    harness.return_to(SECOND, (over, 2));
    harness.chat(viewer, 2, "too late");

    let entered = harness.entered(viewer);
    assert_eq!((texts(&entered), entered.chat_after), (vec!["first again"], 1));
    let last = harness.lines(host).pop().expect("a line");
    assert_eq!((last.text.as_str(), last.sequence), ("too late", 3));
}

#[test]
fn a_saved_line_that_is_sent_again_is_listed_once() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.chat(host, 1, "saved, and nobody heard of it");
    let over = harness.restart(Duration::from_secs(1));
    harness.return_to(FIRST, (over, 0));
    harness.forget();

    harness.chat(host, 1, "saved, and nobody heard of it");

    let lines: Vec<u64> = harness.lines(host).iter().map(|line| line.sequence).collect();
    assert_eq!(lines, [1]);
    assert_eq!(harness.room.last_line(), 1);
}

#[test]
fn a_life_that_this_room_never_had_is_answered_with_all_that_is_kept() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(host, 1, "one");
    harness.restart(Duration::from_secs(1));
    let elsewhere = Epoch {
        counter: 5,
        incarnation: 5,
    };

    harness.return_to(SECOND, (elsewhere, 70));

    let entered = harness.entered(viewer);
    assert_eq!((entered.chat.len(), entered.chat_after), (1, 0));
}

#[test]
fn only_so_many_lives_are_remembered() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.chat(host, 1, "one");
    let lives: Vec<Epoch> = (0..12).map(|_| harness.restart(Duration::ZERO)).collect();

    let heard: Vec<u64> = lives
        .iter()
        .map(|life| harness.room.last_common_line((*life, 1)))
        .collect();

    assert_eq!(heard, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn a_room_that_comes_back_gives_no_number_of_member_item_or_line_twice() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(host, 1, "see you");
    let over = harness.restart(Duration::from_secs(1));

    let newcomer = harness.enter("cy");
    harness.return_to(FIRST, (over, 1));
    harness.forget();
    harness.set_video(host, MediaTime::ZERO);
    harness.chat(host, 2, "here again");

    assert!(newcomer > viewer);
    assert_eq!(harness.timeline().item, ItemId(2));
    assert_eq!(harness.lines(host).first().map(|line| line.sequence), Some(2));
}

/// Applies changes to a record, as a store does.
fn apply(record: &mut RoomRecord, change: RoomChange) {
    record.room = change.room;
    let touched = |id| change.gone.contains(&id) || change.seats.iter().any(|seat| seat.member == id);
    record.seats.retain(|seat| !touched(seat.member));
    record.seats.extend(change.seats.iter().cloned());
    record.seats.sort_by_key(|seat| seat.member);
    record.chat.extend(change.chat);
}

#[test]
fn a_record_with_its_changes_is_the_room_as_it_is() {
    let mut harness = Harness::open();
    let mut kept = harness.room.record(harness.now);
    let acts: [&dyn Fn(&mut Harness); 10] = [
        &|harness| assert_eq!(harness.enter("ana"), MemberId(1)),
        &|harness| assert_eq!(harness.enter("ben"), MemberId(2)),
        &|harness| harness.set_video(MemberId(1), secs(3)),
        &|harness| harness.chat(MemberId(2), 1, "hello"),
        &|harness| harness.act(MemberId(1), Action::Play),
        &|harness| {
            let to = MemberId(2);
            harness.command(MemberId(1), RoomCommand::TransferHost(TransferHost { to }));
        },
        &|harness| {
            harness.lose(MemberId(1));
            harness.resume(FIRST, 0).expect("the seat is kept");
        },
        &|harness| {
            let on_stall = StallPolicy::GoOn;
            harness.command(
                MemberId(2),
                RoomCommand::SetRoom(SetRoom {
                    setting: Setting::OnStall(on_stall),
                }),
            );
        },
        &|harness| {
            let setting = Setting::Title(Some("Movie night".parse().expect("a title")));
            harness.command(MemberId(2), RoomCommand::SetRoom(SetRoom { setting }));
        },
        &|harness| harness.command(MemberId(1), RoomCommand::Leave),
    ];
    for (number, act) in acts.iter().enumerate() {
        harness.pass(Duration::from_millis(700));
        act(&mut harness);

        assert!(harness.room.is_changed(), "act {number}");
        apply(&mut kept, harness.room.changes(harness.now));

        assert!(!harness.room.is_changed(), "act {number}");
        assert_eq!(kept, harness.room.record(harness.now), "act {number}");
    }
}

#[test]
fn each_change_is_returned_once() {
    let (mut harness, host, _viewer) = Harness::watching();
    harness.chat(host, 1, "one");
    harness.room.record(harness.now);
    harness.chat(host, 2, "two");

    let change = harness.room.changes(harness.now);

    assert_eq!(
        (change.chat.len(), change.seats.len(), change.gone.len()),
        (1, 0, 0)
    );
    assert_eq!(harness.room.changes(harness.now).chat, []);
}

fn saved(harness: &Harness, id: MemberId) -> Vec<(u64, bool)> {
    let messages = harness.sent(id).into_iter();
    let saved = messages.filter_map(|message| {
        if let ServerMessage::Saved(saved) = message {
            Some((saved.chat, saved.is_failing))
        } else {
            None
        }
    });
    saved.collect()
}

#[test]
fn the_sender_of_a_line_is_told_that_it_is_saved() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.chat(host, 1, "one");
    harness.chat(host, 2, "two");

    harness.room.handle_saved(1);
    harness.room.handle_saved(1);
    harness.room.handle_saved(2);
    harness.drain();

    assert_eq!(saved(&harness, host), [(1, false), (2, false)]);
    assert_eq!(saved(&harness, viewer), []);
}

#[test]
fn failing_saves_and_their_end_are_reported_to_all() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.room.handle_not_saved();
    harness.room.handle_not_saved();
    harness.chat(host, 1, "goes on");
    let late = harness.enter("cy");
    harness.room.handle_saved(1);
    harness.drain();

    assert_eq!(saved(&harness, viewer), [(0, true), (1, false)]);
    let entered = harness.entered(late).saved.expect("the room is kept");
    assert!(entered.is_failing);
}

#[test]
fn a_room_that_is_not_kept_speaks_of_no_disk() {
    let mut config = config(StallPolicy::Wait);
    config.is_kept = false;
    let mut harness = Harness::open();
    harness.room = Room::new(config, Rate::NORMAL, harness.now);
    let host = harness.enter("ana");

    harness.room.handle_not_saved();
    harness.room.handle_saved(7);
    harness.drain();

    assert_eq!(harness.entered(host).saved, None);
    assert_eq!(saved(&harness, host), []);
}

fn drifting(microseconds: u32) -> Telemetry {
    Telemetry {
        drift_p95_us: Some(microseconds),
        ..Telemetry::default()
    }
}

#[test]
fn a_digest_names_the_worst_first_and_the_others_in_turn() {
    let mut harness = Harness::open();
    let members: Vec<MemberId> = (0..40).map(|i| harness.enter(&format!("m{i}"))).collect();
    for (drift, member) in members.iter().enumerate() {
        let drift = u32::try_from(drift).expect("a small number");
        harness
            .room
            .handle_telemetry(*member, drifting(drift), harness.now);
    }
    let worst: Vec<MemberId> = members.iter().rev().take(8).copied().collect();

    let digests: Vec<Vec<MemberId>> = (0..4)
        .map(|_| harness.room.digest().iter().map(|sample| sample.member).collect())
        .collect();

    for digest in &digests {
        assert_eq!(digest.len(), limits::DIGEST_MEMBERS);
        assert_eq!(digest[..8], worst);
    }
    let seen: BTreeSet<MemberId> = digests.concat().into_iter().collect();
    assert_eq!(seen.len(), members.len(), "four digests speak of all forty");
}

#[test]
fn a_digest_of_a_small_room_names_everybody_once() {
    let (mut harness, host, viewer) = Harness::watching();
    harness
        .room
        .handle_telemetry(viewer, drifting(5_000), harness.now);

    let digest = harness.room.digest();

    let members: Vec<MemberId> = digest.iter().map(|sample| sample.member).collect();
    assert_eq!(members, [viewer, host]);
    assert_eq!(digest[0].telemetry, drifting(5_000));
}

#[test]
fn a_digest_of_nobody_is_empty() {
    let mut harness = Harness::open();

    assert_eq!(harness.room.digest(), []);
}

#[test]
fn a_room_that_is_kept_after_its_end_is_paused_at_the_end() {
    let (mut harness, ..) = Harness::playing();
    harness.now = harness.now + Duration::from_mins(10);

    let record = harness.room.record(harness.now);

    assert_eq!(record.room.place.position, FILM);
}

#[test]
fn a_token_that_its_member_has_replaced_is_worth_nothing_after_a_restart() {
    let (mut harness, _host, viewer) = Harness::watching();
    let mut record = harness.room.record(harness.now);
    harness.lose(viewer);
    harness.resume(SECOND, 0).expect("the seat is kept");
    apply(&mut record, harness.room.changes(harness.now));
    let kept = record.seats.iter().find(|seat| seat.member == viewer);
    assert!(kept.is_some_and(|seat| seat.used_token.is_some()));

    harness.chat(viewer, 1, "back");
    apply(&mut record, harness.room.changes(harness.now));

    harness.begin_again(record, Duration::from_secs(1));
    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::SeatGone));
}
