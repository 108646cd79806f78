//! Texts of states: a word and a number for each.

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

use super::numbers::{millis_up, position, rate, seconds};
use super::{PENDING, Who, list};
use crate::update::RoomRequest;

/// `in sync ±9 ms`.
pub fn in_sync(spread: Duration) -> String {
    msg!("in-sync", spread = millis_up(spread).to_string())
}

/// `catching up 0.42 s behind, x1.05`.
pub fn catching_up(behind: Duration, speed: Option<Rate>) -> String {
    if behind.is_zero() {
        return msg!("catching-up").to_owned();
    }
    let behind = seconds(behind);
    match speed {
        Some(speed) => msg!("catching-up-at", behind = behind, speed = factor(speed)),
        None => msg!("catching-up-by", behind = behind),
    }
}

/// `slowing down 0.12 s ahead, x0.98`.
pub fn slowing_down(ahead: Duration, speed: Option<Rate>) -> String {
    let ahead = seconds(ahead);
    match speed {
        Some(speed) => msg!("slowing-down-at", ahead = ahead, speed = factor(speed)),
        None => msg!("slowing-down-by", ahead = ahead),
    }
}

/// `jumped 3.1 s to sync`.
pub fn jumped(by: MediaTime) -> String {
    msg!("jumped", by = seconds(by.abs()))
}

/// `out of sync +12.4 s`.
pub fn out_of_sync(drift: MediaTime) -> String {
    let sign = if drift < MediaTime::ZERO { '-' } else { '+' };
    msg!("out-of-sync", drift = format!("{sign}{}", seconds(drift.abs())))
}

/// `buffering 34 %`.
pub fn buffering(percent: u8) -> String {
    msg!("buffering-percent", percent = percent)
}

/// `waiting for bo (buffering 12 %) and chi`, or `waiting for 12 people` if there are too many to be named.
pub fn waiting_for(who: &[(Who, Option<u8>)], count: u32) -> String {
    if who.is_empty() {
        return msg!("waiting-count", count = count);
    }
    let names: Vec<String> = who
        .iter()
        .map(|(who, percent)| match percent {
            Some(percent) => msg!("waiting-buffering", who = who, percent = *percent),
            None => who.label().to_owned(),
        })
        .collect();
    msg!("waiting", names = list(&names))
}

/// `seeking to 01:10:00 … 2 of 3 there`.
pub fn seeking(to: MediaTime, there: usize, of: usize) -> String {
    msg!("seeking", to = position(to, true), there = there, of = of)
}

/// Returns `pausing …`: a request that the room has not answered yet, marked like a pending message.
pub fn asked(asked: &RoomRequest, heir: &str) -> String {
    let words = match asked {
        RoomRequest::Play => msg!("starting").to_owned(),
        RoomRequest::Pause => msg!("asked-pause").to_owned(),
        RoomRequest::Seek { to } => msg!("asked-seek", to = position(*to, true)),
        RoomRequest::SetRate(to) => msg!("asked-rate", rate = rate(*to)),
        RoomRequest::GoOn => msg!("asked-go-on").to_owned(),
        RoomRequest::Undo => msg!("asked-undo").to_owned(),
        RoomRequest::HandOver { .. } => msg!("asked-hand-over", name = heir),
    };
    format!("{words} {PENDING}")
}

/// Returns `starting in 3`, or `starting` below one second.
pub fn starting(left: Duration) -> String {
    match left.as_secs() {
        0 => msg!("starting").to_owned(),
        seconds => msg!("starting-in", seconds = seconds + 1),
    }
}

/// `paused by bo`.
pub fn paused(by: Option<&Who>) -> String {
    by.map_or_else(|| msg!("paused").to_owned(), |who| msg!("paused-by", who = who))
}

/// `settling ±138 ms`.
pub fn settling(spread: Duration) -> String {
    msg!("settling", spread = millis_up(spread).to_string())
}

/// `RECONNECTING 3 s (try 2)`, or `RECONNECTING (try 2)` once the attempt is in progress.
pub fn reconnecting(left: Duration, attempt: u32) -> String {
    if left.is_zero() {
        msg!("reconnecting", attempt = attempt)
    } else {
        let seconds = left.as_millis().div_ceil(1_000).to_string();
        msg!("reconnecting-in", seconds = seconds, attempt = attempt)
    }
}

/// `x1.05`.
fn factor(speed: Rate) -> String {
    format!("x{:.2}", speed.as_f64())
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
        assert_eq!(jumped(MediaTime::from_millis(3_100)), "jumped 3.1 s to sync");
        assert_eq!(out_of_sync(MediaTime::from_millis(12_400)), "out of sync +12.4 s");
        assert_eq!(buffering(34), "buffering 34 %");
        assert_eq!(
            waiting_for(&[(Who::Named("bo".to_owned()), Some(12))], 1),
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
