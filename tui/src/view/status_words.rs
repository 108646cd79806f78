//! The words for the state of things.

use std::collections::BTreeMap;

use watchtogether_protocol::message::roster;
use watchtogether_protocol::narration::OfflineFilm;
use watchtogether_protocol::{LocalTime, MemberId};

use crate::action::ActionId;
use crate::model::Room;
use crate::strings::{self, Who};
use crate::text;
use crate::theme::Role;
use crate::update::{Asked, Measured, Status};

/// The words for a state, ready to be shown.
pub(super) struct Words {
    /// The state with its number.
    pub(super) first: String,
    /// More about it.
    pub(super) rest: Option<String>,
    /// The colour.
    pub(super) role: Role,
    /// The way out of it.
    pub(super) way: Option<ActionId>,
}

impl Words {
    fn new(first: impl Into<String>, role: Role) -> Self {
        Self {
            first: first.into(),
            rest: None,
            role,
            way: None,
        }
    }

    fn with(self, rest: Option<String>) -> Self {
        Self { rest, ..self }
    }

    fn way(self, way: ActionId) -> Self {
        Self {
            way: Some(way),
            ..self
        }
    }

    /// Adds a way out, for whoever may take it.
    fn way_where_permitted(self, room: &Room, way: ActionId) -> Self {
        Self {
            way: room.permits(way).then_some(way),
            ..self
        }
    }
}

/// Returns the words for the state of a room in one line, with their colour.
pub(super) fn in_one(room: &Room, now: LocalTime) -> (String, Role) {
    let Words {
        first, rest, role, ..
    } = of(room, now);
    let words = match rest {
        Some(rest) => format!("{first}{}{rest}", strings::DOT),
        None => first,
    };
    (words, role)
}

/// Returns the words for the state of a room.
pub(super) fn of(room: &Room, now: LocalTime) -> Words {
    let Some(stop) = &room.stop else {
        return of_status(room, now);
    };
    let first = msg!("disconnected", why = text::safe(stop.words.as_str()));
    Words::new(first, Role::Alarm).way(if stop.may_retry {
        ActionId::Retry
    } else {
        ActionId::Leave
    })
}

fn of_status(room: &Room, now: LocalTime) -> Words {
    match &room.status {
        Status::Comparing => Words::new(msg!("comparing"), Role::Busy),
        Status::NoItem => Words::new(msg!("no-item"), Role::Plain),
        Status::Loading => Words::new(msg!("loading"), Role::Busy),
        Status::Searching { title, folders } => Words::new(
            strings::searching(&text::safe(title.as_str()), *folders),
            Role::Busy,
        ),
        Status::InSync(Measured::Spread(spread)) => {
            Words::new(strings::in_sync(*spread), Role::Good).with(strings::your_copy(room.own_file()))
        }
        Status::InSync(Measured::NotYet) | Status::Watching => {
            Words::new(msg!("playing"), Role::Plain).with(strings::your_copy(room.own_file()))
        }
        Status::Settling { spread } => Words::new(strings::settling(*spread), Role::Busy),
        Status::CatchingUp { behind, speed } => Words::new(strings::catching_up(*behind, *speed), Role::Busy),
        Status::SlowingDown { ahead, speed } => Words::new(strings::slowing_down(*ahead, *speed), Role::Busy),
        Status::Jumped { by } => Words::new(strings::jumped(*by), Role::Busy),
        Status::OutOfSync { drift } => {
            Words::new(strings::out_of_sync(*drift), Role::Bad).way(ActionId::SyncNow)
        }
        Status::TooSlow => Words::new(msg!("too-slow"), Role::Bad),
        Status::NotResponding => Words::new(msg!("not-responding"), Role::Bad),
        Status::CopyEnded { at } => Words::new(strings::copy_ended(*at), Role::Bad),
        Status::Buffering { percent, room_waits } => Words::new(strings::buffering(*percent), Role::Busy)
            .with(room_waits.then(|| msg!("room-waits").to_owned())),
        Status::Waiting { who } => Words::new(strings::waiting_for(&awaited(room, who)), Role::Busy)
            .way_where_permitted(room, ActionId::GoOn),
        Status::Seeking { to, there, of } => Words::new(strings::seeking(*to, *there, *of), Role::Busy),
        Status::Starting { at } => Words::new(strings::starting(at.saturating_since(now)), Role::Good),
        Status::Paused { by } => {
            let by = by.map(|by| room.who(by));
            Words::new(strings::paused(by.as_ref()), Role::Plain)
                .way_where_permitted(room, ActionId::PlayPause)
        }
        Status::Ended => Words::new(msg!("ended"), Role::Plain),
        Status::NoPlayer { why } => {
            Words::new(strings::no_player(&text::safe(why.as_str())), Role::Bad).way(ActionId::Reopen)
        }
        Status::PlayerFailed { why } => {
            Words::new(strings::player_failed(&text::safe(why.as_str())), Role::Bad).way(ActionId::Reopen)
        }
        Status::LackFile { title } => Words::new(strings::lack_file(&text::safe(title.as_str())), Role::Bad)
            .with(Some(msg!("type-open").to_owned()))
            .way(ActionId::Reopen),
        Status::OtherFile { title, longer_by } => {
            let words = strings::other_file(&text::safe(title.as_str()), *longer_by);
            Words::new(words, Role::Bad)
        }
        Status::Silent { film } => Words::new(msg!("silent"), Role::Bad).with(film_words(*film)),
        Status::Reconnecting { attempt, at, film } => {
            let words = strings::reconnecting(at.saturating_since(now), *attempt);
            Words::new(words, Role::Alarm).with(film_words(*film))
        }
        Status::Asked(asked) => Words::new(strings::asked(asked, &heir(room, asked)), Role::Busy),
    }
}

/// Returns the members that the room waits for, the user first, each with the percentage of a player that buffers. One
/// pass over the members, however many it waits for.
fn awaited(room: &Room, who: &[MemberId]) -> Vec<(Who, Option<u8>)> {
    let known: BTreeMap<MemberId, &roster::Member> =
        room.members.iter().map(|member| (member.id, member)).collect();
    let (you, others): (Vec<MemberId>, Vec<MemberId>) = who.iter().partition(|id| **id == room.you);
    you.into_iter()
        .chain(others)
        .map(|id| match known.get(&id) {
            Some(member) if id == room.you => (Who::You, member.report.player.buffering()),
            Some(member) => (
                Who::Named(text::safe(member.name.as_str())),
                member.report.player.buffering(),
            ),
            None => (Who::Somebody, None),
        })
        .collect()
}

/// Returns the name of the member whom the user asked to hand the room to.
fn heir(room: &Room, asked: &Asked) -> String {
    match asked {
        Asked::HandOver { to } => room.name_of(*to),
        Asked::Play | Asked::Pause | Asked::Seek { .. } | Asked::SetRate(_) | Asked::GoOn | Asked::Undo => {
            String::new()
        }
    }
}

fn film_words(film: OfflineFilm) -> Option<String> {
    match film {
        OfflineFilm::PlaysOn => Some(msg!("plays-on").to_owned()),
        OfflineFilm::PausedHere => Some(msg!("paused-here").to_owned()),
        OfflineFilm::NoFilm => None,
    }
}

/// Returns the word for a role.
pub(super) fn role_word(role: roster::Role) -> &'static str {
    match role {
        roster::Role::Host => msg!("host"),
        roster::Role::CoHost => msg!("co-host"),
        roster::Role::Viewer => msg!("viewer"),
    }
}
