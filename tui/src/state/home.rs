//! The state of home: plain data that home changes and its views draw.

pub(crate) mod browser;
pub(crate) mod form;

use std::collections::BTreeMap;

use crate::glyphs::Glyphs;
use crate::home_vocabulary::{Check, HomeActivity, HomeFailure, HomeField, HostPort, RecentRoom};
use crate::model::wall_clock::WallClock;
use crate::theme::Theme;

use browser::Browser;
use form::Form;

/// Everything that is drawn of home.
#[derive(Debug)]
pub(crate) struct HomeScreen {
    /// The colours.
    pub(crate) theme: Theme,
    /// The glyphs that the terminal can show.
    pub(crate) glyphs: Glyphs,
    /// The wall clock, for the ages of rooms and files.
    pub(crate) clock: WallClock,
    /// The program's version.
    pub(crate) version: &'static str,
    /// The server that rooms are opened on; `None` means a local server.
    pub(crate) server: Option<String>,
    /// The port that a local server would get.
    pub(crate) port: HostPort,
    /// The fields.
    pub(crate) form: Form,
    /// The browser, while it is open.
    pub(crate) browser: Option<Browser>,
    /// The number of rows by which the help is scrolled, while it is shown.
    pub(crate) help: Option<usize>,
    /// The recent rooms.
    pub(crate) recent: Vec<RecentRoom>,
    /// The checks of this machine.
    pub(crate) checks: Vec<Check>,
    /// The problems, by their place.
    pub(crate) failures: BTreeMap<HomeField, HomeFailure>,
    /// The current request.
    pub(crate) activity: Option<HomeActivity>,
    /// The text above the hints, until the next key.
    pub(crate) notice: Option<String>,
}
