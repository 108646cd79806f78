//! Tests that compare the simulated player with measurements of the real one.

use super::*;

const MINUTES_10: MediaTime = MediaTime::from_millis(600_000);

fn at(ms: u64) -> LocalTime {
    LocalTime::from_millis(ms)
}

fn machine() -> Machine {
    Machine {
        films: [("/film".to_owned(), SimulatedFilm::short_gop(MINUTES_10))].into(),
        ..Machine::default()
    }
}

/// Runs a player to an instant and returns its events.
fn run(player: &mut SimulatedPlayer, until: LocalTime) -> Vec<PlayerEvent> {
    let mut events = Vec::new();
    while let Some(due) = player.poll_timeout().filter(|due| *due <= until) {
        player.handle_timeout(due);
        events.extend(std::iter::from_fn(|| player.poll_event()));
    }
    player.handle_timeout(until);
    events.extend(std::iter::from_fn(|| player.poll_event()));
    events
}

fn load(position_ms: i64) -> PlayerCommand {
    PlayerCommand::Load {
        generation: Generation(1),
        source: Source::File("/film".into()),
        position: MediaTime::from_millis(position_ms),
    }
}

fn playing(machine: Machine) -> SimulatedPlayer {
    let mut player = SimulatedPlayer::new(machine, 1, at(0));
    run(&mut player, at(500));
    player.handle_command(load(10_000), at(500));
    run(&mut player, at(1_000));
    player.handle_command(
        PlayerCommand::Release {
            generation: Generation(1),
            at: at(2_000),
        },
        at(1_000),
    );
    player
}

#[test]
fn a_hold_lands_on_the_first_frame_at_or_after_the_target_less_5_ms() {
    let film = SimulatedFilm::short_gop(MINUTES_10);

    assert!((film.frame_at_or_after(10.0) - 10.0).abs() < 1e-9);
    assert!((film.frame_at_or_after(10.004) - 10.0).abs() < 1e-9);
    assert!((film.frame_at_or_after(10.006) - (10.0 + 1.0 / 24.0)).abs() < 1e-9);
    assert!(film.frame_at_or_after(9_999.0) < 600.0);
}

#[test]
fn a_player_plays_from_the_instant_of_its_release() {
    let mut player = playing(machine());

    run(&mut player, at(5_000));

    assert_eq!(player.position(at(5_000)).as_millis(), 13_000);
}

#[test]
fn a_speed_is_audible_after_the_dead_time_and_expires() {
    let mut player = playing(machine());
    run(&mut player, at(3_000));

    player.handle_command(
        PlayerCommand::SetSpeed {
            base: 1.0,
            speed: 1.02,
        },
        at(3_000),
    );
    run(&mut player, at(3_360));
    let before = player.position(at(3_360));
    run(&mut player, at(9_000));

    assert_eq!(before.as_millis(), 11_360);
    let gained = player.position(at(9_000)).as_millis() - 17_000;
    assert!((20..=23).contains(&gained), "{gained}");
}

#[test]
fn a_release_of_an_older_generation_is_void() {
    let mut player = playing(machine());
    player.handle_command(
        PlayerCommand::Hold {
            generation: Generation(2),
            position: Some(MediaTime::from_millis(20_000)),
        },
        at(1_500),
    );
    player.handle_command(
        PlayerCommand::Release {
            generation: Generation(1),
            at: at(1_600),
        },
        at(1_510),
    );

    run(&mut player, at(5_000));

    assert!(player.is_paused_in_place());
    assert_eq!(player.position(at(5_000)).as_millis(), 20_000);
}

#[test]
fn a_cold_output_starts_late_and_reports_nonsense_at_first() {
    let mut player = playing(Machine {
        has_cold_output: true,
        ..machine()
    });

    let events = run(&mut player, at(6_000));

    let released = events.iter().find_map(|e| {
        let PlayerEvent::Released { at, .. } = e else {
            return None;
        };
        Some(at.as_nanos() / 1_000_000)
    });
    assert!(
        released.is_some_and(|ms| (2_150..=2_176).contains(&ms)),
        "{released:?}"
    );
    let wrong = events.iter().filter(|e| {
        let PlayerEvent::Status(status) = e else {
            return false;
        };
        status.reading.is_some_and(|r| {
            let truth = 10_000 + i64::try_from(r.at.as_nanos() / 1_000_000).expect("small") - 2_160;
            r.at > at(2_300) && (r.position.as_millis() - truth).abs() > 100
        })
    });
    assert!((1..16).contains(&wrong.count()));
}

#[test]
fn the_position_stands_still_while_dry_and_at_the_end() {
    let mut player = playing(machine());
    run(&mut player, at(3_000));

    player.stall(Duration::from_secs(2), at(3_000));
    run(&mut player, at(5_500));
    assert_eq!(player.position(at(5_500)).as_millis(), 11_500);
    run(&mut player, at(700_000));

    assert_eq!(player.position(at(700_000)), MINUTES_10);
}

#[test]
fn a_request_freezes_it() {
    let mut player = playing(machine());
    run(&mut player, at(3_000));

    player.press_pause(at(3_010));
    let events = run(&mut player, at(3_050));

    assert!(!player.is_playing());
    assert!(events.iter().any(|e| matches!(
        e,
        PlayerEvent::WindowRequest { request: WindowRequest::Pause { position }, .. } if position.as_millis() == 11_000
    )));
}

#[test]
fn an_item_that_is_not_there_cannot_be_opened() {
    let mut player = SimulatedPlayer::new(Machine::default(), 1, at(0));
    run(&mut player, at(500));

    player.handle_command(load(0), at(500));

    let events = run(&mut player, at(1_000));
    assert!(events.iter().any(|e| matches!(e, PlayerEvent::LoadFailed { .. })));
}
