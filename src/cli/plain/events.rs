//! What happened, told as lines; the words are the catalogue's (`spoken`).

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::Entered;
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::narration::{self, Fact, Happening, PlayerNews};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, LocalTime, MemberId, Playback};
use watchtogether_tui::strings::{self, spoken};

use super::moves::Move;
use super::{Deed, Plain, UNDO_HINT};
use crate::config::Telling;
use crate::session::event::{Entry, Event, LinkState};
use crate::session::status::Status;

/// Each of so many tries to connect is told to whoever wants no more than usual.
const TRIES: u32 = 5;

impl Plain {
    pub(super) fn take_event(&mut self, event: &Event, status: &Status, now: LocalTime) {
        match event {
            Event::Happened(happening) => self.tell_happening(happening, now),
            Event::Entered { entered, how } => self.enter(entered, *how),
            Event::MemberJoined(member) => self.members.push(member.clone()),
            Event::MemberLeft { member, .. } => {
                self.members
                    .retain(|m| m.id != member.id || Some(m.id) == self.you);
            }
            Event::MemberChanged { member, .. } => {
                for known in self.members.iter_mut().filter(|m| m.id == member.id) {
                    *known = member.clone();
                }
            }
            Event::HostChanged { host, .. } => self.hand_over(*host),
            Event::Chat(line) => self.tell_chat(line),
            Event::ChatPending { id, text, position } => {
                self.talk.pending(*id, text, *position, self.clock.now(now));
                if !matches!(status.link, LinkState::Up) {
                    self.tell(Telling::Calm, spoken::KEPT_FOR_LATER.to_owned());
                }
            }
            Event::ChatRefused { id, text, .. } => {
                self.talk.refused(*id);
                self.typed.retain(|typed| typed != text);
            }
            Event::ItemChanged { .. } => self.states.forget(),
            Event::Undoable(undoable) => self.tell_undoable(undoable, now),
            // A happening tells these, or how things stand does.
            Event::Link(_)
            | Event::StateChanged { .. }
            | Event::WaitingFor(_)
            | Event::LengthChanged { .. }
            | Event::FileCompared { .. }
            | Event::StallPolicyChanged { .. }
            | Event::Bans { .. }
            | Event::Storage { .. }
            | Event::SeatNotKept { .. }
            | Event::Player(_)
            | Event::WishUndone { .. }
            | Event::Refused { .. }
            | Event::BeyondEnd { .. }
            | Event::Offline(_)
            | Event::Sync(_)
            | Event::Closing(_) => {}
        }
    }

    fn tell_happening(&mut self, happening: &Happening, now: LocalTime) {
        if let (Fact::Seek { id, from, to }, Some(actor)) = (&happening.fact, &happening.actor) {
            if let Some(words) = spoken::line(happening, false) {
                self.talk.moved(*id, &words, self.clock.now(now));
            }
            let what = Move {
                id: *id,
                who: actor.id,
                from: *from,
                to: *to,
                may_undo: self.may_undo(Some(actor.id)),
            };
            if what.may_undo {
                self.hinted_at = Some(now);
            }
            if let Some(over) = self.moves.sought(what, now) {
                self.tell_move(&over);
            }
            return;
        }
        let Some(words) = spoken::line(happening, self.may(RoomAct::PutOn)) else {
            return;
        };
        let telling = telling(&happening.fact);
        if is_kept(&happening.fact) {
            self.happened(telling, words, now);
        } else {
            self.tell(telling, words);
        }
    }

    /// Returns whether the reader can undo what a member did, and did not do it themselves.
    fn may_undo(&self, by: Option<MemberId>) -> bool {
        self.may(RoomAct::Undo) && by != self.you
    }

    fn tell_chat(&mut self, line: &ChatLine) {
        let (words, names_you) = self.talk.said(line);
        let is_own = Some(line.from) == self.you;
        if is_own && let Some(index) = self.typed.iter().position(|typed| is_said(typed, &line.text)) {
            // It stands on the terminal already, as it was typed.
            self.typed.remove(index);
            return;
        }
        self.tell_as_it_is(Telling::Calm, words);
        if names_you && self.flow.admits_bell(self.now) {
            self.deeds.push_back(Deed::Ring);
        }
    }

    fn enter(&mut self, entered: &Entered, how: Entry) {
        self.you = Some(entered.you);
        self.members.clone_from(&entered.room.members);
        let earlier = self.talk.enter(entered);
        if how != Entry::Resumed {
            self.states.forget();
            let words = room_in_words(entered);
            self.tell(Telling::Calm, words);
        }
        if entered.chat_has_gap {
            self.tell(Telling::Calm, spoken::CHAT_HAS_GAP.to_owned());
        }
        for words in earlier {
            self.tell(Telling::Calm, words);
        }
    }

    fn hand_over(&mut self, host: MemberId) {
        for member in &mut self.members {
            if member.id == host {
                member.role = Role::Host;
            } else if member.is_host() {
                member.role = Role::Viewer;
            }
        }
    }

    /// Tells that what somebody else did can be undone by the reader; a seek says so itself.
    fn tell_undoable(&mut self, undoable: &Undoable, now: LocalTime) {
        let is_told_with_it = undoable.undoes.is_some() || matches!(undoable.change, Change::Place { .. });
        if is_told_with_it || !self.may_undo(Some(undoable.by)) {
            return;
        }
        if self
            .hinted_at
            .is_none_or(|at| now.saturating_since(at) >= UNDO_HINT)
        {
            self.hinted_at = Some(now);
            self.tell(Telling::Normal, strings::TYPE_TO_UNDO.to_owned());
        }
    }
}

/// Returns to whom a fact is told: to everybody, to those who want no less than usual, or to those who want all.
fn telling(fact: &Fact) -> Telling {
    if let Fact::Standing { was, is } = fact {
        let silent = Some(NotReady::Silent);
        let ends_silence = was.why_not() == silent && is.why_not().is_none();
        return if is.why_not() == silent || ends_silence {
            Telling::Normal
        } else {
            Telling::All
        };
    }
    if let Fact::NextAttempt { attempt, .. } = fact {
        return if *attempt == 2 || attempt.is_multiple_of(TRIES) {
            Telling::Normal
        } else {
            Telling::All
        };
    }
    let is_for_all = matches!(
        fact,
        // Told by how things stand if it lasts, and so is its end.
        Fact::Moved(narration::Move {
            reason: Reason::Waiting | Reason::Resumed,
            ..
        }) | Fact::Player(PlayerNews::Refilled)
    );
    let is_usual = matches!(
        fact,
        Fact::Copy { .. }
            | Fact::LengthFound { .. }
            | Fact::StallPolicySet { .. }
            | Fact::CopyCompared {
                file: FileMatch::Same,
                ..
            }
    );
    if is_for_all {
        Telling::All
    } else if is_usual {
        Telling::Normal
    } else {
        Telling::Calm
    }
}

/// Returns whether the line is kept with the chat: it is about the room, not about this machine.
const fn is_kept(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Presence { .. }
            | Fact::Copy { .. }
            | Fact::BecameHost { .. }
            | Fact::Moved(_)
            | Fact::PutOn { .. }
            | Fact::LengthFound { .. }
            | Fact::StallPolicySet { .. }
            | Fact::Undid { .. }
            | Fact::BansLifted { .. }
            | Fact::Storage { .. }
            | Fact::SeatNotKept { .. }
            | Fact::LinkLost { .. }
            | Fact::LinkBack { .. }
            | Fact::RoomClosed
    )
}

/// Returns what somebody finds who comes in: who is there, what is on, and where it is.
fn room_in_words(entered: &Entered) -> String {
    let names: Vec<String> = entered
        .room
        .members
        .iter()
        .map(|member| {
            let is_you = member.id == entered.you;
            let name = if is_you {
                strings::YOU
            } else {
                member.name.as_str()
            };
            spoken::in_the_room(name, member.is_host())
        })
        .collect();
    let timeline = &entered.room.state.timeline;
    let what = match &entered.room.item {
        Some((_, item)) => {
            let place = spoken::position_of(timeline.position_at(entered.now), item.duration());
            let motion = match timeline.playback {
                Playback::Playing => strings::PLAYING,
                Playback::Paused => strings::PAUSED,
                Playback::Preparing => strings::STARTING,
            };
            format!("{}, at {place}, {motion}.", item.title)
        }
        None => spoken::sentence(strings::NO_ITEM),
    };
    format!("Room {}. {} {what}", entered.room.name, spoken::people(&names))
}

/// Returns whether a line that came back is the one that was typed.
fn is_said(typed: &Clean, said: &Clean) -> bool {
    typed.as_str().trim() == said.as_str().trim()
}
