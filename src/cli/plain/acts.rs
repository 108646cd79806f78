//! The acts behind typed lines and keys. Every row of the table of actions is in [`way`]: one that
//! means anything without a picture does its thing, the others say that they do not.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::{Clean, LocalTime, MemberId};
use watchtogether_tui::action::ActionId;
use watchtogether_tui::model::markup::as_action;
use watchtogether_tui::slash_command::{self, ChapterWish, Command as Typed, Line};
use watchtogether_tui::strings::{self, spoken};
use watchtogether_tui::wish;

use super::{Deed, Plain, TWEAK, TYPED, on_screen_alone};
use crate::bridge::Bridge;
use crate::cli::scripts;
use crate::session::command::Command;
use crate::session::status::Status;

/// How an action is done by lines.
enum Way {
    /// It is a wish that needs nothing but its name.
    Wish,
    /// It sets another speed than the room has.
    Rate,
    /// It is done here.
    Do(fn(&mut Plain, &Status)),
    /// It ends this, or asks first.
    Leave,
    /// It tells who is banned, and for how long.
    Bans,
    /// It needs an argument: from a key, the beginning of its command is put into the line.
    Prepare(&'static str),
    /// It acts on a picture.
    OnScreen,
    /// It acts on the line that is typed: its key does, where there is one.
    OfTheLine,
}

impl Plain {
    /// Does what a line wants.
    pub(super) fn handle_line(&mut self, line: &str, status: &Status, now: LocalTime) {
        let line = line.trim_end();
        let parsed = slash_command::parse(line);
        if self.leaves_until.is_some_and(|until| now < until) {
            let leaves = matches!(parsed, Line::Do(Typed::Run(ActionId::Leave)));
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
                self.deeds.push_back(Deed::OpenFound(path.clone()));
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
            Line::Do(command) => self.run(command, status, now),
        }
    }

    /// Does what an action wants that was asked for by its key or its name.
    pub(super) fn handle_action(&mut self, id: ActionId, status: &Status, now: LocalTime) {
        match way(id) {
            Way::Wish => {
                let command = wish::of(id).and_then(Bridge::command_of);
                if matches!(command, Some(Command::Tweak(_))) {
                    self.tweaked = Some((Bridge::own_player(status).facts, now + TWEAK));
                }
                self.deeds.extend(command.map(Deed::Command));
            }
            Way::Rate => match status.room.as_ref().filter(|room| room.item.is_some()) {
                Some(room) => {
                    let rate = wish::rate_after(id, room.rate);
                    self.deeds
                        .extend(rate.map(|rate| Deed::Command(Command::SetRate(rate))));
                }
                None => self.answer(spoken::sentence(strings::NO_ITEM)),
            },
            Way::Do(act) => act(self, status),
            Way::Leave => self.leave(status, now),
            Way::Bans => self.tell_bans(status, now),
            Way::Prepare(begun) => self.deeds.push_back(Deed::Prepare(begun)),
            Way::OnScreen => self.answer(on_screen_alone(id)),
            Way::OfTheLine => self.answer(spoken::of_the_line(id)),
        }
        // What was asked for is not told as if it had come by itself.
        if id == ActionId::Where
            && let Some(at) = &mut self.announces_at
            && let crate::config::Announce::Every(period) = self.manner.announce
        {
            *at = now + period;
        }
    }

    fn run(&mut self, command: Typed, status: &Status, now: LocalTime) {
        match command {
            Typed::Run(id) => self.handle_action(id, status, now),
            Typed::SeekTo(position) => self.command(Command::SeekTo(position)),
            Typed::SeekBy(distance) => self.command(Command::SeekBy(distance)),
            Typed::SetRate(rate) => self.command(Command::SetRate(rate)),
            Typed::Chapter(wish) => self.go_to_chapter(&wish, status),
            Typed::Host(name) => self.transfer(&name, status),
            Typed::Kick(name) => self.remove(&name, false, status),
            Typed::Ban(name) => self.remove(&name, true, status),
            Typed::Unban(name) => self.unban(&name, status),
            Typed::HelpOn(word) => self.tell_help(Some(&word)),
            Typed::Act(deed) => self.say(&as_action(&deed)),
            Typed::Open(film) => self.deeds.push_back(Deed::Open(film)),
            Typed::Mouse(_) => self.answer(on_screen_alone(ActionId::Mouse)),
            Typed::Export(path) => self.export(path, status),
        }
    }

    fn command(&mut self, command: Command) {
        self.deeds.push_back(Deed::Command(command));
    }

    fn say(&mut self, text: &str) {
        match scripts::text_of(text) {
            Ok(text) => {
                if self.manner.is_at_terminal {
                    self.typed.push_back(text.clone());
                    if self.typed.len() > TYPED {
                        self.typed.pop_front();
                    }
                }
                self.command(Command::Say { text });
            }
            Err(problem) => self.answer(spoken::sentence(&problem.message)),
        }
    }

    fn go_to_chapter(&mut self, wish: &ChapterWish, status: &Status) {
        match Bridge::chapter_meant(status, wish) {
            Ok(position) => self.command(Command::SeekTo(position)),
            Err(words) => self.answer(spoken::sentence(words)),
        }
    }

    /// Does something with whom a name means, or else a number of the last list of people.
    fn with_member(&mut self, name: &str, status: &Status, act: impl FnOnce(MemberId) -> Command) {
        let numbered = || name.parse().ok().and_then(|number| self.listed(number, status));
        if let Some(member) = scripts::member_named(status, name).ok().or_else(numbered) {
            self.command(act(member));
        } else {
            let name = Clean::line(name);
            self.answer(spoken::sentence(&strings::nobody_called(name.as_str())));
        }
    }

    fn transfer(&mut self, name: &str, status: &Status) {
        let room = status.room.as_ref();
        let already = scripts::member_named(status, name)
            .ok()
            .filter(|to| room.and_then(|r| r.host) == Some(*to));
        let Some(host) = already else {
            return self.with_member(name, status, |to| Command::TransferHost { to });
        };
        let is_you = room.is_some_and(|room| room.you == host);
        let who = if is_you { strings::YOU } else { name };
        let words = strings::host_already(Clean::line(who).as_str());
        self.answer(spoken::sentence(&words));
    }

    fn remove(&mut self, name: &str, is_ban: bool, status: &Status) {
        self.with_member(name, status, |member| Command::Remove { member, is_ban });
    }

    /// Lets somebody in again whom a name means, or else a number of the list of bans.
    fn unban(&mut self, name: &str, status: &Status) {
        let bans = status.room.as_ref().map_or(&[][..], |room| &room.bans);
        if let Some(ban) = Ban::meant(bans, name) {
            self.command(Command::Unban { number: ban.number });
        } else {
            let name = Clean::line(name);
            self.answer(spoken::sentence(&strings::nobody_banned_called(name.as_str())));
        }
    }

    fn export(&mut self, path: String, status: &Status) {
        let Some(room) = &status.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        let title = room.item.as_ref().map(|(_, item)| item.title.as_str());
        let text = self.talk.transcript(room.name.as_str(), title, &self.clock);
        self.deeds.push_back(Deed::Export { path, text });
    }

    fn copy(&mut self) {
        match self.talk.meant() {
            Some(text) => self.deeds.push_back(Deed::Copy(text)),
            None => self.answer(strings::CHAT_EMPTY.to_owned()),
        }
    }

    fn reveal(&mut self) {
        let revealed = self.talk.revealed();
        self.answer(revealed.unwrap_or_else(|| spoken::sentence(strings::NOTHING_HIDDEN)));
    }

    fn choose(&mut self, is_back: bool, mentions: bool) {
        let words = self.talk.choose(is_back, mentions);
        self.answer(words);
    }

    fn clear(&mut self) {
        self.talk.clear();
        self.answer(spoken::CLEARED.to_owned());
    }
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
        ActionId::Bans => Way::Bans,
        ActionId::Act => Way::Prepare("/me "),
        ActionId::Export => Way::Prepare("/export "),
        ActionId::ChapterBack => Way::Do(|plain, status| plain.go_to_chapter(&ChapterWish::By(-1), status)),
        ActionId::ChapterForward => Way::Do(|plain, status| plain.go_to_chapter(&ChapterWish::By(1), status)),
        ActionId::MessageUp => Way::Do(|plain, _| plain.choose(true, false)),
        ActionId::MessageDown => Way::Do(|plain, _| plain.choose(false, false)),
        ActionId::Mention => Way::Do(|plain, _| plain.choose(true, true)),
        ActionId::MentionForward => Way::Do(|plain, _| plain.choose(false, true)),
        ActionId::Copy => Way::Do(|plain, _| plain.copy()),
        ActionId::Reveal => Way::Do(|plain, _| plain.reveal()),
        ActionId::ClearChat => Way::Do(|plain, _| plain.clear()),
        ActionId::Where => Way::Do(Plain::tell_where),
        ActionId::People => Way::Do(Plain::tell_people),
        ActionId::SyncDetails => Way::Do(Plain::tell_details),
        ActionId::Player => Way::Do(Plain::tell_player),
        ActionId::Invite => Way::Do(|plain, _| plain.tell_invite()),
        ActionId::Help | ActionId::Palette => Way::Do(|plain, _| plain.tell_help(None)),
        ActionId::Edit => Way::Do(|plain, _| plain.deeds.push_back(Deed::Edit)),
        ActionId::Suspend => Way::Do(|plain, _| plain.deeds.push_back(Deed::Suspend)),
        ActionId::Interrupt | ActionId::Leave => Way::Leave,
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
