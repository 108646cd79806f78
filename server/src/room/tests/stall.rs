//! Players that run out of data: which the room waits for, from when, and for how long.

use super::*;

const DRY: PlayerState = PlayerState::Buffering { percent: 0 };

/// Returns a playing room that waits for its viewer.
fn stalled() -> (Stage, MemberId, MemberId) {
    let (mut stage, host, viewer) = Stage::playing();
    stage.report(viewer, DRY);
    stage.pass(LIMITS.playback.stall_debounce);
    assert_eq!(stage.timeline().playback, Playback::Preparing);
    stage.forget();
    (stage, host, viewer)
}

#[test]
fn a_player_that_is_dry_for_a_second_is_waited_for_and_named() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.report(viewer, DRY);
    let position = stage.position();

    stage.pass(LIMITS.playback.stall_debounce);

    let moved = stage.state(host).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, position + secs(1));
    assert!(moved.waiting_for.contains(&viewer));
    assert_eq!(stage.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_player_that_is_dry_for_less_moves_nobody() {
    let (mut stage, _host, viewer) = Stage::playing();
    let before = stage.timeline();
    stage.report(viewer, DRY);
    stage.pass(just_before(LIMITS.playback.stall_debounce));

    stage.follow(viewer);
    stage.pass(Duration::from_secs(5));

    assert_eq!(stage.timeline(), before);
}

#[test]
fn how_full_a_dry_player_is_does_not_begin_its_second_anew() {
    let (mut stage, _host, viewer) = Stage::playing();

    for percent in 0..11 {
        stage.report(viewer, PlayerState::Buffering { percent });
        stage.pass(Duration::from_millis(100));
    }

    assert_eq!(stage.timeline().playback, Playback::Preparing);
}

#[test]
fn a_room_that_goes_on_waits_for_no_player() {
    let (mut stage, host, viewer) = Stage::playing();
    let on_stall = StallPolicy::GoOn;
    stage.tell(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );
    let before = stage.timeline();

    stage.report(viewer, DRY);
    stage.pass(Duration::from_secs(20));

    assert_eq!(stage.timeline(), before);
}

#[test]
fn a_room_goes_on_when_the_player_stands_filled() {
    let (mut stage, host, viewer) = stalled();
    let position = stage.position();
    stage.ready(host);
    stage.pass(Duration::from_secs(3));
    assert_eq!(stage.waiting_for(), [viewer]);

    stage.follow(viewer);
    stage.ready(viewer);

    let timeline = stage.timeline();
    assert_eq!(timeline.playback, Playback::Playing);
    assert_eq!(
        (timeline.position, timeline.at),
        (position, stage.now + LIMITS.playback.start_lead_min)
    );
    assert_eq!(stage.cause(), (None, Reason::Resumed));
}

#[test]
fn a_room_waits_fifteen_seconds_and_no_longer() {
    let (mut stage, host, _viewer) = stalled();
    stage.ready(host);
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(stage.now + LIMITS.playback.stall_wait));

    stage.pass(LIMITS.playback.stall_wait);

    assert_eq!(stage.timeline().playback, Playback::Playing);
    assert_eq!(stage.cause(), (None, Reason::Resumed));
}

#[test]
fn a_player_that_kept_the_room_waiting_too_long_stops_it_no_second_time() {
    let (mut stage, host, _viewer) = stalled();
    stage.ready(host);
    stage.pass(LIMITS.playback.stall_wait);

    stage.pass(Duration::from_secs(20));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn the_host_goes_on_without_a_dry_player() {
    let (mut stage, host, _viewer) = stalled();
    stage.ready(host);
    let revision = stage.timeline().revision;

    stage.go_on(host, revision);
    stage.pass(Duration::from_secs(20));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_hosts_own_dry_player_is_waited_for_as_anybodys() {
    let (mut stage, host, _viewer) = Stage::playing();

    stage.report(host, DRY);
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(host), Reason::Waiting));
}

#[test]
fn of_two_dry_players_the_first_is_named_and_both_are_waited_for() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.report(viewer, DRY);
    stage.pass(Duration::from_millis(400));
    stage.report(host, DRY);

    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(viewer), Reason::Waiting));
    assert_eq!(stage.waiting_for(), [host, viewer]);
}

#[test]
fn a_dry_player_whose_member_is_lost_stops_nobody() {
    let (mut stage, _host, viewer) = Stage::playing();
    stage.report(viewer, DRY);
    stage.lose(viewer);

    stage.pass(Duration::from_secs(5));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_paused_room_minds_no_dry_player() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Pause { position: secs(2) });
    let before = stage.timeline();

    stage.report(viewer, DRY);
    stage.pass(Duration::from_secs(20));

    assert_eq!(stage.timeline(), before);
}

#[test]
fn a_player_that_ran_dry_while_the_room_stood_has_its_second_from_the_start() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.report(viewer, DRY);
    stage.pass(Duration::from_secs(5));

    stage.act(host, Action::Play);
    let start = stage.timeline().at;
    stage.pass(Duration::ZERO);

    assert_eq!(stage.timeline().playback, Playback::Playing);
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(start + LIMITS.playback.stall_debounce));
}

#[test]
fn a_player_that_is_ready_before_it_says_that_it_is_filled_stops_the_room_no_second_time() {
    let (mut stage, host, viewer) = stalled();
    stage.ready(host);
    stage.pass(Duration::from_secs(3));
    stage.ready(viewer);

    stage.pass(Duration::from_millis(200));
    stage.follow(viewer);
    stage.pass(Duration::from_secs(5));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

/// Returns a playing room that a third member entered and has followed for a while.
fn joined_late(followed: Duration) -> (Stage, MemberId, MemberId) {
    let (mut stage, host, _viewer) = Stage::playing();
    let joiner = stage.enter("cy");
    stage.watch(joiner);
    stage.pass(Duration::from_secs(1));
    stage.follow(joiner);
    stage.pass(followed);
    (stage, host, joiner)
}

#[test]
fn a_member_that_came_into_a_playing_room_is_waited_for_once_it_has_followed() {
    let (mut stage, _host, joiner) = joined_late(Duration::from_secs(25));

    stage.report(joiner, DRY);
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(joiner), Reason::Waiting));
    assert!(stage.waiting_for().contains(&joiner));
}

#[test]
fn a_seek_waits_for_a_member_that_came_into_a_playing_room_and_has_followed() {
    let (mut stage, host, joiner) = joined_late(LIMITS.playback.followed);

    stage.act(host, Action::Seek { position: secs(40) });

    assert!(stage.waiting_for().contains(&joiner));
}

#[test]
fn a_joiner_that_runs_dry_before_it_has_followed_stops_nobody() {
    let (mut stage, _host, joiner) = joined_late(just_before(LIMITS.playback.followed));

    stage.report(joiner, DRY);
    stage.pass(Duration::from_secs(10));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn following_counts_only_without_a_break() {
    let (mut stage, _host, joiner) = joined_late(just_before(LIMITS.playback.followed));
    stage.report(joiner, DRY);
    stage.follow(joiner);
    stage.pass(just_before(LIMITS.playback.followed));

    stage.report(joiner, DRY);
    stage.pass(Duration::from_secs(10));

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_player_that_the_room_went_on_without_is_waited_for_again_once_it_has_followed() {
    let (mut stage, host, viewer) = stalled();
    stage.ready(host);
    stage.pass(LIMITS.playback.stall_wait);
    stage.follow(viewer);
    stage.pass(Duration::from_secs(25));

    stage.report(viewer, DRY);
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_member_that_took_its_seat_again_is_waited_for_once_it_has_followed() {
    let (mut stage, _host, viewer) = Stage::playing();
    let token = Token::from_bytes([2; 32]);
    stage.lose(viewer);
    stage.resume(token, 0).expect("the seat is there");
    stage.follow(viewer);
    stage.pass(Duration::from_secs(25));

    stage.report(viewer, DRY);
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_player_that_runs_dry_on_its_way_is_waited_for_as_long_as_one_that_runs_dry_while_it_plays() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.act(host, Action::Seek { position: secs(50) });
    stage.ready(host);
    let sought = stage.now;
    stage.pass(Duration::from_millis(700));

    stage.report(viewer, DRY);

    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(sought + LIMITS.playback.stall_wait));
    assert_eq!(stage.waiting_for(), [viewer]);
    stage.pass(Duration::from_secs(10));
    stage.follow(viewer);
    stage.ready(viewer);
    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_room_that_goes_on_waits_for_no_player_that_runs_dry_on_its_way() {
    let (mut stage, host, viewer) = Stage::playing();
    let on_stall = StallPolicy::GoOn;
    stage.tell(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );
    stage.act(host, Action::Seek { position: secs(50) });
    stage.ready(host);

    stage.report(viewer, DRY);
    stage.pass(LIMITS.playback.prepare);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn another_speed_makes_nobody_who_follows_a_newcomer() {
    let (mut stage, host, _viewer) = Stage::playing();
    let third = stage.enter("cy");
    stage.follow(third);
    stage.pass(Duration::from_secs(20));
    stage.act(
        host,
        Action::SetRate {
            rate: Rate::from_f64(1.25).expect("a speed"),
        },
    );

    stage.report(third, DRY);
    stage.pass(LIMITS.playback.stall_debounce);

    assert_eq!(stage.timeline().playback, Playback::Preparing);
    assert_eq!(stage.waiting_for().last(), Some(&third));
}

#[test]
fn a_player_that_wavers_is_told_no_faster_than_the_budget_allows() {
    let (mut stage, host, viewer) = stalled();
    let before = stage.now;

    for _ in 0..100 {
        stage.report(viewer, PlayerState::Detached);
        stage.report(viewer, PlayerState::Loading);
        stage.pass(Duration::from_millis(10));
    }
    let states = |stage: &Stage| {
        let sent = stage.sent(host).into_iter();
        sent.filter(|message| matches!(message, ServerMessage::VideoStateChanged(_)))
            .count() as u128
    };

    let turns = stage.now.saturating_since(before).as_millis() / LIMITS.rooms.missing.every.as_millis();
    let allowed = u128::from(LIMITS.rooms.missing.burst) + turns;
    assert!(
        (1..=allowed).contains(&states(&stage)),
        "{} states",
        states(&stage)
    );
    stage.pass(LIMITS.rooms.missing.every);
    let told = stage.state(host).expect("they were told").waiting_for;
    assert_eq!(told, stage.waiting_for(), "the last word is true");
}
