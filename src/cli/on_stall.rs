//! The policy of a room for players that run out of data.

use clap::ValueEnum;
use watchtogether_protocol::message::playback::StallPolicy;

/// The policy of a room for players that run dry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OnStall {
    /// Wait for them, up to a limit
    Wait,
    /// Go on; they catch up on their own
    GoOn,
}

impl From<OnStall> for StallPolicy {
    fn from(policy: OnStall) -> Self {
        match policy {
            OnStall::Wait => Self::Wait,
            OnStall::GoOn => Self::GoOn,
        }
    }
}
