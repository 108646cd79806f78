//! Reports happenings as lines; the texts are in the catalogue (`spoken`).

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::narration::{Fact, Happening, PlayerNews, RoomMove};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{LocalTime, MemberId};

use super::moves::SeekChange;
use super::{LineVerbosity, Plain};
use crate::strings::spoken;

/// In normal verbosity, the second attempt to connect and every fifth one are reported.
const REPORTED_ATTEMPTS: u32 = 5;

impl Plain {
    /// Reports a happening, if it should be reported.
    pub(super) fn print_happening(&mut self, happening: &Happening, now: LocalTime) {
        if let Some(room) = &mut self.room {
            room.apply_happening(happening);
        }
        if let Fact::Seek { id, from, to } = &happening.fact {
            let who = happening.actor.as_ref().map(|actor| actor.id);
            let wall = self.clock.now(now);
            if let (Some(words), Some(room)) = (spoken::line(happening, false), &mut self.room) {
                self.last_seek.moved(room, *id, &words, wall);
            }
            let what = SeekChange {
                id: *id,
                who,
                from: *from,
                to: *to,
                may_undo: self.may_undo(who),
            };
            if what.may_undo {
                self.hinted_at = Some(now);
            }
            if let Some(over) = self.moves.handle_seek(what, now) {
                self.print_seek(&over);
            }
            return;
        }
        if let Fact::ItemSet { .. } = &happening.fact {
            self.states.forget();
        }
        let Some(words) = spoken::line(happening, self.may(RoomAct::SetItem)) else {
            return;
        };
        let verbosity = verbosity(&happening.fact);
        if is_kept(&happening.fact) {
            self.happened(verbosity, words, now);
        } else {
            self.print_after_seeks(verbosity, words);
        }
        if let Fact::Played { .. } | Fact::Paused { .. } | Fact::RateChanged { .. } = happening.fact {
            self.print_way_to_undo(happening.actor.as_ref().map(|actor| actor.id), now);
        }
    }

    /// Returns whether the user can undo an action and did not do it themselves.
    pub(super) fn may_undo(&self, by: Option<MemberId>) -> bool {
        self.may(RoomAct::Undo) && !by.is_some_and(|by| self.is_you(by))
    }
}

/// Returns the lowest verbosity that reports a fact.
fn verbosity(fact: &Fact) -> LineVerbosity {
    if let Fact::Standing { was, is } = fact {
        let silent = Some(NotReady::Silent);
        let ends_silence = was.why_not() == silent && is.why_not().is_none();
        return if is.why_not() == silent || ends_silence {
            LineVerbosity::Normal
        } else {
            LineVerbosity::All
        };
    }
    if let Fact::NextAttempt { attempt, .. } = fact {
        return if *attempt == 2 || attempt.is_multiple_of(REPORTED_ATTEMPTS) {
            LineVerbosity::Normal
        } else {
            LineVerbosity::All
        };
    }
    let is_for_all = matches!(
        fact,
        // The status line reports a wait that lasts, and its end.
        Fact::Moved(RoomMove::Waiting | RoomMove::Resumed) | Fact::Player(PlayerNews::Refilled)
    );
    let is_usual = matches!(
        fact,
        Fact::Copy { .. }
            | Fact::LengthFound { .. }
            | Fact::SettingChanged { .. }
            | Fact::CopyCompared {
                file: FileMatch::Same,
                ..
            }
    );
    if is_for_all {
        LineVerbosity::All
    } else if is_usual {
        LineVerbosity::Normal
    } else {
        LineVerbosity::Calm
    }
}

/// Returns whether the line belongs into the chat history.
const fn is_kept(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Presence { .. }
            | Fact::Copy { .. }
            | Fact::BecameHost { .. }
            | Fact::Moved(_)
            | Fact::Played { .. }
            | Fact::Paused { .. }
            | Fact::RateChanged { .. }
            | Fact::ItemSet { .. }
            | Fact::LengthFound { .. }
            | Fact::SettingChanged { .. }
            | Fact::Undid { .. }
            | Fact::BansLifted { .. }
            | Fact::Storage { .. }
            | Fact::SeatNotKept { .. }
            | Fact::LinkLost { .. }
            | Fact::LinkBack { .. }
            | Fact::RoomClosed
    )
}
