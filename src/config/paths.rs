//! The paths of the program's files: in the XDG folders, or in their fallbacks.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::private_files;

/// The name of the program's folder in each of them.
const NAME: &str = "watchtogether";

/// The program's folders. None of them need exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The folder for files that the user writes: `client.toml`, `keys.toml`, `server.toml`.
    pub config: PathBuf,
    /// The folder for files that must outlive the program: known servers, a server's key, rooms and their chat, logs.
    pub state: PathBuf,
    /// The folder for files that can be deleted.
    pub cache: PathBuf,
    /// The folder for files that last as long as the login: the control sockets.
    pub runtime: PathBuf,
}

impl Paths {
    /// Returns the folders according to an environment. Relative ones are ignored, as the XDG specification requires.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let absolute = |name: &str| {
            variable(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let user = rustix::process::getuid().as_raw();
        let temporary = std::env::temp_dir().join(format!("{NAME}-{user}"));
        let home = absolute("HOME");
        let folder = |name: &str, below_home: &str| {
            let at_home = || home.as_ref().map(|home| home.join(below_home));
            let base = absolute(name).or_else(at_home);
            base.map_or_else(|| temporary.join(below_home), |base| base.join(NAME))
        };
        Self {
            config: folder("XDG_CONFIG_HOME", ".config"),
            state: folder("XDG_STATE_HOME", ".local/state"),
            cache: folder("XDG_CACHE_HOME", ".cache"),
            runtime: absolute("XDG_RUNTIME_DIR").map_or_else(|| temporary.clone(), |base| base.join(NAME)),
        }
    }

    /// Returns the client's configuration file.
    pub fn client_file(&self) -> PathBuf {
        self.config.join("client.toml")
    }

    /// Returns the user's key file.
    pub fn keys_file(&self) -> PathBuf {
        self.config.join("keys.toml")
    }

    /// Returns the server's configuration file.
    pub fn server_file(&self) -> PathBuf {
        self.config.join("server.toml")
    }

    /// Returns the list of servers that were trusted on first use.
    pub fn known_servers(&self) -> PathBuf {
        self.state.join("known_servers")
    }

    /// Returns the list of recently entered rooms.
    pub fn recent_rooms(&self) -> PathBuf {
        self.state.join("recent.json")
    }

    /// Returns the list of drafts of messages that were not sent.
    pub fn drafts(&self) -> PathBuf {
        self.state.join("drafts.json")
    }

    /// Returns the folder for the chat of recently entered rooms.
    pub fn scrollback(&self) -> PathBuf {
        self.state.join("scrollback")
    }

    /// Returns the folder for the tokens of clients' seats.
    pub fn seats(&self) -> PathBuf {
        self.state.join("seats")
    }

    /// Returns the file of the secret that identifies the owner of rooms.
    pub fn owner_secret(&self) -> PathBuf {
        self.state.join("owner-secret")
    }

    /// Returns the client's log.
    pub fn client_log(&self) -> PathBuf {
        self.state.join("client.log")
    }

    /// Returns the log of the players.
    pub fn player_log(&self) -> PathBuf {
        self.state.join("player.log")
    }

    /// Returns the log of the servers that clients start.
    pub fn server_log(&self) -> PathBuf {
        self.state.join("server.log")
    }

    /// Returns the default folder for a server's key and rooms.
    pub fn server_state(&self) -> PathBuf {
        self.state.join("server")
    }

    /// Creates the runtime folder if it is missing, and returns it if nobody else may enter it: if its parent is shared, somebody
    /// else could have created it first.
    pub fn open_runtime(&self) -> io::Result<&Path> {
        private_files::open_private_folder(&self.runtime)?;
        Ok(&self.runtime)
    }

    /// Creates the state folder if it is missing, and returns it if only its user may write to it.
    pub fn open_state(&self) -> io::Result<&Path> {
        private_files::open_folder(&self.state)?;
        Ok(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn paths(variables: &[(&str, &str)]) -> Paths {
        Paths::of(|name| {
            let mut all = variables.iter();
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn folders_follow_the_xdg_specification() {
        let usual = paths(&[("HOME", "/home/ana"), ("XDG_RUNTIME_DIR", "/run/user/1000")]);
        let moved = paths(&[
            ("HOME", "/home/ana"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_CONFIG_HOME", "relative"),
        ]);

        assert_eq!(
            usual.client_file(),
            Path::new("/home/ana/.config/watchtogether/client.toml")
        );
        assert_eq!(
            usual.known_servers(),
            Path::new("/home/ana/.local/state/watchtogether/known_servers")
        );
        assert_eq!(usual.runtime, Path::new("/run/user/1000/watchtogether"));
        assert_eq!(moved.state, Path::new("/s/watchtogether"));
        assert_eq!(moved.config, Path::new("/home/ana/.config/watchtogether"));
    }

    #[test]
    fn without_a_home_everything_is_in_a_private_folder() {
        let homeless = paths(&[]);

        let user = rustix::process::getuid().as_raw();
        assert!(homeless.runtime.ends_with(format!("watchtogether-{user}")));
        assert!(homeless.state.starts_with(&homeless.runtime));
    }

    #[test]
    fn the_runtime_folder_is_made_private_and_a_strangers_is_refused() {
        let base = tempfile::tempdir().expect("a folder");
        let text = base.path().to_str().expect("text");
        let mine = paths(&[("XDG_RUNTIME_DIR", text)]);
        std::fs::create_dir(&mine.runtime).expect("made");
        std::fs::set_permissions(&mine.runtime, std::fs::Permissions::from_mode(0o755)).expect("mine");

        let opened = mine.open_runtime().expect("mine").to_owned();

        assert_eq!(
            opened.metadata().expect("there").permissions().mode() & 0o777,
            0o700
        );
        std::os::unix::fs::symlink(base.path(), base.path().join("trap")).expect("linked");
        assert!(
            private_files::open_private_folder(&base.path().join("trap")).is_err(),
            "a link leads who knows where"
        );
    }
}
