//! Films on the web: nobody needs a copy.

use serde_json::json;

use crate::clip::clip;
use crate::evening::{Evening, Reading as _};
use crate::http::Web;

#[tokio::test]
async fn a_link_plays_in_both_players_and_seeks_by_ranges() {
    let evening = Evening::begin();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("clip.mkv");
    let server = evening.server().await;
    // Without its cache, which would hold all of a film that is as short as this.
    let uncached = ["--mpv-option", "cache=no"].as_slice();
    let words = [
        "host",
        "--server",
        &server.address,
        "--room",
        "den",
        "--access",
        "open",
        &link,
    ];
    let ana = evening.member("ana", &[&words[..], uncached].concat());
    ana.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    let bo = evening.bo_joins(&server.address, uncached);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;

    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    ana.does(&["ctl", "seek", "40"]).await;

    let is_beyond =
        |s: &watchtogether::control::wire::Status| s.sync.state == "playing" && s.position() > 40_000;
    ana.stands("in sync beyond the seek", is_beyond).await;
    let of_bo = bo.stands("in sync beyond the seek", is_beyond).await;
    assert_eq!(of_bo.item.expect("something is on").url, Some(link.clone()));
    assert_eq!(bo.window().await.property("path").await, json!(link));
    assert!(web.ranges() >= 2, "both ask for a part: {}", web.ranges());
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_said_to_with_its_reason() {
    let evening = Evening::begin();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("missing.mkv");
    let server = evening.server().await;

    let ana = evening.member(
        "ana",
        &["host", "--server", &server.address, "--room", "den", &link],
    );

    let reason = ana.process.says("The player cannot open it:").await;
    assert!(reason.contains("404"), "{reason}");
}

#[tokio::test]
async fn a_link_that_others_cannot_open_is_refused_before_a_room_is_opened() {
    let evening = Evening::begin();

    let mut ana = evening.member("ana", &["host", "--server", "127.0.0.1:9", "file:///etc/passwd"]);

    assert_eq!(ana.process.ends().await.code(), Some(2));
    assert!(ana.process.output().contains("error[bad_link]"));
}
