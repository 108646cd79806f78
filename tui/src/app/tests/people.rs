//! Tests of who is present and ready, and why others are not, in the bar and in the list of people.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::MemberId;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::roster::{Member, PlayerState};
use watchtogether_protocol::narration::OfflineFilm;

use crate::Update;
use crate::test_support::*;
use crate::update::Status;

/// Returns a room of ana and three others as ana sees it, with these player states of the others.
fn others_do(width: u16, height: u16, players: [PlayerState; 3]) -> Screen {
    let mut screen = Screen::new(width, height);
    let mut members = vec![member(ANA, "ana")];
    let others = [(BO, "bo"), (CHI, "lea"), (DOM, "lou")];
    members.extend(others.into_iter().zip(players).map(|((id, name), player)| {
        let mut other = member(id, name);
        other.report.player = player;
        other
    }));
    screen.enter(ANA, members);
    screen
}

/// The fourth member, who is only in these tests.
const DOM: MemberId = MemberId(4);

#[test]
fn one_of_several_reasons_is_given_with_names() {
    let lacks = PlayerState::NoCopy;
    let mut screen = others_do(120, 40, [PlayerState::Following, lacks, lacks]);

    let rows = screen.rows_with("2 of 4 ready · lea and lou don't have the film");

    assert_eq!(rows.len(), 1, "{}", screen.picture());
}

#[test]
fn a_crowd_with_one_reason_is_counted() {
    let lacks = PlayerState::NoCopy;
    let mut screen = others_do(120, 40, [lacks; 3]);
    let more: Vec<Member> = (5..9)
        .map(|id| {
            let mut other = member(MemberId(id), &format!("guest{id}"));
            other.report.player = lacks;
            other
        })
        .collect();
    for other in more {
        screen.joins(other);
    }

    let rows = screen.rows_with("1 of 8 ready · bo, lea and 5 more don't have the film");

    assert_eq!(rows.len(), 1, "{}", screen.picture());
}

#[test]
fn several_reasons_are_given_as_far_as_they_fit() {
    let players = [PlayerState::NoCopy, PlayerState::Closed, PlayerState::Following];
    let reason = "2 of 4 ready · bo doesn't have the film";

    let mut wide = others_do(160, 40, players);
    assert_eq!(
        wide.rows_with(&format!("{reason} · lea closed the player "))
            .len(),
        1,
        "{}",
        wide.picture()
    );

    let mut screen = others_do(90, 24, players);
    assert_eq!(
        screen.rows_with(&format!("{reason} · …")).len(),
        1,
        "{}",
        screen.picture()
    );
}

#[test]
fn a_copy_that_still_grows_is_no_other_copy() {
    let mut screen = others_do(120, 40, [PlayerState::Following; 3]);
    for (id, name) in [(BO, "bo"), (CHI, "lea")] {
        let mut growing = member(id, name);
        growing.report.file = FileMatch::Growing;
        screen.apply(Update::Member(growing));
    }

    assert_eq!(
        screen.rows_with("4 here, all ready").len(),
        1,
        "{}",
        screen.picture()
    );
    assert_eq!(screen.rows_with("other copies").len(), 0, "{}", screen.picture());
}

#[test]
fn how_a_copy_differs_can_be_read_at_every_width() {
    let shorter = FileMatch::Other {
        longer_by: MediaTime::from_millis(-120_000),
    };
    for (width, height, words) in [
        (120, 40, "-02:00"),
        (80, 24, "02:00 shorter"),
        (50, 20, "-02:00"),
        (40, 12, "-02:00"),
    ] {
        let mut screen = Screen::room(width, height, ANA);
        let mut bo = member(BO, "bo");
        bo.report.file = shorter;
        screen.apply(Update::Member(bo));

        let rows = screen.rows_with(words);
        assert!(
            rows.iter().any(|row| !row.contains(" -- ")),
            "{width}: {}",
            screen.picture()
        );
    }
}

#[test]
fn a_silent_server_takes_away_what_was_known_of_the_link() {
    let mut screen = Screen::watching(120, 40);
    assert_eq!(screen.rows_with("ping 31 ms ok").len(), 1);

    screen.apply(Update::Status(Status::Silent {
        film: OfflineFilm::PlaysOn,
    }));

    assert_eq!(screen.rows_with("link ").len(), 0, "{}", screen.picture());
}

#[test]
fn an_awaited_member_is_not_ready() {
    let mut screen = others_do(120, 40, [PlayerState::Following; 3]);
    assert_eq!(screen.rows_with("4 here, all ready").len(), 1);

    let who = Awaited::from_iter([BO, CHI]);
    screen.apply(Update::WaitingFor(who.clone()));
    screen.apply(Update::Status(Status::Waiting { who }));

    let rows = screen.rows_with("waiting for bo and lea ");
    assert_eq!(rows.len(), 1, "{}", screen.picture());
    assert!(rows[0].contains("2 of 4 ready "), "{rows:?}");
    assert_eq!(screen.rows_with("~ bo").len(), 1, "{}", screen.picture());
    assert_eq!(screen.rows_with("getting ready").len(), 2);
}

#[test]
fn a_hiccup_is_not_forgotten_at_once() {
    let mut screen = Screen::watching(120, 40);
    screen.drifts(1_000);
    assert_eq!(screen.rows_with("✓ bo").len(), 1);

    let mut samples = screen.app.room().expect("a room").telemetry.clone();
    let bo = samples.get_mut(&BO).expect("bo's numbers");
    bo.is_settled = false;
    let bo = MemberSample {
        member: BO,
        telemetry: *bo,
    };
    screen.apply(Update::Telemetry(vec![bo]));

    assert_eq!(screen.rows_with("↻ bo").len(), 1, "{}", screen.picture());
}

#[test]
fn a_live_stream_is_live_in_the_roster_and_no_difference() {
    let mut screen = others_do(160, 40, [PlayerState::Following; 3]);
    for (id, name) in [(BO, "bo"), (CHI, "lea")] {
        let mut watches = member(id, name);
        watches.report.file = FileMatch::Live;
        screen.apply(Update::Member(watches));
    }

    let rows = screen.rows_with("live");

    for name in ["bo", "lea"] {
        let is_live = |row: &&String| row.contains(name) && row.contains("live");
        assert_eq!(rows.iter().filter(is_live).count(), 1, "{}", screen.picture());
    }
    assert_eq!(screen.rows_with("other cop").len(), 0, "{}", screen.picture());
}
