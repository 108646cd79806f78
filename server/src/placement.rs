//! The placement of rooms on servers: the seam between those who come to the door and the rooms.
//!
//! A server asks before it opens or enters a room, and before it gives a seat back. One that has all rooms itself is
//! [`AllHere`]; one of several sends whoever asks for another's room there.

use std::fmt;

use watchtogether_protocol::RoomName;
use watchtogether_protocol::message::room::Elsewhere;

/// So many names are drawn at most for one that lives here: of a hundred servers that share the names, one is found with
/// near certainty within a few times as many.
const DRAWS: usize = 512;

/// Where a room lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// On the server that was asked.
    Here,
    /// On another one.
    Elsewhere(Elsewhere),
}

/// Knows which server has a room.
pub trait Placement: fmt::Debug + Send + Sync {
    /// Returns where the room of a name lives, whether or not there is one. The same name has the same place for as long as
    /// nothing moves. It is asked on the event loop, so it must not wait.
    fn locate(&self, room: &RoomName) -> Location;
}

/// The placement of a server that has all rooms itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllHere;

impl Placement for AllHere {
    fn locate(&self, _room: &RoomName) -> Location {
        Location::Here
    }
}

/// Returns where somebody is sent who asks for a room; nothing where it lives here.
pub(crate) fn check(placement: &dyn Placement, room: &RoomName) -> Result<(), Elsewhere> {
    match placement.locate(room) {
        Location::Here => Ok(()),
        Location::Elsewhere(elsewhere) => Err(elsewhere),
    }
}

/// Returns the name of a room to open here: the one that is wanted, or one that is drawn until it lives here.
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

    /// The rooms whose name begins with `h` are here.
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
        assert_eq!(check(&AllHere, &name("film")), Ok(()));
        assert_eq!(name_to_open(&AllHere, None, || name("drawn")), Ok(name("drawn")));
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
