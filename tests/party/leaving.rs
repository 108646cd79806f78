//! Tests of leaving: the others keep watching, and processes that were started for those who left end.

use rustix::process::Signal;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::members::{Party, Reading as _};
use crate::process::{children, eventually, is_alive, kill};

#[tokio::test]
async fn a_host_who_leaves_hands_the_room_on_and_the_film_goes_on() {
    let party = Party::new();
    let server = party.server().await;
    let mut ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    let before = bo.is_in_sync().await.position();

    ana.process.signal(Signal::TERM);

    assert_eq!(ana.process.ends().await.code(), Some(0));
    bo.process
        .says("You are now the host: the previous host left.")
        .await;
    let after = bo
        .stands("host and on", |s| s.is_hosted_by("bo") && s.position() > before)
        .await;
    assert_eq!(after.playback_state(), "playing");
    bo.does(&["ctl", "pause"]).await;
    bo.stands("paused by the new host", |s| s.playback_state() == "paused")
        .await;
}

#[tokio::test]
async fn the_film_is_paused_when_a_host_leaves_with_the_local_server() {
    let party = Party::new();
    let film = clip().to_str().expect("a plain name");
    let mut ana = party.member("ana", &["host", "--port", "0", film]);
    let invite = ana.invites_to_loopback().await;
    let mut bo = party.at_terminal("bo", &["join", &invite, film]);
    bo.shows("paused").await;
    ana.does(&["ctl", "play"]).await;
    bo.shows("in sync").await;
    let mut window = party.window_of("bo").await;

    ana.process.signal(Signal::TERM);

    assert_eq!(ana.process.ends().await.code(), Some(0));
    bo.shows("DISCONNECTED the host ended the room   Alt-A try again")
        .await;
    window.has("pause", true.into()).await;
}

#[tokio::test]
async fn the_server_of_a_host_ends_with_a_host_that_is_killed() {
    let party = Party::new();
    let film = clip().to_str().expect("a plain name");
    let mut ana = party.member("ana", &["host", "--port", "0", film]);
    let bo = party.member("bo", &["join", &ana.invites_to_loopback().await, film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    let before = bo.is_in_sync().await.position();
    let (server, player) = (ana.server().await, ana.player().await);

    ana.process.signal(Signal::KILL);

    ana.process.ends().await;
    let gone = || (!is_alive(server) && !is_alive(player)).then_some(());
    eventually(gone)
        .await
        .expect("what was started for the host ends");
    let text = "the host's program stopped; the room comes back when the host does";
    bo.process.says(text).await;
    bo.process.says("The film keeps playing.").await;
    let output = bo.process.output();
    assert_eq!(output.matches(text).count(), 1, "{output}");
    assert!(!output.contains("shutting down"), "{output}");
    bo.stands("playing on by itself", |s| {
        s.sync.state == "playing" && s.position() > before
    })
    .await;
}

#[tokio::test]
async fn a_hosts_killed_local_server_is_back_and_the_film_never_stopped() {
    let party = Party::new();
    let film = clip().to_str().expect("a plain name");
    let mut ana = party.member("ana", &["host", "--port", "0", film]);
    let bo = party.member("bo", &["join", &ana.invites_to_loopback().await, film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    let before = bo.is_in_sync().await.position();
    let server = ana.server().await;

    kill(server, Signal::KILL);
    bo.process.says("The film keeps playing.").await;

    let both = |s: &StatusJson| s.link.state == "up" && s.members.len() == 2 && s.position() > before;
    ana.stands("in the room again", both).await;
    bo.stands("in the room again", both).await;
    assert_eq!(bo.is_in_sync().await.playback_state(), "playing");
    assert_ne!(ana.server().await, server);
    bo.does(&["send", "still here"]).await;
    ana.process.says("<bo> still here").await;
    ana.process.signal(Signal::TERM);
    assert_eq!(ana.process.ends().await.code(), Some(0));
    bo.process.says("The host ended the room.").await;
}

#[tokio::test]
async fn a_hosts_local_server_is_the_same_after_a_kill_where_nothing_can_be_kept() {
    let party = Party::new();
    let args = ["host", "--port", "0", "--player", "none"];
    let ana = party.member_with("ana", &args, &[("XDG_STATE_HOME", "/proc/nowhere")]);
    let invite = ana.invites_to_loopback().await;
    let bo = party.member("bo", &["join", &invite, "--player", "none"]);
    bo.stands("in the room", |s| s.members.len() == 2).await;
    let server = ana.server().await;

    kill(server, Signal::KILL);

    bo.process.says("Connection lost").await;
    let both = |s: &StatusJson| s.link.state == "up" && s.members.len() == 2;
    ana.stands("in the room again", both).await;
    bo.stands("in the room again", both).await;
    assert_ne!(ana.server().await, server);
}

#[tokio::test]
async fn a_client_that_ends_takes_its_player_with_it() {
    let party = Party::new();
    let server = party.server().await;
    let mut ana = party.ana_hosts(&server.address, clip()).await;
    let player = ana.player().await;

    ana.does(&["ctl", "quit"]).await;

    assert_eq!(ana.process.ends().await.code(), Some(0));
    assert!(!is_alive(player));
    assert!(children(ana.process.id(), "player-worker").is_empty());
}
