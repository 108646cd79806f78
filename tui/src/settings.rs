//! What a screen is given at its start.

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

use crate::glyphs::Glyphs;
use crate::keymap::Keymap;
use crate::theme::Colours;

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
