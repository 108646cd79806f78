//! Files that are still being written: recordings and downloads.
//!
//! mpv takes the end of what is written for the end of the file. It can read on after another seek, but it does not look by
//! itself. A file whose size changes while it is open is growing: it has no length, and its end is not the film's. A player
//! that gets there lacks data, like one on a slow connection, and goes on when there is enough of it.
//!
//! A file that did not change for several times as long as between the changes before is complete. mpv still has the length from when it was opened, so a second
//! player opens the file and reads the real one.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::{Stage, Worker, log};
use crate::local_clock::monotonic;
use crate::player::ffi::Event;
use crate::player::mpv::{Idle, c_text};
use crate::player::{Extent, PlayerEvent, Source};

/// The time between two looks at a file's size.
const LOOK: Duration = Duration::from_millis(500);

/// How long a file is watched before it counts as whole. Recorders write in blocks: ffmpeg's 256 KiB are 16 seconds of sound
/// at 128 kbit/s.
const WHOLE: Duration = Duration::from_secs(20);

/// So many of the longest time between two changes must pass without one before a file that grew is complete.
const GAPS: u32 = 3;

/// The least and the most that is waited for a change.
const SETTLED: (Duration, Duration) = (Duration::from_secs(8), Duration::from_mins(1));

/// How much must be there before a player that waits at the end of what is written goes on.
const ENOUGH: Duration = Duration::from_secs(3);

/// How long a second player may take to open a file.
const PROBE: Duration = Duration::from_secs(10);

/// The options of the second player: it shows and plays nothing and reads nothing of the user's.
const PROBE_OPTIONS: [(&str, &str); 8] = [
    ("config", "no"),
    ("load-scripts", "no"),
    ("osc", "no"),
    ("terminal", "no"),
    ("ytdl", "no"),
    ("vo", "null"),
    ("ao", "null"),
    ("pause", "yes"),
];

/// What the size of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// The file grows.
    Grows,
    /// It is complete and has been for as long as it is watched.
    IsWhole,
    /// It is complete and grew before.
    IsComplete,
}

/// The size of an open file over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    bytes: u64,
    changed: LocalTime,
    /// The longest time between two changes; none before the first change.
    longest_gap: Option<Duration>,
    last: Option<News>,
}

impl Size {
    const fn new(bytes: u64, now: LocalTime) -> Self {
        Self {
            bytes,
            changed: now,
            longest_gap: None,
            last: None,
        }
    }

    /// Takes in the file's size, and returns what is new.
    fn handle_bytes(&mut self, bytes: u64, now: LocalTime) -> Option<News> {
        let unchanged = now.saturating_since(self.changed);
        if bytes > self.bytes {
            self.longest_gap = Some(self.longest_gap.unwrap_or_default().max(unchanged));
            self.changed = now;
        }
        self.bytes = bytes;
        let unchanged = now.saturating_since(self.changed);
        let news = match self.longest_gap {
            Some(gap) if unchanged < (gap * GAPS).clamp(SETTLED.0, SETTLED.1) => News::Grows,
            Some(_) => News::IsComplete,
            None if unchanged < WHOLE => return None,
            None => News::IsWhole,
        };
        (self.last.replace(news) != Some(news)).then_some(news)
    }
}

/// Where a player came to the end of what was written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edge {
    position: MediaTime,
    bytes: u64,
}

impl Edge {
    /// Returns whether enough was written since to go on: as many bytes as [`ENOUGH`] took on average so far.
    fn has_enough(&self, bytes: u64) -> bool {
        let more = bytes.saturating_sub(self.bytes).saturating_mul(1_000);
        let so_far = u64::try_from(self.position.as_millis()).unwrap_or_default();
        let enough = u64::try_from(ENOUGH.as_millis()).unwrap_or(u64::MAX);
        more > 0 && more.saturating_mul(so_far) >= self.bytes.saturating_mul(1_000).saturating_mul(enough)
    }
}

/// Watches whether the open file grows.
#[derive(Debug, Default)]
pub(super) struct Growth {
    file: Option<(PathBuf, Size)>,
    next_look: Option<LocalTime>,
    edge: Option<Edge>,
    probe: Option<Receiver<Option<MediaTime>>>,
}

impl Worker<'_> {
    /// Begins to watch what is about to be opened, if it is a file.
    pub(super) fn watch_growth(&mut self, source: Option<&Source>, now: LocalTime) {
        let file = match source {
            Some(Source::File(path)) => size_of(path).map(|bytes| (path.clone(), Size::new(bytes, now))),
            Some(Source::Link(_)) | None => None,
        };
        self.growth = Growth {
            file,
            ..Growth::default()
        };
    }

    /// Returns whether the open file is still being written.
    pub(super) fn is_growing(&self) -> bool {
        matches!(&self.stage, Stage::Open(film) if film.media.is_growing())
    }

    /// Returns whether the player is at the end of the film, and not only at the end of what is written of it.
    pub(super) fn is_at_end(&self) -> bool {
        self.mpv.is(c"eof-reached") && !self.is_growing()
    }

    /// Returns whether the player is at the end of what is written.
    pub(super) fn is_at_edge(&self) -> bool {
        self.is_growing() && self.mpv.is(c"eof-reached")
    }

    /// Looks at the file's size when that is due.
    pub(super) fn look_at_growth(&mut self, now: LocalTime) {
        if !matches!(self.stage, Stage::Open(_)) || self.growth.next_look.is_some_and(|due| now < due) {
            return;
        }
        self.growth.next_look = Some(now + LOOK);
        let Some((path, size)) = &mut self.growth.file else {
            return;
        };
        let Some(bytes) = size_of(path) else { return };
        let path = path.clone();
        match size.handle_bytes(bytes, now) {
            Some(News::Grows) => {
                self.growth.probe = None;
                self.length_is(None, Extent::Growing);
            }
            Some(News::IsWhole) => {
                let Stage::Open(film) = &self.stage else { return };
                self.length_is(film.media.duration, Extent::Whole);
            }
            Some(News::IsComplete) => self.growth.probe = Some(begin_probe(path)),
            None => {}
        }
        self.take_probe();
        self.go_on_from_edge(bytes);
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
        // A player that still waits at the end of what was written plays the rest, however little it is.
        if !self.go_on_from_edge(u64::MAX) {
            self.look(monotonic());
        }
    }

    fn length_is(&mut self, duration: Option<MediaTime>, extent: Extent) {
        let Stage::Open(film) = &mut self.stage else {
            return;
        };
        (film.media.duration, film.media.extent) = (duration, extent);
        self.outbox.push(PlayerEvent::Length { duration, extent });
    }

    /// Lets a player that came to the end of what was written read on once there is enough; returns whether it did.
    fn go_on_from_edge(&mut self, bytes: u64) -> bool {
        if !self.mpv.is(c"eof-reached") || self.is_seeking() {
            self.growth.edge = None;
            return false;
        }
        if !self.is_growing() && self.growth.edge.is_none() {
            return false;
        }
        let Some(position) = self.position(c"time-pos") else {
            return false;
        };
        let edge = *self.growth.edge.get_or_insert(Edge { position, bytes });
        let has_enough = edge.has_enough(bytes);
        if has_enough {
            self.growth.edge = None;
            self.read_on();
        }
        has_enough
    }
}

fn size_of(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|there| there.len())
}

/// Begins to read how long a file is.
fn begin_probe(path: PathBuf) -> Receiver<Option<MediaTime>> {
    let (answer, probe) = sync_channel(1);
    let started = thread::Builder::new().name("length".to_owned()).spawn(move || {
        // Nobody waits for it any more where another film is on.
        answer.send(length_of(&path)).ok();
    });
    if let Err(error) = started {
        log(&format!("a length cannot be read: {error}"));
    }
    probe
}

/// Returns how long a file is, as a player that opens it now sees it.
fn length_of(path: &Path) -> Option<MediaTime> {
    let idle = Idle::create().ok()?;
    for (name, value) in PROBE_OPTIONS {
        idle.set_option(name, value).ok()?;
    }
    let (events, opened) = sync_channel(1);
    let mpv = idle
        .start(&[], move |_at, event| {
            let is_answer = matches!(event, Event::FileLoaded | Event::EndFile { .. });
            !is_answer || events.send(event).is_ok()
        })
        .ok()?;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes()).ok()?;
    let words = [c_text("loadfile")?, path];
    let is_open = mpv.command(&words).is_ok()
        && match opened.recv_timeout(PROBE) {
            Ok(event) => event == Event::FileLoaded,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        };
    let duration = is_open.then(|| mpv.position(c"duration")).flatten();
    drop(opened);
    mpv.end();
    duration.filter(|d| *d > MediaTime::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> LocalTime {
        LocalTime::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn a_file_that_changes_grows_until_it_did_not_change_for_a_while() {
        let mut size = Size::new(1_000, at(0));

        assert_eq!(size.handle_bytes(1_000, at(2)), None);
        assert_eq!(size.handle_bytes(1_500, at(3)), Some(News::Grows));
        assert_eq!(size.handle_bytes(1_600, at(6)), None);
        assert_eq!(size.handle_bytes(1_600, at(14)), None);
        assert_eq!(size.handle_bytes(1_600, at(15)), Some(News::IsComplete));
        assert_eq!(size.handle_bytes(1_700, at(40)), Some(News::Grows));
    }

    #[test]
    fn a_recorder_that_writes_seldom_is_waited_for_longer() {
        let mut size = Size::new(1_000, at(0));
        size.handle_bytes(2_000, at(5));
        size.handle_bytes(3_000, at(21));

        assert_eq!(size.handle_bytes(3_000, at(68)), None);
        assert_eq!(size.handle_bytes(3_000, at(69)), Some(News::IsComplete));
    }

    #[test]
    fn a_file_that_never_changes_is_whole_and_that_is_told_once() {
        let mut size = Size::new(1_000, at(0));

        assert_eq!(size.handle_bytes(1_000, at(19)), None);
        assert_eq!(size.handle_bytes(1_000, at(20)), Some(News::IsWhole));
        assert_eq!(size.handle_bytes(1_000, at(99)), None);
    }

    #[test]
    fn a_player_at_the_edge_goes_on_when_some_seconds_were_written() {
        let edge = Edge {
            position: MediaTime::from_millis(10_000),
            bytes: 1_000_000,
        };

        assert!(!edge.has_enough(1_000_000));
        assert!(!edge.has_enough(1_299_000));
        assert!(edge.has_enough(1_300_000));
    }
}
