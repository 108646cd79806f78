//! The outputs of a session: everything that it wants its shell to do.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::clock::ClockPing;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::{ClientMessage, Item, ItemId, Pin, RoomName, Token};

use super::event::Event;
use crate::player::PlayerCommand;

/// One thing to do. The order matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Connect to a server; answered by `handle_connected` or `handle_connection_lost`. An earlier connection is given up.
    Connect {
        /// The server's address.
        address: Address,
        /// The facts about the server if another one named it; otherwise it is trusted as the user specified.
        named: Option<NamedServer>,
        /// The time that the server has to answer.
        within: Duration,
    },
    /// Close the connection after everything was sent. There is no answer.
    Disconnect {
        /// The close code for the server.
        code: CloseCode,
    },
    /// Store the token that takes the seat again, for the next client of this user. Messages behind this output are sent once it
    /// is stored: with its first message, the member tells the server that the former token can be forgotten.
    KeepSeat {
        /// The room.
        room: RoomName,
        /// The token.
        token: Token,
    },
    /// Forget the stored token, because the seat was given up.
    ForgetSeat,
    /// Send on the control stream.
    Send(ClientMessage),
    /// Send as a datagram; stamped with the `now` that made it.
    Ping(ClockPing),
    /// Send a command to the player.
    Player(PlayerCommand),
    /// Start a player; answered by `PlayerEvent::Started` or `PlayerEvent::Gone`. An earlier one is ended.
    StartPlayer,
    /// Search for a local copy of a file; answered by `handle_item_found`.
    FindItem {
        /// The item's number, for the answer.
        id: ItemId,
        /// The item to search for.
        item: Item,
    },
    /// Identify a file that was opened in the player's window; answered by `handle_identified`.
    IdentifyFile {
        /// The file's path.
        path: PathBuf,
    },
    /// Pass an event to everything that displays the session.
    Event(Event),
    /// The session is over; only `Command::Retry` starts it again.
    Finished(SessionEnd),
}

/// A server that another one named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedServer {
    /// The key that it must present.
    pub pin: Pin,
    /// The server that the user named. It may not send the client further into the user's own network than it is itself.
    pub first: Address,
}

/// The reason why a session is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The user left.
    Left,
    /// The server could not be reached, and the session was never in a room.
    Unreachable(LinkEnd),
    /// The server presents another key than the known one.
    PinMismatch,
    /// The room could not be entered.
    Refused(Refusal),
    /// The server closed the connection and a retry would not help.
    Closed(CloseCode),
}
