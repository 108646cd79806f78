//! Network distance: what a host can conclude from the addresses that clients connected from, and how widely an invite's address
//! works.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The distance of an address, nearest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Network {
    /// On this machine.
    #[default]
    Machine,
    /// On a private network: a home, an office, a VPN, or behind a provider's address translation.
    Local,
    /// Anywhere else.
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

    /// Returns the distance of an address from a machine that it reached at `own`. Addresses in the same /24 or /64 count as one
    /// network, whatever their ranges suggest.
    pub fn between(own: Option<IpAddr>, address: IpAddr) -> Self {
        let (own, address) = (own.map(|own| own.to_canonical()), address.to_canonical());
        let network = Self::of(address);
        if own == Some(address) {
            Self::Machine
        } else if own.is_some_and(|own| is_one_network(own, address)) {
            network.min(Self::Local)
        } else {
            network
        }
    }
}

fn is_one_network(one: IpAddr, other: IpAddr) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => one.octets()[..3] == other.octets()[..3],
        (IpAddr::V6(one), IpAddr::V6(other)) => one.segments()[..4] == other.segments()[..4],
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

fn is_local_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // Providers share 100.64/10 among their customers, and VPNs assign addresses from it.
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
    fn local_addresses_are_distinguished_from_public_ones() {
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

    #[test]
    fn only_what_came_from_another_network_is_outside() {
        for (own, address, network) in [
            ("203.0.113.7", "203.0.113.7", Network::Machine),
            ("203.0.113.7", "::ffff:203.0.113.7", Network::Machine),
            ("203.0.113.7", "203.0.113.9", Network::Local),
            ("203.0.113.7", "203.0.114.9", Network::Outside),
            ("2001:db8::1", "2001:db8::1", Network::Machine),
            ("2001:db8::1", "2001:db8::ab:1", Network::Local),
            ("2001:db8::1", "2001:db8:0:1::1", Network::Outside),
            ("192.168.1.20", "192.168.7.1", Network::Local),
            ("192.168.1.20", "127.0.0.1", Network::Machine),
            ("203.0.113.7", "2001:db8::1", Network::Outside),
        ] {
            let parsed = |text: &str| text.parse().expect("an address");
            assert_eq!(
                Network::between(Some(parsed(own)), parsed(address)),
                network,
                "{address} at {own}"
            );
        }
    }
}
