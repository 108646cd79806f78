//! Events in sentences that nobody stumbles over.

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::room::{ClosingReason, Entered, Refusal};
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Link, Member, Role};
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::message::undo::{self, Undoable};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, LocalTime, MemberId, MemberName, Playback, Timeline};
use watchtogether_tui::strings::{self, spoken};
use watchtogether_tui::update::{Change, Offline};

use super::moves::Move;
use super::{Deed, Plain, UNDO_HINT};
use crate::bridge::Bridge;
use crate::config::Telling;
use crate::session::event::{Entry, Event, LinkState, PlayerNews};
use crate::session::status::Status;

/// Each of so many tries to connect is told to whoever wants no more than usual.
const TRIES: u32 = 5;

impl Plain {
    pub(super) fn tell_event(&mut self, event: &Event, status: &Status, now: LocalTime) {
        match event {
            Event::Link(state) => self.tell_link(state, status, now),
            Event::Entered { entered, how } => self.enter(entered, *how, now),
            Event::MemberJoined(member) => {
                self.members.push(member.clone());
                self.came_or_went(member, Change::Joined, now);
            }
            Event::MemberLeft { member, why } => self.tell_left(member, *why, now),
            Event::MemberChanged { before, member } => self.tell_changed(before, member, status, now),
            Event::HostChanged { host, why } => self.tell_host(*host, *why, now),
            Event::Chat(line) => self.tell_chat(line),
            Event::ChatPending { id, text, position } => {
                self.talk.pending(*id, text, *position, self.clock.now(now));
                if !matches!(status.link, LinkState::Up) {
                    self.tell(Telling::Calm, spoken::KEPT_FOR_LATER.to_owned());
                }
            }
            Event::ChatRefused { id, text, why } => {
                self.talk.refused(*id);
                self.typed.retain(|typed| typed != text);
                self.tell(Telling::Calm, format!("Not sent, {}: {text}", why.words()));
            }
            Event::StateChanged { before, timeline } => self.tell_moved(before, timeline, now),
            // How things stand tells for whom the room waits, and how the user's player follows.
            // Why a server ends is said by the end of the link.
            Event::WaitingFor(_)
            | Event::Sync(_)
            | Event::Closing(ClosingReason::ServerEnds | ClosingReason::HostGone) => {}
            Event::ItemChanged { item, .. } => {
                self.states.forget();
                let words = spoken::put_on(item);
                self.happened(Telling::Calm, words, now);
            }
            // Where a file did not grow, its length is no news.
            Event::LengthChanged { item, is_complete } => {
                if let Some(words) = spoken::length_found(item, *is_complete) {
                    self.happened(Telling::Normal, words, now);
                }
            }
            Event::FileCompared {
                file, is_own_choice, ..
            } => self.tell_file(*file, *is_own_choice),
            Event::StallPolicyChanged { on_stall, by } => {
                let words = strings::stall_policy(&self.name(Some(*by)), *on_stall);
                self.happened(Telling::Normal, spoken::about(&words), now);
            }
            Event::Undoable(undoable) => self.tell_undoable(undoable, status, now),
            Event::Player(PlayerNews::NoCopy) => {
                let item = status.room.as_ref().and_then(|room| room.item.as_ref());
                let title = item.map_or(strings::THE_FILM, |(_, item)| item.title.as_str());
                self.tell(Telling::Calm, spoken::no_copy(title));
            }
            Event::Player(news) => self.tell_own_player(news),
            Event::WishUndone { host } => {
                let host = host.map(|host| self.name(Some(host)));
                let words = strings::wish_undone(host.as_deref(), Bridge::is_brought_back(status));
                self.tell(Telling::Calm, spoken::sentence(&words));
            }
            Event::Refused { why, retry_after, .. } => self.tell_refused(*why, *retry_after, status),
            Event::BeyondEnd { length } => self.tell(Telling::Calm, spoken::beyond_end(*length)),
            Event::Offline(_) => self.tell(Telling::Calm, spoken::sentence(strings::OFFLINE)),
            Event::Bans { lifted, .. } if lifted.is_empty() => {}
            Event::Bans { lifted, .. } => {
                let names: Vec<&str> = lifted.iter().map(MemberName::as_str).collect();
                self.happened(Telling::Calm, format!("{}.", strings::may_come_in(&names)), now);
            }
            Event::Storage { is_failing } => {
                let words = if *is_failing {
                    strings::NOT_SAVED
                } else {
                    strings::SAVED_AGAIN
                };
                self.happened(Telling::Calm, spoken::sentence(words), now);
            }
            Event::SeatNotKept { why } => {
                let words = spoken::sentence(&strings::seat_not_saved(why.as_str()));
                self.happened(Telling::Calm, words, now);
            }
            Event::Closing(ClosingReason::RoomClosed) => {
                self.happened(Telling::Calm, spoken::ROOM_CLOSED.to_owned(), now);
            }
        }
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

    fn tell_left(&mut self, member: &Member, why: LeaveReason, now: LocalTime) {
        self.members
            .retain(|m| m.id != member.id || Some(m.id) == self.you);
        let change = match why {
            LeaveReason::Left => Change::Left,
            LeaveReason::LinkLost => Change::Gone,
            LeaveReason::Disconnected => Change::Disconnected,
            LeaveReason::Kicked { .. } => Change::Kicked,
            LeaveReason::Banned { .. } => Change::Banned,
        };
        self.came_or_went(member, change, now);
    }

    fn tell_changed(&mut self, before: &Member, member: &Member, status: &Status, now: LocalTime) {
        for known in self.members.iter_mut().filter(|m| m.id == member.id) {
            *known = member.clone();
        }
        let item = status.room.as_ref().and_then(|room| room.item.as_ref());
        let film = item.map_or("", |(_, item)| item.title.as_str());
        self.tell_member(before, member, film, now);
    }

    fn tell_host(&mut self, host: MemberId, why: HostChangeReason, now: LocalTime) {
        self.hand_over(host);
        if why != HostChangeReason::Undone {
            let is_you = self.you == Some(host);
            let words = strings::host_changed(&self.name(Some(host)), is_you, why);
            self.happened(Telling::Calm, spoken::about(&words), now);
        }
    }

    fn tell_file(&mut self, file: FileMatch, is_own_choice: bool) {
        match file {
            FileMatch::Unknown | FileMatch::Live => {}
            FileMatch::Same if is_own_choice => {}
            FileMatch::Same => self.tell(Telling::Normal, spoken::SAME_FILE.to_owned()),
            FileMatch::Growing => self.tell(Telling::Calm, spoken::GROWING_FILE.to_owned()),
            FileMatch::Other { longer_by } => self.tell(Telling::Calm, spoken::other_file(longer_by)),
        }
    }

    fn tell_refused(&mut self, why: Refusal, retry_after: Option<Duration>, status: &Status) {
        let host = status.room.as_ref().and_then(|room| room.host);
        let host = host.filter(|host| Some(*host) != self.you);
        let words = match (why, host) {
            (Refusal::NotHost, Some(host)) => strings::host_only(Some(&self.name(Some(host)))),
            _ => why.words().to_owned(),
        };
        self.tell(Telling::Calm, spoken::refused(&words, retry_after));
    }

    fn came_or_went(&mut self, member: &Member, change: Change, now: LocalTime) {
        let is_you = Some(member.id) == self.you && matches!(change, Change::Kicked | Change::Banned);
        let name = if is_you {
            strings::YOU
        } else {
            member.name.as_str()
        };
        let words = strings::came_or_went(&[name], &[change]);
        self.happened(Telling::Calm, spoken::about(&words), now);
    }

    fn tell_member(&mut self, before: &Member, member: &Member, film: &str, now: LocalTime) {
        let change = match (before.link, member.link) {
            (Link::Up | Link::Silent, Link::Lost) => Some(Change::Unreachable),
            (Link::Lost, Link::Up | Link::Silent) => Some(Change::Back),
            (Link::Up | Link::Silent, Link::Up | Link::Silent) | (Link::Lost, Link::Lost) => None,
        };
        if let Some(change) = change {
            self.came_or_went(member, change, now);
        }
        if Some(member.id) == self.you {
            return;
        }
        let name = member.name.as_str();
        let news = self.copies_told.news(film, before, member);
        let is_told = !news.is_empty() || change.is_some();
        for news in news {
            self.happened(Telling::Normal, spoken::member_news(name, news), now);
        }
        let (was, is) = (before.standing(), member.standing());
        let is_same_kind = match (was.why_not(), is.why_not()) {
            (Some(was), Some(is)) => !is.is_another_than(was),
            (None, None) => was == is,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_told || is_same_kind {
            return;
        }
        match is.why_not() {
            Some(why @ NotReady::Silent) => {
                self.tell(Telling::Normal, format!("{}.", spoken::not_ready(name, why)));
            }
            Some(why) => self.tell(Telling::All, format!("{}.", spoken::not_ready(name, why))),
            None if was.why_not() == Some(NotReady::Silent) => {
                self.tell(Telling::Normal, spoken::responds_again(name));
            }
            None if is.is_ready() => self.tell(Telling::All, format!("{name} is ready.")),
            None => {}
        }
    }

    fn enter(&mut self, entered: &Entered, how: Entry, now: LocalTime) {
        self.you = Some(entered.you);
        self.members.clone_from(&entered.room.members);
        let earlier = self.talk.enter(entered);
        if how == Entry::Resumed {
            self.happened(Telling::Calm, spoken::sentence(strings::LINK_BACK), now);
        } else {
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

    fn tell_moved(&mut self, before: &Timeline, timeline: &Timeline, now: LocalTime) {
        let who = timeline.cause.who;
        let name = self.name(who);
        let at = timeline.position;
        let is_sequel = before.cause == timeline.cause && before.playback == Playback::Preparing;
        if is_sequel {
            return;
        }
        let words = match timeline.cause.reason {
            // Where the room went is told by the change that can be undone, as the server tells it to all.
            Reason::Opened | Reason::ItemChanged | Reason::Undone | Reason::Sought => return,
            Reason::Played => spoken::happened_at(&strings::played(&name), at),
            Reason::Paused => spoken::happened_at(&format!("{name} {}", strings::PAUSED), at),
            Reason::RateChanged => spoken::rate_changed(&name, timeline.rate),
            Reason::Ended => spoken::sentence(strings::EVENT_ENDED),
            // Told by how things stand if it lasts, and so is its end.
            Reason::Waiting | Reason::Resumed => {
                let words = if timeline.cause.reason == Reason::Waiting {
                    strings::event_waiting(&name)
                } else {
                    strings::EVENT_WENT_ON.to_owned()
                };
                let words = spoken::sentence(&words);
                return self.happened(Telling::All, words, now);
            }
            Reason::Restored => spoken::sentence(strings::EVENT_RESTORED),
        };
        self.happened(Telling::Calm, words, now);
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

    /// Tells what somebody took back, where they went, or that what somebody else did can be taken back by the reader.
    fn tell_undoable(&mut self, undoable: &Undoable, status: &Status, now: LocalTime) {
        let author = undoable.undoes.map(|undone| undone.author);
        let item = status.room.as_ref().and_then(|room| room.item.as_ref());
        let names = strings::UndoneNames {
            who: self.name(Some(undoable.by)),
            author: author
                .filter(|author| *author != undoable.by)
                .map(|id| self.name(Some(id))),
            host: self.name(self.members.iter().find(|m| m.is_host()).map(|m| m.id)),
            title: item.map_or_else(
                || strings::NOTHING_ON.to_owned(),
                |(_, item)| item.title.to_string(),
            ),
        };
        if let Some(words) = spoken::undone(undoable, &names) {
            return self.happened(Telling::Calm, words, now);
        }
        let may_undo = self.controls() && Some(undoable.by) != self.you;
        if let (undo::Change::Place { from, to }, Some(room)) = (undoable.change, &status.room) {
            let id = undoable.id(room.timeline.epoch);
            let who = undoable.by;
            let words = spoken::went(&self.name(Some(who)), from, to);
            self.talk.moved(id, &words, self.clock.now(now));
            let what = Move {
                id,
                who,
                from,
                to,
                may_undo,
            };
            if let Some(over) = self.moves.sought(what, now) {
                self.tell_move(&over);
            }
            if may_undo {
                self.hinted_at = Some(now);
            }
        } else if may_undo
            && self
                .hinted_at
                .is_none_or(|at| now.saturating_since(at) >= UNDO_HINT)
        {
            self.hinted_at = Some(now);
            self.tell(Telling::Normal, strings::TYPE_TO_UNDO.to_owned());
        }
    }

    fn tell_link(&mut self, state: &LinkState, status: &Status, now: LocalTime) {
        // How things stand tells that the server is silent.
        let was_silent = std::mem::replace(&mut self.is_silent, *state == LinkState::Silent);
        match state {
            LinkState::Up if was_silent => {
                self.tell(Telling::Calm, spoken::ANSWERS_AGAIN.to_owned());
            }
            LinkState::Connecting
            | LinkState::Joining
            | LinkState::Up
            | LinkState::Silent
            | LinkState::Closed
            | LinkState::Waiting { attempt: 1, .. }
            | LinkState::Reconnecting { .. } => {}
            LinkState::Lost { why } => {
                let lost = spoken::sentence(&strings::link_lost(why.as_str()));
                let words = spoken::with_film(lost, Bridge::film_offline(status));
                self.happened(Telling::Calm, words, now);
            }
            LinkState::Waiting { attempt, after } => {
                let telling = if *attempt == 2 || attempt % TRIES == 0 {
                    Telling::Normal
                } else {
                    Telling::All
                };
                self.tell(telling, spoken::next_try(*attempt, *after));
            }
            // Where no film is shown, none is paused.
            LinkState::PausedHere if Bridge::film_offline(status) == Offline::NoFilm => {}
            LinkState::PausedHere => {
                self.tell(Telling::Calm, spoken::PAUSED_HERE.to_owned());
            }
        }
    }

    fn tell_own_player(&mut self, news: &PlayerNews) {
        match news {
            PlayerNews::Notice { text } => self.tell(Telling::Calm, spoken::sentence(text.as_str())),
            PlayerNews::OpenFailed { what, reason } => {
                let words = self.not_opened(what.as_ref(), reason);
                self.tell(Telling::Calm, words);
            }
            PlayerNews::Starting
            | PlayerNews::Started { .. }
            | PlayerNews::Opening
            | PlayerNews::Opened { .. }
            | PlayerNews::NoCopy
            // How things stand tells that it runs dry, if that lasts.
            | PlayerNews::Buffering { .. } => {}
            PlayerNews::Refilled => self.tell(Telling::All, spoken::REFILLED.to_owned()),
            PlayerNews::Closed => {
                self.tell(Telling::Calm, format!("{} {}", spoken::PLAYER_CLOSED, spoken::REOPEN));
            }
            PlayerNews::Gone {
                reason,
                hint,
                is_restarting,
            } => {
                let hint = hint.as_ref().map(|hint| format!(" {hint}")).unwrap_or_default();
                let next = if *is_restarting { spoken::RESTARTED } else { spoken::REOPEN };
                self.tell(Telling::Calm, format!("The player is gone: {reason}.{hint} {next}"));
            }
        }
    }

    /// Returns why the player has nothing on, and what can be done about it.
    fn not_opened(&self, what: Option<&Clean>, reason: &Clean) -> String {
        let next = if self.hosts() {
            spoken::OPEN_ANOTHER
        } else {
            spoken::OPEN_A_COPY
        };
        let words = strings::not_opened(what.map(Clean::as_str), reason.as_str());
        format!("{} {next}", spoken::sentence(&words))
    }
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
