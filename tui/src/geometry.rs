//! Where things stand on the picture: views write it as they draw; clicks, keys and the terminal are answered from it.

mod bar;
mod hits;
mod links;

use ratatui::layout::{Rect, Size};

use crate::action::ActionId;

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

/// What is known of a picture that was drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    /// The shape of the chat.
    pub(crate) chat: Shape,
    /// How far an overlay is scrolled.
    pub(crate) overlay_scroll: usize,
    /// What stands where.
    pub(crate) hits: Hits,
    /// Where links stand.
    pub(crate) links: Vec<Link>,
    /// Where the panels stand.
    pub(crate) panels: Places,
    /// The rows of the invite above the chat, which nothing may cover.
    pub(crate) banner_rows: u16,
    /// Whether there is room for panels.
    pub(crate) has_panels: bool,
    /// The bar of the progress line: which column stands for which time.
    pub(crate) bar: Option<Bar>,
}

impl Drawn {
    /// A click on a panel shows all that it has to say.
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
