//! A file that is still being written: its length follows the player's.
//!
//! The player says whether the open file grows. While it does, neither the player's item nor the room's has a length, so
//! nothing is over. Whoever controls the room tells it the length, and repeats that every [`REPEAT`] while the room has
//! another: a request may be lost with the connection or dropped by the server.

use std::time::Duration;

use watchtogether_protocol::message::playback::{LengthChanged, SetLength};
use watchtogether_protocol::{ClientMessage, LocalTime, MediaTime, limits};

use super::Session;
use super::admission::Phase;
use super::deck::{Player, is_same};
use super::event::Event;
use crate::player::Extent;

/// How long the server's answer is waited for: longer than any usual round trip.
const REPEAT: Duration = Duration::from_secs(3);

/// Two lengths this near are the same: players estimate the length of some formats, each in its own way.
const SAME_LENGTH: Duration = Duration::from_secs(1);

impl Session {
    /// Takes in what the player says of the length of the open file.
    pub(super) fn hear_length(&mut self, duration: Option<MediaTime>, extent: Extent, now: LocalTime) {
        let (Player::Open { media, .. }
        | Player::OpeningByWindow {
            opened: Some((media, _)),
            ..
        }) = &mut self.deck.player
        else {
            return;
        };
        (media.duration, media.extent) = (duration, extent);
        self.deck.is_length_sure = true;
        self.deck.length_told = None;
        self.sync.handle_length(duration);
        self.tell_length(now);
    }

    /// Tells the room the length of its item, where the player knows better and the user controls the room.
    pub(super) fn tell_length(&mut self, now: LocalTime) {
        let is_waiting = |told: LocalTime| now.saturating_since(told) < REPEAT;
        if !self.deck.is_length_sure
            || self.phase != Phase::InRoom
            || self.deck.length_told.is_some_and(is_waiting)
        {
            return;
        }
        let Some(mirror) = self.mirror.as_ref().filter(|m| m.may_control()) else {
            return;
        };
        let (Some((id, item)), Some((copy, media))) = (&mirror.item, self.deck.mounted()) else {
            return;
        };
        let duration = media.duration;
        let is_right = match (duration, item.duration) {
            (Some(own), Some(room)) => (own - room).abs() < SAME_LENGTH,
            (None, None) => true,
            // A whole file whose length the player does not know says nothing about the room's.
            (None, Some(_)) => !media.is_growing(),
            (Some(_), None) => false,
        };
        let longest = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);
        let is_valid = duration.is_none_or(|d| d > MediaTime::ZERO && d <= longest);
        if is_right || !is_valid || !is_same(&copy.item, item) {
            return;
        }
        let id = *id;
        self.deck.length_told = Some(now);
        self.send(ClientMessage::SetLength(SetLength { id, duration }));
    }

    /// Takes in that the length of the room's item is another.
    pub(super) fn receive_length(&mut self, changed: LengthChanged) {
        let Some(mirror) = &mut self.mirror else { return };
        if let Some((item, is_complete)) = mirror.handle_length(changed) {
            let item = item.clone();
            self.event(Event::LengthChanged { item, is_complete });
        }
    }
}
