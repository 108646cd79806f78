//! Tests of reports about the local film when it does not follow the room: without a link, and in a viewer's window.

use watchtogether_protocol::narration::Fact;

use super::copies::{plays_a_short_copy, plays_from, says_where_it_is};
use super::*;

fn facts(bench: &mut Bench) -> Vec<Fact> {
    let reported = bench.events().into_iter().filter_map(|event| {
        if let Event::Happened(happening) = event {
            Some(happening.fact)
        } else {
            None
        }
    });
    reported.collect()
}

/// Presses a key in a viewer's player window; returns whether the report says that the player went back to the room's position.
fn is_back(bench: &mut Bench) -> Option<bool> {
    bench.outputs();
    bench.request(WindowRequest::Play);
    facts(bench).into_iter().find_map(|fact| {
        if let Fact::WindowRequestUndone { is_back, .. } = fact {
            Some(is_back)
        } else {
            None
        }
    })
}

#[test]
fn a_viewers_film_is_back_with_the_room_only_where_it_can_be() {
    let room = || entered_as_viewer(state(3, Playback::Paused, 10_000));
    let mut follows = Bench::watching(room());
    assert_eq!(is_back(&mut follows), Some(true));

    let mut without_copy = Bench::asking(join(), None, true);
    without_copy.server(ServerMessage::RoomJoined(room()));
    without_copy
        .session
        .handle_item_found(ItemId(1), None, without_copy.now);
    assert_eq!(is_back(&mut without_copy), Some(false));

    let mut ended = plays_a_short_copy();
    plays_from(&mut ended, 4, 70_000);
    says_where_it_is(&mut ended, Duration::from_secs(8), |_| 59_900);
    assert_eq!(is_back(&mut ended), Some(false));

    let mut offline = Bench::watching(room());
    offline.server(moved(4, Playback::Playing, 10_000));
    offline.lose();
    assert_eq!(is_back(&mut offline), Some(false));
}

/// Stays without a link for longer than the film keeps playing; returns the reported facts.
fn stays_away(bench: &mut Bench) -> Vec<Fact> {
    bench.lose();
    let mut reported = Vec::new();
    while bench.now < LocalTime::from_millis(130_000) {
        bench.run_to(bench.now + Duration::from_secs(1));
        let outputs = bench.outputs();
        if connects(&outputs) {
            bench.lose();
        }
        reported.extend(outputs.into_iter().filter_map(|output| {
            if let Output::Event(Event::Happened(happening)) = output {
                Some(happening.fact)
            } else {
                None
            }
        }));
    }
    reported
}

#[test]
fn a_local_pause_is_shown_only_with_a_film() {
    let is_paused = |fact: &&Fact| matches!(fact, Fact::PausedHere { .. });
    let mut with_film = Bench::watching(entered());
    with_film.server(moved(2, Playback::Playing, 10_000));
    let mut without_film = Bench::watching(entered());
    without_film.server(moved(2, Playback::Playing, 10_000));
    without_film.player(PlayerEvent::Closed);

    for (mut bench, times) in [(with_film, 1), (without_film, 0)] {
        let reported = stays_away(&mut bench);

        assert_eq!(reported.iter().filter(is_paused).count(), times, "{reported:?}");
        let attempts: Vec<u32> = reported
            .iter()
            .filter_map(|fact| {
                if let Fact::NextAttempt { attempt, .. } = fact {
                    Some(*attempt)
                } else {
                    None
                }
            })
            .collect();
        assert!(
            attempts.starts_with(&[2, 3, 4]),
            "each is told once: {attempts:?}"
        );
    }
}

#[test]
fn a_server_that_answers_again_is_reported_once() {
    let mut bench = Bench::watching(entered());
    bench.run_to(bench.now + Duration::from_secs(3));
    bench.run_unanswered_until(|event| *event == Event::Link(LinkState::Silent));

    bench.run_to(bench.now + Duration::from_secs(5));

    let reported = facts(&mut bench);
    let answers = reported.iter().filter(|fact| matches!(fact, Fact::ServerAnswers));
    assert_eq!(answers.count(), 1, "{reported:?}");
}
