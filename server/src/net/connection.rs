//! One client: a task that reads its messages, answers its clock requests, and sends it the messages of its room.

use std::convert::Infallible;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use quinn::{ConnectionError, SendStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use watchtogether_protocol::datagram::{COPY_DELAY, copy_of};
use watchtogether_protocol::message::room::Welcome;
use watchtogether_protocol::{Clean, ClientMessage, ServerMessage, ServerTime};

use super::datagrams::{ConnectionSeat, receive_datagrams};
use super::end::{ConversationEnd, close};
use super::messages::Messages;
use super::pending_client::PendingClient;
use super::services::Services;
use crate::mailbox::{ConnectionId, Departure, Mail, MailSender, SharedOutbox};
use crate::outbox::{FrameKind, NextFrame};
use crate::room::command::RoomCommand;

/// The next connection's id; ids are never reused.
static NEXT_CONNECTION: AtomicU64 = AtomicU64::new(1);

/// Serves one client until either side closes the connection.
pub(crate) async fn run(connection: quinn::Connection, services: Services) {
    let outbox = SharedOutbox::new(&services.limits.connections);
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
) -> ConversationEnd {
    let limits = &services.limits.connections;
    let hello = timeout(limits.hello, async {
        let (send, recv) = connection.accept_bi().await?;
        let mut messages = Messages::new(recv, limits, services.clock);
        let ClientMessage::Hello(hello) = messages.next().await? else {
            return Err(ConversationEnd::OutOfPlace);
        };
        Ok((send, messages, hello))
    });
    let (send, mut messages, hello) = match hello.await {
        Ok(Ok(parts)) => parts,
        Ok(Err(end)) => return end,
        Err(_elapsed) => return ConversationEnd::NoHello,
    };
    outbox.send(&ServerMessage::Welcome(Welcome {
        software: Clean::line(concat!("watchtogether ", env!("CARGO_PKG_VERSION"))),
        observed: Clean::line(&connection.remote_address().to_string()),
    }));
    let access = PendingClient {
        connection,
        services,
        outbox,
        id,
    };
    // The room exists only once there is a seat, but clocks are compared from the start.
    let seat = OnceLock::new();
    let talk = async {
        let (entry, seated) = access.enter(&mut messages, &hello).await?;
        services.note_reached(access.address(), connection.local_ip());
        let seat = seat.get_or_init(|| ConnectionSeat {
            speaker: MailSender {
                member: seated.member,
                connection: id,
            },
            mailbox: entry.mailbox,
            pulse: seated.pulse,
        });
        Err::<Infallible, _>(listen(&mut messages, seat.speaker, &seat.mailbox, outbox).await)
    };
    let end = tokio::select! {
        end = talk => match end { Ok(never) => match never {}, Err(end) => end },
        end = receive_datagrams(connection, limits, services.clock, &seat) => end,
        end = write(connection, send, outbox) => end,
    };
    if let Some(seat) = seat.get() {
        notify_departure(
            &end,
            seat.speaker,
            &seat.mailbox,
            limits.idle,
            services.clock.now(),
        )
        .await;
    }
    end
}

/// Tells the room that this connection has ended. A connection that timed out has been silent for the time `idle`.
async fn notify_departure(
    end: &ConversationEnd,
    speaker: MailSender,
    mailbox: &mpsc::Sender<Mail>,
    idle: Duration,
    now: ServerTime,
) {
    let departure = match end {
        ConversationEnd::Connection(ConnectionError::TimedOut) => Departure::Lost(now.saturating_sub(idle)),
        // A frame may also stay incomplete because the path broke, so the seat is kept.
        ConversationEnd::Connection(_)
        | ConversationEnd::Stream
        | ConversationEnd::RoomGone
        | ConversationEnd::Closed(_)
        | ConversationEnd::NoHello
        | ConversationEnd::Stalled => Departure::Lost(now),
        ConversationEnd::Intake(_)
        | ConversationEnd::Datagram(_)
        | ConversationEnd::DatagramFlood
        | ConversationEnd::OutOfPlace => Departure::Misbehaved,
    };
    if mailbox.send(Mail::Departed(speaker, departure)).await.is_err() {
        tracing::debug!("the room ended before the departure of its member was handled");
    }
}

/// Forwards a member's messages to its room.
async fn listen(
    messages: &mut Messages,
    speaker: MailSender,
    mailbox: &mpsc::Sender<Mail>,
    outbox: &SharedOutbox,
) -> ConversationEnd {
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
            | ClientMessage::Resume(_) => return ConversationEnd::OutOfPlace,
        };
        if mailbox.send(Mail::Command(speaker, command)).await.is_err() {
            if outbox.is_ending() {
                // The room has sent the reason and ended; the writer delivers it.
                return std::future::pending().await;
            }
            return ConversationEnd::RoomGone;
        }
    }
}

/// Sends the room's messages until the room or the client ends the connection.
async fn write(
    connection: &quinn::Connection,
    mut stream: SendStream,
    outbox: &SharedOutbox,
) -> ConversationEnd {
    tokio::select! {
        end = write_frames(connection, &mut stream, outbox) => end,
        // A client that reads nothing blocks the writer, but must not keep the connection from ending.
        code = outbox.overdue() => ConversationEnd::Closed(code),
    }
}

/// Writes frames, and a little later sends copies of state frames as datagrams.
async fn write_frames(
    connection: &quinn::Connection,
    stream: &mut SendStream,
    outbox: &SharedOutbox,
) -> ConversationEnd {
    let mut waiting = None;
    loop {
        let next = tokio::select! {
            next = outbox.next() => next,
            copy = due(&mut waiting) => {
                if let Err(error) = connection.send_datagram(copy) {
                    tracing::debug!(%error, "could not send the copy of a frame");
                }
                continue;
            }
        };
        match next {
            NextFrame::Frame(kind, frame) => {
                let copy = (kind == FrameKind::State).then(|| copy_of(&frame)).flatten();
                if stream.write_chunk(frame).await.is_err() {
                    return ConversationEnd::Stream;
                }
                // A newer copy replaces one that is still waiting.
                waiting = copy.map(|copy| (Instant::now() + COPY_DELAY, copy)).or(waiting);
            }
            NextFrame::Close(code) => {
                // Waits until the client has received everything; otherwise the close would overtake the data. Also ends if the
                // client is gone.
                if stream.finish().is_ok() {
                    drop(stream.stopped().await);
                }
                return ConversationEnd::Closed(code);
            }
            NextFrame::Wait => {}
        }
    }
}

/// Returns a copy once it is due; waits forever if there is none. Cancel safe.
async fn due(waiting: &mut Option<(Instant, Bytes)>) -> Bytes {
    if let Some((at, _)) = waiting {
        sleep_until(*at).await;
    }
    match waiting.take() {
        Some((_, copy)) => copy,
        None => std::future::pending().await,
    }
}
