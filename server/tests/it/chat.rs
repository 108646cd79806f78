//! Chat over the wire.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::{ClientMessage, ServerMessage};

use crate::client::{Client, chat};
use crate::test_server::TestServer;

#[tokio::test]
async fn chat_arrives_everywhere_in_one_order() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let (mut cy, _) = Client::join(&server, "cy", "film-night").await;

    for id in 1..=4 {
        ana.chat(id, "from ana").await;
        ben.chat(id, "from ben").await;
        cy.chat(id, "from cy").await;
    }
    let mut heard: Vec<Vec<ChatLine>> = Vec::new();
    for client in [&mut ana, &mut ben, &mut cy] {
        let mut lines = Vec::new();
        while lines.len() < 12 {
            lines.push(client.line().await);
        }
        heard.push(lines);
    }

    let sequences: Vec<u64> = heard[0].iter().map(|line| line.sequence).collect();
    assert_eq!(sequences, (1..=12).collect::<Vec<u64>>());
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[0], heard[2]);
}

#[tokio::test]
async fn a_line_that_is_sent_again_is_listed_once() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;

    ben.chat(1, "hello?").await;
    ben.chat(1, "hello?").await;
    ben.chat(2, "anybody?").await;

    let answers = [ben.line().await, ben.line().await, ben.line().await];
    assert_eq!(answers.map(|line| line.sequence), [1, 1, 2]);
    let heard = [ana.line().await, ana.line().await];
    assert_eq!(heard.map(|line| line.sequence), [1, 2]);
    let (_late, entered) = Client::join(&server, "cy", "film-night").await;
    assert_eq!(entered.chat.len(), 2);
}

#[tokio::test]
async fn frames_may_come_in_any_pieces() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let bytes: Vec<u8> = [chat(1, "one"), chat(2, "two")]
        .iter()
        .flat_map(ClientMessage::to_frame)
        .collect();

    for piece in bytes.chunks(3) {
        ana.send_bytes(piece).await;
    }

    assert_eq!(ana.line().await.text.as_str(), "one");
    assert_eq!(ana.line().await.text.as_str(), "two");
}

#[tokio::test]
async fn a_history_longer_than_the_path_takes_at_once_arrives_whole() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let long = "🎬".repeat(2_000);
    for id in 1..=5 {
        ana.chat(id, &long).await;
    }
    for _ in 1..=5 {
        ana.line().await;
    }

    let (_ben, entered) = Client::join(&server, "ben", "film-night").await;

    assert!(ServerMessage::RoomJoined(entered.clone()).to_frame().len() > 40_000);
    assert!(entered.chat.iter().all(|line| line.text.as_str() == long));
}
