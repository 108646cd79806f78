//! Judges whether the picture keeps up with the sound.
//!
//! The sound is the player's clock. A decoder that is too slow does not delay it, but shows the picture later and later, while
//! every drift is zero. libmpv 0.35.1 was seen 14 s behind with its picture while the sound was in sync within a millisecond.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::defaults::{PICTURE_BEHIND, PICTURE_FINE, PICTURE_LAG_SPAN};

/// Judges the delay of the picture.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PictureLag {
    is_lagging: bool,
    /// Since when the measured delay has contradicted the present judgement.
    since: Option<LocalTime>,
}

impl PictureLag {
    /// Handles the delay of the picture behind the sound while the film plays.
    pub(super) fn handle_lag(&mut self, behind: Duration, now: LocalTime) {
        let contradicts = if self.is_lagging {
            behind <= PICTURE_FINE
        } else {
            behind >= PICTURE_BEHIND
        };
        if !contradicts {
            self.since = None;
            return;
        }
        let since = *self.since.get_or_insert(now);
        if now.saturating_since(since) >= PICTURE_LAG_SPAN {
            self.is_lagging = !self.is_lagging;
            self.since = None;
        }
    }

    /// Returns whether the picture cannot keep up.
    pub(super) const fn is_lagging(&self) -> bool {
        self.is_lagging
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lags: &[(u64, u64)]) -> bool {
        let mut picture_lag = PictureLag::default();
        for (ms, behind) in lags {
            picture_lag.handle_lag(Duration::from_millis(*behind), LocalTime::from_millis(*ms));
        }
        picture_lag.is_lagging()
    }

    #[test]
    fn a_picture_that_falls_behind_for_good_is_noticed() {
        assert!(!after(&[(0, 600), (1_900, 900)]));
        assert!(after(&[(0, 600), (1_900, 900), (2_000, 1_000)]));
    }

    #[test]
    fn a_picture_that_was_late_for_a_moment_is_not() {
        assert!(!after(&[(0, 600), (1_000, 40), (1_500, 700), (3_000, 700)]));
    }

    #[test]
    fn a_picture_that_keeps_up_again_is_believed_after_a_while() {
        let late = [(0, 600), (2_000, 600)];

        assert!(after(
            &[&late[..], &[(3_000, 20), (4_000, 300), (5_500, 20)]].concat()
        ));
        assert!(!after(&[&late[..], &[(3_000, 20), (5_000, 20)]].concat()));
    }
}
