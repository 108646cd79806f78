//! The player: its commands and its events, with their times.
//!
//! A player is a child process of the same binary, the only one that uses libmpv (`worker`). The `handle` starts it, communicates
//! with it and notices when it dies. Both use the types of this module, which are all that a `Session` knows of players; the
//! tests' simulated player uses them as well.
//!
//! Every measurement carries the instant at which it was taken, on the machine's monotonic clock, which parent and child share.
//! Every command that changes what plays carries a [`Generation`]. Events name the generation that they belong to, so that the
//! answer to an old command is never taken for the answer to a new one.

#[cfg(feature = "mpv")]
pub mod check;
#[cfg(feature = "mpv")]
pub mod command_tracker;
pub mod facts;
#[cfg(feature = "mpv")]
pub mod ffi;
pub mod handle;
#[cfg(feature = "mpv")]
pub mod mpv;
pub mod simulated;
pub mod wire;
#[cfg(feature = "mpv")]
pub mod worker;

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;
use std::time::Duration;

use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd, PlayerNotice};
use watchtogether_protocol::{Clean, LocalTime, MediaTime};

use facts::{Chapter, Facts};

/// Counts the commands that change what plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Generation(pub u64);

impl Generation {
    /// Returns the generation after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The source that a player opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file on this machine, chosen by its user or found in their folders, but never a path from the network.
    File(PathBuf),
    /// A link that passed the protocol's checks; opened with per-file hardening.
    Link(String),
}

/// Written by hand, because a path is a sequence of bytes and bincode supports only paths that are UTF-8.
impl Encode for Source {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::File(path) => (0_u8, path.as_os_str().as_bytes()).encode(encoder),
            Self::Link(link) => (1_u8, link.as_bytes()).encode(encoder),
        }
    }
}

impl<C> Decode<C> for Source {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let (kind, bytes): (u8, Vec<u8>) = Decode::decode(decoder)?;
        match kind {
            0 => Ok(Self::File(PathBuf::from(OsString::from_vec(bytes)))),
            1 => String::from_utf8(bytes)
                .map(Self::Link)
                .map_err(|error| DecodeError::OtherString(error.to_string())),
            _ => Err(DecodeError::Other("a source is a file or a link")),
        }
    }
}

bincode::impl_borrow_decode!(Source);

/// A command to the player.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum PlayerCommand {
    /// Opens an item, paused at a position. Answered by `Loaded` or `LoadFailed`.
    Load {
        /// The generation of this command.
        generation: Generation,
        /// The source to open.
        source: Source,
        /// The position at which the player is paused once the item is open.
        position: MediaTime,
    },
    /// Unloads the current item: the player shows nothing, and its window stays open. There is no answer.
    Unload {
        /// The generation of this command.
        generation: Generation,
    },
    /// Pauses immediately and seeks exactly to a position. A release of an older generation becomes void. Answered by `Landed`.
    Hold {
        /// The generation of this command.
        generation: Generation,
        /// The target; `None` stays at the shown frame.
        position: Option<MediaTime>,
    },
    /// Plays from an instant on, or immediately if it has passed. Void if a command of a newer generation came before. Answered
    /// by `Released`.
    Release {
        /// The generation of the `Hold` or `Load` that it ends.
        generation: Generation,
        /// The instant. The worker sleeps until 0.8 ms before it and spins for the rest.
        at: LocalTime,
    },
    /// Changes the speed. It falls back to `base` one second after the last renewal, so that a suspended parent never leaves a
    /// player running at the wrong speed.
    SetSpeed {
        /// The room's rate.
        base: f64,
        /// The speed to play at: the rate with its correction.
        speed: f64,
    },
    /// Shows a text over the film for a while.
    ShowText {
        /// One line of clean text.
        text: String,
        /// The duration, in milliseconds.
        millis: u32,
    },
    /// Ends the player.
    Quit,
    /// Changes a setting that concerns only the player's user, as the key for it in the window would.
    Tweak(Adjustment),
}

/// A setting that belongs to each user: it affects neither the position nor the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Adjustment {
    /// Raise the volume.
    Louder,
    /// Lower the volume.
    Softer,
    /// Mute or unmute.
    Mute,
    /// Show or hide subtitles.
    SubtitlesShown,
    /// Select the next subtitle track.
    SubtitlesNext,
    /// Select the previous subtitle track.
    SubtitlesPrevious,
    /// Show subtitles a little earlier.
    SubtitlesEarlier,
    /// Show subtitles a little later.
    SubtitlesLater,
    /// Select the next audio track.
    AudioNext,
    /// Show the film's position over the film.
    Progress,
    /// Enter or leave full screen.
    Fullscreen,
}

/// Whether an item has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Extent {
    /// It has an end, known or not.
    Whole,
    /// It is live and has no end. Positions are timestamps of the stream itself, the same in every player.
    Live,
    /// It is a file that is still being written: its end is not known yet.
    Growing,
}

/// The properties of an item once it is open.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Media {
    /// The length; `None` for a live source and for a file that is still being written.
    pub duration: Option<MediaTime>,
    /// Whether it has an end.
    pub extent: Extent,
    /// The title in the item's metadata, uncleaned.
    pub title: String,
    /// Whether there is an audio track. Without one, positions are only as precise as frames.
    pub has_audio: bool,
    /// Whether there is a picture.
    pub has_video: bool,
    /// Whether the item is seekable.
    pub is_seekable: bool,
    /// The duration of one frame, if the file says it.
    pub frame: Option<Duration>,
}

/// A position and the instant at which it was read.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Reading {
    /// The position: of the sound if there is any, otherwise of the picture, less half a frame.
    pub position: MediaTime,
    /// The midpoint between the request and the answer. The worker drops answers that took longer than 3 ms.
    pub at: LocalTime,
}

/// The status of the player, sent ten times a second, and immediately when anything but the position changes.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct PlayerStatus {
    /// The generation in which the status was read.
    pub generation: Generation,
    /// When the status was read.
    pub at: LocalTime,
    /// The position; `None` while the player seeks, opens something, or has nothing loaded.
    pub reading: Option<Reading>,
    /// Whether it is paused.
    pub is_paused: bool,
    /// Whether it is seeking.
    pub is_seeking: bool,
    /// If the player has run out of data and is filling its cache: the percentage that it has of what it needs, 0 to 100.
    pub buffering: Option<u8>,
    /// Whether it is at the end of the item.
    pub is_at_end: bool,
    /// The speed.
    pub speed: f64,
    /// How much it has buffered ahead.
    pub buffered: Duration,
    /// The delay of the picture behind the sound; zero if only one of them exists.
    pub picture_behind: Duration,
    /// The part of a live source, or of a file that is still being written, that the player has: it cannot seek outside of it.
    pub window: Option<Window>,
}

/// A part of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Window {
    /// Its beginning.
    pub from: MediaTime,
    /// Its end.
    pub to: MediaTime,
}

impl Media {
    /// Returns whether the item is live.
    pub fn is_live(&self) -> bool {
        self.extent == Extent::Live
    }

    /// Returns whether the item is still being written.
    pub fn is_growing(&self) -> bool {
        self.extent == Extent::Growing
    }
}

impl Window {
    /// Returns whether a position is inside the window.
    pub fn contains(&self, position: MediaTime) -> bool {
        (self.from..=self.to).contains(&position)
    }
}

/// A user's action in the player's window: a change that none of our commands explains.
///
/// The worker pauses the player immediately, and the session decides what happens next: the host's action is carried out, a
/// viewer's is undone.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum WindowRequest {
    /// Play. The worker has paused the player again within milliseconds.
    Play,
    /// Pause at the shown frame.
    Pause {
        /// The frame's position.
        position: MediaTime,
    },
    /// Seek. The worker has paused the player, and the seek is in progress.
    Seek {
        /// The target position.
        position: MediaTime,
    },
    /// Play at another speed.
    Speed {
        /// The speed.
        speed: f64,
    },
    /// Open something else. It is being opened, and the worker keeps it paused.
    Open {
        /// The opened source: an absolute path or a link.
        source: Source,
    },
}

/// Why an item could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum LoadFailure {
    /// The file or the link cannot be read.
    Unreadable,
    /// The format is unknown, or there is neither picture nor sound in it.
    NotAFilm,
    /// Anything else.
    Other,
}

/// An event of the player.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum PlayerEvent {
    /// The player is running and has nothing loaded.
    Started {
        /// The library's version, for texts such as "mpv 0.35.1".
        version: String,
    },
    /// The item is open and paused at the requested position.
    Loaded {
        /// The generation of the `Load`, or of the last command before the user opened something in the window.
        generation: Generation,
        /// The item's properties.
        media: Media,
        /// The time of the shown frame.
        position: MediaTime,
    },
    /// The item could not be opened.
    LoadFailed {
        /// The generation of the `Load`.
        generation: Generation,
        /// The kind of failure.
        kind: LoadFailure,
        /// The reason.
        reason: OpenError,
    },
    /// The player is paused where a `Hold` sent it.
    Landed {
        /// The generation of the `Hold`.
        generation: Generation,
        /// The position of the shown frame. An exact seek lands on the first frame at or after the target.
        position: MediaTime,
        /// How long that took.
        took: Duration,
    },
    /// The player has been playing since an instant.
    Released {
        /// The generation of the `Release`.
        generation: Generation,
        /// When the player was unpaused.
        at: LocalTime,
    },
    /// The player's status.
    Status(PlayerStatus),
    /// The chapters of the item that was loaded last. Sent after `Loaded` if there are any, and whenever they change.
    Chapters(Vec<Chapter>),
    /// Whether the file that was loaded last is growing. Sent once that is known, and whenever it changes.
    Length {
        /// The length of the file; `None` while it grows, or if it is unknown.
        duration: Option<MediaTime>,
        /// `Growing` or `Whole`.
        extent: Extent,
    },
    /// Details about how the player plays the item that was loaded last. Sent when they have changed, at most once a second.
    Facts(Facts),
    /// A notice for the user that interrupts nothing, for example that there is no display.
    Notice(PlayerNotice),
    /// A user's action in the window.
    WindowRequest {
        /// The generation of our last command before the action. An action that is older than the room's latest change is void.
        generation: Generation,
        /// When the action was noticed.
        at: LocalTime,
        /// The action.
        request: WindowRequest,
    },
    /// The user closed the window.
    Closed,
    /// It died or could not be started.
    Gone {
        /// The reason.
        reason: PlayerEnd,
        /// The path of its log, if it wrote one.
        log: Option<Clean>,
        /// Whether another attempt can help.
        may_retry: bool,
    },
}
