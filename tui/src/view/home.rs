//! Home: one column of rows, from the form to the recent rooms. As many are shown as fit; the focused one is always visible.
//!
//! If there is little space, these are dropped in this order: blank rows, the row of checks at the bottom, the hints, the title,
//! long labels, brackets.

mod field;
mod rows;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use super::pieces::{RowSplitter, cells, put, span, spread};
use super::{browser, card};
use crate::glyphs::{self, Glyphs};
use crate::home_action::{HOME_ACTIONS, HomeActionId, HomePart};
use crate::home_vocabulary::{CheckState, HomeField};
use crate::state::home::HomeScreen;
use crate::strings::home as strings;
use crate::text;
use crate::theme::Role;

use rows::HomeRow;

/// The maximum width of the rows: as much as an eye can follow.
const WIDTH: u16 = 100;
/// The height from which there is a title.
const TITLED: u16 = 10;
/// The height from which there are hints.
const HINTED: u16 = 6;
/// The height from which there are notices.
const NOTICED: u16 = 3;
/// The height from which there is a rule above the notices.
const RULED: u16 = 14;
/// The height from which the checks are at the bottom instead of after everything else.
const PINNED: u16 = 18;
/// The height from which there are blank rows between the parts.
const AIRY: u16 = 22;
/// The maximum number of rows for checks.
const CHECK_ROWS: usize = 3;
/// Follows a check that found no problem.
const GOOD: &str = "✓";
/// Precedes a check that found something missing.
const BAD: &str = "!";
/// The width of the first column of the help.
const KEYS: usize = 18;

/// The facts about a picture that home needs after drawing it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DrawnHome {
    /// The scroll position of the help.
    pub(crate) help_scroll: usize,
    /// The number of rows for files in the browser.
    pub(crate) browser_rows: usize,
}

/// Draws home.
pub(crate) fn draw(frame: &mut Frame<'_>, home: &HomeScreen, now: LocalTime) -> DrawnHome {
    let drawn = draw_parts(frame, home, now);
    glyphs::split_flags(frame.buffer_mut());
    if home.glyphs == Glyphs::Ascii {
        glyphs::replace(frame.buffer_mut());
    }
    drawn
}

fn draw_parts(frame: &mut Frame<'_>, home: &HomeScreen, now: LocalTime) -> DrawnHome {
    let mut drawn = DrawnHome::default();
    let area = frame.area();
    if area.is_empty() {
        return drawn;
    }
    if let Some(browser) = home.browser.as_ref().filter(|_| home.help.is_none()) {
        drawn.browser_rows = browser::draw(frame, area, home, browser, now);
        return drawn;
    }
    let buf = frame.buffer_mut();
    let mut free = RowSplitter(area);
    let dim = home.theme.style(Role::Dim);
    if area.height >= TITLED {
        put(buf, free.top(1), &title(home, area.width));
        rule(buf, free.top(1), dim);
    }
    if area.height >= HINTED {
        put(buf, free.bottom(1), &hints(home, area));
    }
    if area.height >= RULED {
        rule(buf, free.bottom(1), dim);
    }
    if let Some(notice) = home.notice.as_ref().filter(|_| area.height >= NOTICED) {
        let style = home.theme.style(Role::Busy);
        put(
            buf,
            free.bottom(1),
            &Line::styled(format!(" {}", text::safe(notice)), style),
        );
    }
    let column = column(area);
    let is_airy = area.height >= AIRY;
    let mut rows = rows::rows(home, column.width, is_airy, now);
    let checks = checks(home, column.width);
    if area.height >= PINNED {
        let place = free.bottom(u16::try_from(checks.len()).unwrap_or(u16::MAX));
        for (line, y) in checks.iter().zip(place.y..place.bottom()) {
            put(
                buf,
                Rect {
                    y,
                    height: 1,
                    ..column
                },
                line,
            );
        }
        free.bottom(1);
    } else {
        rows.push(HomeRow::of(Line::default()));
        rows.extend(checks.into_iter().map(HomeRow::of));
    }
    if is_airy {
        free.top(1);
    }
    let cursor = draw_rows(
        buf,
        Rect {
            x: column.x,
            width: column.width,
            ..free.0
        },
        &rows,
        home.form.focus,
    );
    if let Some(scroll) = home.help {
        drawn.help_scroll = help(buf, area, home, scroll);
    } else if let Some(cursor) = cursor.filter(|_| home.activity.is_none()) {
        frame.set_cursor_position(cursor);
    }
    drawn
}

/// Returns the column that contains the rows.
const fn column(area: Rect) -> Rect {
    let width = if area.width < WIDTH { area.width } else { WIDTH };
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}

/// Draws the rows around the focus; returns the cursor's position.
fn draw_rows(buf: &mut Buffer, area: Rect, rows: &[HomeRow], focus: HomeField) -> Option<(u16, u16)> {
    let height = usize::from(area.height);
    let has_focus = |row: &HomeRow| row.place == Some(focus);
    let first_focused = rows.iter().position(has_focus).unwrap_or(0);
    let last_focused = rows.iter().rposition(has_focus).unwrap_or(0);
    // A row of the next part is shown if there is space, so that people see that there is more.
    let wanted = (last_focused + 2).saturating_sub(height);
    let first = wanted.min(rows.len().saturating_sub(height)).min(first_focused);
    let mut cursor = None;
    for (row, y) in rows.iter().skip(first).zip(area.y..area.bottom()) {
        put(buf, Rect { y, height: 1, ..area }, &row.line);
        if let Some(column) = row.cursor.filter(|_| has_focus(row)) {
            cursor = Some((area.x.saturating_add(column).min(area.right() - 1), y));
        }
    }
    cursor
}

fn rule(buf: &mut Buffer, area: Rect, style: Style) {
    put(buf, area, &Line::styled("─".repeat(area.width.into()), style));
}

fn title(home: &HomeScreen, width: u16) -> Line<'static> {
    let mut right = Vec::new();
    for id in [HomeActionId::Help, HomeActionId::Quit] {
        right.extend(hint(home, id, id.action().label()));
    }
    right.push(Span::raw(" "));
    let name = strings::title(home.version);
    spread(
        vec![span(format!(" {name}"), home.theme.style(Role::Strong))],
        right,
        width,
    )
}

fn hint(home: &HomeScreen, id: HomeActionId, label: &str) -> [Span<'static>; 3] {
    [
        Span::raw("  "),
        span(id.key(), home.theme.style(Role::Strong)),
        span(format!(" {label}"), home.theme.style(Role::Dim)),
    ]
}

fn hints(home: &HomeScreen, area: Rect) -> Line<'static> {
    let enter = match home.form.focus {
        HomeField::Film if home.form.film.is_empty() || home.form.film.text().ends_with('/') => {
            msg!("home-enter-finds")
        }
        HomeField::Film | HomeField::Room | HomeField::Name | HomeField::Host => msg!("home-enter-hosts"),
        HomeField::Invite | HomeField::Join => msg!("home-enter-joins"),
        HomeField::Recent(_) => msg!("home-enter-rejoins"),
    };
    let mut wanted = vec![
        (HomeActionId::Choose, enter),
        (HomeActionId::Next, HomeActionId::Next.action().label()),
    ];
    let mut add = |id: HomeActionId| wanted.push((id, id.action().label()));
    if matches!(home.form.focus, HomeField::Recent(_)) {
        add(HomeActionId::Forget);
    } else if !home.recent.is_empty() {
        add(HomeActionId::Rejoin);
    }
    add(HomeActionId::Browse);
    if area.height < TITLED {
        add(HomeActionId::Help);
    }
    if home.activity.is_some() {
        wanted = vec![(HomeActionId::Back, msg!("home-gives-up"))];
    }
    let mut line: Vec<Span<'static>> = Vec::new();
    for (id, label) in wanted {
        let mut hint = hint(home, id, label);
        if line.is_empty() {
            hint[0] = Span::raw(" ");
        }
        if cells(&line) + cells(&hint) <= area.width.into() {
            line.extend(hint);
        }
    }
    Line::from(line)
}

/// Returns the checks of this machine, with problems in separate rows if they do not fit next to the others.
fn checks(home: &HomeScreen, width: u16) -> Vec<Line<'static>> {
    let indent = if width < 60 { " " } else { "   " };
    let mut lines = vec![vec![span(
        format!("{indent}{}", msg!("home-checks")),
        home.theme.style(Role::Dim),
    )]];
    for check in &home.checks {
        let words = text::safe(check.words.as_str());
        let (words, role) = match check.state {
            CheckState::Pending => (format!("{words} …"), Role::Dim),
            CheckState::Good => (format!("{words} {GOOD}"), Role::Plain),
            CheckState::Bad => (format!("{BAD} {words}"), Role::Busy),
        };
        let room = usize::from(width).saturating_sub(text::width(indent));
        if text::width(&words) > room {
            // Texts that must be read completely, such as the name of a missing package, get their own rows.
            let free_rows = CHECK_ROWS.saturating_sub(lines.len()).max(1);
            let rows = text::wrap(&words, room).into_iter().take(free_rows);
            lines.extend(rows.map(|row| vec![Span::raw(indent), span(row, home.theme.style(role))]));
            continue;
        }
        let free = usize::from(width).saturating_sub(lines.last().map_or(0, |line| cells(line)));
        if text::width(&words) + 3 > free && lines.len() < CHECK_ROWS {
            // Below the first check if there is space, otherwise below the heading.
            let below = text::width(indent) + text::width(msg!("home-checks")) + 3;
            let has_room = below + text::width(&words) <= usize::from(width);
            let start = if has_room {
                " ".repeat(below)
            } else {
                indent.to_owned()
            };
            lines.push(vec![Span::raw(start)]);
        } else {
            lines
                .last_mut()
                .expect("there is always one")
                .push(Span::raw("   "));
        }
        let line = lines.last_mut().expect("there is always one");
        let free = usize::from(width).saturating_sub(cells(line));
        line.push(span(text::truncate(&words, free), home.theme.style(role)));
    }
    lines.into_iter().map(Line::from).collect()
}

/// Draws the help; returns its scroll position.
fn help(buf: &mut Buffer, area: Rect, home: &HomeScreen, scroll: usize) -> usize {
    let width = card::inner_width(area);
    let (strong, dim) = (home.theme.style(Role::Strong), home.theme.style(Role::Dim));
    let keys_width = KEYS.min(width / 3);
    let mut lines = Vec::new();
    for (part, heading) in [
        (HomePart::Form, msg!("home-help-form")),
        (HomePart::Browser, msg!("home-help-browser")),
        (HomePart::Both, msg!("home-help-both")),
    ] {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(heading, strong));
        for action in HOME_ACTIONS.iter().filter(|action| action.part == part) {
            let keys = if action.id == HomeActionId::Rejoin {
                action.id.key()
            } else {
                let keys: Vec<String> = action.keys.iter().map(ToString::to_string).collect();
                keys.join(" ")
            };
            let head = format!(" {} ", text::fit(&keys, keys_width));
            let indent = text::width(&head);
            let mut words = text::wrap(action.help(), width.saturating_sub(indent)).into_iter();
            let first = words.next().unwrap_or_default();
            lines.push(Line::from(vec![span(head, strong), span(first, dim)]));
            lines.extend(words.map(|line| Line::from(vec![Span::raw(" ".repeat(indent)), span(line, dim)])));
        }
    }
    let help = card::Card {
        title: msg!("home-help").to_owned(),
        lines,
        foot: Line::styled(msg!("close"), strong),
        scroll,
    };
    card::draw(buf, area, home.theme, help).scroll
}
