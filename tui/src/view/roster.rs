//! People: a glyph and a name, and how well they follow, in numbers or words.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use watchtogether_protocol::MemberId;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::roster::{Member, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};

use super::panel::marked;
use super::pieces::{chosen_row, put, span, spread};
use super::widths::SIDE_WIDE;
use crate::model::Room;
use crate::state::Screen;
use crate::state::panels::Focus;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The width of a round trip: ` 188 ms`.
const ROUND_TRIP: usize = 7;
/// The width of a round trip if the heading has the unit: `  188`.
const ROUND_TRIP_BARE: usize = 5;
/// The width of a drift: `  +21 ms`.
const DRIFT: usize = 8;
/// The width of a role or a file's state, if there is space.
const STATE: usize = 11;

/// The drift, in microseconds, from which a deviation of the speed counts as a correction.
const SLEWED_US: u32 = 10_000;

/// The deviation of the speed, in millionths, from which it counts as a correction, if it works against the drift.
const SLEW_PPM: u32 = 5_000;

/// The longest displayed duration of a correction. Anything longer is corrected in another way.
const LONGEST_SLEW: Duration = Duration::from_secs(30);

/// The displayed state of a member.
pub(super) struct MemberState {
    /// One narrow glyph.
    pub(super) glyph: &'static str,
    /// A text, if numbers would mean nothing.
    pub(super) words: Option<String>,
    /// The style.
    pub(super) role: Role,
}

/// Returns the number of rows that the heading and everybody need at a width.
pub(super) fn height(room: &Room, width: u16) -> u16 {
    let second = room
        .members
        .iter()
        .filter(|member| more(room, member, width).is_some())
        .count();
    u16::try_from(room.members.len() + second + 1).unwrap_or(u16::MAX)
}

/// Draws the heading and as many people as fit, including the chosen one.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room) {
    if area.is_empty() {
        return;
    }
    let dim = screen.theme.style(Role::Dim);
    let title = strings::people_heading(room.members.len());
    // Without the first heading, the reader would take a round trip for the value of the second.
    let columns = format!("{}{} ", msg!("round-trip"), text::fit_right(msg!("sync"), DRIFT));
    put(
        buf,
        area,
        &spread(
            marked(screen, Focus::People, &title),
            vec![span(columns, dim)],
            area.width,
        ),
    );
    let roster = room.roster();
    let free = usize::from(area.height) - 1;
    let chosen = (screen.focused() == Focus::People)
        .then(|| screen.panels.chosen(room))
        .flatten();
    let (first, shown) = window(&roster, room, area.width, free, chosen);
    let mut y = area.y + 1;
    for member in roster.iter().skip(first).take(shown) {
        let row = Rect { y, height: 1, ..area };
        let mut line = line(screen, room, member, area.width, is_wide(area.width));
        if chosen == Some(member.id) {
            line = chosen_row(line, area.width.into(), screen.theme.style(Role::Marked));
        }
        put(buf, row, &line);
        y += 1;
        if y < area.bottom()
            && let Some(words) = more(room, member, area.width)
        {
            let row = Rect { y, height: 1, ..area };
            put(buf, row, &Line::styled(format!("   {words}"), dim));
            y += 1;
        }
    }
    if roster.len() > shown && y < area.bottom() {
        let more = strings::more_people(roster.len() - shown);
        let way = screen.keymap.way(screen.mode, crate::action::ActionId::People);
        let row = Rect { y, height: 1, ..area };
        put(buf, row, &Line::styled(format!(" {more}  {way}"), dim));
    }
}

/// Returns the headings of the numbers of rows that have no others.
pub(super) fn headings(screen: &Screen, width: u16) -> Line<'static> {
    let words = format!(
        "{}{}",
        text::fit_right(msg!("round-trip"), ROUND_TRIP),
        text::fit_right(msg!("sync"), DRIFT)
    );
    let words = text::fit_right(&words, usize::from(width).saturating_sub(1));
    Line::styled(words, screen.theme.style(Role::Dim))
}

/// Returns the first visible member and the number of visible ones, so that the chosen one is visible.
fn window(
    roster: &[&Member],
    room: &Room,
    width: u16,
    rows: usize,
    chosen: Option<MemberId>,
) -> (usize, usize) {
    let cost = |member: &Member| 1 + usize::from(more(room, member, width).is_some());
    let total: usize = roster.iter().map(|member| cost(member)).sum();
    if total <= rows {
        return (0, roster.len());
    }
    let rows = rows.saturating_sub(1);
    let fit = |first: usize| {
        let mut left = rows;
        roster[first..]
            .iter()
            .take_while(|member| {
                let has_room = left >= cost(member);
                left = left.saturating_sub(cost(member));
                has_room
            })
            .count()
    };
    let wanted = chosen.and_then(|id| roster.iter().position(|member| member.id == id));
    let mut first = 0;
    while wanted.is_some_and(|wanted| first + fit(first) <= wanted && first < wanted) {
        first += 1;
    }
    (first, fit(first))
}

/// Returns a member's row. With headings above it, numbers need no unit, and there is a column for role and file.
pub(super) fn line(
    screen: &Screen,
    room: &Room,
    member: &Member,
    width: u16,
    has_headings: bool,
) -> Line<'static> {
    let state = state(room, member);
    let is_host = room.host == Some(member.id);
    let glyph = if is_host { "★" } else { state.glyph };
    let round_trip = if has_headings { ROUND_TRIP_BARE } else { ROUND_TRIP };
    let numbers = round_trip + DRIFT;
    let extra = if has_headings { STATE + 1 } else { 0 };
    let called = text::safe(member.name.as_str());
    let free = usize::from(width).saturating_sub(1 + 2 + 1);
    let name_cells = free.saturating_sub(extra + numbers);
    // A long name is worth more than its owner's round trip.
    let is_long = extra == 0 && text::width(&called) > name_cells;
    let (name_cells, round_trip) = match (&state.words, is_long) {
        (None, true) => (name_cells + round_trip, 0),
        (None, false) => (name_cells, round_trip),
        // Texts are mostly shorter than the numbers that they replace; the name gets the rest.
        (Some(words), _) => {
            let most = free.saturating_sub(text::width(words) + 1);
            (name_cells.max(text::width(&called).min(most)), round_trip)
        }
    };
    let mut spans = vec![
        Span::raw(" "),
        span(glyph, screen.theme.style(state.role)),
        Span::raw(" "),
        span(
            text::fit(&called, name_cells),
            screen.theme.person(
                room.colour_of(member.id).unwrap_or_default(),
                member.id == room.you,
            ),
        ),
    ];
    let dim = screen.theme.style(Role::Dim);
    if extra > 0 && state.words.is_none() {
        let words = match strings::copy_within(member.report.file, STATE) {
            Some(words) => words,
            None if is_host => msg!("host").to_owned(),
            None => file_words(member.report.file),
        };
        spans.push(span(format!(" {}", text::fit(&words, STATE)), dim));
    }
    if let Some(words) = state.words {
        let words = text::fit_right(&words, free.saturating_sub(name_cells));
        spans.push(span(words, screen.theme.style(state.role)));
    } else {
        let telemetry = room.telemetry.get(&member.id);
        let time = telemetry.map_or_else(String::new, |t| {
            if has_headings {
                strings::whole_millis(t.rtt_us)
            } else {
                strings::millis(t.rtt_us)
            }
        });
        let drift = telemetry.and_then(|t| t.drift_us).map(strings::drift);
        if round_trip > 0 {
            spans.push(span(text::fit_right(&time, round_trip), dim));
        }
        spans.push(span(
            text::fit_right(&drift.unwrap_or_default(), DRIFT),
            screen.theme.style(state.role),
        ));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// Returns the second row of a member: how they are being corrected, if it is wide enough, or how their copy differs, if the
/// first row has no space for that.
pub(super) fn more(room: &Room, member: &Member, width: u16) -> Option<String> {
    if let Some(telemetry) = room
        .telemetry
        .get(&member.id)
        .filter(|t| is_wide(width) && is_slewed(t))
    {
        let drift = u64::from(telemetry.drift_us.unwrap_or_default().unsigned_abs());
        let speed = u64::from(telemetry.speed_ppm.unsigned_abs());
        let left = Duration::from_micros(drift * 1_000_000 / speed.max(1));
        if left <= LONGEST_SLEW {
            return Some(strings::corrected(telemetry.speed_ppm, left));
        }
    }
    let has_room = is_wide(width) && state(room, member).words.is_none();
    strings::copy_short(member.report.file).filter(|_| !has_room)
}

/// Returns whether a member is corrected by speed.
fn is_slewed(telemetry: &Telemetry) -> bool {
    let drift = telemetry.drift_us.unwrap_or_default();
    drift.unsigned_abs() >= SLEWED_US
        && telemetry.speed_ppm.unsigned_abs() >= SLEW_PPM
        && (drift < 0) == (telemetry.speed_ppm > 0)
}

/// Returns whether a member's drift is so large that it is being corrected.
pub(super) fn is_corrected(telemetry: &Telemetry) -> bool {
    is_slewed(telemetry) || (telemetry.drift_us.is_some() && !telemetry.is_in_sync())
}

const fn is_wide(width: u16) -> bool {
    width + 1 >= SIDE_WIDE
}

/// Returns the state of a member. The link takes precedence over the player, the player over the file, and the file over the
/// drift.
pub(super) fn state(room: &Room, member: &Member) -> MemberState {
    let say = |glyph, words: &str, role| MemberState {
        glyph,
        words: Some(words.to_owned()),
        role,
    };
    if room.is_offline() {
        return MemberState {
            glyph: "·",
            words: Some(String::new()),
            role: Role::Dim,
        };
    }
    match room.standing(member) {
        Standing::Talking => say("·", msg!("no-player-here"), Role::Dim),
        Standing::Awaited(reason) => say("~", &strings::not_ready_short(reason), Role::Busy),
        Standing::Left(reason @ NotReady::Player(PlayerState::Closed | PlayerState::Detached)) => {
            say("·", &strings::not_ready_short(reason), Role::Dim)
        }
        Standing::Left(reason @ NotReady::Lost) => say("✗", &strings::not_ready_short(reason), Role::Bad),
        Standing::Left(reason) => say("!", &strings::not_ready_short(reason), Role::Bad),
        Standing::Ready => {
            let is_drifting = room.telemetry.get(&member.id).is_some_and(is_corrected);
            MemberState {
                glyph: if is_drifting { "↻" } else { "✓" },
                words: None,
                role: if is_drifting { Role::Busy } else { Role::Good },
            }
        }
    }
}

/// Returns the text for how a member's copy compares.
pub(super) fn file_words(file: FileMatch) -> String {
    match file {
        FileMatch::Unknown => String::new(),
        FileMatch::Same => msg!("same-file").to_owned(),
        FileMatch::Live => msg!("live").to_owned(),
        FileMatch::Other { .. } | FileMatch::Growing => strings::copy_short(file).unwrap_or_default(),
    }
}
