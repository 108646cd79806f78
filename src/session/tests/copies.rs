//! Tests of the copy that a member watches: a choice lasts, no copy stops the previous film, and each difference is reported.

use super::*;

/// Returns the room as a returning viewer finds it: the same film, under another number in another epoch.
fn again(item_id: u64, epoch: u64) -> Entered {
    let mut room = entered_as_viewer(state(3, Playback::Paused, 10_000));
    room.room.state.timeline.epoch.counter = epoch;
    room.room.state.timeline.item = ItemId(item_id);
    room.room.item = Some((ItemId(item_id), item("film")));
    room
}

/// Returns a viewer who watches another cut of the room's film, which they chose themselves.
fn watching_cut() -> Bench {
    let mut bench = Bench::asking(join(), Some(local_item("cut")), true);
    bench.server(ServerMessage::RoomJoined(again(1, 1)));
    bench.opened();
    bench.outputs();
    bench
}

fn loses_link(bench: &mut Bench) {
    bench
        .session
        .handle_connection_lost(&LinkEnd::TimedOut, bench.now);
    let until = bench.now + Duration::from_secs(1);
    bench.run_to(until);
    bench.session.handle_connected(Credentials::default(), bench.now);
}

fn searches(outputs: &[Output]) -> bool {
    outputs
        .iter()
        .any(|output| matches!(output, Output::FindItem { .. }))
}

fn unloads(outputs: &[Output]) -> usize {
    let is_unload = |output: &&Output| matches!(output, Output::Player(PlayerCommand::Unload { .. }));
    outputs.iter().filter(is_unload).count()
}

#[test]
fn a_chosen_copy_survives_every_reconnect() {
    for (item_id, epoch) in [(1, 1), (1, 2), (7, 2)] {
        let mut bench = watching_cut();
        loses_link(&mut bench);

        bench.server(ServerMessage::RoomJoined(again(item_id, epoch)));

        let outputs = bench.outputs();
        let status = bench.session.status(bench.now);
        assert!(!searches(&outputs), "item {item_id}, life {epoch}");
        assert_eq!(unloads(&outputs), 0);
        assert!(matches!(status.file, FileMatch::Other { .. }));
        assert_eq!(status.local_item, Some(local_item("cut").source));
    }
}

/// Returns a room whose film is a link.
fn link_room() -> Entered {
    let mut room = again(1, 1);
    room.room.item = Some((ItemId(1), linked()));
    room
}

fn linked() -> Item {
    Item {
        source: ItemSource::Link("http://example.org/film.mkv".parse().expect("a link")),
        ..item("film")
    }
}

#[test]
fn a_file_that_was_chosen_instead_of_the_rooms_link_survives_every_reconnect() {
    let mut named = Bench::asking(join(), Some(local_item("mine")), true);
    named.server(ServerMessage::RoomJoined(link_room()));
    let mut opened = Bench::asking(join(), None, true);
    opened.server(ServerMessage::RoomJoined(link_room()));
    opened.opened();
    opened.command(Command::Open(local_item("mine")));

    for (how, mut bench) in [("opened", opened), ("named", named)] {
        bench.opened();
        loses_link(&mut bench);
        bench.server(ServerMessage::RoomJoined(link_room()));

        let status = bench.session.status(bench.now);
        assert_eq!(status.local_item, Some(local_item("mine").source), "{how}");
        goes_to(&mut bench, 2, "next");
        let mut back = state(30, Playback::Playing, 0);
        back.timeline.item = ItemId(3);
        bench.server(ServerMessage::VideoChanged(VideoChanged {
            id: ItemId(3),
            item: linked(),
            state: back,
        }));
        let status = bench.session.status(bench.now);
        assert_eq!(status.local_item, Some(local_item("mine").source), "{how}, again");
    }
}

#[test]
fn a_film_that_a_host_proposed_is_not_a_copy_of_another_hosts_link() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("mine")), true);

    bench.server(ServerMessage::RoomJoined(link_room()));

    let status = bench.session.status(bench.now);
    let link = Source::Link("http://example.org/film.mkv".to_owned());
    assert_eq!(status.local_item, Some(link));
}

#[test]
fn a_chosen_copy_survives_a_seat_that_is_gone() {
    let mut bench = watching_cut();
    loses_link(&mut bench);
    bench.server(ServerMessage::Refused(Refused {
        request: Request::Resume,
        reason: Refusal::SeatGone,
        retry_after_ms: 0,
    }));

    bench.server(ServerMessage::RoomJoined(again(1, 2)));

    assert!(!searches(&bench.outputs()));
    assert_eq!(
        bench.session.status(bench.now).local_item,
        Some(local_item("cut").source)
    );
}

#[test]
fn a_copy_that_cannot_be_opened_gives_way_to_the_one_before() {
    let mut bench = watching_cut();
    bench.command(Command::Open(local_item("broken")));
    bench.player(PlayerEvent::LoadFailed {
        generation: bench.generation(),
        kind: LoadFailure::NotAFilm,
        reason: OpenError::Refused,
    });
    bench.opened();

    assert_eq!(
        bench.session.status(bench.now).local_item,
        Some(local_item("cut").source)
    );
    loses_link(&mut bench);
    bench.server(ServerMessage::RoomJoined(again(1, 1)));
    let status = bench.session.status(bench.now);
    assert_eq!(status.local_item, Some(local_item("cut").source), "for good");
}

fn fails(bench: &mut Bench, kind: LoadFailure) {
    bench.player(PlayerEvent::LoadFailed {
        generation: bench.generation(),
        kind,
        reason: OpenError::Refused,
    });
}

fn local_item_in_use(bench: &Bench) -> Option<Source> {
    bench.session.status(bench.now).local_item
}

#[test]
fn several_copies_that_cannot_be_opened_give_way_to_the_one_that_was_watched() {
    let mut bench = watching_cut();
    bench.command(Command::Open(local_item("bad 1")));
    bench.command(Command::Open(local_item("bad 2")));
    fails(&mut bench, LoadFailure::NotAFilm);
    assert_eq!(local_item_in_use(&bench), Some(local_item("cut").source));
    // The fallback must still work after this.
    bench.command(Command::Open(local_item("bad 3")));
    fails(&mut bench, LoadFailure::Unreadable);
    bench.opened();

    assert_eq!(local_item_in_use(&bench), Some(local_item("cut").source));
    let player = bench.session.status(bench.now).player;
    assert_eq!(player, PlayerState::Following);
}

#[test]
fn a_copy_that_cannot_be_opened_gives_way_although_it_was_chosen_with_the_player_closed() {
    let mut bench = watching_cut();
    bench.player(PlayerEvent::Closed);
    bench.command(Command::Open(local_item("bad")));
    loses_link(&mut bench);
    bench.server(ServerMessage::RoomJoined(again(1, 1)));
    bench.command(Command::ReopenPlayer);
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });

    fails(&mut bench, LoadFailure::NotAFilm);

    assert_eq!(local_item_in_use(&bench), Some(local_item("cut").source));
}

#[test]
fn a_copy_that_can_no_longer_be_opened_is_given_up_for_good() {
    let mut bench = watching_cut();
    bench.command(Command::Open(local_item("bad")));
    fails(&mut bench, LoadFailure::NotAFilm);
    fails(&mut bench, LoadFailure::NotAFilm);

    let reason = PlayerFailure::NotAFilm;
    let status = bench.session.status(bench.now);
    assert_eq!(status.player, PlayerState::Failed { reason });
    assert_eq!(status.local_item, Some(local_item("cut").source));
}

/// Returns a viewer whose copy of the film is gone when the room goes back to that film.
fn finds_its_copy_gone() -> Bench {
    let mut bench = watching_cut();
    goes_to(&mut bench, 2, "next");
    bench.session.handle_item_found(ItemId(2), None, bench.now);
    goes_to(&mut bench, 3, "film");
    bench.outputs();
    fails(&mut bench, LoadFailure::Unreadable);
    bench
}

#[test]
fn a_film_whose_remembered_file_is_gone_is_searched_for() {
    let mut bench = finds_its_copy_gone();
    assert!(searches(&bench.outputs()));
    let state = bench.session.status(bench.now).player;
    assert_eq!(state, PlayerState::Searching { folders: 0 });

    bench
        .session
        .handle_item_found(ItemId(3), Some(local_item("film")), bench.now);
    bench.opened();
    goes_to(&mut bench, 4, "next");
    bench.session.handle_item_found(ItemId(4), None, bench.now);
    bench.outputs();
    goes_to(&mut bench, 5, "film");

    assert!(!searches(&bench.outputs()), "what was found is remembered");
    assert_eq!(local_item_in_use(&bench), Some(local_item("film").source));
}

#[test]
fn a_copy_on_a_disk_that_was_unplugged_is_tried_again_on_request() {
    let mut bench = finds_its_copy_gone();
    bench.session.handle_item_found(ItemId(3), None, bench.now);
    assert_eq!(bench.session.status(bench.now).player, PlayerState::NoCopy);

    bench.command(Command::ReopenPlayer);
    bench.opened();

    assert_eq!(local_item_in_use(&bench), Some(local_item("cut").source));
    let player = bench.session.status(bench.now).player;
    assert_eq!(player, PlayerState::Following);
}

#[test]
fn a_file_that_a_search_finds_and_nobody_can_read_is_searched_for_once() {
    let mut bench = finds_its_copy_gone();
    let found = Some(local_item("film"));
    bench.session.handle_item_found(ItemId(3), found, bench.now);
    bench.outputs();

    fails(&mut bench, LoadFailure::Unreadable);

    let reason = PlayerFailure::Unreadable;
    assert!(!searches(&bench.outputs()));
    let player = bench.session.status(bench.now).player;
    assert_eq!(player, PlayerState::Failed { reason });
    bench.command(Command::ReopenPlayer);
    fails(&mut bench, LoadFailure::Unreadable);
    assert!(searches(&bench.outputs()), "on request, once more");
}

#[test]
fn neither_of_two_bad_copies_is_tried_forever() {
    let mut bench = finds_its_copy_gone();
    let found = Some(local_item("film"));
    bench.session.handle_item_found(ItemId(3), found, bench.now);
    bench.outputs();

    fails(&mut bench, LoadFailure::NotAFilm);

    let reason = PlayerFailure::NotAFilm;
    let player = bench.session.status(bench.now).player;
    assert_eq!(player, PlayerState::Failed { reason });
    assert!(!searches(&bench.outputs()));
}

#[test]
fn a_link_replaces_a_missing_file() {
    let mut bench = Bench::asking(join(), Some(local_item("mine")), true);
    bench.server(ServerMessage::RoomJoined(link_room()));
    bench.opened();
    loses_link(&mut bench);
    bench.player(PlayerEvent::Closed);
    bench.server(ServerMessage::RoomJoined(link_room()));
    bench.command(Command::ReopenPlayer);
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });
    bench.outputs();

    fails(&mut bench, LoadFailure::Unreadable);

    let ItemSource::Link(link) = linked().source else {
        panic!("it is a link");
    };
    let link = Source::Link(link.as_str().to_owned());
    assert_eq!(local_item_in_use(&bench), Some(link));
    assert!(!searches(&bench.outputs()));
    bench.outputs();
    fails(&mut bench, LoadFailure::Unreadable);
    let reason = PlayerFailure::Unreadable;
    let player = bench.session.status(bench.now).player;
    assert_eq!(player, PlayerState::Failed { reason });
}

#[test]
fn a_copy_is_used_again_when_the_room_comes_back_to_its_film() {
    let mut bench = watching_cut();
    goes_to(&mut bench, 2, "next");
    bench.session.handle_item_found(ItemId(2), None, bench.now);
    bench.outputs();

    goes_to(&mut bench, 3, "film");

    assert!(!searches(&bench.outputs()));
    let status = bench.session.status(bench.now);
    assert_eq!(status.local_item, Some(local_item("cut").source));
}

/// Sets another film in the room.
fn goes_to(bench: &mut Bench, id: u64, title: &str) {
    comes_on(bench, id, 10 * id, title);
}

/// Receives a film as the room's item, with a revision.
fn comes_on(bench: &mut Bench, id: u64, revision: u64, title: &str) {
    let mut state = state(revision, Playback::Playing, 0);
    state.timeline.item = ItemId(id);
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(id),
        item: item(title),
        state,
    }));
}

#[test]
fn the_former_film_is_closed_when_the_room_moves_to_a_missing_one() {
    let mut bench = Bench::watching(entered_as_viewer(state(1, Playback::Playing, 10_000)));
    bench.outputs();

    goes_to(&mut bench, 2, "next");
    bench.session.handle_item_found(ItemId(2), None, bench.now);

    let outputs = bench.outputs();
    assert_eq!(unloads(&outputs), 1);
    assert!(outputs.contains(&Output::Event(Event::Player(PlayerNews::NoCopy))));
    let player = reports(&outputs).last().map(|report| report.player);
    assert_eq!(player, Some(PlayerState::NoCopy));
    assert_eq!(bench.session.status(bench.now).sync.state, SyncState::Off);
}

#[test]
fn a_search_reports_its_progress() {
    let mut bench = Bench::asking(join(), None, true);
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });
    bench.server(ServerMessage::RoomJoined(again(1, 1)));

    bench.session.handle_search_progress(ItemId(1), 123, bench.now);
    bench.session.handle_search_progress(ItemId(9), 999, bench.now);

    let reported: Vec<PlayerState> = reports(&bench.outputs()).iter().map(|r| r.player).collect();
    assert_eq!(
        bench.session.status(bench.now).player,
        PlayerState::Searching { folders: 123 }
    );
    assert_eq!(
        reported,
        [
            PlayerState::Searching { folders: 0 },
            PlayerState::Searching { folders: 100 }
        ]
    );
}

#[test]
fn a_copy_is_searched_for_again_on_request() {
    let mut bench = Bench::asking(join(), None, true);
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });
    bench.server(ServerMessage::RoomJoined(again(1, 1)));
    bench.session.handle_item_found(ItemId(1), None, bench.now);
    bench.outputs();

    bench.command(Command::ReopenPlayer);
    assert!(searches(&bench.outputs()));
    bench
        .session
        .handle_item_found(ItemId(1), Some(local_item("film")), bench.now);

    assert!(matches!(
        bench.player_commands()[..],
        [.., PlayerCommand::Load { .. }]
    ));
}

/// Returns a viewer whose room goes to the next film while a copy of the first one is still being searched for.
fn searching_for_two() -> Bench {
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(again(1, 1)));
    goes_to(&mut bench, 2, "next");
    let searched: Vec<ItemId> = bench
        .outputs()
        .into_iter()
        .filter_map(|output| {
            if let Output::FindItem { id, .. } = output {
                Some(id)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(searched, [ItemId(1), ItemId(2)]);
    bench
}

#[test]
fn a_copy_that_is_found_after_its_film_went_off_is_used_when_the_film_comes_on_again() {
    for back in [1, 3] {
        let mut bench = searching_for_two();
        bench
            .session
            .handle_item_found(ItemId(1), Some(local_item("film")), bench.now);
        assert_eq!(bench.player_commands(), [], "the next film is on");
        let state = bench.session.status(bench.now).player;
        assert_eq!(state, PlayerState::Searching { folders: 0 });

        comes_on(&mut bench, back, 30, "film");

        let outputs = bench.outputs();
        assert!(!searches(&outputs), "item {back}");
        assert!(
            matches!(commands(&outputs)[..], [PlayerCommand::Load { .. }]),
            "{outputs:?}"
        );
        assert_eq!(local_item_in_use(&bench), Some(local_item("film").source));
    }
}

#[test]
fn a_film_that_comes_on_while_it_is_looked_for_is_not_looked_for_twice() {
    let mut bench = searching_for_two();
    bench.session.handle_search_progress(ItemId(1), 7, bench.now);

    comes_on(&mut bench, 1, 30, "film");

    assert!(!searches(&bench.outputs()));
    let state = bench.session.status(bench.now).player;
    assert_eq!(state, PlayerState::Searching { folders: 7 });
    bench.session.handle_item_found(ItemId(1), None, bench.now);
    assert_eq!(bench.session.status(bench.now).player, PlayerState::NoCopy);
}

/// Returns a viewer whose copy, a minute long, plays with the room from 50 s on.
pub(super) fn plays_a_short_copy() -> Bench {
    let mut bench = Bench::asking(join(), Some(local_item("cut")), true);
    bench.server(ServerMessage::RoomJoined(entered_as_viewer(state(
        3,
        Playback::Paused,
        50_000,
    ))));
    let Player::Opening { place, .. } = bench.session.local_media.player.clone() else {
        panic!("nothing is being opened");
    };
    bench.player(PlayerEvent::Loaded {
        generation: bench.generation(),
        media: media(60_000),
        position: place,
    });
    bench.run_to(LocalTime::from_millis(1_000));
    bench.outputs();
    bench
}

/// Lets the room play from a position on, starting now.
pub(super) fn plays_from(bench: &mut Bench, revision: u64, position_ms: i64) {
    let mut word = state(revision, Playback::Playing, position_ms);
    word.timeline.at = ServerTime::from_millis(SERVER_MS + bench.now.as_nanos() / 1_000_000);
    bench.server(ServerMessage::VideoStateChanged(word));
}

/// Lets the player report its position ten times a second for a while.
pub(super) fn says_where_it_is(bench: &mut Bench, span: Duration, position_at: impl Fn(LocalTime) -> i64) {
    let end = bench.now + span;
    while bench.now < end {
        let next = bench.now + Duration::from_millis(100);
        bench.run_to(next);
        let position = MediaTime::from_millis(position_at(bench.now));
        let status = PlayerStatus {
            generation: bench.generation(),
            at: bench.now,
            reading: Some(Reading {
                position,
                at: bench.now,
            }),
            is_paused: false,
            is_seeking: false,
            buffering: None,
            is_at_end: false,
            speed: 1.0,
            buffered: Duration::from_secs(3),
            picture_behind: Duration::ZERO,
            window: None,
        };
        bench.player(PlayerEvent::Status(status));
    }
}

fn reported_states(bench: &mut Bench) -> Vec<PlayerState> {
    let reports = reports(&bench.outputs());
    reports.iter().map(|report| report.player).collect()
}

#[test]
fn a_copy_that_ended_before_the_room_is_reported_with_its_end_and_is_not_too_slow() {
    let mut bench = plays_a_short_copy();

    plays_from(&mut bench, 4, 70_000);
    says_where_it_is(&mut bench, Duration::from_secs(8), |_| 59_900);

    let at = MediaTime::from_millis(60_000);
    let reported = reported_states(&mut bench);
    assert_eq!(reported, [PlayerState::Ended { at }], "one message");

    let mut back = state(5, Playback::Paused, 30_000);
    back.timeline.cause.reason = watchtogether_protocol::timeline::Reason::Seeked;
    bench.server(ServerMessage::VideoStateChanged(back));
    bench.landed(30_000);
    assert_eq!(reported_states(&mut bench).last(), Some(&PlayerState::Following));
}

#[test]
fn a_player_that_stays_elsewhere_is_catching_up_in_a_handful_of_messages() {
    let mut bench = Bench::watching(entered());
    bench.run_to(LocalTime::from_millis(1_000));
    bench.landed(10_000);
    bench.outputs();

    plays_from(&mut bench, 4, 10_000);
    // The player was released and is still paused.
    says_where_it_is(&mut bench, Duration::from_millis(900), |_| 10_000);
    assert_eq!(reported_states(&mut bench), []);
    says_where_it_is(&mut bench, Duration::from_secs(10), |_| 10_000);

    let reported = reported_states(&mut bench);
    assert!(
        reported
            .iter()
            .all(|state| matches!(state, PlayerState::CatchingUp { .. })),
        "{reported:?}"
    );
    assert!((1..=6).contains(&reported.len()), "{reported:?}");
}

#[test]
fn a_silent_player_does_not_respond_until_it_reports_again() {
    let mut bench = Bench::watching(entered());
    bench.run_to(LocalTime::from_millis(1_000));
    bench.landed(10_000);
    bench.outputs();

    let silent_from = bench.now;
    bench.run_to(silent_from + Duration::from_millis(1_999));
    assert_eq!(reported_states(&mut bench), []);
    bench.run_to(silent_from + Duration::from_millis(2_001));
    assert_eq!(reported_states(&mut bench), [PlayerState::NotResponding]);
    bench.status(None);

    assert_eq!(reported_states(&mut bench), [PlayerState::Following]);
}

#[test]
fn a_host_without_a_connection_opens_nothing_and_a_viewer_their_own_copy() {
    let opened = |entered: Entered| {
        let mut bench = Bench::watching(entered);
        bench.lose();
        bench.outputs();
        bench.command(Command::Open(local_item("other")));
        let is_refused = bench
            .outputs()
            .contains(&Output::Event(Event::Offline(Request::SetVideo)));
        (is_refused, local_item_in_use(&bench))
    };

    let source = |title| Some(local_item(title).source);
    assert_eq!(opened(entered()), (true, source("film")));
    let viewer = entered_as_viewer(state(1, Playback::Paused, 0));
    assert_eq!(opened(viewer), (false, source("other")));
}
