//! A client in a room, with everything that runs alongside it.

use tokio::sync::broadcast;
use tokio::task::JoinSet;

use super::autosave::Autosave;
use super::card::ServerCard;
use super::globals::Globals;
use super::local_server::LocalServer;
use super::recording::{EntryDetails, Recorder};
use super::scripts::socket;
use super::session_setup::{SessionSetup, owner_secret};
use super::state::StateFolder;
use crate::driver::{Client, ClientEvent};
use crate::exit::Failure;
use crate::transport::Trust;

/// A client in a room, with everything that runs alongside it: the socket for scripts, the recording of the room, and the
/// autosave of its chat and draft.
#[derive(Debug)]
pub(super) struct RunningClient {
    pub(super) client: Client,
    pub(super) card: ServerCard,
    /// The server that was started for the room.
    own: Option<LocalServer>,
    recorder: Option<Recorder>,
    pub(super) autosave: Autosave,
    /// Why nothing is saved, if so.
    pub(super) warning: Option<String>,
    /// A line for the user on entering, if any.
    pub(super) note: Option<String>,
    tasks: JoinSet<()>,
}

impl RunningClient {
    /// Starts a client. The receiver gets all notices: the client's task has not run when this returns.
    pub(super) async fn start(
        setup: SessionSetup,
        own: Option<LocalServer>,
        state: &StateFolder,
        globals: &Globals,
    ) -> Result<(Self, broadcast::Receiver<ClientEvent>), Failure> {
        let card = ServerCard {
            server: setup.address.to_string(),
            public: setup.public.clone(),
            own: setup.own.clone(),
            known_servers: match &setup.trust {
                Trust::Pinned(_) => None,
                Trust::FirstUse(_) => Some(globals.paths.known_servers()),
            },
            is_remembered: state.paths().is_some(),
            lacks_token: setup.lacks_token(),
            room: setup.admission.room().cloned(),
        };
        let owner = owner_secret(state.paths().cloned()).await?;
        let way = EntryDetails::of(&setup);
        let note = setup.note.clone();
        let has_scrollback = setup.config.scrollback.value;
        let kept_at = setup.own.is_none().then(|| setup.address.clone());
        let (client, notices) = Client::start(setup.client_config(state.paths(), owner)?);
        let recorder = state
            .paths()
            .map(|paths| Recorder::start(way, &client, paths.recent_rooms()));
        let autosave = match state.paths() {
            Some(paths) => Autosave::start(&client, kept_at, paths, has_scrollback),
            None => Autosave::of_nothing(),
        };
        let mut tasks = JoinSet::new();
        socket::serve(&client, &card, globals, &mut tasks);
        let running = Self {
            client,
            card,
            own,
            recorder,
            autosave,
            warning: state.warning().map(str::to_owned),
            note,
            tasks,
        };
        Ok((running, notices))
    }

    /// Records where the film is, leaves the room and ends the client. A room on a local server ends for everybody, and its
    /// members receive only that, not that somebody else became host.
    pub(super) async fn end(mut self) {
        if let Some(recorder) = self.recorder {
            recorder.finish().await;
        }
        self.autosave.finish().await;
        if let Some(own) = self.own {
            own.end().await;
        }
        self.client.leave().await;
        self.tasks.shutdown().await;
    }
}
