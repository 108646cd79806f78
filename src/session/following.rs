//! Whether the local player is where the room is, as reported to the other members. States that last no longer than a moment are
//! not reported.
//!
//! A player that is elsewhere for [`REPORT_AFTER`] is catching up. A player that sends nothing for [`NOT_RESPONDING`] does not
//! respond, because with a film open it should send a status ten times a second. Reported numbers are coarse, so that a state
//! causes only a handful of messages, however long it lasts.

use std::time::Duration;

use watchtogether_protocol::message::roster::PlayerState;
use watchtogether_protocol::message::standing;
use watchtogether_protocol::{LocalTime, MediaTime, Playback};

use super::Session;
use super::event::SyncState;
use super::local_media::Player;

/// How long a player may be elsewhere before it is reported. A seek and a start take less.
pub(super) const REPORT_AFTER: Duration = Duration::from_secs(1);

/// The drift above which a playing player counts as elsewhere.
const OUT_OF_PLACE_DRIFT: Duration = Duration::from_secs(1);

/// How long a player may be silent: as long as twenty of its statuses take.
pub(super) const NOT_RESPONDING: Duration = Duration::from_secs(2);

/// How far the room must be beyond the end of the local copy: two encodings of one film may end up to a second apart.
const BEYOND_END: MediaTime = MediaTime::from_millis(1_000);

/// The state of following the room.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Following {
    /// When the player's last event arrived.
    heard: LocalTime,
    /// Whether the player has been silent for too long.
    is_silent: bool,
    /// Since when the player has been elsewhere.
    apart: Option<LocalTime>,
    /// The end of the copy, if the room is beyond it.
    pub(super) ended: Option<MediaTime>,
}

impl Following {
    /// Records that an event of the player arrived, or that another player is being started.
    pub(super) const fn note_heard(&mut self, now: LocalTime) {
        self.heard = now;
        self.is_silent = false;
    }
}

impl Session {
    /// Updates how the player follows.
    pub(super) fn watch_player(&mut self, now: LocalTime) {
        self.following.apart = if self.is_apart(now) {
            self.following.apart.or(Some(now))
        } else {
            None
        };
        self.following.ended = if let PlayerState::Ended { at } = self.player_state(now) {
            Some(at)
        } else {
            None
        };
    }

    pub(super) fn handle_silent_player(&mut self, now: LocalTime) {
        if self.silent_player_due().is_some_and(|due| now >= due) {
            self.following.is_silent = true;
        }
    }

    /// Returns when a silent player will count as not responding.
    pub(super) fn silent_player_due(&self) -> Option<LocalTime> {
        let is_watched = matches!(self.local_media.player, Player::Open { .. }) && !self.following.is_silent;
        is_watched.then(|| self.following.heard + NOT_RESPONDING)
    }

    /// Returns the state of the local player.
    pub(super) fn player_state(&self, now: LocalTime) -> PlayerState {
        let state = self.local_media.state(self.sync.is_too_slow());
        let is_open = matches!(self.local_media.player, Player::Open { .. });
        if is_open && self.following.is_silent {
            return PlayerState::NotResponding;
        }
        if !matches!(state, PlayerState::Following | PlayerState::TooSlow)
            || self.local_media.mounted().is_none()
        {
            return state;
        }
        if let Some(at) = self.ended_at(now) {
            return PlayerState::Ended { at };
        }
        let is_apart = self
            .following
            .apart
            .is_some_and(|since| now.saturating_since(since) >= REPORT_AFTER);
        if is_apart && state == PlayerState::Following {
            let behind = self.behind(now);
            return PlayerState::CatchingUp { behind };
        }
        state
    }

    /// Returns the end of the local copy if the room is beyond it.
    fn ended_at(&self, now: LocalTime) -> Option<MediaTime> {
        let end = self.sync.copy_end()?;
        (self.room_position(now)? > end + BEYOND_END).then_some(end)
    }

    fn is_apart(&self, now: LocalTime) -> bool {
        let Some(mirror) = &self.mirror else { return false };
        if self.starts(&mirror.timeline, now).is_some() || self.is_paused_here {
            return false;
        }
        let is_playing = mirror.timeline.playback == Playback::Playing;
        match self.sync_state() {
            SyncState::Standing => is_playing,
            SyncState::Catching | SyncState::Comparing => true,
            SyncState::Settling => self
                .sync
                .drift()
                .is_some_and(|drift| drift.abs() > OUT_OF_PLACE_DRIFT),
            SyncState::Off
            | SyncState::Loading
            | SyncState::Playing
            | SyncState::Buffering
            | SyncState::TooSlow => false,
        }
    }

    /// Returns room minus player, in coarse seconds, if the player reports its position.
    fn behind(&self, now: LocalTime) -> Option<MediaTime> {
        let reading = self.local_media.status?.reading?;
        let drift = self.sync.drift().map(|drift| MediaTime::ZERO - drift);
        let behind = drift.or_else(|| Some(self.room_position(now)? - reading.position))?;
        let seconds = coarse(behind.abs().as_secs());
        let size = MediaTime::from_millis(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000);
        let is_ahead = behind < MediaTime::ZERO;
        Some(if is_ahead { MediaTime::ZERO - size } else { size }).filter(|_| seconds > 0)
    }

    pub(super) fn is_in_sync(&self) -> bool {
        let drift = self.sync.drift().map(MediaTime::abs);
        standing::is_in_sync(drift, standing::is_settled(self.sync.spread()))
    }
}

/// Returns a state as it is reported to the others.
pub(super) fn reported_state(state: PlayerState) -> PlayerState {
    if let PlayerState::Searching { folders } = state {
        let folders = u32::try_from(coarse(folders.into())).unwrap_or(u32::MAX);
        return PlayerState::Searching { folders };
    }
    state
}

/// Returns a number rounded down to 1, 2 or 5 times a power of ten, so that a growing number changes rarely.
fn coarse(number: u64) -> u64 {
    let Some(digits) = number.checked_ilog10() else {
        return 0;
    };
    let unit = 10_u64.pow(digits);
    match number / unit {
        1 => unit,
        2..=4 => 2 * unit,
        _ => 5 * unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growing_number_is_reported_rarely() {
        let mut shown: Vec<u64> = (0..=1_000).map(coarse).collect();
        shown.dedup();

        assert_eq!(shown, [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
    }
}
