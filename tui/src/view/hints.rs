//! The last row: the most relevant keys, with the user's bindings, and the mode; while a command is typed, its form.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use watchtogether_protocol::limits;
use watchtogether_protocol::permission::RoomAct;

use super::pieces::{cells, hint, put, span, spread};
use super::widths::SIDE_COLUMNS;
use crate::action::ActionId;
use crate::geometry::{Hits, Target};
use crate::keymap::Mode;
use crate::model::Room;
use crate::slash_command::{self, Typing};
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The number of characters from which a message's length is shown.
const LENGTH_SHOWN: usize = limits::CHAT_CHARS * 3 / 4;

/// The width from which keys that move the film are shown next to the help key.
const ROOMY: u16 = 60;

/// Draws the row.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room, hits: &mut Hits) {
    let right = right(screen);
    let right_cells = cells(&right);
    let typing = (screen.mode == Mode::Chat)
        .then(|| slash_command::typing(screen.editor.text()))
        .flatten();
    let left = if let Some(typing) = typing {
        let free = usize::from(area.width).saturating_sub(right_cells + 1);
        form(screen, &typing, free)
    } else {
        let mut left: Vec<Span<'static>> = Vec::new();
        for (id, hint) in keys(screen, room, area.width) {
            let gap = cells(&hint[..1]);
            let from = u16::try_from(cells(&left) + gap).unwrap_or(u16::MAX);
            let wide = u16::try_from(cells(&hint) - gap).unwrap_or(u16::MAX);
            let place = Rect {
                x: area.x.saturating_add(from),
                width: wide,
                ..area
            };
            hits.add(place.intersection(area), Target::Do(id));
            left.extend(hint);
        }
        left
    };
    let mode = match screen.mode {
        Mode::Chat => ActionId::KeysMode,
        Mode::Keys => ActionId::ChatMode,
    };
    let wide = u16::try_from(right_cells).unwrap_or(area.width).min(area.width);
    let place = Rect {
        x: area.right() - wide,
        width: wide,
        ..area
    };
    hits.add(place, Target::Do(mode));
    put(buf, area, &spread(left, right, area.width));
}

/// Returns the actions that the row shows.
pub(super) fn shown(screen: &Screen, room: &Room, width: u16) -> Vec<ActionId> {
    keys(screen, room, width).into_iter().map(|(id, _)| id).collect()
}

/// Returns the message's length, if it matters, and the mode.
fn right(screen: &Screen) -> Vec<Span<'static>> {
    let mode = match screen.mode {
        Mode::Chat => msg!("mode-chat"),
        Mode::Keys => msg!("mode-keys"),
    };
    let mut right = Vec::new();
    let length = screen.editor.len_chars();
    if length >= LENGTH_SHOWN {
        right.push(span(
            format!("{}  ", strings::length(length, limits::CHAT_CHARS)),
            screen.theme.style(Role::Dim),
        ));
    }
    right.push(span(format!("{mode} "), screen.theme.style(Role::Strong)));
    right
}

/// Returns the hints that fit.
fn keys(screen: &Screen, room: &Room, width: u16) -> Vec<(ActionId, [Span<'static>; 3])> {
    let free = usize::from(width).saturating_sub(cells(&right(screen)) + 1);
    let mut hints: Vec<(ActionId, [Span<'static>; 3])> = Vec::new();
    let mut used = 0;
    for id in wanted(screen.mode, room, width) {
        let Some(key) = screen.keymap.key(screen.mode, id) else {
            continue;
        };
        let hint = hint(
            screen.theme,
            hints.is_empty(),
            &key.to_string(),
            id.action().label(),
        );
        if used + cells(&hint) <= free {
            used += cells(&hint);
            hints.push((id, hint));
        }
    }
    hints
}

/// Returns the actions for hints, the most important first; keys that control playback are shown only to members who may.
fn wanted(mode: Mode, room: &Room, width: u16) -> Vec<ActionId> {
    let is_wide = width >= SIDE_COLUMNS;
    let is_roomy = width >= ROOMY;
    let all = match mode {
        Mode::Chat => vec![
            (ActionId::Send, is_wide),
            (ActionId::KeysMode, true),
            (ActionId::Complete, width >= 100),
            (ActionId::Palette, true),
            (ActionId::PlayPause, is_roomy),
            (ActionId::Help, true),
            (ActionId::People, true),
        ],
        Mode::Keys => vec![
            (ActionId::ChatMode, true),
            (ActionId::PlayPause, is_roomy),
            (ActionId::Back5, is_wide),
            (ActionId::Forward5, is_wide),
            (ActionId::GoTo, is_wide),
            (ActionId::SyncNow, is_wide && !room.may(RoomAct::Move)),
            (ActionId::Palette, true),
            (ActionId::Help, true),
            (ActionId::People, true),
            (ActionId::Leave, is_wide),
        ],
    };
    all.into_iter()
        .filter(|(id, is_wanted)| *is_wanted && room.permits(*id))
        .map(|(id, _)| id)
        .collect()
}

/// Returns the form of the command that is being typed, or the commands that it may become.
fn form(screen: &Screen, typing: &Typing, free: usize) -> Vec<Span<'static>> {
    let strong = screen.theme.style(Role::Strong);
    let whole = match typing {
        Typing::Argument { action, slash, .. } => Some((*action, *slash)),
        Typing::Word { start, candidates } => candidates
            .iter()
            .find(|(_, slash)| candidates.len() == 1 || slash.word == *start)
            .copied(),
    };
    if let Some((action, slash)) = whole {
        let form = format!(" /{} {}", slash.word, slash.argument);
        let words = text::truncate(
            &format!("  {}", action.help()),
            free.saturating_sub(text::width(form.trim_end())),
        );
        return vec![
            span(form.trim_end(), strong),
            span(words, screen.theme.style(Role::Dim)),
        ];
    }
    let Typing::Word { candidates, .. } = typing else {
        return Vec::new();
    };
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (_, slash) in candidates {
        let word = format!("{}/{}", if spans.is_empty() { " " } else { "  " }, slash.word);
        if cells(&spans) + text::width(&word) + 3 > free {
            spans.push(span("  …", screen.theme.style(Role::Dim)));
            break;
        }
        spans.push(span(word, strong));
    }
    spans
}
