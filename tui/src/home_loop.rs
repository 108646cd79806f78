//! The loop of home: gives it the terminal, the keyboard and the time.

use tokio::sync::mpsc;

use crate::home::Home;
use crate::home_vocabulary::{HomeIntent, HomeUpdate};
use crate::stage::Stage;
use crate::{BATCH, Ended, FRAME, RunError, Shell, sleep, strings, terminal};

/// Shows home until its user quits. Dropping the future leaves the terminal as it is, for what comes next.
///
/// Both queues are bounded. When the updates' is full their sender waits; when the intents' is full nobody listens any
/// more: the wish is dropped, and the user is told.
pub async fn run_home(
    stage: &mut Stage,
    home: &mut Home,
    shell: &Shell,
    updates: &mut mpsc::Receiver<HomeUpdate>,
    intents: &mpsc::Sender<HomeIntent>,
) -> Result<Ended, RunError> {
    let Stage {
        guard,
        keyboard,
        is_in_use,
    } = stage;
    let mut is_suspended = false;
    let mut next_frame = (shell.clock)();
    *is_in_use = true;
    loop {
        let now = (shell.clock)();
        if !is_suspended && !terminal::is_ours() {
            return Ok(Ended::TerminalTaken);
        }
        if !is_suspended && home.needs_frame(now) && next_frame <= now {
            guard.draw(home, now).map_err(RunError::Terminal)?;
            next_frame = now + FRAME;
        }
        let wake = if home.needs_frame(now) {
            Some(next_frame)
        } else {
            home.next_frame_at().map(|at| at.max(next_frame))
        };
        let wake = [wake, home.poll_timeout()].into_iter().flatten().min();
        // All three are cancel-safe: a queue gives an element to whom it wakes, a sleep has nothing to lose.
        let wanted = tokio::select! {
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
                    if is_suspended && update == HomeUpdate::Resumed {
                        guard.take().map_err(RunError::Terminal)?;
                        is_suspended = false;
                    }
                    home.apply(update, now);
                }
                Vec::new()
            }
            input = keyboard.next() => home.handle_input(input.map_err(RunError::Keyboard)?, (shell.clock)()),
            () = sleep(wake.filter(|_| !is_suspended), now) => Vec::new(),
        };
        home.handle_timeout((shell.clock)());
        for intent in wanted {
            let (quits, suspends) = (intent == HomeIntent::Quit, intent == HomeIntent::Suspend);
            if suspends {
                terminal::restore();
                is_suspended = true;
            }
            let is_heard = intents.try_send(intent).is_ok();
            if quits {
                return Ok(Ended::Left);
            }
            if !is_heard {
                home.tell(strings::BUSY);
            }
            if suspends && !is_heard {
                guard.take().map_err(RunError::Terminal)?;
                is_suspended = false;
                home.redraw();
            }
        }
    }
}
