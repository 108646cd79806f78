//! What the screen must learn: plain data, written by whoever stands between it and the session.
//!
//! Updates say what is; the screen finds the words (`strings`) and the place. Members are named by id: the screen
//! knows who they are. Lines are stamped by the screen with the room's wall clock
//! ([`Update::RoomClock`]), which chat lines carry already; before there is a room, this machine's
//! ([`crate::Settings::wall_clock`]) counts.

mod own;
mod people;

use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::MemberSample;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Member};
use watchtogether_protocol::message::undo::{ChangeId, Undoable};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, LocalTime, MediaTime, MemberId, Rate, RoomName};

use crate::home_vocabulary::Completed;

pub use own::{Chapter, Followed, PlayerFacts, Track};
pub use people::{Change, News};

/// Something that the screen must learn.
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
    Entered(Box<Entrance>),
    /// How others get in; without one `/invite` says that there is nothing to show.
    Invite(Option<InviteCard>),
    /// Somebody came in.
    MemberJoined(Member),
    /// Somebody is gone.
    MemberLeft {
        /// Who.
        id: MemberId,
        /// Why.
        why: LeaveReason,
    },
    /// Something about a member is different; a lost or found link is told as a line.
    MemberChanged(Member),
    /// The room is somebody else's.
    HostChanged {
        /// Whose.
        host: MemberId,
        /// Why.
        why: HostChangeReason,
    },
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
    Followed(Followed),
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
    Completed(Completed),
    /// Something happened that is told as a line in the chat.
    Happened(Happening),
    /// What was told last as an act can be undone; where it is an undo itself, or a seek, that is told as a line in the chat.
    /// The same change again has grown, and so does its line.
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
pub struct Entrance {
    /// What it is called.
    pub room: RoomName,
    /// Which member this is.
    pub you: MemberId,
    /// Who controls it.
    pub host: Option<MemberId>,
    /// Who is in it, in the order of their coming.
    pub members: Vec<Member>,
    /// What was said: everything, or what was missed if the seat was resumed.
    pub chat: Vec<ChatLine>,
    /// Whether lines are missing before the first of `chat`.
    pub chat_has_gap: bool,
    /// Whether the user opened the room.
    pub is_owner: bool,
    /// How the seat was come by.
    pub how: Entry,
}

/// How a seat was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
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
    pub reach: Reach,
}

/// What is known of whether friends can come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
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

/// Where a room is, so that the screen advances by itself between two updates.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// What is on.
    pub title: Clean,
    /// How long it is; none for a live source, and while that is not known.
    pub duration: Option<MediaTime>,
    /// Whether it is a live source.
    pub is_live: bool,
    /// The position at `at`.
    pub position: MediaTime,
    /// The local instant of the position; ahead of now in a scheduled start.
    pub at: LocalTime,
    /// How fast the room watches.
    pub rate: Rate,
    /// What the room does.
    pub motion: Motion,
}

impl Transport {
    /// Returns where the room is at `now`: never beyond the end, and at the anchor before a scheduled start.
    pub fn position_at(&self, now: LocalTime) -> MediaTime {
        let position = match self.motion {
            Motion::Playing => {
                let elapsed = now.nanos_since(self.at).max(0);
                self.position + MediaTime::from_nanos(self.rate.media_nanos(elapsed))
            }
            Motion::Paused | Motion::Preparing => self.position,
        };
        self.duration.map_or(position, |duration| position.min(duration))
    }

    /// Returns when the position, written in whole seconds, is next another; never while it stands.
    pub fn next_second(&self, now: LocalTime) -> Option<LocalTime> {
        const SECOND: i64 = 1_000_000_000;

        if self.motion != Motion::Playing {
            return None;
        }
        let position = self.position_at(now);
        if self.duration.is_some_and(|duration| position >= duration) {
            return None;
        }
        let missing = SECOND - position.as_nanos().rem_euclid(SECOND);
        let from = if now < self.at { self.at } else { now };
        Some(from.offset_by(self.rate.real_nanos(missing)))
    }
}

/// What a room does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It stands.
    Paused,
    /// It runs, or will from the transport's instant on.
    Playing,
    /// It waits until everybody is there.
    Preparing,
}

/// How well the own player follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// The size that nearly all drifts of the last 2 s stay below.
    Spread(Duration),
    /// Not known yet.
    NotYet,
}

/// How things stand, in one state. What is worst is said: link before player before room before sync.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// In the room, the clocks are being compared.
    Comparing,
    /// Nothing is on.
    NoItem,
    /// The item is being opened.
    Loading,
    /// A local copy of the item is searched for.
    Searching {
        /// What is searched for.
        title: Clean,
        /// The folders that were searched so far.
        folders: u32,
    },
    /// The own player plays with the room.
    InSync(Measured),
    /// Behind the room, and faster until it is there.
    CatchingUp {
        /// By how much.
        behind: Duration,
        /// The speed it plays at; none while it is brought there by a hold.
        speed: Option<Rate>,
    },
    /// Ahead of the room, and slower until it is there.
    SlowingDown {
        /// By how much.
        ahead: Duration,
        /// The speed it plays at; none while it is held.
        speed: Option<Rate>,
    },
    /// A large error was corrected by a seek a moment ago.
    Jumped {
        /// How far; positive is forward.
        by: MediaTime,
    },
    /// Far from the room, and not being corrected (goes its own pace, or corrections cool down).
    OutOfSync {
        /// Player minus room.
        drift: MediaTime,
    },
    /// Where the room is now, and was not a moment ago.
    Settling {
        /// The size that nearly all drifts of the last 2 s stay below.
        spread: Duration,
    },
    /// The player cannot keep up with the film.
    TooSlow,
    /// The player does not respond.
    NotResponding,
    /// The own copy ended before the room's position.
    CopyEnded {
        /// The end of the copy.
        at: MediaTime,
    },
    /// The own player ran dry.
    Buffering {
        /// 0 to 100.
        percent: u8,
        /// Whether the room waits for it.
        room_waits: bool,
    },
    /// The room waits for others; how they do is in the roster.
    Waiting {
        /// For whom.
        who: Vec<MemberId>,
    },
    /// Everybody goes to another position.
    Seeking {
        /// Where to.
        to: MediaTime,
        /// How many are there.
        there: usize,
        /// Of how many that count.
        of: usize,
    },
    /// The room starts together.
    Starting {
        /// When.
        at: LocalTime,
    },
    /// The room plays, and there is nobody to be in sync with: nobody else watches, or there is no player, by choice.
    Watching,
    /// The room stands.
    Paused {
        /// Who paused it, where somebody did.
        by: Option<MemberId>,
    },
    /// The item is over.
    Ended,
    /// There is no player; it can be opened (again).
    NoPlayer {
        /// Why, as in "mpv window was closed".
        why: Clean,
    },
    /// The player could not open the item.
    PlayerFailed {
        /// In the player's words.
        why: Clean,
    },
    /// There is no local copy of the room's file.
    LackFile {
        /// What is missing.
        title: Clean,
    },
    /// The own file is another than the room's, and is used all the same.
    OtherFile {
        /// What the room plays.
        title: Clean,
        /// Own duration minus the room's.
        longer_by: MediaTime,
    },
    /// The server says nothing; it may answer again at any moment.
    Silent {
        /// What the film does here meanwhile.
        film: Offline,
    },
    /// The link is down; it is tried again by itself.
    Reconnecting {
        /// Which try is next or under way, from 1.
        attempt: u32,
        /// When it begins: the screen counts down to it, and says that it is under way afterwards.
        at: LocalTime,
        /// What the film does here meanwhile.
        film: Offline,
    },
    /// The user asked something of the room, which has yet to answer.
    Asked(Asked),
}

/// What the user asked of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To play.
    Play,
    /// To stand.
    Pause,
    /// To go somewhere.
    Seek {
        /// Where to.
        to: MediaTime,
    },
    /// To play at another speed.
    SetRate(Rate),
    /// To go on without those that it waits for.
    GoOn,
    /// To take back what was done last.
    Undo,
    /// To be controlled by somebody else.
    HandOver {
        /// By whom.
        to: MemberId,
    },
}

/// What the film does while the link is down or the server is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// It plays on along its time line.
    PlaysOn,
    /// It was paused here, or had been paused.
    PausedHere,
    /// The own player shows none.
    NoFilm,
}

/// Something that is told as a line in the chat.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Somebody pressed play.
    Played {
        /// Who.
        who: Option<MemberId>,
    },
    /// Somebody pressed pause.
    Paused {
        /// Who.
        who: Option<MemberId>,
        /// Where.
        position: MediaTime,
    },
    /// Somebody changed the speed.
    RateChanged {
        /// Who.
        who: Option<MemberId>,
        /// To what.
        rate: Rate,
    },
    /// Another item is on.
    ItemChanged {
        /// Who put it on.
        who: Option<MemberId>,
        /// What it is.
        title: Clean,
        /// How long it is.
        duration: Option<MediaTime>,
    },
    /// The item is over.
    Ended,
    /// The room waits for somebody whose player ran dry.
    Waiting {
        /// For whom.
        who: Option<MemberId>,
    },
    /// The room goes on after it waited.
    WentOn,
    /// The room came back from its store.
    Restored,
    /// Somebody changed what the room does when a player runs dry.
    StallPolicyChanged {
        /// Who.
        who: MemberId,
        /// To what.
        on_stall: StallPolicy,
    },
    /// There is no local copy of the item.
    NoCopy {
        /// What is on.
        title: Clean,
    },
    /// The own copy was compared with the room's item.
    FileCompared {
        /// What is on.
        title: Clean,
        /// The outcome.
        file: FileMatch,
    },
    /// A wish at the own player's window was undone, because somebody else controls the room.
    WishUndone {
        /// Who controls it.
        host: Option<MemberId>,
        /// Whether the player is brought back to where the room is.
        is_back: bool,
    },
    /// Something that was asked for was refused.
    Refused {
        /// Why.
        why: Refusal,
    },
    /// Something that was asked for cannot be without a link.
    Offline,
    /// The link to the server was lost.
    LinkLost {
        /// Why, as the second half of a sentence.
        why: Clean,
    },
    /// The link is back.
    LinkBack,
    /// Something else, in words of its own.
    Note {
        /// What happened.
        words: Clean,
        /// What to do about it.
        hint: Option<Clean>,
        /// How bad it is.
        weight: Weight,
    },
}

/// How much a line wants to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Calm,
    /// Something is not as it should be.
    Warning,
    /// Something failed.
    Failure,
}

/// Why the session is over or cannot begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What kind of end it is: decides the title.
    pub kind: StopKind,
    /// What happened, as a sentence without its full stop.
    pub words: Clean,
    /// What to do about it.
    pub hint: Option<Clean>,
    /// Whether another try can help: offers the key for it.
    pub may_retry: bool,
}

/// What kind of end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// There is no such room, or not with that invite or password.
    NotAdmitted,
    /// The request was refused for another reason: the room is full, the name is taken.
    Refused,
    /// The server shows another key than the invite names.
    PinMismatch,
    /// The server could not be reached.
    Unreachable,
    /// The connection ended and is not tried again by itself.
    Disconnected,
    /// The room was closed.
    RoomClosed,
    /// Who controls the room removed the user.
    Removed,
    /// The seat was taken by a newer connection of the same member.
    Replaced,
    /// Something of ours broke.
    Failed,
}
