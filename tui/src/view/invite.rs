//! The invite card: the line to send, whether it works as far as known, and the invite as a QR code.

use qrcode::types::Color as Module;
use qrcode::{EcLevel, QrCode};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget as _};

use super::pieces::{put, span};
use super::{card, invite_banner};
use crate::glyphs::Glyphs;
use crate::model::Room;
use crate::state::Screen;
use crate::state::overlay::InviteView;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The light border around a code, in modules: half of what the standard requires, but all present readers accept it.
const QUIET: usize = 2;

/// Returns the card with the line to send.
pub(super) fn card(screen: &Screen, room: &Room, width: usize, view: InviteView) -> card::Card {
    card::Card {
        title: msg!("invite-title", room = room.shown_name()),
        lines: lines(screen, room, width),
        foot: foot(screen, msg!("show-code")),
        scroll: view.scroll,
    }
}

/// Draws the invite as a code on the whole screen, or reports how much space is missing.
pub(super) fn draw_code(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room) -> card::DrawnCard {
    let code = room
        .invite
        .as_ref()
        .map(|invite| QrCode::with_error_correction_level(invite.invite.as_str(), EcLevel::L));
    let refusal = match &code {
        None => msg!("no-invite").to_owned(),
        Some(Err(_too_long)) => msg!("code-too-long").to_owned(),
        Some(Ok(_)) if screen.glyphs == Glyphs::Ascii => msg!("code-in-ascii").to_owned(),
        Some(Ok(code)) => {
            let size = size(code);
            // The row of keys is below it.
            if size.width <= area.width && size.height < area.height {
                draw_modules(buf, area, screen, code, size);
                return card::DrawnCard {
                    place: area,
                    scroll: 0,
                };
            }
            strings::code_needs((size.width, size.height + 1), (area.width, area.height))
        }
    };
    let width = card::inner_width(area);
    let card = card::Card {
        title: msg!("invite-title", room = room.shown_name()),
        lines: wrapped(&refusal, width),
        foot: foot(screen, msg!("hide-code")),
        scroll: 0,
    };
    card::draw(buf, area, screen.theme, card)
}

fn lines(screen: &Screen, room: &Room, width: usize) -> Vec<Line<'static>> {
    let Some(invite) = &room.invite else {
        return wrapped(msg!("no-invite"), width);
    };
    let mut lines = wrapped(msg!("invite-lead"), width);
    lines.extend(line_to_send(screen, invite.invite.as_str(), width));
    let mut paragraph = |words: &str| {
        lines.push(Line::default());
        lines.extend(wrapped(words, width));
    };
    if let Some(words) = strings::other_port_of(&invite.reach) {
        paragraph(&words);
    }
    paragraph(msg!("invite-need"));
    if let Some(words) = strings::reachability(&invite.reach) {
        paragraph(&text::safe(&words));
    }
    if let Some(local) = &invite.local {
        paragraph(msg!("invite-local"));
        lines.extend(line_to_send(screen, local.as_str(), width));
    }
    if room.ends_with_user() {
        lines.push(Line::default());
        lines.extend(wrapped(msg!("invite-valid"), width));
    }
    lines
}

/// Returns a line broken between its parts, as above the chat, without an indentation, so that selecting it with the mouse copies
/// the right text.
fn line_to_send(screen: &Screen, invite: &str, width: usize) -> Vec<Line<'static>> {
    let strong = screen.theme.style(Role::Strong);
    invite_banner::broken(&text::safe(&strings::invite_line(invite)), width)
        .into_iter()
        .map(|line| Line::styled(line, strong))
        .collect()
}

/// Returns the keys.
fn foot(screen: &Screen, code: &'static str) -> Line<'static> {
    let strong = screen.theme.style(Role::Strong);
    Line::from(vec![
        span(msg!("copy"), strong),
        Span::raw("  "),
        span(code, strong),
        span(format!("  {}", msg!("close")), screen.theme.style(Role::Dim)),
    ])
}

/// Returns the cells of a code: two modules share one cell, one above the other.
fn size(code: &QrCode) -> Size {
    let wide = code.width() + 2 * QUIET;
    let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    Size::new(cells(wide), cells(wide.div_ceil(2)))
}

fn draw_modules(buf: &mut Buffer, area: Rect, screen: &Screen, code: &QrCode, size: Size) {
    Clear.render(area, buf);
    let place = Rect {
        x: area.x + (area.width - size.width) / 2,
        y: area.y + (area.height - 1 - size.height) / 2,
        width: size.width,
        height: size.height,
    };
    let is_dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < code.width());
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[(x, y)] == Module::Dark)
    };
    // Without colours, the terminal's foreground is assumed to be light, as on most screens.
    let (style, has_colour) = screen.theme.paper();
    for (y, row) in (0..usize::from(size.height)).zip(place.y..) {
        let cells = (0..usize::from(size.width)).map(|x| {
            let (upper, lower) = (is_dark(x, 2 * y), is_dark(x, 2 * y + 1));
            half_block(upper == has_colour, lower == has_colour)
        });
        buf.set_string(place.x, row, cells.collect::<String>(), style);
    }
    let keys = foot(screen, msg!("hide-code"));
    let bottom = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    put(buf, bottom, &keys);
}

const fn half_block(is_upper_inked: bool, is_lower_inked: bool) -> char {
    match (is_upper_inked, is_lower_inked) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

fn wrapped(words: &str, width: usize) -> Vec<Line<'static>> {
    text::wrap(words, width).into_iter().map(Line::raw).collect()
}
