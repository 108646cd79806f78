//! Keys and updates in, pictures and intents out.

mod keys;
mod pictures;
mod random;
mod states;
