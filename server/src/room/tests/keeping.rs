//! A room that is stored and restored, and the digest of its members' telemetry.

use std::collections::BTreeSet;

use watchtogether_protocol::MemberName;
use watchtogether_protocol::message::roster::MemberLink;

use super::super::snapshot::{NextLife, RoomChange, RoomRecord};
use super::*;

/// The tokens that prove the seats of the first and the second member of a stage.
const FIRST: Token = Token::from_bytes([1; 32]);
const SECOND: Token = Token::from_bytes([2; 32]);

impl Stage {
    /// Ends the room's life after it was recorded, as a crash does, and begins the next one after a while on a server with a new
    /// clock. Returns the life that is over.
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

    /// Takes again a seat that was taken in a former life.
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
fn a_room_that_comes_back_stands_where_it_was_with_all_that_was_said() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.say(host, 1, "see you");
    let position = stage.position();

    let over = stage.restart(Duration::from_secs(1));
    let newcomer = stage.enter("cy");

    let entered = stage.entered(newcomer);
    let timeline = entered.room.state.timeline;
    assert_eq!(
        (timeline.playback, timeline.position),
        (Playback::Paused, position)
    );
    assert_eq!((timeline.item, stage.cause().1), (ItemId(1), Reason::Restored));
    assert!(timeline.epoch > over && timeline.epoch.incarnation != over.incarnation);
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(texts(&entered), ["see you"]);
    assert_eq!(entered.room.created, WallTime(1_000_000 + 3_600_000));
}

#[test]
fn everybody_finds_their_seat_again_and_is_what_they_were() {
    let (mut stage, host, viewer) = Stage::watching();
    let before = [stage.member(host), stage.member(viewer)];
    let over = stage.restart(Duration::from_secs(3));
    assert!(
        [host, viewer]
            .iter()
            .all(|id| stage.member(*id).link == MemberLink::Lost)
    );

    let back = [SECOND, FIRST].map(|token| stage.return_to(token, (over, 0)));

    assert_eq!(back, [viewer, host]);
    assert!(stage.is_host(host));
    for (id, before) in [host, viewer].into_iter().zip(before) {
        let now = stage.member(id);
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
    let (mut stage, host, viewer) = Stage::watching();
    let third = stage.enter("cy");
    let mut record = stage.room.record(stage.now);
    for (seat, name) in record.seats.iter_mut().zip(["you", "Server"]) {
        seat.name = MemberName::existing(name).expect("a former program took it");
    }

    stage.begin_again(record, Duration::from_secs(3));

    let names = [host, viewer, third].map(|id| stage.member(id).name.to_string());
    assert_eq!(names, ["guest", "guest 2", "cy"]);
    assert!(stage.room.is_changed(), "the disk is told");
}

#[test]
fn a_token_that_was_used_before_the_restart_is_good_until_its_member_has_spoken() {
    let (mut stage, _host, viewer) = Stage::watching();
    stage.lose(viewer);
    stage.resume(SECOND, 0).expect("the seat is kept");

    let over = stage.restart(Duration::ZERO);

    assert_eq!(stage.return_to(SECOND, (over, 0)), viewer);
}

#[test]
fn a_seat_of_a_former_life_is_kept_for_as_long_as_any() {
    let (mut stage, host, viewer) = Stage::watching();
    let over = stage.restart(Duration::from_hours(70));

    stage.pass(just_before(LIMITS.seats.member));
    stage.return_to(SECOND, (over, 0));
    stage.pass(Duration::from_millis(1));

    assert!(stage.room.seat(host).is_none());
    assert!(stage.is_host(viewer));
}

#[test]
fn a_host_who_comes_back_late_takes_the_room_again() {
    let (mut stage, host, viewer) = Stage::watching();
    let over = stage.restart(Duration::from_secs(3));
    stage.return_to(SECOND, (over, 0));

    stage.pass(LIMITS.seats.host);
    assert!(stage.is_host(viewer));
    let over_again = stage.restart(Duration::from_secs(3));
    stage.return_to(FIRST, (over, 0));

    assert!(stage.is_host(host), "even if the server went once more meanwhile");
    assert!(over_again > over);
}

#[test]
fn a_film_goes_on_as_if_the_server_had_been_there() {
    let (mut stage, _host, viewer) = Stage::playing();
    let position = stage.position();
    let over = stage.restart(Duration::from_secs(7));
    let newcomer = stage.enter("cy");
    stage.forget();
    stage.pass(Duration::from_secs(2));

    stage.return_to(SECOND, (over, 0));

    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.position(), position + secs(9));
    let told = stage.entered(viewer).room.state.timeline;
    assert_eq!(told, stage.timeline());
    assert_eq!(stage.state(newcomer).map(|state| state.timeline), Some(told));
}

#[test]
fn a_film_does_not_go_on_for_a_client_that_starts_anew() {
    let (mut stage, _host, viewer) = Stage::playing();
    let position = stage.position();
    let over = stage.restart(Duration::from_secs(7));

    stage.return_to(SECOND, (Epoch::default(), 0));
    assert_eq!(stage.entered(viewer).you, viewer);
    assert_eq!(
        stage.timeline().playback,
        Playback::Paused,
        "nobody's player went on"
    );
    stage.return_to(FIRST, (over, 0));

    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.position(), position + secs(7));
}

#[test]
fn a_film_goes_on_at_its_own_speed() {
    let (mut stage, host, _viewer) = Stage::playing();
    let rate = Rate::from_millionths(1_500_000).expect("a rate");
    stage.act(host, Action::SetRate { rate });
    stage.pass(Duration::from_secs(2));
    let position = stage.position();

    let over = stage.restart(Duration::from_secs(2));
    stage.return_to(FIRST, (over, 0));

    assert_eq!(stage.position(), position + secs(3));
}

#[test]
fn a_start_that_lay_ahead_still_lies_where_it_did() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.act(host, Action::Play);

    let over = stage.restart(Duration::ZERO);
    stage.return_to(FIRST, (over, 0));

    let ahead = stage.timeline().at.saturating_since(stage.now);
    assert_eq!(
        (ahead, stage.timeline().position),
        (LIMITS.playback.start_lead_min, MediaTime::ZERO)
    );
}

#[test]
fn a_film_goes_on_though_the_server_died_twice_before_anybody_was_back() {
    let (mut stage, ..) = Stage::playing();
    let position = stage.position();
    let over = stage.restart(Duration::from_secs(3));
    stage.pass(Duration::from_secs(1));
    stage.restart(Duration::from_secs(4));

    stage.return_to(SECOND, (over, 0));

    assert_eq!(stage.position(), position + secs(8));
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_film_that_stood_stands() {
    let (mut stage, ..) = Stage::sought();

    let over = stage.restart(Duration::from_secs(1));
    stage.return_to(FIRST, (over, 0));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, secs(10))
    );
}

#[test]
fn a_film_that_nobody_came_back_to_in_time_stands_where_it_was() {
    let (mut stage, host, _viewer) = Stage::playing();
    let position = stage.position();
    let over = stage.restart(LIMITS.seats.interruption / 2);
    stage.pass(LIMITS.seats.interruption / 2);

    stage.return_to(FIRST, (over, 0));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, position)
    );
    stage.act(host, Action::Play);
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_wall_clock_that_was_set_back_starts_no_film() {
    let (mut stage, ..) = Stage::playing();
    let position = stage.position();
    let mut record = stage.room.record(stage.now);
    record.room.place.at.0 += 3_600_000;

    let over = stage.begin_again(record, Duration::from_secs(1));
    stage.return_to(FIRST, (over, 0));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, position)
    );
}

#[test]
fn a_newcomer_of_this_life_who_comes_back_starts_no_film() {
    let (mut stage, ..) = Stage::playing();
    stage.restart(Duration::from_secs(1));
    let newcomer = stage.enter("cy");
    stage.lose(newcomer);
    let token = Token::from_bytes([stage.draws; 32]);

    stage.resume(token, 0).expect("the seat is kept");

    assert_eq!(stage.timeline().playback, Playback::Paused);
}

#[test]
fn a_film_that_somebody_moved_since_the_restart_is_not_moved_back() {
    let (mut stage, host, _viewer) = Stage::playing();
    let over = stage.restart(Duration::from_secs(1));
    stage.return_to(FIRST, (over, 0));
    stage.act(host, Action::Pause { position: secs(30) });

    stage.return_to(SECOND, (over, 0));

    assert_eq!(
        (stage.timeline().playback, stage.position()),
        (Playback::Paused, secs(30))
    );
}

#[test]
fn whoever_comes_back_hears_what_was_missed_and_nothing_twice() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "one");
    stage.say(host, 2, "two");
    let over = stage.restart(Duration::from_secs(1));
    stage.return_to(FIRST, (over, 2));
    stage.say(host, 3, "three");

    stage.return_to(SECOND, (over, 1));

    let entered = stage.entered(viewer);
    assert_eq!((texts(&entered), entered.chat_after), (vec!["two", "three"], 1));
    assert!(!entered.chat_has_gap);
}

#[test]
fn a_line_that_was_heard_and_not_saved_is_not_counted_as_heard() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "saved");
    let record = stage.room.record(stage.now);
    stage.say(viewer, 2, "too late");
    let over = stage.begin_again(record, Duration::from_secs(1));
    stage.return_to(FIRST, (over, 2));
    stage.say(host, 3, "first again");

    stage.return_to(SECOND, (over, 2));
    stage.say(viewer, 2, "too late");

    let entered = stage.entered(viewer);
    assert_eq!((texts(&entered), entered.chat_after), (vec!["first again"], 1));
    let last = stage.lines(host).pop().expect("a line");
    assert_eq!((last.text.as_str(), last.sequence), ("too late", 3));
}

#[test]
fn a_line_that_was_saved_and_is_sent_again_stands_once() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.say(host, 1, "saved, and nobody heard of it");
    let over = stage.restart(Duration::from_secs(1));
    stage.return_to(FIRST, (over, 0));
    stage.forget();

    stage.say(host, 1, "saved, and nobody heard of it");

    let lines: Vec<u64> = stage.lines(host).iter().map(|line| line.sequence).collect();
    assert_eq!(lines, [1]);
    assert_eq!(stage.room.last_line(), 1);
}

#[test]
fn a_life_that_this_room_never_had_is_answered_with_all_that_is_kept() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "one");
    stage.restart(Duration::from_secs(1));
    let elsewhere = Epoch {
        counter: 5,
        incarnation: 5,
    };

    stage.return_to(SECOND, (elsewhere, 70));

    let entered = stage.entered(viewer);
    assert_eq!((entered.chat.len(), entered.chat_after), (1, 0));
}

#[test]
fn only_so_many_lives_are_remembered() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.say(host, 1, "one");
    let lives: Vec<Epoch> = (0..12).map(|_| stage.restart(Duration::ZERO)).collect();

    let heard: Vec<u64> = lives
        .iter()
        .map(|life| stage.room.last_common_line((*life, 1)))
        .collect();

    assert_eq!(heard, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn a_room_that_comes_back_gives_no_number_of_member_item_or_line_twice() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "see you");
    let over = stage.restart(Duration::from_secs(1));

    let newcomer = stage.enter("cy");
    stage.return_to(FIRST, (over, 1));
    stage.forget();
    stage.set_video(host, MediaTime::ZERO);
    stage.say(host, 2, "here again");

    assert!(newcomer > viewer);
    assert_eq!(stage.timeline().item, ItemId(2));
    assert_eq!(stage.lines(host).first().map(|line| line.sequence), Some(2));
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
    let mut stage = Stage::open();
    let mut kept = stage.room.record(stage.now);
    let acts: [&dyn Fn(&mut Stage); 10] = [
        &|stage| assert_eq!(stage.enter("ana"), MemberId(1)),
        &|stage| assert_eq!(stage.enter("ben"), MemberId(2)),
        &|stage| stage.set_video(MemberId(1), secs(3)),
        &|stage| stage.say(MemberId(2), 1, "hello"),
        &|stage| stage.act(MemberId(1), Action::Play),
        &|stage| {
            let to = MemberId(2);
            stage.tell(MemberId(1), RoomCommand::TransferHost(TransferHost { to }));
        },
        &|stage| {
            stage.lose(MemberId(1));
            stage.resume(FIRST, 0).expect("the seat is kept");
        },
        &|stage| {
            let on_stall = StallPolicy::GoOn;
            stage.tell(
                MemberId(2),
                RoomCommand::SetRoom(SetRoom {
                    setting: Setting::OnStall(on_stall),
                }),
            );
        },
        &|stage| {
            let setting = Setting::Title(Some("Movie night".parse().expect("a title")));
            stage.tell(MemberId(2), RoomCommand::SetRoom(SetRoom { setting }));
        },
        &|stage| stage.tell(MemberId(1), RoomCommand::Leave),
    ];
    for (number, act) in acts.iter().enumerate() {
        stage.pass(Duration::from_millis(700));
        act(&mut stage);

        assert!(stage.room.is_changed(), "act {number}");
        apply(&mut kept, stage.room.changes(stage.now));

        assert!(!stage.room.is_changed(), "act {number}");
        assert_eq!(kept, stage.room.record(stage.now), "act {number}");
    }
}

#[test]
fn what_was_handed_out_is_not_handed_out_again() {
    let (mut stage, host, _viewer) = Stage::watching();
    stage.say(host, 1, "one");
    stage.room.record(stage.now);
    stage.say(host, 2, "two");

    let change = stage.room.changes(stage.now);

    assert_eq!(
        (change.chat.len(), change.seats.len(), change.gone.len()),
        (1, 0, 0)
    );
    assert_eq!(stage.room.changes(stage.now).chat, []);
}

fn saved(stage: &Stage, id: MemberId) -> Vec<(u64, bool)> {
    let messages = stage.sent(id).into_iter();
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
fn that_a_line_is_saved_is_told_to_who_said_it() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "one");
    stage.say(host, 2, "two");

    stage.room.handle_saved(1);
    stage.room.handle_saved(1);
    stage.room.handle_saved(2);
    stage.drain();

    assert_eq!(saved(&stage, host), [(1, false), (2, false)]);
    assert_eq!(saved(&stage, viewer), []);
}

#[test]
fn that_nothing_is_saved_is_told_to_all_and_so_is_its_end() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.room.handle_not_saved();
    stage.room.handle_not_saved();
    stage.say(host, 1, "goes on");
    let late = stage.enter("cy");
    stage.room.handle_saved(1);
    stage.drain();

    assert_eq!(saved(&stage, viewer), [(0, true), (1, false)]);
    let entered = stage.entered(late).saved.expect("the room is kept");
    assert!(entered.is_failing);
}

#[test]
fn a_room_that_is_not_kept_speaks_of_no_disk() {
    let mut config = config(StallPolicy::Wait);
    config.is_kept = false;
    let mut stage = Stage::open();
    stage.room = Room::new(config, stage.now);
    let host = stage.enter("ana");

    stage.room.handle_not_saved();
    stage.room.handle_saved(7);
    stage.drain();

    assert_eq!(stage.entered(host).saved, None);
    assert_eq!(saved(&stage, host), []);
}

fn drifting(microseconds: u32) -> Telemetry {
    Telemetry {
        drift_p95_us: Some(microseconds),
        ..Telemetry::default()
    }
}

#[test]
fn a_digest_names_the_worst_first_and_the_others_in_turn() {
    let mut stage = Stage::open();
    let members: Vec<MemberId> = (0..40).map(|i| stage.enter(&format!("m{i}"))).collect();
    for (drift, member) in members.iter().enumerate() {
        let drift = u32::try_from(drift).expect("a small number");
        stage.room.handle_telemetry(*member, drifting(drift), stage.now);
    }
    let worst: Vec<MemberId> = members.iter().rev().take(8).copied().collect();

    let digests: Vec<Vec<MemberId>> = (0..4)
        .map(|_| stage.room.digest().iter().map(|sample| sample.member).collect())
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
    let (mut stage, host, viewer) = Stage::watching();
    stage.room.handle_telemetry(viewer, drifting(5_000), stage.now);

    let digest = stage.room.digest();

    let members: Vec<MemberId> = digest.iter().map(|sample| sample.member).collect();
    assert_eq!(members, [viewer, host]);
    assert_eq!(digest[0].telemetry, drifting(5_000));
}

#[test]
fn a_digest_of_nobody_is_empty() {
    let mut stage = Stage::open();

    assert_eq!(stage.room.digest(), []);
}

#[test]
fn a_room_that_is_kept_after_its_end_stands_at_the_end() {
    let (mut stage, ..) = Stage::playing();
    stage.now = stage.now + Duration::from_mins(10);

    let record = stage.room.record(stage.now);

    assert_eq!(record.room.place.position, FILM);
}

#[test]
fn a_token_that_its_member_has_replaced_is_worth_nothing_after_a_restart() {
    let (mut stage, _host, viewer) = Stage::watching();
    let mut record = stage.room.record(stage.now);
    stage.lose(viewer);
    stage.resume(SECOND, 0).expect("the seat is kept");
    apply(&mut record, stage.room.changes(stage.now));
    let kept = record.seats.iter().find(|seat| seat.member == viewer);
    assert!(kept.is_some_and(|seat| seat.used_token.is_some()));

    stage.say(viewer, 1, "back");
    apply(&mut record, stage.room.changes(stage.now));

    stage.begin_again(record, Duration::from_secs(1));
    assert_eq!(stage.resume(SECOND, 0), Err(Refusal::SeatGone));
}
