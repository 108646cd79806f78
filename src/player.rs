//! The player: what it is told, what it tells, and when that was.
//!
//! A player is a child process of the same binary that alone owns libmpv (`worker`); the
//! `handle` starts it, talks to it and notices its death. This module is the vocabulary of both, and all that a
//! `Session` knows of players: the same words drive the simulated player of the tests.
//!
//! Every measurement carries the instant at which it was taken, on the machine's monotonic clock, which parent and
//! child share. Every command that changes what plays carries a [`Generation`]; events name the generation that they
//! belong to, so that an answer to an old wish is never taken for one to a new.

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
use watchtogether_protocol::{LocalTime, MediaTime};

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

/// What a player opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file on this machine, named by its user or found in their folders; never by the network.
    File(PathBuf),
    /// A link that passed the protocol's checks; opened with per-file hardening.
    Link(String),
}

/// By hand, because a path is bytes: bincode's own knows only those that are UTF-8.
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

/// What a player is told.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum PlayerCommand {
    /// Opens an item, paused at a position. Answered by `Loaded` or `LoadFailed`.
    Load {
        /// The generation of this wish.
        generation: Generation,
        /// What to open.
        source: Source,
        /// Where to stand, paused, once it is open.
        position: MediaTime,
    },
    /// Takes off what is on: the player shows nothing, and its window stays. Answered by nothing.
    Unload {
        /// The generation of this wish.
        generation: Generation,
    },
    /// Pauses at once and goes exactly to a position; a release of an older generation is void. Answered by `Landed`.
    Hold {
        /// The generation of this wish.
        generation: Generation,
        /// Where to go; none stays at the frame that is shown.
        position: Option<MediaTime>,
    },
    /// Plays on at an instant (at once where it has passed); void if a newer generation came before. Answered by
    /// `Released`.
    Release {
        /// The generation of the `Hold` or `Load` that it ends.
        generation: Generation,
        /// When, to the precision that sleeping and spinning the last 0.8 ms give.
        at: LocalTime,
    },
    /// Plays faster or slower. The speed falls back to `base` one second after the last renewal, so that a parent that
    /// stopped never leaves a player running off speed.
    SetSpeed {
        /// The room's rate.
        base: f64,
        /// The speed to play at: the rate with its correction.
        speed: f64,
    },
    /// Shows words over the film for a while.
    ShowText {
        /// One line, clean.
        text: String,
        /// For how long, in milliseconds.
        millis: u32,
    },
    /// Ends the player for good.
    Quit,
    /// Changes what concerns its own user alone, as the key for it in its window would.
    Tweak(Tweak),
}

/// What is everybody's own: it moves neither the position nor the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Tweak {
    /// Louder.
    Louder,
    /// Less loud.
    Softer,
    /// Silent, or not any more.
    Mute,
    /// Subtitles shown or hidden.
    SubtitlesShown,
    /// The next track of subtitles.
    SubtitlesNext,
    /// The track of subtitles before.
    SubtitlesPrevious,
    /// Subtitles a little earlier.
    SubtitlesEarlier,
    /// Subtitles a little later.
    SubtitlesLater,
    /// The next track of sound.
    AudioNext,
    /// Where the film is, over the film.
    Progress,
    /// The whole display, or a window again.
    Fullscreen,
}

/// Whether an item has an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Extent {
    /// It has, known or not.
    Whole,
    /// It is live and has none. Positions are time stamps of the stream itself, the same in every player.
    Live,
    /// It is a file that is still being written: its end is not known yet.
    Growing,
}

/// What is known of an item once it is open.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Media {
    /// How long it is; none for a live source and for a file that is still being written.
    pub duration: Option<MediaTime>,
    /// Whether it has an end.
    pub extent: Extent,
    /// What it calls itself, uncleaned.
    pub title: String,
    /// Whether there is a sound track: without one, positions are only as fine as frames.
    pub has_audio: bool,
    /// Whether there is a picture.
    pub has_video: bool,
    /// Whether one can move about in it.
    pub is_seekable: bool,
    /// The time of one frame, as far as the file says.
    pub frame: Option<Duration>,
}

/// A position and the instant at which it was read.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Reading {
    /// The position: of the sound where there is any, else of the picture less half a frame.
    pub position: MediaTime,
    /// The midpoint of asking and answer; a slower answer than 3 ms is dropped by the worker.
    pub at: LocalTime,
}

/// How the player does; ten times a second, and at once when any of it but the position changes.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct PlayerStatus {
    /// The generation that it is in.
    pub generation: Generation,
    /// When the status was taken.
    pub at: LocalTime,
    /// Where it is; none while it seeks, opens, or has nothing on.
    pub reading: Option<Reading>,
    /// Whether it is paused.
    pub is_paused: bool,
    /// Whether it seeks.
    pub is_seeking: bool,
    /// Whether it ran dry and fills its cache; with how much of what it wants, 0 to 100.
    pub buffering: Option<u8>,
    /// Whether it stands at the end of the item.
    pub is_at_end: bool,
    /// The speed that it plays at.
    pub speed: f64,
    /// What it has ahead.
    pub buffered: Duration,
    /// How far the picture is behind the sound; zero where there is only one of them.
    pub picture_behind: Duration,
    /// What of a live source, or of a file that is still being written, the player has: it can go nowhere else.
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
    /// Returns whether it is live.
    pub fn is_live(&self) -> bool {
        self.extent == Extent::Live
    }

    /// Returns whether it is still being written.
    pub fn is_growing(&self) -> bool {
        self.extent == Extent::Growing
    }
}

impl Window {
    /// Returns whether a position is in it.
    pub fn contains(&self, position: MediaTime) -> bool {
        (self.from..=self.to).contains(&position)
    }
}

/// What somebody at the player's window wants, when no command of ours explains what happened.
///
/// A wish freezes the player: the worker pauses it at once, and the session says what happens next. Whether the wish
/// counts (the host's) or is undone (a viewer's) is not the player's business.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Wish {
    /// To play on; the worker has paused it again within milliseconds.
    Play,
    /// To stand at the frame that is shown.
    Pause {
        /// That frame's position.
        position: MediaTime,
    },
    /// To go elsewhere; the worker has paused it and the seek is on its way.
    Seek {
        /// Where to.
        position: MediaTime,
    },
    /// To play at another speed.
    Speed {
        /// Which.
        speed: f64,
    },
    /// To watch something else; it is being opened, and the worker keeps it paused.
    Open {
        /// What was opened: an absolute path or a link.
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

/// What a player tells.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum PlayerEvent {
    /// It runs and has nothing on.
    Started {
        /// The library's version, for words such as "mpv 0.35.1".
        version: String,
    },
    /// The item is open and stands, paused, at the wanted position.
    Loaded {
        /// Of the `Load`, or, after a wish to open something, of the last command before it.
        generation: Generation,
        /// What it is.
        media: Media,
        /// Where it stands: the shown frame's time.
        position: MediaTime,
    },
    /// The item could not be opened.
    LoadFailed {
        /// Of the `Load`.
        generation: Generation,
        /// What kind of failure it is.
        why: LoadFailure,
        /// What went wrong, in the library's words, uncleaned.
        reason: String,
    },
    /// It stands, paused, where a `Hold` sent it.
    Landed {
        /// Of the `Hold`.
        generation: Generation,
        /// The frame that it stands at: an exact seek lands on the first frame at or after the target.
        position: MediaTime,
        /// How long it took.
        took: Duration,
    },
    /// It plays since an instant.
    Released {
        /// Of the `Release`.
        generation: Generation,
        /// When it was unpaused.
        at: LocalTime,
    },
    /// How it does.
    Status(PlayerStatus),
    /// The chapters of what was loaded last: after `Loaded` where there are any, and whenever they change.
    Chapters(Vec<Chapter>),
    /// Whether the file that was loaded last grows, once that is known, and again whenever it changes.
    Length {
        /// How long the file is; none while it grows, and where nobody knows.
        duration: Option<MediaTime>,
        /// `Growing` or `Whole`.
        extent: Extent,
    },
    /// How it plays what was loaded last, where that has changed; at most once a second.
    Facts(Facts),
    /// Something that its user should know, and that stops nothing: for example that there is no display.
    Notice {
        /// One sentence, uncleaned.
        text: String,
    },
    /// What somebody at its window wants.
    Wish {
        /// The last command of ours before it: a wish that is older than what the room did since is void.
        generation: Generation,
        /// When it was noticed.
        at: LocalTime,
        /// What.
        wish: Wish,
    },
    /// Its window was closed by its user.
    Closed,
    /// It died or could not be started; the words say what and what to do.
    Gone {
        /// What happened.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
        /// Whether another try can help.
        may_retry: bool,
    },
}
