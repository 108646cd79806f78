//! The invite above the chat while its user is alone: the most important line of the first minute.
//!
//! It spans the whole screen, with nothing next to it, so that selecting it with the mouse selects only the line.

use ratatui::text::Line;

use super::pieces::span;
use crate::model::Room;
use crate::state::Screen;
use crate::strings;
use crate::text;
use crate::theme::Role;

/// The smallest height. On a lower screen the chat needs all rows, and `/invite` shows the line.
const LEAST_ROWS: u16 = 16;

/// The best places to break a long line: after the command, and before parts that belong together.
const BREAKS: [&str; 3] = ["'", "#", "&"];

/// Returns the rows; none if somebody else is present, or if nobody can be invited.
pub(super) fn lines(screen: &Screen, room: &Room, width: u16, height: u16) -> Vec<Line<'static>> {
    let is_alone = room.members.len() == 1 && room.stop.is_none();
    let Some(invite) = room.invite.as_ref().filter(|_| is_alone && height >= LEAST_ROWS) else {
        return Vec::new();
    };
    let width = usize::from(width);
    let lead = if text::width(msg!("invite-banner")) < width {
        msg!("invite-banner")
    } else {
        msg!("invite-lead")
    };
    let line = text::safe(&strings::invite_line(invite.invite.as_str()));
    let mut lines = vec![Line::from(span(
        format!(" {lead}"),
        screen.theme.style(Role::Busy),
    ))];
    let strong = screen.theme.style(Role::Strong);
    lines.extend(
        broken(&line, width)
            .into_iter()
            .map(|row| Line::styled(row, strong)),
    );
    lines
}

/// Returns a line in rows with as many parts in each as fit. A part that fits into one row is never broken.
pub(super) fn broken(line: &str, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = vec![String::new()];
    for part in parts(line) {
        let row = rows.last_mut().expect("there is always one");
        if text::width(row) + text::width(part) <= width {
            row.push_str(part);
            continue;
        }
        if row.is_empty() {
            rows.clear();
        }
        rows.extend(text::wrap(part, width));
    }
    rows
}

/// Returns the parts of a line, each beginning at a place where it may be broken.
fn parts(line: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = BREAKS.iter().filter_map(|mark| line.find(mark)).collect();
    starts.sort_unstable();
    starts.push(line.len());
    let mut from = 0;
    let mut parts = Vec::new();
    for start in starts {
        parts.push(&line[from..start]);
        from = start;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "watchtogether join 'watchtogether://203.0.113.7:7843/movie-night#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2c3d4e5f6g7h2'";

    #[test]
    fn a_line_that_fits_is_not_broken() {
        assert_eq!(broken(LINE, 120), [LINE]);
    }

    #[test]
    fn a_line_is_broken_where_its_parts_begin_and_loses_nothing() {
        let at_80 = [
            "watchtogether join 'watchtogether://203.0.113.7:7843/movie-night",
            "#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2c3d4e5f6g7h2'",
        ];
        assert_eq!(broken(LINE, 80), at_80);

        for width in [20, 33, 50, 80, 119] {
            let rows = broken(LINE, width);
            assert!(rows.iter().all(|row| text::width(row) <= width), "{rows:?}");
            assert_eq!(rows.concat().replace(' ', ""), LINE.replace(' ', ""), "{width}");
        }
    }
}
