//! Tests of holds, releases and speeds: the player is at the reported position at the reported time.

use std::time::Duration;

use serde_json::json;
use watchtogether::local_clock::monotonic;
use watchtogether::player::{PlayerCommand, PlayerEvent};
use watchtogether_protocol::MediaTime;

use crate::clip::clip;
use crate::test_player::TestPlayer;

/// The largest delay of a release on a busy machine; on an idle one it is 0.1 ms.
const LATE_RELEASE: Duration = Duration::from_millis(20);

/// The largest error of the sound's position after a release on a busy machine; on an idle one it is 0.2 ms.
const NEAR: Duration = Duration::from_millis(40);

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(millis)
}

#[tokio::test]
async fn an_item_is_loaded_paused_where_it_was_wanted() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;

    let (media, position) = player.opens(clip(), at(3_010)).await;

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
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    let (media, _) = player.opens(clip(), MediaTime::ZERO).await;
    let frame = media.frame.expect("the clip has pictures");

    for target in [5_017, 1_003, 7_777, 0] {
        let (position, _) = player.holds(at(target)).await;

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
async fn a_player_that_is_already_there_answers_a_hold_at_once() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    let (landed, _) = player.holds(at(4_013)).await;

    for target in [at(4_013), landed] {
        let (again, took) = player.holds(target).await;

        assert_eq!((again, took), (landed, Duration::ZERO));
    }
}

#[tokio::test]
async fn the_second_of_two_holds_in_a_row_decides() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;

    player.hold(Some(at(6_000)));
    let (position, _) = player.holds(at(2_000)).await;

    assert!(
        (position - at(2_000)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
    let status = player.status("standing", |status| !status.is_seeking).await;
    assert_eq!(status.reading.map(|reading| reading.position), Some(position));
}

#[tokio::test]
async fn a_hold_while_the_item_is_opened_is_done_afterwards() {
    let mut player = TestPlayer::start();
    let opened = player.load(
        watchtogether::player::Source::File(clip().to_owned()),
        MediaTime::ZERO,
    );
    let held = player.hold(Some(at(2_500)));

    player.loaded(opened).await;
    let (position, _) = player.landed(held).await;

    assert!(
        (position - at(2_500)).abs() <= Duration::from_millis(45),
        "{position:?}"
    );
}

#[tokio::test]
async fn a_release_happens_at_its_instant_and_the_sound_begins_with_the_frame() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    let (landed, _) = player.holds(at(2_020)).await;

    assert_starts_on_time(&mut player, landed).await;
}

#[tokio::test]
async fn sound_without_a_picture_begins_where_it_was_sent() {
    let mut player = TestPlayer::with(&[("vid", "no")]);
    let (media, opened) = player.opens(clip(), at(1_010)).await;
    assert!(!media.has_video);
    assert_eq!(opened, at(1_010));
    assert_starts_on_time(&mut player, opened).await;

    let (landed, _) = player.holds(at(5_017)).await;

    assert_eq!(landed, at(5_017));
    assert_starts_on_time(&mut player, landed).await;
}

/// Releases a player that is waiting at `landed`, and checks its position a little later.
async fn assert_starts_on_time(player: &mut TestPlayer, landed: MediaTime) {
    let wanted = monotonic() + Duration::from_millis(150);

    player.release(wanted);
    let released = player.released().await;

    assert!(released >= wanted, "never early");
    assert!(
        released.saturating_since(wanted) < LATE_RELEASE,
        "{released:?} for {wanted:?}"
    );
    let later = wanted + Duration::from_millis(400);
    let reading = player
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
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    let now = monotonic();

    player.release(now.saturating_sub(Duration::from_secs(5)));

    assert!(player.released().await >= now);
}

#[tokio::test]
async fn a_hold_makes_the_release_before_it_void() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    let instant = monotonic() + Duration::from_millis(250);

    player.release(instant);
    player.holds(at(3_000)).await;

    let past = instant + Duration::from_millis(300);
    let status = player.status("time to pass", |status| status.at > past).await;
    assert!(status.is_paused);
    assert_eq!(status.generation, player.generation());
}

#[tokio::test]
async fn a_release_of_another_generation_is_void() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;

    player.send(PlayerCommand::Release {
        generation: player.generation().next(),
        at: monotonic(),
    });

    let past = monotonic() + Duration::from_millis(300);
    assert!(
        player
            .status("time to pass", |status| status.at > past)
            .await
            .is_paused
    );
}

#[tokio::test]
async fn a_second_release_does_not_undo_the_next_pause() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;
    player.plays().await;

    player.release(monotonic());
    window.sets("pause", json!(true)).await;
    player.request().await;

    let past = monotonic() + Duration::from_millis(300);
    assert!(
        player
            .status("time to pass", |status| status.at > past)
            .await
            .is_paused
    );
}

#[tokio::test]
async fn a_hold_without_a_position_stays_at_the_frame_that_is_shown() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;
    player.plays().await;
    player
        .status("some playing", |s| {
            s.reading.is_some_and(|r| r.position > at(300))
        })
        .await;

    let held = player.hold(None);
    let (position, _) = player.landed(held).await;

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
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    player.plays().await;

    let sent = monotonic();
    player.send(PlayerCommand::SetSpeed {
        base: 1.0,
        speed: 1.015,
    });
    player
        .status("another speed", |status| (status.speed - 1.015).abs() < 1e-9)
        .await;
    let back = player
        .status("its end", |status| (status.speed - 1.0).abs() < 1e-9)
        .await;

    let lasted = back.at.saturating_since(sent);
    assert!(lasted >= Duration::from_secs(1), "{lasted:?}");
    assert!(lasted < Duration::from_secs(2), "{lasted:?}");
}

#[tokio::test]
async fn the_rooms_rate_lasts_and_keeps_voices_voices() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(false));

    player.send(PlayerCommand::SetSpeed {
        base: 1.25,
        speed: 1.25,
    });

    player
        .status("the rate", |status| (status.speed - 1.25).abs() < 1e-9)
        .await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(true));
    let past = monotonic() + Duration::from_millis(1_300);
    let status = player.status("time to pass", |status| status.at > past).await;
    assert!((status.speed - 1.25).abs() < 1e-9);
    player.send(PlayerCommand::SetSpeed {
        base: 1.0,
        speed: 1.0,
    });
    player
        .status("normal speed", |status| (status.speed - 1.0).abs() < 1e-9)
        .await;
    assert_eq!(window.property("audio-pitch-correction").await, json!(false));
}

#[tokio::test]
async fn a_pause_at_the_end_is_no_window_request() {
    let mut player = TestPlayer::start();
    let (media, _) = player.opens(clip(), MediaTime::ZERO).await;
    let end = media.duration.expect("the clip has an end");
    player.holds(end - at(700)).await;
    player.plays().await;

    let status = player
        .event("the end", |event| match event {
            PlayerEvent::Status(status) if status.is_at_end && status.is_paused => Some(*status),
            PlayerEvent::WindowRequest { request, .. } => panic!("{request:?}"),
            _ => None,
        })
        .await;

    assert!(!status.is_seeking);
    let (start, _) = player.holds(MediaTime::ZERO).await;
    assert_eq!(start, MediaTime::ZERO);
    player.plays().await;
    let status = player.status("playing again", |status| !status.is_paused).await;
    assert!(!status.is_at_end);
}

#[tokio::test]
async fn a_hold_beyond_the_end_lands_on_the_last_frame() {
    let mut player = TestPlayer::start();
    let (media, _) = player.opens(clip(), MediaTime::ZERO).await;
    let end = media.duration.expect("the clip has an end");

    for target in [end, end + at(5_000)] {
        player.holds(at(1_000)).await;
        let held = player.hold(Some(target));
        let position = player
            .event("landing", |event| match event {
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
