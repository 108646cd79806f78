//! `join`: enters a room.

use std::io::{BufRead as _, IsTerminal as _};

use watchtogether_protocol::Invite;
use watchtogether_protocol::message::room::Password;

use super::args::JoinArgs;
use super::party::{self, Party};
use super::{Globals, again, films, host};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{Admission, OwnCopy};
use crate::transport::Trust;

/// Runs the subcommand.
pub(super) fn run(args: JoinArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let config = globals.load(args.party.layer())?;
    if args.last {
        return again::last(config, globals, output);
    }
    let film = args.film.as_deref().map(films::of_argument).transpose()?;
    let invite = invite(args.invite, output)?;
    let password = host::password(args.password_file.as_deref())?;
    let party = party(invite, password, film, config, globals)?;
    party::runtime()?.block_on(party::run(party, None, globals, output))
}

/// Returns the way into the room of an invite.
pub(super) fn party(
    invite: Invite,
    password: Option<Password>,
    film: Option<OwnCopy>,
    config: Config,
    globals: &Globals,
) -> Result<Party, Failure> {
    let Some(room) = invite.room else {
        return Err(Failure::new(Exit::Usage, "usage", "the address names no room").hint("HOST:PORT/ROOM"));
    };
    let trust = match invite.pin {
        Some(pin) => Trust::Pinned(pin),
        None => globals.first_use(),
    };
    let admission = Admission::Join {
        room,
        token: invite.token,
        password,
    };
    let public = invite.address.clone();
    Ok(Party {
        address: invite.address,
        public,
        trust,
        admission,
        film,
        config,
        own: None,
    })
}

/// Returns the invite: named, or read from standard input, where a terminal is asked for it.
fn invite(named: Option<String>, output: &mut Output) -> Result<Invite, Failure> {
    let text = match named {
        Some(text) if text != "-" => text,
        named => {
            if named.is_none() {
                if !std::io::stdin().is_terminal() {
                    return Err(Failure::new(Exit::Usage, "usage", "there is no invite").hint(
                        "watchtogether join 'watchtogether://…', or - to read it from standard input",
                    ));
                }
                output.note("Paste the invite and press Enter:");
            }
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(|error| {
                Failure::new(Exit::Usage, "usage", "cannot read the invite").detail(error.to_string())
            })?;
            // What was copied with its command is as good.
            line.trim().trim_start_matches("watchtogether join").to_owned()
        }
    };
    text.parse()
        .map_err(|error: watchtogether_protocol::invite::InviteError| {
            Failure::new(Exit::Usage, "bad_invite", error.to_string())
                .hint("ask for the line again and paste it whole")
        })
}
