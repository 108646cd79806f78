//! Decides who may do what in a room. The room asks this module before it acts; so does everything that offers an action or
//! answers before the room does.

use crate::id::MemberId;
use crate::message::room::{Refusal, Request};
use crate::message::roster::{Member, Role};
use crate::message::undo::Change;

/// An action of a member in a room that needs permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomAct {
    /// Send a chat message.
    Talk,
    /// Play, pause, seek or change the speed.
    Move,
    /// Start without the members that the room waits for.
    GoOn,
    /// Set the room's item.
    SetItem,
    /// Correct the length of the current item. The client does this by itself.
    SetLength,
    /// Change a setting of the room.
    Set,
    /// Undo the last change to the room.
    Undo,
    /// Remove a member, with or without a ban.
    Remove,
    /// Lift a ban.
    Unban,
    /// Make another member the host.
    HandOver,
    /// Become host again in a room that the member opened.
    TakeBack,
    /// See the list of bans.
    SeeBans,
    /// See the invite.
    SeeInvite,
}

impl RoomAct {
    /// All acts.
    pub const ALL: [Self; 13] = [
        Self::Talk,
        Self::Move,
        Self::GoOn,
        Self::SetItem,
        Self::SetLength,
        Self::Set,
        Self::Undo,
        Self::Remove,
        Self::Unban,
        Self::HandOver,
        Self::TakeBack,
        Self::SeeBans,
        Self::SeeInvite,
    ];

    /// Returns the act that causes this change to the room.
    pub const fn of_change(change: &Change) -> Self {
        match change {
            Change::Place { .. } | Change::Play { .. } | Change::Pause { .. } | Change::Rate { .. } => {
                Self::Move
            }
            Change::Item => Self::SetItem,
            Change::Host { .. } => Self::HandOver,
            Change::Setting(_) => Self::Set,
        }
    }

    /// Returns the request that a refusal names, or `None` if it is not a request of a user, so that nobody gets an answer.
    pub const fn request(self) -> Option<Request> {
        match self {
            Self::Talk => Some(Request::Chat),
            Self::Move | Self::GoOn => Some(Request::VideoSync),
            Self::SetItem => Some(Request::SetVideo),
            Self::Set => Some(Request::SetRoom),
            Self::Undo => Some(Request::Undo),
            Self::Remove => Some(Request::Remove),
            Self::Unban => Some(Request::Unban),
            Self::HandOver | Self::TakeBack => Some(Request::TransferHost),
            Self::SetLength | Self::SeeBans | Self::SeeInvite => None,
        }
    }
}

/// The properties of a member that their permissions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The member's role.
    pub role: Role,
    /// Whether the member opened the room.
    pub is_owner: bool,
}

impl Asker {
    /// Returns an asker with this role who did not open the room, or of whom that is not known.
    pub const fn of_role(role: Role) -> Self {
        let is_owner = false;
        Self { role, is_owner }
    }

    /// Returns the asker for one of a room's members; anyone else counts as a viewer.
    pub fn among<'a>(
        members: impl IntoIterator<Item = &'a Member>,
        id: MemberId,
        host: Option<MemberId>,
        is_owner: bool,
    ) -> Self {
        let member = members.into_iter().find(|member| member.id == id);
        let role = member.map_or(Role::Viewer, |member| member.role_under(host));
        Self { role, is_owner }
    }

    /// Returns whether the member may do this; otherwise, why not.
    pub const fn may(self, act: RoomAct) -> Result<(), Refusal> {
        let is_allowed = match act {
            RoomAct::Talk => true,
            RoomAct::Move
            | RoomAct::GoOn
            | RoomAct::SetItem
            | RoomAct::SetLength
            | RoomAct::Set
            | RoomAct::Undo
            | RoomAct::Remove
            | RoomAct::Unban
            | RoomAct::HandOver
            | RoomAct::SeeBans
            | RoomAct::SeeInvite => matches!(self.role, Role::Host | Role::CoHost),
            RoomAct::TakeBack => self.is_owner && !matches!(self.role, Role::Host),
        };
        if is_allowed { Ok(()) } else { Err(Refusal::NotHost) }
    }

    /// Returns whether another member may remove this one; otherwise, why not.
    pub const fn may_be_removed(self) -> Result<(), Refusal> {
        if self.is_owner || matches!(self.role, Role::Host) {
            Err(Refusal::NotRemovable)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 3] = [Role::Viewer, Role::CoHost, Role::Host];

    fn allowed(asker: Asker) -> Vec<RoomAct> {
        let acts = RoomAct::ALL.into_iter();
        acts.filter(|act| asker.may(*act).is_ok()).collect()
    }

    #[test]
    fn a_viewer_may_only_talk() {
        assert_eq!(allowed(Asker::of_role(Role::Viewer)), [RoomAct::Talk]);
    }

    #[test]
    fn host_and_co_host_may_do_all_but_take_back_a_room_that_others_opened() {
        for role in [Role::CoHost, Role::Host] {
            let expected: Vec<RoomAct> = RoomAct::ALL
                .into_iter()
                .filter(|act| *act != RoomAct::TakeBack)
                .collect();

            assert_eq!(allowed(Asker::of_role(role)), expected, "{role:?}");
        }
    }

    #[test]
    fn the_owner_may_become_host_again_and_gains_nothing_else() {
        for role in ROLES {
            let (other, owner) = (Asker::of_role(role), Asker { role, is_owner: true });
            let gained: Vec<RoomAct> = RoomAct::ALL
                .into_iter()
                .filter(|act| owner.may(*act) != other.may(*act))
                .collect();

            let expected: &[RoomAct] = match role {
                Role::Host => &[],
                Role::Viewer | Role::CoHost => &[RoomAct::TakeBack],
            };
            assert_eq!(gained, expected, "{role:?}");
        }
    }

    #[test]
    fn every_role_refusal_is_not_host() {
        for role in ROLES {
            for act in RoomAct::ALL {
                let answer = Asker::of_role(role).may(act);
                assert!(matches!(answer, Ok(()) | Err(Refusal::NotHost)), "{act:?}");
            }
        }
    }

    #[test]
    fn nobody_removes_the_host_or_the_owner() {
        for role in ROLES {
            let may = Asker::of_role(role).may_be_removed();
            assert_eq!(may.is_ok(), role != Role::Host, "{role:?}");
            assert_eq!(
                Asker { role, is_owner: true }.may_be_removed(),
                Err(Refusal::NotRemovable),
                "{role:?}"
            );
        }
    }

    #[test]
    fn every_act_is_listed_once() {
        for (index, act) in RoomAct::ALL.iter().enumerate() {
            assert!(!RoomAct::ALL[..index].contains(act), "{act:?}");
        }
    }
}
