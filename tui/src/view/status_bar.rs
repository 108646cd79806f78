//! The first row: the room, and how things stand in words and a number.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use watchtogether_protocol::LocalTime;
use watchtogether_protocol::message::roster;

use super::{SIDE_COLUMNS, WIDE_COLUMNS, cells, put, span, spread};
use crate::action::ActionId;
use crate::app::App;
use crate::model::Room;
use crate::strings;
use crate::text;
use crate::theme::Role;
use crate::update::{Measured, Offline, Status};

/// How things stand, ready to be shown.
struct Words {
    /// The state with its number.
    first: String,
    /// What goes with it.
    rest: Option<&'static str>,
    /// How it looks.
    role: Role,
    /// What can be done about it.
    way: Option<ActionId>,
}

/// A part of the bar; those of the highest rank give way first.
struct Part {
    spans: Vec<Span<'static>>,
    rank: u8,
    is_right: bool,
}

/// Draws the bar.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room, now: LocalTime) {
    let width = usize::from(area.width);
    let gap = if area.width >= SIDE_COLUMNS { 3 } else { 2 };
    let mut parts = parts(app, room, area.width, now);
    let total = |parts: &[Part]| {
        let gaps = parts.len().saturating_sub(1) * gap;
        parts.iter().map(|part| cells(&part.spans)).sum::<usize>() + gaps + 2
    };
    while total(&parts) > width && parts.len() > 1 {
        let weakest = parts
            .iter()
            .enumerate()
            .max_by_key(|(_, part)| part.rank)
            .map_or(0, |(index, _)| index);
        parts.remove(weakest);
    }
    let (mut left, mut right) = (vec![Span::raw(" ")], Vec::new());
    for part in parts {
        let side = if part.is_right { &mut right } else { &mut left };
        if side.iter().any(|span| span.content != " ") {
            side.push(Span::raw(" ".repeat(gap)));
        }
        side.extend(part.spans);
    }
    if !right.is_empty() {
        right.push(Span::raw(" "));
    }
    put(buf, area, &spread(left, right, area.width));
}

/// Draws how things stand and, where there is room, the position: for screens of a few rows.
pub(super) fn draw_merged(buf: &mut Buffer, area: Rect, app: &App, room: &Room, now: LocalTime) {
    let words = words(room, now);
    let style = app.theme.style(words.role);
    let first = text::truncate(&words.first, area.width.into());
    let position = room
        .transport
        .as_ref()
        .map(|transport| strings::position(transport.position_at(now), false));
    let right: Vec<Span<'static>> = position
        .into_iter()
        .map(|position| span(position, app.theme.style(Role::Dim)))
        .collect();
    put(buf, area, &spread(vec![span(first, style)], right, area.width));
}

/// Returns when a countdown in the bar shows its next number.
pub fn next_count(status: &Status, now: LocalTime) -> Option<LocalTime> {
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
    // A nanosecond later the number is another.
    Some(now + wait + Duration::from_nanos(1))
}

fn parts(app: &App, room: &Room, width: u16, now: LocalTime) -> Vec<Part> {
    let theme = app.theme;
    let dim = theme.style(Role::Dim);
    let words = words(room, now);
    let part = |rank, is_right, spans| Part {
        spans,
        rank,
        is_right,
    };
    let mut parts = vec![
        part(
            4,
            false,
            vec![span(room.name.as_str(), theme.style(Role::Strong))],
        ),
        part(0, false, vec![span(words.first, theme.style(words.role))]),
    ];
    if let Some(rest) = words.rest {
        parts.push(part(1, false, vec![Span::raw(rest)]));
    }
    if let Some(id) = words.way {
        let key = app.keymap.way(app.mode, id);
        let spans = vec![
            span(key, theme.style(Role::Strong)),
            span(format!(" {}", id.action().label), dim),
        ];
        parts.push(part(2, false, spans));
    }
    let (count, watching, ready) = room.here();
    let role = room
        .member(room.you)
        .map_or(roster::Role::Viewer, |you| room.role_of(you));
    if width >= WIDE_COLUMNS {
        if let Some(host) = room.host {
            let host = strings::host_is(&room.name_of(host));
            parts.push(part(8, false, vec![span(host, dim)]));
        }
        let you = strings::you_are(role_word(role));
        parts.push(part(9, false, vec![span(you, dim)]));
    }
    if width >= SIDE_COLUMNS {
        let at = parts.len().min(3);
        let here = part(6, false, vec![Span::raw(strings::here(count, watching, ready))]);
        if words_take_no_more(&parts) {
            parts.insert(at.min(2), here);
        } else {
            parts.push(here);
        }
    } else {
        let here = strings::here_short(count, watching, ready);
        parts.push(part(5, true, vec![Span::raw(here)]));
    }
    if let Some(round_trip) = room.round_trip
        && width >= SIDE_COLUMNS
    {
        parts.push(part(7, true, vec![span(strings::link(round_trip), dim)]));
    }
    if width >= SIDE_COLUMNS {
        let clock = app.clock.hours_and_minutes(app.clock.now(now));
        parts.push(part(3, true, vec![span(clock, dim)]));
    }
    parts
}

/// Returns whether the state stands alone, without more words or a key: the people then come right behind it.
/// Returns how things stand in words, and how they look.
pub(super) fn state(room: &Room, now: LocalTime) -> (String, Role) {
    let Words {
        first, rest, role, ..
    } = words(room, now);
    let words = match rest {
        Some(rest) => format!("{first}{}{rest}", strings::DOT),
        None => first,
    };
    (words, role)
}

fn words_take_no_more(parts: &[Part]) -> bool {
    !parts.iter().any(|part| matches!(part.rank, 1 | 2))
}

fn words(room: &Room, now: LocalTime) -> Words {
    let say = |first: String, role| Words {
        first,
        rest: None,
        role,
        way: None,
    };
    if let Some(stop) = &room.stop {
        let first = format!("{} {}", strings::DISCONNECTED, text::safe(stop.words.as_str()));
        return Words {
            way: Some(if stop.may_retry {
                ActionId::Retry
            } else {
                ActionId::Leave
            }),
            ..say(first, Role::Alarm)
        };
    }
    match &room.status {
        Status::Comparing => say(strings::COMPARING.to_owned(), Role::Busy),
        Status::NoItem => say(strings::NO_ITEM.to_owned(), Role::Plain),
        Status::Loading => say(strings::LOADING.to_owned(), Role::Busy),
        Status::InSync(Measured::Spread(spread)) => say(strings::in_sync(*spread), Role::Good),
        Status::InSync(Measured::NotYet) | Status::Watching => say(strings::PLAYING.to_owned(), Role::Plain),
        Status::CatchingUp { behind, speed } => say(strings::catching_up(*behind, *speed), Role::Busy),
        Status::SlowingDown { ahead, speed } => say(strings::slowing_down(*ahead, *speed), Role::Busy),
        Status::Jumped { by } => say(strings::jumped(*by), Role::Busy),
        Status::OutOfSync { drift } => Words {
            way: Some(ActionId::SyncNow),
            ..say(strings::out_of_sync(*drift), Role::Bad)
        },
        Status::TooSlow => say(strings::TOO_SLOW.to_owned(), Role::Bad),
        Status::Buffering { percent, room_waits } => Words {
            rest: room_waits.then_some(strings::ROOM_WAITS),
            ..say(strings::buffering(*percent), Role::Busy)
        },
        Status::Waiting { who } => {
            let who: Vec<(String, Option<u8>)> = who
                .iter()
                .map(|id| (room.name_of(*id), room.buffering(*id)))
                .collect();
            Words {
                way: room.hosts().then_some(ActionId::GoOn),
                ..say(strings::waiting_for(&who), Role::Busy)
            }
        }
        Status::Seeking { to, there, of } => say(strings::seeking(*to, *there, *of), Role::Busy),
        Status::Starting { at } => say(strings::starting(at.saturating_since(now)), Role::Good),
        Status::Paused { by } => {
            let by = by.map(|by| room.who(Some(by)));
            Words {
                way: room.hosts().then_some(ActionId::PlayPause),
                ..say(strings::paused(by.as_deref()), Role::Plain)
            }
        }
        Status::Ended => say(strings::ENDED.to_owned(), Role::Plain),
        Status::NoPlayer { why } => Words {
            way: Some(ActionId::Reopen),
            ..say(
                strings::with_reason(strings::NO_PLAYER, &text::safe(why.as_str())),
                Role::Bad,
            )
        },
        Status::PlayerFailed { why } => Words {
            way: Some(ActionId::Reopen),
            ..say(
                strings::with_reason(strings::PLAYER_FAILED, &text::safe(why.as_str())),
                Role::Bad,
            )
        },
        Status::LackFile { title } => say(strings::lack_file(&text::safe(title.as_str())), Role::Bad),
        Status::OtherFile { title, longer_by } => say(
            strings::other_file(&text::safe(title.as_str()), *longer_by),
            Role::Bad,
        ),
        Status::Reconnecting { attempt, at, film } => Words {
            rest: Some(match film {
                Offline::PlaysOn => strings::PLAYS_ON,
                Offline::PausedHere => strings::PAUSED_HERE,
            }),
            ..say(
                strings::reconnecting(at.saturating_since(now), *attempt),
                Role::Alarm,
            )
        },
    }
}

/// Returns the word for a role.
pub(super) const fn role_word(role: roster::Role) -> &'static str {
    match role {
        roster::Role::Host => strings::HOST,
        roster::Role::CoHost => strings::CO_HOST,
        roster::Role::Viewer => strings::VIEWER,
    }
}
