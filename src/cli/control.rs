//! `status`, `send`, `ctl` and `events`: what scripts say to the client that runs on this machine.

use std::ffi::OsStr;
use std::io::Read as _;

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_tui::{slash_command, strings};

use super::args::{CtlAction, CtlArgs, EventsArgs, OnStall, SendArgs, SessionArgs, StatusArgs};
use super::films::{self, Target};
use super::globals::Globals;
use super::runtime::runtime;
use super::scripts;
use crate::control::wire::{Action, Answer, EventBody, Request, SeekTarget, Stall, Status, VERSION};
use crate::control::{Client, ControlError};
use crate::exit::{Exit, Failure};
use crate::file_url;
use crate::output::Output;

/// So much of standard input is read for a chat line, in bytes: far more than the longest one has.
const MOST_SAID: u64 = 1024 * 1024;

/// Runs `status`.
pub(super) fn status(args: &StatusArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let status = ask_status(&args.session, globals)?;
    if args.json {
        output.json(&status)?;
    } else {
        output.line(&status_line(&status))?;
    }
    Ok(Exit::Ok)
}

/// Runs `send`.
pub(super) fn send(args: &SendArgs, globals: &Globals) -> Result<Exit, Failure> {
    let mut text = args.text.join(" ");
    if text.is_empty() || text == "-" {
        text.clear();
        let input = std::io::stdin().lock().take(MOST_SAID);
        std::io::BufReader::new(input)
            .read_to_string(&mut text)
            .map_err(|error| {
                Failure::new(
                    Exit::Usage,
                    "bad_request",
                    format!("cannot read what to say: {error}"),
                )
            })?;
    }
    // What the client would refuse is not sent to it.
    scripts::text_of(&text)?;
    done(globals, &args.session, Request::Send { text })
}

/// Runs `ctl`.
pub(super) fn ctl(args: CtlArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let action = match args.action {
        CtlAction::Play => Action::Play,
        CtlAction::Pause => Action::Pause,
        CtlAction::Toggle => Action::Toggle,
        CtlAction::Seek { to } => Action::Seek(seek_target(&to)?),
        CtlAction::Speed { rate } => Action::Speed { rate },
        CtlAction::Undo => Action::Undo,
        CtlAction::Kick { name } => Action::Kick { name },
        CtlAction::Ban { name } => Action::Ban { name },
        CtlAction::Unban { name } => Action::Unban { name },
        CtlAction::Bans { json } => return bans(json, &args.session, globals, output),
        CtlAction::Host { name } => Action::Host { name },
        CtlAction::GoOn => Action::GoOn,
        CtlAction::OnStall { policy } => Action::OnStall {
            policy: match policy {
                OnStall::Wait => Stall::Wait,
                OnStall::GoOn => Stall::GoOn,
            },
        },
        CtlAction::Open { target } => Action::Open {
            target: target_of(&target)?,
        },
        CtlAction::Sync => Action::Sync,
        CtlAction::Retry => Action::Retry,
        CtlAction::Reopen => Action::Reopen,
        CtlAction::Quit => Action::Quit,
    };
    done(globals, &args.session, Request::Ctl(action))
}

/// Runs `ctl bans`.
fn bans(
    is_json: bool,
    session: &SessionArgs,
    globals: &Globals,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let status = ask_status(session, globals)?;
    let room = status.room.ok_or_else(|| {
        Failure::new(Exit::NotFound, "no_room", "the client is in no room")
            .hint("watchtogether status tells how the connection is")
    })?;
    let own = status.members.iter().find(|member| member.name == room.you);
    if own.is_none_or(|own| own.role == "viewer") {
        return Err(Refusal::NotHost.into());
    }
    if is_json {
        output.json(&serde_json::json!({"v": VERSION, "bans": room.bans}))?;
    } else {
        for ban in room.bans {
            output.line(&format!("{}  until {}", ban.name, ban.until))?;
        }
    }
    Ok(Exit::Ok)
}

fn ask_status(session: &SessionArgs, globals: &Globals) -> Result<Box<Status>, Failure> {
    if let Answer::Status(status) = call(globals, session, Request::Status)? {
        return Ok(status);
    }
    Err(Failure::new(
        Exit::Other,
        "failed",
        "the client answered something else than its status",
    ))
}

/// Runs `events`.
pub(super) fn events(args: EventsArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    if let Some(unknown) = args
        .types
        .iter()
        .find(|t| !EventBody::TYPES.contains(&t.as_str()))
    {
        let known = EventBody::TYPES.join(", ");
        return Err(Failure::new(
            Exit::Usage,
            "bad_request",
            format!("there are no events of type {unknown:?}"),
        )
        .hint(format!("types are {known}")));
    }
    runtime()?.block_on(async {
        let client = connect(globals, &args.session).await?;
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

fn done(globals: &Globals, session: &SessionArgs, request: Request) -> Result<Exit, Failure> {
    call(globals, session, request)?;
    Ok(Exit::Ok)
}

fn call(globals: &Globals, session: &SessionArgs, request: Request) -> Result<Answer, Failure> {
    runtime()?.block_on(async {
        let mut client = connect(globals, session).await?;
        Ok(client.call(request).await?)
    })
}

async fn connect(globals: &Globals, session: &SessionArgs) -> Result<Client, ControlError> {
    // Somebody else's folder of that name would hear what is asked here.
    let folder = globals.paths.open_runtime()?;
    Client::connect(folder, session.session).await
}

/// Returns what a user named so that the client, which runs in another folder, opens it.
fn target_of(named: &OsStr) -> Result<String, Failure> {
    let path = match films::target(named)? {
        Target::Link(link) => return Ok(link),
        Target::File(path) => path,
    };
    let path = std::path::absolute(&path).map_err(|error| {
        let words = format!("{} cannot be opened by its name", path.display());
        Failure::new(Exit::Usage, "bad_request", words).detail(error.to_string())
    })?;
    Ok(file_url::text_of(&path))
}

/// Reads `90`, `1:02:03` or `1:30.5` as a place, and the same behind `+` or `-` as a distance.
fn seek_target(text: &str) -> Result<SeekTarget, Failure> {
    let wrong = || {
        Failure::new(Exit::Usage, "bad_request", format!("{text:?} is no time"))
            .hint("a time is 90, 1:30 or 1:02:03; +10 and -10 go from here")
    };
    let (sign, time) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) | None => (0, text),
    };
    let number = |part: &str| part.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0);
    let parts: Option<Vec<f64>> = time.split(':').map(number).collect();
    let seconds = parts
        .and_then(|parts| slash_command::seconds_of(&parts))
        .ok_or_else(wrong)?;
    let millis = MediaTime::from_secs_f64(seconds).as_millis();
    Ok(if sign == 0 {
        SeekTarget::To(millis)
    } else {
        SeekTarget::By(sign * millis)
    })
}

/// Returns one line for a status bar.
fn status_line(status: &Status) -> String {
    let Some(room) = &status.room else {
        return format!("{}: {}", status.server, status.link.state);
    };
    let mut words = vec![room.name.clone()];
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
                .map(|name| if *name == room.you { strings::YOU } else { name })
                .collect();
            words.push(format!("waiting for {}", who.join(", ")));
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
        Some(spread) if is_in_sync => words.push(format!("in sync ±{:.0} ms", spread.ceil())),
        // That the room plays stands there already.
        _ if status.sync.state == "playing" => {}
        Some(_) | None => words.push(status.sync.state.clone()),
    }
    if let (Some(ready), Some(watching)) = (room.ready, room.watching) {
        words.push(strings::here(status.members.len(), ready, watching));
    }
    words.join("  ")
}

/// Returns an event for people: its time of day, its type and what it says.
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
    fn times_are_read_as_people_write_them() {
        let read = |text: &str| seek_target(text).ok();

        assert_eq!(read("90"), Some(SeekTarget::To(90_000)));
        assert_eq!(read("1:02:03"), Some(SeekTarget::To(3_723_000)));
        assert_eq!(read("1:30.5"), Some(SeekTarget::To(90_500)));
        assert_eq!(read("90:59"), Some(SeekTarget::To(5_459_000)));
        assert_eq!(read("+10"), Some(SeekTarget::By(10_000)));
        assert_eq!(read("-1:00"), Some(SeekTarget::By(-60_000)));
    }

    #[test]
    fn a_status_line_calls_its_reader_you() {
        let room = crate::control::wire::RoomStatus {
            you: "ana".to_owned(),
            ..Default::default()
        };
        let playback = crate::control::wire::PlaybackStatus {
            waiting_for: vec!["ana".to_owned(), "bo".to_owned()],
            ..Default::default()
        };
        let status = Status {
            room: Some(room),
            playback: Some(playback),
            ..Status::default()
        };

        let line = status_line(&status);

        assert!(line.contains("waiting for you, bo"), "{line}");
    }

    #[test]
    fn what_somebody_says_imitates_no_other_event() {
        let line = r#"{"v":1,"t":"2026-12-01T20:41:07Z","type":"chat-message","user":"you joined film","text":"hi\n20:41:08 join user=\"bo\""}"#;

        assert_eq!(
            words_of(line),
            r#"20:41:07 chat-message text="hi\n20:41:08 join user=\"bo\"" user="you joined film""#
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "", "+", "-", "1:2:3:4", "NaN", "inf", "ten", "--5", "1:-2", "é", "1:99", "1:60:00", "+0:60",
        ] {
            assert!(seek_target(text).is_err(), "{text}");
        }
    }
}
