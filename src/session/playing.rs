//! Controls the local player: starts it, gives it the room's item, and handles its events.
//!
//! An item that the user sets is opened first, and sent to the room with its duration once it has been opened. An item that the
//! room has is searched for, opened at about the room's position, and compared.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::item::{ItemSource, MediaUrl};
use watchtogether_protocol::message::playback::{Action, SetVideo};
use watchtogether_protocol::message::roster::PlayerFailure;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd, PlayerNotice};
use watchtogether_protocol::{Clean, ClientMessage, Item, ItemId, Length, LocalTime, MediaTime, limits};

use super::event::Event;
use super::local_media::{self, Player, ProposedFilm};
use super::media_shelf::{CopyChoice, is_same};
use super::output::Output;
use super::{LocalItem, Session, admission::Phase};
use crate::player::{LoadFailure, Media, PlayerCommand, PlayerEvent, PlayerStatus, Source};
use crate::sync::Motion;

/// The usual time for opening an item, with a margin: a joining member opens the item this far ahead of a playing room.
const LOAD_GUESS: Duration = Duration::from_millis(800);

/// The minimum distance from the end at which an item is opened. At its very end there is no frame to stop at.
const LAST_PLACE: MediaTime = MediaTime::from_millis(100);

/// A player that crashes twice within this time is not restarted automatically.
const RESTART_INTERVAL: Duration = Duration::from_mins(1);

impl Session {
    pub(super) fn start_player(&mut self) {
        self.local_media.player = Player::Starting;
        self.local_media.next_generation();
        self.outputs.push_back(Output::StartPlayer);
        self.event(Event::Player(PlayerNews::Starting));
    }

    /// Starts a player that has ended, retries an item that could not be opened, or searches again for a copy of the room's item.
    pub(super) fn reopen_player(&mut self, now: LocalTime) {
        if self.local_media.is_running() && *self.local_media.shelf.choice() == CopyChoice::Missing {
            return self.change_item(now);
        }
        match self.local_media.player {
            Player::Closed | Player::Gone(_) => self.start_player(),
            Player::Failed(_) => {
                self.local_media.player = Player::Idle;
                self.mount(now);
            }
            Player::Off => self.event(Event::Player(PlayerNews::Notice(PlayerNotice::NotWanted))),
            Player::Starting
            | Player::Idle
            | Player::Opening { .. }
            | Player::OpeningByWindow { .. }
            | Player::Open { .. } => {}
        }
    }

    pub(super) fn handle_player_event(&mut self, event: PlayerEvent, now: LocalTime) {
        let current = self.local_media.generation;
        match event {
            PlayerEvent::Started { version } if self.local_media.player == Player::Starting => {
                self.local_media.player = Player::Idle;
                self.event(Event::Player(PlayerNews::Started {
                    version: Clean::line(&version),
                }));
                self.mount(now);
            }
            PlayerEvent::Loaded {
                generation,
                media,
                position,
            } if generation == current => self.handle_loaded(media, position, now),
            PlayerEvent::LoadFailed {
                generation,
                kind,
                reason,
            } if generation == current => {
                let failure = match kind {
                    LoadFailure::Unreadable => PlayerFailure::Unreadable,
                    LoadFailure::NotAFilm => PlayerFailure::NotAFilm,
                    LoadFailure::Other => PlayerFailure::Other,
                };
                self.handle_load_failed(failure, reason, now);
            }
            PlayerEvent::Landed {
                generation,
                position,
                took,
            } if generation == current => {
                let took = (took > Duration::ZERO).then_some(took);
                self.sync.handle_landed(position, took, self.clock.usable(), now);
            }
            PlayerEvent::Released { generation, at } if generation == current => {
                self.sync.handle_released(at);
            }
            PlayerEvent::Status(status) if status.generation == current => {
                self.handle_player_status(status, now);
            }
            PlayerEvent::WindowRequest {
                generation, request, ..
            } if generation == current => self.handle_window_request(request, now),
            PlayerEvent::Chapters(chapters) if self.local_media.is_open() => {
                self.local_media.chapters = chapters.into();
            }
            PlayerEvent::Facts(facts) if self.local_media.is_open() => {
                self.local_media.facts = Some(Arc::new(facts));
            }
            PlayerEvent::Length { duration, extent } => self.handle_length_report(duration, extent, now),
            PlayerEvent::Notice(notice) => self.event(Event::Player(PlayerNews::Notice(notice))),
            PlayerEvent::Closed => {
                self.drop_player(Player::Closed);
                self.event(Event::Player(PlayerNews::Closed));
            }
            PlayerEvent::Gone {
                reason,
                log,
                may_retry,
            } => self.handle_player_gone(reason, log, may_retry, now),
            PlayerEvent::Started { .. }
            | PlayerEvent::Loaded { .. }
            | PlayerEvent::LoadFailed { .. }
            | PlayerEvent::Landed { .. }
            | PlayerEvent::Released { .. }
            | PlayerEvent::Status(_)
            | PlayerEvent::Chapters(_)
            | PlayerEvent::Facts(_)
            | PlayerEvent::WindowRequest { .. } => {}
        }
    }

    /// Handles another item of the room, or the item of a room that the session entered.
    pub(super) fn change_item(&mut self, now: LocalTime) {
        let Some((id, item)) = self.mirror.as_ref().and_then(|m| m.item.clone()) else {
            return;
        };
        let offered = self
            .local_media
            .offer
            .take_if(|offer| is_same(&offer.copy.item, &item));
        let copy = offered.map(|o| o.copy).or_else(|| self.local_item_of(&item));
        self.local_media.shelf.set_current(id, &item);
        match copy {
            Some(copy) => self.local_media.shelf.choose(id, copy),
            // The search that was started when the room last had this item is still running.
            None if self.local_media.shelf.searches_for(id) => {}
            None if self.local_media.player == Player::Off => self.local_media.shelf.handle_search(id),
            None => self.search(id, item),
        }
        self.mount(now);
    }

    /// For a host in a room without an item: sets the copy that the user chose at the start, or the previous item.
    pub(super) fn offer_local(&mut self, position: MediaTime, plays: bool, now: LocalTime) {
        let chosen = self.local_media.shelf.chosen();
        if let Some(copy) = chosen.or(self.config.local_item.as_ref()).cloned() {
            let offer = ProposedFilm {
                copy,
                position,
                plays,
            };
            self.propose(offer, now);
        }
    }

    /// Sets an item: opens it, and sends it to the room once it is open.
    pub(super) fn offer(&mut self, copy: LocalItem, position: MediaTime, now: LocalTime) {
        let offer = ProposedFilm {
            copy,
            position,
            plays: false,
        };
        self.propose(offer, now);
    }

    fn propose(&mut self, offer: ProposedFilm, now: LocalTime) {
        let is_open =
            matches!(&self.local_media.player, Player::Open { copy, .. } if copy.source == offer.copy.source);
        self.local_media.offer = Some(offer);
        if is_open
            || matches!(
                self.local_media.player,
                Player::Off | Player::Closed | Player::Gone(_)
            )
        {
            self.set_offered_item(now);
        } else {
            self.mount(now);
        }
    }

    /// Drops an offer because the room does not accept it, and goes back to the room's item.
    pub(super) fn drop_offer(&mut self, now: LocalTime) {
        if self.local_media.offer.take().is_some() {
            self.mount(now);
        }
    }

    /// Uses a copy that the user chose for the room's item.
    pub(super) fn use_copy(&mut self, copy: LocalItem, now: LocalTime) {
        if let Some((id, item)) = self.mirror.as_ref().and_then(|m| m.item.as_ref()) {
            self.local_media.shelf.set_current(*id, item);
            self.local_media.shelf.choose(*id, copy);
        }
        self.open_chosen(now);
    }

    /// Opens the copy that was chosen for the room's item, even if another one failed before.
    fn open_chosen(&mut self, now: LocalTime) {
        if matches!(self.local_media.player, Player::Failed(_)) {
            self.local_media.player = Player::Idle;
        }
        self.mount(now);
    }

    /// Handles the result of a search. If it is for another item than the current one, it is kept until the room has that item.
    pub(super) fn find(&mut self, id: ItemId, found: Option<LocalItem>, now: LocalTime) {
        let item = self.mirror.as_ref().and_then(|m| m.item.as_ref());
        let is_on = item.is_some_and(|(on, _)| *on == id);
        let is_found = found.is_some();
        if !self.local_media.shelf.handle_found(id, found) || !is_on {
            return;
        }
        if is_found {
            self.open_chosen(now);
        } else {
            self.event(Event::Player(PlayerNews::NoCopy));
        }
    }

    /// Handles the identity of a file that was opened in the window.
    pub(super) fn identify(&mut self, opened: &Source, found: Option<Item>, now: LocalTime) {
        let Player::OpeningByWindow { source, item, .. } = &mut self.local_media.player else {
            return;
        };
        if source != opened {
            return;
        }
        match found {
            Some(found) => {
                *item = Some(found);
                self.take_window_item(now);
            }
            None => self.handle_load_failed(
                PlayerFailure::Unreadable,
                OpenError::Unreadable { cause: None },
                now,
            ),
        }
    }

    /// Handles something that is being opened in the window.
    pub(super) fn handle_opening(&mut self, source: Source, now: LocalTime) {
        let may_keep = self.mirror.as_ref().is_some_and(|m| {
            m.may(RoomAct::SetItem) || *self.local_media.shelf.choice() == CopyChoice::Missing
        });
        if !may_keep || self.phase != Phase::InRoom {
            self.sync.handle_absent();
            if self.local_media.is_opened_over_and_over(now) {
                return self.leave_player_alone();
            }
            self.local_media.player = Player::Idle;
            self.undo_window_request();
            return self.mount(now);
        }
        let item = match &source {
            Source::File(path) => {
                self.outputs
                    .push_back(Output::IdentifyFile { path: path.clone() });
                None
            }
            Source::Link(link) => match link.parse::<MediaUrl>() {
                Ok(link) => Some(Item {
                    title: Clean::line(link.as_str()).truncated(limits::TITLE_CHARS),
                    length: Length::Unknown,
                    source: ItemSource::Link(link),
                }),
                Err(_error) => {
                    return self.handle_load_failed(PlayerFailure::Unreadable, OpenError::NotALink, now);
                }
            },
        };
        self.sync.handle_absent();
        self.local_media.player = Player::OpeningByWindow {
            source,
            item,
            opened: None,
        };
        self.event(Event::Player(PlayerNews::Opening));
    }

    /// Stops correcting a player that keeps opening something else, and reports that once.
    fn leave_player_alone(&mut self) {
        let given_up = Player::Failed(PlayerFailure::Other);
        if self.local_media.player != given_up {
            self.local_media.player = given_up;
            self.event(Event::Player(PlayerNews::OpenFailed {
                what: None,
                reason: OpenError::OpensOthers,
            }));
        }
    }

    /// Opens the item that should be open, if it is not: the user's offer, otherwise the copy of the room's item.
    pub(super) fn mount(&mut self, now: LocalTime) {
        let wanted = match (&self.local_media.offer, self.local_media.shelf.chosen()) {
            (Some(offer), _) => Some((offer.copy.clone(), offer.position)),
            (None, Some(copy)) => Some((copy.clone(), self.load_position(now))),
            (None, None) => None,
        };
        let Some((copy, place)) = wanted else {
            self.sync.handle_absent();
            self.unload();
            return self.aim(now);
        };
        let is_there = match &self.local_media.player {
            Player::Off | Player::Closed | Player::Gone(_) | Player::Starting => true,
            Player::Open { copy: open, .. } | Player::Opening { copy: open, .. } => {
                open.source == copy.source
            }
            Player::OpeningByWindow { .. } | Player::Failed(_) | Player::Idle => false,
        };
        if is_there {
            return self.follow_room(now);
        }
        self.sync.handle_absent();
        self.local_media.forget_words();
        let generation = self.local_media.next_generation();
        self.outputs.push_back(Output::Player(PlayerCommand::Load {
            generation,
            source: copy.source.clone(),
            position: place,
        }));
        self.local_media.player = Player::Opening { copy, place };
        self.event(Event::Player(PlayerNews::Opening));
    }

    /// Unloads the previous film after the room went to one that has no copy here, or not yet.
    fn unload(&mut self) {
        match &self.local_media.player {
            Player::Open { .. } | Player::Opening { .. }
                if *self.local_media.shelf.choice() != CopyChoice::Nothing =>
            {
                self.local_media.forget_words();
                let generation = self.local_media.next_generation();
                self.outputs
                    .push_back(Output::Player(PlayerCommand::Unload { generation }));
                self.local_media.player = Player::Idle;
            }
            Player::Off
            | Player::Closed
            | Player::Gone(_)
            | Player::Starting
            | Player::Idle
            | Player::Opening { .. }
            | Player::OpeningByWindow { .. }
            | Player::Open { .. }
            | Player::Failed(_) => {}
        }
    }

    /// Passes an open copy of the room's item to the controller, with the room's position as its goal.
    fn follow_room(&mut self, now: LocalTime) {
        if let (Some((_, item)), Some((copy, _))) = (
            self.mirror.as_ref().and_then(|m| m.item.as_ref()),
            self.local_media.mounted(),
        ) {
            self.local_media.watched = Some((item.clone(), copy.clone()));
        }
        if self.sync.motion() == Motion::Absent
            && self.local_media.mounted().is_some()
            && let Player::Open {
                media,
                landed: (landed, place),
                ..
            } = &self.local_media.player
        {
            let traits = local_media::traits(media);
            self.sync
                .handle_opened(traits, *landed, *place, self.clock.usable(), now);
        }
        self.aim(now);
    }

    fn handle_loaded(&mut self, media: Media, position: MediaTime, now: LocalTime) {
        self.local_media.forget_film();
        match &mut self.local_media.player {
            Player::OpeningByWindow { opened, .. } => {
                *opened = Some((media, position));
                self.take_window_item(now);
            }
            Player::Opening { copy, place } => {
                let duration = media.duration;
                self.local_media.shelf.handle_opened();
                let (copy, landed) = (copy.clone(), (position, Some(*place)));
                self.local_media.player = Player::Open { copy, media, landed };
                self.event(Event::Player(PlayerNews::Opened { duration }));
                if self.local_media.offer.is_some() {
                    self.set_offered_item(now);
                } else {
                    self.follow_room(now);
                }
            }
            Player::Off
            | Player::Closed
            | Player::Gone(_)
            | Player::Starting
            | Player::Idle
            | Player::Open { .. }
            | Player::Failed(_) => {}
        }
    }

    fn handle_load_failed(&mut self, failure: PlayerFailure, reason: OpenError, now: LocalTime) {
        let what = self.local_media.opening();
        self.event(Event::Player(PlayerNews::OpenFailed { what, reason }));
        self.sync.handle_absent();
        let was_requested = matches!(self.local_media.player, Player::OpeningByWindow { .. })
            || self.local_media.offer.is_some();
        self.local_media.offer = None;
        self.local_media.player = Player::Failed(failure);
        if was_requested {
            if self.local_media.shelf.chosen().is_some() {
                // Back to the room's item.
                self.local_media.player = Player::Idle;
                self.mount(now);
            }
        } else if let Some(former) = self.former_copy() {
            // Back to the copy that was watched until now.
            self.use_copy(former, now);
        } else if failure == PlayerFailure::Unreadable {
            self.replace_copy(now);
        }
    }

    fn handle_player_status(&mut self, status: PlayerStatus, now: LocalTime) {
        self.local_media.status = Some(status);
        self.send_length(now);
        let dry = status.buffering.map(|percent| percent.min(100) / 10 * 10);
        if dry != self.reported.dry {
            if self.reported.dry.is_none() {
                self.minute.stalled(now);
            }
            self.reported.dry = dry;
            self.event(Event::Player(match dry {
                Some(percent) => PlayerNews::Buffering { percent },
                None => PlayerNews::Refilled,
            }));
        }
        self.sync
            .handle_sample(&local_media::sample(&status), self.clock.usable(), now);
        if self.sync.motion() == Motion::Running
            && status.reading.is_some()
            && let Some(drift) = self.sync.drift()
        {
            self.minute.drifted(drift, now);
        }
    }

    fn handle_player_gone(&mut self, reason: PlayerEnd, log: Option<Clean>, may_retry: bool, now: LocalTime) {
        if self.local_media.player == Player::Off {
            return;
        }
        let is_restarting = may_retry
            && self
                .local_media
                .restarted
                .is_none_or(|last| now.saturating_since(last) >= RESTART_INTERVAL);
        let failure = if self.local_media.player == Player::Starting {
            PlayerFailure::Other
        } else {
            PlayerFailure::Crashed
        };
        self.drop_player(Player::Gone(failure));
        self.event(Event::Player(PlayerNews::Gone {
            reason,
            log,
            is_restarting,
        }));
        if is_restarting {
            self.local_media.restarted = Some(now);
            self.start_player();
        }
    }

    fn drop_player(&mut self, player: Player) {
        self.local_media.player = player;
        self.local_media.forget_words();
        self.local_media.next_generation();
        self.reported.dry = None;
        self.sync.handle_absent();
    }

    /// Informs the room about an item opened in the window, once it is open and identified.
    fn take_window_item(&mut self, now: LocalTime) {
        let Player::OpeningByWindow {
            source,
            item: Some(item),
            opened: Some((media, landed)),
        } = &self.local_media.player
        else {
            return;
        };
        let copy = LocalItem {
            source: source.clone(),
            item: item.clone(),
        };
        let (media, landed) = (media.clone(), *landed);
        let duration = media.duration;
        self.local_media.player = Player::Open {
            copy: copy.clone(),
            media,
            landed: (landed, None),
        };
        self.event(Event::Player(PlayerNews::Opened { duration }));
        if self
            .mirror
            .as_ref()
            .is_some_and(|mirror| mirror.may(RoomAct::SetItem))
        {
            self.offer(copy, landed, now);
        } else {
            self.use_copy(copy, now);
        }
    }

    /// Sets the offered item, now that it is open.
    fn set_offered_item(&mut self, now: LocalTime) {
        let Some(offer) = &self.local_media.offer else {
            return;
        };
        let mut item = offer.copy.item.clone();
        let mut position = offer.position;
        if let Player::Open { media, landed, .. } = &self.local_media.player {
            if media.is_live() {
                position = landed.0.max(MediaTime::ZERO);
            }
            item.length = local_media::length_of(media, &item);
        }
        let message = ClientMessage::SetVideo(SetVideo { item, position });
        let plays = offer.plays;
        if self.phase == Phase::InRoom {
            self.send(message);
            if plays {
                self.move_room(Action::Play, now);
            }
        }
    }

    /// Returns the position at which to open the room's item: where the room will be once it is open.
    fn load_position(&self, now: LocalTime) -> MediaTime {
        let Some(mirror) = &self.mirror else {
            return MediaTime::ZERO;
        };
        // A live source is opened at its present position.
        if mirror.current_item().is_some_and(Item::is_live) {
            return MediaTime::ZERO;
        }
        let then = self.clock.server_time(now).map(|s| s + LOAD_GUESS);
        let position = then.map_or(mirror.timeline.position, |s| mirror.timeline.position_at(s));
        let last = mirror
            .current_item()
            .and_then(Item::duration)
            .map(|d| d - LAST_PLACE);
        last.map_or(position, |last| position.min(last))
            .max(MediaTime::ZERO)
    }
}
