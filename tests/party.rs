//! Tests of whole sessions: the program in separate processes, each with the real libmpv but without a window and a sound card,
//! over real QUIC on the loopback address, observed and controlled from outside as people and scripts would.

#![cfg(all(feature = "tui", feature = "mpv"))]

#[path = "party/bench_resume.rs"]
mod bench_resume;
#[path = "party/bench_seats.rs"]
mod bench_seats;
#[path = "mpv/clip.rs"]
mod clip;
#[path = "party/clock_steps.rs"]
mod clock_steps;
#[path = "party/coming_back.rs"]
mod coming_back;
#[path = "party/control.rs"]
mod control;
#[path = "party/figures.rs"]
mod figures;
#[path = "party/files.rs"]
mod files;
#[path = "party/halves.rs"]
mod halves;
#[path = "mpv/http.rs"]
mod http;
#[path = "party/leaving.rs"]
mod leaving;
#[path = "party/ledger.rs"]
mod ledger;
#[path = "party/links.rs"]
mod links;
#[path = "party/live.rs"]
mod live;
#[path = "party/members.rs"]
mod members;
#[path = "party/player.rs"]
mod player;
#[path = "party/process.rs"]
mod process;
#[path = "it/pty.rs"]
mod pty;
#[path = "party/reconnect.rs"]
mod reconnect;
#[path = "party/relay.rs"]
mod relay;
#[path = "party/resume.rs"]
mod resume;
#[path = "party/screen.rs"]
mod screen;
#[path = "party/seats.rs"]
mod seats;
#[path = "party/slow_disk.rs"]
mod slow_disk;
#[path = "party/slow_player.rs"]
mod slow_player;
#[path = "party/soak.rs"]
mod soak;
#[path = "party/sound.rs"]
mod sound;
#[path = "party/station.rs"]
mod station;
#[path = "party/together.rs"]
mod together;
#[path = "party/truth.rs"]
mod truth;
#[path = "party/watcher.rs"]
mod watcher;
#[path = "mpv/window.rs"]
mod window;
