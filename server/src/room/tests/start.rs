//! Tests that everybody starts together, at an instant that all can meet, and that nobody waits forever.

use super::*;

fn rtt_p95(milliseconds: u32) -> Telemetry {
    Telemetry {
        rtt_p95_us: milliseconds * 1_000,
        ..Telemetry::default()
    }
}

#[test]
fn a_room_where_all_are_ready_starts_at_one_instant_for_all() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.act(host, Action::Play);

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline, harness.timeline());
    assert_eq!(moved.timeline.playback, Playback::Playing);
    assert_eq!(moved.timeline.position, MediaTime::ZERO);
    assert_eq!(moved.timeline.at, harness.now + LIMITS.playback.start_lead_min);
    assert_eq!(harness.cause(), (Some(host), Reason::Played));
    assert_eq!(harness.state(host), Some(moved));
}

#[test]
fn a_start_leaves_time_for_the_worst_way() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.room.handle_telemetry(host, rtt_p95(20), harness.now);
    harness.room.handle_telemetry(viewer, rtt_p95(300), harness.now);

    harness.act(host, Action::Play);

    let lead = Duration::from_millis(150) + LIMITS.playback.start_margin;
    assert_eq!(harness.timeline().at, harness.now + lead);
}

#[test]
fn a_start_takes_at_most_half_a_second_on_any_path() {
    let (mut harness, host, viewer) = Harness::watching();
    harness
        .room
        .handle_telemetry(viewer, rtt_p95(4_000_000), harness.now);

    harness.act(host, Action::Play);

    assert_eq!(
        harness.timeline().at,
        harness.now + LIMITS.playback.start_lead_max
    );
}

#[test]
fn the_way_to_who_does_not_watch_delays_no_start() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.room.handle_telemetry(viewer, rtt_p95(900), harness.now);
    harness.report(viewer, PlayerState::Detached);

    harness.act(host, Action::Play);

    assert_eq!(
        harness.timeline().at,
        harness.now + LIMITS.playback.start_lead_min
    );
}

#[test]
fn a_room_waits_for_members_who_seek_and_names_them() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.ready(host);

    harness.act(host, Action::Play);

    let moved = harness.state(host).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Preparing);
    assert_eq!(moved.timeline.position, secs(10));
    assert_eq!(moved.waiting_for.who, [viewer]);
    let due = harness.room.poll_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(harness.now + LIMITS.playback.prepare));
}

#[test]
fn a_room_starts_as_soon_as_the_last_one_is_ready() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.act(host, Action::Play);
    harness.pass(Duration::from_millis(300));
    harness.ready(host);
    assert_eq!(harness.waiting_for(), [viewer]);

    harness.ready(viewer);

    let timeline = harness.timeline();
    assert_eq!(timeline.playback, Playback::Playing);
    assert_eq!(timeline.position, secs(10));
    assert_eq!(timeline.at, harness.now + LIMITS.playback.start_lead_min);
    assert_eq!(harness.cause(), (Some(host), Reason::Played));
}

#[test]
fn awaited_members_are_announced_again_at_the_next_interval_when_they_are_fewer() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.act(host, Action::Play);
    harness.forget();

    harness.ready(host);
    assert_eq!(harness.sent(viewer), []);
    harness.pass(LIMITS.rooms.missing);

    let still = StillWaiting {
        revision: harness.timeline().revision,
        waiting_for: [viewer].into_iter().collect(),
    };
    assert_eq!(harness.sent(viewer), [ServerMessage::StillWaiting(still)]);
}

#[test]
fn a_room_starts_without_who_is_late_at_its_deadline() {
    let (mut harness, host, viewer) = Harness::after_seek();
    harness.ready(host);
    harness.act(host, Action::Play);
    let deadline = harness.now + LIMITS.playback.prepare;

    harness.pass(Duration::from_secs(5));

    let moved = harness.state(viewer).expect("the room moved");
    assert_eq!(moved.timeline.playback, Playback::Playing);
    assert_eq!(moved.timeline.at, deadline + LIMITS.playback.start_lead_min);
    assert_eq!(moved.timeline.position, secs(10));
}

#[test]
fn the_host_goes_on_without_a_late_member() {
    let (mut harness, host, _late) = Harness::after_seek();
    harness.act(host, Action::Play);
    let revision = harness.timeline().revision;

    harness.go_on(host, revision);

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn going_on_applies_to_one_wait_alone() {
    let (mut harness, host, _late) = Harness::after_seek();
    harness.act(host, Action::Play);
    let revision = harness.timeline().revision;
    harness.act(host, Action::Seek { position: secs(20) });

    harness.go_on(host, revision);

    assert_eq!(harness.timeline().playback, Playback::Preparing);
}

#[test]
fn play_in_a_playing_room_moves_nothing_and_sends_the_presser_the_position() {
    let (mut harness, host, viewer) = Harness::playing();
    let before = harness.timeline();

    harness.act(host, Action::Play);

    assert_eq!(harness.timeline(), before);
    assert_eq!(harness.state(host), Some(harness.room.state()));
    assert_eq!(harness.sent(viewer), []);
}

#[test]
fn a_member_with_an_older_revision_gets_the_whole_record_again() {
    let (mut harness, host, viewer) = Harness::playing();

    harness.room.handle_stale_revision(viewer);
    harness.drain();

    assert_eq!(harness.state(viewer), Some(harness.room.state()));
    assert_eq!(harness.sent(host), []);
}

#[test]
fn a_loading_member_has_longer_than_one_who_only_seeks() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.set_video(host, MediaTime::ZERO);
    harness.follow(host);
    harness.ready(host);

    harness.act(host, Action::Play);

    assert_eq!(harness.waiting_for(), [viewer]);
    let due = harness.room.playback_timeout().map(|(at, _why)| at);
    assert_eq!(due, Some(harness.now + LIMITS.playback.first_load));
}
