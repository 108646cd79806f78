//! The acts behind typed lines and keys. Every row of the table of actions is in [`way`]: one that
//! means anything without a picture does its thing, the others say that they do not.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::{Clean, LocalTime, MemberId};

use super::{Announce, Effect, Plain, TWEAK, TYPED, talk};
use crate::action::ActionId;
use crate::chat_text;
use crate::intent::Intent;
use crate::model::markup::as_action;
use crate::model::transcript::transcript;
use crate::slash_command::{self, ChapterWish, Command, Line};
use crate::strings::{self, spoken};
use crate::wish;

/// How an action is done by lines.
enum Way {
    /// It is a wish that needs nothing but its name.
    Wish,
    /// It sets another speed than the room has.
    Rate,
    /// It is done here.
    Do(fn(&mut Plain, LocalTime)),
    /// It needs an argument: from a key, the beginning of its command is put into the line.
    Prepare(&'static str),
    /// It acts on a picture.
    OnScreen,
    /// It acts on the line that is typed: its key does, where there is one.
    OfTheLine,
}

impl Plain {
    /// Does what a line wants.
    pub fn handle_line(&mut self, line: &str, now: LocalTime) {
        let line = line.trim_end();
        let parsed = slash_command::parse(line);
        if self.leaves_until.is_some_and(|until| now < until) {
            let leaves = matches!(parsed, Line::Do(Command::Run(ActionId::Leave)));
            if !leaves {
                self.leaves_until = None;
                self.answer(spoken::STAYS.to_owned());
            }
            // Answers of old to a question are no messages.
            if matches!(line.trim().to_lowercase().as_str(), "" | "y" | "yes" | "n" | "no") {
                return;
            }
        }
        let found = std::mem::take(&mut self.found);
        if let (false, Ok(number)) = (found.is_empty(), line.trim().parse::<usize>()) {
            if let Some(path) = number.checked_sub(1).and_then(|index| found.get(index)) {
                self.effects.push_back(Effect::OpenFound(path.clone()));
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
            Line::Say(text) => self.say(&text),
            Line::Wrong(mistake) => self.answer(spoken::mistake(&mistake)),
            Line::Do(command) => self.run(command, now),
        }
    }

    /// Does what an action wants that was asked for by its key or its name.
    pub fn handle_action(&mut self, id: ActionId, now: LocalTime) {
        match way(id) {
            Way::Wish => {
                let intent = wish::of(id);
                if matches!(intent, Some(Intent::Player(_))) {
                    let facts = self.room.as_ref().and_then(|room| room.own.facts.clone());
                    self.tweaked = Some((facts, now + TWEAK));
                }
                self.effects.extend(intent.map(Effect::Want));
            }
            Way::Rate => match self.room.as_ref().and_then(|room| room.transport.as_ref()) {
                Some(transport) => {
                    let rate = wish::rate_after(id, transport.rate);
                    self.effects
                        .extend(rate.map(|rate| Effect::Want(Intent::SetRate(rate))));
                }
                None => self.answer(spoken::sentence(strings::NO_ITEM)),
            },
            Way::Do(act) => act(self, now),
            Way::Prepare(begun) => self.effects.push_back(Effect::Prepare(begun)),
            Way::OnScreen => self.answer(on_screen_alone(id)),
            Way::OfTheLine => self.answer(spoken::of_the_line(id)),
        }
        // What was asked for is not told as if it had come by itself.
        if id == ActionId::Where
            && let Some(at) = &mut self.announces_at
            && let Announce::Every(period) = self.settings.announce
        {
            *at = now + period;
        }
    }

    fn run(&mut self, command: Command, now: LocalTime) {
        match command {
            Command::Run(id) => self.handle_action(id, now),
            Command::SeekTo(position) => self.want(Intent::SeekTo(position)),
            Command::SeekBy(distance) => self.want(Intent::SeekBy(distance)),
            Command::SetRate(rate) => self.want(Intent::SetRate(rate)),
            Command::Chapter(wish) => self.go_to_chapter(&wish, now),
            Command::Host(name) => self.transfer(&name),
            Command::Kick(name) => self.remove(&name, false),
            Command::Ban(name) => self.remove(&name, true),
            Command::Unban(name) => self.unban(&name),
            Command::HelpOn(word) => self.tell_help(Some(&word)),
            Command::Act(deed) => self.say(&as_action(&deed)),
            Command::Open(film) => self.want(Intent::Open(film)),
            Command::Mouse(_) => self.answer(on_screen_alone(ActionId::Mouse)),
            Command::Export(path) => self.export(path),
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
            Err(why) => self.answer(spoken::sentence(why)),
        }
    }

    fn go_to_chapter(&mut self, wish: &ChapterWish, now: LocalTime) {
        let room = self.room.as_ref();
        let meant = room.and_then(|room| room.own.chapter_meant(wish, room.position_at(now)));
        match meant.map(|chapter| chapter.at) {
            Some(at) => self.want(Intent::SeekTo(at)),
            None if room.is_none_or(|room| room.own.chapters.is_empty()) => {
                self.answer(spoken::sentence(strings::NO_CHAPTERS));
            }
            None => self.answer(spoken::sentence(strings::NO_SUCH_CHAPTER)),
        }
    }

    fn named(&self, name: &str) -> Option<MemberId> {
        self.room.as_ref()?.named(name)
    }

    /// Wants something of whom a name means, or else a number of the last list of people.
    fn want_of(&mut self, name: &str, wish: impl FnOnce(MemberId) -> Intent) {
        let numbered = || name.parse().ok().and_then(|number| self.listed(number));
        if let Some(member) = self.named(name).or_else(numbered) {
            self.want(wish(member));
        } else {
            let name = Clean::line(name);
            self.answer(spoken::sentence(&strings::nobody_called(name.as_str())));
        }
    }

    fn transfer(&mut self, name: &str) {
        let host = self.room.as_ref().and_then(|room| room.host);
        let Some(already) = self.named(name).filter(|to| host == Some(*to)) else {
            return self.want_of(name, |to| Intent::TransferHost { to });
        };
        let who = if self.is_you(already) { strings::YOU } else { name };
        let words = strings::host_already(Clean::line(who).as_str());
        self.answer(spoken::sentence(&words));
    }

    fn remove(&mut self, name: &str, is_ban: bool) {
        self.want_of(name, |member| Intent::Remove { member, is_ban });
    }

    /// Lets somebody in again whom a name means, or else a number of the list of bans.
    fn unban(&mut self, name: &str) {
        let bans = self.room.as_ref().map_or(&[][..], |room| &room.bans);
        if let Some(number) = Ban::meant(bans, name).map(|ban| ban.number) {
            self.want(Intent::Unban { number });
        } else {
            let name = Clean::line(name);
            self.answer(spoken::sentence(&strings::nobody_banned_called(name.as_str())));
        }
    }

    fn export(&mut self, path: String) {
        let Some(room) = &self.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        let title = room.transport.as_ref().map(|transport| transport.title.as_str());
        let text = transcript(room.name.as_str(), title, &room.chat, &self.clock);
        self.want(Intent::Export { path, text });
    }

    fn copy(&mut self) {
        match self.room.as_ref().and_then(talk::meant) {
            Some(text) => self.want(Intent::Copy(text)),
            None => self.answer(strings::CHAT_EMPTY.to_owned()),
        }
    }

    fn reveal(&mut self) {
        let revealed = self.room.as_ref().and_then(talk::revealed);
        self.answer(revealed.unwrap_or_else(|| spoken::sentence(strings::NOTHING_HIDDEN)));
    }

    fn choose(&mut self, is_back: bool, mentions: bool) {
        let chosen = self
            .room
            .as_mut()
            .map(|room| talk::choose(room, is_back, mentions));
        self.answer(chosen.unwrap_or_else(|| strings::CHAT_EMPTY.to_owned()));
    }

    fn clear(&mut self) {
        if let Some(room) = &mut self.room {
            room.chat.clear();
        }
        self.answer(spoken::CLEARED.to_owned());
    }
}

/// Returns the words for what only a screen can do.
fn on_screen_alone(id: ActionId) -> String {
    spoken::screen_only(id.action().slash_form(), id)
}

/// Returns whether an action is done by lines.
pub(super) fn is_by_lines(id: ActionId) -> bool {
    !matches!(way(id), Way::OnScreen | Way::OfTheLine)
}

/// Returns how each action is done by lines.
#[expect(clippy::too_many_lines, reason = "a table with a line for each action")]
fn way(id: ActionId) -> Way {
    match id {
        ActionId::PlayPause
        | ActionId::Play
        | ActionId::Pause
        | ActionId::Back5
        | ActionId::Forward5
        | ActionId::Back1
        | ActionId::Forward1
        | ActionId::Back60
        | ActionId::Forward60
        | ActionId::FrameBack
        | ActionId::FrameForward
        | ActionId::NormalSpeed
        | ActionId::Louder
        | ActionId::Softer
        | ActionId::Mute
        | ActionId::SubtitlesNext
        | ActionId::SubtitlesPrevious
        | ActionId::SubtitlesShown
        | ActionId::SubtitlesEarlier
        | ActionId::SubtitlesLater
        | ActionId::AudioNext
        | ActionId::Progress
        | ActionId::Fullscreen
        | ActionId::GoOn
        | ActionId::TakeBack
        | ActionId::Undo
        | ActionId::SyncNow
        | ActionId::Reopen
        | ActionId::Retry => Way::Wish,
        ActionId::Slower | ActionId::Faster | ActionId::HalfSpeed | ActionId::DoubleSpeed => Way::Rate,
        ActionId::GoTo => Way::Prepare("/seek "),
        ActionId::SetSpeed => Way::Prepare("/speed "),
        ActionId::Chapter => Way::Prepare("/chapter "),
        ActionId::Open => Way::Prepare("/open "),
        ActionId::Host => Way::Prepare("/host "),
        ActionId::Kick => Way::Prepare("/kick "),
        ActionId::Ban => Way::Prepare("/ban "),
        ActionId::Unban => Way::Prepare("/unban "),
        ActionId::Bans => Way::Do(Plain::tell_bans),
        ActionId::Act => Way::Prepare("/me "),
        ActionId::Export => Way::Prepare("/export "),
        ActionId::ChapterBack => Way::Do(|plain, now| plain.go_to_chapter(&ChapterWish::By(-1), now)),
        ActionId::ChapterForward => Way::Do(|plain, now| plain.go_to_chapter(&ChapterWish::By(1), now)),
        ActionId::MessageUp => Way::Do(|plain, _| plain.choose(true, false)),
        ActionId::MessageDown => Way::Do(|plain, _| plain.choose(false, false)),
        ActionId::Mention => Way::Do(|plain, _| plain.choose(true, true)),
        ActionId::MentionForward => Way::Do(|plain, _| plain.choose(false, true)),
        ActionId::Copy => Way::Do(|plain, _| plain.copy()),
        ActionId::Reveal => Way::Do(|plain, _| plain.reveal()),
        ActionId::ClearChat => Way::Do(|plain, _| plain.clear()),
        ActionId::Where => Way::Do(Plain::tell_where),
        ActionId::People => Way::Do(|plain, _| plain.tell_people()),
        ActionId::SyncDetails => Way::Do(|plain, _| plain.tell_details()),
        ActionId::Player => Way::Do(Plain::tell_player),
        ActionId::Invite => Way::Do(|plain, _| plain.tell_invite()),
        ActionId::Help | ActionId::Palette => Way::Do(|plain, _| plain.tell_help(None)),
        ActionId::Edit => Way::Do(|plain, _| plain.effects.push_back(Effect::Edit)),
        ActionId::Suspend => Way::Do(|plain, _| plain.want(Intent::Suspend)),
        ActionId::Interrupt | ActionId::Leave => Way::Do(Plain::leave),
        ActionId::KeysMode
        | ActionId::ChatMode
        | ActionId::ScrollUp
        | ActionId::ScrollDown
        | ActionId::Oldest
        | ActionId::Newest
        | ActionId::Layout
        | ActionId::FocusNext
        | ActionId::FocusBack
        | ActionId::FocusChat
        | ActionId::FocusPeople
        | ActionId::FocusSync
        | ActionId::FocusPlayer
        | ActionId::Mouse
        | ActionId::Redraw => Way::OnScreen,
        ActionId::Send
        | ActionId::NewLine
        | ActionId::Complete
        | ActionId::Recall
        | ActionId::CursorLeft
        | ActionId::CursorRight
        | ActionId::WordLeft
        | ActionId::WordRight
        | ActionId::LineStart
        | ActionId::LineEnd
        | ActionId::Up
        | ActionId::Down
        | ActionId::DeleteBack
        | ActionId::DeleteForward
        | ActionId::CutWordBack
        | ActionId::CutWordForward
        | ActionId::CutToStart
        | ActionId::CutToEnd
        | ActionId::PutBack => Way::OfTheLine,
    }
}
