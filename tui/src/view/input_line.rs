//! The input line: the prompt, the text in as many rows as it needs and the screen can spare, and the cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation as _;

use super::pieces::{put, span};
use crate::keymap::Mode;
use crate::model::Room;
use crate::slash_command::{self, Typing};
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The maximum number of rows for a long message.
const ROWS: u16 = 5;

/// The text in rows, and the cursor's place in it.
struct InputRows {
    rows: Vec<String>,
    cursor: (usize, usize),
}

/// Returns how many rows the input line takes.
pub(super) fn height(screen: &Screen, room: &Room, area: Rect) -> u16 {
    let prompt = prompt(room, area.width);
    let rows = rows(
        screen,
        usize::from(area.width).saturating_sub(text::width(&prompt)),
    );
    let most = (area.height / 4).clamp(1, ROWS);
    u16::try_from(rows.rows.len()).unwrap_or(u16::MAX).clamp(1, most)
}

/// Draws the input line, and the cursor if letters are text.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, screen: &Screen, room: &Room, has_cursor: bool) {
    if area.is_empty() {
        return;
    }
    let prompt = prompt(room, area.width);
    let indent = text::width(&prompt);
    let width = usize::from(area.width).saturating_sub(indent);
    let rows = if area.height == 1 {
        one_row(screen, width)
    } else {
        rows(screen, width)
    };
    let height = usize::from(area.height);
    let first = (rows.cursor.0 + 1)
        .saturating_sub(height)
        .min(rows.rows.len().saturating_sub(1));
    let is_chat = screen.mode == Mode::Chat;
    let you = room.colour_of(room.you).unwrap_or_default();
    let (prompt_style, text_style) = if is_chat {
        (screen.theme.person(you, true), screen.theme.style(Role::Plain))
    } else {
        (screen.theme.style(Role::Dim), screen.theme.style(Role::Dim))
    };
    let buf = frame.buffer_mut();
    for (number, (row, y)) in rows
        .rows
        .iter()
        .skip(first)
        .zip(area.y..area.bottom())
        .enumerate()
    {
        let head = if number + first == 0 {
            span(prompt.clone(), prompt_style)
        } else {
            Span::raw(" ".repeat(indent))
        };
        let place = Rect { y, height: 1, ..area };
        let mut spans = vec![head, span(row.clone(), text_style)];
        if is_chat && number + first == rows.cursor.0 {
            let free = usize::from(area.width).saturating_sub(indent + rows.cursor.1);
            spans.push(span(missing(screen, free), screen.theme.style(Role::Dim)));
        }
        put(buf, place, &Line::from(spans));
    }
    if is_chat && has_cursor {
        let (row, column) = rows.cursor;
        let x = u16::try_from(indent + column).unwrap_or(u16::MAX);
        let y = u16::try_from(row - first).unwrap_or(u16::MAX);
        frame.set_cursor_position((
            area.x.saturating_add(x).min(area.right() - 1),
            area.y.saturating_add(y).min(area.bottom() - 1),
        ));
    }
}

/// Returns the missing part of the command that is being typed, if the cursor is at its end and there is space.
fn missing(screen: &Screen, free: usize) -> String {
    let (before, text) = (screen.editor.before_cursor(), screen.editor.text());
    if before.len() != text.len() {
        return String::new();
    }
    let words = match slash_command::typing(text) {
        Some(Typing::Word { start, candidates }) => match candidates.as_slice() {
            [(_, slash)] => format!("{} {}", &slash.word[start.len()..], slash.argument),
            _ => String::new(),
        },
        Some(Typing::Argument {
            slash,
            has_argument: false,
            ..
        }) if text.ends_with(' ') => slash.argument.to_owned(),
        Some(Typing::Argument { .. }) | None => String::new(),
    };
    let words = words.trim_end();
    if text::width(words) > free {
        return String::new();
    }
    words.to_owned()
}

fn prompt(room: &Room, width: u16) -> String {
    let prompt = strings::prompt(&room.own_name());
    if text::width(&prompt) * 3 <= usize::from(width) {
        prompt
    } else {
        strings::SHORT_PROMPT.to_owned()
    }
}

/// Returns the part of the cursor's line that fits into one row: the end of the text before the cursor, and as much of the rest
/// as fits.
fn one_row(screen: &Screen, width: usize) -> InputRows {
    let width = width.max(2);
    let before = screen.editor.before_cursor();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = text::safe(line);
    let shown = text::last(&line, width - 1);
    let column = text::width(shown);
    let behind = screen.editor.text()[before.len()..].split('\n').next();
    let mut row = shown.to_owned();
    let mut used = column;
    for glyph in text::safe(behind.unwrap_or_default()).graphemes(true) {
        used += text::glyph_width(glyph);
        if used > width {
            break;
        }
        row.push_str(glyph);
    }
    InputRows {
        rows: vec![row],
        cursor: (0, column),
    }
}

/// Breaks the text at the end of each row, glyph by glyph, so that the cursor has a place in it.
fn rows(screen: &Screen, width: usize) -> InputRows {
    let width = width.max(2);
    let cursor_at = screen.editor.before_cursor().len();
    let mut rows = vec![String::new()];
    let (mut column, mut cursor) = (0, (0, 0));
    for (at, glyph) in screen.editor.text().grapheme_indices(true) {
        let safe = text::safe(glyph);
        let wide = text::glyph_width(&safe);
        if glyph != "\n" && column + wide > width {
            rows.push(String::new());
            column = 0;
        }
        if at == cursor_at {
            cursor = (rows.len() - 1, column);
        }
        if glyph == "\n" {
            rows.push(String::new());
            column = 0;
        } else if let Some(row) = rows.last_mut() {
            row.push_str(&safe);
            column += wide;
        }
    }
    if cursor_at == screen.editor.text().len() {
        if column >= width {
            rows.push(String::new());
            column = 0;
        }
        cursor = (rows.len() - 1, column);
    }
    InputRows { rows, cursor }
}
