//! Where things stand on the picture: views write it as they draw; clicks, keys and the terminal are answered from it.

mod bar;
mod hits;
mod links;

use ratatui::layout::{Rect, Size};

pub(crate) use bar::{Bar, LEAST_BAR};
pub(crate) use hits::{Hits, Region, Target};
pub(crate) use links::{LINK_END, Link};

/// The chat's size and what its lines carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Its cells.
    pub(crate) size: Size,
    /// Whether names have a column.
    pub(crate) has_names: bool,
    /// Whether it is shown where the film was.
    pub(crate) has_positions: bool,
}

/// Where the panels stand that were drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// The people.
    pub(crate) people: Option<Rect>,
    /// How the own player follows.
    pub(crate) sync: Option<Rect>,
    /// The own player.
    pub(crate) player: Option<Rect>,
}
