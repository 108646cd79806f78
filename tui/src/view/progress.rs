//! The second row: where the film is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::{LocalTime, MediaTime, Rate};

use super::{SIDE_COLUMNS, WIDE_COLUMNS, cells, put, span};
use crate::app::App;
use crate::model::Room;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::{Motion, Transport};

/// The cells that a title takes in the row at most.
const TITLE: usize = 24;

/// Draws the row; returns where the bar stands, and the time that it stands for.
pub(super) fn draw(
    buf: &mut Buffer,
    area: Rect,
    app: &App,
    room: &Room,
    now: LocalTime,
) -> (Rect, MediaTime) {
    let dim = app.theme.style(Role::Dim);
    let Some(transport) = &room.transport else {
        let words = format!(
            " {}{}{}",
            strings::NO_ITEM,
            strings::DOT,
            strings::NOTHING_ON_HINT
        );
        put(buf, area, &Line::styled(words, dim));
        return (Rect::ZERO, MediaTime::ZERO);
    };
    let is_wide = area.width >= WIDE_COLUMNS;
    let position = transport.position_at(now);
    let has_hours = area.width >= SIDE_COLUMNS && transport.duration.is_none_or(has_hours);
    let mut left = vec![
        span(
            format!(" {} ", glyph(transport)),
            app.theme.style(role(transport)),
        ),
        span(
            strings::position(position, has_hours),
            app.theme.style(Role::Strong),
        ),
        Span::raw(" "),
    ];
    if is_wide {
        left.push(Span::raw("  "));
        left.push(Span::raw(text::truncate(transport.title.as_str(), TITLE)));
        left.push(Span::raw("  "));
    }
    let mut right = Vec::new();
    if let Some(duration) = transport.duration {
        let words = if is_wide {
            let rest = strings::position(duration - position, has_hours);
            format!(" -{rest} / {duration}")
        } else {
            format!(" {duration}")
        };
        right.push(span(words, dim));
    }
    if area.width >= SIDE_COLUMNS || transport.rate != Rate::NORMAL {
        let style = if transport.rate == Rate::NORMAL {
            dim
        } else {
            app.theme.style(Role::Strong)
        };
        right.push(span(format!("  {}", strings::rate(transport.rate)), style));
    }
    right.push(Span::raw(" "));
    let room_for_bar = usize::from(area.width).saturating_sub(cells(&left) + cells(&right));
    let place = Rect {
        x: area
            .x
            .saturating_add(u16::try_from(cells(&left)).unwrap_or(u16::MAX)),
        width: u16::try_from(room_for_bar).unwrap_or(u16::MAX),
        ..area
    };
    if let Some(duration) = transport.duration {
        let buffered = room.telemetry.get(&room.you).map_or(MediaTime::ZERO, |own| {
            MediaTime::from_millis(own.buffered_ms.into())
        });
        left.extend(bar(app, position, buffered, duration, room_for_bar));
    } else {
        left.push(Span::raw(" ".repeat(room_for_bar)));
    }
    left.extend(right);
    put(buf, area, &Line::from(left));
    transport
        .duration
        .map_or((Rect::ZERO, MediaTime::ZERO), |duration| {
            (place.intersection(area), duration)
        })
}

/// Returns the bar: what was seen, what the own player has ahead, what is to come.
fn bar(app: &App, at: MediaTime, ahead: MediaTime, duration: MediaTime, width: usize) -> Vec<Span<'static>> {
    if width < 3 {
        return Vec::new();
    }
    let cells_of = |time: MediaTime| {
        let share = time.as_secs_f64() / duration.as_secs_f64().max(f64::EPSILON);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a screen's width, clamped to it"
        )]
        let cells = (share.clamp(0.0, 1.0) * width as f64).floor() as usize;
        cells
    };
    let seen = cells_of(at).min(width - 1);
    let filled = cells_of(at + ahead).clamp(seen + 1, width) - seen - 1;
    let rest = width - seen - 1 - filled;
    let dim = app.theme.style(Role::Dim);
    vec![
        span(format!("{}╸", "━".repeat(seen)), app.theme.style(Role::Good)),
        Span::raw("┄".repeat(filled)),
        span("─".repeat(rest), dim),
    ]
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
