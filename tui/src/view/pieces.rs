//! The building blocks of all views: spans and lines, and drawing them on the buffer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::text;
use crate::theme::{Role, Theme};

/// Splits off rows from both ends of an area.
pub(super) struct RowSplitter(pub(super) Rect);

impl RowSplitter {
    /// Returns this many rows from the top, or as many as there are.
    pub(super) fn top(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        let taken = Rect {
            height: rows,
            ..self.0
        };
        self.0.y += rows;
        self.0.height -= rows;
        taken
    }

    /// Returns this many rows from the bottom, or as many as there are.
    pub(super) fn bottom(&mut self, rows: u16) -> Rect {
        let rows = rows.min(self.0.height);
        self.0.height -= rows;
        Rect {
            y: self.0.bottom(),
            height: rows,
            ..self.0
        }
    }
}

/// Removes the wide glyphs that the next drawing over `place` would cut in half: a terminal would show them whole, across the
/// edge.
pub(super) fn clear_edge(buf: &mut Buffer, place: Rect) {
    let Some(x) = place.x.checked_sub(1).filter(|x| *x >= buf.area.x) else {
        return;
    };
    for y in place.top()..place.bottom() {
        if let Some(cell) = buf.cell_mut((x, y))
            && text::glyph_width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
    }
}

/// Draws a line into the first row of an area, if there is one.
pub(super) fn put(buf: &mut Buffer, area: Rect, line: &Line<'_>) {
    if !area.is_empty() {
        buf.set_line(area.x, area.y, line, area.width);
    }
}

/// Returns the chosen row of a list: in one style from end to end, keeping only its underlines.
pub(super) fn chosen_row(line: Line<'static>, width: usize, style: Style) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = line.spans;
    for span in &mut spans {
        let underlined = span.style.add_modifier & Modifier::UNDERLINED;
        span.style = style.add_modifier(underlined);
    }
    let missing = width.saturating_sub(cells(&spans));
    spans.push(Span::styled(" ".repeat(missing), style));
    Line::from(spans)
}

/// Returns a piece of text in a style.
pub(super) fn span(text: impl Into<String>, style: Style) -> Span<'static> {
    Span::styled(text.into(), style)
}

/// Returns the width of spans.
pub(super) fn cells(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| text::width(&span.content)).sum()
}

/// Returns a line with one part at each end; the right one is dropped if there is no space.
pub(super) fn spread(left: Vec<Span<'static>>, right: Vec<Span<'static>>, width: u16) -> Line<'static> {
    let missing = usize::from(width).saturating_sub(cells(&left) + cells(&right));
    if missing == 0 && !right.is_empty() {
        return Line::from(left);
    }
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(missing)));
    spans.extend(right);
    Line::from(spans)
}

/// Returns a key and its effect.
pub(super) fn hint(theme: Theme, is_first: bool, key: &str, label: &str) -> [Span<'static>; 3] {
    [
        Span::raw(if is_first { " " } else { "  " }),
        span(key, theme.style(Role::Strong)),
        span(format!(" {label}"), theme.style(Role::Dim)),
    ]
}
