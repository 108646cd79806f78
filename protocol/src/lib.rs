//! Everything that watchtogether's clients and servers must agree on.
//!
//! This crate is pure: bytes in, values out, and time as an argument. `README.md` in the crate's folder explains the exchange in
//! prose and lists every message.

pub mod clean;
pub mod clock;
pub mod close;
pub mod codec;
pub mod datagram;
pub mod frame;
pub mod id;
pub mod invite;
pub mod item;
pub mod limits;
pub mod link_end;
pub mod message;
pub mod narration;
pub mod network;
pub mod permission;
pub mod player_reason;
mod reserved;
pub mod room_intent;
pub mod time;
pub mod timeline;
pub mod version;

pub use clean::Clean;
pub use id::{
    ChatId, Epoch, InviteToken, MemberId, MemberName, OwnerKey, Pin, Revision, RoomId, RoomName, Token,
};
pub use invite::Invite;
pub use item::{Item, ItemId, ItemSource, Length};
pub use message::{ClientMessage, ServerMessage};
pub use room_intent::RoomIntent;
pub use time::{LocalTime, MediaTime, Rate, ServerTime};
pub use timeline::{Cause, Playback, Timeline};
