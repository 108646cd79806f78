//! One mpv instance: starts it, queries it, controls it.
//!
//! A thin layer over [`ffi`](super::ffi) that uses our types. Events arrive on a separate thread, each with the instant at which
//! it was noticed. Setting is synchronous, so that a later read sees the new value. Slow operations (seeks, files) are requested
//! and answered by an event.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::player_reason::PlayerEnd;
use watchtogether_protocol::{Clean, LocalTime, MediaTime};

use super::Reading;
use super::ffi::{Code, Core, ERROR_OPTION_NOT_FOUND, LoadError, MpvEvent, MpvEvents};
use crate::local_clock::monotonic;

/// The frame rates that are accepted, in frames per second. Other values come from damaged files or still pictures.
pub(super) const FRAME_RATES: std::ops::RangeInclusive<f64> = 1.0..=1_000.0;

/// The answer time above which a position is too uncertain in time to be used.
const SLOW_ANSWER: Duration = Duration::from_millis(3);

/// The interval of the requests to stay. It is far shorter than the start, which takes at least a few milliseconds.
const STAY_REQUEST_INTERVAL: Duration = Duration::from_micros(200);

/// The number of threads that repeat the request. A single one may not get to run while the configuration is read.
const STAY_REQUEST_THREADS: usize = 3;

/// How long the player may take from its start until it idles. Its scripts are loaded in this time.
const IDLE_WITHIN: Duration = Duration::from_secs(10);

/// The interval at which it is checked whether the player is idle.
const IDLE_POLL_INTERVAL: Duration = Duration::from_millis(2);

/// How long the player may take to end.
const TERMINATE_TIMEOUT: Duration = Duration::from_secs(2);

/// Why there is no player.
#[derive(Debug, thiserror::Error)]
pub enum MpvStartError {
    /// The library cannot be used.
    #[error(transparent)]
    Library(#[from] LoadError),
    /// The library does not know this option.
    #[error("mpv has no option \u{201c}{name}\u{201d}")]
    UnknownOption {
        /// The option's name.
        name: String,
    },
    /// The library does not accept this value.
    #[error("mpv does not take {name}={value}: {message}")]
    BadValue {
        /// The option's name.
        name: String,
        /// The value.
        value: String,
        /// The library's error message.
        message: String,
    },
    /// The player does not start.
    #[error("mpv does not start: {0}")]
    Refused(String),
    /// The player ended by itself before it got a command.
    #[error("mpv ended as soon as it was started")]
    Ended,
}

impl From<MpvStartError> for PlayerEnd {
    fn from(error: MpvStartError) -> Self {
        let clean = |text: &str| Clean::line(text);
        match error {
            MpvStartError::Library(LoadError::Missing(error)) => Self::LibraryMissing {
                cause: clean(&error.to_string()),
            },
            MpvStartError::Library(LoadError::Incomplete(error)) => Self::LibraryIncomplete {
                cause: clean(&error.to_string()),
            },
            MpvStartError::Library(LoadError::WrongVersion { major, minor }) => {
                Self::LibraryVersion { major, minor }
            }
            MpvStartError::Library(LoadError::NoHandle) => Self::NoHandle,
            MpvStartError::UnknownOption { name } => Self::UnknownOption { name: clean(&name) },
            MpvStartError::BadValue { name, value, message } => Self::BadOption {
                name: clean(&name),
                value: clean(&value),
                cause: clean(&message),
            },
            MpvStartError::Refused(message) => Self::MpvRefused {
                cause: clean(&message),
            },
            MpvStartError::Ended => Self::MpvEnded,
        }
    }
}

/// A player that is not running yet, for setting options that must be set before the start.
#[derive(Debug)]
pub struct Idle {
    core: Arc<Core>,
    events: MpvEvents,
}

impl Idle {
    /// Loads the library and creates a player.
    pub fn create() -> Result<Self, MpvStartError> {
        let (core, events) = Core::create()?;
        Ok(Self { core, events })
    }

    /// Sets an option, as on the command line.
    pub fn set_option(&self, name: &str, value: &str) -> Result<(), MpvStartError> {
        let Some((c_name, c_value)) = c_text(name).zip(c_text(value)) else {
            return Err(MpvStartError::UnknownOption {
                name: name.replace('\0', "?"),
            });
        };
        self.core
            .set_option(&c_name, &c_value)
            .map_err(|code| match code {
                Code(ERROR_OPTION_NOT_FOUND) => MpvStartError::UnknownOption {
                    name: name.to_owned(),
                },
                Code(_) => MpvStartError::BadValue {
                    name: name.to_owned(),
                    value: value.to_owned(),
                    message: self.core.error_text(code),
                },
            })
    }

    /// Starts the player. `at_once` is set before anything else and overrides the user's configuration. `on_event` is called on a
    /// separate thread for each event, until it returns that it needs no more, or the player has ended. Fails with
    /// [`MpvStartError::Ended`] if the player took `idle=no` from the user's configuration; another attempt may win the race.
    pub fn start(
        self,
        at_once: &[(&CStr, &CStr)],
        mut on_event: impl FnMut(LocalTime, MpvEvent) -> bool + Send + 'static,
    ) -> Result<Mpv, MpvStartError> {
        let Self { core, mut events } = self;
        let refused = |core: &Core, code| MpvStartError::Refused(core.error_text(code));
        core.request_log(c"warn").map_err(|code| refused(&core, code))?;
        initialise(&core).map_err(|code| refused(&core, code))?;
        for (name, value) in at_once {
            core.set_string(name, value)
                .map_err(|code| refused(&core, code))?;
        }
        let mut early = await_idle(&core, &mut events)?.into_iter();
        let (alive, has_ended) = sync_channel::<()>(0);
        thread::Builder::new()
            .name("mpv events".to_owned())
            .spawn(move || {
                loop {
                    let event = early.next().unwrap_or_else(|| events.wait());
                    let is_last = event == MpvEvent::Shutdown;
                    if !on_event(monotonic(), event) || is_last {
                        break;
                    }
                }
                drop(events);
                drop(alive);
            })
            .map_err(|error| MpvStartError::Refused(error.to_string()))?;
        Ok(Mpv {
            core,
            has_ended,
            commands: 0,
        })
    }
}

/// Starts the core so that it keeps running, whatever the user's configuration says: with `idle=no` it ends as soon as it runs
/// and has nothing to play.
///
/// The core reads the configuration while [`Core::initialise`] holds its lock, and runs as soon as the lock is released, but only
/// after the threads that wait for the lock have had their turn. So other threads request `idle=yes` again and again: the last
/// request of each waits for the lock while the configuration is read, and is served before the core runs. All of them have made
/// a request before the configuration is read, because on a busy machine a new thread may not run until that is over.
fn initialise(core: &Core) -> Result<(), Code> {
    let is_over = AtomicBool::new(false);
    let all_insist = Barrier::new(STAY_REQUEST_THREADS + 1);
    thread::scope(|scope| {
        let insist = || {
            // If this fails, so does setting the option later, and that is reported.
            core.set_option(c"idle", c"yes").ok();
            all_insist.wait();
            while !is_over.load(Ordering::Relaxed) {
                core.set_option(c"idle", c"yes").ok();
                thread::park_timeout(STAY_REQUEST_INTERVAL);
            }
        };
        let insisting = [(); STAY_REQUEST_THREADS].map(|()| scope.spawn(insist));
        all_insist.wait();
        let started = core.initialise();
        is_over.store(true, Ordering::Relaxed);
        for thread in insisting {
            thread.thread().unpark();
        }
        started
    })
}

/// Waits until the core is idle or opens what a user's script asks for; returns the events that arrived in the meantime.
///
/// On a busy machine, all other threads of [`initialise`] may be too late, and then the core has ended.
fn await_idle(core: &Core, events: &mut MpvEvents) -> Result<Vec<MpvEvent>, MpvStartError> {
    let mut early = Vec::new();
    let deadline = monotonic() + IDLE_WITHIN;
    while monotonic() < deadline {
        let is_idle = core.flag(c"idle-active").unwrap_or_default();
        // A core that has ended would have reported that before it answered, so an idle one with no events left will stay.
        match events.poll(if is_idle {
            Duration::ZERO
        } else {
            IDLE_POLL_INTERVAL
        }) {
            Some(MpvEvent::Shutdown) => return Err(MpvStartError::Ended),
            Some(event) => {
                let is_opening = matches!(event, MpvEvent::StartFile { .. });
                early.push(event);
                if is_opening {
                    break;
                }
            }
            None if is_idle => break,
            None => {}
        }
    }
    Ok(early)
}

/// A running player.
#[derive(Debug)]
pub struct Mpv {
    core: Arc<Core>,
    /// Disconnected when the thread for the events has ended.
    has_ended: Receiver<()>,
    commands: u64,
}

impl Mpv {
    /// Pauses or plays, and returns when that was done.
    pub fn set_paused(&self, is_paused: bool) -> LocalTime {
        let before = monotonic();
        // A player that has ended refuses this; an event reports its end.
        self.core.set_flag(c"pause", is_paused).ok();
        midpoint(before, monotonic())
    }

    /// Sets the speed.
    pub fn set_speed(&self, speed: f64) {
        self.core.set_double(c"speed", speed).ok();
    }

    /// Sets a property from text; returns the library's error message if it refuses.
    pub fn set(&self, name: &CStr, value: &CStr) -> Result<(), String> {
        self.core
            .set_string(name, value)
            .map_err(|code| self.core.error_text(code))
    }

    /// Runs a command synchronously.
    pub fn command(&self, args: &[CString]) -> Result<(), String> {
        self.core.command(args).map_err(|code| self.core.error_text(code))
    }

    /// Requests a command, and returns the number that its reply will have.
    pub fn ask(&mut self, args: &[CString]) -> Result<u64, String> {
        self.commands += 1;
        self.core
            .command_async(self.commands, args)
            .map(|()| self.commands)
            .map_err(|code| self.core.error_text(code))
    }

    /// Requests an event with the number `watch` whenever a property changes.
    pub fn observe(&self, watch: u64, name: &CStr) -> Result<(), String> {
        self.core
            .observe(watch, name)
            .map_err(|code| self.core.error_text(code))
    }

    /// Returns a property that is yes or no; without a value it counts as no.
    pub fn is(&self, name: &CStr) -> bool {
        self.core.flag(name).unwrap_or_default()
    }

    /// Returns a property that is a whole number.
    pub fn int(&self, name: &CStr) -> Option<i64> {
        self.core.int(name).ok()
    }

    /// Returns a property that is a number.
    pub fn number(&self, name: &CStr) -> Option<f64> {
        self.core.double(name).ok()
    }

    /// Returns a property that is a position.
    pub fn position(&self, name: &CStr) -> Option<MediaTime> {
        self.number(name).map(MediaTime::from_secs_f64)
    }

    /// Returns a property that is a position, with its instant; `None` if the answer took too long.
    pub fn reading(&self, name: &CStr) -> Option<Reading> {
        let before = monotonic();
        let position = self.position(name)?;
        let after = monotonic();
        (after.saturating_since(before) <= SLOW_ANSWER).then(|| Reading {
            position,
            at: midpoint(before, after),
        })
    }

    /// Returns a property as text, as the library's bytes.
    pub fn bytes(&self, name: &CStr) -> Option<Vec<u8>> {
        self.core.string(name).map(CString::into_bytes)
    }

    /// Returns a property as text.
    pub fn text(&self, name: &CStr) -> Option<String> {
        self.bytes(name)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns mpv's description of an error code.
    pub fn error_text(&self, code: Code) -> String {
        self.core.error_text(code)
    }

    /// Ends the player and waits until it has ended, up to a limit.
    pub fn end(mut self) {
        self.ask(&[c"quit".to_owned()]).ok();
        drop(self.core);
        // Nothing is ever sent: this returns when the thread has ended, or after the timeout.
        self.has_ended.recv_timeout(TERMINATE_TIMEOUT).ok();
    }
}

/// Returns `text` for the library, or `None` if it contains a null.
pub fn c_text(text: &str) -> Option<CString> {
    CString::new(text).ok()
}

fn midpoint(before: LocalTime, after: LocalTime) -> LocalTime {
    before + after.saturating_since(before) / 2
}
