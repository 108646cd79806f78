//! The screen of watchtogether: room, chat and people in a terminal.
//!
//! It learns through [`Update`] and says what the user wants through [`Intent`]; it knows neither the session nor the
//! network nor the player. [`App`] is the whole screen as a pure machine; [`run`] is the loop that gives it a terminal,
//! a keyboard and the time, and the only place that draws.

pub mod action;
pub mod app;
pub mod editor;
pub mod fuzzy;
pub mod glyphs;
pub mod home;
pub mod home_action;
pub mod home_vocabulary;
pub mod intent;
pub mod key;
pub mod keymap;
pub mod model;
pub mod nearest;
pub mod pace;
pub mod paste;
pub mod slash_command;
pub mod strings;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod typed_time;
pub mod update;
pub mod wish;

mod geometry;
mod home_loop;
mod input;
mod stage;
mod state;
mod view;

#[cfg(test)]
mod test_support;

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

pub use app::App;
pub use glyphs::Glyphs;
pub use home::Home;
pub use home_loop::run_home;
pub use input::Keyboard;
pub use intent::Intent;
pub use keymap::Keymap;
pub use stage::Stage;
pub use theme::Colours;
pub use update::Update;

/// The time between two frames at the least: 30 in a second is as fast as anybody reads.
const FRAME: Duration = Duration::from_millis(33);

/// The updates that are taken over before the next look at the keyboard.
const BATCH: usize = 64;

/// What a screen is given at its start, because it reads no clock, no environment and no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the wall clock showed at an instant of the local clock.
    pub wall_clock: (WallTime, LocalTime),
    /// How far local time is ahead of UTC, in minutes.
    pub utc_offset_minutes: i32,
    /// What colours there are: none with `NO_COLOR` or `--color never`.
    pub colours: Colours,
    /// Which glyphs the terminal can show.
    pub glyphs: Glyphs,
    /// Which key does what.
    pub keymap: Keymap,
    /// Whether the mouse acts here, to begin with.
    pub has_mouse: bool,
}

/// What the loop needs of the program around it.
pub struct Shell {
    /// Tells the time on the machine's monotonic clock, the one of [`Update`]'s instants.
    pub clock: Box<dyn Fn() -> LocalTime + Send>,
    /// Returns what makes a terminal copy a text (OSC 52).
    pub copy_sequence: fn(&str) -> String,
}

impl fmt::Debug for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell").finish_non_exhaustive()
    }
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The user left. [`Intent::Leave`] was sent unless the queue was full or closed: this is the word that counts.
    Left,
    /// Nobody sends updates any more.
    NoMoreUpdates,
    /// Somebody gave the terminal back ([`terminal::restore`]): a signal's handler, or a panic elsewhere.
    TerminalTaken,
}

/// Why the loop could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal could not be taken or drawn on.
    #[error("the terminal cannot be used")]
    Terminal(#[source] io::Error),
    /// The keyboard could not be read.
    #[error("the keyboard cannot be read")]
    Keyboard(#[source] io::Error),
}

/// Runs the screen until the user leaves, on a terminal that was taken before: dropping the future leaves it as it is.
///
/// Both queues are bounded. When the updates' is full their sender waits or merges; when the intents' is full the
/// session has stopped listening: the wish is dropped, and the user is told. What is being written stands in `draft`, as it
/// was after the last key.
pub async fn run(
    stage: &mut Stage,
    settings: Settings,
    shell: Shell,
    mut updates: mpsc::Receiver<Update>,
    intents: mpsc::Sender<Intent>,
    draft: watch::Sender<String>,
) -> Result<Ended, RunError> {
    let Stage {
        guard,
        keyboard,
        is_in_use,
    } = stage;
    let mut app = App::new(settings);
    let mut is_suspended = false;
    let mut next_frame = (shell.clock)();
    if std::mem::replace(is_in_use, true) {
        // What was shown before stays for a moment, so that the first picture is of the room.
        next_frame = next_frame + FRAME;
    }
    loop {
        let now = (shell.clock)();
        if !is_suspended && !terminal::is_ours() {
            return Ok(Ended::TerminalTaken);
        }
        if !is_suspended && app.needs_frame(now) && next_frame <= now {
            guard.draw(&mut app, now).map_err(RunError::Terminal)?;
            next_frame = now + FRAME;
        }
        let wake = if app.needs_frame(now) {
            Some(next_frame)
        } else {
            app.next_frame_at().map(|at| at.max(next_frame))
        };
        let wake = [wake, app.poll_timeout()].into_iter().flatten().min();
        // All three are cancel-safe: a queue gives an element to whom it wakes, a sleep has nothing to lose. The keyboard
        // goes first: a key that was pressed in time is never too late because the screen was slow.
        let wanted = tokio::select! {
            biased;
            input = keyboard.next() => app.handle_input(input.map_err(RunError::Keyboard)?, (shell.clock)()),
            update = updates.recv() => {
                let Some(update) = update else {
                    return Ok(Ended::NoMoreUpdates);
                };
                let mut batch = vec![update];
                while batch.len() < BATCH && let Ok(update) = updates.try_recv() {
                    batch.push(update);
                }
                let now = (shell.clock)();
                for update in batch {
                    if is_suspended && update == Update::Resumed {
                        guard.take().map_err(RunError::Terminal)?;
                        keyboard.listen().map_err(RunError::Keyboard)?;
                        is_suspended = false;
                    }
                    app.apply(update, now);
                }
                app.handle_timeout(now)
            }
            () = sleep(wake.filter(|_| !is_suspended), now) => app.handle_timeout((shell.clock)()),
        };
        draft.send_if_modified(|told| {
            let is_other = told != app.draft();
            if is_other {
                app.draft().clone_into(told);
            }
            is_other
        });
        for intent in wanted {
            if let Intent::Copy(text) = &intent {
                let sequence = (shell.copy_sequence)(text);
                guard.write(&sequence).map_err(RunError::Terminal)?;
            }
            let is_edit = matches!(intent, Intent::Edit(_));
            let (leaves, suspends) = (intent == Intent::Leave, is_edit || intent == Intent::Suspend);
            if suspends {
                if is_edit {
                    // Two readers of one terminal would each have half of what is typed.
                    keyboard.stop();
                }
                terminal::restore();
                is_suspended = true;
            }
            let is_heard = intents.try_send(intent).is_ok();
            if leaves {
                return Ok(Ended::Left);
            }
            if !is_heard {
                app.tell(strings::BUSY);
            }
            if suspends && !is_heard {
                guard.take().map_err(RunError::Terminal)?;
                keyboard.listen().map_err(RunError::Keyboard)?;
                is_suspended = false;
                app.redraw();
            }
        }
    }
}

/// Waits until `wake`, or for ever where there is nothing to wait for.
async fn sleep(wake: Option<LocalTime>, now: LocalTime) {
    match wake {
        Some(wake) => tokio::time::sleep(wake.saturating_since(now)).await,
        None => std::future::pending().await,
    }
}
