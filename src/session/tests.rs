//! Tests of a session alone, message by message; the simulation tests it with a room and players.

mod admission;
mod copies;
mod elsewhere;
mod film_offline;
mod growing;
mod hostile;
mod late_answers;
mod live;
mod narration;
mod removal;
mod requests;
mod seat;
mod undoing;

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::{ItemSource, Length, MediaUrl};
use watchtogether_protocol::message::clock::ClockPing;
use watchtogether_protocol::message::playback::{Action, Awaited, StallPolicy, VideoChanged};
use watchtogether_protocol::message::room::{Access, Entered, Password, Refusal, Refused, Request};
use watchtogether_protocol::message::roster::{PlayerFailure, PlayerState, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::narration::PlayerNews;
use watchtogether_protocol::player_reason::{OpenError, PlayerEnd};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{InviteToken, MemberId, OwnerKey, Rate, RoomIntent, ServerTime, Token};
use watchtogether_tui::strings;

use super::event::EntryKind;
use super::output::SessionEnd;
use super::test_support::{
    ENTERED_WALL, MEMBERS, SERVER_MS, chat_line, entered, item, local_item, media, member, name, state,
};
use super::*;
use crate::player::{Generation, LoadFailure, PlayerStatus, Reading, WindowRequest};
use crate::sync::law::Law;

/// Returns the reports about the local player that were sent to the room, in order.
fn reports(outputs: &[Output]) -> Vec<Report> {
    let reports = outputs.iter().filter_map(|output| {
        if let Output::Send(ClientMessage::Report(report)) = output {
            Some(*report)
        } else {
            None
        }
    });
    reports.collect()
}

/// A session, its time, and its outputs since they were last read.
struct Bench {
    session: Session,
    now: LocalTime,
}

impl Bench {
    fn new(admission: Admission, own: Option<LocalItem>, has_player: bool) -> Self {
        let config = SessionConfig {
            address: "first.example.org".parse().expect("an address"),
            name: name("ana"),
            avatar: None,
            software: Clean::line("test 1"),
            admission,
            local_item: own,
            copy_of: None,
            has_player,
            pause_after_lost: Duration::from_mins(2),
            law: Law::default(),
            seed: 1,
            wall: WallTime(1_700_000_000_000),
        };
        let now = LocalTime::default();
        Self {
            session: Session::new(config, now),
            now,
        }
    }

    /// Returns a session that has requested its seat and whose player is running.
    fn asking(admission: Admission, own: Option<LocalItem>, has_player: bool) -> Self {
        let mut bench = Self::new(admission, own, has_player);
        bench.session.start(bench.now);
        bench.session.handle_connected(Credentials::default(), bench.now);
        if has_player {
            bench.player(PlayerEvent::Started {
                version: "mpv".to_owned(),
            });
        }
        bench.outputs();
        bench
    }

    /// Returns a session in the room `entered`, with the room's film open and paused in place.
    fn watching(entered: Entered) -> Self {
        let mut bench = Self::asking(join(), Some(local_item("film")), true);
        bench.server(ServerMessage::RoomJoined(entered));
        bench.opened();
        bench.compare_clocks();
        bench.outputs();
        bench
    }

    fn outputs(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.session.poll_output()).collect()
    }

    fn sent(&mut self) -> Vec<ClientMessage> {
        self.outputs()
            .into_iter()
            .filter_map(|output| {
                if let Output::Send(message) = output {
                    Some(message)
                } else {
                    None
                }
            })
            .collect()
    }

    fn player_commands(&mut self) -> Vec<PlayerCommand> {
        commands(&self.outputs())
    }

    fn server(&mut self, message: ServerMessage) {
        self.session.handle_message(message, self.now);
    }

    fn copy(&mut self, state: VideoStateChanged) {
        self.session.handle_copy(state, self.now);
    }

    fn player(&mut self, event: PlayerEvent) {
        self.session.handle_player(event, self.now);
    }

    fn command(&mut self, command: Command) {
        self.session.handle_command(command, self.now);
    }

    fn generation(&self) -> Generation {
        self.session.local_media.generation
    }

    /// Lets the player open what it was told to open.
    fn opened(&mut self) {
        let Player::Opening { place, .. } = self.session.local_media.player.clone() else {
            panic!("nothing is being opened");
        };
        self.player(PlayerEvent::Loaded {
            generation: self.generation(),
            media: media(600_000),
            position: place,
        });
    }

    fn landed(&mut self, position: i64) {
        self.player(PlayerEvent::Landed {
            generation: self.generation(),
            position: MediaTime::from_millis(position),
            took: Duration::from_millis(50),
        });
    }

    fn paused_status(&self) -> PlayerStatus {
        PlayerStatus {
            generation: self.generation(),
            at: self.now,
            reading: Some(Reading {
                position: MediaTime::from_millis(10_000),
                at: self.now,
            }),
            is_paused: true,
            is_seeking: false,
            buffering: None,
            is_at_end: false,
            speed: 1.0,
            buffered: Duration::from_secs(3),
            picture_behind: Duration::ZERO,
            window: None,
        }
    }

    fn status(&mut self, buffering: Option<u8>) {
        let status = PlayerStatus {
            buffering,
            ..self.paused_status()
        };
        self.player(PlayerEvent::Status(status));
    }

    fn request(&mut self, request: WindowRequest) {
        self.player(PlayerEvent::WindowRequest {
            generation: self.generation(),
            at: self.now,
            request,
        });
    }

    /// Runs to an instant; every clock ping is answered immediately.
    fn run_to(&mut self, until: LocalTime) {
        loop {
            let mut pings = Vec::new();
            self.session.outputs.retain(|output| {
                if let Output::Ping(ping) = output {
                    pings.push(*ping);
                }
                !matches!(output, Output::Ping(_))
            });
            for ping in pings {
                self.answer(&ping);
            }
            match self.session.poll_timeout() {
                Some((due, _)) if due <= until => {
                    self.now = self.now.max(due);
                    self.session.handle_timeout(self.now);
                }
                _ => break,
            }
        }
        self.now = until;
    }

    /// Runs to an instant without any answers; returns how many clock pings were sent.
    fn run_unanswered_to(&mut self, until: LocalTime) -> usize {
        let is_ping = |output: &Output| matches!(output, Output::Ping(_));
        let before = self.session.outputs.iter().filter(|o| is_ping(o)).count();
        while let Some((due, _)) = self.session.poll_timeout().filter(|(due, _)| *due <= until) {
            self.now = self.now.max(due);
            self.session.handle_timeout(self.now);
        }
        self.now = until;
        self.session.outputs.iter().filter(|o| is_ping(o)).count() - before
    }

    /// Runs without any answers until an event occurs; returns when that was.
    fn run_unanswered_until(&mut self, is_meant: impl Fn(&Event) -> bool) -> LocalTime {
        let limit = self.now + Duration::from_mins(1);
        while !self.events().iter().any(&is_meant) {
            let (due, _) = self.session.poll_timeout().expect("it waits for something");
            assert!(due < limit, "not told within a minute");
            self.run_unanswered_to(due);
        }
        self.now
    }

    fn events(&mut self) -> Vec<Event> {
        let outputs = self.outputs().into_iter();
        outputs
            .filter_map(|output| {
                if let Output::Event(event) = output {
                    Some(event)
                } else {
                    None
                }
            })
            .collect()
    }

    fn answer(&mut self, ping: &ClockPing) {
        let received = ServerTime::from_millis(SERVER_MS) + self.now.saturating_since(LocalTime::default());
        let answer = ClockPong {
            sequence: ping.sequence,
            sent: ping.sent,
            received,
            answered: received,
            digest: Vec::new(),
        };
        self.session.handle_pong(&answer, self.now);
    }

    fn compare_clocks(&mut self) {
        self.run_to(self.now + Duration::from_millis(400));
        assert!(self.session.clock.usable().is_some());
    }

    fn refuse(&mut self, request: Request, reason: Refusal) {
        self.server(ServerMessage::Refused(Refused {
            request,
            reason,
            retry_after_ms: 0,
        }));
    }

    fn lose(&mut self) {
        self.session.handle_connection_lost(&LinkEnd::TimedOut, self.now);
    }

    /// Waits for the next attempt and connects.
    fn reconnect(&mut self) {
        let mut connecting = false;
        while !connecting {
            let (due, _) = self.session.poll_timeout().expect("a next try");
            self.now = self.now.max(due);
            self.session.handle_timeout(self.now);
            connecting = connects(&self.outputs());
        }
        self.session.handle_connected(Credentials::default(), self.now);
    }
}

fn connects(outputs: &[Output]) -> bool {
    let is_it = |output: &Output| matches!(output, Output::Connect { .. });
    outputs.iter().any(is_it)
}

fn host(access: Access) -> Admission {
    Admission::Host {
        room: Some("film".parse().expect("a valid name")),
        is_name_chosen: true,
        access,
        settings: RoomSettings::default(),
        again: None,
    }
}

/// Returns the admission for a room that was left at a minute and a half.
fn host_again() -> Admission {
    Admission::Host {
        room: Some("film".parse().expect("a valid name")),
        is_name_chosen: true,
        access: Access::Invite,
        settings: RoomSettings {
            on_stall: StallPolicy::GoOn,
            title: Some("Movie night".parse().expect("a title")),
        },
        again: Some(RoomReturn {
            invite: Some(InviteToken::from_bytes([7; 10])),
            position: Some(MediaTime::from_millis(90_000)),
            rate: Rate::from_f64(1.25).expect("in range"),
        }),
    }
}

fn join() -> Admission {
    Admission::Join {
        room: "film".parse().expect("a valid name"),
        token: None,
        password: None,
    }
}

/// Returns the room with bo as host, so that the session is a viewer.
fn entered_as_viewer(state: VideoStateChanged) -> Entered {
    let mut entered = entered();
    entered.room.host = Some(MEMBERS[1]);
    entered.room.members = vec![
        member(MEMBERS[0], "ana", Role::Viewer),
        member(MEMBERS[1], "bo", Role::Host),
    ];
    entered.room.state = state;
    entered
}

fn empty_room() -> Entered {
    let mut entered = entered();
    entered.room.item = None;
    entered
}

fn moved(revision: u64, playback: Playback, position: i64) -> ServerMessage {
    ServerMessage::VideoStateChanged(state(revision, playback, position))
}

fn holds(commands: &[PlayerCommand]) -> Vec<Option<i64>> {
    commands
        .iter()
        .filter_map(|command| {
            let PlayerCommand::Hold { position, .. } = command else {
                return None;
            };
            Some(position.map(MediaTime::as_millis))
        })
        .collect()
}

fn commands(outputs: &[Output]) -> Vec<PlayerCommand> {
    outputs
        .iter()
        .filter_map(|output| {
            if let Output::Player(command) = output {
                Some(command.clone())
            } else {
                None
            }
        })
        .collect()
}

/// Returns the outputs without the happenings among them.
fn without_lines(mut outputs: Vec<Output>) -> Vec<Output> {
    outputs.retain(|output| !matches!(output, Output::Event(Event::Happened(_))));
    outputs
}

/// Returns the lines shown over the film.
fn lines(outputs: &[Output]) -> Vec<String> {
    outputs
        .iter()
        .filter_map(|output| {
            if let Output::Event(Event::Happened(happening)) = output {
                strings::over_film(happening)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn a_copy_moves_the_player_once_and_only_within_the_item_that_is_on() {
    let mut bench = Bench::watching(entered());
    let paused = state(2, Playback::Paused, 20_000);
    let mut other_item = state(3, Playback::Paused, 30_000);
    other_item.timeline.item = ItemId(9);

    bench.copy(paused.clone());
    let by_copy = bench.player_commands();
    bench.server(ServerMessage::VideoStateChanged(paused));
    bench.copy(other_item);
    let after = bench.player_commands();

    assert!(
        matches!(by_copy[..], [.., PlayerCommand::Hold { position, .. }] if position == Some(MediaTime::from_millis(20_000))),
        "{by_copy:?}"
    );
    assert!(after.is_empty(), "{after:?}");
}

#[test]
fn a_hosts_film_is_set_with_its_duration_once_it_is_open() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("film")), true);
    bench.server(ServerMessage::RoomCreated(empty_room()));
    assert!(matches!(
        bench.player_commands()[..],
        [PlayerCommand::Load {
            position: MediaTime::ZERO,
            ..
        }]
    ));

    bench.player(PlayerEvent::Loaded {
        generation: bench.generation(),
        media: media(123_000),
        position: MediaTime::ZERO,
    });

    let sent = bench.sent();
    let set_videos = sent.iter().find_map(|message| {
        let ClientMessage::SetVideo(video) = message else {
            return None;
        };
        video.item.duration()
    });
    assert_eq!(set_videos, Some(MediaTime::from_millis(123_000)));
}

#[test]
fn a_film_that_cannot_be_opened_is_not_set() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("film")), true);
    bench.server(ServerMessage::RoomCreated(empty_room()));
    bench.player(PlayerEvent::LoadFailed {
        generation: bench.generation(),
        kind: LoadFailure::NotAFilm,
        reason: OpenError::Refused,
    });

    let outputs = bench.outputs();
    assert!(
        !outputs
            .iter()
            .any(|output| matches!(output, Output::Send(ClientMessage::SetVideo(_))))
    );
    assert!(outputs.iter().any(|output| matches!(
        output,
        Output::Event(Event::Player(PlayerNews::OpenFailed { what: Some(_), .. }))
    )));
    let reason = PlayerFailure::NotAFilm;
    assert_eq!(
        reports(&outputs).last().map(|report| report.player),
        Some(PlayerState::Failed { reason })
    );
}

#[test]
fn the_rooms_answer_to_a_proposed_film_costs_no_second_opening() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("film")), true);
    bench.server(ServerMessage::RoomCreated(empty_room()));
    bench.opened();
    bench.outputs();

    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(1),
        item: item("film"),
        state: state(2, Playback::Paused, 0),
    }));

    let outputs = bench.outputs();
    assert!(
        !outputs.iter().any(|o| matches!(
            o,
            Output::Player(PlayerCommand::Load { .. } | PlayerCommand::Hold { .. })
        )),
        "{outputs:?}"
    );
    let ready = ClientMessage::Ready(Ready {
        revision: Revision(2),
    });
    assert!(outputs.contains(&Output::Send(ready)));
}

#[test]
fn a_host_without_a_player_puts_the_film_on_at_once_and_keeps_the_clock() {
    let mut bench = Bench::asking(host(Access::Open), Some(local_item("film")), false);

    bench.server(ServerMessage::RoomCreated(empty_room()));

    let outputs = bench.outputs();
    assert!(
        outputs
            .iter()
            .any(|output| matches!(output, Output::Send(ClientMessage::SetVideo(_))))
    );
    assert!(outputs.iter().any(|output| matches!(output, Output::Ping(_))));
    assert!(
        !outputs
            .iter()
            .any(|output| matches!(output, Output::StartPlayer | Output::Player(_)))
    );
    let report = reports(&outputs).first().map(|report| report.player);
    assert_eq!(report, Some(PlayerState::None));
}

#[test]
fn a_joiner_without_the_film_looks_for_it_and_opens_it_where_the_room_will_be() {
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(entered_as_viewer(state(
        3,
        Playback::Playing,
        10_000,
    ))));
    assert!(bench.outputs().contains(&Output::FindItem {
        id: ItemId(1),
        item: item("film")
    }));

    bench
        .session
        .handle_item_found(ItemId(1), Some(local_item("film")), bench.now);

    let reported = bench.player_commands();
    let [PlayerCommand::Load { position, .. }] = reported[..] else {
        panic!("{reported:?}")
    };
    assert_eq!(position.as_millis(), 10_800);
}

#[test]
fn a_joiner_without_a_copy_reports_so_and_may_name_one() {
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(entered_as_viewer(state(
        3,
        Playback::Paused,
        10_000,
    ))));
    bench.outputs();

    bench.session.handle_item_found(ItemId(1), None, bench.now);
    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Event(Event::Player(PlayerNews::NoCopy))));
    assert!(outputs.contains(&Output::Send(ClientMessage::Report(Report {
        player: PlayerState::NoCopy,
        file: FileMatch::Unknown,
    }))));
    bench.command(Command::Open(local_item("cut")));
    bench.opened();

    assert!(bench.outputs().contains(&Output::Event(Event::FileCompared {
        id: ItemId(1),
        file: FileMatch::Other {
            longer_by: MediaTime::ZERO
        },
        is_own_choice: false,
    })));
}

#[test]
fn an_answer_about_another_item_is_dropped() {
    let mut bench = Bench::asking(join(), None, true);
    bench.server(ServerMessage::RoomJoined(entered_as_viewer(state(
        3,
        Playback::Paused,
        10_000,
    ))));

    bench
        .session
        .handle_item_found(ItemId(9), Some(local_item("film")), bench.now);

    assert!(bench.player_commands().is_empty());
}

#[test]
fn a_link_needs_no_search() {
    let mut room = entered_as_viewer(state(3, Playback::Paused, 10_000));
    let link: MediaUrl = "https://example.org/film.mkv".parse().expect("a link");
    room.room.item = Some((
        ItemId(1),
        Item {
            source: ItemSource::Link(link),
            ..item("film")
        },
    ));
    let mut bench = Bench::asking(join(), None, true);

    bench.server(ServerMessage::RoomJoined(room));

    let reported = bench.player_commands();
    assert!(
        matches!(
            &reported[..],
            [PlayerCommand::Load {
                source: Source::Link(_),
                ..
            }]
        ),
        "{reported:?}"
    );
    assert_eq!(bench.session.status(bench.now).file, FileMatch::Same);
}

#[test]
fn a_member_in_place_reports_so_once_per_revision() {
    let mut bench = Bench::watching(entered());

    bench.server(moved(2, Playback::Preparing, 10_000));
    let ready = |revision| {
        ClientMessage::Ready(Ready {
            revision: Revision(revision),
        })
    };
    assert_eq!(bench.sent(), [ready(2)]);
    bench.server(moved(2, Playback::Preparing, 10_000));
    assert_eq!(bench.sent(), []);
    bench.server(moved(3, Playback::Paused, 30_000));
    assert_eq!(bench.sent(), []);
    bench.landed(30_010);

    assert_eq!(bench.sent(), [ready(3)]);
}

#[test]
fn a_player_that_is_dry_is_not_ready() {
    let mut bench = Bench::watching(entered());
    bench.status(Some(3));
    assert!(
        bench.sent().iter().any(
            |m| matches!(m, ClientMessage::Report(r) if r.player == PlayerState::Buffering { percent: 0 })
        )
    );

    bench.server(moved(2, Playback::Preparing, 10_000));
    bench.status(Some(7));
    assert_eq!(bench.sent(), [], "seven percent are as good as three");
    bench.status(None);

    let sent = bench.sent();
    assert!(
        sent.contains(&ClientMessage::Ready(Ready {
            revision: Revision(2)
        })),
        "{sent:?}"
    );
}

#[test]
fn a_stale_record_moves_no_player() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(5, Playback::Paused, 50_000));
    bench.outputs();

    bench.server(moved(4, Playback::Paused, 1_000));

    assert_eq!(bench.outputs(), []);
}

#[test]
fn a_start_is_released_when_the_room_passes_the_frame() {
    let mut bench = Bench::watching(entered());
    let mut start = state(2, Playback::Playing, 10_000);
    start.timeline.at = ServerTime::from_millis(SERVER_MS + 700);

    bench.server(ServerMessage::VideoStateChanged(start));

    let reported = commands(&bench.outputs());
    let release = PlayerCommand::Release {
        generation: bench.generation(),
        at: LocalTime::from_millis(700),
    };
    assert!(reported.contains(&release), "{reported:?}");
}

#[test]
fn a_player_that_dies_is_started_again_once_and_put_back() {
    let mut bench = Bench::watching(entered());
    let die = |bench: &mut Bench| {
        bench.player(PlayerEvent::Gone {
            reason: PlayerEnd::Died { status: None },
            log: None,
            may_retry: true,
        });
    };

    die(&mut bench);
    assert!(bench.outputs().contains(&Output::StartPlayer));
    bench.player(PlayerEvent::Started {
        version: "mpv".to_owned(),
    });
    let reported = bench.player_commands();
    assert!(
        matches!(reported[..], [PlayerCommand::Load { position, .. }] if position.as_millis() == 10_000),
        "{reported:?}"
    );
    die(&mut bench);
    let outputs = bench.outputs();
    assert!(!outputs.contains(&Output::StartPlayer));
    bench.command(Command::ReopenPlayer);

    assert!(bench.outputs().contains(&Output::StartPlayer));
}

#[test]
fn a_closed_window_leaves_the_seat_alone() {
    let mut bench = Bench::watching(entered());

    bench.player(PlayerEvent::Closed);

    let outputs = bench.outputs();
    assert!(outputs.contains(&Output::Event(Event::Player(PlayerNews::Closed))));
    assert!(outputs.contains(&Output::Event(Event::Sync(SyncState::Off))));
    assert!(
        !outputs
            .iter()
            .any(|o| matches!(o, Output::Disconnect { .. } | Output::StartPlayer))
    );
    bench.status(None);
    bench.landed(5);
    assert_eq!(bench.player_commands(), [], "words of a player that is gone");
}

#[test]
fn the_next_item_is_opened_in_place_of_the_last() {
    let mut bench = Bench::watching(entered_as_viewer(state(3, Playback::Paused, 10_000)));
    let mut next = state(4, Playback::Preparing, 0);
    next.timeline.item = ItemId(2);

    bench.server(ServerMessage::VideoChanged(VideoChanged {
        id: ItemId(2),
        item: item("next"),
        state: next,
    }));
    assert!(bench.outputs().contains(&Output::FindItem {
        id: ItemId(2),
        item: item("next")
    }));
    bench
        .session
        .handle_item_found(ItemId(2), Some(local_item("next")), bench.now);
    bench.opened();

    let sent = bench.sent();
    assert!(
        sent.contains(&ClientMessage::Ready(Ready {
            revision: Revision(4)
        })),
        "{sent:?}"
    );
    assert!(
        sent.iter()
            .any(|m| matches!(m, ClientMessage::Report(r) if r.player == PlayerState::Following))
    );
}

#[test]
fn awaited_members_are_named_over_the_film_after_a_second() {
    let mut bench = Bench::watching(entered());
    let mut waiting = state(2, Playback::Preparing, 10_000);
    waiting.waiting_for = Awaited::from_iter([MEMBERS[1]]);
    bench.server(ServerMessage::VideoStateChanged(waiting));
    bench.run_to(bench.now + Duration::from_millis(900));
    let shown = |bench: &mut Bench| lines(&bench.outputs()).contains(&"waiting for bo".to_owned());
    assert!(!shown(&mut bench));

    bench.run_to(bench.now + Duration::from_millis(200));

    assert!(shown(&mut bench));
}

#[test]
fn a_status_shows_the_room_now() {
    let mut bench = Bench::watching(entered());
    bench.server(moved(2, Playback::Playing, 10_000));
    bench.run_to(LocalTime::from_millis(3_000));

    let status = bench.session.status(bench.now);

    let room = status.room.expect("in a room");
    assert_eq!(room.position.as_millis(), 13_000);
    assert_eq!(room.members.len(), 2);
    assert_eq!(room.you, MemberId(1));
    assert_eq!(status.link, LinkState::Up);
}

#[test]
fn the_rooms_wall_clock_is_the_servers_and_not_the_machines() {
    let mut bench = Bench::watching(entered());
    let shown = |bench: &Bench| {
        let room = bench.session.status(bench.now).room.expect("a room");
        room.wall.at(bench.now)
    };
    let entered_at = LocalTime::default();

    bench.run_to(entered_at + Duration::from_secs(20));
    assert_eq!(shown(&bench), ENTERED_WALL.after(Duration::from_secs(20)));

    let slept = Duration::from_hours(8);
    bench.session.handle_suspended(slept, bench.now);
    let morning = ENTERED_WALL.after(slept + Duration::from_secs(20));
    assert_eq!(shown(&bench), morning);
}

#[test]
fn a_machine_that_was_suspended_compares_the_clocks_again() {
    let mut bench = Bench::watching(entered());
    bench.run_to(bench.now + Duration::from_secs(20));

    bench.session.handle_suspended(Duration::from_mins(5), bench.now);

    assert!(!bench.session.clock.estimator().is_settled());
    bench.run_to(bench.now + Duration::from_millis(400));
    assert!(bench.session.clock.estimator().is_settled());
}

#[test]
fn typing_is_shown_to_the_others_for_some_seconds_or_until_the_message() {
    let mut bench = Bench::asking(host(Access::Open), None, false);
    bench.server(ServerMessage::RoomCreated(empty_room()));
    let is_typing = |bench: &Bench| bench.session.telemetry(bench.now).is_typing;
    assert!(!is_typing(&bench));

    bench.command(Command::Typing(true));
    assert!(is_typing(&bench));
    bench.now = bench.now + Duration::from_secs(6);
    assert!(!is_typing(&bench), "nobody types for ever");

    bench.command(Command::Typing(true));
    let text = Clean::text("there");
    bench.command(Command::Say { text });
    assert!(!is_typing(&bench));
}
