//! The first row: the room, and the status in words and a number.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster;
use watchtogether_protocol::message::standing::NotReady;

use super::pieces::{cells, put, span, spread};
use super::status_text::{self, StatusText};
use super::widths::{SIDE_COLUMNS, WIDE_COLUMNS};
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::Status;

/// A part of the bar, with its forms from the longest to the shortest; parts with the highest rank are dropped first.
struct BarPart {
    forms: Vec<Vec<Span<'static>>>,
    rank: u8,
    is_right: bool,
}

impl BarPart {
    fn new(rank: u8, spans: Vec<Span<'static>>) -> Self {
        Self {
            forms: vec![spans],
            rank,
            is_right: false,
        }
    }

    fn or(mut self, shorter: Vec<Span<'static>>) -> Self {
        self.forms.push(shorter);
        self
    }

    fn at_right(self) -> Self {
        Self {
            is_right: true,
            ..self
        }
    }

    fn cells(&self) -> usize {
        self.forms.first().map_or(0, |spans| cells(spans))
    }
}

/// The rank of the status text, which is never dropped.
const STATE: u8 = 0;

/// The rank of how to act on the status, which is never dropped.
const WAY: u8 = 1;

/// The rank of the user's role if people have a wide column.
const ROLE_WIDE: u8 = 9;

/// The rank of the user's role otherwise, in which case it is dropped first.
const ROLE: u8 = 11;

/// The share of the bar's width that the room's name may take: one in this many.
const NAME_SHARE: u16 = 3;
/// The width of the room's name if there is less space than that.
const NAME_CELLS: usize = 12;

/// Draws the bar.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room, now: LocalTime) {
    let gap = if area.width >= SIDE_COLUMNS { 3 } else { 2 };
    arrange(buf, area, parts(screen, room, area.width, now), gap, " ");
}

/// Draws the status and, if there is room, the position: for screens of a few rows.
pub(super) fn draw_merged(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room, now: LocalTime) {
    let words = status_text::of(room, now);
    let mut parts = vec![state_part(screen, &words)];
    parts.extend(way_part(screen, &words));
    if let Some(transport) = &room.transport {
        let position = strings::position(transport.position_at(now), false);
        parts.push(BarPart::new(3, vec![span(position, screen.theme.style(Role::Dim))]).at_right());
    }
    arrange(buf, area, parts, 1, "");
}

/// Draws parts from both ends, as many as fit.
fn arrange(buf: &mut Buffer, area: Rect, mut parts: Vec<BarPart>, gap: usize, margin: &'static str) {
    let width = usize::from(area.width).saturating_sub(margin.len());
    let total = |parts: &[BarPart], gap: usize| {
        let gaps = parts.len().saturating_sub(1) * gap;
        let end = usize::from(parts.iter().any(|part| part.is_right));
        parts.iter().map(BarPart::cells).sum::<usize>() + gaps + end
    };
    while total(&parts, gap) > width {
        let weakest = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.rank > WAY || part.forms.len() > 1)
            .max_by_key(|(_, part)| part.rank)
            .map(|(index, _)| index);
        let Some(index) = weakest else { break };
        if parts[index].forms.len() > 1 {
            parts[index].forms.remove(0);
        } else {
            parts.remove(index);
        }
    }
    let gap = if total(&parts, gap) > width { 1 } else { gap };
    let missing = total(&parts, gap).saturating_sub(width);
    if missing > 0
        && let Some(words) = parts
            .iter_mut()
            .find(|part| part.rank == STATE)
            .and_then(|part| part.forms[0].first_mut())
    {
        let left = text::width(&words.content).saturating_sub(missing);
        words.content = text::truncate(&words.content, left).into();
    }
    let (mut left, mut right) = (vec![Span::raw(margin)], Vec::new());
    let (mut has_left, mut has_right) = (false, false);
    for part in parts {
        let (side, has) = if part.is_right {
            (&mut right, &mut has_right)
        } else {
            (&mut left, &mut has_left)
        };
        if std::mem::replace(has, true) {
            side.push(Span::raw(" ".repeat(gap)));
        }
        side.extend(part.forms.into_iter().next().unwrap_or_default());
    }
    if has_right {
        right.push(Span::raw(" "));
    }
    put(buf, area, &spread(left, right, area.width));
}

/// Returns when a countdown in the bar changes next.
pub(crate) fn next_count(status: &Status, now: LocalTime) -> Option<LocalTime> {
    let (Status::Reconnecting { at, .. } | Status::Starting { at }) = status else {
        return None;
    };
    let left = at.saturating_since(now);
    if left.is_zero() {
        return None;
    }
    let part = Duration::from_nanos(left.subsec_nanos().into());
    let wait = if part.is_zero() {
        Duration::from_secs(1)
    } else {
        part
    };
    // The number changes one nanosecond later.
    Some(now + wait + Duration::from_nanos(1))
}

fn parts(screen: &Screen, room: &Room, width: u16, now: LocalTime) -> Vec<BarPart> {
    let theme = screen.theme;
    let dim = theme.style(Role::Dim);
    let words = status_text::of(room, now);
    let mut parts = vec![name_part(screen, room, width), state_part(screen, &words)];
    let way = way_part(screen, &words);
    // If the status reports a problem, the number of people present is less important.
    let rank = match words.role {
        Role::Plain | Role::Good => 6,
        Role::Dim | Role::Strong | Role::Busy | Role::Bad | Role::Alarm | Role::Marked => 10,
    };
    parts.extend(
        words
            .rest
            .clone()
            .map(|rest| BarPart::new(2, vec![Span::raw(rest)])),
    );
    parts.extend(way);
    if room.is_unsaved {
        parts.push(BarPart::new(
            3,
            vec![span(msg!("unsaved"), theme.style(Role::Busy))],
        ));
    }
    if room.is_offline() {
        // Without a connection, it is not known who is present and ready.
    } else if width >= SIDE_COLUMNS {
        parts.push(here(room, rank));
    } else {
        let (count, ready, of) = room.here();
        let here = strings::here_short(count, ready, of);
        parts.push(BarPart::new(5, vec![Span::raw(here)]).at_right());
    }
    if width >= WIDE_COLUMNS
        && let Some(host) = room.host
    {
        let host = strings::host_is(&room.name_of(host));
        parts.push(BarPart::new(8, vec![span(host, dim)]));
    }
    let role = room
        .member(room.you)
        .map_or(roster::Role::Viewer, |you| room.role_of(you));
    let you = strings::you_are(role);
    let rank = if width >= WIDE_COLUMNS { ROLE_WIDE } else { ROLE };
    parts.push(BarPart::new(rank, vec![span(you, dim)]));
    if let Some(round_trip) = room.round_trip
        && width >= SIDE_COLUMNS
        && !room.is_offline()
    {
        let short = BarPart::new(7, vec![span(strings::link(round_trip), dim)]);
        let link = if width >= WIDE_COLUMNS {
            BarPart::new(7, vec![span(strings::link_quality(round_trip), dim)]).or(short.forms.concat())
        } else {
            short
        };
        parts.push(link.at_right());
    }
    if width >= SIDE_COLUMNS {
        let clock = screen.clock.hours_and_minutes(screen.clock.now(now));
        parts.push(BarPart::new(3, vec![span(clock, dim)]).at_right());
    }
    parts
}

fn state_part(screen: &Screen, words: &StatusText) -> BarPart {
    BarPart::new(
        STATE,
        vec![span(words.first.clone(), screen.theme.style(words.role))],
    )
}

/// Returns how to act on the status: the key with a label, or only the key.
fn way_part(screen: &Screen, words: &StatusText) -> Option<BarPart> {
    let id = words.way?;
    let key = span(
        screen.keymap.way(screen.mode, id),
        screen.theme.style(Role::Strong),
    );
    let label = span(format!(" {}", id.action().label()), screen.theme.style(Role::Dim));
    Some(BarPart::new(WAY, vec![key.clone(), label]).or(vec![key]))
}

/// Returns how many members are present and ready, and which of the others stand out and why.
fn name_part(screen: &Screen, room: &Room, width: u16) -> BarPart {
    let name = room.shown_name();
    let within = |cells: usize| {
        vec![span(
            text::truncate(name, cells),
            screen.theme.style(Role::Strong),
        )]
    };
    let most = usize::from(width / NAME_SHARE).max(NAME_CELLS);
    BarPart::new(4, within(most)).or(within(NAME_CELLS))
}

fn here(room: &Room, rank: u8) -> BarPart {
    let (count, ready, of) = room.here();
    let plain = |words: String| vec![Span::raw(words)];
    let here = strings::here(count, ready, of);
    // With fewer cells, the first reason is better than none.
    let reasons = if count < 2 { Vec::new() } else { reasons(room) };
    let with_reasons = (1..=reasons.len()).rev().map(|kept| {
        let words = reasons[..kept].join(strings::DOT);
        let is_cut = kept < reasons.len();
        plain(strings::here_but(&here, &words) + if is_cut { strings::MORE } else { "" })
    });
    let short = strings::here_short(count, ready, of);
    let mut forms = with_reasons.chain([
        plain(here.clone()),
        plain(short),
        plain(strings::here_count(count)),
    ]);
    let first = forms.next().unwrap_or_default();
    forms.fold(BarPart::new(rank, first), BarPart::or)
}

/// Returns why others are not ready, grouped by reason with their names. If all are ready, returns whose copy differs. The user's
/// own player is reported first in the bar.
fn reasons(room: &Room) -> Vec<String> {
    let others = || room.members.iter().filter(|member| member.id != room.you);
    let is_waited_for = |member: &roster::Member| {
        matches!(room.status, Status::Waiting { .. }) && room.waiting_for.names(member.id)
    };
    let mut groups: Vec<(NotReady, Vec<&roster::Member>)> = Vec::new();
    for member in others() {
        let Some(reason) = room.standing(member).why_not() else {
            continue;
        };
        // The status reports it, with their names.
        if reason == NotReady::Underway || is_waited_for(member) {
            continue;
        }
        match groups
            .iter_mut()
            .find(|(known, _)| !known.is_another_than(reason))
        {
            Some((_, members)) => members.push(member),
            None => groups.push((reason, vec![member])),
        }
    }
    if !groups.is_empty() {
        return groups
            .into_iter()
            .map(|(reason, members)| match members.as_slice() {
                [one] => strings::not_ready(&short_name(one), reason),
                several => strings::not_ready_together(&short_names(several), reason),
            })
            .collect();
    }
    let other_copies: Vec<&roster::Member> = others()
        .filter(|member| matches!(member.report.file, FileMatch::Other { .. }))
        .collect();
    match other_copies.as_slice() {
        [] => Vec::new(),
        [one] => strings::copy_short(one.report.file)
            .map(|words| format!("{}{}{words}", short_name(one), strings::ADDRESSED))
            .into_iter()
            .collect(),
        several => vec![strings::have_other_copies(several.len())],
    }
}

fn short_name(member: &roster::Member) -> String {
    /// The maximum cells of a name.
    const NAME: usize = 12;

    text::truncate(&text::safe(member.name.as_str()), NAME)
}

/// Returns the first names and the number of further ones: `bo, chi and 3 more`.
fn short_names(members: &[&roster::Member]) -> String {
    /// The number of names that are spelled out if there is more than one other.
    const NAMES: usize = 2;

    let spelled = if members.len() > NAMES + 1 {
        NAMES
    } else {
        members.len()
    };
    let mut names: Vec<String> = members[..spelled].iter().copied().map(short_name).collect();
    if spelled < members.len() {
        names.push(strings::others_more(members.len() - spelled));
    }
    strings::list(&names)
}
