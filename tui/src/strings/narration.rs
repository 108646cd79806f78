//! Texts of the narration, in the chat and over the film.

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, PlayerState};
use watchtogether_protocol::message::standing::{NotReady, Standing};
use watchtogether_protocol::narration::{
    CopyNews, Fact, Happening, IgnoredRequest, LocalPauseReason, OfflineFilm, Person, PlayerNews, Presence,
    RoomMove,
};
use watchtogether_protocol::{Clean, MemberName};

use super::undo::UndoneNames;
use super::{Who, title, who};
use crate::text;

/// The cells that fit a row over the film, in a window a little wider than 4:3.
const OVER_FILM: usize = 36;

/// Returns the line in the chat; `None` if the screen shows the fact in another way or not at all.
pub fn narration(happening: &Happening) -> Option<String> {
    let actor = || who(happening.actor.as_ref());
    Some(match &happening.fact {
        Fact::Presence { change, by } => {
            super::came_or_went(&[&actor()], &[*change], super::is_you(by.as_ref()))
        }
        Fact::Standing { was, is } => return silence(&actor(), *was, *is),
        Fact::Copy { film, news } => copy_news(&actor(), film.as_ref(), *news),
        Fact::BecameHost { reason } => return became_host(happening.actor.as_ref(), *reason),
        Fact::Moved(change) => moved(&actor(), *change),
        Fact::Played { .. } => super::played(&actor()),
        Fact::Paused { position, .. } => super::paused_at(&actor(), *position),
        Fact::RateChanged { rate, .. } => super::rate_changed(&actor(), *rate),
        Fact::Seek { from, to, .. } => super::went(&actor(), *from, *to),
        Fact::ItemSet { item, is_undo: false } => {
            super::item_set(&actor(), item.title.as_str(), item.duration())
        }
        Fact::LengthFound { item, is_complete } => {
            let duration = item.duration().filter(|_| *is_complete)?;
            super::final_length(item.title.as_str(), duration)
        }
        Fact::CopyCompared {
            film,
            file,
            is_own_choice,
        } => {
            let words = super::file_compared(film.as_str(), *file);
            return words.filter(|_| !(*is_own_choice && *file == FileMatch::Same));
        }
        Fact::SettingChanged {
            setting,
            is_undo: false,
        } => super::setting_changed(&actor(), setting),
        Fact::Undid { change, was_undo, .. } => super::undone(change, *was_undo, &undone_names(happening)?),
        Fact::BansLifted { names } => {
            let names: Vec<String> = names.iter().map(name).collect();
            super::may_come_in(&names)
        }
        Fact::Storage { is_failing: true } => msg!("not-saved").to_owned(),
        Fact::Storage { is_failing: false } => msg!("saved-again").to_owned(),
        Fact::SeatNotKept { reason } => super::seat_not_saved(reason.as_str()),
        Fact::NoCopy { film } => super::no_copy(film.as_ref()),
        Fact::Player(news) => return player(news),
        Fact::WindowRequestUndone { reason, is_back } => {
            let host = match reason {
                IgnoredRequest::NotHost { host: Some(host) } => Some(name(&host.name)),
                IgnoredRequest::NotHost { host: None } => None,
                IgnoredRequest::RoomIsOver | IgnoredRequest::NoLink { .. } => {
                    return Some(ignored_request_text(reason));
                }
            };
            super::request_undone(host.as_deref(), *is_back)
        }
        Fact::Refused { reason, host, .. } => refused(*reason, host.as_ref()),
        Fact::BeyondEnd { length } => {
            super::with_hint(&super::film_is_long(*length), Some(&super::time_forms()))
        }
        Fact::Offline => msg!("offline").to_owned(),
        Fact::LinkLost { reason, .. } => super::link_lost(reason),
        Fact::LinkBack { .. } => msg!("link-back").to_owned(),
        Fact::ItemSet { is_undo: true, .. }
        | Fact::SettingChanged { is_undo: true, .. }
        | Fact::ChatRefused { .. }
        | Fact::NextAttempt { .. }
        | Fact::PausedHere { .. }
        | Fact::ServerAnswers
        | Fact::StillWaiting { .. }
        | Fact::RoomClosed => return None,
    })
}

/// Says that a member's client stopped answering, or answers again. Other changes of a standing are shown next to the name.
fn silence(who: &Who, was: Standing, is: Standing) -> Option<String> {
    let silent = Some(NotReady::Silent);
    if is.why_not() == silent {
        return Some(super::not_ready(who.label(), NotReady::Silent));
    }
    (was.why_not() == silent && is.why_not().is_none()).then(|| super::responds_again(who))
}

/// Returns the line over the film: actions of others that change the picture, and why a key had no effect. The user sees the
/// effect of their own actions anyway.
pub fn over_film(happening: &Happening) -> Option<String> {
    line_over_film(happening).map(|line| breakable(&line))
}

/// Breaks the words that are too long for a row of the player, which breaks lines only between words.
fn breakable(line: &str) -> String {
    let broken = line.split(' ').map(|word| text::wrap(word, OVER_FILM).join("\n"));
    broken.collect::<Vec<_>>().join(" ")
}

fn line_over_film(happening: &Happening) -> Option<String> {
    if happening.is_own() {
        return None;
    }
    let actor = happening.actor.as_ref().map(|actor| who(Some(actor)));
    match (&happening.fact, &actor) {
        (Fact::Played { .. }, Some(actor)) => Some(super::played(actor)),
        (Fact::Paused { .. }, Some(actor)) => Some(msg!("over-paused", who = actor)),
        (Fact::Seek { to, .. }, Some(actor)) => Some(msg!("over-went", who = actor, to = *to)),
        (Fact::RateChanged { rate, .. }, Some(actor)) => Some(super::rate_changed(actor, *rate)),
        (Fact::ItemSet { item, is_undo: false }, Some(actor)) => {
            Some(super::item_set(actor, &text::safe(item.title.as_str()), None))
        }
        (
            Fact::SettingChanged {
                setting,
                is_undo: false,
            },
            Some(actor),
        ) => Some(super::setting_changed(actor, setting)),
        (Fact::Undid { change, was_undo, .. }, Some(actor)) => {
            let now = super::undo::outcome(change, &undone_names(happening)?);
            Some(if *was_undo {
                msg!("over-redid", who = actor, now = now)
            } else {
                msg!("over-undid", who = actor, now = now)
            })
        }
        (Fact::Presence { change, .. }, Some(actor)) => match change {
            Presence::Left(LeaveReason::Kicked { .. }) => Some(msg!("over-kicked", who = actor)),
            Presence::Left(LeaveReason::Banned { .. }) => Some(msg!("over-banned", who = actor)),
            Presence::Left(LeaveReason::Left | LeaveReason::LinkLost | LeaveReason::Disconnected) => {
                Some(msg!("over-left", who = actor))
            }
            Presence::ConnectionLost => Some(msg!("over-lost", who = actor)),
            Presence::Joined | Presence::ConnectionBack => None,
        },
        (Fact::WindowRequestUndone { reason, .. }, _) => Some(ignored_request_text(reason)),
        (Fact::NoCopy { film }, _) => Some(super::lack_file(film.as_ref())),
        (Fact::PausedHere { reason }, _) => Some(match reason {
            LocalPauseReason::NoLink => msg!("over-paused-no-link").to_owned(),
            LocalPauseReason::Closed(code) => msg!("over-paused-closed", why = super::closed(*code)),
        }),
        (Fact::StillWaiting { people, count }, _) if people.is_empty() => {
            Some(msg!("waiting-count", count = *count))
        }
        (Fact::StillWaiting { people, .. }, _) => {
            let names: Vec<String> = people.iter().map(name_with_player).collect();
            Some(msg!("over-waiting", names = super::list(&names)))
        }
        _ => None,
    }
}

/// Returns why a key of the player's window has no effect, in few words.
fn ignored_request_text(reason: &IgnoredRequest) -> String {
    match reason {
        IgnoredRequest::RoomIsOver => msg!("request-ignored-over").to_owned(),
        IgnoredRequest::NoLink {
            film: OfflineFilm::PlaysOn,
        } => msg!("request-ignored-offline").to_owned(),
        IgnoredRequest::NoLink { .. } => msg!("no-connection").to_owned(),
        IgnoredRequest::NotHost { host: Some(host) } => msg!("request-ignored-host", host = name(&host.name)),
        IgnoredRequest::NotHost { host: None } => msg!("request-ignored-nobody").to_owned(),
    }
}

fn name_with_player((person, player): &(Person, PlayerState)) -> String {
    let who = who(Some(person));
    match player {
        PlayerState::Buffering { percent } => msg!("over-buffering", who = &who, percent = *percent),
        PlayerState::Loading | PlayerState::Searching { .. } => msg!("over-loading", who = &who),
        PlayerState::None
        | PlayerState::Closed
        | PlayerState::Idle
        | PlayerState::NoCopy
        | PlayerState::Following
        | PlayerState::CatchingUp { .. }
        | PlayerState::Detached
        | PlayerState::Ended { .. }
        | PlayerState::TooSlow
        | PlayerState::NotResponding
        | PlayerState::Failed { .. } => who.label().to_owned(),
    }
}

fn moved(actor: &Who, change: RoomMove) -> String {
    match change {
        RoomMove::Ended => msg!("event-ended").to_owned(),
        RoomMove::Waiting => super::event_waiting(actor),
        RoomMove::Resumed => msg!("event-went-on").to_owned(),
        RoomMove::Restored => msg!("event-restored").to_owned(),
    }
}

/// Returns who is host now; `None` after an undo, which has its own line.
pub(super) fn became_host(host: Option<&Person>, reason: HostChangeReason) -> Option<String> {
    (reason != HostChangeReason::Undone).then(|| super::host_changed(&who(host), reason))
}

/// Returns the reason of a refusal, with how to get it done if only the host may do it.
pub(super) fn refused(reason: Refusal, host: Option<&Person>) -> String {
    match (reason, host) {
        (Refusal::NotHost, Some(host)) => super::host_only(&name(&host.name)),
        _ => super::refusal(reason).to_owned(),
    }
}

fn copy_news(actor: &Who, film: Option<&Clean>, news: CopyNews) -> String {
    match news {
        CopyNews::NotReady(NotReady::Player(PlayerState::NoCopy)) => {
            msg!("event-lacks", who = actor, title = title(film))
        }
        CopyNews::NotReady(reason) => super::not_ready(actor.label(), reason),
        CopyNews::IsBack => msg!("event-watches-again", who = actor),
        CopyNews::OtherCopy { longer_by } => super::has_other_copy(actor, film, longer_by),
    }
}

fn player(news: &PlayerNews) -> Option<String> {
    Some(match news {
        PlayerNews::Notice(notice) => super::player_notice(*notice).to_owned(),
        PlayerNews::OpenFailed { what, reason } => super::not_opened(what.as_ref(), reason),
        PlayerNews::Closed => msg!("event-player-closed").to_owned(),
        PlayerNews::Gone {
            reason,
            log,
            is_restarting,
        } => {
            let why = super::player_end(reason);
            let words = if *is_restarting {
                msg!("event-player-restarts", why = why)
            } else {
                msg!("event-player-gone", why = why)
            };
            super::with_hint(&words, super::player_hint(reason, log.as_ref()).as_deref())
        }
        PlayerNews::Starting
        | PlayerNews::Started { .. }
        | PlayerNews::Opening
        | PlayerNews::Opened { .. }
        | PlayerNews::NoCopy
        | PlayerNews::Buffering { .. }
        | PlayerNews::Refilled => return None,
    })
}

/// Returns the names for the line about an undo; `None` for anything else.
pub(super) fn undone_names(happening: &Happening) -> Option<UndoneNames> {
    let Fact::Undid {
        author, host, film, ..
    } = &happening.fact
    else {
        return None;
    };
    let by = happening.actor.as_ref();
    let is_own = author.is_some() && author.as_ref().map(|a| a.id) == by.map(|by| by.id);
    Some(UndoneNames {
        who: who(by),
        author: (!is_own).then(|| who(author.as_ref())),
        host: who(host.as_ref()),
        film: film.clone(),
    })
}

pub(super) fn name(name: &MemberName) -> String {
    text::safe(name.as_str())
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MediaTime;

    use super::*;

    fn person(name: &str, is_you: bool) -> Person {
        Person {
            id: watchtogether_protocol::MemberId(7),
            name: name.parse().expect("a name"),
            is_you,
        }
    }

    #[test]
    fn a_time_beyond_the_end_is_a_line_with_the_length_and_the_forms_of_a_time() {
        let length = MediaTime::from_millis(60_000);

        let words = narration(&Happening::of(Fact::BeyondEnd { length })).expect("a line");

        assert!(words.starts_with("the film is 01:00 long"), "{words}");
        assert!(words.contains("1:02:03"), "{words}");
    }

    #[test]
    fn nothing_that_the_reader_did_is_shown_over_the_film() {
        let item = watchtogether_protocol::Item {
            title: Clean::line("Film"),
            length: watchtogether_protocol::Length::Unknown,
            source: watchtogether_protocol::ItemSource::File {
                size: 1,
                fingerprint: watchtogether_protocol::item::Fingerprint([0; 32]),
            },
        };
        let over = |is_you| {
            over_film(&Happening {
                actor: Some(person("bo", is_you)),
                fact: Fact::ItemSet {
                    item: item.clone(),
                    is_undo: false,
                },
            })
        };

        assert_eq!(over(false).as_deref(), Some("bo started Film"));
        assert_eq!(over(true), None);
    }

    #[test]
    fn a_long_word_over_the_film_is_broken_and_other_lines_are_left_to_the_player() {
        let wide = "長".repeat(40);

        assert_eq!(
            breakable(&format!("bo renamed the room to {wide}")),
            format!(
                "bo renamed the room to {}\n{}\n{}",
                "長".repeat(18),
                "長".repeat(18),
                "長".repeat(4)
            )
        );
        let line = "a line of many short words that is longer than one row";
        assert_eq!(breakable(line), line);
    }

    #[test]
    fn awaited_members_are_named_over_the_film_with_their_state() {
        let buffering = PlayerState::Buffering { percent: 10 };
        let people = vec![
            (person("ana", true), PlayerState::Following),
            (person("bo", false), buffering),
        ];

        let words = over_film(&Happening::of(Fact::StillWaiting { people, count: 2 }));

        assert_eq!(words.as_deref(), Some("waiting for you and bo (buffering 10 %)"));
    }
}
