//! Where things are on the screen: views record it as they draw, and clicks, keys and terminal links use it.

mod bar;
mod hits;
mod links;

use ratatui::layout::{Rect, Size};

use crate::action::ActionId;

pub(crate) use bar::{Bar, LEAST_BAR};
pub(crate) use hits::{Hits, Region, Target};
pub(crate) use links::{LINK_END, Link};

/// The size of the chat, and the columns of its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The size in cells.
    pub(crate) size: Size,
    /// Whether names have a column.
    pub(crate) has_names: bool,
    /// Whether lines show the position of the film.
    pub(crate) has_positions: bool,
}

/// The areas of the panels that were drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// The list of people.
    pub(crate) people: Option<Rect>,
    /// The graph of the drift.
    pub(crate) sync: Option<Rect>,
    /// The user's player.
    pub(crate) player: Option<Rect>,
}

/// The facts about a picture that the app needs after drawing it.
#[derive(Clone, Debug, Default)]
pub(crate) struct DrawnScreen {
    /// The shape of the chat.
    pub(crate) chat: Shape,
    /// The number of rows by which an overlay is scrolled.
    pub(crate) overlay_scroll: usize,
    /// The areas that react to the mouse.
    pub(crate) hits: Hits,
    /// The links.
    pub(crate) links: Vec<Link>,
    /// The areas of the panels.
    pub(crate) panels: Places,
    /// The rows of the invite above the chat, which nothing may cover.
    pub(crate) banner_rows: u16,
    /// Whether there is space for panels.
    pub(crate) has_panels: bool,
    /// The bar of the progress line: which column stands for which time.
    pub(crate) bar: Option<Bar>,
}

impl DrawnScreen {
    /// Makes a click on a panel show its full contents.
    pub(crate) fn add_panels(&mut self) {
        let Places { people, sync, player } = self.panels;
        for (place, id) in [
            (people, ActionId::People),
            (sync, ActionId::SyncDetails),
            (player, ActionId::Player),
        ] {
            if let Some(place) = place {
                self.hits.add(place, Target::Do(id));
            }
        }
    }
}
