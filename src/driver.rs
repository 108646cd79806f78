//! The shell around a [`Session`]: it waits for the network, the player, files, timers and the user, passes one input at a time
//! to the session, and carries out its outputs. It makes no decisions.
//!
//! A [`Client`] is the handle: commands go in, notices and the latest status come out. There may be any number of observers: a
//! screen, a printer, scripts. An observer that is too slow learns how many notices it missed, and delays nobody.

mod link;
mod seat;

use std::collections::BTreeMap;
use std::future::pending;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::narration::Happening;
use watchtogether_protocol::player_reason::PlayerEnd;
use watchtogether_protocol::{Clean, Item, ItemId, MemberName, OwnerKey, RoomName, Token};

use self::link::{LinkEvent, ServerLink};
use self::seat::SeatKeeper;
use crate::library::{self, FoundCopy, SearchFolders};
use crate::local_clock::{self, LocalClock};
use crate::owner::OwnerSecret;
use crate::player::handle::{Launch, PlayerHandle};
use crate::player::{PlayerCommand, PlayerEvent, Source};
use crate::seats::{SeatFile, Seats};
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::output::{Output, SessionEnd};
use crate::session::status::Status;
use crate::session::{Credentials, LocalItem, Session, SessionConfig};
use crate::transport::{ConnectOptions, ServerIdentity, Trust};

/// The capacity of the queue of commands from the user and scripts. When it is full, senders wait.
const COMMANDS: usize = 64;

/// The number of notices that an observer may lag behind: a few minutes of a lively room, in which most events come with a
/// happening.
const NOTICES: usize = 2_048;

/// The capacity of the queue of results of file operations: one per item and request.
const FILES: usize = 16;

/// The interval at which observers get a new status. A screen cannot use more.
const STATUS_PERIOD: Duration = Duration::from_millis(250);

/// The interval at which the clock that includes suspended time is compared with the one that does not.
const SUSPEND_PERIOD: Duration = Duration::from_secs(1);

/// The suspended time from which the clock is compared with the server's again.
const SUSPENSION_THRESHOLD: Duration = Duration::from_millis(500);

/// The time for sending the last messages after the session has ended.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a line is shown over the film.
const SHOWN_FOR: Duration = Duration::from_secs(4);

/// Returns the text of a happening for the line over the film; `None` if it is not shown there.
pub type OsdText = fn(&Happening) -> Option<String>;

/// The configuration of a client.
#[derive(Debug)]
pub struct ClientConfig {
    /// How the server proves its identity. A server that it redirects to must present the key in the redirect.
    pub trust: Trust,
    /// The configuration of the session.
    pub session: SessionConfig,
    /// How to start a player; `None` if the user only chats and controls.
    pub player: Option<Launch>,
    /// Returns the texts for the line over the film.
    pub over_film: OsdText,
    /// The folders with the user's films.
    pub media_dirs: Vec<PathBuf>,
    /// The store for the seat's token, for the next client; `None` to store nothing.
    pub seats: Option<Seats>,
    /// The secret that identifies the user's clients as the owner of their rooms.
    pub owner: Option<OwnerSecret>,
}

/// A message to observers.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientEvent {
    /// The server answered and proved its identity.
    Connected(ServerIdentity),
    /// Something happened.
    Event(Event),
    /// The session has ended. Unless the user left, `Command::Retry` restarts it as long as the client exists.
    Finished(SessionEnd),
}

/// A running client.
#[derive(Debug)]
pub struct Client {
    commands: mpsc::Sender<Command>,
    notices: broadcast::Sender<ClientEvent>,
    status: watch::Receiver<Status>,
    task: JoinHandle<()>,
}

impl Client {
    /// Starts a client on the current runtime. The receiver gets all notices.
    pub fn start(config: ClientConfig) -> (Self, broadcast::Receiver<ClientEvent>) {
        let clock = LocalClock::start();
        let (command_sender, commands) = mpsc::channel(COMMANDS);
        let (notices, first) = broadcast::channel(NOTICES);
        let seat = SeatKeeper::new(config.seats, config.session.name.clone());
        let room = config.session.admission.room().cloned();
        let name = config.session.name.clone();
        let session = Session::new(config.session, clock.now());
        let (status_sender, status) = watch::channel(session.status(clock.now()));
        let (looked_sender, looked) = mpsc::channel(FILES);
        let driver = Driver {
            session,
            clock,
            trust: config.trust,
            launch: config.player,
            over_film: config.over_film,
            media_dirs: config.media_dirs.into(),
            link: None,
            seat,
            owner: config.owner,
            owner_key: None,
            name,
            room,
            is_claiming: false,
            player: None,
            searches: BTreeMap::new(),
            open_beside: None,
            looked_sender,
            notices: notices.clone(),
            status: status_sender,
            has_left: false,
            has_reported_seat: false,
        };
        let task = tokio::spawn(driver.run(commands, looked));
        (
            Self {
                commands: command_sender,
                notices,
                status,
                task,
            },
            first,
        )
    }

    /// Returns a sender of commands for the session.
    pub fn commands(&self) -> mpsc::Sender<Command> {
        self.commands.clone()
    }

    /// Returns a receiver for notices from now on.
    pub fn notices(&self) -> broadcast::Receiver<ClientEvent> {
        self.notices.subscribe()
    }

    /// Returns a receiver of the session's status, which is at most a quarter of a second old.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Leaves the room and ends the client: gives up its seat and closes its player.
    pub async fn leave(self) {
        // A session that has already ended has nothing to leave.
        if self.commands.send(Command::Leave).await.is_ok() {
            drop(self.commands);
        }
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the client's task failed");
        }
    }
}

/// The result of a file operation.
#[derive(Debug)]
enum FileLookup {
    /// The result of the search for a stored token of an earlier client.
    Seat(Option<SeatFile>),
    Found(ItemId, Option<LocalItem>),
    Identified(PathBuf, Option<Item>),
}

struct Driver {
    session: Session,
    clock: LocalClock,
    trust: Trust,
    launch: Option<Launch>,
    over_film: OsdText,
    media_dirs: Arc<[PathBuf]>,
    link: Option<ServerLink>,
    seat: SeatKeeper,
    owner: Option<OwnerSecret>,
    /// The key shown to the connected server.
    owner_key: Option<OwnerKey>,
    name: MemberName,
    /// The room in which the client has a seat, or otherwise the one that the user requested.
    room: Option<RoomName>,
    /// Whether the session is informed of the connection only after the search for an earlier seat's token.
    is_claiming: bool,
    player: Option<PlayerHandle>,
    /// The running searches for copies by item, with the number of folders searched so far.
    searches: BTreeMap<ItemId, Arc<AtomicU32>>,
    /// The file that was last opened; other files are searched for in its folder.
    open_beside: Option<PathBuf>,
    looked_sender: mpsc::Sender<FileLookup>,
    notices: broadcast::Sender<ClientEvent>,
    status: watch::Sender<Status>,
    has_left: bool,
    /// Whether it has been reported that the seat's token is not stored.
    has_reported_seat: bool,
}

impl Driver {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>, mut looked: mpsc::Receiver<FileLookup>) {
        let mut status_ticks = interval(STATUS_PERIOD);
        status_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut suspend_ticks = interval(SUSPEND_PERIOD);
        suspend_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut suspended = local_clock::suspended();
        self.session.start(self.clock.now());
        loop {
            self.drain().await;
            if self.has_left {
                break;
            }
            let deadline = self
                .session
                .poll_timeout()
                .map(|(at, _why)| self.clock.instant_of(at));
            tokio::select! {
                // Measurements first: inputs with a timestamp must not wait for those without.
                biased;
                event = next_link_event(&mut self.link) => self.handle_link(event),
                event = next_player_event(&mut self.player) => self.handle_player(event),
                command = commands.recv() => match command {
                    Some(command) => {
                        // A session that had already ended reports nothing about leaving.
                        self.has_left = command == Command::Leave;
                        self.session.handle_command(command, self.clock.now());
                        // Show the effect of a request before the room answers it.
                        self.publish_status();
                    }
                    None => break,
                },
                Some(looked) = looked.recv() => self.handle_looked(looked),
                () = self.seat.kept() => {
                    self.report_seat_failure();
                    self.release();
                }
                () = sleep_until(deadline.unwrap_or_else(far)), if deadline.is_some() => {
                    self.session.handle_timeout(self.clock.now());
                }
                _ = suspend_ticks.tick() => {
                    let total = local_clock::suspended();
                    let slept = total.saturating_sub(suspended);
                    if slept > SUSPENSION_THRESHOLD {
                        self.session.handle_suspended(slept, self.clock.now());
                    }
                    suspended = total;
                }
                _ = status_ticks.tick() => {
                    self.report_searches();
                    self.publish_status();
                }
            }
        }
        self.drain().await;
        self.end().await;
    }

    fn handle_link(&mut self, event: LinkEvent) {
        let now = self.clock.now();
        match event {
            LinkEvent::Connected(identity) => {
                self.notify(ClientEvent::Connected(identity));
                let owner = self.owner.as_ref();
                self.owner_key = owner.map(|owner| owner.key_for(identity.pin, &self.name));
                match self.seat.handle_server(identity.pin, self.room.as_ref()) {
                    Some(look) => {
                        self.is_claiming = true;
                        let sender = self.looked_sender.clone();
                        tokio::spawn(async move {
                            // If the driver has ended, nobody needs the answer.
                            drop(sender.send(FileLookup::Seat(look.await)).await);
                        });
                    }
                    None => self.greet(None),
                }
            }
            LinkEvent::Message(message) => self.session.handle_message(*message, now),
            LinkEvent::Copy(state) => self.session.handle_copy(state, now),
            LinkEvent::Pong(pong, at) => self.session.handle_pong(&pong, at),
            LinkEvent::Ended(end) => {
                self.link = None;
                self.is_claiming = false;
                self.seat.release();
                self.session.handle_connection_lost(&end, now);
            }
        }
    }

    /// Informs the session that the connection is established.
    fn greet(&mut self, seat: Option<Token>) {
        let owner = self.owner_key;
        self.session
            .handle_connected(Credentials { seat, owner }, self.clock.now());
    }

    fn handle_player(&mut self, event: Option<PlayerEvent>) {
        let event = event.unwrap_or(PlayerEvent::Gone {
            reason: PlayerEnd::Exited,
            log: None,
            may_retry: true,
        });
        if matches!(event, PlayerEvent::Gone { .. } | PlayerEvent::Closed) {
            self.player = None;
        }
        self.session.handle_player(event, self.clock.now());
    }

    fn handle_looked(&mut self, looked: FileLookup) {
        let now = self.clock.now();
        match looked {
            FileLookup::Seat(file) => {
                let seat = self.seat.handle_claimed(file);
                if std::mem::take(&mut self.is_claiming) {
                    self.greet(seat);
                }
            }
            FileLookup::Found(id, copy) => {
                self.searches.remove(&id);
                self.session.handle_item_found(id, copy, now);
            }
            FileLookup::Identified(path, item) => self.session.handle_identified(path, item, now),
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Connect {
                    address,
                    named,
                    within,
                } => {
                    let clock = self.clock;
                    let options = ConnectOptions {
                        deadline: within,
                        sent_on_by: named.as_ref().map(|named| named.first.clone()),
                        ..ConnectOptions::new(move || clock.now())
                    };
                    let trust = named.map_or_else(|| self.trust.clone(), |named| Trust::Pinned(named.pin));
                    self.link = Some(ServerLink::start(address, trust, options));
                }
                Output::Disconnect { code } => {
                    self.release();
                    self.disconnect(code).await;
                }
                Output::KeepSeat { room, token } => {
                    self.room = Some(room.clone());
                    self.seat.keep(room, token);
                }
                Output::ForgetSeat => self.seat.forget().await,
                Output::Send(message) if self.seat.is_writing() => self.seat.hold_back(message),
                Output::Send(message) => {
                    self.release();
                    self.send_on_link(|link| link.send(message));
                }
                Output::Ping(ping) => self.send_on_link(|link| link.ping(ping)),
                Output::Player(command) => self.send_to_player(command),
                Output::StartPlayer => self.start_player(),
                Output::FindItem { id, item } => self.find(id, item),
                Output::IdentifyFile { path } => self.identify(path),
                Output::Event(event) => {
                    if let Event::Happened(happening) = &event {
                        self.show_over_film(happening);
                    }
                    self.notify(ClientEvent::Event(event));
                }
                Output::Finished(end) => self.notify(ClientEvent::Finished(end)),
            }
        }
    }

    fn publish_status(&self) {
        self.status.send_replace(self.session.status(self.clock.now()));
    }

    /// It is not an error if nobody is listening: a headless client has no observers.
    fn notify(&self, notice: ClientEvent) {
        self.publish_status();
        drop(self.notices.send(notice));
    }

    fn send_on_link(&mut self, send: impl FnOnce(&ServerLink) -> bool) {
        let is_sent = self.link.as_ref().is_none_or(send);
        if !is_sent {
            tracing::debug!("the link's queue is full or closed");
        }
    }

    /// Reports once that a seat's token is not stored: a full disk stays full for a while.
    fn report_seat_failure(&mut self) {
        if let Some(error) = self.seat.take_problem()
            && !std::mem::replace(&mut self.has_reported_seat, true)
        {
            let reason = Clean::line(&error.to_string());
            self.session.handle_seat_not_kept(reason, self.clock.now());
        }
    }

    /// Sends the messages that waited for the seat's token.
    fn release(&mut self) {
        for message in self.seat.release() {
            self.send_on_link(|link| link.send(message));
        }
    }

    async fn disconnect(&mut self, code: CloseCode) {
        if let Some(link) = self.link.take() {
            link.close(code, CLOSE_TIMEOUT).await;
        }
    }

    fn send_to_player(&mut self, command: PlayerCommand) {
        if let PlayerCommand::Load {
            source: Source::File(path),
            ..
        } = &command
        {
            self.open_beside = Some(path.clone());
        }
        if let Some(player) = &self.player {
            player.send(command);
        }
    }

    fn show_over_film(&mut self, happening: &Happening) {
        if let Some(text) = (self.over_film)(happening).filter(|_| self.session.has_running_player()) {
            let millis = u32::try_from(SHOWN_FOR.as_millis()).unwrap_or(u32::MAX);
            self.send_to_player(PlayerCommand::ShowText { text, millis });
        }
    }

    fn start_player(&mut self) {
        self.player = self.launch.as_ref().map(PlayerHandle::start);
    }

    /// Reports the progress of the searches to the session.
    fn report_searches(&mut self) {
        for (id, folders) in &self.searches {
            let folders = folders.load(Ordering::Relaxed);
            self.session
                .handle_search_progress(*id, folders, self.clock.now());
        }
    }

    fn find(&mut self, id: ItemId, item: Item) {
        let folders = Arc::new(AtomicU32::new(0));
        self.searches.insert(id, Arc::clone(&folders));
        let (media, beside) = (Arc::clone(&self.media_dirs), self.open_beside.clone());
        self.look(move || {
            let current = std::env::current_dir().ok();
            let places = SearchFolders {
                beside: beside.as_deref(),
                current: current.as_deref(),
                media: &media,
            };
            let search = library::find(&item, places, &folders);
            if search.unreadable > 0 || search.is_cut_short {
                tracing::info!(
                    search.unreadable,
                    search.is_cut_short,
                    "some folders were not searched"
                );
            }
            let copy = search
                .found
                .map(|(FoundCopy::Same(file) | FoundCopy::SameName(file))| LocalItem {
                    source: Source::File(file.path),
                    item: file.item,
                });
            FileLookup::Found(id, copy)
        });
    }

    fn identify(&self, path: PathBuf) {
        self.look(move || {
            let file = library::identify(&path)
                .map_err(|error| tracing::warn!(%error, "could not read a film"))
                .ok();
            FileLookup::Identified(path, file.map(|file| file.item))
        });
    }

    /// Runs a file operation on a separate thread, because disks sleep and network folders hang. The runtime's own blocking
    /// threads are not used, because the runtime waits for them when it ends, and leaving must not wait for a disk.
    fn look(&self, look: impl FnOnce() -> FileLookup + Send + 'static) {
        let sender = self.looked_sender.clone();
        let started = std::thread::Builder::new()
            .name("files".to_owned())
            .spawn(move || {
                // If the driver has ended, nobody needs the answer.
                drop(sender.blocking_send(look()));
            });
        if let Err(error) = started {
            tracing::error!(%error, "could not start a thread for files");
        }
    }

    async fn end(mut self) {
        self.disconnect(CloseCode::Left).await;
        if let Some(player) = self.player.take() {
            player.close().await;
        }
    }
}

async fn next_link_event(link: &mut Option<ServerLink>) -> LinkEvent {
    match link {
        Some(link) => link.recv().await,
        None => pending().await,
    }
}

async fn next_player_event(player: &mut Option<PlayerHandle>) -> Option<PlayerEvent> {
    match player {
        Some(player) => player.recv().await,
        None => pending().await,
    }
}

/// Returns an instant that is never reached in practice.
fn far() -> Instant {
    Instant::now() + Duration::from_hours(24)
}
