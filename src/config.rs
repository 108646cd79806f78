//! The configuration: what a user sets once instead of typing it each time.
//!
//! A value comes from a flag, else from the environment (`WATCHTOGETHER_…`), else from the file, else it is the default;
//! each knows which of them it was. Of the lists, all parts count: folders of flags are searched first, options of
//! flags are applied last. Mistakes are told all at once, with their places.

pub mod file;
pub mod keys;
pub mod paths;
pub mod resolved;
pub mod server;
mod value;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::MemberName;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_tui::plain::{Announce, Telling};

use crate::exit::{Failure, FailureKind};

pub use self::paths::Paths;
pub use self::resolved::{Config, Row};

/// The client's file, commented, with the defaults: what `config init` prints.
pub const CLIENT_EXAMPLE: &str = include_str!("../examples/config/client.toml");

/// The server's file, likewise.
pub const SERVER_EXAMPLE: &str = include_str!("../examples/config/server.toml");

/// Which player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlayerKind {
    /// The user's own mpv.
    #[default]
    Mpv,
    /// None: chat and control only.
    None,
}

/// Who may come into a room that is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccessKind {
    /// Whoever knows the room's name.
    Open,
    /// Whoever has the invite.
    #[default]
    Invite,
    /// Whoever knows the password.
    Password,
}

/// How the room is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ui {
    /// As a screen.
    #[default]
    Full,
    /// A line per event.
    Plain,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that can, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Returns whether to colour what goes to a terminal or not, given the value of an environment variable.
    pub fn is_wanted(self, is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                is_terminal
                    && variable("NO_COLOR").is_none_or(|value| value.is_empty())
                    && variable("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// Which glyphs the screen is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GlyphKind {
    /// All of them, unless the terminal is known to have no font for them.
    #[default]
    Auto,
    /// All of them.
    Unicode,
    /// Those of ASCII.
    Ascii,
}

impl GlyphKind {
    /// Returns whether only ASCII is to be drawn, given the value of an environment variable: by itself on the console
    /// of Linux, whose fonts have a few hundred glyphs, and where the locale has another encoding than UTF-8.
    pub fn is_ascii(self, variable: impl Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Ascii => true,
            Self::Unicode => false,
            Self::Auto => {
                let is_utf8 = |locale: String| {
                    let locale = locale.to_lowercase();
                    locale.contains("utf-8") || locale.contains("utf8")
                };
                let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
                    .into_iter()
                    .filter_map(&variable)
                    .find(|value| !value.is_empty());
                // Without a locale, as in many containers, nothing is known of the terminal.
                variable("TERM").is_some_and(|term| term == "linux") || locale.is_some_and(|l| !is_utf8(l))
            }
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is what it is where nobody says otherwise.
    Default,
    /// A file, and the line in it, counted from 1.
    File {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
    /// A file as a whole.
    WholeFile(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::WholeFile(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag => f.write_str("command line"),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Set<T> {
    /// Returns a value of the command line.
    pub const fn flag(value: T) -> Self {
        Self {
            value,
            origin: Origin::Flag,
        }
    }

    const fn default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }
}

/// What one source says: the flags, the environment or the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// What the user wants to be called.
    pub name: Option<Set<MemberName>>,
    /// The server that `host` and `join` use where none is named.
    pub server: Option<Set<Address>>,
    /// The UDP port of a server that `host` starts.
    pub port: Option<Set<u16>>,
    /// The folders to look for films in.
    pub media_dirs: Vec<Set<PathBuf>>,
    /// What mpv is told besides its own configuration.
    pub mpv_options: Vec<Set<MpvOption>>,
    /// Which player.
    pub player: Option<Set<PlayerKind>>,
    /// Who may come into a room that is opened.
    pub access: Option<Set<AccessKind>>,
    /// What such a room does when a member's player runs dry.
    pub on_stall: Option<Set<StallPolicy>>,
    /// How the room is shown.
    pub ui: Option<Set<Ui>>,
    /// How much is told by lines.
    pub verbosity: Option<Set<Telling>>,
    /// How often the position is told by lines.
    pub announce: Option<Set<Announce>>,
    /// The program that is handed each line.
    pub say: Option<Set<String>>,
    /// When to use colour.
    pub color: Option<Set<Color>>,
    /// Which glyphs the screen is drawn with.
    pub glyphs: Option<Set<GlyphKind>>,
    /// After how long without a link the film is paused.
    pub offline_pause_after: Option<Set<Duration>>,
    /// Whether the mouse acts on the screen.
    pub mouse: Option<Set<bool>>,
    /// Whether what is said in a room is kept for the next evening.
    pub scrollback: Option<Set<bool>>,
}

/// An option of mpv: its name without dashes, and its value.
pub type MpvOption = (String, String);

/// Something that is wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Origin,
    /// What.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

/// All that is wrong with the configuration, in the order of the places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configuration has {}", match mistakes.len() {
    1 => "a mistake".to_owned(),
    many => format!("{many} mistakes"),
})]
pub struct ConfigError {
    /// The mistakes; at least one.
    pub mistakes: Vec<Mistake>,
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let details = error.mistakes.iter().map(ToString::to_string).collect();
        let mut failure = Self::of(FailureKind::Config, error);
        failure.details = details;
        failure.hint("watchtogether config init prints a file to begin with")
    }
}

impl ConfigError {
    /// Returns the error of some mistakes, in the order of their places.
    pub fn of(mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort_by(|a, b| a.place.cmp(&b.place));
        Self { mistakes }
    }
}

fn checked<T>(value: T, mistakes: Vec<Mistake>) -> Result<T, ConfigError> {
    if mistakes.is_empty() {
        return Ok(value);
    }
    Err(ConfigError::of(mistakes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_follow_the_word_then_the_terminal_then_the_locale() {
        let with = |set: &'static [(&str, &str)]| {
            move |name: &str| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            }
        };
        let auto = |set| GlyphKind::Auto.is_ascii(with(set));

        assert!(!auto(&[]) && !auto(&[("TERM", "xterm"), ("LANG", "de_DE.UTF-8")]));
        assert!(auto(&[("TERM", "linux"), ("LANG", "de_DE.UTF-8")]));
        assert!(auto(&[("LANG", "de_DE.ISO-8859-1")]) && auto(&[("LC_ALL", "C"), ("LANG", "C.utf8")]));
        assert!(GlyphKind::Ascii.is_ascii(with(&[])));
        assert!(!GlyphKind::Unicode.is_ascii(with(&[("TERM", "linux")])));
    }

    #[test]
    fn colour_follows_the_flag_then_no_color_then_the_terminal() {
        let none = |_: &str| None;
        let no_color = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        let empty = |name: &str| (name == "NO_COLOR").then(String::new);
        let dumb = |name: &str| (name == "TERM").then(|| "dumb".to_owned());

        assert!(Color::Auto.is_wanted(true, none) && Color::Auto.is_wanted(true, empty));
        assert!(!Color::Auto.is_wanted(false, none));
        assert!(!Color::Auto.is_wanted(true, no_color) && !Color::Auto.is_wanted(true, dumb));
        assert!(Color::Always.is_wanted(false, no_color) && !Color::Never.is_wanted(true, none));
    }
}
