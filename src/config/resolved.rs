//! Resolves each key to one value, from the source with the highest precedence.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use watchtogether_protocol::MemberName;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_tui::plain::{AnnounceInterval, LineVerbosity};

use super::environment::{plain_of, variables};
use super::file::{self, RawEntry};
use super::value::{ExpectedText, FromText, ToText, folder};
use super::{
    AccessKind, Color, ConfigError, ConfigLayer, ConfigMistake, Configured, GlyphKind, MpvOption, Origin,
    PlayerKind, Ui, checked,
};

/// The keys of the client's file. The environment variable of a key is `WATCHTOGETHER_` and the key in capitals.
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

/// How long the film plays on without a link. Most outages are shorter, and being two minutes apart is soon made up for.
const OFFLINE_PAUSE_AFTER: Duration = Duration::from_mins(2);

/// The name of a user whose login name is not a valid one.
const NAMELESS: &str = "guest";

/// The default folder for films, below the home folder.
const VIDEOS: &str = "Videos";

/// The client's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The name that the user wants.
    pub name: Configured<MemberName>,
    /// The server for `host` and `join` if none is named.
    pub server: Option<Configured<Address>>,
    /// The UDP port of a server that `host` starts; 0 is any free one. By default a room keeps its port, if it had one.
    pub port: Option<Configured<u16>>,
    /// The folders to search for films, in order.
    pub media_dirs: Vec<Configured<PathBuf>>,
    /// Options for mpv besides its own configuration; later ones override earlier ones.
    pub mpv_options: Vec<Configured<MpvOption>>,
    /// The kind of player.
    pub player: Configured<PlayerKind>,
    /// The condition for entering a room that is opened.
    pub access: Configured<AccessKind>,
    /// The reaction of such a room when a member's player runs out of data.
    pub on_stall: Configured<StallPolicy>,
    /// The user interface.
    pub ui: Configured<Ui>,
    /// How much plain mode reports.
    pub verbosity: Configured<LineVerbosity>,
    /// How often plain mode reports the position.
    pub announce: Configured<AnnounceInterval>,
    /// The program that is given each line, as a shell command.
    pub say: Option<Configured<String>>,
    /// When to use colour.
    pub color: Configured<Color>,
    /// The glyphs with which the screen is drawn.
    pub glyphs: Configured<GlyphKind>,
    /// How long the film plays on without a link before it is paused.
    pub offline_pause_after: Configured<Duration>,
    /// Whether the screen reacts to the mouse.
    pub mouse: Configured<bool>,
    /// Whether a room's chat is kept for the next evening.
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
    /// Returns the configuration from the flags, an environment and a file, or all mistakes in the latter two.
    pub fn load(
        flags: ConfigLayer,
        variable: impl Fn(&str) -> Option<OsString>,
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
        let nameless = || NAMELESS.parse().expect("a name");
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

    /// Returns the folders to look for films in, the first first.
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

    /// Takes in one entry, and returns whether the key exists.
    fn put(&mut self, entry: &RawEntry, home: Option<&Path>) -> Result<bool, ExpectedText>;

    /// Reads a source; mistakes are added to the list, and everything else is still read.
    fn read(entries: Vec<RawEntry>, home: Option<&Path>, mistakes: &mut Vec<ConfigMistake>) -> Self {
        let mut layer = Self::default();
        for entry in entries {
            match layer.put(&entry, home) {
                Ok(true) => {}
                Ok(false) => mistakes.push(Self::unknown(&entry.key, entry.origin)),
                Err(expected) => mistakes.push(wrong_value(entry, &expected)),
            }
        }
        layer
    }
}

impl ConfigSource for ConfigLayer {
    const KEYS: &'static [&'static str] = &KEYS;

    fn put(&mut self, entry: &RawEntry, home: Option<&Path>) -> Result<bool, ExpectedText> {
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

fn switch(entry: &RawEntry) -> Result<Configured<bool>, ExpectedText> {
    Ok(Configured {
        value: entry.raw.switch()?,
        origin: entry.origin.clone(),
    })
}

fn wrong_value(entry: RawEntry, expected: &str) -> ConfigMistake {
    ConfigMistake {
        message: format!("{}: {expected}", entry.key),
        place: entry.origin,
        hint: None,
    }
}

pub(super) fn single<T: FromText>(entry: &RawEntry) -> Result<Configured<T>, ExpectedText> {
    Ok(Configured {
        value: T::from_text(entry.raw.text()?)?,
        origin: entry.origin.clone(),
    })
}

fn parts<T>(
    entry: &RawEntry,
    separator: fn(char) -> bool,
    read: impl Fn(&str) -> Result<T, ExpectedText>,
) -> Result<Vec<Configured<T>>, ExpectedText> {
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

/// Returns a row for each part, or one that says that there is none.
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
mod tests {
    use super::*;
    use crate::config::CLIENT_EXAMPLE;
    use crate::exit::Failure;

    fn written(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.toml");
        std::fs::write(&path, content).expect("written");
        (folder, path)
    }

    /// Loads with variables and the content of a file, which is called `c.toml` in the result.
    fn load(flags: ConfigLayer, variables: &[(&str, &str)], content: &str) -> Result<Config, ConfigError> {
        let (_folder, path) = written(content);
        let variable = |name: &str| {
            let set = [("HOME", "/home/ana"), ("USER", "ana")];
            let mut all = variables.iter().chain(&set);
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        Config::load(flags, variable, &path).map_err(|mut error| {
            for mistake in &mut error.mistakes {
                if let Origin::File { path, .. } = &mut mistake.place {
                    *path = "c.toml".into();
                }
            }
            error
        })
    }

    fn told(result: Result<Config, ConfigError>) -> Vec<String> {
        let error = result.expect_err("mistakes");
        error.mistakes.iter().map(ToString::to_string).collect()
    }

    fn name(text: &str) -> MemberName {
        text.parse().expect("a name")
    }

    #[test]
    fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
        let flags = || ConfigLayer {
            name: Some(Configured::flag(name("flag"))),
            ..ConfigLayer::default()
        };
        let (variables, file) = ([("WATCHTOGETHER_NAME", "variable")], "name = \"file\"");
        let resolved = |result: Result<Config, ConfigError>| result.expect("right").name;

        let by_flag = resolved(load(flags(), &variables, file));
        let by_variable = resolved(load(ConfigLayer::default(), &variables, file));
        let by_file = resolved(load(ConfigLayer::default(), &[("WATCHTOGETHER_NAME", "")], file));
        let by_default = resolved(load(ConfigLayer::default(), &[], ""));

        assert_eq!((by_flag.value, by_flag.origin), (name("flag"), Origin::Flag));
        assert_eq!(by_variable.value, name("variable"));
        assert_eq!(by_variable.origin.to_string(), "WATCHTOGETHER_NAME");
        assert_eq!(by_file.value, name("file"));
        assert!(by_file.origin.to_string().ends_with("c.toml:1"));
        assert_eq!(
            (by_default.value, by_default.origin),
            (name("ana"), Origin::Default)
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_places() {
        let file = "nmae = \"x\"\nname = \"server\"\nplayer = \"vlc\"\n\nmedia_dirs = [\"/a\",\n  \"Videos\"]\n\
                    ui = true\noffline_pause_after = \"soon\"\nmpv_options = \"fs\"\nwhatever = 1\n";

        let told = told(load(
            ConfigLayer::default(),
            &[("WATCHTOGETHER_COLOR", "pink")],
            file,
        ));

        assert_eq!(
            told,
            [
                "c.toml:1: there is no key \"nmae\" (did you mean name?)",
                "c.toml:2: name: that name is reserved, choose another",
                "c.toml:3: player: \"vlc\" is none of mpv, none",
                "c.toml:5: media_dirs: \"Videos\" is no absolute path and does not begin with ~/",
                "c.toml:7: ui: a text is expected, this is true or false",
                "c.toml:8: offline_pause_after: \"soon\" is no time such as 90, \"90s\", \"2m\" or \"1h\"",
                "c.toml:9: mpv_options: a list of texts is expected: [\"…\", \"…\"]",
                "c.toml:10: there is no key \"whatever\" (the keys are name, server, port, media_dirs, mpv_options, player, \
                 access, on_stall, ui, verbosity, announce, say, color, glyphs, offline_pause_after, mouse, \
                 scrollback)",
                "WATCHTOGETHER_COLOR: color: \"pink\" is none of auto, always, never",
            ]
        );
    }

    #[test]
    fn mistakes_are_a_failure_of_usage() {
        let failure =
            Failure::from(load(ConfigLayer::default(), &[], "ui = \"big\"").expect_err("a mistake"));

        assert_eq!((failure.exit().code(), failure.kind.code()), (2, "config"));
        assert_eq!(failure.details, ["c.toml:1: ui: \"big\" is none of full, plain"]);
    }

    #[test]
    fn of_lists_all_parts_count_in_the_order_that_helps() {
        let flags = ConfigLayer {
            media_dirs: vec![Configured::flag("/flag".into())],
            mpv_options: vec![Configured::flag(("fs".to_owned(), "no".to_owned()))],
            ..ConfigLayer::default()
        };
        let variables = [
            ("WATCHTOGETHER_MEDIA_DIRS", "/a:~/b:"),
            ("WATCHTOGETHER_MPV_OPTIONS", "ao=null  vo=null"),
        ];
        let file = "media_dirs = [\n  \"/f\",\n  \"/g\",\n]\nmpv_options = [\"fs\"]";

        let config = load(flags, &variables, file).expect("right");

        let folders: Vec<_> = config.media_folders();
        assert_eq!(
            folders,
            ["/flag", "/a", "/home/ana/b", "/f", "/g"].map(PathBuf::from)
        );
        let options: Vec<String> = config.options_of_mpv().iter().map(ToText::to_text).collect();
        assert_eq!(options, ["fs=yes", "ao=null", "vo=null", "fs=no"]);
        assert!(
            config.media_dirs[4].origin.to_string().ends_with("c.toml:3"),
            "{:?}",
            config.media_dirs[4]
        );
    }

    #[test]
    fn a_variable_of_its_own_asks_for_lines_wherever_it_is_set() {
        let ui = |value, file| {
            let config = load(ConfigLayer::default(), &[("WATCHTOGETHER_PLAIN", value)], file);
            config.expect("right").ui
        };

        assert_eq!(ui("1", "ui = \"full\"").value, Ui::Plain);
        assert_eq!(ui("1", "").origin.to_string(), "WATCHTOGETHER_PLAIN");
        assert_eq!((ui("0", "").value, ui("", "").value), (Ui::Full, Ui::Full));
        assert_eq!(ui("0", "ui = \"plain\"").value, Ui::Plain);
        assert_eq!(
            told(load(
                ConfigLayer::default(),
                &[("WATCHTOGETHER_PLAIN", "maybe")],
                ""
            )),
            ["WATCHTOGETHER_PLAIN: \"maybe\" is neither 1 nor 0"]
        );
    }

    #[test]
    fn the_position_is_announced_after_a_time_or_never() {
        let announce = |value: &str| {
            let file = format!("announce = {value:?}");
            load(ConfigLayer::default(), &[], &file).map(|config| config.announce.value)
        };

        assert_eq!(announce("off"), Ok(AnnounceInterval::Off));
        assert_eq!(
            announce("5m"),
            Ok(AnnounceInterval::Every(Duration::from_mins(5)))
        );
        assert!(announce("0").is_err() && announce("often").is_err());
    }

    #[test]
    fn a_login_name_that_cannot_be_one_makes_a_guest() {
        let config = load(ConfigLayer::default(), &[("USER", "server")], "").expect("right");

        assert_eq!(config.name.value, name("guest"));
    }

    #[test]
    fn the_example_is_the_defaults_and_names_every_key() {
        let example = load(ConfigLayer::default(), &[], CLIENT_EXAMPLE).expect("the example is right");
        let defaults = load(ConfigLayer::default(), &[], "").expect("nothing is right");

        let values =
            |config: &Config| -> Vec<_> { config.rows().into_iter().map(|r| (r.key, r.value)).collect() };
        assert_eq!(values(&example), values(&defaults));
        for key in KEYS {
            let line = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} = "));
            assert!(CLIENT_EXAMPLE.lines().any(line), "{key}");
        }
    }

    #[test]
    fn each_key_has_a_row_with_its_origin() {
        let rows = load(
            ConfigLayer::default(),
            &[("WATCHTOGETHER_SERVER", "box.example.org")],
            "",
        )
        .expect("right")
        .rows();

        let mut keys: Vec<_> = rows.iter().map(|row| row.key).collect();
        keys.dedup();
        assert_eq!(keys, KEYS);
        let server = rows.iter().find(|row| row.key == "server").expect("a row");
        assert_eq!(server.value.as_deref(), Some("box.example.org:7843"));
        assert_eq!(server.origin, "WATCHTOGETHER_SERVER");
    }
}
