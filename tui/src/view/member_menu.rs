//! The menu of a member: their numbers, and the actions on them.

use ratatui::text::Line;
use watchtogether_protocol::message::roster::Member;

use super::pieces::span;
use super::widths::SIDE_WIDE;
use super::{roster, status_text};
use crate::model::Room;
use crate::state::Screen;
use crate::state::panels::{MemberAct, MemberMenu, acts};
use crate::strings;
use crate::text;
use crate::theme::Role;

/// Returns the rows of the menu.
pub(super) fn lines(screen: &Screen, room: &Room, menu: MemberMenu, width: usize) -> Vec<Line<'static>> {
    let Some(member) = room.member(menu.id) else {
        return vec![Line::raw(msg!("somebody"))];
    };
    let row = u16::try_from(width).unwrap_or(u16::MAX);
    let mut lines = vec![roster::line(screen, room, member, row, false)];
    let dim = screen.theme.style(Role::Dim);
    for line in text::wrap(&facts(screen, room, member), width.saturating_sub(3)) {
        lines.push(Line::styled(format!("   {line}"), dim));
    }
    lines.push(Line::default());
    for (index, act) in acts(room, menu.id).into_iter().enumerate() {
        let words = match act {
            MemberAct::Mention => msg!("mention"),
            MemberAct::GiveRoom => msg!("give-room"),
            MemberAct::Kick => msg!("kick"),
            MemberAct::Ban => msg!("ban"),
            MemberAct::Numbers => msg!("all-numbers"),
            MemberAct::OwnPlayer => msg!("own-player"),
            MemberAct::TakeBack => msg!("take-back"),
        };
        let words = text::fit(&format!(" {} {words}", index + 1), width);
        let role = if index == menu.chosen {
            Role::Marked
        } else {
            Role::Plain
        };
        lines.push(Line::from(span(words, screen.theme.style(role))));
    }
    lines
}

/// Returns everything known about a member, as text.
pub(super) fn facts(screen: &Screen, room: &Room, member: &Member) -> String {
    let mut words = vec![status_text::role_word(room.role_of(member)).to_owned()];
    if member.id == room.you {
        words.insert(0, msg!("you").to_owned());
    }
    let file = roster::file_words(member.report.file);
    if !file.is_empty() {
        words.push(file.clone());
    }
    words.extend(roster::more(room, member, SIDE_WIDE).filter(|more| *more != file));
    if let Some(telemetry) = room.telemetry.get(&member.id) {
        if let Some(p95) = telemetry.drift_p95_us {
            let spread = std::time::Duration::from_micros(p95.into());
            words.push(strings::spread(spread));
        }
        words.push(strings::corrections(telemetry.corrections));
    }
    words.push(strings::since(&screen.clock.hours_and_minutes(member.joined)));
    words.join(strings::DOT)
}
