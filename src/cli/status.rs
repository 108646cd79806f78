//! `status`: prints the state of a client that is running on this machine.

use clap::Args;
use watchtogether_protocol::MediaTime;
use watchtogether_tui::msg;
use watchtogether_tui::strings;

use super::globals::Globals;
use super::session_arg::SessionArgs;
use crate::control::wire::StatusJson;
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// Show how the party does.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Print one JSON object; for the host and co-hosts, .room.invite has the invite
    #[arg(long)]
    pub(super) json: bool,
    /// Which client.
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &StatusArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let status = args.session.status(globals)?;
    if args.json {
        output.json(&status)?;
    } else {
        output.line(&status_line(&status))?;
    }
    Ok(Exit::Ok)
}

/// Returns one line for a status bar.
fn status_line(status: &StatusJson) -> String {
    let Some(room) = &status.room else {
        return format!("{}: {}", status.server, status.link.state);
    };
    let mut words = vec![room.title.clone().unwrap_or_else(|| room.name.clone())];
    if status.link.state != "up" {
        words.push(status.link.state.clone());
    }
    if let Some(playback) = &status.playback {
        words.push(format!(
            "{} {}",
            playback.state,
            MediaTime::from_millis(playback.position_ms)
        ));
        if !playback.waiting_for.is_empty() {
            let who: Vec<&str> = playback
                .waiting_for
                .iter()
                .map(|name| if *name == room.you { msg!("you") } else { name })
                .collect();
            words.push(msg!("status-waiting", names = who.join(", ")));
        }
    }
    if let Some(item) = &status.item {
        words.push(item.title.clone());
    }
    let is_in_sync = status
        .members
        .iter()
        .any(|member| member.name == room.you && member.in_sync);
    match status.sync.spread_ms {
        _ if status.link.state != "up" => {}
        Some(spread) if is_in_sync => words.push(msg!(
            "status-in-sync",
            milliseconds = format!("{:.0}", spread.ceil())
        )),
        // The line already says that the room plays.
        _ if status.sync.state == "playing" => {}
        Some(_) | None => words.push(status.sync.state.clone()),
    }
    if let (Some(ready), Some(watching)) = (room.ready, room.watching) {
        words.push(strings::here(status.members.len(), ready, watching));
    }
    words.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_calls_its_reader_you() {
        let room = crate::control::wire::RoomJson {
            you: "ana".to_owned(),
            ..Default::default()
        };
        let playback = crate::control::wire::PlaybackJson {
            waiting_for: vec!["ana".to_owned(), "bo".to_owned()],
            ..Default::default()
        };
        let status = StatusJson {
            room: Some(room),
            playback: Some(playback),
            ..StatusJson::default()
        };

        let line = status_line(&status);

        assert!(line.contains("waiting for you, bo"), "{line}");
    }
}
