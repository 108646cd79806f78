//! The mouse: the wheel scrolls the area under it, and a click acts on its target.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, RoomIntent};

use super::App;
use crate::geometry::{Region, Target};
use crate::intent::Intent;
use crate::key::{Code, Key, Mouse, MouseAction};
use crate::keymap::Mode;
use crate::state::SeekClick;
use crate::state::overlay::Overlay;

/// The number of rows per notch of the wheel.
const NOTCH: isize = 3;

/// How long a click on the progress line waits for a second one, so that an accidental click moves nobody.
const DOUBLE_CLICK: Duration = Duration::from_secs(1);

impl App {
    #[cfg(test)]
    pub(crate) const fn hits(&self) -> &crate::geometry::Hits {
        &self.hits
    }

    pub(super) fn handle_mouse(&mut self, mouse: Mouse, now: LocalTime) -> Vec<Intent> {
        let Some(region) = self.hits.at(mouse.column, mouse.row) else {
            return Vec::new();
        };
        match mouse.action {
            MouseAction::WheelUp => self.turn_wheel(-1),
            MouseAction::WheelDown => self.turn_wheel(1),
            MouseAction::Press => return self.press(region, mouse.column, now),
        }
        Vec::new()
    }

    fn turn_wheel(&mut self, notches: isize) {
        match &mut self.state.overlay {
            Some(Overlay::Palette(palette)) => palette.move_by(notches),
            Some(overlay) => {
                if let Some(scroll) = overlay.scroll_mut() {
                    *scroll = scroll.saturating_add_signed(notches * NOTCH);
                }
            }
            None => self.scroll(notches * NOTCH),
        }
    }

    fn press(&mut self, region: Region, column: u16, now: LocalTime) -> Vec<Intent> {
        self.state.notice = None;
        let first = self.state.seek_click.take().filter(|click| now < click.until);
        match region.target {
            Target::Do(id) => self.perform(id, Key::plain(Code::Enter), None),
            Target::Row(row) => self.choose(row),
            Target::Bar => {
                if let Some(click) = first {
                    return vec![Intent::Room(RoomIntent::SeekTo(click.to))];
                }
                let until = now + DOUBLE_CLICK;
                let to = self.bar.as_ref().and_then(|bar| bar.time_at(column));
                self.state.seek_click = to.map(|to| SeekClick { to, until });
                Vec::new()
            }
            Target::Input => {
                self.state.mode = Mode::Chat;
                Vec::new()
            }
            Target::Beside => {
                if !matches!(self.state.overlay, Some(Overlay::Ask(_))) {
                    self.state.overlay = None;
                }
                Vec::new()
            }
            Target::Message(serial) => {
                self.click_message(serial);
                Vec::new()
            }
            Target::Text => Vec::new(),
        }
    }
}
