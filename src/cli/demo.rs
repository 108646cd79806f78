//! `demo`: runs the whole program and measures it from outside.
//!
//! A server, a host and two participants, each a separate process with its own libmpv, play a clip. This process presses the
//! host's keys and reads all players through their sockets. It reports "in sync" only if they were.

mod measure;
mod parts;
mod players;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use tokio::time::{Instant, sleep};

use self::measure::{PositionSeries, quantile, spreads, together_after};
use self::parts::{DemoFolder, LOOK_AGAIN, Part, standing_player};
use self::players::{Ipc, Sampler};
use super::runtime::runtime;
use crate::exit::{Exit, Failure};
use crate::output::OutputStreams;

/// The largest 95th percentile of the spread during steady playback that counts as "in sync", in seconds.
const STEADY_GOAL: f64 = 0.020;

/// The spread that all players must come down to after each action, in seconds.
const ACTION_GOAL: f64 = 0.050;

/// The time in which they must do so, in seconds.
const ACTION_TIME: f64 = 3.0;

/// How long steady playback is measured.
const STEADY: Duration = Duration::from_secs(12);

/// How long players may take to settle after the start, before steady playback is measured.
const SETTLE: Duration = Duration::from_secs(4);

/// How long an action is observed: the time until the players must be together, and the time for which they must stay so.
const WATCH: Duration = Duration::from_millis(4_200);

/// The clip in the repository, searched for in the working directory and next to the program.
const CLIP: &str = "examples/media/clip.mkv";

/// Measure how far apart three players are.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Film to play [default: the bundled clip]
    #[arg(long, value_name = "FILE")]
    pub(super) film: Option<PathBuf>,
    /// Measure without a screen, even in a terminal
    #[arg(long)]
    pub(super) headless: bool,
}

/// One action on the host's player, and when it was taken.
struct Step {
    name: &'static str,
    from: f64,
    to: f64,
}

/// Runs the subcommand.
pub(super) fn run(args: &DemoArgs, output: &mut OutputStreams) -> Result<Exit, Failure> {
    let film = match &args.film {
        Some(film) => film
            .canonicalize()
            .with_context(|| format!("cannot open {}", film.display()))?,
        None => bundled_clip()?,
    };
    let runtime = runtime()?;
    if !args.headless && std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(runtime.block_on(on_screen(&film))?);
    }
    Ok(runtime.block_on(headless(&film, output))?)
}

/// Shows the room on this terminal, with two friends in it.
async fn on_screen(film: &Path) -> anyhow::Result<Exit> {
    let folder = DemoFolder::new()?;
    let (server, address) = folder.start_server().await?;
    let words = ["host", "--server", &address, "--room", "demo", "--access", "open"];
    let mut host = folder.member_command("ana", &words, film)?;
    let host = host
        .stdin(std::process::Stdio::inherit())
        .spawn()
        .context("cannot start the host")?;
    let play = async {
        // Friends who arrive before the room exists would be refused.
        let mut keys = loop {
            if let Some(keys) = standing_player(&folder.socket("ana")).await? {
                break keys;
            }
            sleep(LOOK_AGAIN).await;
        };
        let friends = start_friends(&folder, &address, film).await?;
        keys.command(json!(["set_property", "pause", false])).await?;
        anyhow::Ok(friends)
    };
    let mut host = host;
    let (friends, status) = tokio::select! {
        friends = play => (friends.unwrap_or_default(), host.wait().await?),
        status = host.wait() => (Vec::new(), status?),
    };
    end_all(friends.into_iter().chain([server])).await?;
    Ok(Exit::from_status(status))
}

/// Plays, seeks, pauses and resumes without a screen, and prints how far apart the players were.
async fn headless(film: &Path, output: &mut OutputStreams) -> anyhow::Result<Exit> {
    let folder = DemoFolder::new()?;
    let (server, address) = folder.start_server().await?;
    output.line(&format!("server    {address} (UDP)"))?;
    let words = ["host", "--server", &address, "--room", "demo", "--access", "open"];
    let mut host = folder.start_member("ana", &words, film)?;
    let mut keys = host.player_is_ready(&folder.socket("ana")).await?;
    let friends = start_friends(&folder, &address, film).await?;
    output.line("members   ana (host), bo, chi: a process and a libmpv each")?;
    let origin = Instant::now();
    let mut samplers = Vec::new();
    for name in ["ana", "bo", "chi"] {
        samplers.push(Sampler::start(&folder.socket(name), origin).await?);
    }
    let (steps, steady) = act(&mut keys, origin).await?;
    let mut tracks = Vec::new();
    for sampler in samplers {
        tracks.push(sampler.finish().await?);
    }
    end_all(friends.into_iter().chain([host, server])).await?;
    report(&tracks, &steps, steady, output)
}

async fn start_friends(folder: &DemoFolder, address: &str, film: &Path) -> anyhow::Result<Vec<Part>> {
    let room = format!("{address}/demo");
    let mut friends = Vec::new();
    for name in ["bo", "chi"] {
        let mut friend = folder.start_member(name, &["join", &room], film)?;
        friend.player_is_ready(&folder.socket(name)).await?;
        friends.push(friend);
    }
    Ok(friends)
}

async fn end_all(parts: impl IntoIterator<Item = Part>) -> anyhow::Result<()> {
    let mut failed = None;
    for part in parts {
        failed = part.end().await.err().or(failed);
    }
    failed.map_or(Ok(()), Err)
}

/// Acts on the host's player as its user would. Returns the actions and the period of steady playback.
async fn act(keys: &mut Ipc, origin: Instant) -> anyhow::Result<(Vec<Step>, (f64, f64))> {
    let seconds = || (Instant::now() - origin).as_secs_f64();
    let mut steps = Vec::new();
    let mut press = async |name, command, watch: Duration| {
        let from = seconds();
        keys.command(command).await?;
        sleep(watch).await;
        steps.push(Step {
            name,
            from,
            to: seconds(),
        });
        anyhow::Ok(())
    };
    press("play", json!(["set_property", "pause", false]), WATCH).await?;
    sleep(SETTLE).await;
    let steady_from = seconds();
    sleep(STEADY).await;
    let steady = (steady_from, seconds());
    press("seek", json!(["seek", 10, "relative"]), WATCH).await?;
    press("pause", json!(["set_property", "pause", true]), WATCH).await?;
    press("resume", json!(["set_property", "pause", false]), WATCH).await?;
    Ok((steps, steady))
}

fn report(
    tracks: &[PositionSeries],
    steps: &[Step],
    (from, to): (f64, f64),
    output: &mut OutputStreams,
) -> anyhow::Result<Exit> {
    let mut reasons = Vec::new();
    for step in steps {
        let after = together_after(tracks, step.from, step.to, ACTION_GOAL).filter(|s| *s <= ACTION_TIME);
        match after {
            Some(s) => output.line(&format!("{:<9} all within 50 ms after {s:.2} s", step.name))?,
            None => reasons.push(format!("{}: not within 50 ms in 3 s", step.name)),
        }
    }
    let spread = spreads(tracks, from, to);
    let known = spread.len() as f64 * measure::GRID / (to - from);
    if let (Some(p50), Some(p95), Some(worst)) = (
        quantile(&spread, 0.5),
        quantile(&spread, 0.95),
        quantile(&spread, 1.0),
    ) {
        output.line(&format!(
            "playing   apart p50 {:.1} ms, p95 {:.1} ms, worst {:.1} ms over {:.0} s",
            p50 * 1e3,
            p95 * 1e3,
            worst * 1e3,
            to - from
        ))?;
        if p95 > STEADY_GOAL {
            reasons.push(format!("p95 of {:.1} ms is above 20 ms", p95 * 1e3));
        }
    }
    if known < 0.8 {
        reasons.push(format!(
            "the players could be compared only {:.0} % of the time",
            known * 100.0
        ));
    }
    if reasons.is_empty() {
        output.line("in sync")?;
        return Ok(Exit::Ok);
    }
    for reason in reasons {
        output.line(&format!("not in sync: {reason}"))?;
    }
    Ok(Exit::Other)
}

fn bundled_clip() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    std::iter::once(Path::new("."))
        .chain(program.ancestors())
        .map(|folder| folder.join(CLIP))
        .find(|clip| clip.is_file())
        .and_then(|clip| clip.canonicalize().ok())
        .with_context(|| format!("cannot find {CLIP}: run this in the project's folder, or give --film FILE"))
}
