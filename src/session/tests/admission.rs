//! Tests of entering the room, losing the link, coming back, and leaving.

use watchtogether_protocol::message::chat::Saved;
use watchtogether_protocol::message::settings::RoomTitle;

use super::*;

#[test]
fn a_host_sends_hello_and_opens_a_room() {
    let mut bench = Bench::new(host(Access::Open), None, true);

    bench.session.start(bench.now);
    assert!(connects(&bench.outputs()));
    bench.session.handle_connected(Credentials::default(), bench.now);

    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::StartPlayer));
    let sent: Vec<u16> = outputs
        .iter()
        .filter_map(|output| {
            if let Output::Send(message) = output {
                Some(message.kind())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(sent, [1, 2], "hello, then create-room");
}

#[test]
fn another_key_ends_it_and_nothing_is_sent() {
    let mut bench = Bench::new(join(), None, true);
    bench.session.start(bench.now);
    bench.outputs();

    bench
        .session
        .handle_connection_lost(&LinkEnd::PinMismatch, bench.now);

    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Finished(SessionEnd::PinMismatch)));
    assert!(
        !outputs
            .iter()
            .any(|output| matches!(output, Output::Send(_) | Output::Connect { .. }))
    );
    assert_eq!(bench.session.poll_timeout(), None);
}

#[test]
fn a_refused_entry_ends_it_until_the_user_tries_again() {
    let mut bench = Bench::asking(join(), None, true);

    bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);
    assert!(
        bench
            .outputs()
            .contains(&Output::Finished(SessionEnd::Refused(Refusal::NotAdmitted)))
    );
    bench.command(Command::Retry);

    assert!(connects(&bench.outputs()));
}

#[test]
fn a_host_joins_an_open_room_that_exists_and_no_other() {
    let mut bench = Bench::asking(host(Access::Open), None, true);
    bench.refuse(Request::CreateRoom, Refusal::RoomExists);
    assert!(matches!(bench.sent()[..], [ClientMessage::JoinRoom(_)]));

    let mut bench = Bench::asking(host(Access::Invite), None, true);
    bench.refuse(Request::CreateRoom, Refusal::RoomExists);
    assert!(
        bench
            .outputs()
            .contains(&Output::Finished(SessionEnd::Refused(Refusal::RoomExists)))
    );
}

#[test]
fn a_name_that_nobody_chose_gives_way_until_the_server_draws_one() {
    let mut admission = host(Access::Invite);
    let Admission::Host { is_name_chosen, .. } = &mut admission else {
        panic!("a host");
    };
    *is_name_chosen = false;
    let mut bench = Bench::asking(admission, None, true);

    let mut names = Vec::new();
    for _ in 0..3 {
        bench.refuse(Request::CreateRoom, Refusal::RoomExists);
        assert!(
            connects(&bench.outputs()),
            "a server need not answer it on this one"
        );
        bench.session.handle_connected(Credentials::default(), bench.now);
        let [ClientMessage::Hello(_), ClientMessage::CreateRoom(create)] = &bench.sent()[..] else {
            panic!("another name is tried");
        };
        names.push(create.room.as_ref().map(ToString::to_string));
    }
    bench.refuse(Request::CreateRoom, Refusal::RoomExists);

    assert_eq!(
        names,
        [Some("film-2".to_owned()), Some("film-3".to_owned()), None]
    );
    let end = Output::Finished(SessionEnd::Refused(Refusal::RoomExists));
    assert!(bench.outputs().contains(&end), "and then it is given up");
}

#[test]
fn no_connection_is_asked_more_than_the_strictest_server_answers() {
    let mut admission = host(Access::Open);
    let Admission::Host { is_name_chosen, .. } = &mut admission else {
        panic!("a host");
    };
    *is_name_chosen = false;
    let mut bench = Bench::new(admission, None, true);
    bench.session.start(bench.now);
    let credentials = Credentials {
        seat: Some(entered().token),
        ..Credentials::default()
    };

    let mut asked = Vec::new();
    while bench.session.phase != Phase::Ended {
        if connects(&bench.outputs()) {
            asked.push(0);
            bench.session.handle_connected(credentials, bench.now);
        }
        let Phase::Joining { request, .. } = bench.session.phase else {
            panic!("nothing is asked");
        };
        *asked.last_mut().expect("a connection") += 1;
        let reason = [
            (Request::Resume, Refusal::SeatGone),
            (Request::CreateRoom, Refusal::RoomExists),
            (Request::JoinRoom, Refusal::NotAdmitted),
        ];
        let reason = reason.into_iter().find(|(asked, _)| *asked == request);
        bench.refuse(request, reason.expect("a way in").1);
    }

    assert_eq!(
        asked,
        [3, 2, 2, 1],
        "three is the least that `connections.tries` may be"
    );
}

#[test]
fn a_host_enters_an_existing_room_with_the_password_it_would_have_had() {
    let word = Password("popcorn".to_owned());
    let mut bench = Bench::asking(host(Access::Password(word.clone())), None, true);

    bench.refuse(Request::CreateRoom, Refusal::RoomExists);
    let sent = bench.sent();
    bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);

    assert!(
        matches!(&sent[..], [ClientMessage::JoinRoom(join)] if join.password == Some(word)),
        "{sent:?}"
    );
    let end = Output::Finished(SessionEnd::Refused(Refusal::RoomExists));
    assert!(
        bench.outputs().contains(&end),
        "another word: it is somebody else's room"
    );
}

#[test]
fn a_host_who_enters_the_room_they_left_sets_the_film_they_bring() {
    let set_videos = |film: &str| {
        let mut bench = Bench::new(host_again(), Some(local_item(film)), false);
        bench.session.start(bench.now);
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.refuse(Request::CreateRoom, Refusal::RoomExists);
        bench.outputs();
        bench.server(ServerMessage::RoomJoined(entered()));
        let sent = bench.sent().into_iter();
        let films = sent.filter_map(|message| {
            if let ClientMessage::SetVideo(set) = message {
                Some((set.item.title.to_string(), set.position))
            } else {
                None
            }
        });
        films.collect::<Vec<_>>()
    };

    assert_eq!(set_videos("another"), [("another".to_owned(), MediaTime::ZERO)]);
    assert_eq!(set_videos("film"), [], "it goes on where it stands");
}

#[test]
fn a_host_who_goes_back_finds_the_film_that_is_on_now_and_uses_no_copy_of_another() {
    let goes_back = |title: &str| {
        let mut bench = Bench::new(host_again(), Some(local_item("another")), true);
        bench.session.config.copy_of = Some(Clean::line(title));
        bench.session.start(bench.now);
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.refuse(Request::CreateRoom, Refusal::RoomExists);
        bench.outputs();
        bench.server(ServerMessage::RoomJoined(entered()));
        let outputs = bench.outputs();
        let sets_video = |o: &Output| matches!(o, Output::Send(ClientMessage::SetVideo(_)));
        assert!(!outputs.iter().any(sets_video), "{title}");
        let searches = |o: &Output| matches!(o, Output::FindItem { .. });
        outputs.iter().any(searches)
    };

    assert!(goes_back("yesterday's film"));
    assert!(!goes_back("film"), "another cut was chosen for it");
}

#[test]
fn a_room_that_was_left_is_opened_again_as_it_was() {
    let mut bench = Bench::new(host_again(), Some(local_item("film")), true);
    bench.session.start(bench.now);
    bench.session.handle_connected(Credentials::default(), bench.now);
    let requests = bench.sent();
    let Some(ClientMessage::CreateRoom(create)) = requests.last() else {
        panic!("{requests:?}");
    };
    assert_eq!(create.invite, Some(InviteToken::from_bytes([7; 10])));
    assert_eq!(create.settings.on_stall, StallPolicy::GoOn);
    let title = create.settings.title.as_ref().map(RoomTitle::as_str);
    assert_eq!(title, Some("Movie night"));
    assert_eq!(Some(create.rate), Rate::from_f64(1.25));
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });

    bench.server(ServerMessage::RoomCreated(empty_room()));
    bench.opened();

    let position = bench.sent().iter().find_map(|message| {
        let ClientMessage::SetVideo(set) = message else {
            return None;
        };
        Some(set.position.as_millis())
    });
    assert_eq!(position, Some(90_000));
}

#[test]
fn a_room_that_was_left_and_is_still_there_is_entered_with_its_invite() {
    let mut bench = Bench::asking(host_again(), None, true);
    bench.sent();

    bench.refuse(Request::CreateRoom, Refusal::RoomExists);

    let sent = bench.sent();
    assert!(
        matches!(&sent[..], [ClientMessage::JoinRoom(join)] if join.token == Some(InviteToken::from_bytes([7; 10]))),
        "{sent:?}"
    );
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let mut bench = Bench::asking(join(), None, false);

    bench.run_to(LocalTime::from_millis(10_000));

    assert!(
        bench
            .outputs()
            .iter()
            .any(|output| matches!(output, Output::Finished(SessionEnd::Unreachable(_))))
    );
}

#[test]
fn a_silent_server_and_its_return_are_reported_within_six_seconds_while_playing() {
    for (playback, within) in [(Playback::Playing, 6), (Playback::Paused, 12)] {
        let mut entered = entered();
        entered.room.state = state(2, playback, 10_000);
        let mut bench = Bench::watching(entered);
        let from = bench.now + Duration::from_secs(3);
        bench.run_to(from);
        bench.outputs();

        let silent = bench.run_unanswered_until(|event| *event == Event::Link(LinkState::Silent));
        assert!(silent.saturating_since(from) <= Duration::from_secs(within));
        assert_eq!(bench.session.status(bench.now).link, LinkState::Silent);
        let asked = bench.run_unanswered_to(silent + Duration::from_secs(5));
        assert!(asked >= 9, "asked {asked} times in five seconds of silence");
        assert!(
            !bench.events().contains(&Event::Link(LinkState::Silent)),
            "told once"
        );

        bench.server(moved(3, Playback::Paused, 20_000));

        assert!(bench.events().contains(&Event::Link(LinkState::Up)));
    }
}

#[test]
fn a_lost_link_stops_no_film_and_the_seat_is_taken_again() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    bench.lose();
    assert_eq!(holds(&bench.player_commands()), []);
    bench.reconnect();

    let sent = bench.sent();
    assert!(
        matches!(&sent[..], [ClientMessage::Hello(_), ClientMessage::Resume(resume)]
        if resume.token == entered().token),
        "{sent:?}"
    );
}

#[test]
fn a_lost_seat_is_replaced_under_the_same_name() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.reconnect();
    bench.outputs();

    bench.refuse(Request::Resume, Refusal::SeatGone);

    assert!(matches!(bench.sent()[..], [ClientMessage::JoinRoom(_)]));
}

#[test]
fn a_room_that_its_server_forgot_is_asked_for_until_its_host_had_time_to_open_it_again() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    let mut tries = 0;

    let end = loop {
        bench.reconnect();
        bench.refuse(Request::Resume, Refusal::SeatGone);
        bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);
        tries += 1;
        let outputs = bench.outputs();
        if let Some(Output::Finished(end)) = outputs.iter().find(|o| matches!(o, Output::Finished(_))) {
            break end.clone();
        }
        assert!(outputs.contains(&Output::Disconnect {
            code: CloseCode::Left
        }));
    };

    assert_eq!(end, SessionEnd::Refused(Refusal::NotAdmitted));
    assert!((20..100).contains(&tries), "{tries}");
    let (first, last) = (LocalTime::from_millis(120_000), LocalTime::from_millis(126_000));
    assert!((first..last).contains(&bench.now), "{:?}", bench.now);
}

#[test]
fn a_host_opens_a_room_again_that_its_server_forgot_and_puts_the_film_back_on() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("film")), true);
    bench.server(ServerMessage::RoomCreated(entered()));
    bench.opened();
    bench.compare_clocks();
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.run_to(LocalTime::from_millis(5_000));
    bench.lose();
    bench.reconnect();
    bench.refuse(Request::Resume, Refusal::SeatGone);
    bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);
    assert!(
        bench
            .sent()
            .iter()
            .any(|m| matches!(m, ClientMessage::CreateRoom(_)))
    );

    let mut fresh = empty_room();
    fresh.now = ServerTime::from_millis(5);
    fresh.room.state.timeline.epoch.counter = 2;
    bench.server(ServerMessage::RoomCreated(fresh));

    let messages = bench.sent();
    let plays = messages
        .iter()
        .skip_while(|m| !matches!(m, ClientMessage::SetVideo(_)))
        .any(|m| matches!(m, ClientMessage::VideoSync(sync) if sync.action == Action::Play));
    let position = messages.iter().find_map(|m| {
        let ClientMessage::SetVideo(set) = m else {
            return None;
        };
        Some(set.position.as_millis())
    });
    assert!(
        position.is_some_and(|p| (14_900..15_200).contains(&p)),
        "{position:?}"
    );
    assert!(plays, "the film went on");
}

#[test]
fn a_film_without_a_link_is_paused_after_two_minutes_and_goes_on_with_the_room() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.lose();
    bench.outputs();

    let mut reported = Vec::new();
    let mut paused = false;
    while bench.now < LocalTime::from_millis(130_000) {
        bench.run_to(bench.now + Duration::from_secs(1));
        let outputs = bench.outputs();
        if connects(&outputs) {
            bench.lose();
        }
        paused |= outputs.contains(&Output::Event(Event::Link(LinkState::PausedHere)));
        reported.extend(outputs);
    }

    assert!(paused);
    assert_eq!(lines(&reported), ["connection lost: paused here"]);
    assert!(
        matches!(holds(&commands(&reported))[..], [Some(130_000..=131_000)]),
        "{:?}",
        holds(&commands(&reported))
    );
}

#[test]
fn lines_sent_without_a_link_arrive_once_after_it_is_back() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.command(Command::Say {
        text: Clean::line("still here?"),
    });
    bench.outputs();
    bench.reconnect();
    bench.outputs();
    let mut back = entered();
    back.chat = vec![chat_line(1, "hello?")];

    bench.server(ServerMessage::RoomJoined(back));

    let outputs = bench.outputs();
    assert!(outputs.iter().any(|o| matches!(o, Output::Event(Event::Entered { how: EntryKind::Resumed, entered }) if entered.chat.is_empty())));
    assert!(outputs.contains(&Output::Event(Event::Chat(chat_line(1, "hello?")))));
    let texts: Vec<_> = outputs
        .iter()
        .filter_map(|o| {
            if let Output::Send(ClientMessage::Chat(line)) = o {
                Some(line)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(texts.len(), 1);
    let mut line = chat_line(2, "still here?");
    line.id = texts[0].id;
    bench.server(ServerMessage::Chat(line.clone()));
    bench.server(ServerMessage::Chat(line));
    let shown = bench
        .outputs()
        .into_iter()
        .filter(|o| matches!(o, Output::Event(Event::Chat(_))));
    assert_eq!(shown.count(), 1);
    assert_eq!(bench.session.chat.poll_send(bench.now), None);
}

#[test]
fn a_seat_in_a_restored_room_is_taken_again_and_each_line_is_shown_once() {
    let mut before = entered();
    before.chat = vec![chat_line(1, "a"), chat_line(2, "b")];
    let mut bench = Bench::watching(before);
    bench.command(Command::Say {
        text: Clean::line("mine"),
    });
    bench.lose();
    bench.reconnect();
    bench.outputs();
    let mut restored = entered();
    restored.room.state.timeline.epoch.counter += 1;
    restored.chat = vec![chat_line(1, "a"), chat_line(2, "b"), chat_line(3, "c")];

    bench.server(ServerMessage::RoomJoined(restored));

    let outputs = bench.outputs();
    let reported: Vec<&str> = outputs
        .iter()
        .filter_map(|output| {
            if let Output::Event(Event::Chat(line)) = output {
                Some(line.text.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(reported, ["c"]);
    let resumed = |output: &Output| matches!(output, Output::Event(Event::Entered { entered, how: EntryKind::Resumed }) if !entered.chat_has_gap);
    assert!(outputs.iter().any(resumed), "{outputs:?}");
    let says_again = |output: &Output| matches!(output, Output::Send(ClientMessage::Chat(line)) if line.text.as_str() == "mine");
    assert_eq!(outputs.iter().filter(|output| says_again(output)).count(), 1);
}

#[test]
fn a_member_who_joins_again_sees_only_new_reports() {
    let mut before = entered();
    before.chat = vec![chat_line(1, "a")];
    let mut bench = Bench::watching(before);
    bench.lose();
    bench.reconnect();
    bench.refuse(Request::Resume, Refusal::SeatGone);
    bench.outputs();
    let mut anew = entered();
    anew.you = MemberId(9);
    anew.room.state.timeline.epoch.counter += 1;
    anew.chat = vec![chat_line(1, "a"), chat_line(2, "b")];

    bench.server(ServerMessage::RoomJoined(anew));

    let chat = bench.events().into_iter().find_map(|event| {
        if let Event::Entered { entered, how } = event {
            assert_eq!(how, EntryKind::Joined);
            Some(entered.chat)
        } else {
            None
        }
    });
    assert_eq!(chat, Some(vec![chat_line(2, "b")]));
}

#[test]
fn without_a_link_nothing_can_be_asked_of_the_room() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.outputs();

    bench.command(Command::Room(RoomIntent::Play));

    assert!(matches!(
        &bench.events()[..],
        [Event::Offline(Request::VideoSync), Event::Happened(_)]
    ));
}

#[test]
fn leaving_notifies_the_room_and_ends_the_player() {
    let mut bench = Bench::watching(entered());

    bench.command(Command::Leave);
    bench.command(Command::Leave);

    let outputs = bench.outputs();
    assert!(
        matches!(
            outputs[..],
            [
                Output::Send(ClientMessage::Leave(_)),
                Output::Player(PlayerCommand::Quit),
                Output::Disconnect {
                    code: CloseCode::Left
                },
                Output::ForgetSeat,
                Output::Event(Event::Link(LinkState::Closed)),
                Output::Finished(SessionEnd::Left),
                ..
            ]
        ),
        "{outputs:?}"
    );
    assert_eq!(
        outputs
            .iter()
            .filter(|o| matches!(o, Output::Finished(_)))
            .count(),
        1
    );
}

#[test]
fn the_film_of_a_closed_room_is_paused_and_says_why() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.outputs();

    let closed = LinkEnd::Closed {
        code: Some(CloseCode::RoomClosed),
    };
    bench.session.handle_connection_lost(&closed, bench.now);

    let reported = bench.outputs();
    assert!(
        matches!(holds(&commands(&reported))[..], [Some(10_000..=12_000)]),
        "{reported:?}"
    );
    assert_eq!(lines(&reported), ["the host ended the room: paused here"]);
    bench.request(WindowRequest::Play);
    assert_eq!(lines(&bench.outputs()), ["the room has ended"]);
}

#[test]
fn a_room_that_was_closed_is_not_knocked_at_again() {
    let mut bench = Bench::watching(entered());

    let closed = LinkEnd::Closed {
        code: Some(CloseCode::RoomClosed),
    };
    bench.session.handle_connection_lost(&closed, bench.now);

    assert!(
        bench
            .outputs()
            .contains(&Output::Finished(SessionEnd::Closed(CloseCode::RoomClosed)))
    );
}

/// Returns the room of [`entered`] in its next epoch, on a server with a new clock and the same timeline. Its chat has the lines
/// up to `chat_after` in common with the received ones.
fn brought_back(bench: &Bench, chat_after: u64) -> Entered {
    let mut back = entered();
    back.now = ServerTime::from_millis(3_600_000);
    let room = &mut back.room.state.timeline;
    room.epoch.counter += 1;
    room.epoch.incarnation = 77;
    room.playback = Playback::Playing;
    room.position = MediaTime::from_millis(10_000);
    let since = bench.now.saturating_since(LocalTime::from_millis(0));
    room.at = back.now.saturating_sub(since);
    back.chat_after = chat_after;
    back.saved = Some(Saved {
        chat: chat_after,
        is_failing: false,
    });
    back
}

#[test]
fn a_room_that_its_server_brings_back_goes_on_and_nobody_notices() {
    let mut first = entered();
    first.saved = Some(Saved::default());
    let mut bench = Bench::watching(first);
    bench.server(moved(2, Playback::Playing, 10_000));
    for place in 1..=3 {
        bench.server(ServerMessage::Chat(chat_line(place, "hello")));
    }
    bench.run_to(bench.now + Duration::from_secs(2));
    bench.lose();
    bench.reconnect();
    bench.outputs();
    let mut back = brought_back(&bench, 2);
    back.chat = vec![chat_line(7, "missed")];

    bench.server(ServerMessage::RoomJoined(back));

    let outputs = bench.outputs();
    let reported: Vec<_> = outputs
        .iter()
        .filter_map(|o| {
            if let Output::Player(c) = o {
                Some(c.clone())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(holds(&reported), [], "the film was not stopped");
    assert!(outputs.iter().any(
        |o| matches!(o, Output::Event(Event::Entered { how: EntryKind::Resumed, entered }) if entered.chat.is_empty())
    ));
    assert!(outputs.contains(&Output::Event(Event::Chat(chat_line(7, "missed")))));
    // The third line was lost, and its sender sends it again with another number.
    let mut again = chat_line(3, "hello");
    again.sequence = 8;
    bench.server(ServerMessage::Chat(again));
    assert!(
        !bench
            .outputs()
            .iter()
            .any(|o| matches!(o, Output::Event(Event::Chat(_))))
    );
}

#[test]
fn own_unsaved_lines_are_sent_again_to_a_room_that_comes_back_without_them() {
    let mut first = entered();
    first.saved = Some(Saved::default());
    let mut bench = Bench::watching(first);
    let mut own = Vec::new();
    for place in 1..=3 {
        bench.command(Command::Say {
            text: Clean::line(&format!("line {place}")),
        });
        let sent = bench.sent().into_iter();
        let mut lines = sent.filter_map(|m| {
            if let ClientMessage::Chat(line) = m {
                Some(line)
            } else {
                None
            }
        });
        let chat = lines.next_back().expect("it is sent");
        let mut line = chat_line(place, &format!("line {place}"));
        (line.id, line.from) = (chat.id, MEMBERS[0]);
        own.push(line.clone());
        bench.server(ServerMessage::Chat(line));
    }
    bench.server(ServerMessage::Saved(Saved {
        chat: 1,
        is_failing: false,
    }));
    bench.lose();
    bench.reconnect();
    bench.outputs();

    // The second line was saved, too, and the server crashed before it could say so.
    let back = brought_back(&bench, 2);
    bench.server(ServerMessage::RoomJoined(back));

    let sent = bench.sent().into_iter();
    let again: Vec<_> = sent
        .filter_map(|m| {
            if let ClientMessage::Chat(line) = m {
                Some(line.id)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(again, [own[2].id]);
}

#[test]
fn failing_saves_and_their_end_are_reported_once() {
    let mut first = entered();
    first.saved = Some(Saved::default());
    let mut bench = Bench::watching(first);
    let mut reported = Vec::new();
    for (chat, is_failing) in [(1, false), (1, true), (1, true), (2, false), (3, false)] {
        bench.server(ServerMessage::Saved(Saved { chat, is_failing }));
        reported.extend(bench.outputs().into_iter().filter_map(|o| {
            if let Output::Event(Event::Storage { is_failing }) = o {
                Some(is_failing)
            } else {
                None
            }
        }));
    }

    assert_eq!(reported, [true, false]);
    let room = bench.session.status(bench.now).room.expect("in a room");
    assert_eq!(room.saved.map(|saved| saved.chat), Some(3));
}

#[test]
fn a_newcomer_learns_that_the_room_is_not_saved() {
    let mut bench = Bench::asking(join(), None, false);
    let mut room = entered();
    room.saved = Some(Saved {
        chat: 0,
        is_failing: true,
    });

    bench.server(ServerMessage::RoomJoined(room));

    assert!(
        bench
            .outputs()
            .contains(&Output::Event(Event::Storage { is_failing: true }))
    );
}
