//! The search for the parameters of [`LAW`]: the cost of each value and of its neighbours.
//!
//! The sessions are difficult ones: paths with jitter, sound cards with large errors, films that get out of sync, outputs that
//! start cold. Readings have the errors found in the recordings. A millisecond of spread, a second until all are together again
//! and a freeze have the same cost. `make search` runs it.

use std::time::Duration;

use watchtogether::player::simulated::SimulatedFilm;
use watchtogether::session::command::Command;
use watchtogether::sync::law::{LAW, Law};
use watchtogether_protocol::{MediaTime, RoomIntent};

use super::claims::seconds;
use super::client::{HOUR, Setup};
use super::link::Path;
use super::recorded::scatter;
use super::rows::{RTT80, percentiles, three};
use super::world::World;

/// The number of sessions of each kind, unless `SIM_SEEDS` says otherwise.
const SEEDS: u64 = 12;

/// The factors applied to each parameter.
const FACTORS: [f64; 7] = [0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 4.0];

/// A neighbour is better if its cost is below this fraction; smaller differences are chance.
const BETTER: f64 = 0.95;

/// The name of a parameter, its value, and a function that scales it in a law.
type Number = (&'static str, f64, fn(&mut Law, f64));

const NUMBERS: [Number; 12] = [
    ("gain", LAW.gain, |law, by| law.gain *= by),
    ("dead_band", LAW.dead_band, |law, by| law.dead_band *= by),
    ("dead_band_inner", LAW.dead_band_inner, |law, by| {
        law.dead_band_inner = (law.dead_band_inner * by).min(1.0);
    }),
    ("dead_band_per_noise", LAW.dead_band_per_noise, |law, by| {
        law.dead_band_per_noise *= by;
    }),
    ("filter_gain", LAW.filter_gain, |law, by| {
        law.filter_gain = (law.filter_gain * by).min(1.0);
    }),
    ("filter_gain_noisy", LAW.filter_gain_noisy, |law, by| {
        law.filter_gain_noisy *= by;
    }),
    ("noisy", LAW.noisy, |law, by| law.noisy *= by),
    ("noise_weight", LAW.noise_weight, |law, by| law.noise_weight *= by),
    ("clock_gain", LAW.clock_gain, |law, by| law.clock_gain *= by),
    ("settle, s", LAW.settle.as_millis() as f64 / 1e3, |law, by| {
        law.settle = law.settle.mul_f64(by);
    }),
    ("hold_early", LAW.hold_early, |law, by| law.hold_early *= by),
    (
        "late_start, s",
        LAW.late_start.as_millis() as f64 / 1e3,
        |law, by| {
            law.late_start = law.late_start.mul_f64(by);
        },
    ),
];

/// The cost of a law in each kind of session.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    short: f64,
    long: f64,
    scattered: f64,
    thrown: f64,
    started: f64,
    joined: f64,
}

impl Cost {
    fn sum(self) -> f64 {
        self.short + self.long + self.scattered + self.thrown + self.started + self.joined
    }
}

fn setups(law: Law, path: Path, output: &str) -> Vec<Setup> {
    let scattered = |setup: Setup| Setup {
        law,
        scatter: scatter(output),
        ..setup
    };
    three(path, SimulatedFilm::short_gop(HOUR)).map(scattered).into()
}

/// Returns the 95th percentile of the spread over a minute, in milliseconds.
fn spread(seed: u64, setups: Vec<Setup>) -> f64 {
    let mut world = World::playing(seed, setups);
    percentiles(&mut world)[1]
}

/// Returns the seconds until a film is within 10 ms again after a small loss of sync.
fn thrown(seed: u64, law: Law) -> f64 {
    let mut world = World::playing(seed, setups(law, RTT80, "null"));
    let mut sum = 0.0;
    for by in [-60, -40, 40, 60] {
        world.at_window(1, |player, now| player.jump(MediaTime::from_millis(by), now));
        world.run(Duration::from_millis(100));
        sum += within(&mut world, 10.0);
        world.run(Duration::from_secs(8));
    }
    sum / 4.0
}

/// Returns the seconds until all are within 20 ms after a first start with cold outputs and after seeks, plus the freezes.
fn started(seed: u64, law: Law) -> f64 {
    let mut all = setups(law, RTT80, "pulse");
    for setup in &mut all {
        setup.has_cold_output = true;
    }
    let mut world = World::joined(seed, all);
    let mut sum = 0.0;
    for to in [0, 300, 20, 900] {
        if to == 0 {
            world.command(0, Command::Room(RoomIntent::Play));
        } else {
            world.command(0, Command::Room(RoomIntent::SeekTo(seconds(to))));
        }
        let before: u32 = world.clients.iter().map(|c| c.holds).sum();
        sum += within(&mut world, 20.0);
        world.run(Duration::from_secs(6));
        let holds: u32 = world.clients.iter().map(|c| c.holds).sum();
        let asked = if to == 0 { 0 } else { 3 };
        sum += f64::from((holds - before).saturating_sub(asked));
    }
    sum / 4.0
}

/// Returns the seconds until a late joiner is within 20 ms, plus the freezes.
fn joined(seed: u64, law: Law) -> f64 {
    let lossy = Path { loss: 0.05, ..RTT80 };
    let mut all = setups(law, lossy, "null");
    for setup in &mut all {
        let long = SimulatedFilm::long_gop(HOUR);
        setup.films.values_mut().for_each(|film| *film = long);
    }
    let late = all.split_off(2);
    let mut world = World::playing(seed, all);
    for setup in late {
        world.add(setup);
    }
    world.run(Duration::from_millis(300));
    let taken = within(&mut world, 20.0);
    world.run(Duration::from_secs(6));
    taken + f64::from(world.clients[2].holds)
}

/// Returns the seconds until all play within this many milliseconds and still do half a second later.
fn within(world: &mut World, limit: f64) -> f64 {
    let begin = world.now;
    let mut since = None;
    while world.now - begin < 15_000_000_000 {
        world.run(Duration::from_millis(20));
        if !world.is_together(limit) {
            since = None;
        } else if world.now - *since.get_or_insert(world.now) >= 500_000_000 {
            break;
        }
    }
    (since.unwrap_or(world.now) - begin) as f64 / 1e9
}

fn cost(law: Law) -> Cost {
    let seeds = std::env::var("SIM_SEEDS").ok().and_then(|n| n.parse().ok());
    let seeds: u64 = seeds.unwrap_or(SEEDS);
    let mean = |of: &dyn Fn(u64) -> f64| (1..=seeds).map(of).sum::<f64>() / seeds as f64;
    Cost {
        short: mean(&|seed| spread(seed, setups(law, Path::LAN, "null"))),
        long: mean(&|seed| spread(seed, setups(law, RTT80, "null"))),
        scattered: mean(&|seed| spread(seed, setups(law, RTT80, "pulse"))),
        thrown: mean(&|seed| thrown(seed, law)),
        started: mean(&|seed| started(seed, law)),
        joined: mean(&|seed| joined(seed, law)),
    }
}

#[test]
#[ignore = "a search of some minutes: make search"]
#[expect(clippy::print_stdout, reason = "it prints a table")]
fn no_number_of_the_law_has_a_much_better_neighbour() {
    let usual = cost(LAW);
    let mut better = Vec::new();
    println!(
        "{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "number", "is", "cost", "short", "long", "pulse", "thrown", "started", "joined"
    );
    for (name, value, multiply) in NUMBERS {
        for by in FACTORS {
            let mut law = LAW;
            multiply(&mut law, by);
            let cost = if law == LAW { usual } else { cost(law) };
            println!(
                "{name:<24}{:>9.5}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{}",
                value * by,
                cost.sum(),
                cost.short,
                cost.long,
                cost.scattered,
                cost.thrown,
                cost.started,
                cost.joined,
                if law == LAW { "  <" } else { "" }
            );
            if cost.sum() < BETTER * usual.sum() {
                better.push(format!("{name} {:.5}: {:.2}", value * by, cost.sum()));
            }
        }
    }

    assert!(better.is_empty(), "{:.2} now, but {better:#?}", usual.sum());
}
