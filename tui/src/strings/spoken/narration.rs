//! Sentences of the narration in plain mode.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::standing::{NotReady, Standing};
use watchtogether_protocol::narration::{CopyNews, Fact, Happening, IgnoredRequest, RoomMove};

use super::events;
use crate::strings::narration::{name, refused, undone_names};
use crate::strings::{self, Who, is_you, who};

/// Returns the line; `None` if a status line reports the fact, or nothing does. `may_set_item` says whether the user can set
/// another film.
pub fn line(happening: &Happening, may_set_item: bool) -> Option<String> {
    let actor = || who(happening.actor.as_ref());
    Some(match &happening.fact {
        Fact::Presence { change, by } => events::came_or_went(&actor(), *change, is_you(by.as_ref())),
        Fact::Standing { was, is } => return standing(&actor(), *was, *is),
        Fact::Copy { news, .. } => copy_news(actor().label(), *news),
        Fact::BecameHost { reason } => return events::became_host(&actor(), *reason),
        Fact::Moved(change) => moved(&actor(), *change),
        Fact::Played { position, .. } => super::played(&actor(), *position),
        Fact::Paused { position, .. } => super::paused(&actor(), *position),
        Fact::RateChanged { rate, .. } => super::rate_changed(&actor(), *rate),
        Fact::Seek { from, to, .. } => super::went(&actor(), *from, *to),
        Fact::ItemSet { item, is_undo: false } => super::item_set(&actor(), item),
        Fact::LengthFound { item, is_complete } => return super::length_found(item, *is_complete),
        Fact::CopyCompared {
            file, is_own_choice, ..
        } => return copy_compared(*file, *is_own_choice),
        Fact::SettingChanged {
            setting,
            is_undo: false,
        } => events::setting_changed(&actor(), setting),
        Fact::Undid { change, was_undo, .. } => {
            super::undo::undone(change, *was_undo, &undone_names(happening)?)
        }
        Fact::BansLifted { names } => {
            let names: Vec<String> = names.iter().map(name).collect();
            msg!("spoken-may-come-in", names = strings::list(&names))
        }
        Fact::Storage { is_failing: true } => msg!("spoken-not-saved").to_owned(),
        Fact::Storage { is_failing: false } => msg!("spoken-saved-again").to_owned(),
        Fact::SeatNotKept { reason } => msg!("spoken-seat-not-saved", why = reason),
        Fact::WindowRequestUndone { reason, is_back } => {
            let host = match reason {
                IgnoredRequest::NotHost { host } => host.as_ref().map(|host| name(&host.name)),
                IgnoredRequest::RoomIsOver | IgnoredRequest::NoLink { .. } => None,
            };
            events::request_undone(reason, host.as_deref(), *is_back)
        }
        Fact::Offline => msg!("spoken-offline").to_owned(),
        Fact::NoCopy { film } => super::no_copy(film.as_ref()),
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
        Fact::LinkLost { reason, film } => events::link_lost(reason, *film),
        Fact::NextAttempt { attempt, after } => super::next_try(*attempt, *after),
        Fact::PausedHere { .. } => msg!("spoken-paused-here").to_owned(),
        Fact::LinkBack { is_resumed: true } => msg!("spoken-link-back").to_owned(),
        Fact::ServerAnswers => msg!("spoken-answers-again").to_owned(),
        Fact::RoomClosed => msg!("spoken-room-closed").to_owned(),
        // A new entry announces the whole room.
        Fact::LinkBack { is_resumed: false }
        | Fact::ItemSet { is_undo: true, .. }
        | Fact::SettingChanged { is_undo: true, .. }
        | Fact::StillWaiting { .. } => return None,
    })
}

fn moved(actor: &Who, change: RoomMove) -> String {
    match change {
        RoomMove::Ended => msg!("spoken-ended").to_owned(),
        RoomMove::Waiting => msg!("spoken-waiting", who = actor),
        RoomMove::Resumed => msg!("spoken-went-on").to_owned(),
        RoomMove::Restored => msg!("spoken-restored").to_owned(),
    }
}

fn standing(who: &Who, was: Standing, is: Standing) -> Option<String> {
    match is.why_not() {
        Some(reason) => Some(not_ready(who.label(), reason)),
        None if was.why_not() == Some(NotReady::Silent) => Some(msg!("spoken-responds", who = who)),
        None if is.is_ready() => Some(msg!("spoken-is-ready", who = who)),
        None => None,
    }
}

fn not_ready(name: &str, why: NotReady) -> String {
    msg!("spoken-not-ready", clause = super::not_ready(name, why))
}

fn copy_news(name: &str, news: CopyNews) -> String {
    match news {
        CopyNews::NotReady(reason) => not_ready(name, reason),
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
