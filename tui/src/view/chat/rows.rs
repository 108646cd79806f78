//! The rows of one entry of the chat: time, sender, and text with links and hidden parts.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::{EVENT, Format, POSITION, TEXT, TIME};
use crate::model::chat_log::{ChatEntry, ChatEvent, ChatMessage, DeliveryState, EntryBody};
use crate::model::markup::{self, Mark, Markup};
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::Weight;
use crate::view::pieces::{cells, span};

/// A row of the chat.
#[derive(Clone, Debug)]
pub(super) struct ChatRow {
    pub(super) line: Line<'static>,
    /// The entry; `None` for the marker.
    pub(super) entry: Option<u64>,
    /// The cells of links, with the visible text and the address.
    pub(super) links: Vec<(Range<usize>, String, String)>,
}

impl ChatRow {
    fn of(line: Line<'static>, entry: u64) -> Self {
        Self {
            line,
            entry: Some(entry),
            links: Vec::new(),
        }
    }
}

impl Format<'_> {
    /// Returns an entry's rows, including the marker before it.
    pub(super) fn rows(&self, index: usize) -> Vec<ChatRow> {
        let Some(entry) = self.log.entry(index) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        if let Some(unread) = self.log.unread()
            && unread.first == entry.serial
        {
            rows.push(ChatRow {
                line: self.marker(unread.count),
                entry: None,
                links: Vec::new(),
            });
        }
        let time = self.time(index, entry);
        let plain = |lines: Vec<Line<'static>>| {
            let rows = lines.into_iter().map(|line| ChatRow::of(line, entry.serial));
            rows.collect::<Vec<_>>()
        };
        rows.extend(match &entry.body {
            EntryBody::Message(message) => self.message(message, time, entry.serial),
            EntryBody::Event(event) => plain(self.event(event, self.log.way(entry.serial), time)),
            EntryBody::Presence(presence) => {
                plain(self.words(&presence.words(), time, self.theme.style(Role::Dim)))
            }
        });
        rows
    }

    /// Returns the time column: empty if the line before is visible and has the same time.
    fn time(&self, index: usize, entry: &ChatEntry) -> Vec<Span<'static>> {
        if !self.has_time {
            return Vec::new();
        }
        let time = self.clock.hours_and_minutes(entry.at);
        let before = index
            .checked_sub(1)
            .and_then(|before| self.log.entry(before))
            .map(|before| self.clock.hours_and_minutes(before.at));
        let is_known = before.as_deref() == Some(time.as_str());
        let words = if is_known && self.timed != Some(entry.serial) {
            " ".repeat(TIME - 1)
        } else {
            time
        };
        let time = span(words, self.theme.style(Role::Dim));
        if self.log.chosen() == Some(entry.serial) {
            vec![time, span(strings::CHOSEN, self.theme.style(Role::Strong))]
        } else {
            vec![time, Span::raw(" ")]
        }
    }

    fn message(&self, message: &ChatMessage, time: Vec<Span<'static>>, serial: u64) -> Vec<ChatRow> {
        let mut style = self.theme.person(message.colour, message.is_own);
        if message.is_mention || (!self.has_time && self.log.chosen() == Some(serial)) {
            style = style.patch(self.theme.style(Role::Marked));
        }
        let action = markup::action(&message.text);
        let mut head = time;
        let indent = if let Some(width) = self.name {
            let (before, behind) = if action.is_some() { ("*", "") } else { ("<", ">") };
            let name = text::truncate(&message.name, width);
            let missing = width + 3 - text::width(&format!("{before}{name}{behind}"));
            head.push(span(format!("{before}{name}{behind}"), style));
            head.push(Span::raw(" ".repeat(missing)));
            cells(&head)
        } else {
            let most = self.width / 3;
            let name = text::truncate(&message.name, most);
            let name = if action.is_some() {
                format!("* {name}")
            } else {
                format!("<{name}>")
            };
            head.push(span(name, style));
            head.push(Span::raw(" "));
            // Deeper than the beginnings of events and names; otherwise the second row of a message could imitate them.
            if self.has_time { TIME + EVENT } else { EVENT }
        };
        let mut markup = Markup::new(action.unwrap_or(&message.text), self.log.is_revealed(serial));
        if message.standing == DeliveryState::Pending {
            markup.text.push(' ');
            markup.text.push_str(strings::PENDING);
        }
        let text_style = match message.standing {
            DeliveryState::Pending | DeliveryState::Earlier => self.theme.style(Role::Dim),
            DeliveryState::InOrder => Style::new(),
        };
        let right = if self.has_position { POSITION } else { 0 };
        let mut rows = self.marked(head, &markup, indent, right, text_style);
        for row in &mut rows {
            row.entry = Some(serial);
        }
        if let (true, Some(position), Some(first)) = (self.has_position, message.position, rows.first_mut()) {
            let words = strings::position(position, true);
            let first = &mut first.line.spans;
            let missing = self.width.saturating_sub(cells(first) + text::width(&words) + 1);
            first.push(Span::raw(" ".repeat(missing)));
            first.push(span(words, self.theme.style(Role::Dim)));
        }
        rows
    }

    fn event(&self, event: &ChatEvent, way: Option<&str>, time: Vec<Span<'static>>) -> Vec<Line<'static>> {
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

    /// Returns a text in rows: the first after `head`, the others indented, each with `right` cells free.
    fn wrapped(
        &self,
        head: Vec<Span<'static>>,
        words: &str,
        indent: usize,
        right: usize,
        style: Style,
    ) -> Vec<Line<'static>> {
        let plain = Markup {
            text: words.to_owned(),
            marks: Vec::new(),
        };
        let rows = self.marked(head, &plain, indent, right, style);
        rows.into_iter().map(|row| row.line).collect()
    }

    /// Returns a message in rows, like [`Self::wrapped`], with each part in the style of its mark.
    fn marked(
        &self,
        head: Vec<Span<'static>>,
        message: &Markup,
        indent: usize,
        right: usize,
        style: Style,
    ) -> Vec<ChatRow> {
        let width = self.width.saturating_sub(right);
        let indent = if width < indent + TEXT { 1 } else { indent };
        let first = width.saturating_sub(cells(&head));
        let rest = width.saturating_sub(indent);
        let mut ranges = text::wrapped(&message.text, first, rest);
        if ranges.is_empty() {
            // There is no space for the text; the sender is shown anyway.
            ranges.push(0..0);
        }
        let mut head = Some(head);
        let mut rows = Vec::new();
        for range in ranges {
            let mut spans = head.take().unwrap_or_else(|| vec![Span::raw(" ".repeat(indent))]);
            let mut links = Vec::new();
            for (piece, mark) in pieces(message, range) {
                let from = cells(&spans);
                let words = text::fitting(&message.text[piece.clone()], rest);
                spans.push(span(words.clone(), self.mark_style(mark, style)));
                if mark == Some(Mark::Link) {
                    links.push((from..cells(&spans), words, link_around(message, &piece)));
                }
            }
            rows.push(ChatRow {
                line: Line::from(spans),
                entry: None,
                links,
            });
        }
        rows
    }

    fn mark_style(&self, mark: Option<Mark>, style: Style) -> Style {
        match mark {
            None => style,
            Some(Mark::Link) => style.add_modifier(Modifier::UNDERLINED),
            Some(Mark::Hidden) => self.theme.style(Role::Dim),
            Some(Mark::Revealed) => style.add_modifier(Modifier::ITALIC),
        }
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
        // There is a dash on both sides of the text.
        let left = dashes((free / 2).saturating_sub((free / 2 + 1) % 2));
        let indent = " ".repeat(free / 2 - left.len());
        let right = dashes(free - free / 2);
        Line::styled(
            format!("{indent}{left}{words}{right}"),
            self.theme.style(Role::Busy),
        )
    }
}

/// Returns the parts of a message in a line.
fn pieces(message: &Markup, line: Range<usize>) -> Vec<(Range<usize>, Option<Mark>)> {
    let mut pieces = Vec::new();
    let mut at = line.start;
    for (marked, mark) in &message.marks {
        let from = marked.start.clamp(at, line.end);
        let to = marked.end.clamp(from, line.end);
        if from < to {
            if at < from {
                pieces.push((at..from, None));
            }
            pieces.push((from..to, Some(*mark)));
            at = to;
        }
    }
    if at < line.end || pieces.is_empty() {
        pieces.push((at..line.end, None));
    }
    pieces
}

/// Returns the whole of the link that a piece belongs to.
fn link_around(message: &Markup, piece: &Range<usize>) -> String {
    let marks = message.marks.iter();
    let whole = marks
        .map(|(range, _)| range)
        .find(|range| range.start <= piece.start && piece.end <= range.end);
    whole.map_or_else(String::new, |range| message.text[range.clone()].to_owned())
}
