//! Home, shown when the program is started without a subcommand: a form on a screen, or numbered lines without one.
//!
//! The terminal is acquired once. Home keeps it while a room is opened or entered, and passes it to the room. When the room is
//! left, home gets it back and still has everything that was typed.

pub(super) mod checks;

mod backend;
mod lines;

use std::io::IsTerminal as _;

use tokio::sync::mpsc;
use watchtogether_protocol::Clean;
use watchtogether_tui::home::HomeSettings;
use watchtogether_tui::home_vocabulary::HomeUpdate;
use watchtogether_tui::{Console, Home};

use self::backend::{EnteredRoom, HomeBackend};
use super::globals::Globals;
use super::runtime::runtime;
use super::screen::{self, Appearance, RoomEnd};
use super::{local_server, plain, speaker, watch};
use crate::config::{Config, ConfigLayer, Configured, Ui};
use crate::exit::{self, Exit, Failure};
use crate::local_clock::LocalClock;
use crate::output::OutputStreams;
use crate::process::Signals;

/// The capacity of the queue of updates. When it is full, senders wait.
const UPDATES: usize = 64;

/// The capacity of the queue of intents.
const INTENTS: usize = 64;

/// Returns whether there is a user to ask.
pub(super) fn can_ask() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks the user what to do, and does it.
pub(super) fn run(is_plain: bool, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let config = globals.load(ConfigLayer {
        ui: is_plain.then(|| Configured::flag(Ui::Plain)),
        ..ConfigLayer::default()
    })?;
    if plain::is_wanted(&config, output) {
        speaker::listen(&config, output);
        return lines::run(config, globals, output);
    }
    runtime()?.block_on(on_screen(config, globals, output))
}

async fn on_screen(config: Config, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let mut signals = watch::prepare(&globals.state(), globals)?;
    let mut console = screen::enter()?;
    let outcome = show_screens(config, globals, &mut console, &mut signals, output).await;
    // The failure is reported on the shell's screen.
    drop(console);
    outcome.map(|()| Exit::Ok)
}

/// Shows home, and each room that is entered from it, until the user quits or a signal ends it.
async fn show_screens(
    config: Config,
    globals: &Globals,
    console: &mut Console,
    signals: &mut Signals,
    output: &mut OutputStreams,
) -> Result<(), Failure> {
    let clock = LocalClock::start();
    let look = Appearance::load(&config, &globals.paths)?;
    let mut home = Home::new(HomeSettings {
        screen: screen::settings(clock, look.clone()),
        version: env!("CARGO_PKG_VERSION"),
        name: config.name.value.as_clean().clone(),
        server: config
            .server
            .as_ref()
            .map(|server| Clean::line(&server.value.to_string())),
        port: local_server::host_port(&config),
    });
    let shell = screen::shell(clock);
    let (updates, mut update_queue) = mpsc::channel(UPDATES);
    let (intents, mut intent_queue) = mpsc::channel(INTENTS);
    let mut backend = HomeBackend::new(config, globals, updates);
    loop {
        let opened = tokio::select! {
            ended = watchtogether_tui::run_home(console, &mut home, &shell, &mut update_queue, &intents) => {
                backend.give_up();
                return ended.map(drop).map_err(screen::failed);
            }
            opened = backend.serve(&mut intent_queue, signals) => opened,
        };
        let Some(opened) = opened else {
            return Ok(());
        };
        let Some(reason) = room(opened, look.clone(), console, signals, output).await? else {
            return Ok(());
        };
        for update in [
            HomeUpdate::Back { reason },
            backend.recent().await,
            backend.port(),
        ] {
            home.apply(update, clock.now());
        }
    }
}

/// Shows a room until it is left; returns why, or `None` if a signal ends the program.
async fn room(
    opened: EnteredRoom,
    look: Appearance,
    console: &mut Console,
    signals: &mut Signals,
    output: &mut OutputStreams,
) -> Result<Option<Option<Clean>>, Failure> {
    let EnteredRoom { running, notices } = opened;
    let shown = screen::show(console, &running, notices, look, signals, output).await;
    running.end().await;
    Ok(match shown? {
        RoomEnd::Left => Some(None),
        RoomEnd::Ended(end) => Some(Some(Clean::line(&exit::end_words(&end)))),
        RoomEnd::Cut(_) => None,
    })
}
