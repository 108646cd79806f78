//! Tests of the simulated player against recordings of the real one: with the same commands in virtual time, it must report the
//! same positions as libmpv did. `tests/mpv/recording.rs` makes the recordings.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether::player::simulated::{Machine, SimulatedFilm, SimulatedPlayer};
use watchtogether::player::{Generation, PlayerCommand, PlayerEvent, Source};
use watchtogether::sync::defaults::DEAD_TIME;
use watchtogether::sync::law::LAW;
use watchtogether_protocol::{LocalTime, MediaTime};

const RECORDINGS: [(&str, &str); 2] = [
    ("null", include_str!("recordings/null.txt")),
    ("pulse", include_str!("recordings/pulse.txt")),
];

/// A seek lands on the first frame at most this far before its target; the simulated player must land where the real one did.
const SLACK: MediaTime = MediaTime::from_millis(5);

/// One line of a recording; instants are in seconds since the first release.
#[derive(Clone, Copy, Debug)]
enum Line {
    Release { at: f64, position: f64 },
    Speed { at: f64, speed: f64 },
    Read { at: f64, position: f64 },
}

/// Returns a recording from where its sound starts. A suspended sound server starts up to two seconds late and reports a constant
/// position until then; the simulation models that as its cold output.
fn warm(recording: &str) -> Vec<Line> {
    let mut all = lines(recording);
    let begins: Vec<usize> = (0..all.len())
        .filter(|line| matches!(all[*line], Line::Release { .. }))
        .collect();
    for (number, begin) in begins.iter().enumerate().rev() {
        let end = begins.get(number + 1).copied().unwrap_or(all.len());
        let Line::Release {
            at: start,
            position: from,
        } = all[*begin]
        else {
            continue;
        };
        let reads: Vec<(usize, f64, f64)> = (*begin..end)
            .filter_map(|line| match all[line] {
                Line::Read { at, position } => Some((line, at, position)),
                Line::Release { .. } | Line::Speed { .. } => None,
            })
            .collect();
        // Readings around a change of speed are too close together to be used.
        let stands = |pair: &[(usize, f64, f64)]| {
            let (passed, moved) = (pair[1].1 - pair[0].1, pair[1].2 - pair[0].2);
            passed > 0.05 && moved < 0.5 * passed
        };
        let slow = reads.windows(2).rposition(stands).map_or(0, |pair| pair + 1);
        // No other speed has been set by then.
        let (first, at, position) = reads[slow];
        let shift = from + (at - start) - position;
        for (line, at, position) in reads {
            all[line] = Line::Read {
                at,
                position: if line < first { f64::NAN } else { position + shift },
            };
        }
    }
    all.retain(|line| !matches!(line, Line::Read { position, .. } if position.is_nan()));
    all
}

fn lines(recording: &str) -> Vec<Line> {
    let number = |word: &str| word.parse::<f64>().expect("a number");
    recording
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let at = number(words[1]) / 1e6;
            match words[0] {
                "release" => Line::Release {
                    at,
                    position: number(words[2]) / 1e6,
                },
                "speed" => Line::Speed {
                    at,
                    speed: number(words[2]),
                },
                "read" => Line::Read {
                    at,
                    position: number(words[2]) / 1e6,
                },
                other => panic!("{other:?} is no line of a recording"),
            }
        })
        .collect()
}

fn local(seconds: f64) -> LocalTime {
    LocalTime::from_millis(100_000).offset_by(MediaTime::from_secs_f64(seconds).as_nanos())
}

/// Returns a simulated player with an open film and without disturbances.
fn opened() -> (SimulatedPlayer, Generation) {
    let source = Source::File(PathBuf::from("/films/film"));
    let film = SimulatedFilm {
        frame_rate: 1_000.0,
        ..SimulatedFilm::short_gop(MediaTime::from_millis(60_000))
    };
    let machine = Machine {
        films: [(Machine::key(&source), film)].into(),
        ..Machine::default()
    };
    let mut player = SimulatedPlayer::new(machine, 1, local(-9.0));
    player.handle_timeout(local(-8.0));
    let generation = Generation::default().next();
    let load = PlayerCommand::Load {
        generation,
        source,
        position: MediaTime::ZERO,
    };
    player.handle_command(load, local(-7.0));
    player.handle_timeout(local(-6.0));
    (player, generation)
}

/// Returns how much the simulated player differs from the readings, in seconds, once the output has settled.
fn differences(recording: &str) -> Vec<f64> {
    let (mut player, mut generation) = opened();
    let mut differences = Vec::new();
    let (mut settled, mut speed) = (f64::MAX, 1.0);
    for line in warm(recording) {
        match line {
            Line::Release { at, position } => {
                generation = generation.next();
                let position = Some(MediaTime::from_secs_f64(position) + SLACK);
                player.handle_command(PlayerCommand::Hold { generation, position }, local(at - 1.0));
                player.handle_timeout(local(at - 0.5));
                let release = PlayerCommand::Release {
                    generation,
                    at: local(at),
                };
                player.handle_command(release, local(at - 0.1));
                player.handle_timeout(local(at));
                settled = at + LAW.settle.as_secs_f64();
            }
            Line::Speed { at, speed: reported } => {
                speed = reported;
                player.handle_command(PlayerCommand::SetSpeed { base: 1.0, speed }, local(at));
            }
            Line::Read { at, position } => {
                // The real player was sent the speed repeatedly; otherwise it would have fallen back.
                player.handle_command(PlayerCommand::SetSpeed { base: 1.0, speed }, local(at));
                player.handle_timeout(local(at));
                if at > settled {
                    differences.push(player.reading(local(at)).as_secs_f64() - position);
                }
            }
        }
        while player
            .poll_event()
            .is_some_and(|event| event != PlayerEvent::Closed)
        {}
    }
    differences
}

/// Returns the root mean square difference between the readings and the expected positions if the output buffers this much, in
/// seconds. The expected position is that of the media written at the speeds that were set, minus the buffer at the newest speed.
fn misfit(recording: &str, buffered: f64) -> f64 {
    let (mut from, mut speed) = ((0.0, 0.0), 1.0);
    let (mut settled, mut sum, mut count) = (0.0, 0.0, 0.0);
    for line in warm(recording) {
        match line {
            Line::Release { at, position } => {
                (from, speed) = ((at, position + buffered), 1.0);
                settled = at + LAW.settle.as_secs_f64();
            }
            Line::Speed { at, speed: next } => {
                from = (at, from.1 + (at - from.0) * speed);
                speed = next;
            }
            Line::Read { at, position } if at > settled => {
                let written = from.1 + (at - from.0) * speed;
                sum += (position - (written - buffered * speed)).powi(2);
                count += 1.0;
            }
            Line::Read { .. } => {}
        }
    }
    f64::sqrt(sum / count)
}

/// Returns the errors of the readings in a recording, compared with the simulated player.
pub(super) fn scatter(name: &str) -> Vec<f64> {
    let recording = RECORDINGS.iter().find(|(other, _)| *other == name);
    let (_, recording) = recording.expect("a recording of that output");
    differences(recording).iter().map(|off| -off).collect()
}

#[test]
fn the_simulated_player_is_where_the_real_one_was() {
    for (name, recording) in RECORDINGS {
        let mut sizes: Vec<f64> = differences(recording).iter().map(|d| d.abs() * 1e3).collect();
        sizes.sort_by(f64::total_cmp);

        let (p50, p95) = (sizes[sizes.len() / 2], sizes[sizes.len() * 95 / 100]);
        assert!(sizes.len() > 100, "{name}: {} readings", sizes.len());
        assert!(p50 < 1.0 && p95 < 1.5, "{name}: p50 {p50} ms, p95 {p95} ms");
    }
}

#[test]
fn the_dead_time_is_the_one_that_explains_the_recordings_best() {
    for (name, recording) in RECORDINGS {
        let best = (0..=60)
            .map(|step| f64::from(step) * 0.01)
            .min_by(|a, b| misfit(recording, *a).total_cmp(&misfit(recording, *b)))
            .expect("there are steps");

        let off = (best - DEAD_TIME.as_secs_f64()).abs();
        assert!(
            off <= Duration::from_millis(60).as_secs_f64(),
            "{name}: {best} s explains it best"
        );
    }
}
