//! How well the local player followed in the last minute: a graph of its drift, and its measurements.
//!
//! The measurements are the session's; the graph has the largest drift of each second. It stands still for two seconds and then
//! moves by a cell, because moving it sends a few hundred bytes to the terminal.

use std::collections::{BTreeMap, VecDeque};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use watchtogether_protocol::LocalTime;

use super::panel::heading;
use super::pieces::put;
use super::widths::SIDE_WIDE;
use crate::action::ActionId;
use crate::glyphs::Glyphs;
use crate::model::Room;
use crate::model::local_player::GRAPH_SPAN;
use crate::state::Screen;
use crate::state::panels::Focus;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The rows of the panel: heading, graph, percentiles, counts.
pub(super) const HEIGHT: u16 = ROWS + 3;
/// The rows of the graph: two above the room, the room, two below it.
const ROWS: u16 = 5;
/// The width of the axis: ` +40 ┤`.
const AXIS: u16 = 6;
/// The possible half heights of the graph, in milliseconds, from the finest on.
const SCALES: [i32; 8] = [5, 10, 20, 50, 100, 200, 500, 1_000];
/// The dots of a braille cell from top to bottom.
const DOTS: u16 = 4;
/// The minimum number of seconds of a column: a braille cell is two dots wide.
const COLUMN_SECONDS: u64 = 2;

/// Draws the panel.
pub(super) fn draw(buf: &mut Buffer, area: Rect, screen: &Screen, room: &Room, now: LocalTime) {
    let dim = screen.theme.style(Role::Dim);
    let is_wide = area.width + 1 >= SIDE_WIDE;
    let row = |number: u16| Rect {
        y: area.y + number,
        height: 1,
        ..area
    };
    let scale = scale_of(&room.local_player.drifts);
    let key = screen.keymap.way(screen.mode, ActionId::SyncDetails);
    let (title, more) = if is_wide {
        (msg!("sync-graph"), msg!("sync-more", key = key))
    } else {
        (msg!("sync-graph-short"), key)
    };
    let detail = strings::graph_scale(scale);
    heading(buf, row(0), screen, Focus::Sync, (title, detail), &more);
    for number in 0..ROWS {
        let mark = if number == ROWS / 2 { '┼' } else { '┤' };
        let label = match number {
            0 => format!("+{scale}"),
            number if number == ROWS / 2 => "0".to_owned(),
            number if number == ROWS - 1 => format!("-{scale}"),
            _ => String::new(),
        };
        let label = text::fit_right(&label, usize::from(AXIS) - 2);
        put(
            buf,
            row(1 + number),
            &Line::styled(format!("{label} {mark}"), dim),
        );
    }
    let graph = Rect {
        x: area.x + AXIS,
        y: area.y + 1,
        width: area.width.saturating_sub(AXIS + 1),
        height: ROWS,
    };
    let style = screen.theme.style(Role::Good);
    plot(
        buf,
        graph,
        screen.glyphs,
        &room.local_player.drifts,
        scale,
        style,
        now,
    );
    let minute = &room.local_player.minute;
    if let (Some(p50), Some(p95), Some(worst)) = (minute.p50, minute.p95, minute.worst) {
        let words = if is_wide {
            strings::minute(p50, p95, worst)
        } else {
            strings::minute_short(p50, p95, worst)
        };
        put(buf, row(ROWS + 1), &Line::raw(format!(" {words}")));
    }
    let happened = if is_wide {
        strings::happened
    } else {
        strings::happened_short
    };
    let words = happened(minute.corrections, minute.seeks, minute.stalls);
    put(buf, row(ROWS + 2), &Line::styled(format!(" {words}"), dim));
}

/// Returns the finest scale that fits the largest drift.
fn scale_of(drifts: &VecDeque<(LocalTime, i32)>) -> i32 {
    let worst = drifts
        .iter()
        .map(|(_, drift)| drift.unsigned_abs().div_ceil(1_000))
        .max()
        .unwrap_or_default();
    SCALES
        .into_iter()
        .find(|scale| scale.unsigned_abs() >= worst)
        .unwrap_or(SCALES[SCALES.len() - 1])
}

fn plot(
    buf: &mut Buffer,
    area: Rect,
    glyphs: Glyphs,
    drifts: &VecDeque<(LocalTime, i32)>,
    scale: i32,
    style: Style,
    now: LocalTime,
) {
    let steps = match glyphs {
        Glyphs::Unicode => ROWS * DOTS,
        Glyphs::Ascii => ROWS * LEVELS,
    };
    for ((column, half), drift) in columns_of(drifts, area.width, now) {
        let step = step_of(drift, scale, steps);
        let per_row = steps / ROWS;
        let (row, place) = (step / per_row, step % per_row);
        let cell = &mut buf[(area.x + column, area.y + row)];
        match glyphs {
            Glyphs::Unicode => {
                let known = cell.symbol().chars().next().filter(|c| is_braille(*c));
                let dots = u32::from(known.unwrap_or(BLANK)) | dot(half, place);
                cell.set_char(char::from_u32(dots).unwrap_or(BLANK));
            }
            Glyphs::Ascii => {
                cell.set_char(ASCII[usize::from(place)]);
            }
        }
        cell.set_style(style);
    }
}

/// A braille cell without dots.
const BLANK: char = '\u{2800}';

/// The number of levels in a cell without braille.
const LEVELS: u16 = 3;

/// The glyphs for high, middle and low.
const ASCII: [char; LEVELS as usize] = ['\'', '-', '.'];

fn is_braille(c: char) -> bool {
    ('\u{2800}'..='\u{28ff}').contains(&c)
}

/// Returns the bit of a dot in the left or the right half, counted from the top.
fn dot(half: u16, row: u16) -> u32 {
    const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

    BITS[usize::from(half % 2)][usize::from(row % DOTS)]
}

/// Returns the largest drift of each half of each column, the newest at the right. Columns are spans of absolute time, so that
/// the graph stands still while one of them lasts.
fn columns_of(
    drifts: &VecDeque<(LocalTime, i32)>,
    columns: u16,
    now: LocalTime,
) -> BTreeMap<(u16, u16), i32> {
    const SECOND: u64 = 1_000_000_000;

    let span = (GRAPH_SPAN.as_secs() / u64::from(columns.max(1))).max(COLUMN_SECONDS) * SECOND;
    let number = |at: LocalTime| at.as_nanos() / span;
    let mut worst = BTreeMap::new();
    for (at, drift) in drifts {
        let back = number(now).saturating_sub(number(*at));
        let Some(column) = u16::try_from(back)
            .ok()
            .and_then(|back| columns.checked_sub(back + 1))
        else {
            continue;
        };
        let half = u16::from(at.as_nanos() % span >= span / 2);
        let known = worst.entry((column, half)).or_insert(*drift);
        if drift.unsigned_abs() > known.unsigned_abs() {
            *known = *drift;
        }
    }
    worst
}

/// Returns the step of a drift, counted from the top; values beyond the scale are put at its edge.
fn step_of(drift_us: i32, scale_ms: i32, steps: u16) -> u16 {
    let last = f64::from(steps - 1);
    let share = f64::from(drift_us) / (f64::from(scale_ms) * 1_000.0);
    let step = (last / 2.0 * (1.0 - share)).round().clamp(0.0, last);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the steps"
    )]
    let step = step as u16;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: u16 = ROWS * DOTS;

    #[test]
    fn a_player_in_sync_is_drawn_in_the_rooms_row_whichever_way_it_is_off() {
        for drift in [0, 400, -400] {
            assert_eq!(step_of(drift, 5, STEPS) / DOTS, ROWS / 2, "{drift}");
        }
    }

    #[test]
    fn drift_ahead_is_drawn_above_and_drift_behind_below() {
        assert_eq!(step_of(5_000, 5, STEPS), 0);
        assert_eq!(step_of(-5_000, 5, STEPS), STEPS - 1);
        assert_eq!(step_of(2_500, 5, STEPS) / DOTS, 1);
    }

    #[test]
    fn drifts_beyond_the_scale_are_drawn_at_its_edge() {
        assert_eq!(step_of(i32::MAX, 1_000, STEPS), 0);
        assert_eq!(step_of(i32::MIN, 1_000, STEPS), STEPS - 1);
    }

    #[test]
    fn the_scale_is_the_finest_that_has_room() {
        let drifts = |worst| {
            VecDeque::from([
                (LocalTime::from_millis(1), 300),
                (LocalTime::from_millis(2), worst),
            ])
        };

        assert_eq!(scale_of(&VecDeque::new()), 5);
        assert_eq!(scale_of(&drifts(-4_999)), 5);
        assert_eq!(scale_of(&drifts(5_001)), 10);
        assert_eq!(scale_of(&drifts(i32::MIN)), 1_000);
    }

    #[test]
    fn a_column_has_two_halves_and_the_newest_is_at_the_right() {
        let at = LocalTime::from_millis;
        let drifts = VecDeque::from([
            (at(60_000), 1),
            (at(118_000), 2),
            (at(119_000), -9),
            (at(119_900), 3),
        ]);

        let columns = columns_of(&drifts, 30, at(119_999));

        assert_eq!(
            columns,
            BTreeMap::from([((0, 0), 1), ((29, 0), 2), ((29, 1), -9)])
        );
        assert_eq!(
            columns_of(&drifts, 30, at(120_000)),
            BTreeMap::from([((28, 0), 2), ((28, 1), -9)])
        );
    }

    #[test]
    fn dots_add_up_to_one_glyph() {
        let all: u32 = (0..2)
            .flat_map(|half| (0..DOTS).map(move |row| dot(half, row)))
            .sum();

        assert_eq!(all, 0xff);
    }
}
