//! Tests of a film that plays while its member comes back to a server, and the answers are read late.

use super::*;

/// The time between two statuses of a player, in milliseconds.
const STATUS_EVERY: u128 = 100;

/// The delay before answers are read, as on a machine on which hundreds of clients come back at the same time.
const ANSWER_DELAY: Duration = Duration::from_millis(900);

/// A viewer whose player is exactly where the room is, and the answers in transit to them.
struct DelayedViewer {
    bench: Bench,
    answers: Vec<(LocalTime, ClockPong)>,
    commands_sent: Vec<PlayerCommand>,
}

impl DelayedViewer {
    fn begin() -> Self {
        let room = entered_as_viewer(state(1, Playback::Playing, 10_000));
        let mut bench = Bench::asking(join(), Some(local_item("film")), true);
        bench.server(ServerMessage::RoomJoined(room));
        bench.opened();
        bench.compare_clocks();
        let release = bench.player_commands().into_iter().find_map(|command| {
            if let PlayerCommand::Release { at, .. } = command {
                Some(at)
            } else {
                None
            }
        });
        let at = release.expect("a film that plays");
        bench.run_to(at);
        bench.player(PlayerEvent::Released {
            generation: bench.generation(),
            at,
        });
        Self {
            bench,
            answers: Vec::new(),
            commands_sent: Vec::new(),
        }
    }

    /// Plays for some time; each answer is read with a delay.
    fn play(&mut self, time: Duration, late: Duration) {
        let end = self.bench.now + time;
        while self.bench.now < end {
            self.bench.now = self.bench.now + Duration::from_millis(1);
            self.read_answers();
            let now = self.bench.now;
            if self
                .bench
                .session
                .poll_timeout()
                .is_some_and(|(due, _)| due <= now)
            {
                self.bench.session.handle_timeout(now);
            }
            if self.elapsed().as_millis().is_multiple_of(STATUS_EVERY) {
                self.report_status();
            }
            self.ask(late);
        }
    }

    fn elapsed(&self) -> Duration {
        self.bench.now.saturating_since(LocalTime::default())
    }

    fn server_time(&self) -> ServerTime {
        ServerTime::from_millis(SERVER_MS) + self.elapsed()
    }

    fn drift(&self) -> Duration {
        let status = self.bench.session.status(self.bench.now);
        status.sync.drift.expect("it plays").abs()
    }

    fn report_status(&mut self) {
        let now = self.bench.now;
        let room = state(1, Playback::Playing, 10_000).timeline;
        let position = room.position_at(self.server_time());
        let reading = Some(Reading { position, at: now });
        self.bench.player(PlayerEvent::Status(PlayerStatus {
            reading,
            is_paused: false,
            ..self.bench.paused_status()
        }));
    }

    fn ask(&mut self, late: Duration) {
        let outputs = self.bench.outputs();
        self.commands_sent.extend(commands(&outputs));
        let server = self.server_time();
        let pings = outputs.iter().filter_map(|output| {
            if let Output::Ping(ping) = output {
                Some(ping)
            } else {
                None
            }
        });
        for ping in pings {
            let pong = ClockPong {
                sequence: ping.sequence,
                sent: ping.sent,
                received: server,
                answered: server,
                digest: Vec::new(),
            };
            self.answers.push((self.bench.now + late, pong));
        }
    }

    fn read_answers(&mut self) {
        let now = self.bench.now;
        let (due, waiting) = self.answers.drain(..).partition(|(at, _)| *at <= now);
        self.answers = waiting;
        let due: Vec<(LocalTime, ClockPong)> = due;
        for (_, pong) in due {
            self.bench.session.handle_pong(&pong, now);
        }
    }

    /// Kills the server, and lets its members take their seats back in the next epoch.
    fn come_back(&mut self) {
        self.answers.clear();
        self.bench.lose();
        self.bench.reconnect();
        let mut room = entered_as_viewer(state(2, Playback::Playing, 10_000));
        room.now = self.server_time();
        self.bench.server(ServerMessage::RoomJoined(room));
        self.bench.outputs();
    }
}

#[test]
fn a_returning_member_with_late_answers_is_not_held() {
    let mut viewer = DelayedViewer::begin();
    viewer.play(Duration::from_secs(10), Duration::ZERO);
    assert!(viewer.drift() < Duration::from_millis(1));

    viewer.come_back();
    viewer.play(Duration::from_secs(1), ANSWER_DELAY);
    viewer.play(Duration::from_secs(20), Duration::ZERO);

    assert_eq!(holds(&viewer.commands_sent), []);
    assert!(viewer.drift() < Duration::from_millis(1));
}
