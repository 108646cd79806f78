//! `ctl`: moves the room of the client that runs on this machine.

use std::ffi::{OsStr, OsString};

use clap::{Args, Subcommand};
use watchtogether_protocol::message::roster::Role;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_tui::strings;
use watchtogether_tui::typed_time::{self, TypedTime};

use super::films::{self, Target};
use super::globals::Globals;
use super::on_stall::OnStall;
use super::scripts;
use super::session_arg::SessionArgs;
use crate::control::wire::{Action, Request, SeekTarget, Stall, VERSION};
use crate::exit::{Exit, Failure, FailureKind};
use crate::file_url;
use crate::output::Output;

/// Move the party.
#[derive(Debug, Args)]
pub(super) struct CtlArgs {
    /// What to do.
    #[command(subcommand)]
    pub(super) action: CtlAction,
    /// Which client.
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

/// The things that `ctl` can do.
#[derive(Debug, Subcommand)]
pub(super) enum CtlAction {
    /// Play on, for everybody
    Play,
    /// Pause, for everybody
    Pause,
    /// Play or pause, whichever it is not
    Toggle,
    /// Go to a time, or by some seconds: 90, 1:02:03, +10, -10
    #[command(allow_negative_numbers = true)]
    Seek {
        /// Where to
        #[arg(value_name = "TIME", allow_hyphen_values = true)]
        to: String,
    },
    /// Play at another speed: 0.25 to 4
    Speed {
        /// How fast
        rate: f64,
    },
    /// Take back what was done to all last: a seek, a pause, another film; again does it again
    Undo,
    /// Hand the room to another member; me takes back a room that you opened
    Host {
        /// Their name, or me
        name: String,
    },
    /// Remove a member from the room; they may come in again
    Kick {
        /// Their name
        name: String,
    },
    /// Remove a member and keep them out: by name and seat for 7 days, by address for 24 hours
    ///
    /// Who comes back under a name that looks the same is kept out too. An address is not banned where it is the host's own, as
    /// in one household. A ban holds for this room and outlives its server.
    Ban {
        /// Their name
        name: String,
    },
    /// Let somebody in again who was banned
    Unban {
        /// Their name
        name: String,
    },
    /// Print who is banned, and until when
    Bans {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Go on without those that the room waits for
    GoOn,
    /// Say what the room does when a player runs dry
    OnStall {
        /// Wait for it, or go on without it
        policy: OnStall,
    },
    /// Put on a film or a link, for everybody; a viewer's own file becomes their copy
    Open {
        /// A file of this machine, or an http(s) link
        #[arg(value_name = "FILE|URL")]
        target: OsString,
    },
    /// Bring the own player to where the room is, now
    Sync,
    /// Open the player again
    Reopen,
    /// Try to reach the server now
    Retry,
    /// Leave the room and end the client
    Quit,
}

/// Runs the subcommand.
pub(super) fn run(args: CtlArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let action = match args.action {
        CtlAction::Play => Action::Play,
        CtlAction::Pause => Action::Pause,
        CtlAction::Toggle => Action::Toggle,
        CtlAction::Seek { to } => Action::Seek(seek_target(&to)?),
        CtlAction::Speed { rate } => Action::Speed { rate },
        CtlAction::Undo => Action::Undo,
        CtlAction::Kick { name } => Action::Kick { name },
        CtlAction::Ban { name } => Action::Ban { name },
        CtlAction::Unban { name } => Action::Unban { name },
        CtlAction::Bans { json } => return bans(json, &args.session, globals, output),
        CtlAction::Host { name } => Action::Host { name },
        CtlAction::GoOn => Action::GoOn,
        CtlAction::OnStall { policy } => Action::OnStall {
            policy: match policy {
                OnStall::Wait => Stall::Wait,
                OnStall::GoOn => Stall::GoOn,
            },
        },
        CtlAction::Open { target } => Action::Open {
            target: target_of(&target)?,
        },
        CtlAction::Sync => Action::Sync,
        CtlAction::Retry => Action::Retry,
        CtlAction::Reopen => Action::Reopen,
        CtlAction::Quit => Action::Quit,
    };
    args.session.request(Request::Ctl(action), globals)?;
    Ok(Exit::Ok)
}

/// Runs `ctl bans`.
fn bans(
    is_json: bool,
    session: &SessionArgs,
    globals: &Globals,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let status = session.status(globals)?;
    let room = status.room.ok_or_else(|| {
        Failure::new(FailureKind::NoRoom, "the client is in no room")
            .hint("watchtogether status tells how the connection is")
    })?;
    let own = status.members.iter().find(|member| member.name == room.you);
    let role = own.and_then(|own| scripts::role_of(&own.role));
    Asker::of_role(role.unwrap_or(Role::Viewer)).may(RoomAct::SeeBans)?;
    if is_json {
        output.json(&serde_json::json!({"v": VERSION, "bans": room.bans}))?;
    } else {
        for ban in room.bans {
            output.line(&format!("{}  until {}", ban.name, ban.until))?;
        }
    }
    Ok(Exit::Ok)
}

/// Returns what a user named so that the client, which runs in another folder, opens it.
fn target_of(named: &OsStr) -> Result<String, Failure> {
    let path = match films::target(named)? {
        Target::Link(link) => return Ok(link),
        Target::File(path) => path,
    };
    let path = std::path::absolute(&path).map_err(|error| {
        let words = format!("{} cannot be opened by its name", path.display());
        Failure::new(FailureKind::BadRequest, words).because(error)
    })?;
    Ok(file_url::text_of(&path))
}

fn seek_target(text: &str) -> Result<SeekTarget, Failure> {
    match typed_time::parse(text) {
        Some(TypedTime::To(position)) => Ok(SeekTarget::To(position.as_millis())),
        Some(TypedTime::By(distance)) => Ok(SeekTarget::By(distance.as_millis())),
        None => Err(
            Failure::new(FailureKind::BadRequest, format!("{text:?} is no time")).hint(strings::time_forms()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seek_is_sent_in_milliseconds_and_what_is_no_time_is_a_usage_error_that_names_the_forms() {
        assert_eq!(seek_target("1:30.5").ok(), Some(SeekTarget::To(90_500)));
        assert_eq!(seek_target("2m").ok(), Some(SeekTarget::To(120_000)));
        assert_eq!(seek_target("-1:00").ok(), Some(SeekTarget::By(-60_000)));

        let failure = seek_target("1:99").expect_err("a slip");
        assert_eq!(failure.exit(), Exit::Usage);
        assert!(failure.hint.is_some_and(|hint| hint.contains("1:02:03")));
    }
}
