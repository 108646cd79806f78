//! The loop of plain mode, the only part of it that waits. It passes one input at a time to the state machine and carries out the
//! effects.

use std::pin::Pin;

use tokio::sync::{broadcast, mpsc};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::{Invite, LocalTime};
use watchtogether_tui::action::ActionId;
use watchtogether_tui::home_vocabulary::FilmChoice;
use watchtogether_tui::model::wall_clock::WallClock;
use watchtogether_tui::msg;
use watchtogether_tui::plain::prompt::{INTERRUPT_STANDS, KeyOutcome};
use watchtogether_tui::plain::{Plain, PlainEffect, PlainSettings};
use watchtogether_tui::strings::{self, spoken};
use watchtogether_tui::update::Note;
use watchtogether_tui::{Intent, Update};

use super::line_input::{LineInput, PromptTerminal, TypedInput};
use crate::bridge::Bridge;
use crate::cli::card::{self, ServerCard};
use crate::cli::globals::{Globals, text_variable};
use crate::cli::wall_clock::{utc_offset_minutes, wall_clock};
use crate::cli::{background, files, found, media_arg};
use crate::config::Config;
use crate::driver::{Client, ClientEvent};
use crate::exit::{Exit, Failure, FailureKind};
use crate::local_clock::LocalClock;
use crate::output::OutputStreams;
use crate::process::{self, Signals};
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::output::SessionEnd;

/// The capacity of the queue of results of file operations: each typed request has one.
const ANSWERS: usize = 16;

/// The number of lines above which a paste is reported: it is more often a mistake than a message.
const PASTED_LINES: usize = 3;

/// The result of a file operation.
enum DiskResult {
    /// The note about its outcome.
    Note(Note),
    /// Films that match the typed letters.
    Found(String, Vec<found::FoundFilm>),
}

type Edit = Pin<Box<dyn Future<Output = Update>>>;

/// Prints events and handles typed lines until the user leaves, a signal ends the program, or the session ends.
pub(in crate::cli) async fn follow(
    client: &Client,
    notices: broadcast::Receiver<ClientEvent>,
    card: &ServerCard,
    config: &Config,
    globals: &Globals,
    signals: &mut Signals,
    output: &mut OutputStreams,
) -> Result<Exit, Failure> {
    let is_dumb = text_variable("TERM").is_some_and(|term| term == "dumb");
    let keymap = crate::cli::keys::load(&globals.paths).map_err(crate::config::ConfigError::of)?;
    let input = LineInput::open(keymap, is_dumb).map_err(lost)?;
    let clock = LocalClock::start();
    let is_at_terminal = matches!(
        input,
        LineInput::Terminal(_) | LineInput::Lines { end_leaves: true, .. }
    );
    let settings = PlainSettings {
        verbosity: config.verbosity.value,
        announce: config.announce.value,
        is_at_terminal,
    };
    let offset = utc_offset_minutes();
    let (answers, answer_queue) = mpsc::channel(ANSWERS);
    let mut room = Room {
        client,
        card,
        media: config.media_folders(),
        clock,
        bridge: Bridge::new(),
        plain: Plain::new(settings, WallClock::new(wall_clock(), clock.now(), offset)),
        input,
        output,
        answers,
        edit: None,
        held: Vec::new(),
        invite: None,
        pin: None,
        end: None,
        is_entered: false,
    };
    let exit = room.run(notices, answer_queue, signals).await;
    // The shell's prompt takes the place of ours.
    if let Err(error) = room.give_back() {
        tracing::debug!(%error, "could not restore the terminal");
    }
    exit
}

/// Connects the client, the state machine and the input.
struct Room<'a> {
    client: &'a Client,
    card: &'a ServerCard,
    media: Vec<std::path::PathBuf>,
    clock: LocalClock,
    bridge: Bridge,
    plain: Plain,
    input: LineInput,
    output: &'a mut OutputStreams,
    answers: mpsc::Sender<DiskResult>,
    /// The user's editor, while it is using the terminal.
    edit: Option<Edit>,
    /// Lines to print when the terminal is back.
    held: Vec<String>,
    invite: Option<Invite>,
    /// The key of the server in the invite: the one that was connected to first. A server that it redirected to is reached
    /// through it.
    pin: Option<watchtogether_protocol::Pin>,
    /// Why the session has ended, while it can be restarted.
    end: Option<SessionEnd>,
    is_entered: bool,
}

impl Room<'_> {
    async fn run(
        &mut self,
        mut notices: broadcast::Receiver<ClientEvent>,
        mut answers: mpsc::Receiver<DiskResult>,
        signals: &mut Signals,
    ) -> Result<Exit, Failure> {
        let mut reached = Network::Machine;
        let mut status = self.client.status();
        self.take_terminal()?;
        loop {
            // Lines of a pipe are written for the room, so they wait until there is one.
            let listens = self.is_entered
                || matches!(
                    self.input,
                    LineInput::Terminal(_) | LineInput::Lines { end_leaves: true, .. }
                );
            let held = self
                .input
                .terminal()
                .and_then(|terminal| terminal.prompt.poll_timeout());
            let wake = [self.plain.poll_timeout(), held].into_iter().flatten().min();
            tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(notice) => if let Some(exit) = self.take_notice(notice)? {
                        return Ok(exit);
                    },
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        self.plain.handle_missed(missed, self.clock.now());
                    }
                    Err(broadcast::error::RecvError::Closed) => return Ok(Exit::Other),
                },
                changed = status.changed() => {
                    if changed.is_ok() {
                        let now = self.clock.now();
                        let updates = self.bridge.handle_status(&status.borrow_and_update(), now);
                        self.apply_updates(updates, now);
                    }
                }
                input = self.input.next(), if listens => self.handle_typed(input)?,
                Some(answer) = answers.recv() => match answer {
                    DiskResult::Note(note) => self.apply_updates([Update::Note(note)], self.clock.now()),
                    DiskResult::Found(text, found) => {
                        let found = found.into_iter().map(|found| (found.path, found.name));
                        self.plain.handle_found(&text, found.collect());
                    }
                },
                update = edited(&mut self.edit) => self.take_edited(update)?,
                words = self.card.is_reached(&mut reached) => {
                    let shown = self.card.shown(self.invite.as_ref());
                    self.apply_updates([shown], self.clock.now());
                    self.note(&format!("{words}."))?;
                }
                () = sleep_until(self.clock, wake) => {
                    let now = self.clock.now();
                    let typed = self.input.terminal().and_then(|terminal| terminal.prompt.handle_timeout(now));
                    if let Some(typed) = typed {
                        self.take_typed(typed, now)?;
                    }
                    self.plain.handle_timeout(now);
                }
                signal = signals.next() => match signal {
                    process::ProcessSignal::End => return Ok(Exit::Ok),
                    process::ProcessSignal::Continued => self.take_terminal()?,
                },
            }
            if self.do_all().await? {
                return match self.end.take() {
                    Some(end) => self.card.outcome(&end),
                    None => Ok(Exit::Ok),
                };
            }
        }
    }

    /// Handles a notice; returns how the program ends, if it does.
    fn take_notice(&mut self, notice: ClientEvent) -> Result<Option<Exit>, Failure> {
        match notice {
            ClientEvent::Connected(identity) => {
                self.pin.get_or_insert(identity.pin);
                if identity.is_new {
                    self.note(&self.card.new_server(identity.pin))?;
                }
            }
            ClientEvent::Event(event) => {
                self.end = None;
                let now = self.clock.now();
                let updates = {
                    let status = self.client.status();
                    let status = status.borrow();
                    self.bridge.handle_event(&event, &status, now)
                };
                self.apply_updates(updates, now);
                let is_entry = matches!(event, Event::Entered { .. });
                self.is_entered |= is_entry;
                let invite = self.card.invite(&self.client.status().borrow(), self.pin);
                if is_entry || invite != self.invite {
                    self.apply_updates([self.card.shown(invite.as_ref())], now);
                    self.invite = invite;
                }
                if let Some(invite) = self.invite.clone().filter(|_| card::opens_to_others(&event)) {
                    self.show_invite(&invite)?;
                }
            }
            ClientEvent::Finished(end) => {
                let Some(stopped) = Bridge::finished(&end) else {
                    self.print_pending()?;
                    return self.card.outcome(&end).map(Some);
                };
                self.apply_updates([stopped], self.clock.now());
                self.end = Some(end);
            }
        }
        Ok(None)
    }

    fn apply_updates(&mut self, updates: impl IntoIterator<Item = Update>, now: LocalTime) {
        for update in updates {
            self.plain.handle_update(update, now);
        }
    }

    fn show_invite(&mut self, invite: &Invite) -> Result<(), Failure> {
        self.print_pending()?;
        let line = strings::invite_line(&invite.to_string());
        let copies = !self.input.terminal().is_some_and(|terminal| terminal.is_dumb);
        let notes = self.card.notes();
        self.input.above(self.output, |output| {
            output.line(&msg!("spoken-invite", line = &line))?;
            if copies {
                output.copy(&line);
            }
            for note in &notes {
                output.note(note);
            }
            Ok(())
        })
    }

    fn handle_typed(&mut self, input: TypedInput) -> Result<(), Failure> {
        let now = self.clock.now();
        let key = match input {
            TypedInput::Line(line) => {
                self.plain.handle_line(&line, now);
                return Ok(());
            }
            TypedInput::End => {
                self.plain.handle_end_of_input();
                return Ok(());
            }
            TypedInput::Paste(text) => return self.paste(&text),
            TypedInput::Key(key) => key,
        };
        let before = self
            .input
            .terminal()
            .and_then(|terminal| terminal.prompt.before(key));
        if let Some(before) = before {
            self.take_typed(before, now)?;
        }
        let Some(terminal) = self.input.terminal() else {
            return Ok(());
        };
        let typed = terminal.prompt.handle_key(key, PromptTerminal::columns(), now);
        self.take_typed(typed, now)
    }

    /// Carries out the outcome of a key.
    fn take_typed(&mut self, typed: KeyOutcome, now: LocalTime) -> Result<(), Failure> {
        match typed {
            KeyOutcome::Editing => {}
            KeyOutcome::Pasted => self.print_lines(vec![msg!("spoken-pasted-together").to_owned()])?,
            KeyOutcome::Line(line) => {
                // The typed line stays above its effects.
                if let Some(terminal) = self.input.terminal() {
                    let left = terminal.prompt.leave();
                    self.output.raw(left.as_bytes())?;
                }
                self.plain.handle_line(&line, now);
            }
            KeyOutcome::Action(id) => self.plain.handle_action(id, now),
            KeyOutcome::Interrupted => self.print_lines(vec![spoken::interrupt_again(INTERRUPT_STANDS)])?,
            KeyOutcome::Leave => self.plain.handle_action(ActionId::Leave, now),
            KeyOutcome::Complete(before) => self.complete(&before)?,
        }
        Ok(())
    }

    /// Inserts pasted text into the line, and reports if it is more than fits on the screen.
    fn paste(&mut self, text: &str) -> Result<(), Failure> {
        let text = text.trim_end_matches('\n');
        let (lines, chars) = (text.lines().count(), text.chars().count());
        let Some(terminal) = self.input.terminal() else {
            return Ok(());
        };
        let free = terminal.prompt.free_chars();
        terminal.prompt.paste(text);
        if lines <= PASTED_LINES && chars <= free {
            return Ok(());
        }
        self.print_lines(vec![spoken::pasted(lines, chars, free)])
    }

    fn complete(&mut self, before: &str) -> Result<(), Failure> {
        let (from, fitting) = self.plain.completions(before);
        let Some(terminal) = self.input.terminal() else {
            return Ok(());
        };
        match fitting.as_slice() {
            [] => Ok(()),
            [only] => {
                terminal.prompt.complete(from, only);
                Ok(())
            }
            many => {
                let words: Vec<String> = many.iter().map(|word| word.trim_end().to_owned()).collect();
                self.print_lines(vec![msg!("spoken-completions", words = strings::parts(&words))])
            }
        }
    }

    /// Carries out the machine's effects; returns whether the program should end.
    async fn do_all(&mut self) -> Result<bool, Failure> {
        let mut lines = Vec::new();
        while let Some(effect) = self.plain.poll_effect() {
            match effect {
                PlainEffect::Print(line) => lines.push(line),
                PlainEffect::Ring if self.input.terminal().is_some() => self.output.raw(b"\x07")?,
                PlainEffect::Ring => {}
                PlainEffect::Intent(Intent::Leave) => {
                    self.print_lines(lines)?;
                    return Ok(true);
                }
                PlainEffect::Intent(intent) => self.handle(intent, &mut lines).await?,
                PlainEffect::OpenFound(path) => self.open_film(FilmChoice::Chosen(path)),
                PlainEffect::Prepare(begun) => {
                    if let Some(terminal) = self.input.terminal() {
                        terminal.prompt.set(&begun);
                    }
                }
                PlainEffect::Edit => self.edit(&mut lines)?,
            }
        }
        self.print_lines(lines)?;
        Ok(false)
    }

    /// Carries out an intent, or has it carried out.
    async fn handle(&mut self, intent: Intent, lines: &mut Vec<String>) -> Result<(), Failure> {
        if intent == Intent::Suspend {
            return self.suspend();
        }
        if let Intent::Open(text) = intent {
            self.open(text, lines);
        } else if let Intent::Export { path, text } = intent {
            let answers = self.answers.clone();
            files::spawn_detached(move || {
                drop(answers.blocking_send(DiskResult::Note(background::exported(&path, &text))));
            });
        } else if let Intent::Copy(text) = intent {
            lines.push(self.copied(&text));
        } else if let Some(command) = Bridge::command_of(intent) {
            // A client that has ended reports that in its notices.
            drop(self.client.commands().send(command).await);
        }
        Ok(())
    }

    fn open(&self, text: String, lines: &mut Vec<String>) {
        if text.contains("://") {
            return self.open_film(FilmChoice::Typed(text));
        }
        lines.push(msg!("spoken-searching").to_owned());
        let (answers, commands, media) = (self.answers.clone(), self.client.commands(), self.media.clone());
        files::spawn_detached(
            move || match media_arg::local_item(&FilmChoice::Typed(text.clone())) {
                Ok(own) => drop(commands.blocking_send(Command::Open(own))),
                Err(failure) if text.contains('/') => {
                    drop(answers.blocking_send(DiskResult::Note(background::note_of_failure(&failure))));
                }
                Err(_not_there) => {
                    let found = found::films(&text, &files::folders("", media));
                    drop(answers.blocking_send(DiskResult::Found(text, found)));
                }
            },
        );
    }

    fn open_film(&self, film: FilmChoice) {
        let (answers, commands) = (self.answers.clone(), self.client.commands());
        files::spawn_detached(move || match media_arg::local_item(&film) {
            Ok(own) => drop(commands.blocking_send(Command::Open(own))),
            Err(failure) => {
                drop(answers.blocking_send(DiskResult::Note(background::note_of_failure(&failure))));
            }
        });
    }

    fn copied(&mut self, text: &str) -> String {
        let knows_how = !self.input.terminal().is_some_and(|terminal| terminal.is_dumb);
        if knows_how && self.output.copy(text) {
            msg!("spoken-copied").to_owned()
        } else {
            msg!("spoken-needs-terminal").to_owned()
        }
    }

    fn edit(&mut self, lines: &mut Vec<String>) -> Result<(), Failure> {
        let Some(terminal) = self.input.terminal() else {
            lines.push(msg!("spoken-needs-terminal").to_owned());
            return Ok(());
        };
        let text = terminal.prompt.text().to_owned();
        let hidden = terminal.prompt.hide();
        let lent = terminal.lend();
        self.output.raw(format!("{hidden}{lent}").as_bytes())?;
        self.edit = Some(Box::pin(async move { background::in_editor(&text).await }));
        Ok(())
    }

    fn take_edited(&mut self, update: Update) -> Result<(), Failure> {
        self.edit = None;
        self.take_terminal()?;
        if let (Some(terminal), Update::Edited(text)) = (self.input.terminal(), &update) {
            terminal.prompt.set(text.trim_end());
        }
        let held = std::mem::take(&mut self.held);
        self.print_lines(held)?;
        self.apply_updates([update], self.clock.now());
        self.input.show(self.output)
    }

    fn suspend(&mut self) -> Result<(), Failure> {
        if let Some(terminal) = self.input.terminal() {
            let above = terminal.prompt.leave();
            let lent = terminal.lend();
            self.output.raw(format!("{above}{lent}").as_bytes())?;
        }
        if let Err(error) = process::suspend() {
            tracing::warn!(%error, "could not suspend the process");
        }
        self.take_terminal()
    }

    /// Acquires the terminal, for the first time or after a stop, unless the editor is using it.
    fn take_terminal(&mut self) -> Result<(), Failure> {
        if self.edit.is_none()
            && let Some(terminal) = self.input.terminal()
        {
            let taken = terminal.take().map_err(lost)?;
            self.output.raw(taken.as_bytes())?;
        }
        self.input.show(self.output)
    }

    fn print_pending(&mut self) -> Result<(), Failure> {
        let lines = self.plain.take_lines();
        self.print_lines(lines)
    }

    fn print_lines(&mut self, lines: Vec<String>) -> Result<(), Failure> {
        if self.input.terminal().is_some_and(|terminal| terminal.is_lent()) {
            self.held.extend(lines);
            return Ok(());
        }
        if lines.is_empty() {
            return self.input.show(self.output);
        }
        self.input.above(self.output, |output| {
            lines.iter().try_for_each(|line| output.line(line))
        })
    }

    fn give_back(&mut self) -> Result<(), Failure> {
        let Some(terminal) = self.input.terminal() else {
            return Ok(());
        };
        let hidden = terminal.prompt.hide();
        let lent = terminal.lend();
        self.output.raw(format!("{hidden}{lent}").as_bytes())
    }

    fn note(&mut self, words: &str) -> Result<(), Failure> {
        self.input.above(self.output, |output| {
            output.note(words);
            Ok(())
        })
    }
}

async fn edited(edit: &mut Option<Edit>) -> Update {
    match edit {
        Some(edit) => edit.await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(clock: LocalClock, wake: Option<LocalTime>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(clock.instant_of(wake)).await,
        None => std::future::pending().await,
    }
}

fn lost(error: std::io::Error) -> Failure {
    Failure::new(FailureKind::Terminal, msg!("terminal-unusable")).because(error)
}
