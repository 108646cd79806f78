//! Controls the room's playback: its position, who changed it, and which members it waits for.

use std::time::Duration;

use watchtogether_protocol::message::playback::{
    Action, Awaited, GoOn, LengthChanged, Ready, SetLength, SetVideo, StallPolicy, StillWaiting,
    VideoChanged, VideoSync,
};
use watchtogether_protocol::message::room::{Refusal, Request};
use watchtogether_protocol::message::roster::{PlayerState, Report};
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::timeline::{RATE_DELAY, Reason};
use watchtogether_protocol::{
    Cause, Item, ItemId, Length, MediaTime, MemberId, Playback, Rate, ServerMessage, ServerTime,
};

use super::Room;
use super::member::Seat;
use super::undo::StateBefore;

/// The deadline of a preparing room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StartDeadline {
    /// When the room starts without the missing members.
    pub(super) until: ServerTime,
}

impl Room {
    pub(super) fn handle_video_sync(&mut self, from: MemberId, sync: VideoSync, now: ServerTime) {
        if !self.allows(from, RoomAct::Move) {
            return;
        }
        if self.item.is_none() {
            return self.refuse(from, Request::VideoSync, Refusal::NoItem);
        }
        // A request that was sent before a new item arrived refers to the old one. The sender of the new item is the exception:
        // their later requests arrive after it on the ordered stream, so they refer to the new item.
        let knows_the_item = sync.based_on >= self.item_since || self.item_by == Some(from);
        let here = self.clamp(self.timeline.position_at(now));
        let action = match sync.action {
            // A position in another film would move this one to an arbitrary place. The sender gets the current timeline instead.
            Action::Seek { .. } if !knows_the_item => return self.handle_stale_revision(from),
            // The pause is still wanted, just not at that position. Dropping it would start the new film against the member's
            // will.
            Action::Pause { .. } if !knows_the_item => Action::Pause { position: here },
            Action::Play | Action::Pause { .. } | Action::Seek { .. } | Action::SetRate { .. } => sync.action,
        };
        let Some(seat) = self.seat_mut(from) else { return };
        // Once one request waits, every later one must wait, too, or an older position would overtake a newer one.
        if seat.held_back.is_some() || seat.control_budget.take(now).is_err() {
            seat.held_back = Some(action);
            return;
        }
        self.act(from, action, now);
    }

    pub(super) fn handle_set_video(&mut self, from: MemberId, video: SetVideo, now: ServerTime) {
        if !self.allows(from, RoomAct::SetItem) {
            return;
        }
        if let Some(seat) = self.seat_mut(from)
            && let Err(wait) = seat.control_budget.take(now)
        {
            return self.refuse_for(from, Request::SetVideo, Refusal::RateLimited, wait);
        }
        let before = self.item_before(now);
        let was_meant_to_play = self.timeline.is_meant_to_play();
        let cause = Cause {
            who: Some(from),
            reason: Reason::ItemChanged,
        };
        self.last_active = self.wall(now);
        self.set_item(video.item, video.position, was_meant_to_play, cause, now);
        self.item_by = Some(from);
        // There was no item before, so there is nothing to go back to.
        match before {
            Some(before) => self.keep(from, before, now),
            None => self.forget_change(),
        }
    }

    /// Changes the length of the current item. The client sends this by itself, so a request without effect is dropped instead of
    /// refused. The client repeats it while its room and its player disagree.
    pub(super) fn handle_set_length(&mut self, from: MemberId, length: SetLength, now: ServerTime) {
        if !self.allows(from, RoomAct::SetLength) {
            return;
        }
        let SetLength { id, length } = length;
        let is_news = self
            .item
            .as_ref()
            .is_some_and(|(current, item)| *current == id && item.length != length && item.can_be(length));
        let Some(seat) = self.seat_mut(from) else { return };
        if !is_news || seat.control_budget.take(now).is_err() {
            return;
        }
        let was_over = self.is_at_end() && self.timeline.cause.reason == Reason::Ended;
        if let Some((_, item)) = &mut self.item {
            item.length = length;
        }
        self.broadcast(None, ServerMessage::LengthChanged(LengthChanged { id, length }));
        // If a final length becomes unknown again, the file is growing again after the room had ended it.
        if was_over && length == Length::Unknown {
            self.go_on_after_end(now);
        }
    }

    /// Resumes a film at its end, because its file was considered complete too early and is growing again.
    fn go_on_after_end(&mut self, now: ServerTime) {
        let cause = Cause {
            who: None,
            reason: Reason::Resumed,
        };
        self.go_to(self.timeline.position, Some(self.patience()), cause, now);
        self.publish(now);
    }

    /// Sets another item: every player opens it, then pauses at the position or plays from there.
    pub(super) fn set_item(
        &mut self,
        item: Item,
        position: MediaTime,
        plays: bool,
        cause: Cause,
        now: ServerTime,
    ) {
        let id = ItemId(self.item.as_ref().map_or(self.timeline.item.0, |(id, _)| id.0) + 1);
        self.item = Some((id, item.clone()));
        self.timeline.item = id;
        for seat in &mut self.seats {
            seat.member.report = seat.member.report.for_another_item();
            seat.dry_since = None;
            seat.following_since = None;
            seat.is_excused = false;
            // A held request was about the previous item. A pause is the exception: a member who wanted to stop the film wants to
            // stop the new one, too.
            let is_pause = |action: &Action| matches!(action, Action::Pause { .. });
            let pauses = seat.held_back.take().is_some_and(|action| is_pause(&action));
            seat.held_back = pauses.then_some(Action::Pause { position });
        }
        let deadline = plays.then_some(self.config.limits.playback.first_load);
        self.go_to(self.clamp(position), deadline, cause, now);
        self.item_since = self.place;
        self.item_by = None;
        let state = self.state();
        self.note_announced(&state.waiting_for, now);
        self.broadcast(
            None,
            ServerMessage::VideoChanged(VideoChanged { id, item, state }),
        );
    }

    pub(super) fn handle_ready(&mut self, from: MemberId, ready: Ready, now: ServerTime) {
        // Being ready for an earlier place says nothing about the current one, and a revision above the room's was never sent in
        // this epoch.
        if ready.revision < self.place || ready.revision > self.timeline.revision {
            return;
        }
        let Some(seat) = self.seat_mut(from) else { return };
        seat.is_excused = false;
        // The copy by datagram says what the frame has said.
        if !std::mem::replace(&mut seat.is_ready, true) {
            self.recheck_waiting(now);
        }
    }

    pub(super) fn handle_report(&mut self, from: MemberId, report: Report, now: ServerTime) {
        self.readmit_followers(now);
        let Some(seat) = self.seat_mut(from) else { return };
        let before = std::mem::replace(&mut seat.member.report, report);
        let is_dry = matches!(report.player, PlayerState::Buffering { .. });
        seat.dry_since = if is_dry {
            seat.dry_since.or(Some(now))
        } else {
            None
        };
        let follows = report.player == PlayerState::Following;
        seat.following_since = follows.then(|| seat.following_since.unwrap_or(now));
        if before != report {
            self.note_change(from, now);
        }
        self.recheck_waiting(now);
    }

    pub(super) fn handle_go_on(&mut self, from: MemberId, go_on: GoOn, now: ServerTime) {
        if !self.allows(from, RoomAct::GoOn) {
            return;
        }
        if self.timeline.playback == Playback::Preparing && go_on.revision == self.timeline.revision {
            self.start(now);
        }
    }

    pub(super) fn held_back_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let held_back = self.seats.iter().filter(|seat| seat.held_back.is_some());
        let at = held_back.map(|seat| seat.control_budget.allowed_at()).min()?;
        Some((at, "a request that came too fast"))
    }

    pub(super) fn apply_held_back(&mut self, now: ServerTime) {
        let mut due = Vec::new();
        for seat in &mut self.seats {
            if let Some(action) = seat.held_back
                && seat.control_budget.take(now).is_ok()
            {
                seat.held_back = None;
                due.push((seat.id(), action));
            }
        }
        for (from, action) in due {
            // Somebody else may have become host since then.
            if self.may(from, RoomAct::Move) {
                self.act(from, action, now);
            }
        }
    }

    pub(super) fn playback_timeout(&self) -> Option<(ServerTime, &'static str)> {
        match self.timeline.playback {
            Playback::Paused => self.sought_end().map(|at| (at, "the end of the item")),
            Playback::Preparing => self.waiting.map(|w| (w.until, "the room prepares")),
            Playback::Playing => {
                let end = self.end().map(|at| (at, "the end of the item"));
                let stall = self.first_stall().map(|(at, _)| (at, "a player is dry"));
                end.into_iter().chain(stall).min_by_key(|(at, _)| *at)
            }
        }
    }

    pub(super) fn expire_playback(&mut self, now: ServerTime) {
        match self.timeline.playback {
            Playback::Paused => {
                if self.sought_end().is_some_and(|at| at <= now) {
                    self.end_item(now);
                }
            }
            Playback::Preparing => {
                if self.waiting.is_some_and(|w| w.until <= now) {
                    // Starting would move the position past the part of a recording that has been written. Nobody has anything to
                    // play.
                    if self.is_everybody_dry() {
                        self.waiting = Some(StartDeadline {
                            until: now + self.config.limits.playback.stall_wait,
                        });
                    } else {
                        self.start(now);
                    }
                }
            }
            Playback::Playing => {
                if self.end().is_some_and(|at| at <= now) {
                    self.end_item(now);
                } else if let Some((_, who)) = self.first_stall().filter(|(at, _)| *at <= now) {
                    let cause = Cause {
                        who: Some(who),
                        reason: Reason::Waiting,
                    };
                    let position = self.timeline.position_at(now);
                    self.go_to(position, Some(self.config.limits.playback.stall_wait), cause, now);
                    self.publish(now);
                }
            }
        }
    }

    /// Starts a preparing room if nobody is missing; otherwise everybody is told at the next interval who is awaited.
    pub(super) fn recheck_waiting(&mut self, now: ServerTime) {
        if self.timeline.playback != Playback::Preparing {
            return;
        }
        if !self.is_anybody_missing() {
            self.start(now);
            return;
        }
        self.wait_for_dry();
        self.is_missing_unannounced = self.is_missing_unannounced || self.missing() != self.announced_missing;
    }

    pub(super) fn missing_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let at = self.announced_missing_at + self.config.limits.rooms.missing;
        self.is_missing_unannounced
            .then_some((at, "for whom the room waits"))
    }

    /// Broadcasts whom the preparing room still waits for. At intervals, not at each arrival: most seeks are over within the
    /// first interval, and in a room of 500 each arrival would cost 500 messages.
    pub(super) fn send_missing(&mut self, now: ServerTime) {
        if self.missing_timeout().is_none_or(|(at, _)| at > now) {
            return;
        }
        self.is_missing_unannounced = false;
        let waiting_for = self.missing();
        if self.timeline.playback != Playback::Preparing || waiting_for == self.announced_missing {
            return;
        }
        self.note_announced(&waiting_for, now);
        let revision = self.timeline.revision;
        self.broadcast(
            None,
            ServerMessage::StillWaiting(StillWaiting {
                revision,
                waiting_for,
            }),
        );
    }

    fn note_announced(&mut self, waiting_for: &Awaited, now: ServerTime) {
        self.announced_missing.clone_from(waiting_for);
        self.announced_missing_at = now;
        self.is_missing_unannounced = false;
    }

    /// Gives a player that runs out of data while the room prepares as much time as it would have in a playing room.
    fn wait_for_dry(&mut self) {
        let is_dry = |seat: &Seat| seat.is_missing() && seat.dry_since.is_some();
        let stall_wait = self.config.limits.playback.stall_wait;
        if self.config.settings.on_stall == StallPolicy::Wait
            && let Some(waiting) = &mut self.waiting
            && self.seats.iter().any(is_dry)
        {
            waiting.until = waiting.until.max(self.timeline.at + stall_wait);
        }
    }

    /// Pauses the room at its position, because no member is left.
    pub(super) fn rest(&mut self, now: ServerTime) {
        let position = self.timeline.position_at(now);
        let cause = Cause {
            who: None,
            reason: Reason::Paused,
        };
        self.go_to(self.clamp(position), None, cause, now);
        self.forget_change();
    }

    fn act(&mut self, from: MemberId, action: Action, now: ServerTime) {
        let was = self.timeline;
        let changes_nothing = match action {
            Action::Play => was.playback != Playback::Paused,
            Action::Pause { position } => {
                was.playback == Playback::Paused && was.position == self.clamp(position)
            }
            Action::SetRate { rate } => was.rate == rate,
            Action::Seek { .. } => false,
        };
        if changes_nothing {
            return self.handle_stale_revision(from);
        }
        self.last_active = self.wall(now);
        let because = |reason| Cause {
            who: Some(from),
            reason,
        };
        let stood_at = self.clamp(was.position_at(now));
        let before = match action {
            Action::Play => {
                self.play(because(Reason::Played), now);
                Some(StateBefore::Play(was))
            }
            Action::Pause { position } => {
                self.go_to(self.clamp(position), None, because(Reason::Paused), now);
                Some(StateBefore::Pause(was))
            }
            Action::Seek { position } => {
                let deadline = was.is_meant_to_play().then(|| self.patience());
                self.go_to(self.clamp(position), deadline, because(Reason::Seeked), now);
                (self.timeline.position != stood_at).then_some(StateBefore::Place(was))
            }
            Action::SetRate { rate } => {
                self.set_rate(rate, because(Reason::RateChanged), now);
                Some(StateBefore::Rate(was.rate))
            }
        };
        self.publish(now);
        if let Some(before) = before {
            self.keep(from, before, now);
        }
    }

    pub(super) fn play(&mut self, cause: Cause, now: ServerTime) {
        if self.is_at_end() {
            return self.go_to(MediaTime::ZERO, Some(self.patience()), cause, now);
        }
        self.timeline.cause = cause;
        if self.is_anybody_missing() {
            self.timeline.revision = self.timeline.revision.next();
            self.timeline.at = now;
            self.timeline.playback = Playback::Preparing;
            self.waiting = Some(StartDeadline {
                until: now + self.patience(),
            });
        } else {
            self.schedule(now);
        }
    }

    pub(super) fn set_rate(&mut self, rate: Rate, cause: Cause, now: ServerTime) {
        self.readmit_followers(now);
        // Players keep the old rate for RATE_DELAY because their sound is buffered. The new line is anchored so that it meets the
        // old one at the end of that time; otherwise every player would have to catch up. A scheduled start stays as it is:
        // nothing is audible yet.
        if self.timeline.playback == Playback::Playing && self.timeline.at < now {
            let meeting = self.timeline.position_at(now + RATE_DELAY);
            let delay = RATE_DELAY.as_nanos().try_into().unwrap_or(i64::MAX);
            self.timeline.position = self.clamp(meeting - MediaTime::from_nanos(rate.media_nanos(delay)));
            self.timeline.at = now;
        }
        self.timeline.rate = rate;
        self.timeline.cause = cause;
        // `place` stays as it is: nobody has to seek, so members who are ready remain ready.
        self.timeline.revision = self.timeline.revision.next();
    }

    /// Makes every player seek to a position, then pauses there, or plays once all are ready or the deadline has passed. At the
    /// end of the item there is nothing to play, so the room pauses there.
    pub(super) fn go_to(
        &mut self,
        position: MediaTime,
        deadline: Option<Duration>,
        cause: Cause,
        now: ServerTime,
    ) {
        // Members who followed the playing room count again before their readiness is reset; otherwise the room would never wait
        // for a later stall of theirs.
        self.readmit_followers(now);
        self.timeline.revision = self.timeline.revision.next();
        self.timeline.position = position;
        let deadline = deadline.filter(|_| !self.is_at_end());
        self.timeline.at = now;
        self.timeline.cause = cause;
        self.place = self.timeline.revision;
        for seat in &mut self.seats {
            seat.is_ready = false;
        }
        self.timeline.playback = if deadline.is_some() {
            Playback::Preparing
        } else {
            Playback::Paused
        };
        self.waiting = deadline.map(|deadline| StartDeadline {
            until: now + deadline,
        });
        if self.timeline.playback == Playback::Preparing && !self.is_anybody_missing() {
            self.schedule(now);
        }
    }

    /// Counts excused members again if they have followed the playing room for long enough.
    fn readmit_followers(&mut self, now: ServerTime) {
        if self.timeline.playback != Playback::Playing {
            return;
        }
        let (playing_since, followed) = (self.timeline.at, self.config.limits.playback.followed);
        for seat in &mut self.seats {
            seat.is_excused &= !seat.has_followed(playing_since, followed, now);
        }
    }

    /// Starts a preparing room, and excuses the members who are missing.
    fn start(&mut self, now: ServerTime) {
        for seat in &mut self.seats {
            seat.is_excused |= seat.is_missing();
        }
        // Without this, the room would be shown as waiting for a member that it no longer waits for.
        if self.timeline.cause.reason == Reason::Waiting {
            self.timeline.cause = Cause {
                who: None,
                reason: Reason::Resumed,
            };
        }
        self.schedule(now);
        self.publish(now);
    }

    /// Sets the instant at which everybody starts.
    fn schedule(&mut self, now: ServerTime) {
        self.timeline.revision = self.timeline.revision.next();
        self.timeline.at = now + self.lead();
        self.timeline.playback = Playback::Playing;
        self.waiting = None;
        // The room has already waited for whatever these players lacked. Counting from the start gives each player the full
        // debounce time; otherwise a member whose Ready arrives before its report would pause the room again immediately.
        for seat in &mut self.seats {
            seat.dry_since = seat.dry_since.map(|_before| self.timeline.at);
        }
    }

    /// Returns how long the room waits before a start: longer if a member is still opening the item.
    pub(super) fn patience(&self) -> Duration {
        let is_loading = |seat: &Seat| {
            let is_opening = matches!(
                seat.member.report.player,
                PlayerState::Loading | PlayerState::Searching { .. }
            );
            seat.counts() && !seat.is_excused && is_opening
        };
        if self.seats.iter().any(is_loading) {
            self.config.limits.playback.first_load
        } else {
            self.config.limits.playback.prepare
        }
    }

    /// Returns how far ahead a start must be scheduled so that it reaches the awaited member with the slowest path in time.
    fn lead(&self) -> Duration {
        let limits = &self.config.limits.playback;
        let worst = self
            .seats
            .iter()
            .filter(|seat| seat.counts() && !seat.is_excused)
            .map(|seat| Duration::from_micros(u64::from(seat.telemetry.rtt_p95_us) / 2))
            .max()
            .unwrap_or_default();
        (worst + limits.start_margin).clamp(limits.start_lead_min, limits.start_lead_max)
    }

    pub(super) fn publish(&mut self, now: ServerTime) {
        let state = self.state();
        self.note_announced(&state.waiting_for, now);
        self.broadcast(None, ServerMessage::VideoStateChanged(state));
    }

    fn is_anybody_missing(&self) -> bool {
        self.seats.iter().any(Seat::is_missing)
    }

    /// Returns whether all members have run out of data, as at the end of the written part of a recording. If the room kept
    /// playing then, it would play for nobody.
    fn is_everybody_dry(&self) -> bool {
        let mut counted = self.seats.iter().filter(|seat| seat.counts()).peekable();
        counted.peek().is_some() && counted.all(|seat| seat.dry_since.is_some())
    }

    /// Returns when the room will begin to wait for a player that has run out of data, and who it will wait for.
    fn first_stall(&self) -> Option<(ServerTime, MemberId)> {
        if self.config.settings.on_stall == StallPolicy::GoOn {
            return None;
        }
        // A member that the room stopped waiting for must not pause it again.
        let dry = self.seats.iter().filter(|seat| seat.counts() && !seat.is_excused);
        let debounce = self.config.limits.playback.stall_debounce;
        dry.filter_map(|seat| Some((seat.dry_since? + debounce, seat.id())))
            .min()
    }

    /// Ends the item: pauses the room at its end.
    fn end_item(&mut self, now: ServerTime) {
        let cause = Cause {
            who: None,
            reason: Reason::Ended,
        };
        let end = self.duration().unwrap_or(self.timeline.position);
        self.go_to(end, None, cause, now);
        self.finish_change();
        self.publish(now);
    }

    fn is_at_end(&self) -> bool {
        self.duration().is_some_and(|end| self.timeline.position >= end)
    }

    /// Returns when an item ends after somebody has seeked to its end.
    fn sought_end(&self) -> Option<ServerTime> {
        let reason = self.timeline.cause.reason;
        let is_act = matches!(reason, Reason::Seeked | Reason::Undone | Reason::ItemChanged);
        (is_act && self.is_at_end()).then(|| self.timeline.at + self.config.limits.playback.sought_end)
    }

    fn end(&self) -> Option<ServerTime> {
        self.duration()
            .and_then(|duration| self.timeline.instant_of(duration))
    }

    pub(super) fn duration(&self) -> Option<MediaTime> {
        self.item.as_ref().and_then(|(_, item)| item.duration())
    }

    pub(super) fn clamp(&self, position: MediaTime) -> MediaTime {
        let position = position.max(MediaTime::ZERO);
        self.duration().map_or(position, |end| position.min(end))
    }
}
