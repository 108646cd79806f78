//! How long to wait before the next try.

use std::time::Duration;

use crate::draw::Draw;

/// The wait before the second try; it doubles with each.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait: a server that came back is found within this time, and a thousand clients do not find it at once.
const LONGEST: Duration = Duration::from_secs(5);

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
    fn those_who_lost_a_server_together_come_back_apart() {
        let waits = |seed| {
            let mut draw = Draw::from_seed(seed);
            (1..6).map(|n| back_off(n, &mut draw)).sum::<Duration>()
        };

        assert_ne!(waits(1), waits(2));
    }
}
