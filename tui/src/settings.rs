//! The settings of a screen.

use watchtogether_protocol::LocalTime;
use watchtogether_protocol::time::WallTime;

use crate::glyphs::Glyphs;
use crate::keymap::Keymap;
use crate::theme::Colours;

/// The settings of a screen at its start, because it reads no clock, no environment and no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenSettings {
    /// The time of the wall clock at an instant of the local clock.
    pub wall_clock: (WallTime, LocalTime),
    /// The number of minutes that local time is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// The colours: none with `NO_COLOR` or `--color never`.
    pub colours: Colours,
    /// The glyphs that the terminal can show.
    pub glyphs: Glyphs,
    /// The key map.
    pub keymap: Keymap,
    /// Whether the mouse is on at the start.
    pub has_mouse: bool,
}
