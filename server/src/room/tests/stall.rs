//! Tests of players that run out of data: which ones the room waits for, from when, and for how long.

use super::*;

const DRY: PlayerState = PlayerState::Buffering { percent: 0 };

/// Returns a room that has paused to wait for its viewer.
fn stalled() -> (Harness, MemberId, MemberId) {
    let (mut harness, host, viewer) = Harness::playing();
    harness.report(viewer, DRY);
    harness.pass(LIMITS.playback.stall_debounce);
    assert_eq!(harness.timeline().playback, Playback::Preparing);
    harness.forget();
    (harness, host, viewer)
}

#[test]
fn a_player_that_is_dry_for_a_second_is_waited_for_and_named() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.report(viewer, DRY);
    let position = harness.position();

    harness.pass(LIMITS.playback.stall_debounce);

    let moved = harness.state(host).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, position + secs(1));
    assert!(moved.waiting_for.names(viewer));
    assert_eq!(harness.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_player_that_is_dry_for_less_moves_nobody() {
    let (mut harness, _host, viewer) = Harness::playing();
    let before = harness.timeline();
    harness.report(viewer, DRY);
    harness.pass(just_before(LIMITS.playback.stall_debounce));

    harness.follow(viewer);
    harness.pass(Duration::from_secs(5));

    assert_eq!(harness.timeline(), before);
}

#[test]
fn a_change_of_a_dry_players_cache_does_not_restart_its_second() {
    let (mut harness, _host, viewer) = Harness::playing();

    for percent in 0..11 {
        harness.report(viewer, PlayerState::Buffering { percent });
        harness.pass(Duration::from_millis(100));
    }

    assert_eq!(harness.timeline().playback, Playback::Preparing);
}

#[test]
fn a_room_that_goes_on_waits_for_no_player() {
    let (mut harness, host, viewer) = Harness::playing();
    let on_stall = StallPolicy::GoOn;
    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );
    let before = harness.timeline();

    harness.report(viewer, DRY);
    harness.pass(Duration::from_secs(20));

    assert_eq!(harness.timeline(), before);
}

#[test]
fn a_room_goes_on_when_the_paused_player_has_filled_its_cache() {
    let (mut harness, host, viewer) = stalled();
    let position = harness.position();
    harness.ready(host);
    harness.pass(Duration::from_secs(3));
    assert_eq!(harness.waiting_for(), [viewer]);

    harness.follow(viewer);
    harness.ready(viewer);

    let timeline = harness.timeline();
    assert_eq!(timeline.playback, Playback::Playing);
    assert_eq!(
        (timeline.position, timeline.at),
        (position, harness.now + LIMITS.playback.start_lead_min)
    );
    assert_eq!(harness.cause(), (None, Reason::Resumed));
}

#[test]
fn a_room_waits_fifteen_seconds_and_no_longer() {
    let (mut harness, host, _viewer) = stalled();
    harness.ready(host);
    let due = harness.room.playback_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(harness.now + LIMITS.playback.stall_wait));

    harness.pass(LIMITS.playback.stall_wait);

    assert_eq!(harness.timeline().playback, Playback::Playing);
    assert_eq!(harness.cause(), (None, Reason::Resumed));
}

#[test]
fn a_player_that_kept_the_room_waiting_too_long_stops_it_no_second_time() {
    let (mut harness, host, _viewer) = stalled();
    harness.ready(host);
    harness.pass(LIMITS.playback.stall_wait);

    harness.pass(Duration::from_secs(20));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn the_host_goes_on_without_a_dry_player() {
    let (mut harness, host, _viewer) = stalled();
    harness.ready(host);
    let revision = harness.timeline().revision;

    harness.go_on(host, revision);
    harness.pass(Duration::from_secs(20));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_hosts_dry_player_is_waited_for_like_any_other() {
    let (mut harness, host, _viewer) = Harness::playing();

    harness.report(host, DRY);
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(host), Reason::Waiting));
}

#[test]
fn the_first_of_two_dry_players_is_named_and_both_are_waited_for() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.report(viewer, DRY);
    harness.pass(Duration::from_millis(400));
    harness.report(host, DRY);

    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(viewer), Reason::Waiting));
    assert_eq!(harness.waiting_for(), [host, viewer]);
}

#[test]
fn a_dry_player_whose_member_is_lost_stops_nobody() {
    let (mut harness, _host, viewer) = Harness::playing();
    harness.report(viewer, DRY);
    harness.lose(viewer);

    harness.pass(Duration::from_secs(5));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_paused_room_minds_no_dry_player() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Pause { position: secs(2) });
    let before = harness.timeline();

    harness.report(viewer, DRY);
    harness.pass(Duration::from_secs(20));

    assert_eq!(harness.timeline(), before);
}

#[test]
fn a_player_that_ran_dry_while_paused_has_its_second_from_the_start() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.report(viewer, DRY);
    harness.pass(Duration::from_secs(5));

    harness.act(host, Action::Play);
    let start = harness.timeline().at;
    harness.pass(Duration::ZERO);

    assert_eq!(harness.timeline().playback, Playback::Playing);
    let due = harness.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(start + LIMITS.playback.stall_debounce));
}

#[test]
fn a_player_ready_before_its_buffer_report_does_not_pause_the_room_again() {
    let (mut harness, host, viewer) = stalled();
    harness.ready(host);
    harness.pass(Duration::from_secs(3));
    harness.ready(viewer);

    harness.pass(Duration::from_millis(200));
    harness.follow(viewer);
    harness.pass(Duration::from_secs(5));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

/// Returns a playing room that a third member entered and has followed for a while.
fn joined_late(followed: Duration) -> (Harness, MemberId, MemberId) {
    let (mut harness, host, _viewer) = Harness::playing();
    let joiner = harness.enter("cy");
    harness.watch(joiner);
    harness.pass(Duration::from_secs(1));
    harness.follow(joiner);
    harness.pass(followed);
    (harness, host, joiner)
}

#[test]
fn a_member_that_came_into_a_playing_room_is_waited_for_once_it_has_followed() {
    let (mut harness, _host, joiner) = joined_late(Duration::from_secs(25));

    harness.report(joiner, DRY);
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(joiner), Reason::Waiting));
    assert!(harness.waiting_for().contains(&joiner));
}

#[test]
fn a_seek_waits_for_a_member_that_came_into_a_playing_room_and_has_followed() {
    let (mut harness, host, joiner) = joined_late(LIMITS.playback.followed);

    harness.act(host, Action::Seek { position: secs(40) });

    assert!(harness.waiting_for().contains(&joiner));
}

#[test]
fn a_joiner_that_runs_dry_before_it_has_followed_stops_nobody() {
    let (mut harness, _host, joiner) = joined_late(just_before(LIMITS.playback.followed));

    harness.report(joiner, DRY);
    harness.pass(Duration::from_secs(10));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn following_counts_only_without_a_break() {
    let (mut harness, _host, joiner) = joined_late(just_before(LIMITS.playback.followed));
    harness.report(joiner, DRY);
    harness.follow(joiner);
    harness.pass(just_before(LIMITS.playback.followed));

    harness.report(joiner, DRY);
    harness.pass(Duration::from_secs(10));

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_player_that_the_room_went_on_without_is_waited_for_again_once_it_has_followed() {
    let (mut harness, host, viewer) = stalled();
    harness.ready(host);
    harness.pass(LIMITS.playback.stall_wait);
    harness.follow(viewer);
    harness.pass(Duration::from_secs(25));

    harness.report(viewer, DRY);
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_member_that_took_its_seat_again_is_waited_for_once_it_has_followed() {
    let (mut harness, _host, viewer) = Harness::playing();
    let token = Token::from_bytes([2; 32]);
    harness.lose(viewer);
    harness.resume(token, 0).expect("the seat is there");
    harness.follow(viewer);
    harness.pass(Duration::from_secs(25));

    harness.report(viewer, DRY);
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.cause(), (Some(viewer), Reason::Waiting));
}

#[test]
fn a_player_that_runs_dry_on_its_way_is_waited_for_as_long_as_one_that_runs_dry_while_it_plays() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.act(host, Action::Seek { position: secs(50) });
    harness.ready(host);
    let seeked_at = harness.now;
    harness.pass(Duration::from_millis(700));

    harness.report(viewer, DRY);

    let due = harness.room.playback_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(seeked_at + LIMITS.playback.stall_wait));
    assert_eq!(harness.waiting_for(), [viewer]);
    harness.pass(Duration::from_secs(10));
    harness.follow(viewer);
    harness.ready(viewer);
    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_room_that_goes_on_waits_for_no_player_that_runs_dry_on_its_way() {
    let (mut harness, host, viewer) = Harness::playing();
    let on_stall = StallPolicy::GoOn;
    harness.command(
        host,
        RoomCommand::SetRoom(SetRoom {
            setting: Setting::OnStall(on_stall),
        }),
    );
    harness.act(host, Action::Seek { position: secs(50) });
    harness.ready(host);

    harness.report(viewer, DRY);
    harness.pass(LIMITS.playback.prepare);

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn another_speed_does_not_make_a_follower_a_newcomer() {
    let (mut harness, host, _viewer) = Harness::playing();
    let third = harness.enter("cy");
    harness.follow(third);
    harness.pass(Duration::from_secs(20));
    harness.act(
        host,
        Action::SetRate {
            rate: Rate::from_f64(1.25).expect("a speed"),
        },
    );

    harness.report(third, DRY);
    harness.pass(LIMITS.playback.stall_debounce);

    assert_eq!(harness.timeline().playback, Playback::Preparing);
    assert_eq!(harness.waiting_for().last(), Some(&third));
}

#[test]
fn a_player_that_wavers_is_announced_at_most_once_per_interval() {
    let (mut harness, host, viewer) = stalled();
    let before = harness.now;

    for _ in 0..100 {
        harness.report(viewer, PlayerState::Detached);
        harness.report(viewer, PlayerState::Loading);
        harness.pass(Duration::from_millis(10));
    }
    let told = |harness: &Harness| {
        let sent = harness.sent(host).into_iter();
        sent.filter(|message| matches!(message, ServerMessage::StillWaiting(_)))
            .count() as u128
    };

    let turns = harness.now.saturating_since(before).as_millis() / LIMITS.rooms.missing.as_millis();
    assert!(told(&harness) <= turns, "{} messages", told(&harness));
    assert_eq!(harness.state(host), None);
    harness.pass(LIMITS.rooms.missing);
    let waiting_for = harness.still_waiting(host).map(|awaited| awaited.who);
    assert!(
        waiting_for.is_none_or(|who| who == harness.waiting_for()),
        "the last word is true"
    );
}
