//! Instants, media positions and rates, each as a type.
//!
//! A clock counts nanoseconds from an origin that only its machine knows. The client's and the server's clocks have different
//! types, so that no arithmetic can mix them; only [`crate::clock::ClockEstimator`] converts.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use bincode::{Decode, Encode};

macro_rules! instant {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name(u64);

        impl $name {
            /// Returns the instant `nanos` nanoseconds after the clock's origin.
            pub const fn from_nanos(nanos: u64) -> Self {
                Self(nanos)
            }

            /// Returns the instant `millis` milliseconds after the clock's origin.
            pub const fn from_millis(millis: u64) -> Self {
                Self(millis * 1_000_000)
            }

            /// Returns the nanoseconds since the clock's origin.
            pub const fn as_nanos(self) -> u64 {
                self.0
            }

            /// Returns the time since `earlier`, or zero if `earlier` is later.
            pub const fn saturating_since(self, earlier: Self) -> Duration {
                Duration::from_nanos(self.0.saturating_sub(earlier.0))
            }

            /// Returns the signed nanoseconds from `other` to `self`.
            pub const fn nanos_since(self, other: Self) -> i64 {
                self.0.wrapping_sub(other.0).cast_signed()
            }

            /// Returns the instant moved by signed nanoseconds, at the earliest the origin.
            #[must_use]
            pub const fn offset_by(self, nanos: i64) -> Self {
                Self(self.0.saturating_add_signed(nanos))
            }

            /// Returns the instant `duration` earlier, at the earliest the origin.
            #[must_use]
            pub fn saturating_sub(self, duration: Duration) -> Self {
                Self(self.0.saturating_sub(nanos_of(duration)))
            }
        }

        impl Add<Duration> for $name {
            type Output = Self;

            fn add(self, rhs: Duration) -> Self {
                Self(self.0.saturating_add(nanos_of(rhs)))
            }
        }
    };
}

instant! {
    /// An instant of this machine's monotonic clock.
    LocalTime
}

instant! {
    /// An instant of the server's monotonic clock, which a room's timeline uses.
    ServerTime
}

/// Wall-clock time in milliseconds since 1970, for display, and for restoring a film's position after a server restart. It is
/// used for nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct WallTime(pub u64);

impl WallTime {
    /// Returns the wall-clock time after a duration, in whole milliseconds.
    #[must_use]
    pub fn after(self, time: Duration) -> Self {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

/// A position in a film, or a distance between two, in nanoseconds. It is negative only in intermediate results: a room's
/// position is never before the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct MediaTime(i64);

impl MediaTime {
    /// The beginning of the film.
    pub const ZERO: Self = Self(0);

    /// Returns the position `nanos` nanoseconds from the beginning.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Returns the position `millis` milliseconds from the beginning, at most 292 years.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// Returns the position `seconds` from the beginning. A value that is not finite becomes zero.
    pub fn from_secs_f64(seconds: f64) -> Self {
        if !seconds.is_finite() {
            return Self::ZERO;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float cast saturates, and 2^63 ns are 292 years"
        )]
        Self((seconds * 1e9).round() as i64)
    }

    /// Returns the nanoseconds from the beginning.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Returns the milliseconds from the beginning, rounded towards zero.
    pub const fn as_millis(self) -> i64 {
        self.0 / 1_000_000
    }

    /// Returns the seconds from the beginning.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Returns the absolute value of the distance.
    pub const fn abs(self) -> Duration {
        Duration::from_nanos(self.0.unsigned_abs())
    }
}

impl Add for MediaTime {
    type Output = Self;

    fn add(self, rhs: Self) -> Self {
        Self(self.0.saturating_add(rhs.0))
    }
}

impl Sub for MediaTime {
    type Output = Self;

    fn sub(self, rhs: Self) -> Self {
        Self(self.0.saturating_sub(rhs.0))
    }
}

impl From<Duration> for MediaTime {
    fn from(duration: Duration) -> Self {
        Self(nanos_of(duration).try_into().unwrap_or(i64::MAX))
    }
}

/// Writes `1:02:03`, or `02:03` below an hour, without fractions.
impl fmt::Display for MediaTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.unsigned_abs() / 1_000_000_000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let sign = if self.0 <= -1_000_000_000 { "-" } else { "" };
        if hours > 0 {
            write!(f, "{sign}{hours}:{minutes:02}:{seconds:02}")
        } else {
            write!(f, "{sign}{minutes:02}:{seconds:02}")
        }
    }
}

/// The speed at which a room watches, in millionths: an integer, so that it is exact on the wire and never NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Rate(u32);

impl Rate {
    /// Normal speed.
    pub const NORMAL: Self = Self(1_000_000);
    /// The slowest rate of a room. Below 0.25x, speech is unintelligible.
    pub const MIN: Self = Self(250_000);
    /// The fastest rate of a room. Above 4x, decoders cannot keep up.
    pub const MAX: Self = Self(4_000_000);

    /// Returns the rate of `millionths`, or `None` if it is out of range.
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths < Self::MIN.0 || millionths > Self::MAX.0 {
            None
        } else {
            Some(Self(millionths))
        }
    }

    /// Returns the rate nearest to a player's speed, or `None` if that is out of range.
    pub fn from_f64(speed: f64) -> Option<Self> {
        let millionths = (speed * 1e6).round();
        if !(0.0..=1e9).contains(&millionths) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked one line above"
        )]
        Self::from_millionths(millionths as u32)
    }

    /// Returns the rate in millionths.
    pub const fn as_millionths(self) -> u32 {
        self.0
    }

    /// Returns the rate as the factor that players use.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }

    /// Returns whether the rate is in range; a value from the wire may not be.
    pub const fn is_valid(self) -> bool {
        Self::from_millionths(self.0).is_some()
    }

    /// Returns how far the film advances in `nanos` of real time.
    pub fn media_nanos(self, nanos: i64) -> i64 {
        let exact = i128::from(nanos) * i128::from(self.0) / 1_000_000;
        exact
            .clamp(i64::MIN.into(), i64::MAX.into())
            .try_into()
            .expect("clamped to the range of i64")
    }

    /// Returns the real time in which the film advances by `nanos`.
    pub fn real_nanos(self, nanos: i64) -> i64 {
        let exact = i128::from(nanos) * 1_000_000 / i128::from(self.0.max(1));
        exact
            .clamp(i64::MIN.into(), i64::MAX.into())
            .try_into()
            .expect("clamped to the range of i64")
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self::NORMAL
    }
}

fn nanos_of(duration: Duration) -> u64 {
    duration.as_nanos().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_saturate_at_their_origin() {
        let start = LocalTime::from_millis(5);

        assert_eq!(start.saturating_sub(Duration::from_secs(1)), LocalTime::default());
        assert_eq!(start.offset_by(-6_000_000), LocalTime::default());
        assert_eq!(LocalTime::default().saturating_since(start), Duration::ZERO);
    }

    #[test]
    fn a_signed_difference_shows_the_order() {
        let (early, late) = (ServerTime::from_millis(1), ServerTime::from_millis(3));

        assert_eq!(late.nanos_since(early), 2_000_000);
        assert_eq!(early.nanos_since(late), -2_000_000);
    }

    #[test]
    fn positions_are_written_as_players_write_them() {
        assert_eq!(MediaTime::from_millis(59_999).to_string(), "00:59");
        assert_eq!(MediaTime::from_millis(3_723_000).to_string(), "1:02:03");
        assert_eq!(MediaTime::from_millis(-61_000).to_string(), "-01:01");
        assert_eq!(MediaTime::from_millis(-10).to_string(), "00:00");
    }

    #[test]
    fn a_non_finite_position_becomes_zero() {
        assert_eq!(MediaTime::from_secs_f64(f64::NAN), MediaTime::ZERO);
        assert_eq!(MediaTime::from_secs_f64(f64::INFINITY), MediaTime::ZERO);
    }

    #[test]
    fn rates_outside_the_range_do_not_exist() {
        assert_eq!(Rate::from_f64(0.1), None);
        assert_eq!(Rate::from_f64(f64::NAN), None);
        assert_eq!(Rate::from_f64(-1.0), None);
        assert_eq!(Rate::from_f64(1.25).map(Rate::as_millionths), Some(1_250_000));
    }

    #[test]
    fn media_and_real_time_are_each_others_inverse() {
        let rate = Rate::from_f64(1.25).expect("1.25 is in range");

        assert_eq!(rate.media_nanos(4_000_000_000), 5_000_000_000);
        assert_eq!(rate.real_nanos(5_000_000_000), 4_000_000_000);
    }
}
