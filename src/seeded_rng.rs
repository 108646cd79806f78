//! Random numbers from a seed, for random choices in pure code.

/// A small random generator (splitmix64): the same seed gives the same numbers. Not for secrets.
#[derive(Clone, Debug)]
pub struct SeededRng(u64);

impl SeededRng {
    /// Returns the generator for a seed.
    pub const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 up to, not including, 1.
    pub const fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Returns a number between `low` and `high`.
    pub const fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Returns a number around 0 with a standard deviation of 1, never beyond 6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Returns `true` with that probability.
    pub const fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Returns a whole number below `end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: u32) -> usize {
        let drawn = self.bits().checked_rem(end.into());
        drawn.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let (mut a, mut b) = (SeededRng::from_seed(7), SeededRng::from_seed(7));

        assert!((0..100).all(|_| a.bits() == b.bits()));
        assert_ne!(SeededRng::from_seed(8).bits(), SeededRng::from_seed(7).bits());
    }

    #[test]
    fn random_numbers_fill_their_range() {
        let mut rng = SeededRng::from_seed(1);
        let drawn: Vec<f64> = (0..10_000).map(|_| rng.between(2.0, 4.0)).collect();

        assert!(drawn.iter().all(|x| (2.0..4.0).contains(x)));
        let mean = drawn.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 3.0).abs() < 0.05, "mean {mean}");
        assert_eq!(rng.below(0), 0);
    }
}
