//! The screen of a running client.

use tokio::sync::broadcast;

use super::party::Card;
use crate::control::wire::Problem;
use crate::driver::{Client, Notice};
use crate::exit::{Exit, Failure};
use crate::process::Signals;
use crate::session::command::Command;

pub(super) async fn follow(
    client: &Client,
    mut notices: broadcast::Receiver<Notice>,
    _card: &Card,
    signals: &mut Signals,
) -> Result<Exit, Failure> {
    loop {
        tokio::select! {
            notice = notices.recv() => if let Ok(Notice::Finished(end)) = notice { return super::party::finish(&end) },
            signal = signals.next() => if signal == crate::process::Notice::End { return Ok(Exit::Ok) },
        }
        let _ = client;
    }
}

pub(super) async fn obey_line(line: &str, client: &Client) -> Result<(), Problem> {
    let text = super::scripts::text_of(line)?;
    client
        .commands()
        .send(Command::Say { text })
        .await
        .map_err(|_e| Problem::new("ending", "ending"))
}
