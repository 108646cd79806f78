//! Home, the screen of `watchtogether` without arguments: a file or a link to open a room with, an invite to enter one, the
//! recent rooms, and the checks of this machine.
//!
//! A pure state machine like the room's screen: it takes [`HomeUpdate`]s and keys, and returns [`HomeIntent`]s and pictures.
//! Problems are shown at the field that caused them, until that field is changed or tried again. Nothing typed is ever lost
//! because of an error, a room or the browser.
//!
//! Letters are text if a field has the focus. Enter does what the focused place is for; in an empty film field it opens the
//! browser, so that Enter alone leads from an empty form to an open room.

mod keys;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ratatui::Frame;
use watchtogether_protocol::{Clean, LocalTime};

use crate::home_vocabulary::{HomeFailure, HomeField, HomeIntent, HomeUpdate, HostPort, SearchUpdate};
use crate::key::Input;
use crate::keymap::Keymap;
use crate::machine::{LoopEffect, Machine};
use crate::model::wall_clock::WallClock;
use crate::settings::ScreenSettings;
use crate::state::home::HomeScreen;
use crate::state::home::form::Form;
use crate::strings::home as strings;
use crate::theme::Theme;
use crate::view;

/// The settings of home at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeSettings {
    /// The settings of any screen.
    pub screen: ScreenSettings,
    /// The program's version.
    pub version: &'static str,
    /// The user's name, unless they enter another one.
    pub name: Clean,
    /// The server that rooms are opened on; `None` means a local server.
    pub server: Option<Clean>,
    /// The port that a local server would get.
    pub port: HostPort,
}

/// The home screen.
#[derive(Debug)]
pub struct Home {
    /// Everything that is drawn.
    state: HomeScreen,
    /// The number of times the browser was opened, which distinguishes its searches.
    searches: u32,
    /// The keys of the input line, which edit fields as well.
    editing: Keymap,
    /// Until when another Ctrl-C on an empty field quits.
    quits_until: Option<LocalTime>,
    is_damaged: bool,
    must_clear: bool,
    next_frame_at: Option<LocalTime>,
}

impl Home {
    /// Returns home as it is when the program starts.
    pub fn new(settings: HomeSettings) -> Self {
        let (wall, at) = settings.screen.wall_clock;
        let state = HomeScreen {
            theme: Theme::new(settings.screen.colours),
            glyphs: settings.screen.glyphs,
            clock: WallClock::new(wall, at, settings.screen.utc_offset_minutes),
            version: settings.version,
            server: settings.server.map(|server| server.as_str().to_owned()),
            port: settings.port,
            form: Form::new(settings.name.as_str()),
            browser: None,
            help: None,
            recent: Vec::new(),
            checks: Vec::new(),
            failures: BTreeMap::new(),
            activity: None,
            notice: None,
        };
        Self {
            state,
            searches: 0,
            editing: settings.screen.keymap,
            quits_until: None,
            is_damaged: true,
            must_clear: false,
            next_frame_at: None,
        }
    }

    /// Applies an update.
    pub fn apply(&mut self, update: HomeUpdate, now: LocalTime) {
        self.is_damaged = true;
        match update {
            HomeUpdate::Recent(rooms) => {
                if let HomeField::Recent(index) = self.state.form.focus
                    && index >= rooms.len()
                {
                    self.state.form.focus = rooms
                        .len()
                        .checked_sub(1)
                        .map_or(HomeField::Film, HomeField::Recent);
                }
                self.state.recent = rooms;
            }
            HomeUpdate::Checks(checks) => self.state.checks = checks,
            HomeUpdate::Completed(completed) => match self.state.form.complete(completed) {
                Ok(true) => self.state.form.turn(true, self.state.recent.len()),
                Ok(false) => {}
                Err(failure) => self.show_failure(failure),
            },
            HomeUpdate::Search { number, news } => {
                if let Some(browser) = self.state.browser.as_mut().filter(|_| number == self.searches) {
                    match news {
                        SearchUpdate::Folders(folders) => browser.set_folders(&folders),
                        SearchUpdate::Found(files) => browser.add(files),
                        SearchUpdate::Ended(searched) => browser.end(searched),
                    }
                }
            }
            HomeUpdate::Activity(activity) => self.state.activity = Some(activity),
            HomeUpdate::Failed(failure) => {
                self.state.activity = None;
                self.show_failure(failure);
            }
            HomeUpdate::Back { reason } => {
                self.state.activity = None;
                self.clear();
                self.state.notice = reason.map(|reason| strings::back(reason.as_str()));
            }
            HomeUpdate::Port(port) => self.state.port = port,
            HomeUpdate::WallClock(wall) => self.state.clock.set(wall, now),
            HomeUpdate::Resumed => self.clear(),
        }
    }

    /// Makes the next frame draw everything.
    const fn clear(&mut self) {
        self.is_damaged = true;
        self.must_clear = true;
    }

    /// Shows a problem at its cause, and moves the focus there.
    fn show_failure(&mut self, failure: HomeFailure) {
        let is_gone = matches!(failure.place, HomeField::Recent(index) if index >= self.state.recent.len());
        self.state.form.focus = if is_gone { HomeField::Film } else { failure.place };
        self.state.failures.insert(failure.place, failure);
    }
}

impl Machine for Home {
    type Update = HomeUpdate;
    type Intent = HomeIntent;

    fn handle_input(&mut self, input: Input, now: LocalTime) -> Vec<HomeIntent> {
        self.is_damaged = true;
        match input {
            // Not requested here: the last click in a room may still arrive.
            Input::Mouse(_) => Vec::new(),
            Input::Key(key) => self.handle_key(key, now),
            Input::Paste(text) => self.handle_paste(&text),
            Input::Resized => {
                self.clear();
                Vec::new()
            }
        }
    }

    fn apply(&mut self, update: HomeUpdate, now: LocalTime) {
        self.apply(update, now);
    }

    fn handle_timeout(&mut self, now: LocalTime) -> Vec<HomeIntent> {
        if self.quits_until.take_if(|until| *until <= now).is_some() {
            self.state.notice = None;
            self.is_damaged = true;
        }
        Vec::new()
    }

    fn poll_timeout(&self) -> Option<LocalTime> {
        self.quits_until
    }

    fn draw(&mut self, frame: &mut Frame<'_>, now: LocalTime) {
        self.is_damaged = false;
        self.must_clear = false;
        // Only the ages of the recent rooms change with time alone.
        self.next_frame_at = (!self.state.recent.is_empty()).then(|| now + strings::AGES);
        if let Some(browser) = &mut self.state.browser {
            browser.sort();
        }
        let drawn = view::home::draw(frame, &self.state, now);
        if let Some(scroll) = &mut self.state.help {
            *scroll = drawn.help_scroll;
        } else if let Some(browser) = &mut self.state.browser {
            browser.set_page(drawn.browser_rows);
        }
    }

    fn needs_frame(&self, now: LocalTime) -> bool {
        self.is_damaged || self.next_frame_at.is_some_and(|at| at <= now)
    }

    fn next_frame_at(&self) -> Option<LocalTime> {
        self.next_frame_at
    }

    fn needs_clear(&self) -> bool {
        self.must_clear
    }

    fn redraw(&mut self) {
        self.clear();
    }

    fn show_notice(&mut self, words: &str) {
        self.is_damaged = true;
        self.state.notice = Some(words.to_owned());
    }

    fn is_resumption(update: &HomeUpdate) -> bool {
        *update == HomeUpdate::Resumed
    }

    fn effect_of(intent: &HomeIntent) -> LoopEffect<'_> {
        if *intent == HomeIntent::Suspend {
            LoopEffect::Suspend
        } else if *intent == HomeIntent::Quit {
            LoopEffect::Leave
        } else {
            LoopEffect::None
        }
    }
}
