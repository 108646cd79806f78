//! The second row: the film's position, its chapters, and the buffered part.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::{LocalTime, MediaTime, Rate};

use super::pieces::{cells, put, span};
use super::widths::{SIDE_COLUMNS, WIDE_COLUMNS};
use crate::geometry::{Bar, LEAST_BAR};
use crate::model::Room;
use crate::model::local_player::LocalPlayer;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::{Motion, Transport};

/// The maximum width of a title in the row.
const TITLE: usize = 24;

/// Draws the row; returns its bar, if there is one.
pub(super) fn draw(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    now: LocalTime,
) -> Option<Bar> {
    let dim = screen.theme.style(Role::Dim);
    let Some(transport) = &room.transport else {
        let words = format!(" {}{}{}", msg!("no-item"), strings::DOT, msg!("nothing-on-hint"));
        put(buf, area, &Line::styled(words, dim));
        return None;
    };
    let is_wide = area.width >= WIDE_COLUMNS;
    let position = transport.position_at(now);
    let has_hours = area.width >= SIDE_COLUMNS && transport.duration.is_none_or(has_hours);
    let mut left = vec![
        span(
            format!(" {} ", glyph(transport)),
            screen.theme.style(role(transport)),
        ),
        span(
            strings::position(position, has_hours),
            screen.theme.style(Role::Strong),
        ),
        Span::raw(" "),
    ];
    if is_wide {
        let words = place(&room.local_player, transport, position);
        left.push(Span::raw(format!("  {} ", text::truncate(&words, TITLE))));
    }
    let right = right(area.width, screen, transport, position);
    let begin = u16::try_from(cells(&left)).unwrap_or(area.width);
    let end = u16::try_from(cells(&right)).unwrap_or(area.width);
    let free = area.width.saturating_sub(begin).saturating_sub(end);
    let mut bar = None;
    if let Some(duration) = transport.duration
        && free >= LEAST_BAR
        && duration > MediaTime::ZERO
    {
        let place = Rect {
            x: area.x + begin,
            width: free,
            ..area
        };
        let buffered = room.telemetry.get(&room.you).map_or(MediaTime::ZERO, |sample| {
            MediaTime::from_millis(sample.buffered_ms.into())
        });
        let drawn = Bar::new(place, duration, &room.local_player.chapters);
        left.extend(spans(&drawn, screen, position, buffered));
        bar = Some(drawn);
    } else {
        left.push(Span::raw(" ".repeat(free.into())));
    }
    left.extend(right);
    put(buf, area, &Line::from(left));
    bar
}

/// Returns the text right of the bar: the remaining time, and the speed.
fn right(width: u16, screen: &Screen, transport: &Transport, position: MediaTime) -> Vec<Span<'static>> {
    let dim = screen.theme.style(Role::Dim);
    let is_wide = width >= WIDE_COLUMNS;
    let mut right = Vec::new();
    if let Some(duration) = transport.duration {
        let words = if is_wide {
            strings::left_of(duration - position, duration)
        } else {
            duration.to_string()
        };
        right.push(span(format!(" {words}"), dim));
    } else if transport.is_live {
        right.push(span(format!(" {}", msg!("live")), dim));
    }
    if width >= SIDE_COLUMNS || transport.rate != Rate::NORMAL {
        let style = if transport.rate == Rate::NORMAL {
            dim
        } else {
            screen.theme.style(Role::Strong)
        };
        let gap = if is_wide { "   " } else { "  " };
        right.push(span(format!("{gap}{}", strings::rate(transport.rate)), style));
    }
    right.push(Span::raw(" "));
    right
}

/// Returns the parts of the bar: watched, buffered by the local player, and remaining.
fn spans(bar: &Bar, screen: &Screen, at: MediaTime, ahead: MediaTime) -> Vec<Span<'static>> {
    let head = bar.cell_of(at);
    let filled = bar.cell_of(at + ahead);
    let styles = [Role::Good, Role::Plain, Role::Dim].map(|role| screen.theme.style(role));
    let mut spans: Vec<Span<'static>> = Vec::new();
    for cell in 0..bar.area.width {
        let is_tick = bar.has_tick(cell);
        let (glyph, style) = match (cell, is_tick) {
            (cell, _) if cell == head => ("╸", styles[0]),
            (cell, false) if cell < head => ("━", styles[0]),
            (cell, true) if cell < head => ("┿", styles[0]),
            (cell, false) if cell <= filled && ahead > MediaTime::ZERO => ("┄", styles[1]),
            (cell, true) if cell <= filled && ahead > MediaTime::ZERO => ("┼", styles[1]),
            (_, false) => ("─", styles[2]),
            (_, true) => ("┼", styles[2]),
        };
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(glyph),
            Some(_) | None => spans.push(span(glyph, style)),
        }
    }
    spans
}

/// Returns the text for the film's position: its chapter, or the title if it has none.
fn place(player: &LocalPlayer, transport: &Transport, position: MediaTime) -> String {
    match player.chapter_at(position) {
        Some(number) => {
            let title = text::safe(player.chapters[number].title.as_str());
            strings::chapter(number + 1, &title)
        }
        None => transport.title.as_str().to_owned(),
    }
}

const fn has_hours(duration: MediaTime) -> bool {
    duration.as_millis() >= 3_600_000
}

const fn glyph(transport: &Transport) -> &'static str {
    match transport.motion {
        Motion::Playing => "▸",
        Motion::Paused => "‖",
        Motion::Preparing => "~",
    }
}

const fn role(transport: &Transport) -> Role {
    match transport.motion {
        Motion::Playing => Role::Good,
        Motion::Paused => Role::Plain,
        Motion::Preparing => Role::Busy,
    }
}
