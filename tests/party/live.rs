//! Tests of a live stream and of a file that is still being written, watched by several members: the short form of `make
//! bench-live`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use watchtogether::control::wire::StatusJson;

use crate::members::{Party, Reading as _};
use crate::station::{Recorder, Station};

#[tokio::test]
async fn a_live_stream_plays_at_its_own_clock_for_everybody_and_is_never_over() {
    // Long enough for somebody to join while it plays.
    let printed = bench("hls", "0.2").await;

    assert!(printed.contains("cy: beside the stream's clock"), "{printed}");
}

#[tokio::test]
async fn a_file_that_is_still_written_plays_together_and_ends_when_it_is_complete() {
    let printed = bench("growing", "0.1").await;

    assert!(printed.contains("over for everybody"), "{printed}");
}

#[tokio::test]
async fn a_recording_without_a_length_plays_together_and_ends_when_it_is_complete() {
    let printed = bench("recording", "0.1").await;

    assert!(printed.contains("over for everybody"), "{printed}");
}

#[tokio::test]
async fn a_station_without_time_stamps_is_live_for_everybody_and_nobody_seeks_in_it() {
    let party = Party::new();
    let folder = party.folder("station");
    for (format, coding) in [("mp3", "libmp3lame"), ("ogg", "libvorbis")] {
        let station = Station::sends(&folder, format, coding).await;
        let server = party.server().await;
        let ana = party.ana_opens(&server.address, &[&station.link]);
        let is_on = |s: &StatusJson| s.item.is_some() && s.sync.state == "standing";
        let of_ana = ana.stands("the station is on", is_on).await;
        let bo = party.bo_joins(&server.address, &[]);
        let of_bo = bo.stands("the station is on", is_on).await;

        ana.does(&["ctl", "play"]).await;
        let beyond = |s: &StatusJson| s.sync.state == "playing" && s.position() > 4_000;
        ana.stands("playing beyond what was read at first", beyond).await;
        bo.stands("playing beyond what was read at first", beyond).await;
        let seek = ana.runs(&["ctl", "seek", "1"]).await;

        for status in [of_ana, of_bo] {
            assert_eq!(status.player.file, "live");
            let item = status.item.expect("something is on");
            assert_eq!((item.duration_ms, item.live), (None, true));
        }
        assert_eq!(seek.status.code(), Some(4), "{seek:?}");
        assert!(String::from_utf8_lossy(&seek.stderr).contains("error[not_possible]"));
        ana.process.says(", live.").await;
        for member in [&ana, &bo] {
            let status = member.stands("everybody's copy is live", |s| {
                s.members.iter().all(|m| m.file == "live")
            });
            status.await;
            assert!(!member.process.output().contains("is over"));
            assert!(!member.process.output().contains("Your copy is the same"));
        }
    }
}

#[tokio::test]
async fn a_seek_far_beyond_the_recording_is_refused_with_a_reason() {
    let party = Party::new();
    let file = party.folder("films").join("film.mkv");
    let recorder = Recorder::begins(&file).await;
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, &file).await;
    ana.does(&["ctl", "play"]).await;
    ana.stands("some seconds are played", |s| s.position() > 3_000)
        .await;

    let seek = ana.runs(&["ctl", "seek", "5:00:00"]).await;

    assert_eq!(seek.status.code(), Some(4), "{seek:?}");
    let stderr = String::from_utf8_lossy(&seek.stderr);
    assert!(stderr.contains("error[not_written]"), "{stderr}");
    assert!(stderr.contains("has not got that far yet"), "{stderr}");
    ana.process.says("has not got that far yet").await;
    ana.stands("it plays on", |s| s.sync.state == "playing").await;
    drop(recorder);
}

/// A file that was written just now is assumed to grow: its end may not be there yet.
#[tokio::test]
async fn everybody_waits_quietly_at_the_end_of_what_is_written_and_nobody_is_blamed() {
    const SECONDS: &str = "10";
    let party = Party::new();
    let fresh = party.folder("films").join("fresh.ts");
    let film = fresh.to_str().expect("a plain name");
    let made = Command::new("ffmpeg")
        .args([
            "-nostdin",
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-t",
            SECONDS,
            "-i",
        ])
        .args([
            "testsrc2=size=160x90:rate=25",
            "-f",
            "lavfi",
            "-t",
            SECONDS,
            "-i",
            "sine",
        ])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", film])
        .status()
        .await;
    assert!(made.expect("ffmpeg is needed").success());
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, &fresh).await;
    let bo = party.bo_joins(&server.address, &[film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;

    ana.does(&["ctl", "play"]).await;
    ana.does(&["ctl", "seek", "8"]).await;
    let all_wait = |s: &StatusJson| s.members.len() == 2 && s.members.iter().all(|m| m.player == "buffering");
    ana.stands("everybody is at the end of what is written", all_wait)
        .await;
    tokio::time::sleep(Duration::from_secs(6)).await;

    ana.stands("everybody still is", all_wait).await;
    for member in [&ana, &bo] {
        let printed = member.process.output();
        assert!(!printed.contains("went back"), "{printed}");
        assert!(!printed.contains("nly ana can"), "{printed}");
        assert!(printed.matches("Waiting for").count() <= 3, "{printed}");
    }
}

/// Runs a part of the bench for this many minutes and returns its output.
async fn bench(part: &str, minutes: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/bench-live");

    let bench = Command::new("python3")
        .arg(script)
        .args([env!("CARGO_BIN_EXE_watchtogether"), minutes, part])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("python3 is needed for the bench");

    let printed = String::from_utf8_lossy(&bench.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&bench.stderr);
    assert!(bench.status.success(), "{printed}\n{complaint}");
    printed
}
