//! The server's configuration, read by the same rules as the client's.
//!
//! Besides a few top-level keys, there is a key for each of the server's limits, `topic.name`: a table per topic in the file,
//! `WATCHTOGETHER_SERVE_TOPIC_NAME` in the environment.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use watchtogether_protocol::version::DEFAULT_PORT;
use watchtogether_server::limits::{LimitMistake, Limits};

use super::environment::{self, variables};
use super::file::{self, RawEntry};
use super::mistake::{KnownKeys, ValueError};
use super::resolved::{ConfigRow, ConfigSource, list, or_default, row, single};
use super::value::folder;
use super::{ConfigError, ConfigMistake, Configured, MistakeKind, Origin, checked};

/// The keys of the server's file that are not limits. Their variables begin with `WATCHTOGETHER_SERVE_`.
const KEYS: [&str; 3] = ["listen", "state_dir", "exempt_loopback"];

/// The beginning of the server's keys in the environment.
const PREFIX: &str = "serve_";

/// The server's values from one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerLayer {
    /// The UDP address to listen on.
    pub listen: Option<Configured<SocketAddr>>,
    /// The folder for the server's key and rooms.
    pub state_dir: Option<Configured<PathBuf>>,
    /// Whether clients on this machine are exempt from the limits per address.
    pub exempt_loopback: Option<Configured<bool>>,
    /// The limits by key, as text.
    pub limits: BTreeMap<&'static str, Configured<String>>,
}

/// The server's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The UDP address to listen on.
    pub listen: Configured<SocketAddr>,
    /// The folder for the server's key and rooms; `None` means the default state folder.
    pub state_dir: Option<Configured<PathBuf>>,
    /// Whether clients on this machine are exempt from the limits per address.
    pub exempt_loopback: Configured<bool>,
    /// The limits.
    pub limits: Limits,
    /// The sources of the limits that are not defaults.
    limit_origins: BTreeMap<&'static str, Origin>,
}

impl ServerConfig {
    /// Returns the configuration from the flags, an environment and a file, or all mistakes in the latter two. The environment is
    /// given as a lookup and the names of the variables that are set.
    pub fn load(
        flags: ServerLayer,
        variable: impl Fn(&str) -> Option<OsString>,
        variables_set: &[String],
        file: &Path,
    ) -> Result<Self, ConfigError> {
        let home = variable("HOME").map(PathBuf::from);
        let (entries, mut mistakes) = file::read_with_tables(file);
        let file = ServerLayer::read(entries, home.as_deref(), &mut mistakes);
        let keys = KEYS.into_iter().chain(Limits::keys());
        let names: Vec<String> = keys.map(|key| format!("{PREFIX}{key}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut entries = variables(&names, &variable, &mut mistakes);
        for entry in &mut entries {
            entry.key = entry.key.split_off(PREFIX.len());
        }
        let environment = ServerLayer::read(entries, home.as_deref(), &mut mistakes);
        let is_set = |name: &&String| variable(name).is_some_and(|value| !value.is_empty());
        mistakes.extend(unknown_variables(variables_set.iter().filter(is_set)));
        let mut given = file.limits;
        given.extend(environment.limits);
        let limits = limits_of(&given).unwrap_or_else(|wrong| {
            mistakes.extend(wrong);
            Limits::default()
        });
        let everywhere = || (Ipv6Addr::UNSPECIFIED, DEFAULT_PORT).into();
        let config = Self {
            listen: or_default(flags.listen, environment.listen, file.listen, everywhere),
            state_dir: flags.state_dir.or(environment.state_dir).or(file.state_dir),
            exempt_loopback: or_default(
                flags.exempt_loopback,
                environment.exempt_loopback,
                file.exempt_loopback,
                || true,
            ),
            limits,
            limit_origins: given.into_iter().map(|(key, set)| (key, set.origin)).collect(),
        };
        checked(config, mistakes)
    }

    /// Returns every value with its source.
    pub fn rows(&self) -> Vec<ConfigRow> {
        let mut rows = vec![row("listen", &self.listen)];
        rows.extend(list("state_dir", self.state_dir.as_slice()));
        rows.push(row("exempt_loopback", &self.exempt_loopback));
        rows.extend(self.limits.rows().map(|(key, value)| {
            ConfigRow {
                key,
                value: Some(value),
                origin: self
                    .limit_origins
                    .get(key)
                    .unwrap_or(&Origin::Default)
                    .to_string(),
            }
        }));
        rows
    }
}

/// Returns the mistakes for variables that look like the server's but are not.
fn unknown_variables<'a>(set: impl Iterator<Item = &'a String>) -> Vec<ConfigMistake> {
    let known: Vec<String> = KEYS.into_iter().chain(Limits::keys()).map(variable_of).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let prefix = variable_of("");
    set.filter(|name| name.starts_with(&prefix) && !known.contains(&name.as_str()))
        .map(|name| ConfigMistake {
            place: Origin::Environment(name.clone()),
            what: MistakeKind::UnknownVariable {
                nearest: file::nearest(name, &known).map(str::to_owned),
            },
        })
        .collect()
}

/// Returns the variable for a key.
fn variable_of(key: &str) -> String {
    environment::variable_of(&format!("{PREFIX}{key}"))
}

/// Returns the limits, or all mistakes in them, each with its place.
fn limits_of(given: &BTreeMap<&'static str, Configured<String>>) -> Result<Limits, Vec<ConfigMistake>> {
    let texts = given.iter().map(|(key, set)| (*key, set.value.as_str()));
    let place = |mistake: &LimitMistake| {
        // If two limits contradict each other, one of them may be a default.
        let keys = [Some(mistake.key), mistake.other()];
        let mut given = keys.into_iter().flatten().filter_map(|key| given.get(key));
        given.next().map_or(Origin::Default, |set| set.origin.clone())
    };
    Limits::read(texts).map_err(|wrong| {
        let mistakes = wrong.into_iter().map(|mistake| ConfigMistake {
            place: place(&mistake),
            what: MistakeKind::Limit(mistake),
        });
        mistakes.collect()
    })
}

impl ConfigSource for ServerLayer {
    const KEYS: &'static [&'static str] = &KEYS;

    fn unknown(key: &str, origin: Origin) -> ConfigMistake {
        let known: Vec<&str> = KEYS.into_iter().chain(Limits::keys()).collect();
        file::unknown_key_among(key, origin, &known, KnownKeys::OfServer)
    }

    fn put(&mut self, entry: &RawEntry, home: Option<&Path>) -> Result<bool, ValueError> {
        match entry.key.as_str() {
            "listen" => self.listen = Some(single(entry)?),
            "state_dir" => {
                self.state_dir = Some(Configured {
                    value: folder(entry.raw.text()?, home)?,
                    origin: entry.origin.clone(),
                });
            }
            "exempt_loopback" => {
                self.exempt_loopback = Some(Configured {
                    value: entry.raw.switch()?,
                    origin: entry.origin.clone(),
                });
            }
            other => {
                let Some(key) = Limits::keys().find(|key| *key == other) else {
                    return Ok(false);
                };
                let set = Configured {
                    value: entry.raw.text()?.to_owned(),
                    origin: entry.origin.clone(),
                };
                self.limits.insert(key, set);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::SERVER_EXAMPLE;

    fn written(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.toml");
        std::fs::write(&path, content).expect("written");
        (folder, path)
    }

    fn load(variables: &[(&str, &str)], content: &str) -> Result<ServerConfig, ConfigError> {
        let (_folder, path) = written(content);
        let variable = |name: &str| {
            let mut all = variables.iter();
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        let names: Vec<String> = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
        ServerConfig::load(ServerLayer::default(), variable, &names, &path)
    }

    #[test]
    fn the_example_is_the_defaults_and_names_every_key() {
        let values = |config: ServerConfig| -> Vec<_> {
            config.rows().into_iter().map(|r| (r.key, r.value)).collect()
        };

        let example = load(&[], SERVER_EXAMPLE).expect("the example is right");
        let defaults = load(&[], "").expect("nothing is right");

        assert_eq!(values(example), values(defaults));
        for key in KEYS {
            assert!(is_in_example(None, key), "{key}");
        }
        for key in Limits::keys() {
            let (topic, name) = key.split_once('.').expect("a topic and a name");
            assert!(is_in_example(Some(topic), name), "{key}");
        }
    }

    /// Returns whether the example contains a key, possibly commented out, in a table or before all of them.
    fn is_in_example(topic: Option<&str>, key: &str) -> bool {
        let mut table = None;
        SERVER_EXAMPLE.lines().any(|line| {
            if let Some(name) = line.strip_prefix('[') {
                table = Some(name.trim_end_matches(']'));
            }
            let line = line.trim_start_matches("# ");
            table == topic && line.starts_with(&format!("{key} = "))
        })
    }

    #[test]
    fn every_limit_has_a_variable() {
        let names: BTreeSet<String> = Limits::keys().map(|key| key.replace('.', "_")).collect();

        assert_eq!(names.len(), Limits::keys().count());
        assert!(KEYS.iter().all(|key| !names.contains(*key)));
    }

    #[test]
    fn limits_come_from_the_file_and_the_environment_with_their_origin() {
        let variables = [
            ("WATCHTOGETHER_SERVE_ROOMS_MEMBERS", "12"),
            ("WATCHTOGETHER_SERVE_SEATS_HOST", ""),
        ];
        let file = "rooms.open = 7\n\n[seats]\nhost = \"30s\"\n\n[members]\nchat = \"3/2s\"\n";

        let config = load(&variables, file).expect("right");

        assert_eq!((config.limits.rooms.open, config.limits.rooms.members), (7, 12));
        let row = |key| {
            let mut rows = config.rows().into_iter();
            let row = rows.find(|row| row.key == key).expect("a row");
            (row.value.expect("a value"), row.origin)
        };
        let (value, origin) = row("members.chat");
        assert_eq!(value, "3/2s");
        assert!(origin.ends_with("c.toml:7"), "{origin}");
        let variable = "WATCHTOGETHER_SERVE_ROOMS_MEMBERS";
        assert_eq!(row("rooms.members"), ("12".to_owned(), variable.to_owned()));
        assert_eq!(row("undo.kept"), ("1m".to_owned(), "default".to_owned()));
    }

    #[test]
    fn all_wrong_limits_are_reported_at_once_with_their_places() {
        let variables = [("WATCHTOGETHER_SERVE_ROOMS_MEMBERS", "none")];
        let file = "[server]\nhandshakes = 10\nmailbox = true\n[seats]\nhsot = 3\nmember = \"1s\"\n[nothing]\nx = 1\n";

        let error = load(&variables, file).expect_err("mistakes");

        let reports: Vec<String> = error
            .mistakes
            .iter()
            .map(|mistake| {
                let text = mistake.to_string();
                text.rsplit_once('/')
                    .map_or(text.clone(), |(_, end)| end.to_owned())
            })
            .collect();
        assert_eq!(
            reports,
            [
                "c.toml:2: server.handshakes_before_retry: 64 is more than server.handshakes, 10 (raise server.handshakes, or lower server.handshakes_before_retry)",
                "c.toml:2: addresses.handshakes: 16 is more than server.handshakes, 10 (raise server.handshakes, or lower addresses.handshakes)",
                "c.toml:3: server.mailbox: this must be text, not true or false",
                "c.toml:5: unknown key \"seats.hsot\" (did you mean seats.host?)",
                "c.toml:6: seats.member: 1s is out of range (from 6s to 1d)",
                "c.toml:8: unknown key \"nothing.x\" (watchtogether config show --server lists all keys)",
                "WATCHTOGETHER_SERVE_ROOMS_MEMBERS: rooms.members: \"none\" is not a whole number (such as 500)",
            ]
        );
    }

    #[test]
    fn a_variable_that_looks_like_the_servers_and_is_none_is_a_mistake() {
        let variables = [
            ("WATCHTOGETHER_SERVE_ROOMS_MEMBER", "12"),
            ("WATCHTOGETHER_SERVE_DANCE", "yes"),
            ("WATCHTOGETHER_SERVE_ROOMS_OPNE", ""),
            ("WATCHTOGETHER_SERVER", "box"),
            ("WATCHTOGETHER_SERVE_LISTEN", "127.0.0.1:1"),
        ];

        let error = load(&variables, "").expect_err("mistakes");

        let reports: Vec<String> = error.mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(
            reports,
            [
                "WATCHTOGETHER_SERVE_DANCE: unknown variable (watchtogether config show --server lists all \
                 keys)",
                "WATCHTOGETHER_SERVE_ROOMS_MEMBER: unknown variable (did you mean \
                 WATCHTOGETHER_SERVE_ROOMS_MEMBERS?)",
            ]
        );
    }

    #[test]
    fn a_variable_beats_the_file_and_both_are_checked() {
        let variables = [
            ("WATCHTOGETHER_SERVE_LISTEN", "127.0.0.1:1"),
            ("WATCHTOGETHER_SERVE_EXEMPT_LOOPBACK", "false"),
            ("WATCHTOGETHER_LISTEN", "no"),
        ];
        let file = "listen = \"[::1]:2\"\nstate_dir = \"/srv/wt\"\nexempt_loopback = true";

        let config = load(&variables, file).expect("right");
        let wrong = "listen = \"7843\"\nstate_dir = 3\nexempt_loopback = 1\nport = 1";
        let wrong = load(&[], wrong).expect_err("mistakes");

        assert_eq!(config.listen.value.port(), 1);
        assert_eq!(config.state_dir.expect("set").value, PathBuf::from("/srv/wt"));
        assert!(!config.exempt_loopback.value);
        assert_eq!(wrong.mistakes.len(), 4);
    }
}
