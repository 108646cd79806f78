//! One mpv: starting it, asking it, telling it.
//!
//! A thin layer over [`ffi`](super::ffi) that speaks our types. Events come on a thread of their own, each with the
//! instant at which it was noticed. Setting is synchronous, so that who looks afterwards sees what they set; what takes
//! its time (seeks, files) is asked for and answered by an event.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use super::Reading;
use super::ffi::{Code, Core, ERROR_OPTION_NOT_FOUND, Event, Events, LoadError};
use crate::local_clock::monotonic;

/// The frame rates that are believed, in frames per second: below and above are damage, or a picture that stands.
pub(super) const FRAME_RATES: std::ops::RangeInclusive<f64> = 1.0..=1_000.0;

/// A position whose asking took longer than this says too little about when it was true.
const SLOW_ANSWER: Duration = Duration::from_millis(3);

/// The time between two requests to stay: far shorter than the start, which takes some milliseconds at the least.
const INSIST: Duration = Duration::from_micros(200);

/// The threads that insist: one alone may be without a core of the machine for as long as the configuration is read.
const INSISTING: usize = 3;

/// How long the player may take from its start until it idles; its scripts are loaded meanwhile.
const IDLE_WITHIN: Duration = Duration::from_secs(10);

/// The time between two looks whether it idles.
const LOOK: Duration = Duration::from_millis(2);

/// How long the player may take to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why there is no player.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The library is not to be used.
    #[error(transparent)]
    Library(#[from] LoadError),
    /// It knows no such option.
    #[error("mpv has no option \u{201c}{name}\u{201d}")]
    UnknownOption {
        /// Which.
        name: String,
    },
    /// It does not take that value.
    #[error("mpv does not take {name}={value}: {words}")]
    BadValue {
        /// Which option.
        name: String,
        /// What it was to be.
        value: String,
        /// The library's words.
        words: String,
    },
    /// It does not start.
    #[error("mpv does not start: {0}")]
    Refused(String),
    /// It ended by itself before anything was asked of it.
    #[error("mpv ended as soon as it was started")]
    Ended,
}

impl StartError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Library(LoadError::NoHandle) | Self::Refused(_) | Self::Ended => None,
            Self::Library(
                LoadError::Missing(_) | LoadError::Incomplete(_) | LoadError::WrongVersion { .. },
            ) => Some(INSTALL_HINT.to_owned()),
            Self::UnknownOption { .. } | Self::BadValue { .. } => {
                Some("look at --mpv-option; \u{201c}mpv --list-options\u{201d} knows them all".to_owned())
            }
        }
    }
}

const INSTALL_HINT: &str = if cfg!(target_os = "macos") {
    "install mpv 0.35 or newer: brew install mpv"
} else {
    "install mpv 0.35 or newer: apt install libmpv2 (Debian, Ubuntu), dnf install mpv-libs (Fedora), \
     pacman -S mpv (Arch)"
};

/// A player before it runs: takes options that must be there from the first moment.
#[derive(Debug)]
pub struct Idle {
    core: Arc<Core>,
    events: Events,
}

impl Idle {
    /// Loads the library and makes a player.
    pub fn create() -> Result<Self, StartError> {
        let (core, events) = Core::create()?;
        Ok(Self { core, events })
    }

    /// Sets an option, as the command line does.
    pub fn set_option(&self, name: &str, value: &str) -> Result<(), StartError> {
        let Some((c_name, c_value)) = c_text(name).zip(c_text(value)) else {
            return Err(StartError::UnknownOption {
                name: name.replace('\0', "?"),
            });
        };
        self.core
            .set_option(&c_name, &c_value)
            .map_err(|code| match code {
                Code(ERROR_OPTION_NOT_FOUND) => StartError::UnknownOption {
                    name: name.to_owned(),
                },
                Code(_) => StartError::BadValue {
                    name: name.to_owned(),
                    value: value.to_owned(),
                    words: self.core.words(code),
                },
            })
    }

    /// Starts the player. `at_once` is set before anything else, over what its user's configuration says. `on_event` is called
    /// on a thread of its own for each event, until it returns that it wants no more or the player has ended. Fails with
    /// [`StartError::Ended`] where the player took `idle=no` from its user's configuration: another try may come in time.
    pub fn start(
        self,
        at_once: &[(&CStr, &CStr)],
        mut on_event: impl FnMut(LocalTime, Event) -> bool + Send + 'static,
    ) -> Result<Mpv, StartError> {
        let Self { core, mut events } = self;
        let refused = |core: &Core, code| StartError::Refused(core.words(code));
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
                    let is_last = event == Event::Shutdown;
                    if !on_event(monotonic(), event) || is_last {
                        break;
                    }
                }
                drop(events);
                drop(alive);
            })
            .map_err(|error| StartError::Refused(error.to_string()))?;
        Ok(Mpv {
            core,
            has_ended,
            commands: 0,
        })
    }
}

/// Starts the core so that it stays, whatever the configuration of its user says: with `idle=no` it ends as soon as it runs
/// and sees that it has nothing to play.
///
/// The core reads the configuration while [`Core::initialise`] has it locked, and runs as soon as it is unlocked; but not
/// before those had their turn who wait for the lock. So other threads ask for `idle=yes` again and again: the last request
/// of each waits for the lock while the configuration is read, and is served before the core runs. All of them insist
/// before the configuration is read: on a busy machine that is over before a thread that is new has its first turn.
fn initialise(core: &Core) -> Result<(), Code> {
    let is_over = AtomicBool::new(false);
    let all_insist = Barrier::new(INSISTING + 1);
    thread::scope(|scope| {
        let insist = || {
            // What is refused here is refused again when it is set for good.
            core.set_option(c"idle", c"yes").ok();
            all_insist.wait();
            while !is_over.load(Ordering::Relaxed) {
                core.set_option(c"idle", c"yes").ok();
                thread::park_timeout(INSIST);
            }
        };
        let insisting = [(); INSISTING].map(|()| scope.spawn(insist));
        all_insist.wait();
        let started = core.initialise();
        is_over.store(true, Ordering::Relaxed);
        for thread in insisting {
            thread.thread().unpark();
        }
        started
    })
}

/// Waits until the core idles, or opens what a script of its user asks for; returns the events that came meanwhile.
///
/// The other threads of [`initialise`] may all be late on a busy machine, and the core has ended then.
fn await_idle(core: &Core, events: &mut Events) -> Result<Vec<Event>, StartError> {
    let mut early = Vec::new();
    let deadline = monotonic() + IDLE_WITHIN;
    while monotonic() < deadline {
        let is_idle = core.flag(c"idle-active").unwrap_or_default();
        // A core that has ended reported so before it answered, so an idle one with no events left stays.
        match events.poll(if is_idle { Duration::ZERO } else { LOOK }) {
            Some(Event::Shutdown) => return Err(StartError::Ended),
            Some(event) => {
                let is_opening = matches!(event, Event::StartFile { .. });
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

/// A player that runs.
#[derive(Debug)]
pub struct Mpv {
    core: Arc<Core>,
    /// Disconnected when the thread of the events is through.
    has_ended: Receiver<()>,
    commands: u64,
}

impl Mpv {
    /// Pauses or plays, and returns when it was done.
    pub fn set_paused(&self, is_paused: bool) -> LocalTime {
        let before = monotonic();
        // A player that has ended refuses, and says so by an event of its own.
        self.core.set_flag(c"pause", is_paused).ok();
        midpoint(before, monotonic())
    }

    /// Plays at a speed.
    pub fn set_speed(&self, speed: f64) {
        self.core.set_double(c"speed", speed).ok();
    }

    /// Sets a property from text; returns the library's words if it refuses.
    pub fn set(&self, name: &CStr, value: &CStr) -> Result<(), String> {
        self.core
            .set_string(name, value)
            .map_err(|code| self.core.words(code))
    }

    /// Does a command at once.
    pub fn command(&self, words: &[CString]) -> Result<(), String> {
        self.core.command(words).map_err(|code| self.core.words(code))
    }

    /// Asks for a command, and returns the number that its reply will carry.
    pub fn ask(&mut self, words: &[CString]) -> Result<u64, String> {
        self.commands += 1;
        self.core
            .command_async(self.commands, words)
            .map(|()| self.commands)
            .map_err(|code| self.core.words(code))
    }

    /// Asks for an event, which carries `watch`, whenever a property changes.
    pub fn observe(&self, watch: u64, name: &CStr) -> Result<(), String> {
        self.core
            .observe(watch, name)
            .map_err(|code| self.core.words(code))
    }

    /// Returns a property that is yes or no; one that has no value is no.
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

    /// Returns a property that is a position, with the instant; nothing where the answer took long.
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

    /// Returns the library's words for a refusal.
    pub fn words(&self, code: Code) -> String {
        self.core.words(code)
    }

    /// Ends the player and waits until it has, within reason.
    pub fn end(mut self) {
        self.ask(&[c"quit".to_owned()]).ok();
        drop(self.core);
        // Nothing is ever sent: this returns when the thread is through, or after the time.
        self.has_ended.recv_timeout(FAREWELL).ok();
    }
}

/// Returns `text` for the library, unless there is a null in it.
pub fn c_text(text: &str) -> Option<CString> {
    CString::new(text).ok()
}

fn midpoint(before: LocalTime, after: LocalTime) -> LocalTime {
    before + after.saturating_since(before) / 2
}
