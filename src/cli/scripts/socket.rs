//! The control socket of a running client: answers the requests of scripts and sends them events.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;

use watchtogether_tui::msg;

use super::status::{ServerView, status_of, telemetry_of};
use super::{answer, commands, events};
use crate::cli::card::ServerCard;
use crate::cli::globals::Globals;
use crate::cli::media_arg;
use crate::cli::wall_clock::wall_clock;
use crate::control::wire::{Answer, EventBody, EventLine as PublishedEvent, Request};
use crate::control::{self, Call};
use crate::driver::{Client, ClientEvent};
use crate::exit::{self, Failure, FailureKind};
use crate::local_clock;
use crate::session::command::Command;
use crate::session::status::Status;

/// The capacity of the queue of requests.
const CALLS: usize = 16;

/// The number of events that a script may lag behind.
const EVENTS: usize = 1_024;

/// The time for the server to answer a script's command. It is shorter than the time that the script waits.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(8);

/// The interval of telemetry events for scripts that subscribe to them: as often as members send it.
const TELEMETRY: Duration = Duration::from_secs(1);

/// Serves scripts for as long as the client runs. If the socket cannot be used, the client runs without it, and the log says why.
pub(in crate::cli) fn serve(client: &Client, card: &ServerCard, globals: &Globals, tasks: &mut JoinSet<()>) {
    let socket = globals
        .paths
        .open_runtime()
        .and_then(control::ControlServer::bind);
    let socket = match socket {
        Ok(socket) => socket,
        Err(error) => {
            return tracing::warn!(%error, "could not open the control socket: scripts cannot reach this client");
        }
    };
    let (call_sender, calls) = mpsc::channel(CALLS);
    let (events_out, _) = broadcast::channel(EVENTS);
    tasks.spawn(socket.run(call_sender, events_out.downgrade()));
    tasks.spawn(answer_calls(
        calls,
        client.commands(),
        client.notices(),
        client.status(),
        ServerView {
            typed: card.server().to_owned(),
            public: card.public.clone(),
            pin: None,
        },
    ));
    tasks.spawn(publish_notices(client.notices(), client.status(), events_out));
}

/// Answers each request in a separate task, so that one that waits for the server does not delay the others.
async fn answer_calls(
    mut calls: mpsc::Receiver<Call>,
    commands: mpsc::Sender<Command>,
    mut notices: broadcast::Receiver<ClientEvent>,
    status: watch::Receiver<Status>,
    mut server: ServerView,
) {
    let mut waiting = JoinSet::new();
    loop {
        let call = tokio::select! {
            // Notices first, because answers depend on them: the server's key arrives before the room.
            biased;
            notice = notices.recv() => match notice {
                Ok(ClientEvent::Connected(identity)) => {
                    server.pin.get_or_insert(identity.pin);
                    continue;
                }
                Ok(ClientEvent::Event(_) | ClientEvent::Finished(_)) | Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            call = calls.recv() => match call {
                Some(call) => call,
                None => return,
            },
            Some(_answered) = waiting.join_next() => continue,
        };
        let command = match command_of(call.request, &status.borrow(), &server) {
            Ok(command) => command,
            Err(answer) => {
                // If the script has ended, nobody needs the answer.
                drop(call.answer.send(*answer));
                continue;
            }
        };
        // Subscribed before the command is sent, so that its answer cannot be missed.
        let news = notices.resubscribe();
        let (commands, status) = (commands.clone(), status.clone());
        waiting.spawn(async move {
            drop(
                call.answer
                    .send(do_and_wait(command, &commands, news, status).await),
            );
        });
    }
}

/// Returns the command for a request, or the answer if it needs no command.
fn command_of(
    request: Request,
    status: &Status,
    server: &ServerView,
) -> Result<Command, Box<Result<Answer, Failure>>> {
    let open = |target: &str| media_arg::of_argument(OsStr::new(target));
    let command = match request {
        Request::Status => {
            return Err(Box::new(Ok(Answer::Status(Box::new(status_of(status, server))))));
        }
        Request::Events { .. } => Err(Failure::new(FailureKind::BadRequest, msg!("events-not-here"))),
        Request::Send { text } => commands::text_of(&text).map(|text| Command::Say { text }),
        Request::Ctl { action, argument } => commands::command_of(&action, argument.as_deref(), status, open),
    };
    command.map_err(|failure| Box::new(Err(failure)))
}

/// Sends a command to the session and waits for its outcome.
async fn do_and_wait(
    command: Command,
    commands: &mpsc::Sender<Command>,
    mut news: broadcast::Receiver<ClientEvent>,
    status: watch::Receiver<Status>,
) -> Result<Answer, Failure> {
    let ending = || Failure::new(FailureKind::Ending, msg!("client-ending"));
    let is_satisfied = answer::is_satisfied(&command, &status.borrow());
    commands.send(command.clone()).await.map_err(|_ended| ending())?;
    if is_satisfied {
        return Ok(Answer::Done);
    }
    let answered = async {
        loop {
            let event = match news.recv().await {
                Ok(ClientEvent::Event(event)) => event,
                Ok(ClientEvent::Connected(_)) | Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Ok(ClientEvent::Finished(_)) | Err(broadcast::error::RecvError::Closed) => {
                    return Err(ending());
                }
            };
            let you = status.borrow().room.as_ref().map(|room| room.you);
            if let Some(answer) = answer::answer(&command, &event, you) {
                return answer.map(|()| Answer::Done);
            }
        }
    };
    tokio::time::timeout(ANSWER_TIMEOUT, answered)
        .await
        .unwrap_or_else(|_elapsed| Err(answer::no_answer(&command)))
}

async fn publish_notices(
    mut notices: broadcast::Receiver<ClientEvent>,
    status: watch::Receiver<Status>,
    events_out: broadcast::Sender<Arc<PublishedEvent>>,
) {
    let mut telemetry = tokio::time::interval(TELEMETRY);
    telemetry.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            _ = telemetry.tick() => {
                let body = (events_out.receiver_count() > 0).then(|| telemetry_of(&status.borrow()));
                publish(body.flatten(), &status, &events_out);
                continue;
            }
        };
        let body = match notice {
            Ok(ClientEvent::Event(event)) => events::event_of(&event, &status.borrow()),
            Ok(ClientEvent::Connected(_)) => None,
            Ok(ClientEvent::Finished(end)) => Some(EventBody::Link {
                state: "closed".to_owned(),
                reason: Some(exit::end_words(&end)),
            }),
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(EventBody::Gap { missed }),
            Err(broadcast::error::RecvError::Closed) => return,
        };
        publish(body, &status, &events_out);
    }
}

fn publish(
    body: Option<EventBody>,
    status: &watch::Receiver<Status>,
    events_out: &broadcast::Sender<Arc<PublishedEvent>>,
) {
    if let Some(body) = body {
        let status = status.borrow();
        let room = status.room.as_ref();
        let at = room.map_or_else(wall_clock, |room| room.wall.at(local_clock::monotonic()));
        let room = room.map(|room| room.name.to_string());
        // Fails if nobody is listening, which is usual.
        drop(events_out.send(Arc::new(PublishedEvent::new(at, room, body))));
    }
}
