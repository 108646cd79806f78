//! Sentences of the narration in plain mode.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::LeaveReason;
use watchtogether_protocol::message::standing::{NotReady, Standing};
use watchtogether_protocol::narration::{CopyNews, Fact, Happening, Move, Presence};
use watchtogether_protocol::timeline::Reason;

use super::super::narration::{became_host, refused, title, undone_names};
use super::{about, sentence, with_film};
use crate::strings::{self, Who, is_you, who};

/// Returns the line; `None` if a status line reports the fact, or nothing does. `may_set_item` says whether the user can set
/// another film.
pub fn line(happening: &Happening, may_set_item: bool) -> Option<String> {
    let actor = || who(happening.actor.as_ref());
    Some(match &happening.fact {
        Fact::Presence { change, by } => came_or_went(&actor(), *change, is_you(by.as_ref())),
        Fact::Standing { was, is } => return standing(&actor(), *was, *is),
        Fact::Copy { news, .. } => copy_news(actor().label(), *news),
        Fact::BecameHost { reason } => about(&actor(), &became_host(happening.actor.as_ref(), *reason)?),
        Fact::Moved(change) => return moved(&actor(), change),
        Fact::Seek { from, to, .. } => super::went(&actor(), *from, *to),
        Fact::ItemSet { item, is_undo: false } => super::item_set(&actor(), item),
        Fact::LengthFound { item, is_complete } => return super::length_found(item, *is_complete),
        Fact::CopyCompared {
            file, is_own_choice, ..
        } => return copy_compared(*file, *is_own_choice),
        Fact::SettingChanged {
            setting,
            is_undo: false,
        } => about(&actor(), &strings::setting_changed(&actor(), setting)),
        Fact::Undid { change, was_undo, .. } => super::undone(change, *was_undo, &undone_names(happening)?),
        Fact::BansLifted { .. } => format!("{}.", strings::narration(happening)?),
        Fact::Storage { .. }
        | Fact::SeatNotKept { .. }
        | Fact::WindowRequestUndone { .. }
        | Fact::Offline => sentence(&strings::narration(happening)?),
        Fact::NoCopy { film } => super::no_copy(&title(film.as_ref())),
        Fact::Player(news) => return super::player::line(news, may_set_item),
        Fact::Refused {
            reason,
            host,
            retry_after,
        } => super::refused(&refused(*reason, host.as_ref()), *retry_after),
        Fact::BeyondEnd { length } => super::beyond_end(*length),
        Fact::ChatRefused { text, reason } => {
            msg!("spoken-not-sent", why = strings::refusal(*reason), text = text)
        }
        Fact::LinkLost { reason, film } => with_film(sentence(&strings::link_lost(reason)), *film),
        Fact::NextAttempt { attempt, after } => super::next_try(*attempt, *after),
        Fact::PausedHere { .. } => msg!("spoken-paused-here").to_owned(),
        Fact::LinkBack { is_resumed: true } => sentence(msg!("link-back")),
        Fact::ServerAnswers => msg!("spoken-answers-again").to_owned(),
        Fact::RoomClosed => msg!("spoken-room-closed").to_owned(),
        // A new entry announces the whole room.
        Fact::LinkBack { is_resumed: false }
        | Fact::ItemSet { is_undo: true, .. }
        | Fact::SettingChanged { is_undo: true, .. }
        | Fact::StillWaiting { .. } => return None,
    })
}

fn came_or_went(who: &Who, change: Presence, by_you: bool) -> String {
    let words = strings::came_or_went(&[who], &[change], by_you);
    match change {
        // The line is about the host.
        Presence::Left(LeaveReason::Kicked { .. } | LeaveReason::Banned { .. }) => sentence(&words),
        Presence::Joined
        | Presence::ConnectionLost
        | Presence::ConnectionBack
        | Presence::Left(LeaveReason::Left | LeaveReason::LinkLost | LeaveReason::Disconnected) => {
            about(who, &words)
        }
    }
}

fn moved(actor: &Who, change: &Move) -> Option<String> {
    if change.is_sequel {
        return None;
    }
    Some(match change.reason {
        Reason::Opened | Reason::ItemChanged | Reason::Undone | Reason::Seeked => return None,
        Reason::Played => super::played(actor, change.to),
        Reason::Paused => super::paused(actor, change.to),
        Reason::RateChanged => super::rate_changed(actor, change.rate),
        Reason::Ended => sentence(msg!("event-ended")),
        Reason::Waiting => sentence(&strings::event_waiting(actor)),
        Reason::Resumed => sentence(msg!("event-went-on")),
        Reason::Restored => sentence(msg!("event-restored")),
    })
}

fn standing(who: &Who, was: Standing, is: Standing) -> Option<String> {
    match is.why_not() {
        Some(reason) => Some(format!("{}.", super::not_ready(who.label(), reason))),
        None if was.why_not() == Some(NotReady::Silent) => Some(format!("{}.", strings::responds_again(who))),
        None if is.is_ready() => Some(msg!("spoken-is-ready", who = who)),
        None => None,
    }
}

fn copy_news(name: &str, news: CopyNews) -> String {
    match news {
        CopyNews::NotReady(reason) => format!("{}.", super::not_ready(name, reason)),
        CopyNews::IsBack => msg!("spoken-is-watching-again", name = name),
        CopyNews::OtherCopy { longer_by } => {
            let (how, by) = super::difference(longer_by);
            msg!("spoken-has-other-file", name = name, how = how, by = by)
        }
    }
}

fn copy_compared(file: FileMatch, is_own_choice: bool) -> Option<String> {
    match file {
        FileMatch::Unknown | FileMatch::Live => None,
        FileMatch::Same => (!is_own_choice).then(|| msg!("spoken-same-file").to_owned()),
        FileMatch::Growing => Some(msg!("spoken-growing-file").to_owned()),
        FileMatch::Other { longer_by } => Some(super::other_file(longer_by)),
    }
}
