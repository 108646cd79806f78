//! Messages that open, enter, resume and leave a room.

use std::fmt;
use std::time::Duration;

use bincode::{Decode, Encode};

use super::chat::{ChatLine, Saved};
use super::playback::{VideoStateChanged, check_rate};
use super::roster::{Avatar, Member};
use super::settings::{RoomSettings, Setting};
use super::undo::Undoable;
use crate::clean::Clean;
use crate::id::{Epoch, InviteToken, MemberId, MemberName, OwnerKey, Pin, RoomId, RoomName, Token};
use crate::invite::Address;
use crate::item::{Item, ItemId};
use crate::limits;
use crate::time::{Rate, ServerTime, WallTime};

/// The first message on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// The name that the member wants; the server may append a number if it is taken.
    pub name: MemberName,
    /// The member's avatar; if `None`, the server derives one from the name.
    pub avatar: Option<Avatar>,
    /// The client's program and version, for logs.
    pub software: Clean,
    /// The key that identifies the member as the owner of rooms that they opened. Without one, the member cannot take back rooms
    /// that they opened.
    pub owner: Option<OwnerKey>,
}

impl Hello {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.avatar.as_ref().map_or(Ok(()), Avatar::check)?;
        check_short_line(&self.software)
    }
}

/// The answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The server's program and version.
    pub software: Clean,
    /// The client's address as the server sees it; a host behind a router puts it into invites.
    pub observed: Clean,
}

impl Welcome {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_short_line(&self.software)?;
        check_short_line(&self.observed)
    }
}

fn check_short_line(text: &Clean) -> Result<(), &'static str> {
    if text.as_str().contains('\n') || text.as_str().chars().count() > limits::SHORT_LINE_CHARS {
        return Err("a program's name or an address is one line of at most 64 characters");
    }
    Ok(())
}

/// A secret that people type; it is never shown.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The condition for entering.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Access {
    /// Anyone who knows the room's name may enter.
    Open,
    /// Anyone with the room's invite may enter.
    Invite,
    /// Anyone who knows the password may enter.
    Password(Password),
}

/// Opens a room with the sender as its host.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CreateRoom {
    /// The room's name; if `None`, the server generates one.
    pub room: Option<RoomName>,
    /// The condition for entering.
    pub access: Access,
    /// Its settings.
    pub settings: RoomSettings,
    /// Its speed.
    pub rate: Rate,
    /// The token for [`Access::Invite`]; if `None`, the server generates one. A client that reopens a room which its server has
    /// forgotten sends the old token, so that existing invites stay valid.
    pub invite: Option<InviteToken>,
}

impl CreateRoom {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        check_rate(self.rate)?;
        match &self.access {
            Access::Password(password) => check_password(password),
            Access::Open | Access::Invite => Ok(()),
        }
    }
}

/// Enters a room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct JoinRoom {
    /// The room's name.
    pub room: RoomName,
    /// The invite's token, if there is one.
    pub token: Option<InviteToken>,
    /// The password, if one was given.
    pub password: Option<Password>,
}

impl JoinRoom {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.password.as_ref().map_or(Ok(()), check_password)
    }
}

fn check_password(password: &Password) -> Result<(), &'static str> {
    if password.0.is_empty() || password.0.chars().count() > limits::PASSWORD_CHARS {
        return Err("a password has 1 to 128 characters");
    }
    Ok(())
}

/// Takes the sender's seat again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Resume {
    /// The token that proves the seat. Each use returns a new one.
    pub token: Token,
    /// The epoch that `last_chat` refers to: the current one or an earlier one. A client that has just started sends the default.
    pub epoch: Epoch,
    /// The last chat line that the client has; the server sends those after it. A client that has just started sends zero and
    /// gets all of them.
    pub last_chat: u64,
}

/// Gives up the sender's seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Leave {}

/// Makes another member the host. The member who opened the room may name themselves to become host again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TransferHost {
    /// The new host.
    pub to: MemberId,
}

/// Changes a setting of the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetRoom {
    /// The setting with its new value.
    pub setting: Setting,
}

/// A setting of the room changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RoomChanged {
    /// The setting with its new value.
    pub setting: Setting,
    /// The member who changed it.
    pub by: MemberId,
    /// Whether the change is an undo.
    pub is_undo: bool,
}

/// The full state of a room, for a member who enters.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct RoomSnapshot {
    /// The room's id, which does not depend on its name.
    pub id: RoomId,
    /// The room's name.
    pub name: RoomName,
    /// The host; `None` while the room is empty.
    pub host: Option<MemberId>,
    /// The members, in the order in which they entered.
    pub members: Vec<Member>,
    /// The current item.
    pub item: Option<(ItemId, Item)>,
    /// The timeline and the awaited members.
    pub state: VideoStateChanged,
    /// The room's settings.
    pub settings: RoomSettings,
    /// When the room was opened.
    pub created: WallTime,
    /// When somebody last did something in the room.
    pub last_active: WallTime,
}

/// The answer to `CreateRoom`, `JoinRoom` and `Resume`: a seat in the room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entered {
    /// The receiver's member number.
    pub you: MemberId,
    /// The token that takes the seat back after a lost connection.
    pub token: Token,
    /// The token that admits others, sent to the host of a room that requires an invite.
    pub invite: Option<InviteToken>,
    /// The room's state.
    pub room: RoomSnapshot,
    /// The chat: the last [`limits::CHAT_HISTORY`] lines, or those after `Resume::last_chat`.
    pub chat: Vec<ChatLine>,
    /// Whether lines are missing between what the receiver has and the first of `chat`.
    pub chat_has_gap: bool,
    /// The server's clock when the answer was written: a first estimate until the clocks have been compared.
    pub now: ServerTime,
    /// The room's wall clock at `now`. It stamps chat lines and is never adjusted within one epoch, so a client can extrapolate
    /// from here.
    pub wall: WallTime,
    /// The last change to the room, if it can be undone.
    pub undoable: Option<Undoable>,
    /// The last line that the receiver already has, in any epoch; `chat` starts after it. Zero if `chat` contains everything that
    /// the server still has.
    pub chat_after: u64,
    /// How much is saved; `None` if the server does not keep rooms.
    pub saved: Option<Saved>,
    /// Whether the receiver opened the room and may therefore become its host at any time.
    pub is_owner: bool,
}

impl Entered {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        self.room.state.check()?;
        self.room.item.as_ref().map_or(Ok(()), |(_, item)| item.check())?;
        if self.chat.len() > limits::CHAT_HISTORY {
            return Err("a history has at most 300 lines");
        }
        if self.room.members.len() > limits::ROOM_MEMBERS {
            return Err("a room has at most 4,096 members");
        }
        self.undoable.as_ref().map_or(Ok(()), Undoable::check)?;
        self.room.members.iter().try_for_each(Member::check)?;
        self.chat.iter().try_for_each(ChatLine::check)
    }
}

/// The kind of a request that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Request {
    /// `CreateRoom`.
    CreateRoom,
    /// `JoinRoom`.
    JoinRoom,
    /// `Resume`.
    Resume,
    /// `VideoSync` or `GoOn`.
    VideoSync,
    /// `SetVideo`.
    SetVideo,
    /// `Chat`.
    Chat,
    /// `TransferHost`.
    TransferHost,
    /// `SetRoom`.
    SetRoom,
    /// `Undo`.
    Undo,
    /// `Remove`.
    Remove,
    /// `Unban`.
    Unban,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Refusal {
    /// The room does not exist, or the token or password is wrong. The answer does not reveal which.
    NotAdmitted,
    /// The room has as many members as it may.
    RoomFull,
    /// Another member has that name or one that looks the same.
    NameTaken,
    /// A room of that name already exists.
    RoomExists,
    /// Only the host may do this.
    NotHost,
    /// The sender acts too often.
    RateLimited,
    /// The server is full right now.
    ServerBusy,
    /// The room has no such member.
    NoSuchMember,
    /// There is no item to control.
    NoItem,
    /// The item has no such position, or is not seekable.
    NotPossible,
    /// The seat was given up or somebody else has taken it.
    SeatGone,
    /// The server is shutting down.
    ShuttingDown,
    /// There is no recent change to undo, or another change was made after it.
    NothingToUndo,
    /// The member is banned from the room.
    Banned,
    /// The host and the sender themselves cannot be removed.
    NotRemovable,
    /// The ban has expired or was lifted.
    NoSuchBan,
    /// The name is one that the program uses itself, such as `you` or `host`, or looks like one.
    NameReserved,
    /// The server cannot load the room from its disk.
    RoomDamaged,
    /// The file is still being written and does not reach that position yet.
    NotWritten,
}

impl Refusal {
    /// All reasons, in the order of the wire.
    pub const ALL: [Self; 19] = [
        Self::NotAdmitted,
        Self::RoomFull,
        Self::NameTaken,
        Self::RoomExists,
        Self::NotHost,
        Self::RateLimited,
        Self::ServerBusy,
        Self::NoSuchMember,
        Self::NoItem,
        Self::NotPossible,
        Self::SeatGone,
        Self::ShuttingDown,
        Self::NothingToUndo,
        Self::Banned,
        Self::NotRemovable,
        Self::NoSuchBan,
        Self::NameReserved,
        Self::RoomDamaged,
        Self::NotWritten,
    ];

    /// Returns the machine-readable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAdmitted => "not_admitted",
            Self::RoomFull => "room_full",
            Self::NameTaken => "name_taken",
            Self::RoomExists => "room_exists",
            Self::NotHost => "not_host",
            Self::RateLimited => "rate_limited",
            Self::ServerBusy => "server_busy",
            Self::NoSuchMember => "no_such_member",
            Self::NoItem => "no_item",
            Self::NotPossible => "not_possible",
            Self::SeatGone => "seat_gone",
            Self::ShuttingDown => "shutting_down",
            Self::NothingToUndo => "nothing_to_undo",
            Self::Banned => "banned",
            Self::NotRemovable => "not_removable",
            Self::NoSuchBan => "no_such_ban",
            Self::NameReserved => "name_reserved",
            Self::RoomDamaged => "room_damaged",
            Self::NotWritten => "not_written",
        }
    }
}

/// A request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    /// The kind of request.
    pub request: Request,
    /// The reason.
    pub reason: Refusal,
    /// The number of milliseconds after which a retry makes sense, or zero if it never does.
    pub retry_after_ms: u32,
}

impl Refused {
    /// Returns the time after which a retry makes sense, if it ever does.
    pub fn retry_after(&self) -> Option<Duration> {
        (self.retry_after_ms > 0).then(|| Duration::from_millis(self.retry_after_ms.into()))
    }
}

/// Redirects the client to the server that has the room. Sent instead of [`Refused`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Elsewhere {
    /// The address of that server.
    pub address: Address,
    /// The key of that server: the client trusts it because it trusts the redirecting server.
    pub pin: Pin,
}

impl Elsewhere {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.address.host.len() > limits::HOST_BYTES {
            return Err("a host name has at most 253 bytes");
        }
        Ok(())
    }
}

/// Why the server closes the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ClosingReason {
    /// The server is shutting down; it may come back.
    ServerEnds,
    /// The room was closed.
    RoomClosed,
    /// The host's client crashed, so the local server that it had started shuts down. Both may come back.
    HostGone,
}

/// The server is about to close the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// The reason.
    pub reason: ClosingReason,
}
