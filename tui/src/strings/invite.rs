//! How friends get in, and what is known of whether they can.

use watchtogether_protocol::network::Network;

use crate::update::Reach;

/// The title of the invite.
pub const INVITE_TITLE: &str = "Invite to";
/// What is done with the invite.
pub const INVITE_LEAD: &str = "Send this line to your friends:";
/// The same above the chat, with what friends do with it.
pub const INVITE_BANNER: &str = "Send this line to your friends. They paste it into a terminal:";
/// The invite was given to the terminal to copy.
pub const INVITE_COPIED: &str = "the line for your friends is copied; /invite shows it again";
/// It was not.
pub const INVITE_NOT_COPIED: &str = "/invite shows the line for your friends at any time";
/// What friends need besides.
pub const INVITE_NEED: &str = "They also need the same film, or a copy of it: name, size and fingerprint are compared, nothing is \
                               uploaded.";
/// Before the invite for those who are on the same network.
pub const INVITE_LOCAL: &str = "On your own network ([l] copies it):";
/// There is no invite to show.
pub const NO_INVITE: &str = "no invite is known here: ask the host for theirs";
/// The key that copies, in the invite.
pub const COPY: &str = "[c] copy";
/// The key that shows the code.
pub const SHOW_CODE: &str = "[q] QR code";
/// The key that shows the invite again.
pub const HIDE_CODE: &str = "[q] text";
/// Something was copied; nobody hears whether the terminal took it.
pub const COPIED: &str = "copied, if your terminal allows it";
/// A terminal of ASCII alone cannot draw a code.
pub const CODE_IN_ASCII: &str =
    "A QR code is drawn of half blocks, which this terminal was said not to have.";
/// The invite is longer than any code.
pub const CODE_TOO_LONG: &str = "This invite is too long for a QR code.";

/// The way into a room that did not let in whoever had an invite without its token.
pub const NO_TOKEN: &str = "the invite has no token (&t=…): a shell cuts it at the &, so put it in quotes: watchtogether join 'watchtogether://…'";

/// The line that lets a friend in, as it is pasted into a shell.
pub fn invite_line(invite: &str) -> String {
    format!("watchtogether join '{invite}'")
}

/// The code needs more room than there is.
pub fn code_needs(needs: (u16, u16), has: (u16, u16)) -> String {
    format!(
        "The QR code needs {} columns and {} rows; this terminal has {} and {}.",
        needs.0, needs.1, has.0, has.1
    )
}

/// What is known of whether friends can come in; nothing where it is another's server.
pub fn reachability(reach: &Reach) -> Option<String> {
    let Reach::Own {
        host,
        port,
        instead_of: _,
        network,
        reached,
    } = reach
    else {
        return None;
    };
    let elsewhere = format!(
        "forward UDP port {port} to it and give --public ADDRESS, or use a VPN, or run serve on a rented machine"
    );
    Some(match (reached, network) {
        (Network::Outside, _) => {
            format!("Reachability: verified. Somebody came in from outside, by UDP port {port}.")
        }
        (Network::Local, Network::Local) => {
            format!(
                "Reachability: verified on your own network. From elsewhere this machine, {host}, is behind a router: {elsewhere}."
            )
        }
        (Network::Local, Network::Machine | Network::Outside) => {
            format!(
                "Reachability: verified on your own network. Whether UDP port {port} of {host} leads here from elsewhere is not known."
            )
        }
        (Network::Machine, Network::Local) => {
            format!(
                "Reachability: not verified, nobody has come in from another machine yet. This machine is {host}, behind a router: the line is good on your own network. For others {elsewhere}."
            )
        }
        (Network::Machine, Network::Outside) => {
            format!(
                "Reachability: not verified, nobody has come in from another machine yet. UDP port {port} of {host} must lead to this machine."
            )
        }
        (Network::Machine, Network::Machine) => {
            "Reachability: this machine only. It has no network that others could reach it by.".to_owned()
        }
    })
}

/// Returns that the server has another port than it would have had, where it has.
pub fn other_port_of(reach: &Reach) -> Option<String> {
    match reach {
        Reach::Own {
            port,
            instead_of: Some(in_use),
            ..
        } => Some(format!(
            "UDP port {in_use} is in use by another program, so this room uses port {port}. Invites for port {in_use} do not lead here."
        )),
        Reach::Own { instead_of: None, .. } | Reach::Elsewhere => None,
    }
}

/// What is told once somebody came in from further away than anybody before.
pub fn reached(network: Network, port: u16) -> Option<String> {
    match network {
        Network::Machine => None,
        Network::Local => Some(format!("UDP port {port} can be reached on your own network")),
        Network::Outside => Some(format!("UDP port {port} can be reached from outside: verified")),
    }
}

/// How long the invite is good: a room that its host opens again has the same one.
pub const INVITE_VALID: &str =
    "It works whenever you host this room, tonight or another evening, for any number of people.";

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Clean;

    use super::*;

    fn said(network: Network, reached: Network) -> String {
        let reach = Reach::Own {
            host: Clean::line("192.168.1.20"),
            port: 7843,
            instead_of: None,
            network,
            reached,
        };
        reachability(&reach).expect("it is the own server")
    }

    #[test]
    fn nothing_is_called_verified_that_was_not() {
        let all = [Network::Machine, Network::Local, Network::Outside];

        for network in all {
            assert!(!said(network, Network::Machine).contains(": verified"));
            assert!(said(network, Network::Local).contains("verified on your own network."));
            assert!(said(network, Network::Outside).contains("verified. Somebody"));
        }
        assert_eq!(reachability(&Reach::Elsewhere), None);
    }
}
