//! Watches files that are still being written: recordings and downloads.
//!
//! mpv takes the end of the written part for the end of the file. It continues reading after another seek, but does not check by
//! itself. A file whose size changes while it is open is growing: it has no length, and its end is not the film's. A player that
//! gets there lacks data, as on a slow connection, and continues when there is enough.
//!
//! A file without a stored length (an unfinished recording, a transport stream) that was written to within the last minute is
//! assumed to grow before that is seen: the length that mpv computes from the present part cannot be used.
//!
//! A thread checks the file ([`FileInspector`]), because a check may take minutes on a network share that does not answer. A file
//! that has not changed since it was opened, and was not assumed to grow, is no longer checked.
//!
//! A file that somebody has open for writing ([`writers`](super::writers)) is not complete, however long it pauses. A file whose
//! writer is gone or unknown is complete when it has not changed for several times the longest pause before. mpv still has the
//! length from when it was opened, so a second player opens the file and reads the real one.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::file_inspector::{FileInspector, FileSnapshot};
use super::length::Length;
use super::writers::{Writer, Writers, is_open_for_writing};
use super::{FilmState, Worker, log};
use crate::local_clock::monotonic;
use crate::player::ffi::MpvEvent;
use crate::player::mpv::Idle;
use crate::player::{Extent, Source, Window};

/// The interval at which a file's size is checked.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// How long a file is watched before it counts as complete. Recorders write in blocks: ffmpeg's 256 KiB are 16 seconds of sound
/// at 128 kbit/s.
const WHOLE_AFTER: Duration = Duration::from_secs(20);

/// The wait for a change before a file that grew counts as complete, as a multiple of the longest pause so far.
const GAPS: u32 = 3;

/// The shortest wait for a change after the writer was seen to close the file: another may continue, or the file may be moved.
const SETTLED_CLOSED: Duration = Duration::from_secs(8);

/// The shortest wait if no writer was ever seen. A download that lost its connection retries after 10 to 20 seconds, and ending a
/// room's film too early is worse than waiting a little longer at its end.
const SETTLED_UNKNOWN: Duration = Duration::from_secs(30);

/// The longest wait for a change.
const SETTLED_MOST: Duration = Duration::from_mins(1);

/// How far beyond the estimated end of the written part a player may seek, in percent of the estimate: if the length was known
/// when the file was opened, and if it was not. In the second case, the estimate comes from the part that was played, and scenes
/// differ.
const BEYOND_WRITTEN: (i64, i64) = (25, 100);

/// The shortest such distance.
const BEYOND_WRITTEN_LEAST: MediaTime = MediaTime::from_millis(30_000);

/// How much must have been played before it can be used to estimate how much is written.
const PLAYED: MediaTime = MediaTime::from_millis(2_000);

/// How much must be available before a player that waits at the end of the written part continues.
const RESUME_AT: Duration = Duration::from_secs(3);

/// A player that stops further than this before its target has reached the end of the written part.
const SHORT: MediaTime = MediaTime::from_millis(500);

/// How far before the known end of the written part a seek to the last frame may go: the player finds more data while it seeks.
const LAST_FRAME: MediaTime = MediaTime::from_millis(2_000);

/// How long a second player may take to open a file.
const PROBE: Duration = Duration::from_secs(10);

/// The options of the second player: it shows and plays nothing, and does not read the user's configuration.
const PROBE_OPTIONS: [(&str, &str); 9] = [
    ("config", "no"),
    ("keep-open", "always"),
    ("load-scripts", "no"),
    ("osc", "no"),
    ("terminal", "no"),
    ("ytdl", "no"),
    ("vo", "null"),
    ("ao", "null"),
    ("pause", "yes"),
];

/// A position beyond the end of every film: a player that seeks there reads all of a file.
const BEHIND_ALL: &CStr = c"8640000";

/// The conclusion from checking a file's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GrowthNews {
    /// The file is growing.
    Grows,
    /// The file has been complete for as long as it has been watched.
    IsWhole,
    /// The file is complete, and grew before.
    IsComplete,
}

/// The size of an open file over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SizeHistory {
    bytes: u64,
    changed: LocalTime,
    /// The longest time between two changes; `None` before the first change.
    longest_gap: Option<Duration>,
    last: Option<GrowthNews>,
}

impl SizeHistory {
    const fn new(bytes: u64, now: LocalTime) -> Self {
        Self {
            bytes,
            changed: now,
            longest_gap: None,
            last: None,
        }
    }

    /// Records a check of the file and returns a new conclusion, if any; `is_growing` says whether the file is assumed to grow.
    fn handle_look(&mut self, look: &FileSnapshot, is_growing: bool) -> Option<GrowthNews> {
        let (bytes, now) = (look.bytes, look.at);
        let unchanged = now.saturating_since(self.changed);
        if bytes > self.bytes {
            self.longest_gap = Some(self.longest_gap.unwrap_or_default().max(unchanged));
            self.changed = now;
        }
        self.bytes = bytes;
        let unchanged = now.saturating_since(self.changed);
        let (is_held, least) = match look.writer {
            Writer::Open => (true, SETTLED_CLOSED),
            Writer::Closed => (false, SETTLED_CLOSED),
            Writer::Unknown => (false, SETTLED_UNKNOWN),
        };
        // A complete file that somebody opens for writing counts as growing only once its size changes.
        let is_complete = self.last == Some(GrowthNews::IsComplete);
        let news = match self.longest_gap {
            Some(gap) if (is_held && !is_complete) || unchanged < (gap * GAPS).clamp(least, SETTLED_MOST) => {
                GrowthNews::Grows
            }
            Some(_) => GrowthNews::IsComplete,
            // A program that shares a complete film may have it open for writing, too.
            None if unchanged < WHOLE_AFTER || (is_held && is_growing) => return None,
            None => GrowthNews::IsWhole,
        };
        (self.last.replace(news) != Some(news)).then_some(news)
    }
}

/// The place where a player reached the end of the written part.
#[derive(Clone, Copy, Debug, PartialEq)]
struct DataEnd {
    position: MediaTime,
    bytes: u64,
}

impl DataEnd {
    /// Returns the edge if a player that should seek to `target` and stopped here has reached it.
    fn of_landing_for(self, target: MediaTime) -> Option<Self> {
        (self.position + SHORT < target).then_some(self)
    }

    /// Returns whether enough has been written since then to continue: as many bytes as [`RESUME_AT`] took on average so far.
    fn has_enough(&self, bytes: u64) -> bool {
        let more = bytes.saturating_sub(self.bytes).saturating_mul(1_000);
        let so_far = u64::try_from(self.position.as_millis()).unwrap_or_default();
        let enough = u64::try_from(RESUME_AT.as_millis()).unwrap_or(u64::MAX);
        more > 0 && more.saturating_mul(so_far) >= self.bytes.saturating_mul(1_000).saturating_mul(enough)
    }
}

/// The file that is loaded.
#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    /// The thread that checks the file; `None` once it is known to be complete.
    inspector: Option<FileInspector>,
    /// The first check and the conclusion from later ones; `None` until the disk has answered.
    seen: Option<(FileSnapshot, SizeHistory)>,
}

/// Watches whether the open file grows.
#[derive(Debug, Default)]
pub(super) struct Growth {
    file: Option<OpenFile>,
    next_look: Option<LocalTime>,
    edge: Option<DataEnd>,
    probe: Option<Receiver<Option<MediaTime>>>,
    /// The size of the file when it was opened, and its length if the file says it.
    opened: Option<(u64, MediaTime)>,
}

impl Growth {
    /// Returns the first check and the conclusion from later ones.
    fn seen(&self) -> Option<(FileSnapshot, SizeHistory)> {
        self.file.as_ref()?.seen
    }
}

impl Worker<'_> {
    /// Starts to watch the source that is about to be opened, if it is a file.
    pub(super) fn watch_growth(&mut self, source: Option<&Source>) {
        let file = match source {
            Some(Source::File(path)) => Some(OpenFile {
                path: path.clone(),
                inspector: start_inspector(path.clone()),
                seen: None,
            }),
            Some(Source::Link(_)) | None => None,
        };
        self.growth = Growth {
            file,
            ..Growth::default()
        };
    }

    /// Returns whether the loaded file was written to shortly before it was opened and, according to the player's report of its
    /// length, may lack its end.
    pub(super) fn is_being_written(&self, length: Length) -> bool {
        let first = self.growth.seen();
        let was_just_written = first.is_some_and(|(look, _)| look.age.is_some_and(|age| age < SETTLED_MOST));
        was_just_written && (length.known().is_none() || self.is_stamped())
    }

    /// Returns whether a link is loaded.
    pub(super) const fn is_link(&self) -> bool {
        self.growth.file.is_none()
    }

    /// Records the length of the file that was just opened, and starts to read the length if the file does not say it.
    pub(super) fn start_measuring(&mut self) {
        let (
            FilmState::Open(film),
            Some(OpenFile {
                path,
                seen: Some((look, _)),
                ..
            }),
        ) = (&self.film, &self.growth.file)
        else {
            return;
        };
        let length = Length::of(&self.mpv).known();
        self.growth.opened = length.map(|duration| (look.bytes, duration));
        if film.media.duration.is_none() && !film.media.is_growing() {
            self.growth.probe = Some(begin_probe(path.clone()));
        }
    }

    /// Returns the part of a growing file in which the player may seek: everything that is estimated to be written, plus a
    /// generous margin.
    pub(super) fn written(&self) -> Option<Window> {
        let (_, size) = self.growth.seen()?;
        let (of, length, percent) = if let Some((bytes, duration)) = self.growth.opened {
            (bytes, duration, BEYOND_WRITTEN.0)
        } else {
            // Without a stored length, only the played part shows how many bytes a second of film takes.
            let position = self.position(c"time-pos").filter(|played| *played >= PLAYED)?;
            let bytes = u64::try_from(self.mpv.int(c"stream-pos")?).ok()?;
            (bytes, position, BEYOND_WRITTEN.1)
        };
        let estimate = in_proportion(length, size.bytes, of)?;
        let estimate = estimate.max(Length::of(&self.mpv).at_least().unwrap_or_default());
        let beyond = MediaTime::from_nanos(estimate.as_nanos() / 100 * percent).max(BEYOND_WRITTEN_LEAST);
        Some(Window {
            from: MediaTime::ZERO,
            to: estimate + beyond,
        })
    }

    /// Returns whether the open file is still being written.
    pub(super) fn is_growing(&self) -> bool {
        matches!(&self.film, FilmState::Open(film) if film.media.is_growing())
    }

    /// Returns whether the player is at the end of the film, not only at the end of the written part.
    pub(super) fn is_at_end(&self) -> bool {
        self.mpv.is(c"eof-reached") && !self.is_growing()
    }

    /// Returns whether the player is at the end of the written part: it ran into it, or should have seeked beyond it and did not
    /// get there. A paused player that shows the last frame does not report that it is at the end.
    pub(super) fn is_at_edge(&self) -> bool {
        self.is_growing() && (self.growth.edge.is_some() || self.mpv.is(c"eof-reached"))
    }

    /// Records where a seek to `target` landed, and returns whether that is the end of the written part.
    pub(super) fn landed_at_edge(&mut self, target: Option<MediaTime>) -> bool {
        let shown = self.position(c"time-pos").filter(|_| self.is_growing());
        let seen = self.growth.seen();
        self.growth.edge = shown
            .zip(target)
            .zip(seen)
            .and_then(|((position, target), (_, size))| {
                let bytes = size.bytes;
                DataEnd { position, bytes }.of_landing_for(target)
            });
        self.growth.edge.is_some()
    }

    /// Records that the player seeks elsewhere.
    pub(super) const fn clear_data_end(&mut self) {
        self.growth.edge = None;
    }

    /// Returns where a player seeks by itself if it finds no data at its target `position`: to its last frame.
    pub(super) fn end_of_data(&self, position: Option<MediaTime>) -> Option<MediaTime> {
        if self.mpv.is(c"eof-reached") {
            return position;
        }
        let FilmState::Open(film) = &self.film else {
            return None;
        };
        let seen = self.growth.seen();
        let has_grown = seen.is_some_and(|(_, size)| size.longest_gap.is_some());
        if film.media.is_growing() || has_grown {
            Some(last_frame(position, self.position(c"duration")?))
        } else {
            film.media.duration
        }
    }

    /// Requests the file's size when that is due, and handles the results.
    pub(super) fn look_at_growth(&mut self, now: LocalTime) {
        if !matches!(self.film, FilmState::Open(_)) {
            return;
        }
        self.take_look();
        if self.growth.next_look.is_some_and(|due| now < due) {
            return;
        }
        self.growth.next_look = Some(now + LOOK_INTERVAL);
        match &self.growth.file {
            Some(file) => {
                if let Some(inspector) = &file.inspector {
                    inspector.ask();
                }
                self.take_probe();
            }
            None => self.look_at_length(),
        }
    }

    /// Handles the result of a check, if there is one.
    pub(super) fn take_look(&mut self) {
        let is_growing = self.is_growing();
        let Some(watched) = &mut self.growth.file else {
            return;
        };
        let Some(look) = watched.inspector.as_ref().and_then(FileInspector::answer) else {
            return;
        };
        let Some((_, size)) = &mut watched.seen else {
            watched.seen = Some((look, SizeHistory::new(look.bytes, look.at)));
            return self.judge_late_look();
        };
        let path = watched.path.clone();
        match size.handle_look(&look, is_growing) {
            Some(GrowthNews::Grows) => {
                self.growth.probe = None;
                self.length_is(None, Extent::Growing);
            }
            Some(GrowthNews::IsWhole) => {
                // A file that was assumed to grow is still checked: its writer may only have paused.
                if !is_growing {
                    watched.inspector = None;
                }
                let FilmState::Open(film) = &self.film else {
                    return;
                };
                match film.media.duration {
                    Some(duration) => self.length_is(Some(duration), Extent::Whole),
                    None if self.growth.probe.is_none() => self.growth.probe = Some(begin_probe(path)),
                    None => {}
                }
            }
            Some(GrowthNews::IsComplete) => self.growth.probe = Some(begin_probe(path)),
            None => {}
        }
        self.resume_at_data_end(look.bytes);
    }

    /// Handles a first check whose result came only after the file was open.
    fn judge_late_look(&mut self) {
        let FilmState::Open(film) = &self.film else {
            return;
        };
        let is_growing = film.media.extent == Extent::Whole && self.is_being_written(Length::of(&self.mpv));
        if is_growing {
            self.length_is(None, Extent::Growing);
        }
        self.start_measuring();
    }

    fn take_probe(&mut self) {
        let Some(probe) = &self.growth.probe else { return };
        let duration = match probe.try_recv() {
            Ok(duration) => duration,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => None,
        };
        self.growth.probe = None;
        self.length_is(duration, Extent::Whole);
        // A player that still waits at the end plays the rest, however short it is.
        if !self.resume_at_data_end(u64::MAX) {
            self.look(monotonic());
        }
    }

    /// Lets a player that reached the end of the written part continue reading once there is enough; returns whether it did.
    fn resume_at_data_end(&mut self, bytes: u64) -> bool {
        let is_at_edge = self.growth.edge.is_some() || (self.is_growing() && self.mpv.is(c"eof-reached"));
        if !is_at_edge || self.is_seeking() {
            return false;
        }
        let Some(position) = self.position(c"time-pos") else {
            return false;
        };
        let edge = *self.growth.edge.get_or_insert(DataEnd { position, bytes });
        let has_enough = edge.has_enough(bytes);
        if has_enough {
            // It stays at the edge until the seek has landed.
            self.read_on();
        }
        has_enough
    }
}

/// Returns where the last frame is, for a seek to `position` by a player that has read a growing file up to `end`.
fn last_frame(position: Option<MediaTime>, end: MediaTime) -> MediaTime {
    let is_last = |position: &MediaTime| *position <= end && *position + LAST_FRAME >= end;
    position.filter(is_last).unwrap_or(end)
}

/// Starts to check a file, and requests the first check.
fn start_inspector(path: PathBuf) -> Option<FileInspector> {
    let mut writers = Writers::default();
    let inspector = FileInspector::start(move || look_at(&path, &mut writers))
        .inspect_err(|error| log(&format!("it cannot be watched whether the file grows: {error}")))
        .ok()?;
    inspector.ask();
    Some(inspector)
}

fn look_at(path: &Path, writers: &mut Writers) -> Option<FileSnapshot> {
    let there = std::fs::metadata(path).ok()?;
    // A modification time in the future comes from another machine's clock.
    let age = there.modified().ok().and_then(|at| at.elapsed().ok());
    let (bytes, at) = (there.len(), monotonic());
    if writers.handle_bytes(bytes, at) {
        writers.handle_search(is_open_for_writing(path), monotonic());
    }
    Some(FileSnapshot {
        bytes,
        age,
        writer: writers.writer(),
        at,
    })
}

/// Starts to read the length of a file.
fn begin_probe(path: PathBuf) -> Receiver<Option<MediaTime>> {
    let (answer, probe) = sync_channel(1);
    let started = thread::Builder::new().name("length".to_owned()).spawn(move || {
        // If another film is loaded by now, nobody waits for the result.
        answer.send(length_of(&path)).ok();
    });
    if let Err(error) = started {
        log(&format!("a length cannot be read: {error}"));
    }
    probe
}

/// Returns the length of a file as a player that opens it now reports it.
fn length_of(path: &Path) -> Option<MediaTime> {
    let idle = Idle::create().ok()?;
    for (name, value) in PROBE_OPTIONS {
        idle.set_option(name, value).ok()?;
    }
    let (events, opened) = sync_channel(1);
    let mpv = idle
        .start(&[], move |_at, event| {
            let is_answer = matches!(event, MpvEvent::PlaybackRestart | MpvEvent::EndFile { .. });
            !is_answer || events.send(event).is_ok()
        })
        .ok()?;
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let is_done = |args: &[CString]| {
        mpv.command(args).is_ok()
            && match opened.recv_timeout(PROBE) {
                Ok(event) => event == MpvEvent::PlaybackRestart,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
            }
    };
    let mut duration = None;
    if is_done(&[c"loadfile".to_owned(), path]) {
        duration = Length::of(&mpv).known();
        let seek = [c"seek", BEHIND_ALL, c"absolute"].map(CStr::to_owned);
        if duration.is_none() && is_done(&seek) {
            duration = Length::of(&mpv).at_least();
        }
    }
    drop(opened);
    mpv.end();
    duration
}

/// Returns the length that corresponds to `bytes` if `length` corresponds to `of`.
fn in_proportion(length: MediaTime, bytes: u64, of: u64) -> Option<MediaTime> {
    let nanos = i128::from(length.as_nanos()) * i128::from(bytes);
    let nanos = nanos.checked_div(i128::from(of))?;
    i64::try_from(nanos).ok().map(MediaTime::from_nanos)
}

#[cfg(test)]
mod tests;
