//! The numbers of the law that keeps a player with its room, with where they come from; those that were searched are in
//! [`super::law`].
//!
//! "Measured" means on libmpv 0.35.1 with the outputs `null` and `pulse`; the others were chosen, and the
//! simulation holds them.

use std::time::Duration;

use watchtogether_protocol::timeline::RATE_DELAY;

/// From setting a speed to hearing it: what the sound output has buffered plays on at the old one. Too short a figure
/// makes the controller overshoot, too long a figure makes it slow.
pub const DEAD_TIME: Duration = RATE_DELAY;

/// The largest deviation from the room's rate: 34 cents of pitch, which few notice for the seconds that it lasts.
pub const SPEED_LIMIT: f64 = 0.02;

/// Speeds are multiples of this: finer ones change nothing that can be measured in a second.
pub const SPEED_STEP: f64 = 1e-4;

/// The least time between two changes of speed: the player's property is asynchronous.
pub const SPEED_INTERVAL: Duration = Duration::from_millis(150);

/// A speed other than the room's is told again after this: the worker drops it after 1 s.
pub const SPEED_RENEWAL: Duration = Duration::from_millis(400);

/// A reading further from its prediction than this, in seconds, must be confirmed by the next one: then the player
/// was moved.
pub const OUTLIER: f64 = 0.05;

/// Sound cards are hardly ever off by half of this; beyond lies a mistake.
pub const CLOCK_LIMIT: f64 = 1e-3;

/// After the first start of an item, readings count once they ran as fast as the player for this long: a sound
/// output that was just opened reports positions that are wrong by up to 1 s. Measured on `pulse`.
pub const COLD_STEADY: Duration = Duration::from_secs(1);

/// How far, in seconds, a reading may lie off the straight line to count as steady: 1 % of [`COLD_STEADY`].
pub const COLD_TOLERANCE: f64 = 0.01;

/// The same for a player without sound, whose readings are a staircase of frames.
pub const COLD_TOLERANCE_FRAMES: f64 = 0.06;

/// An output that is not steady after this long is taken as it is.
pub const COLD_GIVE_UP: Duration = Duration::from_secs(5);

/// From this drift on, in seconds, a hold and release corrects: at 2 % the way back would take 10 s, a freeze of 0.3 s
/// beats that.
pub const HOLD: f64 = 0.2;

/// How long "shortly after" is.
pub const EARLY: Duration = Duration::from_secs(2);

/// The raw reading must show at least this share of the estimate before a hold: an estimate alone never stops a film.
pub const HOLD_AGREEMENT: f64 = 0.8;

/// A catch-up that comes up to this late is let go and slewed.
pub const LATE_AGAIN: Duration = Duration::from_millis(80);

/// What a catch-up leaves for telling the player and for scheduling, beyond the seek itself.
pub const MARGIN: Duration = Duration::from_millis(150);

/// How many times the usual seek a catch-up leaves.
pub const MARGIN_PER_SEEK: f64 = 1.5;

/// The longest that a catch-up leaves: beyond it the film stands longer than the drift is worth.
pub const MARGIN_LIMIT: Duration = Duration::from_secs(6);

/// After a catch-up that came late the next leaves what that one would have needed, times this. Simulated against half
/// as much again plus the lateness: that made one slow seek among fast ones a freeze of five seconds.
pub const MARGIN_RAISE: f64 = 1.25;

/// The weight of the newest seek in the usual one, where it was faster.
pub const SEEK_WEIGHT_FASTER: f64 = 0.2;

/// The same where it was slower: coming late costs another freeze, leaving too much only a longer one.
pub const SEEK_WEIGHT_SLOWER: f64 = 0.5;

/// What a seek takes before any was measured.
pub const SEEK_GUESS: Duration = Duration::from_millis(150);

/// After this many catch-ups in a row that came late, the player is let go where it is.
pub const TRIES: u32 = 5;

/// The least time between two corrections by hold; it doubles each time that the drift comes back.
pub const COOL_DOWN: Duration = Duration::from_secs(2);

/// The longest time between two corrections.
pub const COOL_DOWN_LIMIT: Duration = Duration::from_secs(30);

/// A drift that is back within this time after a correction counts as the same one.
pub const RELAPSE: Duration = Duration::from_secs(10);

/// From this wait between two corrections on, a player is said to be too slow: it is the third in a row.
pub const TOO_SLOW: Duration = Duration::from_secs(8);

/// A film that stands for this long for one catch-up has a player that is too slow: a seek on a slow disk takes two seconds.
pub const FREEZE_LIMIT: Duration = Duration::from_secs(5);

/// A player that was too slow and then kept up for this long is not any more.
pub const RECOVERED: Duration = Duration::from_secs(10);

/// A player that fell behind and then keeps its distance for this long has got its strength back: it is corrected at once.
pub const STEADY: Duration = Duration::from_secs(3);

/// How far, in seconds, a drift may move to count as the same distance: ten times what a player of half the pace loses
/// between two readings.
pub const STEADY_DRIFT: f64 = 0.05;

/// A picture this far behind its sound is seen by everybody: lips are noticed from 0.1 s on.
pub const PICTURE_BEHIND: Duration = Duration::from_millis(500);

/// A picture that was too far behind keeps up again where it is within this.
pub const PICTURE_FINE: Duration = Duration::from_millis(100);

/// For how long a picture must be behind, or keep up again: a start or a seek makes it late for a moment.
pub const STRAIN_SPAN: Duration = Duration::from_secs(2);

/// How long it is said that the film jumped: as long as it takes to look down and read it.
pub const JUMP_SHOWN_FOR: Duration = Duration::from_secs(4);

/// The span that the shown percentiles of the drift are taken over.
pub const GAUGE: Duration = Duration::from_secs(10);

/// The span over which the drift must be small before a player is called in sync: twenty readings, so that one which
/// happens to cross zero proves nothing.
pub const SETTLED: Duration = Duration::from_secs(2);

/// A player that stands further ahead of the room than a catch-up would leave, plus this, goes back instead of waiting.
pub const LONGEST_WAIT: Duration = Duration::from_secs(1);
