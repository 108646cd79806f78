//! A real player, controlled through its handle and, as its user would, through its own socket.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::timeout;
use watchtogether::local_clock::monotonic;
use watchtogether::player::handle::{Launch, PlayerHandle};
use watchtogether::player::{
    Generation, Media, PlayerCommand, PlayerEvent, PlayerStatus, Source, WindowRequest,
};
use watchtogether_protocol::player_reason::OpenError;
use watchtogether_protocol::{LocalTime, MediaTime};

pub(crate) use crate::window::TIMEOUT;
use crate::window::Window;

/// A worker without window, sound card, or its user's configuration.
pub(crate) struct TestPlayer {
    handle: PlayerHandle,
    folder: TempDir,
    generation: Generation,
}

/// The environment variables for the folders of a user's files.
pub(crate) const HOMES: [&str; 6] = [
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
];

impl TestPlayer {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[(&str, &str)]) -> Self {
        let usual = [
            ("config", "no"),
            ("load-scripts", "no"),
            ("ao", "null"),
            ("vo", "null"),
        ];
        let options: Vec<_> = usual.iter().chain(options).copied().collect();
        Self::of_program(Path::new(env!("CARGO_BIN_EXE_watchtogether")), &options)
    }

    /// Starts a program other than the one under test, with only these options and a separate home.
    pub(crate) fn of_program(program: &Path, options: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let socket = folder.path().join("mpv").display().to_string();
        let listening = [("input-ipc-server", socket.as_str())];
        let options = options.iter().chain(&listening);
        let launch = Launch {
            program: at_home(folder.path(), program),
            options: options
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            log: Some(folder.path().join("player.log")),
        };
        Self {
            handle: PlayerHandle::start(&launch),
            folder,
            generation: Generation::default(),
        }
    }

    pub(crate) async fn close(self) {
        self.handle.close().await;
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.handle.pid().expect("the worker was started")
    }

    pub(crate) const fn generation(&self) -> Generation {
        self.generation
    }

    pub(crate) fn send(&self, command: PlayerCommand) {
        self.handle.send(command);
    }

    /// Waits for an event that `wanted` maps to a value, and drops earlier events.
    pub(crate) async fn event<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&PlayerEvent) -> Option<T>,
    ) -> T {
        let mut seen = Vec::new();
        let search = async {
            loop {
                let Some(event) = self.handle.recv().await else {
                    break None;
                };
                if let Some(found) = wanted(&event) {
                    break Some(found);
                }
                seen.push(event);
            }
        };
        match timeout(TIMEOUT, search).await {
            Ok(Some(found)) => found,
            Ok(None) => panic!("the player ended before {what}; seen {seen:#?}"),
            Err(elapsed) => panic!(
                "no {what}: {elapsed}; seen {:#?}",
                seen.iter().rev().take(12).collect::<Vec<_>>()
            ),
        }
    }

    /// Waits until communication ends, and returns the events before that, without the periodic ones.
    pub(crate) async fn last_events(mut self) -> Vec<PlayerEvent> {
        let mut events = Vec::new();
        while let Some(event) = timeout(TIMEOUT, self.handle.recv())
            .await
            .expect("the player ends in time")
        {
            if !matches!(event, PlayerEvent::Status(_) | PlayerEvent::Facts(_)) {
                events.push(event);
            }
        }
        events
    }

    pub(crate) fn next_generation(&mut self) -> Generation {
        self.generation = self.generation.next();
        self.generation
    }

    pub(crate) fn load(&mut self, source: Source, position: MediaTime) -> Generation {
        let generation = self.next_generation();
        self.send(PlayerCommand::Load {
            generation,
            source,
            position,
        });
        generation
    }

    pub(crate) async fn loaded(&mut self, of: Generation) -> (Media, MediaTime) {
        self.event("loaded", |event| match event {
            PlayerEvent::Loaded {
                generation,
                media,
                position,
            } if *generation == of => Some((media.clone(), *position)),
            PlayerEvent::LoadFailed { reason, .. } => panic!("not loaded: {reason:?}"),
            _ => None,
        })
        .await
    }

    pub(crate) async fn opens(&mut self, path: &Path, position: MediaTime) -> (Media, MediaTime) {
        let generation = self.load(Source::File(path.to_owned()), position);
        self.loaded(generation).await
    }

    pub(crate) async fn fails_to_open(&mut self, source: Source) -> OpenError {
        let of = self.load(source, MediaTime::ZERO);
        self.event("a failure", |event| match event {
            PlayerEvent::LoadFailed {
                generation, reason, ..
            } if *generation == of => Some(reason.clone()),
            PlayerEvent::Loaded { .. } => panic!("it was loaded"),
            _ => None,
        })
        .await
    }

    pub(crate) fn hold(&mut self, position: Option<MediaTime>) -> Generation {
        let generation = self.next_generation();
        self.send(PlayerCommand::Hold { generation, position });
        generation
    }

    pub(crate) async fn landed(&mut self, of: Generation) -> (MediaTime, Duration) {
        self.event("landing", |event| match event {
            PlayerEvent::Landed {
                generation,
                position,
                took,
            } if *generation == of => Some((*position, *took)),
            _ => None,
        })
        .await
    }

    pub(crate) async fn holds(&mut self, position: MediaTime) -> (MediaTime, Duration) {
        let generation = self.hold(Some(position));
        self.landed(generation).await
    }

    pub(crate) fn release(&self, at: LocalTime) {
        let generation = self.generation;
        self.send(PlayerCommand::Release { generation, at });
    }

    pub(crate) async fn released(&mut self) -> LocalTime {
        let of = self.generation;
        self.event("release", |event| match event {
            PlayerEvent::Released { generation, at } if *generation == of => Some(*at),
            _ => None,
        })
        .await
    }

    pub(crate) async fn plays(&mut self) -> LocalTime {
        self.release(monotonic());
        self.released().await
    }

    pub(crate) async fn status(
        &mut self,
        what: &str,
        wanted: impl Fn(&PlayerStatus) -> bool,
    ) -> PlayerStatus {
        self.event(what, |event| match event {
            PlayerEvent::Status(status) if wanted(status) => Some(*status),
            _ => None,
        })
        .await
    }

    pub(crate) async fn request(&mut self) -> (Generation, LocalTime, WindowRequest) {
        self.event("a request", |event| match event {
            PlayerEvent::WindowRequest {
                generation,
                at,
                request,
            } => Some((*generation, *at, request.clone())),
            _ => None,
        })
        .await
    }

    /// Connects to the player as its user's keys and scripts do.
    pub(crate) async fn window(&mut self) -> Window {
        self.event("start", |event| {
            matches!(event, PlayerEvent::Started { .. }).then_some(())
        })
        .await;
        Window::open(&self.folder.path().join("mpv")).await
    }
}

/// Returns a program that runs another one with this folder as its home, so that none of the user's files are read.
fn at_home(folder: &Path, program: &Path) -> PathBuf {
    let home = folder.display();
    let variables = HOMES.map(|variable| format!("{variable}='{home}'")).join(" ");
    let text = format!(
        "unset MPV_HOME; export {variables}; exec '{}' \"$@\"",
        program.display()
    );
    script(&folder.join("at_home"), &text)
}

/// Writes a shell script.
pub(crate) fn script(path: &Path, text: &str) -> PathBuf {
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("the folder is ours");
    std::fs::set_permissions(path, Permissions::from_mode(0o700)).expect("the file is ours");
    path.to_owned()
}
