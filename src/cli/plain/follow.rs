//! The loop of plain mode: the only part of it that waits.

use tokio::sync::{broadcast, mpsc};
use watchtogether_protocol::network::Network;
use watchtogether_tui::strings;

use super::{Plain, typed};
use crate::cli::card::Card;
use crate::cli::party;
use crate::driver::{Client, Notice};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::process::{self, Signals};
use crate::session::command::Command;
use crate::transport::four_words;

/// Tells what happens and does what is typed, until the user leaves, a signal ends the program or the session is over.
pub(in crate::cli) async fn follow(
    client: &Client,
    mut notices: broadcast::Receiver<Notice>,
    card: &Card,
    signals: &mut Signals,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let mut plain = Plain::default();
    let mut lines = stdin_lines();
    let mut pin = None;
    let mut reached = Network::Machine;
    loop {
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            Some(line) = lines.recv() => {
                match typed::read(&line, &client.status().borrow()) {
                    Ok(Some(Command::Leave)) => return Ok(Exit::Ok),
                    Ok(Some(command)) => {
                        // A client that is gone says so by its notices.
                        drop(client.commands().send(command).await);
                    }
                    Ok(None) => {
                        for line in typed::help() {
                            output.line(&line)?;
                        }
                    }
                    Err(words) => output.line(&words)?,
                }
                continue;
            }
            words = card.is_reached(&mut reached) => {
                output.note(&format!("{words}."));
                continue;
            }
            signal = signals.next() => match signal {
                process::Notice::End => return Ok(Exit::Ok),
                process::Notice::Continued => continue,
            },
        };
        match notice {
            Ok(Notice::Connected(identity)) => {
                pin = Some(identity.pin);
                if identity.is_new {
                    let words = four_words(identity.pin);
                    output.note(&format!("New server, remembered. Its key in words: {words}."));
                }
            }
            Ok(Notice::Event(event)) => {
                for line in plain.lines(&event) {
                    output.line(&line)?;
                }
                if party::opens_to_others(&event)
                    && let Some(invite) = card.invite(&event, pin)
                {
                    let invite = strings::invite_line(&invite.to_string());
                    output.line(&format!("Send this line to your friends: {invite}"))?;
                    output.copy(&invite);
                    for note in card.notes() {
                        output.note(&note);
                    }
                }
            }
            Ok(Notice::Finished(end)) => return party::finish(&end, card),
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                output.line(&format!("{missed} events were not shown."))?;
            }
            Err(broadcast::error::RecvError::Closed) => return Ok(Exit::Other),
        }
    }
}

/// Reads lines on a thread of their own: standard input cannot be waited for otherwise.
fn stdin_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
