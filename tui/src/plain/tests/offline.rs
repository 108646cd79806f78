//! Tests that nothing is said about the others while there is no link, because it cannot be known.

use super::*;

#[test]
fn people_are_listed_without_what_is_not_known_of_them() {
    let film = OfflineFilm::PlaysOn;
    let again = Status::Reconnecting {
        attempt: 2,
        at: at(0),
        film,
    };
    for status in [Status::Silent { film }, again] {
        let mut room = PlainTest::at_terminal();
        room.receives(Update::Status(status), 0);
        room.take_lines();

        room.types("/who");

        assert_eq!(
            room.take_lines(),
            [
                "You're offline, so the state of the others is unknown.",
                "1. ana, host, you.",
                "2. bo.",
            ]
        );
    }
}

#[test]
fn a_line_held_for_later_is_marked() {
    let pending = || Update::ChatPending {
        id: ChatId(uuid::Uuid::from_u128(1)),
        text: Clean::text("hi"),
        position: None,
    };
    let mut room = PlainTest::at_terminal();
    room.receives(pending(), 0);
    assert_eq!(room.take_lines(), [""; 0]);

    let film = OfflineFilm::PlaysOn;
    room.receives(Update::Status(Status::Silent { film }), 0);
    room.take_lines();
    room.receives(pending(), 0);

    assert_eq!(
        room.take_lines(),
        ["You're offline. Your message is sent once you're connected again."]
    );
}
