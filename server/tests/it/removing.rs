//! Tests of removing and banning members over the network.

use std::net::Ipv4Addr;
use std::path::Path;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::removal::{Ban, Remove, Unban};
use watchtogether_protocol::message::room::{Entered, Refusal};
use watchtogether_protocol::message::roster::{LeaveReason, UserLeft};
use watchtogether_protocol::{ClientMessage, ServerMessage};

use crate::client::{Client, join};
use crate::test_server::TestServer;

/// The address of the banned member; the host is at 127.0.0.1.
const AWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

async fn join_from(server: &TestServer, address: Ipv4Addr, name: &str) -> Client {
    let mut client = Client::greet_from(server, address, name).await;
    client.send(join("film-night")).await;
    client
}

/// Returns why a client may not enter.
async fn refused(server: &TestServer, address: Ipv4Addr, name: &str) -> Refusal {
    join_from(server, address, name).await.refused().await.reason
}

/// Returns why a client cannot take back its seat.
async fn refused_seat(server: &TestServer, before: &Entered) -> Refusal {
    let mut client = Client::greet_from(server, ELSEWHERE, "bo").await;
    client.resume(before, 0).await;
    client.refused().await.reason
}

async fn bans(client: &mut Client) -> Vec<Ban> {
    client
        .wait_for(|message| {
            if let ServerMessage::Bans(announced) = message {
                Some(announced.bans)
            } else {
                None
            }
        })
        .await
}

async fn left(client: &mut Client) -> UserLeft {
    client
        .wait_for(|message| {
            if let ServerMessage::UserLeft(left) = message {
                Some(left)
            } else {
                None
            }
        })
        .await
}

/// Returns a room with ana as host, and the seat that bo had in it until ana removed him.
async fn without_bo(server: &TestServer, is_ban: bool) -> (Client, Entered, Entered) {
    let (mut ana, of_ana) = Client::create(server, "ana", "film-night").await;
    let mut bo = join_from(server, AWAY, "bo").await;
    let of_bo = bo.entered().await;
    let member = of_bo.you;

    ana.send(ClientMessage::Remove(Remove { member, is_ban })).await;

    let by = of_ana.you;
    let reason = if is_ban {
        LeaveReason::Banned { by }
    } else {
        LeaveReason::Kicked { by }
    };
    let expected = UserLeft { id: member, reason };
    assert_eq!(left(&mut bo).await, expected);
    assert_eq!(bo.closed().await, CloseCode::Removed);
    assert_eq!(left(&mut ana).await, expected);
    (ana, of_ana, of_bo)
}

#[tokio::test]
async fn a_kicked_member_may_come_back() {
    let server = TestServer::open();
    let (_ana, _, of_bo) = without_bo(&server, false).await;

    assert_eq!(refused_seat(&server, &of_bo).await, Refusal::SeatGone);
    join_from(&server, AWAY, "bo").await.entered().await;
}

#[tokio::test]
async fn a_banned_member_cannot_come_back_until_the_ban_is_lifted() {
    let server = TestServer::open();
    let (mut ana, _, of_bo) = without_bo(&server, true).await;

    assert_eq!(refused_seat(&server, &of_bo).await, Refusal::Banned);
    for (address, name) in [
        (ELSEWHERE, "bo"),
        (ELSEWHERE, "b\u{43e}"),
        (AWAY, "somebody else"),
    ] {
        assert_eq!(refused(&server, address, name).await, Refusal::Banned, "{name}");
    }
    join_from(&server, ELSEWHERE, "cy").await.entered().await;

    let number = bans(&mut ana).await[0].number;
    ana.send(ClientMessage::Unban(Unban { number })).await;

    assert_eq!(bans(&mut ana).await, []);
    join_from(&server, AWAY, "bo").await.entered().await;
    assert_eq!(refused_seat(&server, &of_bo).await, Refusal::SeatGone);
}

fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).expect("a folder");
    files.map(|file| file.expect("a file").path()).any(|path| {
        let held = std::fs::read(path).expect("readable");
        held.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test]
async fn a_ban_survives_its_server_and_holds_no_address() {
    let state = tempfile::tempdir().expect("a folder");
    let server = TestServer::keeping(state.path(), None).await;
    let (mut ana, of_ana, of_bo) = without_bo(&server, true).await;
    // The line is saved together with everything before it.
    ana.chat(1, "peace").await;
    ana.saved(1).await;
    let address = server.killed().await;

    let server = TestServer::keeping(state.path(), Some(address)).await;

    assert_eq!(refused_seat(&server, &of_bo).await, Refusal::Banned);
    assert_eq!(refused(&server, ELSEWHERE, "B0").await, Refusal::Banned);
    assert_eq!(refused(&server, AWAY, "somebody else").await, Refusal::Banned);
    let mut ana = Client::greet(&server, "ana").await;
    ana.resume(&of_ana, 1).await;
    assert_eq!(bans(&mut ana).await[0].name.as_str(), "bo");
    assert!(holds(state.path(), b"film-night"));
    assert!(!holds(state.path(), AWAY.to_string().as_bytes()));
    assert!(!holds(state.path(), of_bo.token.as_bytes()));
}
