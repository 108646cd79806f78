//! Tests of a room that another server has.

use watchtogether_protocol::Pin;
use watchtogether_protocol::message::room::Elsewhere;

use super::*;

fn at(host: &str) -> Address {
    host.parse().expect("an address")
}

const PIN: Pin = Pin::from_bytes([7; 16]);

impl Bench {
    /// Lets the server redirect to another one; returns the session's outputs.
    fn sent_on_to(&mut self, host: &str) -> Vec<Output> {
        let address = at(host);
        self.server(ServerMessage::Elsewhere(Elsewhere { address, pin: PIN }));
        self.outputs()
    }
}

/// Returns where the session connects to, and with which key.
fn connection(outputs: &[Output]) -> Option<(Address, Option<Pin>)> {
    outputs.iter().find_map(|output| {
        if let Output::Connect { address, named, .. } = output {
            Some((address.clone(), named.as_ref().map(|named| named.pin)))
        } else {
            None
        }
    })
}

/// Waits for the next attempt; returns the address that it connects to.
fn next_try(bench: &mut Bench) -> String {
    loop {
        let (due, _) = bench.session.poll_timeout().expect("a next try");
        bench.now = bench.now.max(due);
        bench.session.handle_timeout(bench.now);
        if let Some((address, _)) = connection(&bench.outputs()) {
            return address.host;
        }
    }
}

#[test]
fn the_server_that_has_the_room_is_asked_for_the_same() {
    for admission in [join(), host(Access::Open)] {
        let mut bench = Bench::new(admission, None, false);
        bench.session.start(bench.now);
        let first = connection(&bench.outputs());
        bench.session.handle_connected(Credentials::default(), bench.now);
        let asked = bench.sent();

        let outputs = bench.sent_on_to("second.example.org");

        let code = CloseCode::Left;
        assert_eq!(first, Some((at("first.example.org"), None)));
        assert!(outputs.contains(&Output::Disconnect { code }), "{outputs:?}");
        assert_eq!(connection(&outputs), Some((at("second.example.org"), Some(PIN))));
        bench.session.handle_connected(Credentials::default(), bench.now);
        assert_eq!(bench.sent(), asked);
    }
}

#[test]
fn servers_that_send_on_in_a_circle_are_given_up() {
    let mut bench = Bench::asking(join(), None, false);
    let mut hops = 0;
    let end = loop {
        let outputs = bench.sent_on_to(["a.example.org", "b.example.org"][hops % 2]);
        if connection(&outputs).is_none() {
            break outputs;
        }
        hops += 1;
        assert!(hops < 100, "it ends");
        bench.session.handle_connected(Credentials::default(), bench.now);
    };

    let is_end = |output: &Output| matches!(output, Output::Finished(SessionEnd::Unreachable(_)));
    assert!(end.iter().any(is_end), "{end:?}");
    bench.command(Command::Retry);
    let again = connection(&bench.outputs());
    assert_eq!(again, Some((at("first.example.org"), None)), "and it begins anew");
}

#[test]
fn each_name_tried_for_a_room_may_be_redirected_again() {
    let mut admission = host(Access::Open);
    if let Admission::Host { is_name_chosen, .. } = &mut admission {
        *is_name_chosen = false;
    }
    let mut bench = Bench::asking(admission, None, false);
    for name in 1..=3 {
        for host in ["second.example.org", "third.example.org"] {
            let outputs = bench.sent_on_to(host);
            assert!(connection(&outputs).is_some(), "name {name}: {outputs:?}");
            bench.session.handle_connected(Credentials::default(), bench.now);
        }
        bench.refuse(Request::CreateRoom, Refusal::RoomExists);
        bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);
        let (address, _) = connection(&bench.outputs()).expect("another name is tried");
        assert_eq!(address.host, "third.example.org");
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.outputs();
    }
}

#[test]
fn after_a_lost_link_the_server_that_had_the_room_is_asked_and_then_the_first_in_turn() {
    let mut bench = Bench::asking(join(), None, false);
    bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();

    let mut tries = Vec::new();
    for _ in 0..4 {
        bench.lose();
        tries.push(next_try(&mut bench));
    }

    let [first, second] = ["first.example.org", "second.example.org"];
    assert_eq!(tries, [second, first, second, first]);
}

#[test]
fn a_room_that_moved_is_followed_with_the_seat() {
    let mut bench = Bench::asking(join(), None, false);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();
    bench.lose();
    bench.reconnect();
    bench.outputs();

    let outputs = bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);

    assert!(connection(&outputs).is_some());
    let sent = bench.sent();
    assert!(
        matches!(&sent[..], [ClientMessage::Hello(_), ClientMessage::Resume(resume)] if resume.token == entered().token),
        "{sent:?}"
    );
}

/// Returns a session that lost the link to the room on the second server and has connected to it again.
fn back_at_the_second_server(admission: Admission) -> Bench {
    let mut bench = Bench::asking(admission, None, false);
    bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();
    bench.lose();
    bench.reconnect();
    bench.outputs();
    bench
}

/// Lets the server say that it has no such room; returns the address that the session immediately connects to.
fn has_no_room(bench: &mut Bench) -> Option<String> {
    bench.refuse(Request::Resume, Refusal::SeatGone);
    bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);
    let next = connection(&bench.outputs()).map(|(address, _)| address.host);
    if next.is_some() {
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.outputs();
    }
    next
}

#[test]
fn the_first_server_says_where_a_room_is_that_the_named_one_lost() {
    for admission in [join(), host(Access::Open)] {
        let mut bench = back_at_the_second_server(admission);

        let next = has_no_room(&mut bench);
        assert_eq!(next.as_deref(), Some("first.example.org"));
        let third = connection(&bench.sent_on_to("third.example.org"));

        assert_eq!(third, Some((at("third.example.org"), Some(PIN))));
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.server(ServerMessage::RoomJoined(entered()));
        assert_eq!(bench.session.phase, Phase::InRoom);
    }
}

#[test]
fn a_lost_room_is_reopened_where_the_first_server_says() {
    let mut bench = back_at_the_second_server(host(Access::Open));
    assert!(has_no_room(&mut bench).is_some());
    bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);
    bench.outputs();

    bench.refuse(Request::Resume, Refusal::SeatGone);
    bench.refuse(Request::JoinRoom, Refusal::NotAdmitted);

    let sent = bench.sent();
    assert!(matches!(sent[..], [.., ClientMessage::CreateRoom(_)]), "{sent:?}");
}

#[test]
fn a_viewer_asks_both_servers_in_each_try_for_a_room_that_was_lost() {
    let mut bench = back_at_the_second_server(join());
    for _ in 0..3 {
        assert_eq!(has_no_room(&mut bench).as_deref(), Some("first.example.org"));
        bench.sent_on_to("second.example.org");
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.outputs();

        assert_eq!(has_no_room(&mut bench), None, "the next try comes later");

        assert_eq!(next_try(&mut bench), "second.example.org");
        bench.session.handle_connected(Credentials::default(), bench.now);
        bench.outputs();
    }
}

#[test]
fn the_clock_of_one_server_is_not_believed_at_another() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.reconnect();
    let mut again = entered();
    again.now = ServerTime::from_millis(SERVER_MS) + bench.now.saturating_since(LocalTime::default());
    bench.server(ServerMessage::RoomJoined(again.clone()));
    assert!(bench.session.clock.usable().is_some(), "the same server");
    bench.lose();
    bench.reconnect();

    bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);
    again.now = again.now + Duration::from_secs(3);
    bench.server(ServerMessage::RoomJoined(again.clone()));

    assert!(bench.session.clock.usable().is_none());
    assert_eq!(bench.session.clock.server_time(bench.now), Some(again.now));
}

/// Lets the connected server present another key.
fn shows_another_key(bench: &mut Bench) -> Vec<Output> {
    bench
        .session
        .handle_connection_lost(&LinkEnd::PinMismatch, bench.now);
    bench.outputs()
}

#[test]
fn another_key_at_the_server_that_was_named_is_not_blamed_on_the_first() {
    let mut bench = Bench::asking(join(), None, false);
    bench.sent_on_to("second.example.org");

    let outputs = shows_another_key(&mut bench);

    let is_end = |output: &Output| {
        matches!(
            output,
            Output::Finished(SessionEnd::Unreachable(LinkEnd::PinMismatch))
        )
    };
    assert!(outputs.iter().any(is_end), "{outputs:?}");
}

#[test]
fn a_member_asks_the_first_server_for_the_new_key_of_the_other() {
    let mut bench = Bench::asking(join(), None, false);
    bench.sent_on_to("second.example.org");
    bench.session.handle_connected(Credentials::default(), bench.now);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();
    bench.lose();
    assert_eq!(next_try(&mut bench), "second.example.org");

    shows_another_key(&mut bench);

    assert_eq!(next_try(&mut bench), "first.example.org");
    let outputs = shows_another_key(&mut bench);
    assert!(
        outputs.contains(&Output::Finished(SessionEnd::PinMismatch)),
        "{outputs:?}"
    );
}

#[test]
fn a_member_in_the_room_is_not_sent_on() {
    let mut bench = Bench::asking(join(), None, false);
    bench.server(ServerMessage::RoomJoined(entered()));
    bench.outputs();

    let outputs = bench.sent_on_to("second.example.org");

    assert_eq!(connection(&outputs), None);
}
