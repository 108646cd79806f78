//! Watching in a room, from entering it until leaving it: on a screen or in plain mode.

use watchtogether_tui::msg;

use super::globals::Globals;
use super::local_server::LocalServer;
use super::running_client::RunningClient;
use super::session_setup::SessionSetup;
use super::state::StateFolder;
use super::{plain, screen, speaker};
use crate::exit::{Exit, Failure, FailureKind};
use crate::logging::Destination;
use crate::output::OutputStreams;
use crate::process::Signals;

/// Runs a client until its user leaves or the session ends.
pub(super) async fn run(
    setup: SessionSetup,
    own: Option<LocalServer>,
    globals: &Globals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let is_plain = plain::is_wanted(&setup.config, output);
    let config = setup.config.clone();
    let state = globals.state();
    let mut signals = prepare(&state, globals)?;
    if let Some(reason) = state.warning().filter(|_| is_plain) {
        output.warning(reason);
    }
    let look = screen::Appearance::load(&setup.config, &globals.paths)?;
    let (running, notices) = RunningClient::start(setup, own, &state, globals).await?;
    let shown = if is_plain {
        speaker::listen(&config, output);
        let (client, card) = (&running.client, &running.card);
        plain::follow(client, notices, card, &config, globals, &mut signals, output).await
    } else {
        screen::follow(&running, notices, look, &mut signals, output).await
    };
    running.end().await;
    shown
}

/// Starts to handle signals, and returns a receiver for them.
pub(super) fn signals() -> Result<Signals, Failure> {
    Signals::listen()
        .map_err(|error| Failure::new(FailureKind::Signals, msg!("signals-unusable")).because(error))
}

/// Prepares a process that runs a client: sets up the log, in its file if possible, and the handling of signals.
pub(super) fn prepare(state: &StateFolder, globals: &Globals) -> Result<Signals, Failure> {
    if let Some(paths) = state.paths() {
        globals.log(&Destination::File(paths.client_log()))?;
    }
    signals()
}
