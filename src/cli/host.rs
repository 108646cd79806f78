//! `host`: opens a room, on a server of its own unless told otherwise.

use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::{Access, Password};
use watchtogether_protocol::{Clean, RoomName};
use watchtogether_tui::strings::home as strings;

use super::args::{HostArgs, PublicAddress, RoomArg};
use super::card::OwnReach;
use super::own_server::{OwnServer, PortWish};
use super::party::{self, Party};
use super::recording::film_of;
use super::{Globals, films};
use crate::config::{AccessKind, Config, Set};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::recent::{Recent, RecentFile};
use crate::session::{Admission, Again, OwnCopy};
use crate::transport::Trust;

/// A room that is to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) film: Option<OwnCopy>,
    /// The title of what the film was a copy of in the room before, where it was not named now.
    pub(super) copy_of: Option<Clean>,
    /// What was made of the name that was typed, where that could not be a room's.
    pub(super) note: Option<String>,
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
    /// One of our own, which is started for it, at a port of its user's choice.
    Own(PortWish),
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
    flags.port = args.port.map(Set::flag);
    let config = globals.load(flags)?;
    let opening = Opening {
        film: args.film.as_deref().map(films::of_argument).transpose()?,
        copy_of: None,
        note: args.room.as_ref().and_then(|room| note_of(room, output)),
        room: args.room.map(|room| room.name),
        access: access(&config, args.password_file.as_deref())?,
        at: At::configured(&config, None, globals),
        public: args.public,
        again: None,
    };
    party::runtime()?.block_on(run_on(opening, config, globals, output))
}

/// Says what was made of a name that was typed, where it is another, and returns that for the screen, which hides what stands here.
fn note_of(room: &RoomArg, output: &mut Output) -> Option<String> {
    (room.name.as_str() != room.typed).then(|| {
        let words = strings::room_is_called(room.name.as_str());
        output.note(&words);
        words
    })
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
    let is_name_chosen = opening.room.is_some();
    let of_film = |film: &OwnCopy| RoomName::of_film(film.item.title.as_str());
    let mut room = opening.room.or_else(|| opening.film.as_ref().map(of_film));
    let mut again = opening.again;
    let server = match &opening.at {
        At::Own(_) => None,
        At::Elsewhere { address, .. } => Some(address.clone()),
    };
    let mut had_port = None;
    if let (Some(name), None) = (&room, &again)
        && let Some(left) = left_before(name.clone(), is_name_chosen, server, globals).await
    {
        let film = opening.film.as_ref().map(|copy| film_of(&copy.source));
        again = Some(Again {
            invite: left.token,
            position: film.and_then(|film| left.broken_off_at(&film)),
        });
        (room, had_port) = (Some(left.room), left.port);
    }
    let (own, address, trust) = match opening.at {
        At::Own(wish) => {
            let wish = wish.or_had(had_port);
            let own = OwnServer::start(&globals.state(), wish).await?;
            let (address, trust) = (own.address().clone(), Trust::Pinned(own.pin()));
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
            port: own.address().port,
        },
        (None, None) => address.clone(),
    };
    let admission = Admission::Host {
        room,
        is_name_chosen,
        access: opening.access,
        on_stall: config.on_stall.value,
        again,
    };
    let party = Party {
        note: opening.note,
        address,
        public,
        trust,
        admission,
        film: opening.film,
        copy_of: opening.copy_of,
        config,
        own: own.as_ref().map(|own| OwnReach {
            local: Address {
                host: reachable_host(),
                port: own.address().port,
            },
            reached: own.reached(),
            instead_of: own.instead_of(),
        }),
    };
    Ok((own, party))
}

/// Returns the room of that name that the user hosted on that server, or on one of their own where `server` is `None`. Its
/// invite is good again: a server that keeps its rooms knows by it that the room is theirs, and friends who wait for a server
/// of the user's own come in by it. The film begins anew, unless the evening was broken off. A name that nobody chose may have
/// had a number behind it on a server that others use too.
async fn left_before(
    room: RoomName,
    is_name_chosen: bool,
    server: Option<Address>,
    globals: &Globals,
) -> Option<Recent> {
    let file = RecentFile::new(globals.paths.recent_rooms());
    // A list that cannot be read is told where it is shown.
    let rooms = tokio::task::spawn_blocking(move || file.read().0).await.ok()?;
    let may_be_numbered = !is_name_chosen && server.is_some();
    let is_called_so =
        |recent: &Recent| recent.room == room || may_be_numbered && recent.room.is_numbered(&room);
    rooms
        .into_iter()
        .find(|recent| recent.was_host && recent.server == server && is_called_so(recent))
}

impl At {
    /// Returns the server that the user configured, or else one of our own: at the port that the room had, if it had one.
    pub(super) fn configured(config: &Config, had: Option<u16>, globals: &Globals) -> Self {
        match &config.server {
            Some(server) => Self::Elsewhere {
                address: server.value.clone(),
                trust: globals.first_use(),
            },
            None => Self::Own(PortWish::of(config, had)),
        }
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
}
