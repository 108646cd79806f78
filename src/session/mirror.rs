//! The room as the session knows it: the server's snapshot, kept up to date by its messages.

use std::collections::{BTreeMap, VecDeque};

use watchtogether_protocol::message::chat::{ChatLine, Saved};
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::playback::{VideoChanged, VideoStateChanged};
use watchtogether_protocol::message::room::{Entered, StallPolicy};
use watchtogether_protocol::message::roster::{Member, Role};
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::{
    ChatId, InviteToken, Item, ItemId, MemberId, MemberName, Playback, Revision, RoomName, Timeline, Token,
    limits,
};

/// A room and the own seat in it.
#[derive(Clone, Debug)]
pub(super) struct Mirror {
    pub(super) you: MemberId,
    pub(super) token: Token,
    pub(super) invite: Option<InviteToken>,
    pub(super) name: RoomName,
    pub(super) host: Option<MemberId>,
    pub(super) members: Vec<Member>,
    pub(super) item: Option<(ItemId, Item)>,
    pub(super) timeline: Timeline,
    pub(super) waiting_for: Vec<MemberId>,
    pub(super) on_stall: StallPolicy,
    /// What was changed last, and can be undone for a while.
    pub(super) undoable: Option<Undoable>,
    /// The last chat line that arrived, by its place.
    pub(super) last_chat: u64,
    /// The lines that arrived last: one that a life of the room lost comes again at another place.
    seen: VecDeque<ChatId>,
    /// What the server has on its disk; nothing where it keeps no rooms.
    pub(super) saved: Option<Saved>,
    pub(super) telemetry: BTreeMap<MemberId, Telemetry>,
}

/// What a word about the room's state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateChange {
    /// It was old, or known.
    Nothing,
    /// Only for whom the room waits.
    Waiting,
    /// The timeline; this is the one before.
    Moved(Timeline),
}

impl Mirror {
    /// Returns the room that was entered.
    pub(super) fn new(entered: &Entered) -> Self {
        let room = &entered.room;
        Self {
            you: entered.you,
            token: entered.token,
            invite: entered.invite,
            name: room.name.clone(),
            host: room.host,
            members: room.members.clone(),
            item: room.item.clone(),
            timeline: room.state.timeline,
            waiting_for: room.state.waiting_for.clone(),
            on_stall: room.on_stall,
            undoable: entered.undoable,
            last_chat: entered.chat.last().map_or(0, |line| line.sequence),
            seen: entered.chat.iter().map(|line| line.id).collect(),
            saved: entered.saved,
            telemetry: BTreeMap::new(),
        }
    }

    /// Goes on from what was known of the room when its server was lost; the room has the chat up to a line in common.
    pub(super) fn continue_from(&mut self, before: &Self, after: u64) {
        self.last_chat = after;
        self.seen.clone_from(&before.seen);
        self.telemetry.clone_from(&before.telemetry);
    }

    /// Takes in where the room is; what is older than what is known changes nothing.
    pub(super) fn handle_state(&mut self, state: &VideoStateChanged) -> StateChange {
        if state.timeline.supersedes(&self.timeline) {
            let before = std::mem::replace(&mut self.timeline, state.timeline);
            self.waiting_for.clone_from(&state.waiting_for);
            return StateChange::Moved(before);
        }
        let is_same =
            (state.timeline.epoch, state.timeline.revision) == (self.timeline.epoch, self.timeline.revision);
        if is_same && state.waiting_for != self.waiting_for {
            self.waiting_for.clone_from(&state.waiting_for);
            return StateChange::Waiting;
        }
        StateChange::Nothing
    }

    /// Takes in another item; returns whether it is one, and what the word changed besides. What is older than what is
    /// known changes nothing.
    pub(super) fn handle_item(&mut self, changed: &VideoChanged) -> (bool, StateChange) {
        let change = self.handle_state(&changed.state);
        let is_current =
            changed.state.timeline.item == self.timeline.item && changed.id == self.timeline.item;
        let is_other = self.item.as_ref().is_none_or(|(id, _)| *id != changed.id);
        if is_current && is_other {
            self.item = Some((changed.id, changed.item.clone()));
        }
        (is_current && is_other, change)
    }

    /// Takes in a member; returns how they were, if they were there.
    pub(super) fn handle_member(&mut self, member: Member) -> Option<Member> {
        if member.is_host() {
            self.host = Some(member.id);
        }
        if let Some(known) = self.members.iter_mut().find(|m| m.id == member.id) {
            return Some(std::mem::replace(known, member));
        }
        self.members.push(member);
        None
    }

    /// Takes in that a member is gone; returns who it was.
    pub(super) fn handle_left(&mut self, id: MemberId) -> Option<Member> {
        self.telemetry.remove(&id);
        self.waiting_for.retain(|m| *m != id);
        let index = self.members.iter().position(|m| m.id == id)?;
        if self.host == Some(id) {
            self.host = None;
        }
        Some(self.members.remove(index))
    }

    /// Takes in who controls the room.
    pub(super) fn handle_host(&mut self, host: MemberId) {
        self.host = Some(host);
        for member in &mut self.members {
            if member.id == host {
                member.role = Role::Host;
            } else if member.is_host() {
                member.role = Role::Viewer;
            }
        }
    }

    /// Takes in a chat line; returns whether it is new.
    pub(super) fn handle_chat(&mut self, line: &ChatLine) -> bool {
        let is_new = line.sequence > self.last_chat && !self.seen.contains(&line.id);
        self.last_chat = self.last_chat.max(line.sequence);
        if is_new {
            self.seen.push_back(line.id);
            self.seen
                .drain(..self.seen.len().saturating_sub(limits::CHAT_HISTORY));
        }
        is_new
    }

    /// Takes in how members follow.
    pub(super) fn handle_digest(&mut self, digest: &[MemberSample]) {
        for sample in digest {
            if self.members.iter().any(|m| m.id == sample.member) {
                self.telemetry.insert(sample.member, sample.telemetry);
            }
        }
    }

    /// Returns a member.
    pub(super) fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|m| m.id == id)
    }

    /// Returns what a member is called.
    pub(super) fn name_of(&self, id: MemberId) -> Option<&MemberName> {
        self.member(id).map(|m| &m.name)
    }

    /// Returns whether the session may move the room.
    pub(super) fn may_control(&self) -> bool {
        self.host == Some(self.you)
            || self
                .member(self.you)
                .is_some_and(|m| matches!(m.role, Role::Host | Role::CoHost))
    }

    /// Returns the revision that the session has.
    pub(super) const fn revision(&self) -> Revision {
        self.timeline.revision
    }

    /// Returns whether the room plays.
    pub(super) fn is_playing(&self) -> bool {
        self.timeline.playback == Playback::Playing
    }

    /// Returns the item that the timeline is of, once it is known.
    pub(super) fn current_item(&self) -> Option<&Item> {
        let (id, item) = self.item.as_ref()?;
        (*id == self.timeline.item).then_some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{MEMBERS, chat_line, entered, item, state};
    use super::*;

    #[test]
    fn a_stale_word_moves_nothing() {
        let mut mirror = Mirror::new(&entered());
        mirror.handle_state(&state(7, Playback::Playing, 10_000));

        assert_eq!(
            mirror.handle_state(&state(6, Playback::Paused, 0)),
            StateChange::Nothing
        );
        assert_eq!(
            mirror.handle_state(&state(7, Playback::Paused, 0)),
            StateChange::Nothing
        );
        assert!(mirror.is_playing());
    }

    #[test]
    fn the_same_revision_only_says_for_whom_the_room_waits() {
        let mut mirror = Mirror::new(&entered());
        let mut word = state(7, Playback::Preparing, 10_000);
        mirror.handle_state(&word);
        word.waiting_for = vec![MEMBERS[1]];

        assert_eq!(mirror.handle_state(&word), StateChange::Waiting);
        assert_eq!(mirror.handle_state(&word), StateChange::Nothing);
        assert_eq!(mirror.waiting_for, [MEMBERS[1]]);
    }

    #[test]
    fn an_item_whose_state_came_first_is_still_taken_in() {
        let mut mirror = Mirror::new(&entered());
        let mut word = state(9, Playback::Paused, 0);
        word.timeline.item = ItemId(2);
        mirror.handle_state(&word);
        assert_eq!(mirror.current_item(), None);

        let changed = VideoChanged {
            id: ItemId(2),
            item: item("next"),
            state: word,
        };

        assert_eq!(mirror.handle_item(&changed), (true, StateChange::Nothing));
        assert_eq!(mirror.handle_item(&changed), (false, StateChange::Nothing));
        assert_eq!(mirror.current_item(), Some(&item("next")));
    }

    #[test]
    fn an_item_of_an_older_word_is_not_taken_in() {
        let mut mirror = Mirror::new(&entered());
        mirror.handle_state(&state(9, Playback::Paused, 0));
        let mut word = state(8, Playback::Paused, 0);
        word.timeline.item = ItemId(5);

        let changed = VideoChanged {
            id: ItemId(5),
            item: item("old"),
            state: word,
        };

        assert_eq!(mirror.handle_item(&changed), (false, StateChange::Nothing));
    }

    #[test]
    fn chat_lines_count_once() {
        let mut mirror = Mirror::new(&entered());

        assert!(mirror.handle_chat(&chat_line(1, "a")));
        assert!(!mirror.handle_chat(&chat_line(1, "a")));
        assert!(mirror.handle_chat(&chat_line(2, "b")));
    }

    #[test]
    fn a_line_that_a_life_of_the_room_lost_and_that_is_said_again_counts_once() {
        let mut before = Mirror::new(&entered());
        assert!([1, 2, 3].iter().all(|n| before.handle_chat(&chat_line(*n, "a"))));
        let mut mirror = Mirror::new(&entered());

        mirror.continue_from(&before, 1);

        let again = |place: u64, id: u64| {
            let mut line = chat_line(id, "a");
            line.sequence = place;
            line
        };
        assert!(mirror.handle_chat(&again(2, 20)));
        assert!(!mirror.handle_chat(&again(3, 3)));
        assert!(!mirror.handle_chat(&again(4, 2)));
        assert_eq!(mirror.last_chat, 4);
    }

    #[test]
    fn control_follows_the_host() {
        let mut mirror = Mirror::new(&entered());
        assert!(mirror.may_control());

        mirror.handle_host(MEMBERS[1]);

        assert!(!mirror.may_control());
        assert_eq!(mirror.members.iter().filter(|m| m.is_host()).count(), 1);
        assert_eq!(mirror.handle_left(MEMBERS[1]).map(|m| m.id), Some(MEMBERS[1]));
        assert_eq!(mirror.host, None);
        assert_eq!(mirror.handle_left(MEMBERS[1]), None);
    }
}
