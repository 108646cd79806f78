//! Tests of holds, releases and speeds: the player is at the reported position at the reported time.

use std::time::Duration;

use serde_json::json;
use watchtogether::local_clock::monotonic;
use watchtogether::player::{PlayerCommand, PlayerEvent};
use watchtogether_protocol::MediaTime;

use crate::clip::clip;
use crate::stage::Stage;

/// The largest delay of a release on a busy machine; on an idle one it is 0.1 ms.
const LATE_RELEASE: Duration = Duration::from_millis(20);

/// The largest error of the sound's position after a release on a busy machine; on an idle one it is 0.2 ms.
const NEAR: Duration = Duration::from_millis(40);

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(millis)
}

#[tokio::test]
async fn an_item_is_loaded_paused_where_it_was_wanted() {
    let mut stage = Stage::set();
    let mut window = stage.window().await;

    let (media, position) = stage.opens(clip(), at(3_010)).await;

    let frame = media.frame.expect("the clip has pictures");
    assert!(
        position >= at(3_004) && position <= at(3_011) + frame.into(),
        "{position:?}"
    );
    assert!(media.has_audio && media.has_video && media.is_seekable);
    assert!(media.duration.is_some_and(|duration| duration > at(8_000)));
    assert_eq!(window.property("pause").await, json!(true));
}

#[tokio::test]
async fn a_hold_lands_on_the_first_frame_at_or_after_its_target() {
    let mut stage = Stage::set();
    let mut window = stage.window().await;
    let (media, _) = stage.opens(clip(), MediaTime::ZERO).await;
    let frame = media.frame.expect("the clip has pictures");

    for target in [5_017, 1_003, 7_777, 0] {
        let (position, _) = stage.holds(at(target)).await;

        assert!(position + at(6) >= at(target), "{position:?} for {target}");
        assert!(
            position <= at(target + 1) + frame.into(),
            "{position:?} for {target}"
        );
        let shown = window
            .property("time-pos")
            .await
            .as_f64()
            .map(MediaTime::from_secs_f64);
        assert_eq!(shown, Some(position));
    }
}

#[tokio::test]
async fn a_player_that_stands_there_answers_a_hold_at_once() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;
    let (landed, _) = stage.holds(at(4_013)).await;

    for target in [at(4_013), landed] {
        let (again, took) = stage.holds(target).await;

        assert_eq!((again, took), (landed, Duration::ZERO));
    }
}

#[tokio::test]
async fn of_two_holds_in_a_row_the_second_decides() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;

    stage.hold(Some(at(6_000)));
    let (position, _) = stage.holds(at(2_000)).await;

    assert!(
        (position - at(2_000)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
    let status = stage.status("standing", |status| !status.is_seeking).await;
    assert_eq!(status.reading.map(|reading| reading.position), Some(position));
}

#[tokio::test]
async fn a_hold_while_the_item_is_opened_is_done_afterwards() {
    let mut stage = Stage::set();
    let opened = stage.load(
        watchtogether::player::Source::File(clip().to_owned()),
        MediaTime::ZERO,
    );
    let held = stage.hold(Some(at(2_500)));

    stage.loaded(opened).await;
    let (position, _) = stage.landed(held).await;

    assert!(
        (position - at(2_500)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
}

#[tokio::test]
async fn a_release_happens_at_its_instant_and_the_sound_begins_with_the_frame() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;
    let (landed, _) = stage.holds(at(2_020)).await;

    assert_starts_on_time(&mut stage, landed).await;
}

#[tokio::test]
async fn sound_without_a_picture_begins_where_it_was_sent() {
    let mut stage = Stage::with(&[("vid", "no")]);
    let (media, opened) = stage.opens(clip(), at(1_010)).await;
    assert!(!media.has_video);
    assert_eq!(opened, at(1_010));
    assert_starts_on_time(&mut stage, opened).await;

    let (landed, _) = stage.holds(at(5_017)).await;

    assert_eq!(landed, at(5_017));
    assert_starts_on_time(&mut stage, landed).await;
}

/// Releases a player that waits at `landed`, and checks its position a little later.
async fn assert_starts_on_time(stage: &mut Stage, landed: MediaTime) {
    let wanted = monotonic() + Duration::from_millis(150);

    stage.release(wanted);
    let released = stage.released().await;

    assert!(released >= wanted, "never early");
    assert!(
        released.saturating_since(wanted) < LATE_RELEASE,
        "{released:?} for {wanted:?}"
    );
    let later = wanted + Duration::from_millis(400);
    let reading = stage
        .status("a position while it plays", |s| {
            s.reading.is_some_and(|r| r.at > later)
        })
        .await
        .reading
        .expect("just looked at");
    let expected = landed + reading.at.saturating_since(released).into();
    assert!(
        (reading.position - expected).abs() < NEAR,
        "{:?} for {expected:?}",
        reading.position
    );
}

#[tokio::test]
async fn a_release_in_the_past_happens_at_once() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;
    let now = monotonic();

    stage.release(now.saturating_sub(Duration::from_secs(5)));

    assert!(stage.released().await >= now);
}

#[tokio::test]
async fn a_hold_makes_the_release_before_it_void() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;
    let instant = monotonic() + Duration::from_millis(250);

    stage.release(instant);
    stage.holds(at(3_000)).await;

    let past = instant + Duration::from_millis(300);
    let status = stage.status("time to pass", |status| status.at > past).await;
    assert!(status.is_paused);
    assert_eq!(status.generation, stage.generation());
}

#[tokio::test]
async fn a_release_of_another_generation_is_void() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;

    stage.tell(PlayerCommand::Release {
        generation: stage.generation().next(),
        at: monotonic(),
    });

    let past = monotonic() + Duration::from_millis(300);
    assert!(
        stage
            .status("time to pass", |status| status.at > past)
            .await
            .is_paused
    );
}

#[tokio::test]
async fn a_second_release_does_not_undo_the_next_pause() {
    let mut stage = Stage::set();
    let mut window = stage.window().await;
    stage.opens(clip(), MediaTime::ZERO).await;
    stage.plays().await;

    stage.release(monotonic());
    window.sets("pause", json!(true)).await;
    stage.request().await;

    let past = monotonic() + Duration::from_millis(300);
    assert!(
        stage
            .status("time to pass", |status| status.at > past)
            .await
            .is_paused
    );
}

#[tokio::test]
async fn a_hold_without_a_position_stays_at_the_frame_that_is_shown() {
    let mut stage = Stage::set();
    let mut window = stage.window().await;
    stage.opens(clip(), MediaTime::ZERO).await;
    stage.plays().await;
    stage
        .status("some playing", |s| {
            s.reading.is_some_and(|r| r.position > at(300))
        })
        .await;

    let held = stage.hold(None);
    let (position, _) = stage.landed(held).await;

    let shown = window
        .property("time-pos")
        .await
        .as_f64()
        .map(MediaTime::from_secs_f64);
    assert_eq!(shown, Some(position));
    assert!(position >= at(300));
    assert_eq!(window.property("pause").await, json!(true));
}

#[tokio::test]
async fn a_speed_that_is_not_renewed_falls_back_to_the_rooms_rate() {
    let mut stage = Stage::set();
    stage.opens(clip(), MediaTime::ZERO).await;
    stage.plays().await;

    let told = monotonic();
    stage.tell(PlayerCommand::SetSpeed {
        base: 1.0,
        speed: 1.015,
    });
    stage
        .status("another speed", |status| (status.speed - 1.015).abs() < 1e-9)
        .await;
    let back = stage
        .status("its end", |status| (status.speed - 1.0).abs() < 1e-9)
        .await;

    let lasted = back.at.saturating_since(told);
    assert!(lasted >= Duration::from_secs(1), "{lasted:?}");
    assert!(lasted < Duration::from_secs(2), "{lasted:?}");
}

#[tokio::test]
async fn the_rooms_rate_lasts_and_keeps_voices_voices() {
    let mut stage = Stage::set();
    let mut window = stage.window().await;
    stage.opens(clip(), MediaTime::ZERO).await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(false));

    stage.tell(PlayerCommand::SetSpeed {
        base: 1.25,
        speed: 1.25,
    });

    stage
        .status("the rate", |status| (status.speed - 1.25).abs() < 1e-9)
        .await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(true));
    let past = monotonic() + Duration::from_millis(1_300);
    let status = stage.status("time to pass", |status| status.at > past).await;
    assert!((status.speed - 1.25).abs() < 1e-9);
    stage.tell(PlayerCommand::SetSpeed {
        base: 1.0,
        speed: 1.0,
    });
    stage
        .status("normal speed", |status| (status.speed - 1.0).abs() < 1e-9)
        .await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(false));
}

#[tokio::test]
async fn at_the_end_it_stands_and_nobody_requested_for_it() {
    let mut stage = Stage::set();
    let (media, _) = stage.opens(clip(), MediaTime::ZERO).await;
    let end = media.duration.expect("the clip has an end");
    stage.holds(end - at(700)).await;
    stage.plays().await;

    let status = stage
        .hears("the end", |event| match event {
            PlayerEvent::Status(status) if status.is_at_end && status.is_paused => Some(*status),
            PlayerEvent::WindowRequest { request, .. } => panic!("{request:?}"),
            _ => None,
        })
        .await;

    assert!(!status.is_seeking);
    let (start, _) = stage.holds(MediaTime::ZERO).await;
    assert_eq!(start, MediaTime::ZERO);
    stage.plays().await;
    let status = stage.status("playing again", |status| !status.is_paused).await;
    assert!(!status.is_at_end);
}

#[tokio::test]
async fn a_hold_beyond_the_end_lands_on_the_last_frame() {
    let mut stage = Stage::set();
    let (media, _) = stage.opens(clip(), MediaTime::ZERO).await;
    let end = media.duration.expect("the clip has an end");

    for target in [end, end + at(5_000)] {
        stage.holds(at(1_000)).await;
        let held = stage.hold(Some(target));
        let position = stage
            .hears("landing", |event| match event {
                PlayerEvent::Landed {
                    generation, position, ..
                } if *generation == held => Some(*position),
                PlayerEvent::WindowRequest { request, .. } => panic!("{request:?}"),
                _ => None,
            })
            .await;

        assert!(
            (end - position).abs() < Duration::from_millis(300),
            "{position:?} of {end:?}"
        );
    }
}
