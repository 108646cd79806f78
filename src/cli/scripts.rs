//! Scripts: translates between the session's types and the control socket's.

mod answer;
mod codes;
mod commands;
mod events;
pub(super) mod socket;
mod status;

pub(super) use self::answer::not_connected;
pub(super) use self::codes::{is_in_room, role_of};
pub(super) use self::commands::{read, text_of};
