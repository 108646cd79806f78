//! `events`: prints the events of a client that is running on this machine, line by line.

use clap::Args;

use watchtogether_tui::msg;

use super::globals::Globals;
use super::runtime::runtime;
use super::session_arg::SessionArgs;
use crate::control::wire::EventBody;
use crate::exit::{Exit, Failure, FailureKind};
use crate::output::OutputStreams;

/// Print what happens.
#[derive(Debug, Args)]
#[command(after_long_help = types())]
pub(super) struct EventsArgs {
    /// Print one JSON object per line
    #[arg(long)]
    pub(super) json: bool,
    /// Print only events of these types, separated by commas
    #[arg(long = "type", value_name = "TYPES", value_delimiter = ',')]
    pub(super) types: Vec<String>,
    /// Which client.
    #[command(flatten)]
    pub(super) session: SessionArgs,
}

/// Returns the types of events, for the help.
fn types() -> String {
    let rows = EventBody::TYPES.map(|(kind, words)| format!("  {kind:<10} {words}"));
    format!("Types:\n{}", rows.join("\n"))
}

/// Runs the subcommand.
pub(super) fn run(args: EventsArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    if let Some(unknown) = args.types.iter().find(|kind| !EventBody::is_type(kind)) {
        let known = EventBody::TYPES.map(|(kind, _)| kind).join(", ");
        return Err(Failure::new(
            FailureKind::BadRequest,
            msg!("no-such-event-type", name = format!("{unknown:?}")),
        )
        .hint(msg!("hint-event-types", types = known)));
    }
    runtime()?.block_on(async {
        let client = args.session.connect(globals).await?;
        let mut events = client.events(args.types).await?;
        while let Some(line) = events.next_line().await? {
            if args.json {
                output.line(&line)?;
            } else {
                output.line(&words_of(&line))?;
            }
        }
        Ok(Exit::Ok)
    })
}

/// Returns an event as text: its time of day, its type and its data.
fn words_of(line: &str) -> String {
    let Ok(serde_json::Value::Object(event)) = serde_json::from_str(line) else {
        return line.to_owned();
    };
    let text = |key: &str| {
        event
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let time = text("t").get(11..19).unwrap_or_default().to_owned();
    let rest: Vec<String> = event
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "v" | "t" | "type" | "room"))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    format!("{time} {} {}", text("type"), rest.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_imitate_another_event() {
        let line = r#"{"v":1,"t":"2026-12-01T20:41:07Z","type":"chat-message","user":"you joined film","text":"hi\n20:41:08 join user=\"bo\""}"#;

        assert_eq!(
            words_of(line),
            r#"20:41:07 chat-message text="hi\n20:41:08 join user=\"bo\"" user="you joined film""#
        );
    }
}
