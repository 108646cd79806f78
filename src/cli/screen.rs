//! The screen of a running client: feeds it events and carries out its user's intents.

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use watchtogether_protocol::network::Network;
use watchtogether_protocol::{Clean, Invite, Pin};
use watchtogether_tui::msg;
use watchtogether_tui::strings;
use watchtogether_tui::update::{Note, Weight};
use watchtogether_tui::{
    Colours, Console, Glyphs, Intent, Keymap, LoopEnd, RunError, ScreenSettings, Shell, Update,
};

use super::autosave::Autosave;
use super::card::ServerCard;
use super::globals::text_variable;
use super::running_client::RunningClient;
use super::wall_clock::{utc_offset_minutes, wall_clock};
use super::{background, card, guardian, keys};
use crate::bridge::Bridge;
use crate::clipboard::copy_sequence;
use crate::config::{Config, ConfigError, Paths};
use crate::driver::{Client, ClientEvent};
use crate::exit::{Exit, Failure, FailureKind};
use crate::local_clock::LocalClock;
use crate::output::OutputStreams;
use crate::process::{self, Signals};
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::output::SessionEnd;
use crate::session::status::Status;

/// The capacity of the queue of updates. When it is full, the feed waits, and the client continues.
const UPDATES: usize = 256;

/// The capacity of the queue of intents.
const INTENTS: usize = 64;

/// The user's settings for the screen.
#[derive(Clone, Debug)]
pub(super) struct Appearance {
    colours: Colours,
    has_mouse: bool,
    glyphs: Glyphs,
    keymap: Keymap,
}

impl Appearance {
    /// Reads the settings from the configuration and the key file.
    pub(super) fn load(config: &Config, paths: &Paths) -> Result<Self, Failure> {
        Ok(Self {
            colours: if config.color.value.is_wanted(true, text_variable) {
                colours(text_variable)
            } else {
                Colours::None
            },
            has_mouse: config.mouse.value,
            glyphs: if config.glyphs.value.is_ascii(text_variable) {
                Glyphs::Ascii
            } else {
                Glyphs::Unicode
            },
            keymap: keys::load(paths).map_err(ConfigError::of)?,
        })
    }
}

/// How a room was left.
#[derive(Debug)]
pub(super) enum RoomEnd {
    /// The user left.
    Left,
    /// The user left after the session had ended.
    Ended(SessionEnd),
    /// A signal ended it, or the terminal or the client was lost.
    Cut(Option<SessionEnd>),
}

/// Runs the screen until its user leaves or a signal ends it.
pub(super) async fn follow(
    running: &RunningClient,
    notices: broadcast::Receiver<ClientEvent>,
    look: Appearance,
    signals: &mut Signals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let mut console = enter()?;
    let shown = show(&mut console, running, notices, look, signals, output).await;
    drop(console);
    match shown? {
        RoomEnd::Left | RoomEnd::Cut(None) => Ok(Exit::Ok),
        RoomEnd::Ended(end) | RoomEnd::Cut(Some(end)) => running.card.outcome(&end),
    }
}

/// Acquires the terminal, guarded by a guardian.
pub(super) fn enter() -> Result<Console, Failure> {
    guardian::post();
    Console::enter(has_links()).map_err(failed)
}

/// Returns whether the terminal supports links or at least ignores them. The Linux console may not.
fn has_links() -> bool {
    !text_variable("TERM").is_some_and(|term| matches!(term.as_str(), "linux" | "dumb"))
}

/// Returns the colours that the terminal supports, according to the environment. Its background counts as dark unless `COLORFGBG`
/// says that it is light. Terminals that set the variable write foreground and background, as in `0;15`, sometimes with `default`
/// or more in between.
fn colours(variable: impl Fn(&str) -> Option<String>) -> Colours {
    /// Terminals that have 256 colours but do not report it.
    const RICH: [&str; 6] = ["kitty", "alacritty", "foot", "wezterm", "ghostty", "direct"];

    let terminal = variable("TERM").unwrap_or_default();
    let has_many = terminal.contains("256color")
        || RICH.iter().any(|name| terminal.contains(name))
        || variable("COLORTERM").is_some_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
    let ground = variable("COLORFGBG");
    let ground = ground.as_deref().and_then(|value| value.rsplit(';').next());
    match (has_many, ground) {
        (false, _) => Colours::Sixteen,
        (true, Some("7" | "15")) => Colours::OnLight,
        (true, Some(_) | None) => Colours::OnDark,
    }
}

/// Returns the settings of a screen at its start.
pub(super) fn settings(clock: LocalClock, look: Appearance) -> ScreenSettings {
    ScreenSettings {
        wall_clock: (wall_clock(), clock.now()),
        utc_offset_minutes: utc_offset_minutes(),
        colours: look.colours,
        glyphs: look.glyphs,
        keymap: look.keymap,
        has_mouse: look.has_mouse,
    }
}

/// Returns the functions that a screen needs from the program.
pub(super) fn shell(clock: LocalClock) -> Shell {
    Shell {
        clock: Box::new(move || clock.now()),
        copy_sequence,
    }
}

/// Shows a room on a terminal that is already acquired, and leaves the terminal acquired.
pub(super) async fn show(
    console: &mut Console,
    running: &RunningClient,
    notices: broadcast::Receiver<ClientEvent>,
    look: Appearance,
    signals: &mut Signals,
    output: &mut OutputStreams,
) -> Result<RoomEnd, Failure> {
    let clock = LocalClock::start();
    let (updates, update_queue) = mpsc::channel(UPDATES);
    let (intents, intent_queue) = mpsc::channel(INTENTS);
    let mut feed = ScreenFeed {
        client: &running.client,
        card: &running.card,
        autosave: &running.autosave,
        warning: running.warning.clone(),
        note: running.note.clone(),
        draft: None,
        is_entered: false,
        clock,
        updates,
        bridge: Bridge::new(),
        pin: None,
        invite: None,
        end: None,
        background: JoinSet::new(),
    };
    let settings = settings(clock, look);
    let draft = running.autosave.draft();
    let screen = watchtogether_tui::run(console, settings, shell(clock), update_queue, intents, draft);
    let shown = tokio::select! {
        ended = screen => ended.map_err(failed)?,
        () = feed.run(notices, intent_queue, signals, output) => LoopEnd::TerminalTaken,
    };
    Ok(match (shown, feed.end) {
        (LoopEnd::Left, None) => RoomEnd::Left,
        (LoopEnd::Left, Some(end)) => RoomEnd::Ended(end),
        (LoopEnd::NoMoreUpdates | LoopEnd::TerminalTaken, end) => RoomEnd::Cut(end),
    })
}

/// Returns the failure if no terminal can be used.
pub(super) fn failed(error: RunError) -> Failure {
    Failure::of(FailureKind::Terminal, error).hint(msg!("hint-plain"))
}

/// Passes the client's events to the screen, and the user's intents to the client.
struct ScreenFeed<'a> {
    client: &'a Client,
    card: &'a ServerCard,
    autosave: &'a Autosave,
    /// Why nothing is saved, if so and not reported yet.
    warning: Option<String>,
    /// A line for the user on entering, if any.
    note: Option<String>,
    /// The saved draft, until it is shown.
    draft: Option<String>,
    /// Whether the room has been entered. Before that, no message can be sent.
    is_entered: bool,
    clock: LocalClock,
    updates: mpsc::Sender<Update>,
    bridge: Bridge,
    /// The key of the server in the invite: the one that was connected to first. A server that it redirected to is reached
    /// through it.
    pin: Option<Pin>,
    /// The invite that is being shown.
    invite: Option<Invite>,
    /// Why the session has ended, while that is shown.
    end: Option<SessionEnd>,
    /// Background tasks, which end with this value.
    background: JoinSet<()>,
}

impl ScreenFeed<'_> {
    /// Returns when a signal ends the program or the client is gone.
    async fn run(
        &mut self,
        mut notices: broadcast::Receiver<ClientEvent>,
        mut intents: mpsc::Receiver<Intent>,
        signals: &mut Signals,
        output: &mut OutputStreams,
    ) {
        let commands = self.client.commands();
        let mut status = self.client.status();
        let mut reached = Network::Machine;
        let mut problem = self.autosave.problem();
        self.show([Update::Connecting {
            to: Clean::line(self.card.server()),
        }])
        .await;
        loop {
            tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(notice) => self.take_notice(notice, &status, output).await,
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        self.show([screen_note(&msg!("events-not-shown", count = missed), Weight::Warning)]).await;
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                Some(intent) = intents.recv() => {
                    if !self.handle(intent, &commands).await {
                        return;
                    }
                },
                changed = status.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let updates = self.bridge.handle_status(&status.borrow_and_update(), self.clock.now());
                    self.show(updates).await;
                }
                words = self.card.is_reached(&mut reached) => {
                    self.show([self.card.shown(self.invite.as_ref())]).await;
                    self.show([screen_note(&words, Weight::Calm)]).await;
                }
                Ok(()) = problem.changed(), if self.is_entered => {
                    let words = problem.borrow_and_update().clone();
                    self.show(words.map(|words| screen_note(&words, Weight::Warning))).await;
                }
                signal = signals.next() => match signal {
                    process::ProcessSignal::End => return,
                    process::ProcessSignal::Continued => self.show([Update::WallClock(wall_clock())]).await,
                },
            }
        }
    }

    async fn take_notice(
        &mut self,
        notice: ClientEvent,
        status: &watch::Receiver<Status>,
        output: &mut OutputStreams,
    ) {
        match notice {
            ClientEvent::Connected(identity) => {
                self.pin.get_or_insert(identity.pin);
                if identity.is_new {
                    let words = self.card.new_server(identity.pin);
                    self.show([screen_note(&words, Weight::Calm)]).await;
                }
            }
            ClientEvent::Event(event) => self.take_event(&event, status, output).await,
            ClientEvent::Finished(end) => self.finish(end).await,
        }
    }

    async fn take_event(
        &mut self,
        event: &Event,
        status: &watch::Receiver<Status>,
        output: &mut OutputStreams,
    ) {
        self.end = None;
        if let (false, Event::Entered { entered, .. }) = (self.is_entered, event) {
            let kept = self.autosave.kept().await;
            self.show([Bridge::earlier(&kept.earlier, entered.you)]).await;
            self.draft = Some(kept.draft).filter(|draft| !draft.is_empty());
            self.is_entered = true;
        }
        let now = self.clock.now();
        let updates = self.bridge.handle_event(event, &status.borrow(), now);
        self.show(updates).await;
        if self.is_entered {
            let warning = self
                .warning
                .take()
                .map(|words| screen_note(&words, Weight::Warning));
            let note = self.note.take().map(|words| screen_note(&words, Weight::Calm));
            let draft = self.draft.take().map(Update::Draft);
            self.show([warning, note, draft].into_iter().flatten()).await;
        }
        let invite = self.card.invite(&status.borrow(), self.pin);
        if invite != self.invite || matches!(event, Event::Entered { .. }) {
            self.show([self.card.shown(invite.as_ref())]).await;
            self.invite = invite;
        }
        if let Some(invite) = self.invite.as_ref().filter(|_| card::opens_to_others(event)) {
            self.copy_invite(invite, output).await;
        }
    }

    /// Copies an invite to the clipboard, and reports whether that was possible.
    async fn copy_invite(&self, invite: &Invite, output: &mut OutputStreams) {
        let is_copied = output.copy(&strings::invite_line(&invite.to_string()));
        let words = if is_copied {
            msg!("invite-copied")
        } else {
            msg!("invite-not-copied")
        };
        self.show([screen_note(words, Weight::Calm)]).await;
        let other_port = self.card.other_port();
        self.show(other_port.map(|words| screen_note(&words, Weight::Warning)))
            .await;
    }

    /// Shows why the session has ended.
    async fn finish(&mut self, end: SessionEnd) {
        let mut view = Bridge::finished(&end);
        if let Some(Update::Stopped(stop)) = &mut view {
            if let Some(hint) = self.card.hint(&end) {
                stop.hint = Some(Clean::line(&hint));
            }
            if matches!(end, SessionEnd::Refused(_)) {
                stop.words = Clean::line(&self.card.words(&end));
            }
        }
        self.show(view).await;
        self.end = Some(end);
    }

    /// Carries out an intent, or has it carried out; returns whether the client still exists.
    async fn handle(&mut self, intent: Intent, commands: &mpsc::Sender<Command>) -> bool {
        let updates = self.updates.clone();
        if intent == Intent::Suspend {
            self.suspend().await;
        } else if let Intent::CompletePath(text) = intent {
            background::complete_path(text, updates);
        } else if let Intent::Edit(text) = intent {
            self.background.spawn(background::edit(text, updates));
        } else if let Intent::Open(film) = intent {
            background::open(film, commands.clone(), updates);
        } else if let Intent::Export { path, text } = intent {
            background::export(path, text, updates);
        } else if let Some(command) = Bridge::command_of(intent)
            && command != Command::Leave
        {
            return commands.send(command).await.is_ok();
        }
        true
    }

    /// Stops the process, as Ctrl-Z does; the terminal was released before. The player is a separate process and keeps playing.
    async fn suspend(&mut self) {
        if let Err(error) = process::suspend() {
            tracing::warn!(%error, "could not suspend the process");
        }
        self.show([Update::WallClock(wall_clock()), Update::Resumed])
            .await;
    }

    /// It does not matter if the screen has ended: that is noticed elsewhere.
    async fn show(&self, updates: impl IntoIterator<Item = Update>) {
        for update in updates {
            drop(self.updates.send(update).await);
        }
    }
}

fn screen_note(words: &str, weight: Weight) -> Update {
    Update::Note(Note {
        words: Clean::line(words),
        hint: None,
        weight,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_background_are_detected_from_the_terminal() {
        let of = |variables: &[(&str, &str)]| {
            colours(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };

        assert_eq!(of(&[]), Colours::Sixteen);
        assert_eq!(of(&[("TERM", "linux"), ("COLORFGBG", "0;15")]), Colours::Sixteen);
        assert_eq!(of(&[("TERM", "tmux-256color")]), Colours::OnDark);
        assert_eq!(of(&[("TERM", "xterm-kitty")]), Colours::OnDark);
        assert_eq!(
            of(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]),
            Colours::OnDark
        );
        let ground = |value| of(&[("TERM", "xterm-256color"), ("COLORFGBG", value)]);
        assert_eq!(ground("0;15"), Colours::OnLight);
        assert_eq!(ground("0;default;7"), Colours::OnLight);
        assert_eq!(ground("15;0"), Colours::OnDark);
    }
}
