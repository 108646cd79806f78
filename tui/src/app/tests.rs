//! Keys and updates in, pictures and intents out.

mod behaviour;
mod pictures;
mod random;
