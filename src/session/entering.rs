//! Taking a seat: what is kept of the previous knowledge of the room, and what its item is.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::{Entered, Request};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{LocalTime, MediaTime};

use super::Session;
use super::admission::Phase;
use super::chat::RoomLife;
use super::config::Admission;
use super::event::{EntryKind, Event, LinkState};
use super::media_shelf::is_same;
use super::mirror::Mirror;
use super::output::Output;
use super::reconnect::SeatHold;
use super::status::InviteKey;

/// The events in the room while there was no link to it.
#[derive(Debug, Default)]
struct MissedEvents {
    lines: Vec<ChatLine>,
    undoable: Option<Undoable>,
}

impl Session {
    /// Handles the seat in the room that the server gave.
    pub(super) fn handle_entered(&mut self, mut entered: Box<Entered>, now: LocalTime) {
        let Phase::Joining { request, attempt, .. } = self.phase else {
            return;
        };
        let asked = self.config.admission.room();
        let is_elsewhere = asked.is_some_and(|room| *room != entered.room.name);
        // The token belongs to another room than the requested one. Staying would show the user the wrong room.
        if request == Request::Resume && self.mirror.is_none() && is_elsewhere {
            return self.connect_without_seat(attempt);
        }
        let is_other_server = self.route.handle_entered();
        self.seat = SeatHold::taken(attempt, now);
        // Read before the mirror is replaced: afterwards the position is that of the new room.
        let was_at = self.room_position(now);
        let was_playing = !self.is_paused_here
            && self
                .mirror
                .as_ref()
                .is_some_and(|m| m.timeline.is_meant_to_play());
        self.phase = Phase::InRoom;
        self.lost = None;
        self.is_paused_here = false;
        self.reported.report = None;
        self.reported.ready = None;
        // If the room never answered an offer, `continue_item` makes it again, if it is still wanted.
        self.local_media.offer = None;
        // Two machines that were started within seconds of each other have similar clocks; the estimate of one must not be used
        // for the other.
        if is_other_server {
            self.clock.handle_other_server();
        }
        self.clock.handle_entered(entered.now, now);
        let before = self.mirror.take();
        let is_first = before.is_none();
        let resumed = before.as_ref().filter(|_| request == Request::Resume);
        let into = resumed_life(resumed, &entered);
        let how = match (request, &before) {
            (Request::CreateRoom, _) => EntryKind::Created,
            (Request::Resume, Some(_)) => EntryKind::Resumed,
            (_, _) => EntryKind::Joined,
        };
        let mut mirror = Mirror::new(&entered, now);
        self.invite = self.invite_key(&mirror, request);
        // In another epoch of the room, the same number may belong to a different item.
        if into != RoomLife::SameLife {
            self.local_media.shelf.keep_only_current();
        }
        self.chat.handle_entered(into);
        for line in &entered.chat {
            self.chat.handle_line(line, entered.saved);
        }
        let missed = before.map_or_else(MissedEvents::default, |before| {
            let chat = std::mem::take(&mut entered.chat);
            let (new, is_apart) = mirror.go_on_from(&before, chat, entered.chat_after);
            if how == EntryKind::Resumed {
                entered.chat_has_gap |= is_apart;
                return MissedEvents {
                    lines: new,
                    undoable: mirror.missed_since(&before),
                };
            }
            entered.chat = new;
            MissedEvents::default()
        });
        self.outputs.push_back(Output::KeepSeat {
            room: mirror.name.clone(),
            token: mirror.token,
        });
        self.mirror = Some(mirror);
        self.emit_entered(entered, how, missed);
        self.continue_item(is_first, was_at, was_playing, now);
    }

    /// Reports that the seat was taken, and what was missed without a link.
    fn emit_entered(&mut self, entered: Box<Entered>, how: EntryKind, missed: MissedEvents) {
        let is_failing = entered.saved.is_some_and(|saved| saved.is_failing);
        self.event(Event::Link(LinkState::Up));
        self.narrate_return(how);
        self.event(Event::Entered { entered, how });
        for line in missed.lines {
            self.event(Event::Chat(line));
        }
        if let Some(undoable) = missed.undoable {
            self.event(Event::Undoable(undoable));
        }
        if is_failing {
            self.event(Event::Storage { is_failing: true });
        }
    }

    /// Returns the part of the invite that admits others: what the server says, which it says to hosts and co-hosts, or what
    /// admitted this member. A seat that was taken back says nothing about that.
    fn invite_key(&self, mirror: &Mirror, request: Request) -> Option<InviteKey> {
        let had = match &self.config.admission {
            Admission::Join { token, .. } => *token,
            Admission::Host { again, .. } => again.and_then(|again| again.invite),
        };
        match (mirror.invite, had) {
            (Some(token), _) => Some(InviteKey::Token(token)),
            (None, _) if mirror.may(RoomAct::SeeInvite) => Some(InviteKey::NotNeeded),
            (None, Some(token)) => self.invite.or(Some(InviteKey::Token(token))),
            (None, None) if request == Request::Resume => self.invite,
            (None, None) => Some(InviteKey::NotNeeded),
        }
    }

    /// Returns the position to continue from in a room that was left before.
    fn goes_on_at(&self) -> Option<MediaTime> {
        match &self.config.admission {
            Admission::Host { again, .. } => again.and_then(|again| again.position),
            Admission::Join { .. } => None,
        }
    }

    /// Compares the room's item with the player's after the seat was taken. If the room lost its item, its host sets it again at
    /// the film's position, and it keeps playing if it was playing. A host who comes with another film than the current one sets
    /// that; a host who only comes back finds the current one.
    fn continue_item(
        &mut self,
        is_first: bool,
        was_at: Option<MediaTime>,
        was_playing: bool,
        now: LocalTime,
    ) {
        let Some(mirror) = &self.mirror else { return };
        if let Some((_, item)) = &mirror.item {
            let is_host =
                matches!(self.config.admission, Admission::Host { .. }) && mirror.may(RoomAct::SetItem);
            let named = self
                .config
                .local_item
                .as_ref()
                .filter(|_| self.config.copy_of.is_none());
            let is_other = named.is_some_and(|copy| !is_same(&copy.item, item));
            if is_first && is_host && is_other {
                return self.offer_local(MediaTime::ZERO, false, now);
            }
            self.change_item(now);
        } else if mirror.may(RoomAct::SetItem) {
            let place = was_at.or_else(|| self.goes_on_at()).unwrap_or(MediaTime::ZERO);
            self.offer_local(place, was_playing, now);
        }
    }
}

/// Returns which epoch of which room was entered, compared with the room whose seat was taken back.
fn resumed_life(resumed: Option<&Mirror>, entered: &Entered) -> RoomLife {
    match resumed {
        Some(known) if known.timeline.epoch == entered.room.state.timeline.epoch => RoomLife::SameLife,
        Some(_) => RoomLife::NextLife {
            after: entered.chat_after,
        },
        None => RoomLife::Elsewhere,
    }
}
