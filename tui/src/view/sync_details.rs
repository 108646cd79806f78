//! The details of sync: the room's state, and each member's measurements.

use std::time::Duration;

use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::roster::Member;

use super::pieces::span;
use super::status_text;
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The 95th percentile below which nobody hears a difference.
const GOOD: Duration = Duration::from_millis(20);

/// The 95th percentile above which an echo is heard.
const BAD: Duration = Duration::from_millis(80);

/// The minimum width of a name.
const NAME: usize = 6;

/// The maximum width of a name: enough to distinguish people.
const LONGEST_NAME: usize = 14;

/// A column of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Drift,
    P50,
    P95,
    Worst,
    Speed,
    RoundTrip,
    Bound,
    Ahead,
    Corrections,
    Freeze,
}

/// The columns with their widths, in display order, and with their priorities: those with high numbers are dropped first.
const COLUMNS: [(Column, usize, u8); 10] = [
    (Column::Drift, 7, 0),
    (Column::P50, 5, 5),
    (Column::P95, 8, 1),
    (Column::Worst, 6, 4),
    (Column::Speed, 8, 6),
    (Column::RoundTrip, 5, 2),
    (Column::Bound, 6, 7),
    (Column::Ahead, 6, 8),
    (Column::Corrections, 6, 3),
    (Column::Freeze, 8, 9),
];

impl Column {
    /// Returns the heading.
    fn heading(self) -> &'static str {
        match self {
            Self::Drift => msg!("column-drift"),
            Self::P50 => msg!("column-p50"),
            Self::P95 => msg!("column-p95"),
            Self::Worst => msg!("column-worst"),
            Self::Speed => msg!("column-speed"),
            Self::RoundTrip => msg!("column-round-trip"),
            Self::Bound => msg!("column-bound"),
            Self::Ahead => msg!("column-ahead"),
            Self::Corrections => msg!("column-corrections"),
            Self::Freeze => msg!("column-freeze"),
        }
    }
}

/// Returns the rows: the room, one per member, and the meaning of the terms.
pub(super) fn lines(screen: &Screen, room: &Room, width: usize, now: LocalTime) -> Vec<Line<'static>> {
    let dim = screen.theme.style(Role::Dim);
    let columns = fitting(width);
    let name = name_cells(&columns, width);
    let people = room
        .roster()
        .into_iter()
        .map(|member| row(screen, room, member, &columns, name));
    let (words, role) = status_text::in_one(room, now);
    let state = text::wrap(&words, width)
        .into_iter()
        .map(|line| Line::styled(line, screen.theme.style(role)));
    if columns.len() == 1 {
        // A screen of a few rows has space only for the people.
        return people.chain(state).collect();
    }
    let mut lines: Vec<Line<'static>> = state.collect();
    lines.push(Line::default());
    let mut heading = vec![Span::raw(" ".repeat(name))];
    heading.extend(
        columns
            .iter()
            .map(|(column, cells, _)| span(text::fit_right(column.heading(), *cells), dim)),
    );
    lines.push(Line::from(heading));
    lines.extend(people);
    for words in [msg!("columns-explained"), msg!("clock-column-explained")] {
        lines.push(Line::default());
        lines.extend(
            text::wrap(words, width)
                .into_iter()
                .map(|line| Line::styled(line, dim)),
        );
    }
    lines
}

/// Returns the columns that fit next to a name.
fn fitting(width: usize) -> Vec<(Column, usize, u8)> {
    let mut columns = COLUMNS.to_vec();
    while columns.iter().map(|(_, cells, _)| cells).sum::<usize>() + NAME > width {
        let Some(least) = columns.iter().map(|(_, _, rank)| *rank).max() else {
            break;
        };
        columns.retain(|(_, _, rank)| *rank != least);
    }
    columns
}

fn name_cells(columns: &[(Column, usize, u8)], width: usize) -> usize {
    let numbers: usize = columns.iter().map(|(_, cells, _)| cells).sum();
    width.saturating_sub(numbers).min(LONGEST_NAME)
}

fn row(
    screen: &Screen,
    room: &Room,
    member: &Member,
    columns: &[(Column, usize, u8)],
    name: usize,
) -> Line<'static> {
    let is_you = member.id == room.you;
    let star = if room.host == Some(member.id) { "★" } else { " " };
    let called = text::safe(member.name.as_str());
    let mut spans = vec![
        Span::raw(star),
        span(
            text::fit(&called, name.saturating_sub(1)),
            screen
                .theme
                .person(room.colour_of(member.id).unwrap_or_default(), is_you),
        ),
    ];
    let telemetry = room
        .telemetry
        .get(&member.id)
        .filter(|t| t.drift_us.is_some() || t.rtt_us > 0);
    for (column, cells, _) in columns {
        let (words, role) = telemetry
            .and_then(|telemetry| figure(*column, telemetry))
            .unwrap_or((strings::NO_FIGURE.to_owned(), Role::Dim));
        spans.push(span(text::fit_right(&words, *cells), screen.theme.style(role)));
    }
    Line::from(spans)
}

/// Returns a column's value for a member, if known, and its style.
fn figure(column: Column, telemetry: &Telemetry) -> Option<(String, Role)> {
    let plain = |words: String| Some((words, Role::Plain));
    let size = |us: Option<u32>| us.map(|us| (strings::whole_millis(us), Role::Plain));
    match column {
        Column::Drift => plain(strings::drift(telemetry.drift_us?)),
        Column::P50 => size(telemetry.drift_p50_us),
        Column::P95 => {
            let p95 = telemetry.drift_p95_us?;
            let (mark, role) = match Duration::from_micros(p95.into()) {
                p95 if p95 <= GOOD => ("", Role::Good),
                p95 if p95 <= BAD => ("!", Role::Busy),
                _ => ("!!", Role::Bad),
            };
            Some((format!("{mark}{}", strings::whole_millis(p95)), role))
        }
        Column::Worst => size(telemetry.drift_worst_us),
        Column::Speed => {
            telemetry.drift_us?;
            plain(strings::slew(telemetry.speed_ppm))
        }
        Column::RoundTrip => size(Some(telemetry.rtt_us)),
        Column::Bound => plain(format!("±{}", strings::whole_millis(telemetry.clock_bound_us))),
        Column::Ahead => {
            telemetry.drift_us?;
            plain(strings::ahead(telemetry.buffered_ms))
        }
        Column::Corrections => plain(telemetry.corrections.to_string()),
        Column::Freeze if telemetry.corrections == 0 => None,
        Column::Freeze => plain(strings::freeze(telemetry.freeze_ms)),
    }
}
