//! The actions of typed lines and keys: by their row of the action table, or by [`ACTS`]. For actions that make no sense without
//! a screen, the answer says so.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{Clean, LocalTime, MemberId, Rate, RoomIntent};

use super::{AnnounceInterval, Plain, PlainEffect, TWEAK, TYPED, talk};
use crate::action::{Action, ActionEffect, ActionId, Slash, rate_after};
use crate::chat_text;
use crate::intent::Intent;
use crate::model::markup::as_action;
use crate::model::transcript::transcript;
use crate::slash_command::{self, ChapterTarget, ParsedLine, SlashCommand};
use crate::strings::{Who, spoken};

/// An action that plain mode performs in its own way.
type PlainAction = fn(&mut Plain, LocalTime);

/// The actions that plain mode performs in its own way. All others need a screen, or edit the typed line.
const ACTS: &[(ActionId, PlainAction)] = &[
    (ActionId::Bans, Plain::print_bans),
    (ActionId::MessageUp, |plain, _| plain.choose(true, false)),
    (ActionId::MessageDown, |plain, _| plain.choose(false, false)),
    (ActionId::Mention, |plain, _| plain.choose(true, true)),
    (ActionId::MentionForward, |plain, _| plain.choose(false, true)),
    (ActionId::Copy, |plain, _| plain.copy()),
    (ActionId::Reveal, |plain, _| plain.reveal()),
    (ActionId::ClearChat, |plain, _| plain.clear()),
    (ActionId::Where, Plain::print_position_on_request),
    (ActionId::People, |plain, _| plain.print_people()),
    (ActionId::SyncDetails, |plain, _| plain.print_details()),
    (ActionId::Player, Plain::print_player),
    (ActionId::Invite, |plain, _| plain.print_invite()),
    (ActionId::Help, |plain, _| plain.print_help(None)),
    (ActionId::Palette, |plain, _| plain.print_help(None)),
    (ActionId::Edit, |plain, _| {
        plain.effects.push_back(PlainEffect::Edit);
    }),
    (ActionId::Suspend, |plain, _| plain.want(Intent::Suspend)),
    (ActionId::Interrupt, Plain::leave),
    (ActionId::Leave, Plain::leave),
];

impl Plain {
    /// Handles a typed line.
    pub fn handle_line(&mut self, line: &str, now: LocalTime) {
        let line = line.trim_end();
        let parsed = slash_command::parse(line);
        if self.leaves_until.is_some_and(|until| now < until) {
            let leaves = matches!(parsed, ParsedLine::Do(SlashCommand::Run(ActionId::Leave)));
            if !leaves {
                self.leaves_until = None;
                self.answer(msg!("spoken-stays").to_owned());
            }
            // Usual answers to a question are not sent as messages.
            if matches!(line.trim().to_lowercase().as_str(), "" | "y" | "yes" | "n" | "no") {
                return;
            }
        }
        let found = std::mem::take(&mut self.found);
        if let (false, Ok(number)) = (found.is_empty(), line.trim().parse::<usize>()) {
            if let Some(path) = number.checked_sub(1).and_then(|index| found.get(index)) {
                self.effects.push_back(PlainEffect::OpenFound(path.clone()));
            } else {
                self.answer(spoken::number_from(found.len()));
                self.found = found;
            }
            return;
        }
        if line.is_empty() {
            return;
        }
        match parsed {
            ParsedLine::Say(text) => self.say(&text),
            ParsedLine::Wrong(mistake) => self.answer(spoken::mistake(&mistake)),
            ParsedLine::Do(command) => self.run(command, now),
        }
    }

    /// Performs an action that was requested by its key or its name.
    pub fn handle_action(&mut self, id: ActionId, now: LocalTime) {
        let action = id.action();
        match &action.effect {
            ActionEffect::Ask(intent) => {
                if matches!(intent, Intent::Player(_)) {
                    let facts = self
                        .room
                        .as_ref()
                        .and_then(|room| room.local_player.facts.clone());
                    self.tweaked = Some((facts, now + TWEAK));
                }
                self.want(intent.clone());
            }
            ActionEffect::ChangeRate(change) => {
                match self.room.as_ref().and_then(|room| room.transport.as_ref()) {
                    Some(transport) => {
                        let rate = rate_after(*change, transport.rate);
                        self.effects.extend(
                            rate.map(|rate| PlainEffect::Intent(Intent::Room(RoomIntent::SetRate(rate)))),
                        );
                    }
                    None => self.answer(msg!("spoken-no-item").to_owned()),
                }
            }
            ActionEffect::MoveByChapters(by) => self.go_to_chapter(&ChapterTarget::By(*by), now),
            ActionEffect::With(_) => {
                let beginning = action.slash_form().map(Slash::beginning);
                self.effects.extend(beginning.map(PlainEffect::Prepare));
            }
            ActionEffect::Here(_) => match act_of(id) {
                Some(act) => act(self, now),
                None if action.slash_form().is_none() => self.answer(spoken::of_the_line(id)),
                None => self.answer(on_screen_alone(id)),
            },
        }
    }

    /// Reports the film's position; the requested report is not repeated as an unrequested one.
    fn print_position_on_request(&mut self, now: LocalTime) {
        self.print_position(now);
        if let (Some(at), AnnounceInterval::Every(period)) = (&mut self.announces_at, self.settings.announce)
        {
            *at = now + period;
        }
    }

    fn run(&mut self, command: SlashCommand, now: LocalTime) {
        match command {
            SlashCommand::Run(id) => self.handle_action(id, now),
            SlashCommand::Ask(intent) => {
                if let Intent::Room(RoomIntent::SetRate(rate)) = intent
                    && self.may(RoomAct::Move)
                    && self.has_rate(rate)
                {
                    self.answer(spoken::rate_already(rate));
                }
                self.want(intent);
            }
            SlashCommand::Chapter(request) => self.go_to_chapter(&request, now),
            SlashCommand::Member { id, name } => self.act_on_named(id.action(), &name),
            SlashCommand::Ban { id, name } => self.act_on_banned(id.action(), &name),
            SlashCommand::Words { id, text } => self.do_with_words(id, text),
            SlashCommand::Switch { id, .. } => self.answer(on_screen_alone(id)),
        }
    }

    /// Returns whether the room has a speed, so that nobody else will report that it was set.
    fn has_rate(&self, rate: Rate) -> bool {
        let room = self.room.as_ref().filter(|room| !room.is_offline());
        let transport = room.and_then(|room| room.transport.as_ref());
        transport.is_some_and(|transport| transport.rate == rate)
    }

    fn do_with_words(&mut self, id: ActionId, text: String) {
        if id == ActionId::Open {
            self.want(Intent::Open(text));
        } else if id == ActionId::Export {
            self.export(text);
        } else if id == ActionId::Act {
            self.say(&as_action(&text));
        } else {
            self.print_help(Some(&text));
        }
    }

    fn say(&mut self, text: &str) {
        match chat_text::checked(text) {
            Ok(text) => {
                if self.settings.is_at_terminal {
                    self.typed.push_back(text.clone());
                    if self.typed.len() > TYPED {
                        self.typed.pop_front();
                    }
                }
                self.want(Intent::Say(text));
            }
            Err(reason) => self.answer(msg!("spoken-not-sendable", why = reason)),
        }
    }

    fn go_to_chapter(&mut self, request: &ChapterTarget, now: LocalTime) {
        let room = self.room.as_ref();
        let chapter = room.and_then(|room| room.local_player.find_chapter(request, room.position_at(now)));
        match chapter.map(|chapter| chapter.at) {
            Some(at) => self.want(Intent::Room(RoomIntent::SeekTo(at))),
            None if room.is_none_or(|room| room.local_player.chapters.is_empty()) => {
                self.answer(msg!("spoken-no-chapters").to_owned());
            }
            None => self.answer(msg!("spoken-no-such-chapter").to_owned()),
        }
    }

    /// Performs an action on the member with a name, or otherwise with a number in the last list of people.
    fn act_on_named(&mut self, action: &Action, name: &str) {
        let room = self.room.as_ref();
        let named = room.and_then(|room| room.named(name));
        let is_host = |member: &MemberId| room.and_then(|room| room.host) == Some(*member);
        if action.act == Some(RoomAct::HandOver)
            && let Some(host) = named.filter(is_host)
        {
            let who = room.map_or(Who::Somebody, |room| room.who(host));
            return self.answer(spoken::host_already(&who));
        }
        let numbered = || name.parse().ok().and_then(|number| self.listed(number));
        if let Some(member) = named.or_else(numbered) {
            let intent = action.with_member(member);
            self.effects.extend(intent.map(PlainEffect::Intent));
        } else {
            let name = Clean::line(name);
            self.answer(spoken::nobody_called(name.as_str()));
        }
    }

    /// Performs an action on a banned person with a name, or otherwise with a number in the list of bans.
    fn act_on_banned(&mut self, action: &Action, name: &str) {
        let bans = self.room.as_ref().map_or(&[][..], |room| &room.bans);
        if let Some(number) = Ban::find(bans, name).map(|ban| ban.number) {
            let intent = action.with_ban(number);
            self.effects.extend(intent.map(PlainEffect::Intent));
        } else {
            let name = Clean::line(name);
            self.answer(spoken::nobody_banned_called(name.as_str()));
        }
    }

    fn export(&mut self, path: String) {
        let Some(room) = &self.room else {
            return self.answer(msg!("spoken-no-room").to_owned());
        };
        let title = room.transport.as_ref().map(|transport| transport.title.as_str());
        let text = transcript(room.shown_name(), title, &room.chat, &self.clock);
        self.want(Intent::Export { path, text });
    }

    fn copy(&mut self) {
        match self.room.as_ref().and_then(talk::message_to_copy) {
            Some(text) => self.want(Intent::Copy(text)),
            None => self.answer(msg!("chat-empty").to_owned()),
        }
    }

    fn reveal(&mut self) {
        let revealed = self.room.as_ref().and_then(talk::revealed);
        self.answer(revealed.unwrap_or_else(|| msg!("spoken-nothing-hidden").to_owned()));
    }

    fn choose(&mut self, is_back: bool, mentions: bool) {
        let chosen = self
            .room
            .as_mut()
            .map(|room| talk::choose(room, is_back, mentions));
        self.answer(chosen.unwrap_or_else(|| msg!("chat-empty").to_owned()));
    }

    fn clear(&mut self) {
        if let Some(room) = &mut self.room {
            room.chat.clear();
        }
        self.answer(msg!("spoken-cleared").to_owned());
    }
}

/// Returns the answer for actions that need a screen.
fn on_screen_alone(id: ActionId) -> String {
    spoken::screen_only(id.action().slash_form(), id)
}

/// Returns whether plain mode has an effect for an action.
pub(super) fn is_by_lines(id: ActionId) -> bool {
    !matches!(id.action().effect, ActionEffect::Here(_)) || act_of(id).is_some()
}

fn act_of(id: ActionId) -> Option<PlainAction> {
    let row = ACTS.iter().find(|(action, _)| *action == id);
    row.map(|(_, act)| *act)
}
