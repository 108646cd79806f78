//! Texts about how friends join, and whether they can reach the server.

use watchtogether_protocol::network::Network;

use super::PROGRAM;
use crate::update::InviteReach;

/// Returns the command line that lets a friend join, ready to be pasted into a shell.
pub fn invite_line(invite: &str) -> String {
    format!("{PROGRAM} join '{invite}'")
}

/// Says that the code needs more space than there is.
pub fn code_needs(needs: (u16, u16), has: (u16, u16)) -> String {
    msg!(
        "code-needs",
        columns = needs.0,
        rows = needs.1,
        has_columns = has.0,
        has_rows = has.1
    )
}

/// Returns whether friends can reach the server, as far as that is known; `None` if it is not a local server.
pub fn reachability(reach: &InviteReach) -> Option<String> {
    let InviteReach::Own {
        host,
        port,
        instead_of: _,
        network,
        reached,
    } = reach
    else {
        return None;
    };
    let port = *port;
    Some(match (reached, network) {
        (Network::Outside, _) => msg!("reach-verified", port = port),
        (Network::Local, Network::Local) => msg!("reach-local-behind-router", host = host, port = port),
        (Network::Local, Network::Machine | Network::Outside) => {
            msg!("reach-local-else-unknown", host = host, port = port)
        }
        (Network::Machine, Network::Local) => msg!("reach-unverified-router", host = host, port = port),
        (Network::Machine, Network::Outside) => msg!("reach-unverified", host = host, port = port),
        (Network::Machine, Network::Machine) => msg!("reach-machine-only").to_owned(),
    })
}

/// Says that the server uses another port than the usual one; `None` if it does not.
pub fn other_port_of(reach: &InviteReach) -> Option<String> {
    match reach {
        InviteReach::Own {
            port,
            instead_of: Some(in_use),
            ..
        } => Some(msg!("invite-other-port", in_use = *in_use, port = *port)),
        InviteReach::Own { instead_of: None, .. } | InviteReach::Elsewhere => None,
    }
}

/// Returns the notice shown once somebody has joined from further away than anybody before.
pub fn reached(network: Network, port: u16) -> Option<String> {
    match network {
        Network::Machine => None,
        Network::Local => Some(msg!("reached-on-network", port = port)),
        Network::Outside => Some(msg!("reached-from-outside", port = port)),
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Clean;

    use super::*;

    fn sentence(network: Network, reached: Network) -> String {
        let reach = InviteReach::Own {
            host: Clean::line("192.168.1.20"),
            port: 7843,
            instead_of: None,
            network,
            reached,
        };
        reachability(&reach).expect("it is the user's own server")
    }

    #[test]
    fn nothing_is_called_verified_that_was_not() {
        let all = [Network::Machine, Network::Local, Network::Outside];

        for network in all {
            assert!(!sentence(network, Network::Machine).contains(": verified"));
            assert!(sentence(network, Network::Local).contains("verified on your own network."));
            assert!(sentence(network, Network::Outside).contains("verified. Someone"));
        }
        assert_eq!(reachability(&InviteReach::Elsewhere), None);
    }
}
