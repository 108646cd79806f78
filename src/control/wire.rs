//! The messages of the control socket: plain structures, one line of JSON each.
//!
//! A client writes one [`RequestLine`] and reads one [`ReplyLine`], repeatedly; after [`Request::Events`] it reads one
//! [`EventLine`] per line until either end closes. Fields may be added within version 1; readers must ignore unknown ones.

mod event;
mod reply;
mod request;
mod status;

pub use self::event::{EventBody, EventLine};
pub use self::reply::{Answer, Problem, ReplyLine};
pub use self::request::{Request, RequestLine};
pub use self::status::{
    BanJson, ItemJson, LinkJson, MemberJson, PlaybackJson, PlayerJson, RoomJson, StatusJson, SyncJson,
    WatchDetails,
};

/// The version that every line carries.
pub const VERSION: u32 = 1;
