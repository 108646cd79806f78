//! The configuration: settings that a user makes once instead of typing them each time.
//!
//! A value comes from a flag, otherwise from the environment (`WATCHTOGETHER_…`), otherwise from the file, otherwise it is the
//! default; each value has its source. The elements of a list come from all sources: folders from flags are searched first,
//! options from flags are applied last. All mistakes are reported together, with their places.

mod environment;
pub mod file;
pub mod keys;
mod mistake;
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
use watchtogether_tui::msg;
use watchtogether_tui::plain::{AnnounceInterval, LineVerbosity};

use crate::exit::{CatalogueError, Failure, FailureKind};

pub use self::mistake::{ConfigMistake, KnownKeys, MistakeKind, ValueError, ValueShape};
pub use self::paths::Paths;
pub use self::resolved::{Config, ConfigRow};

/// The client's file with the defaults and comments: the output of `config init`.
pub const CLIENT_EXAMPLE: &str = include_str!("../examples/config/client.toml");

/// The server's file with the defaults and comments.
pub const SERVER_EXAMPLE: &str = include_str!("../examples/config/server.toml");

/// The kind of player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlayerKind {
    /// The user's own mpv.
    #[default]
    Mpv,
    /// No player: chat and control only.
    None,
}

/// The condition for entering a new room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccessKind {
    /// Anyone who knows the room's name may enter.
    Open,
    /// Anyone with the invite may enter.
    #[default]
    Invite,
    /// Anyone who knows the password may enter.
    Password,
}

/// The user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ui {
    /// A full screen.
    #[default]
    Full,
    /// One line per event.
    Plain,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On terminals that can show it, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// In every case.
    Always,
    /// In no case.
    Never,
}

impl Color {
    /// Returns whether to colour an output, given whether it is a terminal, and the environment.
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

/// The glyphs that the screen is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GlyphKind {
    /// All of them, unless the terminal is known to lack fonts for them.
    #[default]
    Auto,
    /// All of them.
    Unicode,
    /// Only those of ASCII.
    Ascii,
}

impl GlyphKind {
    /// Returns whether only ASCII is drawn, given the environment. [`GlyphKind::Auto`] means ASCII on the Linux console, whose
    /// fonts have a few hundred glyphs, and if the locale's encoding is not UTF-8.
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
                // Without a locale, as in many containers, the terminal's encoding is unknown.
                variable("TERM").is_some_and(|term| term == "linux") || locale.is_some_and(|l| !is_utf8(l))
            }
        }
    }
}

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The default.
    Default,
    /// A line of a file, counted from 1.
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

/// A value and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured<T> {
    /// The value.
    pub value: T,
    /// The source.
    pub origin: Origin,
}

impl<T> Configured<T> {
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

/// The values from one source: the flags, the environment or the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigLayer {
    /// The name that the user wants.
    pub name: Option<Configured<MemberName>>,
    /// The server for `host` and `join` if the command line has none.
    pub server: Option<Configured<Address>>,
    /// The UDP port of a server that `host` starts.
    pub port: Option<Configured<u16>>,
    /// The folders to search for films.
    pub media_dirs: Vec<Configured<PathBuf>>,
    /// Options for mpv besides its own configuration.
    pub mpv_options: Vec<Configured<MpvOption>>,
    /// The kind of player.
    pub player: Option<Configured<PlayerKind>>,
    /// The condition for entering a new room.
    pub access: Option<Configured<AccessKind>>,
    /// How such a room reacts when a member's player runs out of data.
    pub on_stall: Option<Configured<StallPolicy>>,
    /// The user interface.
    pub ui: Option<Configured<Ui>>,
    /// How much plain mode reports.
    pub verbosity: Option<Configured<LineVerbosity>>,
    /// How often plain mode reports the position.
    pub announce: Option<Configured<AnnounceInterval>>,
    /// The program that speaks each line.
    pub say: Option<Configured<String>>,
    /// When to use colour.
    pub color: Option<Configured<Color>>,
    /// The glyphs that the screen is drawn with.
    pub glyphs: Option<Configured<GlyphKind>>,
    /// How long the film keeps playing without a connection before it is paused.
    pub offline_pause_after: Option<Configured<Duration>>,
    /// Whether the screen reacts to the mouse.
    pub mouse: Option<Configured<bool>>,
    /// Whether a room's chat is saved for the next session.
    pub scrollback: Option<Configured<bool>>,
}

/// An option of mpv: its name without dashes, and its value.
pub type MpvOption = (String, String);

/// All mistakes in the configuration, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", msg!("config-mistakes", count = mistakes.len()))]
pub struct ConfigError {
    /// The mistakes; at least one.
    pub mistakes: Vec<ConfigMistake>,
}

impl CatalogueError for ConfigError {}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let details = error.mistakes.iter().map(ToString::to_string).collect();
        let mut failure = Self::of(FailureKind::Config, error);
        failure.details = details;
        failure.hint(msg!("hint-config-init"))
    }
}

impl ConfigError {
    /// Returns the error for some mistakes, in the order of their places.
    pub fn of(mut mistakes: Vec<ConfigMistake>) -> Self {
        mistakes.sort_by(|a, b| a.place.cmp(&b.place));
        Self { mistakes }
    }
}

fn checked<T>(value: T, mistakes: Vec<ConfigMistake>) -> Result<T, ConfigError> {
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
