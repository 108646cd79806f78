//! The links on the screen, and the sequences that tell a terminal their targets (OSC 8).

use std::ops::Range;

use ratatui::layout::Rect;

/// A link, or its part in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its cells.
    pub(crate) area: Rect,
    /// The visible text.
    pub(crate) piece: String,
    /// The address: the text of all its rows together.
    pub(crate) url: String,
}

impl Link {
    /// Returns a link in some cells of a row, counted from its left end.
    pub(crate) fn new(row: Rect, cells: Range<usize>, piece: String, url: String) -> Self {
        let start = u16::try_from(cells.start).unwrap_or(u16::MAX);
        let width = u16::try_from(cells.len()).unwrap_or(u16::MAX);
        let area = Rect {
            x: row.x.saturating_add(start),
            width,
            ..row
        };
        Self {
            area: area.intersection(row),
            piece,
            url,
        }
    }

    /// Returns the sequence that makes a terminal treat the following cells as this link. Rows of the same link have the same
    /// number, so that a terminal shows them as one.
    pub(crate) fn begin(&self, number: usize) -> String {
        let bytes = self.url.bytes().map(|byte| {
            if byte.is_ascii_graphic() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        });
        format!("\x1b]8;id=wt{number};{}\x1b\\", bytes.collect::<String>())
    }
}

/// The sequence that ends a link.
pub(crate) const LINK_END: &str = "\x1b]8;;\x1b\\";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_shows_its_target_and_cannot_be_broken_out_of() {
        let link = |url: &str| {
            let row = Rect::new(0, 0, 80, 1);
            Link::new(row, 3..9, "piece".to_owned(), url.to_owned()).begin(7)
        };

        assert_eq!(
            link("https://a.example/x?y"),
            "\x1b]8;id=wt7;https://a.example/x?y\x1b\\"
        );
        assert_eq!(
            link("https://a.example/猫\x1b\\"),
            "\x1b]8;id=wt7;https://a.example/%E7%8C%AB%1B\\\x1b\\"
        );
    }

    #[test]
    fn parts_that_do_not_fit_a_row_are_left_out() {
        let row = Rect::new(10, 5, 20, 1);

        let link = Link::new(row, 15..40, String::new(), String::new());

        assert_eq!(link.area, Rect::new(25, 5, 5, 1));
    }
}
