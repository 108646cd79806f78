//! Handles updates.

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::Avatar;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime};

use super::{App, Damage, happenings};
use crate::keymap::Mode;
use crate::model::Room;
use crate::model::chat_log::FoldRule;
use crate::model::chat_writer::ChatWriter;
use crate::state::Scene;
use crate::state::overlay::Overlay;
use crate::strings;
use crate::text;
use crate::update::{EnteredRoom, EntryKind, Stop, Transport, Update, Weight};

impl App {
    /// Applies an update; returns whether the screen changes.
    pub(super) fn apply_update(&mut self, update: Update, now: LocalTime) -> bool {
        match update {
            Update::WallClock(wall) => self.set_machine_clock(wall, now),
            Update::RoomClock { wall, at } => self.set_room_clock(wall, at),
            Update::Resumed => self.resume(),
            Update::Connecting { to } => self.connecting(&text::safe(to.as_str())),
            Update::Entered(entered) => self.enter(*entered, now),
            Update::Stopped(stop) => self.stop(stop, now),
            Update::Earlier(lines) => {
                self.earlier = lines;
                false
            }
            Update::Draft(text) => self.give_back(&text),
            Update::Edited(text) => self.take_edited(&text),
            Update::Completed(completed) => self.path_completed(&completed),
            Update::Invite(invite) => self.in_room(|room| replace(&mut room.invite, invite)),
            Update::Member(member) => self.in_room(|room| {
                let is_same = room.member(member.id) == Some(&member);
                room.put(member);
                !is_same
            }),
            // After the user has left, the room is shown as it was.
            Update::MemberLeft(id) => self.in_room(|room| id != room.you && room.remove(id).is_some()),
            Update::Host(host) => self.in_room(|room| room.hand_over(host)),
            Update::Telemetry(samples) => self.follow(samples),
            Update::Transport(transport) => {
                let transport = transport.map(safe);
                self.in_room(|room| replace(&mut room.transport, transport))
            }
            Update::WaitingFor(who) => self.in_room(|room| replace(&mut room.waiting_for, who)),
            Update::Status(status) => self.in_room(|room| replace(&mut room.status, status)),
            Update::RoundTrip(round_trip) => self.in_room(|room| {
                let before = std::mem::replace(&mut room.round_trip, round_trip);
                before.map(strings::link) != round_trip.map(strings::link)
            }),
            Update::Unsaved(is_unsaved) => self.in_room(|room| replace(&mut room.is_unsaved, is_unsaved)),
            Update::ClockBound(bound) => self.in_room(|room| {
                let before = std::mem::replace(&mut room.clock_bound, bound);
                before.map(strings::clock_bound) != bound.map(strings::clock_bound)
            }),
            Update::SyncMinute(minute) => self.in_room(|room| room.local_player.follow(minute, now)),
            Update::Player(facts) => self.in_room(|room| replace(&mut room.local_player.facts, facts)),
            Update::Chapters(chapters) => {
                self.in_room(|room| replace(&mut room.local_player.chapters, chapters))
            }
            Update::Chat(line) => self.apply_chat(&line, now),
            Update::ChatPending { id, text, position } => self.show_pending(id, &text, position, now),
            Update::ChatRefused { id, reason } => self.take_refused(id, reason, now),
            Update::Bans(bans) => self.in_room(|room| replace(&mut room.bans, bans)),
            Update::Setting(setting) => self.in_room(|room| room.settings.set(&setting) != setting),
            Update::Undoable { undoable, id, until } => self.in_room(|room| {
                room.undoing.offered(&undoable, id, until);
                true
            }),
            Update::Note(note) => self.verbosity(now, |room, tell| happenings::noted(room, &note, tell)),
            Update::Happened(happening) => {
                self.verbosity(now, |room, tell| happenings::happened(room, &happening, tell))
            }
        }
    }

    /// Sets this machine's wall clock, which is used until the room's is known.
    fn set_machine_clock(&mut self, wall: WallTime, now: LocalTime) -> bool {
        let counts = !self.has_room_clock;
        if counts {
            self.state.clock.set(wall, now);
        }
        counts
    }

    fn set_room_clock(&mut self, wall: WallTime, at: LocalTime) -> bool {
        self.state.clock.set(wall, at);
        self.has_room_clock = true;
        true
    }

    fn resume(&mut self) -> bool {
        self.damage(Damage::All);
        true
    }

    /// Puts the text from an editor into the input line.
    fn take_edited(&mut self, text: &str) -> bool {
        self.state.mode = Mode::Chat;
        self.state.editor.set("");
        let has_room = self.state.editor.paste(text.trim_end());
        self.typed(has_room);
        true
    }

    /// Applies telemetry of members.
    fn follow(&mut self, samples: Vec<MemberSample>) -> bool {
        // The details show every digit.
        let is_all_shown = matches!(self.state.overlay, Some(Overlay::SyncDetails { .. }));
        self.in_room(|room| {
            let mut has_changed = is_all_shown;
            for sample in samples {
                has_changed |= room.follow(sample.member, sample.telemetry);
            }
            has_changed
        })
    }

    /// Shows a line of the user that is being sent.
    fn show_pending(
        &mut self,
        id: ChatId,
        text: &Clean,
        position: Option<MediaTime>,
        now: LocalTime,
    ) -> bool {
        let wall = self.state.clock.now(now);
        self.in_room(|room| {
            let colour = room.colour_of(room.you).unwrap_or_default();
            let name = room.own_name();
            room.chat.pending(id, text, position, &name, colour, wall);
            true
        })
    }

    /// Removes a line of the user that was refused; its text goes back into the input line if that is empty.
    fn take_refused(&mut self, id: ChatId, reason: Refusal, now: LocalTime) -> bool {
        let wall = self.state.clock.now(now);
        let Some(room) = self.room_mut() else { return false };
        let words = room.chat.refused(id);
        let reason = strings::refusal(reason).to_owned();
        room.chat.happened(reason, Weight::Warning, FoldRule::Same, wall);
        if let Some(words) = words
            && self.state.editor.is_empty()
        {
            self.state.editor.set(&words);
        }
        true
    }

    /// Adds a line to the chat, unless more lines arrive than anybody can read; returns whether it did.
    fn apply_chat(&mut self, line: &ChatLine, now: LocalTime) -> bool {
        let Scene::Room(room) = &mut self.state.scene else {
            return false;
        };
        // The acknowledgement of a line of the user is always accepted: it only changes an existing line.
        let is_shown = room.chat.is_pending(line.id) || self.limiter.admits_line(now);
        if is_shown {
            self.rings |= add_message(room, line, true);
        }
        is_shown
    }

    /// Adds a line that says how many lines were left out, when it is due.
    pub(super) fn report_left_out(&mut self, now: LocalTime) {
        let wall = self.state.clock.now(now);
        if let Some(count) = self.limiter.due(now) {
            self.in_room(|room| {
                room.chat
                    .happened(strings::left_out(count), Weight::Warning, FoldRule::Same, wall);
                true
            });
        }
    }

    /// Changes the room, if there is one; `change` returns whether the screen changes.
    fn in_room(&mut self, change: impl FnOnce(&mut Room) -> bool) -> bool {
        self.room_mut().is_some_and(change)
    }

    /// Changes the room, if there is one, and reports that, unless more lines arrive than anybody can read; `change` returns
    /// whether the screen changes.
    fn verbosity(&mut self, now: LocalTime, change: impl FnOnce(&mut Room, ChatWriter<'_>) -> bool) -> bool {
        let wall = self.state.clock.now(now);
        let Scene::Room(room) = &mut self.state.scene else {
            return false;
        };
        change(room, ChatWriter::new(&mut self.limiter, wall, now))
    }

    fn connecting(&mut self, to: &str) -> bool {
        match &mut self.state.scene {
            Scene::Room(room) => room.stop = None,
            Scene::Connecting { .. } | Scene::Stopped(_) => {
                self.state.scene = Scene::Connecting { to: to.to_owned() };
            }
        }
        true
    }

    fn enter(&mut self, mut entered: EnteredRoom, now: LocalTime) -> bool {
        entered.transport = entered.transport.map(safe);
        let before = match std::mem::replace(&mut self.state.scene, Scene::Connecting { to: String::new() }) {
            Scene::Room(room) => Some(*room),
            Scene::Connecting { .. } | Scene::Stopped(_) => None,
        };
        let is_known = before.as_ref().is_some_and(|room| room.name == entered.room);
        let mut room = Room::entered(&entered, before);
        let wall = self.state.clock.now(now);
        let earlier = std::mem::take(&mut self.earlier);
        if !is_known {
            recall(&mut room, &earlier, wall);
        }
        if entered.chat_has_gap {
            room.chat
                .happened(msg!("chat-gap").to_owned(), Weight::Calm, FoldRule::Same, wall);
        }
        for line in &entered.chat {
            self.rings |= add_message(&mut room, line, is_known);
        }
        let words = match entered.how {
            EntryKind::Created => Some(strings::opened(room.shown_name())),
            EntryKind::Joined => {
                let host = room.host.filter(|host| *host != room.you);
                Some(strings::entered(
                    room.shown_name(),
                    host.map(|host| room.name_of(host)).as_deref(),
                ))
            }
            EntryKind::Resumed => None,
        };
        if let Some(words) = words {
            room.chat.happened(words, Weight::Calm, FoldRule::Same, wall);
        }
        self.state.scene = Scene::Room(Box::new(room));
        true
    }

    /// Puts a line that was not sent back into the input line; returns whether it did.
    fn give_back(&mut self, text: &str) -> bool {
        let has_place = self.state.editor.is_empty() && !text.is_empty();
        if has_place {
            self.state.editor.set(text);
            self.state.notice = Some(msg!("draft-is-back").to_owned());
        }
        has_place
    }

    fn stop(&mut self, stop: Stop, now: LocalTime) -> bool {
        let wall = self.state.clock.now(now);
        match &mut self.state.scene {
            Scene::Room(room) => {
                let words = strings::with_hint(
                    &strings::stop_title_because(stop.kind, stop.words.as_str()),
                    stop.hint.as_ref().map(AsRef::as_ref),
                );
                if !room.stop(stop, now) {
                    room.chat.happened(words, Weight::Failure, FoldRule::Same, wall);
                }
            }
            Scene::Connecting { .. } | Scene::Stopped(_) => self.state.scene = Scene::Stopped(stop),
        }
        true
    }
}

/// Adds a line to the chat; returns whether the bell rings for it.
fn add_message(room: &mut Room, line: &ChatLine, is_news: bool) -> bool {
    let known = room.colour_of(line.from);
    let colour = known.unwrap_or_else(|| Avatar::of_name(&line.name).colour);
    let own_name = room.own_name();
    let you = room.you;
    let is_news = room
        .chat
        .add_message(line, colour, Some((you, &own_name)), is_news);
    is_news && room.chat.last_mentions_user()
}

/// Puts the chat of earlier sessions before the present one, with a line that marks its end.
fn recall(room: &mut Room, earlier: &[ChatLine], wall: WallTime) {
    let own_name = room.own_name();
    for line in earlier {
        let colour = Avatar::of_name(&line.name).colour;
        room.chat.earlier(line, colour, (room.you, &own_name));
    }
    if !earlier.is_empty() {
        let words = msg!("earlier-ends").to_owned();
        room.chat.happened(words, Weight::Calm, FoldRule::Same, wall);
    }
}

/// Returns a transport with a title that can be drawn.
fn safe(mut transport: Transport) -> Transport {
    transport.title = Clean::line(&text::safe(transport.title.as_str()));
    transport
}

fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let has_changed = *place != value;
    *place = value;
    has_changed
}
