//! The client's half of a room, without a clock, a socket or a player of its own.
//!
//! A session is told what happened and when, and says what is to be done: see [`command`], [`output`], [`event`] and
//! [`status`]. Its inputs, each with `now: LocalTime` last: `start`, `handle_connected`, `handle_connection_lost(LinkEnd)`,
//! `handle_path_changed`, `handle_message(ServerMessage)`, `handle_pong(ClockPong)`, `handle_player(PlayerEvent)`,
//! `handle_command(Command)`, `handle_item_found(ItemId, Option<OwnCopy>)`, `handle_identified(PathBuf, Option<Item>)`,
//! `handle_suspended` and `handle_timeout`; `poll_timeout() -> Option<(LocalTime, &'static str)>` says when the last of
//! these is due, `poll_output() -> Option<Output>` what is to be done, `status(now) -> Status` how it stands.

pub mod command;
pub mod event;
pub mod output;
pub mod status;

use std::time::Duration;

use watchtogether_protocol::message::room::{Access, Password, StallPolicy};
use watchtogether_protocol::message::roster::Avatar;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, InviteToken, Item, MemberName, RoomName};

use crate::player::Source;

/// An item that the user has: what the player opens, and what the room is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCopy {
    /// What the player opens.
    pub source: Source,
    /// What the room is told; without a duration, which the player finds out.
    pub item: Item,
}

/// How a session comes into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Opens a room as its host; joins it where it exists already and is open.
    Host {
        /// The room's name; none lets the server draw one.
        room: Option<RoomName>,
        /// Who may come in.
        access: Access,
        /// What the room does when a player runs dry.
        on_stall: StallPolicy,
    },
    /// Enters a room.
    Join {
        /// Which.
        room: RoomName,
        /// The invite's token, where there is one.
        token: Option<InviteToken>,
        /// The word, where it was given.
        password: Option<Password>,
    },
}

/// All that a session is told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// What the member wants to be called.
    pub name: MemberName,
    /// How the member is drawn; none lets the server choose.
    pub avatar: Option<Avatar>,
    /// The program and its version, for the server's log.
    pub software: Clean,
    /// How to come in.
    pub admission: Admission,
    /// The file or link that the user named: put on by a host, used for the room's item by anybody else.
    pub own_copy: Option<OwnCopy>,
    /// Whether there is a player at all.
    pub has_player: bool,
    /// After how long without a link the film is paused; it plays on until then.
    pub pause_after_lost: Duration,
    /// What the session's dice are drawn from: back-off and chat ids. From the operating system outside of tests.
    pub seed: u64,
    /// The wall clock when the session is made, for chat ids alone.
    pub wall: WallTime,
}

/// Why there is no connection, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    /// The server shows another key than the one it is known by; nothing was sent.
    PinMismatch,
    /// No connection came about: no such host, nothing listens, no common protocol.
    Unreachable {
        /// What happened, in words.
        why: Clean,
    },
    /// The other end closed it with a code that has a meaning here, or none.
    Closed {
        /// Which.
        code: Option<watchtogether_protocol::close::CloseCode>,
    },
    /// Nothing was heard for too long.
    TimedOut,
    /// What arrived could not be read, or the transport broke.
    Broken {
        /// What happened, in words.
        why: Clean,
    },
}
