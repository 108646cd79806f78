//! Members that are removed by the host, and those that are kept out.

use watchtogether_protocol::message::roster::{LeaveReason, UserLeft};

use super::*;

#[test]
fn who_is_removed_is_told_by_whom_and_does_not_come_back_by_itself() {
    let mut bench = Bench::watching(entered());
    let why = LeaveReason::Kicked { by: MEMBERS[1] };
    let id = entered().you;

    bench.server(ServerMessage::UserLeft(UserLeft { id, why }));
    let closed = LinkEnd::Closed {
        code: Some(CloseCode::Removed),
    };
    bench.session.handle_connection_lost(&closed, bench.now);

    let outputs = bench.outputs();
    let is_told = outputs
        .iter()
        .any(|output| matches!(output, Output::Event(Event::MemberLeft { why: told, .. }) if *told == why));
    assert!(is_told, "{outputs:?}");
    assert!(outputs.contains(&Output::Finished(End::Closed(CloseCode::Removed))));
    let members = bench
        .session
        .status(bench.now)
        .room
        .map(|room| room.members.len());
    assert_eq!(
        members,
        Some(entered().room.members.len()),
        "the picture stays as it was"
    );
}

#[test]
fn who_is_banned_while_the_link_was_dead_does_not_knock_again() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.reconnect();
    bench.outputs();

    bench.refuse(Request::Resume, Refusal::Banned);

    assert!(
        bench
            .outputs()
            .contains(&Output::Finished(End::Refused(Refusal::Banned)))
    );
}
