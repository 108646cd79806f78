//! Tests that nothing is lost when networks change, routers forget mappings, paths are down, or servers crash. Each scenario here
//! has a row of `make bench-resume` that repeats it many times.

use std::time::Duration;

use rustix::process::Signal;
use watchtogether::session::command::Command;
use watchtogether::session::event::{EntryKind, LinkState};
use watchtogether_protocol::RoomIntent;

use crate::bench_resume::quiet;
use crate::ledger::{Audit, Ledger};
use crate::members::{Party, Server};
use crate::relay::{Conditions, Relay};
use crate::watcher::{Account, Seat, Watcher};

/// The time within which a silence is reported in a paused room.
const TOLD_WITHIN: Duration = Duration::from_secs(12);

#[tokio::test]
async fn another_port_is_no_event_to_anybody() {
    let party = Party::new();
    let server = party.server().await;
    let [way_of_ana, way_of_bo] = [Relay::to(&server.address).await, Relay::to(&server.address).await];
    let ana = Watcher::start(&seat("ana", &server, &way_of_ana.address()).hosting());
    ana.sees("the film is open", is_ready).await;
    let bo = Watcher::start(&seat("bo", &server, &way_of_bo.address()));
    bo.sees("the film is open", is_ready).await;
    ana.does(Command::Room(RoomIntent::Play)).await;
    ana.sees("in sync", Account::is_in_sync).await;
    let before = bo.sees("in sync", Account::is_in_sync).await;

    for number in 0..6 {
        let relay = if number % 2 == 0 { &way_of_ana } else { &way_of_bo };
        relay.rebind().await;
        ana.says(&format!("ana {number}")).await;
        bo.says(&format!("bo {number}")).await;
        let lines = 2 * (number + 1);
        bo.sees("all lines", |a| a.ledger.received.len() == lines).await;
        ana.sees("all lines", |a| a.ledger.received.len() == lines).await;
    }

    let (of_ana, of_bo) = (ana.account(), bo.account());
    assert_eq!(Audit::of(&[&of_ana.ledger, &of_bo.ledger]).complaint(), None);
    assert_eq!((of_ana.losses(), of_bo.losses()), (0, 0));
    assert_eq!((of_bo.holds, of_bo.stops), (before.holds, before.stops));
}

#[tokio::test]
async fn a_silent_server_is_reported_long_before_it_is_given_up_and_answers_again() {
    let party = Party::new();
    let server = party.server().await;
    let ana = Watcher::start(&seat("ana", &server, &server.address).hosting());
    ana.sees("the film is open", is_ready).await;

    server.process.signal(Signal::STOP);
    let then = ana.now();
    let silent = ana.sees("the silence", |a| a.noticed_after(then).is_some()).await;
    server.process.signal(Signal::CONT);

    let (at, link) = silent.links.last().expect("the link that was told");
    assert_eq!(*link, LinkState::Silent);
    assert!(
        at.saturating_since(then) <= TOLD_WITHIN,
        "after {:?}",
        at.saturating_since(then)
    );
    let again = ana
        .sees("an answer", |a| {
            a.links.last().is_some_and(|(_, link)| *link == LinkState::Up)
        })
        .await;
    assert_eq!(again.losses(), 0);
}

#[tokio::test]
async fn on_a_bad_path_and_through_a_black_out_chat_is_complete_and_in_order() {
    let party = Party::new();
    let server = party.server().await;
    let bad = Conditions {
        delay: Duration::from_millis(20),
        jitter: Duration::from_millis(100),
        loss: 0.1,
        ..Conditions::GOOD
    };
    let relay = Relay::under(bad, &server.address).await;
    let ana = Watcher::start(&seat("ana", &server, &server.address).hosting());
    ana.sees("the film is open", is_ready).await;
    let bo = Watcher::start(&seat("bo", &server, &relay.address()));
    bo.sees("the film is open", is_ready).await;
    ana.does(Command::Room(RoomIntent::Play)).await;

    let mut lines = 0;
    for is_cut in [false, true, false] {
        if is_cut {
            relay.cut();
            bo.sees("the silence", |a| a.status.link == LinkState::Silent)
                .await;
        } else {
            relay.mend();
        }
        for _ in 0..3 {
            lines += 1;
            ana.says(&format!("ana {lines}")).await;
            bo.says(&format!("bo {lines}")).await;
        }
    }

    let all = 2 * lines;
    let of_ana = ana.sees("all lines", |a| a.ledger.received.len() >= all).await;
    let of_bo = bo.sees("all lines", |a| a.ledger.received.len() >= all).await;
    let audit = Audit::of(&[&of_ana.ledger, &of_bo.ledger]);
    assert_eq!((audit.complaint(), audit.acknowledged), (None, all));
}

#[tokio::test]
async fn twenty_members_of_a_killed_server_are_back_with_no_film_stopped_and_no_line_lost() {
    let party = Party::new();
    let server = party.server().await;
    let address = server.address.clone();
    let mut rooms = Vec::new();
    for room in 0..4 {
        rooms.push(room_of(5, &format!("den-{room}"), &server, &[]).await);
    }
    let before: Vec<Account> = rooms.iter().flatten().map(Watcher::account).collect();

    for watcher in rooms.iter().flatten() {
        watcher.says("said just before").await;
    }
    let then = rooms[0][0].now();
    server.process.signal(Signal::KILL);
    drop(server);
    for watcher in rooms.iter().flatten() {
        watcher.says("said to nobody").await;
    }
    let _again = party.server_at(&address).await;

    for (watcher, before) in rooms.iter().flatten().zip(&before) {
        let after = watcher
            .sees("back in the room of five", |a| {
                a.entries.len() > before.entries.len() && is_full(a, 5)
            })
            .await;
        let noticed = after.noticed_after(then).expect("it was noticed");
        assert!(noticed.saturating_since(then) <= TOLD_WITHIN);
        let how = after.entries.last().map(|(_, how)| *how);
        assert_eq!(how, Some(EntryKind::Resumed), "{:#?}", after.links);
        assert_eq!(after.stops, before.stops, "{:#?}", after.links);
    }
    for room in &rooms {
        let accounts = quiet(room).await;
        let ledgers: Vec<&Ledger> = accounts.iter().map(|account| &account.ledger).collect();
        let audit = Audit::of(&ledgers);
        assert_eq!((audit.complaint(), audit.acknowledged), (None, 10));
    }
}

/// Returns members of a room who all watch; the first is the host.
pub(crate) async fn room_of(count: usize, room: &str, server: &Server, paths: &[String]) -> Vec<Watcher> {
    let mut members: Vec<Watcher> = Vec::new();
    for number in 0..count {
        members.push(Watcher::start(&Seat {
            name: &format!("m{number}"),
            room,
            is_host: number == 0,
            address: paths.get(number).unwrap_or(&server.address),
            pin: server.pin,
        }));
        if number == 0 {
            members[0].sees("the film is open", is_ready).await;
        }
    }
    for member in &members {
        member.sees("the film is open", is_ready).await;
    }
    members[0].does(Command::Room(RoomIntent::Play)).await;
    for member in &members {
        member.sees("in sync", Account::is_in_sync).await;
    }
    members
}

pub(crate) fn seat<'a>(name: &'a str, server: &Server, address: &'a str) -> Seat<'a> {
    Seat {
        name,
        room: "den",
        is_host: false,
        address,
        pin: server.pin,
    }
}

pub(crate) fn is_ready(account: &Account) -> bool {
    matches!(account.status.sync.state.code(), "standing" | "playing")
}

/// Returns whether the room is known with all its members, who are present and watch.
pub(crate) fn is_full(account: &Account, members: usize) -> bool {
    account.status.link == LinkState::Up
        && account
            .status
            .room
            .as_ref()
            .is_some_and(|room| room.item.is_some() && room.members.len() == members && room.host.is_some())
}
