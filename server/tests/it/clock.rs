//! Clock exchanges by datagrams, and the telemetry in them.

use std::time::Duration;

use tokio::time::interval;
use watchtogether_protocol::datagram::ClientDatagram;
use watchtogether_protocol::message::clock::{ClockPing, Telemetry};
use watchtogether_protocol::message::playback::SetVideo;
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::{
    Clean, ClientMessage, Item, ItemSource, Length, LocalTime, MediaTime, Revision, ServerMessage,
};

use crate::client::Client;
use crate::test_server::{TestServer, within};

#[tokio::test]
async fn a_clock_is_answered_before_there_is_a_seat_and_after() {
    let server = TestServer::open();
    let mut client = Client::greet(&server, "ana").await;

    let before = client.ping(1, Revision(0)).await;
    let entered = client.open_room("film-night", Access::Open).await;
    let after = client.ping(2, Revision(0)).await;

    for (sequence, pong) in [(1, &before), (2, &after)] {
        assert_eq!((pong.sequence, pong.sent), (sequence, LocalTime::from_millis(77)));
        assert!(pong.received <= pong.answered);
    }
    assert!(before.answered <= entered.now && entered.now <= after.received);
}

#[tokio::test]
async fn a_ping_with_an_older_revision_brings_the_record_again() {
    let server = TestServer::open();
    let (mut ana, entered) = Client::create(&server, "ana", "film-night").await;
    let revision = entered.room.state.timeline.revision;

    ana.ping(1, revision).await;
    ana.ping(2, Revision(revision.0 - 1)).await;
    ana.chat(1, "and now?").await;

    let first = ana.next().await;
    assert_eq!(first, ServerMessage::VideoStateChanged(entered.room.state));
    assert!(
        matches!(ana.next().await, ServerMessage::Chat(_)),
        "the record comes once"
    );
}

#[tokio::test]
async fn the_revision_that_pings_are_held_against_follows_the_room() {
    let server = TestServer::open();
    let (mut ana, entered) = Client::create(&server, "ana", "film-night").await;
    let video = SetVideo {
        item: Item {
            title: Clean::line("film"),
            length: Length::Of(MediaTime::from_millis(60_000)),
            source: ItemSource::Link("https://example.org/film".parse().expect("a link")),
        },
        position: MediaTime::ZERO,
    };

    ana.send(ClientMessage::SetVideo(video)).await;
    let ServerMessage::VideoChanged(changed) = ana.next().await else {
        panic!("another item is on");
    };
    ana.ping(1, entered.room.state.timeline.revision).await;

    let again = ana.next().await;
    assert_eq!(again, ServerMessage::VideoStateChanged(changed.state));
}

#[tokio::test]
async fn a_members_telemetry_reaches_the_others_with_clock_answers() {
    let server = TestServer::open();
    let (ana, entered) = Client::create(&server, "ana", "film-night").await;
    let (ben, joined) = Client::join(&server, "ben", "film-night").await;
    let revision = entered.room.state.timeline.revision;
    let telemetry = Telemetry {
        drift_p95_us: Some(4_321),
        ..Telemetry::default()
    };

    let ping = ClockPing {
        sequence: 1,
        sent: LocalTime::from_millis(1),
        revision,
        telemetry,
    };
    let datagram = ClientDatagram::ping(&ping);
    ben.connection.send_datagram(datagram).expect("datagrams pass");
    let seen = within(async {
        let mut ticks = interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            let digest = ana.ping(1, revision).await.digest;
            let of_ben = digest.into_iter().find(|sample| sample.member == joined.you);
            if let Some(sample) = of_ben.filter(|sample| sample.telemetry != Telemetry::default()) {
                return sample.telemetry;
            }
        }
    });

    assert_eq!(seen.await, telemetry);
}
