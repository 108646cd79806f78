//! The panels beside the chat: which are shown, which has the keys, and what can be done with somebody in them.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::permission::RoomAct;

use crate::geometry::Places;
use crate::model::Room;

/// The layout of the middle of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The chat, and the panels beside it where there is room for them.
    #[default]
    Beside,
    /// The chat alone.
    ChatAlone,
    /// The panels alone.
    PanelsAlone,
}

/// The part of the screen that has the keys of keys mode.
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
    /// Whether the screen was large enough for them when it was last drawn.
    pub(crate) have_room: bool,
    /// Their areas, as they were last drawn.
    pub(crate) places: Places,
    /// The one that has the keys while it is on the screen.
    pub(crate) focus: Focus,
    /// The member who is chosen in the list.
    pub(crate) chosen: Option<MemberId>,
}

/// Something that can be done with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberAct {
    /// Put their name into the input line.
    Mention,
    /// Hand the room over to them.
    GiveRoom,
    /// Remove them.
    Kick,
    /// Remove them and keep them out.
    Ban,
    /// Look at everybody's numbers.
    Numbers,
    /// Look at the user's player.
    OwnPlayer,
    /// Be host again.
    TakeBack,
}

/// The menu of a member, with the chosen act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberMenu {
    /// The member.
    pub(crate) id: MemberId,
    /// The index of the chosen act among [`acts`].
    pub(crate) chosen: usize,
    /// Whether the list of people lies below it.
    pub(crate) is_over_people: bool,
}

impl Panels {
    /// Returns the chosen member: the first where none was chosen, or the chosen one has left.
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
