//! People in one row, for narrow screens.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pieces::{cells, put, span};
use super::roster;
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The maximum width of a name.
const NAME: usize = 10;

/// The width of a copy's difference, which is a number here: `-02:00`.
const COPY: usize = 10;

/// The width of a drift: ` -21↻`.
const DRIFT: usize = 5;

/// Draws the row: glyph, name and drift of as many people as fit, and the number of the rest.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room) {
    let dim = screen.theme.style(Role::Dim);
    let roster = room.roster();
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    for (shown, member) in roster.iter().enumerate() {
        let state = roster::state(room, member);
        let is_host = room.host == Some(member.id);
        let name = text::truncate(&text::safe(member.name.as_str()), NAME);
        let telemetry = room.telemetry.get(&member.id);
        let is_corrected = telemetry.is_some_and(roster::is_corrected);
        let glyph = match state.glyph {
            _ if is_host => "★",
            // The mark for a correction follows the number.
            _ if is_corrected && state.words.is_none() => "✓",
            glyph => glyph,
        };
        let mut person = vec![
            span(glyph, screen.theme.style(state.role)),
            span(
                name,
                screen.theme.person(
                    room.colour_of(member.id).unwrap_or_default(),
                    member.id == room.you,
                ),
            ),
        ];
        if let (None, Some(drift)) = (&state.words, telemetry.and_then(|t| t.drift_us)) {
            let words = strings::drift(drift);
            let number = words.strip_suffix(" ms").unwrap_or(&words);
            let mark = if is_corrected { "↻" } else { "" };
            let style = if is_corrected {
                screen.theme.style(Role::Busy)
            } else {
                dim
            };
            // The width stays the same when the number of digits changes.
            let words = text::fit(&format!(" {number}{mark}"), DRIFT.max(text::width(number) + 2));
            person.push(span(words, style));
        }
        let more = state.words.filter(|words| !words.is_empty());
        if let Some(words) = more.or_else(|| strings::copy_within(member.report.file, COPY)) {
            person.push(span(format!(" {words}"), screen.theme.style(state.role)));
        }
        let gap = if person.len() > 2 { " " } else { "  " };
        person.push(Span::raw(gap));
        let left = roster.len() - shown;
        let more = span(strings::more_people(left), dim);
        let needed = if left > 1 {
            cells(&person) + cells(std::slice::from_ref(&more))
        } else {
            cells(&person) - gap.len()
        };
        if cells(&spans) + needed > width {
            spans.push(more);
            break;
        }
        spans.extend(person);
    }
    put(buf, area, &Line::from(spans));
}
