//! Opens films: those that we request, and those that the user opens in the window.

use std::ffi::{CString, OsStr};
use std::fmt::Display;
use std::io::ErrorKind;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use watchtogether_protocol::player_reason::OpenError;
use watchtogether_protocol::{Clean, LocalTime, MediaTime};

use super::landing::{LandedFrame, PendingHold, Place};
use super::length::Length;
use super::source::{self, WindowOpening};
use super::{FilmState, OpenFilm, Watcher, Worker, log, options};
use crate::local_clock::monotonic;
use crate::player::command_tracker::{EndMeans, FileEnd, StartMeans};
use crate::player::ffi::{Code, END_FILE_ERROR, END_FILE_REDIRECT};
use crate::player::mpv::{FRAME_RATES, c_text};
use crate::player::{Extent, Generation, LoadFailure, Media, PlayerEvent, Source, WindowRequest};

/// How long a log line may come after the event that a file cannot be opened: the player returns log lines only when there is
/// nothing else to return.
const LOG_LAG: Duration = Duration::from_millis(100);

/// A file that could not be opened; not reported yet.
#[derive(Debug)]
pub(super) struct OpenFailure {
    generation: Generation,
    /// Whether it is the first entry of an opened list.
    is_in_list: bool,
    kind: LoadFailure,
    message: String,
    pub(super) report_at: LocalTime,
}

/// A file that is being opened.
#[derive(Debug)]
pub(super) struct FileOpening {
    /// The parent's last command when opening began.
    generation: Generation,
    /// The number of the command, if we requested the file.
    command: Option<u64>,
    /// The target position, if we requested the file.
    target: Option<MediaTime>,
    /// Whether the user's action has to be reported once it is known what was opened.
    is_untold: bool,
    /// A hold that arrived while the file is being opened.
    pub(super) hold: Option<PendingHold>,
}

impl FileOpening {
    const fn new(generation: Generation) -> Self {
        Self {
            generation,
            command: None,
            target: None,
            is_untold: false,
            hold: None,
        }
    }
}

impl Worker<'_> {
    /// Opens a source at the parent's request, paused at a position.
    pub(super) fn load(&mut self, source: &Source, position: MediaTime) {
        // The previous film must not continue while the next one is being opened.
        self.pause();
        self.failure = None;
        let position = position.max(MediaTime::ZERO);
        match self.ask_for(source, position) {
            Ok(command) => {
                self.tracker.asked_for_file(command);
                self.film = FilmState::Opening(FileOpening {
                    command: Some(command),
                    target: Some(position),
                    ..FileOpening::new(self.generation)
                });
            }
            Err(reason) => {
                self.film = FilmState::Empty;
                self.load_failed(LoadFailure::Unreadable, reason);
            }
        }
    }

    fn ask_for(&mut self, source: &Source, position: MediaTime) -> Result<u64, OpenError> {
        let mut file_options = Vec::new();
        if position > MediaTime::ZERO {
            file_options.push(format!("start={:.6}", position.as_secs_f64()));
        }
        let what = match source {
            Source::File(path) => {
                let path = readable_file(path)?;
                CString::new(path.into_os_string().into_vec()).map_err(|error| unreadable(&error))?
            }
            Source::Link(link) => {
                // A link from the room must be a web link: mpv would also open files and devices by URL.
                if !matches!(
                    source::of_player(link.as_bytes(), Path::new("/")),
                    WindowOpening::Film(Source::Link(_))
                ) {
                    return Err(OpenError::NotALink);
                }
                file_options.push(options::for_link());
                c_text(link).ok_or(OpenError::NotALink)?
            }
        };
        let args = options::loadfile(what, &file_options.join(","), self.loadfile_takes_index)
            .ok_or(OpenError::Refused)?;
        self.mpv.ask(&args).map_err(|args| OpenError::Mpv {
            cause: Clean::line(&args),
        })
    }

    /// Handles the player's refusal of the command to open a file.
    pub(super) fn load_refused(&mut self, id: u64) {
        if let FilmState::Opening(opening) = &self.film
            && opening.command == Some(id)
        {
            self.load_failed(LoadFailure::Other, OpenError::Refused);
        }
    }

    fn load_failed(&mut self, kind: LoadFailure, reason: OpenError) {
        let generation = self.opening_generation();
        self.stop();
        self.outbox.push(PlayerEvent::LoadFailed {
            generation,
            kind,
            reason,
        });
    }

    /// Reports a failure once the player has had time to log the reason.
    pub(super) fn report_failure(&mut self, now: LocalTime) {
        if let Some(failure) = self.failure.take_if(|failure| failure.report_at <= now) {
            let cause = Clean::line(&self.errors.reason(&failure.message));
            self.outbox.push(PlayerEvent::LoadFailed {
                generation: failure.generation,
                kind: failure.kind,
                reason: if failure.is_in_list {
                    OpenError::ListEntry { cause }
                } else {
                    OpenError::Mpv { cause }
                },
            });
        }
    }

    fn opening_generation(&self) -> Generation {
        match &self.film {
            FilmState::Opening(opening) => opening.generation,
            FilmState::Empty | FilmState::Open(_) => self.generation,
        }
    }

    /// Unloads the item at the parent's request.
    pub(super) fn unload(&mut self) {
        self.pause();
        self.failure = None;
        self.stop();
    }

    /// Unloads whatever is loaded.
    fn stop(&mut self) {
        self.film = FilmState::Empty;
        if let Err(error) = self.mpv.ask(&[c"stop".to_owned()]) {
            log(&format!("mpv does not stop: {error}"));
        }
    }

    /// Handles a file that is about to be opened.
    pub(super) fn file_starts(&mut self, entry: i64, at: LocalTime) {
        self.errors.clear();
        let on = match self.current_opening() {
            WindowOpening::Film(source) => Some(source),
            WindowOpening::List | WindowOpening::Unshareable => None,
        };
        self.watch_growth(on.as_ref());
        match self.tracker.judge_start(entry) {
            StartMeans::Nothing | StartMeans::Ours => {}
            StartMeans::UserOpened => {
                self.pause();
                self.cancel_release();
                let mut opening = FileOpening::new(self.generation);
                match self.current_opening() {
                    WindowOpening::Film(source) => self.request(WindowRequest::Open { source }, at),
                    WindowOpening::List => opening.is_untold = true,
                    WindowOpening::Unshareable => {
                        return self.load_failed(LoadFailure::Other, OpenError::NotShareable);
                    }
                }
                self.film = FilmState::Opening(opening);
            }
        }
    }

    fn current_opening(&self) -> WindowOpening {
        let path = self.mpv.bytes(c"path").unwrap_or_default();
        let directory = self.mpv.bytes(c"working-directory").unwrap_or_default();
        source::of_player(&path, Path::new(OsStr::from_bytes(&directory)))
    }

    /// Handles a file that ended or could not be opened.
    pub(super) fn file_ended(&mut self, entry: i64, reason: u32, error: Code, replaced_by: (i64, i32)) {
        let end = match reason {
            END_FILE_ERROR => FileEnd::Error,
            END_FILE_REDIRECT => FileEnd::Redirect {
                first: replaced_by.0,
                count: i64::from(replaced_by.1),
            },
            _ => FileEnd::Other,
        };
        match self.tracker.judge_end(entry, end) {
            EndMeans::Nothing => {}
            EndMeans::EndlessList => self.load_failed(LoadFailure::Other, OpenError::EndlessList),
            EndMeans::Failed { is_in_list } => {
                let generation = self.opening_generation();
                self.stop();
                self.failure = Some(OpenFailure {
                    generation,
                    is_in_list,
                    kind: kind_of(error),
                    message: self.mpv.error_text(error),
                    // The library's error code is too coarse; the log line with the reason arrives a little later.
                    report_at: monotonic() + LOG_LAG,
                });
            }
        }
    }

    /// Handles an idle player. If a film was open, the user closed it in the window.
    pub(super) fn player_is_empty(&mut self) {
        if matches!(self.film, FilmState::Open(_)) && !self.tracker.awaits_file() {
            self.pause();
            self.load_failed(LoadFailure::Other, OpenError::ClosedByUser);
        }
    }

    /// Handles a file that has been opened, and reports it.
    pub(super) fn opened(&mut self, is_ours: bool) {
        let FilmState::Opening(opening) = std::mem::replace(&mut self.film, FilmState::Empty) else {
            return;
        };
        if opening.is_untold
            && let WindowOpening::Film(source) = self.current_opening()
        {
            self.request(WindowRequest::Open { source }, monotonic());
        }
        self.take_look();
        let media = self.media();
        self.origin = self.origin_of(&media);
        // A live source opens at its present position, whatever was requested.
        let target = opening.target.filter(|_| is_ours && !media.is_live());
        let position = self.landed_at(&media, target).unwrap_or_default();
        let place = match target {
            Some(target) => Place::Landed(LandedFrame { target, position }),
            None => Place::Moving,
        };
        self.silent_ticks = 0;
        self.last_position = Some(position);
        self.film = FilmState::Open(OpenFilm {
            media: media.clone(),
            place,
        });
        self.start_measuring();
        self.outbox.push(PlayerEvent::Loaded {
            generation: opening.generation,
            media,
            position,
        });
        self.facts = Watcher::default();
        if let Some(hold) = opening.hold {
            self.hold(hold.position, hold.asked_at);
        }
    }

    fn media(&self) -> Media {
        let mpv = &self.mpv;
        let is_live = self.is_live();
        let length = Length::of(mpv);
        let extent = if is_live {
            Extent::Live
        } else if self.is_being_written(length) {
            Extent::Growing
        } else {
            Extent::Whole
        };
        let rate = mpv
            .number(c"container-fps")
            .filter(|rate| FRAME_RATES.contains(rate));
        Media {
            duration: length.known().filter(|_| extent == Extent::Whole),
            extent,
            title: mpv.text(c"media-title").unwrap_or_default(),
            has_audio: mpv.int(c"current-tracks/audio/id").is_some(),
            // The cover picture of an audio file cannot be late.
            has_video: mpv.int(c"current-tracks/video/id").is_some()
                && !mpv.is(c"current-tracks/video/albumart"),
            is_seekable: (is_live && self.is_stamped()) || self.is_demuxer_seekable(),
            frame: rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        }
    }
}

/// Returns the kind of failure for an error of the library.
const fn kind_of(error: Code) -> LoadFailure {
    match error {
        Code::LOADING_FAILED => LoadFailure::Unreadable,
        Code::UNKNOWN_FORMAT | Code::NOTHING_TO_PLAY => LoadFailure::NotAFilm,
        _ => LoadFailure::Other,
    }
}

/// Returns the absolute path of a file, or why it cannot be opened.
fn readable_file(path: &Path) -> Result<PathBuf, OpenError> {
    let path = std::path::absolute(path).map_err(|error| reason_of(&error))?;
    if std::fs::metadata(&path)
        .map_err(|error| reason_of(&error))?
        .is_dir()
    {
        return Err(OpenError::Folder);
    }
    std::fs::File::open(&path).map_err(|error| reason_of(&error))?;
    Ok(path)
}

fn reason_of(error: &std::io::Error) -> OpenError {
    if error.kind() == ErrorKind::NotFound {
        OpenError::NoSuchFile
    } else if error.kind() == ErrorKind::PermissionDenied {
        OpenError::NotAllowed
    } else {
        unreadable(error)
    }
}

fn unreadable(error: &impl Display) -> OpenError {
    OpenError::Unreadable {
        cause: Some(Clean::line(&error.to_string())),
    }
}
