//! Handles the user's actions.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{Clean, LocalTime, RoomIntent};

use super::question::PASTED_LINES;
use super::{App, Damage};
use crate::action::{Action, ActionId, rate_after};
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::{INTERRUPT_STANDS, Mode};
use crate::model::chat_log::FoldRule;
use crate::model::markup;
use crate::slash_command::{self, ParsedLine, SlashCommand};
use crate::state::Scene;
use crate::state::overlay::Overlay;
use crate::state::question::Question;
use crate::strings;
use crate::text;
use crate::update::Weight;
use crate::view;

impl App {
    /// Performs actions that work while there is no room.
    pub(super) fn perform_outside(&mut self, id: ActionId, key: Key) -> Vec<Intent> {
        let may_retry = matches!(&self.state.scene, Scene::Stopped(stop) if stop.may_retry);
        if id == ActionId::Redraw {
            self.damage(Damage::All);
        }
        // If the user is typing ahead, a letter does not mean leaving.
        let is_letter = key.typed().is_some();
        let intent = if matches!(id, ActionId::Leave | ActionId::Interrupt) && !is_letter {
            Some(Intent::Leave)
        } else if id == ActionId::Suspend {
            Some(Intent::Suspend)
        } else if id == ActionId::Retry && may_retry {
            Some(Intent::Retry)
        } else {
            None
        };
        intent.into_iter().collect()
    }

    pub(super) fn handle_overlay_key(&mut self, key: Key) -> Vec<Intent> {
        if matches!(self.state.overlay, Some(Overlay::Palette(_))) {
            return self.handle_palette_key(key);
        }
        let action = self.state.keymap.action(Mode::Keys, key);
        if action == Some(ActionId::Redraw) {
            self.damage(Damage::All);
            return Vec::new();
        }
        if action == Some(ActionId::Suspend) {
            return vec![Intent::Suspend];
        }
        if let Some(Overlay::Help { word, scroll }) = &mut self.state.overlay
            && search(word, key)
        {
            *scroll = 0;
            return Vec::new();
        }
        let Some(overlay) = self.state.overlay.take() else {
            return Vec::new();
        };
        if let Some(intents) = self.handle_people_key(&overlay, key) {
            return intents;
        }
        match overlay {
            Overlay::Ask(question) => return self.answer(question, key),
            Overlay::Invite(view) => return self.handle_invite_key(view, key).unwrap_or_default(),
            mut overlay @ (Overlay::Help { .. }
            | Overlay::People { .. }
            | Overlay::SyncDetails { .. }
            | Overlay::Player { .. }) => {
                if let Some(scroll) = overlay.scroll_mut()
                    && let Some(next) = scrolled(key, *scroll)
                {
                    *scroll = next;
                    self.state.overlay = Some(overlay);
                }
            }
            Overlay::Palette(_) | Overlay::Member(_) => {}
        }
        Vec::new()
    }

    pub(super) fn handle_paste(&mut self, text: &str) {
        self.state.notice = None;
        self.completion = None;
        self.state.recall = None;
        if self.room().is_none() || self.state.overlay.is_some() {
            return;
        }
        self.state.mode = Mode::Chat;
        let text = text.trim_end_matches('\n');
        let is_too_long = text.chars().count() > self.state.free_chars();
        if text.lines().count() > PASTED_LINES || is_too_long {
            self.state.overlay = Some(Overlay::Ask(Question::Paste(text.to_owned())));
        } else {
            let has_room = self.state.editor.paste(text);
            self.typed(has_room);
        }
    }

    pub(super) fn type_char(&mut self, c: char) {
        let has_room = self.state.editor.insert(c);
        self.typed(has_room);
    }

    /// Handles typing: removes the unread marker, and reports a full message.
    pub(super) fn typed(&mut self, has_room: bool) {
        if !has_room {
            self.state.notice = Some(msg!("too-long").to_owned());
        }
        if let Some(room) = self.room_mut() {
            room.chat.mark_read();
        }
    }

    pub(super) fn send(&mut self) -> Vec<Intent> {
        if self.state.editor.text().trim().is_empty() {
            self.reveal_chosen();
            return Vec::new();
        }
        match slash_command::parse(self.state.editor.text()) {
            ParsedLine::Say(text) => {
                self.state.editor.take();
                self.scroll(isize::MAX);
                let clean = Clean::text(text.trim_end());
                if clean.as_str().trim().is_empty() {
                    return Vec::new();
                }
                vec![Intent::Say(clean)]
            }
            ParsedLine::Wrong(mistake) => {
                self.state.notice = Some(strings::mistake(&mistake));
                Vec::new()
            }
            ParsedLine::Do(command) => self.run(command),
        }
    }

    fn run(&mut self, command: SlashCommand) -> Vec<Intent> {
        if let Some(words) = self.unknown_name_notice(&command) {
            self.state.notice = Some(words);
            return Vec::new();
        }
        self.state.editor.take();
        match command {
            SlashCommand::Run(id) => self.perform(id, Key::plain(Code::Enter), None),
            SlashCommand::Ask(intent) => vec![intent],
            SlashCommand::Chapter(request) => self.go_to_chapter(&request),
            SlashCommand::Member { id, name } => self.act_on_named(id.action(), &name),
            SlashCommand::Ban { id, name } => {
                let ban = self.room().and_then(|room| Ban::find(&room.bans, &name));
                let intent = ban.and_then(|ban| id.action().with_ban(ban.number));
                intent.into_iter().collect()
            }
            SlashCommand::Words { id, text } => self.do_with_words(id, text),
            SlashCommand::Switch { is_on, .. } => {
                self.switch_mouse(is_on);
                Vec::new()
            }
        }
    }

    /// Returns the notice for a command with the name of nobody here.
    fn unknown_name_notice(&self, command: &SlashCommand) -> Option<String> {
        let room = self.room();
        if let SlashCommand::Member { name, .. } = command {
            let is_here = room.is_some_and(|room| room.find(name).is_some());
            return (!is_here).then(|| strings::nobody_called(name));
        }
        if let SlashCommand::Ban { name, .. } = command {
            let is_banned = room.is_some_and(|room| Ban::find(&room.bans, name).is_some());
            return (!is_banned).then(|| strings::nobody_banned_called(name));
        }
        None
    }

    fn act_on_named(&mut self, action: &Action, name: &str) -> Vec<Intent> {
        let Some((room, member)) = self.room().and_then(|room| Some((room, room.find(name)?))) else {
            return Vec::new();
        };
        if action.act == Some(RoomAct::HandOver) && room.host == Some(member) {
            self.state.notice = Some(strings::host_already(&room.who(member)));
            return Vec::new();
        }
        action.with_member(member).into_iter().collect()
    }

    fn do_with_words(&mut self, id: ActionId, text: String) -> Vec<Intent> {
        if id == ActionId::Open {
            return vec![Intent::Open(text)];
        }
        if id == ActionId::Export {
            return self.export(text);
        }
        if id == ActionId::Act {
            self.scroll(isize::MAX);
            return vec![Intent::Say(Clean::text(&markup::as_action(&text)))];
        }
        self.state.overlay = Some(Overlay::Help {
            word: Some(text),
            scroll: 0,
        });
        Vec::new()
    }

    /// Lists the bans as lines of the chat, with numbers for `/unban`.
    pub(super) fn list_bans(&mut self) {
        let wall = self.state.clock.now(self.drawn_at);
        let Some(room) = self.room_mut() else { return };
        if !room.may(RoomAct::SeeBans) {
            self.state.notice = Some(strings::refusal(Refusal::NotHost).to_owned());
            return;
        }
        if room.bans.is_empty() {
            self.state.notice = Some(msg!("nobody-banned").to_owned());
            return;
        }
        for (index, ban) in room.bans.iter().enumerate() {
            let words = strings::banned(index + 1, &text::safe(ban.name.as_str()), ban.left(wall));
            room.chat.happened(words, Weight::Calm, FoldRule::Same, wall);
        }
        self.scroll(isize::MAX);
    }

    /// Returns why the user may not do this in the room, before they type its argument.
    pub(super) fn refusal_of(&self, action: &Action) -> Option<String> {
        let room = self.room()?;
        let may = room.permits(action.id)
            // Anybody may open a copy of their own, and who opened the room may take it back.
            || action.id == ActionId::Open
            || action.act == Some(RoomAct::HandOver) && room.may(RoomAct::TakeBack);
        (!may).then(|| match room.host {
            Some(host) => strings::host_only(&room.name_of(host)),
            None => strings::refusal(Refusal::NotHost).to_owned(),
        })
    }

    /// Puts the beginning of a command into the input line; Up brings the previous text back.
    pub(super) fn prepare(&mut self, action: &Action) {
        self.state.mode = Mode::Chat;
        self.state.editor.take();
        if let Some(slash) = action.slash_form() {
            self.state.editor.set(&slash.beginning());
        }
    }

    pub(super) fn change_rate(&mut self, change: fn(f64) -> f64) -> Vec<Intent> {
        let Some(transport) = self.room().and_then(|room| room.transport.as_ref()) else {
            self.state.notice = Some(msg!("no-item").to_owned());
            return Vec::new();
        };
        let rate = rate_after(change, transport.rate);
        rate.map(|rate| Intent::Room(RoomIntent::SetRate(rate)))
            .into_iter()
            .collect()
    }

    /// Reports the film's position as last drawn.
    pub(super) fn show_position(&mut self) {
        let drawn = self.drawn_at;
        let transport = self.room().and_then(|room| room.transport.as_ref());
        let words = transport.map_or_else(
            || msg!("no-item").to_owned(),
            |transport| strings::where_it_is(transport.position_at(drawn), transport.duration),
        );
        self.state.notice = Some(words);
    }

    pub(super) fn switch_mouse(&mut self, is_on: bool) {
        self.has_mouse = is_on;
        let words = if is_on {
            msg!("mouse-on")
        } else {
            msg!("mouse-off")
        };
        self.state.notice = Some(words.to_owned());
    }

    /// Clears the line. If it is empty, announces that pressing the same key again leaves, and leaves the second time.
    pub(super) fn interrupt(&mut self, leaves: bool, now: LocalTime) -> Vec<Intent> {
        if !self.state.editor.is_empty() {
            self.state.editor.take();
        } else if leaves {
            return self.leave(false);
        } else {
            self.leaves_until = Some(now + INTERRUPT_STANDS);
            let key = self.state.keymap.way(self.state.mode, ActionId::Interrupt);
            self.state.notice = Some(msg!("interrupt-again", key = key));
        }
        Vec::new()
    }

    pub(super) fn page(&self) -> isize {
        isize::try_from(self.chat_shape.size.height / 2)
            .unwrap_or(isize::MAX)
            .max(1)
    }

    /// Scrolls the chat by rows; negative is up.
    pub(super) fn scroll(&mut self, rows: isize) {
        let shape = self.chat_shape;
        let clock = self.state.clock;
        let theme = self.state.theme;
        if let Some(room) = self.room_mut() {
            let place = view::chat::scrolled(room, shape, clock, theme, rows);
            room.chat.go_to(place);
            if rows == isize::MAX {
                room.chat.choose(None);
            }
        }
    }
}

/// Edits the search text of the help; returns whether the key did. A leading space is ignored.
fn search(word: &mut Option<String>, key: Key) -> bool {
    /// The maximum length of the search text.
    const CHARS: usize = 40;

    match (key.typed(), key.code) {
        (Some(' '), _) if word.is_none() => false,
        (Some(c), _) => {
            let word = word.get_or_insert_default();
            if word.chars().count() < CHARS && !c.is_control() {
                word.push(c);
            }
            true
        }
        (None, Code::Backspace) => {
            if let Some(text) = word {
                text.pop();
            }
            *word = word.take().filter(|text| !text.is_empty());
            true
        }
        (None, _) => false,
    }
}

/// Returns the scroll position of an overlay after a key; `None` if the key closes it.
pub(super) fn scrolled(key: Key, scroll: usize) -> Option<usize> {
    const PAGE: usize = 10;

    match key.code {
        Code::Up => Some(scroll.saturating_sub(1)),
        Code::Down => Some(scroll.saturating_add(1)),
        Code::PageUp => Some(scroll.saturating_sub(PAGE)),
        Code::PageDown | Code::Char(' ') => Some(scroll.saturating_add(PAGE)),
        Code::Home => Some(0),
        Code::End => Some(usize::MAX),
        Code::Char(_)
        | Code::F(_)
        | Code::Enter
        | Code::Tab
        | Code::Backspace
        | Code::Delete
        | Code::Esc
        | Code::Left
        | Code::Right => None,
    }
}
