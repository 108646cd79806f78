//! The command line: what is said, where, and with which exit code.

mod config;
mod serve;
mod usage;
