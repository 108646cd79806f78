//! The invite that lets friends into the room, and how far away the members are who reached the server.

use std::path::PathBuf;

use tokio::sync::watch;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::network::Network;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::{Clean, Invite, Pin, RoomName};
use watchtogether_tui::msg;
use watchtogether_tui::update::InviteReach;
use watchtogether_tui::{Update, strings};

use crate::bridge::Bridge;
use crate::exit::{self, Exit, Failure};
use crate::session::event::{EntryKind, Event};
use crate::session::output::SessionEnd;
use crate::session::status::Status;
use crate::transport::four_words;

/// How to reach a local server.
#[derive(Clone, Debug)]
pub(super) struct LocalReach {
    /// The address for people on the same network.
    pub(super) local: Address,
    /// The distance of the furthest member who entered.
    pub(super) reached: watch::Receiver<Network>,
    /// The port that the server would have had if it had not been in use.
    pub(super) instead_of: Option<u16>,
}

/// The server, and the parts of an invite to it besides the room.
#[derive(Debug)]
pub(super) struct ServerCard {
    pub(super) server: String,
    pub(super) public: Address,
    pub(super) own: Option<LocalReach>,
    /// The file with the server's key, if the key comes from there and not from an invite.
    pub(super) known_servers: Option<PathBuf>,
    /// Whether a newly trusted server is remembered.
    pub(super) is_remembered: bool,
    /// Whether the room was requested with a key but without a token: that is what remains of an invite whose end was cut off.
    pub(super) lacks_token: bool,
    /// The requested room.
    pub(super) room: Option<RoomName>,
}

impl ServerCard {
    /// Returns the invite for friends, once there is a room, if the user knows what admits them.
    pub(super) fn invite(&self, status: &Status, pin: Option<Pin>) -> Option<Invite> {
        status.room.as_ref()?.invite_to(&self.public, pin)
    }

    /// Returns the notice that a new server is trusted.
    pub(super) fn new_server(&self, pin: Pin) -> String {
        if self.is_remembered {
            msg!("new-server-remembered", words = four_words(pin))
        } else {
            msg!("new-server", words = four_words(pin))
        }
    }

    /// Returns the server's address as it was typed.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Returns the update that shows an invite on the screen, or that there is none.
    pub(super) fn shown(&self, invite: Option<&Invite>) -> Update {
        let Some(invite) = invite else {
            return Update::Invite(None);
        };
        let Some(own) = &self.own else {
            return Bridge::invite(invite, None, InviteReach::Elsewhere);
        };
        let reach = self.reach_of(own);
        let local = Invite {
            address: own.local.clone(),
            ..invite.clone()
        };
        Bridge::invite(invite, Some(&local).filter(|local| *local != invite), reach)
    }

    fn reach_of(&self, own: &LocalReach) -> InviteReach {
        let host = &self.public.host;
        InviteReach::Own {
            host: Clean::line(host),
            port: self.public.port,
            instead_of: own.instead_of,
            // A host name works the same for everybody.
            network: host.parse().map_or(Network::Outside, Network::of),
            reached: *own.reached.borrow(),
        }
    }

    /// Returns the notice that the server has a different port than it would have had, if so.
    pub(super) fn other_port(&self) -> Option<String> {
        let own = self.own.as_ref()?;
        strings::other_port_of(&self.reach_of(own))
    }

    /// Waits until a member enters from further away than any before, and returns the notice about it. Cancel safe.
    pub(super) async fn is_reached(&self, known: &mut Network) -> String {
        let Some(own) = &self.own else {
            return std::future::pending().await;
        };
        let mut reached = own.reached.clone();
        let (before, port) = (*known, self.public.port);
        // If the server is gone, nobody can reach it.
        let Ok(network) = reached
            .wait_for(|network| *network > before)
            .await
            .map(|network| *network)
        else {
            return std::future::pending().await;
        };
        *known = network;
        strings::reached(network, port).unwrap_or_default()
    }

    /// Returns the hint for a server that presents a different key.
    fn hint_at_other_key(&self) -> String {
        match &self.known_servers {
            None => msg!("hint-new-invite").to_owned(),
            Some(file) => msg!(
                "hint-forget-server",
                server = &self.server,
                path = file.display().to_string()
            ),
        }
    }

    /// Describes how a session ended, with the requested room if that helps.
    pub(super) fn words(&self, end: &SessionEnd) -> String {
        match (end, &self.room) {
            (SessionEnd::Refused(Refusal::RoomExists), Some(room)) => strings::room_exists(room.as_str()),
            _ => exit::end_words(end),
        }
    }

    /// Returns a hint about the end of a session if its cause is only known here.
    pub(super) fn hint(&self, end: &SessionEnd) -> Option<String> {
        match end {
            SessionEnd::PinMismatch => Some(self.hint_at_other_key()),
            SessionEnd::Refused(Refusal::NotAdmitted) if self.lacks_token => {
                Some(msg!("no-token").to_owned())
            }
            SessionEnd::Refused(_)
            | SessionEnd::Left
            | SessionEnd::Unreachable(_)
            | SessionEnd::Closed(_) => None,
        }
    }

    /// Returns the program's outcome after a session ends.
    pub(super) fn outcome(&self, end: &SessionEnd) -> Result<Exit, Failure> {
        if *end == SessionEnd::Left {
            return Ok(Exit::Ok);
        }
        let mut failure = Failure::from(end);
        if !matches!(end, SessionEnd::Closed(_)) {
            failure.message = self.words(end);
        }
        Err(match self.hint(end) {
            Some(hint) => failure.hint(hint),
            None => failure,
        })
    }

    /// Returns the notices for the user who invites others.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = vec![msg!("invite-note-film").to_owned()];
        notes.extend(self.other_port());
        if self.own.is_some() {
            let port = self.public.port;
            notes.push(msg!("invite-note-port", port = port));
        }
        notes
    }
}

/// Returns whether an event brings the user into a room that they may invite others to.
pub(super) fn opens_to_others(event: &Event) -> bool {
    let Event::Entered {
        entered,
        how: EntryKind::Created | EntryKind::Joined,
    } = event
    else {
        return false;
    };
    let (members, host) = (&entered.room.members, entered.room.host);
    let you = Asker::among(members, entered.you, host, entered.is_owner);
    you.may(RoomAct::SeeInvite).is_ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use watchtogether_tui::update::InviteCard;

    use super::*;

    fn card(public: &str, reached: &watch::Sender<Network>) -> ServerCard {
        let address = |text: &str| text.parse::<Address>().expect("an address");
        ServerCard {
            server: "127.0.0.1:7843".to_owned(),
            public: address(public),
            own: Some(LocalReach {
                local: address("192.168.1.20:7843"),
                reached: reached.subscribe(),
                instead_of: None,
            }),
            known_servers: None,
            is_remembered: true,
            lacks_token: false,
            room: None,
        }
    }

    fn shown(card: &ServerCard) -> InviteCard {
        let invite = Invite {
            address: card.public.clone(),
            room: Some("film".parse().expect("a room's name")),
            pin: None,
            token: None,
        };
        let update = card.shown(Some(&invite));
        let Update::Invite(Some(shown)) = update else {
            panic!("a card, not {update:?}");
        };
        shown
    }

    #[test]
    fn an_invite_says_how_far_it_reaches_and_has_an_address_for_the_local_network() {
        let reached = watch::Sender::new(Network::Machine);
        let network = |public: &str| match shown(&card(public, &reached)).reach {
            InviteReach::Own { network, .. } => network,
            InviteReach::Elsewhere => panic!("it is our own"),
        };
        let local = |public: &str| {
            let local = shown(&card(public, &reached)).local;
            local.map(|local| local.to_string())
        };

        assert_eq!(network("192.168.1.20:7843"), Network::Local);
        assert_eq!(network("203.0.113.7:7843"), Network::Outside);
        assert_eq!(network("box.example.org:7843"), Network::Outside);
        assert_eq!(local("192.168.1.20:7843"), None);
        let expected = "watchtogether://192.168.1.20:7843/film";
        assert_eq!(local("box.example.org:7843").as_deref(), Some(expected));
    }

    #[tokio::test]
    async fn a_connection_from_further_away_is_reported_once() {
        let reached = watch::Sender::new(Network::Machine);
        let card = card("203.0.113.7:7843", &reached);
        let mut known = Network::Machine;

        reached.send_replace(Network::Outside);

        assert!(card.is_reached(&mut known).await.starts_with("verified: "));
        assert_eq!(known, Network::Outside);
        let again = tokio::time::timeout(Duration::ZERO, card.is_reached(&mut known)).await;
        assert!(again.is_err(), "it was told: {again:?}");
    }
}
