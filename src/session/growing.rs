//! Handles a file that is still being written: the room's length follows the player's.
//!
//! A link also has no length before a player has opened it, and the room's host may have no player. A host or co-host with a
//! player reports what it found, including the position of a live stream, whose positions are its timestamps.
//!
//! The player knows whether the open file is growing. While it is, neither the player's item nor the room's has a length, so the
//! film cannot end. The client of a host or co-host sends the length to the room, and repeats it every [`REPEAT_INTERVAL`] while
//! the room has a different one, because a request may be lost with the connection or dropped by the server.

use std::time::Duration;

use watchtogether_protocol::message::playback::{Action, LengthChanged, SetLength};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{ClientMessage, ItemSource, Length, LocalTime, MediaTime};

use super::Session;
use super::admission::Phase;
use super::event::Event;
use super::local_media::{self, Player};
use super::media_shelf::is_same;
use crate::player::Extent;

/// How long to wait for the server's answer. It is longer than any usual round trip.
const REPEAT_INTERVAL: Duration = Duration::from_secs(3);

/// Lengths that differ by less than this count as equal: for some formats, each player estimates the length in its own way.
const SAME_LENGTH: Duration = Duration::from_secs(1);

impl Session {
    /// Handles the player's report about the length of the open file.
    pub(super) fn handle_length_report(
        &mut self,
        duration: Option<MediaTime>,
        extent: Extent,
        now: LocalTime,
    ) {
        let (Player::Open { media, .. }
        | Player::OpeningByWindow {
            opened: Some((media, _)),
            ..
        }) = &mut self.local_media.player
        else {
            return;
        };
        (media.duration, media.extent) = (duration, extent);
        self.local_media.is_length_sure = true;
        self.local_media.length_sent_at = None;
        self.sync.handle_length(duration);
        self.send_length(now);
    }

    /// Sends the length of the current item, if the player knows better than the room and the user is host or co-host.
    pub(super) fn send_length(&mut self, now: LocalTime) {
        let is_waiting = |sent_at: LocalTime| now.saturating_since(sent_at) < REPEAT_INTERVAL;
        if self.phase != Phase::InRoom || self.local_media.length_sent_at.is_some_and(is_waiting) {
            return;
        }
        let Some(mirror) = self.mirror.as_ref().filter(|m| m.may(RoomAct::SetLength)) else {
            return;
        };
        let (Some((id, item)), Some((copy, media))) = (&mirror.item, self.local_media.mounted()) else {
            return;
        };
        let own = local_media::length_of(media, item);
        let is_sure = self.local_media.is_length_sure;
        let is_right = match (own, item.length) {
            (Length::Of(own), Length::Of(room)) => !is_sure || (own - room).abs() < SAME_LENGTH,
            (Length::Of(_), Length::Unknown) => !is_sure && matches!(item.source, ItemSource::File { .. }),
            (Length::Live, Length::Unknown) => false,
            // If the player does not know the length of a complete file, that means nothing for the room's length.
            (Length::Unknown, Length::Of(_)) => !is_sure || !media.is_growing(),
            // A live stream that has ended is a film with a length for anybody who opens it afterwards.
            (Length::Of(_), Length::Live)
            | (Length::Live, Length::Of(_) | Length::Live)
            | (Length::Unknown, Length::Unknown | Length::Live) => true,
        };
        if is_right || !is_same(&copy.item, item) {
            return;
        }
        let (id, is_stamped) = (*id, media.is_seekable);
        self.local_media.length_sent_at = Some(now);
        self.send(ClientMessage::SetLength(SetLength { id, length: own }));
        let place = self.local_media.status.and_then(|status| status.reading);
        if let (Length::Live, true, Some(place)) = (own, is_stamped, place) {
            self.move_room(
                Action::Seek {
                    position: place.position.max(MediaTime::ZERO),
                },
                now,
            );
        }
    }

    /// Handles a change of the length of the room's item.
    pub(super) fn receive_length(&mut self, changed: LengthChanged) {
        let Some(mirror) = &mut self.mirror else { return };
        if let Some((item, is_complete)) = mirror.handle_length(changed) {
            let item = item.clone();
            self.local_media.shelf.handle_length(changed.id, item.length);
            self.event(Event::LengthChanged { item, is_complete });
        }
    }
}
