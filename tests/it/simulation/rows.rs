//! The situations of the sync table, each in virtual time: the same situations and goals, with sound cards 0.05 % fast and slow.
//! `make sim` runs each with a thousand seeds, the bench with real players.

use std::time::Duration;

use watchtogether::session::command::Command;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::{MediaTime, Playback, Rate, RoomIntent};

use super::claims::seconds;
use super::client::{HOUR, Setup};
use super::for_seeds;
use super::link::{Jitter, Path};
use super::world::World;
use watchtogether::player::simulated::SimulatedFilm;

/// Sound cards with an error of 0.05 %, which is the worst on the market.
const CARDS: [f64; 3] = [0.0, 500e-6, -500e-6];

/// A path with a round trip of 80 ms, a standard deviation of 7 ms in each direction, and 1 % loss.
pub(super) const RTT80: Path = Path {
    up: Duration::from_millis(40),
    down: Duration::from_millis(40),
    jitter: Jitter::Symmetric(Duration::from_millis(7)),
    loss: 0.01,
};

/// A path with 20 ms up and 100 ms down, and the reverse for the last member.
const LOPSIDED: Path = Path {
    up: Duration::from_millis(20),
    down: Duration::from_millis(100),
    jitter: Jitter::Queue(Duration::ZERO),
    loss: 0.0,
};

pub(super) fn three(path: Path, film: SimulatedFilm) -> [Setup; 3] {
    let member = |number: usize, name| Setup {
        path,
        card_error: CARDS[number],
        films: [("film".to_owned(), film), ("next".to_owned(), film)].into(),
        ..Setup::plain(name)
    };
    [member(0, "ana").hosting(), member(1, "bo"), member(2, "chi")]
}

fn short(path: Path) -> [Setup; 3] {
    three(path, SimulatedFilm::short_gop(HOUR))
}

/// Returns the 50th, 95th and 99th percentile of the distance between the two farthest films over a minute, in milliseconds.
pub(super) fn percentiles(world: &mut World) -> [f64; 3] {
    let mut spreads: Vec<f64> = (0..3_000)
        .map(|_| {
            world.run(Duration::from_millis(20));
            world.spread()
        })
        .collect();
    spreads.sort_by(f64::total_cmp);
    [spreads[1_500], spreads[2_850], spreads[2_970]]
}

/// Returns the number of holds sent to each player so far.
fn holds(world: &World) -> Vec<u32> {
    world.clients.iter().map(|c| c.holds).collect()
}

fn back(world: &mut World, limit: Duration) -> Duration {
    world.run_until(limit, "all play within 20 ms", |w| w.is_together(20.0))
}

#[test]
fn playing_on_short_paths() {
    for_seeds(2, |seed| {
        let mut world = World::playing(seed, short(Path::LAN));
        let before = holds(&world);

        let [p50, p95, p99] = percentiles(&mut world);

        assert!(p50 <= 1.5 && p95 <= 4.0 && p99 <= 8.0, "{p50} {p95} {p99} ms");
        assert_eq!(holds(&world), before);
    });
}

#[test]
fn playing_on_long_paths() {
    for_seeds(2, |seed| {
        let mut world = World::playing(seed, short(RTT80));
        world.run(Duration::from_secs(8));
        let before = holds(&world);

        let [_, p95, p99] = percentiles(&mut world);

        assert!(p95 <= 8.0 && p99 <= 15.0, "{p95} {p99} ms");
        assert_eq!(holds(&world), before);
    });
}

#[test]
fn playing_on_lopsided_paths_is_off_by_no_more_than_the_bound_that_is_shown() {
    for_seeds(2, |seed| {
        let mut setups = short(LOPSIDED);
        (setups[2].path.up, setups[2].path.down) = (LOPSIDED.down, LOPSIDED.up);
        let mut world = World::playing(seed, setups);

        let [_, p95, _] = percentiles(&mut world);

        // Half the asymmetry of each path, in both directions, and 5 ms.
        assert!(p95 <= 40.0 + 40.0 + 5.0, "{p95} ms");
        for client in 0..3 {
            let local = world.clients[client].local(world.now);
            let bound = world.clients[client].session.status(local).clock_bound;
            assert!(
                bound >= Some(Duration::from_millis(40)),
                "{client}: {bound:?} does not cover 40 ms"
            );
        }
    });
}

#[test]
fn a_seek_while_playing() {
    for (path, limit) in [(Path::LAN, 0.8), (RTT80, 1.2)] {
        for_seeds(3, |seed| {
            let mut world = World::playing(seed, short(path));
            for to in [310, 20, 1_700] {
                world.command(0, Command::Room(RoomIntent::SeekTo(seconds(to))));
                world.run(Duration::from_secs_f64(limit));
                back(&mut world, Duration::from_secs(1));
                world.run(Duration::from_secs(6));
            }
        });
    }
}

#[test]
fn a_film_thrown_off_is_back_after_one_freeze_and_touches_nobody() {
    for_seeds(3, |seed| {
        let mut world = World::playing(seed, short(Path::LAN));
        for by in [300, -600, 1_000, -5_000, 5_000] {
            let before = holds(&world);

            world.at_window(1, |player, now| player.jump(MediaTime::from_millis(by), now));
            world.run(Duration::from_millis(300));
            let taken = back(&mut world, Duration::from_secs(2));

            assert!(taken <= Duration::from_secs(1), "{by} ms took {taken:?}");
            world.run(Duration::from_secs(12));
            assert_eq!(holds(&world), [before[0], before[1] + 1, before[2]], "{by} ms");
        }
    });
}

#[test]
fn a_film_50_ms_off_is_within_10_ms_after_4_s_without_a_hold() {
    for_seeds(3, |seed| {
        let mut world = World::playing(seed, short(Path::LAN));
        for by in [50, -50] {
            let before = holds(&world);

            world.at_window(1, |player, now| player.jump(MediaTime::from_millis(by), now));
            world.run(Duration::from_secs(4));

            assert!(world.spread() <= 10.0, "{}", world.words());
            assert_eq!(holds(&world), before);
            world.run(Duration::from_secs(6));
        }
    });
}

#[test]
fn a_stall_of_3_s_is_waited_for() {
    for (path, limit) in [(Path::LAN, 0.8), (RTT80, 1.3)] {
        for client in [0, 1] {
            for_seeds(2, |seed| {
                let mut world = World::playing(seed, short(path));

                world.at_window(client, |player, now| player.stall(Duration::from_secs(3), now));
                world.run(Duration::from_secs(3));
                assert_eq!(world.timeline().playback, Playback::Preparing);
                let taken = back(&mut world, Duration::from_secs(3));

                assert!(taken.as_secs_f64() <= limit, "client {client}: {taken:?}");
            });
        }
    }
}

#[test]
fn a_stall_in_a_room_that_goes_on_touches_nobody_else() {
    for_seeds(3, |seed| {
        let mut setups = short(RTT80);
        setups[0].on_stall = StallPolicy::GoOn;
        let mut world = World::playing(seed, setups);
        let (before, revision) = (holds(&world), world.timeline().revision);

        world.at_window(1, |player, now| player.stall(Duration::from_secs(3), now));
        world.run(Duration::from_secs(3));
        let taken = back(&mut world, Duration::from_secs(4));

        assert!(taken <= Duration::from_secs(2), "{taken:?}");
        assert_eq!(world.timeline().revision, revision);
        assert_eq!([holds(&world)[0], holds(&world)[2]], [before[0], before[2]]);
    });
}

#[test]
fn the_hosts_laptop_sleeps_for_8_s_and_the_room_never_jumps_back() {
    for_seeds(3, |seed| {
        let mut world = World::playing(seed, short(RTT80));
        let (place, begin) = (world.room_position(), world.now);

        world.sleep(0, Duration::from_secs(8));
        let taken = back(&mut world, Duration::from_secs(4));

        assert!(taken <= Duration::from_secs(3), "{taken:?}");
        let passed = MediaTime::from(Duration::from_nanos(world.now - begin));
        assert_eq!(world.room_position(), place + passed);
    });
}

#[test]
fn a_laptop_that_slept_for_20_s_is_back_and_nobody_else_moved() {
    for_seeds(3, |seed| {
        let mut world = World::playing(seed, short(RTT80));
        let before = holds(&world);

        world.sleep(1, Duration::from_secs(20));
        let taken = back(&mut world, Duration::from_secs(4));

        assert!(taken <= Duration::from_secs(3), "{taken:?}");
        assert_eq!([holds(&world)[0], holds(&world)[2]], [before[0], before[2]]);
    });
}

#[test]
fn a_suspended_laptop_is_back_and_nobody_else_moved() {
    for duration in [1, 8, 20] {
        for_seeds(2, |seed| {
            let mut world = World::playing(seed, short(RTT80));
            let before = holds(&world);

            world.suspend(1, Duration::from_secs(duration));
            let taken = back(&mut world, Duration::from_secs(4));

            assert!(taken <= Duration::from_secs(3), "{duration} s: {taken:?}");
            assert_eq!([holds(&world)[0], holds(&world)[2]], [before[0], before[2]]);
        });
    }
}

#[test]
fn somebody_comes_late() {
    for_seeds(3, |seed| {
        let [ana, bo, chi] = three(RTT80, SimulatedFilm::long_gop(HOUR));
        let mut world = World::playing(seed, [ana, bo]);
        let before = holds(&world);

        world.add(chi);
        let opened = world.run_until(Duration::from_secs(3), "the film is open", |w| {
            w.clients[2].player.as_ref().is_some_and(|p| p.source().is_some())
        });
        let taken = back(&mut world, Duration::from_secs(5));

        assert!(
            taken <= Duration::from_millis(2_500),
            "{taken:?} after {opened:?}"
        );
        assert_eq!(holds(&world)[..2], before);
    });
}

#[test]
fn the_room_watches_at_another_speed() {
    for_seeds(2, |seed| {
        let mut world = World::playing(seed, short(RTT80));
        let before = holds(&world);

        let rate = Rate::from_f64(1.25).expect("in range");
        world.command(0, Command::Room(RoomIntent::SetRate(rate)));
        world.run(Duration::from_secs(4));
        let [_, p95, _] = percentiles(&mut world);

        assert!(p95 <= 10.0, "{p95} ms");
        assert_eq!(holds(&world), before);
    });
}
