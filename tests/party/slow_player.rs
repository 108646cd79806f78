//! Tests of a machine that is too slow for its film: its user is informed, the others are not disturbed, and it catches up when
//! it can.

use serde_json::json;

use crate::clip::clip;
use crate::members::{Member, Party};

/// A filter for the clip's picture that is too slow on every machine.
const SLOW_PICTURE: &str = "vf=lavfi=[nlmeans=s=3:p=7:r=25]";

/// A filter for the clip's sound that is too slow on every machine.
const SLOW_SOUND: &str = "af=lavfi=[anlmdn=p=0.1:r=0.2,anlmdn=p=0.1:r=0.2]";

/// Ana hosts, Bo's player is slowed down; returns both once the room plays.
async fn a_party_with(party: &Party, option: &str) -> (crate::members::Server, Member, Member) {
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let film = clip().to_str().expect("a plain name");
    let bo = party.bo_joins(&server.address, &["--mpv-option", option, film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    (server, ana, bo)
}

#[tokio::test]
async fn a_picture_that_cannot_keep_up_is_reported_until_it_can() {
    let party = Party::new();
    let (_server, ana, bo) = a_party_with(&party, SLOW_PICTURE).await;

    bo.process.says("cannot keep up").await;
    let of_bo = bo
        .stands("said to scripts too", |s| s.player.state == "too_slow")
        .await;
    ana.stands("said to the others too", |s| {
        s.members.iter().any(|m| m.name == "bo" && m.player == "too_slow")
    })
    .await;
    bo.window().await.sets("vf", json!("")).await;

    bo.is_in_sync().await;
    // On a machine with nothing else to do there are none: its sound follows the room.
    assert!(of_bo.sync.corrections <= 3, "{:?}", of_bo.sync);
    ana.was_left_alone().await;
}

#[tokio::test]
async fn a_sound_that_cannot_keep_up_is_not_chased_forever_and_comes_back_when_it_can() {
    let party = Party::new();
    let (_server, ana, bo) = a_party_with(&party, SLOW_SOUND).await;

    bo.process.says("cannot keep up").await;
    bo.window().await.sets("af", json!("")).await;

    let of_bo = bo.is_in_sync().await;
    assert!(of_bo.sync.corrections <= 6, "{:?}", of_bo.sync);
    assert!(
        !bo.process.output().contains("Playing, in sync.\nYour player"),
        "{}",
        bo.process.output()
    );
    ana.was_left_alone().await;
}
