//! Live sources: positions are the stream's, and only what the player has of it can be reached.

use super::*;
use crate::player::{Extent, Media, Window};

const LINK: &str = "http://example.org/live.m3u8";

/// Where a player that opens the stream now begins.
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
        duration: None,
        source: ItemSource::Link(LINK.parse().expect("a link")),
    }
}

/// A host whose player has just opened a live stream.
fn hosting() -> Bench {
    hosting_of(live())
}

fn hosting_of(media: Media) -> Bench {
    let copy = OwnCopy {
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
fn a_live_stream_is_put_on_without_a_length_and_where_it_is() {
    let mut bench = hosting();

    let sent = bench.sent();

    let put_on = sent.iter().find_map(|message| {
        let ClientMessage::SetVideo(video) = message else {
            return None;
        };
        Some((video.item.duration, video.position))
    });
    assert_eq!(put_on, Some((None, EDGE)));
}

#[test]
fn a_seek_out_of_what_the_player_has_is_refused_and_one_in_it_is_not() {
    let mut bench = hosting();
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(1),
        item: stream(),
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

    bench.command(Command::SeekTo(MediaTime::from_millis(60_000)));
    let outputs = bench.outputs();
    assert!(
        outputs.iter().any(|output| matches!(
            output,
            Output::Event(Event::Refused {
                why: Refusal::NotPossible,
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

    bench.command(Command::SeekTo(EDGE + second));
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
        item: stream(),
        state: state(2, Playback::Paused, EDGE.as_millis()),
    }));
    bench.outputs();

    bench.command(Command::SeekBy(MediaTime::from_millis(1_000)));
    let outputs = bench.outputs();

    assert!(
        outputs.iter().any(|output| matches!(
            output,
            Output::Event(Event::Refused {
                why: Refusal::NotPossible,
                ..
            })
        )),
        "{outputs:?}"
    );
}

#[test]
fn a_member_that_comes_in_opens_a_live_stream_where_it_is() {
    let mut entered = empty_room();
    entered.room.item = Some((ItemId(1), stream()));
    entered.room.state = state(7, Playback::Playing, 4_990_000);
    let mut bench = Bench::asking(host(Access::Open), None, true);

    bench.server(ServerMessage::RoomJoined(entered));

    assert!(matches!(
        bench.told_player()[..],
        [PlayerCommand::Load {
            position: MediaTime::ZERO,
            ..
        }]
    ));
}

/// The room puts on what its host has opened.
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
    let copy = OwnCopy {
        source: Source::Link(LINK.to_owned()),
        item: stream(),
    };
    bench.session.deck.offer = None;
    bench.session.deck.choice = Choice::Have(copy);

    let file = bench.session.deck.file(Some(&other));

    assert!(matches!(file, FileMatch::Other { .. }), "{file:?}");
}
