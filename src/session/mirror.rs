//! The room as the session knows it: the server's snapshot, updated by its messages.

use std::collections::{BTreeMap, VecDeque};

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::{ChatLine, Saved};
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::playback::{
    Awaited, LengthChanged, StillWaiting, VideoChanged, VideoStateChanged,
};
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::{Entered, Refusal};
use watchtogether_protocol::message::roster::{Member, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::undo::Undoable;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::{
    ChatId, InviteToken, Item, ItemId, LocalTime, MemberId, MemberName, Playback, Revision, RoomName,
    Timeline, Token, limits,
};

use super::status::WallAnchor;

/// A room and the user's seat in it.
#[derive(Clone, Debug)]
pub(super) struct Mirror {
    pub(super) you: MemberId,
    pub(super) token: Token,
    pub(super) invite: Option<InviteToken>,
    pub(super) name: RoomName,
    pub(super) host: Option<MemberId>,
    pub(super) members: Vec<Member>,
    pub(super) item: Option<(ItemId, Item)>,
    /// Whether the item's file was still being written when a host or co-host last reported its length.
    grows: bool,
    pub(super) timeline: Timeline,
    pub(super) waiting_for: Awaited,
    pub(super) settings: RoomSettings,
    /// The last change to the room, if it can still be undone.
    pub(super) undoable: Option<Undoable>,
    /// The bans, oldest first; known to hosts and co-hosts.
    pub(super) bans: Vec<Ban>,
    /// The sequence number of the last chat line.
    pub(super) last_chat: u64,
    /// The ids of the newest lines, as many as a server keeps. They identify repeated lines, whatever their numbers.
    received: VecDeque<ChatId>,
    /// The state of saving on the server's disk; `None` if the server does not keep rooms.
    pub(super) saved: Option<Saved>,
    pub(super) telemetry: BTreeMap<MemberId, Telemetry>,
    /// Whether the user opened the room.
    pub(super) is_owner: bool,
    /// The room's wall clock.
    pub(super) wall: WallAnchor,
}

/// How a state message changed the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateChange {
    /// Not at all: the state was old, or already known.
    Nothing,
    /// Only the list of awaited members changed.
    Waiting,
    /// The timeline changed; this is the previous one.
    Moved(Timeline),
}

impl Mirror {
    /// Returns the mirror of a room that was just entered.
    pub(super) fn new(entered: &Entered, now: LocalTime) -> Self {
        let room = &entered.room;
        Self {
            you: entered.you,
            token: entered.token,
            invite: entered.invite,
            name: room.name.clone(),
            host: room.host,
            members: room.members.clone(),
            item: room.item.clone(),
            grows: room.members.iter().any(says_it_grows),
            timeline: room.state.timeline,
            waiting_for: room.state.waiting_for.clone(),
            settings: room.settings.clone(),
            undoable: entered.undoable.clone(),
            bans: Vec::new(),
            last_chat: entered
                .chat
                .last()
                .map_or(entered.chat_after, |line| line.sequence),
            received: entered.chat.iter().map(|line| line.id).collect(),
            saved: entered.saved,
            is_owner: entered.is_owner,
            telemetry: BTreeMap::new(),
            wall: WallAnchor {
                wall: entered.wall,
                at: now,
            },
        }
    }

    /// Updates the room's state; a state older than the known one is ignored.
    pub(super) fn handle_state(&mut self, state: &VideoStateChanged) -> StateChange {
        if state.timeline.supersedes(&self.timeline) {
            let before = std::mem::replace(&mut self.timeline, state.timeline);
            self.waiting_for.clone_from(&state.waiting_for);
            return StateChange::Moved(before);
        }
        // The same revision again is a copy; changes of the awaited members have a message of their own.
        StateChange::Nothing
    }

    /// Updates the awaited members, unless the timeline has changed since then.
    pub(super) fn handle_still_waiting(&mut self, still: StillWaiting) -> StateChange {
        if still.revision != self.timeline.revision || still.waiting_for == self.waiting_for {
            return StateChange::Nothing;
        }
        self.waiting_for = still.waiting_for;
        StateChange::Waiting
    }

    /// Updates the item; returns whether it is a new one, and how else the message changed the room. A message older than the
    /// known state is ignored.
    pub(super) fn handle_item(&mut self, changed: &VideoChanged) -> (bool, StateChange) {
        let change = self.handle_state(&changed.state);
        let is_current =
            changed.state.timeline.item == self.timeline.item && changed.id == self.timeline.item;
        let is_other = self.item.as_ref().is_none_or(|(id, _)| *id != changed.id);
        if is_current && is_other {
            self.item = Some((changed.id, changed.item.clone()));
            self.grows = false;
            // The server assumes the same, and announces only what differs from it.
            for member in &mut self.members {
                member.report = member.report.for_another_item();
            }
        }
        (is_current && is_other, change)
    }

    /// Updates the length of the current item. If the message is about that item, returns it, and whether its file was still
    /// being written and is now complete.
    pub(super) fn handle_length(&mut self, changed: LengthChanged) -> Option<(&Item, bool)> {
        let (id, item) = self.item.as_mut()?;
        if *id != changed.id {
            return None;
        }
        let is_complete = self.grows && item.duration().is_none() && changed.length.duration().is_some();
        self.grows &= !is_complete;
        item.length = changed.length;
        Some((item, is_complete))
    }

    /// Returns whether this member would exceed the maximum number of members.
    pub(super) fn has_no_room_for(&self, id: MemberId) -> bool {
        self.members.len() >= limits::ROOM_MEMBERS && self.member(id).is_none()
    }

    /// Adds or updates a member; returns their previous state, if they were known.
    pub(super) fn handle_member(&mut self, member: Member) -> Option<Member> {
        if member.is_host() {
            self.host = Some(member.id);
        }
        self.grows |= says_it_grows(&member);
        if let Some(known) = self.members.iter_mut().find(|m| m.id == member.id) {
            return Some(std::mem::replace(known, member));
        }
        self.members.push(member);
        None
    }

    /// Removes a member; returns their last state.
    pub(super) fn handle_left(&mut self, id: MemberId) -> Option<Member> {
        self.telemetry.remove(&id);
        self.waiting_for.remove(id);
        let index = self.members.iter().position(|m| m.id == id)?;
        if self.host == Some(id) {
            self.host = None;
        }
        Some(self.members.remove(index))
    }

    /// Updates who is host.
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

    /// Replaces the list of bans; returns the names whose bans were lifted.
    pub(super) fn handle_bans(&mut self, bans: Vec<Ban>) -> Vec<MemberName> {
        let before = std::mem::replace(&mut self.bans, bans);
        let lifted = before
            .into_iter()
            .filter(|ban| self.bans.iter().all(|known| known.number != ban.number));
        lifted.map(|ban| ban.name).collect()
    }

    /// Returns a change that was made while the user was away and can still be undone, if no other message reports it.
    pub(super) fn missed_since(&self, before: &Self) -> Option<Undoable> {
        let undoable = self.undoable.as_ref()?;
        let is_known = before.timeline.epoch == self.timeline.epoch
            && before
                .undoable
                .as_ref()
                .is_some_and(|known| (known.number, &known.change) == (undoable.number, &undoable.change));
        (undoable.is_sole_report() && !is_known).then(|| undoable.clone())
    }

    /// Records a chat line; returns whether it is new.
    pub(super) fn handle_chat(&mut self, line: &ChatLine) -> bool {
        let is_new = self.is_new(line);
        self.last_chat = self.last_chat.max(line.sequence);
        if is_new {
            self.remember_line(line.id);
        }
        is_new
    }

    /// Continues from the room as it was known before the seat was taken back. Returns the lines of `chat` that have not been
    /// reported yet, and whether lines before them are missing.
    ///
    /// Within an epoch, a line is new if its number is above the last known one. Another epoch continues from the lines that were
    /// saved, which may be fewer than were already reported. If the server knows the previous epoch, it has sent the lines after
    /// `after`, the last one in common. Otherwise the lines after the last one known by its id are new; if none is known and the
    /// numbers leave a gap, some are missing.
    pub(super) fn go_on_from(
        &mut self,
        before: &Self,
        mut chat: Vec<ChatLine>,
        after: u64,
    ) -> (Vec<ChatLine>, bool) {
        let is_counted_on = before.timeline.epoch == self.timeline.epoch;
        let mut is_apart = false;
        if is_counted_on {
            self.last_chat = self.last_chat.max(before.last_chat);
        } else if after > 0 {
            // Not cut off at the first known line: a line that was lost and sent again may come after a new one.
        } else if let Some(last) = chat.iter().rposition(|line| before.has_received(line.id)) {
            chat.drain(..=last);
        } else {
            let first = chat.first().map_or(0, |line| line.sequence);
            is_apart = !before.received.is_empty() && first > before.last_chat + 1;
        }
        let counted = if is_counted_on { before.last_chat } else { 0 };
        chat.retain(|line| line.sequence > counted && !before.has_received(line.id));
        self.telemetry.clone_from(&before.telemetry);
        self.received.clone_from(&before.received);
        for line in &chat {
            self.remember_line(line.id);
        }
        (chat, is_apart)
    }

    /// Returns whether a line has not been reported yet. A line that its sender had to send again has a new number but is the
    /// same line.
    fn is_new(&self, line: &ChatLine) -> bool {
        line.sequence > self.last_chat && !self.has_received(line.id)
    }

    fn has_received(&self, id: ChatId) -> bool {
        self.received.contains(&id)
    }

    fn remember_line(&mut self, id: ChatId) {
        if self.received.len() == limits::CHAT_HISTORY {
            self.received.pop_front();
        }
        self.received.push_back(id);
    }

    /// Updates other members' telemetry.
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

    /// Returns a member's name.
    pub(super) fn name_of(&self, id: MemberId) -> Option<&MemberName> {
        self.member(id).map(|m| &m.name)
    }

    /// Returns whether the user may do this; otherwise, why not.
    pub(super) fn permits(&self, act: RoomAct) -> Result<(), Refusal> {
        Asker::among(&self.members, self.you, self.host, self.is_owner).may(act)
    }

    /// Returns whether the user may do this.
    pub(super) fn may(&self, act: RoomAct) -> bool {
        self.permits(act).is_ok()
    }

    /// Returns the revision that the session has.
    pub(super) const fn revision(&self) -> Revision {
        self.timeline.revision
    }

    /// Returns whether the room plays.
    pub(super) fn is_playing(&self) -> bool {
        self.timeline.playback == Playback::Playing
    }

    /// Returns the timeline's item, once it is known.
    pub(super) fn current_item(&self) -> Option<&Item> {
        let (id, item) = self.item.as_ref()?;
        (*id == self.timeline.item).then_some(item)
    }
}

/// Returns whether a member's copy means that the room's item is growing: the member controls the room, and their file is still
/// being written.
fn says_it_grows(member: &Member) -> bool {
    Asker::of_role(member.role).may(RoomAct::SetLength).is_ok() && member.report.file == FileMatch::Growing
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{MEMBERS, chat_line, entered, item, state};
    use super::*;

    #[test]
    fn a_stale_report_moves_nothing() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
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
    fn awaited_members_are_updated_for_the_same_revision_only() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
        let word = state(7, Playback::Preparing, 10_000);
        mirror.handle_state(&word);
        let still = |revision| StillWaiting {
            revision: Revision(revision),
            waiting_for: [MEMBERS[1]].into_iter().collect(),
        };

        assert_eq!(mirror.handle_still_waiting(still(6)), StateChange::Nothing);
        assert_eq!(mirror.handle_still_waiting(still(7)), StateChange::Waiting);
        assert_eq!(mirror.handle_still_waiting(still(7)), StateChange::Nothing);
        assert_eq!(mirror.waiting_for.who, [MEMBERS[1]]);

        // The datagram that copies the state may arrive after what followed it.
        assert_eq!(mirror.handle_state(&word), StateChange::Nothing);
        assert_eq!(mirror.waiting_for.who, [MEMBERS[1]]);
    }

    #[test]
    fn an_item_whose_state_came_first_is_still_taken_in() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
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
    fn an_item_of_an_older_message_is_ignored() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
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
        let mut mirror = Mirror::new(&entered(), LocalTime::default());

        assert!(mirror.handle_chat(&chat_line(1, "a")));
        assert!(!mirror.handle_chat(&chat_line(1, "a")));
        assert!(mirror.handle_chat(&chat_line(2, "b")));
    }

    /// Returns a room with some chat, as received from a server whose numbers start in `epoch`.
    fn mirror_with(epoch: u64, lines: &[(u64, &str)]) -> (Mirror, Vec<ChatLine>) {
        let chat: Vec<ChatLine> = lines
            .iter()
            .map(|(sequence, text)| ChatLine {
                id: chat_line(text.bytes().map(u64::from).sum(), text).id,
                ..chat_line(*sequence, text)
            })
            .collect();
        let mut entered = entered();
        entered.room.state.timeline.epoch.counter = epoch;
        entered.chat.clone_from(&chat);
        (Mirror::new(&entered, LocalTime::default()), chat)
    }

    fn texts(lines: &[ChatLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn a_server_that_counts_on_has_sent_what_is_new() {
        let (before, _) = mirror_with(1, &[(7, "a"), (8, "b")]);
        let (mut after, chat) = mirror_with(1, &[(9, "c")]);

        let (new, is_apart) = after.go_on_from(&before, chat, 0);

        assert_eq!((texts(&new), is_apart), (vec!["c"], false));
        assert_eq!(after.last_chat, 9);
    }

    #[test]
    fn a_server_that_was_restored_repeats_lines_and_each_is_new_once() {
        let (before, _) = mirror_with(1, &[(7, "a"), (8, "b")]);
        let (mut after, chat) = mirror_with(2, &[(6, "z"), (7, "a"), (8, "b"), (9, "c")]);

        let (new, is_apart) = after.go_on_from(&before, chat, 0);

        assert_eq!((texts(&new), is_apart), (vec!["c"], false));
    }

    #[test]
    fn a_line_is_new_though_its_number_was_used_for_one_that_the_server_lost() {
        let (before, _) = mirror_with(1, &[(7, "a"), (8, "lost")]);
        let (mut after, chat) = mirror_with(2, &[(7, "a"), (8, "b")]);

        let (new, is_apart) = after.go_on_from(&before, chat, 0);

        assert_eq!((texts(&new), is_apart), (vec!["b"], false));
        assert!(after.handle_chat(&chat_line(9, "next")));
    }

    #[test]
    fn a_gap_is_reported_if_no_line_of_a_restored_room_is_known() {
        let (before, _) = mirror_with(1, &[(7, "a")]);
        let (mut after, chat) = mirror_with(2, &[(400, "x"), (401, "y")]);

        let (new, is_apart) = after.go_on_from(&before, chat, 0);

        assert_eq!((texts(&new), is_apart), (vec!["x", "y"], true));
        let (mut empty, none) = mirror_with(3, &[]);
        assert_eq!(empty.go_on_from(&before, none, 0), (Vec::new(), false));
        let (mut met, next) = mirror_with(4, &[(8, "y")]);
        assert!(
            !met.go_on_from(&before, next, 0).1,
            "the server sent only what comes after"
        );
    }

    #[test]
    fn a_new_line_is_shown_although_a_repeated_one_follows_it() {
        let (before, _) = mirror_with(1, &[(7, "a"), (8, "b")]);
        let (mut after, chat) = mirror_with(2, &[(8, "new"), (9, "b")]);

        let (new, is_apart) = after.go_on_from(&before, chat, 7);

        assert_eq!((texts(&new), is_apart), (vec!["new"], false));
        assert_eq!(after.last_chat, 9);
    }

    #[test]
    fn a_line_that_was_sent_again_gets_a_new_number_and_is_shown_once() {
        let (before, lines) = mirror_with(1, &[(7, "a"), (8, "b")]);
        let (mut after, none) = mirror_with(2, &[]);
        after.go_on_from(&before, none, 0);

        let again = ChatLine {
            sequence: 9,
            ..lines[1].clone()
        };

        assert!(!after.handle_chat(&again));
        assert!(after.handle_chat(&chat_line(10, "next")));
    }

    #[test]
    fn control_follows_the_host() {
        let mut mirror = Mirror::new(&entered(), LocalTime::default());
        assert!(mirror.may(RoomAct::Move));

        mirror.handle_host(MEMBERS[1]);

        assert!(!mirror.may(RoomAct::Move));
        assert_eq!(mirror.members.iter().filter(|m| m.is_host()).count(), 1);
        assert_eq!(mirror.handle_left(MEMBERS[1]).map(|m| m.id), Some(MEMBERS[1]));
        assert_eq!(mirror.host, None);
        assert_eq!(mirror.handle_left(MEMBERS[1]), None);
    }
}
