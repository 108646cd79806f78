//! Happenings, told as lines of the chat.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::room::Refusal;

use crate::model::Room;
use crate::model::chat_log::Fold;
use crate::model::teller::Teller;
use crate::model::undoing;
use crate::strings;
use crate::update::{Happening, Weight};

/// Tells what happened, unless more lines come than anybody reads; says whether it did.
pub(super) fn happened(room: &mut Room, happening: Happening, mut tell: Teller<'_>) -> bool {
    let actor = undoing::actor(&happening);
    let Some((words, weight, fold)) = words_of(room, happening) else {
        return false;
    };
    let line = tell.happened(&mut room.chat, words, weight, fold);
    if let (Some(actor), Some(line)) = (actor, line) {
        room.undoing.told(actor, line);
    }
    line.is_some()
}

/// Returns the words for a happening, if it is worth any.
fn words_of(room: &Room, happening: Happening) -> Option<(String, Weight, Fold)> {
    let calm = |words| Some((words, Weight::Calm, Fold::Same));
    match happening {
        Happening::Played { who } => calm(strings::played(&room.who(who))),
        Happening::Paused { who, position } => calm(strings::paused_at(&room.who(who), position)),
        Happening::RateChanged { who, rate } => Some((
            strings::rate_changed(&room.who(who), rate),
            Weight::Calm,
            Fold::Rate(who),
        )),
        Happening::ItemChanged { who, title, duration } => {
            calm(strings::put_on(&room.who(who), title.as_str(), duration))
        }
        Happening::Ended => calm(strings::EVENT_ENDED.to_owned()),
        Happening::Waiting { who } => calm(strings::event_waiting(&room.who(who))),
        Happening::WentOn => calm(strings::EVENT_WENT_ON.to_owned()),
        Happening::Restored => calm(strings::EVENT_RESTORED.to_owned()),
        Happening::StallPolicyChanged { who, on_stall } => {
            calm(strings::stall_policy(&room.who(Some(who)), on_stall))
        }
        Happening::NoCopy { title } => Some((strings::no_copy(title.as_str()), Weight::Warning, Fold::Same)),
        Happening::FileCompared { title, file } => {
            let weight = match file {
                FileMatch::Unknown | FileMatch::Same | FileMatch::Growing | FileMatch::Live => Weight::Calm,
                FileMatch::Other { .. } => Weight::Warning,
            };
            strings::file_compared(title.as_str(), file).map(|words| (words, weight, Fold::Same))
        }
        Happening::WishUndone { host, is_back } => {
            let host = host.map(|host| room.name_of(host));
            let words = strings::wish_undone(host.as_deref(), is_back);
            Some((words, Weight::Warning, Fold::Same))
        }
        Happening::Refused {
            why: Refusal::NotHost,
        } => {
            let host = room
                .host
                .filter(|host| *host != room.you)
                .map(|host| room.name_of(host));
            Some((strings::host_only(host.as_deref()), Weight::Warning, Fold::Same))
        }
        Happening::Refused { why } => Some((why.words().to_owned(), Weight::Warning, Fold::Same)),
        Happening::Offline => Some((strings::OFFLINE.to_owned(), Weight::Warning, Fold::Same)),
        Happening::LinkLost { why } => Some((strings::link_lost(why.as_str()), Weight::Failure, Fold::Same)),
        Happening::LinkBack => calm(strings::LINK_BACK.to_owned()),
        Happening::Note { words, hint, weight } => {
            let words = strings::with_hint(words.as_str(), hint.as_ref().map(AsRef::as_ref));
            Some((words, weight, Fold::Same))
        }
    }
}
