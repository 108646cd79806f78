//! `send`: sends a chat message in the room of a client that is running on this machine.

use std::io::{self, Read as _};

use clap::Args;

use watchtogether_tui::msg;

use super::globals::Globals;
use super::scripts;
use super::session_arg::SessionArgs;
use crate::control::wire::Request;
use crate::exit::{Exit, Failure, FailureKind};

/// The maximum length of a message that is read from standard input, in bytes. It is far more than the longest message has.
const MOST_SAID: u64 = 1024 * 1024;

/// Say something.
#[derive(Debug, Args)]
pub(super) struct SendArgs {
    /// The message; - or nothing reads it from standard input
    pub(super) text: Vec<String>,
    /// Which client.
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &SendArgs, globals: &Globals) -> Result<Exit, Failure> {
    let mut text = args.text.join(" ");
    if text.is_empty() || text == "-" {
        text.clear();
        let input = io::stdin().lock().take(MOST_SAID);
        io::BufReader::new(input)
            .read_to_string(&mut text)
            .map_err(|error| Failure::new(FailureKind::BadRequest, msg!("send-unreadable")).because(error))?;
    }
    // A text that the client would refuse is refused here already.
    scripts::text_of(&text)?;
    args.session.request(Request::Send { text }, globals)?;
    Ok(Exit::Ok)
}
