//! How far away an address is: what a host may conclude from who came in, and what an invite's address is worth.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far away an address is, nearest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Network {
    /// On this very machine.
    #[default]
    Machine,
    /// On a network that only those know who are on it: at home, of an office, of a VPN, behind a provider's own translation.
    Local,
    /// Anywhere.
    Outside,
}

impl Network {
    /// Returns how far away an address is.
    pub fn of(address: IpAddr) -> Self {
        let address = address.to_canonical();
        if address.is_loopback() || address.is_unspecified() {
            return Self::Machine;
        }
        let is_local = match address {
            IpAddr::V4(v4) => is_local_v4(v4),
            IpAddr::V6(v6) => is_local_v6(v6),
        };
        if is_local { Self::Local } else { Self::Outside }
    }
}

fn is_local_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // 100.64/10 is shared by a provider's customers, and what VPNs give out.
    let is_shared = first == 100 && (64..128).contains(&second);
    address.is_private() || address.is_link_local() || is_shared
}

const fn is_local_v6(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_told_from_those_of_all() {
        let of = |text: &str| Network::of(text.parse().expect("an address"));

        for text in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"] {
            assert_eq!(of(text), Network::Machine, "{text}");
        }
        for text in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.20",
            "169.254.1.1",
            "100.64.0.1",
            "100.127.255.254",
            "::ffff:192.168.1.20",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(of(text), Network::Local, "{text}");
        }
        for text in [
            "203.0.113.7",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "2001:db8::1",
        ] {
            assert_eq!(of(text), Network::Outside, "{text}");
        }
    }
}
