//! A server that says nothing, though the connection stands.
//!
//! The transport gives a silent connection up only after its idle time, because a path that was dark for some seconds
//! and is back costs less than a new connection. Whoever is at the screen learns of the silence long before, by the
//! clock's questions: nobody shall wonder why nothing moves.

use watchtogether_protocol::LocalTime;

use super::event::{Event, LinkState};
use super::{Session, admission::Phase};

impl Session {
    /// Takes in that the server said something.
    pub(super) fn hear_server(&mut self) {
        self.clock.handle_heard();
        if self.link == LinkState::Silent {
            self.event(Event::Link(LinkState::Up));
        }
    }

    /// Tells the silence once it is one.
    pub(super) fn handle_silence(&mut self, now: LocalTime) {
        if self.silent_at().is_some_and(|at| now >= at) {
            self.event(Event::Link(LinkState::Silent));
        }
    }

    /// Returns when the server will have been silent for so long that it is told.
    pub(super) fn silent_at(&self) -> Option<LocalTime> {
        let may_tell = self.phase == Phase::InRoom && self.link == LinkState::Up;
        self.clock.silent_at().filter(|_| may_tell)
    }
}
