//! Handles the updates of plain mode.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime, MemberId, Rate};

use super::{AnnounceInterval, LineVerbosity, Plain, PlainEffect, UNDO_HINT, states, talk};
use crate::intent::Intent;
use crate::model::Room;
use crate::strings::spoken;
use crate::update::{
    EnteredRoom, EntryKind, Motion, Note, PlayerFacts, Status, Stop, Transport, Update, Weight,
};

impl Plain {
    /// Applies an update, and reports it if it should be reported.
    pub fn handle_update(&mut self, update: Update, now: LocalTime) {
        self.now = now;
        match update {
            Update::RoomClock { wall, at } => self.clock.set(wall, at),
            Update::Entered(entered) => self.enter(&entered, now),
            Update::Connecting { .. } => self.in_room(|room| room.stop = None),
            Update::Stopped(stop) => self.stop(stop, now),
            Update::Invite(invite) => self.in_room(|room| room.invite = invite),
            Update::Member(member) => self.in_room(|room| drop(room.put(member))),
            Update::MemberLeft(id) => self.in_room(|room| {
                if id != room.you {
                    room.remove(id);
                }
            }),
            Update::Host(host) => self.in_room(|room| {
                room.hand_over(host);
            }),
            Update::Telemetry(samples) => self.in_room(|room| {
                let samples = samples.into_iter();
                room.telemetry = samples.map(|sample| (sample.member, sample.telemetry)).collect();
            }),
            Update::Transport(transport) => self.in_room(|room| room.transport = transport),
            Update::WaitingFor(who) => self.in_room(|room| room.waiting_for = who),
            Update::Status(status) => self.update_state(status, now),
            Update::SyncMinute(minute) => self.in_room(|room| room.local_player.minute = minute),
            Update::Player(facts) => self.follow_player(facts, now),
            Update::Chapters(chapters) => self.in_room(|room| room.local_player.chapters = chapters),
            Update::Bans(bans) => self.in_room(|room| room.bans = bans),
            Update::Setting(setting) => self.in_room(|room| drop(room.settings.set(&setting))),
            Update::Chat(line) => self.print_chat(&line),
            Update::ChatPending { id, text, position } => self.show_pending(id, &text, position, now),
            Update::ChatRefused { id, .. } => self.take_refused(id),
            Update::Undoable { undoable, .. } => self.print_undoable(&undoable, now),
            Update::Happened(happening) => self.print_happening(&happening, now),
            Update::Note(note) => self.answer(in_words(&note)),
            // Only for the screen, or for the code that owns the typed line.
            Update::Earlier(_)
            | Update::Draft(_)
            | Update::Edited(_)
            | Update::Completed(_)
            | Update::RoundTrip(_)
            | Update::Unsaved(_)
            | Update::ClockBound(_)
            | Update::WallClock(_)
            | Update::Resumed => {}
        }
        self.plan_announcement(now);
    }

    fn in_room(&mut self, change: impl FnOnce(&mut Room)) {
        if let Some(room) = &mut self.room {
            change(room);
        }
    }

    fn enter(&mut self, entered: &EnteredRoom, now: LocalTime) {
        let before = self.room.take();
        let room = self.room.insert(Room::entered(entered, before));
        let earlier = talk::earlier(room, &entered.chat);
        if entered.how != EntryKind::Resumed {
            let words = room_in_words(room, now);
            self.states.forget();
            self.print_after_seeks(LineVerbosity::Calm, words);
        }
        if entered.chat_has_gap {
            self.print_after_seeks(LineVerbosity::Calm, msg!("spoken-chat-has-gap").to_owned());
        }
        for words in earlier {
            self.print_after_seeks(LineVerbosity::Calm, words);
        }
    }

    /// Handles the end of the session. A user at a terminal may restart it; otherwise there is nothing left to do.
    fn stop(&mut self, stop: Stop, now: LocalTime) {
        let Some(room) = &mut self.room else {
            return self.want(Intent::Leave);
        };
        if !self.settings.is_at_terminal || !stop.may_retry {
            return self.want(Intent::Leave);
        }
        room.stop(stop, now);
        let reason = room.stop.as_ref().map_or("", |stop| stop.words.as_str());
        let words = if reason.is_empty() {
            msg!("spoken-disconnected").to_owned()
        } else {
            msg!("spoken-disconnected-because", why = reason)
        };
        self.states.handle(None, now);
        self.answer(words);
    }

    /// Updates the status, which is reported when it has lasted.
    fn update_state(&mut self, status: Status, now: LocalTime) {
        let waiting = self.waiting_in(&status);
        let announcement = states::announcement(&status, &waiting, self.may(RoomAct::GoOn));
        self.in_room(|room| room.status = status);
        self.states.handle(announcement, now);
        if let Some(announcement) = self.states.due(now) {
            self.print_after_seeks(announcement.verbosity, announcement.words);
        }
    }

    /// Returns the members that the room waits for, the user first, with the percentages of their caches.
    fn waiting_in(&self, status: &Status) -> Vec<(String, Option<u8>)> {
        let (Status::Waiting { who }, Some(room)) = (status, &self.room) else {
            return Vec::new();
        };
        let (you, others): (Vec<MemberId>, Vec<MemberId>) = who.who.iter().partition(|id| **id == room.you);
        let buffering = |id| room.member(id)?.report.player.buffering();
        let all = you.into_iter().chain(others);
        all.map(|id| (self.who(id).label().to_owned(), buffering(id)))
            .collect()
    }

    /// Updates the details of the user's player, and reports the effect of a changed setting once it shows.
    fn follow_player(&mut self, facts: Option<PlayerFacts>, now: LocalTime) {
        if let Some((before, until)) = self.tweaked.take_if(|(_, until)| now < *until) {
            let changed = facts
                .as_ref()
                .map_or_else(Vec::new, |facts| spoken::player_changed(before.as_ref(), facts));
            if changed.is_empty() {
                self.tweaked = Some((before, until));
            }
            for words in changed {
                self.answer(words);
            }
        }
        self.in_room(|room| room.local_player.facts = facts);
    }

    fn print_chat(&mut self, line: &ChatLine) {
        let Some(room) = &mut self.room else { return };
        let (words, names_you) = talk::add_message(room, line);
        let is_own = line.from == room.you;
        if is_own
            && let Some(index) = self
                .typed
                .iter()
                .position(|typed| is_same_message(typed, &line.text))
        {
            // It is already on the terminal, as it was typed.
            self.typed.remove(index);
            return;
        }
        self.print(LineVerbosity::Calm, words);
        if names_you && self.limiter.admits_bell(self.now) {
            self.effects.push_back(PlainEffect::Ring);
        }
    }

    fn show_pending(&mut self, id: ChatId, text: &Clean, position: Option<MediaTime>, now: LocalTime) {
        let wall = self.clock.now(now);
        let Some(room) = &mut self.room else { return };
        talk::pending(room, id, text, position, wall);
        if room.is_offline() {
            self.print_after_seeks(LineVerbosity::Calm, msg!("spoken-kept-for-later").to_owned());
        }
    }

    /// Removes a line of the user that was refused; a happening reports why.
    fn take_refused(&mut self, id: ChatId) {
        let refused = self.room.as_mut().and_then(|room| room.chat.refused(id));
        if let Some(words) = refused {
            self.typed.retain(|typed| typed.as_str().trim() != words.trim());
        }
    }

    /// Reports that a change can be undone, unless it has not been reported itself yet.
    fn print_undoable(&mut self, undoable: &Undoable, now: LocalTime) {
        if !undoable.is_sole_report() {
            self.print_way_to_undo(Some(undoable.by), now);
        }
    }

    /// Reports that the user can undo the last change, if it is somebody else's.
    pub(super) fn print_way_to_undo(&mut self, by: Option<MemberId>, now: LocalTime) {
        if !self.may_undo(by) {
            return;
        }
        if self
            .hinted_at
            .is_none_or(|at| now.saturating_since(at) >= UNDO_HINT)
        {
            self.hinted_at = Some(now);
            self.print_after_seeks(LineVerbosity::Normal, msg!("type-to-undo").to_owned());
        }
    }

    /// Schedules the next report of the position, but only while the film plays.
    fn plan_announcement(&mut self, now: LocalTime) {
        let transport = self.room.as_ref().and_then(|room| room.transport.as_ref());
        let plays = transport.is_some_and(|transport| transport.motion == Motion::Playing);
        if let AnnounceInterval::Every(period) = self.settings.announce {
            let next = self.announces_at.unwrap_or(now + period);
            self.announces_at = (plays && self.is_in_room()).then_some(next);
        }
    }
}

/// Returns the description of a room that the user enters: who is there, the film, and its position.
fn room_in_words(room: &Room, now: LocalTime) -> String {
    let people = room.members.iter();
    let names: Vec<String> = people
        .map(|member| {
            let name = if member.id == room.you {
                msg!("you")
            } else {
                member.name.as_str()
            };
            spoken::in_the_room(name, member.is_host())
        })
        .collect();
    let what = match &room.transport {
        Some(transport) => place_in_words(transport, None, now),
        None => msg!("spoken-no-item").to_owned(),
    };
    msg!(
        "spoken-room",
        room = room.shown_name(),
        people = spoken::people(&names),
        what = what
    )
}

/// Returns a sentence about the current item, its position, whether it plays, and the speed if it is not the normal one.
pub(super) fn place_in_words(transport: &Transport, rate: Option<Rate>, now: LocalTime) -> String {
    let place = spoken::position_of(transport.position_at(now), transport.duration);
    let title = &transport.title;
    let motion = match transport.motion {
        Motion::Playing => "playing",
        Motion::Paused => "paused",
        Motion::Preparing => "starting",
    };
    match rate {
        None => msg!("spoken-place", title = title, place = place, motion = motion),
        Some(rate) => msg!(
            "spoken-place-at-speed",
            title = title,
            place = place,
            motion = motion,
            speed = spoken::speed(rate)
        ),
    }
}

/// Returns the outcome of a file operation as sentences.
fn in_words(note: &Note) -> String {
    match note.weight {
        Weight::Calm => spoken::done(note.words.as_str()),
        Weight::Warning | Weight::Failure => {
            spoken::not_done(note.words.as_str(), note.hint.as_ref().map(Clean::as_str))
        }
    }
}

/// Returns whether a line that came back is the one that was typed.
fn is_same_message(typed: &Clean, sent: &Clean) -> bool {
    typed.as_str().trim() == sent.as_str().trim()
}
