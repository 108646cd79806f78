//! Tests that all times in the chat come from one clock, independent of the machine's clock.

use std::time::Duration;

use watchtogether_protocol::time::WallTime;

use crate::test_support::*;
use crate::{Intent, Update};

/// By how much the room's clock is ahead of the machine's.
const AHEAD: Duration = Duration::from_hours(3);

/// Returns a room entered at 23:31 by the room's clock, and at 20:31 by the machine's.
fn room() -> Screen {
    let mut screen = Screen::new(80, 24);
    screen.apply(Update::RoomClock {
        wall: WALL.after(AHEAD),
        at: screen.now,
    });
    screen.enter(BO, vec![member(ANA, "ana"), member(BO, "bo")]);
    screen
}

fn kept(screen: &mut Screen) -> String {
    let wanted = screen.sends("/export chat.txt");
    let [Intent::Export { text, .. }] = wanted.as_slice() else {
        panic!("{wanted:?}");
    };
    text.clone()
}

fn times(text: &str) -> Vec<&str> {
    text.lines().skip(2).filter_map(|line| line.get(..5)).collect()
}

#[test]
fn notices_have_the_time_of_the_chat_lines_around_them() {
    let mut screen = room();
    screen.says(ANA, "hi");
    screen.minutes(5);
    screen.plays(ANA);
    screen.says(ANA, "here we go");

    let text = kept(&mut screen);

    assert_eq!(times(&text), ["23:31", "23:31", "23:36", "23:36"], "{text}");
    let picture = screen.picture();
    assert!(
        picture.contains("23:36") && !picture.contains("20:3"),
        "{picture}"
    );
}

#[test]
fn a_machines_clock_that_is_set_moves_no_time_in_a_room() {
    let mut screen = room();

    screen.apply(Update::WallClock(WallTime(0)));
    screen.plays(ANA);

    assert_eq!(times(&kept(&mut screen)), ["23:31", "23:31"]);
}

#[test]
fn before_there_is_a_room_the_machines_clock_counts() {
    let mut screen = Screen::new(80, 24);

    screen.apply(Update::WallClock(WALL.after(Duration::from_mins(7))));

    assert_eq!(
        screen.app.state.clock.now(screen.now),
        WALL.after(Duration::from_mins(7))
    );
}
