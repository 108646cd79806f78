//! How friends get in, and what is known of whether they can.

use watchtogether_protocol::network::Network;

use crate::update::Reach;

/// What friends need besides.
pub const INVITE_NEED: &str = "They also need the same film, or a copy of it: name, size and fingerprint are compared, nothing is \
                               uploaded.";

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
