//! Tests of sound outputs that start cold, vanish, are suspended and crash: `PulseAudio` with null sinks, which report their
//! buffers as a sound card does.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clip::clip;
use crate::members::{Member, Party, Server};
use crate::process::{Process, eventually};

/// A sound server with two sinks, `one` and `two`.
struct Sound {
    process: Process,
    folder: PathBuf,
}

impl Sound {
    async fn begin(party: &Party) -> Self {
        let folder = party.folder("sound");
        let sound = Self {
            process: Self::server(&folder),
            folder,
        };
        sound.is_up().await;
        sound
    }

    fn server(folder: &Path) -> Process {
        let mut command = Command::new("pulseaudio");
        command
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
            .args(["--disable-shm=yes", "--realtime=no", "--high-priority=no"])
            .arg("-L")
            .arg(format!(
                "module-native-protocol-unix socket={} auth-anonymous=1",
                folder.join("native").display()
            ))
            .args(["-L", "module-null-sink sink_name=one"])
            .args(["-L", "module-null-sink sink_name=two"])
            .envs(
                [
                    "HOME",
                    "XDG_CONFIG_HOME",
                    "XDG_RUNTIME_DIR",
                    "PULSE_RUNTIME_PATH",
                    "PULSE_STATE_PATH",
                ]
                .map(|name| (name, folder)),
            );
        Process::start(command, folder.join("output"))
    }

    async fn is_up(&self) {
        let answers = || {
            self.pactl(&["list", "short", "sinks"])
                .contains("two")
                .then_some(())
        };
        let up = eventually(answers).await;
        assert!(up.is_some(), "no sound server:\n{}", self.process.output());
    }

    /// Ends the server, and starts another one in its place.
    async fn dies_and_comes_back(&mut self) {
        let folder = self.folder.clone();
        self.process.signal(rustix::process::Signal::KILL);
        self.process.ends().await;
        drop(std::fs::remove_file(folder.join("native")));
        self.process = Self::server(&folder);
        self.is_up().await;
    }

    fn address(&self) -> String {
        format!("unix:{}", self.folder.join("native").display())
    }

    /// Sends a command to the server and returns its answer.
    fn pactl(&self, args: &[&str]) -> String {
        let output = Command::new("pactl")
            .args(["--server", &self.address()])
            .args(args)
            .envs(["HOME", "XDG_CONFIG_HOME"].map(|name| (name, &self.folder)))
            .output()
            .expect("make test installs pactl");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn vanishes(&self, sink: &str) {
        let modules = self.pactl(&["list", "short", "modules"]);
        let module = modules
            .lines()
            .find(|line| line.contains(&format!("sink_name={sink}")))
            .and_then(|line| line.split_whitespace().next())
            .unwrap_or_else(|| panic!("no {sink} in {modules}"));
        self.pactl(&["unload-module", module]);
    }
}

/// Ana plays without a sound card, Bo on the sink `two`; returns them once the room plays.
async fn a_party_on(party: &Party, sound: &Sound) -> (Server, Member, Member) {
    let server = party.server().await;
    let ana = party.ana_hosts(&server.address, clip()).await;
    let film = clip().to_str().expect("a plain name");
    let room = format!("{}/den", server.address);
    let bo = party.member_with(
        "bo",
        &[
            "join",
            &room,
            "--mpv-option",
            "ao=pulse",
            "--mpv-option",
            "audio-device=pulse/two",
            film,
        ],
        &[("PULSE_SERVER", sound.address())],
    );
    bo.stands("the film is open", |s| s.sync.state == "standing")
        .await;
    ana.does(&["ctl", "play"]).await;
    (server, ana, bo)
}

/// The number of consecutive checks, ten per second, in which a member must be in sync.
const LOOKS: u32 = 20;

/// Waits until Bo's player stays within 20 ms of the room; returns the number of its corrections so far.
async fn bo_is_together(bo: &Member, reason: &str) -> u32 {
    let looks = Cell::new(0);
    let status = bo
        .stands(reason, |s| {
            let is_near = s.sync.drift_ms.is_some_and(|drift| drift.abs() <= 20.0);
            looks.set(if s.sync.state == "playing" && is_near {
                looks.get() + 1
            } else {
                0
            });
            looks.get() == LOOKS
        })
        .await;
    status.sync.corrections
}

#[tokio::test]
async fn an_output_that_starts_cold_settles() {
    let party = Party::new();
    let sound = Sound::begin(&party).await;
    let (_server, ana, bo) = a_party_on(&party, &sound).await;

    let corrections = bo_is_together(&bo, "together on a cold output").await;

    assert!(corrections <= 1, "{corrections} corrections");
    assert!(
        sound
            .pactl(&["list", "short", "sink-inputs"])
            .contains("float32le"),
        "nothing was played"
    );
    ana.was_left_alone().await;
}

#[tokio::test]
async fn an_output_that_vanishes_while_it_plays_is_gone_through() {
    let party = Party::new();
    let sound = Sound::begin(&party).await;
    let (_server, ana, bo) = a_party_on(&party, &sound).await;
    let before = bo_is_together(&bo, "together at first").await;

    sound.vanishes("two");

    let gone = eventually(|| (!sound.pactl(&["list", "short", "sinks"]).contains("two")).then_some(())).await;
    assert!(gone.is_some());
    let after = bo_is_together(&bo, "together on what is left").await;
    assert!(after - before <= 3, "{before} and then {after} corrections");
    ana.was_left_alone().await;
}

#[tokio::test]
async fn an_output_that_sleeps_for_a_moment_is_gone_through() {
    let party = Party::new();
    let sound = Sound::begin(&party).await;
    let (_server, ana, bo) = a_party_on(&party, &sound).await;
    let before = bo_is_together(&bo, "together at first").await;

    sound.pactl(&["suspend-sink", "two", "1"]);
    assert!(sound.pactl(&["list", "short", "sinks"]).contains("SUSPENDED"));
    sound.pactl(&["suspend-sink", "two", "0"]);

    let after = bo_is_together(&bo, "together when it is awake").await;
    assert!(after - before <= 5, "{before} and then {after} corrections");
    ana.was_left_alone().await;
}

#[tokio::test]
async fn a_sound_server_that_is_killed_is_gone_through() {
    let party = Party::new();
    let mut sound = Sound::begin(&party).await;
    let (_server, ana, bo) = a_party_on(&party, &sound).await;
    let before = bo_is_together(&bo, "together at first").await;

    sound.dies_and_comes_back().await;

    let after = bo_is_together(&bo, "together without it, or with it again").await;
    assert!(after - before <= 3, "{before} and then {after} corrections");
    ana.was_left_alone().await;
}
