//! The overlays.

use super::palette::Palette;
use super::panels::MemberMenu;
use super::question::Question;

/// A card over the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// All actions, or those that match a search text.
    Help {
        /// The search text.
        word: Option<String>,
        /// The number of rows by which it is scrolled.
        scroll: usize,
    },
    /// The list of people.
    People {
        /// The number of rows by which it is scrolled.
        scroll: usize,
    },
    /// The details of everybody's synchronisation.
    SyncDetails {
        /// The number of rows by which it is scrolled.
        scroll: usize,
    },
    /// The user's player.
    Player {
        /// The number of rows by which it is scrolled.
        scroll: usize,
    },
    /// The menu of a member.
    Member(MemberMenu),
    /// The invite.
    Invite(InviteView),
    /// A question before an action.
    Ask(Question),
    /// Every action, for choosing one.
    Palette(Palette),
}

impl Overlay {
    /// Returns how far the overlay is scrolled, if it can be scrolled.
    pub(crate) const fn scroll_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help { scroll, .. }
            | Self::People { scroll }
            | Self::SyncDetails { scroll }
            | Self::Player { scroll } => Some(scroll),
            Self::Invite(view) if !view.shows_code => Some(&mut view.scroll),
            Self::Member(_) | Self::Invite(_) | Self::Ask(_) | Self::Palette(_) => None,
        }
    }

    /// Returns whether a letter is a command here, rather than the beginning of a message.
    pub(crate) const fn uses_letter(&self, c: char) -> bool {
        match self {
            Self::Help { .. } | Self::Palette(_) => true,
            Self::People { .. } | Self::SyncDetails { .. } | Self::Player { .. } => c == ' ',
            Self::Member(_) => c.is_ascii_digit(),
            Self::Invite(_) => matches!(c, 'c' | 'l' | 'q' | ' '),
            Self::Ask(_) => false,
        }
    }
}

/// The state of the card that shows the invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InviteView {
    /// Whether the QR code is shown in place of the text.
    pub(crate) shows_code: bool,
    /// The number of rows by which it is scrolled.
    pub(crate) scroll: usize,
}
