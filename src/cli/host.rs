//! `host`: opens a room, on a local server unless told otherwise.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use watchtogether_protocol::invite::Address;
use watchtogether_tui::strings::{home as strings, invite_error};

use super::access::access;
use super::client_args::ClientArgs;
use super::globals::Globals;
use super::media_arg;
use super::on_stall::OnStall;
use super::opening::{RoomOpening, ServerChoice};
use super::public_address::PublicAddress;
use super::room_arg::RoomArg;
use super::room_entry::RoomEntry;
use super::runtime::runtime;
use crate::config::{self, Configured};
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// Open a room.
#[derive(Debug, Args)]
pub(super) struct HostArgs {
    /// The film: a file, or a link that mpv can open
    #[arg(value_name = "FILE|URL")]
    pub(super) film: Option<OsString>,
    /// Use this server instead of starting one
    #[arg(long, value_name = "HOST[:PORT]", value_parser = address)]
    pub(super) server: Option<Address>,
    /// Name of the room [default: made from the film's title]
    #[arg(long, value_name = "ROOM", value_parser = RoomArg::of_argument)]
    pub(super) room: Option<RoomArg>,
    /// Who may join [default: invite]
    #[arg(long)]
    pub(super) access: Option<AccessArg>,
    /// Read the room's password from a file
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Whether to wait when someone is buffering [default: wait]
    #[arg(long, value_name = "POLICY")]
    pub(super) on_stall: Option<OnStall>,
    /// UDP port of your server [default: 7843, or a free one if that is in use]
    #[arg(long, conflicts_with = "server")]
    pub(super) port: Option<u16>,
    /// Address to put in the invite, at which friends can reach this machine
    #[arg(long, value_name = "HOST[:PORT]", value_parser = PublicAddress::of_argument)]
    pub(super) public: Option<PublicAddress>,
    /// Name, player and screen.
    #[command(flatten)]
    pub(super) client: ClientArgs,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AccessArg {
    /// Anyone who knows the room's name
    Open,
    /// Anyone with the invite
    Invite,
    /// Anyone who knows the password
    Password,
}

impl From<AccessArg> for config::AccessKind {
    fn from(access: AccessArg) -> Self {
        match access {
            AccessArg::Open => Self::Open,
            AccessArg::Invite => Self::Invite,
            AccessArg::Password => Self::Password,
        }
    }
}

/// Runs the subcommand.
pub(super) fn run(args: HostArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let mut flags = args.client.layer()?;
    flags.access = args.access.map(|access| Configured::flag(access.into()));
    flags.on_stall = args.on_stall.map(|policy| Configured::flag(policy.into()));
    flags.server = args.server.clone().map(Configured::flag);
    flags.port = args.port.map(Configured::flag);
    let config = globals.load(flags)?;
    let opening = RoomOpening {
        film: args.film.as_deref().map(media_arg::of_argument).transpose()?,
        copy_of: None,
        note: args.room.as_ref().and_then(|room| note_of(room, output)),
        room: args.room.map(|room| room.name),
        access: access(&config, args.password_file.as_deref())?,
        at: ServerChoice::configured(&config, None, globals),
        public: args.public,
        again: None,
        settings: None,
    };
    let way = RoomEntry::Open(Box::new(opening));
    runtime()?.block_on(way.run(config, globals, output))
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error| invite_error(&error))
}

/// Prints a message if the typed room name had to be changed, and returns it for the screen, which hides the output.
fn note_of(room: &RoomArg, output: &mut OutputStreams) -> Option<String> {
    (room.name.as_str() != room.typed).then(|| {
        let words = strings::room_is_called(room.name.as_str());
        output.note(&words);
        words
    })
}
