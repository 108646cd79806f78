//! What happened, in sentences that a reader does not stumble over.

use std::time::Duration;

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{Link, Member};

use crate::session::event::{LinkState, PlayerNews, SyncState};

pub(super) fn link_line(state: &LinkState) -> Option<String> {
    match state {
        LinkState::Connecting
        | LinkState::Joining
        | LinkState::Up
        | LinkState::Closed
        | LinkState::Waiting { attempt: 1, .. }
        | LinkState::Reconnecting { .. } => None,
        LinkState::Lost { why } => Some(format!("Connection lost: {why}. The film plays on.")),
        LinkState::Waiting { attempt, after } => Some(format!(
            "Not reached. Try {attempt} in {} seconds.",
            after.as_secs().max(1)
        )),
        LinkState::PausedHere => Some("Still no connection: the film is paused here.".to_owned()),
    }
}

pub(super) fn member_line(before: &Member, member: &Member) -> Option<String> {
    match (before.link, member.link) {
        (Link::Up, Link::Lost) => return Some(format!("{} lost the connection.", member.name)),
        (Link::Lost, Link::Up) => return Some(format!("{} is back.", member.name)),
        (Link::Up, Link::Up) | (Link::Lost, Link::Lost) => {}
    }
    let file = (before.report.file != member.report.file).then_some(member.report.file)?;
    match file {
        FileMatch::Unknown | FileMatch::Same => None,
        FileMatch::Missing => Some(format!("{} does not have the film.", member.name)),
        FileMatch::Other { longer_by } => {
            Some(format!("{} has another file{}.", member.name, cut(longer_by)))
        }
    }
}

pub(super) fn file_line(file: FileMatch) -> Option<String> {
    match file {
        FileMatch::Unknown => None,
        FileMatch::Same => Some("Your copy is the same.".to_owned()),
        FileMatch::Missing => {
            Some("You do not have this film: name your copy with join INVITE FILE.".to_owned())
        }
        FileMatch::Other { longer_by } => Some(format!("Your copy is another file{}.", cut(longer_by))),
    }
}

/// Returns how another cut differs, in words.
fn cut(longer_by: MediaTime) -> String {
    let seconds = longer_by.abs().as_secs_f64();
    if seconds < 0.5 {
        " of the same length".to_owned()
    } else if longer_by > MediaTime::ZERO {
        format!(", {seconds:.0} s longer: perhaps another cut")
    } else {
        format!(", {seconds:.0} s shorter: perhaps another cut")
    }
}

pub(super) fn player_line(news: &PlayerNews) -> Option<String> {
    match news {
        PlayerNews::Notice { text } => Some(text.to_string()),
        PlayerNews::OpenFailed { .. }
        | PlayerNews::Starting
        | PlayerNews::Started { .. }
        | PlayerNews::Opening
        | PlayerNews::Opened { .. }
        | PlayerNews::NoCopy => None,
        PlayerNews::Buffering { percent } => Some(format!("Your player is buffering, {percent} percent.")),
        PlayerNews::Refilled => Some("Your player goes on.".to_owned()),
        PlayerNews::Closed => Some(
            "The player's window was closed. You are still in the room; type /reopen to watch again."
                .to_owned(),
        ),
        PlayerNews::Gone {
            reason,
            hint,
            is_restarting,
        } => {
            let hint = hint.as_ref().map(|h| format!(" {h}")).unwrap_or_default();
            let next = if *is_restarting {
                " It is being started again."
            } else {
                " You are still in the room; type /reopen to watch again."
            };
            Some(format!("The player is gone: {reason}.{hint}{next}"))
        }
    }
}

pub(super) fn sync_line(state: SyncState) -> Option<String> {
    match state {
        SyncState::Playing => Some("Playing, in sync.".to_owned()),
        SyncState::TooSlow => Some("Your player cannot keep up with the film.".to_owned()),
        SyncState::Off
        | SyncState::Comparing
        | SyncState::Loading
        | SyncState::Standing
        | SyncState::Catching
        | SyncState::Settling
        | SyncState::Buffering => None,
    }
}

/// Returns a position as one says it: "41 minutes 12", "1 hour 2 minutes".
pub(super) fn spoken(position: MediaTime) -> String {
    let seconds = Duration::from_secs_f64(position.as_secs_f64().max(0.0)).as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} seconds"),
        (0, 1) => format!("1 minute {seconds}"),
        (0, minutes) => format!("{minutes} minutes {seconds}"),
        (1, minutes) => format!("1 hour {minutes} minutes {seconds}"),
        (hours, minutes) => format!("{hours} hours {minutes} minutes {seconds}"),
    }
}
