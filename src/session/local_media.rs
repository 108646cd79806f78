//! The local player and what it has open: which copy of the room's item, at which position, and which of its reports still apply.

use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::{Clean, Item, Length, LocalTime, MediaTime, limits};

use super::config::LocalItem;
use super::media_shelf::{CopyChoice, MediaShelf};
use crate::player::facts::{Chapter, Facts};
use crate::player::{Generation, Media, PlayerStatus, Source};
use crate::sync::{Activity, PlayerSample, Traits};

/// The number of times in a row that something opened in a viewer's player is replaced with the room's item. A person tries two
/// or three times.
const OPENINGS: u32 = 5;

/// Two openings count as in a row if they are closer together than this.
const OPENING_PAUSE: Duration = Duration::from_secs(15);

/// The state of the player.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Player {
    /// There is none, by choice.
    Off,
    /// The user closed it, or it was not started yet.
    Closed,
    /// Its process ended by itself, or could not be started.
    Gone(PlayerFailure),
    /// It is being started.
    Starting,
    /// It is running and has nothing open that we know of.
    Idle,
    /// It is opening a copy.
    Opening {
        /// The copy.
        copy: LocalItem,
        /// The position at which the player will be paused.
        place: MediaTime,
    },
    /// It is opening something that was chosen in its window. Both the shell's and the player's answer must arrive before the
    /// room can be informed.
    OpeningByWindow {
        /// The source that was opened.
        source: Source,
        /// The item, once the shell has identified it.
        item: Option<Item>,
        /// The opened media as the player reports it, and the position at which it is paused.
        opened: Option<(Media, MediaTime)>,
    },
    /// It has opened a copy.
    Open {
        /// The copy.
        copy: LocalItem,
        /// The opened media as the player reports it.
        media: Media,
        /// The position at which the player was paused after opening, and its target; no target if the user opened the copy.
        landed: (MediaTime, Option<MediaTime>),
    },
    /// It could not open the copy.
    Failed(PlayerFailure),
}

/// An item that the host is setting, from opening it until the room's answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProposedFilm {
    /// The copy.
    pub(super) copy: LocalItem,
    /// The position from which the room will start.
    pub(super) position: MediaTime,
    /// Whether the room will play immediately.
    pub(super) plays: bool,
}

/// The player and its copy.
#[derive(Clone, Debug)]
pub(super) struct LocalMedia {
    pub(super) player: Player,
    /// The copies of the room's items.
    pub(super) shelf: MediaShelf,
    pub(super) offer: Option<ProposedFilm>,
    /// The copy that was last open, and the room's item then. It is used again if a copy that is chosen later cannot be opened.
    pub(super) watched: Option<(Item, LocalItem)>,
    /// The number of the last command that changed what plays.
    pub(super) generation: Generation,
    /// Whether the player has reported that the open file is growing, or that it is not.
    pub(super) is_length_sure: bool,
    /// When the room was last sent a different length.
    pub(super) length_sent_at: Option<LocalTime>,
    /// The player's last status with this item.
    pub(super) status: Option<PlayerStatus>,
    /// The details that the player reports about itself.
    pub(super) facts: Option<Arc<Facts>>,
    /// The chapters of the open item.
    pub(super) chapters: Arc<[Chapter]>,
    /// How often in a row something opened in the window was replaced with the room's item, and when that last happened.
    pub(super) undone_openings: (u32, LocalTime),
    /// When the player was last restarted automatically.
    pub(super) restarted: Option<LocalTime>,
}

impl LocalMedia {
    /// Returns the name of the copy that the player is opening: the file's name, or the link.
    pub(super) fn opening(&self) -> Option<Clean> {
        let source = match &self.player {
            Player::Opening { copy, .. } => Some(&copy.source),
            Player::OpeningByWindow { source, .. } => Some(source),
            Player::Off
            | Player::Closed
            | Player::Gone(_)
            | Player::Starting
            | Player::Idle
            | Player::Open { .. }
            | Player::Failed(_) => None,
        };
        source.map(|source| match source {
            Source::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                Clean::line(&name.to_string_lossy())
            }
            Source::Link(link) => Clean::line(link),
        })
    }

    /// Returns the state of a client whose player has not been started yet, if it may have one.
    pub(super) fn new(has_player: bool) -> Self {
        Self {
            player: if has_player { Player::Closed } else { Player::Off },
            shelf: MediaShelf::default(),
            offer: None,
            watched: None,
            generation: Generation::default(),
            is_length_sure: false,
            length_sent_at: None,
            status: None,
            facts: None,
            chapters: Arc::default(),
            undone_openings: (0, LocalTime::default()),
            restarted: None,
        }
    }

    /// Counts one more replacement of something that was opened in the window, and returns whether there were too many in a row.
    /// If so, it is probably a script of the player that opens it, and would open it again.
    pub(super) fn is_opened_over_and_over(&mut self, now: LocalTime) -> bool {
        let (count, last) = self.undone_openings;
        let is_in_a_row = count > 0 && now.saturating_since(last) < OPENING_PAUSE;
        let count = if is_in_a_row { count.saturating_add(1) } else { 1 };
        self.undone_openings = (count, now);
        count > OPENINGS
    }

    /// Forgets the player's reports about itself and about the open item.
    pub(super) fn forget_words(&mut self) {
        self.status = None;
        self.forget_film();
    }

    /// Forgets the player's reports about the open item.
    pub(super) fn forget_film(&mut self) {
        self.is_length_sure = false;
        self.length_sent_at = None;
        self.facts = None;
        self.chapters = Arc::default();
    }

    /// Returns whether reports of the player about an open film are about the film that the session knows.
    pub(super) const fn is_open(&self) -> bool {
        matches!(
            self.player,
            Player::Open { .. } | Player::OpeningByWindow { opened: Some(_), .. }
        )
    }

    /// Begins a new generation, so that reports of earlier ones are ignored. The last status is kept: a player that has run out
    /// of data does not have data just because it was sent elsewhere.
    pub(super) const fn next_generation(&mut self) -> Generation {
        self.generation = self.generation.next();
        self.generation
    }

    /// Returns the open copy, if it is a copy of the room's item.
    pub(super) fn mounted(&self) -> Option<(&LocalItem, &Media)> {
        match (&self.player, self.shelf.chosen()) {
            (Player::Open { copy, media, .. }, Some(chosen)) if copy.source == chosen.source => {
                Some((copy, media))
            }
            _ => None,
        }
    }

    /// Returns whether a player is running that accepts commands.
    pub(super) const fn is_running(&self) -> bool {
        match self.player {
            Player::Idle
            | Player::Opening { .. }
            | Player::OpeningByWindow { .. }
            | Player::Open { .. }
            | Player::Failed(_) => true,
            Player::Off | Player::Closed | Player::Gone(_) | Player::Starting => false,
        }
    }

    /// If the player has run out of data, returns how full its cache is.
    pub(super) fn dry(&self) -> Option<u8> {
        self.status.and_then(|s| s.buffering)
    }

    /// Returns the player's state as it is reported to the room.
    pub(super) fn state(&self, is_too_slow: bool) -> PlayerState {
        match (&self.player, self.shelf.choice()) {
            (Player::Off, _) => PlayerState::None,
            (Player::Closed, _) => PlayerState::Closed,
            (Player::Gone(reason), _) => PlayerState::Failed { reason: *reason },
            (Player::Opening { .. } | Player::OpeningByWindow { .. }, _)
            | (Player::Starting | Player::Idle, CopyChoice::Have(_)) => PlayerState::Loading,
            (_, CopyChoice::Missing) => PlayerState::NoCopy,
            (_, CopyChoice::Searching { folders }) => PlayerState::Searching { folders: *folders },
            (Player::Failed(reason), _) => PlayerState::Failed { reason: *reason },
            (Player::Starting | Player::Idle, CopyChoice::Nothing) => PlayerState::Idle,
            (Player::Open { .. }, CopyChoice::Nothing | CopyChoice::Have(_)) => {
                if is_too_slow {
                    PlayerState::TooSlow
                } else if let Some(percent) = self.dry() {
                    // Coarse, so that a slow refill causes a handful of messages instead of a hundred.
                    PlayerState::Buffering {
                        percent: percent.min(100) / 10 * 10,
                    }
                } else {
                    PlayerState::Following
                }
            }
        }
    }

    /// Returns how the local copy compares with the current item.
    pub(super) fn file(&self) -> FileMatch {
        self.shelf.file(self.mounted().map(|(_, media)| media))
    }
}

/// Returns the length of an open item, as it is sent to the room.
pub(super) fn length_of(media: &Media, item: &Item) -> Length {
    if media.is_live() && item.can_be(Length::Live) {
        return Length::Live;
    }
    let longest = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);
    let is_valid = |d: &MediaTime| *d > MediaTime::ZERO && *d <= longest;
    media.duration.filter(is_valid).into()
}

/// Returns the properties of an open item as the controller's type.
pub(super) fn traits(media: &Media) -> Traits {
    Traits {
        duration: media.duration,
        has_audio: media.has_audio,
        is_seekable: media.is_seekable,
        is_live: media.is_live(),
    }
}

/// Returns the player's status as the controller's type.
pub(super) fn sample(status: &PlayerStatus) -> PlayerSample {
    let activity = if status.is_at_end {
        Activity::Ended
    } else if status.buffering.is_some() {
        Activity::Dry
    } else if status.is_seeking {
        Activity::Seeking
    } else if status.is_paused {
        Activity::Paused
    } else {
        Activity::Playing
    };
    PlayerSample {
        reading: status.reading.map(|r| (r.position, r.at)),
        activity,
        picture_behind: status.picture_behind,
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::ItemId;

    use super::super::test_support::{item, local_item, media};
    use super::*;

    /// The number of the room's item.
    const ON: ItemId = ItemId(1);

    /// Returns a player that has a film open; `choose` decides which copy of the room's item is used.
    fn open(choose: impl FnOnce(&mut MediaShelf)) -> LocalMedia {
        let mut shelf = MediaShelf::default();
        shelf.set_current(ON, &item("film"));
        choose(&mut shelf);
        LocalMedia {
            player: Player::Open {
                copy: local_item("film"),
                media: media(600_000),
                landed: (MediaTime::ZERO, Some(MediaTime::ZERO)),
            },
            shelf,
            ..LocalMedia::new(true)
        }
    }

    fn missing(shelf: &mut MediaShelf) {
        shelf.handle_search(ON);
        shelf.handle_found(ON, None);
    }

    fn searching(shelf: &mut MediaShelf) {
        shelf.handle_search(ON);
    }

    const fn nothing(_shelf: &mut MediaShelf) {}

    #[test]
    fn no_copy_no_player_and_a_failed_player_are_different_states() {
        let with = |player, choose: fn(&mut MediaShelf)| {
            LocalMedia {
                player,
                ..open(choose)
            }
            .state(false)
        };
        let reason = PlayerFailure::NotAFilm;

        assert_eq!(open(missing).state(false), PlayerState::NoCopy);
        assert_eq!(with(Player::Failed(reason), missing), PlayerState::NoCopy);
        assert_eq!(
            with(Player::Failed(reason), nothing),
            PlayerState::Failed { reason }
        );
        assert_eq!(with(Player::Closed, missing), PlayerState::Closed);
        assert_eq!(with(Player::Idle, nothing), PlayerState::Idle);
        assert_eq!(
            with(Player::Idle, searching),
            PlayerState::Searching { folders: 0 }
        );
        assert_eq!(LocalMedia::new(false).state(false), PlayerState::None);
    }

    #[test]
    fn an_open_item_that_is_not_the_rooms_is_not_mounted() {
        let with = |title: &'static str| open(|shelf| shelf.choose(ON, local_item(title)));

        assert!(open(searching).mounted().is_none());
        assert!(with("next").mounted().is_none());
        assert!(with("film").mounted().is_some());
    }
}
