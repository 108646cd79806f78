//! The heading of a panel, which is highlighted if the panel has the focus.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::pieces::{put, span, spread};
use crate::state::Screen;
use crate::state::panels::Focus;
use crate::theme::Role;

/// Draws a panel's heading: its title, a remark next to it, and how to see more at the right.
pub(super) fn heading(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    focus: Focus,
    (title, detail): (&str, String),
    more: &str,
) {
    let dim = screen.theme.style(Role::Dim);
    let mut left = marked(screen, focus, title);
    left.push(span(detail, dim));
    put(
        buf,
        area,
        &spread(left, vec![span(format!("{more} "), dim)], area.width),
    );
}

/// Returns a panel's title, which stands out if the panel has the focus.
pub(super) fn marked(screen: &Screen, focus: Focus, title: &str) -> Vec<Span<'static>> {
    let strong = screen.theme.style(Role::Strong);
    if screen.focused() == focus {
        let style = strong.patch(screen.theme.style(Role::Marked));
        vec![span(format!(" {title} "), style)]
    } else {
        vec![span(format!(" {title} "), strong)]
    }
}
