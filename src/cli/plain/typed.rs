//! What a line of input wants, and the answers that need nobody but the own client.

use watchtogether_protocol::Clean;
use watchtogether_protocol::message::roster::Link;
use watchtogether_tui::action::{ACTIONS, ActionId};
use watchtogether_tui::home::vocabulary::Film;
use watchtogether_tui::model::markup::as_action;
use watchtogether_tui::slash_command::{self, Command as Typed, Line, Mistake};

use crate::bridge::Bridge;
use crate::cli::home::files;
use crate::cli::scripts;
use crate::session::command::Command;
use crate::session::status::Status;

/// Returns what a line of input wants: nothing where it asks for help, or words about what is wrong with it.
pub(in crate::cli) fn read(line: &str, status: &Status) -> Result<Option<Command>, String> {
    let command = match slash_command::parse(line.trim_end()) {
        Line::Say(text) => {
            return scripts::text_of(&text)
                .map(|text| Some(Command::Say { text }))
                .map_err(|p| p.message);
        }
        Line::Wrong(Mistake::Unknown {
            word,
            nearest: Some(nearest),
        }) => {
            return Err(format!("There is no /{word}. Did you mean /{nearest}?"));
        }
        Line::Wrong(Mistake::Unknown { word, nearest: None }) => {
            return Err(format!("There is no /{word}. /help lists what there is."));
        }
        Line::Wrong(Mistake::Argument { word, argument }) => {
            return Err(format!("Write /{word} {argument}."));
        }
        Line::Do(command) => command,
    };
    Ok(Some(match command {
        Typed::SeekTo(position) => Command::SeekTo(position),
        Typed::SeekBy(distance) => Command::SeekBy(distance),
        Typed::SetRate(rate) => Command::SetRate(rate),
        Typed::Chapter(wish) => match Bridge::chapter_meant(status, &wish) {
            Ok(position) => Command::SeekTo(position),
            Err(words) => return Err(words.to_owned()),
        },
        Typed::Host(name) => {
            let to = scripts::member_named(status, &name).map_err(|problem| problem.message)?;
            Command::TransferHost { to }
        }
        Typed::HelpOn(_) | Typed::Run(ActionId::Help) => return Ok(None),
        Typed::Act(deed) => Command::Say {
            text: Clean::text(&as_action(&deed)),
        },
        Typed::Open(film) => {
            Command::Open(files::own_copy(&Film::Typed(film)).map_err(|failure| failure.message)?)
        }
        Typed::Mouse(_) | Typed::Export(_) => return Err(SCREEN_ONLY.to_owned()),
        Typed::Run(ActionId::People | ActionId::SyncDetails) => return Err(who(status)),
        Typed::Run(id) => match BY_LINES.iter().find(|(known, _)| *known == id) {
            Some((_, command)) => command.clone(),
            None => return Err(SCREEN_ONLY.to_owned()),
        },
    }))
}

/// What is said of what only a screen can do.
const SCREEN_ONLY: &str = "That is for the screen alone.";

/// The actions without an argument that make sense by lines.
const BY_LINES: [(ActionId, Command); 8] = [
    (ActionId::Undo, Command::Undo),
    (ActionId::Play, Command::Play),
    (ActionId::Pause, Command::Pause),
    (ActionId::GoOn, Command::GoOn),
    (ActionId::SyncNow, Command::SyncNow),
    (ActionId::Reopen, Command::ReopenPlayer),
    (ActionId::Retry, Command::Retry),
    (ActionId::Leave, Command::Leave),
];

/// Returns what can be typed, a line each.
pub(in crate::cli) fn help() -> Vec<String> {
    let usable = |id: ActionId| {
        let has_argument = matches!(
            id,
            ActionId::GoTo | ActionId::SetSpeed | ActionId::Chapter | ActionId::Host
        );
        let is_talk = matches!(id, ActionId::Help | ActionId::People | ActionId::SyncDetails);
        has_argument || is_talk || BY_LINES.iter().any(|(known, _)| *known == id)
    };
    let mut lines = vec!["Type to talk. Commands:".to_owned()];
    for action in ACTIONS.iter().filter(|action| usable(action.id)) {
        if let Some(slash) = &action.slash {
            let form = format!("/{} {}", slash.word, slash.argument);
            lines.push(format!("{}: {}.", form.trim_end(), action.help));
        }
    }
    lines
}

fn who(status: &Status) -> String {
    let Some(room) = &status.room else {
        return "Not in a room yet.".to_owned();
    };
    let people: Vec<String> = room
        .members
        .iter()
        .map(|m| {
            let you = if m.member.id == room.you { ", you" } else { "" };
            let host = if m.member.is_host() { ", host" } else { "" };
            let lost = if m.member.link == Link::Lost {
                ", connection lost"
            } else {
                ""
            };
            let spread = m.telemetry.and_then(|t| t.drift_p95_us);
            let near = spread.map_or_else(String::new, |us| {
                format!(", within {} milliseconds", us.div_ceil(1_000))
            });
            format!("{}{you}{host}{lost}{near}", m.member.name)
        })
        .collect();
    format!("{}.", people.join("; "))
}
