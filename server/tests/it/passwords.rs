//! Tests of password checks for clients that hang up during their check.

use watchtogether_protocol::ClientMessage;
use watchtogether_protocol::Revision;
use watchtogether_protocol::message::room::{Access, JoinRoom, Password, Refusal};

use crate::client::{Client, room_name};
use crate::test_server::{TestServer, within};

/// The number of clients that hang up: more than may wait for a check at the same time.
const ABORTED_CLIENTS: usize = 24;

fn join_with(word: &str) -> ClientMessage {
    ClientMessage::JoinRoom(JoinRoom {
        room: room_name("film-night"),
        token: None,
        password: Some(Password(word.to_owned())),
    })
}

#[tokio::test]
async fn clients_that_hang_up_during_their_password_check_leave_the_queue() {
    let server = TestServer::open();
    let mut ana = Client::greet(&server, "ana").await;
    let password = Access::Password(Password("popcorn".to_owned()));
    ana.open_room("film-night", password).await;

    for _ in 0..ABORTED_CLIENTS {
        let mut quitter = Client::greet(&server, "eve").await;
        quitter.send(join_with("popcorn")).await;
        // The answer shows that the server has read the request.
        quitter.ping(1, Revision(0)).await;
        quitter.vanish();
    }

    within(async {
        loop {
            let mut ben = Client::greet(&server, "ben").await;
            ben.send(join_with("popcorn")).await;
            match ben.entered_or_refused().await {
                Ok(_) => break,
                // Checks that had started are finished.
                Err(refused) => assert_eq!(refused.reason, Refusal::ServerBusy),
            }
        }
    })
    .await;
}
