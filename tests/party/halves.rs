//! Tests of half a download: a copy whose header promises more than there is.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::members::{Party, Reading as _};

/// The encoding options for an mp4 file.
const CODING: &[&str] = &[
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "50",
    "-c:a",
    "aac",
];

#[tokio::test]
async fn half_a_matroska_file_is_reported_as_ended_on_both_sides() {
    let party = Party::new();
    let whole = party.folder("ana's").join("next.mkv");
    make(&whole, &["-c", "copy"]).await;

    ends_where_it_was_cut(&party, &whole).await;
}

#[tokio::test]
async fn half_an_mp4_file_is_reported_as_ended_on_both_sides() {
    let party = Party::new();
    let whole = party.folder("ana's").join("next.mp4");
    // The index is at the beginning, as in files for the web; otherwise half a file cannot be played.
    make(&whole, &[CODING, &["-movflags", "+faststart"]].concat()).await;

    ends_where_it_was_cut(&party, &whole).await;
}

#[tokio::test]
async fn half_an_mp4_file_with_its_index_at_the_end_is_refused() {
    let party = Party::new();
    let whole = party.folder("ana's").join("next.mp4");
    make(&whole, CODING).await;
    let half = half_of(&party, &whole);
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;

    ana.does(&["ctl", "open", text(&whole)]).await;
    bo.stands("without a copy", |s| s.player.state == "no_copy").await;
    bo.runs(&["ctl", "open", text(&half)]).await;

    bo.process.says("The player cannot open next.mp4:").await;
    bo.window().await.has("path", json!(null)).await;
    ana.stands("bo's player failed for everybody", |s| {
        s.members.iter().any(|m| m.name == "bo" && m.player == "failed")
    })
    .await;
}

/// Encodes the clip as a film.
async fn make(film: &Path, coding: &[&str]) {
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(clip())
        .args(coding)
        .arg(film)
        .stdin(Stdio::null())
        .status();
    assert!(made.await.expect("ffmpeg is needed").success());
}

/// Plays a film, of which bo has downloaded the first half, up to its end.
async fn ends_where_it_was_cut(party: &Party, whole: &Path) {
    let half = half_of(party, whole);
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    ana.does(&["ctl", "open", text(whole)]).await;
    bo.stands("without a copy", |s| s.player.state == "no_copy").await;
    bo.window().await.has("path", json!(null)).await;
    bo.does(&["ctl", "open", text(&half)]).await;
    bo.stands("half a film is open", |s| {
        s.player.file == "other" && s.player.details.ready
    })
    .await;
    ana.does(&["ctl", "seek", "50"]).await;
    ana.does(&["ctl", "play"]).await;

    bo.process.says("Your copy ended at").await;
    ana.process.says("bo's copy ended at").await;
    let is_reported = |s: &StatusJson| {
        let bo = s.members.iter().find(|m| m.name == "bo");
        bo.is_some_and(|bo| bo.player == "ended" && bo.details.ended_at_ms.is_some())
    };
    let of_ana = ana.stands("bo's copy ended", is_reported).await;
    let ended_at = of_ana.members.iter().find_map(|m| m.details.ended_at_ms);
    assert!(
        ended_at.is_some_and(|ms| (5_000..55_000).contains(&ms)),
        "{ended_at:?}"
    );
    ana.stands("the room goes on", |s| s.playback_state() == "playing")
        .await;
    bo.window().await.has("path", json!(half)).await;
    assert!(!bo.process.output().contains("cannot keep up"));
}

/// Returns the first half of a film, in bo's folder.
fn half_of(party: &Party, whole: &Path) -> PathBuf {
    let name = whole.file_name().expect("a name");
    let half = party.folder("bo's").join(name);
    let bytes = std::fs::read(whole).expect("the film is there");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).expect("the folder is ours");
    half
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain name")
}
