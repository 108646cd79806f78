//! The events that the worker still has to send to its parent.
//!
//! The parent may be suspended (Ctrl-Z) for hours while the film plays, so the player never waits for it. If more than [`EVENTS`]
//! events wait, the oldest is dropped. A status replaces one that was not sent yet, and the same goes for details and chapters.

use std::collections::VecDeque;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::player::{PlayerEvent, wire};

/// The maximum number of waiting events: minutes of key presses while nobody reads them.
const EVENTS: usize = 256;

/// How long sending the last events may take.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

/// A queue with a thread that empties it into the pipe.
#[derive(Debug)]
pub(super) struct Outbox {
    shared: Arc<SharedQueue>,
}

#[derive(Debug, Default)]
struct SharedQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct QueueState {
    events: VecDeque<PlayerEvent>,
    is_sending: bool,
    is_broken: bool,
}

impl Outbox {
    /// Starts to send into `pipe`.
    pub(super) fn start(pipe: UnixStream) -> std::io::Result<Self> {
        let shared = Arc::new(SharedQueue::default());
        let sender = Arc::clone(&shared);
        thread::Builder::new()
            .name("to parent".to_owned())
            .spawn(move || sender.send_all(pipe))?;
        Ok(Self { shared })
    }

    /// Queues an event.
    pub(super) fn push(&self, event: PlayerEvent) {
        self.shared.lock().push(event);
        self.shared.changed.notify_all();
    }

    /// Queues some events.
    pub(super) fn push_all(&self, events: impl IntoIterator<Item = PlayerEvent>) {
        events.into_iter().for_each(|event| self.push(event));
    }

    /// Waits until everything has been sent, up to a limit.
    pub(super) fn finish(&self) {
        let state = self.shared.lock();
        let is_busy =
            |state: &mut QueueState| !state.is_broken && (state.is_sending || !state.events.is_empty());
        drop(
            self.shared
                .changed
                .wait_timeout_while(state, FLUSH_TIMEOUT, is_busy)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}

impl SharedQueue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        // The queue is consistent between any two statements, so a thread that panicked left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send_all(&self, mut pipe: UnixStream) {
        loop {
            let mut state = self
                .changed
                .wait_while(self.lock(), |state| state.events.is_empty())
                .unwrap_or_else(PoisonError::into_inner);
            let event = state.events.pop_front().expect("waited until there is one");
            state.is_sending = true;
            drop(state);
            let result = match wire::frame(&event) {
                Ok(frame) => pipe.write_all(&frame),
                Err(error) => {
                    super::log(&format!("an event could not be told: {error}"));
                    Ok(())
                }
            };
            let mut state = self.lock();
            state.is_sending = false;
            state.is_broken = result.is_err();
            let is_broken = state.is_broken;
            drop(state);
            self.changed.notify_all();
            if is_broken {
                // The reading side notices this as well and ends the worker.
                return;
            }
        }
    }
}

impl QueueState {
    fn push(&mut self, event: PlayerEvent) {
        let kind = std::mem::discriminant(&event);
        // A status that was not sent yet is outdated by the next one, but it must stay after the events that came before it.
        let mut last_status = self
            .events
            .pop_back_if(|back| matches!(back, PlayerEvent::Status(_)));
        if matches!(event, PlayerEvent::Status(_)) {
            last_status = None;
        } else if matches!(event, PlayerEvent::Facts(_) | PlayerEvent::Chapters(_)) {
            self.events.retain(|older| std::mem::discriminant(older) != kind);
        } else {
            self.events.extend(last_status.take());
        }
        // The newest events are the ones that the session can still act on.
        if self.events.len() == EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
        // Details and chapters go before a status, so that the next status finds it at the end and replaces it.
        self.events.extend(last_status);
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::player_reason::PlayerNotice;

    use super::*;
    use crate::player::facts::Facts;
    use crate::player::{Generation, PlayerStatus};
    use watchtogether_protocol::LocalTime;

    fn status(millis: u64) -> PlayerEvent {
        PlayerEvent::Status(PlayerStatus {
            generation: Generation(1),
            at: LocalTime::from_millis(millis),
            reading: None,
            is_paused: true,
            is_seeking: false,
            buffering: None,
            is_at_end: false,
            speed: 1.0,
            buffered: Duration::ZERO,
            picture_behind: Duration::ZERO,
            window: None,
        })
    }

    #[test]
    fn a_status_takes_the_place_of_the_one_before_it() {
        let mut state = QueueState::default();

        for event in [status(1), status(2), PlayerEvent::Closed, status(3), status(4)] {
            state.push(event);
        }

        assert_eq!(
            Vec::from(state.events),
            [status(2), PlayerEvent::Closed, status(4)]
        );
    }

    #[test]
    fn facts_delay_no_status() {
        let mut state = QueueState::default();
        let facts = |volume| {
            PlayerEvent::Facts(Facts {
                volume,
                ..Facts::default()
            })
        };

        for event in [status(1), facts(1), status(2), facts(2), status(3)] {
            state.push(event);
        }

        assert_eq!(Vec::from(state.events), [facts(2), status(3)]);
    }

    #[test]
    fn a_full_outbox_keeps_the_newest() {
        let mut state = QueueState::default();
        state.push(PlayerEvent::Closed);

        for _ in 0..EVENTS {
            state.push(PlayerEvent::Notice(PlayerNotice::NoDisplay));
        }

        assert_eq!(state.events.len(), EVENTS);
        assert!(!state.events.contains(&PlayerEvent::Closed));
    }
}
