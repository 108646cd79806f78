//! The loop that gives a screen the terminal, the keyboard and the time.

use std::fmt;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use watchtogether_protocol::LocalTime;

use crate::app::App;
use crate::console::{Console, RunError};
use crate::home::Home;
use crate::home_vocabulary::{HomeIntent, HomeUpdate};
use crate::intent::Intent;
use crate::machine::{LoopEffect, Machine};
use crate::settings::ScreenSettings;
use crate::terminal;
use crate::update::Update;

/// The shortest time between two frames. 30 per second is as fast as anybody can read.
const FRAME: Duration = Duration::from_millis(33);

/// The maximum number of updates that are handled before the keyboard is checked again.
const BATCH: usize = 64;

/// The parts of the program around the loop that it needs.
pub struct Shell {
    /// Reads the machine's monotonic clock, which the instants in [`Update`] refer to.
    pub clock: Box<dyn Fn() -> LocalTime + Send>,
    /// Returns the sequence that makes a terminal copy a text (OSC 52).
    pub copy_sequence: fn(&str) -> String,
}

impl fmt::Debug for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell").finish_non_exhaustive()
    }
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopEnd {
    /// The user left. [`Intent::Leave`] was sent as well, unless the queue was full or closed, so only this value is reliable.
    Left,
    /// Updates have ended.
    NoMoreUpdates,
    /// The terminal was restored ([`terminal::restore`]) by a signal handler, or by a panic elsewhere.
    TerminalTaken,
}

/// Runs the screen until the user leaves, on a terminal that is already acquired. Dropping the future leaves the terminal as it
/// is.
///
/// Both queues are bounded. If the queue of updates is full, their sender waits or merges. If the queue of intents is full, the
/// session has stopped reading it: the intent is dropped, and the user is informed. `draft` has the text of the input line after
/// the last key.
pub async fn run(
    console: &mut Console,
    settings: ScreenSettings,
    shell: Shell,
    mut updates: mpsc::Receiver<Update>,
    intents: mpsc::Sender<Intent>,
    draft: watch::Sender<String>,
) -> Result<LoopEnd, RunError> {
    let tell_draft = |app: &App| {
        draft.send_if_modified(|current| {
            let is_other = current != app.draft();
            if is_other {
                app.draft().clone_into(current);
            }
            is_other
        });
    };
    show(
        console,
        &mut App::new(settings),
        &shell,
        &mut updates,
        &intents,
        tell_draft,
    )
    .await
}

/// Shows home until its user quits. Dropping the future leaves the terminal as it is, for whatever follows.
///
/// Both queues are bounded. If the queue of updates is full, their sender waits. If the queue of intents is full, nobody reads it
/// any longer: the intent is dropped, and the user is informed.
pub async fn run_home(
    console: &mut Console,
    home: &mut Home,
    shell: &Shell,
    updates: &mut mpsc::Receiver<HomeUpdate>,
    intents: &mpsc::Sender<HomeIntent>,
) -> Result<LoopEnd, RunError> {
    show(console, home, shell, updates, intents, |_| {}).await
}

/// Shows a screen until its user leaves; `after_turn` is called after each key, update and timeout.
async fn show<M: Machine>(
    console: &mut Console,
    screen: &mut M,
    shell: &Shell,
    updates: &mut mpsc::Receiver<M::Update>,
    intents: &mpsc::Sender<M::Intent>,
    after_turn: impl Fn(&M),
) -> Result<LoopEnd, RunError> {
    let mut is_suspended = false;
    let mut next_frame = (shell.clock)();
    if console.begin() {
        // The previous picture stays for a moment, so that the first new one has contents.
        next_frame = next_frame + FRAME;
    }
    loop {
        let now = (shell.clock)();
        if !is_suspended && !terminal::is_ours() {
            return Ok(LoopEnd::TerminalTaken);
        }
        if !is_suspended && screen.needs_frame(now) && next_frame <= now {
            console.draw(screen, now)?;
            next_frame = now + FRAME;
        }
        let wake = wake_at(screen, next_frame, now).filter(|_| !is_suspended);
        // All three are cancel safe: a queue passes an element only to the waiter that it wakes, and a sleep has nothing to lose.
        // The keyboard goes first, so that a key pressed in time does not count as late because the screen was slow.
        let wanted = tokio::select! {
            biased;
            input = console.next_input() => screen.handle_input(input?, (shell.clock)()),
            update = updates.recv() => {
                let Some(update) = update else {
                    return Ok(LoopEnd::NoMoreUpdates);
                };
                let now = (shell.clock)();
                for update in batch(update, updates) {
                    if is_suspended && M::is_resumption(&update) {
                        console.take_back()?;
                        is_suspended = false;
                    }
                    screen.apply(update, now);
                }
                screen.handle_timeout(now)
            }
            () = sleep(wake, now) => screen.handle_timeout((shell.clock)()),
        };
        after_turn(screen);
        for intent in wanted {
            let effect = M::effect_of(&intent);
            let leaves = effect == LoopEffect::Leave;
            let suspends = matches!(effect, LoopEffect::Suspend | LoopEffect::Edit);
            if let LoopEffect::Copy(text) = effect {
                console.write(&(shell.copy_sequence)(text))?;
            } else if suspends {
                console.give_back(effect == LoopEffect::Edit);
                is_suspended = true;
            }
            let is_heard = intents.try_send(intent).is_ok();
            if leaves {
                return Ok(LoopEnd::Left);
            }
            if !is_heard {
                screen.show_notice(msg!("busy"));
            }
            if suspends && !is_heard {
                console.take_back()?;
                is_suspended = false;
                screen.redraw();
            }
        }
    }
}

/// Returns when the loop has something to do without any input.
fn wake_at(screen: &impl Machine, next_frame: LocalTime, now: LocalTime) -> Option<LocalTime> {
    let frame = if screen.needs_frame(now) {
        Some(next_frame)
    } else {
        screen.next_frame_at().map(|at| at.max(next_frame))
    };
    [frame, screen.poll_timeout()].into_iter().flatten().min()
}

/// Returns an update together with those that are waiting after it.
fn batch<U>(first: U, updates: &mut mpsc::Receiver<U>) -> Vec<U> {
    let mut batch = vec![first];
    while batch.len() < BATCH
        && let Ok(update) = updates.try_recv()
    {
        batch.push(update);
    }
    batch
}

/// Waits until `wake`, or forever if there is nothing to wait for.
async fn sleep(wake: Option<LocalTime>, now: LocalTime) {
    match wake {
        Some(wake) => tokio::time::sleep(wake.saturating_since(now)).await,
        None => std::future::pending().await,
    }
}
