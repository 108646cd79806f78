//! Rate limits: token buckets that refill over time. Pure.

use std::time::Duration;

use watchtogether_protocol::ServerTime;

/// A budget: a burst, and the interval at which one token returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The number of tokens in a full bucket.
    pub burst: u32,
    /// The time after which one token returns.
    pub every: Duration,
}

/// The remaining tokens of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenBucket {
    budget: Budget,
    /// When the bucket is, or was, full again.
    full_at: ServerTime,
}

impl TokenBucket {
    /// Returns a full bucket.
    pub const fn new(budget: Budget) -> Self {
        Self {
            budget,
            full_at: ServerTime::from_nanos(0),
        }
    }

    /// Takes one token; if none is left, returns how long until one is.
    pub fn take(&mut self, now: ServerTime) -> Result<(), Duration> {
        self.take_many(1, now)
    }

    /// Takes `count` tokens; if fewer are left, takes none and returns how long until there are enough. A `count` above the
    /// budget's burst never succeeds.
    pub fn take_many(&mut self, count: u32, now: ServerTime) -> Result<(), Duration> {
        let allowed = self.budget.every * self.budget.burst;
        let full_at = self.full_at.max(now) + self.budget.every * count;
        let wait = full_at.saturating_since(now).saturating_sub(allowed);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        self.full_at = full_at;
        Ok(())
    }

    /// Returns how long until a token can be taken.
    pub fn wait(&self, now: ServerTime) -> Duration {
        let allowed = self.budget.every * self.budget.burst.saturating_sub(1);
        self.full_at.saturating_since(now).saturating_sub(allowed)
    }

    /// Returns when a token can be taken.
    pub fn allowed_at(&self) -> ServerTime {
        self.full_at
            .saturating_sub(self.budget.every * self.budget.burst.saturating_sub(1))
    }

    /// Returns whether the bucket is full. A full bucket need not be stored.
    pub fn is_full(&self, now: ServerTime) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget {
        burst: 3,
        every: Duration::from_secs(1),
    };

    #[test]
    fn a_burst_passes_and_then_one_each_so_often() {
        let mut bucket = TokenBucket::new(BUDGET);
        let now = ServerTime::from_millis(5_000);

        assert!((0..3).all(|_| bucket.take(now).is_ok()));
        assert_eq!(bucket.take(now), Err(Duration::from_secs(1)));
        assert_eq!(
            bucket.take(now + Duration::from_millis(400)),
            Err(Duration::from_millis(600))
        );
        assert_eq!(bucket.take(now + Duration::from_secs(1)), Ok(()));
        assert!(bucket.take(now + Duration::from_secs(1)).is_err());
    }

    #[test]
    fn many_are_taken_together_or_not_at_all() {
        let mut bucket = TokenBucket::new(BUDGET);
        let now = ServerTime::from_millis(5_000);

        assert_eq!(bucket.take_many(4, now), Err(Duration::from_secs(1)));
        assert_eq!(bucket.take_many(2, now), Ok(()));
        assert_eq!(bucket.take_many(2, now), Err(Duration::from_secs(1)));
        assert_eq!(bucket.take_many(1, now), Ok(()));
    }

    #[test]
    fn a_refused_try_costs_nothing_and_rest_fills_up_again() {
        let mut bucket = TokenBucket::new(BUDGET);
        let now = ServerTime::from_millis(5_000);
        while bucket.take(now).is_ok() {}

        assert!(!bucket.is_full(now));
        let later = now + Duration::from_secs(3);
        assert!(bucket.is_full(later));
        assert!((0..3).all(|_| bucket.take(later).is_ok()));
    }

    #[test]
    fn time_that_goes_back_allows_nothing_extra() {
        let mut bucket = TokenBucket::new(BUDGET);
        let now = ServerTime::from_millis(5_000);
        while bucket.take(now).is_ok() {}

        assert!(bucket.take(ServerTime::from_millis(1)).is_err());
    }
}
