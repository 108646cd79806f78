//! The pings against recorded paths: the accuracy of the clock after a number of pings.
//!
//! The recordings are in `tests/it/simulation/recordings/round_trips`: the delay there and the delay back, in microseconds, of a
//! UDP exchange several times a second for a few minutes on one machine, whose clock both ends share. `clean` is the loopback
//! interface; `rtt80` and `bad` are the profiles of the sync bench: 40 ms with a standard deviation of 7 ms, and 75 ms with
//! exponential queues of 20 ms.

use super::*;
use crate::seeded_rng::SeededRng;

const CLEAN: &str = include_str!("../../../tests/it/simulation/recordings/round_trips/clean.txt");
const RTT80: &str = include_str!("../../../tests/it/simulation/recordings/round_trips/rtt80.txt");
const BAD: &str = include_str!("../../../tests/it/simulation/recordings/round_trips/bad.txt");

/// The reading of the server's clock when the client's shows 0.
const AHEAD: u64 = 777_000_000_000;

/// The number of runs over each recording, each from another place.
const RUNS: u64 = 20;

/// A path, and the relation of the clocks at its ends.
#[derive(Clone, Copy)]
struct Recorded {
    delays: &'static str,
    /// The share of exchanges that are lost.
    loss: f64,
    /// How much faster the server's clock runs.
    skew: f64,
}

/// One run: the errors of the clock by the second, in milliseconds, and when pings were sent.
struct Run {
    errors: Vec<f64>,
    sent: Vec<LocalTime>,
}

impl Recorded {
    const fn new(delays: &'static str, loss: f64) -> Self {
        Self {
            delays,
            loss,
            skew: 0.0,
        }
    }

    fn server_time(&self, local: LocalTime) -> ServerTime {
        let ahead = local.as_nanos() as f64 * self.skew;
        #[expect(clippy::cast_possible_truncation, reason = "some milliseconds")]
        let ahead = ahead as i64;
        ServerTime::from_nanos(AHEAD + local.as_nanos()).offset_by(ahead)
    }

    fn error_ms(&self, clock: &ClockEstimator, at: LocalTime) -> f64 {
        let said = clock.server_time(at).expect("a usable clock");
        said.nanos_since(self.server_time(at)) as f64 / 1e6
    }

    /// Runs a session that is paused for two seconds and then plays.
    fn run(&self, seed: u64, seconds: u64) -> Run {
        let micros = |word: &str| Duration::from_micros(word.parse().expect("a number"));
        let delays: Vec<(Duration, Duration)> = self
            .delays
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(up, down)| (micros(up), micros(down)))
            .collect();
        let mut rng = SeededRng::from_seed(seed);
        let mut place = usize::try_from(seed * 37).expect("a small seed");
        let mut clock = ServerClock::default();
        let begin = LocalTime::from_millis(1_000_000);
        clock.handle_entered(self.server_time(begin), begin);
        let mut under_way: Vec<(LocalTime, ClockPong)> = Vec::new();
        let mut run = Run {
            errors: Vec::new(),
            sent: Vec::new(),
        };
        let mut now = begin;
        for second in 1..=seconds {
            let end = begin + Duration::from_secs(second);
            loop {
                under_way.sort_by_key(|(due, _)| *due);
                let answer = under_way.first().map(|(due, _)| *due);
                let next = clock.next_ping().into_iter().chain(answer).min();
                let Some(next) = next.filter(|next| *next <= end) else {
                    break;
                };
                now = now.max(next);
                if answer == Some(next) {
                    let (_, pong) = under_way.remove(0);
                    clock.handle_pong(&pong, now);
                    continue;
                }
                let telemetry = Telemetry::default();
                let Some(ping) = clock.poll_ping(second > 2, Revision(0), telemetry, now) else {
                    continue;
                };
                run.sent.push(now);
                place += 1;
                let (up, down) = delays[place % delays.len()];
                let received = self.server_time(now + up);
                if !rng.happens(self.loss) {
                    let reply = ClockPong {
                        sequence: ping.sequence,
                        sent: ping.sent,
                        received,
                        answered: received,
                        digest: Vec::new(),
                    };
                    under_way.push((now + up + down, reply));
                }
            }
            run.errors.push(self.error_ms(clock.estimator(), end));
        }
        run
    }

    /// Returns the root mean square error from one second to another, over all runs, in milliseconds.
    fn usual_error(&self, from: usize, to: usize) -> f64 {
        let runs = (1..=RUNS).map(|seed| self.run(seed, to as u64));
        let errors: Vec<f64> = runs.flat_map(|run| run.errors[from..].to_vec()).collect();
        (errors.iter().map(|error| error.powi(2)).sum::<f64>() / errors.len() as f64).sqrt()
    }
}

const PATHS: [Recorded; 3] = [
    Recorded::new(CLEAN, 0.0),
    Recorded::new(RTT80, 0.02),
    Recorded::new(BAD, 0.06),
];

#[test]
fn the_clock_is_right_from_ten_seconds_on_and_better_after_two_minutes() {
    for (path, [early, late]) in PATHS.into_iter().zip([[0.05, 0.05], [1.1, 0.7], [1.3, 0.8]]) {
        let errors = [path.usual_error(12, 60), path.usual_error(130, 240)];

        assert!(
            errors[0] < early && errors[1] < late,
            "{:.20}: {errors:?} ms",
            path.delays
        );
    }
}

#[test]
fn two_quartzes_spoil_little() {
    for skew in [-30e-6, 30e-6] {
        for (path, most) in PATHS.into_iter().zip([0.1, 2.2, 1.3]) {
            let path = Recorded { skew, ..path };

            let error = path.usual_error(12, 400);

            assert!(error < most, "{:.20}: {error} ms", path.delays);
        }
    }
}

#[test]
fn a_path_with_jitter_takes_forty_questions_in_ten_seconds_and_a_hundred_in_the_next_two_minutes() {
    for path in &PATHS[1..] {
        let run = path.run(1, 300);
        let count = |from: u64, to: u64| {
            let at = |seconds| LocalTime::from_millis(1_000_000) + Duration::from_secs(seconds);
            run.sent
                .iter()
                .filter(|sent| **sent >= at(from) && **sent < at(to))
                .count()
        };

        assert!((38..=46).contains(&count(0, 11)), "{}", count(0, 11));
        assert!(count(11, 130) <= 130, "{}", count(11, 130));
        // From then on one every 2.75 s, and now and then one again.
        assert!((36..=48).contains(&count(200, 300)), "{}", count(200, 300));
    }
}

#[test]
fn a_short_path_takes_a_burst() {
    let run = PATHS[0].run(1, 60);

    // The room stands until two seconds, so the second ping after the burst comes after seven.

    assert_eq!(run.sent.len(), BURST + 2 + 52_800 / 2_750);
}
