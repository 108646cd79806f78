//! The answer to a script's command: which event of the session brings it, and how.
//!
//! A command is answered when the room has reached the requested state, when the command was refused, or when it needs a
//! connection and there is none. If the state has already been reached, the answer comes immediately ([`is_satisfied`]).

use watchtogether_protocol::message::room::Request;
use watchtogether_protocol::message::undo::Change;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{MediaTime, MemberId, Playback, RoomIntent};
use watchtogether_tui::msg;
use watchtogether_tui::strings;

use crate::exit::{Failure, FailureKind};
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::status::{RoomStatus, Status};

/// Returns whether there is nothing to wait for: the room is already in the requested state, or the command concerns only this
/// client.
pub(super) fn is_satisfied(command: &Command, status: &Status) -> bool {
    match command {
        Command::Room(intent) => {
            let is_so = |room: &RoomStatus| is_already_satisfied(intent, room);
            status.link.is_in_room() && status.room.as_ref().is_some_and(is_so)
        }
        Command::Typing(_)
        | Command::SyncNow
        | Command::ReopenPlayer
        | Command::Tweak(_)
        | Command::Retry
        | Command::Leave => true,
        // Before there is a room, there is nobody to ask: the item is kept until then.
        Command::Open(_) => status.room.is_none(),
        Command::Say { .. } => false,
    }
}

/// Returns whether the room is already in the requested state and the member may request it. A member who may not is refused even
/// then, except that a host who takes the room back has nothing to do.
fn is_already_satisfied(intent: &RoomIntent, room: &RoomStatus) -> bool {
    let timeline = &room.timeline;
    match (intent, room.may(intent.act())) {
        (RoomIntent::TakeBack, _) => room.host == Some(room.you),
        (RoomIntent::Play, true) => timeline.is_meant_to_play(),
        (RoomIntent::Pause, true) => timeline.playback == Playback::Paused,
        (RoomIntent::SetRate(rate), true) => timeline.rate == *rate,
        (RoomIntent::TransferHost { to }, true) => room.host == Some(*to),
        (RoomIntent::GoOn, true) => room.waiting_for.is_empty(),
        (RoomIntent::Set(setting), true) => room.settings.like(setting) == *setting,
        _ => false,
    }
}

/// Returns the answer to a command if this event brings it. `you` is the client's member.
pub(super) fn answer(command: &Command, event: &Event, you: Option<MemberId>) -> Option<Result<(), Failure>> {
    if is_done(command, event, you) {
        return Some(Ok(()));
    }
    let is_asked = |request: &Request| Some(*request) == act_of(command).and_then(RoomAct::request);
    if let Event::Refused { request, reason, .. } = event {
        return is_asked(request).then(|| Err((*reason).into()));
    }
    if let (Event::BeyondEnd { length }, Command::Room(RoomIntent::SeekTo(_))) = (event, command) {
        return Some(Err(beyond_end(*length)));
    }
    if let (Event::ChatRefused { text, reason, .. }, Command::Say { text: sent }) = (event, command) {
        return (sent.as_str().trim() == text.as_str()).then(|| Err((*reason).into()));
    }
    if let (Event::Player(PlayerNews::OpenFailed { what, reason }), Command::Open(_)) = (event, command) {
        let words = strings::not_opened(what.as_ref(), reason);
        return Some(Err(Failure::new(FailureKind::OpenFailed, words)));
    }
    let is_offline = matches!(event, Event::Offline(request) if is_asked(request));
    is_offline.then(|| Err(not_connected()))
}

/// Returns the failure of a request to the room without a connection.
pub(in crate::cli) fn not_connected() -> Failure {
    Failure::new(FailureKind::NotConnected, msg!("client-not-connected")).hint(msg!("hint-retry"))
}

/// Returns the failure if no such event came in time.
pub(super) fn no_answer(command: &Command) -> Failure {
    let failure = Failure::new(FailureKind::NoAnswer, msg!("client-no-answer-yet"));
    failure.hint(if matches!(command, Command::Say { .. }) {
        msg!("hint-line-kept")
    } else {
        msg!("hint-status")
    })
}

fn is_done(command: &Command, event: &Event, you: Option<MemberId>) -> bool {
    match (command, event) {
        (Command::Room(intent), event) => is_done_by_room(intent, event, you),
        (Command::Say { text }, Event::Chat(line)) => {
            Some(line.from) == you && line.text.as_str() == text.as_str().trim()
        }
        (Command::Open(_), Event::ItemChanged { .. } | Event::FileCompared { .. }) => true,
        _ => false,
    }
}

/// Returns whether an event shows that the room did what was requested. For requests that are not listed, the room reports
/// a change of that kind by this member.
fn is_done_by_room(intent: &RoomIntent, event: &Event, you: Option<MemberId>) -> bool {
    let moved_by_you = |is_it: fn(Reason) -> bool| {
        matches!(event, Event::StateChanged { timeline, .. }
            if is_it(timeline.cause.reason) && timeline.cause.who == you)
    };
    if let Event::Undoable(undoable) = event {
        let is_meant = match undoable.undoes {
            Some(_) => *intent == RoomIntent::Undo,
            None => is_change_of(intent, &undoable.change),
        };
        return is_meant && Some(undoable.by) == you;
    }
    match (intent, event) {
        (RoomIntent::Play, Event::StateChanged { timeline, .. }) => timeline.is_meant_to_play(),
        (RoomIntent::Pause, Event::StateChanged { timeline, .. }) => timeline.playback == Playback::Paused,
        (RoomIntent::SetRate(rate), Event::StateChanged { timeline, .. }) => timeline.rate == *rate,
        (RoomIntent::Toggle, _) => moved_by_you(|reason| matches!(reason, Reason::Played | Reason::Paused)),
        (RoomIntent::SeekTo(_) | RoomIntent::SeekBy(_), _) => moved_by_you(|reason| reason == Reason::Seeked),
        (RoomIntent::StepFrame { .. }, _) => {
            moved_by_you(|reason| matches!(reason, Reason::Seeked | Reason::Paused))
        }
        (RoomIntent::TransferHost { to }, Event::HostChanged { host, .. }) => host == to,
        (RoomIntent::TakeBack, Event::HostChanged { host, .. }) => Some(*host) == you,
        (RoomIntent::GoOn, Event::StateChanged { timeline, .. }) => timeline.playback == Playback::Playing,
        (RoomIntent::GoOn, Event::WaitingFor(members)) => members.is_empty(),
        (RoomIntent::Remove { member: removed, .. }, Event::MemberLeft { member, .. }) => {
            member.id == *removed
        }
        (RoomIntent::Unban { number }, Event::Bans { bans, .. }) => {
            bans.iter().all(|ban| ban.number != *number)
        }
        _ => false,
    }
}

/// Returns whether an intent of a member leads to a change of theirs. The timeline may never show the effect, if they did
/// something else at once.
fn is_change_of(intent: &RoomIntent, change: &Change) -> bool {
    match (intent, change) {
        (RoomIntent::Play | RoomIntent::Toggle, Change::Play { .. })
        | (RoomIntent::Pause | RoomIntent::Toggle | RoomIntent::StepFrame { .. }, Change::Pause { .. })
        | (
            RoomIntent::SeekTo(_) | RoomIntent::SeekBy(_) | RoomIntent::StepFrame { .. },
            Change::Place { .. },
        ) => true,
        (RoomIntent::SetRate(asked), Change::Rate { rate }) => asked == rate,
        _ => intent.act() != RoomAct::Move && intent.act() == RoomAct::of_change(change),
    }
}

/// Returns the act that a command needs permission for; `None` if it concerns only this client.
const fn act_of(command: &Command) -> Option<RoomAct> {
    match command {
        Command::Room(intent) => Some(intent.act()),
        Command::Say { .. } => Some(RoomAct::Talk),
        Command::Open(_) => Some(RoomAct::SetItem),
        Command::Typing(_)
        | Command::SyncNow
        | Command::ReopenPlayer
        | Command::Tweak(_)
        | Command::Retry
        | Command::Leave => None,
    }
}

/// Returns the failure of a seek beyond the end of the film.
pub(super) fn beyond_end(length: MediaTime) -> Failure {
    Failure::new(FailureKind::BeyondEnd, strings::film_is_long(length)).hint(strings::time_forms())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use watchtogether_protocol::message::playback::StallPolicy;
    use watchtogether_protocol::message::removal::Ban;
    use watchtogether_protocol::message::room::Refusal;
    use watchtogether_protocol::message::roster::{LeaveReason, Role};
    use watchtogether_protocol::message::settings::Setting;
    use watchtogether_protocol::message::undo::{Undoable, Undone};
    use watchtogether_protocol::time::WallTime;
    use watchtogether_protocol::{Cause, Clean, Epoch, ItemId, Rate, Revision, ServerTime, Timeline};

    use super::*;
    use crate::exit::Exit;
    use crate::session::event::LinkState;
    use crate::session::test_support::{member, name, playing};

    const YOU: MemberId = MemberId(1);
    const OTHER: MemberId = MemberId(2);
    const PLAYED: Change = Change::Play {
        position: MediaTime::ZERO,
    };

    fn timeline(playback: Playback, reason: Reason, who: MemberId) -> Timeline {
        Timeline {
            epoch: Epoch {
                counter: 1,
                incarnation: 1,
            },
            revision: Revision(1),
            item: ItemId(1),
            position: MediaTime::ZERO,
            at: ServerTime::from_nanos(0),
            rate: Rate::NORMAL,
            playback,
            cause: Cause {
                who: Some(who),
                reason,
            },
        }
    }

    fn moved(playback: Playback, reason: Reason, who: MemberId) -> Event {
        Event::StateChanged {
            before: timeline(Playback::Paused, Reason::Opened, OTHER),
            timeline: timeline(playback, reason, who),
        }
    }

    fn refusal(request: Request, reason: Refusal) -> Event {
        Event::Refused {
            request,
            reason,
            retry_after: None::<Duration>,
        }
    }

    fn room(intent: RoomIntent) -> Command {
        Command::Room(intent)
    }

    fn code(command: &Command, event: &Event) -> Option<Result<(), FailureKind>> {
        answer(command, event, Some(YOU)).map(|answer| answer.map_err(|failure| failure.kind))
    }

    #[test]
    fn a_command_is_done_when_the_room_shows_it() {
        let preparing = moved(Playback::Preparing, Reason::Played, YOU);
        let paused = moved(Playback::Paused, Reason::Paused, OTHER);
        let seek = moved(Playback::Paused, Reason::Seeked, YOU);

        assert_eq!(code(&room(RoomIntent::Play), &preparing), Some(Ok(())));
        assert_eq!(code(&room(RoomIntent::Pause), &preparing), None);
        assert_eq!(code(&room(RoomIntent::Pause), &paused), Some(Ok(())));
        assert_eq!(code(&room(RoomIntent::Toggle), &preparing), Some(Ok(())));
        assert_eq!(
            code(&room(RoomIntent::SeekTo(MediaTime::ZERO)), &seek),
            Some(Ok(()))
        );
    }

    #[test]
    fn a_permitted_command_for_the_present_state_is_answered_at_once() {
        let as_role = |role| {
            let mut status = playing(0);
            let room = status.room.as_mut().expect("a room");
            room.host = (role == Role::Host).then_some(room.you);
            room.members[0].member.role = role;
            status
        };
        let so = [
            room(RoomIntent::Play),
            room(RoomIntent::SetRate(Rate::NORMAL)),
            room(RoomIntent::GoOn),
            room(RoomIntent::Set(Setting::OnStall(StallPolicy::Wait))),
        ];

        for command in so {
            assert!(is_satisfied(&command, &as_role(Role::Host)), "{command:?}");
            assert!(is_satisfied(&command, &as_role(Role::CoHost)), "{command:?}");
            assert!(!is_satisfied(&command, &as_role(Role::Viewer)), "{command:?}");
        }
        for role in [Role::Host, Role::CoHost, Role::Viewer] {
            assert!(
                !is_satisfied(&room(RoomIntent::Pause), &as_role(role)),
                "{role:?}"
            );
        }
    }

    #[test]
    fn nothing_counts_as_satisfied_without_a_connection() {
        let mut status = playing(0);
        for link in [
            LinkState::Closed,
            LinkState::Waiting {
                attempt: 2,
                after: Duration::ZERO,
            },
        ] {
            status.link = link;
            for intent in [
                RoomIntent::Play,
                RoomIntent::SetRate(Rate::NORMAL),
                RoomIntent::GoOn,
                RoomIntent::TakeBack,
                RoomIntent::Set(Setting::OnStall(StallPolicy::Wait)),
            ] {
                assert!(!is_satisfied(&room(intent.clone()), &status), "{intent:?}");
            }
        }
        status.link = LinkState::Silent;
        assert!(is_satisfied(&room(RoomIntent::Play), &status));
    }

    #[test]
    fn a_room_is_handed_over_at_once_to_who_is_host_already() {
        let mut status = playing(0);
        let to = |to| Command::Room(RoomIntent::TransferHost { to });
        assert!(
            is_satisfied(&to(YOU), &status) && is_satisfied(&Command::Room(RoomIntent::TakeBack), &status)
        );
        assert!(!is_satisfied(&to(OTHER), &status));

        let room = status.room.as_mut().expect("a room");
        room.host = Some(OTHER);
        room.members[0].member.role = Role::CoHost;

        assert!(is_satisfied(&to(OTHER), &status));
        assert!(
            !is_satisfied(&to(YOU), &status) && !is_satisfied(&Command::Room(RoomIntent::TakeBack), &status)
        );
    }

    #[test]
    fn actions_of_others_answer_no_seek_and_no_toggle() {
        let theirs = moved(Playback::Paused, Reason::Seeked, OTHER);

        assert_eq!(code(&room(RoomIntent::SeekBy(MediaTime::ZERO)), &theirs), None);
        assert_eq!(
            code(
                &room(RoomIntent::Toggle),
                &moved(Playback::Paused, Reason::Paused, OTHER)
            ),
            None
        );
    }

    #[test]
    fn a_refusal_answers_the_command_that_it_is_about() {
        let not_host = refusal(Request::VideoSync, Refusal::NotHost);
        let stall = room(RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn)));

        assert_eq!(
            code(&room(RoomIntent::Play), &not_host),
            Some(Err(Refusal::NotHost.into()))
        );
        assert_eq!(code(&stall, &not_host), None);
        assert_eq!(
            code(&stall, &refusal(Request::SetRoom, Refusal::NotHost)),
            Some(Err(Refusal::NotHost.into()))
        );
    }

    #[test]
    fn a_seek_beyond_the_end_is_a_usage_error_that_names_the_length() {
        let event = Event::BeyondEnd {
            length: MediaTime::from_millis(60_000),
        };
        let to = room(RoomIntent::SeekTo(MediaTime::from_millis(300_000)));

        let problem = answer(&to, &event, Some(YOU)).expect("an answer");

        let failure = problem.expect_err("refused");
        assert_eq!(failure.exit(), Exit::Usage);
        assert_eq!(failure.message, "the film is 01:00 long");
        assert!(failure.hint.is_some_and(|hint| hint.contains("1:02:03")));
        assert_eq!(code(&room(RoomIntent::SeekBy(MediaTime::ZERO)), &event), None);
    }

    #[test]
    fn an_undo_is_answered_by_the_undo_of_this_member() {
        let undoes = Some(Undone {
            author: OTHER,
            was_undo: false,
        });
        let change = |by, undoes| {
            Event::Undoable(Undoable {
                number: 1,
                by,
                change: PLAYED,
                undoes,
                left_ms: 60_000,
            })
        };

        assert_eq!(code(&room(RoomIntent::Undo), &change(YOU, undoes)), Some(Ok(())));
        assert_eq!(code(&room(RoomIntent::Undo), &change(YOU, None)), None);
        assert_eq!(code(&room(RoomIntent::Undo), &change(OTHER, undoes)), None);
        let nothing = refusal(Request::Undo, Refusal::NothingToUndo);
        let code = code(&room(RoomIntent::Undo), &nothing);
        assert_eq!(code, Some(Err(Refusal::NothingToUndo.into())));
    }

    #[test]
    fn a_removal_is_answered_by_its_member_leaving_and_an_unban_by_the_list_without_it() {
        let remove = room(RoomIntent::Remove {
            member: OTHER,
            is_ban: true,
        });
        let left = |id| Event::MemberLeft {
            member: member(id, "bo", Role::Viewer),
            reason: LeaveReason::Banned { by: YOU },
        };
        let unban = room(RoomIntent::Unban { number: 3 });
        let bans = |number| Event::Bans {
            bans: vec![Ban {
                number,
                name: name("bo"),
                until: WallTime(0),
            }],
            lifted: Vec::new(),
        };

        assert_eq!(code(&remove, &left(OTHER)), Some(Ok(())));
        assert_eq!(code(&remove, &left(YOU)), None);
        let refusal = refusal(Request::Remove, Refusal::NotRemovable);
        assert_eq!(code(&remove, &refusal), Some(Err(Refusal::NotRemovable.into())));
        assert_eq!(code(&unban, &bans(3)), None);
        assert_eq!(code(&unban, &bans(4)), Some(Ok(())));
    }

    #[test]
    fn a_request_without_a_rule_is_answered_by_a_change_of_its_kind_by_this_member() {
        let changed = |by, change, undoes| {
            Event::Undoable(Undoable {
                number: 1,
                by,
                change,
                undoes,
                left_ms: 60_000,
            })
        };
        let stall = room(RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn)));
        let wanted = Change::Setting(Setting::OnStall(StallPolicy::GoOn));
        let undoes = Some(Undone {
            author: YOU,
            was_undo: false,
        });

        assert_eq!(code(&stall, &changed(YOU, wanted.clone(), None)), Some(Ok(())));
        for other in [
            changed(OTHER, wanted.clone(), None),
            changed(YOU, PLAYED, None),
            changed(YOU, wanted, undoes),
        ] {
            assert_eq!(code(&stall, &other), None, "{other:?}");
        }
    }

    #[test]
    fn an_act_is_answered_even_if_the_timeline_shows_only_the_next_one() {
        let place = Change::Place {
            from: MediaTime::ZERO,
            to: MediaTime::from_millis(5_000),
        };
        let paused = Change::Pause {
            position: MediaTime::ZERO,
        };
        let rate = Rate::from_f64(1.5).expect("in range");
        let changed = |by, change: &Change| {
            Event::Undoable(Undoable {
                number: 1,
                by,
                change: change.clone(),
                undoes: None,
                left_ms: 60_000,
            })
        };

        for (intent, change) in [
            (RoomIntent::Play, &PLAYED),
            (RoomIntent::Pause, &paused),
            (RoomIntent::Toggle, &paused),
            (RoomIntent::SeekBy(MediaTime::ZERO), &place),
            (RoomIntent::StepFrame { is_forward: true }, &place),
            (RoomIntent::SetRate(rate), &Change::Rate { rate }),
        ] {
            let command = room(intent);
            assert_eq!(code(&command, &changed(YOU, change)), Some(Ok(())), "{command:?}");
            assert_eq!(code(&command, &changed(OTHER, change)), None, "{command:?}");
        }
        let slower = room(RoomIntent::SetRate(Rate::NORMAL));
        assert_eq!(code(&slower, &changed(YOU, &Change::Rate { rate })), None);
    }

    #[test]
    fn an_answer_reports_a_missing_link() {
        let offline = Event::Offline(Request::VideoSync);

        assert_eq!(
            code(&room(RoomIntent::Pause), &offline),
            Some(Err(FailureKind::NotConnected))
        );
        assert_eq!(code(&Command::Leave, &offline), None);
    }

    #[test]
    fn only_the_refusal_of_the_line_itself_answers_a_line() {
        let say = |text| Command::Say {
            text: Clean::text(text),
        };
        let event = Event::ChatRefused {
            id: watchtogether_protocol::ChatId(uuid::Uuid::nil()),
            text: Clean::text("hello"),
            reason: Refusal::RateLimited,
        };

        assert_eq!(
            code(&say(" hello\n"), &event),
            Some(Err(Refusal::RateLimited.into()))
        );
        assert_eq!(code(&say("bye"), &event), None);
    }
}
