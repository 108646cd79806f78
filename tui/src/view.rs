//! The picture: where the parts of the screen stand at every size.
//!
//! No size is refused. From 100 columns on there is a wide side column, from 72 a narrow one, below that the people
//! become a strip. What is given up first when rows are few: hint line, separators, strip, progress line; the input
//! line is what is left last.

pub mod chat;
pub mod hits;
pub mod status_bar;

pub(crate) mod home;

mod browser;
mod card;
mod hints;
mod input_line;
mod notice;
mod overlays;
mod palette;
mod progress;
mod roster;
mod side;
mod stop;
mod strip;
mod sync_details;
mod sync_graph;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use crate::action::ActionId;
use crate::app::{App, Overlay, Scene};
use crate::model::Room;
use crate::text;
use crate::theme::Role;

use hits::{Hits, Target};

/// From here on the people have a column of their own.
const SIDE_COLUMNS: u16 = 72;
/// From here on that column is wide, and lines of chat show where the film was.
const WIDE_COLUMNS: u16 = 100;
/// Below this there is no hint line, no separator and no strip.
const FULL: Size = Size::new(40, 12);
/// Below this the status bar and the progress line are one.
const TWO_BARS_ROWS: u16 = 6;
/// Below this there is the input line alone.
const LEAST: Size = Size::new(20, 4);
/// The cells of the narrow and of the wide side column.
const SIDE: u16 = 28;
const SIDE_WIDE: u16 = 39;

/// What the screen must know of the picture.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The shape of the chat.
    pub chat: chat::Shape,
    /// How far an overlay can be scrolled.
    pub overlay_scroll: usize,
    /// What stands where.
    pub hits: Hits,
}

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, app: &App, now: LocalTime) -> Drawn {
    let area = frame.area();
    if area.is_empty() {
        return Drawn::default();
    }
    let room = match &app.scene {
        Scene::Room(room) => room,
        Scene::Connecting { to } => {
            stop::draw_connecting(frame.buffer_mut(), area, app, to);
            return Drawn::default();
        }
        Scene::Stopped(stop) => {
            stop::draw(frame.buffer_mut(), area, app, stop);
            return Drawn::default();
        }
    };
    let mut hits = Hits::default();
    let chat = draw_room(frame, area, app, room, &mut hits, now);
    let overlay_scroll = match &app.overlay {
        Some(Overlay::Palette(palette)) => {
            palette::draw(frame, area, app, palette, &mut hits);
            0
        }
        Some(overlay) => {
            let shown = overlays::draw(frame.buffer_mut(), area, app, room, overlay, now);
            hits.add(area, Target::Beside);
            hits.add(shown.place, Target::Text);
            shown.farthest
        }
        None => 0,
    };
    Drawn {
        chat,
        overlay_scroll,
        hits,
    }
}

fn draw_room(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App,
    room: &Room,
    hits: &mut Hits,
    now: LocalTime,
) -> chat::Shape {
    let (mut rows, is_full) = (Rows(area), area.width >= FULL.width && area.height >= FULL.height);
    let has_cursor = app.overlay.is_none();
    if area.width < LEAST.width || area.height < LEAST.height {
        input_line::draw(frame, rows.bottom(1), app, room, has_cursor);
        return chat::Shape::default();
    }
    let dim = app.theme.style(Role::Dim);
    let side = match area.width {
        _ if !is_full => 0,
        WIDE_COLUMNS.. => SIDE_WIDE,
        SIDE_COLUMNS.. => SIDE,
        _ => 0,
    };
    let buf = frame.buffer_mut();
    if area.height >= TWO_BARS_ROWS {
        status_bar::draw(buf, rows.top(1), app, room, now);
        let (bar, duration) = progress::draw(buf, rows.top(1), app, room, now);
        hits.add(bar, Target::Bar(duration));
    } else {
        status_bar::draw_merged(buf, rows.top(1), app, room, now);
    }
    if is_full && side == 0 {
        let row = rows.top(1);
        strip::draw(buf, row, app, room);
        hits.add(row, Target::Do(ActionId::People));
    }
    if is_full {
        hints::draw(buf, rows.bottom(1), app, room, hits);
    }
    let input_rows = input_line::height(app, room, area);
    let input = rows.bottom(input_rows);
    input_line::draw(frame, input, app, room, has_cursor);
    hits.add(input, Target::Input);
    let buf = frame.buffer_mut();
    if let Some(line) = notice::line(app, room, area.width, now) {
        put(buf, rows.bottom(1), &line);
    }
    let (mut above, mut below) = (Rect::ZERO, Rect::ZERO);
    if is_full {
        above = rows.top(1);
        below = rows.bottom(1);
    }
    let middle = rows.0;
    let chat = Rect {
        width: middle.width - side,
        ..middle
    };
    for row in [above, below] {
        put(buf, row, &Line::styled("─".repeat(row.width.into()), dim));
    }
    if side > 0 {
        let x = chat.right();
        for (y, joint) in [(above.y, "┬"), (below.y, "┴")] {
            buf.set_string(x, y, joint, dim);
        }
        for y in middle.y..middle.bottom() {
            buf.set_string(x, y, "│", dim);
        }
        let column = Rect {
            x: x + 1,
            width: side - 1,
            ..middle
        };
        hits.add(column, Target::Do(ActionId::People));
        let graph = side::draw(buf, column, app, room, now);
        hits.add(graph, Target::Do(ActionId::SyncDetails));
    }
    let shape = chat::Shape {
        size: chat.as_size(),
        has_names: side > 0,
        has_positions: side == SIDE_WIDE,
    };
    chat::draw(buf, chat, app, room, shape, below);
    hits.add(chat, Target::Text);
    if room.chat.place().is_some() {
        hits.add(below, Target::Do(ActionId::Newest));
    }
    shape
}

/// Gives rows away from both ends.
struct Rows(Rect);

impl Rows {
    fn top(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        let taken = Rect {
            height: rows,
            ..self.0
        };
        self.0.y += rows;
        self.0.height -= rows;
        taken
    }

    fn bottom(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        self.0.height -= rows;
        Rect {
            y: self.0.bottom(),
            height: rows,
            ..self.0
        }
    }
}

/// Draws a line into the first row of an area, if there is one.
fn put(buf: &mut Buffer, area: Rect, line: &Line<'_>) {
    if !area.is_empty() {
        buf.set_line(area.x, area.y, line, area.width);
    }
}

/// Returns a piece of text in a style.
fn span(text: impl Into<String>, style: Style) -> Span<'static> {
    Span::styled(text.into(), style)
}

/// Returns the cells that pieces take.
fn cells(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| text::width(&span.content)).sum()
}

/// Returns a line with one half at its left end and one at its right; the right one goes where there is no room.
fn spread(left: Vec<Span<'static>>, right: Vec<Span<'static>>, width: u16) -> Line<'static> {
    let missing = usize::from(width).saturating_sub(cells(&left) + cells(&right));
    if missing == 0 && !right.is_empty() {
        return Line::from(left);
    }
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(missing)));
    spans.extend(right);
    Line::from(spans)
}
