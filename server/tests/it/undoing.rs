//! Tests of undoing changes over the network.

use watchtogether_protocol::message::playback::{Action, SetVideo, VideoSync};
use watchtogether_protocol::message::room::{Refusal, Request};
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Clean, ClientMessage, Epoch, Item, ItemSource, Length, MediaTime, Revision, ServerMessage,
};

use crate::client::Client;
use crate::test_server::TestServer;

const SEEK_TARGET: MediaTime = MediaTime::from_millis(30_000);

async fn change(client: &mut Client) -> Undoable {
    client
        .wait_for(|message| {
            if let ServerMessage::Undoable(undoable) = message {
                Some(undoable)
            } else {
                None
            }
        })
        .await
}

/// Waits until somebody undoes a change, and returns where the room is then.
async fn taken_back(client: &mut Client) -> MediaTime {
    client
        .wait_for(|message| {
            if let ServerMessage::VideoStateChanged(state) = message {
                let timeline = state.timeline;
                (timeline.cause.reason == Reason::Undone).then_some(timeline.position)
            } else {
                None
            }
        })
        .await
}

/// Sets a film and seeks to 30 s.
async fn seek(host: &mut Client) {
    let item = Item {
        title: Clean::line("film"),
        length: Length::Of(MediaTime::from_millis(60_000)),
        source: ItemSource::Link("https://example.org/film".parse().expect("a link")),
    };
    let position = MediaTime::ZERO;
    host.send(ClientMessage::SetVideo(SetVideo { item, position }))
        .await;
    host.send(ClientMessage::VideoSync(VideoSync {
        based_on: Revision(1),
        action: Action::Seek {
            position: SEEK_TARGET,
        },
    }))
    .await;
}

#[tokio::test]
async fn a_seek_is_undone_for_everybody_and_done_again() {
    let server = TestServer::open();
    let (mut ana, created) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let epoch = created.room.state.timeline.epoch;
    seek(&mut ana).await;
    let seek = change(&mut ben).await;
    let (from, to) = (MediaTime::ZERO, SEEK_TARGET);
    assert_eq!((seek.by, seek.change), (created.you, Change::Place { from, to }));

    let number = seek.number;
    ana.send(ClientMessage::Undo(Undo { epoch, number })).await;

    assert_eq!(taken_back(&mut ben).await, MediaTime::ZERO);
    let undone = change(&mut ben).await;
    let author = created.you;
    let was_undo = false;
    assert_eq!(undone.undoes, Some(Undone { author, was_undo }));
    let number = undone.number;
    ana.send(ClientMessage::Undo(Undo { epoch, number })).await;
    assert_eq!(taken_back(&mut ben).await, SEEK_TARGET);
}

#[tokio::test]
async fn a_newcomer_learns_what_can_be_undone_and_a_viewer_may_not_undo_it() {
    let server = TestServer::open();
    let (mut ana, created) = Client::create(&server, "ana", "film-night").await;
    seek(&mut ana).await;
    let seek = change(&mut ana).await;
    let (mut ben, joined) = Client::join(&server, "ben", "film-night").await;
    assert_eq!(joined.undoable.map(|u| u.number), Some(seek.number));

    let epoch = created.room.state.timeline.epoch;
    let number = seek.number;
    ben.send(ClientMessage::Undo(Undo { epoch, number })).await;

    let refused = ben.refused().await;
    assert_eq!(
        (refused.request, refused.reason),
        (Request::Undo, Refusal::NotHost)
    );
}

#[tokio::test]
async fn an_undo_of_something_else_is_refused() {
    let server = TestServer::open();
    let (mut ana, created) = Client::create(&server, "ana", "film-night").await;
    seek(&mut ana).await;
    let number = change(&mut ana).await.number;
    let epoch = created.room.state.timeline.epoch;
    let of_another_life = Epoch {
        incarnation: epoch.incarnation.wrapping_add(1),
        ..epoch
    };

    for (epoch, number) in [(epoch, number + 1), (of_another_life, number)] {
        ana.send(ClientMessage::Undo(Undo { epoch, number })).await;

        let refused = ana.refused().await;
        assert_eq!(
            (refused.request, refused.reason),
            (Request::Undo, Refusal::NothingToUndo)
        );
    }
}
