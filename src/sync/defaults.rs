//! The constants of the control law, with their sources. Those that were found by search are in [`super::law`].
//!
//! "Measured" means measured on libmpv 0.35.1 with the outputs `null` and `pulse`. The others were chosen, and the simulation
//! confirms them.

use std::time::Duration;

use watchtogether_protocol::timeline::RATE_DELAY;

/// The time from setting a speed to hearing it: the buffered sound is still played at the old speed. If this is too small, the
/// controller overshoots; if it is too large, the controller is slow.
pub const DEAD_TIME: Duration = RATE_DELAY;

/// The largest deviation from the room's rate: 34 cents of pitch, which few people notice for a few seconds.
pub const SPEED_LIMIT: f64 = 0.02;

/// Speeds are multiples of this. Finer steps would change nothing that can be measured within a second.
pub const SPEED_STEP: f64 = 1e-4;

/// The shortest time between two changes of speed: setting the player's property is asynchronous.
pub const SPEED_INTERVAL: Duration = Duration::from_millis(150);

/// The time after which a speed other than the room's is repeated. The worker drops it after 1 s.
pub const SPEED_RENEWAL: Duration = Duration::from_millis(400);

/// A reading that differs from its prediction by more than this, in seconds, must be confirmed by the next one; then the player
/// was moved.
pub const OUTLIER: f64 = 0.05;

/// The largest clock rate error that is accepted. Sound cards are hardly ever off by half of this.
pub const CLOCK_LIMIT: f64 = 1e-3;

/// After the first start of an item, readings are used once they have advanced steadily for this long. A sound output that was
/// just opened reports positions that are wrong by up to 1 s. Measured on `pulse`.
pub const COLD_STEADY: Duration = Duration::from_secs(1);

/// The largest deviation from a straight line, in seconds, of readings that count as steady: 1 % of [`COLD_STEADY`].
pub const COLD_TOLERANCE: f64 = 0.01;

/// The same for a player without sound, whose readings advance in steps of a frame.
pub const COLD_TOLERANCE_FRAMES: f64 = 0.06;

/// The time after which an unsteady output is used anyway.
pub const COLD_GIVE_UP: Duration = Duration::from_secs(5);

/// The drift, in seconds, from which it is corrected with a hold and release. At 2 %, slewing would take 10 s; a freeze of 0.3 s
/// is better.
pub const HOLD: f64 = 0.2;

/// How long after a start smaller drifts justify a hold.
pub const EARLY: Duration = Duration::from_secs(2);

/// The share of the estimated drift that the raw reading must show before a hold, so that an estimate alone never stops a film.
pub const HOLD_AGREEMENT: f64 = 0.8;

/// The lateness up to which the player is released after a second catch-up, and slewed.
pub const LATE_AGAIN: Duration = Duration::from_millis(80);

/// The time that a catch-up allows for commanding the player and for scheduling, beyond the seek itself.
pub const MARGIN: Duration = Duration::from_millis(150);

/// How many times the usual seek a catch-up allows for.
pub const MARGIN_PER_SEEK: f64 = 1.5;

/// The largest margin of a catch-up. With a larger one, the film would be paused for longer than the drift justifies.
pub const MARGIN_LIMIT: Duration = Duration::from_secs(6);

/// After a late catch-up, the next margin is the time that the late one would have needed, times this. In the simulation, one and
/// a half times that plus the lateness turned one slow seek among fast ones into a freeze of five seconds.
pub const MARGIN_RAISE: f64 = 1.25;

/// The weight of the newest seek in the usual one, if it was faster.
pub const SEEK_WEIGHT_FASTER: f64 = 0.2;

/// The weight of the newest seek in the usual one, if it was slower. Being late costs another freeze; too large a margin only
/// makes a freeze longer.
pub const SEEK_WEIGHT_SLOWER: f64 = 0.5;

/// The assumed duration of a seek before any was measured.
pub const SEEK_GUESS: Duration = Duration::from_millis(150);

/// The number of consecutive late catch-ups after which the player is released where it is.
pub const TRIES: u32 = 5;

/// The shortest time between two corrections by hold. It doubles each time the drift comes back.
pub const COOL_DOWN: Duration = Duration::from_secs(2);

/// The longest time between two corrections by hold.
pub const COOL_DOWN_LIMIT: Duration = Duration::from_secs(30);

/// A drift that comes back within this time after a correction counts as the same one.
pub const RELAPSE: Duration = Duration::from_secs(10);

/// The wait between two corrections from which a player counts as too slow. It is reached with the third in a row.
pub const TOO_SLOW: Duration = Duration::from_secs(8);

/// If a single catch-up pauses the film for this long, the player is too slow. A seek on a slow disk takes two seconds.
pub const FREEZE_LIMIT: Duration = Duration::from_secs(5);

/// A slow player that keeps up for this long no longer counts as slow.
pub const RECOVERED: Duration = Duration::from_secs(10);

/// A player that fell behind and then keeps its distance for this long has recovered its speed, and is corrected immediately.
pub const STEADY: Duration = Duration::from_secs(3);

/// The range, in seconds, within which a drift counts as a constant distance: ten times the loss of a player at half speed
/// between two readings.
pub const STEADY_DRIFT: f64 = 0.05;

/// The delay of the picture behind its sound that everybody notices. On lips it is noticed from 0.1 s on.
pub const PICTURE_BEHIND: Duration = Duration::from_millis(500);

/// The delay within which a picture that was late counts as keeping up again.
pub const PICTURE_FINE: Duration = Duration::from_millis(100);

/// How long a picture must be late, or keep up again, before that counts: a start or a seek delays it for a moment.
pub const PICTURE_LAG_SPAN: Duration = Duration::from_secs(2);

/// How long a jump of the film is displayed: long enough to look down and read it.
pub const JUMP_SHOWN_FOR: Duration = Duration::from_secs(4);

/// The span over which the displayed percentiles of the drift are computed.
pub const GAUGE: Duration = Duration::from_secs(10);

/// The time over which the drift must be small before a player counts as in sync: twenty readings, so that one reading that
/// happens to be zero proves nothing.
pub const SETTLED: Duration = Duration::from_secs(2);

/// A paused player seeks back instead of waiting if it is further ahead of the room than a catch-up would place it, plus this.
pub const LONGEST_WAIT: Duration = Duration::from_secs(1);
