//! Tests of the room actions that scripts may perform, and of the answers.

use crate::clip::clip;
use crate::members::{Party, Reading as _};

#[tokio::test]
async fn a_script_of_the_host_pauses_plays_and_seeks_for_everybody() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;

    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    ana.does(&["ctl", "seek", "30"]).await;
    bo.stands("playing beyond the seek", |s| {
        s.sync.state == "playing" && s.position() > 30_000
    })
    .await;
    ana.does(&["ctl", "pause"]).await;

    let room = ana.stands("paused", |s| s.playback_state() == "paused").await;
    bo.stands("at the same frame", |s| {
        s.playback_state() == "paused" && s.sync.state == "standing" && s.position() == room.position()
    })
    .await;
    bo.process.says("to 30 seconds.").await;
    bo.process.says("ana paused, at").await;
    ana.does(&["ctl", "seek", "-10"]).await;
    bo.stands("ten seconds back", |s| {
        (s.position() - room.position() + 10_000).abs() <= 1
    })
    .await;
}

#[tokio::test]
async fn a_script_of_a_viewer_is_refused_with_the_reason_and_nothing_moves() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    let before = bo.is_in_sync().await.position();

    for args in [
        &["ctl", "pause"][..],
        &["ctl", "seek", "5:00"],
        &["ctl", "host", "bo"],
    ] {
        let output = bo.runs(args).await;
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(8), "{args:?}: {printed}");
        assert!(
            printed.starts_with("error[not_host]: only the host can do that"),
            "{printed}"
        );
    }

    let after = ana
        .stands("still playing", |s| {
            s.sync.state == "playing" && s.position() > before
        })
        .await;
    assert!(after.is_hosted_by("ana"));
}

#[tokio::test]
async fn seeks_in_a_row_while_playing_have_the_same_numbers_for_all() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    for to in ["+5", "+5", "30"] {
        ana.does(&["ctl", "seek", to]).await;
    }

    let at_ana = ana.process.says(", to 30 seconds.").await.replace(" in all", "");
    let at_bo = bo.process.says(", to 30 seconds.").await.replace(" in all", "");
    assert!(at_bo.starts_with("ana went forward "), "{at_bo}");
    assert_eq!(at_ana.replace("You went", "ana went"), at_bo);
}

#[tokio::test]
async fn a_time_beyond_the_end_is_a_usage_error_and_nothing_moves() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "seek", "30"]).await;
    bo.stands("at 30 s", |s| s.position() == 30_000).await;

    let output = ana.runs(&["ctl", "seek", "9:59:59"]).await;

    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(
        printed.starts_with("error[beyond_end]: the film is "),
        "{printed}"
    );
    assert!(printed.contains("hint: write a time as 90, 1:30"), "{printed}");
    ana.process.says("Not done: the film is").await;
    for member in [&ana, &bo] {
        let status = member.status().await.expect("it runs");
        assert_eq!(status.position(), 30_000);
    }
}

#[tokio::test]
async fn a_script_of_the_host_hands_the_room_on() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.process.says("bo joined.").await;

    ana.does(&["ctl", "host", "bo"]).await;
    bo.stands("host", |s| s.is_hosted_by("bo")).await;
    bo.does(&["ctl", "play"]).await;

    bo.process.says("You are now the host.").await;
    ana.process.says("bo is now the host.").await;
    ana.is_in_sync().await;
}

#[tokio::test]
async fn a_script_reads_what_others_do_line_by_line() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    let listener = bo.listens().await;

    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    ana.does(&["ctl", "seek", "20"]).await;

    for part in [
        r#""type":"play","user":"ana","media_ms":0}"#,
        r#""type":"sync","state":"playing"}"#,
        r#""type":"seek","user":"ana","media_ms":20000}"#,
    ] {
        let line = listener.says(part).await;
        assert!(
            line.starts_with(r#"{"v":1,"t":""#) && line.contains(r#""room":"den""#),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_script_without_a_session_fails_with_no_session() {
    let party = Party::new();
    let server = party.server().await;
    let mut ana = party.ana_hosts_without_film(&server.address).await;
    ana.does(&["ctl", "quit"]).await;
    ana.process.ends().await;

    let output = ana.runs(&["ctl", "pause"]).await;

    assert_eq!(output.status.code(), Some(6));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("error[no_session]"), "{stderr}");
}
