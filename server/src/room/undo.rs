//! Undoing the last change to the room.
//!
//! The room keeps its last change with its author and the state before it. A host or co-host may undo it for some time. An undo
//! is itself a change, so a second undo redoes the change. When a seek is undone, the film continues from where it would be
//! without the seek. When a pause is undone, it continues from the pause: nobody wants to miss the part in between. Automatic
//! changes (the room waits, ends, or gets another host) are nobody's action, and do not replace the last change.

use watchtogether_protocol::message::room::{Refusal, Request};
use watchtogether_protocol::message::roster::HostChangeReason;
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::{Change, Undo, Undoable, Undone};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Cause, Item, MemberId, Rate, ServerMessage, ServerTime, Timeline};

use super::Room;
use crate::limits::UndoLimits;

/// The state of the room before a change.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum StateBefore {
    /// The room was at another position.
    Place(Timeline),
    /// The room was paused.
    Play(Timeline),
    /// The room played, or was paused elsewhere.
    Pause(Timeline),
    /// The room had another speed.
    Rate(Rate),
    /// The room had another item.
    Item(Item, Timeline),
    /// The room had another host.
    Host(MemberId),
    /// The room had another setting.
    Setting(Setting),
}

/// The last change to the room.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LastChange {
    number: u32,
    by: MemberId,
    at: ServerTime,
    before: StateBefore,
    /// The change as it is sent to everybody.
    change: Change,
    undoes: Option<Undone>,
    /// Whether the film has ended since then, so that a later action no longer belongs to the same change.
    is_finished: bool,
}

impl Room {
    pub(super) fn handle_undo(&mut self, from: MemberId, undo: Undo, now: ServerTime) {
        if !self.allows(from, RoomAct::Undo) {
            return;
        }
        let Some(seat) = self.seat_mut(from) else { return };
        if let Err(wait) = seat.control_budget.take(now) {
            return self.refuse_for(from, Request::Undo, Refusal::RateLimited, wait);
        }
        // A request that is still waiting was made before this undo.
        seat.held_back = None;
        let limits = self.config.limits.undo;
        let is_meant = |last: &LastChange| last.number == undo.number && last.is_fresh(limits, now);
        let is_this_life = undo.epoch == self.timeline.epoch;
        let Some(last) = self.last_change.clone().filter(is_meant).filter(|_| is_this_life) else {
            return self.refuse(from, Request::Undo, Refusal::NothingToUndo);
        };
        if let StateBefore::Host(host) = last.before {
            if self.seat(host).is_none() {
                return self.refuse(from, Request::Undo, Refusal::NoSuchMember);
            }
            if self.host == Some(host) {
                return self.refuse(from, Request::Undo, Refusal::NothingToUndo);
            }
        }
        let now_before = self.before_undoing(&last.before, now);
        self.last_active = self.wall(now);
        self.take_back(last.before, from, now);
        let undoes = Undone {
            author: last.by,
            was_undo: last.undoes.is_some_and(|undone| !undone.was_undo),
        };
        if let Some(before) = now_before {
            self.changed(from, before, Some(undoes), now);
        }
    }

    /// Records the state before a member's action, and announces that the action can be undone.
    pub(super) fn keep(&mut self, by: MemberId, before: StateBefore, now: ServerTime) {
        let goes_on = self.last_change.as_ref().filter(|last| {
            let is_soon = now.saturating_since(last.at) < self.config.limits.undo.together;
            let may_go_on = is_soon && !last.is_finished && last.undoes.is_none();
            may_go_on && last.by == by && last.before.goes_on_with(&before)
        });
        if let Some(last) = goes_on {
            let last = LastChange {
                at: now,
                change: self.change_since(&last.before, now),
                ..last.clone()
            };
            self.announce_change(last, now);
        } else {
            self.changed(by, before, None, now);
        }
    }

    /// Finishes the last change because the film has ended: a later action is a new change and does not extend this one.
    pub(super) fn finish_change(&mut self) {
        if let Some(last) = &mut self.last_change {
            last.is_finished = true;
        }
    }

    /// Forgets the last change.
    pub(super) fn forget_change(&mut self) {
        self.last_change = None;
    }

    /// Returns the change that can be undone, as a message.
    pub(super) fn undoable(&self, now: ServerTime) -> Option<Undoable> {
        let limits = self.config.limits.undo;
        let last = self
            .last_change
            .as_ref()
            .filter(|last| last.is_fresh(limits, now))?;
        let left = (last.at + limits.kept).saturating_since(now);
        Some(Undoable {
            number: last.number,
            by: last.by,
            change: last.change.clone(),
            undoes: last.undoes,
            left_ms: left.as_millis().try_into().unwrap_or(u32::MAX),
        })
    }

    fn changed(&mut self, by: MemberId, before: StateBefore, undoes: Option<Undone>, now: ServerTime) {
        self.changes = self.changes.wrapping_add(1);
        let last = LastChange {
            number: self.changes,
            by,
            at: now,
            change: self.change_since(&before, now),
            before,
            undoes,
            is_finished: false,
        };
        self.announce_change(last, now);
    }

    fn announce_change(&mut self, last: LastChange, now: ServerTime) {
        self.last_change = Some(last);
        if let Some(undoable) = self.undoable(now) {
            self.broadcast(None, ServerMessage::Undoable(undoable));
        }
    }

    /// Returns the change since `before`, with the present values.
    fn change_since(&self, before: &StateBefore, now: ServerTime) -> Change {
        match before {
            StateBefore::Place(timeline) => Change::Place {
                from: self.clamp(timeline.position_at(now)),
                to: self.clamp(self.timeline.position_at(now)),
            },
            StateBefore::Play(_) => Change::Play {
                position: self.clamp(self.timeline.position_at(now)),
            },
            StateBefore::Pause(_) => Change::Pause {
                position: self.clamp(self.timeline.position_at(now)),
            },
            StateBefore::Rate(_) => Change::Rate {
                rate: self.timeline.rate,
            },
            StateBefore::Item(..) => Change::Item,
            StateBefore::Host(was) => Change::Host {
                host: self.host.unwrap_or(*was),
            },
            StateBefore::Setting(was) => Change::Setting(self.config.settings.like(was)),
        }
    }

    /// Returns the state to restore if the undo that is about to happen is itself undone.
    fn before_undoing(&self, before: &StateBefore, now: ServerTime) -> Option<StateBefore> {
        Some(match before {
            StateBefore::Play(_) => StateBefore::Pause(self.timeline),
            StateBefore::Pause(was) if was.is_meant_to_play() => StateBefore::Play(self.timeline),
            StateBefore::Place(_) | StateBefore::Pause(_) => StateBefore::Place(self.timeline),
            StateBefore::Rate(_) => StateBefore::Rate(self.timeline.rate),
            StateBefore::Item(..) => self.item_before(now)?,
            StateBefore::Host(_) => StateBefore::Host(self.host?),
            StateBefore::Setting(was) => StateBefore::Setting(self.config.settings.like(was)),
        })
    }

    fn take_back(&mut self, before: StateBefore, by: MemberId, now: ServerTime) {
        let cause = Cause {
            who: Some(by),
            reason: Reason::Undone,
        };
        match before {
            StateBefore::Place(was) => {
                let deadline = was.is_meant_to_play().then(|| self.patience());
                self.go_to(self.clamp(was.position_at(now)), deadline, cause, now);
                self.publish(now);
            }
            StateBefore::Pause(was) if was.is_meant_to_play() => {
                self.play(cause, now);
                self.publish(now);
            }
            StateBefore::Play(was) | StateBefore::Pause(was) => {
                self.go_to(self.clamp(was.position), None, cause, now);
                self.publish(now);
            }
            StateBefore::Rate(rate) => {
                self.set_rate(rate, cause, now);
                self.publish(now);
            }
            StateBefore::Item(item, was) => {
                let plays = was.is_meant_to_play();
                self.set_item(item, was.position, plays, cause, now);
            }
            StateBefore::Host(host) => self.make_host(host, HostChangeReason::Undone),
            StateBefore::Setting(was) => {
                self.set(was, by, true);
            }
        }
    }

    /// Returns the room's present position as a timeline that does not advance.
    fn standing(&self, now: ServerTime) -> Timeline {
        Timeline {
            position: self.clamp(self.timeline.position_at(now)),
            at: now,
            ..self.timeline
        }
    }

    /// Returns the current item for the record of changes, before it is replaced; `None` if there is none.
    pub(super) fn item_before(&self, now: ServerTime) -> Option<StateBefore> {
        let (_, item) = self.item.as_ref()?;
        Some(StateBefore::Item(item.clone(), self.standing(now)))
    }
}

impl LastChange {
    fn is_fresh(&self, limits: UndoLimits, now: ServerTime) -> bool {
        now.saturating_since(self.at) < limits.kept
    }
}

impl StateBefore {
    /// Returns whether the next change, made shortly after this one, extends it.
    const fn goes_on_with(&self, next: &Self) -> bool {
        matches!(
            (self, next),
            (Self::Place(_), Self::Place(_)) | (Self::Rate(_), Self::Rate(_))
        )
    }
}
