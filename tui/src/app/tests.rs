//! Keys and updates in, pictures and intents out.

mod pictures;
