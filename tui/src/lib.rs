//! The screen of watchtogether: room, chat and people in a terminal.
