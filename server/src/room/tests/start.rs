//! Everybody starts together, at an instant that all can meet, and nobody waits forever.

use super::*;

fn rtt_p95(milliseconds: u32) -> Telemetry {
    Telemetry {
        rtt_p95_us: milliseconds * 1_000,
        ..Telemetry::default()
    }
}

#[test]
fn a_room_where_all_are_ready_starts_at_one_instant_for_all() {
    let (mut stage, host, viewer) = Stage::watching();

    stage.act(host, Action::Play);

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline, stage.timeline());
    assert_eq!(moved.timeline.playback, Playback::Playing);
    assert_eq!(moved.timeline.position, MediaTime::ZERO);
    assert_eq!(moved.timeline.at, stage.now + LIMITS.playback.start_lead_min);
    assert_eq!(stage.cause(), (Some(host), Reason::Played));
    assert_eq!(stage.state(host), Some(moved));
}

#[test]
fn a_start_leaves_time_for_the_worst_way() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.room.handle_telemetry(host, rtt_p95(20), stage.now);
    stage.room.handle_telemetry(viewer, rtt_p95(300), stage.now);

    stage.act(host, Action::Play);

    let lead = Duration::from_millis(150) + LIMITS.playback.start_margin;
    assert_eq!(stage.timeline().at, stage.now + lead);
}

#[test]
fn nobody_is_so_far_away_that_a_start_takes_longer_than_half_a_second() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.room.handle_telemetry(viewer, rtt_p95(4_000_000), stage.now);

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().at, stage.now + LIMITS.playback.start_lead_max);
}

#[test]
fn the_way_to_who_does_not_watch_delays_no_start() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.room.handle_telemetry(viewer, rtt_p95(900), stage.now);
    stage.report(viewer, PlayerState::Detached);

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().at, stage.now + LIMITS.playback.start_lead_min);
}

#[test]
fn a_room_waits_for_who_is_on_the_way_and_says_for_whom() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);

    stage.act(host, Action::Play);

    let moved = stage.state(host).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, secs(10));
    assert_eq!(moved.waiting_for, [viewer]);
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(stage.now + LIMITS.playback.prepare));
}

#[test]
fn a_room_starts_as_soon_as_the_last_one_is_ready() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.act(host, Action::Play);
    stage.pass(Duration::from_millis(300));
    stage.ready(host);
    assert_eq!(stage.waiting_for(), [viewer]);

    stage.ready(viewer);

    let timeline = stage.timeline();
    assert_eq!(timeline.playback, Playback::Playing);
    assert_eq!(timeline.position, secs(10));
    assert_eq!(timeline.at, stage.now + LIMITS.playback.start_lead_min);
    assert_eq!(stage.cause(), (Some(host), Reason::Played));
}

#[test]
fn who_is_told_for_whom_the_room_waits_is_told_again_when_it_is_for_fewer() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.act(host, Action::Play);
    let revision = stage.timeline().revision;
    stage.forget();

    stage.ready(host);

    let moved = stage.state(viewer).expect("another waiting list");
    assert_eq!(moved.timeline.revision, revision);
    assert_eq!(moved.waiting_for, [viewer]);
}

#[test]
fn a_room_starts_without_who_is_late_at_its_deadline() {
    let (mut stage, host, viewer) = Stage::sought();
    stage.ready(host);
    stage.act(host, Action::Play);
    let deadline = stage.now + LIMITS.playback.prepare;

    stage.pass(Duration::from_secs(5));

    let moved = stage.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Playing);
    assert_eq!(moved.timeline.at, deadline + LIMITS.playback.start_lead_min);
    assert_eq!(moved.timeline.position, secs(10));
}

#[test]
fn the_host_goes_on_without_who_is_late() {
    let (mut stage, host, _late) = Stage::sought();
    stage.act(host, Action::Play);
    let revision = stage.timeline().revision;

    stage.go_on(host, revision);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn going_on_is_meant_for_one_wait_alone() {
    let (mut stage, host, _late) = Stage::sought();
    stage.act(host, Action::Play);
    let revision = stage.timeline().revision;
    stage.act(host, Action::Seek { position: secs(20) });

    stage.go_on(host, revision);

    assert_eq!(stage.timeline().playback, Playback::Preparing);
}

#[test]
fn playing_what_plays_moves_nothing_and_tells_the_presser_where_the_room_is() {
    let (mut stage, host, viewer) = Stage::playing();
    let before = stage.timeline();

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline(), before);
    assert_eq!(stage.state(host), Some(stage.room.state()));
    assert_eq!(stage.sent(viewer), []);
}

#[test]
fn a_member_with_an_older_revision_gets_the_whole_record_again() {
    let (mut stage, host, viewer) = Stage::playing();

    stage.room.handle_stale_revision(viewer);
    stage.drain();

    assert_eq!(stage.state(viewer), Some(stage.room.state()));
    assert_eq!(stage.sent(host), []);
}

#[test]
fn who_still_loads_the_item_has_longer_than_who_only_seeks() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.set_video(host, MediaTime::ZERO);
    stage.follow(host);
    stage.ready(host);

    stage.act(host, Action::Play);

    assert_eq!(stage.waiting_for(), [viewer]);
    let due = stage.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(stage.now + LIMITS.playback.first_load));
}
