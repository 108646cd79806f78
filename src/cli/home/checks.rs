//! The checks of this machine that home shows: player, sound, links. They run in the background, and nothing waits for them.

#[cfg(feature = "mpv")]
use std::process::Stdio;
#[cfg(feature = "mpv")]
use std::time::Duration;

#[cfg(feature = "mpv")]
use serde_json::{Value, json};
use watchtogether_protocol::Clean;
#[cfg(feature = "mpv")]
use watchtogether_protocol::player_reason::PlayerEnd;
use watchtogether_tui::home_vocabulary::{Check, CheckState};
use watchtogether_tui::msg;
#[cfg(feature = "mpv")]
use watchtogether_tui::strings;

use crate::cli::globals::variable;
#[cfg(feature = "mpv")]
use crate::exit::Exit;
#[cfg(feature = "mpv")]
use crate::output::OutputStreams;
#[cfg(feature = "mpv")]
use crate::player::check;
#[cfg(feature = "mpv")]
use crate::process::{self, Lifetime};

/// The time limit of a check. It takes a tenth of a second, and a few seconds on a cold disk.
#[cfg(feature = "mpv")]
const CHECK_TIMEOUT: Duration = Duration::from_secs(30);

/// The programs that mpv uses to open web pages which contain a film.
const EXTRACTORS: [&str; 2] = ["yt-dlp", "youtube-dl"];

pub(super) fn check(state: CheckState, words: &str) -> Check {
    Check {
        state,
        words: Clean::line(words),
    }
}

/// Checks for a program that opens web pages with films; a direct link to a film needs none.
pub(super) fn links() -> Check {
    let path = variable("PATH").unwrap_or_default();
    let is_there = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    match EXTRACTORS.into_iter().find(is_there) {
        Some(name) => check(CheckState::Good, name),
        None => check(CheckState::Bad, msg!("check-no-extractor")),
    }
}

/// Checks the player and its sound in a separate process, because the library is large and may crash.
#[cfg(feature = "mpv")]
pub(super) async fn player() -> Vec<Check> {
    let seen = tokio::time::timeout(CHECK_TIMEOUT, seen()).await;
    let Some(seen) = seen.ok().flatten() else {
        return vec![check(CheckState::Bad, msg!("check-mpv-silent"))];
    };
    let text = |key: &str| seen[key].as_str().map(str::to_owned);
    match (text("version"), text("error")) {
        (Some(version), _) if seen["has_sound"] == true => {
            vec![
                check(CheckState::Good, &version),
                check(CheckState::Good, msg!("check-sound")),
            ]
        }
        (Some(version), _) => vec![
            check(CheckState::Good, &version),
            check(CheckState::Bad, msg!("check-no-sound")),
        ],
        (None, Some(error)) => {
            let words = match text("hint") {
                Some(hint) => msg!("check-mpv-failed", error = error, hint = hint),
                None => error,
            };
            vec![check(CheckState::Bad, &words)]
        }
        (None, None) => vec![check(CheckState::Bad, msg!("check-mpv-silent"))],
    }
}

#[cfg(not(feature = "mpv"))]
pub(super) async fn player() -> Vec<Check> {
    vec![check(CheckState::Bad, msg!("check-without-mpv"))]
}

#[cfg(feature = "mpv")]
async fn seen() -> Option<Value> {
    let program = std::env::current_exe().ok()?;
    let mut command = std::process::Command::new(program);
    command
        .arg("player-check")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    process::isolate(&mut command, Lifetime::WithParent);
    let output = tokio::process::Command::from(command).kill_on_drop(true).output();
    serde_json::from_slice(&output.await.ok()?.stdout).ok()
}

/// Checks the player in this process, and prints the result.
#[cfg(feature = "mpv")]
pub(in crate::cli) fn look() -> Exit {
    let seen = match check::look() {
        Ok(seen) => json!({"version": seen.version, "has_sound": seen.has_sound}),
        Err(error) => {
            let end = PlayerEnd::from(error);
            json!({"error": strings::player_end(&end), "hint": strings::player_hint(&end, None)})
        }
    };
    match OutputStreams::new(|_is_terminal| false, true).json(&seen) {
        Ok(()) => Exit::Ok,
        Err(failure) => failure.exit(),
    }
}
