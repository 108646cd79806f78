//! Tests of the token that takes the seat back after the client was killed: when it is presented, stored and forgotten.

use super::*;

const KEPT: Token = Token::from_bytes([42; 32]);

/// Returns a session that starts with the token of an earlier client.
fn returning(admission: Admission) -> Bench {
    let mut bench = Bench::new(admission, None, false);
    bench.session.start(bench.now);
    let seat = Some(KEPT);
    bench
        .session
        .handle_connected(Credentials { seat, owner: None }, bench.now);
    bench
}

fn kept(outputs: &[Output]) -> Vec<Token> {
    let tokens = outputs.iter().filter_map(|output| {
        if let Output::KeepSeat { token, .. } = output {
            Some(*token)
        } else {
            None
        }
    });
    tokens.collect()
}

fn is_forgotten(outputs: &[Output]) -> bool {
    outputs.contains(&Output::ForgetSeat)
}

#[test]
fn a_restarted_client_asks_for_its_seat_first_and_for_the_whole_chat() {
    for admission in [join(), host(Access::Open), host_again()] {
        let mut bench = returning(admission);

        let messages = bench.sent();

        assert!(
            matches!(&messages[..], [ClientMessage::Hello(_), ClientMessage::Resume(resume)]
                if resume.token == KEPT && resume.epoch == Epoch::default() && resume.last_chat == 0),
            "{messages:?}"
        );
    }
}

#[test]
fn a_seat_in_another_room_than_the_one_that_is_asked_for_is_passed_by() {
    let mut bench = returning(join());
    bench.outputs();
    let mut elsewhere = entered();
    elsewhere.room.name = "film-2".parse().expect("a valid name");

    bench.server(ServerMessage::RoomJoined(elsewhere));

    let outputs = bench.outputs();
    let leaves = |output: &Output| matches!(output, Output::Send(ClientMessage::Leave(_)));
    let enters = |output: &Output| matches!(output, Output::Event(Event::Entered { .. }));
    assert!(
        !outputs.iter().any(|output| leaves(output) || enters(output)),
        "{outputs:?}"
    );
    assert!(
        outputs
            .iter()
            .any(|output| matches!(output, Output::Connect { .. }))
    );
    let seat = Some(KEPT);
    bench
        .session
        .handle_connected(Credentials { seat, owner: None }, bench.now);
    let messages = bench.sent();
    assert!(
        matches!(
            &messages[..],
            [ClientMessage::Hello(_), ClientMessage::JoinRoom(_)]
        ),
        "{messages:?}"
    );
}

#[test]
fn a_seat_that_was_taken_again_is_entered_with_its_chat() {
    let mut bench = returning(join());
    bench.outputs();

    bench.server(ServerMessage::RoomJoined(entered()));

    let events = bench.events();
    let is_it = |event: &Event| {
        matches!(event, Event::Entered { entered: room, how: EntryKind::Joined }
            if room.chat.len() == entered().chat.len())
    };
    assert!(events.iter().any(is_it), "{events:?}");
}

#[test]
fn a_refused_token_is_silently_replaced_by_the_invite() {
    let mut guest = returning(join());
    let mut owner = returning(host(Access::Open));
    for bench in [&mut guest, &mut owner] {
        bench.outputs();
        bench.refuse(Request::Resume, Refusal::SeatGone);
    }

    let (of_guest, of_owner) = (guest.outputs(), owner.outputs());

    assert!(
        matches!(of_guest[..], [Output::Send(ClientMessage::JoinRoom(_))]),
        "{of_guest:?}"
    );
    assert!(
        matches!(of_owner[..], [Output::Send(ClientMessage::CreateRoom(_))]),
        "{of_owner:?}"
    );
}

#[test]
fn a_ban_outlives_the_client_that_was_banned() {
    let mut bench = returning(join());
    bench.outputs();

    bench.refuse(Request::Resume, Refusal::Banned);

    let end = Output::Finished(SessionEnd::Refused(Refusal::Banned));
    assert!(bench.outputs().contains(&end));
}

#[test]
fn each_token_is_stored_before_anything_is_sent_to_the_room() {
    let mut bench = Bench::asking(join(), None, false);
    bench.server(ServerMessage::RoomJoined(entered()));
    let first = bench.outputs();
    bench.lose();
    bench.reconnect();
    bench.outputs();
    let mut next = entered();
    next.token = KEPT;
    bench.server(ServerMessage::RoomJoined(next));

    let second = bench.outputs();

    assert_eq!((kept(&first), kept(&second)), (vec![entered().token], vec![KEPT]));
    for outputs in [first, second] {
        let keeps = outputs.iter().position(|o| matches!(o, Output::KeepSeat { .. }));
        let speaks = outputs.iter().position(|o| matches!(o, Output::Send(_)));
        assert!(
            keeps.is_some() && speaks.is_none_or(|speaks| keeps < Some(speaks)),
            "{outputs:?}"
        );
    }
}

#[test]
fn a_seat_that_was_given_up_is_forgotten_unless_the_server_was_unreachable() {
    let left = |is_lost: bool| {
        let mut bench = Bench::asking(join(), None, false);
        bench.server(ServerMessage::RoomJoined(entered()));
        if is_lost {
            bench.lose();
        }
        bench.outputs();
        bench.command(Command::Leave);
        is_forgotten(&bench.outputs())
    };
    let closed = |code: CloseCode| {
        let mut bench = Bench::asking(join(), None, false);
        bench.server(ServerMessage::RoomJoined(entered()));
        bench.outputs();
        let end = LinkEnd::Closed { code: Some(code) };
        bench.session.handle_connection_lost(&end, bench.now);
        is_forgotten(&bench.outputs())
    };

    assert!(left(false));
    assert!(!left(true), "its ghost stands for a while, and is its own");
    assert!(closed(CloseCode::Removed) && closed(CloseCode::RoomClosed));
    assert!(!closed(CloseCode::ShuttingDown), "the server may come back");
}

#[test]
fn only_the_owner_may_ask_to_be_host() {
    let asks = |is_owner: bool, command: Command| {
        let mut room = entered_as_viewer(state(1, Playback::Paused, 0));
        room.is_owner = is_owner;
        let mut bench = Bench::asking(join(), None, false);
        bench.server(ServerMessage::RoomJoined(room.clone()));
        bench.outputs();
        bench.command(command);
        let messages = bench.sent();
        messages
            .iter()
            .any(|message| matches!(message, ClientMessage::TransferHost(to) if to.to == room.you))
    };
    let you = entered_as_viewer(state(1, Playback::Paused, 0)).you;

    assert!(asks(true, Command::Room(RoomIntent::TakeBack)));
    assert!(asks(true, Command::Room(RoomIntent::TransferHost { to: you })));
    assert!(!asks(false, Command::Room(RoomIntent::TakeBack)));
    assert!(!asks(false, Command::Room(RoomIntent::TransferHost { to: you })));
}

#[test]
fn a_server_is_shown_what_its_member_opens_rooms_with() {
    let owner = Some(OwnerKey::from_bytes([5; 32]));
    let mut bench = Bench::new(join(), None, false);
    bench.session.start(bench.now);
    bench
        .session
        .handle_connected(Credentials { seat: None, owner }, bench.now);

    let messages = bench.sent();

    assert!(
        matches!(&messages[0], ClientMessage::Hello(hello) if hello.owner == owner),
        "{messages:?}"
    );
}

#[test]
fn an_invite_is_whole_or_there_is_none() {
    let invite_of = |bench: &Bench| {
        let room = bench.session.status(bench.now).room.expect("a room");
        let address = "box.example.org".parse().expect("an address");
        room.invite_to(&address, None).map(|invite| invite.to_string())
    };
    let viewer = entered_as_viewer(state(1, Playback::Paused, 0));
    let token = InviteToken::from_bytes([7; 10]);
    let by_token = || Admission::Join {
        room: "film".parse().expect("a valid name"),
        token: Some(token),
        password: None,
    };
    let bare = Some("watchtogether://box.example.org:7843/film".to_owned());
    let whole = bare.as_ref().map(|bare| format!("{bare}#t={token}"));

    let mut invited = Bench::asking(by_token(), None, false);
    invited.server(ServerMessage::RoomJoined(viewer.clone()));
    let mut of_open_room = Bench::asking(join(), None, false);
    of_open_room.server(ServerMessage::RoomJoined(viewer.clone()));
    let mut back = returning(by_token());
    back.server(ServerMessage::RoomJoined(viewer.clone()));
    let mut back_without_invite = returning(join());
    back_without_invite.server(ServerMessage::RoomJoined(viewer));
    let mut host = Bench::asking(join(), None, false);
    host.server(ServerMessage::RoomJoined(Entered {
        invite: Some(token),
        ..entered()
    }));

    assert_eq!(invite_of(&invited), whole);
    assert_eq!(invite_of(&of_open_room), bare);
    assert_eq!(invite_of(&back), whole);
    assert_eq!(
        invite_of(&back_without_invite),
        None,
        "nobody knows what admits others"
    );
    assert_eq!(invite_of(&host), whole);
}
