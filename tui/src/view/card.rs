//! A framed card over the rest of the screen; on a small screen it covers everything.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Padding, Widget as _};

use super::pieces::{clear_edge, put};
use crate::theme::{Role, Theme};

/// The maximum width of a card: as much as an eye can follow in one line.
const WIDTH: u16 = 76;
/// The maximum width of a table.
const ROOMY: u16 = 100;
/// The number of columns next to a card below which nothing there could be read.
const CRUMBS: u16 = 12;

/// The width below which a card has no frame and takes the whole screen.
const FRAMED_COLUMNS: u16 = 40;

/// The height below which a card has no frame and takes the whole screen.
const FRAMED_ROWS: u16 = 10;

/// A card's contents.
pub(super) struct Card {
    /// The title.
    pub(super) title: String,
    /// The contents, wrapped to [`inner_width`].
    pub(super) lines: Vec<Line<'static>>,
    /// The keys that work on it, in its last row.
    pub(super) foot: Line<'static>,
    /// The number of rows by which it is scrolled.
    pub(super) scroll: usize,
}

/// Returns the width of a card's lines on a screen.
pub(super) fn inner_width(area: Rect) -> usize {
    let width = if is_framed(area) {
        outer_width(area, WIDTH) - 4
    } else {
        area.width
    };
    width.into()
}

/// Returns the maximum number of a card's rows on a screen.
pub(super) fn rows(area: Rect) -> usize {
    let rest = if is_framed(area) { 4 } else { 2 };
    area.height.saturating_sub(rest).into()
}

/// A card that was drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DrawnCard {
    /// The area.
    pub(super) place: Rect,
    /// The scroll position.
    pub(super) scroll: usize,
}

/// The width of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardWidth {
    /// As wide as an eye can follow in one line.
    Text,
    /// The width for tables.
    Roomy,
}

/// Draws a card.
pub(super) fn draw(buf: &mut Buffer, area: Rect, theme: Theme, card: Card) -> DrawnCard {
    let framed = is_framed(area);
    let frame_rows = if framed { 2 } else { 1 };
    let wanted = u16::try_from(card.lines.len()).unwrap_or(u16::MAX);
    // Lines, a blank row and the foot.
    let height = wanted.saturating_add(frame_rows + 2).min(area.height);
    let height = if framed { height } else { area.height };
    let (place, inner) = frame(buf, area, theme, &card.title, height, CardWidth::Text);
    if inner.is_empty() {
        return DrawnCard { place, scroll: 0 };
    }
    let foot_rows = if inner.height > wanted + 1 {
        2
    } else {
        u16::from(inner.height > 1)
    };
    let body = inner.height - foot_rows;
    let farthest = card.lines.len().saturating_sub(body.into());
    let scroll = card.scroll.min(farthest);
    for (line, y) in card.lines.into_iter().skip(scroll).zip(inner.y..inner.y + body) {
        put(
            buf,
            Rect {
                y,
                height: 1,
                ..inner
            },
            &line,
        );
    }
    if foot_rows > 0 {
        let y = if framed {
            inner.bottom() - 1
        } else {
            inner.y + body + foot_rows - 1
        };
        put(
            buf,
            Rect {
                y,
                height: 1,
                ..inner
            },
            &card.foot,
        );
    }
    DrawnCard { place, scroll }
}

/// Draws a card's frame with this many rows, or its title if there is no space for a frame; returns the whole area and the area
/// inside.
pub(super) fn frame(
    buf: &mut Buffer,
    area: Rect,
    theme: Theme,
    title: &str,
    height: u16,
    width: CardWidth,
) -> (Rect, Rect) {
    let framed = is_framed(area);
    let width = match (framed, width) {
        (true, CardWidth::Text) => outer_width(area, WIDTH),
        (true, CardWidth::Roomy) => outer_width(area, ROOMY),
        (false, _) => area.width,
    };
    let height = if framed {
        height.min(area.height)
    } else {
        area.height
    };
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    clear_edge(buf, place);
    Clear.render(place, buf);
    let title = Line::styled(format!(" {title} "), theme.style(Role::Strong));
    let inner = if framed {
        let block = Block::bordered()
            .title(title)
            .padding(Padding::horizontal(1))
            .border_style(theme.style(Role::Dim));
        let inner = block.inner(place);
        block.render(place, buf);
        inner
    } else {
        put(buf, place, &title);
        Rect {
            y: place.y + 1,
            height: place.height.saturating_sub(1),
            ..place
        }
    };
    (place, inner)
}

/// Returns a frame's columns: all of them if only a few columns would remain next to it.
const fn outer_width(area: Rect, width: u16) -> u16 {
    if area.width < width + CRUMBS {
        area.width
    } else {
        width
    }
}

const fn is_framed(area: Rect) -> bool {
    area.width >= FRAMED_COLUMNS && area.height >= FRAMED_ROWS
}
