//! The command line of watchtogether.

fn main() {}
