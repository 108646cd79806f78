//! The rows of home: form, recent rooms, and problems below their causes.

mod recent;

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use super::field::visible;
use crate::home_action::HomeActionId;
use crate::home_vocabulary::HomeField;
use crate::state::home::HomeScreen;
use crate::strings::home as strings;
use crate::text;
use crate::theme::Role;
use crate::view::pieces::{cells, span};

/// The width from which there are long labels and an indentation.
const ROOMY: u16 = 60;
/// The width from which there is a hint next to the film.
const HINTED: u16 = 72;
/// The width from which long names of rooms and servers fit.
const AMPLE: u16 = 96;
/// The width from which fields have brackets.
const BRACKETS: u16 = 40;
/// The maximum width of a field; longer texts are scrolled.
const FIELD: usize = 62;
/// The maximum number of rows for one problem.
const PROBLEM_ROWS: usize = 3;

/// A row.
#[derive(Debug)]
pub(super) struct HomeRow {
    pub(super) line: Line<'static>,
    /// The place that it belongs to: the row is visible while that has the focus.
    pub(super) place: Option<HomeField>,
    /// The cursor's column, if it is the focused field.
    pub(super) cursor: Option<u16>,
}

impl HomeRow {
    pub(super) const fn of(line: Line<'static>) -> Self {
        Self {
            line,
            place: None,
            cursor: None,
        }
    }
}

/// Returns all rows for a width.
pub(super) fn rows(home: &HomeScreen, width: u16, is_airy: bool, now: LocalTime) -> Vec<HomeRow> {
    let mut page = HomeRows {
        home,
        width,
        is_airy,
        rows: Vec::new(),
    };
    page.heading(msg!("home-start"));
    let empty = if width < ROOMY {
        msg!("home-film-empty-short")
    } else {
        msg!("home-film-empty")
    };
    page.field(HomeField::Film, empty);
    page.choices();
    let room = home.form.room_of_film().map(|room| room.to_string());
    page.field(
        HomeField::Room,
        room.as_deref().unwrap_or(msg!("home-room-empty")),
    );
    page.field(HomeField::Name, "");
    let note = strings::host_note(home.server.as_deref(), home.port, width < ROOMY);
    page.button(HomeField::Host, msg!("home-host-button"), &note);
    page.gap();
    page.heading(msg!("home-join"));
    let empty = if width < ROOMY {
        msg!("home-invite-empty-short")
    } else {
        msg!("home-invite-empty")
    };
    page.field(HomeField::Invite, empty);
    let leads_to = home.form.read_invite().and_then(|invite| {
        let room = invite.room?;
        Some(strings::leads_to(
            room.as_str(),
            &invite.address.to_string(),
            invite.pin.is_some(),
        ))
    });
    page.button(
        HomeField::Join,
        msg!("home-join-button"),
        &leads_to.unwrap_or_default(),
    );
    page.gap();
    page.heading(msg!("home-recent"));
    if home.recent.is_empty() {
        let indent = page.indent() + 2;
        page.words(msg!("home-no-recent"), indent, Role::Dim, None);
    }
    page.recent(now);
    page.rows
}

/// The rows while they are collected.
struct HomeRows<'a> {
    home: &'a HomeScreen,
    width: u16,
    is_airy: bool,
    rows: Vec<HomeRow>,
}

impl HomeRows<'_> {
    const fn indent(&self) -> usize {
        match self.width {
            ROOMY.. => 3,
            BRACKETS.. => 1,
            _ => 0,
        }
    }

    /// Returns the width of a label with its prefix.
    const fn label(&self) -> usize {
        match self.width {
            ROOMY.. => 20,
            BRACKETS.. => 10,
            _ => 7,
        }
    }

    fn gap(&mut self) {
        if self.is_airy {
            self.rows.push(HomeRow::of(Line::default()));
        }
    }

    fn heading(&mut self, words: &'static str) {
        let style = self.home.theme.style(Role::Strong);
        let indent = " ".repeat(self.indent());
        self.rows.push(HomeRow::of(Line::from(vec![
            Span::raw(indent),
            span(words, style),
        ])));
    }

    /// Returns the prefix of a row: a mark if it has the focus.
    fn mark(&self, place: HomeField) -> Span<'static> {
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

    fn field(&mut self, place: HomeField, empty: &str) {
        let home = self.home;
        let (Some(editor), Some(labels)) = (home.form.editor_of(place), strings::label(place)) else {
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
            HomeActionId::Browse.action().label()
        );
        let has_hint = place == HomeField::Film && self.width >= HINTED;
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
        self.rows.push(HomeRow {
            line: Line::from(spans),
            place: Some(place),
            cursor: u16::try_from(before + column).ok(),
        });
        self.failure(place);
    }

    fn button(&mut self, place: HomeField, button: &'static str, note: &str) {
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
            HomeField::Film | HomeField::Room | HomeField::Name | HomeField::Host => place == HomeField::Host,
            HomeField::Invite | HomeField::Join => place == HomeField::Join,
            HomeField::Recent(_) => false,
        };
        let free = usize::from(self.width).saturating_sub(cells(&spans) + 2);
        let (words, role) = match &home.activity {
            Some(activity) if has_asked => (strings::doing(activity), Role::Busy),
            Some(_) | None => (note.to_owned(), Role::Dim),
        };
        spans.push(Span::raw("  "));
        spans.push(span(
            text::truncate(&text::safe(&words), free),
            home.theme.style(role),
        ));
        self.rows.push(HomeRow {
            line: Line::from(spans),
            place: Some(place),
            cursor: None,
        });
        self.failure(place);
    }

    /// Shows the problem with the place above, and a suggestion.
    fn failure(&mut self, place: HomeField) {
        let Some(failure) = self.home.failures.get(&place) else {
            return;
        };
        let indent = if matches!(place, HomeField::Recent(_)) {
            self.indent() + 4
        } else if self.width >= ROOMY {
            self.label()
        } else {
            self.indent() + 2
        };
        self.words(failure.words.as_str(), indent, Role::Bad, Some(place));
        if let Some(hint) = &failure.hint {
            self.words(hint.as_str(), indent, Role::Busy, Some(place));
        }
    }

    /// Shows completions, as far as there is space.
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
        // The chosen one is always visible.
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
        self.rows.push(HomeRow {
            line: Line::from(spans),
            place: Some(HomeField::Film),
            cursor: None,
        });
    }

    fn words(&mut self, words: &str, indent: usize, role: Role, place: Option<HomeField>) {
        let width = usize::from(self.width).saturating_sub(indent);
        let style = self.home.theme.style(role);
        for line in text::wrap(&text::safe(words), width)
            .into_iter()
            .take(PROBLEM_ROWS)
        {
            let line = Line::from(vec![Span::raw(" ".repeat(indent)), span(line, style)]);
            self.rows.push(HomeRow {
                line,
                place,
                cursor: None,
            });
        }
    }
}
