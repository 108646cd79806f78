//! The panels next to the chat: which are shown, which has the focus, and their keys.
//!
//! The focus and the chosen person are kept when there is no space: if the screen becomes narrow, keys go to the chat, and to the
//! panel again when it comes back. A panel that is not on the screen is shown over it instead.

use watchtogether_protocol::{MediaTime, MemberId, RoomIntent};

use super::App;
use crate::intent::Intent;
use crate::key::{Code, Key};
use crate::keymap::Mode;
use crate::slash_command::ChapterTarget;
use crate::state::overlay::Overlay;
use crate::state::panels::{Focus, Layout, MemberAct, MemberMenu, acts};
use crate::state::question::Question;

impl App {
    /// Switches to the next layout.
    pub(super) fn next_layout(&mut self) {
        if !self.state.panels.have_room {
            self.state.notice = Some(msg!("no-room-for-panels").to_owned());
            return;
        }
        self.state.panels.layout = match self.state.panels.layout {
            Layout::Beside => Layout::ChatAlone,
            Layout::ChatAlone => Layout::PanelsAlone,
            Layout::PanelsAlone => Layout::Beside,
        };
    }

    /// Focuses a panel; one that is not on the screen is shown over it.
    pub(super) fn focus(&mut self, focus: Focus) {
        match focus {
            Focus::Chat => {
                self.state.panels.focus = Focus::Chat;
                if self.state.panels.layout == Layout::PanelsAlone {
                    self.state.panels.layout = Layout::Beside;
                }
            }
            Focus::People | Focus::Sync | Focus::Player if self.state.panels.has(focus) => {
                self.state.mode = Mode::Keys;
                self.state.panels.focus = focus;
            }
            Focus::People => self.state.overlay = Some(Overlay::People { scroll: 0 }),
            Focus::Sync => self.state.overlay = Some(Overlay::SyncDetails { scroll: 0 }),
            Focus::Player => self.state.overlay = Some(Overlay::Player { scroll: 0 }),
        }
    }

    /// Focuses the next or the previous panel on the screen.
    pub(super) fn focus_next(&mut self, is_back: bool) {
        const ORDER: [Focus; 4] = [Focus::Chat, Focus::People, Focus::Sync, Focus::Player];

        let shown: Vec<Focus> = ORDER
            .into_iter()
            .filter(|focus| self.state.panels.has(*focus))
            .collect();
        let current = self.state.focused();
        let at = shown
            .iter()
            .position(|focus| *focus == current)
            .unwrap_or_default();
        let step = if is_back { shown.len() - 1 } else { 1 };
        self.state.panels.focus = shown[(at + step) % shown.len()];
    }

    /// Returns the focus to the chat, because typing begins.
    pub(super) const fn unfocus(&mut self) {
        self.state.panels.focus = Focus::Chat;
    }

    /// Handles a key in the focused panel; returns `None` if it has its usual meaning.
    pub(super) fn handle_panel_key(&mut self, key: Key) -> Option<Vec<Intent>> {
        let focus = self.state.focused();
        if focus == Focus::Chat || self.room().is_none() {
            return None;
        }
        match (focus, key) {
            (_, key) if key == Key::plain(Code::Esc) => self.unfocus(),
            (Focus::Sync, key) if key == Key::plain(Code::Enter) => {
                self.state.overlay = Some(Overlay::SyncDetails { scroll: 0 });
            }
            (Focus::Player, key) if key == Key::plain(Code::Enter) => {
                self.state.overlay = Some(Overlay::Player { scroll: 0 });
            }
            (Focus::People, key) if key == Key::plain(Code::Enter) => self.open_menu(false),
            (Focus::People, key) if self.choose_person(key) => {}
            (Focus::Chat | Focus::People | Focus::Sync | Focus::Player, _) => return None,
        }
        Some(Vec::new())
    }

    /// Handles a key in the list of people or in a member's menu; returns `None` if it closes them.
    pub(super) fn handle_people_key(&mut self, overlay: &Overlay, key: Key) -> Option<Vec<Intent>> {
        match overlay {
            Overlay::People { scroll } => {
                if key == Key::plain(Code::Enter) {
                    self.open_menu(true);
                } else if self.choose_person(key) {
                    self.state.overlay = Some(Overlay::People { scroll: *scroll });
                } else {
                    return None;
                }
                Some(Vec::new())
            }
            Overlay::Member(menu) => Some(self.handle_menu_key(*menu, key)),
            Overlay::Help { .. }
            | Overlay::SyncDetails { .. }
            | Overlay::Player { .. }
            | Overlay::Invite(_)
            | Overlay::Ask(_)
            | Overlay::Palette(_) => None,
        }
    }

    fn handle_menu_key(&mut self, menu: MemberMenu, key: Key) -> Vec<Intent> {
        let Some(acts) = self.room().map(|room| acts(room, menu.id)) else {
            return Vec::new();
        };
        let chosen = menu.chosen.min(acts.len() - 1);
        let moved = match key.code {
            _ if key.ctrl || key.alt => None,
            Code::Up => Some((chosen + acts.len() - 1) % acts.len()),
            Code::Down | Code::Tab => Some((chosen + 1) % acts.len()),
            Code::Enter => return self.act_on(menu.id, acts[chosen]),
            Code::Char(c) => {
                let number = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                match number.and_then(|number| acts.get(number.checked_sub(1)?)) {
                    Some(act) => return self.act_on(menu.id, *act),
                    None => None,
                }
            }
            Code::F(_)
            | Code::Backspace
            | Code::Delete
            | Code::Esc
            | Code::Left
            | Code::Right
            | Code::Home
            | Code::End
            | Code::PageUp
            | Code::PageDown => None,
        };
        if let Some(chosen) = moved {
            self.state.overlay = Some(Overlay::Member(MemberMenu { chosen, ..menu }));
        } else if menu.is_over_people {
            self.state.overlay = Some(Overlay::People { scroll: 0 });
        }
        Vec::new()
    }

    fn act_on(&mut self, id: MemberId, act: MemberAct) -> Vec<Intent> {
        match act {
            MemberAct::Mention => {
                let Some(name) = self.room().map(|room| room.name_of(id)) else {
                    return Vec::new();
                };
                self.state.mode = Mode::Chat;
                self.unfocus();
                let begins = self.state.editor.before_cursor().is_empty();
                let is_apart = begins || self.state.editor.before_cursor().ends_with(char::is_whitespace);
                let gap = if is_apart { "" } else { " " };
                for c in format!("{gap}@{name} ").chars() {
                    self.type_char(c);
                }
            }
            MemberAct::GiveRoom => self.state.overlay = Some(Overlay::Ask(Question::HandOver { to: id })),
            MemberAct::Kick | MemberAct::Ban => {
                let is_ban = act == MemberAct::Ban;
                self.state.overlay = Some(Overlay::Ask(Question::Remove { member: id, is_ban }));
            }
            MemberAct::Numbers => self.state.overlay = Some(Overlay::SyncDetails { scroll: 0 }),
            MemberAct::OwnPlayer => self.state.overlay = Some(Overlay::Player { scroll: 0 }),
            MemberAct::TakeBack => {
                self.state.overlay = None;
                return vec![Intent::Room(RoomIntent::TakeBack)];
            }
        }
        Vec::new()
    }

    fn open_menu(&mut self, is_over_people: bool) {
        if let Some(id) = self.room().and_then(|room| self.state.panels.chosen(room)) {
            self.state.overlay = Some(Overlay::Member(MemberMenu {
                id,
                chosen: 0,
                is_over_people,
            }));
        }
    }

    /// Chooses another person by an arrow key, and returns whether the key was one.
    fn choose_person(&mut self, key: Key) -> bool {
        let Some(room) = self.room() else { return false };
        let people: Vec<MemberId> = room.roster().iter().map(|member| member.id).collect();
        let chosen = self.state.panels.chosen(room);
        let at = people
            .iter()
            .position(|id| Some(*id) == chosen)
            .unwrap_or_default();
        let last = people.len().saturating_sub(1);
        let to = if key == Key::plain(Code::Up) {
            at.saturating_sub(1)
        } else if key == Key::plain(Code::Down) {
            (at + 1).min(last)
        } else if key == Key::plain(Code::Home) {
            0
        } else if key == Key::plain(Code::End) {
            last
        } else {
            return false;
        };
        self.state.panels.chosen = people.get(to).copied();
        true
    }

    /// Goes to a chapter of the local file, for everybody, relative to the film's position as last drawn.
    pub(super) fn go_to_chapter(&mut self, request: &ChapterTarget) -> Vec<Intent> {
        let drawn = self.drawn_at;
        let Some(room) = self.room() else {
            return Vec::new();
        };
        let position = room
            .transport
            .as_ref()
            .map_or(MediaTime::ZERO, |transport| transport.position_at(drawn));
        let to = room
            .local_player
            .find_chapter(request, position)
            .map(|chapter| chapter.at);
        let has_chapters = !room.local_player.chapters.is_empty();
        match to {
            Some(to) => return vec![Intent::Room(RoomIntent::SeekTo(to))],
            None if has_chapters => self.state.notice = Some(msg!("no-such-chapter").to_owned()),
            None => self.state.notice = Some(msg!("no-chapters").to_owned()),
        }
        Vec::new()
    }
}
