use super::*;

/// The server's origin lies this far before the client's.
const TRUE_OFFSET: i64 = 987_654_321_000;

/// A small random generator with a fixed seed, so that the paths below are the same in each run.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn exchange(at_ms: u64, up_ms: f64, down_ms: f64) -> Exchange {
    let sent = LocalTime::from_millis(at_ms);
    let received = ServerTime::from_nanos(sent.offset_by(TRUE_OFFSET + round(up_ms * 1e6)).as_nanos());
    let answered = received + Duration::from_micros(50);
    let returned = LocalTime::from_nanos(answered.offset_by(round(down_ms * 1e6) - TRUE_OFFSET).as_nanos());
    Exchange {
        sent,
        received,
        answered,
        returned,
    }
}

fn error_ms(clock: &ClockEstimator, at: LocalTime) -> f64 {
    let server = clock.server_time(at).expect("an estimate");
    (server.as_nanos().cast_signed() - at.as_nanos().cast_signed() - TRUE_OFFSET) as f64 / 1e6
}

/// Returns the root mean square of the error after `count` exchanges, one every `every` milliseconds, over 50 seeds.
fn usual_error_ms(count: u64, every: u64, mut delays: impl FnMut(&mut Noise) -> (f64, f64)) -> f64 {
    let squares = (1..=50).map(|seed| {
        let mut noise = Noise(seed);
        let mut clock = ClockEstimator::new();
        for i in 0..count {
            let (up, down) = delays(&mut noise);
            clock.handle_exchange(exchange(1_000 + i * every, up, down));
        }
        error_ms(&clock, LocalTime::from_millis(1_000 + count * every)).powi(2)
    });
    (squares.sum::<f64>() / 50.0).sqrt()
}

#[test]
fn symmetric_jitter_averages_out() {
    let jitter = |n: &mut Noise| (40.0 + 7.0 * n.normal()).max(0.0);

    let early = usual_error_ms(40, 250, |n| (jitter(n), jitter(n)));
    let late = usual_error_ms(160, 1_000, |n| (jitter(n), jitter(n)));

    assert!(early < 1.2 && late < 0.7, "{early} and {late} ms");
}

#[test]
fn the_fastest_packets_of_each_direction_are_right_despite_queues() {
    let queue = |n: &mut Noise| 75.0 - 20.0 * n.uniform().max(1e-6).ln();

    let early = usual_error_ms(40, 250, |n| (queue(n), queue(n)));
    let late = usual_error_ms(100, 2_750, |n| (queue(n), queue(n)));

    // A mean would be off by 2.2 ms and 1.4 ms.
    assert!(early < 1.4 && late < 0.8, "{early} and {late} ms");
}

#[test]
fn queues_in_one_direction_do_not_pull_the_estimate() {
    let queue = |n: &mut Noise| {
        let waits = n.uniform() < 0.5;
        (10.0 + if waits { 60.0 * n.uniform() } else { 0.0 }, 10.0)
    };

    let error = usual_error_ms(40, 1_000, queue);

    assert!(error < 0.5, "{error} ms");
}

#[test]
fn the_stated_error_is_about_the_true_one() {
    let mut clock = ClockEstimator::new();
    let mut noise = Noise(7);
    for i in 0..40 {
        let mut jitter = || 40.0 + 7.0 * noise.normal();
        clock.handle_exchange(exchange(i * 250, jitter(), jitter()));
        assert_eq!(clock.error().is_some(), i + 1 >= BURST as u64);
    }

    let error = clock.error().expect("there was a burst").as_secs_f64() * 1e3;
    assert!((0.4..1.6).contains(&error), "{error} ms");
}

#[test]
fn there_and_back_are_inverse() {
    let mut clock = ClockEstimator::new();
    for i in 0..20u64 {
        clock.handle_exchange(exchange(i * 1_000, 5.0, 7.0));
    }
    let local = LocalTime::from_millis(3_600_000);

    let back = clock
        .server_time(local)
        .and_then(|server| clock.local_time(server));

    assert!(back.is_some_and(|back| back.nanos_since(local).abs() < 1_000));
}

/// Returns a clock that has compared itself with the server for 20 s over a symmetric path.
fn compared() -> ClockEstimator {
    let mut clock = ClockEstimator::new();
    for i in 0..20u64 {
        clock.handle_exchange(exchange(i * 1_000, 1.0, 1.0));
    }
    clock
}

/// Returns the same exchange with a server whose clock was set forward.
fn with_clock_set(exchange: Exchange, by: Duration) -> Exchange {
    Exchange {
        received: exchange.received + by,
        answered: exchange.answered + by,
        ..exchange
    }
}

#[test]
fn another_clock_is_believed_at_its_first_answer() {
    for by in [40, 200, 4_000] {
        let mut clock = compared();
        clock.handle_path_change();

        let first = with_clock_set(exchange(20_000, 1.0, 1.0), Duration::from_millis(by));
        clock.handle_exchange(first);

        let error = error_ms(&clock, LocalTime::from_millis(20_100)) - by as f64;
        assert!(error.abs() < 1.0, "{by}: {error}");
    }
}

#[test]
fn answers_that_come_late_refute_no_clock_that_was_known() {
    let mut clock = compared();
    clock.handle_path_change();

    for i in 0..9u64 {
        clock.handle_exchange(exchange(20_000 + i * 25, 1.0, 401.0));
        let error = error_ms(&clock, LocalTime::from_millis(20_402 + i * 25));
        assert!(error.abs() < 2.0, "exchange {i}: {error}");
    }
}

#[test]
fn one_quick_answer_is_the_limit_of_what_slow_ones_say() {
    let mut clock = ClockEstimator::new();
    for i in 0..BURST as u64 {
        clock.handle_exchange(exchange(i * 25, 1.0, 401.0));
    }
    let before = error_ms(&clock, LocalTime::from_millis(600));

    clock.handle_exchange(exchange(1_000, 1.0, 1.0));

    let after = error_ms(&clock, LocalTime::from_millis(1_100));
    assert!(before < -190.0, "{before}");
    assert!(after.abs() < 2.0, "{after}");
}

#[test]
fn a_clock_that_is_off_by_little_is_slewed() {
    let mut clock = compared();

    for i in 0..128u64 {
        let e = with_clock_set(exchange(20_000 + i * 1_000, 1.0, 1.0), Duration::from_millis(60));
        clock.handle_exchange(e);
        let most = 5.5 * (i + 1) as f64;
        let error = error_ms(&clock, LocalTime::from_millis(20_900 + i * 1_000));
        assert!(error <= most, "after {i} s: {error}");
    }

    let error = error_ms(&clock, LocalTime::from_millis(148_000));
    assert!((error - 60.0).abs() < 2.0, "{error}");
}

#[test]
fn the_given_clock_never_jumps_on_jitter() {
    let mut noise = Noise(3);
    let mut clock = ClockEstimator::new();
    let mut before: Option<(LocalTime, ServerTime)> = None;
    for i in 0..120u64 {
        let jitter = |n: &mut Noise| (40.0 + 7.0 * n.normal()).max(0.0);
        let e = exchange(1_000 + i * 1_000, jitter(&mut noise), jitter(&mut noise));
        clock.handle_exchange(e);
        let now = (e.returned, clock.server_time(e.returned).expect("an estimate"));
        if let Some(before) = before.filter(|_| i > 10) {
            let error = (now.1.nanos_since(before.1) - now.0.nanos_since(before.0)).abs();
            assert!(error <= 6_000_000, "jumped {error} ns at {i}");
        }
        before = Some(now);
    }
}

#[test]
fn a_clock_that_runs_fast_is_followed() {
    let mut clock = ClockEstimator::new();
    for i in 0..400u64 {
        let local = LocalTime::from_millis(i * 1_000);
        let drift = round(i as f64 * 1e9 * 100e-6);
        let mut e = exchange(i * 1_000, 5.0, 5.0);
        e.received = e.received.offset_by(drift);
        e.answered = e.answered.offset_by(drift);
        assert_eq!(e.sent, local);
        clock.handle_exchange(e);
    }

    assert!((clock.skew() - 100e-6).abs() < 15e-6, "{}", clock.skew());
}

/// Returns an exchange with a server whose clock has run this much faster since time 0.
fn with_fast_clock(exchange: Exchange, by: f64) -> Exchange {
    let ahead = round(exchange.sent.as_nanos() as f64 * by);
    Exchange {
        received: exchange.received.offset_by(ahead),
        answered: exchange.answered.offset_by(ahead),
        ..exchange
    }
}

#[test]
fn the_known_skew_survives_a_change_of_path() {
    let mut clock = ClockEstimator::new();
    for i in 0..100u64 {
        clock.handle_exchange(with_fast_clock(exchange(i * 2_750, 5.0, 5.0), 40e-6));
    }
    clock.handle_path_change();

    for i in 0..BURST as u64 {
        clock.handle_exchange(with_fast_clock(exchange(275_000 + i * 25, 30.0, 30.0), 40e-6));
    }

    assert!((clock.skew() - 40e-6).abs() < 2e-6, "{}", clock.skew());
    let error = error_ms(&clock, LocalTime::from_millis(375_000)) - 375e3 * 40e-6;
    assert!(error.abs() < 0.5, "{error} ms");
}

#[test]
fn a_clock_that_begins_to_be_slewed_is_noticed_and_followed() {
    let mut clock = ClockEstimator::new();
    let mut noise = Noise(5);
    for i in 0..100u64 {
        let e = exchange(
            i * 2_750,
            1.0 + 0.2 * noise.uniform(),
            1.0 + 0.2 * noise.uniform(),
        );
        assert!(!clock.handle_exchange(e), "nothing has changed at {i}");
    }
    let slewed = |i: u64, noise: &mut Noise| {
        let at = 275_000 + i * 1_000;
        let e = exchange(at, 1.0 + 0.2 * noise.uniform(), 1.0 + 0.2 * noise.uniform());
        (at, with_clock_set(e, Duration::from_micros(i * 500)))
    };

    let noticed = (1..20).find(|i| clock.handle_exchange(slewed(*i, &mut noise).1));
    let noticed = noticed.expect("it is noticed");
    for i in noticed + 1..noticed + 20 {
        clock.handle_exchange(slewed(i, &mut noise).1);
    }

    let i = noticed + 19;
    let error = error_ms(&clock, LocalTime::from_millis(275_000 + i * 1_000)) - i as f64 * 0.5;
    assert!(
        noticed <= 10 && error.abs() < 1.0,
        "noticed after {noticed} s, {error} ms off"
    );
}

#[test]
fn jitter_and_queues_are_no_change_of_a_clock() {
    for seed in 1..=20 {
        let mut noise = Noise(seed);
        let mut clock = ClockEstimator::new();
        for i in 0..300u64 {
            let jitter = |n: &mut Noise| (40.0 + 7.0 * n.normal()).max(0.0);
            let queue = if i > 200 { 80.0 } else { 0.0 };
            let e = exchange(i * 2_750, jitter(&mut noise) + queue, jitter(&mut noise));
            assert!(!clock.handle_exchange(e), "seed {seed} at {i}");
        }
    }
}

#[test]
fn exchanges_older_than_the_span_are_dropped() {
    let mut clock = compared();

    for i in 0..10u64 {
        clock.handle_exchange(exchange(20_000 + 600_000 + i * 25, 30.0, 30.0));
    }

    assert_eq!(clock.bound(), Some(Duration::from_millis(30)));
}

#[test]
fn stamps_that_contradict_each_other_are_dropped() {
    let mut clock = ClockEstimator::new();
    let good = exchange(1_000, 1.0, 1.0);

    clock.handle_exchange(Exchange {
        returned: LocalTime::from_millis(1),
        ..good
    });
    clock.handle_exchange(Exchange {
        answered: ServerTime::from_nanos(0),
        ..good
    });
    clock.handle_exchange(Exchange {
        answered: good.answered + Duration::from_secs(9),
        ..good
    });

    assert_eq!(clock.server_time(LocalTime::from_millis(1_000)), None);
}

#[test]
fn the_bound_covers_an_asymmetric_path() {
    let mut clock = ClockEstimator::new();
    for i in 0..20u64 {
        clock.handle_exchange(exchange(i * 1_000, 20.0, 100.0));
    }
    let error = error_ms(&clock, LocalTime::from_millis(21_000)).abs();

    assert!(Duration::from_secs_f64(error / 1e3) <= clock.bound().expect("a bound"));
}
