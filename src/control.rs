//! The local control socket: what scripts and other terminals ask of a running client.
//!
//! One Unix socket per client in the runtime folder, which nobody else can enter. [`wire`] has the words.

mod stamp;
pub mod wire;

use tokio::sync::oneshot;

use self::wire::{Answer, Problem, Request};

/// A request that waits for its answer. [`Request::Events`] is answered by the socket itself and never arrives here.
#[derive(Debug)]
pub struct Call {
    /// What is wanted.
    pub request: Request,
    /// Where the answer goes; dropping it answers that the client is ending.
    pub answer: oneshot::Sender<Result<Answer, Problem>>,
}
