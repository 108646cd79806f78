//! What a front end must learn: plain data, written by whoever stands between it and the session.
//!
//! Updates say what is; the front end finds the words (`strings`) and the place. Members are named by id: the front end
//! knows who they are. Lines are stamped by the front end with the room's wall clock
//! ([`Update::RoomClock`]), which chat lines carry already; before there is a room, this machine's
//! ([`crate::ScreenSettings::wall_clock`]) counts.

mod local_player;
mod note;
mod status;
mod stop;
mod transport;

use std::time::Duration;

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
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

/// Something that a front end must learn.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// The first connection is being made; shown until [`Update::Entered`] or [`Update::Stopped`].
    Connecting {
        /// Where to: the server's address, or the room and the server.
        to: Clean,
    },
    /// What was said on earlier evenings in the room that is entered next, and that its server does not send.
    Earlier(Vec<ChatLine>),
    /// What the user was writing when they were in this room last: it stands in the input line, unless they write already.
    Draft(String),
    /// There is a seat in a room: what was known of the room is replaced. Own pending lines and what was on the screen
    /// stay where it is the same room.
    Entered(Box<EnteredRoom>),
    /// How others get in; without one `/invite` says that there is nothing to show.
    Invite(Option<InviteCard>),
    /// A member who is new in the room, or about whom something is different.
    Member(Member),
    /// A member is not in the room any more.
    MemberLeft(MemberId),
    /// The member who controls the room.
    Host(MemberId),
    /// How members follow, from the clock answers, the own one too.
    Telemetry(Vec<MemberSample>),
    /// Where the room is in what it watches; nothing is on where there is none.
    Transport(Option<Transport>),
    /// What the status bar says first.
    Status(Status),
    /// For whom the room waits is different.
    WaitingFor(Vec<MemberId>),
    /// The usual round trip to the server; none while it is not known.
    RoundTrip(Option<Duration>),
    /// Whether the server's disk takes nothing of what is said and done.
    Unsaved(bool),
    /// How wrong the clock comparison can be by an unequal path.
    ClockBound(Option<Duration>),
    /// How the own player followed in the last minute.
    SyncMinute(SyncMinute),
    /// How the own player plays; none while it has nothing open or does not tell.
    Player(Option<PlayerFacts>),
    /// The chapters of what the own player has open, in their order.
    Chapters(Vec<Chapter>),
    /// Somebody said something; an own line of the same id is acknowledged by it.
    Chat(ChatLine),
    /// An own line is on its way: shown at once, marked until its [`Update::Chat`] comes.
    ChatPending {
        /// The id that the line will carry.
        id: ChatId,
        /// What was said.
        text: Clean,
        /// Where the own film was.
        position: Option<MediaTime>,
    },
    /// An own line was refused: it leaves the chat, and its text goes back into the input line if that is empty.
    ChatRefused {
        /// Which.
        id: ChatId,
        /// Why.
        why: Refusal,
    },
    /// What was written in the editor.
    Edited(String),
    /// What the path in the input line can become.
    Completed(PathCompletion),
    /// Something happened that is told as a line in the chat, if it is worth one. The same seek again has gone on, and its line
    /// changes in its place.
    Happened(Box<Happening>),
    /// Something on this machine that is told as a line in the chat.
    Note(Note),
    /// The last act can be undone. The same change again has grown.
    Undoable {
        /// What was changed.
        undoable: Undoable,
        /// Which change it is.
        id: ChangeId,
        /// Until when.
        until: LocalTime,
    },
    /// Who may not come in, oldest first; told to who controls the room.
    Bans(Vec<Ban>),
    /// The room has another setting.
    Setting(Setting),
    /// The session is over, or cannot begin: a view with words and ways on, or, in a room, the status bar and a line.
    Stopped(Stop),
    /// What this machine's wall clock shows now: sent where it may have jumped, as after a suspended machine. It counts
    /// until there is a room's clock.
    WallClock(WallTime),
    /// What the room's wall clock shows at an instant: chat lines are stamped with it, so all else in the room is too.
    RoomClock {
        /// The wall clock.
        wall: WallTime,
        /// The instant.
        at: LocalTime,
    },
    /// The process runs again after [`crate::Intent::Suspend`], or the editor is done ([`crate::Intent::Edit`]): the loop takes the terminal back and draws all.
    Resumed,
}

/// A room, as somebody finds it who comes in.
#[derive(Clone, Debug, PartialEq)]
pub struct EnteredRoom {
    /// What it is called.
    pub room: RoomName,
    /// Which member this is.
    pub you: MemberId,
    /// Its settings.
    pub settings: RoomSettings,
    /// Who controls it.
    pub host: Option<MemberId>,
    /// Who is in it, in the order of their coming.
    pub members: Vec<Member>,
    /// Where it is in what it watches; nothing is on where there is none.
    pub transport: Option<Transport>,
    /// What was said: everything, or what was missed if the seat was resumed.
    pub chat: Vec<ChatLine>,
    /// Whether lines are missing before the first of `chat`.
    pub chat_has_gap: bool,
    /// The last change of what everybody shares, while it can be undone.
    pub undoable: Option<ChangeId>,
    /// Whether the user opened the room.
    pub is_owner: bool,
    /// How the seat was come by.
    pub how: EntryKind,
}

/// How a seat was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The room was opened.
    Created,
    /// The room was entered.
    Joined,
    /// The seat was taken again after a lost connection: the chat goes on where it was.
    Resumed,
}

/// How others get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteCard {
    /// The way in: `watchtogether://…`.
    pub invite: Clean,
    /// The same for who is on the same network, where that is another address.
    pub local: Option<Clean>,
    /// What is known of whether it leads here.
    pub reach: InviteReach,
}

/// What is known of whether friends can come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteReach {
    /// The server is somebody else's, or elsewhere: who came in that way knows that it can be reached.
    Elsewhere,
    /// The server is the user's own, and ends when they leave.
    Own {
        /// The address that the invite names.
        host: Clean,
        /// The UDP port.
        port: u16,
        /// The port that it would have had, if that was in use.
        instead_of: Option<u16>,
        /// How far that address is known.
        network: Network,
        /// From how far away somebody came in.
        reached: Network,
    },
}
