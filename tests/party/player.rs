//! Tests of players that end: nothing else ends with them, and they come back to the room's position.

use rustix::process::Signal;
use serde_json::json;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::members::{Member, Party, Reading as _};
use crate::process::{is_alive, kill};

#[tokio::test]
async fn a_player_that_is_killed_comes_back_by_itself_and_into_sync() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    let first = bo.player().await;

    kill(first, Signal::KILL);
    bo.process.says("It is being restarted.").await;

    bo.stands("in sync with another player", |s| {
        s.sync.state == "playing" && !is_alive(first)
    })
    .await;
    assert_ne!(bo.player().await, first);
    assert_eq!(ana.is_in_sync().await.members.len(), 2);
}

#[tokio::test]
async fn a_player_that_dies_again_and_again_waits_to_be_reopened_and_chat_goes_on() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    kill(bo.player().await, Signal::KILL);
    bo.process.says("It is being restarted.").await;
    bo.stands("again with a player", |s| s.sync.state == "standing")
        .await;

    kill(bo.player().await, Signal::KILL);
    bo.stands("without a player", |s| s.player.state == "failed")
        .await;
    bo.process.says("/reopen").await;
    chats(&ana, &bo).await;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;
    bo.does(&["ctl", "reopen"]).await;

    bo.is_in_sync().await;
}

#[tokio::test]
async fn without_libmpv_the_package_is_named_and_there_is_chat() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let broken = party.folder("libraries");
    for name in ["libmpv.so.2", "libmpv.so"] {
        std::fs::write(broken.join(name), "no library").expect("the folder is ours");
    }

    let args = ["join", &format!("{}/den", server.address)];
    let bo = party.member_with("bo", &args, &[("LD_LIBRARY_PATH", &broken)]);
    let printed = bo.process.says("libmpv cannot be loaded").await;

    assert!(printed.contains("apt install libmpv2"), "{printed}");
    bo.stands("in the room without a player", |s| {
        s.members.len() == 2 && s.player.state == "failed"
    })
    .await;
    chats(&ana, &bo).await;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;
}

#[tokio::test]
async fn a_window_that_is_closed_leaves_the_room_open_and_can_be_opened_again() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    bo.window().await.does(json!(["quit"])).await;
    bo.process.says("type /reopen to watch again.").await;
    let of_bo = bo
        .stands("without a player", |s| s.player.state == "closed")
        .await;
    ana.process.says("bo closed the player.").await;
    let of_ana = ana
        .stands("one of two is ready", |s| {
            s.room.as_ref().is_some_and(|room| room.ready == Some(1))
        })
        .await;
    assert_eq!(of_ana.room.expect("a room").watching, Some(2));
    chats(&ana, &bo).await;
    bo.does(&["ctl", "reopen"]).await;

    assert_eq!(of_bo.members.len(), 2);
    bo.is_in_sync().await;
    ana.process.says("bo is watching again.").await;
}

#[tokio::test]
async fn a_frozen_player_and_a_frozen_client_are_shown_on_every_side() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    let player = bo.player().await;
    let shows = |state: &'static str| {
        move |s: &StatusJson| s.members.iter().any(|m| m.name == "bo" && m.player == state)
    };

    kill(player, Signal::STOP);
    bo.process.says("Your player is not responding.").await;
    ana.process.says("bo's player is not responding.").await;
    ana.stands("bo's player is frozen", shows("not_responding")).await;
    kill(player, Signal::CONT);
    bo.is_in_sync().await;
    ana.stands("bo follows again", shows("following")).await;

    bo.process.signal(Signal::STOP);
    ana.process.says("bo is not responding.").await;
    bo.process.signal(Signal::CONT);
    ana.process.says("bo is responding again.").await;
    bo.is_in_sync().await;
}

#[tokio::test]
async fn the_hosts_window_is_everybodys_remote_control_and_a_viewers_is_not() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    let (mut of_ana, mut of_bo) = (ana.window().await, bo.window().await);

    of_ana.sets("pause", json!(false)).await;
    bo.is_in_sync().await;
    of_bo.sets("pause", json!(true)).await;
    bo.process.says("Only ana can pause or seek").await;
    of_bo.has("pause", json!(false)).await;
    bo.is_in_sync().await;
    of_ana.sets("pause", json!(true)).await;

    bo.process.says("ana paused").await;
    of_bo.has("pause", json!(true)).await;
    let room = ana.stands("paused", |s| s.playback_state() == "paused").await;
    bo.stands("at the same frame", |s| {
        s.sync.state == "standing" && s.position() == room.position()
    })
    .await;
}

#[tokio::test]
async fn the_next_film_in_the_hosts_window_is_the_next_film_of_the_room() {
    let party = Party::new();
    let (of_ana, of_bo) = (party.folder("films/ana"), party.folder("films/bo"));
    let next = of_ana.join("2.mkv");
    for file in [of_ana.join("1.mkv"), of_bo.join("one.mkv")] {
        std::fs::copy(clip(), file).expect("the folder is ours");
    }
    let other = another_film();
    for file in [&next, &of_bo.join("two.mkv")] {
        std::fs::write(file, &other).expect("the folder is ours");
    }
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, &of_ana.join("1.mkv")).await;
    let bo = party.bo_joins(
        &server.address,
        &[of_bo.join("one.mkv").to_str().expect("a plain name")],
    );
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    ana.window().await.does(json!(["loadfile", next])).await;

    bo.process.says("ana started 2.mkv").await;
    let after = bo
        .stands("in sync with the next film", |s| {
            s.item.as_ref().is_some_and(|item| item.title == "2.mkv")
                && s.player.file == "same"
                && s.sync.state == "playing"
        })
        .await;
    assert_eq!(after.playback_state(), "playing");
    let file = bo.window().await.property("filename").await;
    assert_eq!(file, json!("two.mkv"));
    ana.is_in_sync().await;
}

/// Both send a line, and the other one receives it.
async fn chats(ana: &Member, bo: &Member) {
    bo.does(&["send", "my window is gone"]).await;
    ana.process.says("<bo> my window is gone").await;
    ana.does(&["send", "reopen it"]).await;
    bo.process.says("<ana> reopen it").await;
}

/// Returns the clip with some bytes appended: the same film for a player, but a different one for a room.
fn another_film() -> Vec<u8> {
    let mut film = std::fs::read(clip()).expect("the clip is there");
    film.extend([0; 64]);
    film
}
