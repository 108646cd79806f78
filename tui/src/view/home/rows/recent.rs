//! The rows of the recent rooms.

use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use super::{AMPLE, HINTED, HomeRow, HomeRows, ROOMY};
use crate::home_vocabulary::{HomeField, RecentRoom};
use crate::strings::home as strings;
use crate::text;
use crate::theme::Role;
use crate::view::pieces::{cells, span};

impl HomeRows<'_> {
    /// Lists the recent rooms, in columns as wide as their contents.
    pub(super) fn recent(&mut self, now: LocalTime) {
        let now = self.home.clock.now(now);
        let texts: Vec<[String; 3]> = self
            .home
            .recent
            .iter()
            .map(|recent| {
                let server = recent.place.as_ref().map_or_else(
                    || msg!("home-this-machine").to_owned(),
                    |place| text::safe(place.as_str()),
                );
                [
                    text::safe(recent.room.as_str()),
                    server,
                    strings::ago(recent.at, now),
                ]
            })
            .collect();
        let most = match self.width {
            AMPLE.. => [24, 24, 13],
            HINTED.. => [16, 16, 13],
            ROOMY.. => [18, 0, 13],
            _ => [14, 0, 13],
        };
        let widest = |column: usize| {
            let cells = texts.iter().map(|texts| text::width(&texts[column]));
            cells.max().unwrap_or_default()
        };
        let titles = self
            .home
            .recent
            .iter()
            .map(|recent| was_at(recent).map_or(0, |words| text::width(&words)));
        let whole: [usize; 3] =
            std::array::from_fn(|column| if most[column] > 0 { widest(column) } else { 0 });
        let needed = self.indent() + 10 + whole.iter().sum::<usize>() + titles.max().unwrap_or_default();
        let columns = if needed <= usize::from(self.width) {
            whole
        } else {
            std::array::from_fn(|column| whole[column].min(most[column]))
        };
        for (index, texts) in texts.iter().enumerate() {
            self.recent_room(index, texts, columns);
        }
    }

    fn recent_room(&mut self, index: usize, texts: &[String; 3], columns: [usize; 3]) {
        let home = self.home;
        let recent = &home.recent[index];
        let (dim, plain) = (home.theme.style(Role::Dim), home.theme.style(Role::Plain));
        let place = HomeField::Recent(index);
        let is_focused = home.form.focus == place;
        let digit = if index < 9 {
            (index + 1).to_string()
        } else {
            " ".to_owned()
        };
        let room_style = if is_focused {
            home.theme.style(Role::Marked)
        } else {
            plain
        };
        let room = text::truncate(&texts[0], columns[0]);
        let gap = " ".repeat(columns[0] - text::width(&room) + 2);
        let mut spans = vec![
            self.mark(place),
            span(format!("{digit} "), home.theme.style(Role::Strong)),
            span(room, room_style),
            Span::raw(gap),
        ];
        for (words, cells) in texts.iter().zip(columns).skip(1).filter(|(_, cells)| *cells > 0) {
            spans.push(span(format!("{}  ", text::fit(words, cells)), dim));
        }
        if let Some(was_at) = was_at(recent) {
            let free = usize::from(self.width).saturating_sub(cells(&spans));
            spans.push(span(text::truncate(&was_at, free), plain));
        }
        self.rows.push(HomeRow {
            line: Line::from(spans),
            place: Some(place),
            cursor: None,
        });
        if let Some(activity) = home.activity.as_ref().filter(|_| is_focused) {
            let indent = self.indent() + 4;
            self.words(&strings::doing(activity), indent, Role::Busy, Some(place));
        }
        self.failure(place);
    }
}

/// Returns the text for the position of the film in a room.
fn was_at(recent: &RecentRoom) -> Option<String> {
    let title = recent.title.as_ref()?;
    Some(strings::was_at(&text::safe(title.as_str()), recent.position))
}
