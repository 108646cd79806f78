//! The overlays.

use super::palette::Palette;
use super::panels::MemberMenu;
use super::question::Question;

/// A card over the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// All actions, or those that a word is found in.
    Help {
        /// The word.
        word: Option<String>,
        /// The rows that are scrolled away.
        scroll: usize,
    },
    /// The list of people.
    People {
        /// The rows that are scrolled away.
        scroll: usize,
    },
    /// Everybody's numbers.
    SyncDetails {
        /// The rows that are scrolled away.
        scroll: usize,
    },
    /// The user's player.
    Player {
        /// The rows that are scrolled away.
        scroll: usize,
    },
    /// The menu of a member.
    Member(MemberMenu),
    /// The invite.
    Invite(InviteView),
    /// A question before something is done.
    Ask(Question),
    /// Every action, to choose from.
    Palette(Palette),
}

impl Overlay {
    /// Returns the rows that are scrolled away, of those that can be scrolled.
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

    /// Returns whether a letter does something here, rather than being the beginning of a message.
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
    /// Whether the code is shown in place of the text.
    pub(crate) shows_code: bool,
    /// The rows that are scrolled away.
    pub(crate) scroll: usize,
}
