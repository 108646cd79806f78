//! Tests of members that are removed or banned.

use watchtogether_protocol::message::removal::{Ban, Bans, Remove, Unban};
use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged, LeaveReason, UserLeft};

use super::*;

fn ban(number: u32, called: &str) -> Ban {
    Ban {
        number,
        name: name(called),
        until: WallTime(1_700_000_000_000),
    }
}

fn reported_bans(outputs: &[Output]) -> Option<(Vec<u32>, Vec<String>)> {
    outputs.iter().find_map(|output| {
        if let Output::Event(Event::Bans { bans, lifted }) = output {
            let numbers = bans.iter().map(|ban| ban.number).collect();
            Some((numbers, lifted.iter().map(ToString::to_string).collect()))
        } else {
            None
        }
    })
}

#[test]
fn a_host_asks_and_anybody_else_is_refused_on_the_spot() {
    let remove = Remove {
        member: MEMBERS[1],
        is_ban: true,
    };
    let command = |bench: &mut Bench| {
        bench.command(Command::Room(RoomIntent::Remove {
            member: remove.member,
            is_ban: remove.is_ban,
        }));
        bench.command(Command::Room(RoomIntent::Unban { number: 3 }));
    };
    let mut host = Bench::watching(entered());
    command(&mut host);
    assert_eq!(
        host.sent(),
        [
            ClientMessage::Remove(remove),
            ClientMessage::Unban(Unban { number: 3 })
        ]
    );

    let mut viewer = Bench::watching(Entered {
        you: MEMBERS[1],
        ..entered()
    });
    command(&mut viewer);
    assert_eq!(viewer.sent(), []);
}

#[test]
fn bans_are_known_to_the_host_with_their_changes_and_forgotten_with_the_room() {
    let mut bench = Bench::watching(entered());
    let bans = vec![ban(1, "bo"), ban(2, "cy")];
    bench.server(ServerMessage::Bans(Bans { bans: bans.clone() }));
    assert_eq!(reported_bans(&bench.outputs()), Some((vec![1, 2], Vec::new())));
    let known = |bench: &mut Bench| bench.session.status(bench.now).room.map(|room| room.bans);
    assert_eq!(known(&mut bench), Some(bans));

    bench.server(ServerMessage::Bans(Bans {
        bans: vec![ban(2, "cy")],
    }));
    assert_eq!(
        reported_bans(&bench.outputs()),
        Some((vec![2], vec!["bo".to_owned()]))
    );
    bench.server(ServerMessage::HostChanged(HostChanged {
        host: MEMBERS[1],
        reason: HostChangeReason::Transferred,
    }));

    assert_eq!(reported_bans(&bench.outputs()), Some((Vec::new(), Vec::new())));
    assert_eq!(known(&mut bench), Some(Vec::new()));
}

#[test]
fn a_removed_member_is_told_by_whom_and_does_not_reconnect() {
    let mut bench = Bench::watching(entered());
    let reason = LeaveReason::Kicked { by: MEMBERS[1] };
    let id = entered().you;

    bench.server(ServerMessage::UserLeft(UserLeft { id, reason }));
    let closed = LinkEnd::Closed {
        code: Some(CloseCode::Removed),
    };
    bench.session.handle_connection_lost(&closed, bench.now);

    let outputs = bench.outputs();
    let is_reported = outputs.iter().any(
        |output| matches!(output, Output::Event(Event::MemberLeft { reason: reported, .. }) if *reported == reason),
    );
    assert!(is_reported, "{outputs:?}");
    assert!(outputs.contains(&Output::Finished(SessionEnd::Closed(CloseCode::Removed))));
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
fn a_client_banned_while_its_link_was_dead_does_not_try_again() {
    let mut bench = Bench::watching(entered());
    bench.lose();
    bench.reconnect();
    bench.outputs();

    bench.refuse(Request::Resume, Refusal::Banned);

    assert!(
        bench
            .outputs()
            .contains(&Output::Finished(SessionEnd::Refused(Refusal::Banned)))
    );
}
