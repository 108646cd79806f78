//! Tests of clients that read more slowly than their room sends.

use quinn::TransportConfig;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::limits;

use crate::client::{Client, join};
use crate::test_server::TestServer;

/// The number of lines that one member may send in a burst.
const LINES: u128 = 5;

/// The number of members that send them: enough to fill an outbox.
const SENDERS: usize = 8;

#[tokio::test]
async fn a_slow_client_is_disconnected_and_delays_nobody() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let mut transport = TransportConfig::default();
    transport.stream_receive_window(4_096u32.into());
    let mut slow = Client::connect_with(&server, transport).await;
    slow.say_hello("slow").await;
    slow.send(join("film-night")).await;
    slow.entered().await;
    let longest = "🎬".repeat(limits::CHAT_CHARS);

    for talker in 0..SENDERS {
        let (mut talker, _) = Client::join(&server, &format!("talker {talker}"), "film-night").await;
        for id in 1..=LINES {
            talker.chat(id, &longest).await;
            ana.line().await;
        }
    }

    assert_eq!(slow.closed().await, CloseCode::TooSlow);
}
