//! Tests of opening, entering and leaving rooms, and of the conditions for entering.

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Hello, JoinRoom, Leave, Password, Refusal, Refused, Request,
};
use watchtogether_protocol::message::roster::{LeaveReason, UserLeft};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::{Clean, ClientMessage, InviteToken, MemberName, Rate, ServerMessage};

use crate::client::{Client, create, hello, join, room_name};
use crate::test_server::TestServer;

const fn refused(request: Request, reason: Refusal) -> Refused {
    Refused {
        request,
        reason,
        retry_after_ms: 0,
    }
}

#[tokio::test]
async fn a_room_is_opened_entered_and_left() {
    let server = TestServer::open();
    let (mut host, created) = Client::create(&server, "ana", "film-night").await;

    let (mut viewer, joined) = Client::join(&server, "ben", "film-night").await;
    let news = host.next().await;
    viewer.send(ClientMessage::Leave(Leave {})).await;

    assert_eq!(joined.room.id, created.room.id);
    assert_eq!(joined.room.host, Some(created.you));
    assert!(matches!(news, ServerMessage::UserJoined(new) if new.member.id == joined.you));
    let left = UserLeft {
        id: joined.you,
        reason: LeaveReason::Left,
    };
    assert_eq!(host.next().await, ServerMessage::UserLeft(left));
    assert_eq!(viewer.closed().await, CloseCode::Left);
}

#[tokio::test]
async fn hello_is_answered_with_the_address_that_the_server_sees() {
    let server = TestServer::open();
    let mut client = Client::connect(&server).await;

    client.send(hello("ana")).await;

    let ServerMessage::Welcome(welcome) = client.next().await else {
        panic!("a welcome comes first");
    };
    assert!(welcome.observed.as_str().starts_with("127.0.0.1:"));
    assert!(welcome.software.as_str().starts_with("watchtogether "));
}

#[tokio::test]
async fn a_room_without_a_name_is_given_one_and_gets_its_settings() {
    let server = TestServer::open();
    let mut host = Client::greet(&server, "ana").await;

    let settings = RoomSettings {
        title: Some("Movie night".parse().expect("a title")),
        ..RoomSettings::new(StallPolicy::GoOn)
    };
    let rate = Rate::from_f64(1.25).expect("in range");
    let create = CreateRoom {
        room: None,
        access: Access::Open,
        settings: settings.clone(),
        rate,
        invite: None,
    };
    host.send(ClientMessage::CreateRoom(create)).await;
    let created = host.entered().await;
    let (_viewer, joined) = Client::join(&server, "ben", created.room.name.as_str()).await;

    assert_eq!(joined.room.id, created.room.id);
    assert_eq!(joined.room.settings, settings);
    assert_eq!(joined.room.state.timeline.rate, rate);
}

#[tokio::test]
async fn a_room_is_not_opened_twice_under_one_name() {
    let server = TestServer::open();
    let _host = Client::create(&server, "ana", "film-night").await;
    let mut other = Client::greet(&server, "ben").await;

    other.send(create("film-night", Access::Open)).await;

    assert_eq!(
        other.refused().await,
        refused(Request::CreateRoom, Refusal::RoomExists)
    );
}

#[tokio::test]
async fn two_rooms_receive_nothing_from_each_other() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "one").await;
    let (mut ben, _) = Client::create(&server, "ben", "other").await;

    ana.chat(1, "for one").await;
    ana.line().await;
    ben.chat(1, "for the other").await;

    assert_eq!(ben.line().await.text.as_str(), "for the other");
}

/// Presents a token or password to enter a room, and returns the answer.
async fn initial(
    server: &TestServer,
    room: &str,
    token: Option<InviteToken>,
    password: Option<&str>,
) -> Refused {
    let mut client = Client::greet(server, "eve").await;
    let request = JoinRoom {
        room: room_name(room),
        token,
        password: password.map(|word| Password(word.to_owned())),
    };
    client.send(ClientMessage::JoinRoom(request)).await;
    client.refused().await
}

#[tokio::test]
async fn no_room_a_wrong_token_and_a_wrong_password_are_one_refusal() {
    let server = TestServer::open();
    let mut ana = Client::greet(&server, "ana").await;
    ana.open_room("by-invite", Access::Invite).await;
    let mut ben = Client::greet(&server, "ben").await;
    let password = Access::Password(Password("popcorn".to_owned()));
    ben.open_room("by-password", password).await;
    let wrong = Some(InviteToken::from_bytes([1; 10]));

    let answers = [
        initial(&server, "nowhere", None, None).await,
        initial(&server, "nowhere", wrong, None).await,
        initial(&server, "nowhere", None, Some("salt")).await,
        initial(&server, "by-invite", None, None).await,
        initial(&server, "by-invite", wrong, None).await,
        initial(&server, "by-invite", None, Some("salt")).await,
        initial(&server, "by-password", None, None).await,
        initial(&server, "by-password", wrong, None).await,
        initial(&server, "by-password", None, Some("salt")).await,
    ];

    assert_eq!(answers, [refused(Request::JoinRoom, Refusal::NotAdmitted); 9]);
}

#[tokio::test]
async fn the_invite_and_the_password_open_their_doors() {
    let server = TestServer::open();
    let mut ana = Client::greet(&server, "ana").await;
    let by_invite = ana.open_room("by-invite", Access::Invite).await;
    let mut ben = Client::greet(&server, "ben").await;
    let password = Password("popcorn".to_owned());
    let by_password = ben
        .open_room("by-password", Access::Password(password.clone()))
        .await;

    let mut guest = Client::greet(&server, "cy").await;
    let request = JoinRoom {
        room: room_name("by-invite"),
        token: by_invite.invite,
        password: None,
    };
    guest.send(ClientMessage::JoinRoom(request)).await;
    let mut other = Client::greet(&server, "dan").await;
    let request = JoinRoom {
        room: room_name("by-password"),
        token: None,
        password: Some(password),
    };
    other.send(ClientMessage::JoinRoom(request)).await;

    assert!(by_invite.invite.is_some());
    assert_eq!(guest.entered().await.room.id, by_invite.room.id);
    assert_eq!(other.entered().await.room.id, by_password.room.id);
}

#[tokio::test]
async fn a_name_that_the_interface_uses_is_refused() {
    let server = TestServer::open();
    let _ana = Client::create(&server, "ana", "film-night").await;

    for name in ["you", "Host", "\u{ff53}erver"] {
        let mut eve = Client::connect(&server).await;
        eve.send(ClientMessage::Hello(Hello {
            name: MemberName::existing(name).expect("an older program takes it"),
            avatar: None,
            software: Clean::line("old"),
            owner: None,
        }))
        .await;
        eve.next().await;
        eve.send(create("another", Access::Open)).await;
        let not_opened = eve.refused().await;
        eve.send(join("film-night")).await;

        assert_eq!(
            not_opened,
            refused(Request::CreateRoom, Refusal::NameReserved),
            "{name}"
        );
        assert_eq!(
            eve.refused().await,
            refused(Request::JoinRoom, Refusal::NameReserved),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_refused_client_may_ask_differently_on_the_same_connection() {
    let server = TestServer::open();
    let mut client = Client::greet(&server, "ana").await;
    client.send(join("nowhere")).await;
    client.refused().await;

    let entered = client.open_room("nowhere", Access::Open).await;

    assert_eq!(entered.room.name, room_name("nowhere"));
}

#[tokio::test]
async fn a_client_refused_too_often_is_disconnected_after_the_last_answer() {
    let server = TestServer::open();
    let mut client = Client::greet(&server, "eve").await;

    for _ in 0..5 {
        client.send(join("nowhere")).await;
        client.refused().await;
    }

    assert_eq!(client.closed().await, CloseCode::Refused);
}
