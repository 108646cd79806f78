//! Detects a server that is silent although the connection exists.
//!
//! The transport gives up a silent connection only after its idle timeout, because recovering a path that was down for a few
//! seconds is cheaper than a new connection. The clock pings reveal the silence long before, so that the user need not wonder why
//! nothing happens.

use watchtogether_protocol::LocalTime;

use super::event::{Event, LinkState};
use super::{Session, admission::Phase};

impl Session {
    /// Records that something was received from the server.
    pub(super) fn note_server_heard(&mut self) {
        self.clock.handle_heard();
        if self.link == LinkState::Silent {
            self.event(Event::Link(LinkState::Up));
        }
    }

    /// Reports the silence once it has lasted long enough.
    pub(super) fn handle_silence(&mut self, now: LocalTime) {
        if self.silent_at().is_some_and(|at| now >= at) {
            self.event(Event::Link(LinkState::Silent));
        }
    }

    /// Returns when the server's silence will be reported.
    pub(super) fn silent_at(&self) -> Option<LocalTime> {
        let may_tell = self.phase == Phase::InRoom && self.link == LinkState::Up;
        self.clock.silent_at().filter(|_| may_tell)
    }
}
