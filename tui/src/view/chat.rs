//! The chat: lines with their time and their sender, events, the unread marker, and the place while scrolled back.

mod rows;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::pieces::{cells, clear_edge, put, span};
use crate::action::ActionId;
use crate::geometry::{Hits, Link, Shape, Target};
use crate::model::Room;
use crate::model::chat_log::{ChatLog, ScrollPosition};
use crate::model::wall_clock::WallClock;
use crate::state::Screen;
use crate::strings;
use crate::theme::{Role, Theme};

use rows::ChatRow;

/// The width below which lines have no time.
const TIME_COLUMNS: u16 = 40;
/// The width of a time: `20:41 `.
const TIME: usize = 6;
/// The width before an event: `-- `.
const EVENT: usize = 3;
/// The minimum and maximum width of the column of names.
const NAME: std::ops::RangeInclusive<usize> = 5..=12;
/// The width of the film's position: ` 00:40:51 `.
const POSITION: usize = 10;
/// The minimum width for text; if there is less, the columns before it are dropped first.
const TEXT: usize = 12;

/// The layout of lines at a width.
struct Format<'a> {
    log: &'a ChatLog,
    width: usize,
    has_time: bool,
    /// The width of a name, if names have a column.
    name: Option<usize>,
    has_position: bool,
    /// The entry that shows its time even if the previous one has the same.
    timed: Option<u64>,
    clock: WallClock,
    theme: Theme,
}

/// Draws the chat. The amount of chat below is shown on the separator, or on the last row if there is none.
pub(super) fn draw(
    buf: &mut Buffer,
    area: Rect,
    screen: &Screen,
    room: &Room,
    shape: Shape,
    separator: Rect,
    hits: &mut Hits,
) -> Vec<Link> {
    let mut links = Vec::new();
    if area.is_empty() {
        return links;
    }
    hits.add(area, Target::Text);
    let mut area = area;
    if room.members.len() <= 1 && room.chat.place().is_none() && area.height >= 4 {
        let row = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        put(buf, row, &alone(screen, room));
        area.height -= 1;
    }
    if room.chat.is_empty() {
        let words = format!(" {}", msg!("chat-empty"));
        put(buf, area, &Line::styled(words, screen.theme.style(Role::Dim)));
        return links;
    }
    let mut format = Format::new(room, shape, screen.clock, screen.theme);
    let (rows, _) = format.visible(area.height.into());
    format.timed = format.first_whole(&rows);
    let (rows, last) = format.visible(area.height.into());
    for (row, y) in rows.into_iter().zip(area.y..) {
        buf.set_line(area.x, y, &row.line, area.width);
        let place = Rect { y, height: 1, ..area };
        if let Some(serial) = row.entry {
            hits.add(place, Target::Message(serial));
        }
        let more = row.links.into_iter();
        links.extend(more.map(|(cells, piece, url)| Link::new(place, cells, piece, url)));
    }
    if room.chat.place().is_some() {
        let news = strings::news_below(room.chat.news_after(last));
        let words = span(format!(" {news} "), screen.theme.style(Role::Marked));
        let wide = u16::try_from(cells(std::slice::from_ref(&words))).unwrap_or(u16::MAX);
        let row = if separator.is_empty() {
            area.bottom() - 1
        } else {
            separator.y
        };
        let x = area.right().saturating_sub(wide + 1).max(area.x);
        let place = Rect::new(x, row, area.right() - x, 1);
        clear_edge(buf, place);
        put(buf, place, &Line::from(words));
    }
    links
}

/// Returns the place after scrolling by rows, negative for up; `None` at the end.
pub(crate) fn scrolled(
    room: &Room,
    shape: Shape,
    clock: WallClock,
    theme: Theme,
    rows: isize,
) -> Option<ScrollPosition> {
    let heights = Heights::of(room, shape, clock, theme);
    let below = heights.below_lowest();
    heights.place_of(if rows < 0 {
        below.saturating_add(rows.unsigned_abs())
    } else {
        below.saturating_sub(rows.unsigned_abs())
    })
}

/// Returns the place at which an entry is visible: the present one if the entry is already visible, otherwise with the entry in
/// the middle; `None` at the end.
pub(crate) fn scroll_to_entry(
    room: &Room,
    shape: Shape,
    clock: WallClock,
    theme: Theme,
    serial: u64,
) -> Option<ScrollPosition> {
    let heights = Heights::of(room, shape, clock, theme);
    let index = room.chat.index_of(serial);
    let below_last = heights.below(index);
    let below_first = below_last + heights.height(index).saturating_sub(1);
    let lowest = heights.below_lowest();
    if (lowest..lowest + heights.window).contains(&below_first) && below_last >= lowest {
        return room.chat.place();
    }
    heights.place_of(below_first.saturating_sub(heights.window / 2))
}

/// The number of rows of entries, and the rows available. Rows are counted from the newest, which people mostly look at, so that
/// the cost of scrolling does not grow with the chat.
struct Heights<'a> {
    format: Format<'a>,
    window: usize,
}

impl<'a> Heights<'a> {
    fn of(room: &'a Room, shape: Shape, clock: WallClock, theme: Theme) -> Self {
        Self {
            format: Format::new(room, shape, clock, theme),
            window: usize::from(shape.size.height).max(1),
        }
    }

    fn height(&self, index: usize) -> usize {
        self.format.rows(index).len()
    }

    /// Returns how many rows are below an entry.
    fn below(&self, index: usize) -> usize {
        (index + 1..self.format.log.len())
            .map(|index| self.height(index))
            .sum()
    }

    /// Returns how many rows are below the lowest one on the screen.
    fn below_lowest(&self) -> usize {
        let Some(place) = self.format.log.place() else {
            return 0;
        };
        let index = self.format.log.index_of(place.serial);
        let last = self.height(index).saturating_sub(1);
        self.below(index) + last.saturating_sub(place.row)
    }

    /// Returns the place with this many rows below it, or the nearest one; `None` at the end.
    fn place_of(&self, below: usize) -> Option<ScrollPosition> {
        let log = self.format.log;
        let (mut heights, mut counted) = (Vec::new(), 0);
        for index in (0..log.len()).rev() {
            if counted >= below.saturating_add(self.window) {
                break;
            }
            let height = self.height(index);
            heights.push((index, height));
            counted += height;
        }
        // The oldest row goes no further down than the top of the screen.
        let mut rest = below.min(counted.saturating_sub(self.window));
        if rest == 0 {
            return None;
        }
        for (index, height) in heights {
            if rest < height {
                let serial = log.entry(index)?.serial;
                let row = height - 1 - rest;
                return Some(ScrollPosition { serial, row });
            }
            rest -= height;
        }
        None
    }
}

/// Returns the text for a user who is alone, and how to change that, if possible.
fn alone(screen: &Screen, room: &Room) -> Line<'static> {
    let dim = screen.theme.style(Role::Dim);
    let mut spans = vec![span(format!(" {}", msg!("alone")), dim)];
    if room.invite.is_some() {
        let way = screen.keymap.way(screen.mode, ActionId::Invite);
        spans.push(span(format!(" {way}"), screen.theme.style(Role::Strong)));
        spans.push(span(format!(" {}", msg!("alone-hint")), dim));
    }
    Line::from(spans)
}

impl<'a> Format<'a> {
    fn new(room: &'a Room, shape: Shape, clock: WallClock, theme: Theme) -> Self {
        let longest = room.chat.longest_name();
        Self {
            log: &room.chat,
            width: shape.size.width.into(),
            has_time: shape.size.width >= TIME_COLUMNS,
            name: shape.has_names.then(|| longest.clamp(*NAME.start(), *NAME.end())),
            has_position: shape.has_positions,
            timed: None,
            clock,
            theme,
        }
    }

    /// Returns the first entry whose beginning is visible. It shows its time, because otherwise the screen might show none.
    fn first_whole(&self, rows: &[ChatRow]) -> Option<u64> {
        let mut entries = rows.iter().filter_map(|row| row.entry);
        let first = entries.next()?;
        let seen = 1 + entries.clone().take_while(|entry| *entry == first).count();
        let whole = self.rows(self.log.index_of(first));
        if seen >= whole.iter().filter(|row| row.entry.is_some()).count() {
            Some(first)
        } else {
            entries.find(|entry| *entry != first)
        }
    }

    /// Returns the rows that are visible, and the last entry among them.
    fn visible(&self, height: usize) -> (Vec<ChatRow>, u64) {
        let place = self.log.place();
        let bottom = place.map_or(self.log.len() - 1, |place| self.log.index_of(place.serial));
        let mut rows: Vec<ChatRow> = Vec::new();
        for index in (0..=bottom).rev() {
            let mut more = self.rows(index);
            if let Some(place) = place
                && index == bottom
            {
                more.truncate(place.row + 1);
            }
            more.append(&mut rows);
            rows = more;
            if rows.len() >= height {
                rows.drain(..rows.len() - height);
                break;
            }
        }
        let mut last = bottom;
        // A wider screen has space below the kept place.
        while rows.len() < height && last + 1 < self.log.len() {
            if last == bottom && place.is_some() {
                let whole = self.rows(bottom);
                let shown = place.map_or(0, |place| place.row + 1);
                rows.extend(whole.into_iter().skip(shown));
            }
            last += 1;
            rows.extend(self.rows(last));
        }
        rows.truncate(height);
        (rows, self.log.entry(last).map_or(0, |entry| entry.serial))
    }
}
