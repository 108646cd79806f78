//! Tests of the command line: its output, the stream that it is written to, and the exit codes.

mod config;
mod damaged;
mod entering;
mod install;
mod names;
mod offline;
mod paths;
mod ports;
mod reach;
mod readers;
mod removed;
mod serve;
mod server;
mod usage;
