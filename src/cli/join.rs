//! `join`: enters a room.

use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal as _};
use std::path::PathBuf;

use clap::Args;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use watchtogether_protocol::Invite;
use watchtogether_protocol::invite::InviteError;
use watchtogether_tui::paste::invite_in;
use watchtogether_tui::{msg, strings};

use super::access::password;
use super::client_args::ClientArgs;
use super::globals::Globals;
use super::media_arg;
use super::room_entry::{self, RoomEntry};
use super::runtime::runtime;
use super::session_setup::{SessionSetup, no_room};
use crate::exit::{Exit, Failure, FailureKind};
use crate::output::OutputStreams;
use crate::process;

/// The maximum length of a text that is searched for an invite, in bytes: a long e-mail.
const TEXT_BYTES: usize = 64 * 1024;

/// The time within which the next line of a paste arrives; typed lines take longer.
const PASTED_WITHIN_NANOS: i64 = 200_000_000;

/// Enter a room.
#[derive(Debug, Args)]
pub(super) struct JoinArgs {
    /// The invite, an address, or - to read the invite from standard input
    #[arg(
        value_name = "INVITE|HOST[:PORT][/ROOM]|-",
        env = "WATCHTOGETHER_INVITE",
        hide_env_values = true
    )]
    pub(super) invite: Option<String>,
    /// Go back to the room you were in last
    #[arg(long, conflicts_with_all = ["invite", "film", "password_file"])]
    pub(super) last: bool,
    /// Your copy of the film, or a link [default: searched for in your folders]
    #[arg(value_name = "FILE|URL")]
    pub(super) film: Option<OsString>,
    /// Read the room's password from a file
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Name, player and screen.
    #[command(flatten)]
    pub(super) client: ClientArgs,
}

impl JoinArgs {
    /// Hides the invite, which contains a key, from the list of processes.
    pub(super) fn hide_secrets(&self) {
        if let Some(invite) = &self.invite
            && invite != "-"
            && let Err(error) = process::hide_argument(invite.as_ref())
        {
            tracing::debug!(%error, "could not hide the invite in the list of processes");
        }
    }
}

/// Runs the subcommand.
pub(super) fn run(args: JoinArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let config = globals.load(args.client.layer()?)?;
    if args.last {
        return room_entry::last(config, globals, output);
    }
    let film = args.film.as_deref().map(media_arg::of_argument).transpose()?;
    let invite = invite(args.invite, output)?;
    let password = password(args.password_file.as_deref())?;
    let setup = SessionSetup::of_invite(invite, password, film, config.clone(), globals)?;
    let way = RoomEntry::Enter(Box::new(setup));
    runtime()?.block_on(way.run(config, globals, output))
}

/// Returns the invite from the arguments or from standard input; a terminal is prompted for it.
fn invite(named: Option<String>, output: &mut OutputStreams) -> Result<Invite, Failure> {
    let unreadable =
        |error: io::Error| Failure::new(FailureKind::Usage, msg!("join-unreadable")).because(error);
    let stdin = io::stdin();
    let text = match named {
        Some(text) if text != "-" => text,
        None if !stdin.is_terminal() => {
            return Err(
                Failure::new(FailureKind::Usage, msg!("join-no-invite")).hint(msg!("hint-join-invite"))
            );
        }
        _asked if stdin.is_terminal() => {
            output.note(msg!("join-asks"));
            let refuses = |text: &str| {
                let is_over = !has_more(&stdin);
                if is_over {
                    let failure = parsed(text).map_or_else(|error| refusal(&error), |_no_room| no_room());
                    output.failure(&failure, false);
                    output.note(msg!("join-asks"));
                }
                is_over
            };
            read_invite(stdin.lock(), refuses).map_err(unreadable)?
        }
        _piped => read_invite(stdin.lock(), |_text| false).map_err(unreadable)?,
    };
    parsed(&text).map_err(|error| refusal(&error))
}

/// Returns whether more of a paste into a terminal is waiting. A paste is read line by line.
fn has_more(stdin: &io::Stdin) -> bool {
    let within = Timespec {
        tv_sec: 0,
        tv_nsec: PASTED_WITHIN_NANOS,
    };
    let mut look = [PollFd::new(stdin, PollFlags::IN)];
    matches!(poll(&mut look, Some(&within)), Ok(1..))
}

fn refusal(error: &InviteError) -> Failure {
    let hint = match error {
        InviteError::Brackets { .. } => msg!("hint-brackets"),
        InviteError::Empty
        | InviteError::NoHost
        | InviteError::Port(_)
        | InviteError::Room(_)
        | InviteError::Secret(_)
        | InviteError::Scheme
        | InviteError::Host(_) => msg!("hint-invite-again"),
    };
    Failure::new(FailureKind::BadInvite, strings::invite_error(error)).hint(hint)
}

/// Returns the invite in a text, or the address if the text is one.
fn parsed(text: &str) -> Result<Invite, InviteError> {
    match invite_in(text) {
        Some(invite) => invite.parse(),
        // An invite that was copied together with the command works, too.
        None => text
            .trim()
            .trim_start_matches("watchtogether join")
            .trim()
            .parse(),
    }
}

/// Reads until there is an invite with a room. Does not read to the end of input, because the writer may keep the pipe open.
/// `refuses` is called at each line break before there is an invite, and says whether the text so far cannot be, or contain, an
/// invite.
fn read_invite(mut input: impl BufRead, mut refuses: impl FnMut(&str) -> bool) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        let read = input.fill_buf()?;
        let (length, is_end) = (read.len(), read.is_empty());
        bytes.extend_from_slice(read);
        input.consume(length);
        let text = String::from_utf8_lossy(&bytes);
        let is_line = bytes.ends_with(b"\n");
        let is_found = is_line && parsed(&text).is_ok_and(|invite| invite.room.is_some());
        if is_end || is_found || bytes.len() >= TEXT_BYTES {
            return Ok(text.into_owned());
        }
        if is_line && refuses(&text) {
            bytes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    const INVITE: &str =
        "watchtogether://203.0.113.7:7843/film#k=5lmg5frcpxfkikeutetkguwq2i&t=tfk2c3d4e5f6g7h2";

    /// A pipe whose writer writes these pieces and keeps it open. Reading further would wait forever, so it fails here.
    struct Open<'a>(std::slice::Iter<'a, &'a [u8]>);

    impl Read for Open<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let piece = self.0.next().ok_or(io::ErrorKind::WouldBlock)?;
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    fn read(pieces: &[&str]) -> Option<String> {
        let pieces: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
        let text = read_invite(io::BufReader::new(Open(pieces.iter())), |_text| false).ok()?;
        parsed(&text).ok().map(|invite| invite.to_string())
    }

    #[test]
    fn a_first_line_of_one_word_is_part_of_the_text_and_no_address_without_a_room() {
        assert_eq!(
            read(&["Hi\n", &format!("come: {INVITE}\n")]).as_deref(),
            Some(INVITE)
        );
    }

    #[test]
    fn a_line_rejected_at_a_terminal_is_discarded() {
        let lines: [&[u8]; 3] = [b"::1:9210/v6\n", b"box.example.org\n", b"box.example.org/film\n"];
        let mut refused = Vec::new();

        let text = read_invite(io::BufReader::new(Open(lines.iter())), |text| {
            refused.push(text.to_owned());
            true
        });

        assert_eq!(text.expect("it is read"), "box.example.org/film\n");
        assert_eq!(refused, ["::1:9210/v6\n", "box.example.org\n"]);
    }

    #[test]
    fn an_invite_is_read_out_of_a_text_and_nothing_after_it_is_waited_for() {
        let (first, second) = INVITE.split_at(60);

        assert_eq!(read(&[INVITE, "\n"]).as_deref(), Some(INVITE));
        assert_eq!(
            read(&["Hi!\n", "\n", &format!("come: {INVITE}.\n")]).as_deref(),
            Some(INVITE)
        );
        assert_eq!(
            read(&[&format!("> {first}\n"), &format!("> {second}\n")]).as_deref(),
            Some(INVITE)
        );
        assert_eq!(
            read(&["box.example.org/film\n"]).as_deref(),
            Some("watchtogether://box.example.org:7843/film")
        );
        assert_eq!(read(&["Hi!\n"]), None, "and it reads on");
    }
}
