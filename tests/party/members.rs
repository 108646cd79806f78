//! A server and people at their terminals, each with a separate home.

use std::ffi::OsStr;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{interval, timeout};
use watchtogether::control::wire::StatusJson;
use watchtogether_protocol::{Invite, Pin};

use crate::clip::clip;
use crate::process::{Process, children, eventually};
use crate::pty::Pty;
use crate::window::{TIMEOUT, Window};

/// The folder with all files of one test.
#[derive(Debug)]
pub(crate) struct Party(TempDir);

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) address: String,
    pub(crate) pin: Pin,
}

/// A person with a running client.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) process: Process,
    home: PathBuf,
}

impl Party {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// Creates a folder for the test.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.0.path().join(name);
        std::fs::create_dir_all(&folder).expect("the folder is ours");
        folder
    }

    pub(crate) async fn server(&self) -> Server {
        self.server_at("127.0.0.1:0").await
    }

    /// Starts a server on an address, with the state of the previous server.
    pub(crate) async fn server_at(&self, address: &str) -> Server {
        self.server_with::<&str>(address, &[]).await
    }

    /// Starts a server with additional environment variables.
    pub(crate) async fn server_with<V: AsRef<OsStr>>(
        &self,
        address: &str,
        environment: &[(&str, V)],
    ) -> Server {
        let home = self.folder("server");
        let mut command = program(&home);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.args(["serve", "--json", "--listen", address]);
        let process = Process::start(command, home.join("output"));
        let ready: Value = serde_json::from_str(&process.says("\"ready\"").await).expect("it is JSON");
        let address = ready["address"]
            .as_str()
            .expect("it says where it listens")
            .to_owned();
        let pin = ready["pin"].as_str().expect("it says its key");
        let pin = pin.parse().expect("it can be read");
        Server {
            process,
            address,
            pin,
        }
    }

    /// Ana opens the room on a server.
    pub(crate) async fn ana_hosts(&self, address: &str, film: &Path) -> Member {
        self.ana_hosts_with(address, film, &[]).await
    }

    /// Ana opens the room, with additional environment variables.
    pub(crate) async fn ana_hosts_with(
        &self,
        address: &str,
        film: &Path,
        environment: &[(&str, &str)],
    ) -> Member {
        let film = film.to_str().expect("a plain name");
        let args = [
            "host", "--server", address, "--room", "den", "--access", "open", film,
        ];
        let ana = self.member_with("ana", &args, environment);
        ana.stands("the film is open", |s| s.sync.state == "standing")
            .await;
        ana
    }

    /// Ana opens the room with additional arguments.
    pub(crate) fn ana_opens(&self, address: &str, args: &[&str]) -> Member {
        let room = ["host", "--server", address, "--room", "den", "--access", "open"];
        self.member("ana", &[&room, args].concat())
    }

    /// Ana opens the room without a film and without a player.
    pub(crate) async fn ana_hosts_without_film(&self, address: &str) -> Member {
        let ana = self.ana_opens(address, &["--player", "none"]);
        ana.stands("the room is open", |s| s.room.is_some()).await;
        ana
    }

    /// Bo enters Ana's room with his own copy of the clip.
    pub(crate) async fn bo_watches(&self, address: &str) -> Member {
        let bo = self.bo_joins(address, &[clip().to_str().expect("a plain name")]);
        bo.stands("the film is open", |s| {
            matches!(s.sync.state.as_str(), "standing" | "playing")
        })
        .await;
        bo
    }

    /// Bo enters Ana's room.
    pub(crate) fn bo_joins(&self, address: &str, args: &[&str]) -> Member {
        let room = format!("{address}/den");
        self.member("bo", &[&["join", &room], args].concat())
    }

    /// Starts a client.
    pub(crate) fn member(&self, name: &str, args: &[&str]) -> Member {
        self.member_with::<&Path>(name, args, &[])
    }

    /// Starts a client in a terminal, 80 columns wide and 24 rows high.
    pub(crate) fn at_terminal(&self, name: &str, args: &[&str]) -> Pty {
        let home = self.folder(name);
        let mut script = tokio::process::Command::new("script");
        let socket = format!("input-ipc-server={}", home.join("player.sock").display());
        let mut line = format!("exec {}", env!("CARGO_BIN_EXE_watchtogether"));
        let options = ["ao=null", "vo=null", "load-scripts=no", &socket].into_iter();
        let options = options.flat_map(|option| ["--mpv-option", option]);
        let (subcommand, args) = args.split_first().expect("a subcommand");
        let args = args.iter().copied();
        for word in [*subcommand]
            .into_iter()
            .chain(options)
            .chain(args)
            .chain(["--name", name])
        {
            line.push_str(" '");
            line.push_str(word);
            line.push('\'');
        }
        at_home(script.as_std_mut(), &home);
        Pty::run(script, 80, 24, &line)
    }

    /// Starts the home screen in a terminal of the same size, for somebody without a player.
    pub(crate) fn home_of(&self, name: &str) -> Pty {
        let home = self.folder(name);
        let config = home.join("watchtogether/client.toml");
        std::fs::create_dir_all(config.parent().expect("a folder")).expect("the folder is ours");
        std::fs::write(config, "player = \"none\"\n").expect("the folder is ours");
        let mut script = tokio::process::Command::new("script");
        at_home(script.as_std_mut(), &home);
        let line = format!("exec {}", env!("CARGO_BIN_EXE_watchtogether"));
        Pty::run(script, 80, 24, &line)
    }

    /// Connects to the player of a client in a terminal, as its window's keys do.
    pub(crate) async fn window_of(&self, name: &str) -> Window {
        Window::open(&self.folder(name).join("player.sock")).await
    }

    /// Starts a client with additional environment variables. Player options in `args` take precedence over those of the tests.
    pub(crate) fn member_with<V: AsRef<OsStr>>(
        &self,
        name: &str,
        args: &[&str],
        environment: &[(&str, V)],
    ) -> Member {
        let home = self.folder(name);
        let mut command = program(&home);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let socket = format!("input-ipc-server={}", home.join("player.sock").display());
        let (subcommand, args) = args.split_first().expect("a subcommand");
        command.arg(subcommand);
        for option in ["ao=null", "vo=null", "load-scripts=no", &socket] {
            command.args(["--mpv-option", option]);
        }
        command.args(args).args(["--plain", "--name", name]);
        let process = Process::start(command, home.join("output"));
        Member { process, home }
    }
}

impl Member {
    /// Runs another subcommand on the same machine.
    pub(crate) async fn runs(&self, args: &[&str]) -> Output {
        let mut command = tokio::process::Command::from(program(&self.home));
        command.args(args).kill_on_drop(true);
        timeout(TIMEOUT, command.output())
            .await
            .expect("it answers in time")
            .expect("the program starts")
    }

    /// Runs another subcommand, which must succeed.
    pub(crate) async fn does(&self, args: &[&str]) {
        let output = self.runs(args).await;
        assert!(output.status.success(), "{args:?}: {output:?}");
    }

    /// Receives events from now on. Sends chat lines until one is received, because `events` prints nothing when it starts.
    pub(crate) async fn listens(&self) -> Process {
        let mut command = program(&self.home);
        command.args(["events", "--json"]);
        let events = Process::start(command, self.home.join("events"));
        let hear = async {
            let mut pace = interval(Duration::from_millis(500));
            while !events.output().contains("is anybody here?") {
                pace.tick().await;
                self.does(&["send", "is anybody here?"]).await;
            }
        };
        timeout(TIMEOUT, hear).await.expect("a listener hears something");
        events
    }

    pub(crate) async fn status(&self) -> Option<StatusJson> {
        let output = self.runs(&["status", "--json"]).await;
        serde_json::from_slice(&output.stdout).ok()
    }

    /// Waits until the status meets a condition.
    pub(crate) async fn stands(&self, what: &str, is_so: impl Fn(&StatusJson) -> bool) -> StatusJson {
        let mut last = None;
        let wait = async {
            let mut pace = interval(Duration::from_millis(100));
            loop {
                pace.tick().await;
                last = self.status().await;
                if let Some(status) = last.take_if(|status| is_so(status)) {
                    break status;
                }
            }
        };
        match timeout(TIMEOUT, wait).await {
            Ok(status) => status,
            Err(elapsed) => panic!(
                "not so, {elapsed}: {what}\n{last:#?}\nits output:\n{}\nits log:\n{}\nits player's:\n{}",
                self.process.output(),
                self.log("client.log"),
                self.log("player.log")
            ),
        }
    }

    /// Waits until the member's player plays in sync with the room.
    pub(crate) async fn is_in_sync(&self) -> StatusJson {
        self.stands("in sync", |s| {
            s.sync.state == "playing" && s.playback_state() == "playing"
        })
        .await
    }

    /// Asserts that the member is in sync without a correction, and that the room did not wait.
    pub(crate) async fn was_left_alone(&self) {
        let status = self.is_in_sync().await;
        assert_eq!(status.sync.corrections, 0);
        assert!(
            !self.process.output().contains("Waiting for"),
            "{}",
            self.process.output()
        );
    }

    /// Returns the process id of the member's player.
    pub(crate) async fn player(&self) -> u32 {
        self.child("player-worker").await
    }

    /// Returns the process id of the server that the member's client started.
    pub(crate) async fn server(&self) -> u32 {
        self.child("serve").await
    }

    async fn child(&self, word: &str) -> u32 {
        let id = self.process.id();
        eventually(|| children(id, word).first().copied())
            .await
            .expect("the client has such a child")
    }

    /// Returns the invite that was printed for friends, with the loopback address in it.
    pub(crate) async fn invites_to_loopback(&self) -> String {
        let line = self.process.says("Send this line to your friends").await;
        let text = line.split('\'').nth(1).expect("the invite stands in quotes");
        let mut invite: Invite = text.parse().expect("it can be read");
        invite.address.host = Ipv4Addr::LOCALHOST.to_string();
        invite.to_string()
    }

    /// Connects to the member's player as its window's keys do.
    pub(crate) async fn window(&self) -> Window {
        Window::open(&self.home.join("player.sock")).await
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.join("watchtogether").join(name)).unwrap_or_default()
    }
}

/// The values that are read from a client's status.
pub(crate) trait Reading {
    /// The room's position, in milliseconds.
    fn position(&self) -> i64;

    /// The playback state of the room.
    fn playback_state(&self) -> &str;

    fn is_hosted_by(&self, name: &str) -> bool;
}

impl Reading for StatusJson {
    fn position(&self) -> i64 {
        self.playback.as_ref().map_or(-1, |p| p.position_ms)
    }

    fn playback_state(&self) -> &str {
        self.playback.as_ref().map_or("", |p| &p.state)
    }

    fn is_hosted_by(&self, name: &str) -> bool {
        self.room
            .as_ref()
            .is_some_and(|room| room.host.as_deref() == Some(name))
    }
}

/// Returns the program under test, with this folder as its home.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchtogether"));
    at_home(&mut command, home);
    command
}

fn at_home(command: &mut Command, home: &Path) {
    command.env_clear().current_dir(home);
    for variable in [
        "HOME",
        "TMPDIR",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
        "XDG_STATE_HOME",
    ] {
        command.env(variable, home);
    }
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
}
