//! The running client that a command is for.

use clap::Args;

use watchtogether_tui::msg;

use super::globals::Globals;
use super::runtime::runtime;
use crate::control::wire::{Answer, Request, StatusJson};
use crate::control::{ControlClient, ControlError};
use crate::exit::{Failure, FailureKind};

/// The running client to which a command applies.
#[derive(Debug, Args)]
pub(super) struct SessionArgs {
    /// Process id of the session [default: the newest one]
    #[arg(long, value_name = "PID", global = true)]
    pub(super) session: Option<u32>,
}

impl SessionArgs {
    /// Connects to the client.
    pub(super) async fn connect(&self, globals: &Globals) -> Result<ControlClient, ControlError> {
        // The request must not go to somebody else's folder with that name.
        let folder = globals.paths.open_runtime()?;
        ControlClient::connect(folder, self.session).await
    }

    /// Sends a request to the client.
    pub(super) fn request(&self, request: Request, globals: &Globals) -> Result<(), Failure> {
        self.call(request, globals).map(drop)
    }

    /// Asks the client for its status.
    pub(super) fn status(&self, globals: &Globals) -> Result<Box<StatusJson>, Failure> {
        if let Answer::Status(status) = self.call(Request::Status, globals)? {
            return Ok(status);
        }
        Err(Failure::new(FailureKind::Failed, msg!("client-other-answer")))
    }

    fn call(&self, request: Request, globals: &Globals) -> Result<Answer, Failure> {
        runtime()?.block_on(async {
            let mut client = self.connect(globals).await?;
            Ok(client.call(request).await?)
        })
    }
}
