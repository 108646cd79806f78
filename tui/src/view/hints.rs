//! The last row: the keys that matter now, as they are bound, and the mode.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use watchtogether_protocol::limits;

use super::{SIDE_COLUMNS, cells, put, span, spread};
use crate::action::ActionId;
use crate::app::App;
use crate::keymap::Mode;
use crate::model::Room;
use crate::strings;
use crate::theme::Role;

/// From here on, in characters, the message's length is shown.
const LENGTH_SHOWN: usize = limits::CHAT_CHARS * 3 / 4;

/// From here on there is room for what moves the film beside the way to the help.
const ROOMY: u16 = 60;

/// Draws the row.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room) {
    let dim = app.theme.style(Role::Dim);
    let mode = match app.mode {
        Mode::Chat => strings::MODE_CHAT,
        Mode::Keys => strings::MODE_KEYS,
    };
    let mut right = Vec::new();
    let length = app.editor.len_chars();
    if length >= LENGTH_SHOWN {
        right.push(span(
            format!("{}  ", strings::length(length, limits::CHAT_CHARS)),
            dim,
        ));
    }
    right.push(span(format!("{mode} "), app.theme.style(Role::Strong)));
    let free = usize::from(area.width).saturating_sub(cells(&right) + 1);
    let mut left: Vec<Span<'static>> = Vec::new();
    for id in wanted(app.mode, room, area.width) {
        let Some(key) = app.keymap.key(app.mode, id) else {
            continue;
        };
        let gap = if left.is_empty() { " " } else { "  " };
        let hint = [
            Span::raw(gap),
            span(key.to_string(), app.theme.style(Role::Strong)),
            span(format!(" {}", id.action().label), dim),
        ];
        if cells(&left) + cells(&hint) > free {
            continue;
        }
        left.extend(hint);
    }
    put(buf, area, &spread(left, right, area.width));
}

/// Returns what is worth a hint; only who controls the room is shown what moves it.
fn wanted(mode: Mode, room: &Room, width: u16) -> Vec<ActionId> {
    let is_wide = width >= SIDE_COLUMNS;
    let controls = room.hosts() && width >= ROOMY;
    let all = match mode {
        Mode::Chat => vec![
            (ActionId::Send, is_wide),
            (ActionId::KeysMode, true),
            (ActionId::PlayPause, controls),
            (ActionId::Complete, width >= 100),
            (ActionId::People, true),
            (ActionId::Help, true),
        ],
        Mode::Keys => vec![
            (ActionId::ChatMode, true),
            (ActionId::PlayPause, controls),
            (ActionId::Back5, controls && is_wide),
            (ActionId::Forward5, controls && is_wide),
            (ActionId::GoTo, controls && is_wide),
            (ActionId::SyncNow, !room.hosts() && is_wide),
            (ActionId::People, true),
            (ActionId::Help, true),
            (ActionId::Leave, is_wide),
        ],
    };
    all.into_iter()
        .filter(|(_, is_wanted)| *is_wanted)
        .map(|(id, _)| id)
        .collect()
}
