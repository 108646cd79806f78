//! What a session wants done by its shell.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::clock::ClockPing;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::{Clean, ClientMessage, Item, ItemId, Pin, RoomName, Token};

use super::event::Event;
use crate::player::PlayerCommand;

/// One thing to do. The order counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Connect to a server; answered by `handle_connected` or `handle_connection_lost`. An earlier connection is
    /// given up.
    Connect {
        /// Where it is.
        address: Address,
        /// What is known of it where another server named it; otherwise it is trusted as the user says.
        named: Option<Named>,
        /// The time that the server has to answer.
        within: Duration,
    },
    /// Close the connection, after what was sent has gone out; answered by nothing.
    Disconnect {
        /// What the server is told.
        code: CloseCode,
    },
    /// Keep what takes the seat again, for the next client of this user. What is sent after this goes out when it is kept: by
    /// speaking, the member tells the server that the token before this one can be forgotten.
    KeepSeat {
        /// In which room.
        room: RoomName,
        /// The token.
        token: Token,
    },
    /// Forget what was kept: the seat was given up.
    ForgetSeat,
    /// Send on the control stream.
    Send(ClientMessage),
    /// Send as a datagram; stamped with the `now` that made it.
    Ping(ClockPing),
    /// Tell the player.
    Player(PlayerCommand),
    /// Start a player; answered by `PlayerEvent::Started` or `PlayerEvent::Gone`. An earlier one is ended.
    StartPlayer,
    /// Look for a local copy of a file; answered by `handle_item_found`.
    FindItem {
        /// Which item, for the answer.
        id: ItemId,
        /// What to look for.
        item: Item,
    },
    /// Compute what a file is, because somebody opened it in the player's window; answered by `handle_identified`.
    IdentifyFile {
        /// Where it is.
        path: PathBuf,
    },
    /// Something that a screen, a printer or a script must learn.
    Event(Event),
    /// The session is over; only `Command::Retry` starts it anew.
    Finished(End),
}

/// A server that another one named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The key that it must show.
    pub pin: Pin,
    /// The server that the user named. Its word leads no further into the user's own network than it stands itself.
    pub first: Address,
}

/// Why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The user left.
    Left,
    /// The server could not be reached, and the session was never in a room.
    Unreachable {
        /// What happened.
        why: Clean,
    },
    /// The server shows another key than the one it is known by.
    PinMismatch,
    /// The room could not be entered.
    Refused(Refusal),
    /// The server closed the connection and another try would not help.
    Closed(CloseCode),
}

impl End {
    /// Returns what happened, as a sentence without its full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Left => "you left".to_owned(),
            Self::Unreachable { why } => format!("the server cannot be reached: {why}"),
            Self::PinMismatch => "the server shows another key than the one it is known by".to_owned(),
            Self::Refused(why) => why.words().to_owned(),
            Self::Closed(code) => code.words().to_owned(),
        }
    }
}
