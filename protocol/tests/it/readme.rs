//! Compares the tables in the crate's `README.md` with the types.

use std::collections::BTreeSet;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::{ClientMessage, ServerMessage, version};

const README: &str = include_str!("../../README.md");

const LIMITS: &str = include_str!("../../src/limits.rs");

#[test]
fn the_tables_list_every_message_under_its_number() {
    assert_eq!(listed("### From a client"), known(ClientMessage::KINDS));
    assert_eq!(listed("### From a server"), known(ServerMessage::KINDS));
}

#[test]
fn the_table_lists_every_close_code_under_its_number() {
    let listed = listed("## Close codes");

    for (number, name) in &listed {
        let code = CloseCode::from_u64((*number).into());
        assert_eq!(code.map(|c| format!("{c:?}")).as_ref(), Some(name));
    }
    let first_without_meaning = (0..u64::from(u16::MAX)).find(|n| CloseCode::from_u64(*n).is_none());
    assert_eq!(first_without_meaning, Some(listed.len() as u64));
}

#[test]
fn the_table_of_limits_names_every_constant() {
    let named: BTreeSet<&str> = rows("## Limits")
        .flat_map(|cells| cells[2].split('`').skip(1).step_by(2))
        .collect();

    let constants: Vec<&str> = LIMITS
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split(':').next())
        .collect();

    assert!(!constants.is_empty());
    for constant in constants {
        assert!(named.contains(constant), "{constant} has no row");
    }
}

#[test]
fn every_classic_event_names_a_message_of_ours() {
    let events = [
        "create-room",
        "join-room",
        "video-sync",
        "set-video",
        "chat-message",
        "room-created",
        "room-joined",
        "user-joined",
        "user-left",
        "video-state-changed",
        "video-changed",
        "chat-history",
    ];
    let names: Vec<_> = ClientMessage::KINDS.iter().chain(ServerMessage::KINDS).collect();

    for event in events {
        let rows: Vec<_> = rows("## The classic names")
            .filter(|cells| cells[0] == event)
            .collect();

        assert!(!rows.is_empty(), "{event} has no row");
        for row in rows {
            assert!(
                names
                    .iter()
                    .any(|(_, name)| row[2].contains(&format!("`{name}`"))),
                "{row:?}"
            );
        }
    }
}

#[test]
fn the_alpn_is_the_one_that_is_spoken() {
    let alpn = std::str::from_utf8(version::ALPN).expect("text");

    assert!(README.contains(&format!("ALPN `{alpn}`")));
    assert!(README.contains(&version::DEFAULT_PORT.to_string()));
}

/// Returns the cells of each table row in a section, up to the next heading.
fn rows(heading: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let (_, section) = README
        .split_once(&format!("\n{heading}\n"))
        .expect("the README has that section");
    section
        .lines()
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// Returns the numbers and names in a section's table.
fn listed(heading: &str) -> BTreeSet<(u16, String)> {
    rows(heading)
        .filter_map(|cells| Some((cells[0].parse().ok()?, cells[1].trim_matches('`').to_owned())))
        .collect()
}

fn known(kinds: &[(u16, &str)]) -> BTreeSet<(u16, String)> {
    kinds
        .iter()
        .map(|(number, name)| (*number, (*name).to_owned()))
        .collect()
}
