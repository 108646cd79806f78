//! The own player and what is in it: which copy of the room's item, how far it is, and which words of the player count.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use watchtogether_protocol::item::{FileMatch, ItemSource};
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState};
use watchtogether_protocol::{Clean, Item, Length, LocalTime, MediaTime, limits};

use super::OwnCopy;
use crate::player::facts::{Chapter, Facts};
use crate::player::{Generation, Media, PlayerStatus, Source};
use crate::sync::{Activity, Sample, Traits};

/// The items of an evening whose copies are remembered.
const COPIES: usize = 32;

/// Lengths that are nearer than this are called the same: two containers of one film differ by some frames.
const SAME_LENGTH: Duration = Duration::from_secs(1);

/// How often in a row something that a viewer's player opens is replaced by the room's item: a person tries two or three times.
const OPENINGS: u32 = 5;

/// Two openings that are further apart than this are not in a row.
const OPENING_PAUSE: Duration = Duration::from_secs(15);

/// The player's life.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Player {
    /// There is none, by choice.
    Off,
    /// Its user closed it, or it was not started yet.
    Closed,
    /// Its process ended by itself, or could not be started.
    Gone(PlayerFailure),
    /// It is being started.
    Starting,
    /// It runs and has nothing of ours on.
    Idle,
    /// It opens a copy.
    Opening {
        /// Of what.
        copy: OwnCopy,
        /// Where it will stand.
        place: MediaTime,
    },
    /// It opens what somebody at its window wants; both halves must come before the room can be told.
    OpeningByWindow {
        /// What was opened.
        source: Source,
        /// What that is, as the shell found out.
        item: Option<Item>,
        /// What the player says of it, and where it stands.
        opened: Option<(Media, MediaTime)>,
    },
    /// It has a copy open.
    Open {
        /// Of what.
        copy: OwnCopy,
        /// What it is.
        media: Media,
        /// Where it stood, and where it was sent, when it was opened; nowhere where its user opened it.
        landed: (MediaTime, Option<MediaTime>),
    },
    /// It could not open the copy.
    Failed(PlayerFailure),
}

/// The own copy of the room's item.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Choice {
    /// The room has no item.
    Nothing,
    /// It is being looked for.
    Searching,
    /// There is none.
    Missing,
    /// This one.
    Have(OwnCopy),
}

/// What the host puts on, from opening it to the room's answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    /// What.
    pub(super) copy: OwnCopy,
    /// Where the room shall begin.
    pub(super) position: MediaTime,
    /// Whether the room shall play at once.
    pub(super) plays: bool,
}

/// The player and its copy.
#[derive(Clone, Debug)]
pub(super) struct LocalMedia {
    pub(super) player: Player,
    pub(super) choice: Choice,
    pub(super) offer: Option<Offer>,
    /// The copy that was open last and the room's item then: it goes on where one that is chosen later cannot be opened.
    pub(super) watched: Option<(Item, OwnCopy)>,
    /// What the last search found, until it is open: a search would find it again.
    pub(super) found: Option<Source>,
    /// Which copy is used for which item, oldest first: a choice outlives a lost connection and another item.
    copies: VecDeque<(Item, OwnCopy)>,
    /// The folders that were searched so far for a copy.
    pub(super) folders: u32,
    /// The last command that changed what plays.
    pub(super) generation: Generation,
    /// Whether the player knows if the open file grows.
    pub(super) is_length_sure: bool,
    /// When the room was asked for another length.
    pub(super) length_told: Option<LocalTime>,
    /// The player's last word about itself, with this item.
    pub(super) status: Option<PlayerStatus>,
    /// How it plays, as it says.
    pub(super) facts: Option<Arc<Facts>>,
    /// The chapters of what is open.
    pub(super) chapters: Arc<[Chapter]>,
    /// How often in a row something opened in the window was replaced by the room's item, and when it last was.
    pub(super) undone_openings: (u32, LocalTime),
    /// When it was last started again by itself.
    pub(super) restarted: Option<LocalTime>,
}

impl LocalMedia {
    /// Returns what people call that which the player opens: the file's name, or the link.
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

    /// Returns the media of a client whose player, if it may have one, is not started yet.
    pub(super) fn new(has_player: bool) -> Self {
        Self {
            player: if has_player { Player::Closed } else { Player::Off },
            choice: Choice::Nothing,
            offer: None,
            watched: None,
            found: None,
            copies: VecDeque::new(),
            folders: 0,
            generation: Generation::default(),
            is_length_sure: false,
            length_told: None,
            status: None,
            facts: None,
            chapters: Arc::default(),
            undone_openings: (0, LocalTime::default()),
            restarted: None,
        }
    }

    /// Counts that something opened in the window has to be replaced, and returns whether that happened too often in a row:
    /// then a script of the player opens it, and would open it again.
    pub(super) fn is_opened_over_and_over(&mut self, now: LocalTime) -> bool {
        let (count, last) = self.undone_openings;
        let is_in_a_row = count > 0 && now.saturating_since(last) < OPENING_PAUSE;
        let count = if is_in_a_row { count.saturating_add(1) } else { 1 };
        self.undone_openings = (count, now);
        count > OPENINGS
    }

    /// Notes which copy is used for an item.
    pub(super) fn remember_copy(&mut self, item: &Item, copy: &OwnCopy) {
        self.copies.retain(|(known, _)| !is_same(known, item));
        if self.copies.len() == COPIES {
            self.copies.pop_front();
        }
        self.copies.push_back((item.clone(), copy.clone()));
    }

    /// Returns the copy that was used last for an item.
    pub(super) fn copy_for(&self, item: &Item) -> Option<&OwnCopy> {
        let known = self.copies.iter().find(|(known, _)| is_same(known, item));
        known.map(|(_, copy)| copy)
    }

    /// Forgets what the player said of itself and of what it had open.
    pub(super) fn forget_words(&mut self) {
        self.status = None;
        self.forget_film();
    }

    /// Forgets what the player said of what it had open.
    pub(super) fn forget_film(&mut self) {
        self.is_length_sure = false;
        self.length_told = None;
        self.facts = None;
        self.chapters = Arc::default();
    }

    /// Returns whether what the player says of an open film is of the one that the session knows.
    pub(super) const fn is_open(&self) -> bool {
        matches!(
            self.player,
            Player::Open { .. } | Player::OpeningByWindow { opened: Some(_), .. }
        )
    }

    /// Begins another generation: what the player says of earlier ones counts no longer. What it said last is kept: a
    /// player that ran dry is not full because it was sent elsewhere.
    pub(super) const fn next_generation(&mut self) -> Generation {
        self.generation = self.generation.next();
        self.generation
    }

    /// Returns the open copy, if it is the one of the room's item.
    pub(super) fn mounted(&self) -> Option<(&OwnCopy, &Media)> {
        match (&self.player, &self.choice) {
            (Player::Open { copy, media, .. }, Choice::Have(chosen)) if copy.source == chosen.source => {
                Some((copy, media))
            }
            _ => None,
        }
    }

    /// Returns the own copy of the room's item.
    pub(super) const fn chosen(&self) -> Option<&OwnCopy> {
        match &self.choice {
            Choice::Have(copy) => Some(copy),
            Choice::Nothing | Choice::Searching | Choice::Missing => None,
        }
    }

    /// Returns whether a player runs that can be told something.
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

    /// Returns how much of its cache a player that ran dry has filled.
    pub(super) fn dry(&self) -> Option<u8> {
        self.status.and_then(|s| s.buffering)
    }

    /// Returns what the room is told of the player.
    pub(super) fn state(&self, is_too_slow: bool) -> PlayerState {
        match (&self.player, &self.choice) {
            (Player::Off, _) => PlayerState::None,
            (Player::Closed, _) => PlayerState::Closed,
            (Player::Gone(why), _) => PlayerState::Failed { why: *why },
            (Player::Opening { .. } | Player::OpeningByWindow { .. }, _)
            | (Player::Starting | Player::Idle, Choice::Have(_)) => PlayerState::Loading,
            (_, Choice::Missing) => PlayerState::NoCopy,
            (_, Choice::Searching) => PlayerState::Searching {
                folders: self.folders,
            },
            (Player::Failed(why), _) => PlayerState::Failed { why: *why },
            (Player::Starting | Player::Idle, Choice::Nothing) => PlayerState::Idle,
            (Player::Open { .. }, Choice::Nothing | Choice::Have(_)) => {
                if is_too_slow {
                    PlayerState::TooSlow
                } else if let Some(percent) = self.dry() {
                    // Coarse, so that a slow refill is a handful of words and not a hundred.
                    PlayerState::Buffering {
                        percent: percent.min(100) / 10 * 10,
                    }
                } else {
                    PlayerState::Following
                }
            }
        }
    }

    /// Returns how the own copy compares with the room's item.
    pub(super) fn file(&self, item: Option<&Item>) -> FileMatch {
        let (Some(item), Choice::Have(copy)) = (item, &self.choice) else {
            return FileMatch::Unknown;
        };
        match self.mounted() {
            Some((_, media)) if media.is_growing() => FileMatch::Growing,
            Some((_, media)) if media.is_live() && is_same(&copy.item, item) => FileMatch::Live,
            // A link without a length may be live: the player knows once it is open.
            None if item.duration().is_none() && item.can_be(Length::Live) => FileMatch::Unknown,
            Some(_) | None if is_same(&copy.item, item) => FileMatch::Same,
            Some((_, media)) => {
                let longer_by = match (media.duration, item.duration()) {
                    (Some(own), Some(room)) => own - room,
                    _ => MediaTime::ZERO,
                };
                if !can_compare(&copy.item, item) && longer_by.abs() < SAME_LENGTH {
                    return FileMatch::Unknown;
                }
                FileMatch::Other { longer_by }
            }
            None => FileMatch::Unknown,
        }
    }
}

/// Returns whether two items are the same film, byte for byte as far as anybody knows.
pub(super) fn is_same(a: &Item, b: &Item) -> bool {
    match (&a.source, &b.source) {
        (
            ItemSource::File { size, fingerprint },
            ItemSource::File {
                size: other_size,
                fingerprint: other,
            },
        ) => (size, fingerprint) == (other_size, other),
        (ItemSource::Link(link), ItemSource::Link(other)) => link == other,
        (ItemSource::File { .. }, ItemSource::Link(_)) | (ItemSource::Link(_), ItemSource::File { .. }) => {
            false
        }
    }
}

/// Returns whether two items can be found to be the same or not: a file and a link have nothing but their lengths in common.
const fn can_compare(a: &Item, b: &Item) -> bool {
    matches!(
        (&a.source, &b.source),
        (ItemSource::File { .. }, ItemSource::File { .. }) | (ItemSource::Link(_), ItemSource::Link(_))
    )
}

/// Returns how long an open item is, as the room is told.
pub(super) fn length_of(media: &Media, item: &Item) -> Length {
    if media.is_live() && item.can_be(Length::Live) {
        return Length::Live;
    }
    let longest = MediaTime::from_millis(limits::DURATION_SECONDS * 1_000);
    let is_valid = |d: &MediaTime| *d > MediaTime::ZERO && *d <= longest;
    media.duration.filter(is_valid).into()
}

/// Returns what an open item allows, in the controller's words.
pub(super) fn traits(media: &Media) -> Traits {
    Traits {
        duration: media.duration,
        has_audio: media.has_audio,
        is_seekable: media.is_seekable,
        is_live: media.is_live(),
    }
}

/// Returns what the player says about itself, in the controller's words.
pub(super) fn sample(status: &PlayerStatus) -> Sample {
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
    Sample {
        reading: status.reading.map(|r| (r.position, r.at)),
        activity,
        picture_behind: status.picture_behind,
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{item, media, own_copy};
    use super::*;

    fn open(choice: Choice) -> LocalMedia {
        LocalMedia {
            player: Player::Open {
                copy: own_copy("film"),
                media: media(600_000),
                landed: (MediaTime::ZERO, Some(MediaTime::ZERO)),
            },
            choice,
            ..LocalMedia::new(true)
        }
    }

    #[test]
    fn the_same_bytes_are_the_same_film_whatever_they_are_called() {
        let mut renamed = item("film");
        renamed.title = Clean::line("other name");

        assert!(is_same(&item("film"), &renamed));
        assert!(!is_same(&item("film"), &item("next")));
    }

    #[test]
    fn another_cut_says_by_how_much_it_is_longer() {
        let local_media = open(Choice::Have(own_copy("film")));
        let mut room = item("cut");
        room.length = Length::Of(MediaTime::from_millis(604_000));

        assert_eq!(
            local_media.file(Some(&room)),
            FileMatch::Other {
                longer_by: MediaTime::from_millis(-4_000)
            }
        );
        assert_eq!(local_media.file(Some(&item("film"))), FileMatch::Same);
        assert_eq!(local_media.file(None), FileMatch::Unknown);
    }

    #[test]
    fn a_file_and_a_link_are_compared_by_their_lengths_alone() {
        let link = |length| Item {
            source: ItemSource::Link("http://example.org/film.mkv".parse().expect("a link")),
            length,
            ..item("film")
        };
        let as_file = open(Choice::Have(own_copy("film")));
        let mut as_link = as_file.clone();
        if let Choice::Have(copy) = &mut as_link.choice {
            copy.item = link(Length::Unknown);
        }
        let of = |ms| Length::Of(MediaTime::from_millis(ms));

        for length in [of(600_000), of(600_900), Length::Unknown] {
            assert_eq!(as_file.file(Some(&link(length))), FileMatch::Unknown);
        }
        assert_eq!(as_link.file(Some(&item("film"))), FileMatch::Unknown);
        let shorter = FileMatch::Other {
            longer_by: MediaTime::from_millis(-120_000),
        };
        assert_eq!(as_file.file(Some(&link(of(720_000)))), shorter);
    }

    #[test]
    fn no_copy_no_player_and_a_failed_player_are_different_states() {
        let with = |player, choice| {
            LocalMedia {
                player,
                ..open(choice)
            }
            .state(false)
        };
        let why = PlayerFailure::NotAFilm;

        assert_eq!(open(Choice::Missing).state(false), PlayerState::NoCopy);
        assert_eq!(with(Player::Failed(why), Choice::Missing), PlayerState::NoCopy);
        assert_eq!(
            with(Player::Failed(why), Choice::Nothing),
            PlayerState::Failed { why }
        );
        assert_eq!(with(Player::Closed, Choice::Missing), PlayerState::Closed);
        assert_eq!(with(Player::Idle, Choice::Nothing), PlayerState::Idle);
        assert_eq!(
            with(Player::Idle, Choice::Searching),
            PlayerState::Searching { folders: 0 }
        );
        assert_eq!(LocalMedia::new(false).state(false), PlayerState::None);
    }

    #[test]
    fn an_open_item_that_is_not_the_rooms_is_not_mounted() {
        assert!(open(Choice::Searching).mounted().is_none());
        assert!(open(Choice::Have(own_copy("next"))).mounted().is_none());
        assert!(open(Choice::Have(own_copy("film"))).mounted().is_some());
    }
}
