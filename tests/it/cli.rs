//! The command line: what is said, where, and with which exit code.

mod config;
mod damaged;
mod doors;
mod install;
mod names;
mod paths;
mod ports;
mod reach;
mod readers;
mod removed;
mod serve;
mod server;
mod usage;
