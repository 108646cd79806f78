//! Tests that the same person keeps the seat: clients that are killed and restarted, as seen by themselves and by the others.

use rustix::process::Signal;
use watchtogether::control::wire::StatusJson;

use crate::clip::clip;
use crate::members::{Member, Party, Reading as _};
use crate::process::kill;
use crate::relay::Relay;

/// Returns the names of the members as shown to the others.
fn names(status: &StatusJson) -> Vec<&str> {
    status.members.iter().map(|member| member.name.as_str()).collect()
}

/// Asserts that nobody saw a member join, leave or get lost since the others received `since`.
fn saw_nothing(of: &Member, since: &str) {
    let output = of.process.output();
    let after = output.split(since).nth(1).expect("it was heard");
    for text in [
        " joined.",
        " left.",
        "lost the connection",
        "is back.",
        "is now the host",
        "Ana 2",
        "bo 2",
    ] {
        assert!(!after.contains(text), "{text:?} in\n{after}");
    }
}

/// Kills a client, as in a crash, and waits until it is gone.
async fn dies(mut member: Member) {
    member.process.signal(Signal::KILL);
    member.process.ends().await;
}

#[tokio::test]
async fn a_killed_client_returns_to_its_seat_and_role_unnoticed_by_the_others() {
    let party = Party::new();
    let server = party.server().await;
    let address = &server.address;
    let ana = party.ana_hosts_without_film(address).await;
    let bo = party.bo_joins(address, &["--player", "none"]);
    bo.stands("in the room", |s| s.members.len() == 2).await;
    ana.does(&["send", "before all that"]).await;
    bo.process.says("before all that").await;

    dies(ana).await;
    let ana = party.ana_hosts_without_film(address).await;
    let status = ana.stands("back", |s| s.members.len() == 2).await;
    assert!(status.is_hosted_by("ana"), "{status:#?}");
    dies(ana).await;
    let ana = party.member("ana", &["join", "--last", "--player", "none"]);
    let status = ana.stands("back", |s| s.members.len() == 2).await;
    assert!(status.is_hosted_by("ana"), "{status:#?}");
    ana.does(&["ctl", "on-stall", "go-on"]).await;
    saw_nothing(&bo, "before all that");

    ana.does(&["send", "and now bo"]).await;
    bo.process.says("and now bo").await;
    dies(bo).await;
    let bo = party.bo_joins(address, &["--player", "none"]);
    let status = bo.stands("back", |s| s.members.len() == 2).await;

    assert_eq!(
        (
            status.room.map(|room| room.you),
            names(&ana.status().await.expect("it runs"))
        ),
        (Some("bo".to_owned()), vec!["ana", "bo"])
    );
    saw_nothing(&ana, "and now bo");
    bo.process.says("before all that").await;
    assert_eq!(bo.process.output().matches("before all that").count(), 1);
}

#[tokio::test]
async fn a_killed_client_returns_by_home_to_its_seat_and_role_and_the_film_has_gone_on() {
    let party = Party::new();
    let server = party.server().await;
    let film = clip().to_str().expect("a plain name");
    let args = ["host", "--server", &server.address, "--room", "den", "--access"];
    let args = [&args[..], &["open", "--player", "none", film]].concat();
    let ana = party.member("ana", &args);
    ana.stands("the film is on", |s| s.playback_state() == "paused")
        .await;
    let bo = party.bo_joins(&server.address, &["--player", "none"]);
    bo.stands("in the room", |s| s.members.len() == 2).await;
    ana.does(&["ctl", "seek", "20"]).await;
    ana.does(&["ctl", "play"]).await;
    ana.does(&["send", "before all that"]).await;
    bo.process.says("before all that").await;

    dies(ana).await;
    let mut ana = party.home_of("ana");
    ana.shows("1 den").await;
    ana.types("\x1b1").await;
    ana.shows("People 2").await;

    ana.types("here I am\r").await;
    bo.process.says("<ana> here I am").await;
    let status = bo.status().await.expect("it runs");
    assert!(status.is_hosted_by("ana"), "{status:#?}");
    assert_eq!(names(&status), ["ana", "bo"]);
    assert!(
        status.playback_state() == "playing" && status.position() > 20_000,
        "{status:#?}"
    );
    saw_nothing(&bo, "before all that");
}

#[tokio::test]
async fn a_film_goes_on_at_once_after_a_lost_client_a_lost_player_or_both() {
    let party = Party::new();
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&server.address).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;

    kill(bo.player().await, Signal::KILL);
    bo.process.says("It is being restarted.").await;
    bo.is_in_sync().await;
    dies(bo).await;
    let bo = party.bo_watches(&server.address).await;
    bo.is_in_sync().await;
    kill(bo.player().await, Signal::KILL);
    dies(bo).await;
    let bo = party.bo_watches(&server.address).await;
    let status = bo.is_in_sync().await;

    assert_eq!(names(&status), ["ana", "bo"]);
    ana.is_in_sync().await;
    assert_eq!(ana.process.output().matches("bo joined.").count(), 1);
    assert!(!ana.process.output().contains("bo left."));
}

#[tokio::test]
async fn a_host_whose_room_got_a_number_is_back_in_it_and_comes_into_the_other_one_when_asked_to() {
    let party = Party::new();
    let server = party.server().await;
    let film = clip().to_str().expect("a plain name");
    let hosts = |name| {
        let args = ["host", "--server", &server.address, "--player", "none", film];
        party.member(name, &args)
    };
    let room_of = |status: &StatusJson| status.room.as_ref().map(|room| room.name.clone());
    let ana = hosts("ana");
    let status = ana.stands("the room is open", |s| s.room.is_some()).await;
    let first = room_of(&status).expect("a room");
    let mut bo = hosts("bo");
    let status = bo.stands("the room is open", |s| s.room.is_some()).await;
    let second = room_of(&status).expect("a room");
    assert_ne!(first, second);

    for _ in 0..2 {
        dies(bo).await;
        bo = hosts("bo");
        let status = bo.stands("back", |s| s.room.is_some()).await;
        assert_eq!(room_of(&status).as_ref(), Some(&second));
        assert!(status.is_hosted_by("bo"), "{status:#?}");
        assert_eq!(names(&status), ["bo"]);
    }
    dies(bo).await;
    let invite = ana.invites_to_loopback().await;
    let bo = party.member("bo", &["join", &invite, "--player", "none"]);
    let status = bo.stands("in the other room", |s| s.room.is_some()).await;
    assert_eq!(room_of(&status), Some(first));
    assert_eq!(names(&status), ["ana", "bo"]);
}

#[tokio::test]
async fn only_one_of_two_clients_that_start_together_has_the_seat() {
    let party = Party::new();
    let server = party.server().await;
    let address = &server.address;
    let ana = party.ana_hosts_without_film(address).await;
    let bo = party.bo_joins(address, &["--player", "none"]);
    bo.stands("in the room", |s| s.members.len() == 2).await;
    dies(bo).await;

    let one = party.bo_joins(address, &["--player", "none"]);
    let other = party.bo_joins(address, &["--player", "none"]);
    let status = ana.stands("both are there", |s| s.members.len() == 3).await;

    assert_eq!(names(&status), ["ana", "bo", "bo 2"]);
    dies(one).await;
    dies(other).await;
    let _one = party.bo_joins(address, &["--player", "none"]);
    let _other = party.bo_joins(address, &["--player", "none"]);
    ana.does(&["send", "once more"]).await;
    ana.process.says("once more").await;
    ana.stands("both are there", |s| s.members.iter().all(|m| m.link == "up"))
        .await;
    saw_nothing(&ana, "bo 2 joined.");
}

#[tokio::test]
async fn a_member_who_left_comes_back_as_a_newcomer_and_one_who_quit_offline_takes_the_old_seat() {
    let party = Party::new();
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let ana = party.ana_hosts_without_film(&server.address).await;
    let room = format!("watchtogether://{}/den#k={}", relay.address(), server.pin);
    let joins = || party.member("bo", &["join", &room, "--player", "none"]);
    let mut bo = joins();
    bo.stands("in the room", |s| s.members.len() == 2).await;

    bo.does(&["ctl", "quit"]).await;
    bo.process.ends().await;
    ana.process.says("bo left.").await;
    let mut bo = joins();
    bo.stands("in the room", |s| s.members.len() == 2).await;
    relay.cut();
    bo.process.says("Connection lost").await;
    ana.process.says("bo lost the connection.").await;
    bo.does(&["ctl", "quit"]).await;
    bo.process.ends().await;
    relay.mend();
    let _bo = joins();

    ana.process.says("bo is back.").await;
    let status = ana.status().await.expect("it runs");
    assert_eq!(names(&status), ["ana", "bo"]);
}

#[tokio::test]
async fn a_host_who_quits_while_offline_takes_the_seat_and_the_room_at_the_next_start() {
    let party = Party::new();
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let address = relay.address();
    let args = ["host", "--server", &address, "--room", "den", "--access"];
    let args = [&args[..], &["open", "--player", "none"]].concat();
    let mut ana = party.at_terminal("ana", &args);
    ana.shows("only you here").await;
    let bo = party.bo_joins(&server.address, &["--player", "none"]);
    ana.shows("People 2").await;

    relay.cut();
    ana.shows("RECONNECTING").await;
    bo.process.says("ana lost the connection.").await;
    // The first key asks for confirmation, if there is any; the second one confirms.
    ana.types("\x11\x11").await;
    while ana.read().await {}
    relay.mend();
    let mut ana = party.at_terminal("ana", &args);
    ana.shows("People 2").await;

    bo.process.says("ana is back.").await;
    let status = bo.status().await.expect("it runs");
    assert!(status.is_hosted_by("ana"), "{status:#?}");
    assert_eq!(names(&status), ["ana", "bo"]);
    assert!(!bo.process.output().contains("is now the host"));
}
