//! The states: a word and a number for each.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

use super::numbers::{at_speed, millis_up, position, rate, seconds};
use super::{PENDING, Who, list};
use crate::update::RoomRequest;

/// `in sync ±9 ms`.
pub fn in_sync(spread: Duration) -> String {
    format!("{IN_SYNC} ±{} ms", millis_up(spread), IN_SYNC = msg!("in-sync"))
}

/// `catching up 0.42 s behind, x1.05`.
pub fn catching_up(behind: Duration, speed: Option<Rate>) -> String {
    if behind.is_zero() {
        return msg!("catching-up").to_owned();
    }
    format!(
        "{CATCHING_UP} {} behind{}",
        seconds(behind),
        at_speed(speed),
        CATCHING_UP = msg!("catching-up")
    )
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
    format!("{BUFFERING} {percent} %", BUFFERING = msg!("buffering"))
}

/// `waiting for bo (buffering 12 %) and chi`.
pub fn waiting_for(who: &[(Who, Option<u8>)]) -> String {
    let names: Vec<String> = who
        .iter()
        .map(|(who, percent)| match percent {
            Some(percent) => msg!("over-buffering", who = who, percent = *percent),
            None => who.label().to_owned(),
        })
        .collect();
    msg!("over-waiting", names = list(&names))
}

/// `seeking to 01:10:00 … 2 of 3 there`.
pub fn seeking(to: MediaTime, there: usize, of: usize) -> String {
    format!("seeking to {} … {there} of {of} there", position(to, true))
}

/// `pausing …`: what was asked of the room, marked as a line is that the room has yet to put in order.
pub fn asked(asked: &RoomRequest, heir: &str) -> String {
    let deed = match asked {
        RoomRequest::Play => msg!("starting").to_owned(),
        RoomRequest::Pause => "pausing".to_owned(),
        RoomRequest::Seek { to } => format!("seeking to {}", position(*to, true)),
        RoomRequest::SetRate(to) => format!("changing to {}", rate(*to)),
        RoomRequest::GoOn => "going on".to_owned(),
        RoomRequest::Undo => "undoing".to_owned(),
        RoomRequest::HandOver { .. } => format!("handing the room to {heir}"),
    };
    format!("{deed} {PENDING}")
}

/// `starting in 3`, or `starting` below a second.
pub fn starting(left: Duration) -> String {
    match left.as_secs() {
        0 => msg!("starting").to_owned(),
        seconds => format!("{STARTING} in {}", seconds + 1, STARTING = msg!("starting")),
    }
}

/// `paused by bo`.
pub fn paused(by: Option<&Who>) -> String {
    by.map_or_else(|| msg!("paused").to_owned(), |who| msg!("paused-by", who = who))
}

/// `settling ±138 ms`.
pub fn settling(spread: Duration) -> String {
    format!("settling ±{} ms", millis_up(spread))
}

/// `msg!("reconnecting") 3 s (try 2)`, or `RECONNECTING (try 2)` once the try is under way.
pub fn reconnecting(left: Duration, attempt: u32) -> String {
    if left.is_zero() {
        format!(
            "{RECONNECTING} (try {attempt})",
            RECONNECTING = msg!("reconnecting")
        )
    } else {
        format!(
            "{RECONNECTING} {} s (try {attempt})",
            left.as_secs_f64().ceil(),
            RECONNECTING = msg!("reconnecting")
        )
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
            waiting_for(&[(Who::Named("bo".to_owned()), Some(12))]),
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
