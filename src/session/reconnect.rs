//! The timing of attempts to connect: how long one may take, and how long to wait before the next.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use crate::seeded_rng::SeededRng;

/// The delay before the second attempt; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(250);

/// The longest delay. A server that comes back is found within this time, and a thousand clients do not find it at the same
/// moment.
const LONGEST: Duration = Duration::from_secs(5);

/// The time for the very first attempt to be answered: five tries of QUIC's first packet, with the interval doubling each time.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// The time for any other attempt to be answered: four tries of that packet within two seconds, and their answers. If a path is
/// down for long, a new attempt is better than waiting: after the fourth try, the packet would be repeated only after more than
/// [`LONGEST`].
const ANSWER_TIMEOUT: Duration = Duration::from_secs(4);

/// A seat that was held for this long counts as stable: after its loss, the first attempt is made immediately. A server that
/// keeps giving and taking seats is tried less and less often.
const STABLE_AFTER: Duration = Duration::from_secs(20);

/// The number of attempts that the seat took, and when it was given.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SeatHold {
    tries: u32,
    since: LocalTime,
}

impl SeatHold {
    /// Returns a seat that was given after this many attempts.
    pub(super) const fn taken(tries: u32, now: LocalTime) -> Self {
        Self { tries, since: now }
    }

    /// Returns how many attempts count when the seat is lost.
    pub(super) fn attempts_before(self, now: LocalTime) -> u32 {
        if now.saturating_since(self.since) >= STABLE_AFTER {
            0
        } else {
            self.tries
        }
    }
}

/// Returns how long the server may take to answer an attempt, counted from 0.
pub(super) const fn patience(attempt: u32) -> Duration {
    if attempt == 0 {
        FIRST_ANSWER
    } else {
        ANSWER_TIMEOUT
    }
}

/// Returns the delay before an attempt, counted from 1: almost nothing before the first, then doubling each time. Half of it is
/// random, so that clients that lost a server together do not come back together.
pub(super) fn back_off(attempt: u32, rng: &mut SeededRng) -> Duration {
    let doublings = attempt.saturating_sub(2).min(16);
    let whole = if attempt <= 1 {
        FIRST / 5
    } else {
        FIRST.saturating_mul(1 << doublings).min(LONGEST)
    };
    whole.mul_f64(rng.between(0.5, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound() {
        let mut rng = SeededRng::from_seed(1);

        let waits: Vec<Duration> = (1..40).map(|n| back_off(n, &mut rng)).collect();

        assert!(waits[0] <= Duration::from_millis(50));
        assert!(waits[1] <= FIRST && waits[1] >= FIRST / 2);
        assert!(waits[10..].iter().all(|w| (LONGEST / 2..=LONGEST).contains(w)));
    }

    #[test]
    fn a_server_that_was_never_reached_has_longer_to_answer() {
        assert_eq!(patience(0), FIRST_ANSWER);
        assert!((1..40).all(|attempt| patience(attempt) == ANSWER_TIMEOUT));
    }

    #[test]
    fn members_who_lost_a_server_together_reconnect_at_different_times() {
        let waits = |seed| {
            let mut rng = SeededRng::from_seed(seed);
            (1..6).map(|n| back_off(n, &mut rng)).sum::<Duration>()
        };

        assert_ne!(waits(1), waits(2));
    }
}
