//! Tests of the player with the real libmpv, without a window and a sound card.

#![cfg(feature = "mpv")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one event and skips all others"
)]

#[path = "mpv/bindings.rs"]
mod bindings;
#[path = "mpv/clip.rs"]
mod clip;
#[path = "mpv/facts.rs"]
mod facts;
#[path = "mpv/http.rs"]
#[expect(dead_code, reason = "only the tests of whole sessions use all of it")]
mod http;
#[path = "mpv/opening.rs"]
mod opening;
#[path = "mpv/recording.rs"]
mod recording;
#[path = "mpv/start.rs"]
mod start;
#[path = "mpv/test_player.rs"]
mod test_player;
#[path = "mpv/timing.rs"]
mod timing;
#[path = "mpv/window.rs"]
mod window;
#[path = "mpv/window_requests.rs"]
mod window_requests;
