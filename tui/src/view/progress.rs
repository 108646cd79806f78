//! The second row: where the film is, its chapters, and what of it is at hand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::{LocalTime, MediaTime, Rate};

use super::{SIDE_COLUMNS, WIDE_COLUMNS, cells, put, span};
use crate::app::App;
use crate::model::Room;
use crate::model::own::Own;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::{Chapter, Motion, Transport};

/// The cells that a title takes in the row at most.
const TITLE: usize = 24;

/// A bar of fewer cells says nothing.
const LEAST_BAR: u16 = 3;

/// The bar of the progress line: which cells it takes, and which time each of them stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its cells.
    pub area: Rect,
    duration: MediaTime,
    /// The cells in which a chapter begins, with its time; the first of each cell.
    ticks: Vec<(u16, MediaTime)>,
}

impl Bar {
    fn new(area: Rect, duration: MediaTime, chapters: &[Chapter]) -> Self {
        let mut bar = Self {
            area,
            duration,
            ticks: Vec::new(),
        };
        // A tick at the very beginning says nothing.
        for chapter in chapters
            .iter()
            .filter(|chapter| MediaTime::ZERO < chapter.at && chapter.at < duration)
        {
            let cell = bar.cell_of(chapter.at);
            if bar.ticks.last().is_none_or(|(last, _)| *last < cell) {
                bar.ticks.push((cell, chapter.at));
            }
        }
        bar
    }

    /// Returns the time that a column of the screen stands for: where a chapter begins in it, its beginning, else the
    /// time that the cell begins with. Nothing beside the bar.
    pub fn time_at(&self, column: u16) -> Option<MediaTime> {
        if !(self.area.left()..self.area.right()).contains(&column) {
            return None;
        }
        let cell = column - self.area.x;
        let tick = self.ticks.iter().find(|(tick, _)| *tick == cell);
        Some(tick.map_or_else(|| self.time_of(cell), |(_, at)| *at))
    }

    /// Returns the first time that is shown in a cell.
    fn time_of(&self, cell: u16) -> MediaTime {
        let whole = i128::from(self.duration.as_nanos());
        let width = i128::from(self.area.width.max(1));
        let nanos = (whole * i128::from(cell) + width - 1) / width;
        MediaTime::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    /// Returns the cell that a time is shown in.
    fn cell_of(&self, time: MediaTime) -> u16 {
        let whole = i128::from(self.duration.as_nanos()).max(1);
        let cell = i128::from(time.as_nanos()) * i128::from(self.area.width) / whole;
        let last = self.area.width.saturating_sub(1);
        u16::try_from(cell.max(0)).unwrap_or(last).min(last)
    }

    /// Returns the pieces of the bar: what was seen, what the own player has ahead, what is to come.
    fn spans(&self, app: &App, at: MediaTime, ahead: MediaTime) -> Vec<Span<'static>> {
        let head = self.cell_of(at);
        let filled = self.cell_of(at + ahead);
        let styles = [Role::Good, Role::Plain, Role::Dim].map(|role| app.theme.style(role));
        let mut spans: Vec<Span<'static>> = Vec::new();
        for cell in 0..self.area.width {
            let is_tick = self.ticks.binary_search_by_key(&cell, |(tick, _)| *tick).is_ok();
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
}

/// Draws the row; returns its bar, if there is one.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room, now: LocalTime) -> Option<Bar> {
    let dim = app.theme.style(Role::Dim);
    let Some(transport) = &room.transport else {
        let words = format!(
            " {}{}{}",
            strings::NO_ITEM,
            strings::DOT,
            strings::NOTHING_ON_HINT
        );
        put(buf, area, &Line::styled(words, dim));
        return None;
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
        let words = place(&room.own, transport, position);
        left.push(Span::raw(format!("  {} ", text::truncate(&words, TITLE))));
    }
    let mut right = Vec::new();
    if let Some(duration) = transport.duration {
        let words = if is_wide {
            strings::left_of(duration - position, duration)
        } else {
            duration.to_string()
        };
        right.push(span(format!(" {words}"), dim));
    } else if transport.is_live {
        right.push(span(format!(" {}", strings::LIVE), dim));
    }
    if area.width >= SIDE_COLUMNS || transport.rate != Rate::NORMAL {
        let style = if transport.rate == Rate::NORMAL {
            dim
        } else {
            app.theme.style(Role::Strong)
        };
        let gap = if is_wide { "   " } else { "  " };
        right.push(span(format!("{gap}{}", strings::rate(transport.rate)), style));
    }
    right.push(Span::raw(" "));
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
        let buffered = room.telemetry.get(&room.you).map_or(MediaTime::ZERO, |own| {
            MediaTime::from_millis(own.buffered_ms.into())
        });
        let drawn = Bar::new(place, duration, &room.own.chapters);
        left.extend(drawn.spans(app, position, buffered));
        bar = Some(drawn);
    } else {
        left.push(Span::raw(" ".repeat(free.into())));
    }
    left.extend(right);
    put(buf, area, &Line::from(left));
    bar
}

/// Returns the words for where the film is: its chapter, or what it is where it has none.
fn place(own: &Own, transport: &Transport, position: MediaTime) -> String {
    match own.chapter_at(position) {
        Some(number) => {
            let title = text::safe(own.chapters[number].title.as_str());
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use watchtogether_protocol::Clean;

    use super::*;

    fn bar(x: u16, width: u16, seconds: i64, chapters: &[i64]) -> Bar {
        let chapters: Vec<Chapter> = chapters
            .iter()
            .map(|at| Chapter {
                at: MediaTime::from_millis(at * 1_000),
                title: Clean::default(),
            })
            .collect();
        let area = Rect::new(x, 1, width, 1);
        Bar::new(area, MediaTime::from_millis(seconds * 1_000), &chapters)
    }

    #[test]
    fn a_column_is_the_time_that_its_cell_begins_with() {
        let bar = bar(10, 50, 100, &[]);

        assert_eq!(bar.time_at(9), None);
        assert_eq!(bar.time_at(10), Some(MediaTime::ZERO));
        assert_eq!(bar.time_at(35), Some(MediaTime::from_millis(50_000)));
        assert_eq!(bar.time_at(59), Some(MediaTime::from_millis(98_000)));
        assert_eq!(bar.time_at(60), None);
    }

    #[test]
    fn a_column_in_which_a_chapter_begins_is_its_beginning() {
        let bar = bar(0, 10, 100, &[0, 13, 17, 99]);

        assert_eq!(bar.time_at(0), Some(MediaTime::ZERO));
        assert_eq!(bar.time_at(1), Some(MediaTime::from_millis(13_000)));
        assert_eq!(bar.time_at(9), Some(MediaTime::from_millis(99_000)));
    }

    proptest! {
        #[test]
        fn who_clicks_a_cell_finds_the_head_in_it(
            x in 0u16..50,
            width in LEAST_BAR..200,
            seconds in 1i64..100_000,
            chapters in prop::collection::vec(0i64..100_000, 0..20),
            cell in 0u16..200,
        ) {
            let mut chapters = chapters;
            chapters.sort_unstable();
            let bar = bar(x, width, seconds, &chapters);
            let cell = cell % width;

            let time = bar.time_at(x + cell).expect("it is on the bar");

            prop_assert_eq!(bar.cell_of(time), cell);
            prop_assert!(time < bar.duration);
        }
    }
}
