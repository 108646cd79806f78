//! The requests of a client without a seat: to open a room, to join one, or to resume a previous seat.

use std::net::IpAddr;

use tokio::sync::oneshot;
use tokio::time::timeout;
use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Elsewhere, Hello, JoinRoom, Refusal, Refused, Request, Resume,
};
use watchtogether_protocol::{ClientMessage, InviteToken, ServerMessage};

use super::end::ConversationEnd;
use super::messages::Messages;
use super::services::Services;
use crate::auth::EntryCondition;
use crate::mailbox::{ConnectionId, Mail, Seated, SharedOutbox};
use crate::placement;
use crate::registry::{self, OpenRoom};
use crate::room::command::Newcomer;
use crate::secret::random;

/// A client that has no seat yet.
pub(super) struct PendingClient<'a> {
    pub(super) connection: &'a quinn::Connection,
    pub(super) services: &'a Services,
    pub(super) outbox: &'a SharedOutbox,
    pub(super) id: ConnectionId,
}

/// Why a client has no seat.
enum EntryDenied {
    /// The request was refused.
    Refused(Refusal),
    /// Another server has the room.
    Elsewhere(Elsewhere),
}

impl From<Refusal> for EntryDenied {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason)
    }
}

impl From<Elsewhere> for EntryDenied {
    fn from(elsewhere: Elsewhere) -> Self {
        Self::Elsewhere(elsewhere)
    }
}

impl PendingClient<'_> {
    /// Answers requests until one succeeds. A refused client may try again a few times.
    pub(super) async fn enter(
        &self,
        messages: &mut Messages,
        hello: &Hello,
    ) -> Result<(OpenRoom, Seated), ConversationEnd> {
        let limits = &self.services.limits.connections;
        for _ in 0..limits.tries {
            let message = timeout(limits.hello, messages.next())
                .await
                .map_err(|_elapsed| ConversationEnd::NoHello)??;
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
                | ClientMessage::Unban(_) => return Err(ConversationEnd::OutOfPlace),
            };
            self.outbox.send(&match outcome {
                Ok(seat) => return Ok(seat),
                Err(EntryDenied::Refused(reason)) => ServerMessage::Refused(Refused {
                    request,
                    reason,
                    retry_after_ms: 0,
                }),
                Err(EntryDenied::Elsewhere(elsewhere)) => ServerMessage::Elsewhere(elsewhere),
            });
        }
        // The last refusal must be sent before the connection is closed, so the writer closes it.
        self.outbox.close(CloseCode::Refused);
        std::future::pending().await
    }

    async fn create(&self, create: CreateRoom, hello: &Hello) -> Result<(OpenRoom, Seated), EntryDenied> {
        if hello.name.is_reserved() {
            return Err(Refusal::NameReserved.into());
        }
        if !self
            .services
            .admission
            .create(self.address(), self.services.clock.now())
        {
            return Err(Refusal::RateLimited.into());
        }
        let name = placement::name_to_open(&*self.services.placement, create.room, registry::drawn_name)?;
        let condition = match create.access {
            Access::Open => EntryCondition::Open,
            Access::Invite => {
                let token = create.invite.unwrap_or_else(|| InviteToken::from_bytes(random()));
                EntryCondition::Invite(token)
            }
            Access::Password(password) => {
                EntryCondition::Password(self.services.admission.hash(password, random()).await?)
            }
        };
        let entry = self
            .services
            .registry
            .open(name, condition, create.settings, create.rate)?;
        self.sit(entry, hello).await
    }

    async fn join(&self, join: JoinRoom, hello: &Hello) -> Result<(OpenRoom, Seated), EntryDenied> {
        if hello.name.is_reserved() {
            return Err(Refusal::NameReserved.into());
        }
        let now = self.services.clock.now();
        if !self.services.admission.join(self.address(), now) {
            return Err(Refusal::RateLimited.into());
        }
        placement::check(&*self.services.placement, &join.room)?;
        if self.services.registry.is_damaged(&join.room) {
            return Err(Refusal::RoomDamaged.into());
        }
        let condition = self.services.registry.condition(&join.room);
        let who = (self.address(), &join.room);
        self.services
            .admission
            .check(who, condition.as_ref(), join.token, join.password, now)
            .await?;
        // Only an admitted client can make the server load a room from the disk.
        let entry = self.services.registry.wake(&join.room).await?;
        self.sit(entry, hello).await
    }

    async fn sit(&self, entry: OpenRoom, hello: &Hello) -> Result<(OpenRoom, Seated), EntryDenied> {
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

    async fn resume(&self, resume: Resume) -> Result<(OpenRoom, Seated), EntryDenied> {
        let found = self.services.registry.find_by_token(&resume.token);
        let (name, entry) = found.ok_or(Refusal::SeatGone)?;
        placement::check(&*self.services.placement, &name)?;
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
        entry: OpenRoom,
        mail: Mail,
        answer: oneshot::Receiver<Result<Seated, Refusal>>,
        if_over: Refusal,
    ) -> Result<(OpenRoom, Seated), EntryDenied> {
        let refusal_when_over = || self.services.registry.refusal_when_over(if_over);
        entry
            .mailbox
            .send(mail)
            .await
            .map_err(|_over| refusal_when_over())?;
        let seated = answer.await.map_err(|_over| refusal_when_over())??;
        Ok((entry, seated))
    }

    pub(super) fn address(&self) -> IpAddr {
        self.connection.remote_address().ip().to_canonical()
    }
}
