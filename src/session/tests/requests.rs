//! Tests of requests and of actions in the player's window, with and without control of the room.

use super::*;
use crate::player::Adjustment;
use crate::session::room_request::RoomRequest;
use watchtogether_protocol::player_reason::PlayerNotice;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Cause, limits};

#[test]
fn a_hosts_pause_stops_the_local_player_at_once_and_is_sent_to_the_room() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.request(WindowRequest::Pause {
        position: MediaTime::from_millis(12_000),
    });

    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Send(ClientMessage::VideoSync(
        watchtogether_protocol::message::playback::VideoSync {
            based_on: Revision(2),
            action: Action::Pause {
                position: MediaTime::from_millis(12_000)
            },
        }
    ))));
    assert!(outputs.iter().any(|o| matches!(o, Output::Player(PlayerCommand::Hold { position: Some(p), .. }) if p.as_millis() == 12_000)));
}

#[test]
fn a_hosts_request_that_the_server_refuses_is_undone() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.command(Command::Room(RoomIntent::SeekTo(MediaTime::from_millis(300_000))));
    bench.landed(300_000);
    bench.outputs();

    bench.refuse(Request::VideoSync, Refusal::NotHost);

    let reported = bench.player_commands();
    assert!(
        matches!(holds(&reported)[..], [Some(10_000..=12_000)]),
        "{reported:?}"
    );
}

#[test]
fn a_viewers_requests_are_undone_with_a_line_that_names_the_host() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.request(WindowRequest::Seek {
        position: MediaTime::from_millis(99_000),
    });

    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Event(Event::WindowRequestUndone)));
    assert!(
        !outputs
            .iter()
            .any(|o| matches!(o, Output::Send(ClientMessage::VideoSync(_))))
    );
    assert_eq!(holds(&commands(&outputs)), [Some(10_000)]);
    assert_eq!(lines(&outputs), ["only bo can pause or seek"]);
}

#[test]
fn a_request_that_is_older_than_the_rooms_last_act_is_void() {
    let mut bench = Bench::watching(entered());
    let old = bench.generation();
    bench.server(moved(2, Playback::Paused, 40_000));
    bench.outputs();

    bench.player(PlayerEvent::WindowRequest {
        generation: old,
        at: bench.now,
        request: WindowRequest::Seek {
            position: MediaTime::ZERO,
        },
    });

    assert_eq!(bench.outputs(), []);
}

#[test]
fn a_viewers_speed_is_set_right_and_a_hosts_is_the_rooms() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Playing, 10_000)));
    bench.request(WindowRequest::Speed { speed: 1.5 });
    let reported = bench.player_commands();
    assert!(
        reported
            .iter()
            .any(|c| matches!(c, PlayerCommand::SetSpeed { base, .. } if (base - 1.0).abs() < 1e-9))
    );
    assert!(holds(&reported).is_empty());

    let mut bench = Bench::watching(entered());
    bench.request(WindowRequest::Speed { speed: 1.5 });
    let rate = Rate::from_f64(1.5).expect("in range");
    assert!(
        bench
            .sent()
            .iter()
            .any(|m| matches!(m, ClientMessage::VideoSync(s) if s.action == Action::SetRate { rate }))
    );
}

#[test]
fn a_viewers_requests_are_refused_on_the_spot() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.command(Command::Room(RoomIntent::Play));

    let refused = Event::Refused {
        request: Request::VideoSync,
        reason: Refusal::NotHost,
        retry_after: None,
    };
    assert_eq!(without_lines(bench.outputs()), [Output::Event(refused)]);
}

#[test]
fn a_film_opened_in_the_hosts_window_becomes_the_rooms() {
    let mut bench = Bench::watching(entered());
    let path = PathBuf::from("/films/next");

    bench.request(WindowRequest::Open {
        source: Source::File(path.clone()),
    });
    assert!(
        bench
            .outputs()
            .contains(&Output::IdentifyFile { path: path.clone() })
    );
    bench.player(PlayerEvent::Loaded {
        generation: bench.generation(),
        media: media(300_000),
        position: MediaTime::ZERO,
    });
    bench
        .session
        .handle_identified(path, Some(item("next")), bench.now);

    let sent = bench.sent();
    assert!(
        sent.iter().any(|m| matches!(m, ClientMessage::SetVideo(video)
        if video.item.title.as_str() == "next" && video.item.duration() == Some(MediaTime::from_millis(300_000)))),
        "{sent:?}"
    );

    let mut answer = state(9, Playback::Paused, 0);
    answer.timeline.item = ItemId(2);
    answer.timeline.cause = Cause {
        who: Some(MEMBERS[0]),
        reason: Reason::ItemChanged,
    };
    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(2),
        item: item("next"),
        state: answer,
    }));
    let compared = Output::Event(Event::FileCompared {
        id: ItemId(2),
        file: FileMatch::Same,
        is_own_choice: true,
    });
    let outputs = bench.outputs();
    assert!(outputs.contains(&compared), "{outputs:?}");
}

#[test]
fn a_film_opened_in_a_viewers_window_is_replaced_by_the_rooms() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.request(WindowRequest::Open {
        source: Source::File("/films/next".into()),
    });

    let reported = bench.player_commands();
    assert!(reported.iter().any(
        |c| matches!(c, PlayerCommand::Load { source: Source::File(path), .. } if path.ends_with("film"))
    ));
}

/// Returns the requests to play or pause since they were last read.
fn asked_to_play(bench: &mut Bench) -> Vec<bool> {
    bench
        .sent()
        .into_iter()
        .filter_map(|message| {
            if let ClientMessage::VideoSync(sync) = message {
                Some(sync.action == Action::Play)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn a_second_press_before_the_rooms_answer_means_the_opposite_of_the_first() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.command(Command::Room(RoomIntent::Toggle));
    bench.command(Command::Room(RoomIntent::Toggle));
    bench.command(Command::Room(RoomIntent::Play));

    assert_eq!(asked_to_play(&mut bench), [false, true]);
}

#[test]
fn an_action_that_the_room_never_received_is_not_believed_for_long() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.command(Command::Room(RoomIntent::Pause));
    bench.outputs();

    bench.now = bench.now + EXPECTED_FOR;
    bench.command(Command::Room(RoomIntent::Toggle));

    assert_eq!(asked_to_play(&mut bench), [false]);
}

#[test]
fn a_pending_request_is_shown_until_the_room_answers() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    let asked = |bench: &Bench| bench.session.status(bench.now).room.expect("a room").asked;
    assert_eq!(asked(&bench), None);

    bench.command(Command::Room(RoomIntent::Pause));
    assert!(matches!(asked(&bench), Some(RoomRequest::Pause { .. })));
    bench.server(moved(3, Playback::Paused, 10_000));
    assert_eq!(asked(&bench), None);

    let position = MediaTime::from_millis(300_000);
    bench.command(Command::Room(RoomIntent::SeekTo(position)));
    assert_eq!(asked(&bench), Some(RoomRequest::Seek { position }));
    bench.refuse(Request::VideoSync, Refusal::NotHost);
    assert_eq!(asked(&bench), None);

    bench.command(Command::Room(RoomIntent::Play));
    bench.lose();
    assert_eq!(asked(&bench), None);
}

/// Returns the lengths that were reported to a user who asked for a position beyond the end, and the positions that the room was
/// asked for.
fn seeks(bench: &mut Bench) -> (Vec<MediaTime>, Vec<MediaTime>) {
    let (mut refused, mut asked) = (Vec::new(), Vec::new());
    for output in bench.outputs() {
        if let Output::Event(Event::BeyondEnd { length }) = output {
            refused.push(length);
        } else if let Output::Send(ClientMessage::VideoSync(sync)) = output
            && let Action::Seek { position } = sync.action
        {
            asked.push(position);
        }
    }
    (refused, asked)
}

/// The length of the current film.
const LENGTH: MediaTime = MediaTime::from_millis(600_000);

#[test]
fn a_time_beyond_the_end_is_refused_with_the_length_and_moves_nothing() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.command(Command::Room(RoomIntent::SeekTo(
        LENGTH + MediaTime::from_millis(1_001),
    )));

    let outputs = without_lines(bench.outputs());
    assert_eq!(outputs, [Output::Event(Event::BeyondEnd { length: LENGTH })]);
}

#[test]
fn the_end_itself_and_a_length_that_is_rounded_up_are_the_end() {
    let mut bench = Bench::watching(entered());

    for beyond in [0, 1_000] {
        bench.command(Command::Room(RoomIntent::SeekTo(
            LENGTH + MediaTime::from_millis(beyond),
        )));
        assert_eq!(seeks(&mut bench), (vec![], vec![LENGTH]), "{beyond} ms beyond");
    }
}

#[test]
fn a_distance_beyond_the_end_goes_to_the_end() {
    let mut bench = Bench::watching(entered());

    bench.command(Command::Room(RoomIntent::SeekBy(LENGTH + LENGTH)));

    assert_eq!(seeks(&mut bench), (vec![], vec![LENGTH]));
}

#[test]
fn any_time_that_the_wire_carries_is_requested_if_no_length_is_known() {
    let mut here = entered();
    if let Some((_, item)) = &mut here.room.item {
        item.length = Length::Unknown;
    }
    let mut bench = Bench::watching(here);
    let last = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);

    for (to, asked) in [(LENGTH + LENGTH, LENGTH + LENGTH), (last + LENGTH, last)] {
        bench.command(Command::Room(RoomIntent::SeekTo(to)));
        assert_eq!(seeks(&mut bench), (vec![], vec![asked]));
    }
}

#[test]
fn a_viewer_who_asks_for_a_time_beyond_the_end_is_told_who_may_seek() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.command(Command::Room(RoomIntent::SeekTo(LENGTH + LENGTH)));

    let refused = Event::Refused {
        request: Request::VideoSync,
        reason: Refusal::NotHost,
        retry_after: None,
    };
    assert_eq!(without_lines(bench.outputs()), [Output::Event(refused)]);
}

#[test]
fn a_future_start_is_reported_by_the_local_clock() {
    let mut bench = Bench::watching(entered());
    let starts = |bench: &Bench| bench.session.status(bench.now).room.expect("a room").starts;
    assert_eq!(starts(&bench), None, "it stands");

    let start = bench.now + Duration::from_millis(300);
    let mut change = state(2, Playback::Playing, 10_000);
    change.timeline.at = ServerTime::from_millis(SERVER_MS + start.as_nanos() / 1_000_000);
    bench.server(ServerMessage::VideoStateChanged(change));

    let reported = starts(&bench).expect("it starts");
    let off = reported.saturating_since(start) + start.saturating_since(reported);
    assert!(off < Duration::from_millis(20), "{off:?}");
    bench.now = bench.now + Duration::from_secs(1);
    assert_eq!(starts(&bench), None, "it plays");
}

#[test]
fn a_request_that_a_viewer_may_not_make_is_never_shown_as_sent() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.command(Command::Room(RoomIntent::Play));

    assert_eq!(bench.session.status(bench.now).room.expect("a room").asked, None);
}

#[test]
fn a_frame_step_pauses_the_room_first() {
    let action = |bench: &mut Bench| {
        let sent = bench.sent().into_iter().find_map(|message| {
            if let ClientMessage::VideoSync(sync) = message {
                Some(sync.action)
            } else {
                None
            }
        });
        sent.expect("the room is moved")
    };
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.command(Command::Room(RoomIntent::StepFrame { is_forward: true }));
    assert!(matches!(action(&mut bench), Action::Pause { .. }));

    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Paused, 10_000));
    bench.landed(10_000);
    bench.outputs();
    bench.command(Command::Room(RoomIntent::StepFrame { is_forward: true }));
    let there = Action::Seek {
        position: MediaTime::from_millis(10_042),
    };
    assert_eq!(action(&mut bench), there, "a frame of the local copy lasts 42 ms");
    bench.command(Command::Room(RoomIntent::StepFrame { is_forward: false }));
    let back = Action::Seek {
        position: MediaTime::from_millis(10_000),
    };
    assert_eq!(action(&mut bench), back);
}

#[test]
fn local_adjustments_go_to_the_local_player_and_nowhere_else() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));

    bench.command(Command::Tweak(Adjustment::Mute));

    assert_eq!(
        bench.outputs(),
        [Output::Player(PlayerCommand::Tweak(Adjustment::Mute))]
    );
}

#[test]
fn an_adjustment_without_a_player_is_refused_with_a_reason() {
    let mut bench = Bench::watching(entered());
    bench.player(PlayerEvent::Closed);
    bench.outputs();

    bench.command(Command::Tweak(Adjustment::Louder));

    let outputs = bench.outputs();
    assert!(
        matches!(
            &outputs[..],
            [
                Output::Event(Event::Player(PlayerNews::Notice { .. })),
                Output::Event(Event::Happened(_))
            ]
        ),
        "{outputs:?}"
    );
}

#[test]
fn a_viewers_player_that_opens_something_over_and_over_is_left_alone() {
    let mut entered = entered();
    entered.room.host = Some(MEMBERS[1]);
    entered.room.members = vec![
        member(MEMBERS[0], "ana", Role::Viewer),
        member(MEMBERS[1], "bo", Role::Host),
    ];
    let mut bench = Bench::watching(entered);
    let mut loads = 0;
    let mut failures = 0;

    for _ in 0..100 {
        bench.player(PlayerEvent::WindowRequest {
            generation: bench.generation(),
            at: bench.now,
            request: WindowRequest::Open {
                source: Source::Link("http://example.org/advert.mp4".to_owned()),
            },
        });
        for output in bench.outputs() {
            loads += u32::from(matches!(output, Output::Player(PlayerCommand::Load { .. })));
            let has_failed = matches!(
                output,
                Output::Event(Event::Player(PlayerNews::OpenFailed { .. }))
            );
            failures += u32::from(has_failed);
        }
    }

    assert_eq!((loads, failures), (5, 1));
}

#[test]
fn a_speed_that_the_room_has_is_asked_for_only_while_another_may_be_on_its_way() {
    let mut bench = Bench::watching(entered());
    bench.outputs();

    bench.command(Command::Room(RoomIntent::SetRate(Rate::NORMAL)));
    assert_eq!(bench.sent(), []);

    let double = Rate::from_f64(2.0).expect("a rate");
    bench.command(Command::Room(RoomIntent::SetRate(double)));
    bench.command(Command::Room(RoomIntent::SetRate(Rate::NORMAL)));
    let asked = bench.sent().into_iter().filter_map(|message| {
        if let ClientMessage::VideoSync(sync) = message {
            Some(sync.action)
        } else {
            None
        }
    });
    let rates: Vec<Action> = asked.collect();
    assert_eq!(
        rates,
        [
            Action::SetRate { rate: double },
            Action::SetRate { rate: Rate::NORMAL }
        ]
    );
}

#[test]
fn a_session_without_a_player_says_so_when_it_is_to_open_it() {
    let mut bench = Bench::asking(join(), None, false);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();

    bench.command(Command::ReopenPlayer);

    let notice = Event::Player(PlayerNews::Notice(PlayerNotice::NotWanted));
    assert!(bench.outputs().contains(&Output::Event(notice)));
}
