//! Updates for front ends: plain data from the code between them and the session.
//!
//! Updates state facts; the front end finds the text (`strings`) and the place. Members are identified by id, because the front
//! end knows them. The front end stamps lines with the room's wall clock ([`Update::RoomClock`]), which chat lines already carry;
//! before there is a room, it uses this machine's ([`crate::ScreenSettings::wall_clock`]).

mod local_player;
mod note;
mod status;
mod stop;
mod transport;

use std::time::Duration;

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::Member;
use watchtogether_protocol::message::settings::{RoomSettings, Setting};
use watchtogether_protocol::message::undo::{ChangeId, Undoable};
use watchtogether_protocol::narration::Happening;
use watchtogether_protocol::network::Network;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime, MemberId, RoomName};

use crate::home_vocabulary::PathCompletion;

pub use local_player::{Chapter, PlayerFacts, SyncMinute, Track};
pub use note::{Note, Weight};
pub use status::{Measured, RoomRequest, Status};
pub use stop::{Stop, StopKind};
pub use transport::{Motion, Transport};

/// Something that a front end needs to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// The first connection is being established; shown until [`Update::Entered`] or [`Update::Stopped`].
    Connecting {
        /// The destination: the server's address, or the room and the server.
        to: Clean,
    },
    /// The chat of earlier sessions in the room that is entered next, which its server does not send.
    Earlier(Vec<ChatLine>),
    /// The user's draft from their last session in this room. It is put into the input line, unless they are already typing.
    Draft(String),
    /// There is a seat in a room; everything known about the room is replaced. Pending lines and the state of the screen are kept
    /// if it is the same room.
    Entered(Box<EnteredRoom>),
    /// The invite; without one, `/invite` says that there is nothing to show.
    Invite(Option<InviteCard>),
    /// A new or changed member.
    Member(Member),
    /// A member is gone.
    MemberLeft(MemberId),
    /// The host.
    Host(MemberId),
    /// Telemetry of members, including the user's own.
    Telemetry(Vec<MemberSample>),
    /// The position of the room in its film; `None` if there is no film.
    Transport(Option<Transport>),
    /// The first part of the status bar.
    Status(Status),
    /// The members that the room waits for.
    WaitingFor(Awaited),
    /// The median round trip to the server; `None` while it is unknown.
    RoundTrip(Option<Duration>),
    /// Whether the server cannot write to its disk.
    Unsaved(bool),
    /// The largest error of the clock comparison that an asymmetric path can cause.
    ClockBound(Option<Duration>),
    /// How well the local player followed in the last minute.
    SyncMinute(SyncMinute),
    /// Details about the local player; `None` while it has nothing open or does not report them.
    Player(Option<PlayerFacts>),
    /// The chapters of the item that the local player has open, in order.
    Chapters(Vec<Chapter>),
    /// A chat line arrived; it acknowledges a line of the user with the same id.
    Chat(ChatLine),
    /// A line of the user is being sent: shown immediately, and marked until its [`Update::Chat`] arrives.
    ChatPending {
        /// The id that the line will have.
        id: ChatId,
        /// The text.
        text: Clean,
        /// The position of the local film.
        position: Option<MediaTime>,
    },
    /// A line of the user was refused: it is removed from the chat, and its text goes back into the input line if that is empty.
    ChatRefused {
        /// The line's id.
        id: ChatId,
        /// The reason.
        reason: Refusal,
    },
    /// The text from the editor.
    Edited(String),
    /// The completions of the path in the input line.
    Completed(PathCompletion),
    /// A happening to show as a line in the chat, if it is worth one. If the same seek continues, its line changes in place.
    Happened(Box<Happening>),
    /// A note about this machine to show as a line in the chat.
    Note(Note),
    /// The last change can be undone. The same change again means that it was extended.
    Undoable {
        /// The change.
        undoable: Undoable,
        /// The id of the change.
        id: ChangeId,
        /// Until when it can be undone.
        until: LocalTime,
    },
    /// The bans, oldest first; sent to hosts and co-hosts.
    Bans(Vec<Ban>),
    /// A setting of the room changed.
    Setting(Setting),
    /// The session has ended or cannot start. Shown as a view with a text and possible actions; in a room, in the status bar and
    /// as a line.
    Stopped(Stop),
    /// The present time of this machine's wall clock, sent if it may have jumped, as after a suspension. It is used until the
    /// room's clock is known.
    WallClock(WallTime),
    /// The room's wall clock at an instant. Chat lines are stamped with it, so everything else in the room is, too.
    RoomClock {
        /// The wall clock.
        wall: WallTime,
        /// The instant.
        at: LocalTime,
    },
    /// The process continues after [`crate::Intent::Suspend`], or the editor is done ([`crate::Intent::Edit`]): the loop acquires
    /// the terminal again and draws everything.
    Resumed,
}

/// A room at the moment of entering it.
#[derive(Clone, Debug, PartialEq)]
pub struct EnteredRoom {
    /// The room's name.
    pub room: RoomName,
    /// The user's member id.
    pub you: MemberId,
    /// Its settings.
    pub settings: RoomSettings,
    /// The host.
    pub host: Option<MemberId>,
    /// The members, in the order in which they entered.
    pub members: Vec<Member>,
    /// The position of the room in its film; `None` if there is no film.
    pub transport: Option<Transport>,
    /// The chat: everything, or the missed lines after a resume.
    pub chat: Vec<ChatLine>,
    /// Whether lines are missing before the first of `chat`.
    pub chat_has_gap: bool,
    /// The last change to the room, while it can be undone.
    pub undoable: Option<ChangeId>,
    /// Whether the user opened the room.
    pub is_owner: bool,
    /// How the seat was obtained.
    pub how: EntryKind,
}

/// How a seat was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The room was opened.
    Created,
    /// The room was entered.
    Joined,
    /// The seat was resumed after a lost connection; the chat continues.
    Resumed,
}

/// The invite, and whether it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteCard {
    /// The invite: `watchtogether://…`.
    pub invite: Clean,
    /// The invite for people on the same network, if it has another address.
    pub local: Option<Clean>,
    /// Whether friends can reach the server.
    pub reach: InviteReach,
}

/// Whether friends can enter, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteReach {
    /// The server is not a local one: the user reached it, so others can.
    Elsewhere,
    /// The server is a local one, and ends when the user leaves.
    Own {
        /// The address in the invite.
        host: Clean,
        /// The UDP port.
        port: u16,
        /// The port that the server would have had if it had not been in use.
        instead_of: Option<u16>,
        /// The network in which that address is valid.
        network: Network,
        /// The distance of the furthest member who entered.
        reached: Network,
    },
}
