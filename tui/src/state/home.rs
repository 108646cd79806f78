//! The state of home: plain data that home changes and its views draw.

pub(crate) mod browser;
pub(crate) mod form;

use std::collections::BTreeMap;

use crate::glyphs::Glyphs;
use crate::home_vocabulary::{Check, Doing, HostPort, Place, RecentRoom, Trouble};
use crate::model::wall_clock::WallClock;
use crate::theme::Theme;

use browser::Browser;
use form::Form;

/// All that is drawn of home.
#[derive(Debug)]
pub(crate) struct HomeScreen {
    /// How things look.
    pub(crate) theme: Theme,
    /// Which glyphs the terminal can show.
    pub(crate) glyphs: Glyphs,
    /// The wall clock, for how long ago things were.
    pub(crate) clock: WallClock,
    /// The program's version.
    pub(crate) version: &'static str,
    /// The server that rooms are opened on; none is one of our own.
    pub(crate) server: Option<String>,
    /// The port that a server of our own would get.
    pub(crate) port: HostPort,
    /// The fields.
    pub(crate) form: Form,
    /// The browser, while it is open.
    pub(crate) browser: Option<Browser>,
    /// The rows of the help that are scrolled away, while it is shown.
    pub(crate) help: Option<usize>,
    /// The rooms of the last evenings.
    pub(crate) recent: Vec<RecentRoom>,
    /// How this machine stands.
    pub(crate) checks: Vec<Check>,
    /// What is wrong, where it was caused.
    pub(crate) troubles: BTreeMap<Place, Trouble>,
    /// What is on its way.
    pub(crate) doing: Option<Doing>,
    /// Words above the hints, until the next key.
    pub(crate) notice: Option<String>,
}
