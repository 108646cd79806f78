//! What is said and told to scripts of the others while there is no link: nothing that nobody can know.

use super::*;
use crate::cli::scripts::{ServerView, status_of};
use crate::control::wire;

fn told_to_scripts(status: &Status) -> wire::Status {
    let server = ServerView {
        typed: "box".to_owned(),
        public: "box:7843".parse().expect("an address"),
        pin: None,
    };
    status_of(status, &server)
}

fn offline(link: LinkState) -> Status {
    Status { link, ..playing() }
}

#[test]
fn people_are_listed_without_what_is_not_known_of_them() {
    for link in [LinkState::Silent, LinkState::Reconnecting { attempt: 2 }] {
        let mut room = Evening::at_terminal();
        room.status = offline(link);

        room.types("/who");

        assert_eq!(
            room.told(),
            [
                "There is no connection. How the others are is not known.",
                "1. ana, host, you.",
                "2. bo.",
            ]
        );
    }
}

#[test]
fn scripts_are_told_nothing_that_is_not_known() {
    let up = told_to_scripts(&playing());
    let room = up.room.expect("a room");
    assert_eq!((room.ready, room.watching), (Some(2), Some(2)));
    assert!(
        up.members
            .iter()
            .all(|member| member.in_sync && member.details.ready)
    );

    let down = told_to_scripts(&offline(LinkState::Reconnecting { attempt: 2 }));
    let room = down.room.expect("a room");
    assert_eq!((room.ready, room.watching), (None, None));
    assert!(!down.player.details.ready);
    for member in &down.members {
        assert_eq!(member.link, "unknown");
        assert!(!member.in_sync && !member.details.ready && !member.details.waited_for);
    }
}

#[test]
fn who_is_waited_for_is_not_ready_for_scripts_either() {
    let mut status = playing();
    let room = status.room.as_mut().expect("a room");
    room.waiting_for = vec![BO];

    let told = told_to_scripts(&status);

    assert_eq!(told.room.expect("a room").ready, Some(1));
    let bo = told
        .members
        .iter()
        .find(|member| member.name == "bo")
        .expect("bo");
    assert!(!bo.details.ready && bo.details.waited_for);
}
