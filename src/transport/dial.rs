//! Connects to a server: resolves its name, and compares its key with the trusted one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::time::timeout;
use watchtogether_protocol::Pin;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::network::Network;

use super::connection::Connection;
use super::handshake::race;
use super::{ConnectError, ConnectOptions, KnownServers, ServerIdentity, Trust};

/// The time for a server to answer: five tries of QUIC's first packet, with the interval doubling each time.
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

/// The maximum number of addresses of one name that are tried.
const ADDRESSES: usize = 8;

/// The server name in the handshake if the host is not valid in TLS. Nobody checks it.
const SERVER_NAME: &str = "server.invalid";

/// Connects to the server at an address, which must present the trusted key.
///
/// A key that is seen for the first time is stored before this returns. Dropping the future cancels all attempts.
pub async fn connect(
    address: &Address,
    trust: &Trust,
    options: &ConnectOptions,
) -> Result<Connection, ConnectError> {
    let made = timeout(options.deadline, async {
        let expected = expected_pin(address, trust).await?;
        let mut addresses = resolve(address).await?;
        if let Some(sender) = &options.sent_on_by {
            addresses = outward(&addresses, network_of(sender).await);
            if addresses.is_empty() {
                let host = address.host.clone();
                return Err(ConnectError::Inward { host });
            }
        }
        let link = race(&addresses, &server_name(address), expected).await?;
        let identity = match (expected, trust) {
            (None, Trust::FirstUse(known)) => remember(address, Arc::clone(known), link.pin).await?,
            (_, Trust::Pinned(_) | Trust::FirstUse(_)) => ServerIdentity {
                pin: link.pin,
                is_new: false,
            },
        };
        Connection::open(link, identity, Arc::clone(&options.clock)).await
    });
    made.await.map_err(|_elapsed| ConnectError::TimedOut {
        after: options.deadline,
    })?
}

async fn expected_pin(address: &Address, trust: &Trust) -> Result<Option<Pin>, ConnectError> {
    match trust {
        Trust::Pinned(pin) => Ok(Some(*pin)),
        Trust::FirstUse(known) => {
            let (known, address) = (Arc::clone(known), address.clone());
            Ok(off_the_loop(move || known.known(&address)).await??)
        }
    }
}

/// Stores the key of a first use. If another process has stored one in the meantime, that one is kept.
async fn remember(
    address: &Address,
    known: Arc<dyn KnownServers>,
    got: Pin,
) -> Result<ServerIdentity, ConnectError> {
    let address = address.clone();
    let stands = off_the_loop(move || known.remember(&address, got)).await??;
    if stands == got {
        return Ok(ServerIdentity {
            pin: got,
            is_new: true,
        });
    }
    Err(ConnectError::PinMismatch {
        expected: stands,
        got,
    })
}

/// Runs a disk operation on a separate thread.
async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ConnectError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ConnectError::Failed(error.to_string()))
}

/// Returns the addresses of a name: IPv6 and IPv4 in turn, IPv6 first.
async fn resolve(address: &Address) -> Result<Vec<SocketAddr>, ConnectError> {
    let unresolved = |source| ConnectError::Unresolved {
        host: address.host.clone(),
        source,
    };
    let all: Vec<SocketAddr> = tokio::net::lookup_host((address.host.as_str(), address.port))
        .await
        .map_err(|source| unresolved(Some(source)))?
        .collect();
    let addresses = interleave(&all);
    if addresses.is_empty() {
        return Err(unresolved(None));
    }
    Ok(addresses)
}

/// Returns the network distance of a server: of its nearest address, if it has several.
async fn network_of(address: &Address) -> Network {
    let addresses = resolve(address).await.unwrap_or_default();
    let networks = addresses.iter().map(|address| Network::of(address.ip()));
    networks.min().unwrap_or(Network::Outside)
}

/// Returns the unicast addresses that are at least as far away as a network.
fn outward(all: &[SocketAddr], from: Network) -> Vec<SocketAddr> {
    let is_of_many = |address: IpAddr| match address {
        IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_multicast(),
    };
    let may_be_sent_to = |address: &SocketAddr| {
        let address = address.ip().to_canonical();
        Network::of(address) >= from && !is_of_many(address)
    };
    all.iter().copied().filter(may_be_sent_to).collect()
}

fn interleave(all: &[SocketAddr]) -> Vec<SocketAddr> {
    let (six, four): (Vec<_>, Vec<_>) = all.iter().copied().partition(SocketAddr::is_ipv6);
    let mut order = Vec::new();
    for i in 0..six.len().max(four.len()) {
        let pair = [six.get(i), four.get(i)];
        order.extend(
            pair.into_iter()
                .flatten()
                .filter(|a| !order.contains(*a))
                .collect::<Vec<_>>(),
        );
    }
    order.truncate(ADDRESSES);
    order
}

fn server_name(address: &Address) -> String {
    match ServerName::try_from(address.host.as_str()) {
        Ok(_) => address.host.clone(),
        Err(_) => SERVER_NAME.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_redirects_nobody_to_a_more_local_network_than_its_own() {
        let all = [
            "127.0.0.1:1",
            "[::1]:1",
            "0.0.0.0:1",
            "[::ffff:127.0.0.1]:1",
            "192.168.1.20:1",
            "169.254.1.1:1",
            "[fe80::1]:1",
            "[::ffff:10.0.0.1]:1",
            "203.0.113.7:1",
            "[2001:db8::1]:1",
        ];
        let parsed = |all: &[&str]| -> Vec<SocketAddr> {
            all.iter().map(|text| text.parse().expect("an address")).collect()
        };

        assert_eq!(outward(&parsed(&all), Network::Outside), parsed(&all[8..]));
        assert_eq!(outward(&parsed(&all), Network::Local), parsed(&all[4..]));
        assert_eq!(outward(&parsed(&all), Network::Machine), parsed(&all));
    }

    #[test]
    fn a_server_sends_nobody_to_many_machines_at_once() {
        let many = [
            "224.0.0.1:1",
            "255.255.255.255:1",
            "[ff02::1]:1",
            "[::ffff:224.0.0.1]:1",
        ];
        let many = many.map(|text| text.parse().expect("an address"));

        assert_eq!(outward(&many, Network::Machine), []);
    }
}
