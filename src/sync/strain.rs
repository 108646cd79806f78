//! Judges whether the picture keeps up with its sound.
//!
//! The sound is the player's clock: a decoder that is too slow does not delay it and shows its pictures later and later, with
//! every drift at zero. libmpv 0.35.1 was seen 14 s behind with its picture while the sound was in sync within a millisecond.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use super::defaults::{PICTURE_BEHIND, PICTURE_FINE, STRAIN_SPAN};

/// Judges the delay of the picture.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strain {
    is_strained: bool,
    /// Since when the opposite has seemed to be true.
    since: Option<LocalTime>,
}

impl Strain {
    /// Takes in the delay of the picture behind the sound of a playing film.
    pub(super) fn handle_lag(&mut self, behind: Duration, now: LocalTime) {
        let contradicts = if self.is_strained {
            behind <= PICTURE_FINE
        } else {
            behind >= PICTURE_BEHIND
        };
        if !contradicts {
            self.since = None;
            return;
        }
        let since = *self.since.get_or_insert(now);
        if now.saturating_since(since) >= STRAIN_SPAN {
            self.is_strained = !self.is_strained;
            self.since = None;
        }
    }

    /// Returns whether the picture cannot keep up.
    pub(super) const fn is_strained(&self) -> bool {
        self.is_strained
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lags: &[(u64, u64)]) -> bool {
        let mut strain = Strain::default();
        for (ms, behind) in lags {
            strain.handle_lag(Duration::from_millis(*behind), LocalTime::from_millis(*ms));
        }
        strain.is_strained()
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
