//! Tests of controlling playback over the network. The decisions are tested in the pure code.

use watchtogether_protocol::datagram::{ServerDatagram, copy_of};
use watchtogether_protocol::message::playback::{Action, Ready, SetVideo, VideoSync};
use watchtogether_protocol::message::room::{Leave, Refusal, Request, SetRoom};
use watchtogether_protocol::message::roster::{PlayerState, Report};
use watchtogether_protocol::message::settings::{RoomTitle, Setting};
use watchtogether_protocol::{
    Clean, ClientMessage, Item, ItemSource, Length, MediaTime, Playback, Revision, ServerMessage, Timeline,
    item,
};

use crate::client::Client;
use crate::test_server::{LIMITS, TestServer};

fn act(based_on: Revision, action: Action) -> ClientMessage {
    ClientMessage::VideoSync(VideoSync { based_on, action })
}

fn following() -> ClientMessage {
    ClientMessage::Report(Report {
        player: PlayerState::Following,
        file: item::FileMatch::Same,
    })
}

/// Sets a film, and returns the revision in which everybody receives it.
async fn set_item(host: &mut Client, viewer: &mut Client) -> Revision {
    let video = SetVideo {
        item: Item {
            title: Clean::line("film"),
            length: Length::Of(MediaTime::from_millis(60_000)),
            source: ItemSource::Link("https://example.org/film".parse().expect("a link")),
        },
        position: MediaTime::ZERO,
    };
    host.send(ClientMessage::SetVideo(video)).await;
    let mut revision = Revision(0);
    for client in [host, viewer] {
        revision = client
            .wait_for(|message| {
                if let ServerMessage::VideoChanged(changed) = message {
                    Some(changed.state.timeline.revision)
                } else {
                    None
                }
            })
            .await;
    }
    revision
}

/// Waits until the room plays, and returns its timeline.
async fn played(client: &mut Client) -> Timeline {
    client
        .wait_for(|message| {
            if let ServerMessage::VideoStateChanged(state) = message {
                (state.timeline.playback == Playback::Playing).then_some(state.timeline)
            } else {
                None
            }
        })
        .await
}

#[tokio::test]
async fn a_start_is_one_record_for_all_and_lies_ahead() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let revision = set_item(&mut ana, &mut ben).await;

    for client in [&mut ana, &mut ben] {
        client.send(following()).await;
        client.send(ClientMessage::Ready(Ready { revision })).await;
    }
    ana.send(act(revision, Action::Play)).await;
    let timeline = played(&mut ana).await;
    let clock = ana.ping(1, timeline.revision).await;

    assert_eq!(played(&mut ben).await, timeline);
    assert_eq!(timeline.position, MediaTime::ZERO);
    assert!(timeline.at.saturating_since(clock.received) <= LIMITS.playback.start_lead_max);
}

#[tokio::test]
async fn a_room_starts_on_time_without_a_late_member() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, joined) = Client::join(&server, "ben", "film-night").await;
    ben.send(following()).await;
    let revision = set_item(&mut ana, &mut ben).await;
    ben.send(following()).await;
    ana.member_seen(|member| member.id == joined.you && member.report.player == PlayerState::Following)
        .await;

    ana.send(act(revision, Action::Play)).await;
    let waiting_for = ana
        .wait_for(|message| {
            if let ServerMessage::VideoStateChanged(state) = message {
                Some(state.waiting_for)
            } else {
                None
            }
        })
        .await;

    assert_eq!(waiting_for.who, [joined.you]);
    assert_eq!(played(&mut ana).await, played(&mut ben).await);
}

#[tokio::test]
async fn a_viewer_who_would_control_is_told_why_not() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let revision = set_item(&mut ana, &mut ben).await;

    ben.send(act(revision, Action::Play)).await;

    let refused = ben.refused().await;
    assert_eq!(
        (refused.request, refused.reason),
        (Request::VideoSync, Refusal::NotHost)
    );
}

#[tokio::test]
async fn the_rooms_position_is_sent_again_as_a_copy() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let revision = set_item(&mut ana, &mut ben).await;

    let position = MediaTime::from_millis(30_000);
    ana.send(act(revision, Action::Seek { position })).await;

    let ServerDatagram::State(copy) = ben.datagram().await else {
        panic!("nobody compared clocks");
    };
    assert_eq!(copy.timeline.position, position);
}

#[tokio::test]
async fn a_ready_counts_though_only_its_copy_arrived() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let (mut ben, _) = Client::join(&server, "ben", "film-night").await;
    let revision = set_item(&mut ana, &mut ben).await;
    ben.send(ClientMessage::Leave(Leave {})).await;

    ana.send(following()).await;
    let asked = ana.ping(0, revision).await.received;
    ana.send(act(revision, Action::Play)).await;
    let ready = ClientMessage::Ready(Ready { revision }).to_frame();
    let copy = copy_of(&ready).expect("it is short");
    ana.connection.send_datagram(copy).expect("datagrams pass");

    let timeline = played(&mut ana).await;
    let now = ana.ping(1, timeline.revision).await.received;
    assert!(
        now.saturating_since(asked) < LIMITS.playback.first_load,
        "not by the deadline"
    );
}

#[tokio::test]
async fn a_burst_of_requests_is_handled_in_order_and_none_is_lost() {
    let server = TestServer::open();
    let (mut ana, _) = Client::create(&server, "ana", "film-night").await;
    let titles: Vec<RoomTitle> = (0..150)
        .map(|number| format!("film night {number}").parse().expect("a title"))
        .collect();

    for title in &titles {
        let setting = Setting::Title(Some(title.clone()));
        ana.send(ClientMessage::SetRoom(SetRoom { setting })).await;
    }

    for title in titles {
        let changed = ana
            .wait_for(|message| {
                if let ServerMessage::RoomChanged(changed) = message {
                    Some(changed.setting)
                } else {
                    None
                }
            })
            .await;
        assert_eq!(changed, Setting::Title(Some(title)));
    }
}
