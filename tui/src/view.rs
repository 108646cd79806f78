//! The picture: draws a state, and records where things are on the screen.

pub(crate) mod chat;
pub(crate) mod home;
pub(crate) mod status_bar;

mod browser;
mod card;
mod hints;
mod input_line;
mod invite;
mod invite_banner;
mod member_menu;
mod notice;
mod overlays;
mod palette;
mod panel;
mod pieces;
mod player_block;
mod progress;
mod room;
mod roster;
mod side;
mod status_text;
mod stop;
mod strip;
mod sync_details;
mod sync_graph;
mod toasts;
mod widths;

use ratatui::Frame;
use ratatui::layout::Rect;
use watchtogether_protocol::LocalTime;

use crate::geometry::{DrawnScreen, Target};
use crate::glyphs::{self, Glyphs};
use crate::state::overlay::Overlay;
use crate::state::{Scene, Screen};

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen, now: LocalTime) -> DrawnScreen {
    let drawn = draw_scene(frame, screen, now);
    glyphs::split_flags(frame.buffer_mut());
    if screen.glyphs == Glyphs::Ascii {
        glyphs::replace(frame.buffer_mut());
    }
    drawn
}

fn draw_scene(frame: &mut Frame<'_>, screen: &Screen, now: LocalTime) -> DrawnScreen {
    let area = frame.area();
    if area.is_empty() {
        return DrawnScreen::default();
    }
    let room = match &screen.scene {
        Scene::Room(room) => room,
        Scene::Connecting { to } => {
            stop::draw_connecting(frame.buffer_mut(), area, screen, to);
            return DrawnScreen::default();
        }
        Scene::Stopped(stop) => {
            stop::draw(frame.buffer_mut(), area, screen, stop);
            return DrawnScreen::default();
        }
    };
    let mut drawn = room::draw(frame, area, screen, room, now);
    match &screen.overlay {
        Some(Overlay::Palette(palette)) => palette::draw(frame, area, screen, palette, &mut drawn.hits),
        Some(overlay) => {
            let shown = overlays::draw(frame.buffer_mut(), area, screen, room, overlay, now);
            drawn.hits.add(area, Target::Beside);
            drawn.hits.add(shown.place, Target::Text);
            drawn.overlay_scroll = shown.scroll;
            drawn.links.retain(|link| !link.area.intersects(shown.place));
        }
        None => {}
    }
    // Over the chat if it is shown, so that the panels next to it stay visible.
    let width = match drawn.chat.size.width {
        0 => area.width,
        chat => chat.min(area.width),
    };
    let notices = Rect {
        y: area.y + drawn.banner_rows,
        width,
        height: area.height - drawn.banner_rows,
        ..area
    };
    toasts::draw(frame.buffer_mut(), notices, screen);
    drawn
}
