//! The child process that owns libmpv: carries out its parent's commands and reports events.
//!
//! One thread decides everything here. It waits on one queue for the parent's commands and the player's events, and for three
//! timers: the next status (ten a second), the release of a held player, and the end of a speed that was not renewed.
//! [`command_tracker`](super::command_tracker) decides who caused the player's events.
//!
//! - A **hold** pauses immediately, seeks exactly, and is answered when the player is there. If an earlier seek of ours has
//!   already put the player there, it is answered immediately.
//! - A **release** sleeps, spins for the last part, and unpauses. No position is requested shortly before it, because the
//!   player's answer may take too long.
//! - A **user's action** in the window is reported, and the player is paused: the session decides what happens next. Only a
//!   change of speed does not pause: it is undone and reported.
//!
//! One habit of mpv is lost: stepping to the next frame plays for one frame, which cannot be distinguished from pressing play;
//! stepping back is a seek. At the end of a film the worker pauses the player itself instead of leaving that to mpv, which would
//! undo an unpause there before anybody notices: the play key must work there, too.

mod buffering;
mod facts;
mod file_inspector;
mod growth;
mod inbox;
mod landing;
mod length;
mod live;
mod log_tail;
mod opening;
mod options;
mod outbox;
mod process;
mod source;
mod status;
mod writers;

use std::ffi::CStr;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use self::buffering::Refill;
use self::facts::Watcher;
use self::growth::Growth;
use self::inbox::WorkerInput;
use self::landing::Place;
use self::log_tail::LogTail;
use self::opening::{FileOpening, OpenFailure};
use self::outbox::Outbox;
pub use self::process::main;
use super::command_tracker::{CommandTracker, PauseMeans, SeekMeans};
use super::ffi::MpvEvent;
use super::mpv::{Mpv, c_text};
use super::{Adjustment, Generation, Media, PlayerCommand, PlayerEvent, PlayerStatus, WindowRequest};
use crate::local_clock::monotonic;

/// The interval of statuses while nothing changes.
const TICK: Duration = Duration::from_millis(100);

/// The last part of the wait for a release, for which the worker spins: a sleep may end a few tenths of a millisecond late.
const SPIN: Duration = Duration::from_micros(800);

/// How long before a release no property is read: of 3,500 answers of a busy player, the slowest took 20 ms.
const QUIET_BEFORE_RELEASE: Duration = Duration::from_millis(25);

/// How long a speed lasts if it is not renewed.
const SPEED_LASTS: Duration = Duration::from_secs(1);

/// The maximum number of the player's errors that a worker logs: a damaged film may have one per frame.
const LOG_LINES: u32 = 2_000;

/// The properties that are checked as soon as they change, because the user may have changed them.
const ACTED_ON: [&CStr; 5] = [
    c"pause",
    c"speed",
    c"eof-reached",
    c"paused-for-cache",
    c"idle-active",
];

/// The number that these properties are observed with.
const WATCH_AT_ONCE: u64 = 0;

/// Writes a line to the log: the worker's standard error, which is a file or discarded.
fn log(line: &str) {
    // If the line cannot be written, there is nowhere to report it.
    writeln!(std::io::stderr(), "player: {line}").ok();
}

/// The item that the player has loaded.
#[derive(Debug)]
enum FilmState {
    /// There is none.
    Empty,
    /// A file is being opened.
    Opening(FileOpening),
    /// A film is open.
    Open(OpenFilm),
}

/// An open film, and the player's place in it.
#[derive(Debug)]
struct OpenFilm {
    media: Media,
    place: Place,
}

#[derive(Debug)]
struct Worker<'a> {
    mpv: Mpv,
    outbox: &'a Outbox,
    tracker: CommandTracker,
    film: FilmState,
    generation: Generation,
    /// Whether the newest hold or load has neither been released nor undone by a user's action. A release that arrives late must
    /// not resume after a pause.
    is_releasable: bool,
    /// The instant of the release, once the player is in place.
    release: Option<LocalTime>,
    /// The room's rate.
    base: f64,
    /// When the speed falls back to the rate.
    speed_ends: Option<LocalTime>,
    next_status: LocalTime,
    /// The last status; changes since then are reported immediately.
    last_status: Option<PlayerStatus>,
    last_position: Option<MediaTime>,
    silent_ticks: u32,
    refill: Refill,
    growth: Growth,
    /// The position of the player's zero in the item; only for a live source is it not zero.
    origin: MediaTime,
    errors: LogTail,
    failure: Option<OpenFailure>,
    facts: Watcher,
    loadfile_takes_index: bool,
    log_lines: u32,
    /// Whether the parent has sent `Quit`.
    has_quit: bool,
}

impl<'a> Worker<'a> {
    fn new(mpv: Mpv, outbox: &'a Outbox, options: &[(String, String)]) -> Self {
        // Whatever the user's configuration says, nothing may play before the session releases it.
        mpv.set_paused(true);
        let notice = options::settle(&mpv, options);
        let at_once = ACTED_ON.iter().map(|name| (WATCH_AT_ONCE, *name));
        for (watch, name) in at_once.chain(facts::watched()) {
            if let Err(error) = mpv.observe(watch, name) {
                log(&format!("{} cannot be watched: {error}", name.to_string_lossy()));
            }
        }
        let version = mpv.text(c"mpv-version").unwrap_or_else(|| "mpv".to_owned());
        outbox.push(PlayerEvent::Started { version });
        outbox.push_all(notice.map(PlayerEvent::Notice));
        Self {
            loadfile_takes_index: options::loadfile_takes_index(&mpv),
            mpv,
            outbox,
            tracker: CommandTracker::default(),
            film: FilmState::Empty,
            generation: Generation::default(),
            is_releasable: false,
            release: None,
            base: 1.0,
            speed_ends: None,
            next_status: monotonic(),
            last_status: None,
            last_position: None,
            silent_ticks: 0,
            refill: Refill::default(),
            growth: Growth::default(),
            origin: MediaTime::ZERO,
            errors: LogTail::default(),
            failure: None,
            facts: Watcher::default(),
            log_lines: 0,
            has_quit: false,
        }
    }

    /// Works until the parent or the player has ended.
    fn run(&mut self, queue: &Receiver<WorkerInput>) {
        loop {
            let wait = self.next_deadline().saturating_since(monotonic());
            let flow = match queue.recv_timeout(wait) {
                Ok(WorkerInput::Command(command)) => self.handle_command(command),
                Ok(WorkerInput::Event(at, event)) => self.handle_event(event, at),
                Ok(WorkerInput::ParentGone) | Err(RecvTimeoutError::Disconnected) => ControlFlow::Break(()),
                Err(RecvTimeoutError::Timeout) => ControlFlow::Continue(()),
            };
            if flow.is_break() {
                return;
            }
            self.handle_time();
        }
    }

    fn next_deadline(&self) -> LocalTime {
        let failure = self.failure.as_ref().map(|failure| failure.report_at);
        let others = [self.speed_ends, failure]
            .into_iter()
            .flatten()
            .fold(self.next_status, LocalTime::min);
        match self.due_release() {
            // This close to a release, only the release itself counts: an answer of the player may take longer than the remaining
            // time.
            Some(at) if others >= at.saturating_sub(QUIET_BEFORE_RELEASE) => at.saturating_sub(SPIN),
            Some(_) | None => others,
        }
    }

    /// Returns the instant of the release, if it is the only thing to wait for.
    fn due_release(&self) -> Option<LocalTime> {
        self.release.filter(|_| self.can_be_released())
    }

    fn handle_command(&mut self, command: PlayerCommand) -> ControlFlow<()> {
        match command {
            PlayerCommand::Load {
                generation,
                source,
                position,
            } => {
                self.begin(generation);
                self.load(&source, position);
            }
            PlayerCommand::Unload { generation } => {
                self.begin(generation);
                self.unload();
            }
            PlayerCommand::Hold { generation, position } => {
                self.begin(generation);
                self.hold(position, monotonic());
            }
            PlayerCommand::Release { generation, at } => {
                if generation == self.generation && self.is_releasable {
                    // A late release must not resume after the user has paused in the window.
                    self.release = Some(at);
                }
            }
            PlayerCommand::SetSpeed { base, speed } => self.set_speed(base, speed),
            PlayerCommand::ShowText { text, millis } => self.show(&text, millis),
            PlayerCommand::Tweak(tweak) => self.tweak(tweak),
            PlayerCommand::Quit => {
                self.has_quit = true;
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn handle_event(&mut self, event: MpvEvent, at: LocalTime) -> ControlFlow<()> {
        match event {
            MpvEvent::Shutdown => {
                if !self.has_quit {
                    self.outbox.push(PlayerEvent::Closed);
                }
                return ControlFlow::Break(());
            }
            MpvEvent::PropertyChange { watch: WATCH_AT_ONCE } => self.look(at),
            MpvEvent::PropertyChange { watch } => self.facts.changed(watch),
            MpvEvent::Seek => self.seek_began(at),
            MpvEvent::PlaybackRestart => self.restarted(),
            MpvEvent::StartFile { entry } => self.file_starts(entry, at),
            MpvEvent::FileLoaded => {
                // Each file can bring its own profile, and a profile can change the options that the common timeline depends on.
                options::force(&self.mpv);
                self.look(at);
            }
            MpvEvent::EndFile {
                entry,
                reason,
                error,
                replaced_by,
            } => self.file_ended(entry, reason, error, replaced_by),
            MpvEvent::CommandReply { id, result, entry } => {
                self.tracker.replied(id, entry);
                if result.is_err() {
                    self.command_refused(id);
                }
            }
            MpvEvent::Log {
                prefix,
                text,
                is_error,
            } => {
                self.errors.push(&text);
                if is_error && self.log_lines < LOG_LINES {
                    self.log_lines += 1;
                    log(&format!("mpv/{prefix}: {}", text.trim_end()));
                }
            }
            MpvEvent::Other => {}
        }
        ControlFlow::Continue(())
    }

    /// Does everything that is due, and reports changes.
    fn handle_time(&mut self) {
        if let Some(at) = self.due_release() {
            let left = at.saturating_since(monotonic());
            if left <= SPIN {
                self.release_at(at);
            } else if left <= QUIET_BEFORE_RELEASE {
                return;
            }
        }
        let now = monotonic();
        self.report_failure(now);
        if self.speed_ends.is_some_and(|end| end <= now) {
            self.speed_ends = None;
            self.play_at(self.base);
        }
        if now >= self.next_status || self.has_changed() {
            self.report_status();
            self.next_status = now + TICK;
            self.report_facts(now);
            self.look_at_growth(now);
        }
    }

    /// Begins a newer command of the parent: everything outstanding from older ones becomes void.
    fn begin(&mut self, generation: Generation) {
        self.generation = generation;
        self.release = None;
        self.is_releasable = true;
    }

    fn cancel_release(&mut self) {
        self.release = None;
        self.is_releasable = false;
    }

    fn pause(&mut self) {
        self.mpv.set_paused(true);
        self.tracker.set_paused(true);
    }

    fn release_at(&mut self, at: LocalTime) {
        while monotonic() < at {
            std::hint::spin_loop();
        }
        let released = self.mpv.set_paused(false);
        self.tracker.set_paused(false);
        self.cancel_release();
        self.place_is(Place::Moving);
        self.outbox.push(PlayerEvent::Released {
            generation: self.generation,
            at: released,
        });
    }

    fn set_speed(&mut self, base: f64, speed: f64) {
        if !(base.is_finite() && speed.is_finite() && base > 0.0 && speed > 0.0) {
            return;
        }
        if !is_same_speed(base, self.base) {
            // At normal speed, corrections are too small to be heard as pitch, and adding or removing the filter shifts the sound
            // by 10 ms each time. At other speeds, the filter makes voices sound natural.
            let correction = if is_same_speed(base, 1.0) { c"no" } else { c"yes" };
            if let Err(error) = self.mpv.set(c"audio-pitch-correction", correction) {
                log(&format!("pitch correction cannot be changed: {error}"));
            }
            self.base = base;
        }
        self.play_at(speed);
        // A suspended parent cannot take its correction back.
        self.speed_ends = (!is_same_speed(speed, base)).then(|| monotonic() + SPEED_LASTS);
    }

    fn play_at(&mut self, speed: f64) {
        if !is_same_speed(speed, self.tracker.speed()) {
            self.mpv.set_speed(speed);
            // The player may round or clamp the speed, and later reads are compared with the value that it really has.
            self.tracker.set_speed(self.mpv.number(c"speed").unwrap_or(speed));
        }
    }

    fn show(&mut self, text: &str, millis: u32) {
        let args = [c_text("show-text"), c_text(text), c_text(&millis.to_string())];
        let args: Option<Vec<_>> = args.into_iter().collect();
        if let Some(args) = args
            && let Err(error) = self.mpv.ask(&args)
        {
            log(&format!("a text could not be shown: {error}"));
        }
    }

    /// Does what a key in the window would do, including mpv's message over the film.
    fn tweak(&mut self, tweak: Adjustment) {
        let args: &[&str] = match tweak {
            Adjustment::Louder => &["add", "volume", "2"],
            Adjustment::Softer => &["add", "volume", "-2"],
            Adjustment::Mute => &["cycle", "mute"],
            Adjustment::SubtitlesShown => &["cycle", "sub-visibility"],
            Adjustment::SubtitlesNext => &["cycle", "sub"],
            Adjustment::SubtitlesPrevious => &["cycle", "sub", "down"],
            Adjustment::SubtitlesEarlier => &["add", "sub-delay", "-0.1"],
            Adjustment::SubtitlesLater => &["add", "sub-delay", "0.1"],
            Adjustment::AudioNext => &["cycle", "audio"],
            Adjustment::Progress => &["show-progress"],
            Adjustment::Fullscreen => &["cycle", "fullscreen"],
        };
        let args = std::iter::once("osd-auto").chain(args.iter().copied());
        let args: Option<Vec<_>> = args.map(c_text).collect();
        if let Some(args) = args
            && let Err(error) = self.mpv.ask(&args)
        {
            log(&format!("{tweak:?} was refused: {error}"));
        }
    }

    /// Checks the properties that the user may have changed in the window.
    fn look(&mut self, at: LocalTime) {
        let is_paused = self.mpv.is(c"pause");
        let is_at_end = self.is_at_end();
        // mpv's own pause at the end would undo an unpause there before anybody notices it, so that option is off and the worker
        // pauses.
        if is_at_end && !is_paused && !self.tracker.is_paused() {
            self.pause();
            self.cancel_release();
            self.place_is(Place::Moving);
        } else if is_paused != self.tracker.is_paused() {
            match self.tracker.judge_pause(is_paused, is_at_end) {
                PauseMeans::Nothing => {}
                PauseMeans::AtEnd => {
                    self.cancel_release();
                    self.place_is(Place::Moving);
                }
                PauseMeans::UserPlayed => {
                    // Undone before it is reported: the film must not keep playing while the session decides.
                    self.pause();
                    self.is_releasable = true;
                    self.request(WindowRequest::Play, at);
                    self.go_back();
                }
                PauseMeans::UserPaused => {
                    self.cancel_release();
                    self.place_is(Place::Moving);
                    if let Some(position) = self.position(c"time-pos") {
                        self.request(WindowRequest::Pause { position }, at);
                    }
                }
            }
        }
        if let Some(speed) = self.mpv.number(c"speed")
            && let Some(wanted) = self.tracker.judge_speed(speed, self.base)
        {
            // Our speed includes the correction; with any other, the player would drift immediately.
            self.mpv.set_speed(self.tracker.speed());
            self.request(WindowRequest::Speed { speed: wanted }, at);
        }
        if self.mpv.is(c"idle-active") {
            self.player_is_empty();
        }
    }

    fn seek_began(&mut self, at: LocalTime) {
        let position = self.position(c"time-pos");
        let frame = match &self.film {
            FilmState::Open(film) => film.media.frame,
            FilmState::Empty | FilmState::Opening(_) => None,
        };
        let end = self.end_of_data(position);
        match self.tracker.judge_seek(position, frame, end, self.last_position) {
            SeekMeans::Ours | SeekMeans::Nothing | SeekMeans::AtEnd => {}
            SeekMeans::UserSought(position) => {
                self.pause();
                self.cancel_release();
                self.clear_data_end();
                self.place_is(Place::Seeking(None));
                self.request(WindowRequest::Seek { position }, at);
            }
        }
    }

    fn request(&self, request: WindowRequest, at: LocalTime) {
        self.outbox.push(PlayerEvent::WindowRequest {
            generation: self.generation,
            at,
            request,
        });
    }
}

fn is_same_speed(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}
