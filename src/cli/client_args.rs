//! The arguments that `host` and `join` share: name, player and screen.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use watchtogether_protocol::MemberName;
use watchtogether_protocol::id::MemberNameError;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_tui::{msg, strings};

use crate::config::{self, ConfigLayer, Configured, Ui};
use crate::exit::Failure;

/// The arguments that `host` and `join` share.
#[derive(Debug, Args)]
pub(super) struct ClientArgs {
    /// Your name in the room [default: your login name]
    #[arg(long, value_parser = name)]
    pub(super) name: Option<MemberName>,
    /// The player: mpv, or none to chat and control without one [default: mpv]
    #[arg(long, value_name = "PLAYER")]
    pub(super) player: Option<PlayerArg>,
    /// Set an mpv option, as in mpv.conf; can be repeated
    ///
    /// Your mpv.conf, input.conf, scripts and plugins are loaded as well. These options are fixed, because the room
    /// depends on them: ab-loop-a, ab-loop-b, audio-pitch-correction, cache-pause, correct-pts, end, frames, hr-seek, idle,
    /// initial-audio-sync, input-terminal, keep-open, keep-open-pause, length, loop-file, loop-playlist, play-dir,
    /// rebase-start-time, reset-on-next-file, resume-playback, save-position-on-quit, speed, sstep, start, terminal,
    /// untimed, video-sync.
    #[arg(long = "mpv-option", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) mpv_options: Vec<(String, String)>,
    /// Print a line per event instead of drawing a screen: for screen readers, pipes and logs
    #[arg(long)]
    pub(super) plain: bool,
    /// Speak each line with this program, such as 'spd-say -e'; implies --plain
    #[arg(long, value_name = "CMD")]
    pub(super) say: Option<String>,
    /// A folder to search for films; can be repeated [default: ~/Videos]
    #[arg(long = "media-dir", value_name = "DIR")]
    pub(super) media_dirs: Vec<PathBuf>,
}

/// The player to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlayerArg {
    /// Your own mpv, with your configuration
    Mpv,
    /// No player: chat and control only
    None,
}

impl ClientArgs {
    /// Returns the values of the flags. A name that a server would refuse is refused here.
    pub(super) fn layer(&self) -> Result<ConfigLayer, Failure> {
        if self.name.as_ref().is_some_and(MemberName::is_reserved) {
            return Err(Refusal::NameReserved.into());
        }
        Ok(ConfigLayer {
            name: self.name.clone().map(Configured::flag),
            media_dirs: self.media_dirs.iter().cloned().map(Configured::flag).collect(),
            mpv_options: self.mpv_options.iter().cloned().map(Configured::flag).collect(),
            player: self.player.map(|player| Configured::flag(player.into())),
            ui: (self.plain || self.say.is_some()).then(|| Configured::flag(Ui::Plain)),
            say: self.say.clone().map(Configured::flag),
            ..ConfigLayer::default()
        })
    }
}

impl From<PlayerArg> for config::PlayerKind {
    fn from(player: PlayerArg) -> Self {
        match player {
            PlayerArg::Mpv => Self::Mpv,
            PlayerArg::None => Self::None,
        }
    }
}

/// Parses a name; reserved names are refused later.
fn name(text: &str) -> Result<MemberName, String> {
    let name = match text.parse() {
        Err(MemberNameError::Reserved) => MemberName::existing(text),
        name => name,
    };
    name.map_err(strings::member_name_error)
}

/// Splits `KEY=VALUE`. A key without a value means `yes`, as in mpv.conf.
fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, "yes"));
    let key = key.trim_start_matches("--");
    if key.is_empty() {
        return Err(msg!("mpv-option-form").to_owned());
    }
    Ok((key.to_owned(), value.to_owned()))
}
