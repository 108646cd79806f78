//! Opening a room: on a server of our own, or on one that runs elsewhere.

use std::net::{Ipv4Addr, UdpSocket};

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::{Clean, RoomName};

use super::card::OwnReach;
use super::globals::Globals;
use super::own_server::{OwnServer, PortWish};
use super::public_address::PublicAddress;
use super::recording::film_of;
use super::serve;
use super::session_setup::SessionSetup;
use crate::config::Config;
use crate::config::server::ServerLayer;
use crate::exit::{Failure, FailureKind};
use crate::recent::{Recent, RecentFile};
use crate::session::{Admission, Again, OwnCopy};
use crate::transport::Trust;

/// A room that is to be opened.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) film: Option<OwnCopy>,
    /// The title of what the film was a copy of in the room before, where it was not named now.
    pub(super) copy_of: Option<Clean>,
    /// A line about the room's name, where the one that was typed could not be a room's.
    pub(super) note: Option<String>,
    /// The name that was chosen; none makes a name of the film's.
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
        /// The address of the server.
        address: Address,
        /// How it proves that it is the one.
        trust: Trust,
    },
}

/// Returns the setup that opens a room, with the server that was started for it.
pub(super) async fn open(
    opening: Opening,
    config: Config,
    globals: &Globals,
) -> Result<(Option<OwnServer>, SessionSetup), Failure> {
    if let At::Own(_) = &opening.at {
        // The server is a process of its own, which would say no more than that it did not start.
        serve::config(ServerLayer::default(), globals)?;
    }
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
            .map_err(|error| Failure::of(FailureKind::Usage, error))?,
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
    let setup = SessionSetup {
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
    Ok((own, setup))
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
