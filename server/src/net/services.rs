//! The parts of a server that every connection needs.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::watch;
use watchtogether_protocol::network::Network;

use super::admission::Admission;
use crate::clock::ServerClock;
use crate::limits::Limits;
use crate::placement::Placement;
use crate::registry::Registry;

/// The rooms, admission, limits and the clock.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    pub(crate) registry: Registry,
    pub(crate) admission: Admission,
    pub(crate) placement: Arc<dyn Placement>,
    pub(crate) limits: Limits,
    pub(crate) clock: ServerClock,
    /// The distance of the furthest member who has taken a seat.
    pub(crate) reached: watch::Sender<Network>,
}

impl Services {
    /// Records that a member connected from an address, to one of our addresses if it is known which one.
    pub(super) fn note_reached(&self, address: IpAddr, own: Option<IpAddr>) {
        let network = if is_own(address) {
            Network::Machine
        } else {
            Network::between(own, address)
        };
        self.reached.send_if_modified(|furthest| {
            let is_further = network > *furthest;
            *furthest = network.max(*furthest);
            is_further
        });
    }
}

/// Returns whether an address belongs to this machine, on any interface: only such an address can be bound.
fn is_own(address: IpAddr) -> bool {
    std::net::UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::SingleServer;

    #[tokio::test]
    async fn only_a_connection_from_further_away_is_reported() {
        let clock = ServerClock::start();
        let services = Services {
            registry: Registry::new(clock, Limits::default()),
            admission: Admission::new(true, &Limits::default()),
            placement: Arc::new(SingleServer),
            limits: Limits::default(),
            clock,
            reached: watch::Sender::new(Network::Machine),
        };
        let mut reached = services.reached.subscribe();
        let own = Some("198.51.100.1".parse().expect("an address"));
        let mut comes_from = |address: &str| {
            services.note_reached(address.parse().expect("an address"), own);
            let is_news = reached.has_changed().expect("the sender lives");
            is_news.then(|| *reached.borrow_and_update())
        };

        assert_eq!(comes_from("127.0.0.1"), None);
        assert_eq!(comes_from("192.168.1.30"), Some(Network::Local));
        assert_eq!(comes_from("10.0.0.1"), None);
        assert_eq!(comes_from("198.51.100.9"), None, "on one network");
        assert_eq!(comes_from("203.0.113.9"), Some(Network::Outside));
        assert_eq!(comes_from("192.168.1.31"), None);
    }
}
