//! `serve`: a server without a screen.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::unix::pipe;
use tokio::sync::watch::Receiver;
use watchtogether_protocol::message::room::ClosingReason;
use watchtogether_protocol::network::Network;
use watchtogether_server::net::tls::{HandedKey, IdentityError};
use watchtogether_server::{Retention, Server, ServerConfig as Bind};
use watchtogether_tui::msg;

use super::globals::{Globals, variable, variable_names};
use super::runtime::runtime;
use super::server_failures;
use super::server_pipe::{CLOSE_ROOMS, REACHED_LOCAL, REACHED_OUTSIDE};
use super::watch;
use crate::config::Configured;
use crate::config::server::{ServerConfig, ServerLayer};
use crate::exit::{Exit, Failure, FailureKind};
use crate::output::OutputStreams;
use crate::process::ProcessSignal;
use crate::transport::four_words;

/// Serve rooms.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Limits on rooms, members, connections, message rates and how long seats are kept are set in server.toml, or \
    in environment variables such as WATCHTOGETHER_SERVE_ROOMS_MEMBERS. To print a server.toml with all of them: \
    watchtogether config init --server. To see the values in effect and where each comes from: watchtogether config show \
    --server --origin."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct ServeArgs {
    /// The UDP address to listen on
    #[arg(
        long,
        value_name = "ADDR:PORT",
        value_parser = listen_address,
        help = "UDP address to listen on [default: [::]:7843]"
    )]
    pub(super) listen: Option<SocketAddr>,
    /// Folder for the server's key and rooms [default: the state folder]
    #[arg(long, value_name = "DIR")]
    pub(super) state_dir: Option<PathBuf>,
    /// Save nothing to disk: rooms and invites end with the server
    #[arg(long, conflicts_with = "state_dir")]
    pub(super) ephemeral: bool,
    /// Exempt clients on this machine from per-address limits: true or false [default: true]
    #[arg(
        long,
        value_name = "BOOL",
        long_help = "Exempt clients on this machine from per-address limits: true or false [default: true]\n\n\
            With false, everyone who connects through a proxy on this machine shares the limits of one address"
    )]
    pub(super) exempt_loopback: Option<bool>,
    /// Print the ready line as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// End when standard input ends: for the client that started it
    #[arg(long, hide = true)]
    pub(super) with_parent: bool,
    /// Keep nothing and read the key from the first line of standard input: for a client that keeps nothing either
    #[arg(long, hide = true, requires = "with_parent", conflicts_with_all = ["state_dir", "ephemeral"])]
    pub(super) handed_key: bool,
}

/// Runs the subcommand.
pub(super) fn run(args: ServeArgs, globals: &Globals, output: &mut OutputStreams) -> Result<Exit, Failure> {
    globals.log_here()?;
    let flags = ServerLayer {
        listen: args.listen.map(Configured::flag),
        state_dir: args.state_dir.map(Configured::flag),
        exempt_loopback: args.exempt_loopback.map(Configured::flag),
        ..ServerLayer::default()
    };
    let config = config(flags, globals)?;
    let state_dir = state_dir_of(config.state_dir, globals);
    let keeps = if args.handed_key {
        Retention::Handed(handed_key()?)
    } else if args.ephemeral {
        Retention::Nothing
    } else if args.with_parent {
        // The rooms belong to the host and end with the server.
        Retention::Key(state_dir)
    } else {
        Retention::Rooms(state_dir)
    };
    let bind = Bind {
        listen: config.listen.value,
        keeps,
        is_loopback_exempt: config.exempt_loopback.value,
        limits: config.limits,
    };
    let runtime = runtime()?;
    runtime.block_on(async {
        let server = Server::bind(&bind).map_err(server_failures::of_start)?;
        let (address, pin) = (server.local_addr(), server.pin());
        let version = env!("CARGO_PKG_VERSION");
        // Set up before the ready line is printed, because somebody may tell the server to end right after it.
        let mut signals = watch::signals()?;
        let words = four_words(pin);
        let damaged = damaged_rooms(&server);
        if args.json {
            output.json(&json!({
                "v": 1,
                "type": "ready",
                "address": address.to_string(),
                "pin": pin.to_string(),
                "words": words,
                "version": version,
                "damaged_rooms": damaged,
            }))?;
        } else {
            output.line(&msg!(
                "server-ready",
                address = address.to_string(),
                pin = pin.to_string(),
                words = words,
                version = version
            ))?;
        }
        for room in &damaged {
            output.note(&msg!("server-damaged-room", room = room));
        }
        let parent = async {
            if args.with_parent {
                end_of_input().await
            } else {
                std::future::pending().await
            }
        };
        let reason = async {
            tokio::select! {
                () = async { while signals.next().await != ProcessSignal::End {} } => ClosingReason::ServerEnds,
                reason = parent => reason,
            }
        };
        let reached = server.reached();
        // The server returns after it was told to end and its members were notified.
        tokio::select! {
            () = server.run_until(reason) => {}
            never = print_reached(reached, output), if args.json => match never {},
        }
        Ok(Exit::Ok)
    })
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_error| msg!("listen-address").to_owned())
}

/// Returns the folder that a server keeps its state in.
pub(super) fn state_dir(flag: Option<PathBuf>, globals: &Globals) -> Result<PathBuf, Failure> {
    let flags = ServerLayer {
        state_dir: flag.map(Configured::flag),
        ..ServerLayer::default()
    };
    Ok(state_dir_of(config(flags, globals)?.state_dir, globals))
}

fn state_dir_of(configured: Option<Configured<PathBuf>>, globals: &Globals) -> PathBuf {
    configured.map_or_else(|| globals.paths.server_state(), |set| set.value)
}

pub(super) fn config(flags: ServerLayer, globals: &Globals) -> Result<ServerConfig, Failure> {
    let file = globals.paths.server_file();
    ServerConfig::load(flags, variable, &variable_names(), &file).map_err(|mistakes| {
        let mut failure = Failure::from(mistakes);
        // The server has its own configuration file, so the hint names that instead of the client's.
        failure.hint = Some(msg!("hint-server-config-init").to_owned());
        failure
    })
}

/// Returns the names of the rooms that cannot be read.
fn damaged_rooms(server: &Server) -> Vec<String> {
    let names = server.damaged_rooms().iter().map(|room| {
        let name = room.name.as_ref().map(ToString::to_string);
        name.unwrap_or_else(|| msg!("server-nameless-room").to_owned())
    });
    names.collect()
}

/// Prints the distance of the furthest member each time it grows. The client that started this server shows it to its user.
async fn print_reached(mut reached: Receiver<Network>, output: &mut OutputStreams) -> Infallible {
    while reached.changed().await.is_ok() {
        let from = match *reached.borrow_and_update() {
            Network::Machine => continue,
            Network::Local => REACHED_LOCAL,
            Network::Outside => REACHED_OUTSIDE,
        };
        if let Err(error) = output.json(&json!({ "v": 1, "type": "reached", "from": from })) {
            tracing::debug!(%error, "nobody reads the reports of this server");
            break;
        }
    }
    std::future::pending().await
}

/// Reads the key that the client which started this server passes in, and not a byte more.
fn handed_key() -> Result<HandedKey, Failure> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    let read = loop {
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(0) => break Ok(()),
            Ok(_length) if byte == *b"\n" => break Ok(()),
            Ok(_length) => line.extend(byte),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => break Err(error),
        }
    };
    read.map_err(|error| Failure::new(FailureKind::NotServing, msg!("server-key-handed")).because(error))?;
    let key = str::from_utf8(&line).ok().and_then(HandedKey::from_line);
    key.ok_or_else(|| server_failures::of_identity(IdentityError::Handed))
}

/// Returns when standard input ends. The client that started this server holds the other end, and first sends whether the rooms
/// end as well.
async fn end_of_input() -> ClosingReason {
    let input = io::stdin()
        .as_fd()
        .try_clone_to_owned()
        .and_then(pipe::Receiver::from_owned_fd);
    let Ok(input) = input else {
        // Not a pipe, so nobody started this server as a child.
        return std::future::pending().await;
    };
    end_of(input).await
}

/// Returns why an input ended, once it has. All other data that is written to it is skipped.
async fn end_of(mut input: impl AsyncRead + Unpin) -> ClosingReason {
    let mut first = Vec::new();
    let most = CLOSE_ROOMS.len() + 1;
    // An input that fails counts as ended.
    let read = (&mut input).take(most as u64).read_to_end(&mut first).await;
    let rest = tokio::io::copy(&mut input, &mut tokio::io::sink()).await;
    if read.is_ok() && rest.is_ok() && first == CLOSE_ROOMS {
        ClosingReason::RoomClosed
    } else {
        ClosingReason::HostGone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_whole_word_closes_the_rooms_and_endless_input_is_skipped() {
        let endless = tokio::io::repeat(b'x').take(64 * 1024 * 1024);

        assert_eq!(end_of(CLOSE_ROOMS).await, ClosingReason::RoomClosed);
        assert_eq!(end_of(&b""[..]).await, ClosingReason::HostGone);
        assert_eq!(
            end_of(&[CLOSE_ROOMS, b"x"].concat()[..]).await,
            ClosingReason::HostGone
        );
        assert_eq!(end_of(endless).await, ClosingReason::HostGone);
    }
}
