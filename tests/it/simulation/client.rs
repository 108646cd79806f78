//! One member's machine: its clock, its session, its player, its films, and the lines on its screen.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use watchtogether::player::simulated::{Machine, SimulatedFilm, SimulatedPlayer};
use watchtogether::player::{PlayerCommand, Source};
use watchtogether::seeded_rng::SeededRng;
use watchtogether::session::command::Command;
use watchtogether::session::event::{EntryKind, Event};
use watchtogether::session::output::SessionEnd;
use watchtogether::session::{Admission, LocalItem, Session, SessionConfig};
use watchtogether::sync::law::Law;
use watchtogether_protocol::item::{Fingerprint, ItemSource};
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::Access;
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{Clean, Item, Length, LocalTime, MediaTime};

use super::link::{Path, SimulatedLink};

/// The configuration of a client.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) name: &'static str,
    pub(super) is_host: bool,
    /// The films on its disk, by title.
    pub(super) films: BTreeMap<String, SimulatedFilm>,
    /// The film named on its command line.
    pub(super) own: Option<&'static str>,
    pub(super) has_player: bool,
    pub(super) path: Path,
    /// How much its clock is faster than true time, as a fraction.
    pub(super) clock_error: f64,
    pub(super) card_error: f64,
    pub(super) has_cold_output: bool,
    /// The errors of its player's readings, used in turn.
    pub(super) scatter: Vec<f64>,
    /// The room's stall policy, if this member opens it.
    pub(super) on_stall: StallPolicy,
    pub(super) law: Law,
}

impl Setup {
    /// Returns a member with a good machine, a short path and the film.
    pub(super) fn plain(name: &'static str) -> Self {
        Self {
            name,
            is_host: false,
            films: [("film".to_owned(), SimulatedFilm::short_gop(HOUR))].into(),
            own: None,
            has_player: true,
            path: Path::LAN,
            clock_error: 0.0,
            card_error: 0.0,
            has_cold_output: false,
            scatter: Vec::new(),
            on_stall: StallPolicy::Wait,
            law: Law::default(),
        }
    }

    /// Returns a member with a typical machine and path.
    pub(super) fn random(name: &'static str, rng: &mut SeededRng) -> Self {
        let film = if rng.happens(0.3) {
            SimulatedFilm::long_gop(HOUR)
        } else {
            SimulatedFilm::short_gop(HOUR)
        };
        Self {
            films: [("film".to_owned(), film), ("next".to_owned(), film)].into(),
            path: Path::random(rng),
            clock_error: rng.between(-50e-6, 50e-6),
            card_error: rng.between(-200e-6, 200e-6),
            has_cold_output: rng.happens(0.3),
            ..Self::plain(name)
        }
    }

    /// Returns the same member as the one who opens the room and sets the film.
    pub(super) fn hosting(self) -> Self {
        Self {
            is_host: true,
            own: Some("film"),
            ..self
        }
    }
}

/// The length of the films that are not played to their end.
pub(super) const HOUR: MediaTime = MediaTime::from_millis(3_600_000);

/// A member's machine.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) setup: Setup,
    pub(super) session: Session,
    pub(super) player: Option<SimulatedPlayer>,
    pub(super) link: SimulatedLink,
    /// Its newest connection; messages of older ones are dropped.
    pub(super) connection: Option<u64>,
    pub(super) is_connected: bool,
    pub(super) is_gone: bool,
    /// Until when its machine sleeps, together with its player.
    pub(super) asleep_until: u64,
    /// The number of holds that its player got so far.
    pub(super) holds: u32,
    pub(super) events: Vec<Event>,
    /// The chat on its screen.
    pub(super) chat: Vec<ChatLine>,
    pub(super) end: Option<SessionEnd>,
    clock_offset: u64,
    seed: u64,
}

impl Client {
    pub(super) fn new(setup: Setup, seed: u64, now: u64) -> Self {
        let mut rng = SeededRng::from_seed(seed);
        let admission = if setup.is_host {
            Admission::Host {
                room: Some("film".parse().expect("a valid name")),
                is_name_chosen: true,
                access: Access::Open,
                settings: RoomSettings::new(setup.on_stall),
                again: None,
            }
        } else {
            Admission::Join {
                room: "film".parse().expect("a valid name"),
                token: None,
                password: None,
            }
        };
        let config = SessionConfig {
            address: "example.org".parse().expect("an address"),
            name: setup.name.parse().expect("a valid name"),
            avatar: None,
            software: Clean::line("simulation"),
            admission,
            local_item: setup.own.map(local_item),
            copy_of: None,
            has_player: setup.has_player,
            pause_after_lost: Duration::from_mins(2),
            law: setup.law,
            seed: rng.bits(),
            wall: WallTime(1_700_000_000_000),
        };
        let clock_offset = rng.bits() >> 14;
        let mut client = Self {
            link: SimulatedLink::new(setup.path, rng.bits()),
            session: Session::new(config, LocalTime::default()),
            player: None,
            connection: None,
            is_connected: false,
            is_gone: false,
            asleep_until: 0,
            holds: 0,
            events: Vec::new(),
            chat: Vec::new(),
            end: None,
            clock_offset,
            seed: rng.bits(),
            setup,
        };
        let local = client.local(now);
        client.session.start(local);
        client
    }

    /// Returns its clock's reading at a true instant.
    pub(super) fn local(&self, now: u64) -> LocalTime {
        LocalTime::from_nanos(self.clock_offset + scale(now, self.setup.clock_error))
    }

    /// Records that its clock stood still until now, and returns its reading.
    pub(super) fn stand_still(&mut self, duration: Duration, now: u64) -> LocalTime {
        self.clock_offset -= super::link::nanos(duration);
        self.local(now)
    }

    /// Returns the first true instant at which its clock shows `local`.
    pub(super) fn truth(&self, local: LocalTime) -> u64 {
        let elapsed = local.as_nanos().saturating_sub(self.clock_offset);
        let mut guess = scale(elapsed, -self.setup.clock_error);
        while self.local(guess) < local {
            guess += 1 + (local.as_nanos() - self.local(guess).as_nanos()) / 2;
        }
        guess
    }

    pub(super) fn command(&mut self, command: Command, now: u64) {
        let local = self.local(now);
        self.session.handle_command(command, local);
    }

    pub(super) fn start_player(&mut self, now: u64) {
        let films = self.setup.films.iter();
        let machine = Machine {
            films: films
                .map(|(title, film)| (Machine::key(&source(title)), *film))
                .collect(),
            card_error: self.setup.card_error,
            scatter: self.setup.scatter.clone(),
            has_cold_output: self.setup.has_cold_output,
            lateness: 0.2e-3,
        };
        self.seed = self.seed.wrapping_add(1);
        self.player = Some(SimulatedPlayer::new(machine, self.seed, self.local(now)));
    }

    pub(super) fn command_player(&mut self, command: PlayerCommand, now: u64) {
        self.holds += u32::from(matches!(command, PlayerCommand::Hold { .. }));
        let local = self.local(now);
        if let Some(player) = &mut self.player {
            player.handle_command(command, local);
        }
    }

    /// Returns the copy of an item on its disk.
    pub(super) fn find(&self, item: &Item) -> Option<LocalItem> {
        let titles = self.setup.films.keys();
        titles
            .map(|title| local_item(title))
            .find(|copy| copy.item.source == item.source)
    }

    pub(super) fn note(&mut self, event: Event) {
        if let Event::Entered { entered, how } = &event
            && *how != EntryKind::Resumed
        {
            self.chat.clone_from(&entered.chat);
        }
        if let Event::Chat(line) = &event {
            self.chat.push(line.clone());
        }
        self.events.push(event);
    }

    /// Returns the true position of its film.
    pub(super) fn position(&mut self, now: u64) -> MediaTime {
        let local = self.local(now);
        self.player
            .as_mut()
            .map_or(MediaTime::ZERO, |p| p.position(local))
    }

    pub(super) fn is_playing(&self) -> bool {
        self.player.as_ref().is_some_and(SimulatedPlayer::is_playing)
    }

    pub(super) fn is_paused_in_place(&self) -> bool {
        self.player
            .as_ref()
            .is_some_and(SimulatedPlayer::is_paused_in_place)
    }

    /// Acts in its player's window, if there is one.
    pub(super) fn at_window(&mut self, now: u64, act: impl FnOnce(&mut SimulatedPlayer, LocalTime)) {
        let local = self.local(now);
        if let Some(player) = &mut self.player {
            act(player, local);
        }
    }
}

/// Returns the path of a film, which is the same on every disk.
pub(super) fn source(title: &str) -> Source {
    Source::File(PathBuf::from(format!("/films/{title}")))
}

/// Returns the item of a film; players find out its duration.
pub(super) fn local_item(title: &str) -> LocalItem {
    let mut fingerprint = [0; 32];
    fingerprint[..title.len()].copy_from_slice(title.as_bytes());
    LocalItem {
        source: source(title),
        item: Item {
            title: Clean::line(title),
            length: Length::Unknown,
            source: ItemSource::File {
                size: 1_000_000,
                fingerprint: Fingerprint(fingerprint),
            },
        },
    }
}

fn scale(nanos: u64, error: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an hour of nanoseconds times some ppm"
    )]
    let extra = (nanos as f64 * error).round() as i64;
    nanos.saturating_add_signed(extra)
}
