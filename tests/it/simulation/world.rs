//! The world: true time, all machines, and the packets between them.

use std::collections::BTreeMap;
use std::time::Duration;

use watchtogether::player::PlayerCommand;
use watchtogether::player::simulated::SimulatedPlayer;
use watchtogether::seeded_rng::SeededRng;
use watchtogether::session::Credentials;
use watchtogether::session::command::Command;
use watchtogether::session::event::Event;
use watchtogether::session::output::Output;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::COPY_DELAY;
use watchtogether_protocol::link_end::{LinkEnd, Unreachable};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};
use watchtogether_protocol::message::playback::VideoStateChanged;
use watchtogether_protocol::{
    ClientMessage, LocalTime, MediaTime, MemberId, Playback, RoomIntent, ServerMessage, ServerTime, Timeline,
};
use watchtogether_server::limits::LimitValues;
use watchtogether_tui::strings;

use super::client::{Client, Setup};
use super::link::{Direction, nanos};
use super::server::{ServerOutput, SimulatedServer};

/// The reading of the server's clock at true time 0, until the first restart.
const SERVER_ORIGIN: u64 = 5_000_000_000_000;

/// The first reading of a restarted server's clock.
const SERVER_START: u64 = 3_600_000_000_000;

/// The time after which the server drops a silent connection.
const IDLE: Duration = LimitValues::DEFAULT.connections.idle;

/// If there are more rounds than this at one instant, the loop is endless.
const ROUNDS: u32 = 20_000;

#[derive(Debug)]
enum Packet {
    Connected,
    Failed,
    ToServer(ClientMessage),
    ToClient(Box<ServerMessage>),
    CopyToClient(VideoStateChanged),
    Ping(ClockPing),
    Pong(ClockPong),
    ClosedByServer(CloseCode),
    ClosedByClient,
}

impl Packet {
    const fn is_for_the_server(&self) -> bool {
        matches!(self, Self::ToServer(_) | Self::Ping(_) | Self::ClosedByClient)
    }
}

/// The state of the whole simulation.
#[derive(Debug)]
pub(super) struct World {
    /// The true time, in nanoseconds.
    pub(super) now: u64,
    pub(super) clients: Vec<Client>,
    pub(super) server: SimulatedServer,
    pub(super) rng: SeededRng,
    under_way: BTreeMap<(u64, u64), (usize, u64, Packet)>,
    sequence: u64,
    /// The reading of the server's clock at true time 0.
    server_origin: u64,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            now: 1_000_000_000,
            clients: Vec::new(),
            server: SimulatedServer::new(seed),
            rng: SeededRng::from_seed(seed),
            under_way: BTreeMap::new(),
            sequence: 0,
            server_origin: SERVER_ORIGIN,
        }
    }

    /// Returns a world in which the first of `setups` is the host, the others have joined, and the film is paused at its
    /// beginning.
    pub(super) fn joined(seed: u64, setups: impl IntoIterator<Item = Setup>) -> Self {
        let mut world = Self::new(seed);
        for setup in setups {
            world.add(setup);
            world.run(Duration::from_secs(2));
        }
        world.run(Duration::from_secs(3));
        world
    }

    /// Returns such a world, whose film has been playing for a while.
    pub(super) fn playing(seed: u64, setups: impl IntoIterator<Item = Setup>) -> Self {
        let mut world = Self::joined(seed, setups);
        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_secs(12));
        world
    }

    /// Adds a client, which begins to connect; returns its number.
    pub(super) fn add(&mut self, setup: Setup) -> usize {
        let seed = self.rng.bits();
        self.clients.push(Client::new(setup, seed, self.now));
        self.drain();
        self.clients.len() - 1
    }

    pub(super) fn command(&mut self, client: usize, command: Command) {
        self.clients[client].command(command, self.now);
        self.drain();
    }

    /// Acts in a player's window, if it is open.
    pub(super) fn at_window(&mut self, client: usize, act: impl FnOnce(&mut SimulatedPlayer, LocalTime)) {
        self.clients[client].at_window(self.now, act);
        self.drain();
    }

    /// Returns a client's member id.
    pub(super) fn you(&self, client: usize) -> Option<MemberId> {
        let client = &self.clients[client];
        client
            .session
            .status(client.local(self.now))
            .room
            .map(|room| room.you)
    }

    /// Returns the client that controls the room.
    pub(super) fn host(&self) -> usize {
        let host = self.server.host();
        (0..self.clients.len())
            .find(|c| self.you(*c) == host)
            .unwrap_or_default()
    }

    /// Blocks a machine's path for a while; connections survive it.
    pub(super) fn darken(&mut self, client: usize, duration: Duration) {
        let until = self.now + nanos(duration);
        self.clients[client].link.darken(until);
    }

    /// Cuts a connection; client and server notice immediately.
    pub(super) fn cut(&mut self, client: usize) {
        if let Some(connection) = self.clients[client].connection.take() {
            self.server.close(client, connection, self.server_now());
        }
        let local = self.clients[client].local(self.now);
        self.clients[client].is_connected = false;
        self.clients[client]
            .session
            .handle_connection_lost(&LinkEnd::TimedOut, local);
        self.drain();
    }

    /// Restarts the server with its stored state and another clock; it is unreachable for a while.
    pub(super) fn restart(&mut self, away: Duration) {
        let died = self.server_now();
        self.server_origin = SERVER_START - self.now;
        let begins = self.server_now();
        self.server.restart(died, begins);
        for client in 0..self.clients.len() {
            self.darken(client, away);
            self.cut(client);
        }
    }

    /// Returns the reading of the server's clock.
    fn server_now(&self) -> ServerTime {
        ServerTime::from_nanos(self.server_origin + self.now)
    }

    /// Puts a machine to sleep for a while, with its player. If that is longer than the server waits, its connection is gone when
    /// it wakes.
    pub(super) fn sleep(&mut self, client: usize, duration: Duration) {
        self.rest(client, duration);
        let local = self.clients[client].local(self.now);
        if let Some(player) = &mut self.clients[client].player {
            player.wake(local);
        }
        self.awake(client, duration);
    }

    /// Suspends a machine: its monotonic clock stands still, as does everything that it runs.
    pub(super) fn suspend(&mut self, client: usize, duration: Duration) {
        self.rest(client, duration);
        let local = self.clients[client].stand_still(duration, self.now);
        self.clients[client].session.handle_suspended(duration, local);
        self.awake(client, duration);
    }

    fn rest(&mut self, client: usize, duration: Duration) {
        let until = self.now + nanos(duration);
        self.clients[client].asleep_until = until;
        if duration > IDLE {
            self.run(IDLE);
            if let Some(connection) = self.clients[client].connection {
                self.server.close(client, connection, self.server_now());
                self.drain();
            }
        }
        self.run(Duration::from_nanos(until - self.now));
        self.clients[client].asleep_until = 0;
    }

    fn awake(&mut self, client: usize, duration: Duration) {
        if duration > IDLE {
            let local = self.clients[client].local(self.now);
            self.clients[client].connection = None;
            self.clients[client].is_connected = false;
            let end = LinkEnd::TimedOut;
            self.clients[client].session.handle_connection_lost(&end, local);
        }
        self.drain();
    }

    /// Advances time.
    pub(super) fn run(&mut self, duration: Duration) {
        let until = self.now + nanos(duration);
        self.drain();
        let mut rounds = (self.now, 0);
        while let Some(next) = self.next().filter(|next| *next <= until) {
            rounds = if next > rounds.0 {
                (next, 0)
            } else {
                (rounds.0, rounds.1 + 1)
            };
            assert!(rounds.1 < ROUNDS, "time stands still: {}", self.due_words());
            self.now = self.now.max(next);
            self.deliver();
            self.tick();
            self.drain();
        }
        self.now = until;
    }

    /// Advances time until a condition holds; panics if it never does.
    pub(super) fn run_until(
        &mut self,
        limit: Duration,
        what: &str,
        mut is_true: impl FnMut(&mut Self) -> bool,
    ) -> Duration {
        let begin = self.now;
        while !is_true(self) {
            assert!(
                self.now - begin < nanos(limit),
                "not within {limit:?}: {what}: {}",
                self.words()
            );
            self.run(Duration::from_millis(20));
        }
        Duration::from_nanos(self.now - begin)
    }

    pub(super) fn timeline(&self) -> Timeline {
        self.server.timeline().expect("a room")
    }

    pub(super) fn room_position(&self) -> MediaTime {
        self.timeline().position_at(self.server_now())
    }

    /// Returns how far a film is ahead of the room, in milliseconds.
    pub(super) fn drift(&mut self, client: usize) -> f64 {
        let room = self.room_position();
        (self.clients[client].position(self.now) - room).as_secs_f64() * 1e3
    }

    /// Returns the distance between the two farthest films that are playing, in milliseconds.
    pub(super) fn spread(&mut self) -> f64 {
        let now = self.now;
        let running = self.clients.iter_mut().filter(|c| !c.is_gone && c.is_playing());
        let all: Vec<f64> = running.map(|c| c.position(now).as_secs_f64() * 1e3).collect();
        let (low, high) = all
            .iter()
            .fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(*p), high.max(*p)));
        (high - low).max(0.0)
    }

    /// Returns whether all players play within this many milliseconds of each other and of the room.
    pub(super) fn is_together(&mut self, limit: f64) -> bool {
        let all = self.watching();
        self.timeline().playback == Playback::Playing
            && all.iter().all(|c| self.clients[*c].is_playing())
            && self.spread() <= limit
            && all.iter().all(|c| self.drift(*c).abs() <= limit)
    }

    /// Returns whether all players are paused at the same frame, at the room's position.
    pub(super) fn is_standing_together(&mut self) -> bool {
        let now = self.now;
        let all = self.watching();
        let frames: Vec<MediaTime> = all.iter().map(|c| self.clients[*c].position(now)).collect();
        let room = self.timeline().position;
        self.timeline().playback == Playback::Paused
            && all.iter().all(|c| self.clients[*c].is_paused_in_place())
            && frames.windows(2).all(|pair| pair[0] == pair[1])
            && frames
                .iter()
                .all(|frame| (*frame - room).abs() <= Duration::from_millis(47))
    }

    /// Panics unless all play together for this many seconds, checked ten times a second.
    pub(super) fn assert_together(&mut self, limit: f64, seconds: u32) {
        for _ in 0..seconds * 10 {
            assert!(self.is_together(limit), "not within {limit} ms: {}", self.words());
            self.run(Duration::from_millis(100));
        }
    }

    /// Returns the largest distance between two films over this many seconds, checked fifty times a second.
    pub(super) fn worst_spread(&mut self, seconds: u32) -> f64 {
        (0..seconds * 50).fold(0.0, |worst: f64, _| {
            self.run(Duration::from_millis(20));
            worst.max(self.spread())
        })
    }

    /// Returns the clients that have a player and have not left.
    pub(super) fn watching(&self) -> Vec<usize> {
        (0..self.clients.len())
            .filter(|c| !self.clients[*c].is_gone && self.clients[*c].player.is_some())
            .collect()
    }

    /// Returns the state of everybody, for a test that fails.
    pub(super) fn words(&mut self) -> String {
        let timeline = self.timeline();
        let mut words = vec![format!(
            "t={:.3}s room {:?} {:?} at {} rev {:?}",
            self.now as f64 / 1e9,
            timeline.playback,
            timeline.cause.reason,
            self.room_position().as_secs_f64(),
            timeline.revision,
        )];
        for c in 0..self.clients.len() {
            let (drift, now) = (self.drift(c), self.now);
            let client = &self.clients[c];
            let status = client.session.status(client.local(now));
            words.push(format!(
                "{}: drift {drift:.1} ms, sees {:?}, {:?}/{:?}, {:?}, playing {}",
                client.setup.name,
                status.sync.drift,
                status.sync.state,
                status.player,
                status.link,
                client.is_playing(),
            ));
        }
        words.join("; ")
    }

    fn next(&self) -> Option<u64> {
        let awake = |c: &&Client| !c.is_gone && c.asleep_until <= self.now;
        let clients = self.clients.iter().filter(awake).flat_map(|c| {
            let session = c.session.poll_timeout().map(|(due, _)| c.truth(due));
            let player = c
                .player
                .as_ref()
                .and_then(SimulatedPlayer::poll_timeout)
                .map(|due| c.truth(due));
            session.into_iter().chain(player)
        });
        let packets = self.under_way.keys().next().map(|(at, _)| *at);
        let server = self
            .server
            .poll_timeout()
            .map(|due| due.as_nanos().saturating_sub(self.server_origin));
        clients
            .chain(packets)
            .chain(server)
            .min()
            .map(|next| next.max(self.now))
    }

    fn due_words(&self) -> String {
        let sessions: Vec<_> = self
            .clients
            .iter()
            .map(|c| c.session.poll_timeout().map(|(_, reason)| reason))
            .collect();
        format!("sessions {sessions:?}, house {:?}", self.server.poll_timeout())
    }

    fn tick(&mut self) {
        let now = self.now;
        let awake = |c: &&mut Client| !c.is_gone && c.asleep_until <= now;
        for client in self.clients.iter_mut().filter(awake) {
            let local = client.local(now);
            if client.session.poll_timeout().is_some_and(|(due, _)| due <= local) {
                client.session.handle_timeout(local);
            }
            if let Some(player) = &mut client.player
                && player.poll_timeout().is_some_and(|due| due <= local)
            {
                player.handle_timeout(local);
            }
        }
        if self
            .server
            .poll_timeout()
            .is_some_and(|due| due <= self.server_now())
        {
            self.server.handle_timeout(self.server_now());
        }
    }

    fn deliver(&mut self) {
        while let Some(entry) = self.under_way.first_entry().filter(|e| e.key().0 <= self.now) {
            let (client, connection, packet) = entry.remove();
            let asleep_until = self.clients[client].asleep_until;
            if asleep_until > self.now && !packet.is_for_the_server() {
                // Packets that arrive meanwhile wait in the socket.
                self.put(asleep_until, client, connection, packet);
                continue;
            }
            self.arrive(client, connection, packet);
            self.drain();
        }
    }

    fn arrive(&mut self, client: usize, connection: u64, packet: Packet) {
        let (now, server) = (self.now, self.server_now());
        let is_newest = self.clients[client].connection == Some(connection);
        let local = self.clients[client].local(now);
        match packet {
            Packet::ToServer(message) => self.server.handle_message(client, connection, message, server),
            Packet::Ping(ping) => {
                if let Some(pong) = self.server.handle_ping(client, connection, &ping, server)
                    && let Some(at) = self.clients[client].link.datagram(Direction::Down, now)
                {
                    self.put(at, client, connection, Packet::Pong(pong));
                }
            }
            Packet::ClosedByClient => self.server.close(client, connection, server),
            _ if !is_newest => {}
            Packet::Connected => {
                self.clients[client].is_connected = true;
                let nothing = Credentials::default();
                self.clients[client].session.handle_connected(nothing, local);
            }
            Packet::Failed => {
                let end = LinkEnd::Unreachable(Unreachable::NoServer);
                self.clients[client].connection = None;
                self.clients[client].session.handle_connection_lost(&end, local);
            }
            Packet::ToClient(message) => self.clients[client].session.handle_message(*message, local),
            Packet::CopyToClient(state) => self.clients[client].session.handle_copy(state, local),
            Packet::Pong(pong) => self.clients[client].session.handle_pong(&pong, local),
            Packet::ClosedByServer(code) => {
                self.clients[client].connection = None;
                self.clients[client].is_connected = false;
                let end = LinkEnd::Closed { code: Some(code) };
                self.clients[client].session.handle_connection_lost(&end, local);
            }
        }
    }

    /// Processes the outputs of all machines until there are none left.
    fn drain(&mut self) {
        loop {
            let mut is_quiet = true;
            for client in 0..self.clients.len() {
                while let Some(event) = self.clients[client]
                    .player
                    .as_mut()
                    .and_then(SimulatedPlayer::poll_event)
                {
                    is_quiet = false;
                    let local = self.clients[client].local(self.now);
                    self.clients[client].session.handle_player(event, local);
                }
                while let Some(output) = self.clients[client].session.poll_output() {
                    is_quiet = false;
                    self.act(client, output);
                }
            }
            while let Some(output) = self.server.poll_output() {
                is_quiet = false;
                self.answer(output);
            }
            if is_quiet {
                return;
            }
        }
    }

    fn act(&mut self, number: usize, output: Output) {
        let now = self.now;
        let client = &mut self.clients[number];
        let local = client.local(now);
        match output {
            Output::Connect { within, .. } => {
                self.sequence += 1;
                let connection = self.sequence;
                client.connection = Some(connection);
                client.is_connected = false;
                client.link.renew();
                if client.link.is_dark(now) {
                    self.put(now + nanos(within), number, connection, Packet::Failed);
                } else {
                    let at = client.link.stream(Direction::Up, now);
                    let at = client.link.stream(Direction::Down, at);
                    self.put(at, number, connection, Packet::Connected);
                }
            }
            Output::Disconnect { .. } => {
                if let Some(connection) = client.connection.take() {
                    client.is_connected = false;
                    let at = client.link.stream(Direction::Up, now);
                    self.put(at, number, connection, Packet::ClosedByClient);
                }
            }
            // Only links are cut here; no token has to outlive a client.
            Output::KeepSeat { .. } | Output::ForgetSeat => {}
            Output::Send(message) => {
                if let Some(connection) = client.connection.filter(|_| client.is_connected) {
                    let at = client.link.stream(Direction::Up, now);
                    let copy = matches!(message, ClientMessage::Ready(_))
                        .then(|| client.link.datagram(Direction::Up, now + nanos(COPY_DELAY)))
                        .flatten();
                    if let Some(at) = copy {
                        self.put(at, number, connection, Packet::ToServer(message.clone()));
                    }
                    self.put(at, number, connection, Packet::ToServer(message));
                }
            }
            Output::Ping(ping) => {
                if let Some(connection) = client.connection.filter(|_| client.is_connected)
                    && let Some(at) = client.link.datagram(Direction::Up, now)
                {
                    self.put(at, number, connection, Packet::Ping(ping));
                }
            }
            Output::Player(command) => client.command_player(command, now),
            Output::StartPlayer => client.start_player(now),
            Output::FindItem { id, item } => {
                let found = client.find(&item);
                client.session.handle_item_found(id, found, local);
            }
            Output::IdentifyFile { path } => {
                let title = path.file_name().map(|n| n.to_string_lossy().into_owned());
                let known = title.filter(|title| client.setup.films.contains_key(title));
                let item = known.map(|title| super::client::local_item(&title).item);
                client.session.handle_identified(path, item, local);
            }
            Output::Event(event) => {
                if let Event::Happened(happening) = &event
                    && let Some(text) = strings::over_film(happening)
                {
                    client.command_player(PlayerCommand::ShowText { text, millis: 0 }, now);
                }
                client.note(event);
            }
            Output::Finished(end) => {
                client.end = Some(end);
                client.is_gone = true;
            }
        }
    }

    fn answer(&mut self, output: ServerOutput) {
        let now = self.now;
        let (client, connection, packet) = match output {
            ServerOutput::Send {
                client,
                connection,
                message,
            } => (client, connection, Packet::ToClient(message)),
            ServerOutput::Close {
                client,
                connection,
                code,
            } => (client, connection, Packet::ClosedByServer(code)),
        };
        if self.clients[client].connection == Some(connection) {
            let link = &mut self.clients[client].link;
            let at = link.stream(Direction::Down, now);
            if let Packet::ToClient(message) = &packet
                && let ServerMessage::VideoStateChanged(state) = &**message
                && let Some(at) = link.datagram(Direction::Down, now + nanos(COPY_DELAY))
            {
                let copy = Packet::CopyToClient(state.clone());
                self.put(at, client, connection, copy);
            }
            self.put(at, client, connection, packet);
        }
    }

    fn put(&mut self, at: u64, client: usize, connection: u64, packet: Packet) {
        self.sequence += 1;
        self.under_way
            .insert((at, self.sequence), (client, connection, packet));
    }
}
