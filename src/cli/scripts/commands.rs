//! The requests of scripts as commands of the session. An action and its argument are read by the parser of slash commands.

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::PlayerState;
use watchtogether_protocol::{Clean, MemberId, MemberName, Rate, RoomIntent};
use watchtogether_tui::action::{Action, ActionEffect, ActionId, Slash, rate_after};
use watchtogether_tui::intent::Intent;
use watchtogether_tui::model::local_player::LocalPlayer;
use watchtogether_tui::msg;
use watchtogether_tui::nearest::nearest;
use watchtogether_tui::slash_command::{self, ChapterTarget};
use watchtogether_tui::{chat_text, strings};

use crate::bridge::Bridge;
use crate::exit::{Failure, FailureKind};
use crate::session::LocalItem;
use crate::session::command::Command;
use crate::session::status::Status;

/// Returns the meaning of an action with its argument, or why the argument is invalid.
pub(in crate::cli) fn read(
    action: &Action,
    form: Slash,
    argument: Option<&str>,
) -> Result<slash_command::SlashCommand, Failure> {
    let command = slash_command::command(action, argument.unwrap_or_default());
    command.ok_or_else(|| {
        let Slash { word, argument: form } = form;
        let Some(kind) = action.effect.argument() else {
            let words = msg!("action-takes-nothing", name = word);
            return Failure::new(FailureKind::BadRequest, words);
        };
        let words = match argument {
            Some(text) => strings::no_argument(kind, text),
            None => msg!("action-takes", name = word, form = form),
        };
        let failure = Failure::new(FailureKind::BadRequest, words);
        match strings::argument(kind) {
            hint if hint.is_empty() => failure,
            hint => failure.hint(hint),
        }
    })
}

/// Returns the command for an action, given by its word and argument.
pub(super) fn command_of(
    word: &str,
    argument: Option<&str>,
    status: &Status,
    open: impl FnOnce(&str) -> Result<LocalItem, Failure>,
) -> Result<Command, Failure> {
    let (action, slash) = slash_command::scripted(word).ok_or_else(|| unknown(word))?;
    let intent = match read(action, slash, argument)? {
        slash_command::SlashCommand::Run(id) => match &action.effect {
            ActionEffect::Ask(intent) => Some(intent.clone()),
            ActionEffect::ChangeRate(change) => {
                let rate = status
                    .room
                    .as_ref()
                    .map_or(Rate::NORMAL, |room| room.timeline.rate);
                rate_after(*change, rate).map(|rate| Intent::Room(RoomIntent::SetRate(rate)))
            }
            ActionEffect::MoveByChapters(by) => Some(chapter(&ChapterTarget::By(*by), status)?),
            ActionEffect::Here(_) => (id == ActionId::Leave).then_some(Intent::Leave),
            ActionEffect::With(_) => None,
        },
        slash_command::SlashCommand::Ask(intent) => Some(intent),
        slash_command::SlashCommand::Chapter(request) => Some(chapter(&request, status)?),
        slash_command::SlashCommand::Member { name, .. } => action.with_member(member_named(status, &name)?),
        slash_command::SlashCommand::Ban { name, .. } => action.with_ban(ban_named(status, &name)?),
        slash_command::SlashCommand::Words {
            id: ActionId::Open,
            text,
        } => return open(&text).map(Command::Open),
        slash_command::SlashCommand::Words { .. } | slash_command::SlashCommand::Switch { .. } => None,
    };
    if matches!(intent, Some(Intent::Player(_))) && !has_player(status) {
        let failure = Failure::new(FailureKind::NoPlayer, msg!("client-no-player"));
        let is_by_choice = status.player == PlayerState::None;
        return Err(failure.hint(if is_by_choice {
            msg!("hint-no-player")
        } else {
            msg!("hint-reopen")
        }));
    }
    intent.and_then(Bridge::command_of).ok_or_else(|| unknown(word))
}

/// Returns the failure for a word that is not the name of any action for scripts.
fn unknown(word: &str) -> Failure {
    let known = slash_command::script_forms().map(|(_, slash)| slash.word);
    let shown = Clean::line(word);
    let words = msg!("no-such-action", name = format!("{:?}", shown.as_str()));
    let failure = Failure::new(FailureKind::BadRequest, words);
    match nearest(word, known) {
        Some(nearest) => failure.hint(msg!("hint-did-you-mean", name = nearest)),
        None => failure.hint(msg!("hint-list-actions")),
    }
}

/// Returns whether there is a player whose settings can be changed.
const fn has_player(status: &Status) -> bool {
    !matches!(
        status.player,
        PlayerState::None | PlayerState::Closed | PlayerState::Failed { .. }
    )
}

/// Returns the intent to go to a chapter of the local file.
fn chapter(request: &ChapterTarget, status: &Status) -> Result<Intent, Failure> {
    let own = LocalPlayer {
        chapters: Bridge::chapters(status),
        ..LocalPlayer::default()
    };
    let position = status.room.as_ref().map(|room| room.position);
    let chapter = own.find_chapter(request, position.unwrap_or_default());
    chapter
        .map(|chapter| Intent::Room(RoomIntent::SeekTo(chapter.at)))
        .ok_or_else(|| {
            let words = if own.chapters.is_empty() {
                msg!("no-chapters")
            } else {
                msg!("no-such-chapter")
            };
            Failure::new(FailureKind::NoChapter, words)
        })
}

/// Returns the member with a name, as people would type it.
fn member_named(status: &Status, name: &str) -> Result<MemberId, Failure> {
    let members = status.room.as_ref().map_or(&[][..], |room| &room.members);
    let you = status.room.as_ref().map(|room| room.you);
    let wanted = MemberName::existing(name).ok().map(|name| name.folded());
    members
        .iter()
        .find(|m| Some(m.member.name.folded()) == wanted)
        .map(|m| m.member.id)
        .or(you.filter(|_| strings::is_oneself(name)))
        .ok_or_else(|| {
            Failure::new(
                Refusal::NoSuchMember.into(),
                strings::nobody_called(Clean::line(name).as_str()),
            )
        })
}

/// Returns the number of the ban with a name.
fn ban_named(status: &Status, name: &str) -> Result<u32, Failure> {
    let bans = status.room.as_ref().map_or(&[][..], |room| &room.bans);
    let ban = Ban::find(bans, name).ok_or_else(|| {
        let name = Clean::line(name);
        Failure::new(
            Refusal::NoSuchBan.into(),
            strings::nobody_banned_called(name.as_str()),
        )
        .hint(msg!("hint-list-bans"))
    })?;
    Ok(ban.number)
}

/// Returns the text of a chat line, or why it is not valid.
pub(in crate::cli) fn text_of(text: &str) -> Result<Clean, Failure> {
    chat_text::checked(text).map_err(|reason| Failure::new(FailureKind::BadRequest, reason))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use watchtogether_protocol::MediaTime;
    use watchtogether_protocol::message::playback::StallPolicy;
    use watchtogether_protocol::message::settings::Setting;
    use watchtogether_protocol::time::WallTime;

    use super::*;
    use crate::exit::Exit;
    use crate::session::status::Chapter as OwnChapter;
    use crate::session::test_support::{local_item, name, playing};

    /// Returns a room with one chapter and one ban, where a player runs.
    fn room_status() -> Status {
        let mut status = playing(0);
        status.player = PlayerState::Following;
        status.chapters = Arc::from([OwnChapter {
            at: MediaTime::from_millis(60_000),
            title: "the car".to_owned(),
        }]);
        let room = status.room.as_mut().expect("a room");
        room.bans = vec![Ban {
            number: 7,
            name: name("eve"),
            until: WallTime(0),
        }];
        status
    }

    fn command(words: &[&str]) -> Result<Command, Failure> {
        command_of(words[0], words.get(1).copied(), &room_status(), |_| {
            Ok(local_item("film"))
        })
    }

    fn refused(words: &[&str]) -> String {
        let failure = command(words).expect_err("refused");
        assert_eq!(failure.exit(), Exit::Usage, "{words:?}");
        format!("{}; {}", failure.message, failure.hint.unwrap_or_default())
    }

    #[test]
    fn scripts_can_do_every_action_that_concerns_the_room_or_the_local_player() {
        for (action, slash) in slash_command::script_forms() {
            let argument = match slash.argument {
                "" => None,
                "[+-]TIME" => Some("-10"),
                "X" => Some("1.25"),
                "+1|-1|N|NAME" => Some("the car"),
                "wait|go-on" => Some("go-on"),
                "NAME" if action.id == ActionId::Unban => Some("eve"),
                "NAME" => Some("me"),
                _ => Some("film.mkv"),
            };
            for word in [slash.word, action.name] {
                let asked = command_of(word, argument, &room_status(), |_| Ok(local_item("film")));
                assert!(asked.is_ok(), "{word}: {:?}", asked.err());
            }
        }
    }

    #[test]
    fn arguments_are_read_as_slash_commands_read_them() {
        let room = |intent| Some(Command::Room(intent));
        let to = |ms| room(RoomIntent::SeekTo(MediaTime::from_millis(ms)));

        assert_eq!(command(&["seek", "1:30.5"]).ok(), to(90_500));
        assert_eq!(command(&["chapter", "1"]).ok(), to(60_000));
        assert_eq!(
            command(&["seek", "-1:00"]).ok(),
            room(RoomIntent::SeekBy(MediaTime::from_millis(-60_000)))
        );
        assert_eq!(
            command(&["speed", "1.5x"]).ok(),
            Rate::from_f64(1.5).and_then(|rate| room(RoomIntent::SetRate(rate)))
        );
        assert_eq!(
            command(&["on-stall", "go-on"]).ok(),
            room(RoomIntent::Set(Setting::OnStall(StallPolicy::GoOn)))
        );
        assert_eq!(
            command(&["unban", "EVE"]).ok(),
            room(RoomIntent::Unban { number: 7 })
        );
    }

    #[test]
    fn a_slip_is_a_usage_error_that_names_the_forms() {
        assert_eq!(
            refused(&["seek", "1:99"]),
            "\"1:99\" is not a time; write a time as 90, 1:30, 1:02:03, 90s, 2m or 1h; +10 and -10 are relative"
        );
        assert_eq!(
            refused(&["speed", "9"]),
            "\"9\" is not a speed; a speed is between 0.25 and 4"
        );
        assert_eq!(
            refused(&["on-stall", "never"]),
            "\"never\" is not one of wait, go-on; "
        );
        assert_eq!(
            refused(&["host"]),
            "host needs NAME; the name of someone in the room"
        );
        assert_eq!(refused(&["play", "now"]), "play takes no argument; ");
    }

    #[test]
    fn an_unknown_word_is_a_clear_error() {
        assert_eq!(refused(&["paus"]), "unknown action \"paus\"; did you mean pause?");
        for word in ["layout", "help", "dance", ""] {
            let words = format!("unknown action {word:?}; see all actions with watchtogether ctl --help");
            assert_eq!(refused(&[word]), words);
        }
    }

    #[test]
    fn player_adjustments_fail_without_a_player() {
        let mut status = room_status();
        status.player = PlayerState::Closed;

        let muted = command_of("mute", None, &status, |_| Ok(local_item("film")));

        assert_eq!(muted.map_err(|failure| failure.exit()).err(), Some(Exit::Player));
        status.player = PlayerState::None;
        let muted = command_of("mute", None, &status, |_| Ok(local_item("film")));
        let hint = muted.err().and_then(|failure| failure.hint);
        assert!(hint.is_some_and(|hint| hint.contains("--player none")));
    }

    #[test]
    fn a_chapter_that_there_is_not_is_a_thing_of_that_name_that_was_not_found() {
        let failure = command(&["chapter", "2"]).expect_err("there is one");

        assert_eq!(failure.exit(), Exit::NotFound);
    }
}
