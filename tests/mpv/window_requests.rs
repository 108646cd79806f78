//! Tests of actions in the player's window, made through the player's own socket.

use std::time::Duration;

use serde_json::json;
use watchtogether::local_clock::monotonic;
use watchtogether::player::{PlayerCommand, PlayerEvent, Source, WindowRequest};
use watchtogether_protocol::MediaTime;
use watchtogether_protocol::player_reason::OpenError;

use crate::clip::clip;
use crate::test_player::TestPlayer;
use crate::window::Window;

/// How far a player may play before it is paused again.
const MOTION: Duration = Duration::from_millis(30);

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(millis)
}

async fn standing_at(millis: i64) -> (TestPlayer, Window, MediaTime) {
    let mut player = TestPlayer::start();
    let window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;
    let (position, _) = player.holds(at(millis)).await;
    (player, window, position)
}

async fn playing_from(millis: i64) -> (TestPlayer, Window) {
    let (mut player, window, position) = standing_at(millis).await;
    player.plays().await;
    player
        .status("playing", |s| s.reading.is_some_and(|r| r.position > position))
        .await;
    (player, window)
}

#[tokio::test]
async fn a_play_is_reported_and_undone_within_milliseconds() {
    let (mut player, mut window, stood_at) = standing_at(3_000).await;

    window.sets("pause", json!(false)).await;
    let (generation, _, request) = player.request().await;

    assert_eq!((generation, request), (player.generation(), WindowRequest::Play));
    assert_eq!(window.property("pause").await, json!(true));
    player.plays().await;
    let released = monotonic();
    let reading = player
        .status("playing", |s| {
            s.reading
                .is_some_and(|r| r.at > released + Duration::from_millis(300))
        })
        .await
        .reading
        .expect("just looked at");
    let expected = stood_at + reading.at.saturating_since(released).into();
    assert!(
        (reading.position - expected).abs() < MOTION,
        "{:?} for {expected:?}",
        reading.position
    );
}

#[tokio::test]
async fn a_pause_is_reported_with_the_shown_frame() {
    let (mut player, mut window) = playing_from(2_000).await;

    window.sets("pause", json!(true)).await;
    let (_, _, request) = player.request().await;

    let shown = window
        .property("time-pos")
        .await
        .as_f64()
        .map(MediaTime::from_secs_f64);
    assert_eq!(
        Some(request),
        shown.map(|position| WindowRequest::Pause { position })
    );
    let status = player.status("standing", |status| status.is_paused).await;
    assert!(!status.is_at_end);
}

#[tokio::test]
async fn a_key_that_pauses_and_one_that_plays_count_as_one_request_each() {
    let (mut player, mut window) = playing_from(2_000).await;

    window.does(json!(["cycle", "pause"])).await;
    assert!(matches!(player.request().await.2, WindowRequest::Pause { .. }));
    window.does(json!(["cycle", "pause"])).await;

    assert_eq!(player.request().await.2, WindowRequest::Play);
}

#[tokio::test]
async fn a_seek_is_reported_by_its_target_and_freezes_the_player() {
    for command in [
        json!(["seek", 6.5, "absolute"]),
        json!(["set_property", "time-pos", 6.5]),
    ] {
        let (mut player, mut window) = playing_from(1_000).await;

        window.does(command).await;
        let (_, _, request) = player.request().await;

        assert_eq!(request, WindowRequest::Seek { position: at(6_500) });
        let status = player.status("standing", |status| !status.is_seeking).await;
        assert!(status.is_paused);
    }
}

#[tokio::test]
async fn a_relative_seek_is_reported_by_its_target() {
    let (mut player, mut window, stood_at) = standing_at(2_000).await;

    window.does(json!(["seek", 3])).await;

    assert_eq!(
        player.request().await.2,
        WindowRequest::Seek {
            position: stood_at + at(3_000)
        }
    );
}

#[tokio::test]
async fn a_hold_undoes_a_seek() {
    let (mut player, mut window, stood_at) = standing_at(2_000).await;
    window.does(json!(["seek", 6, "absolute"])).await;
    player.request().await;

    let held = player.hold(Some(stood_at));
    let back = player
        .event("landing", |event| match event {
            PlayerEvent::Landed {
                generation, position, ..
            } if *generation == held => Some(*position),
            PlayerEvent::WindowRequest { request, .. } => panic!("our own seek is taken for {request:?}"),
            _ => None,
        })
        .await;

    assert_eq!(back, stood_at);
}

#[tokio::test]
async fn another_speed_is_reported_and_undone() {
    let (mut player, mut window) = playing_from(1_000).await;
    player.send(PlayerCommand::SetSpeed {
        base: 1.0,
        speed: 1.004,
    });
    player
        .status("our own speed", |status| (status.speed - 1.004).abs() < 1e-9)
        .await;

    window.does(json!(["multiply", "speed", 1.1])).await;
    let (_, _, request) = player.request().await;

    assert_eq!(request, WindowRequest::Speed { speed: 1.1 });
    let speed = window.property("speed").await.as_f64();
    assert!(speed.is_some_and(|speed| speed < 1.01), "{speed:?}");
    assert_eq!(window.property("pause").await, json!(false));
}

#[tokio::test]
async fn another_film_is_reported_and_kept_paused() {
    let (mut player, mut window) = playing_from(1_000).await;
    let other = player.folder().join("der nächste, film.mkv");
    std::fs::copy(clip(), &other).expect("the folder is ours");

    window
        .does(json!(["loadfile", other.display().to_string()]))
        .await;
    let (generation, _, request) = player.request().await;

    assert_eq!(
        request,
        WindowRequest::Open {
            source: Source::File(other)
        }
    );
    let (_, position) = player.loaded(generation).await;
    assert_eq!(window.property("filename").await, json!("der nächste, film.mkv"));
    assert!(position < at(200), "{position:?}");
    assert_eq!(window.property("pause").await, json!(true));
}

#[tokio::test]
async fn a_relative_path_and_a_folder_are_reported_as_their_film() {
    let (mut player, mut window) = playing_from(1_000).await;
    let folder = player.folder().join("folder");
    std::fs::create_dir(&folder).expect("the folder is ours");
    let film = folder.join("a.mkv");
    std::fs::copy(clip(), &film).expect("the folder is ours");

    window
        .does(json!(["loadfile", folder.display().to_string()]))
        .await;
    let (_, _, request) = player.request().await;

    let WindowRequest::Open {
        source: Source::File(path),
    } = request
    else {
        panic!("{request:?}");
    };
    assert_eq!(path, film);
}

#[tokio::test]
async fn a_film_that_others_cannot_open_is_refused_with_a_reason() {
    let (mut player, mut window) = playing_from(1_000).await;

    window.does(json!(["loadfile", "av://lavfi:testsrc"])).await;

    let reason = player
        .event("a refusal", |event| match event {
            PlayerEvent::LoadFailed { reason, .. } => Some(reason.clone()),
            PlayerEvent::WindowRequest { request, .. } => panic!("{request:?}"),
            _ => None,
        })
        .await;
    assert_eq!(reason, OpenError::NotShareable);
}

#[tokio::test]
async fn a_film_that_is_taken_off_is_reported() {
    let (mut player, mut window) = playing_from(1_000).await;

    window.does(json!(["stop"])).await;

    let reason = player
        .event("the end of the film", |event| match event {
            PlayerEvent::LoadFailed { reason, .. } => Some(reason.clone()),
            _ => None,
        })
        .await;
    assert_eq!(reason, OpenError::ClosedByUser);
    let (_, position) = player.opens(clip(), at(1_000)).await;
    assert!((position - at(1_000)).abs() <= Duration::from_millis(45));
}

#[tokio::test]
async fn closing_the_window_is_reported_and_ends_the_worker() {
    let (player, mut window) = playing_from(1_000).await;

    window.does(json!(["quit"])).await;

    let events = player.last_events().await;
    assert_eq!(events.last(), Some(&PlayerEvent::Closed));
}

#[tokio::test]
async fn a_play_at_the_end_of_a_film_is_a_request() {
    let mut player = TestPlayer::start();
    let mut window = player.window().await;
    let (media, _) = player.opens(clip(), MediaTime::ZERO).await;
    player
        .holds(media.duration.expect("the clip has an end") - at(500))
        .await;
    player.plays().await;
    player.status("the end", |s| s.is_at_end && s.is_paused).await;

    window.does(json!(["cycle", "pause"])).await;

    assert_eq!(player.request().await.2, WindowRequest::Play);
    assert_eq!(window.property("pause").await, json!(true));
}
