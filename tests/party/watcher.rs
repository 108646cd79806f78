//! A watcher, who also chats and keeps a ledger: the client's session and transport, with a simulated player instead of mpv. It
//! is so cheap that hundreds fit into one process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep_until;
use watchtogether::local_clock::LocalClock;
use watchtogether::player::simulated::{Machine, SimulatedFilm, SimulatedPlayer};
use watchtogether::player::{PlayerCommand, Source};
use watchtogether::session::command::Command;
use watchtogether::session::event::{EntryKind, Event, LinkState};
use watchtogether::session::output::{Output, SessionEnd};
use watchtogether::session::status::Status;
use watchtogether::session::{Admission, Credentials, LocalItem, Session, SessionConfig};
use watchtogether::sync::law::Law;
use watchtogether::transport::{self, ConnectError, ConnectOptions, Connection, ConnectionLoss, Trust};
use watchtogether_protocol::datagram::ServerDatagram;
use watchtogether_protocol::item::{Fingerprint, ItemSource};
use watchtogether_protocol::link_end::{Breakage, LinkEnd, Unreachable};
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Epoch, Item, Length, LocalTime, MediaTime, ServerMessage};
use watchtogether_protocol::{Pin as ServerPin, RoomName};

use crate::ledger::Ledger;
use crate::window::TIMEOUT;

/// The size of the queue of orders.
const ORDERS: usize = 64;

/// The interval at which the status is sent.
const STATUS_PERIOD: Duration = Duration::from_millis(250);

/// The film that everybody has. It is longer than any test.
const FILM: SimulatedFilm = SimulatedFilm::short_gop(MediaTime::from_millis(3 * 3_600_000));

/// The observations of a watcher.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) ledger: Ledger,
    /// The session's last status.
    pub(crate) status: Status,
    /// When that was.
    pub(crate) at: LocalTime,
    /// Each state of the link, with its beginning.
    pub(crate) links: Vec<(LocalTime, LinkState)>,
    /// Each entry into the room, with its time.
    pub(crate) entries: Vec<(LocalTime, EntryKind)>,
    /// The number of holds that the player got; each is a short freeze.
    pub(crate) holds: u32,
    /// How often the film was found paused after it had played.
    pub(crate) stops: u32,
    pub(crate) end: Option<SessionEnd>,
}

/// A running watcher.
#[derive(Debug)]
pub(crate) struct Watcher {
    orders: mpsc::Sender<Command>,
    account: watch::Receiver<Account>,
    clock: LocalClock,
    task: JoinHandle<()>,
}

/// The name and the destination of a watcher.
#[derive(Clone, Debug)]
pub(crate) struct Seat<'a> {
    pub(crate) name: &'a str,
    pub(crate) room: &'a str,
    pub(crate) is_host: bool,
    pub(crate) address: &'a str,
    pub(crate) pin: ServerPin,
}

impl Seat<'_> {
    /// Returns the same seat, for the member who opens the room.
    pub(crate) fn hosting(self) -> Self {
        Self {
            is_host: true,
            ..self
        }
    }
}

impl Watcher {
    /// Starts a watcher who opens the room or enters it.
    pub(crate) fn start(seat: &Seat<'_>) -> Self {
        let room: RoomName = seat.room.parse().expect("a room's name");
        let admission = if seat.is_host {
            Admission::Host {
                room: Some(room),
                is_name_chosen: true,
                access: Access::Open,
                settings: RoomSettings::default(),
                again: None,
            }
        } else {
            Admission::Join {
                room,
                token: None,
                password: None,
            }
        };
        let clock = LocalClock::start();
        let seed = seat.name.bits_of_it();
        let session = Session::new(
            SessionConfig {
                address: seat.address.parse().expect("an address"),
                name: seat.name.parse().expect("a name"),
                avatar: None,
                software: Clean::line("watcher"),
                admission,
                local_item: Some(local_item()),
                copy_of: None,
                has_player: true,
                pause_after_lost: Duration::from_mins(2),
                law: Law::default(),
                seed,
                wall: WallTime(1_700_000_000_000),
            },
            clock.now(),
        );
        let account = Account {
            ledger: Ledger::default(),
            status: session.status(clock.now()),
            at: clock.now(),
            links: Vec::new(),
            entries: Vec::new(),
            holds: 0,
            stops: 0,
            end: None,
        };
        let (teller, account_of) = watch::channel(account);
        let (orders, to_do) = mpsc::channel(ORDERS);
        let body = Body {
            session,
            clock,
            trust: Trust::Pinned(seat.pin),
            connecting: None,
            connection: None,
            player: None,
            seed,
            epoch: Epoch::default(),
            was_playing: false,
            status_at: clock.now(),
            teller,
        };
        Self {
            orders,
            account: account_of,
            clock,
            task: tokio::spawn(body.live(to_do)),
        }
    }

    pub(crate) async fn does(&self, command: Command) {
        self.orders.send(command).await.expect("it lives");
    }

    pub(crate) async fn says(&self, text: &str) {
        let text = Clean::line(text);
        self.does(Command::Say { text }).await;
    }

    /// Returns the status of its session, at most a quarter of a second old.
    pub(crate) fn status(&self) -> Status {
        self.account.borrow().status.clone()
    }

    /// Returns its observations so far.
    pub(crate) fn account(&self) -> Account {
        self.account.borrow().clone()
    }

    /// Returns the time of its clock.
    pub(crate) fn now(&self) -> LocalTime {
        self.clock.now()
    }

    /// Waits until a condition holds; panics with the observations if it never does.
    pub(crate) async fn sees(&self, what: &str, is_so: impl Fn(&Account) -> bool) -> Account {
        self.sees_within(TIMEOUT, what, is_so).await
    }

    pub(crate) async fn sees_within(
        &self,
        patience: Duration,
        what: &str,
        is_so: impl Fn(&Account) -> bool,
    ) -> Account {
        let mut account = self.account.clone();
        let seen = tokio::time::timeout(patience, account.wait_for(is_so)).await;
        match seen {
            Ok(Ok(account)) => account.clone(),
            Ok(Err(ended)) => panic!("{what}: {ended}"),
            Err(elapsed) => panic!("{what}: {elapsed}; {:#?}", self.account()),
        }
    }

    /// Leaves the room, and returns when that is done.
    pub(crate) async fn leaves(self) {
        self.does(Command::Leave).await;
        self.task.await.expect("it does not panic");
    }
}

impl Account {
    /// Returns whether it plays with the room.
    pub(crate) fn is_in_sync(&self) -> bool {
        self.status.link == LinkState::Up && self.status.sync.state.code() == "playing"
    }

    /// Returns the first instant after `then` at which the link was known to be impaired.
    pub(crate) fn noticed_after(&self, then: LocalTime) -> Option<LocalTime> {
        let later = self.links.iter().filter(|(at, _)| *at >= then);
        later
            .filter(|(_, link)| !matches!(link, LinkState::Up | LinkState::Joining))
            .map(|(at, _)| *at)
            .next()
    }

    /// Returns how often it tried to connect again.
    pub(crate) fn tries(&self) -> usize {
        let tried = |(_, link): &&(LocalTime, LinkState)| matches!(link, LinkState::Reconnecting { .. });
        self.links.iter().filter(tried).count()
    }

    /// Returns how often the connection was lost.
    pub(crate) fn losses(&self) -> usize {
        let lost = |(_, link): &&(LocalTime, LinkState)| matches!(link, LinkState::Lost { .. });
        self.links.iter().filter(lost).count()
    }

    fn note(&mut self, event: Event, epoch: Epoch, now: LocalTime) {
        let ledger = &mut self.ledger;
        match event {
            Event::Link(link) => self.links.push((now, link)),
            Event::Entered { entered, how } => {
                if entered.chat_has_gap {
                    ledger.announce_gap();
                }
                for line in &entered.chat {
                    ledger.receive(epoch, line);
                    ledger.acknowledge(line.id);
                }
                self.entries.push((now, how));
            }
            Event::Chat(line) => {
                ledger.receive(epoch, &line);
                ledger.acknowledge(line.id);
            }
            Event::ChatPending { id, .. } => ledger.sent.push(id),
            Event::ChatRefused { id, .. } => ledger.sent.retain(|printed| *printed != id),
            Event::MemberJoined(_)
            | Event::MemberLeft { .. }
            | Event::MemberChanged { .. }
            | Event::HostChanged { .. }
            | Event::StateChanged { .. }
            | Event::WaitingFor(_)
            | Event::ItemChanged { .. }
            | Event::LengthChanged { .. }
            | Event::FileCompared { .. }
            | Event::SettingChanged(_)
            | Event::Undoable(_)
            | Event::Storage { .. }
            | Event::SeatNotKept { .. }
            | Event::Bans { .. }
            | Event::Player(_)
            | Event::WindowRequestUndone
            | Event::Refused { .. }
            | Event::BeyondEnd { .. }
            | Event::Offline(_)
            | Event::Sync(_)
            | Event::Closing(_)
            | Event::Happened(_) => {}
        }
    }
}

type Connecting = Pin<Box<dyn Future<Output = Result<Connection, ConnectError>> + Send>>;

/// The state of a running watcher.
struct Body {
    session: Session,
    clock: LocalClock,
    trust: Trust,
    connecting: Option<Connecting>,
    connection: Option<Connection>,
    player: Option<SimulatedPlayer>,
    seed: u64,
    epoch: Epoch,
    was_playing: bool,
    /// When the last status was sent.
    status_at: LocalTime,
    teller: watch::Sender<Account>,
}

impl Body {
    async fn live(mut self, mut orders: mpsc::Receiver<Command>) {
        self.session.start(self.clock.now());
        loop {
            self.drain();
            self.look_at_film();
            self.report_status();
            if self.teller.borrow().end == Some(SessionEnd::Left) {
                break;
            }
            let due = [
                self.session.poll_timeout().map(|(due, _)| due),
                self.player.as_ref().and_then(SimulatedPlayer::poll_timeout),
            ];
            let due = due.into_iter().flatten().min();
            let wakes = self.clock.instant_of(due.unwrap_or_default());
            tokio::select! {
                biased;
                (datagram, at) = next_datagram(self.connection.as_ref()) => match datagram {
                    ServerDatagram::Pong(pong) => self.session.handle_pong(&pong, at),
                    ServerDatagram::State(state) => self.session.handle_copy(state, self.clock.now()),
                },
                message = next_message(self.connection.as_ref()) => match message {
                    Ok(message) => self.session.handle_message(message, self.clock.now()),
                    Err(lost) => {
                        self.connection = None;
                        self.session.handle_connection_lost(&end_of(&lost), self.clock.now());
                    }
                },
                connected = connected(self.connecting.as_mut()) => {
                    self.connecting = None;
                    match connected {
                        Ok(connection) => {
                            self.connection = Some(connection);
                            self.session.handle_connected(Credentials::default(), self.clock.now());
                        }
                        Err(error) => {
                            let cause = Clean::line(&error.to_string());
                            let end = LinkEnd::Unreachable(Unreachable::Failed { cause });
                            self.session.handle_connection_lost(&end, self.clock.now());
                        }
                    }
                }
                command = orders.recv() => match command {
                    Some(command) => self.session.handle_command(command, self.clock.now()),
                    None => break,
                },
                () = sleep_until(wakes), if due.is_some() => self.tick(),
            }
        }
        if let Some(connection) = self.connection.take() {
            connection
                .close(watchtogether_protocol::close::CloseCode::Left)
                .await;
        }
    }

    fn tick(&mut self) {
        let now = self.clock.now();
        if self.session.poll_timeout().is_some_and(|(due, _)| due <= now) {
            self.session.handle_timeout(now);
        }
        if let Some(player) = &mut self.player
            && player.poll_timeout().is_some_and(|due| due <= now)
        {
            player.handle_timeout(now);
        }
    }

    /// Processes the outputs of the session and the player until there are none left.
    fn drain(&mut self) {
        loop {
            let heard = self.player.as_mut().and_then(SimulatedPlayer::poll_event);
            if let Some(event) = heard {
                self.session.handle_player(event, self.clock.now());
            } else if let Some(output) = self.session.poll_output() {
                self.act(output);
            } else {
                return;
            }
        }
    }

    /// Sends the status of the session, as often as the client's driver does.
    fn report_status(&mut self) {
        let now = self.clock.now();
        if now.saturating_since(self.status_at) >= STATUS_PERIOD {
            self.status_at = now;
            let status = self.session.status(now);
            self.teller.send_modify(|account| {
                account.status = status;
                account.at = now;
            });
        }
    }

    fn act(&mut self, output: Output) {
        let now = self.clock.now();
        match output {
            Output::Connect {
                address,
                named,
                within,
            } => {
                let trust = named.map_or_else(|| self.trust.clone(), |named| Trust::Pinned(named.pin));
                let clock = self.clock;
                self.connection = None;
                self.connecting = Some(Box::pin(async move {
                    let options = ConnectOptions {
                        deadline: within,
                        ..ConnectOptions::new(move || clock.now())
                    };
                    transport::connect(&address, &trust, &options).await
                }));
            }
            Output::Disconnect { code } => {
                self.connecting = None;
                if let Some(connection) = self.connection.take() {
                    drop(tokio::spawn(connection.close(code)));
                }
            }
            Output::KeepSeat { .. } | Output::ForgetSeat => {}
            Output::Send(message) => {
                // A message that cannot be sent is reported by the end of the connection.
                if let Some(connection) = &self.connection {
                    connection.send(&message).ok();
                }
            }
            Output::Ping(ping) => {
                if let Some(connection) = &self.connection {
                    connection.send_ping(&ping).ok();
                }
            }
            Output::Player(command) => {
                if matches!(command, PlayerCommand::Hold { .. }) {
                    self.teller.send_modify(|account| account.holds += 1);
                }
                if let Some(player) = &mut self.player {
                    player.handle_command(command, now);
                }
            }
            Output::StartPlayer => self.player = Some(SimulatedPlayer::new(machine(), self.seed, now)),
            Output::FindItem { id, item } => {
                let found = (item.source == local_item().item.source).then(local_item);
                self.session.handle_item_found(id, found, now);
            }
            Output::IdentifyFile { path } => self.session.handle_identified(path, None, now),
            Output::Event(event) => self.note(event, now),
            Output::Finished(end) => self.teller.send_modify(|account| account.end = Some(end)),
        }
    }

    fn note(&mut self, event: Event, now: LocalTime) {
        if let Event::Entered { entered, .. } = &event {
            self.epoch = entered.room.state.timeline.epoch;
        }
        let (epoch, status) = (self.epoch, self.session.status(now));
        self.teller.send_modify(|account| {
            account.status = status;
            account.at = now;
            account.note(event, epoch, now);
        });
    }

    /// Counts each time that a film stops after it has played.
    fn look_at_film(&mut self) {
        let is_playing = self.player.as_ref().is_some_and(SimulatedPlayer::is_playing);
        if self.was_playing && !is_playing {
            self.teller.send_modify(|account| account.stops += 1);
        }
        self.was_playing = is_playing;
    }
}

trait Bits {
    fn bits_of_it(&self) -> u64;
}

impl Bits for str {
    /// Returns a number that differs from name to name.
    fn bits_of_it(&self) -> u64 {
        self.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

async fn next_datagram(connection: Option<&Connection>) -> (ServerDatagram, LocalTime) {
    match connection {
        Some(connection) => connection.recv_datagram().await,
        None => std::future::pending().await,
    }
}

async fn next_message(connection: Option<&Connection>) -> Result<ServerMessage, ConnectionLoss> {
    match connection {
        Some(connection) => connection.recv().await,
        None => std::future::pending().await,
    }
}

async fn connected(connecting: Option<&mut Connecting>) -> Result<Connection, ConnectError> {
    match connecting {
        Some(connecting) => connecting.await,
        None => std::future::pending().await,
    }
}

fn end_of(lost: &ConnectionLoss) -> LinkEnd {
    match lost {
        ConnectionLoss::Closed { code } => LinkEnd::Closed { code: *code },
        ConnectionLoss::TimedOut => LinkEnd::TimedOut,
        ConnectionLoss::Reset
        | ConnectionLoss::Local
        | ConnectionLoss::NoReason
        | ConnectionLoss::Stuck
        | ConnectionLoss::Unreadable(_)
        | ConnectionLoss::TooLong(_)
        | ConnectionLoss::Broken(_) => LinkEnd::Broken(Breakage::Transport {
            cause: Clean::line(&lost.to_string()),
        }),
    }
}

fn machine() -> Machine {
    Machine {
        films: BTreeMap::from([(Machine::key(&local_item().source), FILM)]),
        lateness: 0.2e-3,
        ..Machine::default()
    }
}

fn local_item() -> LocalItem {
    LocalItem {
        source: Source::File(PathBuf::from("/films/film")),
        item: Item {
            title: Clean::line("film"),
            length: Length::Unknown,
            source: ItemSource::File {
                size: 1_000_000,
                fingerprint: Fingerprint([7; 32]),
            },
        },
    }
}
