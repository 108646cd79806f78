//! Where on the picture links stand, so that the terminal can be told where they lead (OSC 8).

use std::ops::Range;

use ratatui::layout::Rect;

/// A link, or the part of it that stands in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its cells.
    pub area: Rect,
    /// Where it leads: what is read there, whole.
    pub url: String,
}

impl Link {
    /// Returns a link in some cells of a row, counted from its left end.
    pub(super) fn new(row: Rect, cells: Range<usize>, url: String) -> Self {
        let start = u16::try_from(cells.start).unwrap_or(u16::MAX);
        let width = u16::try_from(cells.len()).unwrap_or(u16::MAX);
        let area = Rect {
            x: row.x.saturating_add(start),
            width,
            ..row
        };
        Self {
            area: area.intersection(row),
            url,
        }
    }
}
