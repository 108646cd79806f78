//! Tests of accidents: films that get out of sync, links that are cut, caches that run empty, players that crash.

use std::time::Duration;

use watchtogether::player::simulated::SimulatedPlayer;
use watchtogether::session::command::Command;
use watchtogether::session::event::{EntryKind, Event};
use watchtogether_protocol::{Clean, MediaTime, Playback, RoomIntent};

use super::claims::{SETTLED_WITHIN, SYNC_TOLERANCE_MS, seconds, three};
use super::client::{Client, Setup};
use super::for_seeds;
use super::link::Path;
use super::world::World;

#[test]
fn a_cold_sound_output_is_corrected_once_and_never_led_astray() {
    for_seeds(12, |seed| {
        let cold = |name| Setup {
            has_cold_output: true,
            ..Setup::plain(name)
        };
        let mut world = World::joined(seed, [Setup::plain("ana").hosting(), cold("bo"), cold("chi")]);

        world.command(0, Command::Room(RoomIntent::Play));
        world.run(Duration::from_millis(300));
        let mut worst: f64 = 0.0;
        for _ in 0..500 {
            world.run(Duration::from_millis(20));
            for client in 1..3 {
                if world.clients[client].holds > 0 && world.clients[client].is_playing() {
                    worst = worst.max(world.drift(client).abs());
                }
            }
        }

        let holds = [world.clients[1].holds, world.clients[2].holds];
        assert_eq!(holds, [1, 1]);
        assert!(worst < 5.0, "{worst} ms after the correction");
    });
}

#[test]
fn a_film_that_is_thrown_off_comes_back() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        for by in [300, -300, 5_000, -5_000, 60] {
            world.at_window(1, |player, now| player.jump(MediaTime::from_millis(by), now));
            world.run_until(SETTLED_WITHIN, "the film is back", |w| {
                w.is_together(SYNC_TOLERANCE_MS)
            });
            world.run(Duration::from_secs(12));
        }
    });
}

#[test]
fn a_cut_link_is_resumed_in_place_and_no_film_stops() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let you = world.clients[1]
            .session
            .status(world.clients[1].local(world.now))
            .room
            .map(|r| r.you);
        let before = (world.timeline().revision, world.clients[1].holds);

        world.darken(1, Duration::from_secs(5));
        world.cut(1);
        for _ in 0..150 {
            world.run(Duration::from_millis(100));
            assert!(world.is_together(2.0 * SYNC_TOLERANCE_MS), "{}", world.words());
        }

        let local = world.clients[1].local(world.now);
        assert_eq!(world.clients[1].session.status(local).room.map(|r| r.you), you);
        assert!(world.clients[1].events.iter().any(|e| matches!(
            e,
            Event::Entered {
                how: EntryKind::Resumed,
                ..
            }
        )));
        assert_eq!(before, (world.timeline().revision, world.clients[1].holds));
    });
}

#[test]
fn a_server_that_died_and_is_back_stops_no_film_and_loses_no_line() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let say = |world: &mut World, client, text: &str| {
            let text = Clean::text(text);
            world.command(client, Command::Say { text });
        };
        say(&mut world, 1, "before");
        world.run(Duration::from_secs(12));
        let holds: Vec<u32> = world.clients.iter().map(|c| c.holds).collect();
        let (host, place) = (world.host(), world.room_position());

        world.restart(Duration::from_secs(4));
        say(&mut world, 2, "meanwhile");
        for _ in 0..160 {
            world.run(Duration::from_millis(100));
            assert!(world.clients.iter().all(Client::is_playing), "{}", world.words());
        }

        world.assert_together(SYNC_TOLERANCE_MS, 5);
        say(&mut world, 0, "after");
        world.run(Duration::from_secs(2));
        assert_eq!(holds, world.clients.iter().map(|c| c.holds).collect::<Vec<_>>());
        assert_eq!(world.host(), host);
        let went_on = (world.room_position() - place).as_secs_f64();
        assert!((went_on - 23.0).abs() < 0.01, "by {went_on} s");
        for client in &world.clients {
            let heard = client.events.iter().filter_map(|event| {
                if let Event::Chat(line) = event {
                    Some(line.text.as_str())
                } else {
                    None
                }
            });
            let heard: Vec<&str> = heard.collect();
            assert_eq!(heard, ["before", "meanwhile", "after"]);
        }
    });
}

#[test]
fn a_member_catches_up_with_events_during_a_cut() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.darken(2, Duration::from_secs(4));
        world.cut(2);
        world.command(0, Command::Room(RoomIntent::SeekTo(seconds(2_000))));
        world.command(
            1,
            Command::Say {
                text: Clean::line("gone?"),
            },
        );
        world.command(
            2,
            Command::Say {
                text: Clean::line("my link!"),
            },
        );
        world.run(Duration::from_secs(5));
        world.run_until(
            Duration::from_secs(8),
            "all are together again and heard all",
            |w| w.is_together(SYNC_TOLERANCE_MS) && w.clients.iter().all(|c| c.chat.len() == 2),
        );

        let chats: Vec<_> = world.clients.iter().map(|c| c.chat.clone()).collect();
        assert!(chats.iter().all(|chat| *chat == chats[0]), "{chats:?}");
    });
}

#[test]
fn a_path_that_is_dark_for_five_seconds_stops_no_film() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        let holds: Vec<u32> = world.clients.iter().map(|c| c.holds).collect();

        world.darken(1, Duration::from_secs(5));
        world.assert_together(SYNC_TOLERANCE_MS, 10);

        assert_eq!(holds, world.clients.iter().map(|c| c.holds).collect::<Vec<_>>());
    });
}

#[test]
fn chat_is_complete_in_order_and_without_doubles_whatever_the_links_do() {
    for_seeds(8, |seed| {
        let mut world = World::playing(seed, three(seed));
        for n in 0..30 {
            let who = world.rng.below(3);
            world.command(
                who,
                Command::Say {
                    text: Clean::line(&format!("{who} says {n}")),
                },
            );
            if world.rng.happens(0.2) {
                let dark = world.rng.between(0.0, 2.0);
                world.darken(who, Duration::from_secs_f64(dark));
                world.cut(who);
            }
            let pause = world.rng.between(0.0, 0.8);
            world.run(Duration::from_secs_f64(pause));
        }
        // A client that was away sends more lines at once than the one per second that the server accepts.
        world.run(Duration::from_secs(30));

        let chats: Vec<_> = world.clients.iter().map(|c| c.chat.clone()).collect();
        assert_eq!(chats[0].len(), 30, "{:?}", chats[0]);
        assert!(chats.iter().all(|chat| *chat == chats[0]));
        assert!(
            chats[0]
                .windows(2)
                .all(|pair| pair[1].sequence == pair[0].sequence + 1)
        );
        for who in 0..3 {
            let own: Vec<u32> = chats[0]
                .iter()
                .filter_map(|line| {
                    line.text
                        .as_str()
                        .strip_prefix(&format!("{who} says "))?
                        .parse()
                        .ok()
                })
                .collect();
            assert!(own.is_sorted(), "{own:?}");
        }
    });
}

#[test]
fn a_stall_is_waited_for_and_named() {
    for_seeds(5, |seed| {
        let mut world = World::playing(seed, three(seed));

        world.at_window(1, |player, now| player.stall(Duration::from_secs(4), now));
        world.run_until(Duration::from_secs(3), "the room waits", |w| {
            w.timeline().playback == Playback::Preparing
        });
        world.run_until(Duration::from_secs(6), "all play together again", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });

        let shown = world.clients[2]
            .player
            .as_ref()
            .map(|p| p.shown().to_vec())
            .unwrap_or_default();
        assert!(
            shown
                .iter()
                .any(|line| line.starts_with("waiting for ") && line.contains("bo")),
            "{shown:?}"
        );
    });
}

#[test]
fn a_short_stall_moves_only_the_one_who_has_it() {
    for_seeds(5, |seed| {
        let mut setups = three(seed);
        // If the report of a stall's end is lost twice, the stall looks longer to the room.
        setups[1].path.loss = 0.0;
        let mut world = World::playing(seed, setups);
        let revision = world.timeline().revision;

        world.at_window(1, |player, now| player.stall(Duration::from_millis(600), now));
        world.run(Duration::from_millis(700));
        world.run_until(SETTLED_WITHIN, "the film is back", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });

        assert_eq!(world.timeline().revision, revision);
    });
}

#[test]
fn a_player_that_dies_is_back_in_place_and_a_closed_window_leaves_chat_alone() {
    for_seeds(5, |seed| {
        let mut world = World::playing(seed, three(seed));
        let revision = world.timeline().revision;

        world.at_window(1, |player, _| player.die());
        world.run(Duration::from_secs(1));
        world.run_until(SETTLED_WITHIN, "the film is back", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });
        world.at_window(2, |player, _| player.press_quit());
        world.run(Duration::from_secs(1));
        world.command(
            2,
            Command::Say {
                text: Clean::line("oops"),
            },
        );
        world.run(Duration::from_secs(1));

        assert_eq!(world.timeline().revision, revision);
        assert_eq!(world.clients[0].chat.len(), 1);
        world.command(2, Command::ReopenPlayer);
        world.run(Duration::from_secs(1));
        world.run_until(SETTLED_WITHIN, "the film is back", |w| {
            w.is_together(SYNC_TOLERANCE_MS)
        });
    });
}

#[test]
fn a_stale_act_never_moves_the_room_to_an_old_place() {
    for_seeds(5, |seed| {
        let slow = Setup {
            path: Path::rtt(180),
            ..Setup::plain("ana")
        };
        let mut world = World::playing(seed, [slow.hosting(), Setup::plain("bo")]);
        world.command(0, Command::Room(RoomIntent::SeekTo(seconds(1_000))));

        // The person who presses the key still sees the old position; the room is at the new one when the request arrives.
        world.run(Duration::from_millis(30));
        world.at_window(0, SimulatedPlayer::press_pause);
        world.command(0, Command::Room(RoomIntent::Pause));
        world.run(Duration::from_secs(3));

        assert!(world.room_position() >= seconds(1_000), "{}", world.words());
    });
}
