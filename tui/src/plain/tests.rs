//! Tests of the narration in plain mode: which events are reported, and which are not.

mod narration;
mod offline;
mod typed;

use watchtogether_protocol::item::{Fingerprint, Length};
use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::playback::Awaited;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{Member, PlayerState};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::message::undo::{Change, ChangeId, Undoable};
use watchtogether_protocol::narration::{
    CopyNews, Fact, Happening, OfflineFilm, Person, PlayerNews, Presence,
};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Epoch, Item, ItemSource, MediaTime, MemberName, Rate};

use super::*;
use crate::action::{ACTIONS, Action, ActionId};
use crate::test_support::{ANA as YOU, BO, member};
use crate::update::{
    Chapter, EnteredRoom, EntryKind, InviteCard, InviteReach, Measured, Motion, Note, Status, Stop, StopKind,
    Transport, Update, Weight,
};

#[test]
fn a_newcomer_is_told_the_members_the_item_and_the_position() {
    let mut room = PlainTest::new(pipe());
    let paused = transport(10, 600, Motion::Paused);

    room.receives(entered(EntryKind::Joined, Some(paused)), 0);

    assert_eq!(
        room.take_lines(),
        ["Room film. 2 people: you (host), bo. film, at 10 seconds of 10 minutes, paused."]
    );
}

#[test]
fn names_that_make_an_action_line_look_like_a_message_are_refused() {
    let mut room = PlainTest::new(pipe());
    room.enters();
    room.take_lines();

    room.joins(member(MemberId(9), "<bo> I"), 0);

    assert_eq!(room.take_lines(), ["(bo> I joined."]);
}

#[test]
fn seeks_in_a_row_are_one_line_with_its_undo() {
    let mut room = PlainTest::at_terminal();
    for (to, millis) in [(36, 0), (31, 200), (26, 400)] {
        room.reads(Some(BO), seek_fact(1, 41, to), millis);
    }
    assert_eq!(room.take_lines(), [""; 0]);

    room.time(2_000);

    assert_eq!(
        room.take_lines(),
        ["bo went back 15 seconds, to 26 seconds. Type /undo to revert."]
    );
}

#[test]
fn a_seek_that_goes_on_after_its_report_is_reported_from_its_beginning() {
    let mut room = PlainTest::at_terminal();
    room.reads(Some(YOU), seek_fact(1, 10, 20), 0);
    room.time(1_000);

    room.reads(Some(YOU), seek_fact(1, 12, 32), 3_000);
    room.time(4_000);
    room.reads(Some(YOU), seek_fact(2, 40, 50), 9_000);
    room.time(10_000);

    assert_eq!(
        room.take_lines(),
        [
            "You went forward 10 seconds, to 20 seconds.",
            "You went forward 20 seconds in all, to 32 seconds.",
            "You went forward 10 seconds, to 50 seconds.",
        ]
    );
}

#[test]
fn a_seek_there_and_back_is_reported_only_if_its_beginning_was() {
    let mut room = PlainTest::at_terminal();
    room.reads(Some(YOU), seek_fact(1, 20, 15), 0);
    room.reads(Some(YOU), seek_fact(1, 20, 20), 300);
    room.time(1_500);
    assert_eq!(room.take_lines(), [""; 0]);

    room.reads(Some(YOU), seek_fact(2, 20, 25), 9_000);
    room.time(10_000);
    room.reads(Some(YOU), seek_fact(2, 20, 20), 11_000);
    room.time(12_000);

    assert_eq!(
        room.take_lines(),
        [
            "You went forward 5 seconds, to 25 seconds.",
            "You came back to 20 seconds."
        ]
    );
}

#[test]
fn an_act_is_reported_before_the_way_to_undo_it() {
    let mut room = PlainTest::at_terminal();
    let id = ChangeId {
        epoch: Epoch::default(),
        number: 1,
    };
    let position = media(40);
    let undoable = Undoable {
        number: 1,
        by: BO,
        change: Change::Pause { position },
        undoes: None,
        left_ms: 60_000,
    };
    let until = at(60_000);

    room.plain
        .handle_update(Update::Undoable { undoable, id, until }, at(0));
    room.reads(Some(BO), Fact::Paused { id, position }, 0);

    assert_eq!(
        room.take_lines(),
        ["bo paused, at 40 seconds.", "Type /undo to revert."]
    );
}

#[test]
fn only_a_film_that_grew_is_reported_as_complete() {
    let mut room = PlainTest::new(pipe());
    room.enters();
    let item = Item {
        length: Length::Of(media(3_661)),
        ..item("film.ts")
    };

    for is_complete in [false, true] {
        let item = item.clone();
        room.reads(None, Fact::LengthFound { item, is_complete }, 0);
    }

    assert_eq!(room.printed, ["film.ts is complete: 1 hour 1 minute 1."]);
}

#[test]
fn an_awaited_user_comes_first_and_is_called_you() {
    let mut room = PlainTest::new(pipe());
    room.enters();
    let waits = Status::Waiting {
        who: Awaited::from_iter([BO, YOU]),
    };

    room.receives(Update::Status(waits.clone()), 0);
    room.receives(Update::Status(waits), 1_000);

    let reported = room.take_lines();
    assert!(reported[0].starts_with("Waiting for you and bo."), "{reported:?}");
}

#[test]
fn another_event_is_reported_after_the_seek_before_it() {
    let mut room = PlainTest::at_terminal();

    room.reads(Some(YOU), seek_fact(1, 10, 40), 0);
    room.receives(chat(1, BO, "there"), 100);

    assert_eq!(
        room.take_lines(),
        ["You went forward 30 seconds, to 40 seconds.", "<bo> there"]
    );
}

#[test]
fn verbosity_is_configurable_and_answers_are_always_printed() {
    let printed = |verbosity| {
        let mut room = PlainTest::new(PlainSettings { verbosity, ..pipe() });
        room.enters();
        room.receives(chat(1, BO, "hi"), 0);
        let news = CopyNews::NotReady(NotReady::Player(PlayerState::NoCopy));
        room.reads(Some(BO), Fact::Copy { film: None, news }, 0);
        room.reads(None, Fact::Player(PlayerNews::Refilled), 0);
        room.types("/where");
        room.printed
    };

    assert_eq!(printed(LineVerbosity::Calm), ["<bo> hi", WHERE]);
    assert_eq!(
        printed(LineVerbosity::Normal),
        ["<bo> hi", "bo doesn't have the film.", WHERE]
    );
    assert_eq!(
        printed(LineVerbosity::All),
        [
            "<bo> hi",
            "bo doesn't have the film.",
            "Your player is playing again.",
            WHERE
        ]
    );
}

#[test]
fn typed_lines_are_echoed_to_a_pipe_and_not_to_a_terminal() {
    let mut desk = PlainTest::at_terminal();
    desk.types("hello");
    desk.receives(chat(1, YOU, "hello"), 0);
    desk.receives(chat(2, YOU, "from a script"), 0);
    assert_eq!(desk.take_lines(), ["<you> from a script"]);

    let mut script = PlainTest::new(pipe());
    script.enters();
    script.types("hello");
    script.receives(chat(1, YOU, "hello"), 0);
    assert_eq!(script.take_lines(), ["<you> hello"]);
}

#[test]
fn the_position_is_announced_while_it_plays() {
    let mut room = PlainTest::new(PlainSettings {
        announce: AnnounceInterval::Every(Duration::from_mins(1)),
        ..pipe()
    });
    room.enters();
    assert_eq!(room.plain.poll_timeout(), Some(at(60_000)));

    room.time(60_000);

    assert_eq!(
        room.take_lines(),
        ["film, at 42 minutes 12 of 2 hours 3 minutes 55, playing."]
    );
    let paused = transport(2_533, 7_435, Motion::Paused);
    room.receives(Update::Transport(Some(paused)), 61_000);
    assert_eq!(room.plain.poll_timeout(), None);
}

#[test]
fn the_outcome_of_a_player_adjustment_is_printed_once_it_shows() {
    let mut room = PlainTest::at_terminal();
    room.types("/mute");
    room.receives(Update::Player(Some(facts())), 250);
    assert_eq!(room.take_lines(), [""; 0]);

    let muted = PlayerFacts {
        is_muted: true,
        ..facts()
    };
    room.receives(Update::Player(Some(muted)), 500);
    room.receives(Update::Player(Some(facts())), 750);

    assert_eq!(room.take_lines(), ["Volume 80 percent, muted."]);
}

#[test]
fn a_lost_link_is_reported_with_its_attempts_and_its_end() {
    let mut room = PlainTest::new(pipe());
    room.enters();

    let reason = LinkEnd::TimedOut;
    let film = OfflineFilm::PlaysOn;
    room.reads(None, Fact::LinkLost { reason, film }, 0);
    for attempt in 2..=5 {
        let after = Duration::from_millis(2_600);
        room.reads(None, Fact::NextAttempt { attempt, after }, 0);
    }
    room.receives(entered(EntryKind::Resumed, None), 0);
    room.reads(None, Fact::LinkBack { is_resumed: true }, 0);

    assert_eq!(
        room.take_lines(),
        [
            "Connection lost: the server stopped responding. The film keeps playing.",
            "Could not connect. Try 2 in 2 seconds.",
            "Could not connect. Try 5 in 2 seconds.",
            "Connected again.",
        ]
    );
}

#[test]
fn an_end_is_shown_at_a_terminal_and_ends_the_program_of_a_pipe() {
    let stop = Stop {
        kind: StopKind::RoomClosed,
        words: Clean::line("the host ended the room"),
        hint: None,
        may_retry: true,
    };
    let mut script = PlainTest::new(pipe());
    script.enters();
    let mut desk = PlainTest::at_terminal();

    script.receives(Update::Stopped(stop.clone()), 0);
    desk.receives(Update::Stopped(stop), 0);

    assert_eq!(script.effects(), [PlainEffect::Intent(Intent::Leave)]);
    assert_eq!(
        desk.take_lines(),
        ["Disconnected: the host ended the room. Type /retry to try again, /quit to leave."]
    );
    assert_eq!(desk.types("/retry"), [PlainEffect::Intent(Intent::Retry)]);
    assert_eq!(
        desk.types("/quit"),
        [PlainEffect::Intent(Intent::Leave)],
        "nobody is left to be hurt"
    );
}

#[test]
fn answers_have_no_symbols() {
    let mut room = PlainTest::at_terminal();
    for line in [
        "/who", "/details", "/player", "/where", "/invite", "/nothing", "/mouse", "/seek",
    ] {
        room.types(line);
    }
    let refused = Fact::Refused {
        reason: Refusal::NotHost,
        host: None,
        retry_after: Some(Duration::from_secs(2)),
    };
    room.reads(None, refused, 0);
    room.take_lines();

    for line in &room.printed {
        let signs = ['±', '×', '…', '✓', '⚠', '·', '▒', '—', '▸', '↓'];
        assert!(!line.contains(signs), "{line}");
        assert!(line.ends_with(['.', '\'', '?']), "{line}");
    }
}

#[test]
fn another_film_that_is_followed_well_is_reported_again() {
    let mut room = PlainTest::new(pipe());
    room.enters();
    let in_sync = || Update::Status(Status::InSync(Measured::Spread(Duration::from_millis(9))));
    room.receives(in_sync(), 0);
    room.time(1_000);
    assert_eq!(room.take_lines(), ["Playing, in sync."]);

    let item_set = Fact::ItemSet {
        item: item("film"),
        is_undo: false,
    };
    room.reads(Some(BO), item_set, 2_000);
    room.take_lines();
    room.receives(Update::Status(Status::Loading), 2_000);
    room.receives(in_sync(), 3_000);
    room.time(4_000);

    assert_eq!(room.take_lines(), ["Playing, in sync."]);
}

#[test]
fn the_outcome_of_a_background_task_is_reported_with_a_hint() {
    let mut room = PlainTest::at_terminal();
    let note = Note {
        words: Clean::line("cannot save the chat to chat.txt"),
        hint: Some(Clean::line(
            "choose another name; existing files are not overwritten",
        )),
        weight: Weight::Warning,
    };

    room.receives(Update::Note(note), 0);

    assert_eq!(
        room.take_lines(),
        [
            "Not done: cannot save the chat to chat.txt. Hint: choose another name; existing files are not overwritten."
        ]
    );
}

const WHERE: &str = "film, at 41 minutes 12 of 2 hours 3 minutes 55, playing.";

/// Plain mode in a room of the user, who is the host, and bo.
struct PlainTest {
    plain: Plain,
    /// All lines printed so far.
    printed: Vec<String>,
}

impl PlainTest {
    fn new(settings: PlainSettings) -> Self {
        Self {
            plain: Plain::new(settings, WallClock::new(WallTime(0), at(0), 0)),
            printed: Vec::new(),
        }
    }

    /// Returns plain mode at a terminal, with a room on the user's own machine.
    fn at_terminal() -> Self {
        let mut test = Self::new(PlainSettings {
            is_at_terminal: true,
            ..pipe()
        });
        test.enters();
        let card = InviteCard {
            invite: Clean::line("watchtogether://203.0.113.7:7843/film"),
            local: Some(Clean::line("watchtogether://192.168.1.20:7843/film")),
            reach: InviteReach::Own {
                host: Clean::line("203.0.113.7"),
                port: 7843,
                instead_of: None,
                network: Network::Outside,
                reached: Network::Machine,
            },
        };
        test.receives(Update::Invite(Some(card)), 0);
        test
    }

    /// Enters a room that plays at 41:12, with the player slightly ahead.
    fn enters(&mut self) {
        let playing = transport(2_472, 7_435, Motion::Playing);
        let chapters = [("Opening", 0), ("The car", 2_400)].map(|(title, seconds)| Chapter {
            at: media(seconds),
            title: Clean::line(title),
        });
        let samples = [YOU, BO].map(|member| MemberSample {
            member,
            telemetry: telemetry(),
        });
        for update in [
            entered(EntryKind::Joined, Some(playing.clone())),
            Update::Transport(Some(playing)),
            Update::WaitingFor(Awaited::default()),
            Update::Status(Status::InSync(Measured::NotYet)),
            Update::Telemetry(samples.to_vec()),
            Update::Player(Some(facts())),
            Update::Chapters(chapters.to_vec()),
        ] {
            self.receives(update, 0);
        }
        self.effects();
        self.printed.clear();
    }

    fn receives(&mut self, update: Update, millis: u64) {
        self.plain.handle_update(update, at(millis));
        if self.plain.settings.is_at_terminal {
            return;
        }
        let lines: Vec<String> = self.plain.effects.iter().filter_map(words_of).collect();
        self.printed.extend(lines);
        self.plain.effects.retain(|effect| words_of(effect).is_none());
    }

    fn reads(&mut self, who: Option<MemberId>, fact: Fact, millis: u64) {
        let room = self.plain.room.as_ref().expect("a room");
        let known = who.and_then(|id| room.member(id));
        let actor = known.map(|member| Person {
            id: member.id,
            name: member.name.clone(),
            is_you: room.you == member.id,
        });
        self.receives(Update::Happened(Box::new(Happening { actor, fact })), millis);
    }

    fn joins(&mut self, member: Member, millis: u64) {
        let id = member.id;
        self.receives(Update::Member(member), millis);
        let change = Presence::Joined;
        self.reads(Some(id), Fact::Presence { change, by: None }, millis);
    }

    fn types(&mut self, line: &str) -> Vec<PlainEffect> {
        let before = self.plain.effects.len();
        self.plain.handle_line(line, at(0));
        let effects: Vec<PlainEffect> = self.plain.effects.drain(before..).collect();
        self.printed.extend(effects.iter().filter_map(words_of));
        effects
    }

    fn time(&mut self, millis: u64) {
        self.plain.handle_timeout(at(millis));
    }

    fn effects(&mut self) -> Vec<PlainEffect> {
        let effects: Vec<PlainEffect> = std::iter::from_fn(|| self.plain.poll_effect()).collect();
        self.printed.extend(effects.iter().filter_map(words_of));
        effects
    }

    /// Returns the lines printed since the last call.
    fn take_lines(&mut self) -> Vec<String> {
        self.effects();
        std::mem::take(&mut self.printed)
    }
}

fn words_of(effect: &PlainEffect) -> Option<String> {
    if let PlainEffect::Print(words) = effect {
        Some(words.clone())
    } else {
        None
    }
}

/// Returns the settings for output to a pipe.
fn pipe() -> PlainSettings {
    PlainSettings {
        verbosity: LineVerbosity::Normal,
        announce: AnnounceInterval::Off,
        is_at_terminal: false,
    }
}

fn at(millis: u64) -> LocalTime {
    LocalTime::from_millis(millis)
}

fn media(seconds: i64) -> MediaTime {
    MediaTime::from_millis(seconds * 1_000)
}

/// Returns the fact that somebody went from one second of the film to another, as the change with this number.
fn seek_fact(number: u32, from: i64, to: i64) -> Fact {
    let epoch = Epoch {
        counter: 1,
        incarnation: 1,
    };
    Fact::Seek {
        id: ChangeId { epoch, number },
        from: media(from),
        to: media(to),
    }
}

fn chat(number: u64, from: MemberId, text: &str) -> Update {
    Update::Chat(chat_line(number, from, text))
}

fn chat_line(number: u64, from: MemberId, text: &str) -> ChatLine {
    ChatLine {
        sequence: number,
        id: ChatId(uuid::Uuid::from_u128(number.into())),
        from,
        name: name(if from == YOU { "ana" } else { "bo" }),
        text: Clean::text(text),
        at: WallTime(0),
        position: None,
    }
}

fn name(text: &str) -> MemberName {
    text.parse().expect("a member's name")
}

fn entered(how: EntryKind, transport: Option<Transport>) -> Update {
    Update::Entered(Box::new(EnteredRoom {
        settings: RoomSettings::default(),
        room: "film".parse().expect("a room's name"),
        you: YOU,
        host: Some(YOU),
        members: vec![member(YOU, "ana"), member(BO, "bo")],
        transport,
        chat: Vec::new(),
        chat_has_gap: false,
        undoable: None,
        is_owner: false,
        how,
    }))
}

/// Returns a transport at a second of the film, at time zero.
fn transport(seconds: i64, of: i64, motion: Motion) -> Transport {
    Transport {
        title: Clean::line("film"),
        duration: Some(media(of)),
        is_live: false,
        position: media(seconds),
        at: at(0),
        rate: Rate::NORMAL,
        motion,
    }
}

fn item(title: &str) -> Item {
    Item {
        title: Clean::line(title),
        length: Length::Of(media(600)),
        source: ItemSource::File {
            size: 1_000,
            fingerprint: Fingerprint([7; 32]),
        },
    }
}

fn facts() -> PlayerFacts {
    PlayerFacts {
        volume: 80,
        size: Some((1920, 1080)),
        frame_rate: Some(23.976),
        ..PlayerFacts::default()
    }
}

const fn telemetry() -> Telemetry {
    Telemetry {
        drift_us: Some(4_000),
        is_settled: true,
        drift_p50_us: Some(1_000),
        drift_p95_us: Some(9_000),
        drift_worst_us: Some(12_000),
        speed_ppm: 0,
        rtt_us: 31_000,
        rtt_p95_us: 40_000,
        clock_bound_us: 4_000,
        buffered_ms: 42_000,
        corrections: 0,
        freeze_ms: 0,
        is_typing: false,
    }
}
