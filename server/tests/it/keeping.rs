//! Tests of rooms that survive a restart of their server.

use watchtogether_protocol::item::MediaUrl as WebLink;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::{Action, SetVideo, VideoSync};
use watchtogether_protocol::message::room::{Access, ClosingReason, Entered, JoinRoom, Refusal, Request};
use watchtogether_protocol::message::roster::{MemberLink, Role};
use watchtogether_protocol::{Clean, ClientMessage, Item, ItemSource, Length, MediaTime, Playback, Revision};
use watchtogether_server::store::{self, StoreError};
use watchtogether_server::{BindError, Retention, Server};

use crate::client::{Client, create, join, room_name};
use crate::test_server::{TestServer, config};

fn state() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Resumes a seat with a token from before the restart.
async fn back(server: &TestServer, name: &str, before: &Entered, last_chat: u64) -> (Client, Entered) {
    let mut client = Client::greet(server, name).await;
    client.resume(before, last_chat).await;
    let entered = client.entered().await;
    (client, entered)
}

async fn set_item(host: &mut Client) {
    let link: WebLink = "https://h.example/f.mkv".parse().expect("a link");
    let item = Item {
        title: Clean::line("film"),
        length: Length::Unknown,
        source: ItemSource::Link(link),
    };
    let position = MediaTime::from_millis(60_000);
    host.send(ClientMessage::SetVideo(SetVideo { item, position }))
        .await;
}

async fn act(host: &mut Client, action: Action) {
    let based_on = Revision(0);
    host.send(ClientMessage::VideoSync(VideoSync { based_on, action }))
        .await;
}

fn texts(lines: &[ChatLine]) -> Vec<(u64, &str)> {
    lines
        .iter()
        .map(|line| (line.sequence, line.text.as_str()))
        .collect()
}

#[tokio::test]
async fn a_server_that_was_killed_finds_everybody_in_their_seats_and_the_film_going_on() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;
    let (mut ana, of_ana) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, of_ben) = Client::join(&server, "ben", "film-night").await;
    set_item(&mut ana).await;
    act(&mut ana, Action::Play).await;
    ben.chat(1, "one").await;
    ben.saved(1).await;
    ana.chat(1, "two").await;
    ana.saved(2).await;
    drop((ana, ben));
    let address = server.killed().await;

    let server = TestServer::keeping(state.path(), Some(address)).await;
    let (_ben, ben_again) = back(&server, "ben", &of_ben, 1).await;
    let (_ana, ana_again) = back(&server, "ana", &of_ana, 0).await;

    let room = &ana_again.room;
    assert_eq!((ana_again.you, ben_again.you), (of_ana.you, of_ben.you));
    assert_eq!(room.host, Some(of_ana.you));
    let roles: Vec<(Role, MemberLink)> = room.members.iter().map(|m| (m.role, m.link)).collect();
    assert_eq!(
        roles,
        [(Role::Host, MemberLink::Up), (Role::Viewer, MemberLink::Up)]
    );
    assert_eq!(
        (texts(&ben_again.chat), ben_again.chat_after),
        (vec![(2, "two")], 1)
    );
    assert_eq!(texts(&ana_again.chat), [(1, "one"), (2, "two")]);
    assert!(!ben_again.chat_has_gap);
    let timeline = room.state.timeline;
    let (before, now) = (of_ana.room.state.timeline, timeline.position_at(ana_again.now));
    assert_eq!(timeline.playback, Playback::Playing);
    assert!(
        now >= MediaTime::from_millis(60_000) && now < MediaTime::from_millis(90_000),
        "{now:?}"
    );
    assert!(timeline.epoch > before.epoch);
}

#[tokio::test]
async fn a_chat_line_resent_after_a_crash_appears_once() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;
    let (mut ana, of_ana) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "was this heard?").await;
    ana.saved(1).await;
    let address = server.killed().await;

    let server = TestServer::keeping(state.path(), Some(address)).await;
    let (mut ana, again) = back(&server, "ana", &of_ana, 0).await;
    ana.chat(1, "was this heard?").await;
    ana.chat(2, "and this?").await;

    assert_eq!(texts(&again.chat), [(1, "was this heard?")]);
    assert_eq!([ana.line().await.sequence, ana.line().await.sequence], [1, 2]);
}

#[tokio::test]
async fn invites_and_room_names_survive_a_restart() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;
    let mut ana = Client::greet(&server, "ana").await;
    let entered = ana.open_room("film-night", Access::Invite).await;
    let address = server.address;
    server.shut_down();
    server.ended().await;

    let server = TestServer::keeping(state.path(), Some(address)).await;
    let mut chi = Client::greet(&server, "chi").await;
    chi.send(create("film-night", Access::Open)).await;
    assert_eq!(chi.refused().await.reason, Refusal::RoomExists);
    chi.send(join("film-night")).await;
    assert_eq!(chi.refused().await.reason, Refusal::NotAdmitted);
    chi.send(ClientMessage::JoinRoom(JoinRoom {
        room: room_name("film-night"),
        token: entered.invite,
        password: None,
    }))
    .await;

    let of_chi = chi.entered().await;
    assert_eq!(
        of_chi.room.host,
        Some(entered.you),
        "her seat is kept for a while"
    );
    assert_eq!(of_chi.invite, None);
}

#[tokio::test]
async fn an_orderly_shutdown_saves_the_last_chat_line() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;
    let (mut ana, of_ana) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "good night").await;
    ana.line().await;
    let address = server.address;
    server.shut_down();
    server.ended().await;

    let server = TestServer::keeping(state.path(), Some(address)).await;
    let (_ana, again) = back(&server, "ana", &of_ana, 0).await;

    assert_eq!(texts(&again.chat), [(1, "good night")]);
}

#[tokio::test]
async fn rooms_that_are_closed_for_good_are_not_kept() {
    let state = state();
    let config = config(Retention::Rooms(state.path().to_owned()));
    let server = Server::bind(&config).expect("a server");
    let (end, announced) = tokio::sync::oneshot::channel();
    let server = TestServer::of(server, |server, _shutdown| {
        server.run_until(async { announced.await.expect("the test says why") })
    });
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "good night").await;
    ana.saved(1).await;

    end.send(ClosingReason::RoomClosed).expect("it is listened to");
    server.ended().await;

    assert_eq!(store::check(state.path()).expect("whole").rooms, 0);
}

#[tokio::test]
async fn an_ephemeral_server_reports_so_and_forgets_its_seats() {
    let server = TestServer::open();
    let (mut ana, of_ana) = Client::create(&server, "ana", "film-night").await;
    ana.chat(1, "who will remember?").await;
    ana.line().await;

    let next = TestServer::open();
    let mut again = Client::greet(&next, "ana").await;
    again.resume(&of_ana, 1).await;

    assert_eq!(of_ana.saved, None);
    let refused = again.refused().await;
    assert_eq!(
        (refused.request, refused.reason),
        (Request::Resume, Refusal::SeatGone)
    );
}

#[tokio::test]
async fn a_server_that_keeps_its_rooms_reports_so() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;

    let (_ana, of_ana) = Client::create(&server, "ana", "film-night").await;

    let saved = of_ana.saved.expect("rooms are kept");
    assert_eq!((saved.chat, saved.is_failing), (0, false));
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let state = state();
    let server = TestServer::keeping(state.path(), None).await;
    let config = config(Retention::Rooms(state.path().to_owned()));

    let second = Server::bind(&config).map(drop);

    assert!(
        matches!(second, Err(BindError::Store(StoreError::InUse { .. }))),
        "{second:?}"
    );
    Client::create(&server, "ana", "film-night").await;
}

#[tokio::test]
async fn a_damaged_room_is_reported_and_other_rooms_work() {
    for damage in [
        "UPDATE chat SET id = x'0011' WHERE room = (SELECT id FROM rooms WHERE name = 'damaged')",
        "UPDATE rooms SET access = 'secret' WHERE name = 'damaged'",
    ] {
        says_so_to_its_members_and_others_go_on(damage).await;
    }
}

async fn says_so_to_its_members_and_others_go_on(damage: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::keeping(folder.path(), None).await;
    let mut entered = Vec::new();
    for room in ["damaged", "whole"] {
        let (mut ana, of_ana) = Client::create(&server, "ana", room).await;
        ana.chat(1, "good evening").await;
        ana.saved(1).await;
        entered.push(of_ana);
    }
    server.shut_down();
    let address = server.address;
    server.ended().await;
    let file = rusqlite::Connection::open(folder.path().join("rooms.db")).expect("the file is there");
    let changed = file.execute(damage, ());
    assert_eq!(changed.expect("it can be changed"), 1);
    drop(file);

    let server = TestServer::keeping(folder.path(), Some(address)).await;
    let mut guest = Client::greet(&server, "ben").await;
    guest.send(join("damaged")).await;
    assert_eq!(guest.refused().await.reason, Refusal::RoomDamaged);
    guest.send(create("damaged", Access::Open)).await;
    assert_eq!(
        guest.refused().await.reason,
        Refusal::RoomExists,
        "it is kept as it is"
    );
    let mut ana = Client::greet(&server, "ana").await;
    ana.resume(&entered[1], 1).await;

    assert_eq!(ana.entered().await.room.id, entered[1].room.id);
    ana.chat(2, "still here").await;
    ana.saved(2).await;
}
