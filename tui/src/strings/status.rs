//! The states: a word and a number for each.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

use super::numbers::{at_speed, millis_up, position, rate, seconds};
use super::{PENDING, list};
use crate::update::Asked;

/// The own player plays with the room.
pub const IN_SYNC: &str = "in sync";
/// The room plays, and nothing is measured.
pub const PLAYING: &str = "playing";
/// The own player is on its way to the room.
pub const CATCHING_UP: &str = "catching up";
/// The clocks are being compared.
pub const COMPARING: &str = "comparing clocks";
/// Nothing is on.
pub const NO_ITEM: &str = "nothing on yet";
/// The item is being opened.
pub const LOADING: &str = "opening the film";
/// The player cannot keep up.
pub const TOO_SLOW: &str = "cannot keep up with the film";
/// The player does not respond.
pub const NOT_RESPONDING: &str = "your player is not responding";
/// Behind a percentage, where the room waits.
pub const ROOM_WAITS: &str = "room is waiting for you";
/// The room starts at once.
pub const STARTING: &str = "starting";
/// The room stands.
pub const PAUSED: &str = "paused";
/// The item is over.
pub const ENDED: &str = "the end";
/// There is no player.
pub const NO_PLAYER: &str = "no player";
/// The player could not open the item.
pub const PLAYER_FAILED: &str = "player failed";
/// How one names a copy of the film.
pub const TYPE_OPEN: &str = "type /open PATH";
/// The server says nothing.
pub const SILENT: &str = "server does not answer";
/// The link is down.
pub const RECONNECTING: &str = "RECONNECTING";
/// The film was paused for lack of a link.
pub const PAUSED_HERE: &str = "paused here";
/// The film goes on without a link.
pub const PLAYS_ON: &str = "the film plays on";
/// The session is over.
pub const DISCONNECTED: &str = "DISCONNECTED";
/// What a player's percentage stands behind.
pub(super) const BUFFERING: &str = "buffering";

/// `in sync ±9 ms`.
pub fn in_sync(spread: Duration) -> String {
    format!("{IN_SYNC} ±{} ms", millis_up(spread))
}

/// `catching up 0.42 s behind, x1.05`.
pub fn catching_up(behind: Duration, speed: Option<Rate>) -> String {
    if behind.is_zero() {
        return CATCHING_UP.to_owned();
    }
    format!("{CATCHING_UP} {} behind{}", seconds(behind), at_speed(speed))
}

/// `slowing down 0.12 s ahead, x0.98`.
pub fn slowing_down(ahead: Duration, speed: Option<Rate>) -> String {
    format!("slowing down {} ahead{}", seconds(ahead), at_speed(speed))
}

/// `jumped 3.1 s to the room`.
pub fn jumped(by: MediaTime) -> String {
    format!("jumped {} to the room", seconds(by.abs()))
}

/// `out of sync +12.4 s`.
pub fn out_of_sync(drift: MediaTime) -> String {
    let sign = if drift < MediaTime::ZERO { '-' } else { '+' };
    format!("out of sync {sign}{}", seconds(drift.abs()))
}

/// `buffering 34 %`.
pub fn buffering(percent: u8) -> String {
    format!("{BUFFERING} {percent} %")
}

/// `waiting for bo (buffering 12 %) and chi`.
pub fn waiting_for(who: &[(String, Option<u8>)]) -> String {
    let names: Vec<String> = who
        .iter()
        .map(|(name, percent)| match percent {
            Some(percent) => format!("{name} ({})", buffering(*percent)),
            None => name.clone(),
        })
        .collect();
    format!("waiting for {}", list(&names))
}

/// `seeking to 01:10:00 … 2 of 3 there`.
pub fn seeking(to: MediaTime, there: usize, of: usize) -> String {
    format!("seeking to {} … {there} of {of} there", position(to, true))
}

/// `pausing …`: what was asked of the room, marked as a line is that the room has yet to put in order.
pub fn asked(asked: &Asked, heir: &str) -> String {
    let deed = match asked {
        Asked::Play => STARTING.to_owned(),
        Asked::Pause => "pausing".to_owned(),
        Asked::Seek { to } => format!("seeking to {}", position(*to, true)),
        Asked::SetRate(to) => format!("changing to {}", rate(*to)),
        Asked::GoOn => "going on".to_owned(),
        Asked::Undo => "undoing".to_owned(),
        Asked::HandOver { .. } => format!("handing the room to {heir}"),
    };
    format!("{deed} {PENDING}")
}

/// `starting in 3`, or `starting` below a second.
pub fn starting(left: Duration) -> String {
    match left.as_secs() {
        0 => STARTING.to_owned(),
        seconds => format!("{STARTING} in {}", seconds + 1),
    }
}

/// `paused by bo`.
pub fn paused(by: Option<&str>) -> String {
    by.map_or_else(|| PAUSED.to_owned(), |name| format!("{PAUSED} by {name}"))
}

/// `settling ±138 ms`.
pub fn settling(spread: Duration) -> String {
    format!("settling ±{} ms", millis_up(spread))
}

/// `RECONNECTING 3 s (try 2)`, or `RECONNECTING (try 2)` once the try is under way.
pub fn reconnecting(left: Duration, attempt: u32) -> String {
    if left.is_zero() {
        format!("{RECONNECTING} (try {attempt})")
    } else {
        format!("{RECONNECTING} {} s (try {attempt})", left.as_secs_f64().ceil())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_begin_with_the_words_of_the_specification() {
        let rate = Rate::from_f64(1.05);

        assert_eq!(in_sync(Duration::from_micros(8_400)), "in sync ±9 ms");
        assert_eq!(
            catching_up(Duration::from_millis(420), rate),
            "catching up 0.42 s behind, x1.05"
        );
        assert_eq!(jumped(MediaTime::from_millis(3_100)), "jumped 3.1 s to the room");
        assert_eq!(out_of_sync(MediaTime::from_millis(12_400)), "out of sync +12.4 s");
        assert_eq!(buffering(34), "buffering 34 %");
        assert_eq!(
            waiting_for(&[("bo".to_owned(), Some(12))]),
            "waiting for bo (buffering 12 %)"
        );
        assert_eq!(
            seeking(MediaTime::from_millis(4_200_000), 2, 3),
            "seeking to 01:10:00 … 2 of 3 there"
        );
        assert_eq!(starting(Duration::from_millis(2_500)), "starting in 3");
        assert_eq!(
            reconnecting(Duration::from_millis(2_500), 2),
            "RECONNECTING 3 s (try 2)"
        );
    }
}
