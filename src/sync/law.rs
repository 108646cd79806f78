//! The parameters of the control law that were found by search rather than measured or chosen.
//!
//! The search (`make search`, `tests/it/simulation/search.rs`) plays films in virtual time with players whose readings scatter
//! like the recordings of libmpv. It varies one parameter after another, and prints the cost of each value: milliseconds of
//! spread, seconds until everybody is together again, freezes. The "valley" of a parameter is the range within which that sum
//! grows by at most 2 %.

use std::time::Duration;

/// The parameters that the search found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// The share of the drift that is corrected per second. The valley begins at 0.8 and has no upper end; real players were
    /// stable up to 1.5.
    pub gain: f64,
    /// The drift, in seconds, below which nothing is corrected: ten times the reading noise (0.03 ms), a tenth of an audible
    /// echo. The valley ends at 0.8 ms; smaller values gain nothing and make noise change the speed.
    pub dead_band: f64,
    /// A correction in progress continues down to this share of the dead band, so that it does not stop at the edge and start
    /// again. Valley: 0.15 to 1.
    pub dead_band_inner: f64,
    /// If readings scatter, the dead band is this many times their mean scatter, because noise is not drift. The valley ends at
    /// 4.
    pub dead_band_per_noise: f64,
    /// The weight of a reading against its prediction. Valley: 0.08 to 0.5. The scatter of `pulse` favours the lower end, a film
    /// that was disturbed the upper.
    pub filter_gain: f64,
    /// The weight for scattering readings. After a disturbance readings also seem to scatter. The valley begins at 0.08.
    pub filter_gain_noisy: f64,
    /// The mean scatter, in seconds, from which readings count as scattering. The valley begins at 0.7 ms.
    pub noisy: f64,
    /// The weight of the newest reading in the mean scatter. Values between 0.03 and 0.4 make no difference.
    pub noise_weight: f64,
    /// The share of a prediction error that goes into the player's measured clock rate. The time constant is ten seconds, far
    /// slower than any correction. Valley: 0.002 to 0.01; larger values take the scatter of `pulse` for a clock error.
    pub clock_gain: f64,
    /// How long readings are ignored after a start, because they still describe the time before it. Measured; in the simulation,
    /// values up to 1 s make no difference.
    pub settle: Duration,
    /// The drift, in seconds, that is corrected with a hold and release shortly after a start, a seek or a hold, when one more
    /// freeze is hardly noticed. The valley ends at 0.12: an output that starts cold is 0.15 s late.
    pub hold_early: f64,
    /// The lateness up to which a start is made immediately and the rest is slewed, within the time that a hold and release would
    /// take. Films that are this close count as together.
    pub late_start: Duration,
}

/// The result of the search.
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
