//! Helpers for tests: a screen with members, keys written as text, pictures as text.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use uuid::Uuid;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::roster::{
    Avatar, HostChangeReason, LeaveReason, Member, MemberLink, PlayerState, Report, Role,
};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::undo;
use watchtogether_protocol::narration::{Fact, Happening, Person, Presence};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, Epoch, LocalTime, MediaTime, MemberId, MemberName, Rate};

use crate::app::App;
use crate::key::{Code, Input, Key, Mouse, MouseAction};
use crate::machine::Machine as _;
use crate::update::{
    Chapter, EnteredRoom, EntryKind, InviteCard, InviteReach, Measured, Motion, PlayerFacts, Status,
    SyncMinute, Track, Transport,
};
use crate::{Intent, Keymap, ScreenSettings, Update};

pub(crate) const ANA: MemberId = MemberId(1);
pub(crate) const BO: MemberId = MemberId(2);
pub(crate) const CHI: MemberId = MemberId(3);

const MINUTE: u64 = 60_000;

/// The wall time at which the screen starts: 20:31 on some day. The local time is then ten seconds.
pub(crate) const WALL: WallTime = WallTime((20 * 60 + 31) * MINUTE);

/// A screen, its terminal and its time.
pub(crate) struct Screen {
    pub(crate) app: App,
    pub(crate) now: LocalTime,
    terminal: Terminal<TestBackend>,
    lines: u128,
    /// The typing states sent to the others; they are not among the user's intents.
    pub(crate) typing: Vec<bool>,
}

impl Screen {
    /// Returns a screen without any state yet.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self::with_colour(width, height, true)
    }

    pub(crate) fn with_colour(width: u16, height: u16, has_colour: bool) -> Self {
        Self::with(width, height, has_colour, Keymap::default())
    }

    /// Returns a room with the host ana, bo and chi, and a user-defined key map.
    pub(crate) fn room_with_keys(width: u16, height: u16, you: MemberId, keymap: Keymap) -> Self {
        let mut screen = Self::with(width, height, true, keymap);
        screen.enter_with_friends(you);
        screen
    }

    fn with(width: u16, height: u16, has_colour: bool, keymap: Keymap) -> Self {
        let now = LocalTime::from_millis(10_000);
        let settings = ScreenSettings {
            wall_clock: (WALL, now),
            utc_offset_minutes: 0,
            colours: if has_colour {
                crate::Colours::Sixteen
            } else {
                crate::Colours::None
            },
            glyphs: crate::Glyphs::default(),
            keymap,
            has_mouse: true,
        };
        let terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend never fails");
        Self {
            app: App::new(settings),
            now,
            terminal,
            lines: 0,
            typing: Vec::new(),
        }
    }

    /// Returns a room with the host ana, bo and chi; `you` is one of them.
    pub(crate) fn room(width: u16, height: u16, you: MemberId) -> Self {
        let mut screen = Self::new(width, height);
        screen.enter_with_friends(you);
        screen
    }

    fn enter_with_friends(&mut self, you: MemberId) {
        self.enter(
            you,
            vec![member(ANA, "ana"), member(BO, "bo"), member(CHI, "chi")],
        );
    }

    /// Returns a screen in that room: the film plays, people have chatted, and bo went back.
    pub(crate) fn watching(width: u16, height: u16) -> Self {
        let mut screen = Self::room(width, height, BO);
        screen.film(2_462_000, Motion::Playing);
        screen.apply(Update::Status(Status::InSync(Measured::Spread(
            Duration::from_millis(9),
        ))));
        screen.apply(Update::RoundTrip(Some(Duration::from_millis(31))));
        screen.apply(Update::ClockBound(Some(Duration::from_millis(2))));
        screen.drifts(6_000);
        screen.minutes(8);
        screen.says(BO, "hi! popcorn is in the microwave");
        screen.says(ANA, "take your time, I'll wait");
        screen.minutes(1);
        screen.plays(ANA);
        screen.key(Key::char('x'));
        screen.key(Key::plain(Code::Backspace));
        screen.minutes(1);
        screen.says(ANA, "wait who is that");
        screen.says(CHI, "the brother, he was in the car, did nobody see that? @bo");
        screen.seek(1, CHI, 2_472, 2_462);
        for second in 0..60 {
            screen.drifts([0, 1_500, -2_000, 6_000, -500, 300, -7_000, 900][second % 8]);
            screen.wait(Duration::from_secs(1));
        }
        screen.film(2_472_000, Motion::Playing);
        screen.player();
        screen
    }

    /// Delivers a fact caused by a member, or by nobody.
    pub(crate) fn happens(&mut self, who: Option<MemberId>, fact: Fact) {
        let actor = who.and_then(|id| self.person(id));
        self.apply(Update::Happened(Box::new(Happening { actor, fact })));
    }

    pub(crate) fn person(&self, id: MemberId) -> Option<Person> {
        let room = self.app.room()?;
        let name = room.member(id)?.name.clone();
        let is_you = room.you == id;
        Some(Person { id, name, is_you })
    }

    /// Delivers that a member started the film.
    pub(crate) fn plays(&mut self, who: MemberId) {
        let (id, position) = (change_id(0), MediaTime::ZERO);
        self.happens(Some(who), Fact::Played { id, position });
    }

    /// Delivers that a member paused the film at a position in milliseconds.
    pub(crate) fn pauses(&mut self, who: MemberId, at: i64) {
        let (id, position) = (change_id(0), MediaTime::from_millis(at));
        self.happens(Some(who), Fact::Paused { id, position });
    }

    pub(crate) fn joins(&mut self, member: Member) {
        let id = member.id;
        self.apply(Update::Member(member));
        self.presence(id, Presence::Joined);
    }

    pub(crate) fn leaves(&mut self, id: MemberId, reason: LeaveReason) {
        let actor = self.person(id);
        self.apply(Update::MemberLeft(id));
        let change = Presence::Left(reason);
        let fact = Fact::Presence { change, by: None };
        self.apply(Update::Happened(Box::new(Happening { actor, fact })));
    }

    pub(crate) fn presence(&mut self, id: MemberId, change: Presence) {
        self.happens(Some(id), Fact::Presence { change, by: None });
    }

    pub(crate) fn host_is(&mut self, host: MemberId, reason: HostChangeReason) {
        self.apply(Update::Host(host));
        self.happens(Some(host), Fact::BecameHost { reason });
    }

    pub(crate) fn enter(&mut self, you: MemberId, members: Vec<Member>) {
        let entered = EnteredRoom {
            settings: RoomSettings::default(),
            room: "movie-night".parse().expect("a room's name"),
            you,
            host: Some(ANA),
            members,
            transport: None,
            chat: Vec::new(),
            chat_has_gap: false,
            undoable: None,
            is_owner: false,
            how: EntryKind::Joined,
        };
        self.apply(Update::Entered(Box::new(entered)));
    }

    pub(crate) fn film(&mut self, millis: i64, motion: Motion) {
        let transport = Transport {
            title: Clean::line("Film.mkv"),
            duration: Some(MediaTime::from_millis(7_435_000)),
            is_live: false,
            position: MediaTime::from_millis(millis),
            at: self.now,
            rate: Rate::NORMAL,
            motion,
        };
        self.apply(Update::Transport(Some(transport)));
    }

    /// Delivers the telemetry of all members, with bo's drift in microseconds.
    pub(crate) fn drifts(&mut self, bo_us: i32) {
        let numbers = [(ANA, 12_000, 2_100), (BO, 31_000, bo_us), (CHI, 188_000, -21_000)];
        let samples = numbers.map(|(member, rtt_us, drift)| MemberSample {
            member,
            telemetry: Telemetry {
                drift_us: Some(drift),
                is_settled: drift.unsigned_abs() <= 40_000,
                drift_p50_us: Some(drift.unsigned_abs() / 2),
                drift_p95_us: Some(drift.unsigned_abs() + 2_000),
                drift_worst_us: Some(drift.unsigned_abs() + 7_000),
                speed_ppm: -480,
                clock_bound_us: rtt_us / 2,
                freeze_ms: 310,
                is_typing: false,
                rtt_us,
                rtt_p95_us: rtt_us * 2,
                buffered_ms: 300_000,
                corrections: 3,
            },
        });
        self.apply(Update::Telemetry(samples.to_vec()));
        self.apply(Update::SyncMinute(SyncMinute {
            drift_us: Some(bo_us),
            p50: Some(Duration::from_micros(420)),
            p95: Some(Duration::from_micros(6_200)),
            worst: Some(Duration::from_millis(7)),
            corrections: 3,
            seeks: 1,
            stalls: 0,
        }));
    }

    /// Delivers details about the local player and its film.
    pub(crate) fn player(&mut self) {
        let track = |number, language, channels| Track {
            number,
            language: Clean::line(language),
            title: Clean::default(),
            channels: Clean::line(channels),
        };
        self.apply(Update::Player(Some(PlayerFacts {
            audio: Some(track(2, "jpn", "5.1")),
            subtitles: Some(track(1, "eng", "")),
            volume: 80,
            cache: Duration::from_mins(5),
            decoder: Some(Clean::line("vaapi")),
            size: Some((1_920, 1_080)),
            frame_rate: Some(24_000.0 / 1_001.0),
            ..PlayerFacts::default()
        })));
        let chapters = [
            (0, "Opening"),
            (600, "The market"),
            (1_500, "猫の目"),
            (2_400, "The car"),
            (5_400, ""),
        ];
        let chapters = chapters.map(|(seconds, title)| Chapter {
            at: MediaTime::from_millis(seconds * 1_000),
            title: Clean::line(title),
        });
        self.apply(Update::Chapters(chapters.to_vec()));
    }

    /// Delivers a seek of a member from one second of the film to another, as the change with this number.
    pub(crate) fn seek(&mut self, number: u32, by: MemberId, from: i64, to: i64) {
        let at = |seconds| MediaTime::from_millis(seconds * 1_000);
        let (from, to) = (at(from), at(to));
        self.can_be_undone(number, by, undo::Change::Place { from, to }, None);
    }

    /// Delivers that a change can be undone for a minute.
    pub(crate) fn can_be_undone(
        &mut self,
        number: u32,
        by: MemberId,
        change: undo::Change,
        undoes: Option<undo::Undone>,
    ) {
        let undoable = undo::Undoable {
            number,
            by,
            change: change.clone(),
            undoes,
            left_ms: 60_000,
        };
        let id = change_id(number);
        let until = self.now + undoable.left();
        self.apply(Update::Undoable { undoable, id, until });
        let fact = match (undoes, change.clone()) {
            (Some(undo::Undone { author, was_undo }), _) => Fact::Undid {
                id,
                author: self.person(author),
                was_undo,
                change,
                host: self.person(ANA),
                film: None,
            },
            (None, undo::Change::Place { from, to }) => Fact::Seek { id, from, to },
            (None, undo::Change::Play { position }) => Fact::Played { id, position },
            (None, undo::Change::Pause { position }) => Fact::Paused { id, position },
            (None, undo::Change::Rate { rate }) => Fact::RateChanged { id, rate },
            (None, undo::Change::Item | undo::Change::Host { .. } | undo::Change::Setting(_)) => return,
        };
        self.happens(Some(by), fact);
    }

    pub(crate) fn says(&mut self, from: MemberId, text: &str) -> ChatLine {
        let line = self.line_of(from, text);
        self.apply(Update::Chat(line.clone()));
        line
    }

    pub(crate) fn line_of(&mut self, from: MemberId, text: &str) -> ChatLine {
        self.lines += 1;
        let name = self
            .app
            .room()
            .map_or_else(|| "bo".to_owned(), |room| room.name_of(from));
        ChatLine {
            sequence: 1,
            id: ChatId(Uuid::from_u128(self.lines)),
            from,
            name: MemberName::existing(&name).expect("a member's name"),
            text: Clean::text(text),
            at: self.app.state.clock.now(self.now),
            position: Some(MediaTime::from_millis(2_451_000)),
        }
    }

    pub(crate) fn minutes(&mut self, minutes: u64) {
        self.wait(Duration::from_secs(minutes * 60));
    }

    pub(crate) fn wait(&mut self, time: Duration) {
        self.now = self.now + time;
    }

    pub(crate) fn apply(&mut self, update: Update) {
        self.app.apply(update, self.now);
    }

    /// Presses a key at the speed of commands: an action that waits for more keys takes place before the next one.
    pub(crate) fn key(&mut self, key: Key) -> Vec<Intent> {
        let mut wanted = self.input(Input::Key(key));
        wanted.extend(self.settle());
        wanted
    }

    /// Presses keys at the speed of fast typing.
    pub(crate) fn bursts(&mut self, text: &str) -> Vec<Intent> {
        let mut wanted = Vec::new();
        for c in text.chars() {
            wanted.extend(self.input(Input::Key(Key::char(c))));
            self.wait(Duration::from_millis(90));
            wanted.extend(self.timeout());
        }
        wanted
    }

    /// Lets the wait for another key time out, without any other effect.
    pub(crate) fn settle(&mut self) -> Vec<Intent> {
        const LONGEST: Duration = Duration::from_millis(400);

        match self.app.poll_timeout() {
            Some(at) if at <= self.now + LONGEST => {
                let wanted = self.app.handle_timeout(at);
                self.without_typing(wanted)
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// Runs the timers that are due now.
    pub(crate) fn timeout(&mut self) -> Vec<Intent> {
        let wanted = self.app.handle_timeout(self.now);
        self.without_typing(wanted)
    }

    pub(crate) fn input(&mut self, input: Input) -> Vec<Intent> {
        let wanted = self.app.handle_input(input, self.now);
        self.without_typing(wanted)
    }

    fn without_typing(&mut self, mut wanted: Vec<Intent>) -> Vec<Intent> {
        wanted.retain(|intent| {
            if let Intent::Typing(is_typing) = intent {
                self.typing.push(*is_typing);
            }
            !matches!(intent, Intent::Typing(_))
        });
        wanted
    }

    pub(crate) fn alt(&mut self, c: char) -> Vec<Intent> {
        self.key(Key::alt(Code::Char(c)))
    }

    pub(crate) fn types(&mut self, text: &str) {
        for c in text.chars() {
            self.key(Key::char(c));
        }
    }

    /// Types a line and sends it.
    pub(crate) fn sends(&mut self, text: &str) -> Vec<Intent> {
        self.types(text);
        self.key(Key::plain(Code::Enter))
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.input(Input::Resized);
    }

    /// Draws and returns the picture, row by row, without trailing spaces.
    pub(crate) fn picture(&mut self) -> String {
        self.draw();
        text_of(self.buffer())
    }

    pub(crate) fn draw(&mut self) {
        let (app, now) = (&mut self.app, self.now);
        self.terminal
            .draw(|frame| app.draw(frame, now))
            .expect("a test backend never fails");
    }

    pub(crate) fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// Draws and returns the rows that contain a text.
    pub(crate) fn rows_with(&mut self, text: &str) -> Vec<String> {
        let picture = self.picture();
        picture
            .lines()
            .filter(|row| row.contains(text))
            .map(str::to_owned)
            .collect()
    }

    /// Draws and returns the style of the first cell of a text.
    pub(crate) fn style_of(&mut self, text: &str) -> ratatui::style::Style {
        let place = self.place_of(text);
        self.buffer()[place].style()
    }

    /// Draws and presses the mouse button on the first cell of a text.
    pub(crate) fn click(&mut self, text: &str) -> Vec<Intent> {
        let (column, row) = self.place_of(text);
        self.mouse(MouseAction::Press, column, row)
    }

    pub(crate) fn mouse(&mut self, action: MouseAction, column: u16, row: u16) -> Vec<Intent> {
        self.input(Input::Mouse(Mouse { action, column, row }))
    }

    /// Draws and returns the place where a text begins.
    pub(crate) fn place_of(&mut self, text: &str) -> (u16, u16) {
        self.draw();
        let buffer = self.buffer();
        for y in 0..buffer.area.height {
            for x in 0..buffer.area.width {
                let here: String = (x..buffer.area.width)
                    .map(|x| buffer[(x, y)].symbol())
                    .take(text.chars().count())
                    .collect();
                if here == text {
                    return (x, y);
                }
            }
        }
        panic!("{text:?} is nowhere on the screen")
    }
}

/// Returns the id of a change in the epoch of the room that these tests use.
pub(crate) const fn change_id(number: u32) -> undo::ChangeId {
    let epoch = Epoch {
        counter: 1,
        incarnation: 1,
    };
    undo::ChangeId { epoch, number }
}

/// Returns an invite to a local server, reached from the given distance.
pub(crate) fn own_invite(reached: Network) -> InviteCard {
    InviteCard {
        invite: Clean::line(
            "watchtogether://203.0.113.7:7843/movie-night#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2c3d4e5f6g7h2",
        ),
        local: Some(Clean::line(
            "watchtogether://192.168.1.20:7843/movie-night#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2c3d4e5f6g7h2",
        )),
        reach: InviteReach::Own {
            host: Clean::line("203.0.113.7"),
            port: 7_843,
            instead_of: None,
            network: Network::Outside,
            reached,
        },
    }
}

/// Returns an invite with the address in the local network.
pub(crate) fn local_invite(reached: Network) -> InviteCard {
    InviteCard {
        invite: Clean::line(
            "watchtogether://192.168.1.20:7843/film#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2c3d4e5f6g7h2",
        ),
        local: None,
        reach: InviteReach::Own {
            host: Clean::line("192.168.1.20"),
            port: 7_843,
            instead_of: None,
            network: Network::Local,
            reached,
        },
    }
}

/// Returns the number of bytes that are sent to a terminal for the first frame of an evening, and for another one after a while.
pub(crate) fn bytes_of_two_frames(width: u16, height: u16, after: Duration) -> (usize, usize) {
    let Screen { mut app, now, .. } = Screen::watching(width, height);
    let written = CountingWriter::default();
    let options = TerminalOptions {
        viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
    };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(written.clone()), options)
        .expect("a fixed viewport asks for nothing");
    let mut cost = |now| {
        let before = written.0.get();
        terminal
            .draw(|frame| app.draw(frame, now))
            .expect("writing to a counter never fails");
        written.0.get() - before
    };
    (cost(now), cost(now + after))
}

/// A writer that counts the bytes written.
#[derive(Clone, Default)]
struct CountingWriter(Rc<Cell<usize>>);

impl Write for CountingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a picture as text, row by row, without the spaces at their ends.
pub(crate) fn text_of(buffer: &Buffer) -> String {
    let rows = (0..buffer.area.height).map(|y| row(buffer, y));
    rows.collect::<Vec<_>>().join("\n")
}

fn row(buffer: &Buffer, y: u16) -> String {
    let mut out = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        out.push_str(cell.symbol());
        x += cell.symbol().cell_width().max(1);
    }
    out.trim_end().to_owned()
}

pub(crate) fn member(id: MemberId, name: &str) -> Member {
    let name = MemberName::existing(name).expect("a member's name");
    Member {
        id,
        avatar: Avatar::of_name(&name),
        name,
        role: if id == ANA { Role::Host } else { Role::Viewer },
        joined: WALL,
        link: MemberLink::Up,
        report: Report {
            player: PlayerState::Following,
            file: FileMatch::Same,
        },
    }
}
