//! Tests of the details that a player reports about itself and its film.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use watchtogether::player::PlayerEvent;
use watchtogether::player::facts::Facts;
use watchtogether_protocol::MediaTime;

use crate::clip::clip;
use crate::test_player::TestPlayer;

const CHAPTERS: &str = ";FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=4000
title=Opening
[CHAPTER]
TIMEBASE=1/1000
START=4000
END=20000
title=猫の目
";

/// Writes a copy of the clip with two chapters.
fn with_chapters(player: &TestPlayer) -> PathBuf {
    let (words, film) = (player.folder().join("chapters"), player.folder().join("film.mkv"));
    std::fs::write(&words, CHAPTERS).expect("the folder is ours");
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(clip())
        .arg("-i")
        .arg(&words)
        .args([
            "-map",
            "0",
            "-map_metadata",
            "1",
            "-map_chapters",
            "1",
            "-c",
            "copy",
        ])
        .arg(&film)
        .status()
        .expect("ffmpeg is needed to test chapters");
    assert!(status.success(), "ffmpeg: {status}");
    film
}

async fn facts(player: &mut TestPlayer, what: &str, wanted: impl Fn(&Facts) -> bool) -> Facts {
    player
        .event(what, |event| match event {
            PlayerEvent::Facts(facts) if wanted(facts) => Some(facts.clone()),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn chapters_come_with_the_film() {
    let mut player = TestPlayer::start();
    let film = with_chapters(&player);

    player.opens(&film, MediaTime::ZERO).await;
    let chapters = player
        .event("chapters", |event| match event {
            PlayerEvent::Chapters(chapters) => Some(chapters.clone()),
            _ => None,
        })
        .await;

    let titles: Vec<&str> = chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    assert_eq!(titles, ["Opening", "猫の目"]);
    assert_eq!(chapters[0].at, MediaTime::ZERO);
    let off = (chapters[1].at - MediaTime::from_millis(4_000)).abs();
    assert!(
        off < Duration::from_millis(50),
        "{off:?}: a frame, as the film begins"
    );
}

#[tokio::test]
async fn the_player_reports_its_tracks_its_volume_and_its_users_changes() {
    let mut player = TestPlayer::with(&[("volume", "70")]);
    let mut window = player.window().await;
    player.opens(clip(), MediaTime::ZERO).await;

    let first = facts(&mut player, "facts", |facts| facts.size.is_some()).await;
    window.sets("volume", json!(35)).await;
    window.sets("mute", json!(true)).await;
    let silenced = facts(&mut player, "silence", |facts| facts.is_muted).await;

    assert_eq!(first.audio.map(|track| track.number), Some(1));
    assert_eq!((first.volume, first.is_muted), (70, false));
    assert_eq!(first.decoder, None);
    assert!(first.frame_rate.is_some());
    assert_eq!(silenced.volume, 35);
}

#[tokio::test]
async fn an_idle_player_reports_nothing() {
    let mut player = TestPlayer::start();
    player.opens(clip(), MediaTime::ZERO).await;
    facts(&mut player, "facts", |facts| facts.size.is_some()).await;

    let (mut count, mut statuses) = (0, 0);
    player
        .event("three seconds of statuses", |event| {
            count += u32::from(matches!(event, PlayerEvent::Facts(_)));
            statuses += u32::from(matches!(event, PlayerEvent::Status(_)));
            (statuses >= 30).then_some(())
        })
        .await;

    assert!(count <= 1, "its cache may have filled: {count}");
}
