//! Tests of the app: it takes keys and updates, and returns pictures and intents.

mod chat;
mod co_host;
mod coming_back;
mod floods;
mod invite;
mod keys;
mod mouse;
mod narration;
mod palette;
mod people;
mod pictures;
mod questions;
mod random;
mod removal;
mod states;
mod toasts;
mod undoing;
mod wall_clock;
mod ways;
