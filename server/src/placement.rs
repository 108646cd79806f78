//! The placement of rooms on servers: the interface between new connections and the rooms.
//!
//! A server asks its placement before it opens or enters a room, and before it gives a seat back. A server that has all rooms
//! uses [`SingleServer`]; one of several servers redirects clients to the server that has their room.

use std::fmt;

use watchtogether_protocol::RoomName;
use watchtogether_protocol::message::room::Elsewhere;

/// The maximum number of names that are generated to find one whose room belongs on this server. If a hundred servers share the
/// names, a few hundred attempts find one with near certainty.
const DRAWS: usize = 512;

/// The location of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The room is on this server.
    Here,
    /// The room is on another server.
    Elsewhere(Elsewhere),
}

/// Locates rooms among several servers.
pub trait Placement: fmt::Debug + Send + Sync {
    /// Returns which server a room with this name belongs on, whether or not the room exists. The answer for a name changes only
    /// when rooms are moved. Called on the event loop, so it must not block.
    fn locate(&self, room: &RoomName) -> Location;
}

/// The placement for a server that has all rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SingleServer;

impl Placement for SingleServer {
    fn locate(&self, _room: &RoomName) -> Location {
        Location::Here
    }
}

/// Returns `Ok` if the room belongs on this server, or else the redirect as an error.
pub(crate) fn check(placement: &dyn Placement, room: &RoomName) -> Result<(), Elsewhere> {
    match placement.locate(room) {
        Location::Here => Ok(()),
        Location::Elsewhere(elsewhere) => Err(elsewhere),
    }
}

/// Returns the name for a room to open here: the requested one, or the first generated name that belongs here.
pub(crate) fn name_to_open(
    placement: &dyn Placement,
    wanted: Option<RoomName>,
    draw: impl Fn() -> RoomName,
) -> Result<RoomName, Elsewhere> {
    if let Some(name) = wanted {
        return check(placement, &name).map(|()| name);
    }
    let mut name = draw();
    for _ in 1..DRAWS {
        if placement.locate(&name) == Location::Here {
            break;
        }
        name = draw();
    }
    check(placement, &name).map(|()| name)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use watchtogether_protocol::Pin;

    use super::*;

    /// A placement with the rooms whose names begin with `h` here.
    #[derive(Debug)]
    struct ByFirstLetter;

    impl Placement for ByFirstLetter {
        fn locate(&self, room: &RoomName) -> Location {
            if room.as_str().starts_with('h') {
                Location::Here
            } else {
                Location::Elsewhere(other())
            }
        }
    }

    fn other() -> Elsewhere {
        Elsewhere {
            address: "other.example.org".parse().expect("an address"),
            pin: Pin::from_bytes([7; 16]),
        }
    }

    fn name(text: &str) -> RoomName {
        text.parse().expect("a room's name")
    }

    #[test]
    fn a_server_by_itself_has_every_room() {
        assert_eq!(check(&SingleServer, &name("film")), Ok(()));
        assert_eq!(
            name_to_open(&SingleServer, None, || name("drawn")),
            Ok(name("drawn"))
        );
    }

    #[test]
    fn a_room_is_opened_and_entered_where_its_name_lives() {
        let open = |wanted| name_to_open(&ByFirstLetter, Some(name(wanted)), || panic!("a name is wanted"));

        assert_eq!(open("here"), Ok(name("here")));
        assert_eq!(open("there"), Err(other()));
        assert_eq!(check(&ByFirstLetter, &name("there")), Err(other()));
    }

    #[test]
    fn a_name_is_drawn_until_it_lives_here() {
        let drawn = Cell::new(0);
        let draw = || {
            drawn.set(drawn.get() + 1);
            name(if drawn.get() < 10 { "there" } else { "here" })
        };

        assert_eq!(name_to_open(&ByFirstLetter, None, draw), Ok(name("here")));
        assert_eq!(drawn.get(), 10);
    }

    #[test]
    fn a_server_that_has_no_rooms_sends_on_whoever_lets_it_draw_a_name() {
        let drawn = Cell::new(0);
        let draw = || {
            drawn.set(drawn.get() + 1);
            name("there")
        };

        assert_eq!(name_to_open(&ByFirstLetter, None, draw), Err(other()));
        assert_eq!(drawn.get(), DRAWS);
    }
}
