//! Where the room is, who moved it, and for whom it waits.

use std::time::Duration;

use watchtogether_protocol::message::playback::{
    Action, GoOn, LengthChanged, Ready, SetLength, SetVideo, StallPolicy, VideoChanged, VideoSync,
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
use super::undo::Before;

/// A room that prepares does not wait for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// When it goes on without who is missing.
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
        let knows_the_item = sync.based_on >= self.item_since || self.item_by == Some(from);
        let here = self.clamp(self.timeline.position_at(now));
        let action = match sync.action {
            Action::Seek { .. } if !knows_the_item => return self.handle_stale_revision(from),
            Action::Pause { .. } if !knows_the_item => Action::Pause { position: here },
            Action::Play | Action::Pause { .. } | Action::Seek { .. } | Action::SetRate { .. } => sync.action,
        };
        let Some(seat) = self.seat_mut(from) else { return };
        if seat.held_back.is_some() || seat.control_budget.take(now).is_err() {
            seat.held_back = Some(action);
            return;
        }
        self.act(from, action, now);
    }

    pub(super) fn handle_set_video(&mut self, from: MemberId, video: SetVideo, now: ServerTime) {
        if !self.allows(from, RoomAct::PutOn) {
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
        self.put_on(video.item, video.position, was_meant_to_play, cause, now);
        self.item_by = Some(from);
        match before {
            Some(before) => self.keep(from, before, now),
            None => self.forget_change(),
        }
    }

    /// Changes the length of the item that is on. The client sends it without its user's doing, so what has no effect is
    /// dropped instead of refused; the client repeats it while its room and its player disagree.
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
        if was_over && length == Length::Unknown {
            self.go_on_after_end(now);
        }
    }

    /// Plays on a file that was called complete too early and grows again.
    fn go_on_after_end(&mut self, now: ServerTime) {
        let cause = Cause {
            who: None,
            reason: Reason::Resumed,
        };
        self.go_to(self.timeline.position, Some(self.patience()), cause, now);
        self.publish();
    }

    /// Puts on another item: everybody opens it, to stand or to play from a position.
    pub(super) fn put_on(
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
            // A wish that still waits was for the item before; but whoever wants it to stand wants that of this one too.
            let is_pause = |action: &Action| matches!(action, Action::Pause { .. });
            let pauses = seat.held_back.take().is_some_and(|action| is_pause(&action));
            seat.held_back = pauses.then_some(Action::Pause { position });
        }
        let deadline = plays.then_some(self.config.limits.playback.first_load);
        self.go_to(self.clamp(position), deadline, cause, now);
        self.item_since = self.place;
        self.item_by = None;
        let state = self.state();
        self.told_missing.clone_from(&state.waiting_for);
        self.broadcast(
            None,
            ServerMessage::VideoChanged(VideoChanged { id, item, state }),
        );
    }

    pub(super) fn handle_ready(&mut self, from: MemberId, ready: Ready, now: ServerTime) {
        if ready.revision < self.place || ready.revision > self.timeline.revision {
            return;
        }
        let Some(seat) = self.seat_mut(from) else { return };
        seat.is_ready = true;
        seat.is_excused = false;
        self.recheck_waiting(now);
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
            self.announce_report(from, now);
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
        Some((at, "a wish that came too fast"))
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
            // The room may have been handed over since.
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
                    if self.is_everybody_dry() {
                        self.waiting = Some(Waiting {
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
                    self.publish();
                }
            }
        }
    }

    /// Starts if the room prepares and nobody is missing any more; tells for whom it waits otherwise.
    pub(super) fn recheck_waiting(&mut self, now: ServerTime) {
        if self.timeline.playback != Playback::Preparing {
            return;
        }
        if !self.is_anybody_missing() {
            self.start(now);
            return;
        }
        self.wait_for_dry();
        if self.missing() == self.told_missing {
            self.is_missing_untold = false;
        } else if self.missing_budget.take(now).is_ok() {
            self.publish();
        } else {
            self.is_missing_untold = true;
        }
    }

    pub(super) fn missing_timeout(&self) -> Option<(ServerTime, &'static str)> {
        let at = self.missing_budget.allowed_at();
        self.is_missing_untold.then_some((at, "for whom the room waits"))
    }

    pub(super) fn tell_missing(&mut self, now: ServerTime) {
        if std::mem::take(&mut self.is_missing_untold) {
            self.recheck_waiting(now);
        }
    }

    /// Gives a room that prepares as long for a player that runs dry on the way as one that plays gives it.
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

    /// Stands where it is, because nobody is there any more.
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
                Some(Before::Play(was))
            }
            Action::Pause { position } => {
                self.go_to(self.clamp(position), None, because(Reason::Paused), now);
                Some(Before::Pause(was))
            }
            Action::Seek { position } => {
                let deadline = was.is_meant_to_play().then(|| self.patience());
                self.go_to(self.clamp(position), deadline, because(Reason::Sought), now);
                (self.timeline.position != stood_at).then_some(Before::Place(was))
            }
            Action::SetRate { rate } => {
                self.set_rate(rate, because(Reason::RateChanged), now);
                Some(Before::Rate(was.rate))
            }
        };
        self.publish();
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
            self.waiting = Some(Waiting {
                until: now + self.patience(),
            });
        } else {
            self.schedule(now);
        }
    }

    pub(super) fn set_rate(&mut self, rate: Rate, cause: Cause, now: ServerTime) {
        self.readmit_followers(now);
        // A start that lies ahead stays where it is: only what already runs is anchored anew, so that the new line meets the
        // old one when players change over, and nobody has to catch up with a rate that nobody hears yet.
        if self.timeline.playback == Playback::Playing && self.timeline.at < now {
            let meeting = self.timeline.position_at(now + RATE_DELAY);
            let delay = RATE_DELAY.as_nanos().try_into().unwrap_or(i64::MAX);
            self.timeline.position = self.clamp(meeting - MediaTime::from_nanos(rate.media_nanos(delay)));
            self.timeline.at = now;
        }
        self.timeline.rate = rate;
        self.timeline.cause = cause;
        self.timeline.revision = self.timeline.revision.next();
    }

    /// Makes everybody go to a place: to stand there, or to play on once all are there or the deadline has passed. At the
    /// end of the item there is nothing to play, so everybody stands there.
    pub(super) fn go_to(
        &mut self,
        position: MediaTime,
        deadline: Option<Duration>,
        cause: Cause,
        now: ServerTime,
    ) {
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
        self.waiting = deadline.map(|deadline| Waiting {
            until: now + deadline,
        });
        if self.timeline.playback == Playback::Preparing && !self.is_anybody_missing() {
            self.schedule(now);
        }
    }

    /// Counts members again that were excused and have followed the playing room since.
    fn readmit_followers(&mut self, now: ServerTime) {
        if self.timeline.playback != Playback::Playing {
            return;
        }
        let (playing_since, followed) = (self.timeline.at, self.config.limits.playback.followed);
        for seat in &mut self.seats {
            seat.is_excused &= !seat.has_followed(playing_since, followed, now);
        }
    }

    /// Starts a room that prepares, and excuses who is missing.
    fn start(&mut self, now: ServerTime) {
        for seat in &mut self.seats {
            seat.is_excused |= seat.is_missing();
        }
        if self.timeline.cause.reason == Reason::Waiting {
            self.timeline.cause = Cause {
                who: None,
                reason: Reason::Resumed,
            };
        }
        self.schedule(now);
        self.publish();
    }

    /// Sets the instant at which everybody starts.
    fn schedule(&mut self, now: ServerTime) {
        self.timeline.revision = self.timeline.revision.next();
        self.timeline.at = now + self.lead();
        self.timeline.playback = Playback::Playing;
        self.waiting = None;
        // A player runs dry while the room plays: what it lacked before, the room waited for already.
        for seat in &mut self.seats {
            seat.dry_since = seat.dry_since.map(|_before| self.timeline.at);
        }
    }

    /// Returns how long a start waits: longer where somebody still opens the item.
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

    /// Returns how far ahead a start must be for the worst way to those who are waited for.
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

    pub(super) fn publish(&mut self) {
        let state = self.state();
        self.told_missing.clone_from(&state.waiting_for);
        self.is_missing_untold = false;
        self.broadcast(None, ServerMessage::VideoStateChanged(state));
    }

    fn is_anybody_missing(&self) -> bool {
        self.seats.iter().any(Seat::is_missing)
    }

    /// Returns whether nobody has anything to play, as at the end of what is written of a recording: a room that went on
    /// would go on without everybody.
    fn is_everybody_dry(&self) -> bool {
        let mut counted = self.seats.iter().filter(|seat| seat.counts()).peekable();
        counted.peek().is_some() && counted.all(|seat| seat.dry_since.is_some())
    }

    /// Returns when, and for whom, the room begins to wait.
    fn first_stall(&self) -> Option<(ServerTime, MemberId)> {
        if self.config.settings.on_stall == StallPolicy::GoOn {
            return None;
        }
        let dry = self.seats.iter().filter(|seat| seat.counts() && !seat.is_excused);
        let debounce = self.config.limits.playback.stall_debounce;
        dry.filter_map(|seat| Some((seat.dry_since? + debounce, seat.id())))
            .min()
    }

    /// Stands at the end of the item, which is over.
    fn end_item(&mut self, now: ServerTime) {
        let cause = Cause {
            who: None,
            reason: Reason::Ended,
        };
        let end = self.duration().unwrap_or(self.timeline.position);
        self.go_to(end, None, cause, now);
        self.finish_change();
        self.publish();
    }

    fn is_at_end(&self) -> bool {
        self.duration().is_some_and(|end| self.timeline.position >= end)
    }

    /// Returns when the item is over whose end somebody went to.
    fn sought_end(&self) -> Option<ServerTime> {
        let reason = self.timeline.cause.reason;
        let is_act = matches!(reason, Reason::Sought | Reason::Undone | Reason::ItemChanged);
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
