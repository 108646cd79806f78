//! Resolves each key to one value, from the source with the highest precedence.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use watchtogether_protocol::MemberName;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_tui::plain::{AnnounceInterval, LineVerbosity};

use super::environment::{misspelt, plain_of, variables};
use super::file::{self, RawEntry};
use super::mistake::ValueError;
use super::value::{FromText, ToText, folder};
use super::{
    AccessKind, Color, ConfigError, ConfigLayer, ConfigMistake, Configured, GlyphKind, MistakeKind,
    MpvOption, Origin, PlayerKind, Ui, checked,
};

/// The keys of the client's file. The environment variable for a key is `WATCHTOGETHER_` followed by the key in capitals.
pub const KEYS: [&str; 17] = [
    "name",
    "server",
    "port",
    "media_dirs",
    "mpv_options",
    "player",
    "access",
    "on_stall",
    "ui",
    "verbosity",
    "announce",
    "say",
    "color",
    "glyphs",
    "offline_pause_after",
    "mouse",
    "scrollback",
];

/// The default time that the film keeps playing without a connection. Most outages are shorter, and two minutes are soon made up
/// for.
const OFFLINE_PAUSE_AFTER: Duration = Duration::from_mins(2);

/// The name for a user whose login name is not a valid member name.
const FALLBACK_NAME: &str = "guest";

/// The default folder for films, below the home folder.
const VIDEOS: &str = "Videos";

/// The client's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The name that the user wants.
    pub name: Configured<MemberName>,
    /// The server for `host` and `join` if the command line has none.
    pub server: Option<Configured<Address>>,
    /// The UDP port of a server that `host` starts; 0 is any free one. By default, a room keeps its previous port.
    pub port: Option<Configured<u16>>,
    /// The folders to search for films, in order.
    pub media_dirs: Vec<Configured<PathBuf>>,
    /// Options for mpv besides its own configuration; later ones override earlier ones.
    pub mpv_options: Vec<Configured<MpvOption>>,
    /// The kind of player.
    pub player: Configured<PlayerKind>,
    /// The condition for entering a new room.
    pub access: Configured<AccessKind>,
    /// How such a room reacts when a member's player runs out of data.
    pub on_stall: Configured<StallPolicy>,
    /// The user interface.
    pub ui: Configured<Ui>,
    /// How much plain mode reports.
    pub verbosity: Configured<LineVerbosity>,
    /// How often plain mode reports the position.
    pub announce: Configured<AnnounceInterval>,
    /// The program that speaks each line, as a shell command.
    pub say: Option<Configured<String>>,
    /// When to use colour.
    pub color: Configured<Color>,
    /// The glyphs that the screen is drawn with.
    pub glyphs: Configured<GlyphKind>,
    /// How long the film keeps playing without a connection before it is paused.
    pub offline_pause_after: Configured<Duration>,
    /// Whether the screen reacts to the mouse.
    pub mouse: Configured<bool>,
    /// Whether a room's chat is saved for the next session.
    pub scrollback: Configured<bool>,
}

/// One line of `config show`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigRow {
    /// The key.
    pub key: &'static str,
    /// The value in the file's format; `None` if it is not set.
    pub value: Option<String>,
    /// The source.
    pub origin: String,
}

impl Config {
    /// Returns the configuration from the flags, an environment and a file, or all mistakes in the latter two. The environment is
    /// given as a lookup and the names of the variables that are set.
    pub fn load(
        flags: ConfigLayer,
        variable: impl Fn(&str) -> Option<OsString>,
        variables_set: &[String],
        file: &Path,
    ) -> Result<Self, ConfigError> {
        let home = variable("HOME").map(PathBuf::from);
        let (entries, mut mistakes) = file::read(file);
        let file = ConfigLayer::read(entries, home.as_deref(), &mut mistakes);
        let variables = variables(&KEYS, &variable, &mut mistakes);
        let mut environment = ConfigLayer::read(variables, home.as_deref(), &mut mistakes);
        if let Some(plain) = plain_of(&variable, &mut mistakes) {
            environment.ui = Some(plain);
        }
        let is_set = |name: &&String| variable(name).is_some_and(|value| !value.is_empty());
        mistakes.extend(misspelt(variables_set.iter().filter(is_set), &KEYS));
        let login = ["USER", "LOGNAME"].into_iter().find_map(&variable);
        let login = login.and_then(|name| name.to_str()?.parse().ok());
        checked(
            Self::resolve(flags, environment, file, login, home.as_deref()),
            mistakes,
        )
    }

    fn resolve(
        flags: ConfigLayer,
        environment: ConfigLayer,
        file: ConfigLayer,
        login: Option<MemberName>,
        home: Option<&Path>,
    ) -> Self {
        let nameless = || FALLBACK_NAME.parse().expect("a name");
        let mut media_dirs = [flags.media_dirs, environment.media_dirs, file.media_dirs].concat();
        if media_dirs.is_empty() {
            media_dirs.extend(home.map(|home| Configured::default(home.join(VIDEOS))));
        }
        Self {
            name: or_default(flags.name, environment.name, file.name, || {
                login.unwrap_or_else(nameless)
            }),
            server: flags.server.or(environment.server).or(file.server),
            port: flags.port.or(environment.port).or(file.port),
            media_dirs,
            mpv_options: [file.mpv_options, environment.mpv_options, flags.mpv_options].concat(),
            player: or_default(flags.player, environment.player, file.player, PlayerKind::default),
            access: or_default(flags.access, environment.access, file.access, AccessKind::default),
            on_stall: or_default(
                flags.on_stall,
                environment.on_stall,
                file.on_stall,
                StallPolicy::default,
            ),
            ui: or_default(flags.ui, environment.ui, file.ui, Ui::default),
            verbosity: or_default(
                flags.verbosity,
                environment.verbosity,
                file.verbosity,
                LineVerbosity::default,
            ),
            announce: or_default(
                flags.announce,
                environment.announce,
                file.announce,
                AnnounceInterval::default,
            ),
            say: flags.say.or(environment.say).or(file.say),
            color: or_default(flags.color, environment.color, file.color, Color::default),
            glyphs: or_default(flags.glyphs, environment.glyphs, file.glyphs, GlyphKind::default),
            offline_pause_after: or_default(
                flags.offline_pause_after,
                environment.offline_pause_after,
                file.offline_pause_after,
                || OFFLINE_PAUSE_AFTER,
            ),
            mouse: or_default(flags.mouse, environment.mouse, file.mouse, || true),
            scrollback: or_default(flags.scrollback, environment.scrollback, file.scrollback, || true),
        }
    }

    /// Returns the folders to search for films, in order.
    pub fn media_folders(&self) -> Vec<PathBuf> {
        self.media_dirs.iter().map(|set| set.value.clone()).collect()
    }

    /// Returns the options for mpv; later ones override earlier ones.
    pub fn options_of_mpv(&self) -> Vec<MpvOption> {
        self.mpv_options.iter().map(|set| set.value.clone()).collect()
    }

    /// Returns every value with its source, in the order of [`KEYS`]; a list has one row per element.
    pub fn rows(&self) -> Vec<ConfigRow> {
        let mut rows = Vec::new();
        rows.push(row("name", &self.name));
        rows.extend(list("server", self.server.as_slice()));
        rows.extend(list("port", self.port.as_slice()));
        rows.extend(list("media_dirs", &self.media_dirs));
        rows.extend(list("mpv_options", &self.mpv_options));
        rows.push(row("player", &self.player));
        rows.push(row("access", &self.access));
        rows.push(row("on_stall", &self.on_stall));
        rows.push(row("ui", &self.ui));
        rows.push(row("verbosity", &self.verbosity));
        rows.push(row("announce", &self.announce));
        rows.extend(list("say", self.say.as_slice()));
        rows.push(row("color", &self.color));
        rows.push(row("glyphs", &self.glyphs));
        rows.push(row("offline_pause_after", &self.offline_pause_after));
        rows.push(row("mouse", &self.mouse));
        rows.push(row("scrollback", &self.scrollback));
        rows
    }
}

/// The values of one source, while they are read.
pub(super) trait ConfigSource: Default {
    /// The existing keys.
    const KEYS: &'static [&'static str];

    /// Returns the mistake of a key that does not exist.
    fn unknown(key: &str, origin: Origin) -> ConfigMistake {
        file::unknown_key(key, origin, Self::KEYS)
    }

    /// Reads one entry, and returns whether the key exists.
    fn put(&mut self, entry: &RawEntry, home: Option<&Path>) -> Result<bool, ValueError>;

    /// Reads all entries of a source. Mistakes are added to the list, and everything else is still read.
    fn read(entries: Vec<RawEntry>, home: Option<&Path>, mistakes: &mut Vec<ConfigMistake>) -> Self {
        let mut layer = Self::default();
        for entry in entries {
            match layer.put(&entry, home) {
                Ok(true) => {}
                Ok(false) => mistakes.push(Self::unknown(&entry.key, entry.origin)),
                Err(error) => mistakes.push(ConfigMistake {
                    place: entry.origin,
                    what: MistakeKind::Value {
                        key: entry.key,
                        error,
                    },
                }),
            }
        }
        layer
    }
}

impl ConfigSource for ConfigLayer {
    const KEYS: &'static [&'static str] = &KEYS;

    fn put(&mut self, entry: &RawEntry, home: Option<&Path>) -> Result<bool, ValueError> {
        match entry.key.as_str() {
            "name" => self.name = Some(single(entry)?),
            "server" => self.server = Some(single(entry)?),
            "port" => self.port = Some(single(entry)?),
            "media_dirs" => {
                self.media_dirs = parts(entry, |c| c == ':', |text| folder(text, home))?;
            }
            "mpv_options" => {
                self.mpv_options = parts(entry, char::is_whitespace, MpvOption::from_text)?;
            }
            "player" => self.player = Some(single(entry)?),
            "access" => self.access = Some(single(entry)?),
            "on_stall" => self.on_stall = Some(single(entry)?),
            "ui" => self.ui = Some(single(entry)?),
            "verbosity" => self.verbosity = Some(single(entry)?),
            "announce" => self.announce = Some(single(entry)?),
            "say" => self.say = Some(single(entry)?),
            "color" => self.color = Some(single(entry)?),
            "glyphs" => self.glyphs = Some(single(entry)?),
            "offline_pause_after" => self.offline_pause_after = Some(single(entry)?),
            "mouse" => self.mouse = Some(switch(entry)?),
            "scrollback" => self.scrollback = Some(switch(entry)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn switch(entry: &RawEntry) -> Result<Configured<bool>, ValueError> {
    Ok(Configured {
        value: entry.raw.switch()?,
        origin: entry.origin.clone(),
    })
}

pub(super) fn single<T: FromText>(entry: &RawEntry) -> Result<Configured<T>, ValueError> {
    Ok(Configured {
        value: T::from_text(entry.raw.text()?)?,
        origin: entry.origin.clone(),
    })
}

fn parts<T>(
    entry: &RawEntry,
    separator: fn(char) -> bool,
    read: impl Fn(&str) -> Result<T, ValueError>,
) -> Result<Vec<Configured<T>>, ValueError> {
    let part = |(text, line): (&str, Option<usize>)| {
        let mut origin = entry.origin.clone();
        if let (Origin::File { line: of_the_key, .. }, Some(line)) = (&mut origin, line) {
            *of_the_key = line;
        }
        read(text).map(|value| Configured { value, origin })
    };
    entry.raw.parts(separator)?.into_iter().map(part).collect()
}

pub(super) fn or_default<T>(
    flag: Option<Configured<T>>,
    environment: Option<Configured<T>>,
    file: Option<Configured<T>>,
    default: impl FnOnce() -> T,
) -> Configured<T> {
    flag.or(environment)
        .or(file)
        .unwrap_or_else(|| Configured::default(default()))
}

pub(super) fn row<T: ToText>(key: &'static str, set: &Configured<T>) -> ConfigRow {
    ConfigRow {
        key,
        value: Some(set.value.to_text()),
        origin: set.origin.to_string(),
    }
}

/// Returns a row for each element, or one row that says that there is none.
pub(super) fn list<T: ToText>(key: &'static str, sets: &[Configured<T>]) -> Vec<ConfigRow> {
    if sets.is_empty() {
        return vec![ConfigRow {
            key,
            value: None,
            origin: Origin::Default.to_string(),
        }];
    }
    sets.iter().map(|set| row(key, set)).collect()
}

#[cfg(test)]
mod tests;
