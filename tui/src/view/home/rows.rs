//! The rows of home: form, recent rooms, and what is wrong below what caused it.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation as _;
use watchtogether_protocol::LocalTime;

use super::super::pieces::{cells, span};
use crate::editor::Editor;
use crate::home_action::HomeActionId;
use crate::home_vocabulary::{Place, RecentRoom};
use crate::state::home::HomeScreen;
use crate::strings::home as strings;
use crate::text;
use crate::theme::Role;

/// From so many columns on there are long labels and an indentation.
const ROOMY: u16 = 60;
/// From so many on, a hint beside the film.
const HINTED: u16 = 72;
/// From so many on, room for long names of rooms and servers.
const AMPLE: u16 = 96;
/// From so many on, brackets around fields.
const BRACKETS: u16 = 40;
/// The cells of a field at most: what is longer is scrolled.
const FIELD: usize = 62;
/// The rows that tell what is wrong with one thing at most.
const TROUBLE_ROWS: usize = 3;

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: Line<'static>,
    /// What it belongs to: it is seen while that has the focus.
    pub(super) place: Option<Place>,
    /// Where the cursor is, if it is the focused field.
    pub(super) cursor: Option<u16>,
}

impl Row {
    pub(super) const fn of(line: Line<'static>) -> Self {
        Self {
            line,
            place: None,
            cursor: None,
        }
    }
}

/// Returns all rows for a width.
pub(super) fn rows(home: &HomeScreen, width: u16, is_airy: bool, now: LocalTime) -> Vec<Row> {
    let mut page = Page {
        home,
        width,
        is_airy,
        rows: Vec::new(),
    };
    page.heading(strings::START);
    let empty = if width < ROOMY {
        strings::FILM_EMPTY_SHORT
    } else {
        strings::FILM_EMPTY
    };
    page.field(Place::Film, strings::FILM, empty);
    page.choices();
    let room = home.form.room_of_film().map(|room| room.to_string());
    page.field(
        Place::Room,
        strings::ROOM,
        room.as_deref().unwrap_or(strings::ROOM_EMPTY),
    );
    page.field(Place::Name, strings::NAME, "");
    let note = strings::host_note(home.server.as_deref(), home.port, width < ROOMY);
    page.button(Place::Host, strings::HOST_BUTTON, &note);
    page.gap();
    page.heading(strings::JOIN);
    let empty = if width < ROOMY {
        strings::INVITE_EMPTY_SHORT
    } else {
        strings::INVITE_EMPTY
    };
    page.field(Place::Invite, strings::INVITE, empty);
    let leads_to = home.form.read_invite().and_then(|invite| {
        let room = invite.room?;
        Some(strings::leads_to(
            room.as_str(),
            &invite.address.to_string(),
            invite.pin.is_some(),
        ))
    });
    page.button(Place::Join, strings::JOIN_BUTTON, &leads_to.unwrap_or_default());
    page.gap();
    page.heading(strings::RECENT);
    if home.recent.is_empty() {
        let indent = page.indent() + 2;
        page.words(strings::NO_RECENT, indent, Role::Dim, None);
    }
    page.recent(now);
    page.rows
}

struct Page<'a> {
    home: &'a HomeScreen,
    width: u16,
    is_airy: bool,
    rows: Vec<Row>,
}

impl Page<'_> {
    const fn indent(&self) -> usize {
        match self.width {
            ROOMY.. => 3,
            BRACKETS.. => 1,
            _ => 0,
        }
    }

    /// Returns the cells of a label with what stands before it.
    const fn label(&self) -> usize {
        match self.width {
            ROOMY.. => 20,
            BRACKETS.. => 10,
            _ => 7,
        }
    }

    fn gap(&mut self) {
        if self.is_airy {
            self.rows.push(Row::of(Line::default()));
        }
    }

    fn heading(&mut self, words: &'static str) {
        let style = self.home.theme.style(Role::Strong);
        let indent = " ".repeat(self.indent());
        self.rows
            .push(Row::of(Line::from(vec![Span::raw(indent), span(words, style)])));
    }

    /// Returns what stands before a row: the mark where it has the focus.
    fn mark(&self, place: Place) -> Span<'static> {
        let indent = " ".repeat(self.indent());
        if self.home.form.focus == place {
            span(
                format!("{indent}{} ", strings::FOCUS),
                self.home.theme.style(Role::Strong),
            )
        } else {
            Span::raw(format!("{indent}  "))
        }
    }

    fn field(&mut self, place: Place, labels: [&str; 2], empty: &str) {
        let home = self.home;
        let Some(editor) = home.form.editor_of(place) else {
            return;
        };
        let is_focused = home.form.focus == place;
        let (dim, plain, strong) = (
            home.theme.style(Role::Dim),
            home.theme.style(Role::Plain),
            home.theme.style(Role::Strong),
        );
        let label_style = if is_focused { strong } else { plain };
        let mark = self.mark(place);
        let label_cells = self.label().saturating_sub(cells(std::slice::from_ref(&mark)));
        let label = labels.into_iter().find(|label| text::width(label) < label_cells);
        let label = label.unwrap_or(labels[1]);
        let mut spans = vec![mark, span(text::fit(label, label_cells), label_style)];
        let has_brackets = self.width >= BRACKETS;
        if has_brackets {
            spans.push(span("[ ", if is_focused { strong } else { dim }));
        }
        let before = cells(&spans);
        let hint = format!(
            "{} {}",
            HomeActionId::Browse.key(),
            HomeActionId::Browse.action().label
        );
        let has_hint = place == Place::Film && self.width >= HINTED;
        let mut free = usize::from(self.width)
            .saturating_sub(before + if has_brackets { 3 } else { 0 })
            .min(FIELD);
        if self.width >= HINTED {
            // All fields are as wide as the one with the hint.
            let hinted = usize::from(self.width).saturating_sub(before + text::width(&hint) + 6);
            free = free.min(hinted);
        }
        let (shown, column) = visible(editor, free, is_focused);
        if editor.is_empty() {
            spans.push(span(text::fit(&text::safe(empty), free), dim));
        } else {
            let style = if is_focused {
                plain.add_modifier(Modifier::UNDERLINED)
            } else {
                plain
            };
            let rest = free.saturating_sub(text::width(&shown));
            spans.push(span(shown, style));
            spans.push(Span::raw(" ".repeat(rest)));
        }
        if has_brackets {
            spans.push(span(" ]", if is_focused { strong } else { dim }));
        }
        if has_hint {
            spans.push(span(format!("  {hint}"), dim));
        }
        self.rows.push(Row {
            line: Line::from(spans),
            place: Some(place),
            cursor: u16::try_from(before + column).ok(),
        });
        self.trouble(place);
    }

    fn button(&mut self, place: Place, button: &'static str, note: &str) {
        let home = self.home;
        let mark = self.mark(place);
        let before = if self.width >= BRACKETS { self.label() } else { 2 };
        let pad = " ".repeat(before.saturating_sub(cells(std::slice::from_ref(&mark))));
        let role = if home.form.focus == place {
            Role::Marked
        } else {
            Role::Strong
        };
        let mut spans = vec![mark, Span::raw(pad), span(button, home.theme.style(role))];
        let has_asked = match home.form.focus {
            Place::Film | Place::Room | Place::Name | Place::Host => place == Place::Host,
            Place::Invite | Place::Join => place == Place::Join,
            Place::Recent(_) => false,
        };
        let free = usize::from(self.width).saturating_sub(cells(&spans) + 2);
        let (words, role) = match &home.doing {
            Some(doing) if has_asked => (strings::doing(doing), Role::Busy),
            Some(_) | None => (note.to_owned(), Role::Dim),
        };
        spans.push(Span::raw("  "));
        spans.push(span(
            text::truncate(&text::safe(&words), free),
            home.theme.style(role),
        ));
        self.rows.push(Row {
            line: Line::from(spans),
            place: Some(place),
            cursor: None,
        });
        self.trouble(place);
    }

    /// Lists the recent rooms, in columns as wide as what stands in them.
    fn recent(&mut self, now: LocalTime) {
        let now = self.home.clock.now(now);
        let told: Vec<[String; 3]> = self
            .home
            .recent
            .iter()
            .map(|recent| {
                let server = recent.place.as_ref().map_or_else(
                    || strings::THIS_MACHINE.to_owned(),
                    |place| text::safe(place.as_str()),
                );
                [recent.room.to_string(), server, strings::ago(recent.at, now)]
            })
            .collect();
        let most = match self.width {
            AMPLE.. => [24, 24, 13],
            HINTED.. => [16, 16, 13],
            ROOMY.. => [18, 0, 13],
            _ => [14, 0, 13],
        };
        let widest = |column: usize| {
            let cells = told.iter().map(|told| text::width(&told[column]));
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
        for (index, told) in told.iter().enumerate() {
            self.recent_room(index, told, columns);
        }
    }

    fn recent_room(&mut self, index: usize, told: &[String; 3], columns: [usize; 3]) {
        let home = self.home;
        let recent = &home.recent[index];
        let (dim, plain) = (home.theme.style(Role::Dim), home.theme.style(Role::Plain));
        let place = Place::Recent(index);
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
        let room = text::truncate(&told[0], columns[0]);
        let gap = " ".repeat(columns[0] - text::width(&room) + 2);
        let mut spans = vec![
            self.mark(place),
            span(format!("{digit} "), home.theme.style(Role::Strong)),
            span(room, room_style),
            Span::raw(gap),
        ];
        for (words, cells) in told.iter().zip(columns).skip(1).filter(|(_, cells)| *cells > 0) {
            spans.push(span(format!("{}  ", text::fit(words, cells)), dim));
        }
        if let Some(was_at) = was_at(recent) {
            let free = usize::from(self.width).saturating_sub(cells(&spans));
            spans.push(span(text::truncate(&was_at, free), plain));
        }
        self.rows.push(Row {
            line: Line::from(spans),
            place: Some(place),
            cursor: None,
        });
        if let Some(doing) = home.doing.as_ref().filter(|_| is_focused) {
            let indent = self.indent() + 4;
            self.words(&strings::doing(doing), indent, Role::Busy, Some(place));
        }
        self.trouble(place);
    }

    /// Tells what is wrong with what stands above, and what to do about it.
    fn trouble(&mut self, place: Place) {
        let Some(trouble) = self.home.troubles.get(&place) else {
            return;
        };
        let indent = if matches!(place, Place::Recent(_)) {
            self.indent() + 4
        } else if self.width >= ROOMY {
            self.label()
        } else {
            self.indent() + 2
        };
        self.words(trouble.words.as_str(), indent, Role::Bad, Some(place));
        if let Some(hint) = &trouble.hint {
            self.words(hint.as_str(), indent, Role::Busy, Some(place));
        }
    }

    /// Shows what the beginning of a path can become, as far as there is room.
    fn choices(&mut self) {
        let home = self.home;
        if home.form.choices.is_empty() {
            return;
        }
        let indent = if self.width >= ROOMY {
            self.label()
        } else {
            self.indent() + 2
        };
        let mut spans = vec![Span::raw(" ".repeat(indent))];
        // The chosen one is always among those that are seen.
        let first = home.form.choice.map_or(0, |choice| choice.saturating_sub(2));
        for (index, choice) in home.form.choices.iter().enumerate().skip(first) {
            let name = text::safe(watchtogether_protocol::Clean::line(&choice.name).as_str());
            let free = usize::from(self.width).saturating_sub(cells(&spans) + 2);
            if text::width(&name) > free && index > first {
                spans.push(span("…", home.theme.style(Role::Dim)));
                break;
            }
            let role = if home.form.choice == Some(index) {
                Role::Marked
            } else {
                Role::Dim
            };
            spans.push(span(text::truncate(&name, free), home.theme.style(role)));
            spans.push(Span::raw("  "));
        }
        self.rows.push(Row {
            line: Line::from(spans),
            place: Some(Place::Film),
            cursor: None,
        });
    }

    fn words(&mut self, words: &str, indent: usize, role: Role, place: Option<Place>) {
        let width = usize::from(self.width).saturating_sub(indent);
        let style = self.home.theme.style(role);
        for line in text::wrap(&text::safe(words), width)
            .into_iter()
            .take(TROUBLE_ROWS)
        {
            let line = Line::from(vec![Span::raw(" ".repeat(indent)), span(line, style)]);
            self.rows.push(Row {
                line,
                place,
                cursor: None,
            });
        }
    }
}

/// Returns where the film was in a room.
fn was_at(recent: &RecentRoom) -> Option<String> {
    let title = recent.title.as_ref()?;
    Some(strings::was_at(&text::safe(title.as_str()), recent.position))
}

/// Returns what is seen of a field, and where its cursor is: the end of a long text where nobody types.
fn visible(editor: &Editor, width: usize, is_focused: bool) -> (String, usize) {
    let at = if is_focused {
        editor.before_cursor().len()
    } else {
        editor.text().len()
    };
    let (mut glyphs, mut columns, mut cursor) = (Vec::new(), 0, 0);
    for (from, glyph) in editor.text().grapheme_indices(true) {
        if from < at {
            cursor = columns + text::glyph_width(&text::safe(glyph));
        }
        let glyph = text::safe(glyph).replace('\n', " ");
        let wide = text::glyph_width(&glyph);
        glyphs.push((columns, wide, glyph));
        columns += wide;
    }
    // Behind the last letter there is a cell for the cursor.
    let first = if columns < width {
        0
    } else {
        (cursor + 1).saturating_sub(width)
    };
    let (mut shown, mut used, mut skipped) = (String::new(), 0, 0);
    for (column, wide, glyph) in glyphs {
        // The first cell tells that something stands before.
        if column < first + usize::from(first > 0) {
            skipped = column + wide;
            continue;
        }
        if shown.is_empty() && first > 0 {
            shown.push('…');
            used = 1;
        }
        if used + wide > width {
            break;
        }
        shown.push_str(&glyph);
        used += wide;
    }
    let cursor = if first > 0 {
        cursor + 1 - skipped.min(cursor + 1)
    } else {
        cursor
    };
    (shown, cursor.min(width.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.set(text);
        editor
    }

    #[test]
    fn a_long_text_shows_its_end_and_the_cursor_behind_it() {
        assert_eq!(
            visible(&editor("abcdefghij"), 20, true),
            ("abcdefghij".to_owned(), 10)
        );
        assert_eq!(visible(&editor("abcdefghij"), 6, true), ("…ghij".to_owned(), 5));
        assert_eq!(visible(&editor("猫の目を見る"), 6, true).1, 5);
    }

    #[test]
    fn where_the_cursor_went_back_to_the_beginning_that_is_seen() {
        let mut editor = editor("abcdefghij");
        editor.line_start();

        assert_eq!(visible(&editor, 6, true), ("abcdef".to_owned(), 0));
    }

    proptest! {
        #[test]
        fn what_is_seen_has_room_and_so_has_the_cursor(text in "\\PC{0,40}", left in 0usize..40, width in 1usize..20) {
            let mut editor = editor(&text);
            for _ in 0..left {
                editor.left();
            }
            let (shown, cursor) = visible(&editor, width, true);
            prop_assert!(text::width(&shown) <= width);
            prop_assert!(cursor < width);
        }
    }
}
