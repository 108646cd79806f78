//! The numbers of the law that were searched rather than measured or chosen.
//!
//! The search (`make search`, `tests/it/simulation/search.rs`) plays evenings in virtual time with players whose readings
//! scatter as the recordings of libmpv do, varies one number after the other, and prints what each costs: milliseconds of
//! spread, seconds until all are together again, freezes. What is said of a valley below is how far a number can go from its
//! place before that sum is 2 % larger.

use std::time::Duration;

/// The searched numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// How much of the drift is taken back per second. The valley begins at 0.8 and has no other end; real players were seen
    /// to be steady up to 1.5.
    pub gain: f64,
    /// Below this drift, in seconds, nothing is corrected: ten times the reading noise (0.03 ms), a tenth of what is heard as
    /// an echo. The valley ends at 0.8 ms; smaller ones gain nothing and change the speed for noise.
    pub dead_band: f64,
    /// A correction under way goes on to this share of the dead band, so that it does not end at the border and start again.
    /// Valley: 0.15 to 1.
    pub dead_band_inner: f64,
    /// Where readings scatter, the dead band is this many times their mean scatter: noise is not drift.
    /// The valley ends at 4.
    pub dead_band_per_noise: f64,
    /// The weight of a reading against its prediction. Valley: 0.08 to 0.5; the scatter of `pulse` pulls one way, a film that
    /// was thrown off the other.
    pub filter_gain: f64,
    /// The same where readings scatter, which they also seem to after a film was thrown off. The valley begins at 0.08.
    pub filter_gain_noisy: f64,
    /// The mean scatter, in seconds, from which readings count as scattering. The valley begins at 0.7 ms.
    pub noisy: f64,
    /// The weight of the newest reading in the mean scatter. Nothing between 0.03 and 0.4 makes a difference.
    pub noise_weight: f64,
    /// How much of a surprise goes into the player's measured clock rate: the time constant is ten seconds, far slower than
    /// any correction. Valley: 0.002 to 0.01; larger ones take the scatter of `pulse` for a clock.
    pub clock_gain: f64,
    /// Readings are ignored for this long after a start: they still tell of the time before. Measured;
    /// the simulation has no opinion up to 1 s.
    pub settle: Duration,
    /// The drift, in seconds, that is corrected by a hold and release shortly after a start, seek or hold of our own, when
    /// one more freeze is part of it. The valley ends at 0.12: an output that starts cold comes 0.15 s late.
    pub hold_early: f64,
    /// A start that comes up to this late is made at once, and so is one whose rest is slewed before a hold and release would
    /// be over: within this time films count as together.
    pub late_start: Duration,
}

/// What the search left.
pub const LAW: Law = Law {
    gain: 1.0,
    dead_band: 0.5e-3,
    dead_band_inner: 0.4,
    dead_band_per_noise: 1.5,
    filter_gain: 0.2,
    filter_gain_noisy: 0.12,
    noisy: 2e-3,
    noise_weight: 0.1,
    clock_gain: 0.003,
    settle: Duration::from_millis(300),
    hold_early: 0.08,
    late_start: Duration::from_millis(20),
};

impl Default for Law {
    fn default() -> Self {
        LAW
    }
}
