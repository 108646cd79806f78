//! `status`: prints the state of a client that is running on this machine.

use clap::Args;
use watchtogether_protocol::MediaTime;
use watchtogether_tui::msg;
use watchtogether_tui::strings::{self, Who};

use super::globals::Globals;
use super::session_arg::SessionArgs;
use crate::control::wire::{RoomJson, StatusJson};
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// Show how the party does.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Print one JSON object; .room.invite has the invite, if you know it
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
    let link = msg!("status-link", state = &status.link.state);
    let Some(room) = &status.room else {
        return msg!("status-no-room", server = &status.server, link = link);
    };
    let is_up = status.link.state == "up";
    let mut labels = vec![room.title.clone().unwrap_or_else(|| room.name.clone())];
    labels.extend((!is_up).then_some(link));
    if let Some(playback) = &status.playback {
        labels.push(msg!(
            "status-playback",
            state = &playback.state,
            position = MediaTime::from_millis(playback.position_ms)
        ));
        if playback.waiting_for.is_empty() && playback.waiting_for_count > 0 {
            labels.push(msg!("waiting-count", count = playback.waiting_for_count));
        } else if !playback.waiting_for.is_empty() {
            let people = playback.waiting_for.iter().map(|name| who(name, room));
            let names: Vec<String> = people.map(|who| who.label().to_owned()).collect();
            labels.push(msg!("status-waiting", names = strings::list(&names)));
        }
    }
    labels.extend(status.item.as_ref().map(|item| item.title.clone()));
    labels.extend(sync_label(status, room).filter(|_| is_up));
    if let (Some(ready), Some(watching)) = (room.ready, room.watching) {
        labels.push(strings::here(status.members.len(), ready, watching));
    }
    labels.join(strings::DOT)
}

/// Returns how the user's player follows; `None` if the line already says it: the room plays.
fn sync_label(status: &StatusJson, room: &RoomJson) -> Option<String> {
    let own = status
        .members
        .iter()
        .find(|member| who(&member.name, room) == Who::You);
    let is_in_sync = own.is_some_and(|member| member.in_sync);
    match status.sync.spread_ms {
        Some(spread) if is_in_sync => Some(msg!(
            "status-in-sync",
            milliseconds = format!("{:.0}", spread.ceil())
        )),
        Some(_) | None => {
            (status.sync.state != "playing").then(|| msg!("status-sync", state = &status.sync.state))
        }
    }
}

/// Returns whom a name of the room means. A name is unique in its room.
fn who(name: &str, room: &RoomJson) -> Who {
    if name == room.you {
        Who::You
    } else {
        Who::Named(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::wire::PlaybackJson;

    fn in_a_room(link: &str, sync: &str) -> StatusJson {
        let mut status = StatusJson {
            room: Some(RoomJson {
                name: "den".to_owned(),
                you: "ana".to_owned(),
                ..RoomJson::default()
            }),
            playback: Some(PlaybackJson {
                state: "playing".to_owned(),
                waiting_for: vec!["ana".to_owned(), "bo".to_owned()],
                ..PlaybackJson::default()
            }),
            ..StatusJson::default()
        };
        status.link.state = link.to_owned();
        status.sync.state = sync.to_owned();
        status
    }

    #[test]
    fn a_status_line_calls_its_reader_you_and_says_codes_in_words() {
        assert_eq!(
            status_line(&in_a_room("up", "too_slow")),
            "den · playing 00:00 · waiting for you and bo · cannot keep up"
        );
        assert_eq!(
            status_line(&in_a_room("paused_here", "playing")),
            "den · paused here: connection lost · playing 00:00 · waiting for you and bo"
        );
    }

    #[test]
    fn without_a_room_the_line_is_about_the_connection() {
        let mut status = StatusJson {
            server: "box:7843".to_owned(),
            ..StatusJson::default()
        };
        status.link.state = "lost".to_owned();

        assert_eq!(status_line(&status), "box:7843: connection lost");
    }

    #[test]
    fn a_code_of_a_later_version_is_shown_itself() {
        let status = in_a_room("up", "dreaming");

        assert!(status_line(&status).ends_with("dreaming"));
    }

    #[test]
    fn a_status_line_counts_members_who_are_too_many_to_be_named() {
        let mut status = in_a_room("up", "dreaming");
        status.playback = Some(PlaybackJson {
            state: "preparing".to_owned(),
            waiting_for_count: 12,
            ..PlaybackJson::default()
        });

        let line = status_line(&status);

        assert!(line.contains("waiting for 12 people"), "{line}");
    }
}
