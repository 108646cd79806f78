//! Tests of the controller alone; the simulation tests it with players that respond.

use super::defaults::TRIES;
use super::law::LAW;
use super::*;
use watchtogether_protocol::clock::Exchange;
use watchtogether_protocol::{Cause, Epoch, ItemId, Playback, Rate, Revision, ServerTime};

use watchtogether_protocol::timeline::Reason;

/// How far the server's clock is ahead of the local one.
const OFFSET: u64 = 1_000_000;

const TRAITS: Traits = Traits {
    duration: Some(MediaTime::from_millis(600_000)),
    has_audio: true,
    is_seekable: true,
    is_live: false,
};

fn at(ms: u64) -> LocalTime {
    LocalTime::from_millis(50_000 + ms)
}

fn server(ms: u64) -> ServerTime {
    ServerTime::from_millis(50_000 + OFFSET + ms)
}

fn media(ms: i64) -> MediaTime {
    MediaTime::from_millis(ms)
}

fn clock() -> ClockEstimator {
    let mut clock = ClockEstimator::new();
    for n in 0..8 {
        let sent = at(0).saturating_sub(Duration::from_millis(400 - n * 25));
        let received = ServerTime::from_nanos(sent.as_nanos()) + Duration::from_millis(OFFSET);
        clock.handle_exchange(Exchange {
            sent,
            received,
            answered: received,
            returned: sent,
        });
    }
    clock
}

/// Returns the goal of a room that passes `position` at `ms`.
fn running(position: i64, ms: u64) -> Goal {
    Goal::Run(Timeline {
        epoch: Epoch::default(),
        revision: Revision(1),
        item: ItemId(1),
        position: media(position),
        at: server(ms),
        rate: Rate::NORMAL,
        playback: Playback::Playing,
        cause: Cause {
            who: None,
            reason: Reason::Played,
        },
    })
}

fn standing(position: i64) -> Goal {
    Goal::Pause {
        position: media(position),
    }
}

/// Returns the controller of a player that has opened the item and is paused at `position`.
fn opened(position: i64) -> (SyncController, ClockEstimator) {
    let (mut sync, clock) = (SyncController::default(), clock());
    sync.handle_opened(
        TRAITS,
        media(position),
        Some(media(position)),
        Some(&clock),
        at(0),
    );
    (sync, clock)
}

fn acts(sync: &mut SyncController) -> Vec<SyncAction> {
    std::iter::from_fn(|| sync.poll_act()).collect()
}

fn hold(position: i64) -> SyncAction {
    SyncAction::Hold {
        position: Some(media(position)),
    }
}

fn playing(position: i64, ms: u64) -> PlayerSample {
    PlayerSample {
        reading: Some((media(position), at(ms))),
        activity: Activity::Playing,
        picture_behind: Duration::ZERO,
    }
}

#[test]
fn a_player_paused_in_place_is_not_sent_there_again() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(standing(10_000), Some(&clock), at(100));

    assert!(sync.is_in_place());
    assert_eq!(acts(&mut sync), []);
}

#[test]
fn a_player_whose_user_opened_the_item_is_told_to_hold_before_it_is_released() {
    let (mut sync, clock) = (SyncController::default(), clock());
    sync.handle_opened(TRAITS, media(0), None, Some(&clock), at(0));

    sync.handle_goal(standing(0), Some(&clock), at(100));

    assert!(!sync.is_in_place());
    assert_eq!(acts(&mut sync), [hold(0)]);
}

#[test]
fn a_room_paused_elsewhere_holds_the_player_there() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(standing(20_000), Some(&clock), at(100));
    assert_eq!(acts(&mut sync), [hold(20_000)]);
    sync.handle_goal(standing(20_000), Some(&clock), at(120));
    assert_eq!(acts(&mut sync), [], "it is on its way already");
    assert!(!sync.is_in_place());
    sync.handle_landed(
        media(20_010),
        Some(Duration::from_millis(40)),
        Some(&clock),
        at(150),
    );

    assert!(sync.is_in_place());
}

#[test]
fn a_start_comes_when_the_room_passes_the_landed_frame() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(standing(10_000), Some(&clock), at(0));
    sync.handle_goal(standing(20_000), Some(&clock), at(0));
    sync.handle_landed(media(20_017), None, Some(&clock), at(50));
    acts(&mut sync);

    sync.handle_goal(running(20_000, 500), Some(&clock), at(100));

    let acts = acts(&mut sync);
    assert_eq!(
        acts,
        [
            SyncAction::SetSpeed {
                base: 1.0,
                speed: 1.0
            },
            SyncAction::Release { at: at(517) }
        ]
    );
}

#[test]
fn a_start_that_is_a_little_late_is_made_at_once() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(running(10_000, 0), Some(&clock), at(25));

    assert_eq!(acts(&mut sync).last(), Some(&SyncAction::Release { at: at(25) }));
}

#[test]
fn a_start_that_would_be_slewed_for_seconds_goes_ahead_of_the_room_instead() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(running(10_000, 0), Some(&clock), at(60));

    assert!(matches!(acts(&mut sync)[..], [SyncAction::Hold { .. }]));
}

#[test]
fn a_catch_up_that_is_a_little_late_is_let_go() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(1_000));
    let target = 11_000 + i64::try_from(sync.margin().as_millis()).expect("short");
    acts(&mut sync);

    let landing = u64::try_from(target - 10_000).expect("later") + 70;
    sync.handle_landed(media(target), None, Some(&clock), at(landing));

    assert_eq!(
        acts(&mut sync).last(),
        Some(&SyncAction::Release { at: at(landing) })
    );
}

#[test]
fn after_one_slow_seek_the_next_catch_up_leaves_what_that_one_needed_and_a_quarter() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(1_000));
    let target = 11_000 + i64::try_from(sync.margin().as_millis()).expect("short");
    acts(&mut sync);

    let took = Duration::from_secs(2);
    sync.handle_landed(media(target), Some(took), Some(&clock), at(3_000));

    assert_eq!(acts(&mut sync), [hold(13_000 + 2_500)]);
}

#[test]
fn a_start_that_is_too_late_catches_up_ahead_of_the_room() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(running(10_000, 0), Some(&clock), at(1_000));

    let margin = i64::try_from(sync.margin().as_millis()).expect("short");
    assert_eq!(acts(&mut sync), [hold(11_000 + margin)]);
    assert_eq!(sync.corrections(), 1);
}

#[test]
fn each_catch_up_that_comes_late_leaves_more_until_the_player_is_let_go() {
    let (mut sync, clock) = opened(10_000);
    let mut now = 1_000;
    sync.handle_goal(running(10_000, 0), Some(&clock), at(now));
    let mut margins = Vec::new();

    while let Some(SyncAction::Hold {
        position: Some(target),
    }) = acts(&mut sync).pop()
    {
        margins.push(target.as_millis() - 10_000 - i64::try_from(now).expect("small"));
        now += 20_000;
        sync.handle_landed(target, Some(Duration::from_secs(20)), Some(&clock), at(now));
    }

    assert!(margins.is_sorted(), "{margins:?}");
    assert_eq!(margins.last(), Some(&6_000));
    assert_eq!(margins.len(), TRIES as usize);
    assert!(sync.is_too_slow());
    assert_eq!(sync.motion(), Motion::Starting);
}

#[test]
fn without_a_compared_clock_nobody_is_let_go() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(running(10_000, 500), None, at(0));
    assert_eq!(acts(&mut sync), []);
    sync.handle_clock(&clock, at(100));

    assert_eq!(acts(&mut sync).last(), Some(&SyncAction::Release { at: at(500) }));
}

#[test]
fn a_player_far_ahead_goes_back_instead_of_waiting() {
    let (mut sync, clock) = opened(90_000);

    sync.handle_goal(running(10_000, 0), Some(&clock), at(0));

    let margin = i64::try_from(sync.margin().as_millis()).expect("short");
    assert_eq!(acts(&mut sync), [hold(10_000 + margin)]);
}

#[test]
fn a_local_action_is_believed_only_for_a_while() {
    let (mut sync, clock) = running_player();

    sync.handle_window_request(media(15_000), at(6_500), Some(&clock), at(5_000));
    assert_eq!(acts(&mut sync), [hold(15_000)]);
    assert_eq!(sync.poll_timeout(), Some(at(6_500)));
    sync.handle_landed(media(15_000), None, Some(&clock), at(5_050));
    assert_eq!(acts(&mut sync), []);
    sync.handle_timeout(Some(&clock), at(6_500));

    let margin = i64::try_from(sync.margin().as_millis()).expect("short");
    assert_eq!(acts(&mut sync), [hold(16_500 + margin)]);
}

#[test]
fn a_local_action_that_the_room_confirms_costs_no_second_seek() {
    let (mut sync, clock) = running_player();
    sync.handle_window_request(media(15_000), at(6_500), Some(&clock), at(5_000));
    sync.handle_landed(media(15_000), None, Some(&clock), at(5_050));
    acts(&mut sync);

    sync.handle_goal(standing(15_000), Some(&clock), at(5_080));

    assert!(sync.is_in_place());
    assert_eq!(acts(&mut sync), []);
    assert_eq!(sync.poll_timeout(), None);
}

#[test]
fn a_disturbed_player_is_brought_back() {
    let (mut sync, clock) = running_player();
    sync.handle_disturbed(Some(&clock), at(5_000));

    let margin = i64::try_from(sync.margin().as_millis()).expect("short");
    assert_eq!(acts(&mut sync), [hold(15_000 + margin)]);

    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(standing(10_000), Some(&clock), at(0));
    sync.handle_disturbed(Some(&clock), at(5_000));
    assert_eq!(acts(&mut sync), [hold(10_000)]);
}

#[test]
fn a_player_that_reports_it_is_paused_is_brought_back_after_three_reports() {
    let (mut sync, clock) = running_player();
    let paused = PlayerSample {
        activity: Activity::Paused,
        ..playing(15_000, 5_000)
    };

    sync.handle_sample(&paused, Some(&clock), at(5_000));
    sync.handle_sample(&paused, Some(&clock), at(5_100));
    assert_eq!(acts(&mut sync), []);
    sync.handle_sample(&paused, Some(&clock), at(5_200));

    assert!(matches!(acts(&mut sync)[..], [SyncAction::Hold { .. }]));
}

#[test]
fn a_player_at_its_end_is_left_alone_unless_the_room_is_elsewhere() {
    let (mut sync, clock) = running_player();
    let at_end = PlayerSample {
        activity: Activity::Ended,
        ..playing(600_000, 5_000)
    };
    sync.handle_goal(running(599_900, 5_000), Some(&clock), at(5_000));
    sync.handle_sample(&at_end, Some(&clock), at(5_000));
    assert_eq!(acts(&mut sync), []);

    sync.handle_goal(running(10_000, 0), Some(&clock), at(5_100));
    sync.handle_sample(&at_end, Some(&clock), at(5_100));

    assert!(matches!(acts(&mut sync)[..], [SyncAction::Hold { .. }]));
}

#[test]
fn a_room_at_the_end_of_a_shorter_copy_loops_no_catch_ups() {
    let (mut sync, clock) = opened(599_900);

    sync.handle_goal(running(600_000, 0), Some(&clock), at(4_000));

    assert_eq!(acts(&mut sync), []);
    assert_eq!(
        sync.motion(),
        Motion::Paused {
            landed: media(599_900),
            place: Some(media(599_900))
        }
    );
}

/// The picture is shorter than the sound: a seek to the last place lands well before it.
#[test]
fn a_picture_that_ends_before_its_sound_is_not_too_slow_at_the_end() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(standing(600_000), Some(&clock), at(0));
    assert_eq!(acts(&mut sync), [hold(599_900)]);
    sync.handle_landed(media(599_460), None, Some(&clock), at(100));
    assert!(sync.is_in_place());

    sync.handle_goal(running(600_000, 200), Some(&clock), at(150));
    for ms in (200..40_000).step_by(100) {
        sync.handle_clock(&clock, at(ms));
        let ended = PlayerSample {
            reading: None,
            activity: Activity::Ended,
            picture_behind: Duration::ZERO,
        };
        sync.handle_sample(&ended, Some(&clock), at(ms));
    }

    assert_eq!(acts(&mut sync), [], "it stands where it was sent");
    assert!(!sync.is_too_slow());
}

#[test]
fn a_player_that_the_end_overtakes_goes_to_the_last_frame_once() {
    let (mut sync, clock) = opened(10_000);

    sync.handle_goal(running(599_000, 0), Some(&clock), at(2_000));
    assert_eq!(acts(&mut sync), [hold(599_900)]);
    for n in 0..10 {
        sync.handle_landed(media(599_460), None, Some(&clock), at(2_100 + n * 100));
    }

    assert_eq!(acts(&mut sync), []);
    assert_eq!(sync.corrections(), 0);
    assert!(!sync.is_too_slow());
}

#[test]
fn a_drift_in_the_last_second_is_not_worth_a_hold() {
    let (mut sync, clock) = opened(599_300);
    sync.handle_goal(running(599_300, 0), Some(&clock), at(0));
    sync.handle_released(at(0));
    acts(&mut sync);

    for ms in (300..600_i64).step_by(100) {
        let at_ms = ms.unsigned_abs();
        sync.handle_sample(&playing(598_300 + ms, at_ms), Some(&clock), at(at_ms));
    }

    assert!(
        acts(&mut sync)
            .iter()
            .all(|act| !matches!(act, SyncAction::Hold { .. })),
        "the film is over before a catch-up is"
    );
}

#[test]
fn an_item_that_cannot_be_moved_about_in_follows_pauses_only() {
    let (mut sync, clock) = (SyncController::default(), clock());
    let live = Traits {
        duration: None,
        is_seekable: false,
        ..TRAITS
    };
    sync.handle_opened(live, media(0), Some(media(0)), Some(&clock), at(0));

    sync.handle_goal(standing(7_000), Some(&clock), at(0));
    assert_eq!(acts(&mut sync), [SyncAction::Hold { position: None }]);
    sync.handle_landed(media(300), None, Some(&clock), at(10));
    assert!(sync.is_in_place());
    sync.handle_goal(running(7_000, 100), Some(&clock), at(50));

    assert_eq!(acts(&mut sync).last(), Some(&SyncAction::Release { at: at(50) }));
}

/// Returns the controller of a player that has opened a live stream and is paused at `position`.
fn live(position: i64) -> (SyncController, ClockEstimator) {
    let (mut sync, clock) = (SyncController::default(), clock());
    let traits = Traits {
        duration: None,
        is_live: true,
        ..TRAITS
    };
    sync.handle_opened(traits, media(position), None, Some(&clock), at(0));
    (sync, clock)
}

#[test]
fn a_live_player_that_is_ahead_waits_for_the_room_however_long() {
    let (mut sync, clock) = live(5_040_000);
    sync.handle_goal(running(5_000_000, 0), Some(&clock), at(100));
    acts(&mut sync);

    sync.handle_landed(media(5_040_000), None, Some(&clock), at(200));

    assert_eq!(
        acts(&mut sync).last(),
        Some(&SyncAction::Release { at: at(40_000) })
    );
}

#[test]
fn a_live_player_that_cannot_reach_the_room_is_let_go_and_not_called_too_slow() {
    let (mut sync, clock) = live(5_000_000);
    let mut now = 10_000;
    for _ in 0..20 {
        sync.handle_goal(running(5_000_000, 0), Some(&clock), at(now));
        sync.handle_disturbed(Some(&clock), at(now));
        for _ in 0..3 {
            // Its data ends three seconds before the room's position.
            let landed = i64::try_from(now).expect("small") + 4_997_000;
            sync.handle_landed(media(landed), None, Some(&clock), at(now + 50));
            now += 100;
        }
        assert!(
            matches!(acts(&mut sync).last(), Some(SyncAction::Release { .. })),
            "it plays what it has"
        );
        sync.handle_released(at(now));
        now += 1_000;
    }

    assert!(!sync.is_too_slow());
}

#[test]
fn a_player_that_lands_ahead_of_the_room_whenever_it_is_sent_back_waits_for_it() {
    let (mut sync, clock) = opened(8_000);
    sync.handle_goal(running(6_400, 0), Some(&clock), at(0));

    let mut sent = acts(&mut sync);
    assert!(matches!(sent[..], [SyncAction::Hold { .. }]), "{sent:?}");
    sync.handle_landed(
        media(8_000),
        Some(Duration::from_millis(15)),
        Some(&clock),
        at(20),
    );
    sent = acts(&mut sync);

    assert_eq!(sent.last(), Some(&SyncAction::Release { at: at(1_600) }));
    assert!(!sync.is_too_slow());
}

#[test]
fn half_a_copy_ends_where_the_player_found_no_data() {
    let (mut sync, clock) = opened(0);
    sync.handle_goal(standing(500_000), Some(&clock), at(0));
    let ended = PlayerSample {
        activity: Activity::Ended,
        reading: None,
        picture_behind: Duration::ZERO,
    };
    let mut holds = 0;

    for n in 0..10 {
        let now = at(100 * n);
        for act in acts(&mut sync) {
            assert!(matches!(act, SyncAction::Hold { .. }), "{act:?}");
            holds += 1;
            let took = Some(Duration::from_millis(10));
            sync.handle_landed(media(600_000), took, Some(&clock), now);
        }
        sync.handle_sample(&ended, Some(&clock), now);
        sync.handle_goal(standing(500_000), Some(&clock), now);
    }

    assert_eq!(sync.copy_end(), Some(media(500_000)));
    assert!(holds <= 2, "{holds} holds");
    assert!(sync.is_in_place(), "nobody waits for it");
}

#[test]
fn a_player_whose_data_ends_before_the_room_is_let_go_and_not_called_too_slow() {
    let (mut sync, clock) = opened(7_600);
    let mut holds = 0;
    let mut now = 0;

    // The room is half a second beyond the written part, and more is written as time passes.
    while now < 20_000 {
        let written = i64::try_from(now).expect("small") + 7_600;
        sync.handle_goal(running(8_100, 0), Some(&clock), at(now));
        for act in acts(&mut sync) {
            match act {
                SyncAction::Hold { .. } => {
                    holds += 1;
                    let took = Some(Duration::from_millis(20));
                    sync.handle_landed(media(written), took, Some(&clock), at(now + 20));
                }
                SyncAction::Release { at } => sync.handle_released(at),
                SyncAction::SetSpeed { .. } => {}
            }
        }
        let status = playing(written, now + 90);
        sync.handle_sample(&status, Some(&clock), at(now + 90));
        assert!(!sync.is_too_slow(), "after {now} ms");
        now += 100;
    }

    assert!((2..=12).contains(&holds), "{holds} tries in 20 s");
}

#[test]
fn readings_right_after_a_start_are_ignored() {
    let (mut sync, clock) = running_player();
    sync.handle_disturbed(Some(&clock), at(10_000));
    sync.handle_landed(media(20_400), None, Some(&clock), at(10_100));
    sync.handle_released(at(10_400));
    acts(&mut sync);

    for ms in [10_450, 10_550, 10_650] {
        sync.handle_sample(&playing(30_000, ms), Some(&clock), at(ms));
    }

    assert_eq!(sync.drift(), None);
    assert_eq!(acts(&mut sync), []);
}

#[test]
fn a_small_drift_is_slewed_and_a_large_one_held() {
    let (mut sync, clock) = running_player();
    for ms in (2_000..2_500).step_by(100) {
        sync.handle_sample(
            &playing(12_010 + ms - 2_000, ms.unsigned_abs()),
            Some(&clock),
            at(ms.unsigned_abs()),
        );
    }
    assert!(matches!(acts(&mut sync)[..], [SyncAction::SetSpeed { base, speed }, ..] if speed < base));
    assert!(sync.drift().is_some_and(|d| d > media(5)), "{:?}", sync.drift());

    for ms in (8_000..8_300).step_by(100) {
        sync.handle_sample(
            &playing(23_000 + ms - 8_000, ms.unsigned_abs()),
            Some(&clock),
            at(ms.unsigned_abs()),
        );
    }

    assert!(matches!(acts(&mut sync).last(), Some(SyncAction::Hold { .. })));
}

#[test]
fn speeds_that_are_set_but_not_audible_yet_count() {
    let (mut sync, clock) = running_player();
    sync.handle_disturbed(Some(&clock), at(5_000));
    sync.handle_landed(media(15_400), None, Some(&clock), at(5_100));
    sync.handle_released(at(5_400));
    let mut speeds = Vec::new();

    for ms in [6_000u64, 6_150, 6_300] {
        let position = 10_010 + i64::try_from(ms).expect("small");
        sync.handle_sample(&playing(position, ms), Some(&clock), at(ms));
        speeds.push(sync.speed());
    }

    assert!((speeds[0] - (1.0 - 0.01 * LAW.gain)).abs() < 1e-6, "{speeds:?}");
    assert!(
        speeds[1] > speeds[0] && speeds[2] > speeds[1],
        "the drift is as it was, and yet: {speeds:?}"
    );
}

#[test]
fn a_catch_up_that_takes_too_long_means_a_slow_player() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(1_000));
    let seeking = PlayerSample {
        reading: None,
        activity: Activity::Seeking,
        picture_behind: Duration::ZERO,
    };

    sync.handle_sample(&seeking, Some(&clock), at(5_900));
    assert!(!sync.is_too_slow());
    sync.handle_sample(&seeking, Some(&clock), at(6_000));

    assert!(sync.is_too_slow());
}

fn dry() -> PlayerSample {
    PlayerSample {
        reading: None,
        activity: Activity::Dry,
        picture_behind: Duration::ZERO,
    }
}

#[test]
fn a_catch_up_that_waits_for_data_is_no_player_that_is_too_slow() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(1_000));
    let margin = sync.margin();

    for ms in (1_500..20_000).step_by(100) {
        sync.handle_sample(&dry(), Some(&clock), at(ms));
    }
    sync.handle_landed(
        media(11_400),
        Some(Duration::from_secs(18)),
        Some(&clock),
        at(20_000),
    );

    assert!(!sync.is_too_slow());
    assert_eq!(
        sync.margin(),
        margin,
        "the next catch-up leaves what a seek takes"
    );
}

#[test]
fn a_player_that_runs_dry_again_and_again_is_brought_back_each_time_and_not_too_slow() {
    let (mut sync, clock) = running_player();
    let mut ms = 3_000;
    for _ in 0..8 {
        for _ in 0..30 {
            sync.handle_sample(&dry(), Some(&clock), at(ms));
            ms += 100;
        }
        // The player is three seconds behind when its cache is filled again.
        for _ in 0..12 {
            let position = i64::try_from(ms).expect("small") + 7_000;
            sync.handle_sample(&playing(position, ms), Some(&clock), at(ms));
            ms += 100;
        }
        let Some(SyncAction::Hold {
            position: Some(target),
        }) = acts(&mut sync).pop()
        else {
            panic!("it is not brought back at {ms}");
        };
        ms = (target.as_millis() - 10_000).unsigned_abs();
        sync.handle_landed(target, Some(Duration::from_millis(100)), Some(&clock), at(ms));
        sync.handle_released(at(ms));
        acts(&mut sync);
        ms += 100;
    }

    assert!(!sync.is_too_slow());
}

#[test]
fn samples_of_a_player_that_is_not_there_do_nothing() {
    let (mut sync, clock) = (SyncController::default(), clock());
    sync.handle_goal(running(10_000, 0), Some(&clock), at(0));
    sync.handle_sample(&playing(10_000, 0), Some(&clock), at(0));
    sync.handle_landed(media(10_000), None, Some(&clock), at(0));
    sync.handle_released(at(0));
    sync.handle_disturbed(Some(&clock), at(0));

    assert_eq!(acts(&mut sync), []);
    assert_eq!(sync.motion(), Motion::Absent);
}

/// Returns the controller of a player that plays with the room, which passes 10 s at 0, and whose output is no longer cold.
fn running_player() -> (SyncController, ClockEstimator) {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(0));
    sync.handle_released(at(0));
    for ms in (300..1_500).step_by(100) {
        sync.handle_sample(
            &playing(10_000 + ms, ms.unsigned_abs()),
            Some(&clock),
            at(ms.unsigned_abs()),
        );
    }
    acts(&mut sync);
    (sync, clock)
}

#[test]
fn the_freeze_lasts_from_the_correction_to_the_next_start() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 0), Some(&clock), at(0));
    sync.handle_released(at(0));
    acts(&mut sync);

    sync.handle_disturbed(Some(&clock), at(5_000));
    let target = match acts(&mut sync)[..] {
        [
            SyncAction::Hold {
                position: Some(target),
            },
        ] => target,
        ref other => panic!("{other:?}"),
    };
    let took = Some(Duration::from_millis(100));
    sync.handle_landed(target, took, Some(&clock), at(5_100));
    sync.handle_released(at(5_375));

    assert_eq!(sync.last_freeze(), Duration::from_millis(375));
}

#[test]
fn a_truncated_copy_is_left_at_its_end_and_tried_again_by_a_seek() {
    let (mut sync, clock) = opened(10_000);
    sync.handle_goal(running(10_000, 100), Some(&clock), at(0));
    sync.handle_released(at(100));
    for ms in (1_000..20_000).step_by(100) {
        let position = 9_900 + i64::try_from(ms).expect("short");
        sync.handle_sample(&playing(position, ms), Some(&clock), at(ms));
    }
    acts(&mut sync);

    let ended = PlayerSample {
        reading: None,
        activity: Activity::Ended,
        picture_behind: Duration::ZERO,
    };
    for ms in (20_000..60_000).step_by(100) {
        sync.handle_sample(&ended, Some(&clock), at(ms));
    }

    assert_eq!(acts(&mut sync), [], "it is not sent anywhere");
    assert!(!sync.is_too_slow());
    let end = sync.copy_end().expect("it was found");
    assert!(
        (end - media(29_800)).abs() < Duration::from_millis(200),
        "{end:?}"
    );
    sync.handle_goal(standing(40_000), Some(&clock), at(60_000));
    assert_eq!(sync.copy_end(), TRAITS.duration);
    assert_eq!(acts(&mut sync), [hold(40_000)]);
}

#[test]
fn a_copy_whose_end_comes_before_the_place_that_it_was_sent_to_is_left_there() {
    let (mut sync, clock) = opened(0);
    sync.handle_goal(running(300_000, 100), Some(&clock), at(0));
    acts(&mut sync);
    let ended = PlayerSample {
        reading: None,
        activity: Activity::Ended,
        picture_behind: Duration::ZERO,
    };

    sync.handle_landed(
        media(30_000),
        Some(Duration::from_millis(50)),
        Some(&clock),
        at(200),
    );
    for ms in (300..30_000).step_by(100) {
        sync.handle_sample(&ended, Some(&clock), at(ms));
        while let Some(act) = sync.poll_act() {
            if matches!(act, SyncAction::Hold { .. }) {
                sync.handle_landed(
                    media(30_000),
                    Some(Duration::from_millis(50)),
                    Some(&clock),
                    at(ms),
                );
            }
        }
    }

    assert_eq!(sync.copy_end(), Some(media(30_000)));
    assert!(!sync.is_too_slow());
}

/// The sound of a film continues for four seconds after its last picture.
#[test]
fn a_film_that_is_played_through_the_rest_of_its_sound_has_ended_and_not_come_up_short() {
    let (mut sync, clock) = opened(0);
    sync.handle_goal(standing(598_000), Some(&clock), at(0));
    sync.handle_landed(media(596_000), None, Some(&clock), at(100));
    sync.handle_goal(running(598_000, 200), Some(&clock), at(150));
    assert!(matches!(acts(&mut sync).last(), Some(SyncAction::Release { .. })));
    sync.handle_released(at(200));

    for ms in (300..2_200).step_by(100) {
        let position = 597_800 + i64::try_from(ms).expect("short");
        sync.handle_sample(&playing(position, ms), Some(&clock), at(ms));
    }
    let ended = PlayerSample {
        reading: None,
        activity: Activity::Ended,
        picture_behind: Duration::ZERO,
    };
    sync.handle_sample(&ended, Some(&clock), at(2_200));

    assert_eq!(sync.copy_end(), TRAITS.duration);
}
