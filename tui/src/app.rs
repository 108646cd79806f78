//! The screen as a state machine: it takes updates and keys, and returns intents and pictures.
//!
//! Pure: it reads no clock and no terminal. Nothing is drawn while nothing changes: [`Machine::needs_frame`] says whether
//! something has changed, and [`Machine::next_frame_at`] when a number on the screen will change with time alone (the position
//! once a second while the room plays, a countdown, the clock once a minute).

mod actions;
mod answers;
mod chat;
mod completion;
mod happenings;
mod invite;
mod letters;
mod mouse;
mod palette;
mod panels;
mod perform;
mod question;
mod recall;
mod toasts;
mod typing;
mod undoing;
mod updates;

#[cfg(test)]
mod tests;

use std::time::Duration;

use ratatui::Frame;
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::message::chat::ChatLine;

use crate::action::ActionId;
use crate::geometry::{Bar, Hits, Link, Shape};
use crate::intent::Intent;
use crate::key::{Input, Key};
use crate::keymap::Mode;
use crate::machine::{LoopEffect, Machine};
use crate::model::Room;
use crate::model::flood_limiter::FloodLimiter;
use crate::model::wall_clock::WallClock;
use crate::pace::Pace;
use crate::settings::ScreenSettings;
use crate::state::overlay::Overlay;
use crate::state::{Scene, Screen};
use crate::theme::Theme;
use crate::update::Update;
use crate::view;

use answers::Answer;
use completion::Completion;
use letters::Letters;
use typing::TypingNotice;

/// The time in keys mode after which the next keys are shown if no key was pressed.
const NEXT_KEYS: Duration = Duration::from_millis(600);

/// The screen.
#[derive(Debug)]
pub(crate) struct App {
    /// Everything that is drawn.
    pub(crate) state: Screen,
    /// Whether the clock is the room's instead of this machine's.
    has_room_clock: bool,
    has_mouse: bool,
    /// The areas that react to the mouse, as last drawn.
    hits: Hits,
    /// The links, as last drawn.
    links: Vec<Link>,
    /// The bar of the progress line, as last drawn.
    bar: Option<Bar>,
    /// When the screen was last drawn.
    drawn_at: LocalTime,
    completion: Option<Completion>,
    /// The chat of earlier sessions in the room that is about to be entered.
    earlier: Vec<ChatLine>,
    /// The typing state that was last sent to the others.
    notice_of_typing: TypingNotice,
    /// Until when another Ctrl-C on an empty line leaves.
    leaves_until: Option<LocalTime>,
    /// The letters pressed in keys mode.
    letters: Letters,
    /// The letters typed while a question is shown.
    answer: Answer,
    /// The timing of input to the input line.
    pace: Pace,
    /// The shape of the chat as last drawn, for scrolling.
    chat_shape: Shape,
    damage: Damage,
    rings: bool,
    /// The limit on the lines and bells of others.
    limiter: FloodLimiter,
    next_frame_at: Option<LocalTime>,
}

/// How much of the terminal's contents is outdated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    /// No part of it.
    None,
    /// Some cells.
    Some,
    /// All of it, including unchanged cells.
    All,
}

impl App {
    /// Returns a screen without any state.
    pub(crate) fn new(settings: ScreenSettings) -> Self {
        let (wall, at) = settings.wall_clock;
        let clock = WallClock::new(wall, at, settings.utc_offset_minutes);
        Self {
            state: Screen::new(
                Theme::new(settings.colours),
                settings.glyphs,
                settings.keymap,
                clock,
            ),
            has_room_clock: false,
            has_mouse: settings.has_mouse,
            hits: Hits::default(),
            links: Vec::new(),
            bar: None,
            drawn_at: at,
            completion: None,
            earlier: Vec::new(),
            notice_of_typing: TypingNotice::default(),
            leaves_until: None,
            letters: Letters::default(),
            answer: Answer::default(),
            pace: Pace::default(),
            chat_shape: Shape::default(),
            damage: Damage::Some,
            rings: false,
            limiter: FloodLimiter::default(),
            next_frame_at: None,
        }
    }

    fn take_input(&mut self, input: Input, now: LocalTime) -> Vec<Intent> {
        match input {
            Input::Key(key) => {
                let was = self.state.mode;
                let mut wanted = self.handle_key(key, now);
                wanted.extend(self.typing_intent(&wanted, now));
                let has_entered = (was, self.state.mode) == (Mode::Chat, Mode::Keys);
                self.letters.is_fresh |= has_entered;
                self.state.next_keys_at = has_entered.then(|| now + NEXT_KEYS);
                wanted
            }
            Input::Mouse(mouse) => self.handle_mouse(mouse, now),
            Input::Paste(text) => {
                self.take_held_as_text(now);
                self.handle_paste(&text);
                self.typing_intent(&[], now).into_iter().collect()
            }
            Input::Resized => {
                self.damage(Damage::All);
                Vec::new()
            }
        }
    }

    /// Returns the draft in the input line.
    pub(crate) fn draft(&self) -> &str {
        self.state.editor.text()
    }

    pub(crate) const fn room(&self) -> Option<&Room> {
        self.state.room()
    }

    const fn room_mut(&mut self) -> Option<&mut Room> {
        self.state.room_mut()
    }

    fn damage(&mut self, damage: Damage) {
        self.damage = self.damage.max(damage);
    }

    /// Performs the action of a key.
    fn act_on_key(&mut self, key: Key, now: LocalTime) -> Vec<Intent> {
        self.state.notice = None;
        self.state.seek_click = None;
        let leaves = self.leaves_until.take().is_some_and(|until| now < until);
        if self.state.overlay.is_some() {
            return self.handle_overlay_key(key);
        }
        let mode = match &self.state.scene {
            Scene::Room(_) => self.state.mode,
            Scene::Connecting { .. } | Scene::Stopped(_) => Mode::Keys,
        };
        if self.handle_recall_key(key) {
            return Vec::new();
        }
        let completion = self.completion.take();
        if mode == Mode::Keys
            && let Some(intents) = self.handle_panel_key(key)
        {
            return intents;
        }
        match self.state.keymap.action(mode, key) {
            Some(ActionId::Interrupt) if self.room().is_some() => self.interrupt(leaves, now),
            Some(id) if self.room().is_some() => self.perform(id, key, completion),
            Some(id) => self.perform_outside(id, key),
            None => {
                if let (Mode::Chat, Some(c)) = (mode, key.typed()) {
                    self.type_char(c);
                }
                Vec::new()
            }
        }
    }
}

impl Machine for App {
    type Update = Update;
    type Intent = Intent;

    fn handle_input(&mut self, input: Input, now: LocalTime) -> Vec<Intent> {
        self.damage(Damage::Some);
        let wanted = self.take_input(input, now);
        self.notice_copied(&wanted, now);
        wanted
    }

    fn apply(&mut self, update: Update, now: LocalTime) {
        let newest = self.newest_unseen();
        if self.apply_update(update, now) {
            self.notice_newest(newest.as_ref(), now);
            self.damage(Damage::Some);
        }
    }

    fn handle_timeout(&mut self, now: LocalTime) -> Vec<Intent> {
        if self.poll_timeout().is_none_or(|at| now < at) {
            return Vec::new();
        }
        self.damage(Damage::Some);
        if self.leaves_until.take_if(|until| *until <= now).is_some() {
            self.state.notice = None;
        }
        self.report_left_out(now);
        let mut wanted = self.act_on_due_key(now);
        wanted.extend(self.typing_intent(&wanted, now));
        self.notice_copied(&wanted, now);
        wanted
    }

    fn poll_timeout(&self) -> Option<LocalTime> {
        [
            self.letters.deadline(),
            self.answer.deadline(),
            self.pace.deadline(),
            self.leaves_until,
            self.limiter.poll_timeout(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, now: LocalTime) {
        self.damage = Damage::None;
        self.next_frame_at = Some(self.state.clock.next_minute(now));
        let undo = self.show_way_to_undo(now);
        let toast = self.expire_toasts(now);
        if let Scene::Room(room) = &self.state.scene {
            let tick = room
                .transport
                .as_ref()
                .and_then(|transport| transport.next_second(now));
            let countdown = view::status_bar::next_count(&room.status, now);
            let click = self.state.seek_click.map(|click| click.until);
            let later = [click, self.state.next_keys_at, undo, toast].map(|at| at.filter(|at| now < *at));
            self.next_frame_at = [self.next_frame_at, tick, countdown]
                .into_iter()
                .chain(later)
                .flatten()
                .min();
        }
        let drawn = view::draw(frame, &self.state, now);
        self.chat_shape = drawn.chat;
        self.hits = drawn.hits;
        self.links = drawn.links;
        self.bar = drawn.bar;
        self.state.panels.places = drawn.panels;
        self.state.panels.have_room = drawn.has_panels;
        self.drawn_at = now;
        if let Some(scroll) = self.state.overlay.as_mut().and_then(Overlay::scroll_mut) {
            *scroll = drawn.overlay_scroll;
        }
    }

    fn needs_frame(&self, now: LocalTime) -> bool {
        // A held Enter is decided within a moment, so the line is not redrawn before it is sent.
        let is_settled = self.pace.deadline().is_none();
        is_settled && (self.damage != Damage::None || self.next_frame_at.is_some_and(|at| at <= now))
    }

    fn next_frame_at(&self) -> Option<LocalTime> {
        self.next_frame_at
    }

    fn needs_clear(&self) -> bool {
        self.damage == Damage::All
    }

    fn redraw(&mut self) {
        self.damage(Damage::All);
    }

    fn show_notice(&mut self, words: &str) {
        self.damage(Damage::Some);
        self.state.notice = Some(words.to_owned());
    }

    fn take_bell(&mut self) -> bool {
        std::mem::take(&mut self.rings) && self.limiter.admits_bell(self.drawn_at)
    }

    fn has_mouse(&self) -> bool {
        self.has_mouse
    }

    fn links(&self) -> &[Link] {
        &self.links
    }

    fn is_resumption(update: &Update) -> bool {
        *update == Update::Resumed
    }

    fn effect_of(intent: &Intent) -> LoopEffect<'_> {
        if let Intent::Copy(text) = intent {
            LoopEffect::Copy(text)
        } else if matches!(intent, Intent::Edit(_)) {
            LoopEffect::Edit
        } else if *intent == Intent::Suspend {
            LoopEffect::Suspend
        } else if *intent == Intent::Leave {
            LoopEffect::Leave
        } else {
            LoopEffect::None
        }
    }
}
