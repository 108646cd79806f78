//! Answers about how things are: who is here, the numbers, the user's player, where the film is, the invite, the help.

use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{LocalTime, MemberId, Playback, Rate};
use watchtogether_tui::action::{ACTIONS, Action};
use watchtogether_tui::strings::{self, spoken};

use super::{Plain, acts};
use crate::bridge::Bridge;
use crate::session::event::LinkState;
use crate::session::status::{MemberStatus, RoomStatus, Status};

impl Plain {
    /// Tells who is here, by numbers that `/host` takes.
    pub(super) fn tell_people(&mut self, status: &Status) {
        let Some(room) = &status.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        let is_up = status.link == LinkState::Up;
        if !is_up {
            self.answer(spoken::NOT_CONNECTED.to_owned());
        }
        let roster = roster(room);
        self.listed = roster.iter().map(|status| status.member.id).collect();
        for (number, MemberStatus { member, telemetry }) in roster.into_iter().enumerate() {
            let role = match member.role {
                _ if room.host == Some(member.id) => Some(strings::HOST),
                Role::CoHost => Some(strings::CO_HOST),
                Role::Host | Role::Viewer => None,
            };
            let is_you = member.id == room.you;
            let known = is_up.then(|| (member.standing_among(&room.waiting_for), member.report.file));
            let words = spoken::member(member.name.as_str(), is_you, role, known, telemetry.as_ref());
            self.answer(spoken::numbered(number + 1, &words));
        }
    }

    /// Tells who is banned, by numbers that `/unban` takes.
    pub(super) fn tell_bans(&mut self, status: &Status, now: LocalTime) {
        let Some(room) = &status.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        if !self.may(RoomAct::SeeBans) {
            return self.answer(spoken::sentence(Refusal::NotHost.words()));
        }
        if room.bans.is_empty() {
            return self.answer(spoken::sentence(strings::NOBODY_BANNED));
        }
        let wall = self.clock.now(now);
        for (number, ban) in room.bans.iter().enumerate() {
            let words = strings::is_banned(ban.name.as_str(), ban.left(wall));
            self.answer(spoken::numbered(number + 1, &words));
        }
    }

    /// Tells how everybody follows, in numbers.
    pub(super) fn tell_details(&mut self, status: &Status) {
        let Some(room) = &status.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        if status.link != LinkState::Up {
            return self.answer(spoken::NOT_CONNECTED.to_owned());
        }
        self.answer(format!("{}.", strings::SYNC_DETAILS));
        for MemberStatus { member, telemetry } in roster(room) {
            match telemetry {
                Some(telemetry) => self.answer(spoken::figures(member.name.as_str(), telemetry)),
                None => self.answer(format!("{}: {}.", member.name, spoken::NO_FIGURES)),
            }
        }
        let minute = &status.minute;
        self.answer(spoken::minute(minute.corrections, minute.seeks, minute.stalls));
    }

    /// Tells how the user's player plays.
    pub(super) fn tell_player(&mut self, status: &Status) {
        let own = Bridge::own_player(status);
        self.answer(format!("{}.", strings::PLAYER_TITLE));
        match &own.facts {
            Some(facts) => spoken::player(facts)
                .into_iter()
                .for_each(|words| self.answer(words)),
            None => self.answer(spoken::sentence(strings::NO_FACTS)),
        }
        let position = status.room.as_ref().map(|room| room.position);
        if let Some(chapter) = position.and_then(|position| own.chapter_at(position)) {
            let title = own.chapters[chapter].title.as_str();
            self.answer(spoken::chapter(chapter + 1, own.chapters.len(), title));
        }
    }

    /// Tells what is on and where it is.
    pub(super) fn tell_where(&mut self, status: &Status) {
        let Some(room) = &status.room else {
            return self.answer(spoken::NO_ROOM.to_owned());
        };
        let Some((_, item)) = &room.item else {
            return self.answer(spoken::sentence(strings::NO_ITEM));
        };
        let place = spoken::position_of(room.position, item.duration());
        let motion = match room.playback {
            Playback::Playing => strings::PLAYING,
            Playback::Paused => strings::PAUSED,
            Playback::Preparing => strings::STARTING,
        };
        let speed = if room.rate == Rate::NORMAL {
            String::new()
        } else {
            format!(", speed {}", spoken::speed(room.rate))
        };
        self.answer(format!("{}, at {place}, {motion}{speed}.", item.title));
    }

    /// Tells how others get in, and what is known of whether they can.
    pub(super) fn tell_invite(&mut self) {
        let Some(card) = self.card.clone() else {
            return self.answer(spoken::sentence(strings::NO_INVITE));
        };
        let line = strings::invite_line(card.invite.as_str());
        self.answer(format!("{} {line}", strings::INVITE_LEAD));
        if let Some(local) = &card.local {
            let line = strings::invite_line(local.as_str());
            self.answer(format!("{} {line}", spoken::INVITE_LOCAL));
        }
        if let Some(words) = strings::other_port_of(&card.reach) {
            self.answer(words);
        }
        self.answer(strings::INVITE_NEED.to_owned());
        if let Some(words) = strings::reachability(&card.reach) {
            self.answer(words);
            self.answer(strings::INVITE_VALID.to_owned());
        }
    }

    /// Tells what can be typed, or what of it speaks of a word.
    pub(super) fn tell_help(&mut self, word: Option<&str>) {
        let word = word.map(|word| word.trim_start_matches('/').to_lowercase());
        let is_wanted = |action: &&Action| {
            word.as_ref().is_none_or(|word| {
                let slash = action.slash_form().map_or("", |slash| slash.word);
                [action.help, action.label, action.name, slash]
                    .iter()
                    .any(|text| text.to_lowercase().contains(word.as_str()))
            })
        };
        let lines: Vec<String> = ACTIONS
            .iter()
            .filter(|action| acts::is_by_lines(action.id))
            .filter(is_wanted)
            .filter_map(|action| Some(spoken::help(action.slash_form()?, action.help)))
            .collect();
        if lines.is_empty() {
            return self.answer(spoken::sentence(strings::HELP_NOTHING));
        }
        if word.is_none() {
            self.answer(spoken::HELP_LEAD.to_owned());
        }
        for line in lines {
            self.answer(line);
        }
    }

    /// Returns the member that is meant by a number of the last list.
    pub(super) fn listed(&self, number: usize, status: &Status) -> Option<MemberId> {
        let index = number.checked_sub(1)?;
        if self.listed.is_empty() {
            let room = status.room.as_ref()?;
            return roster(room).get(index).map(|status| status.member.id);
        }
        self.listed.get(index).copied()
    }
}

/// Returns the members in the order of the roster: the host, then as they came.
fn roster(room: &RoomStatus) -> Vec<&MemberStatus> {
    let (mut first, rest): (Vec<&MemberStatus>, Vec<&MemberStatus>) = room
        .members
        .iter()
        .partition(|status| Some(status.member.id) == room.host);
    first.extend(rest);
    first
}
