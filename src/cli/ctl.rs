//! `ctl`: controls the room of a client that is running on this machine.
//!
//! Its subcommands are the actions that concern the room or the local player, with the names, arguments and help of their slash
//! commands. Actions without a slash command can be called by name as well, but are not listed.

use std::ffi::{OsStr, OsString};

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand, value_parser};
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_tui::action::{Action, ActionId, Argument, Slash};
use watchtogether_tui::msg;
use watchtogether_tui::slash_command::{script_forms, scripted};
use watchtogether_tui::strings;

use super::films::{self, FilmTarget};
use super::globals::Globals;
use super::scripts;
use super::session_arg::SessionArgs;
use crate::control::wire::{Request, VERSION};
use crate::exit::{Exit, Failure, FailureKind};
use crate::file_url;
use crate::output::OutputStreams;

/// The name of an action's argument.
const ARGUMENT: &str = "argument";

/// The flag of `ctl bans`.
const JSON: &str = "json";

/// Move the party.
#[derive(Debug, Args)]
#[command(
    after_help = "Every other action on the room or your player works by its name too, for example watchtogether ctl \
    mute. watchtogether-keys(7) lists the names."
)]
pub(super) struct CtlArgs {
    /// The action.
    #[command(subcommand)]
    pub(super) action: CtlAction,
    /// The client.
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

/// The actions of `ctl`.
#[derive(Debug)]
pub(super) enum CtlAction {
    /// An action from the action table, with its argument.
    Act {
        action: &'static Action,
        slash: Slash,
        argument: Option<OsString>,
    },
    /// Print the list of bans.
    Bans { is_json: bool },
}

impl Subcommand for CtlAction {
    fn augment_subcommands(command: Command) -> Command {
        let bans = described(Command::new(bans_word()), ActionId::Bans.action());
        let json = Arg::new(JSON).long(JSON).action(ArgAction::SetTrue);
        let bans = bans.arg(json.help("Print one JSON object"));
        script_forms()
            .map(|(action, slash)| subcommand(action, slash))
            .fold(command, Command::subcommand)
            .subcommand(bans)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(word: &str) -> bool {
        word == bans_word() || scripted(word).is_some()
    }
}

impl FromArgMatches for CtlAction {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (word, matches) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        if word == bans_word() {
            let is_json = matches.get_flag(JSON);
            return Ok(Self::Bans { is_json });
        }
        let (action, slash) = scripted(word).ok_or_else(|| clap::Error::new(ErrorKind::InvalidSubcommand))?;
        let takes_one = action.effect.argument().is_some();
        let argument = takes_one.then(|| matches.get_raw(ARGUMENT)?.next()).flatten();
        Ok(Self::Act {
            action,
            slash,
            argument: argument.map(OsStr::to_owned),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn bans_word() -> &'static str {
    ActionId::Bans.action().name
}

/// Returns the subcommand for an action.
fn subcommand(action: &'static Action, slash: Slash) -> Command {
    let command = described(Command::new(slash.word), action).hide(action.slash.is_none());
    let command = if slash.word == action.name {
        command
    } else {
        command.alias(action.name)
    };
    match action.effect.argument() {
        Some(kind) => command.arg(argument(kind, slash)),
        None => command,
    }
}

fn described(command: Command, action: &'static Action) -> Command {
    let about = capitalized(action.help());
    let Some(details) = action.details() else {
        return command.about(about);
    };
    let long = format!("{about}\n\n{details}");
    command.about(about).long_about(long)
}

/// Returns a text of the catalogue as `--help` writes it, which begins with a capital and is always English.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Returns the positional argument of a subcommand.
fn argument(kind: &Argument, slash: Slash) -> Arg {
    let arg = Arg::new(ARGUMENT).value_name(slash.argument).required(true);
    if let Argument::Choice(choices) = kind {
        let words = choices.iter().map(|(word, _)| *word);
        return arg.value_parser(PossibleValuesParser::new(words));
    }
    // A flag of this program still counts as one.
    let arg = arg.allow_hyphen_values(!slash.takes_path());
    let arg = if slash.takes_path() {
        arg.value_parser(value_parser!(OsString))
    } else {
        arg
    };
    arg.help(capitalized(&strings::argument(kind)))
}

/// Runs the subcommand.
pub(super) fn run(args: CtlArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    match args.action {
        CtlAction::Bans { is_json } => bans(is_json, &args.session, globals, output),
        CtlAction::Act {
            action,
            slash,
            argument,
        } => {
            let request = request(action, slash, argument.as_deref())?;
            args.session.request(request, globals)?;
            Ok(Exit::Ok)
        }
    }
}

/// Returns the request for an action. Mistakes that can be found without a client are reported here.
fn request(action: &Action, slash: Slash, argument: Option<&OsStr>) -> Result<Request, Failure> {
    let argument = match argument {
        Some(named) if slash.takes_path() => Some(target_of(named)?),
        Some(text) => Some(text.to_string_lossy().into_owned()),
        None => None,
    };
    scripts::read(action, slash, argument.as_deref())?;
    Ok(Request::Ctl {
        action: slash.word.to_owned(),
        argument,
    })
}

/// Runs `ctl bans`.
fn bans(
    is_json: bool,
    session: &SessionArgs,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let status = session.status(globals)?;
    let room = status.room.ok_or_else(|| {
        Failure::new(FailureKind::NoRoom, msg!("client-in-no-room")).hint(msg!("hint-status"))
    })?;
    if !scripts::is_in_room(&status.link.state) {
        return Err(scripts::not_connected());
    }
    let own = status.members.iter().find(|member| member.name == room.you);
    let role = own.and_then(|own| scripts::role_of(&own.role));
    Asker::of_role(role.unwrap_or(Role::Viewer)).may(RoomAct::SeeBans)?;
    if is_json {
        output.json(&serde_json::json!({"v": VERSION, "bans": room.bans}))?;
    } else {
        for ban in room.bans {
            output.line(&msg!("ban-until", name = ban.name, time = ban.until))?;
        }
    }
    Ok(Exit::Ok)
}

/// Returns the path of a film in a form that the client, which runs in another folder, can open.
fn target_of(named: &OsStr) -> Result<String, Failure> {
    let path = match films::target(named)? {
        FilmTarget::Link(link) => return Ok(link),
        FilmTarget::File(path) => path,
    };
    let path = std::path::absolute(&path).map_err(|error| {
        let words = msg!("path-not-absolute", path = path.display().to_string());
        Failure::new(FailureKind::BadRequest, words).because(error)
    })?;
    Ok(file_url::text_of(&path))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::cli::Cli;

    fn parsed(words: &[&str]) -> CtlAction {
        let words = [&["ctl"], words].concat();
        Ctl::try_parse_from(words).expect("a command line").args.action
    }

    fn asked(words: &[&str]) -> Result<Request, Failure> {
        match parsed(words) {
            CtlAction::Act {
                action,
                slash,
                argument,
            } => request(action, slash, argument.as_deref()),
            CtlAction::Bans { .. } => Ok(Request::Status),
        }
    }

    #[derive(Debug, clap::Parser)]
    struct Ctl {
        #[command(flatten)]
        args: CtlArgs,
    }

    fn ctl(action: &str, argument: Option<&str>) -> Request {
        Request::Ctl {
            action: action.to_owned(),
            argument: argument.map(str::to_owned),
        }
    }

    #[test]
    fn every_row_for_scripts_is_a_subcommand_by_its_word_and_by_its_name() {
        Cli::command().debug_assert();
        assert_eq!(asked(&["toggle"]).ok(), Some(ctl("toggle", None)));
        assert_eq!(asked(&["play-pause"]).ok(), Some(ctl("toggle", None)));
        assert_eq!(asked(&["sync-now"]).ok(), Some(ctl("sync", None)));
        assert_eq!(asked(&["mute"]).ok(), Some(ctl("mute", None)));
        assert_eq!(
            asked(&["on-stall", "go-on"]).ok(),
            Some(ctl("on-stall", Some("go-on")))
        );
        for word in ["layout", "me", "edit"] {
            let error = Ctl::try_parse_from(["ctl", word]).expect_err("not for scripts");
            assert_eq!(error.kind(), ErrorKind::InvalidSubcommand, "{word}");
        }
    }

    #[test]
    fn keys_without_a_name_are_not_listed() {
        let command = CtlAction::augment_subcommands(Command::new("ctl"));
        let listed = |word: &str| {
            let found = command.find_subcommand(word).expect("a subcommand");
            !found.is_hide_set()
        };

        for word in [
            "play", "pause", "toggle", "seek", "speed", "undo", "host", "kick", "ban", "unban", "bans",
            "go-on", "on-stall", "open", "sync", "reopen", "retry", "quit", "chapter",
        ] {
            assert!(listed(word), "{word}");
        }
        for word in ["back-5", "frame-back", "louder", "normal-speed", "take-back"] {
            assert!(!listed(word), "{word}");
        }
    }

    #[test]
    fn an_argument_is_sent_as_it_was_typed_and_a_slip_is_a_usage_error_that_names_the_forms() {
        assert_eq!(asked(&["seek", "-1:00"]).ok(), Some(ctl("seek", Some("-1:00"))));
        assert_eq!(
            asked(&["host", "bo the great"]).ok(),
            Some(ctl("host", Some("bo the great")))
        );

        assert_eq!(asked(&["rename", "-x"]).ok(), Some(ctl("rename", Some("-x"))));
        for (words, hint) in [
            (["seek", "1:99"], "1:02:03"),
            (["speed", "9"], "0.25 and 4"),
            (["speed", "-1"], "0.25 and 4"),
        ] {
            let failure = asked(&words).expect_err("a slip");
            assert_eq!(failure.exit(), Exit::Usage);
            assert!(
                failure.hint.is_some_and(|found| found.contains(hint)),
                "{words:?}"
            );
        }
    }
}
