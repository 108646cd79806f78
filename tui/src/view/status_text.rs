//! The texts of the status.

use std::collections::BTreeMap;

use watchtogether_protocol::message::roster;
use watchtogether_protocol::narration::OfflineFilm;
use watchtogether_protocol::{LocalTime, MemberId};

use crate::action::ActionId;
use crate::model::Room;
use crate::strings::{self, Who};
use crate::text;
use crate::theme::Role;
use crate::update::{Measured, RoomRequest, Status};

/// The text of a status, ready for display.
pub(super) struct StatusText {
    /// The status with its number.
    pub(super) first: String,
    /// Further details.
    pub(super) rest: Option<String>,
    /// The colour.
    pub(super) role: Role,
    /// The action that the user can take.
    pub(super) way: Option<ActionId>,
}

impl StatusText {
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

    /// Adds an action, if the user may take it.
    fn way_where_permitted(self, room: &Room, way: ActionId) -> Self {
        Self {
            way: room.permits(way).then_some(way),
            ..self
        }
    }
}

/// Returns the text for the state of a room in one line, with its colour.
pub(super) fn in_one(room: &Room, now: LocalTime) -> (String, Role) {
    let StatusText {
        first, rest, role, ..
    } = of(room, now);
    let words = match rest {
        Some(rest) => format!("{first}{}{rest}", strings::DOT),
        None => first,
    };
    (words, role)
}

/// Returns the text for the state of a room.
pub(super) fn of(room: &Room, now: LocalTime) -> StatusText {
    let Some(stop) = &room.stop else {
        return of_status(room, now);
    };
    let first = msg!("disconnected", why = text::safe(stop.words.as_str()));
    StatusText::new(first, Role::Alarm).way(if stop.may_retry {
        ActionId::Retry
    } else {
        ActionId::Leave
    })
}

fn of_status(room: &Room, now: LocalTime) -> StatusText {
    match &room.status {
        Status::Comparing => StatusText::new(msg!("comparing"), Role::Busy),
        Status::NoItem => StatusText::new(msg!("no-item"), Role::Plain),
        Status::Loading => StatusText::new(msg!("loading"), Role::Busy),
        Status::Searching { title, folders } => StatusText::new(
            strings::searching(&text::safe(title.as_str()), *folders),
            Role::Busy,
        ),
        Status::InSync(Measured::Spread(spread)) => {
            StatusText::new(strings::in_sync(*spread), Role::Good).with(strings::your_copy(room.own_file()))
        }
        Status::InSync(Measured::NotYet) | Status::Watching => {
            StatusText::new(msg!("playing"), Role::Plain).with(strings::your_copy(room.own_file()))
        }
        Status::Settling { spread } => StatusText::new(strings::settling(*spread), Role::Busy),
        Status::CatchingUp { behind, speed } => {
            StatusText::new(strings::catching_up(*behind, *speed), Role::Busy)
        }
        Status::SlowingDown { ahead, speed } => {
            StatusText::new(strings::slowing_down(*ahead, *speed), Role::Busy)
        }
        Status::Jumped { by } => StatusText::new(strings::jumped(*by), Role::Busy),
        Status::OutOfSync { drift } => {
            StatusText::new(strings::out_of_sync(*drift), Role::Bad).way(ActionId::SyncNow)
        }
        Status::TooSlow => StatusText::new(msg!("too-slow"), Role::Bad),
        Status::NotResponding => StatusText::new(msg!("not-responding"), Role::Bad),
        Status::CopyEnded { at } => StatusText::new(strings::copy_ended(*at), Role::Bad),
        Status::Buffering { percent, room_waits } => {
            StatusText::new(strings::buffering(*percent), Role::Busy)
                .with(room_waits.then(|| msg!("room-waits").to_owned()))
        }
        Status::Waiting { who } => StatusText::new(
            strings::waiting_for(&awaited_members(room, &who.who), who.count),
            Role::Busy,
        )
        .way_where_permitted(room, ActionId::GoOn),
        Status::Seeking { to, there, of } => StatusText::new(strings::seeking(*to, *there, *of), Role::Busy),
        Status::Starting { at } => StatusText::new(strings::starting(at.saturating_since(now)), Role::Good),
        Status::Paused { by } => {
            let by = by.map(|by| room.who(by));
            StatusText::new(strings::paused(by.as_ref()), Role::Plain)
                .way_where_permitted(room, ActionId::PlayPause)
        }
        Status::Ended => StatusText::new(msg!("ended"), Role::Plain),
        Status::NoPlayer { reason } => {
            StatusText::new(text::safe(&strings::no_player(reason)), Role::Bad).way(ActionId::Reopen)
        }
        Status::PlayerFailed { reason } => {
            StatusText::new(text::safe(&strings::player_failed(reason.as_ref())), Role::Bad)
                .way(ActionId::Reopen)
        }
        Status::LackFile { title } => StatusText::new(strings::lack_file(Some(title)), Role::Bad)
            .with(Some(msg!("type-open").to_owned()))
            .way(ActionId::Reopen),
        Status::OtherFile { title, longer_by } => {
            let words = strings::other_file(&text::safe(title.as_str()), *longer_by);
            StatusText::new(words, Role::Bad)
        }
        Status::Silent { film } => StatusText::new(msg!("silent"), Role::Bad).with(film_words(*film)),
        Status::Reconnecting { attempt, at, film } => {
            let words = strings::reconnecting(at.saturating_since(now), *attempt);
            StatusText::new(words, Role::Alarm).with(film_words(*film))
        }
        Status::Asked(asked) => StatusText::new(strings::asked(asked, &next_host(room, asked)), Role::Busy),
    }
}

/// Returns the members that the room waits for, the user first, each with the percentage of a buffering player. Passes over the
/// members only once, however many the room waits for.
fn awaited_members(room: &Room, who: &[MemberId]) -> Vec<(Who, Option<u8>)> {
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

/// Returns the name of the member that the user asked to make host.
fn next_host(room: &Room, asked: &RoomRequest) -> String {
    match asked {
        RoomRequest::HandOver { to } => room.name_of(*to),
        RoomRequest::Play
        | RoomRequest::Pause
        | RoomRequest::Seek { .. }
        | RoomRequest::SetRate(_)
        | RoomRequest::GoOn
        | RoomRequest::Undo => String::new(),
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
