//! Distinguishes a pressed Enter from one in pasted text, for terminals that do not mark pastes.
//!
//! A terminal without bracketed paste sends pasted text as if it were typed, all together. If an Enter follows a character sooner
//! than anybody could press it, it waits a moment. If more text follows, it was a line break in pasted text, and so are the
//! others until the text ends. So pasted lines are never sent one by one.

use std::time::Duration;

use watchtogether_protocol::LocalTime;

/// How soon after a character an Enter may be part of a paste. It is two frames, for slow terminals; a typist who is as fast
/// loses only [`HOLD`].
const PASTE_GAP: Duration = Duration::from_millis(60);

/// How long such an Enter waits for more text. The rest of a paste is already there, or arrives with the same write of the
/// terminal; a script that types line by line takes longer to start its next command.
const HOLD: Duration = Duration::from_millis(5);

/// The largest gap between two characters of pasted text: as long as drawing a frame may take.
const STREAM: Duration = Duration::from_millis(50);

/// The timing of the input to a line.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    last_at: Option<LocalTime>,
    held_until: Option<LocalTime>,
    is_pasting: bool,
}

/// The meaning of an Enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// The user pressed it.
    Pressed,
    /// Unknown until [`Pace::deadline`].
    Held,
    /// It is a line break in pasted text, like the one held before it, if any.
    Pasted {
        /// Whether another one was held.
        was_held: bool,
    },
}

impl Pace {
    /// Handles a character; returns whether the Enter before it was a line break in pasted text.
    pub fn on_character(&mut self, now: LocalTime) -> bool {
        let was_held = self.held_until.take().is_some();
        self.is_pasting = was_held || self.is_pasting && self.is_within(STREAM, now);
        self.last_at = Some(now);
        was_held
    }

    /// Handles an Enter.
    pub fn on_enter(&mut self, now: LocalTime) -> Enter {
        let was_held = self.held_until.take().is_some();
        if was_held || self.is_pasting && self.is_within(STREAM, now) {
            self.is_pasting = true;
            self.last_at = Some(now);
            return Enter::Pasted { was_held };
        }
        self.is_pasting = false;
        if self.is_within(PASTE_GAP, now) {
            self.held_until = Some(now + HOLD);
            return Enter::Held;
        }
        Enter::Pressed
    }

    /// Handles a held Enter that nothing followed, or only a key which text cannot contain. Returns whether there was a held
    /// Enter, which the user pressed in that case.
    pub fn settle(&mut self) -> bool {
        self.is_pasting = false;
        self.last_at = None;
        self.held_until.take().is_some()
    }

    /// Returns until when an Enter is held.
    pub const fn deadline(&self) -> Option<LocalTime> {
        self.held_until
    }

    fn is_within(&self, time: Duration, now: LocalTime) -> bool {
        self.last_at.is_some_and(|at| now.saturating_since(at) < time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> LocalTime {
        LocalTime::from_millis(5_000 + millis)
    }

    #[test]
    fn an_enter_at_the_pace_of_people_is_pressed() {
        let mut pace = Pace::default();
        assert!(!pace.on_character(at(0)));

        assert_eq!(pace.on_enter(at(90)), Enter::Pressed);
        assert_eq!(pace.deadline(), None);
    }

    #[test]
    fn text_that_ends_with_an_enter_at_once_is_sent_after_a_moment() {
        let mut pace = Pace::default();
        pace.on_character(at(0));

        assert_eq!(pace.on_enter(at(0)), Enter::Held);

        assert_eq!(pace.deadline(), Some(at(5)));
        assert!(pace.settle());
        assert!(!pace.settle(), "once");
    }

    #[test]
    fn enters_within_a_stream_of_text_are_its_line_breaks_to_its_end() {
        let mut pace = Pace::default();
        pace.on_character(at(0));
        assert_eq!(pace.on_enter(at(1)), Enter::Held);
        assert!(pace.on_character(at(2)));
        assert_eq!(pace.on_enter(at(3)), Enter::Pasted { was_held: false });
        assert_eq!(pace.on_enter(at(3)), Enter::Pasted { was_held: false });
        assert!(!pace.on_character(at(4)));
        assert_eq!(
            pace.on_enter(at(5)),
            Enter::Pasted { was_held: false },
            "the last one"
        );

        assert_eq!(pace.on_enter(at(400)), Enter::Pressed, "then it is sent by hand");
    }

    #[test]
    fn an_empty_line_in_a_paste_sends_nothing() {
        let mut pace = Pace::default();
        pace.on_character(at(0));
        assert_eq!(pace.on_enter(at(0)), Enter::Held);

        assert_eq!(pace.on_enter(at(1)), Enter::Pasted { was_held: true });
    }
}
