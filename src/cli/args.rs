//! What the command line takes: one type per subcommand, with the words of its help.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use watchtogether_protocol::id::RoomNameError;
use watchtogether_protocol::invite::{Address, InviteError};
use watchtogether_protocol::message::room::StallPolicy;
use watchtogether_protocol::{MemberName, RoomName};

use crate::config::{Layer, Set};

/// Watch films together, each in their own mpv, to the same instant.
#[derive(Debug, Parser)]
#[command(
    name = "watchtogether",
    version,
    about,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(after_help = "Examples:\n  \
    watchtogether                               host a film, paste an invite, go back into a room\n  \
    watchtogether host film.mkv                 open a room; send the printed line to a friend\n  \
    watchtogether join 'watchtogether://…'      paste the line; the film is found in your folders\n  \
    watchtogether serve                         serve rooms on a machine that stays on\n  \
    watchtogether ctl pause                     act in the party that runs on this machine")]
pub struct Cli {
    /// What to do [default: ask]
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Show lines instead of a screen
    #[arg(long)]
    pub plain: bool,
    /// Log more: -v what an operator wants to know, -vv what a developer does.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but the answer.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Colour: auto, always or never.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a room, print the line that lets friends in, and watch
    Host(HostArgs),
    /// Serve rooms without watching
    Serve(ServeArgs),
    /// Look after the rooms that a server keeps: backup, check, restore
    Server(ServerArgs),
    /// Enter a room and watch
    Join(JoinArgs),
    /// Show how the party on this machine does
    Status(StatusArgs),
    /// Say something in the party on this machine
    Send(SendArgs),
    /// Move the party on this machine
    Ctl(CtlArgs),
    /// Print what happens in the party on this machine, line by line
    Events(EventsArgs),
    /// Show the configuration and where each value comes from
    Config(ConfigArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Play the bundled clip in three players and measure how far apart they are
    Demo(DemoArgs),
}

/// What `host` and `join` share.
#[derive(Debug, Args)]
pub struct PartyArgs {
    /// Your name in the room
    #[arg(long)]
    pub name: Option<MemberName>,
    /// The player: mpv, or none to chat and control only
    #[arg(long, value_name = "PLAYER")]
    pub player: Option<PlayerKind>,
    /// An option for mpv, as in mpv.conf; may be repeated
    ///
    /// Your mpv.conf, input.conf, scripts and plugins are used too. Fixed, because the room depends on them:
    /// ab-loop-a, ab-loop-b, audio-pitch-correction, cache-pause, correct-pts, end, frames, hr-seek, idle,
    /// initial-audio-sync, input-terminal, keep-open, keep-open-pause, length, loop-file, loop-playlist, play-dir,
    /// rebase-start-time, reset-on-next-file, resume-playback, save-position-on-quit, speed, sstep, start, terminal,
    /// untimed, video-sync.
    #[arg(long = "mpv-option", value_name = "KEY=VALUE", value_parser = key_value)]
    pub mpv_options: Vec<(String, String)>,
    /// A line per event instead of a screen: for pipes, logs and screen readers
    #[arg(long)]
    pub plain: bool,
    /// A program that is handed each line to say it, such as 'spd-say -e'; implies --plain
    #[arg(long, value_name = "CMD")]
    pub say: Option<String>,
    /// A folder to look for films in; may be repeated
    #[arg(long = "media-dir", value_name = "DIR")]
    pub media_dirs: Vec<PathBuf>,
}

/// Which player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlayerKind {
    /// Your own mpv, with your configuration.
    Mpv,
    /// None: chat and control only.
    None,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccessKind {
    /// Whoever knows the room's name.
    Open,
    /// Whoever has the invite.
    Invite,
    /// Whoever knows the password.
    Password,
}

/// An address for an invite; without a port it has the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress(String);

impl PublicAddress {
    /// Returns the address of a server that listens at a port.
    pub fn at(&self, port: u16) -> Result<Address, InviteError> {
        Address::with_default_port(&self.0, port)
    }
}

impl FromStr for PublicAddress {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        text.parse::<Address>().map(|_valid| Self(text.to_owned()))
    }
}

/// The name of a room, and what was typed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomArg {
    /// A name that a room can have.
    pub name: RoomName,
    /// What it was made of.
    pub typed: String,
}

impl FromStr for RoomArg {
    type Err = RoomNameError;

    fn from_str(typed: &str) -> Result<Self, RoomNameError> {
        let name = typed.parse().or_else(|error| match error {
            RoomNameError::BadCharacter(_) => RoomName::made_of(typed).ok_or(error),
            RoomNameError::Empty | RoomNameError::TooLong => Err(error),
        })?;
        Ok(Self {
            name,
            typed: typed.to_owned(),
        })
    }
}

/// What the room does when a member's player runs dry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnStall {
    /// Wait for it, for a while.
    Wait,
    /// Go on; the member catches up alone.
    GoOn,
}

/// Open a room.
#[derive(Debug, Args)]
pub struct HostArgs {
    /// The film: a file, or a link that mpv can open
    #[arg(value_name = "FILE|URL")]
    pub film: Option<OsString>,
    /// Use a server that runs elsewhere instead of starting one
    #[arg(long, value_name = "HOST[:PORT]")]
    pub server: Option<Address>,
    /// The room's name [default: made from the film's]
    #[arg(long, value_name = "ROOM")]
    pub room: Option<RoomArg>,
    /// Who may come in
    #[arg(long)]
    pub access: Option<AccessKind>,
    /// Read the room's password from a file
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// What to do when a player runs dry
    #[arg(long, value_name = "POLICY")]
    pub on_stall: Option<OnStall>,
    /// The UDP port of the server that is started
    #[arg(long, conflicts_with = "server")]
    pub port: Option<u16>,
    /// The address that friends reach this machine at, as it shall stand in the invite
    #[arg(long, value_name = "HOST[:PORT]")]
    pub public: Option<PublicAddress>,
    /// Name, player and screen.
    #[command(flatten)]
    pub party: PartyArgs,
}

/// Enter a room.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// The invite, an address, or - to read the invite from standard input
    #[arg(
        value_name = "INVITE|HOST[:PORT][/ROOM]|-",
        env = "WATCHTOGETHER_INVITE",
        hide_env_values = true
    )]
    pub invite: Option<String>,
    /// Go back into the room that you were in last
    #[arg(long, conflicts_with_all = ["invite", "film", "password_file"])]
    pub last: bool,
    /// Your copy of the film, or a link [default: looked for in your folders]
    #[arg(value_name = "FILE|URL")]
    pub film: Option<OsString>,
    /// Read the room's password from a file
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Name, player and screen.
    #[command(flatten)]
    pub party: PartyArgs,
}

/// Serve rooms.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct ServeArgs {
    /// The UDP address to listen at
    #[arg(
        long,
        value_name = "ADDR:PORT",
        value_parser = listen_address,
        help = "The UDP address to listen at [default: [::]:7843]"
    )]
    pub listen: Option<SocketAddr>,
    /// Where the server's key and rooms are kept [default: the state folder]
    #[arg(long, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Keep nothing: rooms and invites end with the server
    #[arg(long, conflicts_with = "state_dir")]
    pub ephemeral: bool,
    /// Exempt clients on this machine from the limits per address: true or false [default: true]
    #[arg(
        long,
        value_name = "BOOL",
        long_help = "Exempt clients on this machine from the limits per address: true or false [default: true]\n\n\
            With false, everybody who comes through a proxy on this machine shares the limits of one address"
    )]
    pub exempt_loopback: Option<bool>,
    /// Print the ready line as JSON
    #[arg(long)]
    pub json: bool,
    /// End when standard input ends: for the client that started it
    #[arg(long, hide = true)]
    pub with_parent: bool,
    /// Keep nothing and read the key from the first line of standard input: for a client that keeps nothing either
    #[arg(long, hide = true, requires = "with_parent", conflicts_with_all = ["state_dir", "ephemeral"])]
    pub handed_key: bool,
}

/// Look after a server's rooms.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ServerAction,
    /// Where the server keeps its key and rooms [default: the state folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub state_dir: Option<PathBuf>,
}

/// What `server` can do.
#[derive(Debug, Subcommand)]
pub enum ServerAction {
    /// Copy the rooms into a file, while the server runs or not
    ///
    /// The copy holds rooms, seats and chat. It does not hold the server's key, which invites name: copy server-key.pem and
    /// reset-keys out of the state folder once, and keep them as you keep the copy, to yourself.
    Backup {
        /// A file that is not there yet
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Read all of the rooms and say whether they are whole
    ///
    /// Ends with 0 where they are, with 1 where they are damaged or a newer version's, with 6 where there are none.
    Check,
    /// Put a copy in the place of the rooms, while no server runs
    ///
    /// What was there before is kept beside it. Chat that was said since the copy was made is gone for the room; members
    /// find their seats again if they had them then.
    Restore {
        /// What `server backup` made, or the rooms.db of another folder
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Which running client is meant.
#[derive(Debug, Args)]
pub struct SessionArgs {
    /// The process id of the client that is meant [default: the newest]
    #[arg(long, value_name = "PID", global = true)]
    pub session: Option<u32>,
}

/// Show how the party does.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Print one JSON object; members who control the room find the invite in .room.invite
    #[arg(long)]
    pub json: bool,
    /// Which client.
    #[command(flatten)]
    pub session: SessionArgs,
}

/// Say something.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// What to say; - or nothing reads it from standard input
    pub text: Vec<String>,
    /// Which client.
    #[command(flatten)]
    pub session: SessionArgs,
}

/// Move the party.
#[derive(Debug, Args)]
pub struct CtlArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: CtlAction,
    /// Which client.
    #[command(flatten)]
    pub session: SessionArgs,
}

/// What `ctl` can do.
#[derive(Debug, Subcommand)]
pub enum CtlAction {
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

/// Print what happens.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    /// Only events of these types, separated by commas
    #[arg(long = "type", value_name = "TYPES", value_delimiter = ',')]
    pub types: Vec<String>,
    /// Which client.
    #[command(flatten)]
    pub session: SessionArgs,
}

/// Show the configuration.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// What `config` can do.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print every value
    Show {
        /// Say where each value comes from
        #[arg(long)]
        origin: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print where the files are
    Path,
    /// Print a commented file with the defaults, to begin with
    Init,
    /// Print every action with its keys, as a commented keys.toml to begin with
    Keys,
}

/// Print completions.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For which shell
    pub shell: clap_complete::Shell,
}

/// Measure oneself.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The film to play [default: the bundled clip]
    #[arg(long, value_name = "FILE")]
    pub film: Option<PathBuf>,
    /// Measure without a screen even on a terminal
    #[arg(long)]
    pub headless: bool,
}

/// Splits `KEY=VALUE`; a word alone is switched on, as in mpv.conf.
fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, "yes"));
    let key = key.trim_start_matches("--");
    if key.is_empty() {
        return Err("an option is KEY=VALUE, as in mpv.conf".to_owned());
    }
    Ok((key.to_owned(), value.to_owned()))
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_error| "an address with a port is needed, such as [::]:7843 or 0.0.0.0:7843".to_owned())
}

impl PartyArgs {
    /// Returns what the flags say.
    pub(super) fn layer(&self) -> Layer {
        Layer {
            name: self.name.clone().map(Set::flag),
            media_dirs: self.media_dirs.iter().cloned().map(Set::flag).collect(),
            mpv_options: self.mpv_options.iter().cloned().map(Set::flag).collect(),
            player: self.player.map(|player| Set::flag(player.into())),
            ui: (self.plain || self.say.is_some()).then(|| Set::flag(crate::config::Ui::Plain)),
            say: self.say.clone().map(Set::flag),
            ..Layer::default()
        }
    }
}

impl From<Color> for crate::config::Color {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl From<PlayerKind> for crate::config::PlayerKind {
    fn from(player: PlayerKind) -> Self {
        match player {
            PlayerKind::Mpv => Self::Mpv,
            PlayerKind::None => Self::None,
        }
    }
}

impl From<AccessKind> for crate::config::AccessKind {
    fn from(access: AccessKind) -> Self {
        match access {
            AccessKind::Open => Self::Open,
            AccessKind::Invite => Self::Invite,
            AccessKind::Password => Self::Password,
        }
    }
}

impl From<OnStall> for StallPolicy {
    fn from(policy: OnStall) -> Self {
        match policy {
            OnStall::Wait => Self::Wait,
            OnStall::GoOn => Self::GoOn,
        }
    }
}
