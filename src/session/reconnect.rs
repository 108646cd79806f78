//! How long a try may take, and how long to wait before the next.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use crate::draw::Draw;

/// The wait before the second try; it doubles with each.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait: a server that came back is found within this time, and a thousand clients do not find it at once.
const LONGEST: Duration = Duration::from_secs(5);

/// What a server that was never reached has to answer: five tries of QUIC's first packet, each twice as long after the
/// one before.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// What it has at every other try: four tries of that packet within two seconds, and their answers. A path that is dark
/// for long is tried in whole again and again, because after the fourth the packet would be silent for longer than
/// [`LONGEST`].
const ANSWER: Duration = Duration::from_secs(4);

/// A seat that was held for so long was one: after its loss the first try is made at once. A server that gives seats and
/// takes them away again is tried ever more seldom instead.
const LASTED: Duration = Duration::from_secs(20);

/// How many tries the seat took, and since when it is held.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seat {
    tries: u32,
    since: LocalTime,
}

impl Seat {
    /// Returns a seat that was given at a try.
    pub(super) const fn taken(tries: u32, now: LocalTime) -> Self {
        Self { tries, since: now }
    }

    /// Returns how many tries count when the seat is lost.
    pub(super) fn tries_before(self, now: LocalTime) -> u32 {
        if now.saturating_since(self.since) >= LASTED {
            0
        } else {
            self.tries
        }
    }
}

/// Returns the time that the server has to answer a try, counted from 0.
pub(super) const fn patience(attempt: u32) -> Duration {
    if attempt == 0 { FIRST_ANSWER } else { ANSWER }
}

/// Returns the wait before a try, counted from 1: almost nothing before the first, then twice as long each time, by
/// half of it at random so that those who lost a server together do not come back together.
pub(super) fn back_off(attempt: u32, draw: &mut Draw) -> Duration {
    let doublings = attempt.saturating_sub(2).min(16);
    let whole = if attempt <= 1 {
        FIRST / 5
    } else {
        FIRST.saturating_mul(1 << doublings).min(LONGEST)
    };
    whole.mul_f64(draw.between(0.5, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound() {
        let mut draw = Draw::from_seed(1);

        let waits: Vec<Duration> = (1..40).map(|n| back_off(n, &mut draw)).collect();

        assert!(waits[0] <= Duration::from_millis(50));
        assert!(waits[1] <= FIRST && waits[1] >= FIRST / 2);
        assert!(waits[10..].iter().all(|w| (LONGEST / 2..=LONGEST).contains(w)));
    }

    #[test]
    fn a_server_that_was_never_reached_has_longer_to_answer() {
        assert_eq!(patience(0), FIRST_ANSWER);
        assert!((1..40).all(|attempt| patience(attempt) == ANSWER));
    }

    #[test]
    fn those_who_lost_a_server_together_come_back_apart() {
        let waits = |seed| {
            let mut draw = Draw::from_seed(seed);
            (1..6).map(|n| back_off(n, &mut draw)).sum::<Duration>()
        };

        assert_ne!(waits(1), waits(2));
    }
}
