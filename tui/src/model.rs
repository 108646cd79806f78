//! The screen's model of the room, its members, its chat and the status.

pub mod chat_log;
pub mod chat_writer;
pub mod flood_limiter;
pub mod local_player;
pub mod markup;
pub mod toasts;
pub mod transcript;
pub mod undoing;
pub mod wall_clock;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::roster::{AVATAR_COLOURS, LeaveReason, Member, MemberLink, Role};
use watchtogether_protocol::message::settings::{RoomSettings, RoomTitle};
use watchtogether_protocol::message::standing::{Standing, ready_of};
use watchtogether_protocol::narration::{Fact, Happening, Presence};
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::{Clean, LocalTime, MediaTime, MemberId, RoomName};

use crate::action::ActionId;
use crate::strings::{self, Who};
use crate::text;
use crate::update::{EnteredRoom, InviteCard, InviteReach, Status, Stop, StopKind, Transport};

use chat_log::ChatLog;
use local_player::LocalPlayer;
use undoing::Undoing;

/// A room, as the screen shows it.
#[derive(Clone, Debug)]
pub struct Room {
    /// The room's name.
    pub name: RoomName,
    /// The user's member id.
    pub you: MemberId,
    /// Its settings.
    pub settings: RoomSettings,
    /// The host.
    pub host: Option<MemberId>,
    /// The members, in the order in which they entered.
    pub members: Vec<Member>,
    /// The colours that distinguish the members.
    pub colours: BTreeMap<MemberId, u8>,
    /// The members that it waits for.
    pub waiting_for: Awaited,
    /// The members' telemetry.
    pub telemetry: BTreeMap<MemberId, Telemetry>,
    /// The local player.
    pub local_player: LocalPlayer,
    /// Messages and events.
    pub chat: ChatLog,
    /// The change that can be undone.
    pub undoing: Undoing,
    /// The bans, oldest first; known to hosts and co-hosts.
    pub bans: Vec<Ban>,
    /// The position in the film.
    pub transport: Option<Transport>,
    /// The status.
    pub status: Status,
    /// The round trip to the server.
    pub round_trip: Option<Duration>,
    /// Whether the server cannot write to its disk.
    pub is_unsaved: bool,
    /// Whether the user opened the room and can become host again.
    pub is_owner: bool,
    /// The largest error of the clock comparison.
    pub clock_bound: Option<Duration>,
    /// The invite.
    pub invite: Option<InviteCard>,
    /// Why the session has ended, if it has.
    pub stop: Option<Stop>,
    /// How the user was removed, if that was reported.
    pub removal: Option<LeaveReason>,
}

impl Room {
    /// Returns the room at the moment of entering it. If it is the same room as before, everything that `entered` does not
    /// contain is kept.
    pub fn entered(entered: &EnteredRoom, before: Option<Self>) -> Self {
        let before = before.filter(|room| room.name == entered.room);
        let known = before.unwrap_or_else(|| Self {
            name: entered.room.clone(),
            you: entered.you,
            settings: RoomSettings::default(),
            host: None,
            members: Vec::new(),
            colours: BTreeMap::new(),
            waiting_for: Awaited::default(),
            telemetry: BTreeMap::new(),
            local_player: LocalPlayer::default(),
            chat: ChatLog::default(),
            undoing: Undoing::default(),
            bans: Vec::new(),
            transport: None,
            status: Status::Comparing,
            round_trip: None,
            is_unsaved: false,
            is_owner: false,
            clock_bound: None,
            invite: None,
            stop: None,
            removal: None,
        });
        let mut room = Self {
            you: entered.you,
            settings: entered.settings.clone(),
            host: entered.host,
            members: entered.members.clone(),
            transport: entered.transport.clone(),
            is_owner: entered.is_owner,
            bans: Vec::new(),
            stop: None,
            removal: None,
            ..known
        };
        room.undoing.entered(entered.undoable);
        let here: BTreeSet<MemberId> = room.members.iter().map(|member| member.id).collect();
        room.colours.retain(|id, _| here.contains(id));
        room.assign_colours();
        room
    }

    /// Returns the room's name for display.
    pub fn shown_name(&self) -> &str {
        let title = self.settings.title.as_ref();
        title.map_or_else(|| self.name.as_str(), RoomTitle::as_str)
    }

    /// Applies a happening if it concerns the user's seat.
    pub fn apply_happening(&mut self, happening: &Happening) {
        if let (Fact::Presence { change, .. }, true) = (&happening.fact, happening.is_own())
            && let Presence::Left(reason) = change
        {
            self.removal = Some(*reason);
        }
    }

    /// Ends the session; returns whether the reason is somebody's action that was already reported.
    pub fn stop(&mut self, stop: Stop, now: LocalTime) -> bool {
        if let Some(transport) = &mut self.transport {
            transport.stop(now);
        }
        let is_reported = stop.kind == StopKind::Removed && self.removal.is_some();
        let words = match self.removal {
            Some(LeaveReason::Banned { .. }) if is_reported => Clean::line(msg!("host-banned-you")),
            _ => stop.words.clone(),
        };
        self.stop = Some(Stop { words, ..stop });
        is_reported
    }

    /// Sets the host; returns whether that changed.
    pub fn hand_over(&mut self, host: MemberId) -> bool {
        for member in &mut self.members {
            if member.id == host {
                member.role = Role::Host;
            } else if member.is_host() {
                member.role = Role::Viewer;
            }
        }
        self.host.replace(host) != Some(host)
    }

    /// Returns the room's position in its film, or the beginning if there is no film.
    pub fn position_at(&self, now: LocalTime) -> MediaTime {
        let transport = self.transport.as_ref();
        transport.map_or(MediaTime::ZERO, |transport| transport.position_at(now))
    }

    /// Updates a member's telemetry; returns whether the screen changes.
    pub fn follow(&mut self, id: MemberId, telemetry: Telemetry) -> bool {
        let before = self.telemetry.insert(id, telemetry);
        before.map(shown) != Some(shown(telemetry))
    }

    /// Adds or updates a member; returns the previous state.
    pub fn put(&mut self, member: Member) -> Option<Member> {
        let before = self.member(member.id).map(|known| known.avatar.colour);
        if before != Some(member.avatar.colour) {
            self.colour(&member);
        }
        if let Some(known) = self.members.iter_mut().find(|known| known.id == member.id) {
            return Some(std::mem::replace(known, member));
        }
        self.members.push(member);
        None
    }

    /// Gives a colour to every member who has none.
    pub fn assign_colours(&mut self) {
        let mut taken: BTreeSet<u8> = self.colours.values().copied().collect();
        for member in &self.members {
            self.colours.entry(member.id).or_insert_with(|| {
                let colour = free_colour(member, &taken);
                taken.insert(colour);
                colour
            });
        }
    }

    /// Gives a member the colour of their avatar, or one that nobody else here has.
    fn colour(&mut self, member: &Member) {
        self.colours.remove(&member.id);
        let taken: BTreeSet<u8> = self.colours.values().copied().collect();
        self.colours.insert(member.id, free_colour(member, &taken));
    }

    /// Returns the colour that distinguishes a member.
    pub fn colour_of(&self, id: MemberId) -> Option<u8> {
        self.colours.get(&id).copied()
    }

    /// Removes a member; returns their last state.
    pub fn remove(&mut self, id: MemberId) -> Option<Member> {
        self.telemetry.remove(&id);
        self.colours.remove(&id);
        let index = self.members.iter().position(|member| member.id == id)?;
        Some(self.members.remove(index))
    }

    /// Returns a member.
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// Returns whether the room ends for everybody when the user leaves, because it is on a local server.
    pub fn ends_with_user(&self) -> bool {
        self.invite
            .as_ref()
            .is_some_and(|invite| matches!(invite.reach, InviteReach::Own { .. }))
    }

    /// Returns a member's name, safe to draw.
    pub fn name_of(&self, id: MemberId) -> String {
        self.member(id).map_or_else(
            || msg!("somebody").to_owned(),
            |member| text::safe(member.name.as_str()),
        )
    }

    /// Returns a member for a sentence.
    pub fn who(&self, id: MemberId) -> Who {
        match self.member(id) {
            _ if id == self.you => Who::You,
            Some(member) => Who::Named(text::safe(member.name.as_str())),
            None => Who::Somebody,
        }
    }

    /// Returns the member with this name: an exact match, otherwise one that differs only in case and spaces, otherwise the user,
    /// for words like `me`.
    pub fn named(&self, name: &str) -> Option<MemberId> {
        let wanted = flat(name);
        let exact = self.members.iter().find(|member| member.name.as_str() == name);
        let same = self.members.iter().find(|member| member.name.folded() == wanted);
        let oneself = strings::is_oneself(name).then_some(self.you);
        exact.or(same).map(|member| member.id).or(oneself)
    }

    /// Returns the member with this name, or otherwise the only one whose name begins with it.
    pub fn find(&self, name: &str) -> Option<MemberId> {
        let wanted = flat(name);
        let mut beginning = self
            .members
            .iter()
            .filter(|member| member.name.folded().starts_with(&wanted));
        let only = match (beginning.next(), beginning.next()) {
            (Some(only), None) if !wanted.is_empty() => Some(only),
            _ => None,
        };
        self.named(name).or(only.map(|member| member.id))
    }

    /// Returns the user's name, safe to draw.
    pub fn own_name(&self) -> String {
        self.name_of(self.you)
    }

    /// Returns the number of members besides the user.
    pub const fn others(&self) -> usize {
        self.members.len().saturating_sub(1)
    }

    /// Returns whether the user is the host.
    pub fn hosts(&self) -> bool {
        self.host == Some(self.you)
    }

    /// Returns whether the user may do something in the room.
    pub fn may(&self, act: RoomAct) -> bool {
        let you = Asker::among(&self.members, self.you, self.host, self.is_owner);
        you.may(act).is_ok()
    }

    /// Returns whether the user may perform an action in the room.
    pub fn permits(&self, id: ActionId) -> bool {
        id.action().act.is_none_or(|act| self.may(act))
    }

    /// Returns whether the user may remove another member, as far as this client knows; it does not know the owner.
    pub fn may_remove(&self, id: MemberId) -> bool {
        let member = Asker::among(&self.members, id, self.host, false);
        id != self.you && self.may(RoomAct::Remove) && member.may_be_removed().is_ok()
    }

    /// Returns a member's role.
    pub fn role_of(&self, member: &Member) -> Role {
        member.role_under(self.host)
    }

    /// Returns the members in the order of the roster: the host, then the others as they entered.
    pub fn roster(&self) -> Vec<&Member> {
        let (mut first, rest): (Vec<&Member>, Vec<&Member>) = self
            .members
            .iter()
            .partition(|member| Some(member.id) == self.host);
        first.extend(rest);
        first
    }

    /// Returns the numbers of members, ready members and watching members.
    pub fn here(&self) -> (usize, usize, usize) {
        let (ready, of) = ready_of(&self.members, &self.waiting_for);
        (self.members.len(), ready, of)
    }

    /// Returns a member's standing.
    pub fn standing(&self, member: &Member) -> Standing {
        member.standing_among(&self.waiting_for)
    }

    /// Returns whether the others' states are outdated because there is no connection.
    pub const fn is_offline(&self) -> bool {
        self.stop.is_some() || matches!(self.status, Status::Reconnecting { .. } | Status::Silent { .. })
    }

    /// Returns how the local copy compares with the room's item.
    pub fn own_file(&self) -> FileMatch {
        self.member(self.you)
            .map_or(FileMatch::Unknown, |you| you.report.file)
    }

    /// Returns the names of the others who are typing.
    pub fn typing(&self) -> Vec<String> {
        let is_typing = |id: MemberId| self.telemetry.get(&id).is_some_and(|sample| sample.is_typing);
        let others = self.members.iter().filter(|member| member.id != self.you);
        let typing = others.filter(|member| member.link == MemberLink::Up && is_typing(member.id));
        typing.map(|member| text::safe(member.name.as_str())).collect()
    }
}

/// Returns a name for comparison, without case and spaces.
fn flat(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns the colour of a member's avatar, or a free one if there is one.
fn free_colour(member: &Member, taken: &BTreeSet<u8>) -> u8 {
    /// Coprime to the number of colours, so that all of them are tried, and consecutive ones have different hues.
    const STEP: u8 = 5;

    let wanted = member.avatar.colour % AVATAR_COLOURS;
    let free = (0..AVATAR_COLOURS)
        .map(|number| (wanted + number * STEP) % AVATAR_COLOURS)
        .find(|colour| !taken.contains(colour));
    free.unwrap_or(wanted)
}

/// Returns the visible part of a member's telemetry.
fn shown(telemetry: Telemetry) -> (Option<String>, String, u32, u32, bool) {
    (
        telemetry.drift_us.map(strings::drift),
        strings::millis(telemetry.rtt_us),
        telemetry.buffered_ms / 5_000,
        telemetry.corrections,
        telemetry.is_typing,
    )
}
