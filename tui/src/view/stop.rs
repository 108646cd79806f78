//! The views without a room: connecting, and why there is none, with possible actions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::card;
use super::pieces::span;
use crate::action::ActionId;
use crate::keymap::Mode;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::Stop;

/// The width below which keys are closer together, so that the last one is not cut.
const ROOMY: u16 = 24;

/// Draws the wait for the first connection.
pub(super) fn draw_connecting(buf: &mut Buffer, area: Rect, screen: &Screen, to: &str) {
    let lines = wrapped(&strings::connecting(to), area, screen, Role::Plain);
    let card = card::Card {
        title: strings::PROGRAM.to_owned(),
        lines,
        foot: ways(screen, &[ActionId::Leave], area.width),
        scroll: 0,
    };
    card::draw(buf, area, screen.theme, card);
}

/// Draws why there is no room.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, stop: &Stop) {
    let mut lines = wrapped(stop.words.as_str(), area, screen, Role::Bad);
    if let Some(hint) = &stop.hint {
        lines.push(Line::default());
        lines.extend(wrapped(hint.as_str(), area, screen, Role::Plain));
    }
    let ids: &[ActionId] = if stop.may_retry {
        &[ActionId::Retry, ActionId::Leave]
    } else {
        &[ActionId::Leave]
    };
    let card = card::Card {
        title: strings::stop_title(stop.kind).to_owned(),
        lines,
        foot: ways(screen, ids, area.width),
        scroll: 0,
    };
    card::draw(buf, area, screen.theme, card);
}

fn wrapped(words: &str, area: Rect, screen: &Screen, role: Role) -> Vec<Line<'static>> {
    text::wrap(&text::safe(words), card::inner_width(area))
        .into_iter()
        .map(|line| Line::styled(line, screen.theme.style(role)))
        .collect()
}

/// Returns a key as the other cards write it: a letter in brackets, because "a try again" would read like a sentence.
fn bracketed(key: String) -> String {
    if key.chars().count() == 1 {
        format!("[{key}]")
    } else {
        key
    }
}

/// Returns the keys for the possible actions. Letters are commands here, except that no letter leaves.
fn ways(screen: &Screen, ids: &[ActionId], width: u16) -> Line<'static> {
    let gap = if width < ROOMY { " " } else { "  " };
    let mut spans: Vec<Span<'static>> = Vec::new();
    for id in ids {
        let key = if *id == ActionId::Leave {
            screen.chord_to_leave().to_string()
        } else {
            bracketed(screen.keymap.way(Mode::Keys, *id))
        };
        if !spans.is_empty() {
            spans.push(Span::raw(gap));
        }
        spans.push(span(key, screen.theme.style(Role::Strong)));
        spans.push(span(
            format!(" {}", id.action().label()),
            screen.theme.style(Role::Dim),
        ));
    }
    Line::from(spans)
}
