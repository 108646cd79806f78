//! The bar of the progress line: which column stands for which time.

use ratatui::layout::Rect;
use watchtogether_protocol::MediaTime;

use crate::update::Chapter;

/// The smallest useful number of cells.
pub(crate) const LEAST_BAR: u16 = 3;

/// The bar of the progress line: its cells, and the time that each of them stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Its cells.
    pub(crate) area: Rect,
    duration: MediaTime,
    /// The cells in which a chapter begins, with the time of the first one in each.
    ticks: Vec<(u16, MediaTime)>,
}

impl Bar {
    /// Returns the bar of a film in some cells of a row, with a tick where a chapter begins.
    pub(crate) fn new(area: Rect, duration: MediaTime, chapters: &[Chapter]) -> Self {
        let mut bar = Self {
            area,
            duration,
            ticks: Vec::new(),
        };
        // A tick at the very beginning would show nothing.
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

    /// Returns the time that a column of the screen stands for: the beginning of a chapter in its cell, otherwise the time at
    /// which the cell begins. Returns `None` outside the bar.
    pub(crate) fn time_at(&self, column: u16) -> Option<MediaTime> {
        if !(self.area.left()..self.area.right()).contains(&column) {
            return None;
        }
        let cell = column - self.area.x;
        let tick = self.ticks.iter().find(|(tick, _)| *tick == cell);
        Some(tick.map_or_else(|| self.time_of(cell), |(_, at)| *at))
    }

    /// Returns whether a chapter begins in a cell.
    pub(crate) fn has_tick(&self, cell: u16) -> bool {
        self.ticks.binary_search_by_key(&cell, |(tick, _)| *tick).is_ok()
    }

    /// Returns the first time that is shown in a cell.
    fn time_of(&self, cell: u16) -> MediaTime {
        let whole = i128::from(self.duration.as_nanos());
        let width = i128::from(self.area.width.max(1));
        let nanos = (whole * i128::from(cell) + width - 1) / width;
        MediaTime::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    /// Returns the cell that a time is shown in.
    pub(crate) fn cell_of(&self, time: MediaTime) -> u16 {
        let whole = i128::from(self.duration.as_nanos()).max(1);
        let cell = i128::from(time.as_nanos()) * i128::from(self.area.width) / whole;
        let last = self.area.width.saturating_sub(1);
        u16::try_from(cell.max(0)).unwrap_or(last).min(last)
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
        fn a_click_on_a_cell_puts_the_head_there(
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
