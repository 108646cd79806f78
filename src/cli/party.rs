//! A client with its user: what `host` and `join` run once they know where to.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use watchtogether_protocol::Clean;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::time::WallTime;

use super::card::{Card, OwnReach};
use super::keeping::Keeper;
use super::own_server::OwnServer;
use super::recording::{Recorder, Way};
use super::scripts::ServerView;
use super::state::State;
use super::{Globals, answer, films, plain, scripts, speaker};
use crate::config::{Config, Paths, PlayerKind};
use crate::control::wire::{Answer, Event as Told, EventBody, Problem, Request};
use crate::control::{self, Call};
use crate::driver::{Client, ClientConfig, Notice};
use crate::exit::{Exit, Failure};
use crate::library;
use crate::local_clock;
use crate::output::Output;
use crate::owner::OwnerSecret;
use crate::player::Source;
use crate::player::handle::Launch;
use crate::process::Signals;
use crate::seats::Seats;
use crate::session::command::Command;
use crate::session::event::{Entry, Event};
use crate::session::output::End;
use crate::session::status::Status;
use crate::session::{Admission, OwnCopy, SessionConfig};
use crate::sync::law::Law;
use crate::transport::Trust;

/// Requests of scripts that wait.
const CALLS: usize = 16;

/// Events that a script may lag behind.
const TOLD: usize = 1_024;

/// The time that a script's command has to be answered by the server: shorter than the script itself waits.
const ANSWER: Duration = Duration::from_secs(8);

/// How often scripts that want to know are told how everybody follows: as often as members say it.
const TELEMETRY: Duration = Duration::from_secs(1);

/// Where to, and as whom.
#[derive(Debug)]
pub(super) struct Party {
    /// What the user is told on entering, if anything.
    pub(super) note: Option<String>,
    pub(super) address: Address,
    /// The address that stands in an invite.
    pub(super) public: Address,
    pub(super) trust: Trust,
    pub(super) admission: Admission,
    pub(super) film: Option<OwnCopy>,
    /// The title of what the film was a copy of in the room before, where it was not named now.
    pub(super) copy_of: Option<Clean>,
    pub(super) config: Config,
    /// How a server of our own is reached, where it is one.
    pub(super) own: Option<OwnReach>,
}

/// Returns the one runtime of a client: one thread, which lives as long as the program and so do its children.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, "failed", format!("cannot start: {error}")))
}

/// Returns what a link of the user's is.
pub(super) fn link(text: &str) -> Result<OwnCopy, Failure> {
    let item = library::item_of_link(text).map_err(|error| {
        Failure::new(Exit::Usage, "bad_link", error.to_string())
            .hint("other kinds are not opened; a file is named by its path alone")
    })?;
    Ok(OwnCopy {
        source: Source::Link(text.to_owned()),
        item,
    })
}

/// Returns what a file of the user's is.
pub(super) fn own_file(path: &Path) -> Result<OwnCopy, Failure> {
    let file = library::identify(path).map_err(|error| {
        let failure = Failure::new(Exit::NotFound, "no_such_file", error.to_string())
            .hint("name the film's file, or a link that begins with http:// or https://");
        match std::error::Error::source(&error) {
            Some(source) => failure.detail(source.to_string()),
            None => failure,
        }
    })?;
    Ok(OwnCopy {
        source: Source::File(file.path),
        item: file.item,
    })
}

/// Runs a client until its user leaves or the session ends.
pub(super) async fn run(
    party: Party,
    own: Option<OwnServer>,
    globals: &Globals,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let is_plain = plain::is_wanted(&party.config, output);
    let config = party.config.clone();
    let state = globals.state();
    let mut signals = prepare(&state, globals)?;
    if let Some(why) = state.warning().filter(|_| is_plain) {
        output.warning(why);
    }
    let look = super::screen::Look::load(&party.config, &globals.paths)?;
    let (sitting, notices) = Sitting::begin(party, own, &state, globals).await?;
    let shown = if is_plain {
        speaker::listen(&config, output);
        let (client, card) = (&sitting.client, &sitting.card);
        plain::follow(client, notices, card, &config, globals, &mut signals, output).await
    } else {
        super::screen::follow(&sitting, notices, look, &mut signals, output).await
    };
    sitting.end().await;
    shown
}

/// Does what is done once in a process with a client: the log goes to its file, if there can be one; signals are heeded.
pub(super) fn prepare(state: &State, globals: &Globals) -> Result<Signals, Failure> {
    if let Some(paths) = state.paths() {
        globals.log(&crate::logging::Destination::File(paths.client_log()))?;
    }
    Signals::listen().map_err(|error| Failure::new(Exit::Other, "signals", error.to_string()))
}

/// A client in a party, with what runs beside it: the socket for scripts, the note of the room, and what is kept of it.
#[derive(Debug)]
pub(super) struct Sitting {
    pub(super) client: Client,
    pub(super) card: Card,
    /// The server that was started for the room.
    own: Option<OwnServer>,
    recorder: Option<Recorder>,
    pub(super) keeper: Keeper,
    /// Why nothing is kept, where that is so.
    pub(super) warning: Option<String>,
    /// What the user is told on entering, if anything.
    pub(super) note: Option<String>,
    tasks: JoinSet<()>,
}

impl Sitting {
    /// Starts a client. The receiver misses nothing: the client's task has not run when this returns.
    pub(super) async fn begin(
        party: Party,
        own: Option<OwnServer>,
        state: &State,
        globals: &Globals,
    ) -> Result<(Self, broadcast::Receiver<Notice>), Failure> {
        let card = Card {
            server: party.address.to_string(),
            public: party.public.clone(),
            own: party.own.clone(),
            known_servers: match &party.trust {
                Trust::Pinned(_) => None,
                Trust::FirstUse(_) => Some(globals.paths.known_servers()),
            },
            is_remembered: state.paths().is_some(),
            lacks_token: lacks_token(&party),
            room: party.admission.room().cloned(),
        };
        let owner = owner_secret(state.paths().cloned()).await?;
        let way = Way::of(&party);
        let note = party.note.clone();
        let has_scrollback = party.config.scrollback.value;
        let kept_at = party.own.is_none().then(|| party.address.clone());
        let (client, notices) = Client::start(client_config(party, state.paths(), owner)?);
        let recorder = state
            .paths()
            .map(|paths| Recorder::start(way, &client, paths.recent_rooms()));
        let keeper = match state.paths() {
            Some(paths) => Keeper::start(&client, kept_at, paths, has_scrollback),
            None => Keeper::of_nothing(),
        };
        let mut tasks = JoinSet::new();
        serve_scripts(&client, &card, globals, &mut tasks);
        let sitting = Self {
            client,
            card,
            own,
            recorder,
            keeper,
            warning: state.warning().map(str::to_owned),
            note,
            tasks,
        };
        Ok((sitting, notices))
    }

    /// Notes where the film is, leaves the room and ends the client. A room on a server of our own ends for all: that is what
    /// they hear, and not first that somebody else is host.
    pub(super) async fn end(mut self) {
        if let Some(recorder) = self.recorder {
            recorder.finish().await;
        }
        self.keeper.finish().await;
        if let Some(own) = self.own {
            own.end().await;
        }
        self.client.leave().await;
        self.tasks.shutdown().await;
    }
}

/// Returns whether a room is asked for as by an invite whose token was cut off: with the server's key, and nothing else.
fn lacks_token(party: &Party) -> bool {
    let shows_nothing = matches!(
        party.admission,
        Admission::Join {
            token: None,
            password: None,
            ..
        }
    );
    shows_nothing && matches!(party.trust, Trust::Pinned(_))
}

fn client_config(party: Party, paths: Option<&Paths>, owner: OwnerSecret) -> Result<ClientConfig, Failure> {
    let failed = |error: io::Error| Failure::new(Exit::Other, "failed", error.to_string());
    let config = &party.config;
    let player = match config.player.value {
        PlayerKind::None => None,
        PlayerKind::Mpv => Some(Launch {
            program: std::env::current_exe().map_err(failed)?,
            options: config.options_of_mpv(),
            log: paths.map(Paths::player_log),
        }),
    };
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| Failure::new(Exit::Other, "failed", error.to_string()))?;
    Ok(ClientConfig {
        address: party.address,
        trust: party.trust,
        session: SessionConfig {
            name: config.name.value.clone(),
            avatar: None,
            software: Clean::line(concat!("watchtogether ", env!("CARGO_PKG_VERSION"))),
            admission: party.admission,
            own_copy: party.film,
            copy_of: party.copy_of,
            has_player: player.is_some(),
            pause_after_lost: config.offline_pause_after.value,
            law: Law::default(),
            seed: u64::from_le_bytes(seed),
            wall: wall_clock(),
        },
        player,
        media_dirs: config.media_folders(),
        seats: paths.map(|paths| Seats::new(paths.seats())),
        owner: Some(owner),
    })
}

/// Returns what the user opens rooms with: kept, or for as long as the program runs.
async fn owner_secret(paths: Option<Paths>) -> Result<OwnerSecret, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::new(Exit::Other, "failed", error.to_string()))?;
    let new = OwnerSecret::from_bytes(bytes);
    let Some(paths) = paths else { return Ok(new) };
    let kept = {
        // It waits for whoever else has the file, and for the disk.
        let new = new.clone();
        tokio::task::spawn_blocking(move || OwnerSecret::kept_in(&paths.owner_secret(), new))
    };
    let kept = kept.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    Ok(kept.unwrap_or_else(|error| {
        tracing::warn!(%error, "rooms that are opened now cannot be taken back after a restart");
        new
    }))
}

/// Returns whether an event gives the own member the room, and with it the invite to send.
pub(super) fn opens_to_others(event: &Event) -> bool {
    let Event::Entered {
        entered,
        how: Entry::Created | Entry::Joined,
    } = event
    else {
        return false;
    };
    entered.room.host == Some(entered.you)
}

/// Returns how the program ends when a session does.
pub(super) fn finish(end: &End, card: &Card) -> Result<Exit, Failure> {
    let words = card.words(end);
    let failure = match end {
        End::Left => return Ok(Exit::Ok),
        End::Unreachable { .. } => Failure::new(Exit::Unreachable, "unreachable", words)
            .hint("is the server running, and does UDP reach it?"),
        End::PinMismatch => Failure::new(Exit::PinMismatch, "pin_mismatch", words).detail("nothing was sent"),
        End::Refused(why) => {
            let mut failure: Failure = (*why).into();
            failure.message = words;
            failure
        }
        End::Closed(code) => (*code).into(),
    };
    Err(match card.hint(end) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

/// Answers scripts for as long as the client runs. Without a socket the party goes on, and the log says why.
fn serve_scripts(client: &Client, card: &Card, globals: &Globals, tasks: &mut JoinSet<()>) {
    let socket = globals.paths.open_runtime().and_then(control::Server::bind);
    let socket = match socket {
        Ok(socket) => socket,
        Err(error) => return tracing::warn!(%error, "scripts cannot reach this client"),
    };
    let (call_sender, calls) = mpsc::channel(CALLS);
    let (told, _) = broadcast::channel(TOLD);
    tasks.spawn(socket.run(call_sender, told.downgrade()));
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
    tasks.spawn(tell(client.notices(), client.status(), told));
}

/// Answers each request in a task of its own: one that waits for the server holds up no other.
async fn answer_calls(
    mut calls: mpsc::Receiver<Call>,
    commands: mpsc::Sender<Command>,
    mut notices: broadcast::Receiver<Notice>,
    status: watch::Receiver<Status>,
    mut server: ServerView,
) {
    let mut waiting = JoinSet::new();
    loop {
        let call = tokio::select! {
            // A call is answered by what is known: the key of the server before the room that it is in.
            biased;
            notice = notices.recv() => match notice {
                Ok(Notice::Connected(identity)) => {
                    server.pin = Some(identity.pin);
                    continue;
                }
                Ok(Notice::Event(_) | Notice::Finished(_)) | Err(broadcast::error::RecvError::Lagged(_)) => continue,
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
                // A script that went away needs no answer.
                drop(call.answer.send(*answer));
                continue;
            }
        };
        // Whoever listens from before the command on misses no answer to it.
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

/// Returns the command that a request makes, or its answer where it makes none.
fn command_of(
    request: Request,
    status: &Status,
    server: &ServerView,
) -> Result<Command, Box<Result<Answer, Problem>>> {
    let open = |target: &str| films::of_argument(OsStr::new(target)).map_err(problem_of);
    let command = match request {
        Request::Status => {
            return Err(Box::new(Ok(Answer::Status(Box::new(scripts::status_of(
                status, server,
            ))))));
        }
        Request::Events { .. } => Err(Problem::new(
            "bad_request",
            "events are told by the socket itself",
        )),
        Request::Send { text } => scripts::text_of(&text).map(|text| Command::Say { text }),
        Request::Ctl(action) => scripts::command_of(action, status, open),
    };
    command.map_err(|problem| Box::new(Err(problem)))
}

fn problem_of(failure: Failure) -> Problem {
    Problem {
        code: failure.code,
        message: failure.message,
        hint: failure.hint,
    }
}

/// Hands a command to the session and waits for what becomes of it.
async fn do_and_wait(
    command: Command,
    commands: &mpsc::Sender<Command>,
    mut news: broadcast::Receiver<Notice>,
    status: watch::Receiver<Status>,
) -> Result<Answer, Problem> {
    let ending = || Problem::new("ending", "the client is ending");
    let is_so = answer::is_so(&command, &status.borrow());
    commands.send(command.clone()).await.map_err(|_ended| ending())?;
    if is_so {
        return Ok(Answer::Done);
    }
    let answered = async {
        loop {
            let event = match news.recv().await {
                Ok(Notice::Event(event)) => event,
                Ok(Notice::Connected(_)) | Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Ok(Notice::Finished(_)) | Err(broadcast::error::RecvError::Closed) => return Err(ending()),
            };
            let you = status.borrow().room.as_ref().map(|room| room.you);
            if let Some(answer) = answer::answer(&command, &event, you) {
                return answer.map(|()| Answer::Done);
            }
        }
    };
    tokio::time::timeout(ANSWER, answered)
        .await
        .unwrap_or_else(|_elapsed| Err(answer::no_answer(&command)))
}

async fn tell(
    mut notices: broadcast::Receiver<Notice>,
    status: watch::Receiver<Status>,
    told: broadcast::Sender<Arc<Told>>,
) {
    let mut telemetry = tokio::time::interval(TELEMETRY);
    telemetry.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            _ = telemetry.tick() => {
                let body = (told.receiver_count() > 0).then(|| scripts::telemetry_of(&status.borrow()));
                publish(body.flatten(), &status, &told);
                continue;
            }
        };
        let body = match notice {
            Ok(Notice::Event(event)) => scripts::event_of(&event, &status.borrow()),
            Ok(Notice::Connected(_)) => None,
            Ok(Notice::Finished(end)) => Some(EventBody::Link {
                state: "closed".to_owned(),
                reason: Some(end.words()),
            }),
            Err(broadcast::error::RecvError::Lagged(missed)) => Some(EventBody::Gap { missed }),
            Err(broadcast::error::RecvError::Closed) => return,
        };
        publish(body, &status, &told);
    }
}

fn publish(body: Option<EventBody>, status: &watch::Receiver<Status>, told: &broadcast::Sender<Arc<Told>>) {
    if let Some(body) = body {
        let status = status.borrow();
        let room = status.room.as_ref();
        let at = room.map_or_else(wall_clock, |room| room.wall.at(local_clock::monotonic()));
        let room = room.map(|room| room.name.to_string());
        // Nobody listens most of the time.
        drop(told.send(Arc::new(Told::new(at, room, body))));
    }
}

/// Reads the wall clock, for what people and scripts read.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the client that stamps what people read"
)]
pub(super) fn wall_clock() -> WallTime {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    WallTime(since.as_millis().try_into().unwrap_or(u64::MAX))
}
