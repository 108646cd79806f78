//! A client's datagrams: clock pings, which are answered immediately, and copies of messages.
//!
//! A connection has a budget for datagrams. Datagrams over budget are dropped and counted, and a client that sends far more is
//! disconnected. The contents of the pings go to the room at most a few times a second, so that pings never fill its mailbox.

use std::sync::OnceLock;

use quinn::Connection;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use watchtogether_protocol::ServerTime;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, MemberSample};

use super::end::ConversationEnd;
use super::intake::PingReports;
use crate::clock::ServerClock;
use crate::limits::ConnectionLimits;
use crate::mailbox::{Mail, MailSender, SharedPulse};
use crate::rate_limit::TokenBucket;
use crate::room::command::RoomCommand;

/// The seat of a connection, and its ways to and from the room.
#[derive(Debug)]
pub(super) struct ConnectionSeat {
    pub(super) speaker: MailSender,
    pub(super) mailbox: mpsc::Sender<Mail>,
    pub(super) pulse: SharedPulse,
}

/// Answers clock pings immediately, without waiting for the room, and forwards their contents and copies of messages.
pub(super) async fn receive_datagrams(
    connection: &Connection,
    limits: &ConnectionLimits,
    clock: ServerClock,
    seat: &OnceLock<ConnectionSeat>,
) -> ConversationEnd {
    let mut budget = TokenBucket::new(limits.datagrams);
    let mut flood = TokenBucket::new(limits.datagram_flood);
    let mut dropped: u64 = 0;
    let mut news = PingReports::new(limits);
    let end = loop {
        let due = news.poll_timeout().map(|at| clock.instant(at));
        let datagram = tokio::select! {
            datagram = connection.read_datagram() => datagram,
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                if let Some(seat) = seat.get() {
                    forward_reports(&mut news, seat, clock.now());
                }
                continue;
            }
        };
        let datagram = match datagram {
            Ok(datagram) => datagram,
            Err(error) => break error.into(),
        };
        let received = clock.now();
        if budget.take(received).is_err() {
            dropped += 1;
            if flood.take(received).is_err() {
                break ConversationEnd::DatagramFlood;
            }
            continue;
        }
        match ClientDatagram::from_bytes(&datagram) {
            Ok(Some(ClientDatagram::Ping(ping))) => {
                let digest = seat.get().map(|seat| seat.pulse.digest());
                answer(
                    connection,
                    &ping,
                    received,
                    digest.as_deref().unwrap_or_default(),
                    clock,
                );
                // Without a seat there is no room to inform, and telemetry from before the seat means nothing.
                if let Some(seat) = seat.get() {
                    news.handle_ping(ping.telemetry, ping.revision < seat.pulse.revision());
                    forward_reports(&mut news, seat, received);
                }
            }
            // The original arrives over the stream, so a dropped copy does no harm.
            Ok(Some(ClientDatagram::Ready(ready))) => {
                if let Some(seat) = seat.get() {
                    forward(seat, Mail::Command(seat.speaker, RoomCommand::Ready(ready)));
                }
            }
            Ok(None) => {}
            Err(error) => break error.into(),
        }
    };
    if dropped > 0 {
        tracing::debug!(dropped, "dropped datagrams over the budget");
    }
    end
}

fn answer(
    connection: &Connection,
    ping: &ClockPing,
    received: ServerTime,
    digest: &[MemberSample],
    clock: ServerClock,
) {
    let answer = ClockPong {
        sequence: ping.sequence,
        sent: ping.sent,
        received,
        answered: clock.now(),
        digest: digest.to_vec(),
    };
    if let Err(error) = connection.send_datagram(ServerDatagram::pong(&answer)) {
        tracing::debug!(%error, "could not send a clock answer");
    }
}

fn forward_reports(news: &mut PingReports, seat: &ConnectionSeat, now: ServerTime) {
    if let Some(telemetry) = news.poll_telemetry(now) {
        forward(seat, Mail::Telemetry(seat.speaker, telemetry));
    }
    if news.poll_is_behind(now) {
        forward(seat, Mail::StaleRevision(seat.speaker));
    }
}

/// Sends mail to the room, or drops it if the room is overloaded: the next ping has the same information.
fn forward(seat: &ConnectionSeat, mail: Mail) {
    drop(seat.mailbox.try_send(mail));
}
