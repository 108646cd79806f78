//! The worker's process: its arguments, its threads with their queues, and the start of libmpv.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

use super::inbox::{self, WorkerInput};
use super::outbox::Outbox;
use super::{Worker, log, options};
use crate::player::PlayerEvent;
use crate::player::mpv::{Idle, MpvStartError};

/// The maximum number of attempts to start a player that ends by itself because of the user's `idle=no`; see
/// [`MpvStartError::Ended`]. While every core was busy, one start of 61 ended that way, so six are enough.
const STARTS: u32 = 6;

/// The maximum number of commands and events that wait for the controller. If the queue is full, the threads that send them wait.
const INPUTS: usize = 256;

/// Runs the worker with the arguments after its name on the command line: `--mpv-option NAME=VALUE`, repeatable.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut options = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let option = arguments.next().filter(|_| argument == "--mpv-option");
        let Some(option) = option.and_then(|option| option.into_string().ok()) else {
            log("the worker takes only --mpv-option NAME=VALUE");
            return ExitCode::from(2);
        };
        let (name, value) = option.split_once('=').unwrap_or((&option, ""));
        options.push((name.to_owned(), value.to_owned()));
    }
    run(&options)
}

/// Runs the worker; standard input is the pipe to the parent.
fn run(options: &[(String, String)]) -> ExitCode {
    match try_run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&format!("the worker cannot work: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn try_run(options: &[(String, String)]) -> std::io::Result<()> {
    let pipe = inbox::take_pipe()?;
    let outbox = Outbox::start(pipe.try_clone()?)?;
    let (inputs, queue) = sync_channel(INPUTS);
    let (alive, has_ended) = sync_channel(0);
    inbox::start(pipe, inputs.clone(), has_ended)?;
    let mut tries = 1..STARTS;
    let started = loop {
        let inputs = inputs.clone();
        let started = Idle::create().and_then(|idle| {
            options::prepare(&idle, options)?;
            idle.start(options::AT_ONCE, move |at, event| {
                inputs.send(WorkerInput::Event(at, event)).is_ok()
            })
        });
        if !matches!(started, Err(MpvStartError::Ended)) || tries.next().is_none() {
            break started;
        }
        log("mpv ended because of idle=no in its configuration; it is started again");
    };
    drop(inputs);
    match started {
        Ok(mpv) => {
            let mut worker = Worker::new(mpv, &outbox, options);
            worker.run(&queue);
            // Nobody will carry out commands that arrive now, and their thread must not wait for space in the queue.
            drop(queue);
            worker.mpv.end();
        }
        Err(error) => outbox.push(PlayerEvent::Gone {
            reason: error.into(),
            log: None,
            may_retry: false,
        }),
    }
    outbox.finish();
    drop(alive);
    Ok(())
}
