//! Carries out the intents of home's user, and sends home the results.
//!
//! Nothing here delays home: files are read on separate threads, and a room is opened in a task that can be cancelled at any
//! time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{broadcast, mpsc};
use tokio::task::{JoinError, JoinHandle};
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::{Clean, MemberName};
use watchtogether_tui::home_vocabulary::{
    Check, CheckState, HomeActivity, HomeFailure, HomeField, HomeIntent, HomeUpdate, RecentRoom,
};
use watchtogether_tui::msg;

use super::checks;
use crate::cli::access::password;
use crate::cli::card::ServerCard;
use crate::cli::file_failures::page_text;
use crate::cli::globals::Globals;
use crate::cli::opening::RoomOpening;
use crate::cli::room_entry::RoomEntry;
use crate::cli::running_client::RunningClient;
use crate::cli::session_setup::SessionSetup;
use crate::cli::wall_clock::wall_clock;
use crate::cli::{files, films, local_server, media_arg};
use crate::config::{Config, Configured, Origin, PlayerKind};
use crate::drafts::DraftsFile;
use crate::driver::ClientEvent;
use crate::exit::{Failure, FailureKind};
use crate::process::{self, Signals};
use crate::recent::{Recent, RecentError, RecentFile, forget};
use crate::scrollback::ScrollbackFile;
use crate::session::event::Event;

/// The capacity of the queue of results.
const FINDINGS: usize = 8;

/// A room that was opened or entered.
#[derive(Debug)]
pub(super) struct EnteredRoom {
    pub(super) running: RunningClient,
    /// All notices since the client was started.
    pub(super) notices: broadcast::Receiver<ClientEvent>,
}

/// The result of a background task.
#[derive(Debug)]
enum CheckResult {
    Recent(Vec<Recent>, Option<RecentError>),
    Player(Vec<Check>),
}

/// Carries out the intents.
#[derive(Debug)]
pub(super) struct HomeBackend<'a> {
    config: Config,
    globals: &'a Globals,
    updates: mpsc::Sender<HomeUpdate>,
    /// The rooms, as home shows them.
    recent: Vec<Recent>,
    file: RecentFile,
    player: Vec<Check>,
    links: Option<Check>,
    list: Option<Check>,
    findings: mpsc::Receiver<CheckResult>,
    finder: mpsc::Sender<CheckResult>,
    /// Set when the running search should stop.
    has_enough: Arc<AtomicBool>,
    opening: Option<JoinHandle<Result<EnteredRoom, HomeFailure>>>,
}

impl<'a> HomeBackend<'a> {
    /// Returns the backend, which immediately starts to check this machine.
    pub(super) fn new(config: Config, globals: &'a Globals, updates: mpsc::Sender<HomeUpdate>) -> Self {
        let (finder, findings) = mpsc::channel(FINDINGS);
        let file = RecentFile::new(globals.paths.recent_rooms());
        let has_player = config.player.value != PlayerKind::None;
        let backend = Self {
            player: vec![if has_player {
                checks::check(CheckState::Pending, "mpv")
            } else {
                checks::check(CheckState::Good, msg!("home-no-player-by-choice"))
            }],
            links: has_player.then(checks::links),
            list: globals
                .state()
                .warning()
                .map(|reason| checks::check(CheckState::Bad, reason)),
            config,
            globals,
            updates,
            recent: Vec::new(),
            file,
            findings,
            finder,
            has_enough: Arc::default(),
            opening: None,
        };
        let (file, finder) = (backend.file.clone(), backend.finder.clone());
        files::spawn_detached(move || {
            let (rooms, failure) = file.read();
            // If home has ended, nobody needs the result.
            drop(finder.blocking_send(CheckResult::Recent(rooms, failure)));
        });
        if has_player {
            let finder = backend.finder.clone();
            tokio::spawn(async move {
                drop(finder.send(CheckResult::Player(checks::player().await)).await);
            });
        }
        backend
    }

    /// Carries out intents until there is a room; returns `None` when a signal ends the program.
    pub(super) async fn serve(
        &mut self,
        intents: &mut mpsc::Receiver<HomeIntent>,
        signals: &mut Signals,
    ) -> Option<EnteredRoom> {
        self.send_checks().await;
        loop {
            tokio::select! {
                Some(intent) = intents.recv() => self.handle(intent).await,
                Some(finding) = self.findings.recv() => self.take(finding).await,
                opened = next(&mut self.opening) => {
                    self.opening = None;
                    match opened {
                        Ok(opened) => {
                            self.stop_search();
                            return Some(opened);
                        }
                        Err(failure) => self.send_update(HomeUpdate::Failed(failure)).await,
                    }
                }
                signal = signals.next() => match signal {
                    process::ProcessSignal::End => {
                        self.give_up();
                        return None;
                    }
                    process::ProcessSignal::Continued => self.send_update(HomeUpdate::WallClock(wall_clock())).await,
                },
            }
        }
    }

    /// Cancels everything in progress, because the program ends.
    pub(super) fn give_up(&mut self) {
        self.stop_search();
        if let Some(opening) = self.opening.take() {
            opening.abort();
        }
    }

    /// Reads the rooms again, and returns the update for home.
    pub(super) async fn recent(&mut self) -> HomeUpdate {
        let file = self.file.clone();
        if let Ok((rooms, failure)) = tokio::task::spawn_blocking(move || file.read()).await {
            self.note(rooms, failure);
        }
        self.rooms()
    }

    /// Returns the port that a local server would get now.
    pub(super) fn port(&self) -> HomeUpdate {
        HomeUpdate::Port(local_server::host_port(&self.config))
    }

    async fn handle(&mut self, intent: HomeIntent) {
        match intent {
            HomeIntent::Complete(text) => {
                let updates = self.updates.clone();
                files::spawn_detached(move || {
                    let completed = files::complete(&text, films::home().as_deref());
                    drop(updates.blocking_send(HomeUpdate::Completed(completed)));
                });
            }
            HomeIntent::Search { number, beside } => self.search(number, beside),
            HomeIntent::StopSearch => self.stop_search(),
            HomeIntent::Host { film, room, name } => {
                self.open(
                    HomeField::Host,
                    HomeActivity::Starting,
                    name,
                    move |config, globals| {
                        let film = film.as_ref().map(media_arg::local_item).transpose()?;
                        Ok(RoomEntry::Open(Box::new(RoomOpening::new(
                            film, room, config, globals,
                        )?)))
                    },
                );
            }
            HomeIntent::Join { invite, name } => {
                let activity = connecting(&invite.address);
                self.open(HomeField::Invite, activity, name, move |config, globals| {
                    let setup =
                        SessionSetup::of_invite(invite, password(None)?, None, config.clone(), globals)?;
                    Ok(RoomEntry::Enter(Box::new(setup)))
                });
            }
            HomeIntent::Rejoin { index, name } => {
                let Some(recent) = self.recent.get(index).cloned() else {
                    return;
                };
                let activity = recent.server.as_ref().map_or(HomeActivity::Starting, connecting);
                let is_default = self.config.name.origin == Origin::Default && name == self.config.name.value;
                let name = if is_default { recent.name.clone() } else { name };
                self.open(
                    HomeField::Recent(index),
                    activity,
                    name,
                    move |config, globals| RoomEntry::return_to(&recent, config, globals),
                );
            }
            HomeIntent::Forget { index } => self.forget_room(index).await,
            HomeIntent::Cancel => self.give_up(),
            HomeIntent::Suspend => {
                if let Err(error) = process::suspend() {
                    tracing::warn!(%error, "could not suspend the process");
                }
                self.send_update(HomeUpdate::WallClock(wall_clock())).await;
                self.send_update(HomeUpdate::Resumed).await;
            }
            // The loop of home ends by itself.
            HomeIntent::Quit => {}
        }
    }

    /// Removes a recent room, with its chat and its draft.
    async fn forget_room(&mut self, index: usize) {
        let Some(recent) = self.recent.get(index).cloned() else {
            return;
        };
        let (file, paths) = (self.file.clone(), self.globals.paths.clone());
        let forgotten = tokio::task::spawn_blocking(move || {
            let (room, server) = (&recent.room, recent.server.as_ref());
            ScrollbackFile::of(&paths.scrollback(), room, server).remove()?;
            DraftsFile::new(paths.drafts()).write(room, server, "")?;
            file.change(|rooms| forget(rooms, room, server))
        });
        if let Ok(Err(error)) = forgotten.await {
            let words = page_text(&error);
            self.send_update(HomeUpdate::Failed(HomeFailure {
                place: HomeField::Recent(index),
                words: Clean::line(&words),
                hint: None,
            }))
            .await;
            return;
        }
        let rooms = self.recent().await;
        self.send_update(rooms).await;
    }

    async fn take(&mut self, finding: CheckResult) {
        match finding {
            CheckResult::Recent(rooms, failure) => {
                self.note(rooms, failure);
                let rooms = self.rooms();
                self.send_update(rooms).await;
            }
            CheckResult::Player(checks) => self.player = checks,
        }
        self.send_checks().await;
    }

    fn note(&mut self, rooms: Vec<Recent>, failure: Option<RecentError>) {
        self.recent = rooms;
        if let Some(failure) = failure {
            self.list = Some(checks::check(CheckState::Bad, &page_text(&failure)));
        }
    }

    fn rooms(&self) -> HomeUpdate {
        let rooms = self.recent.iter().map(|recent| RecentRoom {
            room: Clean::line(recent.shown_name()),
            place: recent.server.as_ref().map(|server| Clean::line(&server.host)),
            title: recent.title.clone(),
            position: recent.position,
            at: recent.at,
        });
        HomeUpdate::Recent(rooms.collect())
    }

    async fn send_checks(&self) {
        let checks = self.list.iter().chain(&self.player).chain(&self.links);
        self.send_update(HomeUpdate::Checks(checks.cloned().collect()))
            .await;
    }

    /// It does not matter if home has ended: that is noticed elsewhere.
    async fn send_update(&self, update: HomeUpdate) {
        drop(self.updates.send(update).await);
    }

    fn search(&mut self, number: u32, beside: String) {
        self.stop_search();
        self.has_enough = Arc::default();
        let (updates, has_enough) = (self.updates.clone(), Arc::clone(&self.has_enough));
        let media = self.config.media_folders();
        files::spawn_detached(move || {
            let folders = files::folders(&beside, media);
            files::search(number, &folders, &has_enough, &updates);
        });
    }

    fn stop_search(&self) {
        self.has_enough.store(true, Ordering::Relaxed);
    }

    /// Opens or enters a room in a separate task. `prepare` may block.
    fn open(
        &mut self,
        place: HomeField,
        activity: HomeActivity,
        name: MemberName,
        prepare: impl FnOnce(&Config, &Globals) -> Result<RoomEntry, Failure> + Send + 'static,
    ) {
        let mut config = self.config.clone();
        config.name = Configured::flag(name);
        let (globals, updates) = (self.globals.clone(), self.updates.clone());
        self.opening = Some(tokio::spawn(async move {
            drop(updates.send(HomeUpdate::Activity(activity)).await);
            let opened = open(config, globals, prepare).await;
            opened.map_err(|failure| problem_of(&failure, place))
        }));
    }
}

async fn next(
    opening: &mut Option<JoinHandle<Result<EnteredRoom, HomeFailure>>>,
) -> Result<EnteredRoom, HomeFailure> {
    let Some(task) = opening else {
        return std::future::pending().await;
    };
    match task.await {
        Ok(opened) => opened,
        Err(error) => {
            let failure = stopped(error);
            Err(problem_of(&failure, HomeField::Host))
        }
    }
}

fn stopped(error: JoinError) -> Failure {
    Failure::new(FailureKind::Failed, msg!("task-stopped")).because(error)
}

async fn open(
    config: Config,
    globals: Globals,
    prepare: impl FnOnce(&Config, &Globals) -> Result<RoomEntry, Failure> + Send + 'static,
) -> Result<EnteredRoom, Failure> {
    let prepared = {
        let (config, globals) = (config.clone(), globals.clone());
        tokio::task::spawn_blocking(move || prepare(&config, &globals))
    };
    let way = prepared.await.map_err(stopped)??;
    let (own, setup) = way.set_up(config, &globals).await?;
    let (running, notices) = RunningClient::start(setup, own, &globals.state(), &globals).await?;
    // No notice has been missed: the client's task has not run yet.
    let entered = entered(notices.resubscribe(), &running.card).await;
    if let Err(failure) = entered {
        running.end().await;
        return Err(failure);
    }
    Ok(EnteredRoom { running, notices })
}

fn connecting(address: &Address) -> HomeActivity {
    HomeActivity::Connecting {
        to: Clean::line(&address.to_string()),
    }
}

/// Waits until there is a room.
async fn entered(mut notices: broadcast::Receiver<ClientEvent>, card: &ServerCard) -> Result<(), Failure> {
    loop {
        match notices.recv().await {
            Ok(ClientEvent::Event(Event::Entered { .. })) => return Ok(()),
            Ok(ClientEvent::Finished(end)) => return card.outcome(&end).map(drop),
            Ok(ClientEvent::Event(_) | ClientEvent::Connected(_))
            | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => {
                return Err(Failure::new(FailureKind::Failed, msg!("client-ended")));
            }
        }
    }
}

/// Returns a failure as home shows it, at the field that caused it.
fn problem_of(failure: &Failure, place: HomeField) -> HomeFailure {
    let (place, hint) = match (failure.kind, place) {
        (FailureKind::Refused(Refusal::NameTaken), _) => {
            (HomeField::Name, Some(msg!("home-hint-other-name").to_owned()))
        }
        (FailureKind::Refused(Refusal::RoomExists), HomeField::Host) => {
            (HomeField::Room, Some(msg!("home-hint-other-room").to_owned()))
        }
        (FailureKind::NoSuchFile, HomeField::Host) => (
            HomeField::Film,
            failure
                .hint
                .clone()
                .or_else(|| Some(msg!("home-hint-find").to_owned())),
        ),
        (FailureKind::BadLink, HomeField::Host) => (HomeField::Film, failure.hint.clone()),
        (FailureKind::Refused(Refusal::NotAdmitted), HomeField::Invite)
            if failure.hint.as_deref() == Some(msg!("no-token")) =>
        {
            (place, failure.hint.clone())
        }
        (FailureKind::Refused(Refusal::NotAdmitted), HomeField::Invite) => {
            (place, Some(msg!("home-hint-not-admitted").to_owned()))
        }
        (_, place) => (place, failure.hint.clone()),
    };
    HomeFailure {
        place,
        words: Clean::line(&failure.message),
        hint: hint.map(|hint| Clean::line(&hint)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_film_is_reported_with_the_nearest_one_or_how_to_find_one() {
        let hint = |failure: Failure| {
            let failure = problem_of(&failure, HomeField::Host);
            assert_eq!(failure.place, HomeField::Film);
            failure.hint.map(|hint| hint.to_string())
        };
        let missing = || Failure::new(FailureKind::NoSuchFile, "no such file: x.mkv");

        let text = hint(missing().hint("did you mean y.mkv?"));
        assert_eq!(text.as_deref(), Some("did you mean y.mkv?"));
        let found = hint(missing());
        assert_eq!(found.as_deref(), Some("Ctrl-O finds films in your folders"));
    }
}
