//! Tests of live sources: positions are the stream's, and only the part that the player has can be reached.

use watchtogether_protocol::message::playback::{LengthChanged, SetLength, VideoSync};

use super::*;
use crate::player::{Extent, Media, Window};

const LINK: &str = "http://example.org/live.m3u8";

/// The position at which a player starts that opens the stream now.
const EDGE: MediaTime = MediaTime::from_millis(5_012_000);

fn live() -> Media {
    Media {
        duration: None,
        extent: Extent::Live,
        ..media(1_000)
    }
}

fn stream() -> Item {
    Item {
        title: Clean::line("live.m3u8"),
        length: Length::Unknown,
        source: ItemSource::Link(LINK.parse().expect("a link")),
    }
}

/// Returns the stream after a player has found it to be live.
fn found_live() -> Item {
    Item {
        length: Length::Live,
        ..stream()
    }
}

/// Returns a host whose player has just opened a live stream.
fn hosting() -> Bench {
    hosting_of(live())
}

fn hosting_of(media: Media) -> Bench {
    let copy = LocalItem {
        source: Source::Link(LINK.to_owned()),
        item: stream(),
    };
    let mut bench = Bench::asking(host(Access::Open), Some(copy), true);
    bench.server(ServerMessage::RoomCreated(empty_room()));
    bench.outputs();
    bench.player(PlayerEvent::Loaded {
        generation: bench.generation(),
        media,
        position: EDGE,
    });
    bench
}

#[test]
fn a_live_stream_is_set_as_live_at_its_edge() {
    let mut bench = hosting();

    let sent = bench.sent();

    let set_videos = sent.iter().find_map(|message| {
        let ClientMessage::SetVideo(video) = message else {
            return None;
        };
        Some((video.item.length, video.position))
    });
    assert_eq!(set_videos, Some((Length::Live, EDGE)));
}

#[test]
fn a_seek_out_of_what_the_player_has_is_refused_and_one_in_it_is_not() {
    let mut bench = hosting();
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(1),
        item: found_live(),
        state: state(2, Playback::Paused, EDGE.as_millis()),
    }));
    bench.outputs();
    let second = MediaTime::from_millis(1_000);
    bench.player(PlayerEvent::Status(PlayerStatus {
        window: Some(Window {
            from: EDGE,
            to: EDGE + MediaTime::from_millis(8_000),
        }),
        ..bench.paused_status()
    }));

    bench.command(Command::Room(RoomIntent::SeekTo(MediaTime::from_millis(60_000))));
    let outputs = bench.outputs();
    assert!(
        outputs.iter().any(|output| matches!(
            output,
            Output::Event(Event::Refused {
                reason: Refusal::NotPossible,
                ..
            })
        )),
        "{outputs:?}"
    );
    assert!(
        !outputs
            .iter()
            .any(|o| matches!(o, Output::Send(ClientMessage::VideoSync(_))))
    );

    bench.command(Command::Room(RoomIntent::SeekTo(EDGE + second)));
    assert!(
        bench
            .sent()
            .iter()
            .any(|message| matches!(message, ClientMessage::VideoSync(_)))
    );
}

#[test]
fn a_station_that_nobody_can_move_about_in_refuses_every_seek() {
    let mut bench = hosting_of(Media {
        is_seekable: false,
        ..live()
    });
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(1),
        item: found_live(),
        state: state(2, Playback::Paused, EDGE.as_millis()),
    }));
    bench.outputs();

    bench.command(Command::Room(RoomIntent::SeekBy(MediaTime::from_millis(1_000))));
    let outputs = bench.outputs();

    assert!(
        outputs.iter().any(|output| matches!(
            output,
            Output::Event(Event::Refused {
                reason: Refusal::NotPossible,
                ..
            })
        )),
        "{outputs:?}"
    );
}

#[test]
fn a_member_that_comes_in_opens_a_live_stream_where_it_is() {
    let mut entered = empty_room();
    entered.room.item = Some((ItemId(1), found_live()));
    entered.room.state = state(7, Playback::Playing, 4_990_000);
    let mut bench = Bench::asking(host(Access::Open), None, true);

    bench.server(ServerMessage::RoomJoined(entered));

    assert!(matches!(
        bench.player_commands()[..],
        [PlayerCommand::Load {
            position: MediaTime::ZERO,
            ..
        }]
    ));
}

/// Lets the room set the item that its host has opened.
fn goes_on(bench: &mut Bench) {
    let item = stream();
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(1),
        item,
        state: state(2, Playback::Paused, 0),
    }));
}

fn told_files(outputs: &[Output]) -> Vec<FileMatch> {
    let compared = outputs.iter().filter_map(|output| {
        if let Output::Event(Event::FileCompared { file, .. }) = output {
            Some(*file)
        } else {
            None
        }
    });
    compared.collect()
}

#[test]
fn a_live_stream_is_live_to_everybody_and_not_the_same_file() {
    let mut bench = hosting();
    bench.outputs();

    goes_on(&mut bench);

    let outputs = bench.outputs();
    assert_eq!(bench.session.status(bench.now).file, FileMatch::Live);
    assert_eq!(reports(&outputs).last().map(|r| r.file), Some(FileMatch::Live));
    assert_eq!(told_files(&outputs), [FileMatch::Live]);
}

#[test]
fn a_link_without_a_length_is_compared_once_it_is_open() {
    let film = Media {
        extent: Extent::Whole,
        ..media(60_000)
    };
    for (media, file) in [(live(), FileMatch::Live), (film, FileMatch::Same)] {
        let mut entered = empty_room();
        entered.room.item = Some((ItemId(1), stream()));
        entered.room.state = state(7, Playback::Playing, 0);
        let mut bench = Bench::asking(join(), None, true);

        bench.server(ServerMessage::RoomJoined(entered));
        assert_eq!(told_files(&bench.outputs()), []);
        bench.player(PlayerEvent::Loaded {
            generation: bench.generation(),
            media,
            position: MediaTime::ZERO,
        });

        assert_eq!(told_files(&bench.outputs()), [file]);
    }
}

#[test]
fn a_stream_that_is_not_the_rooms_is_another_copy() {
    let mut bench = hosting();
    let link = "http://example.org/film.mkv";
    let other = Item {
        source: ItemSource::Link(link.parse().expect("a link")),
        ..stream()
    };
    let copy = LocalItem {
        source: Source::Link(LINK.to_owned()),
        item: stream(),
    };
    bench.session.local_media.offer = None;
    bench.session.local_media.shelf.set_current(ItemId(9), &other);
    bench.session.local_media.shelf.choose(ItemId(9), copy);

    let file = bench.session.local_media.file();

    assert!(matches!(file, FileMatch::Other { .. }), "{file:?}");
}

/// Returns a session in a room whose link was set by a host without a player.
fn with_unknown_link(role: Role) -> Bench {
    let mut entered = empty_room();
    entered.room.item = Some((ItemId(1), stream()));
    entered.room.state = state(7, Playback::Playing, 60_000);
    let host = if role == Role::Host {
        MEMBERS[0]
    } else {
        MEMBERS[1]
    };
    entered.room.host = Some(host);
    entered.room.members = vec![member(MEMBERS[0], "ana", role)];
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(entered));
    bench.compare_clocks();
    bench
}

#[test]
fn a_link_that_no_player_has_opened_is_opened_where_the_room_is() {
    let mut bench = with_unknown_link(Role::Viewer);

    let reported = bench.player_commands();

    let [PlayerCommand::Load { position, .. }] = reported[..] else {
        panic!("{reported:?}")
    };
    assert!(position >= MediaTime::from_millis(60_000), "{position:?}");
}

#[test]
fn a_link_opened_without_a_player_is_not_called_live() {
    let copy = LocalItem {
        source: Source::Link(LINK.to_owned()),
        item: stream(),
    };
    let mut bench = Bench::asking(host(Access::Open), Some(copy), false);

    bench.server(ServerMessage::RoomCreated(empty_room()));

    let is_live = bench.sent().iter().find_map(|message| {
        let ClientMessage::SetVideo(video) = message else {
            return None;
        };
        Some(video.item.is_live())
    });
    assert_eq!(is_live, Some(false));
}

/// Lets the player open the link and report its position.
fn open(bench: &mut Bench, media: Media, position: MediaTime) {
    bench.player(PlayerEvent::Loaded {
        generation: bench.generation(),
        media,
        position,
    });
    let status = PlayerStatus {
        reading: Some(Reading {
            position,
            at: bench.now,
        }),
        ..bench.paused_status()
    };
    bench.player(PlayerEvent::Status(status));
}

fn found(sent: &[ClientMessage]) -> Vec<Length> {
    let lengths = sent.iter().filter_map(|message| {
        let ClientMessage::SetLength(SetLength { length, .. }) = message else {
            return None;
        };
        Some(*length)
    });
    lengths.collect()
}

fn seeks(sent: &[ClientMessage]) -> Vec<Action> {
    let acts = sent.iter().filter_map(|message| {
        let ClientMessage::VideoSync(VideoSync { action, .. }) = message else {
            return None;
        };
        Some(*action)
    });
    acts.collect()
}

#[test]
fn the_first_player_of_a_controller_reports_the_length_of_a_link() {
    let mut bench = with_unknown_link(Role::Host);

    open(&mut bench, media(600_000), MediaTime::from_millis(60_000));

    let sent = bench.sent();
    assert_eq!(found(&sent), [Length::Of(MediaTime::from_millis(600_000))]);
    assert_eq!(seeks(&sent), []);
}

#[test]
fn the_first_player_of_a_controller_reports_that_a_link_is_live_and_its_position() {
    let mut bench = with_unknown_link(Role::Host);

    open(&mut bench, live(), EDGE);

    let sent = bench.sent();
    assert_eq!(found(&sent), [Length::Live]);
    assert_eq!(seeks(&sent), [Action::Seek { position: EDGE }]);
    bench.server(ServerMessage::LengthChanged(LengthChanged {
        id: ItemId(1),
        length: Length::Live,
    }));
    bench.now = bench.now + Duration::from_secs(10);
    bench.status(None);
    assert_eq!(found(&bench.sent()), [], "the room knows it");
}

#[test]
fn a_viewer_does_not_send_a_links_length() {
    let mut bench = with_unknown_link(Role::Viewer);

    open(&mut bench, live(), EDGE);

    let sent = bench.sent();
    assert_eq!((found(&sent), seeks(&sent)), (vec![], vec![]));
}

#[test]
fn a_live_stream_that_has_ended_stays_live_for_those_who_watch_it() {
    let mut entered = entered();
    entered.room.item = Some((ItemId(1), found_live()));
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(entered));

    open(&mut bench, media(600_000), MediaTime::ZERO);

    assert_eq!(found(&bench.sent()), []);
}
