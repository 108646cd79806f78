//! Short notices that disappear by themselves: about happenings while the chat does not show them, and about actions without
//! another visible effect. They take no row and no key from anything else.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

use crate::update::Weight;

/// How long a notice stays: long enough to notice and read two short lines.
const LIFETIME: Duration = Duration::from_secs(5);

/// The maximum number of notices, so that they can be read; the oldest is dropped.
const MAX_TOASTS: usize = 3;

/// The source of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An entry of the chat, which may grow but has only one notice.
    Entry(u64),
    /// An action of the user on this screen.
    Screen,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The source.
    pub origin: Origin,
    /// The text.
    pub words: String,
    /// The importance.
    pub weight: Weight,
    until: LocalTime,
}

/// All notices, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Toasts(Vec<Toast>);

impl Toasts {
    /// Adds a notice, replacing an earlier one from the same source.
    pub fn add(&mut self, origin: Origin, words: String, weight: Weight, now: LocalTime) {
        self.0.retain(|toast| toast.origin != origin);
        self.0.push(Toast {
            origin,
            words,
            weight,
            until: now + LIFETIME,
        });
        if self.0.len() > MAX_TOASTS {
            self.0.remove(0);
        }
    }

    /// Removes expired notices and, if the chat shows everything, those for entries of the chat.
    pub fn expire(&mut self, shows_chat: bool, now: LocalTime) {
        self.0.retain(|toast| {
            let is_shown = shows_chat && matches!(toast.origin, Origin::Entry(_));
            now < toast.until && !is_shown
        });
    }

    /// Returns when the next notice expires.
    pub fn next_end(&self) -> Option<LocalTime> {
        self.0.iter().map(|toast| toast.until).min()
    }

    /// Returns the notices, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Toast> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: LocalTime = LocalTime::from_millis(5_000);

    fn add(toasts: &mut Toasts, serial: u64, words: &str, now: LocalTime) {
        toasts.add(Origin::Entry(serial), words.to_owned(), Weight::Calm, now);
    }

    fn words(toasts: &Toasts) -> Vec<&str> {
        toasts.iter().map(|toast| toast.words.as_str()).collect()
    }

    #[test]
    fn the_oldest_of_more_than_three_goes() {
        let mut toasts = Toasts::default();
        for (serial, words) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
            add(&mut toasts, serial, words, NOW);
        }

        assert_eq!(words(&toasts), ["b", "c", "d"]);
    }

    #[test]
    fn a_growing_entry_restarts_its_notice() {
        let mut toasts = Toasts::default();
        add(&mut toasts, 1, "bo joined", NOW);
        add(&mut toasts, 2, "ana paused", NOW);
        let later = NOW + Duration::from_secs(3);
        add(&mut toasts, 1, "bo, chi joined", later);

        assert_eq!(words(&toasts), ["ana paused", "bo, chi joined"]);
        toasts.expire(false, NOW + LIFETIME);
        assert_eq!(words(&toasts), ["bo, chi joined"]);
        assert_eq!(toasts.next_end(), Some(later + LIFETIME));
        toasts.expire(false, later + LIFETIME);
        assert_eq!((words(&toasts).len(), toasts.next_end()), (0, None));
    }

    #[test]
    fn an_entry_visible_in_the_chat_needs_no_notice() {
        let mut toasts = Toasts::default();
        add(&mut toasts, 1, "bo joined", NOW);
        toasts.add(Origin::Screen, "copied".to_owned(), Weight::Calm, NOW);

        toasts.expire(true, NOW);

        assert_eq!(words(&toasts), ["copied"]);
    }
}
