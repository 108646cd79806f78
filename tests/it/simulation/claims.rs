//! Tests of one claim each, in several worlds.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether::player::simulated::{SimulatedFilm, SimulatedPlayer};
use watchtogether::session::command::Command;
use watchtogether::session::event::Event;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::PlayerState;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::{Clean, MediaTime, Playback, Rate, RoomIntent};

use super::client::{HOUR, Setup, local_item};
use super::for_seeds;
use super::link::Path;
use super::world::World;

/// The largest distance between films that have settled, in milliseconds.
pub(super) const SYNC_TOLERANCE_MS: f64 = 20.0;

/// The time within which films settle after an action.
pub(super) const SETTLED_WITHIN: Duration = Duration::from_secs(8);

pub(super) fn three(seed: u64) -> [Setup; 3] {
    let mut rng = watchtogether::seeded_rng::SeededRng::from_seed(seed ^ 0x77);
    [
        Setup::random("ana", &mut rng).hosting(),
        Setup::random("bo", &mut rng),
        Setup::random("chi", &mut rng),
    ]
}

fn plain() -> [Setup; 3] {
    [
        Setup::plain("ana").hosting(),
        Setup::plain("bo"),
        Setup::plain("chi"),
    ]
}

pub(super) fn seconds(position: i64) -> MediaTime {
    MediaTime::from_millis(position * 1_000)
}

fn settle(world: &mut World) -> Duration {
    world.run_until(SETTLED_WITHIN, "all play together", |w| {
        w.is_together(SYNC_TOLERANCE_MS)
    })
}

fn stand(world: &mut World) -> Duration {
    world.run_until(
        SETTLED_WITHIN,
        "all stand at one frame",
        World::is_standing_together,
    )
}

#[test]
fn films_play_within_20_ms_some_seconds_after_a_start() {
    for_seeds(12, |seed| {
        let mut world = World::joined(seed, three(seed));

        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_secs(1));
        settle(&mut world);
        world.run(Duration::from_secs(5));

        world.assert_together(SYNC_TOLERANCE_MS, 20);
    });
}

#[test]
fn on_short_paths_films_play_within_4_ms() {
    for_seeds(5, |seed| {
        let drifting = |name, card_error| Setup {
            card_error,
            ..Setup::plain(name)
        };
        let setups = [
            drifting("ana", 3e-4).hosting(),
            drifting("bo", -3e-4),
            drifting("chi", 0.0),
        ];
        let mut world = World::playing(seed, setups);

        let worst = world.worst_spread(20);

        assert!(worst < 4.0, "{worst} ms");
    });
}

#[test]
fn a_start_with_warm_players_on_short_paths_is_together_at_once() {
    for_seeds(5, |seed| {
        let mut world = World::joined(seed, plain());

        world.command(0, Command::Room(RoomIntent::Play));
        world.run_until(Duration::from_secs(1), "all play", |w| {
            (0..3).all(|c| w.clients[c].is_playing())
        });

        assert!(world.spread() < 3.0, "{}", world.words());
    });
}

#[test]
fn a_pause_leaves_everybody_at_the_same_frame() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let before = world.room_position();

        world.command(0, Command::Room(RoomIntent::Pause));
        stand(&mut world);

        let stands = (world.timeline().position - before).as_secs_f64();
        assert!(stands.abs() < 0.3, "the presser's frame, not {stands} s off");
        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_millis(500));
        settle(&mut world);
    });
}

#[test]
fn a_pause_in_the_hosts_window_is_the_rooms() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let frame = world.room_position();

        world.at_window(0, SimulatedPlayer::press_pause);
        stand(&mut world);

        assert!((world.timeline().position - frame).abs() < Duration::from_millis(60));
        world.at_window(0, SimulatedPlayer::press_play);
        world.run(Duration::from_millis(500));
        settle(&mut world);
    });
}

#[test]
fn a_seek_brings_everybody_to_the_same_place() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.command(0, Command::Room(RoomIntent::SeekTo(seconds(1_800))));
        world.run(Duration::from_secs(1));
        settle(&mut world);

        assert!(world.room_position() >= seconds(1_800) && world.room_position() < seconds(1_810));
        world.command(0, Command::Room(RoomIntent::Pause));
        stand(&mut world);
        world.command(0, Command::Room(RoomIntent::SeekBy(seconds(-600))));
        world.run(Duration::from_millis(300));
        stand(&mut world);
        assert!(world.timeline().position < seconds(1_300));
    });
}

#[test]
fn a_seek_in_the_hosts_window_is_the_rooms() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.at_window(0, |player, now| player.press_seek(seconds(900), now));
        world.run(Duration::from_secs(1));
        settle(&mut world);

        assert!(world.room_position() >= seconds(900) && world.room_position() < seconds(910));
    });
}

#[test]
fn a_viewers_own_pause_and_seek_are_undone_and_move_nobody() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let revision = world.timeline().revision;
        let holds = [world.clients[0].holds, world.clients[1].holds];

        world.at_window(2, SimulatedPlayer::press_pause);
        settle(&mut world);
        world.run(Duration::from_secs(5));
        world.at_window(2, |player, now| player.press_seek(seconds(3_000), now));
        world.run(Duration::from_millis(500));
        settle(&mut world);

        assert_eq!(world.timeline().revision, revision);
        assert_eq!(holds, [world.clients[0].holds, world.clients[1].holds]);
        let shown = world.clients[2]
            .player
            .as_ref()
            .map(|p| p.shown().to_vec())
            .unwrap_or_default();
        assert!(
            shown.iter().any(|line| line == "only ana can pause or seek"),
            "{shown:?}"
        );
    });
}

#[test]
fn a_late_joiner_disturbs_nobody_and_is_together_within_some_seconds() {
    for_seeds(8, |seed| {
        let [ana, bo, chi] = three(seed);
        let mut world = World::playing(seed, [ana, bo]);
        let before = (
            world.timeline().revision,
            world.clients[0].holds,
            world.clients[1].holds,
        );

        world.add(chi);
        world.run(Duration::from_millis(600));
        world.run_until(SETTLED_WITHIN, "the joiner plays too", |w| {
            w.watching().len() == 3 && w.is_together(SYNC_TOLERANCE_MS)
        });

        let after = (
            world.timeline().revision,
            world.clients[0].holds,
            world.clients[1].holds,
        );
        assert_eq!(before, after);
    });
}

#[test]
fn when_the_host_leaves_another_controls_and_the_film_goes_on() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.command(0, Command::Leave);
        world.run(Duration::from_secs(1));
        assert!(world.is_together(SYNC_TOLERANCE_MS), "{}", world.words());
        let host = world.server.host().expect("a host");
        let new = (1..3)
            .find(|c| world.you(*c) == Some(host))
            .expect("one of the two");
        world.command(new, Command::Room(RoomIntent::Pause));

        stand(&mut world);
    });
}

#[test]
fn the_next_item_starts_together_at_its_beginning() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.command(0, Command::Open(local_item("next")));
        world.run_until(Duration::from_secs(6), "the next film plays", |w| {
            w.timeline().playback == Playback::Playing && w.room_position() < seconds(10)
        });
        settle(&mut world);

        assert!(world.room_position() < seconds(8));
        for client in 0..3 {
            let open = world.clients[client]
                .player
                .as_ref()
                .and_then(|p| p.source().cloned());
            assert_eq!(open, Some(local_item("next").source));
        }
    });
}

#[test]
fn a_film_opened_in_the_hosts_window_is_set_for_everybody() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.at_window(0, |player, now| {
            player.press_open(PathBuf::from("/films/next"), now);
        });
        world.run_until(Duration::from_secs(6), "the next film plays", |w| {
            w.timeline().playback == Playback::Playing && w.room_position() < seconds(10)
        });

        settle(&mut world);
    });
}

#[test]
fn a_room_at_another_speed_stays_together() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        let rate = Rate::from_f64(1.25).expect("in range");
        world.command(0, Command::Room(RoomIntent::SetRate(rate)));
        world.run(Duration::from_secs(8));

        assert_eq!(world.timeline().rate, rate);
        world.assert_together(SYNC_TOLERANCE_MS, 20);
        world.command(0, Command::Room(RoomIntent::Pause));
        stand(&mut world);
        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_secs(1));
        settle(&mut world);
        world.assert_together(SYNC_TOLERANCE_MS, 5);
    });
}

#[test]
fn a_room_at_the_end_of_its_film_is_paused_and_plays_again_from_the_beginning() {
    for_seeds(5, |seed| {
        let short = SimulatedFilm::short_gop(MediaTime::from_millis(30_000));
        let setups = plain().map(|setup| Setup {
            films: [("film".to_owned(), short)].into(),
            ..setup
        });
        let mut world = World::playing(seed, setups);

        world.run(Duration::from_secs(25));
        assert_eq!(world.timeline().playback, Playback::Paused, "{}", world.words());
        assert!((0..3).all(|c| !world.clients[c].is_playing()));
        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_secs(1));
        settle(&mut world);

        assert!(world.room_position() < seconds(8), "{}", world.words());
    });
}

#[test]
fn a_member_without_a_player_chats_and_keeps_the_clock() {
    for_seeds(5, |seed| {
        let mut world = World::playing(
            seed,
            [
                Setup::plain("ana").hosting(),
                Setup {
                    has_player: false,
                    ..Setup::plain("bo")
                },
            ],
        );

        world.command(
            1,
            Command::Say {
                text: Clean::line("hi"),
            },
        );
        world.run(Duration::from_secs(2));

        assert!(
            world.is_together(SYNC_TOLERANCE_MS),
            "a member without a player is not waited for: {}",
            world.words()
        );
        let status = world.clients[1].session.status(world.clients[1].local(world.now));
        assert_eq!(status.player, PlayerState::None);
        let shown = status.room.expect("in a room").position;
        assert!((shown - world.room_position()).abs() < Duration::from_millis(10));
        assert_eq!(world.clients[0].chat.len(), 1);
    });
}

#[test]
fn a_member_without_the_film_is_not_waited_for_and_is_told_so() {
    for_seeds(5, |seed| {
        let poor = Setup {
            films: [("cut".to_owned(), SimulatedFilm::short_gop(HOUR - seconds(4)))].into(),
            ..Setup::plain("chi")
        };
        let [ana, bo, _] = plain();
        let mut world = World::joined(seed, [ana, bo, poor]);

        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_secs(1));
        let revision = world.timeline().revision;
        assert_eq!(world.timeline().playback, Playback::Playing, "{}", world.words());
        assert!(
            world.clients[2]
                .events
                .contains(&Event::Player(PlayerNews::NoCopy))
        );
        world.command(2, Command::Open(local_item("cut")));
        world.run(Duration::from_millis(500));
        settle(&mut world);

        let status = world.clients[2].session.status(world.clients[2].local(world.now));
        assert_eq!(
            status.file,
            FileMatch::Other {
                longer_by: seconds(-4)
            }
        );
        assert_eq!(world.timeline().revision, revision);
    });
}

#[test]
fn two_acts_at_once_leave_one_room() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.command(0, Command::Room(RoomIntent::SeekTo(seconds(700))));
        world.command(0, Command::Room(RoomIntent::Pause));
        world.command(0, Command::Room(RoomIntent::SeekTo(seconds(400))));
        world.run(Duration::from_secs(1));

        stand(&mut world);
        assert_eq!(world.timeline().position, seconds(400));
    });
}

#[test]
fn a_host_on_a_long_path_starts_everybody_together() {
    for_seeds(5, |seed| {
        let far = |name, rtt| Setup {
            path: Path::rtt(rtt),
            ..Setup::plain(name)
        };
        let mut world = World::joined(seed, [far("ana", 300).hosting(), far("bo", 20), far("chi", 150)]);

        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_millis(600));
        world.run_until(Duration::from_secs(3), "all play together", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });
    });
}

#[test]
fn a_viewer_who_would_move_the_room_is_told_so_and_nothing_moves() {
    let mut world = World::playing(1, plain());
    let revision = world.timeline().revision;

    world.command(1, Command::Room(RoomIntent::Pause));
    world.run(Duration::from_secs(1));

    assert_eq!(world.timeline().revision, revision);
    assert!(world.clients[1].events.iter().any(|e| matches!(
        e,
        Event::Refused {
            reason: Refusal::NotHost,
            ..
        }
    )));
}
