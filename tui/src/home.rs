//! Home: what `watchtogether` alone opens. A file or a link to open a room with, an invite to enter one, the rooms of
//! the last evenings, and how this machine stands.
//!
//! A pure machine like [`crate::App`]: [`HomeUpdate`] and keys in, [`HomeIntent`] and pictures out. What goes wrong is
//! told at the field that caused it and stays until that field is changed or tried again; nothing that was typed is
//! ever lost to an error, a room or the browser.
//!
//! Letters are text wherever a field has the focus. Enter does what the focused place is there for; in an empty film
//! field that is the browser, so that Enter alone leads from an empty form to an open room.

pub(crate) mod browser;
pub(crate) mod form;

mod keys;
mod paste;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ratatui::Frame;
use watchtogether_protocol::{Clean, LocalTime};

use crate::Settings;
use crate::glyphs::{self, Glyphs};
use crate::home_vocabulary::{
    Check, Doing, HomeIntent, HomeUpdate, HostPort, Place, RecentRoom, SearchNews, Trouble,
};
use crate::key::Input;
use crate::keymap::Keymap;
use crate::model::wall_clock::WallClock;
use crate::strings::home as strings;
use crate::theme::Theme;
use crate::view;

pub use paste::invite_in;

use browser::Browser;
use form::Form;

/// What home is given at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeSettings {
    /// What any screen is given.
    pub screen: Settings,
    /// The program's version.
    pub version: &'static str,
    /// What the user is called unless they say otherwise.
    pub name: Clean,
    /// The server that rooms are opened on; none is one of our own.
    pub server: Option<Clean>,
    /// The port that a server of our own would get.
    pub port: HostPort,
}

/// Home.
#[derive(Debug)]
pub struct Home {
    pub(crate) theme: Theme,
    glyphs: Glyphs,
    pub(crate) clock: WallClock,
    pub(crate) version: &'static str,
    pub(crate) server: Option<String>,
    pub(crate) port: HostPort,
    pub(crate) form: Form,
    pub(crate) browser: Option<Browser>,
    /// How often it was opened: its searches are told apart by this.
    searches: u32,
    /// The rows of the help that are scrolled away, while it is shown.
    pub(crate) help: Option<usize>,
    pub(crate) recent: Vec<RecentRoom>,
    pub(crate) checks: Vec<Check>,
    pub(crate) troubles: BTreeMap<Place, Trouble>,
    pub(crate) doing: Option<Doing>,
    /// Words above the hints, until the next key.
    pub(crate) notice: Option<String>,
    /// The keys of the input line: fields are edited with the same.
    editing: Keymap,
    /// Until when another Ctrl-C on an empty field quits.
    quits_until: Option<LocalTime>,
    is_damaged: bool,
    must_clear: bool,
    next_frame_at: Option<LocalTime>,
}

impl Home {
    /// Returns home as it is found the first time.
    pub fn new(settings: HomeSettings) -> Self {
        let (wall, at) = settings.screen.wall_clock;
        Self {
            theme: Theme::new(settings.screen.colours),
            glyphs: settings.screen.glyphs,
            clock: WallClock::new(wall, at, settings.screen.utc_offset_minutes),
            version: settings.version,
            server: settings.server.map(|server| server.as_str().to_owned()),
            port: settings.port,
            form: Form::new(settings.name.as_str()),
            browser: None,
            searches: 0,
            help: None,
            recent: Vec::new(),
            checks: Vec::new(),
            troubles: BTreeMap::new(),
            doing: None,
            notice: None,
            editing: settings.screen.keymap,
            quits_until: None,
            is_damaged: true,
            must_clear: false,
            next_frame_at: None,
        }
    }

    /// Takes a key, a paste or another size; returns what the user wants.
    pub fn handle_input(&mut self, input: Input, now: LocalTime) -> Vec<HomeIntent> {
        self.is_damaged = true;
        match input {
            // Not asked for here: a room's last click may still be on its way.
            Input::Mouse(_) => Vec::new(),
            Input::Key(key) => self.handle_key(key, now),
            Input::Paste(text) => self.handle_paste(&text),
            Input::Resized => {
                self.redraw();
                Vec::new()
            }
        }
    }

    /// Takes over what happened; returns what follows from it.
    pub fn apply(&mut self, update: HomeUpdate, now: LocalTime) {
        self.is_damaged = true;
        match update {
            HomeUpdate::Recent(rooms) => {
                if let Place::Recent(index) = self.form.focus
                    && index >= rooms.len()
                {
                    self.form.focus = rooms.len().checked_sub(1).map_or(Place::Film, Place::Recent);
                }
                self.recent = rooms;
            }
            HomeUpdate::Checks(checks) => self.checks = checks,
            HomeUpdate::Completed(completed) => match self.form.complete(completed) {
                Ok(true) => self.form.turn(true, self.recent.len()),
                Ok(false) => {}
                Err(trouble) => self.tell_trouble(trouble),
            },
            HomeUpdate::Search { number, news } => {
                if let Some(browser) = self.browser.as_mut().filter(|_| number == self.searches) {
                    match news {
                        SearchNews::Folders(folders) => browser.set_folders(&folders),
                        SearchNews::Found(files) => browser.add(files),
                        SearchNews::Ended(searched) => browser.end(searched),
                    }
                }
            }
            HomeUpdate::Doing(doing) => self.doing = Some(doing),
            HomeUpdate::Failed(trouble) => {
                self.doing = None;
                self.tell_trouble(trouble);
            }
            HomeUpdate::Back { why } => {
                self.doing = None;
                self.redraw();
                self.notice = why.map(|why| strings::back(why.as_str()));
            }
            HomeUpdate::Port(port) => self.port = port,
            HomeUpdate::WallClock(wall) => self.clock.set(wall, now),
            HomeUpdate::Resumed => self.redraw(),
        }
    }

    /// Takes away the words that are not true any more.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        if self.quits_until.take_if(|until| *until <= now).is_some() {
            self.notice = None;
            self.is_damaged = true;
        }
    }

    /// Returns when [`Home::handle_timeout`] has something to do.
    pub const fn poll_timeout(&self) -> Option<LocalTime> {
        self.quits_until
    }

    /// Draws everything; what did not change costs the terminal nothing.
    pub fn draw(&mut self, frame: &mut Frame<'_>, now: LocalTime) {
        self.is_damaged = false;
        self.must_clear = false;
        // Nothing but how long ago rooms were left changes by time alone.
        self.next_frame_at = (!self.recent.is_empty()).then(|| now + strings::AGES);
        view::home::draw(frame, self, now);
        glyphs::split_flags(frame.buffer_mut());
        if self.glyphs == Glyphs::Ascii {
            glyphs::replace(frame.buffer_mut());
        }
    }

    /// Forgets what the terminal shows: the next frame draws all.
    pub const fn redraw(&mut self) {
        self.is_damaged = true;
        self.must_clear = true;
    }

    /// Shows words above the hints until the next key.
    pub fn tell(&mut self, words: &str) {
        self.is_damaged = true;
        self.notice = Some(words.to_owned());
    }

    /// Returns whether the picture is another than the one that was drawn last.
    pub fn needs_frame(&self, now: LocalTime) -> bool {
        self.is_damaged || self.next_frame_at.is_some_and(|at| at <= now)
    }

    /// Returns whether the terminal must be cleared before the next frame.
    pub const fn needs_clear(&self) -> bool {
        self.must_clear
    }

    /// Returns when the picture will be another by time alone.
    pub const fn next_frame_at(&self) -> Option<LocalTime> {
        self.next_frame_at
    }

    /// Tells what is wrong where it was caused, and goes there.
    fn tell_trouble(&mut self, trouble: Trouble) {
        let is_gone = matches!(trouble.place, Place::Recent(index) if index >= self.recent.len());
        self.form.focus = if is_gone { Place::Film } else { trouble.place };
        self.troubles.insert(trouble.place, trouble);
    }
}
