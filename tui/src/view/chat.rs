//! The chat: lines with their time and their sender, events, the marker, and the place that is kept while scrolled back.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{cells, put, span};
use crate::action::ActionId;
use crate::app::App;
use crate::model::Room;
use crate::model::chat_log::{Body, ChatLog, Entry, Event, Place, Said};
use crate::model::wall_clock::WallClock;
use crate::strings;
use crate::text;
use crate::theme::{Role, Theme};
use crate::update::Weight;

/// Below this many columns lines carry no time.
const TIME_COLUMNS: u16 = 40;
/// `20:41 `.
const TIME: usize = 6;
/// `-- `.
const EVENT: usize = 3;
/// The cells of a name in the column of names: at least, and at most.
const NAME: std::ops::RangeInclusive<usize> = 5..=12;
/// ` 00:40:51 `, where the film was.
const POSITION: usize = 10;
/// Text is never pressed into fewer cells than this: the columns before it give way.
const TEXT: usize = 12;

/// The chat's size and what its lines carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Its cells.
    pub size: Size,
    /// Whether names have a column.
    pub has_names: bool,
    /// Whether it is shown where the film was.
    pub has_positions: bool,
}

/// How lines are laid out at a width.
struct Format<'a> {
    log: &'a ChatLog,
    width: usize,
    has_time: bool,
    /// The cells of a name, where names have a column.
    name: Option<usize>,
    has_position: bool,
    clock: WallClock,
    theme: Theme,
}

/// Draws the chat; how much lies below it is said on the separator, or on its last row where there is none.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room, shape: Shape, separator: Rect) {
    if area.is_empty() {
        return;
    }
    let mut area = area;
    if room.members.len() <= 1 && room.chat.place().is_none() && area.height >= 4 {
        let row = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        put(buf, row, &alone(app, room));
        area.height -= 1;
    }
    if room.chat.is_empty() {
        let words = format!(" {}", strings::CHAT_EMPTY);
        put(buf, area, &Line::styled(words, app.theme.style(Role::Dim)));
        return;
    }
    let format = Format::new(room, shape, app.clock, app.theme);
    let (rows, last) = format.visible(area.height.into());
    for (row, y) in rows.into_iter().zip(area.y..) {
        buf.set_line(area.x, y, &row, area.width);
    }
    if room.chat.place().is_some() {
        let news = strings::news_below(room.chat.news_after(last));
        let words = span(format!(" {news} "), app.theme.style(Role::Marked));
        let wide = u16::try_from(cells(std::slice::from_ref(&words))).unwrap_or(u16::MAX);
        let row = if separator.is_empty() {
            area.bottom() - 1
        } else {
            separator.y
        };
        let x = area.right().saturating_sub(wide + 1).max(area.x);
        buf.set_line(x, row, &Line::from(words), area.right() - x);
    }
}

/// Returns the place after scrolling by so many rows, up where negative; nothing at the end.
pub fn scrolled(room: &Room, shape: Shape, clock: WallClock, theme: Theme, rows: isize) -> Option<Place> {
    let format = Format::new(room, shape, clock, theme);
    let heights: Vec<usize> = (0..room.chat.len()).map(|index| format.height(index)).collect();
    let total: usize = heights.iter().sum();
    let height = usize::from(shape.size.height).max(1);
    if total <= height {
        return None;
    }
    let last = match room.chat.place() {
        None => total - 1,
        Some(place) => {
            let index = room.chat.index_of(place.serial);
            let before: usize = heights[..index].iter().sum();
            before + place.row.min(heights[index].saturating_sub(1))
        }
    };
    let last = last.saturating_add_signed(rows).clamp(height - 1, total - 1);
    if last == total - 1 {
        return None;
    }
    let mut row = last;
    for (index, height) in heights.iter().enumerate() {
        if row < *height {
            let serial = room.chat.entry(index)?.serial;
            return Some(Place { serial, row });
        }
        row -= height;
    }
    None
}

/// Returns what somebody reads who is alone, and how that is changed where it can be.
fn alone(app: &App, room: &Room) -> Line<'static> {
    let dim = app.theme.style(Role::Dim);
    let mut spans = vec![span(format!(" {}", strings::ALONE), dim)];
    if room.invite.is_some() {
        let way = app.keymap.way(app.mode, ActionId::Invite);
        spans.push(span(format!(" {way}"), app.theme.style(Role::Strong)));
        spans.push(span(format!(" {}", strings::ALONE_HINT), dim));
    }
    Line::from(spans)
}

impl<'a> Format<'a> {
    fn new(room: &'a Room, shape: Shape, clock: WallClock, theme: Theme) -> Self {
        let longest = room
            .members
            .iter()
            .map(|member| text::width(&text::safe(member.name.as_str())))
            .max()
            .unwrap_or_default();
        Self {
            log: &room.chat,
            width: shape.size.width.into(),
            has_time: shape.size.width >= TIME_COLUMNS,
            name: shape.has_names.then(|| longest.clamp(*NAME.start(), *NAME.end())),
            has_position: shape.has_positions,
            clock,
            theme,
        }
    }

    /// Returns the rows that are visible, and the last entry among them.
    fn visible(&self, height: usize) -> (Vec<Line<'static>>, u64) {
        let place = self.log.place();
        let bottom = place.map_or(self.log.len() - 1, |place| self.log.index_of(place.serial));
        let mut rows: Vec<Line<'static>> = Vec::new();
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
        // A wider screen has room below the place that was kept.
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

    fn height(&self, index: usize) -> usize {
        self.rows(index).len()
    }

    /// Returns an entry's rows, the marker before it included.
    fn rows(&self, index: usize) -> Vec<Line<'static>> {
        let Some(entry) = self.log.entry(index) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        if let Some(unread) = self.log.unread()
            && unread.first == entry.serial
        {
            rows.push(self.marker(unread.count));
        }
        let time = self.time(index, entry);
        match &entry.body {
            Body::Said(said) => rows.extend(self.said(said, time)),
            Body::Event(event) => rows.extend(self.event(event, self.log.way(entry.serial), time)),
            Body::Presence(presence) => {
                let words = presence.words();
                rows.extend(self.words(&words, time, self.theme.style(Role::Dim)));
            }
        }
        rows
    }

    /// Returns the time column: empty where the line before has the same time.
    fn time(&self, index: usize, entry: &Entry) -> Vec<Span<'static>> {
        if !self.has_time {
            return Vec::new();
        }
        let time = self.clock.hours_and_minutes(entry.at);
        let before = index
            .checked_sub(1)
            .and_then(|before| self.log.entry(before))
            .map(|before| self.clock.hours_and_minutes(before.at));
        let words = if before.as_deref() == Some(time.as_str()) {
            " ".repeat(TIME)
        } else {
            format!("{time} ")
        };
        vec![span(words, self.theme.style(Role::Dim))]
    }

    fn said(&self, said: &Said, time: Vec<Span<'static>>) -> Vec<Line<'static>> {
        let mut style = self.theme.person(said.colour, said.is_own);
        if said.is_mention {
            style = style.patch(self.theme.style(Role::Marked));
        }
        let mut head = time;
        let indent = if let Some(width) = self.name {
            let name = text::truncate(&said.name, width);
            let missing = width + 1 - text::width(&name);
            head.push(span(format!("<{name}>"), style));
            head.push(Span::raw(" ".repeat(missing)));
            cells(&head)
        } else {
            let most = self.width / 3;
            head.push(span(format!("{}:", text::truncate(&said.name, most)), style));
            head.push(Span::raw(" "));
            if self.has_time { TIME } else { 1 }
        };
        let words = if said.is_pending {
            format!("{} {}", said.text, strings::PENDING)
        } else {
            said.text.clone()
        };
        let text_style = if said.is_pending {
            self.theme.style(Role::Dim)
        } else {
            Style::new()
        };
        let right = if self.has_position { POSITION } else { 0 };
        let mut rows = self.wrapped(head, &words, indent, right, text_style);
        if let (true, Some(position), Some(first)) = (self.has_position, said.position, rows.first_mut()) {
            let words = strings::position(position, true);
            let missing = self
                .width
                .saturating_sub(cells(&first.spans) + text::width(&words) + 1);
            first.spans.push(Span::raw(" ".repeat(missing)));
            first.spans.push(span(words, self.theme.style(Role::Dim)));
        }
        rows
    }

    fn event(&self, event: &Event, way: Option<&str>, time: Vec<Span<'static>>) -> Vec<Line<'static>> {
        let role = match event.weight {
            Weight::Calm => Role::Dim,
            Weight::Warning => Role::Busy,
            Weight::Failure => Role::Bad,
        };
        let words = match event.times {
            0 | 1 => event.words.clone(),
            times => format!("{} (×{times})", event.words),
        };
        let words = way.map_or_else(|| words.clone(), |way| strings::with_way(&words, way));
        self.words(&words, time, self.theme.style(role))
    }

    fn words(&self, words: &str, time: Vec<Span<'static>>, style: Style) -> Vec<Line<'static>> {
        let mut head = time;
        head.push(span(format!("{} ", strings::EVENT), self.theme.style(Role::Dim)));
        let indent = if self.has_time { TIME + EVENT } else { EVENT };
        self.wrapped(head, words, indent, 0, style)
    }

    /// Returns a text in rows: the first behind `head`, the others indented, all with `right` cells free.
    fn wrapped(
        &self,
        head: Vec<Span<'static>>,
        words: &str,
        indent: usize,
        right: usize,
        style: Style,
    ) -> Vec<Line<'static>> {
        let width = self.width.saturating_sub(right);
        let indent = if width < indent + TEXT { 1 } else { indent };
        let used = cells(&head);
        let first = width.saturating_sub(used);
        let mut lines = text::wrap_behind(words, first, width.saturating_sub(indent)).into_iter();
        let mut spans = head;
        spans.push(span(lines.next().unwrap_or_default(), style));
        let mut rows = vec![Line::from(spans)];
        rows.extend(lines.map(|line| Line::from(vec![Span::raw(" ".repeat(indent)), span(line, style)])));
        rows
    }

    /// Returns `- - - 2 new - - -`.
    fn marker(&self, count: usize) -> Line<'static> {
        let words = format!(" {} ", strings::unread(count));
        let free = self.width.saturating_sub(text::width(&words));
        let dashes = |cells: usize| {
            "- ".repeat(cells.div_ceil(2))
                .chars()
                .take(cells)
                .collect::<String>()
        };
        // A dash stands on both sides of the words.
        let left = dashes((free / 2).saturating_sub((free / 2 + 1) % 2));
        let indent = " ".repeat(free / 2 - left.len());
        let right = dashes(free - free / 2);
        Line::styled(
            format!("{indent}{left}{words}{right}"),
            self.theme.style(Role::Busy),
        )
    }
}
