//! `host`: opens a room, on a server of its own unless told otherwise.

use watchtogether_tui::strings::home as strings;

use super::access::access;
use super::args::{HostArgs, RoomArg};
use super::globals::Globals;
use super::media_arg;
use super::opening::{At, Opening};
use super::runtime::runtime;
use super::way_in::WayIn;
use crate::config::Set;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs the subcommand.
pub(super) fn run(args: HostArgs, globals: &Globals, output: &mut Output) -> Result<Exit, Failure> {
    let mut flags = args.party.layer();
    flags.access = args.access.map(|access| Set::flag(access.into()));
    flags.on_stall = args.on_stall.map(|policy| Set::flag(policy.into()));
    flags.server = args.server.clone().map(Set::flag);
    flags.port = args.port.map(Set::flag);
    let config = globals.load(flags)?;
    let opening = Opening {
        film: args.film.as_deref().map(media_arg::of_argument).transpose()?,
        copy_of: None,
        note: args.room.as_ref().and_then(|room| note_of(room, output)),
        room: args.room.map(|room| room.name),
        access: access(&config, args.password_file.as_deref())?,
        at: At::configured(&config, None, globals),
        public: args.public,
        again: None,
    };
    let way = WayIn::Open(Box::new(opening));
    runtime()?.block_on(way.run(config, globals, output))
}

/// Says what was made of a name that was typed, where it is another, and returns that for the screen, which hides what stands here.
fn note_of(room: &RoomArg, output: &mut Output) -> Option<String> {
    (room.name.as_str() != room.typed).then(|| {
        let words = strings::room_is_called(room.name.as_str());
        output.note(&words);
        words
    })
}

#[cfg(test)]
mod tests {
    use crate::cli::args::PublicAddress;

    #[test]
    fn a_public_address_without_a_port_has_the_servers() {
        let at = |text: &str| {
            let public: PublicAddress = text.parse().expect("an address");
            public.at(40_001).map(|address| address.to_string()).ok()
        };

        assert_eq!(at("example.org").as_deref(), Some("example.org:40001"));
        assert_eq!(at("example.org:7843").as_deref(), Some("example.org:7843"));
        assert_eq!(at("[2001:db8::1]").as_deref(), Some("[2001:db8::1]:40001"));
    }
}
