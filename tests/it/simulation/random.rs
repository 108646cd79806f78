//! Random sessions: machines, paths, actions and accidents generated from a seed.

use std::time::Duration;

use watchtogether::player::simulated::SimulatedPlayer;
use watchtogether::seeded_rng::SeededRng;
use watchtogether::session::command::Command;
use watchtogether_protocol::{Clean, MediaTime, Playback, Rate, Revision, RoomIntent};

use super::client::{Setup, local_item};
use super::for_seeds;
use super::world::World;

/// The number of sessions that a normal test run plays.
const RUNS: u64 = 200;

/// The largest distance between films once nothing has happened for a while, in milliseconds.
const SYNC_TOLERANCE_MS: f64 = 20.0;

const NAMES: [&str; 4] = ["ana", "bo", "chi", "dee"];

#[test]
fn after_any_random_run_all_are_in_sync_again() {
    for_seeds(RUNS, |seed| {
        let mut rng = SeededRng::from_seed(seed ^ 0xabcd);
        let count = 2 + rng.below(3);
        let mut setups: Vec<Setup> = NAMES[..count]
            .iter()
            .map(|name| Setup::random(name, &mut rng))
            .collect();
        setups[0] = setups[0].clone().hosting();
        let mut world = World::joined(seed, setups);
        let mut spoken = 0;
        let mut revision = Revision(0);

        for _ in 0..12 {
            spoken += u32::from(disturb(&mut world, &mut rng));
            let pause = rng.between(0.0, 3.0);
            world.run(Duration::from_secs_f64(pause));
            assert!(world.timeline().revision >= revision, "the room went back");
            revision = world.timeline().revision;
        }

        // All requests are done by then, and every link is up again. A player that crashed twice is not restarted automatically.
        for client in 0..count {
            world.command(client, Command::ReopenPlayer);
        }
        world.run(Duration::from_secs(15));
        assert_all_know_the_room(&world);
        if world.timeline().playback != Playback::Playing {
            let host = world.host();
            world.command(host, Command::Room(RoomIntent::Play));
        }
        world.run(Duration::from_secs(5));
        world.run_until(Duration::from_secs(15), "all play together", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });
        world.run(Duration::from_secs(2));
        world.assert_together(SYNC_TOLERANCE_MS, 5);
        let host = world.host();
        world.command(host, Command::Room(RoomIntent::Pause));
        world.run_until(
            Duration::from_secs(6),
            "all stand at one frame",
            World::is_standing_together,
        );
        let chat = world.clients[0].chat.clone();
        assert_eq!(chat.len(), spoken as usize);
        assert!(world.clients.iter().all(|c| c.chat == chat));
    });
}

/// Performs one random action of a person or a machine; returns whether a message was sent.
fn disturb(world: &mut World, rng: &mut SeededRng) -> bool {
    let who = rng.below(u32::try_from(world.clients.len()).expect("four at most"));
    let host = world.host();
    let place = MediaTime::from_secs_f64(rng.between(0.0, 3_000.0));
    match rng.below(17) {
        0 | 1 => world.command(host, Command::Room(RoomIntent::Toggle)),
        2 => world.command(host, Command::Room(RoomIntent::SeekTo(place))),
        3 => world.command(
            host,
            Command::Room(RoomIntent::SeekBy(MediaTime::from_secs_f64(
                rng.between(-30.0, 30.0),
            ))),
        ),
        4 => world.command(host, Command::Room(RoomIntent::Play)),
        5 => world.at_window(who, SimulatedPlayer::press_pause),
        6 => world.at_window(who, SimulatedPlayer::press_play),
        7 => world.at_window(who, |player, now| player.press_seek(place, now)),
        8 => {
            let by = MediaTime::from_secs_f64(rng.between(-6.0, 6.0));
            world.at_window(who, |player, now| player.jump(by, now));
        }
        9 => {
            let stall = Duration::from_secs_f64(rng.between(0.1, 5.0));
            world.at_window(who, |player, now| player.stall(stall, now));
        }
        10 => world.darken(who, Duration::from_secs_f64(rng.between(0.1, 6.0))),
        11 => {
            world.darken(who, Duration::from_secs_f64(rng.between(0.0, 4.0)));
            world.cut(who);
        }
        12 => world.at_window(who, |player, _| player.die()),
        13 => {
            let rate = Rate::from_f64([0.8, 1.0, 1.25][rng.below(3)]).expect("in range");
            world.command(host, Command::Room(RoomIntent::SetRate(rate)));
        }
        14 => world.command(host, Command::Open(local_item(["film", "next"][rng.below(2)]))),
        15 => world.at_window(who, |player, now| player.press_speed(1.5, now)),
        _ => {
            let text = Clean::line(&format!("line {}", rng.bits()));
            world.command(who, Command::Say { text });
            return true;
        }
    }
    false
}

fn assert_all_know_the_room(world: &World) {
    let timeline = world.timeline();
    for client in &world.clients {
        let status = client.session.status(client.local(world.now));
        let known = status.room.map(|room| room.timeline);
        assert_eq!(known, Some(timeline), "{}", client.setup.name);
    }
}
