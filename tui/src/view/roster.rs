//! People: a glyph and a name, and how they follow in numbers or in words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{Link, Member, PlayerState};

use super::{SIDE_WIDE, put, span, spread};
use crate::app::App;
use crate::model::Room;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// ` 188 ms`
const ROUND_TRIP: usize = 7;
/// `  +21 ms`
const DRIFT: usize = 8;
/// A role or a file's state, where there is room.
const STATE: usize = 9;

/// A drift above this, in microseconds, is being corrected: a fifth of the time that an ear forgives.
const DRIFTING_US: u32 = 40_000;

/// How a member does.
pub(super) struct State {
    /// One narrow glyph.
    pub(super) glyph: &'static str,
    /// In words, where numbers would mean nothing.
    pub(super) words: Option<String>,
    /// How it looks.
    pub(super) role: Role,
}

/// Draws the heading and as many people as there is room for; returns the rows that it took.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room) -> u16 {
    if area.is_empty() {
        return 0;
    }
    let dim = app.theme.style(Role::Dim);
    let is_wide = area.width + 1 >= SIDE_WIDE;
    let heading = span(
        format!(" {} {}", strings::PEOPLE, room.members.len()),
        app.theme.style(Role::Strong),
    );
    let columns = format!(
        "{}{} ",
        text::fit_right(strings::ROUND_TRIP, ROUND_TRIP),
        text::fit_right(strings::SYNC, DRIFT)
    );
    put(
        buf,
        area,
        &spread(vec![heading], vec![span(columns, dim)], area.width),
    );
    let roster = room.roster();
    let free = usize::from(area.height) - 1;
    let shown = if roster.len() > free {
        free.saturating_sub(1)
    } else {
        roster.len()
    };
    let mut y = area.y + 1;
    for member in roster.iter().take(shown) {
        let row = Rect { y, height: 1, ..area };
        put(buf, row, &line(app, room, member, area.width, is_wide));
        y += 1;
    }
    if roster.len() > shown && y < area.bottom() {
        let more = strings::more_people(roster.len() - shown);
        let way = app.keymap.way(app.mode, crate::action::ActionId::People);
        let row = Rect { y, height: 1, ..area };
        put(buf, row, &Line::styled(format!(" {more}  {way}"), dim));
        y += 1;
    }
    y - area.y
}

/// Returns a member's row.
pub(super) fn line(app: &App, room: &Room, member: &Member, width: u16, is_wide: bool) -> Line<'static> {
    let state = state(room, member);
    let is_host = room.host == Some(member.id);
    let glyph = if is_host { "★" } else { state.glyph };
    let numbers = ROUND_TRIP + DRIFT;
    let extra = if is_wide { STATE + 1 } else { 0 };
    let name_cells = usize::from(width).saturating_sub(1 + 2 + extra + numbers + 1);
    let name = text::fit(&text::safe(member.name.as_str()), name_cells);
    let mut spans = vec![
        Span::raw(" "),
        span(glyph, app.theme.style(state.role)),
        Span::raw(" "),
        span(
            name,
            app.theme.person(member.avatar.colour, member.id == room.you),
        ),
    ];
    let dim = app.theme.style(Role::Dim);
    if is_wide {
        let words = if is_host {
            strings::HOST
        } else {
            file_words(member.report.file)
        };
        spans.push(span(format!(" {}", text::fit(words, STATE)), dim));
    }
    if let Some(words) = state.words {
        let words = text::fit_right(&words, numbers);
        spans.push(span(words, app.theme.style(state.role)));
    } else {
        let telemetry = room.telemetry.get(&member.id);
        let round_trip = telemetry.map_or_else(String::new, |t| strings::millis(t.rtt_us));
        let drift = telemetry.and_then(|t| t.drift_us).map(strings::drift);
        spans.push(span(text::fit_right(&round_trip, ROUND_TRIP), dim));
        spans.push(span(
            text::fit_right(&drift.unwrap_or_default(), DRIFT),
            app.theme.style(state.role),
        ));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// Returns how a member does: the link before the player before the file before the drift.
pub(super) fn state(room: &Room, member: &Member) -> State {
    let say = |glyph, words: &str, role| State {
        glyph,
        words: Some(words.to_owned()),
        role,
    };
    if member.link == Link::Lost {
        return say("✗", strings::MEMBER_LOST, Role::Bad);
    }
    match (member.report.player, member.report.file) {
        (PlayerState::Failed, _) => say("!", strings::MEMBER_FAILED, Role::Bad),
        (PlayerState::None | PlayerState::Loading, FileMatch::Missing) => {
            say("!", strings::MEMBER_LACKS_FILE, Role::Bad)
        }
        (PlayerState::None, _) => say("·", strings::MEMBER_NO_PLAYER, Role::Dim),
        (PlayerState::Loading, _) => say("~", strings::MEMBER_LOADING, Role::Busy),
        (PlayerState::Buffering { percent }, _) => say("~", &strings::buffering(percent), Role::Busy),
        (PlayerState::Detached, _) => say("·", strings::MEMBER_DETACHED, Role::Dim),
        (PlayerState::TooSlow, _) => say("!", strings::MEMBER_TOO_SLOW, Role::Bad),
        (PlayerState::Following, _) => {
            let drift = room.telemetry.get(&member.id).and_then(|t| t.drift_us);
            let is_drifting = drift.is_some_and(|drift| drift.unsigned_abs() > DRIFTING_US);
            State {
                glyph: if is_drifting { "↻" } else { "✓" },
                words: None,
                role: if is_drifting { Role::Busy } else { Role::Good },
            }
        }
    }
}

/// Returns the words for how a member's copy compares.
pub(super) const fn file_words(file: FileMatch) -> &'static str {
    match file {
        FileMatch::Unknown => "",
        FileMatch::Same => strings::SAME_FILE,
        FileMatch::Other { .. } => strings::OTHER_CUT,
        FileMatch::Missing => strings::NO_FILE,
    }
}
