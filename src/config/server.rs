//! The server's configuration, by the same rules as the client's.

use std::ffi::OsString;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use watchtogether_protocol::version::DEFAULT_PORT;

use super::file::{self, Entry};
use super::resolved::{Row, Source, list, or_default, row, single, variables};
use super::value::{Expected, folder};
use super::{ConfigError, Set, checked};

/// The keys of the server's file; their variables begin with `WATCHTOGETHER_SERVE_`.
const KEYS: [&str; 3] = ["listen", "state_dir", "exempt_loopback"];

const PREFIX: &str = "serve_";

/// What one source says of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerLayer {
    /// The UDP address to listen at.
    pub listen: Option<Set<SocketAddr>>,
    /// Where its key and its rooms are kept.
    pub state_dir: Option<Set<PathBuf>>,
    /// Whether clients on this machine are exempt from the limits per address.
    pub exempt_loopback: Option<Set<bool>>,
}

/// The server's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The UDP address to listen at.
    pub listen: Set<SocketAddr>,
    /// Where its key and its rooms are kept; the usual state folder where nobody says otherwise.
    pub state_dir: Option<Set<PathBuf>>,
    /// Whether clients on this machine are exempt from the limits per address.
    pub exempt_loopback: Set<bool>,
}

impl ServerConfig {
    /// Returns the configuration of the flags, an environment and a file, or all that is wrong with the latter two.
    pub fn load(
        flags: ServerLayer,
        variable: impl Fn(&str) -> Option<OsString>,
        file: &Path,
    ) -> Result<Self, ConfigError> {
        let home = variable("HOME").map(PathBuf::from);
        let (entries, mut mistakes) = file::read(file);
        let file = ServerLayer::read(entries, home.as_deref(), &mut mistakes);
        let names = KEYS.map(|key| format!("{PREFIX}{key}"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut entries = variables(&names, &variable, &mut mistakes);
        for entry in &mut entries {
            entry.key = entry.key.trim_start_matches(PREFIX).to_owned();
        }
        let environment = ServerLayer::read(entries, home.as_deref(), &mut mistakes);
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
        };
        checked(config, mistakes)
    }

    /// Returns every value and where it comes from.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = vec![row("listen", &self.listen)];
        rows.extend(list("state_dir", self.state_dir.as_slice()));
        rows.push(row("exempt_loopback", &self.exempt_loopback));
        rows
    }
}

impl Source for ServerLayer {
    const KEYS: &'static [&'static str] = &KEYS;

    fn put(&mut self, entry: &Entry, home: Option<&Path>) -> Result<bool, Expected> {
        match entry.key.as_str() {
            "listen" => self.listen = Some(single(entry)?),
            "state_dir" => {
                self.state_dir = Some(Set {
                    value: folder(entry.raw.text()?, home)?,
                    origin: entry.origin.clone(),
                });
            }
            "exempt_loopback" => {
                self.exempt_loopback = Some(Set {
                    value: entry.raw.switch()?,
                    origin: entry.origin.clone(),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
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
        ServerConfig::load(ServerLayer::default(), variable, &path)
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
            let line = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} = "));
            assert!(SERVER_EXAMPLE.lines().any(line), "{key}");
        }
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
