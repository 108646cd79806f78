//! Tests of the wall clock that members see: one for each room, whatever happens to the machine's.

use super::*;

/// The wall clock at the origin of the server's clock, in milliseconds; a test begins an hour later.
const ORIGIN: u64 = 1_000_000;

const AN_HOUR: u64 = 3_600_000;

#[test]
fn a_machines_clock_that_is_set_makes_no_time_jump_within_a_room() {
    let (mut harness, host, viewer) = Harness::watching();
    let third = harness.enter("cy");
    assert_eq!(harness.entered(third).wall, WallTime(ORIGIN + AN_HOUR));

    harness.room.handle_wall_clock(WallTime(ORIGIN + 3 * AN_HOUR));
    harness.pass(Duration::from_mins(1));
    harness.chat(viewer, 1, "three hours later?");
    let fourth = harness.enter("di");
    harness.remove(host, viewer, true);

    let now = WallTime(ORIGIN + AN_HOUR + 60_000);
    assert_eq!(harness.lines(host)[0].at, now);
    let entered = harness.entered(fourth);
    assert_eq!((entered.wall, harness.member(fourth).joined), (now, now));
    assert_eq!(entered.room.last_active, now);
    let ban = &harness.bans(host).expect("told")[0];
    assert_eq!(ban.left(now), LIMITS.rooms.ban);
    let kept = harness.room.record(harness.now);
    let of_machine = WallTime(now.0 + 3 * AN_HOUR);
    assert_eq!(kept.room.place.at, of_machine, "compared in the next life");
    assert_eq!(kept.bans[0].at, of_machine);
}

#[test]
fn the_time_that_a_machine_slept_is_not_missing_from_its_rooms_clock() {
    let (mut harness, host, viewer) = Harness::watching();

    harness.room.handle_suspended(Duration::from_hours(8));
    harness.chat(viewer, 1, "good morning");

    let morning = WallTime(ORIGIN + 9 * AN_HOUR);
    assert_eq!(harness.lines(host)[0].at, morning);
    let third = harness.enter("cy");
    assert_eq!(harness.entered(third).wall, morning);
}
