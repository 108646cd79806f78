//! The layout of a room at every size.
//!
//! Every size works. From 100 columns on there is a wide side column, from 72 a narrow one; below that the people become a strip.
//! The user can also choose only the chat, or only the panels. If there are few rows, these are dropped in this order: hint line,
//! separators, strip, progress line. The input line is never dropped.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use watchtogether_protocol::LocalTime;

use super::pieces::{RowSplitter, put};
use super::widths::{SIDE, SIDE_COLUMNS, SIDE_WIDE, WIDE_COLUMNS};
use super::{chat, hints, input_line, invite_banner, notice, progress, side, status_bar, strip};
use crate::action::ActionId;
use crate::geometry::{DrawnScreen, Shape, Target};
use crate::model::Room;
use crate::state::Screen;
use crate::state::panels::Layout;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The size below which there is no hint line, no separator and no strip.
const FULL: Size = Size::new(40, 12);
/// The height below which the status bar and the progress line are one.
const TWO_BARS_ROWS: u16 = 6;
/// The size below which there is only the input line.
const LEAST: Size = Size::new(20, 4);

/// The parts that fit on the screen.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// Whether there is space for a hint line, separators and panels.
    is_full: bool,
    /// The width of the side column with its edge; 0 if there is none.
    side: u16,
    has_chat: bool,
}

impl Plan {
    fn of(area: Rect, layout: Layout) -> Self {
        let is_full = area.width >= FULL.width && area.height >= FULL.height;
        let side = match (area.width, layout) {
            (_, Layout::ChatAlone | Layout::PanelsAlone) => 0,
            _ if !is_full => 0,
            (WIDE_COLUMNS.., Layout::Beside) => SIDE_WIDE,
            (SIDE_COLUMNS.., Layout::Beside) => SIDE,
            (_, Layout::Beside) => 0,
        };
        Self {
            is_full,
            side,
            has_chat: !is_full || layout != Layout::PanelsAlone,
        }
    }
}

/// Draws the room.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    screen: &Screen,
    room: &Room,
    now: LocalTime,
) -> DrawnScreen {
    let plan = Plan::of(area, screen.panels.layout);
    let mut rows = RowSplitter(area);
    let mut drawn = DrawnScreen {
        has_panels: plan.is_full,
        ..DrawnScreen::default()
    };
    let has_cursor = screen.overlay.is_none();
    if area.width < LEAST.width || area.height < LEAST.height {
        input_line::draw(frame, rows.bottom(1), screen, room, has_cursor);
        return drawn;
    }
    draw_top(frame.buffer_mut(), &mut rows, plan, screen, room, &mut drawn, now);
    if plan.is_full {
        let row = rows.bottom(1);
        hints::draw(frame.buffer_mut(), row, screen, room, &mut drawn.hits);
    }
    let input = rows.bottom(input_line::height(screen, room, area));
    input_line::draw(frame, input, screen, room, has_cursor);
    drawn.hits.add(input, Target::Input);
    let buf = frame.buffer_mut();
    // From the lowest up; a screen of a few rows has space for one.
    let most = if plan.is_full { usize::MAX } else { 1 };
    let notices = notice::lines(screen, room, area.width, now);
    for line in notices.iter().take(most).rev() {
        put(buf, rows.bottom(1), line);
    }
    let below = draw_separators(buf, &mut rows, plan, screen);
    if plan.has_chat {
        draw_panels(buf, rows.0, plan, screen, room, &mut drawn, now);
        draw_chat(buf, rows.0, plan, screen, room, below, &mut drawn);
    } else {
        drawn.panels = side::draw_alone(buf, rows.0, screen, room, now);
        drawn.add_panels();
        drawn.hits.add(below, Target::Do(ActionId::FocusChat));
        hidden_news(buf, below, screen, room);
    }
    drawn
}

/// Draws the bars and the rows right below them.
fn draw_top(
    buf: &mut Buffer,
    rows: &mut RowSplitter,
    plan: Plan,
    screen: &Screen,
    room: &Room,
    drawn: &mut DrawnScreen,
    now: LocalTime,
) {
    let area = rows.0;
    if area.height >= TWO_BARS_ROWS {
        status_bar::draw(buf, rows.top(1), screen, room, now);
        drawn.bar = progress::draw(buf, rows.top(1), screen, room, now);
        if let Some(bar) = &drawn.bar {
            drawn.hits.add(bar.area, Target::Bar);
        }
    } else {
        status_bar::draw_merged(buf, rows.top(1), screen, room, now);
    }
    if !plan.is_full {
        return;
    }
    if plan.side == 0 && plan.has_chat {
        let row = rows.top(1);
        strip::draw(buf, row, screen, room);
        drawn.hits.add(row, Target::Do(ActionId::People));
    }
    for line in invite_banner::lines(screen, room, area.width, area.height) {
        let row = rows.top(1);
        put(buf, row, &line);
        drawn.banner_rows += row.height;
        drawn.hits.add(row, Target::Do(ActionId::Invite));
    }
}

/// Draws the separators if there is space, with a joint where the side column begins; returns the lower one.
fn draw_separators(buf: &mut Buffer, rows: &mut RowSplitter, plan: Plan, screen: &Screen) -> Rect {
    let (mut above, mut below) = (Rect::ZERO, Rect::ZERO);
    if plan.is_full {
        above = rows.top(1);
        below = rows.bottom(1);
    }
    let dim = screen.theme.style(Role::Dim);
    for (row, joint) in [(above, "┬"), (below, "┴")] {
        put(buf, row, &Line::styled("─".repeat(row.width.into()), dim));
        if plan.side > 0 {
            buf.set_string(row.right() - plan.side, row.y, joint, dim);
        }
    }
    below
}

/// Draws the side column, if there is one.
fn draw_panels(
    buf: &mut Buffer,
    middle: Rect,
    plan: Plan,
    screen: &Screen,
    room: &Room,
    drawn: &mut DrawnScreen,
    now: LocalTime,
) {
    if plan.side == 0 {
        return;
    }
    let x = middle.right() - plan.side;
    let dim = screen.theme.style(Role::Dim);
    for y in middle.y..middle.bottom() {
        buf.set_string(x, y, "│", dim);
    }
    let column = Rect {
        x: x + 1,
        width: plan.side - 1,
        ..middle
    };
    drawn.panels = side::draw(buf, column, screen, room, now);
    drawn.add_panels();
}

fn draw_chat(
    buf: &mut Buffer,
    middle: Rect,
    plan: Plan,
    screen: &Screen,
    room: &Room,
    below: Rect,
    drawn: &mut DrawnScreen,
) {
    // A gap between the text and the line next to it.
    let chat = Rect {
        width: middle.width - plan.side - u16::from(plan.side > 0),
        ..middle
    };
    drawn.chat = Shape {
        size: chat.as_size(),
        has_names: plan.side > 0 || middle.width >= SIDE_COLUMNS && plan.is_full,
        has_positions: plan.side == SIDE_WIDE,
    };
    typing(buf, below, screen, room);
    drawn.links = chat::draw(buf, chat, screen, room, drawn.chat, below, &mut drawn.hits);
    if room.chat.place().is_some() {
        drawn.hits.add(below, Target::Do(ActionId::Newest));
    }
}

/// Shows who is typing on the separator.
fn typing(buf: &mut Buffer, separator: Rect, screen: &Screen, room: &Room) {
    let names = room.typing();
    if names.is_empty() || separator.is_empty() {
        return;
    }
    let most = usize::from(separator.width / 2);
    let words = format!(" {} ", text::truncate(&strings::typing(&names), most));
    let place = Rect {
        x: separator.x + 1,
        width: separator.width - 1,
        ..separator
    };
    put(buf, place, &Line::styled(words, screen.theme.style(Role::Dim)));
}

/// Shows how many messages arrived in a hidden chat on the separator.
fn hidden_news(buf: &mut Buffer, separator: Rect, screen: &Screen, room: &Room) {
    let Some(unread) = room.chat.unread() else { return };
    let words = format!(" {} ", strings::hidden_news(unread.count, &screen.way_to_chat()));
    let wide = u16::try_from(text::width(&words)).unwrap_or(u16::MAX);
    let x = separator.right().saturating_sub(wide + 1).max(separator.x);
    let place = Rect {
        x,
        width: separator.right() - x,
        ..separator
    };
    put(buf, place, &Line::styled(words, screen.theme.style(Role::Marked)));
}
