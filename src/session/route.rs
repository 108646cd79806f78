//! Decides which server is asked for the room: the one that the session was given, or another that it named.

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Elsewhere;

use super::output::NamedServer;

/// How many servers in a row may send the session on. Two are enough if every server knows which one has the room; more than this
/// lead round in a circle.
const HOPS: u32 = 4;

/// The way to the server that has the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The server that the session was given.
    first: Address,
    /// The server that was last named as having the room.
    named: Option<Elsewhere>,
    /// Whether the named server is asked instead of the first.
    asks_named: bool,
    /// How many servers in a row have sent the session on.
    hops: u32,
    /// Whether the first server has been asked in this attempt because the named one does not have the room.
    has_asked_back: bool,
    /// The server that gave the last seat.
    seated_at: Option<Address>,
}

impl Route {
    pub(super) const fn new(first: Address) -> Self {
        Self {
            first,
            named: None,
            asks_named: false,
            hops: 0,
            has_asked_back: false,
            seated_at: None,
        }
    }

    /// Returns the address to connect to, and what is known of that server if another one named it.
    pub(super) fn target(&self) -> (Address, Option<NamedServer>) {
        let first = self.first.clone();
        match self.named.as_ref().filter(|_| self.asks_named) {
            Some(Elsewhere { address, pin }) => (address.clone(), Some(NamedServer { pin: *pin, first })),
            None => (first, None),
        }
    }

    /// Returns whether the named server is asked instead of the first.
    pub(super) const fn asks_named(&self) -> bool {
        self.asks_named
    }

    /// Takes in that the asked server names another; returns whether to ask that one.
    pub(super) fn handle_elsewhere(&mut self, elsewhere: Elsewhere) -> bool {
        // Counted even when it stops here, because servers that name each other would send the session round forever.
        self.hops += 1;
        let goes_on = self.hops <= HOPS;
        if goes_on {
            self.named = Some(elsewhere);
            self.asks_named = true;
        }
        goes_on
    }

    /// Takes in that the asked server gave a seat; returns whether the seat before was on another server.
    pub(super) fn handle_entered(&mut self) -> bool {
        // Arriving proves that the chain led somewhere; the next chain is counted from zero.
        self.hops = 0;
        self.has_asked_back = false;
        let (address, _) = self.target();
        let before = self.seated_at.replace(address);
        before.is_some() && before != self.seated_at
    }

    /// Takes in that another room is requested.
    pub(super) const fn handle_other_room(&mut self) {
        self.hops = 0;
    }

    /// Takes in that the asked server could not help. The room may have moved, or the first server, which knows where it is, may
    /// be gone; so they are asked in turn.
    pub(super) const fn handle_failed(&mut self) {
        // A failed connection is a new beginning: the servers that sent the session here are not part of a circle.
        self.hops = 0;
        self.asks_named = !self.asks_named && self.named.is_some();
    }

    /// Takes in that the asked server does not have the room; returns whether to ask the first one, which may know its present
    /// place. That happens once per attempt.
    pub(super) const fn handle_no_room(&mut self) -> bool {
        // Once per attempt, or a first server that keeps naming a server without the room would be asked forever.
        let asks_back = self.asks_named && !self.has_asked_back;
        if asks_back {
            self.has_asked_back = true;
            self.asks_named = false;
            self.hops = 0;
        }
        asks_back
    }

    /// Takes in that this attempt is over.
    pub(super) const fn handle_tried(&mut self) {
        self.has_asked_back = false;
    }

    /// Starts again at the first server.
    pub(super) fn reset(&mut self) {
        *self = Self {
            seated_at: self.seated_at.take(),
            ..Self::new(self.first.clone())
        };
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Pin;

    use super::*;

    fn at(host: &str) -> Address {
        host.parse().expect("an address")
    }

    fn named(host: &str) -> Elsewhere {
        Elsewhere {
            address: at(host),
            pin: Pin::from_bytes([7; 16]),
        }
    }

    fn host(route: &Route) -> String {
        route.target().0.host
    }

    #[test]
    fn the_named_server_is_checked_against_its_key() {
        let mut route = Route::new(at("first"));
        assert_eq!(route.target(), (at("first"), None));

        assert!(route.handle_elsewhere(named("second")));

        let named = NamedServer {
            pin: Pin::from_bytes([7; 16]),
            first: at("first"),
        };
        assert_eq!(route.target(), (at("second"), Some(named)));
    }

    #[test]
    fn endless_redirects_are_followed_for_a_few_hops() {
        let mut route = Route::new(at("first"));
        let servers = ["a", "b"].into_iter().cycle().take(100);

        let followed = servers.take_while(|server| route.handle_elsewhere(named(server)));

        assert_eq!(followed.count(), HOPS as usize);
    }

    #[test]
    fn a_client_in_its_room_may_be_redirected_as_often_again() {
        let mut route = Route::new(at("first"));
        for _ in 0..HOPS {
            assert!(route.handle_elsewhere(named("a")));
        }

        route.handle_entered();

        assert!(route.handle_elsewhere(named("b")));
    }

    #[test]
    fn a_seat_at_another_server_is_distinguished_from_one_at_the_same() {
        let mut route = Route::new(at("first"));
        assert!(!route.handle_entered(), "the first seat");
        assert!(!route.handle_entered());

        route.handle_elsewhere(named("second"));

        assert!(route.handle_entered());
        assert!(!route.handle_entered());
        route.reset();
        assert!(route.handle_entered());
    }

    #[test]
    fn after_a_failure_the_first_server_and_the_named_one_are_asked_in_turn() {
        let mut route = Route::new(at("first"));
        route.handle_failed();
        assert_eq!(host(&route), "first", "there is no other");
        route.handle_elsewhere(named("second"));

        let mut asked = || {
            route.handle_failed();
            host(&route)
        };

        assert_eq!([asked(), asked(), asked()], ["first", "second", "first"]);
    }

    #[test]
    fn the_first_server_is_asked_once_in_a_try_where_the_named_one_has_lost_the_room() {
        let mut route = Route::new(at("first"));
        assert!(!route.handle_no_room(), "it was asked");
        for _ in 0..2 {
            route.handle_elsewhere(named("second"));

            assert!(route.handle_no_room());
            assert_eq!(host(&route), "first");
            route.handle_elsewhere(named("second"));
            assert!(!route.handle_no_room(), "it knows no other place");

            route.handle_tried();
        }
    }

    #[test]
    fn a_reset_route_leads_to_the_first_server() {
        let mut route = Route::new(at("first"));
        route.handle_elsewhere(named("second"));

        route.reset();

        assert_eq!(route, Route::new(at("first")));
    }
}
