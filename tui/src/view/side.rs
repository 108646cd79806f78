//! The panels: people, current item, how well the local player followed in the last minute, and the local player.
//!
//! They are in a column next to the chat or, without the chat, use the whole width. If there are few rows, people come first:
//! another panel is shown only if the people keep two thirds of the rows, or as many as they need.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use watchtogether_protocol::LocalTime;

use super::pieces::put;
use super::widths::{SIDE_COLUMNS, SIDE_WIDE};
use super::{player_block, roster, sync_graph};
use crate::geometry::Places;
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The maximum number of rows for the current item: a heading, the title in two rows, the length.
const NOW_PLAYING: u16 = 4;

/// A panel besides the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panel {
    NowPlaying,
    Sync,
    Player,
}

/// Draws the column next to the chat; returns the areas of its panels.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room, now: LocalTime) -> Places {
    let is_wide = area.width + 1 >= SIDE_WIDE;
    let wanted: &[Panel] = if is_wide {
        &[Panel::NowPlaying, Panel::Sync, Panel::Player]
    } else {
        &[Panel::NowPlaying, Panel::Sync]
    };
    stack(buf, area, screen, room, wanted, now)
}

/// Draws the panels without the chat, in two columns if there is space; returns their areas.
pub(super) fn draw_alone(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    now: LocalTime,
) -> Places {
    if area.width < SIDE_COLUMNS {
        return stack(buf, area, screen, room, &[Panel::Sync, Panel::Player], now);
    }
    let left = Rect {
        width: area.width / 2,
        ..area
    };
    let right = Rect {
        x: left.right() + 1,
        width: area.width - left.width - 1,
        ..area
    };
    let dim = screen.theme.style(Role::Dim);
    for y in area.top()..area.bottom() {
        buf.set_string(left.right(), y, "│", dim);
    }
    buf.set_string(left.right(), area.y.saturating_sub(1), "┬", dim);
    if area.bottom() < buf.area.bottom() {
        buf.set_string(left.right(), area.bottom(), "┴", dim);
    }
    roster::draw(buf, left, screen, room);
    let others = others(
        buf,
        right,
        screen,
        room,
        &[Panel::NowPlaying, Panel::Sync, Panel::Player],
        now,
    );
    Places {
        people: Some(left),
        ..others
    }
}

/// Draws the people and, below them, as many of the other panels as fit.
fn stack(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    wanted: &[Panel],
    now: LocalTime,
) -> Places {
    let needed = roster::height(room, area.width);
    let kept = needed.min(area.height * 2 / 3);
    let mut left = area.height - kept;
    let mut shown = Vec::new();
    for panel in wanted.iter().filter(|panel| has_something(**panel, room)) {
        let rows = height(*panel, room, area.width) + 1;
        if rows <= left {
            left -= rows;
            shown.push(*panel);
        }
    }
    let people = Rect {
        height: needed.min(kept + left),
        ..area
    };
    roster::draw(buf, people, screen, room);
    let rest = rule(buf, below(area, people.height), screen);
    let others = others(buf, rest, screen, room, &shown, now);
    Places {
        people: Some(people),
        ..others
    }
}

/// Draws some panels one below another, with a rule between them.
fn others(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    shown: &[Panel],
    now: LocalTime,
) -> Places {
    let mut places = Places::default();
    let mut rest = area;
    for (index, panel) in shown.iter().enumerate() {
        let rows = height(*panel, room, area.width);
        if rows > rest.height {
            break;
        }
        let place = Rect { height: rows, ..rest };
        match panel {
            Panel::NowPlaying => draw_item(buf, place, screen, room),
            Panel::Sync => {
                sync_graph::draw(buf, place, screen, room, now);
                places.sync = Some(place);
            }
            Panel::Player => {
                player_block::draw(buf, place, screen, room);
                places.player = Some(place);
            }
        }
        rest = below(rest, rows);
        if shown
            .get(index + 1)
            .is_some_and(|next| height(*next, room, area.width) < rest.height)
        {
            rest = rule(buf, rest, screen);
        }
    }
    places
}

/// Returns whether a panel has anything to show: an empty graph would only be clutter.
fn has_something(panel: Panel, room: &Room) -> bool {
    match panel {
        Panel::NowPlaying => true,
        Panel::Sync => !room.local_player.drifts.is_empty() || room.local_player.minute.p50.is_some(),
        Panel::Player => room.local_player.facts.is_some(),
    }
}

fn height(panel: Panel, room: &Room, width: u16) -> u16 {
    match panel {
        Panel::NowPlaying => u16::try_from(item(room, width).len() + 1).unwrap_or(NOW_PLAYING),
        Panel::Sync => sync_graph::HEIGHT,
        Panel::Player => player_block::HEIGHT,
    }
}

/// Draws the current item.
fn draw_item(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room) {
    let strong = screen.theme.style(Role::Strong);
    put(
        buf,
        area,
        &Line::styled(format!(" {}", msg!("now-playing")), strong),
    );
    let dim = screen.theme.style(Role::Dim);
    for ((words, is_title), y) in item(room, area.width).into_iter().zip(area.y + 1..area.bottom()) {
        let style = if is_title {
            screen.theme.style(Role::Plain)
        } else {
            dim
        };
        let place = Rect { y, height: 1, ..area };
        put(buf, place, &Line::styled(format!(" {words}"), style));
    }
}

/// Returns the rows of the current item, and which of them are its title.
fn item(room: &Room, width: u16) -> Vec<(String, bool)> {
    let width = usize::from(width).saturating_sub(2);
    let Some(transport) = &room.transport else {
        return vec![(msg!("nothing-on").to_owned(), false)];
    };
    let title = text::wrap(transport.title.as_str(), width);
    let is_long = title.len() > 2;
    let mut rows = Vec::new();
    for (row, words) in title.into_iter().take(2).enumerate() {
        let words = if is_long && row == 1 {
            text::truncate(&format!("{words}…"), width)
        } else {
            words
        };
        rows.push((words, true));
    }
    let length = match transport.duration {
        Some(duration) => strings::position(duration, false),
        None if transport.is_live => msg!("live").to_owned(),
        None => msg!("no-length").to_owned(),
    };
    rows.push((length, false));
    rows
}

/// Draws a rule into the first row; returns the area below it.
fn rule(buf: &mut Buffer, area: Rect, screen: &Screen) -> Rect {
    let dim = screen.theme.style(Role::Dim);
    put(buf, area, &Line::styled("─".repeat(area.width.into()), dim));
    if !area.is_empty() && area.x > 0 {
        buf.set_string(area.x - 1, area.y, "├", dim);
    }
    below(area, 1)
}

/// Returns the area below this many rows.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
