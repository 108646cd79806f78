//! Tests of the text of every state on the real screen, each with its cause. Bo sits at a terminal of 80 by 24.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::clip::clip;
use crate::http::{SLOW, Web};
use crate::members::{Member, Party, Server};
use crate::process::{children, eventually, kill};
use crate::pty::Pty;
use crate::relay::{Conditions, Relay};

/// Ana hosts the clip, and Bo has joined at his terminal with these additional arguments.
async fn bo_at_his_terminal(party: &Party, args: &[&str]) -> (Server, Member, Pty) {
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let room = format!("{}/den", server.address);
    let bo = party.at_terminal("bo", &[&["join", &room], args].concat());
    (server, ana, bo)
}

/// Like [`bo_at_his_terminal`], with a sound card of Bo's that is slower than any speed can correct, and a room that plays.
async fn a_party_with_an_invite_at(party: &Party, speed: &str) -> (Server, Member, Pty) {
    let option = format!("ao-null-speed={speed}");
    let (server, ana, mut bo) = bo_at_his_terminal(party, &["--mpv-option", &option, path()]).await;
    bo.shows("paused").await;
    ana.does(&["ctl", "play"]).await;
    (server, ana, bo)
}

/// Like [`bo_at_his_terminal`], with Bo's own copy of the clip, and a room that plays.
async fn a_playing_party(party: &Party) -> (Server, Member, Pty) {
    let (server, ana, mut bo) = bo_at_his_terminal(party, &[path()]).await;
    bo.shows("paused").await;
    ana.does(&["ctl", "play"]).await;
    bo.shows("in sync ±").await;
    (server, ana, bo)
}

fn path() -> &'static str {
    clip().to_str().expect("a plain name")
}

/// Returns Bo's player: the client is a child of `script` and its shell, and the player is a child of the client.
async fn player_of(bo: &Pty) -> u32 {
    let script = bo.child.id().expect("it runs");
    let player = || {
        let client = children(script, "join").first().copied()?;
        children(client, "player-worker").first().copied()
    };
    eventually(player).await.expect("the client has a player")
}

#[tokio::test]
async fn a_film_that_falls_behind_catches_up_and_jumps_where_that_is_not_enough() {
    let party = Party::new();
    let (_server, _ana, mut bo) = a_party_with_an_invite_at(&party, "0.95").await;

    bo.shows("catching up 0.").await;
    bo.shows("jumped 0.2").await;
}

#[tokio::test]
async fn a_film_that_falls_behind_faster_is_out_of_sync_until_its_turn_and_cannot_keep_up() {
    let party = Party::new();
    let (_server, _ana, mut bo) = a_party_with_an_invite_at(&party, "0.9").await;

    bo.shows("out of sync -0.").await;
    bo.shows("Alt-S").await;
    bo.shows("cannot keep up with the film").await;
}

#[tokio::test]
async fn a_seek_that_waits_shows_how_many_members_are_ready() {
    let party = Party::new();
    let (_server, ana, mut bo) = a_playing_party(&party).await;
    let player = player_of(&bo).await;

    kill(player, Signal::STOP);
    ana.does(&["ctl", "seek", "30"]).await;
    bo.shows("seeking to 00:00:30 … 1 of 2 there").await;
    kill(player, Signal::CONT);

    bo.shows("in sync ±").await;
}

#[tokio::test]
async fn a_room_reports_a_start_before_it_plays() {
    let party = Party::new();
    let server = party.server().await;
    // A start is scheduled for the slowest path to a member.
    let far = Conditions {
        delay: Duration::from_millis(400),
        ..Conditions::GOOD
    };
    let relay = Relay::under(far, &server.address).await;
    let ana = party.ana_hosts(&relay.address(), clip()).await;
    let room = format!("{}/den", server.address);
    let mut bo = party.at_terminal("bo", &["join", &room, path()]);
    bo.shows("paused").await;
    bo.shows("★ ana    8").await;

    ana.does(&["ctl", "play"]).await;

    bo.shows("starting").await;
    bo.shows("in sync ±").await;
}

#[tokio::test]
async fn a_request_to_a_silent_room_shows_at_once_and_is_marked() {
    let party = Party::new();
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let address = relay.address();
    let args = [
        "host",
        "--server",
        &address,
        "--room",
        "den",
        "--access",
        "open",
        path(),
    ];
    let mut ana = party.at_terminal("ana", &args);
    ana.shows("paused").await;

    relay.cut();
    ana.types("\x1bp").await;
    ana.shows("starting …").await;
    relay.mend();

    ana.shows("playing").await;
}

#[tokio::test]
async fn moves_pauses_and_the_end_of_a_room_are_shown() {
    let party = Party::new();
    let (_server, ana, mut bo) = a_playing_party(&party).await;

    ana.does(&["ctl", "seek", "30"]).await;
    bo.shows("ana went").await;
    bo.shows("in sync ±").await;
    ana.does(&["ctl", "pause"]).await;
    bo.shows("paused by ana").await;
    ana.does(&["ctl", "seek", "57"]).await;
    ana.does(&["ctl", "play"]).await;

    bo.shows("the film is over").await;
}

#[tokio::test]
async fn a_window_that_is_closed_a_player_that_is_killed_and_the_way_back() {
    let party = Party::new();
    let (_server, _ana, mut bo) = a_playing_party(&party).await;

    kill(player_of(&bo).await, Signal::KILL);
    bo.shows("opening the film").await;
    bo.shows("in sync ±").await;
    party.window_of("bo").await.does(json!(["quit"])).await;
    bo.shows("no player").await;
    bo.shows("Alt-O").await;
    bo.types("\x1bo").await;

    bo.shows("in sync ±").await;
}

#[tokio::test]
async fn a_file_that_is_not_there_and_one_that_is_another_are_named() {
    let party = Party::new();
    let (server, _ana, mut bo) = bo_at_his_terminal(&party, &[]).await;
    bo.shows("you don't have clip.mkv").await;

    let other = party.folder("chi").join("clip.mkv");
    let mut bytes = std::fs::read(clip()).expect("the clip is there");
    bytes.extend([0; 64]);
    std::fs::write(&other, bytes).expect("the folder is ours");
    let room = format!("{}/den", server.address);
    let mut chi = party.at_terminal("chi", &["join", &room, other.to_str().expect("a plain name")]);

    chi.shows("your copy").await;
}

#[tokio::test]
async fn a_player_that_runs_dry_is_waited_for_by_name() {
    let party = Party::new();
    let web = Web::serve(clip().parent().expect("the clip is in a folder")).await;
    let link = web.link("clip.mkv");
    let server = party.server().await;
    let args = [
        "host",
        "--server",
        &server.address,
        "--room",
        "den",
        "--access",
        "open",
        &link,
    ];
    let mut ana = party.at_terminal("ana", &args);
    ana.shows("paused").await;
    let agent = format!("user-agent={SLOW}");
    let bo_comes = ["join", &format!("{}/den", server.address), "--mpv-option", &agent];
    let mut bo = party.at_terminal("bo", &bo_comes);
    bo.shows("paused").await;
    ana.types("\x1bp").await;
    bo.shows("in sync ±").await;

    bo.shows("buffering").await;
    ana.shows("waiting for bo").await;
    bo.shows("the room is waiting for you").await;
    web.open_gate();

    ana.shows("in sync ±").await;
    bo.shows("in sync ±").await;
}

#[tokio::test]
async fn a_cut_path_and_an_ended_server_are_reported_and_the_film_plays_on() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let relay = Relay::to(&server.address).await;
    let room = format!("{}/den", relay.address());
    let mut bo = party.at_terminal("bo", &["join", &room, path()]);
    bo.shows("paused").await;
    ana.does(&["ctl", "play"]).await;
    bo.shows("in sync ±").await;

    relay.cut();
    bo.shows("RECONNECTING").await;
    bo.shows("the film keeps playing").await;
    relay.mend();

    bo.shows("in sync ±").await;
    ana.does(&["send", "there you are"]).await;
    bo.shows("there you are").await;
}

#[tokio::test]
async fn a_server_that_comes_back_as_another_ends_the_session_and_keeps_the_chat() {
    let party = Party::new();
    let (server, ana, mut bo) = a_playing_party(&party).await;
    bo.types("good night\r").await;
    ana.process.says("<bo> good night").await;

    let address = server.address.clone();
    server.process.signal(Signal::KILL);
    drop(server);
    std::fs::remove_dir_all(party.folder("server")).expect("the folder is ours");
    let _another = party.server_at(&address).await;

    bo.shows("DISCONNECTED").await;
    assert!(bo.shown().contains("good night"), "{}", bo.shown());
}
