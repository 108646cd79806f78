//! Answers to questions: who is here, sync in numbers, the user's player, the film's position, the invite, the help.

use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{LocalTime, MemberId, Rate};

use super::{Plain, actions, updates};
use crate::action::{ACTIONS, Action};
use crate::model::Room;
use crate::strings::{self, spoken};

impl Plain {
    /// Lists the people, with numbers for `/host`.
    pub(super) fn print_people(&mut self) {
        let Some(room) = &self.room else {
            return self.answer(msg!("spoken-no-room").to_owned());
        };
        let is_up = !room.is_offline();
        let roster = room.roster();
        let lines: Vec<String> = roster
            .iter()
            .zip(1..)
            .map(|(member, number)| {
                let role = match room.role_of(member) {
                    Role::Host => Some(msg!("host")),
                    Role::CoHost => Some(msg!("co-host")),
                    Role::Viewer => None,
                };
                let is_you = member.id == room.you;
                let known = is_up.then(|| (room.standing(member), member.report.file));
                let telemetry = room.telemetry.get(&member.id);
                let words = spoken::member(member.name.as_str(), is_you, role, known, telemetry);
                spoken::numbered(number, &words)
            })
            .collect();
        self.listed = roster.iter().map(|member| member.id).collect();
        if !is_up {
            self.answer(msg!("spoken-not-connected").to_owned());
        }
        self.answer_all(lines);
    }

    /// Lists the bans, with numbers for `/unban`.
    pub(super) fn print_bans(&mut self, now: LocalTime) {
        let Some(room) = &self.room else {
            return self.answer(msg!("spoken-no-room").to_owned());
        };
        if !room.may(RoomAct::SeeBans) {
            return self.answer(spoken::not_done(strings::refusal(Refusal::NotHost), None));
        }
        if room.bans.is_empty() {
            return self.answer(msg!("spoken-nobody-banned").to_owned());
        }
        let wall = self.clock.now(now);
        let bans = room.bans.iter().zip(1..);
        let lines = bans.map(|(ban, number)| {
            let words = strings::is_banned(ban.name.as_str(), ban.left(wall));
            spoken::numbered(number, &words)
        });
        self.answer_all(lines.collect());
    }

    /// Reports everybody's sync in numbers.
    pub(super) fn print_details(&mut self) {
        let Some(room) = &self.room else {
            return self.answer(msg!("spoken-no-room").to_owned());
        };
        if room.is_offline() {
            return self.answer(msg!("spoken-not-connected").to_owned());
        }
        let mut lines = vec![msg!("spoken-details-lead").to_owned()];
        let roster = room.roster().into_iter();
        lines.extend(roster.map(|member| match room.telemetry.get(&member.id) {
            Some(telemetry) => spoken::figures(member.name.as_str(), telemetry),
            None => msg!("spoken-no-figures", name = &member.name),
        }));
        let minute = room.local_player.minute;
        lines.push(spoken::minute(minute.corrections, minute.seeks, minute.stalls));
        self.answer_all(lines);
    }

    /// Reports details about the user's player.
    pub(super) fn print_player(&mut self, now: LocalTime) {
        let mut lines = vec![msg!("spoken-player-lead").to_owned()];
        match self
            .room
            .as_ref()
            .and_then(|room| room.local_player.facts.as_ref())
        {
            Some(facts) => lines.extend(spoken::player(facts)),
            None => lines.push(msg!("spoken-no-facts").to_owned()),
        }
        lines.extend(self.room.as_ref().and_then(|room| {
            let player = &room.local_player;
            let chapter = player.chapter_at(room.position_at(now))?;
            let title = player.chapters[chapter].title.as_str();
            Some(spoken::chapter(chapter + 1, player.chapters.len(), title))
        }));
        self.answer_all(lines);
    }

    /// Reports the current item and its position.
    pub(super) fn print_position(&mut self, now: LocalTime) {
        let Some(room) = &self.room else {
            return self.answer(msg!("spoken-no-room").to_owned());
        };
        let Some(transport) = &room.transport else {
            return self.answer(msg!("spoken-no-item").to_owned());
        };
        let rate = (transport.rate != Rate::NORMAL).then_some(transport.rate);
        self.answer(updates::place_in_words(transport, rate, now));
    }

    /// Reports the invite, and whether it is known to work.
    pub(super) fn print_invite(&mut self) {
        let Some(card) = self.room.as_ref().and_then(|room| room.invite.clone()) else {
            return self.answer(msg!("spoken-no-invite").to_owned());
        };
        let line = strings::invite_line(card.invite.as_str());
        self.answer(msg!("spoken-invite", line = line));
        if let Some(local) = &card.local {
            let line = strings::invite_line(local.as_str());
            self.answer(msg!("spoken-invite-local", line = line));
        }
        if let Some(words) = strings::other_port_of(&card.reach) {
            self.answer(words);
        }
        self.answer(msg!("invite-need").to_owned());
        if let Some(words) = strings::reachability(&card.reach) {
            self.answer(words);
            self.answer(msg!("invite-valid").to_owned());
        }
    }

    /// Lists the commands, or those that match a word.
    pub(super) fn print_help(&mut self, word: Option<&str>) {
        let word = word.map(|word| word.trim_start_matches('/').to_lowercase());
        let is_wanted = |action: &&Action| {
            word.as_ref().is_none_or(|word| {
                let slash = action.slash_form().map_or("", |slash| slash.word);
                [action.help(), action.label(), action.name, slash]
                    .iter()
                    .any(|text| text.to_lowercase().contains(word.as_str()))
            })
        };
        let lines: Vec<String> = ACTIONS
            .iter()
            .filter(|action| actions::is_by_lines(action.id))
            .filter(is_wanted)
            .filter_map(|action| Some(spoken::help(action.slash_form()?, action.help())))
            .collect();
        if lines.is_empty() {
            return self.answer(msg!("spoken-help-nothing").to_owned());
        }
        if word.is_none() {
            self.answer(msg!("spoken-help-lead").to_owned());
        }
        self.answer_all(lines);
    }

    /// Returns the member with a number in the last list.
    pub(super) fn listed(&self, number: usize) -> Option<MemberId> {
        let index = number.checked_sub(1)?;
        if self.listed.is_empty() {
            let roster = self.room.as_ref().map(Room::roster)?;
            return roster.get(index).map(|member| member.id);
        }
        self.listed.get(index).copied()
    }

    fn answer_all(&mut self, lines: Vec<String>) {
        for line in lines {
            self.answer(line);
        }
    }
}
