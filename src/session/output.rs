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

/// One thing to do. The order of outputs matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Connect to a server; answered by `handle_connected` or `handle_connection_lost`. An earlier connection is closed.
    Connect {
        /// The server's address.
        address: Address,
        /// The server of a redirect; `None` for a server that is trusted as the user specified.
        named: Option<NamedServer>,
        /// How long the server may take to answer.
        within: Duration,
    },
    /// Close the connection after everything was sent. There is no answer.
    Disconnect {
        /// The close code for the server.
        code: CloseCode,
    },
    /// Store the token that takes the seat back, for the user's next client. Messages after this output are sent only once the
    /// token is stored: with its first message, the member tells the server that the previous token can be forgotten.
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
    /// Send as a datagram, with the `now` that produced it as its timestamp.
    Ping(ClockPing),
    /// Send a command to the player.
    Player(PlayerCommand),
    /// Start a player; answered by `PlayerEvent::Started` or `PlayerEvent::Gone`. An earlier one is closed.
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
    /// Pass an event to everything that shows the session.
    Event(Event),
    /// The session has ended; only `Command::Retry` restarts it.
    Finished(SessionEnd),
}

/// A server that another one redirected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedServer {
    /// The key that it must present.
    pub pin: Pin,
    /// The first server. It may not redirect the client further into the user's network than it is itself.
    pub first: Address,
}

/// Why a session has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The user left.
    Left,
    /// The server could not be reached, and the session was never in a room.
    Unreachable(LinkEnd),
    /// The server presents a different key than the known one.
    PinMismatch,
    /// The room could not be entered.
    Refused(Refusal),
    /// The server closed the connection, and a retry would not help.
    Closed(CloseCode),
}
