//! Decides which server is asked for the room: the one in the configuration, or one that it redirected to.

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Elsewhere;

use super::output::NamedServer;

/// The maximum number of redirects in a row. Two are enough if every server knows which one has the room; more lead in a circle.
const HOPS: u32 = 4;

/// The route to the server that has the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The server in the session's configuration.
    first: Address,
    /// The last redirect, if any.
    named: Option<Elsewhere>,
    /// Whether the server in the redirect is asked instead of the first one.
    asks_named: bool,
    /// The number of redirects in a row.
    hops: u32,
    /// Whether the first server has been asked in this attempt because the one in the redirect does not have the room.
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

    /// Returns the address to connect to, and what is known about that server if it comes from a redirect.
    pub(super) fn target(&self) -> (Address, Option<NamedServer>) {
        let first = self.first.clone();
        match self.named.as_ref().filter(|_| self.asks_named) {
            Some(Elsewhere { address, pin }) => (address.clone(), Some(NamedServer { pin: *pin, first })),
            None => (first, None),
        }
    }

    /// Returns whether the server in the redirect is asked instead of the first one.
    pub(super) const fn asks_named(&self) -> bool {
        self.asks_named
    }

    /// Handles a redirect; returns whether to follow it.
    pub(super) fn handle_elsewhere(&mut self, elsewhere: Elsewhere) -> bool {
        // Counted even if it is not followed, because servers that redirect to each other would keep the session going in
        // circles.
        self.hops += 1;
        let goes_on = self.hops <= HOPS;
        if goes_on {
            self.named = Some(elsewhere);
            self.asks_named = true;
        }
        goes_on
    }

    /// Handles a seat that the server gave; returns whether the previous seat was on another server.
    pub(super) fn handle_entered(&mut self) -> bool {
        // The redirects led to a seat; the next ones are counted from zero.
        self.hops = 0;
        self.has_asked_back = false;
        let (address, _) = self.target();
        let before = self.seated_at.replace(address);
        before.is_some() && before != self.seated_at
    }

    /// Handles a request for another room.
    pub(super) const fn handle_other_room(&mut self) {
        self.hops = 0;
    }

    /// Handles a server that could not help. The room may have moved, or the first server, which knows where it is, may be down,
    /// so they are asked in turn.
    pub(super) const fn handle_failed(&mut self) {
        // A failed connection is a new beginning: the redirects so far are not part of a circle.
        self.hops = 0;
        self.asks_named = !self.asks_named && self.named.is_some();
    }

    /// Handles a server that does not have the room; returns whether to ask the first one, which may know where the room is now.
    /// That happens once per attempt.
    pub(super) const fn handle_no_room(&mut self) -> bool {
        // Once per attempt; otherwise a first server that keeps redirecting to one without the room would be asked forever.
        let asks_back = self.asks_named && !self.has_asked_back;
        if asks_back {
            self.has_asked_back = true;
            self.asks_named = false;
            self.hops = 0;
        }
        asks_back
    }

    /// Handles the end of this attempt.
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
