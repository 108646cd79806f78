//! The areas of the screen that react to the mouse.

use ratatui::layout::{Position, Rect};

use crate::action::ActionId;

/// A thing that reacts to the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A hint or a panel that performs this action when it is clicked.
    Do(ActionId),
    /// The bar of the progress line.
    Bar,
    /// A row of the palette.
    Row(usize),
    /// The input line.
    Input,
    /// The screen outside an overlay: a click there closes it.
    Beside,
    /// An entry of the chat.
    Message(u64),
    /// Text that can be scrolled.
    Text,
}

/// An area of the picture and its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Its cells.
    pub(crate) area: Rect,
    /// The target.
    pub(crate) target: Target,
}

/// All areas of one picture; later ones are on top.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hits(Vec<Region>);

impl Hits {
    /// Adds an area.
    pub(crate) fn add(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.0.push(Region { area, target });
        }
    }

    /// Returns the area at a cell.
    pub(crate) fn at(&self, column: u16, row: u16) -> Option<Region> {
        let place = Position::new(column, row);
        self.0
            .iter()
            .rev()
            .find(|region| region.area.contains(place))
            .copied()
    }

    /// Returns every area, the lowest first.
    #[cfg(test)]
    pub(crate) fn regions(&self) -> &[Region] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_drawn_last_takes_the_click() {
        let mut hits = Hits::default();
        hits.add(Rect::new(0, 0, 10, 10), Target::Beside);
        hits.add(Rect::new(2, 2, 3, 1), Target::Text);
        hits.add(Rect::ZERO, Target::Input);

        let target = |column, row| hits.at(column, row).map(|region| region.target);
        assert_eq!(target(3, 2), Some(Target::Text));
        assert_eq!(target(5, 2), Some(Target::Beside));
        assert_eq!(target(10, 0), None);
        assert_eq!(hits.regions().len(), 2);
    }
}
