//! The simulation: a room, its sessions, their players and the links between them, in virtual time.
//!
//! The room is the server's code and the sessions are the client's code; only sockets, mpv and the clock are simulated. Each
//! world is generated from a seed, which a failing test prints. `SIM_SEED=n` replays only that seed, `SIM_SEEDS=n` runs the first
//! n. [`claims`] and [`accidents`] have one test per claim with some seeds, [`rows`] has one per measured situation with its
//! goal, and [`random`] plays random sessions. [`recorded`] checks that the simulated player behaves like libmpv; [`search`]
//! looks for better parameters of the control law.

mod accidents;
mod claims;
mod client;
mod link;
mod random;
mod recorded;
mod rows;
mod search;
mod server;
mod world;

/// Runs a test in the worlds of some seeds: as many as the environment says, or only the seed that it says.
fn for_seeds(count: u64, mut test: impl FnMut(u64)) {
    let wanted = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    if let Some(seed) = wanted("SIM_SEED") {
        return test(seed);
    }
    for seed in 1..=wanted("SIM_SEEDS").unwrap_or(count) {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(seed)));
        if let Err(cause) = outcome {
            let words = cause
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| cause.downcast_ref::<&str>().map(|&words| words.to_owned()));
            panic!("SIM_SEED={seed}: {}", words.unwrap_or_default());
        }
    }
}
