//! The side column: people, what is on, and, where there is room, how the own player followed in the last minute.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use watchtogether_protocol::LocalTime;

use super::{SIDE_WIDE, put, roster, sync_graph};
use crate::app::App;
use crate::model::Room;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The rows that are kept for what is on: a free one, a heading, the title in two rows, the length.
const NOW_PLAYING: u16 = 5;

/// Draws the column; returns where the graph stands, if it does.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room, now: LocalTime) -> Rect {
    let people = Rect {
        height: area.height.saturating_sub(NOW_PLAYING).max(area.height.min(3)),
        ..area
    };
    let mut rest = below(area, roster::draw(buf, people, app, room) + 1);
    rest = below(rest, draw_item(buf, rest, app, room) + 1);
    if area.width + 1 >= SIDE_WIDE {
        sync_graph::draw(buf, rest, app, room, now);
        return rest;
    }
    Rect::ZERO
}

/// Draws what is on; returns the rows that it took.
fn draw_item(buf: &mut Buffer, area: Rect, app: &App, room: &Room) -> u16 {
    let dim = app.theme.style(Role::Dim);
    let width = usize::from(area.width).saturating_sub(2);
    let mut lines = vec![Line::styled(
        format!(" {}", strings::NOW_PLAYING),
        app.theme.style(Role::Strong),
    )];
    match &room.transport {
        None => lines.push(Line::styled(format!(" {}", strings::NOTHING_ON), dim)),
        Some(transport) => {
            let title = text::wrap(transport.title.as_str(), width);
            let is_long = title.len() > 2;
            for (row, words) in title.into_iter().take(2).enumerate() {
                let words = if is_long && row == 1 {
                    text::truncate(&format!("{words}…"), width)
                } else {
                    words
                };
                lines.push(Line::raw(format!(" {words}")));
            }
            let length = transport.duration.map_or_else(
                || strings::LIVE.to_owned(),
                |duration| strings::position(duration, false),
            );
            lines.push(Line::styled(format!(" {length}"), dim));
        }
    }
    let mut taken = 0;
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        put(buf, Rect { y, height: 1, ..area }, &line);
        taken += 1;
    }
    taken
}

/// Returns what of an area lies below so many rows.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
