//! `host`: opens a room, on a server of its own unless told otherwise.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::version::DEFAULT_PORT;
use watchtogether_protocol::{Pin, RoomName};

use super::args::{HostArgs, PublicAddress};
use super::card::OwnReach;
use super::party::{self, Party};
use super::{Globals, serve};
use crate::config::{AccessKind, Config, Set};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::process::{self, Lifetime};
use crate::recent::{Recent, RecentFile};
use crate::session::{Admission, Again, OwnCopy};
use crate::transport::Trust;

/// Within this time a server of our own is up.
const SERVER_START: Duration = Duration::from_secs(10);

/// Within this time it has told its members that it ends.
const SERVER_END: Duration = Duration::from_secs(5);

/// What a server of our own is told before its input ends, where its rooms end with it.
pub(super) const CLOSE_ROOMS: &[u8] = b"close rooms\n";

/// A server of our own. It ends when its standard input does, so it never outlives us by accident.
#[derive(Debug)]
pub(super) struct OwnServer {
    child: Child,
    address: Address,
    pin: Pin,
    /// From how far away somebody came in.
    reached: watch::Receiver<Network>,
    _listener: JoinSet<()>,
}

/// A room that is to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) film: Option<OwnCopy>,
    /// What it is to be called; none makes a name of the film's.
    pub(super) room: Option<RoomName>,
    pub(super) access: Access,
    pub(super) at: At,
    /// The address that friends reach the server at, if it is not what it seems.
    pub(super) public: Option<PublicAddress>,
    /// Where it goes on, if it was left before.
    pub(super) again: Option<Again>,
}

/// Which server a room is opened on.
#[derive(Debug)]
pub(super) enum At {
    /// One of our own, which is started for it.
    Own {
        /// The port that it has to listen at.
        port: Option<u16>,
    },
    /// One that runs elsewhere.
    Elsewhere {
        /// Where.
        address: Address,
        /// How it proves that it is the one.
        trust: Trust,
    },
}

/// Runs the subcommand.
pub(super) fn run(args: HostArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let mut flags = args.party.layer();
    flags.access = args.access.map(|access| Set::flag(access.into()));
    flags.on_stall = args.on_stall.map(|policy| Set::flag(policy.into()));
    flags.server = args.server.clone().map(Set::flag);
    let config = globals.load(flags)?;
    let opening = Opening {
        film: args.film.as_deref().map(party::own_copy).transpose()?,
        room: args.room,
        access: access(&config, args.password_file.as_deref())?,
        at: At::configured(&config, args.port, globals)?,
        public: args.public,
        again: None,
    };
    party::runtime()?.block_on(run_on(opening, config, globals, output))
}

/// Opens a room and watches in it, until its user leaves.
pub(super) async fn run_on(
    opening: Opening,
    config: Config,
    globals: &Globals,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let (own, party) = open(opening, config, globals).await?;
    party::run(party, own, globals, output).await
}

/// Returns the way into a room that is to be opened, with the server that was started for it.
pub(super) async fn open(
    opening: Opening,
    config: Config,
    globals: &Globals,
) -> Result<(Option<OwnServer>, Party), Failure> {
    let (own, address, trust) = match opening.at {
        At::Own { port } => {
            let own = OwnServer::start(globals, port).await?;
            let (address, trust) = (own.address.clone(), Trust::Pinned(own.pin));
            (Some(own), address, trust)
        }
        At::Elsewhere { address, trust } => (None, address, trust),
    };
    let public = match (opening.public, &own) {
        (Some(public), _) => public
            .at(address.port)
            .map_err(|error| Failure::new(Exit::Usage, "usage", error.to_string()))?,
        (None, Some(own)) => Address {
            host: reachable_host(),
            port: own.address.port,
        },
        (None, None) => address.clone(),
    };
    let of_film = |film: &OwnCopy| RoomName::of_film(film.item.title.as_str());
    let room = opening.room.or_else(|| opening.film.as_ref().map(of_film));
    let left = match (&room, &own) {
        (Some(room), None) => left_before(room.clone(), address.clone(), globals).await,
        (_, _) => None,
    };
    let admission = Admission::Host {
        room,
        access: opening.access,
        on_stall: config.on_stall.value,
        again: opening.again.or(left),
    };
    let party = Party {
        address,
        public,
        trust,
        admission,
        film: opening.film,
        config,
        own: own.as_ref().map(|own| OwnReach {
            local: Address {
                host: reachable_host(),
                port: own.address.port,
            },
            reached: own.reached.clone(),
        }),
    };
    Ok((own, party))
}

/// Returns the way into a room of that name that the user hosted on that server: a server that keeps its rooms has it still,
/// and the invite shows that it is theirs. The film begins where the user says, not where it was.
async fn left_before(room: RoomName, server: Address, globals: &Globals) -> Option<Again> {
    let file = RecentFile::new(globals.paths.recent_rooms());
    // A list that cannot be read is told where it is shown.
    let rooms = tokio::task::spawn_blocking(move || file.read().0).await.ok()?;
    let is_it = |recent: &Recent| recent.room == room && recent.server.as_ref() == Some(&server);
    let left = rooms
        .into_iter()
        .find(|recent| recent.was_host && is_it(recent))?;
    Some(Again {
        invite: left.token,
        position: None,
    })
}

impl At {
    /// Returns the server that the user configured, or else one of our own.
    pub(super) fn configured(config: &Config, port: Option<u16>, globals: &Globals) -> Result<Self, Failure> {
        Ok(match &config.server {
            Some(server) => Self::Elsewhere {
                address: server.value.clone(),
                trust: party::first_use(globals)?,
            },
            None => Self::Own { port },
        })
    }
}

impl OwnServer {
    /// Starts `serve` of this same program and waits until it listens. Where any port will do and the usual one was
    /// taken in the meantime, another is.
    async fn start(globals: &Globals, port: Option<u16>) -> Result<Self, Failure> {
        let wanted = listen_at(port);
        match Self::start_at(globals, &wanted).await {
            Err(_taken) if port.is_none() && wanted.ends_with(&format!(":{DEFAULT_PORT}")) => {
                Self::start_at(globals, &listen_at(Some(0))).await
            }
            started => started,
        }
    }

    async fn start_at(globals: &Globals, listen: &str) -> Result<Self, Failure> {
        let failed = |why: String| {
            Failure::new(
                Exit::Other,
                "not_serving",
                format!("the server did not start: {why}"),
            )
        };
        let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
        let log = globals
            .paths
            .open_state()
            .and_then(|folder| std::fs::File::create(folder.join("server.log")));
        let mut command = std::process::Command::new(program);
        command
            .args(["serve", "--json", "--with-parent", "--listen", listen])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log.map_or_else(|_error| Stdio::null(), Stdio::from));
        process::isolate(&mut command, Lifetime::OnItsOwn);
        let mut child = Command::from(command)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| failed("it has no standard output".to_owned()))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(SERVER_START, lines.next_line()).await;
        let line = line.ok().and_then(Result::ok).flatten().unwrap_or_default();
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = ready["address"]
            .as_str()
            .and_then(|text| text.parse::<SocketAddr>().ok());
        let pin = ready["pin"].as_str().and_then(|text| text.parse().ok());
        let (Some(address), Some(pin)) = (address, pin) else {
            let why = ready["error"]["message"]
                .as_str()
                .unwrap_or("it said nothing")
                .to_owned();
            return Err(
                failed(why).hint("--port takes another UDP port, --server a server that runs elsewhere")
            );
        };
        let address = Address {
            host: Ipv4Addr::LOCALHOST.to_string(),
            port: address.port(),
        };
        let (sender, reached) = watch::channel(Network::Machine);
        let mut listener = JoinSet::new();
        listener.spawn(hear_reached(lines, sender));
        Ok(Self {
            child,
            address,
            pin,
            reached,
            _listener: listener,
        })
    }

    /// Closes its rooms for good and ends the server; it tells its members first. One whose parent dies without this word
    /// ends too, and its members wait for it to come back.
    pub(super) async fn end(mut self) {
        if let Some(mut input) = self.child.stdin.take()
            && let Err(error) = input.write_all(CLOSE_ROOMS).await
        {
            tracing::debug!(%error, "the server is gone already");
        }
        if timeout(SERVER_END, self.child.wait()).await.is_err() {
            tracing::warn!("the server does not end");
        }
    }
}

/// Takes in from how far away the server says that somebody came in, until it ends.
async fn hear_reached(mut lines: Lines<impl AsyncBufRead + Unpin>, reached: watch::Sender<Network>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let from = said["from"].as_str().filter(|_| said["type"] == "reached");
        if from == Some(serve::REACHED_LOCAL) {
            reached.send_replace(Network::Local);
        } else if from == Some(serve::REACHED_OUTSIDE) {
            reached.send_replace(Network::Outside);
        }
    }
}

/// Returns where to listen: the usual port, or any free one where that is taken; both families where there are two.
fn listen_at(port: Option<u16>) -> String {
    let is_free = |address: &str| UdpSocket::bind(address).is_ok();
    let usual = port.unwrap_or(DEFAULT_PORT);
    let any = if is_free("[::]:0") { "[::]" } else { "0.0.0.0" };
    let wanted = format!("{any}:{usual}");
    if port.is_some() || is_free(&wanted) {
        wanted
    } else {
        format!("{any}:0")
    }
}

/// Returns the address of this machine that others on its network see. Nothing is sent: a datagram socket that is
/// connected only looks up the way.
fn reachable_host() -> String {
    const DOCUMENTATION: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(DOCUMENTATION).and_then(|()| socket.local_addr()))
        .map_or_else(
            |_error| Ipv4Addr::LOCALHOST.to_string(),
            |address| address.ip().to_string(),
        )
}

/// Returns who may come into a room that is opened.
pub(super) fn access(config: &Config, password_file: Option<&Path>) -> Result<Access, Failure> {
    match config.access.value {
        AccessKind::Open => Ok(Access::Open),
        AccessKind::Invite => Ok(Access::Invite),
        AccessKind::Password => Ok(Access::Password(password(password_file)?.ok_or_else(|| {
            Failure::new(Exit::Usage, "usage", "a room with a password needs one")
                .hint("give --password-file FILE, or set WATCHTOGETHER_PASSWORD")
        })?)),
    }
}

/// Returns the password that the user gave: in a file or in the environment, never on the command line, which everybody
/// on the machine can read.
pub(super) fn password(file: Option<&Path>) -> Result<Option<Password>, Failure> {
    let text = match file {
        Some(file) => Some(std::fs::read_to_string(file).map_err(|error| {
            Failure::new(Exit::Usage, "usage", format!("cannot read {}", file.display()))
                .detail(error.to_string())
        })?),
        None => super::text_variable("WATCHTOGETHER_PASSWORD"),
    };
    let text = text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    let is_too_long = |text: &String| text.chars().count() > watchtogether_protocol::limits::PASSWORD_CHARS;
    if text.as_ref().is_some_and(is_too_long) {
        return Err(Failure::new(
            Exit::Usage,
            "usage",
            "a password has at most 128 characters",
        ));
    }
    Ok(text.filter(|text| !text.is_empty()).map(Password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_without_a_port_has_the_servers() {
        let at = |text: &str| {
            let public: PublicAddress = text.parse().expect("an address");
            public.at(40_001).map(|address| address.to_string()).ok()
        };

        assert_eq!(at("example.org").as_deref(), Some("example.org:40001"));
        assert_eq!(at("example.org:7843").as_deref(), Some("example.org:7843"));
        assert_eq!(at("[2001:db8::1]").as_deref(), Some("[2001:db8::1]:40001"));
    }

    #[tokio::test]
    async fn what_a_server_says_of_how_far_it_is_reached_is_heard_and_nothing_else() {
        let said = [
            r#"{"v":1,"type":"reached","from":"local"}"#,
            "nonsense",
            r#"{"v":1,"type":"else","from":"outside"}"#,
            r#"{"v":1,"type":"reached","from":"afar"}"#,
        ];
        let outside = r#"{"v":1,"type":"reached","from":"outside"}"#;
        let heard = async |lines: String| {
            let (sender, reached) = watch::channel(Network::Machine);
            hear_reached(lines.as_bytes().lines(), sender).await;
            *reached.borrow()
        };

        assert_eq!(heard(said.join("\n")).await, Network::Local);
        assert_eq!(
            heard([&said[..], &[outside]].concat().join("\n")).await,
            Network::Outside
        );
    }

    #[test]
    fn a_taken_port_gives_way_only_where_none_was_asked_for() {
        let taken = UdpSocket::bind("0.0.0.0:0").expect("a port");
        let port = taken.local_addr().expect("an address").port();

        assert!(listen_at(Some(port)).ends_with(&format!(":{port}")));
        assert!(listen_at(None).ends_with(":7843") || listen_at(None).ends_with(":0"));
    }
}
