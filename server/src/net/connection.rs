//! One client: a task that reads its messages, answers its clock and writes what its room says.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use quinn::{ConnectionError, ReadError, RecvStream, SendStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::datagram::{COPY_DELAY, copy_of};
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Hello, JoinRoom, Refusal, Refused, Request, Resume, Welcome,
};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::{Clean, ClientMessage, InviteToken, ServerMessage, ServerTime};

use super::admission::Admission;
use super::datagrams::hear_datagrams;
use super::end::{End, close};
use super::intake::Intake;
use crate::auth::Gate;
use crate::clock::ServerClock;
use crate::defaults;
use crate::mailbox::{ConnectionId, Departure, Mail, Pulse, Seated, SharedOutbox, Speaker};
use crate::outbox::{Kind, Next};
use crate::registry::{Entry, Registry};
use crate::room::command::{Newcomer, RoomCommand};
use crate::secret::random;

/// What is read from the stream at once.
const READ_BYTES: usize = 16 * 1024;

/// Tells connections apart; never used twice.
static NEXT_CONNECTION: AtomicU64 = AtomicU64::new(1);

/// What every connection needs of its server.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    pub(crate) registry: Registry,
    pub(crate) admission: Admission,
    pub(crate) clock: ServerClock,
    /// From how far away somebody has taken a seat.
    pub(crate) reached: watch::Sender<Network>,
}

impl Services {
    /// Notes that somebody came in from an address, at one of our own if it is known which.
    fn note_reached(&self, address: IpAddr, own: Option<IpAddr>) {
        let network = if is_own(address) {
            Network::Machine
        } else {
            Network::between(own, address)
        };
        self.reached.send_if_modified(|furthest| {
            let is_further = network > *furthest;
            *furthest = network.max(*furthest);
            is_further
        });
    }
}

/// Returns whether an address is one of this machine's, on whatever interface: only such a one can be bound.
fn is_own(address: IpAddr) -> bool {
    std::net::UdpSocket::bind((address, 0)).is_ok()
}

/// Serves one client until either end has enough.
pub(crate) async fn run(connection: quinn::Connection, services: Services) {
    let outbox = SharedOutbox::new();
    let id = ConnectionId(NEXT_CONNECTION.fetch_add(1, Ordering::Relaxed));
    let end = converse(&connection, &services, &outbox, id).await;
    tracing::debug!(%end, "a connection ended");
    if let Some(code) = end.code() {
        close(&connection, code);
    }
}

async fn converse(
    connection: &quinn::Connection,
    services: &Services,
    outbox: &SharedOutbox,
    id: ConnectionId,
) -> End {
    let hello = timeout(defaults::HELLO, async {
        let (send, recv) = connection.accept_bi().await?;
        let mut messages = Messages::new(recv, services.clock);
        let ClientMessage::Hello(hello) = messages.next().await? else {
            return Err(End::OutOfPlace);
        };
        Ok((send, messages, hello))
    });
    let (send, mut messages, hello) = match hello.await {
        Ok(Ok(parts)) => parts,
        Ok(Err(end)) => return end,
        Err(_elapsed) => return End::NoHello,
    };
    outbox.send(&ServerMessage::Welcome(Welcome {
        software: Clean::line(concat!("watchtogether ", env!("CARGO_PKG_VERSION"))),
        observed: Clean::line(&connection.remote_address().to_string()),
    }));
    let (pulse_sender, pulse) = watch::channel(Pulse::default());
    let door = Door {
        connection,
        services,
        outbox,
        id,
    };
    // The room's pulse and mailbox exist only once there is a seat; clocks are compared from the start.
    let (seat_sender, seat) = watch::channel(None);
    let talk = async {
        let (entry, mut seated) = door.enter(&mut messages, &hello).await?;
        services.note_reached(door.address(), connection.local_ip());
        let speaker = Speaker {
            member: seated.member,
            connection: id,
        };
        seat_sender.send_replace(Some((speaker, entry.mailbox.clone())));
        let listen = listen(&mut messages, speaker, &entry.mailbox, outbox);
        let follow = async {
            loop {
                pulse_sender.send_replace(seated.pulse.borrow_and_update().clone());
                if seated.pulse.changed().await.is_err() {
                    return std::future::pending::<End>().await;
                }
            }
        };
        // Both run until the connection's end; which one ends first does not matter.
        tokio::select! {
            end = listen => Err::<std::convert::Infallible, End>(end),
            end = follow => Err(end),
        }
    };
    let end = tokio::select! {
        end = talk => match end { Ok(never) => match never {}, Err(end) => end },
        end = hear_datagrams(connection, services.clock, pulse, &seat) => end,
        end = write(connection, send, outbox) => end,
    };
    let occupied = seat.borrow().clone();
    if let Some((speaker, mailbox)) = occupied {
        depart(&end, speaker, &mailbox, services.clock.now()).await;
    }
    end
}

/// Tells the room that this connection speaks no more.
async fn depart(end: &End, speaker: Speaker, mailbox: &mpsc::Sender<Mail>, now: ServerTime) {
    let departure = match end {
        End::Connection(ConnectionError::TimedOut) => Departure::Lost(now.saturating_sub(defaults::IDLE)),
        // Half a frame for so long may be a path that went dark.
        End::Connection(_) | End::Stream | End::RoomGone | End::Closed(_) | End::NoHello | End::Stalled => {
            Departure::Lost(now)
        }
        End::Intake(_) | End::Datagram(_) | End::DatagramFlood | End::OutOfPlace => Departure::Misbehaved,
    };
    if mailbox.send(Mail::Departed(speaker, departure)).await.is_err() {
        tracing::debug!("the room was over before its member left");
    }
}

/// A client that has no seat yet.
struct Door<'a> {
    connection: &'a quinn::Connection,
    services: &'a Services,
    outbox: &'a SharedOutbox,
    id: ConnectionId,
}

impl Door<'_> {
    /// Answers requests until one of them is granted. A refused client may try otherwise, a few times.
    async fn enter(&self, messages: &mut Messages, hello: &Hello) -> Result<(Entry, Seated), End> {
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            let message = timeout(defaults::HELLO, messages.next())
                .await
                .map_err(|_elapsed| End::NoHello)??;
            let (request, outcome) = match message {
                ClientMessage::CreateRoom(create) => (Request::CreateRoom, self.create(create, hello).await),
                ClientMessage::JoinRoom(join) => (Request::JoinRoom, self.join(join, hello).await),
                ClientMessage::Resume(resume) => (Request::Resume, self.resume(resume).await),
                ClientMessage::Hello(_)
                | ClientMessage::Leave(_)
                | ClientMessage::VideoSync(_)
                | ClientMessage::SetVideo(_)
                | ClientMessage::SetLength(_)
                | ClientMessage::Chat(_)
                | ClientMessage::Ready(_)
                | ClientMessage::Report(_)
                | ClientMessage::TransferHost(_)
                | ClientMessage::GoOn(_)
                | ClientMessage::SetRoom(_)
                | ClientMessage::Undo(_)
                | ClientMessage::Remove(_)
                | ClientMessage::Unban(_) => return Err(End::OutOfPlace),
            };
            match outcome {
                Ok(seat) => return Ok(seat),
                Err(why) => {
                    self.outbox.send(&ServerMessage::Refused(Refused {
                        request,
                        why,
                        retry_after_ms: 0,
                    }));
                }
            }
        }
        // The last refusal goes out before the connection is closed: the writer ends it.
        self.outbox.close(CloseCode::Refused);
        std::future::pending().await
    }

    async fn create(&self, create: CreateRoom, hello: &Hello) -> Result<(Entry, Seated), Refusal> {
        if hello.name.is_reserved() {
            return Err(Refusal::NameReserved);
        }
        if !self
            .services
            .admission
            .create(self.address(), self.services.clock.now())
        {
            return Err(Refusal::RateLimited);
        }
        let gate = match create.access {
            Access::Open => Gate::Open,
            Access::Invite => {
                let token = create.invite.unwrap_or_else(|| InviteToken::from_bytes(random()));
                Gate::Invite(token)
            }
            Access::Password(password) => {
                Gate::Password(self.services.admission.hash(password, random()).await?)
            }
        };
        let entry = self.services.registry.open(create.room, gate, create.on_stall)?;
        self.sit(entry, hello).await
    }

    async fn join(&self, join: JoinRoom, hello: &Hello) -> Result<(Entry, Seated), Refusal> {
        if hello.name.is_reserved() {
            return Err(Refusal::NameReserved);
        }
        let now = self.services.clock.now();
        if !self.services.admission.join(self.address(), now) {
            return Err(Refusal::RateLimited);
        }
        if self.services.registry.is_damaged(&join.room) {
            return Err(Refusal::RoomDamaged);
        }
        let gate = self.services.registry.gate(&join.room);
        let who = (self.address(), &join.room);
        self.services
            .admission
            .check(who, gate.as_ref(), join.token, join.password, now)
            .await?;
        // Only who is let in makes the server read a room.
        let entry = self.services.registry.wake(&join.room).await?;
        self.sit(entry, hello).await
    }

    async fn sit(&self, entry: Entry, hello: &Hello) -> Result<(Entry, Seated), Refusal> {
        let newcomer = Newcomer {
            name: hello.name.clone(),
            avatar: hello.avatar.clone(),
            token: entry.draw_token(),
            address: self.address(),
            owner: hello.owner,
        };
        let (reply, answer) = oneshot::channel();
        let mail = Mail::Enter {
            newcomer,
            connection: self.id,
            outbox: self.outbox.clone(),
            reply,
        };
        self.ask(entry, mail, answer, Refusal::NotAdmitted).await
    }

    async fn resume(&self, resume: Resume) -> Result<(Entry, Seated), Refusal> {
        let entry = self
            .services
            .registry
            .find_by_token(&resume.token)
            .ok_or(Refusal::SeatGone)?;
        let (reply, answer) = oneshot::channel();
        let mail = Mail::Resume {
            token: resume.token,
            next: entry.draw_token(),
            seen: (resume.epoch, resume.last_chat),
            address: self.address(),
            connection: self.id,
            outbox: self.outbox.clone(),
            reply,
        };
        self.ask(entry, mail, answer, Refusal::SeatGone).await
    }

    async fn ask(
        &self,
        entry: Entry,
        mail: Mail,
        answer: oneshot::Receiver<Result<Seated, Refusal>>,
        if_over: Refusal,
    ) -> Result<(Entry, Seated), Refusal> {
        entry.mailbox.send(mail).await.map_err(|_over| if_over)?;
        let seated = answer.await.map_err(|_over| if_over)??;
        Ok((entry, seated))
    }

    fn address(&self) -> IpAddr {
        self.connection.remote_address().ip().to_canonical()
    }
}

/// Hands a member's messages to its room.
async fn listen(
    messages: &mut Messages,
    speaker: Speaker,
    mailbox: &mpsc::Sender<Mail>,
    outbox: &SharedOutbox,
) -> End {
    loop {
        let message = match messages.next().await {
            Ok(message) => message,
            Err(end) => return end,
        };
        let command = match message {
            ClientMessage::VideoSync(body) => RoomCommand::VideoSync(body),
            ClientMessage::SetVideo(body) => RoomCommand::SetVideo(body),
            ClientMessage::SetLength(body) => RoomCommand::SetLength(body),
            ClientMessage::Chat(body) => RoomCommand::Chat(body),
            ClientMessage::Ready(body) => RoomCommand::Ready(body),
            ClientMessage::Report(body) => RoomCommand::Report(body),
            ClientMessage::TransferHost(body) => RoomCommand::TransferHost(body),
            ClientMessage::GoOn(body) => RoomCommand::GoOn(body),
            ClientMessage::SetRoom(body) => RoomCommand::SetRoom(body),
            ClientMessage::Undo(body) => RoomCommand::Undo(body),
            ClientMessage::Remove(body) => RoomCommand::Remove(body),
            ClientMessage::Unban(body) => RoomCommand::Unban(body),
            ClientMessage::Leave(_) => RoomCommand::Leave,
            ClientMessage::Hello(_)
            | ClientMessage::CreateRoom(_)
            | ClientMessage::JoinRoom(_)
            | ClientMessage::Resume(_) => return End::OutOfPlace,
        };
        if mailbox.send(Mail::Command(speaker, command)).await.is_err() {
            if outbox.is_ending() {
                // The room said why before it ended: the writer tells it.
                return std::future::pending().await;
            }
            return End::RoomGone;
        }
    }
}

/// Writes what the room says, until the room or the client ends it.
async fn write(connection: &quinn::Connection, mut stream: SendStream, outbox: &SharedOutbox) -> End {
    tokio::select! {
        end = write_frames(connection, &mut stream, outbox) => end,
        // A client that reads nothing blocks the writing, but not the end of its connection.
        code = outbox.overdue() => End::Closed(code),
    }
}

/// Writes frames, and where the room is a second time, a little later.
async fn write_frames(connection: &quinn::Connection, stream: &mut SendStream, outbox: &SharedOutbox) -> End {
    let mut waiting = None;
    loop {
        let next = tokio::select! {
            next = outbox.next() => next,
            copy = due(&mut waiting) => {
                if let Err(error) = connection.send_datagram(copy) {
                    tracing::debug!(%error, "a copy could not be sent");
                }
                continue;
            }
        };
        match next {
            Next::Frame(kind, frame) => {
                let copy = (kind == Kind::State).then(|| copy_of(&frame)).flatten();
                if stream.write_chunk(frame).await.is_err() {
                    return End::Stream;
                }
                // A newer copy says more than one that still waits.
                waiting = copy.map(|copy| (Instant::now() + COPY_DELAY, copy)).or(waiting);
            }
            Next::Close(code) => {
                // What was written arrives before the close overtakes it, or the client is gone anyway.
                if stream.finish().is_ok() {
                    drop(stream.stopped().await);
                }
                return End::Closed(code);
            }
            Next::Wait => {}
        }
    }
}

/// Returns a copy once it is due; waits for ever where there is none. Cancel safe.
async fn due(waiting: &mut Option<(Instant, Bytes)>) -> Bytes {
    if let Some((at, _)) = waiting {
        sleep_until(*at).await;
    }
    match waiting.take() {
        Some((_, copy)) => copy,
        None => std::future::pending().await,
    }
}

/// A client's messages, in order.
struct Messages {
    stream: RecvStream,
    intake: Intake,
    clock: ServerClock,
}

impl Messages {
    fn new(stream: RecvStream, clock: ServerClock) -> Self {
        Self {
            stream,
            intake: Intake::new(),
            clock,
        }
    }

    /// Returns the next message. Cancel safe.
    async fn next(&mut self) -> Result<ClientMessage, End> {
        loop {
            if let Some(message) = self.intake.poll_message() {
                return Ok(message);
            }
            let read = self.stream.read_chunk(READ_BYTES, true);
            let read = match self.intake.poll_timeout() {
                Some(until) => timeout_at(self.clock.instant(until), read)
                    .await
                    .map_err(|_elapsed| End::Stalled)?,
                None => read.await,
            };
            match read {
                Ok(Some(chunk)) => self.intake.handle_bytes(&chunk.bytes, self.clock.now())?,
                Err(ReadError::ConnectionLost(error)) => return Err(error.into()),
                Ok(None)
                | Err(
                    ReadError::Reset(_)
                    | ReadError::ClosedStream
                    | ReadError::IllegalOrderedRead
                    | ReadError::ZeroRttRejected,
                ) => return Err(End::Stream),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_somebody_from_further_away_is_news() {
        let clock = ServerClock::start();
        let services = Services {
            registry: Registry::new(clock),
            admission: Admission::new(true),
            clock,
            reached: watch::Sender::new(Network::Machine),
        };
        let mut reached = services.reached.subscribe();
        let own = Some("198.51.100.1".parse().expect("an address"));
        let mut comes_from = |address: &str| {
            services.note_reached(address.parse().expect("an address"), own);
            let is_news = reached.has_changed().expect("the sender lives");
            is_news.then(|| *reached.borrow_and_update())
        };

        assert_eq!(comes_from("127.0.0.1"), None);
        assert_eq!(comes_from("192.168.1.30"), Some(Network::Local));
        assert_eq!(comes_from("10.0.0.1"), None);
        assert_eq!(comes_from("198.51.100.9"), None, "on the own network");
        assert_eq!(comes_from("203.0.113.9"), Some(Network::Outside));
        assert_eq!(comes_from("192.168.1.31"), None);
    }
}
