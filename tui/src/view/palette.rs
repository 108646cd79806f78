//! The palette: a line to type in, and every matching action with its keys, its slash command and who is affected.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card;
use super::pieces::{cells, chosen_row, put, span, spread};
use crate::action::{Action, Slash};
use crate::geometry::{Hits, Target};
use crate::keymap::Mode;
use crate::state::Screen;
use crate::state::palette::Palette;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The maximum number of rows of the list.
const ROWS: u16 = 14;

/// The number of rows of the search line and the frame.
const AROUND: u16 = 5;

/// The width of a key, in cells.
const KEY: usize = 12;

/// The width of a slash command in a column that it shares with the key.
const SLASH: usize = 16;

/// The width of a slash command in its own column.
const SLASH_APART: usize = 20;

/// The width of the affected people in full.
const SCOPE: usize = 17;

/// The width of the affected people, abbreviated.
const SCOPE_SHORT: usize = 7;

/// The mark before the chosen row.
const CHOSEN: &str = "▸ ";

/// The width from which keys and slash commands have a column each.
const TWO_WAYS: usize = 84;
/// The width from which the affected people are shown in full.
const FULL_SCOPE: usize = 60;
/// The width from which the affected people are shown abbreviated.
const SHORT_SCOPE: usize = 36;

/// Draws the palette.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, screen: &Screen, palette: &Palette, hits: &mut Hits) {
    let buf = frame.buffer_mut();
    let height = (ROWS + AROUND).min(area.height);
    let (place, inner) = card::frame(
        buf,
        area,
        screen.theme,
        msg!("palette-title"),
        height,
        card::CardWidth::Roomy,
    );
    hits.add(area, Target::Beside);
    hits.add(place, Target::Text);
    if inner.is_empty() {
        return;
    }
    let row = |y| Rect {
        y,
        height: 1,
        ..inner
    };
    let query = text::safe(palette.query());
    let shown = text::last(&query, usize::from(inner.width).saturating_sub(3));
    let head = vec![
        span(strings::SHORT_PROMPT, screen.theme.style(Role::Strong)),
        Span::raw(shown.to_owned()),
    ];
    let cursor = inner.x
        + u16::try_from(cells(&head))
            .unwrap_or(u16::MAX)
            .min(inner.width - 1);
    let actions = palette.rows();
    let count = span(
        strings::palette_count(actions.len()),
        screen.theme.style(Role::Dim),
    );
    put(buf, row(inner.y), &spread(head, vec![count], inner.width));
    let has_foot = inner.height > 5;
    let list = Rect {
        y: inner.y + 1,
        height: inner.height - 1 - if has_foot { 2 } else { 0 },
        ..inner
    };
    let rows = usize::from(list.height);
    let first = palette
        .chosen()
        .saturating_sub(rows / 2)
        .min(actions.len().saturating_sub(rows));
    for ((number, action), y) in actions.iter().enumerate().skip(first).zip(list.y..list.bottom()) {
        let is_chosen = number == palette.chosen();
        let mut line = line_of(screen, action, is_chosen, inner.width.into());
        if is_chosen {
            line = chosen_row(line, inner.width.into(), screen.theme.style(Role::Marked));
        }
        put(buf, row(y), &line);
        hits.add(row(y), Target::Row(number));
    }
    if actions.is_empty() && !list.is_empty() {
        let words = format!("  {}", msg!("help-nothing"));
        put(
            buf,
            row(list.y),
            &Line::styled(words, screen.theme.style(Role::Dim)),
        );
    }
    if has_foot {
        let chosen = actions.get(palette.chosen());
        put(
            buf,
            row(inner.bottom() - 1),
            &foot(screen, chosen.copied(), inner.width),
        );
    }
    frame.set_cursor_position((cursor, inner.y));
}

/// Returns an action's row: its effect, the ways to it, and who is affected.
fn line_of(screen: &Screen, action: &Action, is_chosen: bool, width: usize) -> Line<'static> {
    let key = key_words(screen, action);
    let slash = action.slash_form().map(form);
    let ways: Vec<(String, usize)> = if width >= TWO_WAYS {
        vec![
            (key.unwrap_or_default(), KEY),
            (slash.unwrap_or_default(), SLASH_APART),
        ]
    } else {
        let room = if width >= FULL_SCOPE { SLASH } else { KEY };
        let way = key.or(slash).unwrap_or_default();
        vec![(way, room.min(width / 2))]
    };
    let scope = match width {
        FULL_SCOPE.. => (strings::scope(action.scope), SCOPE),
        SHORT_SCOPE.. => (strings::scope_short(action.scope), SCOPE_SHORT),
        _ => ("", 0),
    };
    let taken = scope.1 + ways.iter().map(|(_, cells)| cells).sum::<usize>();
    // If only two words fit, the label is used.
    let words = if width < SHORT_SCOPE {
        action.label()
    } else {
        action.help()
    };
    let words = text::fit(words, width.saturating_sub(taken + 2));
    let mark = if is_chosen { CHOSEN } else { "  " };
    let dim = screen.theme.style(Role::Dim);
    let mut spans = vec![Span::raw(format!("{mark}{words}"))];
    for (way, cells) in ways {
        let way = text::fit(&format!(" {way}"), cells);
        spans.push(span(way, screen.theme.style(Role::Strong)));
    }
    spans.push(span(text::fit(&format!(" {}", scope.0), scope.1), dim));
    Line::from(spans)
}

/// Returns the key of the mode; in chat mode otherwise the one after Esc, if it fits.
fn key_words(screen: &Screen, action: &Action) -> Option<String> {
    let here = screen
        .keymap
        .key(screen.mode, action.id)
        .map(|key| key.to_string());
    let behind_esc = || {
        let key = screen.keymap.key(Mode::Keys, action.id)?;
        Some(format!("{} {key}", strings::AFTER_ESC)).filter(|words| words.len() < KEY)
    };
    here.or_else(behind_esc)
}

/// Returns the effects of the keys, and another way to the chosen row's action.
fn foot(screen: &Screen, chosen: Option<&Action>, width: u16) -> Line<'static> {
    let dim = screen.theme.style(Role::Dim);
    let keys = span(msg!("palette-foot"), dim);
    let way = chosen.and_then(Action::slash_form).map(form).unwrap_or_default();
    spread(
        vec![span(way, screen.theme.style(Role::Strong))],
        vec![keys],
        width,
    )
}

fn form(slash: Slash) -> String {
    format!("/{} {}", slash.word, slash.argument)
        .trim_end()
        .to_owned()
}
