//! Opening, entering, keeping and leaving a room.

use std::fmt;
use std::time::Duration;

use bincode::{Decode, Encode};

use super::chat::{ChatLine, Saved};
use super::playback::{StallPolicy, VideoStateChanged};
use super::roster::{Avatar, Member};
use super::settings::{Setting, Settings};
use super::undo::Undoable;
use crate::clean::Clean;
use crate::id::{Epoch, InviteToken, MemberId, MemberName, OwnerKey, Pin, RoomId, RoomName, Token};
use crate::invite::Address;
use crate::item::{Item, ItemId};
use crate::limits;
use crate::time::{ServerTime, WallTime};

/// The first message on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// The name that the member wants; the server may add a number where it is taken.
    pub name: MemberName,
    /// How the member is drawn; none lets the server choose by name.
    pub avatar: Option<Avatar>,
    /// The client's program and version, for logs.
    pub software: Clean,
    /// The key that the member is known by in the rooms that they opened; none opens rooms that cannot be taken back.
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
    /// The address that the server sees the client at: what a host behind a router wants to know.
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

/// A secret word, shown to nobody.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The condition for coming in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Access {
    /// Whoever knows the room's name.
    Open,
    /// Whoever shows the room's invite.
    Invite,
    /// Whoever knows the word.
    Password(Password),
}

/// Opens a room, with the sender as its host.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CreateRoom {
    /// The room's name; none lets the server draw one.
    pub room: Option<RoomName>,
    /// The condition for coming in.
    pub access: Access,
    /// The reaction to a player that runs dry.
    pub on_stall: StallPolicy,
    /// The token that lets others in by [`Access::Invite`], where a room is opened again that its server forgot: the
    /// invite that friends have stays good. None lets the server draw one.
    pub invite: Option<InviteToken>,
}

impl CreateRoom {
    pub(super) fn check(&self) -> Result<(), &'static str> {
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
    /// The invite's token, where there is one.
    pub token: Option<InviteToken>,
    /// The word, where it was given.
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

/// Takes one's seat again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Resume {
    /// The token that proves the seat; each use gives a new one.
    pub token: Token,
    /// The room's life in which `last_chat` counts: this one, or one before it. The default in a client that starts anew.
    pub epoch: Epoch,
    /// The last chat line that arrived; those after it are sent again. Zero in a client that starts anew: it gets them all.
    pub last_chat: u64,
}

/// Gives one's seat up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Leave {}

/// Hands the room to another member; from who opened it to themselves, takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TransferHost {
    /// The new host.
    pub to: MemberId,
}

/// Changes a setting of the room.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SetRoom {
    /// The setting, as it is to be.
    pub setting: Setting,
}

/// The room has another setting.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RoomChanged {
    /// The setting, as it is now.
    pub setting: Setting,
    /// The member who changed it.
    pub by: MemberId,
    /// Whether they undid a change.
    pub is_undo: bool,
}

/// A room in full: all that somebody who comes in must know.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct RoomSnapshot {
    /// The room, whatever it is called.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// The host; nobody for as long as no member is there.
    pub host: Option<MemberId>,
    /// The members, in the order of their coming.
    pub members: Vec<Member>,
    /// The item that is on.
    pub item: Option<(ItemId, Item)>,
    /// Where it is, and for whom it waits.
    pub state: VideoStateChanged,
    /// Its settings.
    pub settings: Settings,
    /// When it was opened.
    pub created: WallTime,
    /// When somebody last did something in it.
    pub last_active: WallTime,
}

/// The answer to `CreateRoom`, `JoinRoom` and `Resume`: a seat in the room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entered {
    /// The receiver's own number.
    pub you: MemberId,
    /// The token that takes the seat again after a lost connection.
    pub token: Token,
    /// The token that lets others in: for the host of a room that asks for an invite.
    pub invite: Option<InviteToken>,
    /// The room.
    pub room: RoomSnapshot,
    /// The chat: the last [`limits::CHAT_HISTORY`] lines, or those after `Resume::last_chat`.
    pub chat: Vec<ChatLine>,
    /// Whether lines are missing between what the receiver has and the first of `chat`.
    pub chat_has_gap: bool,
    /// The server's clock when the answer was written: a first guess until the clocks are compared.
    pub now: ServerTime,
    /// The room's wall clock at `now`, which its chat lines are stamped with. It is not set during a life of the room, so
    /// a client that counts on from here agrees with it.
    pub wall: WallTime,
    /// The last change, where it can be undone.
    pub undoable: Option<Undoable>,
    /// The last line that the receiver has already, whatever life of the room it heard it in: `chat` is what came after
    /// it. Zero where `chat` is all that is kept.
    pub chat_after: u64,
    /// How much is saved; nothing where the server keeps no rooms.
    pub saved: Option<Saved>,
    /// Whether the receiver opened the room, and so may make themselves its host at any time.
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
    /// No such room, or not with that token or password: which of them is nobody's business.
    NotAdmitted,
    /// The room has as many members as it may.
    RoomFull,
    /// Another member has that name or one that looks the same.
    NameTaken,
    /// There is a room of that name already.
    RoomExists,
    /// Only the host may.
    NotHost,
    /// Too often in too short a time.
    RateLimited,
    /// The server takes no more rooms or members now.
    ServerBusy,
    /// No such member is in the room.
    NoSuchMember,
    /// Nothing is on that could be moved.
    NoItem,
    /// The item has no such position, or cannot be moved about in.
    NotPossible,
    /// The seat was given up or is somebody else's by now.
    SeatGone,
    /// The server is ending.
    ShuttingDown,
    /// Nothing was changed, or not lately, or something else since.
    NothingToUndo,
    /// The host keeps them out of the room.
    Banned,
    /// Nobody removes the host, or themselves.
    NotRemovable,
    /// That ban is over, or was lifted.
    NoSuchBan,
    /// The name that somebody wants is one that the program uses itself, such as `you` or `host`, or looks like one.
    NameReserved,
    /// The server cannot read the room from its disk.
    RoomDamaged,
    /// The file is still being written, and not that far yet.
    NotWritten,
}

impl Refusal {
    /// All of them, in the order of the wire.
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

    /// Returns the word for programs.
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

    /// Returns the words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAdmitted => "there is no such room, or the invite or password is not right",
            Self::RoomFull => "the room is full",
            Self::NameTaken => "somebody in the room has that name already",
            Self::RoomExists => "there is a room of that name already",
            Self::NotHost => "only the host can do that",
            Self::RateLimited => "too often in too short a time",
            Self::ServerBusy => "the server takes no more right now",
            Self::NoSuchMember => "nobody of that name is here",
            Self::NoItem => "nothing is on yet",
            Self::NotPossible => "this film cannot go there",
            Self::SeatGone => "the seat was given up in the meantime",
            Self::ShuttingDown => "the server is shutting down",
            Self::NothingToUndo => "there is nothing left to undo",
            Self::Banned => "you are banned from this room",
            Self::NotRemovable => "the host, the room's owner and oneself cannot be removed",
            Self::NoSuchBan => "nobody of that name is banned",
            Self::NameReserved => "that name is reserved",
            Self::RoomDamaged => "the server cannot read this room from its disk",
            Self::NotWritten => "the film is still being recorded and does not go that far yet",
        }
    }
}

/// A request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    /// The kind of request.
    pub request: Request,
    /// The reason.
    pub why: Refusal,
    /// After how many milliseconds it is worth another try; zero where it is not.
    pub retry_after_ms: u32,
}

impl Refused {
    /// Returns after what time it is worth another try, if it ever is.
    pub fn retry_after(&self) -> Option<Duration> {
        (self.retry_after_ms > 0).then(|| Duration::from_millis(self.retry_after_ms.into()))
    }
}

/// Another server has the room that was asked for: whoever wants in asks there. It answers what [`Refused`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Elsewhere {
    /// Where that server is.
    pub address: Address,
    /// Its key: the server that is trusted vouches for the next.
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

/// Why the server ends the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ClosingReason {
    /// The server ends; it may come back.
    ServerEnds,
    /// The room was closed.
    RoomClosed,
    /// The host's program ended without a word, and the server that it had started ends with it. Both may come back.
    HostGone,
}

/// The server ends the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Closing {
    /// The reason.
    pub why: ClosingReason,
}
