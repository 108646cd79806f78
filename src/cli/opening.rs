//! Opens a room, on a local server or on another one.

use std::net::{Ipv4Addr, UdpSocket};

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::{Clean, Rate, RoomName};
use watchtogether_tui::strings;

use super::access::access;
use super::card::LocalReach;
use super::globals::Globals;
use super::local_server::{LocalServer, RequestedPort};
use super::public_address::PublicAddress;
use super::recording::film_of;
use super::serve;
use super::session_setup::SessionSetup;
use crate::config::server::ServerLayer;
use crate::config::{Config, Configured, Origin};
use crate::exit::{Failure, FailureKind};
use crate::recent::{Recent, RecentFile};
use crate::session::{Admission, LocalItem, RoomReturn};
use crate::transport::Trust;

/// A room to be opened.
#[derive(Debug)]
pub(super) struct RoomOpening {
    pub(super) film: Option<LocalItem>,
    /// The film that the copy was used for last time, if the copy was not given now.
    pub(super) copy_of: Option<Clean>,
    /// A line about the room's name, if the typed one was not valid and was changed.
    pub(super) note: Option<String>,
    /// The chosen name; `None` means a name made from the film's.
    pub(super) room: Option<RoomName>,
    pub(super) access: Access,
    pub(super) at: ServerChoice,
    /// The address at which friends can reach the server, if it differs from the detected one.
    pub(super) public: Option<PublicAddress>,
    /// The earlier state of the room, if it is reopened.
    pub(super) again: Option<RoomReturn>,
    /// The settings that it had then, if they are known.
    pub(super) settings: Option<RoomSettings>,
}

impl RoomOpening {
    /// Returns the opening of a new room with the configured access and server.
    pub(super) fn new(
        film: Option<LocalItem>,
        room: Option<RoomName>,
        config: &Config,
        globals: &Globals,
    ) -> Result<Self, Failure> {
        Ok(Self {
            film,
            copy_of: None,
            note: None,
            room,
            access: access(config, None)?,
            at: ServerChoice::configured(config, None, globals),
            public: None,
            again: None,
            settings: None,
        })
    }
}

/// The server that a room is opened on.
#[derive(Debug)]
pub(super) enum ServerChoice {
    /// A local server, which is started for the room at a port that the user may choose.
    Own(RequestedPort),
    /// A server that is already running.
    Elsewhere {
        /// The server's address.
        address: Address,
        /// How the server proves its identity.
        trust: Trust,
    },
}

/// Returns the setup that opens a room, with the server that was started for it.
pub(super) async fn open(
    opening: RoomOpening,
    config: Config,
    globals: &Globals,
) -> Result<(Option<LocalServer>, SessionSetup), Failure> {
    if let ServerChoice::Own(_) = &opening.at {
        // Check the configuration here, because the separate server process could only report that it did not start.
        serve::config(ServerLayer::default(), globals)?;
    }
    let is_name_chosen = opening.room.is_some();
    let of_film = |film: &LocalItem| RoomName::of_film(film.item.title.as_str());
    let mut room = opening.room.or_else(|| opening.film.as_ref().map(of_film));
    let (mut again, mut settings) = (opening.again, opening.settings);
    let server = match &opening.at {
        ServerChoice::Own(_) => None,
        ServerChoice::Elsewhere { address, .. } => Some(address.clone()),
    };
    let mut had_port = None;
    if let (Some(name), None) = (&room, &again)
        && let Some(left) = left_before(name.clone(), is_name_chosen, server, globals).await
    {
        let film = opening.film.as_ref().map(|copy| film_of(&copy.source));
        let position = film.and_then(|film| left.broken_off_at(&film));
        again = Some(RoomReturn {
            invite: left.token,
            position,
            rate: position.map_or(Rate::NORMAL, |_| left.rate),
        });
        settings = left.settings;
        (room, had_port) = (Some(left.room), left.port);
    }
    let (own, address, trust) = match opening.at {
        ServerChoice::Own(request) => {
            let request = request.or_had(had_port);
            let own = LocalServer::start(&globals.state(), request).await?;
            let (address, trust) = (own.address().clone(), Trust::Pinned(own.pin()));
            (Some(own), address, trust)
        }
        ServerChoice::Elsewhere { address, trust } => (None, address, trust),
    };
    let public = match (opening.public, &own) {
        (Some(public), _) => public
            .at(address.port)
            .map_err(|error| Failure::new(FailureKind::Usage, strings::invite_error(&error)))?,
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
        settings: settings_of(settings, &config.on_stall),
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
        own: own.as_ref().map(|own| LocalReach {
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

/// Returns the settings with which a room is opened: those that it had, unless the user asks for another reaction to stalls now.
fn settings_of(had: Option<RoomSettings>, on_stall: &Configured<StallPolicy>) -> RoomSettings {
    let mut settings = had.unwrap_or_else(|| RoomSettings::new(on_stall.value));
    if on_stall.origin == Origin::Flag {
        settings.on_stall = on_stall.value;
    }
    settings
}

/// Returns the room of that name that the user hosted before on that server, or on a local server if `server` is `None`. Its
/// invite stays valid: a server that keeps its rooms recognises the user by it, and friends who are waiting for the server use it
/// to enter. The film starts from the beginning, unless the session was interrupted. A generated name may have been given a
/// number on a shared server.
async fn left_before(
    room: RoomName,
    is_name_chosen: bool,
    server: Option<Address>,
    globals: &Globals,
) -> Option<Recent> {
    let file = RecentFile::new(globals.paths.recent_rooms());
    // If the list cannot be read, that is reported where the list is shown.
    let rooms = tokio::task::spawn_blocking(move || file.read().0).await.ok()?;
    let may_be_numbered = !is_name_chosen && server.is_some();
    let is_called_so =
        |recent: &Recent| recent.room == room || may_be_numbered && recent.room.is_numbered(&room);
    rooms
        .into_iter()
        .find(|recent| recent.was_host && recent.server == server && is_called_so(recent))
}

impl ServerChoice {
    /// Returns the configured server, otherwise a local server at the room's previous port, if any.
    pub(super) fn configured(config: &Config, had: Option<u16>, globals: &Globals) -> Self {
        match &config.server {
            Some(server) => Self::Elsewhere {
                address: server.value.clone(),
                trust: globals.first_use(),
            },
            None => Self::Own(RequestedPort::of(config, had)),
        }
    }
}

/// Returns this machine's address as other machines on its network see it. Nothing is sent: connecting a UDP socket only looks up
/// the route.
fn reachable_host() -> String {
    const DOCUMENTATION: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(DOCUMENTATION).and_then(|()| socket.local_addr()))
        .map_or_else(
            |_error| Ipv4Addr::LOCALHOST.to_string(),
            |address| address.ip().to_string(),
        )
}
