//! The server: its room behind simulated connections, driven as by its shells.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};

use watchtogether::seeded_rng::SeededRng;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};
use watchtogether_protocol::message::room::{Hello, Refusal, Refused, Request};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    ClientMessage, Epoch, MemberId, RoomId, ServerMessage, ServerTime, Timeline, Token,
};
use watchtogether_server::limits::Limits;
use watchtogether_server::room::command::{Newcomer, RoomCommand};
use watchtogether_server::room::hashes::Salt;
use watchtogether_server::room::output::RoomOutput;
use watchtogether_server::room::snapshot::NextLife;
use watchtogether_server::room::{Room, RoomConfig};

/// One connection of one client.
type Connection = (usize, u64);

/// The address of every client.
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// An action of the server on a connection.
#[derive(Debug)]
pub(super) enum ServerOutput {
    Send {
        client: usize,
        connection: u64,
        message: Box<ServerMessage>,
    },
    Close {
        client: usize,
        connection: u64,
        code: CloseCode,
    },
}

/// The server.
#[derive(Debug)]
pub(super) struct SimulatedServer {
    rng: SeededRng,
    room: Option<Room>,
    hellos: BTreeMap<Connection, Hello>,
    seats: BTreeMap<Connection, MemberId>,
    outputs: VecDeque<ServerOutput>,
    wall_origin: WallTime,
}

impl SimulatedServer {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: SeededRng::from_seed(!seed),
            room: None,
            hellos: BTreeMap::new(),
            seats: BTreeMap::new(),
            outputs: VecDeque::new(),
            wall_origin: WallTime(1_700_000_000_000),
        }
    }

    pub(super) fn timeline(&self) -> Option<Timeline> {
        self.room.as_ref().map(|room| *room.timeline())
    }

    pub(super) fn host(&self) -> Option<MemberId> {
        self.room.as_ref().and_then(Room::host)
    }

    pub(super) fn handle_message(
        &mut self,
        client: usize,
        connection: u64,
        message: ClientMessage,
        now: ServerTime,
    ) {
        let from = (client, connection);
        let command = match message {
            ClientMessage::Hello(hello) => {
                self.hellos.insert(from, hello);
                return;
            }
            ClientMessage::CreateRoom(create) => {
                if self.room.is_some() {
                    return self.refuse(from, Request::CreateRoom, Refusal::RoomExists);
                }
                let config = RoomConfig {
                    id: RoomId(uuid::Uuid::from_u128(self.rng.bits().into())),
                    name: create.room.expect("tests name their rooms"),
                    epoch: Epoch {
                        counter: 1,
                        incarnation: self.rng.bits(),
                    },
                    invite: None,
                    settings: create.settings,
                    wall_origin: self.wall_origin,
                    is_kept: false,
                    salt: Salt([0; 16]),
                    limits: Limits::default(),
                };
                self.room = Some(Room::new(config, create.rate, now));
                return self.enter(from, now);
            }
            ClientMessage::JoinRoom(_) => return self.enter(from, now),
            ClientMessage::Resume(resume) => {
                let next = self.token();
                let place = (resume.epoch, resume.last_chat);
                let resumed = self
                    .room
                    .as_mut()
                    .ok_or(Refusal::SeatGone)
                    .and_then(|room| room.resume(&resume.token, next, place, HOME, now));
                return match resumed {
                    Ok(member) => self.seat(from, member),
                    Err(reason) => self.refuse(from, Request::Resume, reason),
                };
            }
            ClientMessage::Leave(_) => RoomCommand::Leave,
            ClientMessage::VideoSync(sync) => RoomCommand::VideoSync(sync),
            ClientMessage::SetVideo(video) => RoomCommand::SetVideo(video),
            ClientMessage::SetLength(length) => RoomCommand::SetLength(length),
            ClientMessage::Chat(chat) => RoomCommand::Chat(chat),
            ClientMessage::Ready(ready) => RoomCommand::Ready(ready),
            ClientMessage::Report(report) => RoomCommand::Report(report),
            ClientMessage::TransferHost(transfer) => RoomCommand::TransferHost(transfer),
            ClientMessage::GoOn(go_on) => RoomCommand::GoOn(go_on),
            ClientMessage::SetRoom(set) => RoomCommand::SetRoom(set),
            ClientMessage::Undo(undo) => RoomCommand::Undo(undo),
            ClientMessage::Remove(remove) => RoomCommand::Remove(remove),
            ClientMessage::Unban(unban) => RoomCommand::Unban(unban),
        };
        if let (Some(room), Some(member)) = (&mut self.room, self.seats.get(&from)) {
            room.handle_command(*member, command, now);
        }
        self.drain();
    }

    pub(super) fn handle_ping(
        &mut self,
        client: usize,
        connection: u64,
        ping: &ClockPing,
        now: ServerTime,
    ) -> Option<ClockPong> {
        let member = *self.seats.get(&(client, connection))?;
        let room = self.room.as_mut()?;
        room.handle_telemetry(member, ping.telemetry, now);
        if ping.revision < room.timeline().revision {
            room.handle_stale_revision(member);
        }
        let digest = room.digest();
        self.drain();
        Some(ClockPong {
            sequence: ping.sequence,
            sent: ping.sent,
            received: now,
            answered: now,
            digest,
        })
    }

    /// Restarts the server at an instant of its new clock, with the room as it was.
    pub(super) fn restart(&mut self, died: ServerTime, begins: ServerTime) {
        self.hellos.clear();
        self.seats.clear();
        self.outputs.clear();
        let millis = |at: ServerTime| at.as_nanos() / 1_000_000;
        // The wall clock continues.
        self.wall_origin.0 = self.wall_origin.0 + millis(died) - millis(begins);
        let life = NextLife {
            incarnation: self.rng.bits(),
            wall_origin: self.wall_origin,
            is_kept: true,
            limits: Limits::default(),
        };
        let record = self.room.as_mut().map(|room| room.record(died));
        self.room = record.map(|record| Room::restore(record, life, begins));
    }

    /// Closes a connection; its seat is kept.
    pub(super) fn close(&mut self, client: usize, connection: u64, now: ServerTime) {
        self.hellos.remove(&(client, connection));
        if let (Some(member), Some(room)) = (self.seats.remove(&(client, connection)), &mut self.room) {
            room.handle_link_lost(member, now, now);
        }
        self.drain();
    }

    pub(super) fn handle_timeout(&mut self, now: ServerTime) {
        if let Some(room) = &mut self.room {
            room.handle_timeout(now);
        }
        self.drain();
    }

    pub(super) fn poll_timeout(&self) -> Option<ServerTime> {
        self.room.as_ref()?.poll_timeout().map(|(due, _)| due)
    }

    pub(super) fn poll_output(&mut self) -> Option<ServerOutput> {
        self.outputs.pop_front()
    }

    fn enter(&mut self, from: Connection, now: ServerTime) {
        let token = self.token();
        let Some(hello) = self.hellos.get(&from) else {
            return;
        };
        let newcomer = Newcomer {
            name: hello.name.clone(),
            avatar: hello.avatar.clone(),
            token,
            address: HOME,
            owner: None,
        };
        let entered = self
            .room
            .as_mut()
            .ok_or(Refusal::NotAdmitted)
            .and_then(|room| room.enter(newcomer, now));
        match entered {
            Ok(member) => self.seat(from, member),
            Err(reason) => self.refuse(from, Request::JoinRoom, reason),
        }
    }

    /// Records which member a connection belongs to, in place of an earlier one of the same member.
    fn seat(&mut self, from: Connection, member: MemberId) {
        self.seats.retain(|_, seated| *seated != member);
        self.seats.insert(from, member);
        self.drain();
    }

    fn refuse(&mut self, (client, connection): Connection, request: Request, reason: Refusal) {
        let refused = Refused {
            request,
            reason,
            retry_after_ms: 0,
        };
        self.outputs.push_back(ServerOutput::Send {
            client,
            connection,
            message: Box::new(ServerMessage::Refused(refused)),
        });
    }

    fn drain(&mut self) {
        while let Some(output) = self.room.as_mut().and_then(Room::poll_output) {
            match output {
                RoomOutput::Send { to, message } => self.send(|member| member == to, &message),
                RoomOutput::Broadcast { except, message } => {
                    self.send(|member| Some(member) != except, &message);
                }
                RoomOutput::Close { member, code } => {
                    let closed: Vec<Connection> = self.connections(|m| m == member).collect();
                    for (client, connection) in closed {
                        self.seats.remove(&(client, connection));
                        self.outputs.push_back(ServerOutput::Close {
                            client,
                            connection,
                            code,
                        });
                    }
                }
            }
        }
    }

    fn send(&mut self, is_meant: impl Fn(MemberId) -> bool, message: &ServerMessage) {
        let to: Vec<Connection> = self.connections(is_meant).collect();
        for (client, connection) in to {
            self.outputs.push_back(ServerOutput::Send {
                client,
                connection,
                message: Box::new(message.clone()),
            });
        }
    }

    fn connections(&self, is_meant: impl Fn(MemberId) -> bool) -> impl Iterator<Item = Connection> {
        let seats = self.seats.iter();
        seats.filter_map(move |(connection, member)| is_meant(*member).then_some(*connection))
    }

    fn token(&mut self) -> Token {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.rng.bits().to_le_bytes());
        }
        Token::from_bytes(bytes)
    }
}
