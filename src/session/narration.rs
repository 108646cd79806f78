//! The narrator: turns events into [`Happening`]s, once for everything that displays them.
//!
//! An [`Event`] changes the state of a screen or a script; a happening is what a person reads about it. Some events have none,
//! such as the filling of a member's cache. A happening has the names and titles at the time when it happened.

use watchtogether_protocol::message::room::{ClosingReason, Refusal, RoomChanged};
use watchtogether_protocol::message::roster::{LeaveReason, Member, MemberLink, PlayerState};
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::narration::{
    Fact, Happening, IgnoredRequest, LocalPauseReason, OfflineFilm, Person, PlayerNews, Presence, RoomMove,
};
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{Clean, MemberId, Playback, Timeline};

use super::Session;
use super::admission::Phase;
use super::copy_news::ReportedCopies;
use super::event::{EntryKind, Event, LinkState};
use super::mirror::Mirror;

/// The narrator's memory between events.
#[derive(Debug, Default)]
pub(super) struct Narrator {
    copies: ReportedCopies,
    /// Whether a lost connection was reported and its return was not.
    is_link_lost: bool,
    is_server_silent: bool,
    /// Whether the film has ended and is still paused at its end.
    is_over: bool,
}

impl Narrator {
    /// Records a change of the timeline; returns it if the room made it by itself and it is worth reporting. A film that has
    /// ended does not end again. Acts of members are reported by [`Undoable`], because a timeline may cover several of them.
    fn moved(&mut self, before: &Timeline, timeline: &Timeline) -> Option<RoomMove> {
        let place = |timeline: &Timeline| (timeline.item, timeline.position, timeline.playback);
        let stays = place(before) == place(timeline) && timeline.playback == Playback::Paused;
        let is_end = |timeline: &Timeline| timeline.cause.reason == Reason::Ended;
        let was_over = stays && (self.is_over || is_end(before));
        self.is_over = was_over || is_end(timeline);
        let change = match timeline.cause.reason {
            Reason::Ended if was_over => return None,
            Reason::Ended => RoomMove::Ended,
            Reason::Waiting => RoomMove::Waiting,
            Reason::Resumed => RoomMove::Resumed,
            Reason::Restored => RoomMove::Restored,
            Reason::Opened
            | Reason::Played
            | Reason::Paused
            | Reason::Seeked
            | Reason::RateChanged
            | Reason::ItemChanged
            | Reason::Undone => return None,
        };
        (!is_sequel(before, timeline)).then_some(change)
    }
}

impl Session {
    /// Returns the happenings for an event, after the mirror was updated.
    pub(super) fn narrate(&mut self, event: &Event) -> Vec<Happening> {
        let facts = match event {
            Event::Link(state) => return self.narrate_link(state),
            Event::MemberChanged { before, member } => return self.narrate_member(before, member),
            Event::MemberJoined(member) => Some(self.presence(member, Presence::Joined)),
            Event::MemberLeft { member, reason } => Some(self.presence(member, Presence::Left(*reason))),
            Event::HostChanged { host, reason } => {
                Some(self.done_by(*host, Fact::BecameHost { reason: *reason }))
            }
            Event::StateChanged { before, timeline } => self.narrator.moved(before, timeline).map(|change| {
                let actor = timeline.cause.who.and_then(|who| self.person(who));
                let fact = Fact::Moved(change);
                Happening { actor, fact }
            }),
            Event::ItemChanged { item, .. } => {
                let cause = self.mirror.as_ref().map(|mirror| mirror.timeline.cause);
                let is_undo = cause.is_some_and(|cause| cause.reason == Reason::Undone);
                let actor = cause.and_then(|cause| cause.who).and_then(|who| self.person(who));
                let item = item.clone();
                let fact = Fact::ItemSet { item, is_undo };
                Some(Happening { actor, fact })
            }
            Event::LengthChanged { item, is_complete } => Some(Happening::of(Fact::LengthFound {
                item: item.clone(),
                is_complete: *is_complete,
            })),
            Event::FileCompared {
                file, is_own_choice, ..
            } => Some(Happening::of(Fact::CopyCompared {
                film: self.title().unwrap_or_default(),
                file: *file,
                is_own_choice: *is_own_choice,
            })),
            Event::SettingChanged(RoomChanged { setting, by, is_undo }) => {
                let (setting, is_undo) = (setting.clone(), *is_undo);
                Some(self.done_by(*by, Fact::SettingChanged { setting, is_undo }))
            }
            Event::Undoable(undoable) => self.changed(undoable),
            Event::Bans { lifted, .. } => {
                let names = lifted.clone();
                (!names.is_empty()).then_some(Happening::of(Fact::BansLifted { names }))
            }
            Event::Storage { is_failing } => Some(Happening::of(Fact::Storage {
                is_failing: *is_failing,
            })),
            Event::SeatNotKept { reason } => Some(Happening::of(Fact::SeatNotKept {
                reason: reason.clone(),
            })),
            Event::Player(PlayerNews::NoCopy) => Some(Happening::of(Fact::NoCopy { film: self.title() })),
            Event::Player(news) => Some(Happening::of(Fact::Player(news.clone()))),
            Event::WindowRequestUndone => self.mirror.is_some().then(|| {
                Happening::of(Fact::WindowRequestUndone {
                    reason: self.ignored_request(),
                    is_back: self.link == LinkState::Up && self.film_offline() != OfflineFilm::NoFilm,
                })
            }),
            Event::Refused {
                reason, retry_after, ..
            } => Some(Happening::of(Fact::Refused {
                reason: *reason,
                host: self.other_host(*reason),
                retry_after: *retry_after,
            })),
            Event::ChatRefused { text, reason, .. } => Some(Happening::of(Fact::ChatRefused {
                text: text.clone(),
                reason: *reason,
            })),
            Event::BeyondEnd { length } => Some(Happening::of(Fact::BeyondEnd { length: *length })),
            Event::Offline(_) => Some(Happening::of(Fact::Offline)),
            Event::Closing(ClosingReason::RoomClosed) => Some(Happening::of(Fact::RoomClosed)),
            // These events need no happening: the member list, chat lines, the status displays and the end of a session are shown
            // from the events themselves.
            Event::Entered { .. }
            | Event::Chat(_)
            | Event::ChatPending { .. }
            | Event::WaitingFor(_)
            | Event::Sync(_)
            | Event::Happened(_)
            | Event::Closing(ClosingReason::ServerEnds | ClosingReason::HostGone) => None,
        };
        facts.into_iter().collect()
    }

    /// Reports that a lost connection is back, before the room's present state and the missed lines are shown.
    pub(super) fn narrate_return(&mut self, how: EntryKind) {
        if std::mem::take(&mut self.narrator.is_link_lost) {
            let is_resumed = how == EntryKind::Resumed;
            self.happened(Happening::of(Fact::LinkBack { is_resumed }));
        }
    }

    /// Reports that the room has waited for others for a while. Nothing is reported if it waits only for the local user, who sees
    /// that their player buffers.
    pub(super) fn narrate_waiting(&mut self) {
        let Some(mirror) = &self.mirror else { return };
        if !waits_for_others(mirror) {
            return;
        }
        let mut ids = mirror.waiting_for.who.clone();
        let cause = mirror.timeline.cause.who;
        ids.sort_by_key(|id| (*id != mirror.you, Some(*id) != cause));
        let people = ids
            .into_iter()
            .filter_map(|id| Some((person(mirror, id)?, mirror.member(id)?.report.player)))
            .collect();
        let count = mirror.waiting_for.count;
        self.happened(Happening::of(Fact::StillWaiting { people, count }));
    }

    /// Reports that the film was paused on this machine only, if there is one.
    pub(super) fn narrate_pause(&mut self, reason: LocalPauseReason) {
        if self.film_offline() != OfflineFilm::NoFilm {
            self.happened(Happening::of(Fact::PausedHere { reason }));
        }
    }

    /// Returns the state of the film while the server cannot be reached.
    fn film_offline(&self) -> OfflineFilm {
        let state = || self.local_media.state(self.sync.is_too_slow());
        let player = self
            .following
            .ended
            .map_or_else(state, |at| PlayerState::Ended { at });
        let is_playing = self.mirror.as_ref().is_some_and(Mirror::is_playing);
        film_offline(player, is_playing && !self.is_paused_here)
    }

    fn narrate_link(&mut self, state: &LinkState) -> Vec<Happening> {
        let was_silent = std::mem::replace(&mut self.narrator.is_server_silent, *state == LinkState::Silent);
        let fact = match state {
            LinkState::Up if was_silent => Fact::ServerAnswers,
            LinkState::Lost { reason } => {
                self.narrator.is_link_lost = true;
                Fact::LinkLost {
                    reason: reason.clone(),
                    film: self.film_offline(),
                }
            }
            LinkState::Waiting { attempt, after } if *attempt > 1 => Fact::NextAttempt {
                attempt: *attempt,
                after: *after,
            },
            LinkState::Closed => {
                // A session that has ended can be restarted, and then comes back to its room.
                self.narrator.is_link_lost = self.mirror.is_some();
                return Vec::new();
            }
            LinkState::Connecting
            | LinkState::Joining
            | LinkState::Up
            | LinkState::Silent
            | LinkState::Waiting { .. }
            | LinkState::PausedHere
            | LinkState::Reconnecting { .. } => return Vec::new(),
        };
        vec![Happening::of(fact)]
    }

    fn narrate_member(&mut self, before: &Member, member: &Member) -> Vec<Happening> {
        let change = match (before.link, member.link) {
            (MemberLink::Up | MemberLink::Silent, MemberLink::Lost) => Some(Presence::ConnectionLost),
            (MemberLink::Lost, MemberLink::Up | MemberLink::Silent) => Some(Presence::ConnectionBack),
            (MemberLink::Up | MemberLink::Silent, MemberLink::Up | MemberLink::Silent)
            | (MemberLink::Lost, MemberLink::Lost) => None,
        };
        let by = None;
        let mut facts: Vec<Fact> = change
            .map(|change| Fact::Presence { change, by })
            .into_iter()
            .collect();
        if self.mirror.as_ref().is_some_and(|mirror| mirror.you != member.id) {
            let film = self.title();
            let news = self.narrator.copies.news(film.as_ref(), before, member);
            facts.extend(news.into_iter().map(|news| Fact::Copy {
                film: film.clone(),
                news,
            }));
            let (was, is) = (before.standing(), member.standing());
            let is_same = match (was.why_not(), is.why_not()) {
                (Some(was), Some(is)) => !is.is_another_than(was),
                (None, None) => was == is,
                (Some(_), None) | (None, Some(_)) => false,
            };
            // An earlier happening has already said more.
            if facts.is_empty() && !is_same {
                facts.push(Fact::Standing { was, is });
            }
        }
        facts.into_iter().map(|fact| self.about(member, fact)).collect()
    }

    /// Reports changes that no other event reports: an undo, and a member's change of the timeline in the server's numbers.
    fn changed(&self, undoable: &Undoable) -> Option<Happening> {
        let id = undoable.id(self.mirror.as_ref()?.timeline.epoch);
        let Some(undone) = undoable.undoes else {
            let fact = match undoable.change {
                Change::Place { from, to } => Fact::Seek { id, from, to },
                Change::Play { position } => Fact::Played { id, position },
                Change::Pause { position } => Fact::Paused { id, position },
                Change::Rate { rate } => Fact::RateChanged { id, rate },
                Change::Item | Change::Host { .. } | Change::Setting(_) => return None,
            };
            return Some(self.done_by(undoable.by, fact));
        };
        let host = if let Change::Host { host } = undoable.change {
            Some(host)
        } else {
            self.mirror.as_ref().and_then(|mirror| mirror.host)
        };
        let fact = Fact::Undid {
            id,
            author: self.person(undone.author),
            was_undo: undone.was_undo,
            change: undoable.change.clone(),
            host: host.and_then(|host| self.person(host)),
            film: self.title(),
        };
        Some(self.done_by(undoable.by, fact))
    }

    /// Returns why actions in the player's window have no effect now.
    fn ignored_request(&self) -> IgnoredRequest {
        if self.phase == Phase::Ended {
            IgnoredRequest::RoomIsOver
        } else if self.phase != Phase::InRoom {
            let film = self.film_offline();
            IgnoredRequest::NoLink { film }
        } else {
            let host = self.mirror.as_ref().and_then(|mirror| mirror.host);
            IgnoredRequest::NotHost {
                host: host.and_then(|host| self.person(host)),
            }
        }
    }

    /// Returns the host, if that is somebody else and explains the refusal.
    fn other_host(&self, reason: Refusal) -> Option<Person> {
        let host = self.mirror.as_ref().and_then(|mirror| mirror.host)?;
        let person = self.person(host).filter(|person| !person.is_you);
        person.filter(|_| reason == Refusal::NotHost)
    }

    fn title(&self) -> Option<Clean> {
        let item = self.mirror.as_ref().and_then(|mirror| mirror.item.as_ref());
        item.map(|(_, item)| item.title.clone())
    }

    fn person(&self, id: MemberId) -> Option<Person> {
        self.mirror.as_ref().and_then(|mirror| person(mirror, id))
    }

    fn done_by(&self, id: MemberId, fact: Fact) -> Happening {
        let actor = self.person(id);
        Happening { actor, fact }
    }

    fn presence(&self, member: &Member, change: Presence) -> Happening {
        let by = match change {
            Presence::Left(LeaveReason::Kicked { by } | LeaveReason::Banned { by }) => self.person(by),
            Presence::Left(LeaveReason::Left | LeaveReason::LinkLost | LeaveReason::Disconnected)
            | Presence::Joined
            | Presence::ConnectionLost
            | Presence::ConnectionBack => None,
        };
        self.about(member, Fact::Presence { change, by })
    }

    /// Returns a happening about a member who may already be gone.
    fn about(&self, member: &Member, fact: Fact) -> Happening {
        let actor = Some(Person {
            id: member.id,
            name: member.name.clone(),
            is_you: self.mirror.as_ref().is_some_and(|mirror| mirror.you == member.id),
        });
        Happening { actor, fact }
    }
}

/// Returns whether the room waits for anybody except the local user.
pub(super) fn waits_for_others(mirror: &Mirror) -> bool {
    mirror.timeline.playback == Playback::Preparing && mirror.waiting_for.is_anybody_but(mirror.you)
}

fn person(mirror: &Mirror, id: MemberId) -> Option<Person> {
    let name = mirror.name_of(id)?.clone();
    let is_you = mirror.you == id;
    Some(Person { id, name, is_you })
}

/// Returns whether a change of the timeline follows by itself from an earlier one: the start after everybody arrived.
pub(super) fn is_sequel(before: &Timeline, timeline: &Timeline) -> bool {
    before.cause == timeline.cause
        && before.playback == Playback::Preparing
        && before.position == timeline.position
        && before.rate == timeline.rate
}

/// Returns the state of a player's film while the server cannot be reached; `NoFilm` if none is open or it has ended. `plays_on`
/// says whether the room plays and the film was not paused on this machine.
pub(crate) const fn film_offline(player: PlayerState, plays_on: bool) -> OfflineFilm {
    match player {
        PlayerState::Loading
        | PlayerState::Following
        | PlayerState::CatchingUp { .. }
        | PlayerState::Detached
        | PlayerState::Buffering { .. }
        | PlayerState::TooSlow
        | PlayerState::NotResponding => {
            if plays_on {
                OfflineFilm::PlaysOn
            } else {
                OfflineFilm::PausedHere
            }
        }
        PlayerState::None
        | PlayerState::Closed
        | PlayerState::Idle
        | PlayerState::Searching { .. }
        | PlayerState::NoCopy
        | PlayerState::Ended { .. }
        | PlayerState::Failed { .. } => OfflineFilm::NoFilm,
    }
}
