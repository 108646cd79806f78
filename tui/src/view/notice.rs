//! The rows above the input line: a notice until a key is pressed; at other times, more keys to try.

use ratatui::text::{Line, Span};
use watchtogether_protocol::LocalTime;

use super::hints;
use super::pieces::{cells, hint};
use crate::action::{ACTIONS, Action, ActionId, Group};
use crate::keymap::Mode;
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The maximum number of rows.
const ROWS: usize = 2;

/// Returns the rows; none if there is nothing to show.
pub(super) fn lines(screen: &Screen, room: &Room, width: u16, now: LocalTime) -> Vec<Line<'static>> {
    let Some(notice) = &screen.notice else {
        return line(screen, room, width, now).into_iter().collect();
    };
    let busy = screen.theme.style(Role::Busy);
    let free = usize::from(width).saturating_sub(2);
    let mut words = text::wrap(&text::safe(notice), free);
    if words.len() > ROWS {
        let rest = words.split_off(ROWS - 1).join(" ");
        words.push(text::truncate(&rest, free));
    }
    let rows = words.into_iter();
    rows.map(|words| Line::styled(format!(" {words}"), busy))
        .collect()
}

fn line(screen: &Screen, room: &Room, width: u16, now: LocalTime) -> Option<Line<'static>> {
    let busy = screen.theme.style(Role::Busy);
    if let Some(recall) = &screen.recall {
        let words = strings::recalling(&text::safe(&recall.query), recall.is_found);
        return Some(Line::styled(format!(" {words}"), busy));
    }
    if let Some(click) = screen.seek_click.filter(|click| now < click.until) {
        return Some(Line::styled(format!(" {}", strings::click_again(click.to)), busy));
    }
    screen
        .next_keys_at
        .is_some_and(|at| at <= now)
        .then(|| next_keys(screen, room, width))
}

/// Returns the keys of keys mode that do not fit into the hint line.
fn next_keys(screen: &Screen, room: &Room, width: u16) -> Line<'static> {
    let shown = hints::shown(screen, room, width);
    // In the states in which these keys help, they are shown anyway.
    let is_for_problem = |id| matches!(id, ActionId::GoOn | ActionId::Reopen | ActionId::Retry);
    let is_of_keys_mode = |group| !matches!(group, Group::Chat | Group::Edit);
    let is_useful = |action: &&Action| {
        is_of_keys_mode(action.group) && room.permits(action.id) && !is_for_problem(action.id)
    };
    let free = usize::from(width);
    let mut spans: Vec<Span<'static>> = Vec::new();
    for action in ACTIONS.iter().filter(is_useful) {
        let Some(key) = screen.keymap.key(Mode::Keys, action.id) else {
            continue;
        };
        let hint = hint(screen.theme, spans.is_empty(), &key.to_string(), action.label());
        if !shown.contains(&action.id) && cells(&spans) + cells(&hint) <= free {
            spans.extend(hint);
        }
    }
    Line::from(spans)
}
