//! A client's datagrams: clock pings, which are answered immediately, and copies of messages.
//!
//! A connection has a budget for datagrams. Datagrams over budget are dropped and counted, and a client that sends far more is
//! disconnected. The contents of the pings go to the room at most a few times a second, so that pings never fill its mailbox.

use quinn::Connection;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use watchtogether_protocol::ServerTime;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};

use super::end::ConversationEnd;
use super::intake::PingReports;
use crate::clock::ServerClock;
use crate::limits::ConnectionLimits;
use crate::mailbox::{Mail, MailSender, Pulse};
use crate::rate_limit::TokenBucket;
use crate::room::command::RoomCommand;

/// The seat of a connection, once it has one.
type MemberChannel = Option<(MailSender, mpsc::Sender<Mail>)>;

/// Answers clock pings immediately, without waiting for the room, and forwards their contents and copies of messages.
pub(super) async fn receive_datagrams(
    connection: &Connection,
    limits: &ConnectionLimits,
    clock: ServerClock,
    pulse: watch::Receiver<Pulse>,
    seat: &watch::Receiver<MemberChannel>,
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
                forward_reports(&mut news, seat, clock.now());
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
                let pulse = pulse.borrow().clone();
                let is_behind = ping.revision < pulse.revision;
                answer(connection, &ping, received, &pulse, clock);
                // Without a seat there is no room to inform, and telemetry from before the seat means nothing.
                if seat.borrow().is_some() {
                    news.handle_ping(ping.telemetry, is_behind);
                    forward_reports(&mut news, seat, received);
                }
            }
            // The original arrives over the stream, so a dropped copy does no harm.
            Ok(Some(ClientDatagram::Ready(ready))) => {
                forward(seat, |speaker| Mail::Command(speaker, RoomCommand::Ready(ready)));
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
    pulse: &Pulse,
    clock: ServerClock,
) {
    let answer = ClockPong {
        sequence: ping.sequence,
        sent: ping.sent,
        received,
        answered: clock.now(),
        digest: pulse.digest.to_vec(),
    };
    if let Err(error) = connection.send_datagram(ServerDatagram::pong(&answer)) {
        tracing::debug!(%error, "could not send a clock answer");
    }
}

fn forward_reports(news: &mut PingReports, seat: &watch::Receiver<MemberChannel>, now: ServerTime) {
    if let Some(telemetry) = news.poll_telemetry(now) {
        forward(seat, |speaker| Mail::Telemetry(speaker, telemetry));
    }
    if news.poll_is_behind(now) {
        forward(seat, Mail::StaleRevision);
    }
}

/// Sends mail to the room, or drops it if the room is overloaded: the next ping has the same information.
fn forward(seat: &watch::Receiver<MemberChannel>, mail: impl FnOnce(MailSender) -> Mail) {
    if let Some((speaker, mailbox)) = &*seat.borrow() {
        drop(mailbox.try_send(mail(*speaker)));
    }
}
