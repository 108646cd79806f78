//! A room that is kept and comes back, and the digest of how its members follow.

use std::collections::BTreeSet;

use super::*;

#[test]
fn a_room_that_comes_back_stands_where_it_was_with_all_that_was_said() {
    let (mut stage, host, _viewer) = Stage::playing();
    stage.say(host, 1, "see you");
    let (position, epoch) = (stage.position(), stage.timeline().epoch);
    let record = stage.room.record(stage.now);

    stage.room = Room::restore(record, 99, stage.now);
    stage.forget();
    let back = stage.enter("ana");

    let entered = stage.entered(back);
    let timeline = entered.room.state.timeline;
    assert_eq!(
        (timeline.playback, timeline.position),
        (Playback::Paused, position)
    );
    assert_eq!((timeline.item, stage.cause().1), (ItemId(1), Reason::Restored));
    assert!(timeline.epoch > epoch && timeline.epoch.incarnation == 99);
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(entered.chat.len(), 1);
    assert!(stage.is_host(back));
}

#[test]
fn a_room_that_comes_back_gives_no_number_of_member_item_or_line_twice() {
    let (mut stage, host, viewer) = Stage::watching();
    stage.say(host, 1, "see you");
    stage.room = Room::restore(stage.room.record(stage.now), 99, stage.now);

    let back = stage.enter("ana");
    stage.forget();
    stage.set_video(back, MediaTime::ZERO);
    stage.say(back, 2, "here again");

    assert!(back > viewer);
    assert_eq!(stage.timeline().item, ItemId(2));
    assert_eq!(stage.lines(back).first().map(|line| line.sequence), Some(2));
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
        stage.room.handle_telemetry(*member, drifting(drift));
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
    stage.room.handle_telemetry(viewer, drifting(5_000));

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

    assert_eq!(record.position, FILM);
}
