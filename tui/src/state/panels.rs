//! The panels next to the chat: which are shown, which has the focus, and the actions on members in them.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::permission::RoomAct;

use crate::geometry::Places;
use crate::model::Room;

/// The layout of the middle of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The chat, with the panels next to it if there is space.
    #[default]
    Beside,
    /// Only the chat.
    ChatAlone,
    /// Only the panels.
    PanelsAlone,
}

/// The part of the screen that has the focus in keys mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Focus {
    /// The chat and the film.
    #[default]
    Chat,
    /// The people.
    People,
    /// The graph of the drift.
    Sync,
    /// The user's player.
    Player,
}

/// The state of the panels.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Panels {
    /// The layout.
    pub(crate) layout: Layout,
    /// Whether the screen was large enough for the panels when last drawn.
    pub(crate) have_room: bool,
    /// Their areas, as last drawn.
    pub(crate) places: Places,
    /// The focused panel, while it is on the screen.
    pub(crate) focus: Focus,
    /// The member chosen in the list.
    pub(crate) chosen: Option<MemberId>,
}

/// An action on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberAct {
    /// Put their name into the input line.
    Mention,
    /// Make them host.
    GiveRoom,
    /// Remove the member.
    Kick,
    /// Remove and ban the member.
    Ban,
    /// Show the sync of everybody in numbers.
    Numbers,
    /// Show the user's player.
    OwnPlayer,
    /// Become host again.
    TakeBack,
}

/// The menu of a member, with the chosen action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberMenu {
    /// The member.
    pub(crate) id: MemberId,
    /// The index of the chosen action among [`acts`].
    pub(crate) chosen: usize,
    /// Whether the list of people is shown below it.
    pub(crate) is_over_people: bool,
}

impl Panels {
    /// Returns the chosen member, or the first if none was chosen or the chosen one has left.
    pub(crate) fn chosen(&self, room: &Room) -> Option<MemberId> {
        let known = self.chosen.filter(|id| room.member(*id).is_some());
        known.or_else(|| room.roster().first().map(|member| member.id))
    }

    /// Returns whether a panel is on the screen.
    pub(crate) const fn has(&self, focus: Focus) -> bool {
        match focus {
            Focus::Chat => true,
            Focus::People => self.places.people.is_some(),
            Focus::Sync => self.places.sync.is_some(),
            Focus::Player => self.places.player.is_some(),
        }
    }
}

/// Returns the acts that the menu of a member offers.
pub(crate) fn acts(room: &Room, id: MemberId) -> Vec<MemberAct> {
    if id == room.you {
        let mut acts = vec![MemberAct::OwnPlayer, MemberAct::Numbers];
        acts.extend(room.may(RoomAct::TakeBack).then_some(MemberAct::TakeBack));
        return acts;
    }
    let mut acts = vec![MemberAct::Mention, MemberAct::Numbers];
    if room.may(RoomAct::HandOver) && room.host != Some(id) {
        acts.push(MemberAct::GiveRoom);
    }
    if room.may_remove(id) {
        acts.extend([MemberAct::Kick, MemberAct::Ban]);
    }
    acts
}
