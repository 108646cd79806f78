//! Shows happenings as lines of the chat.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::narration::{CopyNews, Fact, Happening, PlayerNews, Presence};

use crate::model::Room;
use crate::model::chat_log::FoldRule;
use crate::model::chat_writer::ChatWriter;
use crate::model::undoing;
use crate::strings;
use crate::update::{Note, Weight};

/// Shows a happening, unless more lines arrive than anybody can read; returns whether the screen changes.
pub(super) fn happened(room: &mut Room, happening: &Happening, mut tell: ChatWriter<'_>) -> bool {
    let actor = happening.actor.as_ref();
    room.apply_happening(happening);
    if let (Fact::Presence { change, by }, Some(who)) = (&happening.fact, actor) {
        let is_reported = !who.is_you || matches!(change, Presence::Left(_));
        if is_reported {
            let by_you = strings::is_you(by.as_ref());
            tell.add_presence(&mut room.chat, who.id, strings::who(actor), *change, by_you);
        }
        return is_reported;
    }
    let Some(words) = strings::narration(happening) else {
        return false;
    };
    let fold = if let Fact::Seek { id, .. } = &happening.fact {
        let line = room.undoing.line_of(*id);
        if line.is_some_and(|serial| room.chat.reword(serial, &words)) {
            return true;
        }
        FoldRule::Never
    } else if matches!(happening.fact, Fact::RateChanged { .. }) {
        FoldRule::Rate(actor.map(|actor| actor.id))
    } else {
        FoldRule::Same
    };
    let line = tell.happened(&mut room.chat, words, weight(&happening.fact), fold);
    if let Some(line) = line {
        if let Some(id) = undoing::change(&happening.fact) {
            room.undoing.note_change_entry(id, line);
        } else if let Some(actor) = undoing::actor(happening) {
            room.undoing.note_entry(actor, line);
        }
    }
    line.is_some()
}

/// Shows a note about this machine, unless more lines arrive than anybody can read; returns whether it did.
pub(super) fn noted(room: &mut Room, note: &Note, mut tell: ChatWriter<'_>) -> bool {
    let words = strings::with_hint(note.words.as_str(), note.hint.as_ref().map(AsRef::as_ref));
    let line = tell.happened(&mut room.chat, words, note.weight, FoldRule::Same);
    line.is_some()
}

/// Returns how important the line about a fact is.
const fn weight(fact: &Fact) -> Weight {
    let is_failure = matches!(
        fact,
        Fact::LinkLost { .. } | Fact::Player(PlayerNews::OpenFailed { .. } | PlayerNews::Gone { .. })
    );
    let is_warning = matches!(
        fact,
        Fact::Copy {
            news: CopyNews::NotReady(_) | CopyNews::OtherCopy { .. },
            ..
        } | Fact::CopyCompared {
            file: FileMatch::Other { .. },
            ..
        } | Fact::Storage { is_failing: true }
            | Fact::SeatNotKept { .. }
            | Fact::NoCopy { .. }
            | Fact::WindowRequestUndone { .. }
            | Fact::Refused { .. }
            | Fact::BeyondEnd { .. }
            | Fact::Offline
    );
    if is_failure {
        Weight::Failure
    } else if is_warning {
        Weight::Warning
    } else {
        Weight::Calm
    }
}
