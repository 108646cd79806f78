//! How the own player followed in the last minute: a graph of its drift, and what it amounts to.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use watchtogether_protocol::LocalTime;

use super::{put, span, spread};
use crate::action::ActionId;
use crate::app::App;
use crate::model::{GRAPH_SPAN, Room};
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The rows of the graph: two above the room, the room, two below it.
const ROWS: u16 = 5;
/// `+40 ┤`
const AXIS: u16 = 6;
/// The half of the graph's height, in milliseconds, from the finest on.
const SCALES: [i32; 6] = [4, 10, 40, 100, 400, 1_000];

/// Draws the graph if there is room for it and anything to show.
pub(super) fn draw(buf: &mut Buffer, area: Rect, app: &App, room: &Room, now: LocalTime) {
    if area.height < ROWS + 3 || area.width < AXIS + 20 || room.own_drift.is_empty() {
        return;
    }
    let dim = app.theme.style(Role::Dim);
    let strong = app.theme.style(Role::Strong);
    let more = app.keymap.way(app.mode, ActionId::SyncDetails);
    let row = |number: u16| Rect {
        y: area.y + number,
        height: 1,
        ..area
    };
    put(
        buf,
        row(0),
        &spread(
            vec![span(format!(" {}", strings::SYNC_GRAPH), strong)],
            vec![span(format!("{more} {} ", strings::SYNC_MORE), dim)],
            area.width,
        ),
    );
    let worst = room
        .own_drift
        .iter()
        .map(|(_, drift)| drift.unsigned_abs().div_ceil(1_000))
        .max()
        .unwrap_or_default();
    let scale = SCALES
        .into_iter()
        .find(|scale| scale.unsigned_abs() >= worst)
        .unwrap_or(SCALES[SCALES.len() - 1]);
    for number in 0..ROWS {
        let level = (2 - i32::from(number)) * scale / 2;
        let sign = if level > 0 { "+" } else { "" };
        let mark = if level == 0 { '┼' } else { '┤' };
        let label = text::fit_right(&format!("{sign}{level}"), usize::from(AXIS) - 2);
        put(
            buf,
            row(1 + number),
            &Line::styled(format!("{label} {mark}"), dim),
        );
    }
    let columns = area.width - AXIS - 1;
    for (x, drift) in columns_of(&room.own_drift, columns, now) {
        let (number, glyph) = point(drift, scale);
        let style = app
            .theme
            .style(if glyph == TOO_FAR { Role::Bad } else { Role::Good });
        let place = Rect {
            x: area.x + AXIS + x,
            width: 1,
            ..row(1 + number)
        };
        put(buf, place, &Line::styled(glyph.to_string(), style));
    }
    let mut sizes: Vec<u64> = room
        .own_drift
        .iter()
        .map(|(_, drift)| drift.unsigned_abs().div_ceil(1_000).into())
        .collect();
    sizes.sort_unstable();
    let percentile = |percent: usize| sizes[(sizes.len() * percent).div_ceil(100).clamp(1, sizes.len()) - 1];
    let words = strings::percentiles(percentile(50), percentile(95), percentile(100));
    put(buf, row(ROWS + 1), &Line::styled(format!(" {words}"), dim));
    let mut last = vec![];
    if let Some(bound) = room.clock_bound {
        last.push(strings::clock_bound(bound));
    }
    if let Some(own) = room.telemetry.get(&room.you) {
        last.push(strings::corrections(own.corrections));
    }
    put(
        buf,
        row(ROWS + 2),
        &Line::styled(format!(" {}", last.join("  ")), dim),
    );
}

/// Returns the worst drift of each column, the newest at the right. Columns are spans of absolute time, so that the
/// graph stands still while one of them lasts: moving it costs a terminal half a kilobyte.
fn columns_of(drifts: &VecDeque<(LocalTime, i32)>, columns: u16, now: LocalTime) -> BTreeMap<u16, i32> {
    let span = (GRAPH_SPAN / u32::from(columns.max(1))).max(Duration::from_secs(1));
    let number = |at: LocalTime| u128::from(at.as_nanos()) / span.as_nanos();
    let mut worst = BTreeMap::new();
    for (at, drift) in drifts {
        let back = number(now).saturating_sub(number(*at));
        let Some(x) = u16::try_from(back)
            .ok()
            .and_then(|back| (columns - 1).checked_sub(back))
        else {
            continue;
        };
        let known = worst.entry(x).or_insert(*drift);
        if drift.unsigned_abs() > known.unsigned_abs() {
            *known = *drift;
        }
    }
    worst
}

/// A drift that the graph has no row for.
const TOO_FAR: char = '!';

/// Returns the row and the glyph of a drift: eight steps in each row's cell.
fn point(drift_us: i32, scale_ms: i32) -> (u16, char) {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

    let per_row = f64::from(scale_ms) * 1_000.0 / 2.0;
    // The room's row has its line at the bottom of the cell; a row up is half the scale.
    let rows = f64::from(drift_us) / per_row;
    let top = f64::from(ROWS / 2) + 1.0;
    if rows >= top || rows < -f64::from(ROWS / 2) {
        return (if rows > 0.0 { 0 } else { ROWS - 1 }, TOO_FAR);
    }
    let from_bottom = rows + f64::from(ROWS / 2);
    let row = whole(from_bottom).min(ROWS - 1);
    let step = whole((from_bottom - f64::from(row)) * 8.0).min(7);
    (ROWS - 1 - row, STEPS[usize::from(step)])
}

fn whole(value: f64) -> u16 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and all of it is within a screen"
    )]
    let whole = value.floor() as u16;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_in_sync_stands_on_the_rooms_row() {
        assert_eq!(point(0, 40), (2, '▁'));
        assert_eq!(point(19_000, 40), (2, '█'));
        assert_eq!(point(20_000, 40), (1, '▁'));
    }

    #[test]
    fn the_worst_of_a_column_is_shown_and_the_newest_stands_at_the_right() {
        let at = LocalTime::from_millis;
        let drifts = VecDeque::from([
            (at(60_000), 1),
            (at(118_000), 2),
            (at(119_000), -9),
            (at(119_900), 3),
        ]);

        let columns = columns_of(&drifts, 30, at(119_999));

        assert_eq!(columns, BTreeMap::from([(0, 1), (29, -9)]));
        assert_eq!(columns_of(&drifts, 30, at(120_000)), BTreeMap::from([(28, -9)]));
    }

    #[test]
    fn what_is_behind_stands_below() {
        assert_eq!(point(-1_000, 40).0, 3);
        assert_eq!(point(-40_000, 40), (4, '▁'));
    }

    #[test]
    fn what_the_graph_has_no_row_for_is_marked() {
        assert_eq!(point(i32::MAX, 1_000), (0, TOO_FAR));
        assert_eq!(point(i32::MIN, 1_000), (4, TOO_FAR));
    }
}
