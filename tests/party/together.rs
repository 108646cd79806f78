//! Tests of two people who watch a film together and chat.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::clip::clip;
use crate::members::{Party, Reading as _};

#[tokio::test]
async fn a_host_and_a_viewer_come_to_play_in_sync() {
    let party = Party::new();
    let server = party.server().await;
    let film = clip().to_str().expect("a plain name");

    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_joins(&server.address, &[film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;

    let of_ana = ana.is_in_sync().await;
    let of_bo = bo.is_in_sync().await;
    assert_eq!(
        (of_ana.player.file, of_bo.player.file),
        ("same".to_owned(), "same".to_owned())
    );
    bo.process.says("Playing, in sync.").await;
}

#[tokio::test]
async fn a_message_arrives_at_the_others_and_a_late_joiner_reads_it() {
    let party = Party::new();
    let server = party.server().await;
    let no_player = ["--player", "none"];
    let ana = party.ana_hosts_without_film(&server.address).await;
    let bo = party.bo_joins(&server.address, &no_player);
    bo.stands("in the room", |s| s.members.len() == 2).await;

    let listener = bo.listens().await;
    ana.does(&["send", "the tea", "is ready"]).await;

    let line = listener.says("the tea is ready").await;
    assert!(line.contains(r#""user":"ana""#), "{line}");
    bo.process.says("<ana> the tea is ready").await;
    let chi = party.member(
        "chi",
        &["join", &format!("{}/den", server.address), "--player", "none"],
    );
    chi.process.says("<ana> the tea is ready").await;
}

/// Creates a film of 20 s whose picture ends half a second before its sound.
fn make_short_picture(path: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"])
        .arg("testsrc2=size=160x90:rate=24:duration=19.5")
        .args(["-f", "lavfi", "-i", "sine=frequency=440:duration=20"])
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "250",
            "-c:a",
            "aac",
        ])
        .arg(path)
        .status()
        .expect("ffmpeg is needed to make the film");
    assert!(status.success(), "ffmpeg: {status}");
}

#[tokio::test]
async fn a_seek_to_the_end_is_the_end_for_everybody_and_space_plays_it_again() {
    let party = Party::new();
    let film = party.folder("films").join("short.mkv");
    make_short_picture(&film);
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, &film).await;
    let bo = party.bo_joins(&server.address, &[film.to_str().expect("a plain name")]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    ana.does(&["ctl", "seek", "20"]).await;
    ana.process.says("The film is over.").await;
    bo.process.says("The film is over.").await;
    for member in [&ana, &bo] {
        member
            .stands("at the end", |s| {
                s.sync.state == "standing" && s.playback_state() == "paused" && s.position() >= 19_990
            })
            .await;
    }
    ana.window().await.does(json!(["cycle", "pause"])).await;

    for member in [&ana, &bo] {
        let status = member.is_in_sync().await;
        assert!(status.position() < 15_000, "{}", status.position());
        let printed = member.process.output();
        assert!(!printed.contains("cannot keep up"), "{printed}");
    }
}
