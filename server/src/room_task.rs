//! The shell around one room: its mailbox, its timer and its members' outboxes.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument as _, info_span};
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{Closing, ClosingReason, Refusal};
use watchtogether_protocol::{MemberId, ServerMessage};

use crate::auth::RoomAccess;
use crate::clock::ServerClock;
use crate::limits::Limits;
use crate::mailbox::{ConnectionId, Departure, Mail, MailSender, Seated, SharedOutbox, SharedPulse, kind_of};
use crate::room::Room;
use crate::room::output::RoomOutput;
use crate::room::snapshot::Durability;
use crate::store::{SaveError, Store};
use crate::write_scheduler::WriteScheduler;

/// The smallest difference between two clocks that counts as a suspension of the machine. Two clocks that are read one after the
/// other differ by some microseconds.
const SUSPENSION_THRESHOLD: Duration = Duration::from_millis(500);

/// The largest number of messages that a room handles in one turn. With more, its timers and the disk would wait for too long.
const MAIL_BATCH: usize = 64;

/// Removes an empty room from memory, given the access to it and its mail; returns whether it did.
pub(crate) type Retire = Box<dyn Fn(&Room, &RoomAccess, &mpsc::Receiver<Mail>) -> bool + Send>;

/// Runs a room until it has been empty for long enough or the server ends. If there is a `store`, the room is kept in it. An
/// empty room ends once `retire` has removed it; `retire` refuses if mail for the room has arrived in the meantime.
pub(crate) fn spawn(
    room: Room,
    access: RoomAccess,
    clock: ServerClock,
    limits: Limits,
    store: Option<Store>,
    retire: Retire,
) -> mpsc::Sender<Mail> {
    let (mailbox, mail) = mpsc::channel(limits.server.mailbox);
    let span = info_span!("room", name = %room.name());
    let pulse = SharedPulse::default();
    pulse.set_revision(room.timeline().revision);
    let task = RoomTask {
        persistence: store.map(|store| Persistence::new(store, &limits, room.is_restored())),
        room,
        access,
        clock,
        limits,
        members: BTreeMap::new(),
        pulse,
        digest_due: false,
        digest_at: None,
        slept: clock.slept(),
    };
    tokio::spawn(task.run(mail, retire).instrument(span));
    mailbox
}

struct RoomTask {
    room: Room,
    access: RoomAccess,
    /// How the room is kept; `None` if it ends with its server.
    persistence: Option<Persistence>,
    clock: ServerClock,
    limits: Limits,
    members: BTreeMap<MemberId, (ConnectionId, SharedOutbox)>,
    pulse: SharedPulse,
    digest_due: bool,
    digest_at: Option<Instant>,
    /// How long the machine had been suspended when the room was last informed.
    slept: Duration,
}

impl RoomTask {
    async fn run(mut self, mut mail: mpsc::Receiver<Mail>, retire: Retire) {
        tracing::info!("opened");
        self.keep();
        loop {
            let due = self.due();
            tokio::select! {
                message = mail.recv() => match message {
                    Some(message) => if let Some(reason) = self.handle_all(message, &mut mail) {
                        return self.close(reason);
                    },
                    None => return self.close(ClosingReason::ServerEnds),
                },
                is_saved = outcome(&mut self.persistence) => self.conclude(is_saved),
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.room.handle_timeout(self.clock.now());
                    self.refresh_digest();
                }
            }
            self.drain();
            self.keep();
            if self.is_over() && retire(&self.room, &self.access, &mail) {
                tracing::info!("removed the room from memory: nobody came back");
                return;
            }
        }
    }

    fn due(&self) -> Option<Instant> {
        let room = self.room.poll_timeout().map(|(at, _why)| at);
        // A room that cannot be saved right now is checked again after the next attempt.
        let empty = self.room.empty_since().filter(|_| self.is_kept());
        let empty = empty.map(|since| since + self.limits.rooms.empty);
        let timer = room
            .into_iter()
            .chain(empty)
            .min()
            .map(|at| self.clock.instant(at));
        let digest = self.digest_at.filter(|_| self.digest_due);
        let persistence = self
            .persistence
            .as_ref()
            .and_then(|persistence| persistence.due(&self.room, self.clock));
        timer.into_iter().chain(digest).chain(persistence).min()
    }

    /// Returns whether the room has been empty for so long that it need not be in memory.
    fn is_over(&self) -> bool {
        let is_long = |since| self.clock.now() >= since + self.limits.rooms.empty;
        self.room.empty_since().is_some_and(is_long) && self.is_kept()
    }

    /// Returns whether removing the room from memory loses nothing that should be kept.
    fn is_kept(&self) -> bool {
        let is_done = |persistence: &Persistence| persistence.scheduler.is_done(&self.room);
        self.persistence.as_ref().is_none_or(is_done)
    }

    /// Passes everything that is due to the store.
    fn keep(&mut self) {
        let Some(persistence) = &mut self.persistence else {
            return;
        };
        self.room.handle_wall_clock(self.clock.wall_origin());
        let now = self.clock.now();
        if let Some((write, durability)) = persistence.scheduler.poll_write(&mut self.room, now) {
            persistence.under_way = Some(persistence.store.write(self.access.clone(), write, durability));
            persistence.seats.append(&mut persistence.next_seats);
        }
        persistence.release_late();
    }

    /// Handles the result of the last write.
    fn conclude(&mut self, is_saved: bool) {
        let Some(persistence) = &mut self.persistence else {
            return;
        };
        persistence.under_way = None;
        persistence
            .scheduler
            .handle_outcome(is_saved, &mut self.room, self.clock.now());
        for (outbox, _) in persistence.seats.drain(..) {
            outbox.hold(false);
        }
    }

    /// Handles a message and those that wait behind it, so that a burst computes the timers and looks at the store only once.
    /// Returns why the room closes, if it does.
    fn handle_all(&mut self, first: Mail, mail: &mut mpsc::Receiver<Mail>) -> Option<ClosingReason> {
        let mut next = Some(first);
        let mut left = MAIL_BATCH;
        while let Some(message) = next.take() {
            if let Mail::Close(reason) = message {
                return Some(reason);
            }
            self.handle(message);
            self.drain();
            left -= 1;
            if left > 0 {
                next = mail.try_recv().ok();
            }
        }
        None
    }

    /// Informs the room how long the machine was suspended since the last call.
    fn notice_sleep(&mut self) {
        let slept = self.clock.slept();
        let by = slept.saturating_sub(self.slept);
        if by > SUSPENSION_THRESHOLD {
            self.room.handle_suspended(by);
            self.slept = slept;
        }
    }

    fn handle(&mut self, mail: Mail) {
        self.notice_sleep();
        let now = self.clock.now();
        match mail {
            Mail::Enter {
                newcomer,
                connection,
                outbox,
                reply,
            } => {
                let seat = self.room.enter(newcomer, now);
                self.seat(seat, connection, outbox, reply);
            }
            Mail::Resume {
                token,
                next,
                seen,
                address,
                connection,
                outbox,
                reply,
            } => {
                let seat = self.room.resume(&token, next, seen, address, now);
                self.seat(seat, connection, outbox, reply);
            }
            Mail::Command(speaker, command) if self.is_current(speaker) => {
                self.room.handle_command(speaker.member, command, now);
            }
            Mail::Telemetry(speaker, telemetry) if self.is_current(speaker) => {
                self.room.handle_telemetry(speaker.member, telemetry, now);
                if !self.digest_due {
                    self.digest_due = true;
                    self.digest_at = Some(Instant::now() + self.limits.rooms.digest);
                }
            }
            Mail::StaleRevision(speaker) if self.is_current(speaker) => {
                self.room.handle_stale_revision(speaker.member);
            }
            Mail::Departed(speaker, departure) if self.is_current(speaker) => {
                self.members.remove(&speaker.member);
                tracing::info!(member = %speaker.member, ?departure, "a connection left the room");
                match departure {
                    Departure::Lost(heard) => self.room.handle_link_lost(speaker.member, heard, now),
                    Departure::Misbehaved => self.room.handle_disconnected(speaker.member, now),
                }
            }
            Mail::Command(..)
            | Mail::Telemetry(..)
            | Mail::StaleRevision(_)
            | Mail::Departed(..)
            | Mail::Close(_) => {}
        }
    }

    /// Attaches a connection to a seat. A previous connection of the same seat is closed as replaced.
    fn seat(
        &mut self,
        seat: Result<MemberId, Refusal>,
        connection: ConnectionId,
        outbox: SharedOutbox,
        reply: oneshot::Sender<Result<Seated, Refusal>>,
    ) {
        let answer = seat.map(|member| {
            tracing::info!(%member, "a member took a seat");
            if let Some(persistence) = &mut self.persistence {
                persistence.hold(&outbox);
            }
            if let Some((_, old)) = self.members.insert(member, (connection, outbox)) {
                old.close(CloseCode::Replaced);
            }
            Seated {
                member,
                pulse: self.pulse.clone(),
            }
        });
        // If the connection has ended in the meantime, its departure will say so.
        drop(reply.send(answer));
    }

    fn is_current(&self, speaker: MailSender) -> bool {
        self.members
            .get(&speaker.member)
            .is_some_and(|(current, _)| *current == speaker.connection)
    }

    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Send { to, message } => {
                    if let Some((_, outbox)) = self.members.get(&to) {
                        outbox.send(&message);
                    }
                }
                RoomOutput::Broadcast { except, message } => {
                    let (kind, frame) = (kind_of(&message), message.to_frame());
                    for (member, (_, outbox)) in &self.members {
                        if Some(*member) != except {
                            outbox.push(kind, frame.clone());
                        }
                    }
                }
                RoomOutput::Close { member, code } => {
                    if let Some((_, outbox)) = self.members.remove(&member) {
                        tracing::info!(%member, ?code, "closed a member's connection");
                        outbox.close(code);
                    }
                }
            }
        }
        self.pulse.set_revision(self.room.timeline().revision);
    }

    fn refresh_digest(&mut self) {
        if !self.digest_due || self.digest_at.is_some_and(|at| at > Instant::now()) {
            return;
        }
        self.digest_due = false;
        self.pulse.set_digest(self.room.digest().into());
    }

    fn close(mut self, reason: ClosingReason) {
        if let Some(persistence) = &mut self.persistence {
            match reason {
                ClosingReason::ServerEnds | ClosingReason::HostGone => {
                    let write = persistence.scheduler.last_write(&mut self.room, self.clock.now());
                    // The store finishes this on its own, and nobody waits for the answer.
                    drop(
                        persistence
                            .store
                            .write(self.access.clone(), write, Durability::Flushed),
                    );
                }
                ClosingReason::RoomClosed => persistence.store.forget(vec![self.room.id()]),
            }
        }
        let closing = ServerMessage::Closing(Closing { reason });
        for (_, outbox) in self.members.values() {
            outbox.send(&closing);
            outbox.close(CloseCode::of(reason));
        }
    }
}

/// The store of a kept room, and the members whose seats wait for it.
struct Persistence {
    store: Store,
    scheduler: WriteScheduler,
    /// How long a seat waits for the disk.
    patience: Duration,
    under_way: Option<oneshot::Receiver<Result<(), SaveError>>>,
    /// The members whose seats are held until the current write is on the disk, each with the time until which they wait.
    seats: Vec<(SharedOutbox, Instant)>,
    /// The members whose seats are held until the write after that.
    next_seats: Vec<(SharedOutbox, Instant)>,
}

impl Persistence {
    fn new(store: Store, limits: &Limits, is_known: bool) -> Self {
        Self {
            store,
            scheduler: WriteScheduler::new(is_known, limits.store),
            patience: limits.seats.saved,
            under_way: None,
            seats: Vec::new(),
            next_seats: Vec::new(),
        }
    }

    /// Holds back a member's frames until the seat is stored, because the token in them would be worth nothing after a crash. If
    /// the store is failing, nothing is held back.
    fn hold(&mut self, outbox: &SharedOutbox) {
        if !self.scheduler.is_failing() {
            outbox.hold(true);
            let until = Instant::now() + self.patience;
            self.next_seats.push((outbox.clone(), until));
        }
    }

    /// Releases members who have waited long enough for a slow disk.
    fn release_late(&mut self) {
        let now = Instant::now();
        for seats in [&mut self.seats, &mut self.next_seats] {
            for (outbox, _) in seats.extract_if(.., |(_, until)| *until <= now) {
                outbox.hold(false);
            }
        }
    }

    fn due(&self, room: &Room, clock: ServerClock) -> Option<Instant> {
        let seats = self.seats.iter().chain(&self.next_seats);
        let scheduler = self.scheduler.poll_timeout(room).map(|at| clock.instant(at));
        seats.map(|(_, until)| *until).chain(scheduler).min()
    }
}

/// Returns the result of the current write; waits forever if there is none. Cancel safe.
async fn outcome(persistence: &mut Option<Persistence>) -> bool {
    match persistence
        .as_mut()
        .and_then(|persistence| persistence.under_way.as_mut())
    {
        Some(answer) => matches!(answer.await, Ok(Ok(()))),
        None => std::future::pending().await,
    }
}
