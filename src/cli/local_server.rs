//! The local server: `serve` of this same program, as a child process.
//!
//! It ends when its standard input does, so it never outlives the client by accident. If it crashes, it is restarted at the same
//! address with the same key, and the members of its rooms open and enter them again.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use watchtogether_protocol::Pin;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::network::Network;
use watchtogether_protocol::version::DEFAULT_PORT;
use watchtogether_server::limits::LONGEST_DRAIN;
use watchtogether_server::net::tls::HandedKey;
use watchtogether_tui::home_vocabulary::HostPort;
use watchtogether_tui::msg;

use super::server_failures;
use super::server_pipe::{CLOSE_ROOMS, REACHED_LOCAL, REACHED_OUTSIDE};
use super::state::StateFolder;
use crate::config::{Config, Paths};
use crate::exit::{Failure, FailureKind};
use crate::private_files;
use crate::process::{self, Lifetime};

/// The time for a local server to start.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// The time for a local server to notify its members and end: the longest that can be configured, and a little for its process.
const END_TIMEOUT: Duration = LONGEST_DRAIN.saturating_add(Duration::from_secs(2));

/// The interval of attempts to restart a server that crashed. Members who lost it keep trying for longer.
const RESTART_DELAY: Duration = Duration::from_millis(500);

/// How long the port of a reopened room may still be in use: a killed host leaves a server that is still notifying its members.
const PORT_FREES: Duration = LONGEST_DRAIN.saturating_add(Duration::from_secs(1));

/// The interval at which a port in use is checked.
const PORT_POLL: Duration = Duration::from_millis(100);

/// The requested UDP port of a local server.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestedPort {
    /// The port that the user asked for; 0 is any free one.
    asked: Option<u16>,
    /// The room's previous port, which friends' invites contain.
    had: Option<u16>,
}

impl RequestedPort {
    /// Returns the configured port for a room with this previous port, if it had one.
    pub(super) fn of(config: &Config, had: Option<u16>) -> Self {
        Self {
            asked: config.port.as_ref().map(|port| port.value),
            had,
        }
    }

    /// Returns the request with the room's previous port if the user asked for none.
    pub(super) fn or_had(self, had: Option<u16>) -> Self {
        Self {
            had: self.had.or(had),
            ..self
        }
    }

    /// Returns the ports to try, in order; 0 is any free one.
    fn ports(self) -> Vec<u16> {
        let mut ports = match self.asked {
            Some(port) if port > 0 => vec![port],
            Some(_any) => self.had.into_iter().chain([0]).collect(),
            None => self.had.into_iter().chain([DEFAULT_PORT, 0]).collect(),
        };
        ports.dedup();
        ports
    }
}

/// Why a local server did not start.
#[derive(Debug, thiserror::Error)]
enum ServerStartError {
    /// Another program uses the port.
    #[error("{}", msg!("server-port-taken"))]
    PortInUse,
    /// Another reason.
    #[error("{0}")]
    Failed(String),
}

impl ServerStartError {
    /// Returns the failure to start a server at a port.
    fn of_port(self, port: u16) -> Failure {
        match self {
            Self::PortInUse => Failure::new(FailureKind::PortInUse, msg!("server-port-in-use", port = port))
                .hint(msg!("hint-server-port")),
            Self::Failed(reason) => {
                Failure::new(FailureKind::NotServing, msg!("server-not-started", why = reason))
                    .hint(msg!("hint-server-elsewhere"))
            }
        }
    }
}

/// A local server. Dropping it has the same effect as a crash of the client: its members wait for it to come back.
#[derive(Debug)]
pub(super) struct LocalServer {
    address: Address,
    pin: Pin,
    /// The port that the server would have had if it had not been in use.
    instead_of: Option<u16>,
    /// The distance of the furthest member who entered.
    reached: watch::Receiver<Network>,
    end: oneshot::Sender<()>,
    supervisor: JoinSet<()>,
}

impl LocalServer {
    /// Starts a server and returns once it listens, at the first free port of `request`.
    pub(super) async fn start(state: &StateFolder, request: RequestedPort) -> Result<Self, Failure> {
        let files = ServerFiles::of(state)?;
        let ports = request.ports();
        if let Some(had) = request.had.filter(|had| ports.contains(had)) {
            wait_until_free(had).await;
        }
        let (last, others) = ports.split_last().expect("a request names a port");
        let mut free = None;
        for port in others {
            match ServerProcess::start(&files, &listen_at(*port)).await {
                Err(ServerStartError::PortInUse) => {}
                started => {
                    free = Some(started);
                    break;
                }
            }
        }
        let running = match free {
            Some(started) => started,
            None => ServerProcess::start(&files, &listen_at(*last)).await,
        };
        let running = running.map_err(|error| error.of_port(*last))?;
        let wanted = ports.first().copied().filter(|port| *port > 0);
        let (sender, reached) = watch::channel(Network::Machine);
        let (end, ended) = oneshot::channel();
        let (pin, port) = (running.pin, running.address.port());
        let mut supervisor = JoinSet::new();
        supervisor.spawn(keep(running, files, sender, ended));
        Ok(Self {
            address: Address {
                host: Ipv4Addr::LOCALHOST.to_string(),
                port,
            },
            pin,
            instead_of: wanted.filter(|wanted| *wanted != port),
            reached,
            end,
            supervisor,
        })
    }

    /// Returns the server's address on this machine.
    pub(super) const fn address(&self) -> &Address {
        &self.address
    }

    /// Returns the pin of the server's key.
    pub(super) const fn pin(&self) -> Pin {
        self.pin
    }

    /// Returns the port that the server would have had if it had not been in use.
    pub(super) const fn instead_of(&self) -> Option<u16> {
        self.instead_of
    }

    /// Returns the distance of the furthest member who entered.
    pub(super) fn reached(&self) -> watch::Receiver<Network> {
        self.reached.clone()
    }

    /// Closes the server's rooms for good and ends the server, which notifies its members first.
    pub(super) async fn end(mut self) {
        // If the supervisor has ended, it has already ended its server.
        let _is_heard = self.end.send(());
        while self.supervisor.join_next().await.is_some() {}
    }
}

/// Keeps a server running until it should end.
async fn keep(
    mut running: ServerProcess,
    files: ServerFiles,
    reached: watch::Sender<Network>,
    mut end: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            request = &mut end => {
                if request.is_ok() {
                    running.close().await;
                }
                return;
            }
            () = running.ends(&reached) => {}
        }
        tracing::warn!("the local server ended unexpectedly");
        let listen = running.address.to_string();
        running = loop {
            tokio::select! {
                _ = &mut end => return,
                () = sleep(RESTART_DELAY) => {}
            }
            match ServerProcess::start(&files, &listen).await {
                Ok(again) => break again,
                Err(reason) => tracing::warn!(%reason, "could not restart the local server"),
            }
        };
    }
}

/// The files of a local server.
#[derive(Debug)]
struct ServerFiles {
    /// The log file.
    log: Option<File>,
    /// The server's key, if it cannot be stored. With another key, a restarted server would be a different one for its members,
    /// and they would be warned of an attack.
    handed: Option<HandedKey>,
}

impl ServerFiles {
    fn of(state: &StateFolder) -> Result<Self, Failure> {
        let path = state.paths().map(Paths::server_log);
        let log = path.and_then(|path| {
            private_files::create(&path)
                .inspect_err(|error| tracing::warn!(%error, "could not open the local server's log"))
                .ok()
        });
        let handed = match state.paths() {
            Some(_keeps) => None,
            None => Some(HandedKey::new().map_err(server_failures::of_identity)?),
        };
        Ok(Self { log, handed })
    }
}

/// A server's process.
#[derive(Debug)]
struct ServerProcess {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
    pin: Pin,
}

impl ServerProcess {
    /// Starts a server and returns once it listens, or why it does not.
    async fn start(files: &ServerFiles, listen: &str) -> Result<Self, ServerStartError> {
        let failed = |error: std::io::Error| ServerStartError::Failed(error.to_string());
        let program = std::env::current_exe().map_err(failed)?;
        // The same file, so that the lines of the previous server stay before it.
        let log = files.log.as_ref().and_then(|log| log.try_clone().ok());
        let mut command = std::process::Command::new(program);
        command
            .args(["serve", "--json", "--with-parent", "--listen", listen])
            .args(files.handed.as_ref().map(|_key| "--handed-key"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log.map_or_else(Stdio::null, Stdio::from));
        process::isolate(&mut command, Lifetime::Independent);
        let mut child = Command::from(command).spawn().map_err(failed)?;
        if let (Some(key), Some(input)) = (&files.handed, &mut child.stdin) {
            let line = key.to_line() + "\n";
            input.write_all(line.as_bytes()).await.map_err(failed)?;
        }
        let stdout = child.stdout.take().expect("it was asked for");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(START_TIMEOUT, lines.next_line()).await;
        let line = line.ok().and_then(Result::ok).flatten().unwrap_or_default();
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = ready["address"].as_str().and_then(|text| text.parse().ok());
        let pin = ready["pin"].as_str().and_then(|text| text.parse().ok());
        let (Some(address), Some(pin)) = (address, pin) else {
            let error = &ready["error"];
            let kind = error["code"].as_str().and_then(FailureKind::of_code);
            if kind == Some(FailureKind::PortInUse) {
                return Err(ServerStartError::PortInUse);
            }
            return Err(ServerStartError::Failed(words_of(error)));
        };
        Ok(Self {
            child,
            lines,
            address,
            pin,
        })
    }

    /// Reads the server's reports about the distance of its members, and returns when it has ended. Cancel safe.
    async fn ends(&mut self, reached: &watch::Sender<Network>) {
        read_reached(&mut self.lines, reached).await;
        if let Err(error) = self.child.wait().await {
            tracing::warn!(%error, "could not determine the local server's exit status");
        }
    }

    /// Makes the server close its rooms and end.
    async fn close(mut self) {
        if let Some(mut input) = self.child.stdin.take()
            && let Err(error) = input.write_all(CLOSE_ROOMS).await
        {
            tracing::debug!(%error, "the local server has already ended");
        }
        if timeout(END_TIMEOUT, self.child.wait()).await.is_err() {
            tracing::warn!("the local server does not end");
        }
    }
}

/// Reads a server's reports about the distance of its members until there are no more. Cancel safe.
async fn read_reached(lines: &mut Lines<impl AsyncBufRead + Unpin>, reached: &watch::Sender<Network>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        let from = line["from"].as_str().filter(|_| line["type"] == "reached");
        if from == Some(REACHED_LOCAL) {
            reached.send_replace(Network::Local);
        } else if from == Some(REACHED_OUTSIDE) {
            reached.send_replace(Network::Outside);
        }
    }
}

/// Returns the address to listen on at a port: for both address families if the machine has them.
fn listen_at(port: u16) -> String {
    let any = if is_bindable("[::]:0") { "[::]" } else { "0.0.0.0" };
    format!("{any}:{port}")
}

/// Returns the port that a local server would get now.
pub(super) fn host_port(config: &Config) -> HostPort {
    match config.port.as_ref().map(|port| port.value) {
        Some(0) => HostPort::Any,
        Some(port) if is_free(port) => HostPort::Free(port),
        Some(port) => HostPort::InUse(port),
        None if is_free(DEFAULT_PORT) => HostPort::Free(DEFAULT_PORT),
        None => HostPort::InsteadOf(DEFAULT_PORT),
    }
}

/// Waits until a port is free, for as long as a previous local server may take to release it.
async fn wait_until_free(port: u16) {
    let frees = async {
        while !is_free(port) {
            sleep(PORT_POLL).await;
        }
    };
    if timeout(PORT_FREES, frees).await.is_err() {
        tracing::debug!(port, "another program uses the room's previous port");
    }
}

/// Returns whether a local server could listen at a port now.
fn is_free(port: u16) -> bool {
    is_bindable(&listen_at(port))
}

fn is_bindable(address: &str) -> bool {
    UdpSocket::bind(address).is_ok()
}

/// Returns why a server did not start, from its own report: the cause, or the mistakes in its configuration.
fn words_of(error: &Value) -> String {
    let message = error["message"].as_str().unwrap_or(msg!("server-no-reason"));
    let details = error["details"].as_array().into_iter().flatten();
    let words: Vec<&str> = std::iter::once(message)
        .chain(details.filter_map(Value::as_str))
        .collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_keeps_its_port_and_one_that_was_asked_for_has_no_substitute() {
        let ports = |asked, had| RequestedPort { asked, had }.ports();

        assert_eq!(ports(None, None), [DEFAULT_PORT, 0]);
        assert_eq!(ports(None, Some(40_001)), [40_001, DEFAULT_PORT, 0]);
        assert_eq!(ports(None, Some(DEFAULT_PORT)), [DEFAULT_PORT, 0]);
        assert_eq!(ports(Some(5_000), None), [5_000]);
        assert_eq!(ports(Some(5_000), Some(40_001)), [5_000]);
        assert_eq!(ports(Some(0), None), [0]);
        assert_eq!(ports(Some(0), Some(40_001)), [40_001, 0]);
    }

    #[test]
    fn a_port_that_another_program_has_is_not_free() {
        let taken = UdpSocket::bind("0.0.0.0:0").expect("a port");
        let port = taken.local_addr().expect("an address").port();

        assert!(!is_free(port));
    }

    #[tokio::test]
    async fn only_the_servers_reports_of_reachability_are_read() {
        let lines = [
            r#"{"v":1,"type":"reached","from":"local"}"#,
            "nonsense",
            r#"{"v":1,"type":"else","from":"outside"}"#,
            r#"{"v":1,"type":"reached","from":"afar"}"#,
        ];
        let outside = r#"{"v":1,"type":"reached","from":"outside"}"#;
        let network_after = async |output: String| {
            let (sender, reached) = watch::channel(Network::Machine);
            read_reached(&mut output.as_bytes().lines(), &sender).await;
            *reached.borrow()
        };

        assert_eq!(network_after(lines.join("\n")).await, Network::Local);
        assert_eq!(
            network_after([&lines[..], &[outside]].concat().join("\n")).await,
            Network::Outside
        );
    }
}
