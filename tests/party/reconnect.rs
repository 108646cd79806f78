//! Tests of lost connections and restarted servers, while the film continues.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::clip::clip;
use crate::members::{Party, Reading as _};
use crate::relay::Relay;

#[tokio::test]
async fn a_path_that_was_dead_gives_the_same_seat_back_and_the_player_never_stopped() {
    let party = Party::new();
    let server = party.server().await;
    let relay = Relay::to(&server.address).await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let bo = party.bo_watches(&relay.address()).await;
    ana.does(&["ctl", "play"]).await;
    bo.is_in_sync().await;
    let mut window = bo.window().await;
    window.does(json!(["observe_property", 1, "pause"])).await;

    relay.cut();
    bo.process.says("Connection lost").await;
    ana.process.says("bo lost the connection.").await;
    relay.mend();
    bo.process.says("Connected again.").await;

    ana.process.says("bo is back.").await;
    let after = bo.is_in_sync().await;
    assert!(after.position() < 50_000, "the film was not over in between");
    window.property("pause").await;
    let is_stop = |event: &&Value| event["event"] == "seek" || event["data"] == json!(true);
    assert_eq!(window.events.iter().find(is_stop), None);
    assert_eq!(ana.process.output().matches("bo joined.").count(), 1);
    assert!(!ana.process.output().contains("bo left."));
}

#[tokio::test]
async fn a_server_that_was_killed_and_is_back_finds_the_film_going_on_and_the_room_with_it() {
    let party = Party::new();
    let server = party.server().await;
    let address = server.address.clone();
    let ana = party.ana_hosts(&address, clip()).await;
    let bo = party.bo_watches(&address).await;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;
    let before = bo.is_in_sync().await.position();
    let mut windows = [ana.window().await, bo.window().await];
    for window in &mut windows {
        window.does(json!(["observe_property", 1, "pause"])).await;
    }

    server.process.signal(Signal::KILL);
    drop(server);
    let _again = party.server_at(&address).await;
    bo.process.says("The film keeps playing.").await;
    ana.process.says("The film keeps playing.").await;

    bo.stands("in the room again", |s| {
        s.link.state == "up" && s.members.len() == 2
    })
    .await;
    let of_ana = ana.is_in_sync().await;
    let of_bo = bo.is_in_sync().await;
    assert!(of_ana.is_hosted_by("ana") && of_bo.is_hosted_by("ana"));
    assert!(of_bo.position() > before);
    for window in &mut windows {
        window.property("pause").await;
        let is_stop = |event: &&Value| event["event"] == "seek" || event["data"] == json!(true);
        assert_eq!(
            window.events.iter().find(is_stop),
            None,
            "no film was interrupted"
        );
    }
    assert_eq!(ana.process.output().matches("bo joined.").count(), 1);
    ana.does(&["send", "still there?"]).await;
    bo.process.says("<ana> still there?").await;
}

#[tokio::test]
async fn an_invite_stays_good_when_the_server_was_killed_and_is_back() {
    let party = Party::new();
    let server = party.server().await;
    let address = server.address.clone();
    let film = clip().to_str().expect("a plain name");
    let ana = party.member("ana", &["host", "--server", &address, film]);
    let invite = ana.invites_to_loopback().await;
    let bo = party.member("bo", &["join", &invite, film]);
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;

    server.process.signal(Signal::KILL);
    drop(server);
    let _again = party.server_at(&address).await;
    bo.process.says("Connection lost").await;
    ana.process.says("Connection lost").await;

    bo.stands("in the room again", |s| {
        s.link.state == "up" && s.members.len() == 2
    })
    .await;
    let chi = party.member("chi", &["join", &invite, "--player", "none"]);
    chi.stands("in the room", |s| s.members.len() == 3).await;
}

#[tokio::test]
async fn a_terminated_server_notifies_its_members_and_exits_with_success() {
    let party = Party::new();
    let mut server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    ana.does(&["ctl", "play"]).await;
    ana.is_in_sync().await;

    server.process.signal(Signal::TERM);

    assert_eq!(server.process.ends().await.code(), Some(0));
    ana.process.says("the server is shutting down").await;
    ana.process.says("The film keeps playing.").await;
    assert_eq!(ana.process.output().matches("shutting down").count(), 1);
    ana.stands("playing on by itself", |s| {
        s.link.state != "up" && s.sync.state == "playing"
    })
    .await;
    assert_eq!(ana.window().await.property("pause").await, json!(false));
}
