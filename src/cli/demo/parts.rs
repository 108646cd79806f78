//! The processes of a demonstration: a server and members, each started as a user would start it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::players::Ipc;
use crate::private_files;

/// The interval at which a player that is not ready is checked again.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The time for everything to start. A cold start of libmpv on a small machine takes two seconds.
const START: Duration = Duration::from_secs(30);

/// The time for everything to end after being asked to.
const END: Duration = Duration::from_secs(5);

/// A folder for the whole demonstration, with a home folder for each member.
#[derive(Debug)]
pub(super) struct DemoFolder {
    folder: PathBuf,
    program: PathBuf,
}

/// One running process.
#[derive(Debug)]
pub(super) struct Part {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl DemoFolder {
    /// Creates the folder. It is removed when the value is dropped.
    pub(super) fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("watchtogether-demo-{}", std::process::id()));
        private_files::open_private_folder(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let program = std::env::current_exe().context("cannot find this program's own file")?;
        Ok(Self { folder, program })
    }

    /// Returns the path of the socket of a member's player.
    pub(super) fn socket(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.sock"))
    }

    /// Starts the server and returns it with its address.
    pub(super) async fn start_server(&self) -> anyhow::Result<(Part, String)> {
        let mut command = self.command("server", &["serve", "--listen", "127.0.0.1:0", "--json"])?;
        command
            .arg("--state-dir")
            .arg(self.folder.join("server-state"))
            .stdout(Stdio::piped());
        let mut part = self.spawn("server", command)?;
        let stdout = part
            .child
            .stdout
            .take()
            .context("the server has no standard output")?;
        let line = timeout(START, BufReader::new(stdout).lines().next_line()).await;
        let Ok(Ok(Some(line))) = line else {
            bail!("the server did not come up{}", part.last_words())
        };
        let ready: Value = serde_json::from_str(&line)?;
        let address = ready["address"]
            .as_str()
            .context("the server's ready line has no address")?;
        Ok((part, address.to_owned()))
    }

    /// Starts a member without a screen, whose player has no outputs.
    pub(super) fn start_member(
        &self,
        name: &'static str,
        words: &[&str],
        film: &Path,
    ) -> anyhow::Result<Part> {
        let mut command = self.member_command(name, words, film)?;
        command.args(["--plain", "--mpv-option", "ao=null", "--mpv-option", "vo=null"]);
        self.spawn(name, command)
    }

    /// Returns the command for a member whose player can be read through a socket.
    pub(super) fn member_command(&self, name: &str, words: &[&str], film: &Path) -> anyhow::Result<Command> {
        let mut command = self.command(name, words)?;
        let socket = format!("input-ipc-server={}", self.socket(name).display());
        command.arg(film).args(["--name", name, "--mpv-option", &socket]);
        Ok(command)
    }

    fn command(&self, name: &str, words: &[&str]) -> anyhow::Result<Command> {
        let home = self.folder.join(name);
        std::fs::create_dir_all(&home)?;
        let mut command = Command::new(&self.program);
        command.args(words).stdin(Stdio::null()).kill_on_drop(true);
        for variable in [
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env(variable, &home);
        }
        Ok(command)
    }

    fn spawn(&self, name: &'static str, mut command: Command) -> anyhow::Result<Part> {
        let log = self.folder.join(format!("{name}.log"));
        let file = std::fs::File::create(&log)?;
        if name != "server" {
            command.stdout(file.try_clone()?);
        }
        let child = command
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        Ok(Part { name, child, log })
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "cannot remove the demonstration's folder");
        }
    }
}

impl Part {
    /// Waits until the member's player has the film open and is paused at its beginning.
    pub(super) async fn player_is_ready(&mut self, socket: &Path) -> anyhow::Result<Ipc> {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}{}", self.name, self.last_words());
            }
            if let Some(ipc) = standing_player(socket).await? {
                return Ok(ipc);
            }
            sleep(LOOK_AGAIN).await;
        }
        bail!("{}'s player did not come up{}", self.name, self.last_words())
    }

    /// Ends the process as its user would, and by force if it does not respond.
    pub(super) async fn end(mut self) -> anyhow::Result<()> {
        if let Some(pid) = self
            .child
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
        {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        if timeout(END, self.child.wait()).await.is_err() {
            self.child.kill().await?;
            bail!("{} did not end when it was told to", self.name);
        }
        Ok(())
    }

    fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.len().saturating_sub(5);
        let mut words = String::new();
        for line in lines.iter().skip(last) {
            words.push_str("\n    ");
            words.push_str(line);
        }
        words
    }
}

/// Connects to a player that is paused at the beginning of the film; returns `None` while there is none.
pub(super) async fn standing_player(socket: &Path) -> anyhow::Result<Option<Ipc>> {
    let Ok(mut ipc) = Ipc::connect(socket).await else {
        return Ok(None);
    };
    let is_open = ipc.property("duration").await?.is_some();
    let position = ipc.property("time-pos").await?.and_then(|v| v.as_f64());
    let is_there = position.is_some_and(|p| p < 0.1);
    let is_paused = ipc.property("pause").await? == Some(Value::Bool(true));
    Ok((is_open && is_there && is_paused).then_some(ipc))
}
