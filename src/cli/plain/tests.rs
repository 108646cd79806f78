//! What is told of an evening, and what is not.

mod offline;
mod typed;

use std::sync::Arc;

use watchtogether_protocol::item::{FileMatch, Length};
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::clock::Telemetry;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{PlayerState, Role};
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::message::undo::ChangeId;
use watchtogether_protocol::narration::{
    CopyNews, Fact, Happening, Move, OfflineFilm, Person, PlayerNews, Presence,
};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{ChatId, Item, MediaTime, Playback, Rate};
use watchtogether_tui::action::{ACTIONS, Action};
use watchtogether_tui::update::Reach;

use super::*;
use crate::session::event::{Entry, LinkState, SyncState};
use crate::session::status::{Chapter, Facts, MemberStatus, MinuteStatus, SyncStatus, WallAnchor};
use crate::session::test_support::{MEMBERS, entered, item, member, name, state};

const YOU: MemberId = MEMBERS[0];
const BO: MemberId = MEMBERS[1];

#[test]
fn somebody_who_comes_in_hears_who_is_there_what_is_on_and_where() {
    let mut plain = Evening::new(pipe()).plain;
    let event = Event::Entered {
        entered: Box::new(entered()),
        how: Entry::Joined,
    };

    plain.handle_event(&event, &playing(), at(0));

    assert_eq!(
        told(&mut plain)[0],
        "Room film. 2 people: you host, bo. film, at 10 seconds of 10 minutes, paused."
    );
}

#[test]
fn nobody_is_called_so_that_what_they_do_looks_like_a_message_of_somebody_else() {
    let mut room = Evening::new(pipe());
    room.enters();
    room.told();

    room.joins(member(MemberId(9), "<bo> I", Role::Viewer), 0);

    assert_eq!(room.told(), ["(bo> I joined."]);
}

#[test]
fn seeks_in_a_row_are_one_line_that_says_how_it_is_taken_back() {
    let mut room = Evening::at_terminal();
    for (to, millis) in [(36, 0), (31, 200), (26, 400)] {
        room.reads(Some(BO), sought(1, 41, to), millis);
    }
    assert_eq!(room.told(), [""; 0]);

    room.time(2_000);

    assert_eq!(
        room.told(),
        ["bo went back 15 seconds, to 26 seconds. Type /undo to revert."]
    );
}

#[test]
fn a_seek_that_goes_on_after_it_was_told_is_told_with_its_whole_way() {
    let mut room = Evening::at_terminal();
    room.reads(Some(YOU), sought(1, 10, 20), 0);
    room.time(1_000);

    room.reads(Some(YOU), sought(1, 12, 32), 3_000);
    room.time(4_000);
    room.reads(Some(YOU), sought(2, 40, 50), 9_000);
    room.time(10_000);

    assert_eq!(
        room.told(),
        [
            "You went forward 10 seconds, to 20 seconds.",
            "You went forward 20 seconds in all, to 32 seconds.",
            "You went forward 10 seconds, to 50 seconds.",
        ]
    );
}

#[test]
fn where_the_room_went_is_told_by_its_change_alone() {
    let mut room = Evening::at_terminal();

    let moved = Move {
        reason: Reason::Sought,
        playback: Playback::Paused,
        from: media(10),
        to: media(40),
        rate: Rate::NORMAL,
        is_same_place: false,
        is_sequel: false,
    };
    room.reads(Some(BO), Fact::Moved(moved), 0);
    room.time(5_000);

    assert_eq!(room.told(), [""; 0]);
}

#[test]
fn only_a_film_that_grew_is_said_to_be_complete() {
    let mut room = Evening::new(pipe());
    room.enters();
    let item = Item {
        length: Length::Of(media(3_661)),
        ..item("film.ts")
    };

    for is_complete in [false, true] {
        let item = item.clone();
        room.reads(None, Fact::LengthFound { item, is_complete }, 0);
    }

    assert_eq!(room.heard, ["film.ts is complete: 1 hour 1 minute 1."]);
}

#[test]
fn a_user_for_whom_the_room_waits_is_named_first_and_as_you() {
    let mut room = Evening::new(pipe());
    room.enters();
    let waits = State::Waiting { who: vec![BO, YOU] };

    room.plain.stand(&waits, &playing(), at(0));
    room.plain.stand(&waits, &playing(), at(1_000));

    let told = room.told();
    assert!(told[0].starts_with("Waiting for you and bo."), "{told:?}");
}

#[test]
fn something_else_is_told_after_the_seek_before_it() {
    let mut room = Evening::at_terminal();

    room.reads(Some(YOU), sought(1, 10, 40), 0);
    room.happens(chat(1, BO, "there"), 100);

    assert_eq!(
        room.told(),
        ["You went forward 30 seconds, to 40 seconds.", "<bo> there"]
    );
}

#[test]
fn how_much_is_told_is_the_users_choice_and_answers_always_are() {
    let heard = |telling| {
        let mut room = Evening::new(Manner { telling, ..pipe() });
        room.enters();
        room.happens(chat(1, BO, "hi"), 0);
        let news = CopyNews::NotReady(NotReady::Player(PlayerState::NoCopy));
        room.reads(Some(BO), Fact::Copy { film: None, news }, 0);
        room.reads(None, Fact::Player(PlayerNews::Refilled), 0);
        room.types("/where");
        room.heard
    };

    assert_eq!(heard(Telling::Calm), ["<bo> hi", WHERE]);
    assert_eq!(
        heard(Telling::Normal),
        ["<bo> hi", "bo doesn't have the film.", WHERE]
    );
    assert_eq!(
        heard(Telling::All),
        [
            "<bo> hi",
            "bo doesn't have the film.",
            "Your player goes on.",
            WHERE
        ]
    );
}

#[test]
fn what_was_typed_on_a_terminal_stands_there_already_and_a_pipe_is_told() {
    let mut desk = Evening::at_terminal();
    desk.types("hello");
    desk.happens(chat(1, YOU, "hello"), 0);
    desk.happens(chat(2, YOU, "from a script"), 0);
    assert_eq!(desk.told(), ["<you> from a script"]);

    let mut script = Evening::new(pipe());
    script.enters();
    script.types("hello");
    script.happens(chat(1, YOU, "hello"), 0);
    assert_eq!(script.told(), ["<you> hello"]);
}

#[test]
fn the_position_is_announced_while_it_plays() {
    let mut room = Evening::new(Manner {
        announce: Announce::Every(Duration::from_mins(1)),
        ..pipe()
    });
    room.enters();
    assert_eq!(room.plain.poll_timeout(), Some(at(60_000)));

    room.time(60_000);

    assert_eq!(room.told(), [WHERE]);
    let mut paused = room.status.clone();
    paused.room.as_mut().expect("a room").playback = Playback::Paused;
    room.plain.handle_status(&paused, at(61_000));
    assert_eq!(room.plain.poll_timeout(), None);
}

#[test]
fn what_came_of_a_change_of_the_own_player_is_told_once_it_shows() {
    let mut room = Evening::at_terminal();
    room.types("/mute");
    room.plain.handle_status(&room.status, at(250));
    assert_eq!(room.told(), [""; 0]);

    let mut muted = room.status.clone();
    muted.facts = Some(Arc::new(Facts {
        is_muted: true,
        ..Facts::clone(muted.facts.as_ref().expect("facts"))
    }));
    room.plain.handle_status(&muted, at(500));
    room.plain.handle_status(&room.status, at(750));

    assert_eq!(room.told(), ["Volume 80 percent, muted."]);
}

#[test]
fn a_lost_link_is_told_with_its_tries_and_its_end() {
    let mut room = Evening::new(pipe());
    room.enters();

    let why = Clean::line("timed out");
    let film = OfflineFilm::PlaysOn;
    room.reads(None, Fact::LinkLost { why, film }, 0);
    for attempt in 2..=5 {
        let after = Duration::from_millis(2_600);
        room.reads(None, Fact::NextAttempt { attempt, after }, 0);
    }
    let entered = Event::Entered {
        entered: Box::new(entered()),
        how: Entry::Resumed,
    };
    room.happens(entered, 0);
    room.reads(None, Fact::LinkBack { is_resumed: true }, 0);

    assert_eq!(
        room.told(),
        [
            "Connection lost: timed out. The film plays on.",
            "Not reached. Try 2 in 2 seconds.",
            "Not reached. Try 5 in 2 seconds.",
            "Connected again.",
        ]
    );
}

#[test]
fn an_end_is_told_to_who_can_begin_anew_and_ends_the_program_of_a_pipe() {
    let end = End::Closed(watchtogether_protocol::close::CloseCode::RoomClosed);
    let mut script = Evening::new(pipe());
    script.enters();
    let mut desk = Evening::at_terminal();

    assert!(!script.plain.handle_end(&end));
    assert!(desk.plain.handle_end(&end));

    assert_eq!(
        desk.told(),
        ["Disconnected: host closed the room. Type /retry to try again, /quit to leave."]
    );
    assert_eq!(desk.types("/retry"), [Deed::Command(Command::Retry)]);
    assert_eq!(desk.types("/quit"), [Deed::Leave], "nobody is left to be hurt");
}

#[test]
fn nothing_that_is_answered_has_signs_to_stumble_over() {
    let mut room = Evening::at_terminal();
    for line in [
        "/who", "/details", "/player", "/where", "/invite", "/nothing", "/mouse", "/seek",
    ] {
        room.types(line);
    }
    let refused = Fact::Refused {
        why: Refusal::NotHost,
        host: None,
        retry_after: Some(Duration::from_secs(2)),
    };
    room.reads(None, refused, 0);
    room.told();

    for line in &room.heard {
        let signs = ['±', '×', '…', '✓', '⚠', '·', '▒', '—', '▸', '↓'];
        assert!(!line.contains(signs), "{line}");
        assert!(line.ends_with(['.', '\'', '?']), "{line}");
    }
}

const WHERE: &str = "film, at 41 minutes 12 of 2 hours 3 minutes 55, playing.";

/// Plain mode in a room of the user, who hosts, and bo.
struct Evening {
    plain: Plain,
    status: Status,
    /// All that was told.
    heard: Vec<String>,
}

impl Evening {
    fn new(manner: Manner) -> Self {
        Self {
            plain: Plain::new(manner, WallClock::new(WallTime(0), at(0), 0)),
            status: playing(),
            heard: Vec::new(),
        }
    }

    /// Returns one at a terminal, with a room on the user's own machine.
    fn at_terminal() -> Self {
        let mut evening = Self::new(Manner {
            is_at_terminal: true,
            ..pipe()
        });
        evening.enters();
        evening.plain.handle_invite(Update::Invite(Some(InviteCard {
            invite: Clean::line("watchtogether://203.0.113.7:7843/film"),
            local: Some(Clean::line("watchtogether://192.168.1.20:7843/film")),
            reach: Reach::Own {
                host: Clean::line("203.0.113.7"),
                port: 7843,
                instead_of: None,
                network: Network::Outside,
                reached: Network::Machine,
            },
        })));
        evening
    }

    fn enters(&mut self) {
        self.happens(
            Event::Entered {
                entered: Box::new(entered()),
                how: Entry::Joined,
            },
            0,
        );
        self.deeds();
        self.heard.clear();
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "each event is made for its place in a test"
    )]
    fn happens(&mut self, event: Event, millis: u64) {
        self.plain.handle_event(&event, &self.status, at(millis));
        if self.plain.manner.is_at_terminal {
            return;
        }
        let told: Vec<String> = self.plain.deeds.iter().filter_map(words_of).collect();
        self.heard.extend(told);
        self.plain.deeds.retain(|deed| words_of(deed).is_none());
    }

    fn reads(&mut self, who: Option<MemberId>, fact: Fact, millis: u64) {
        let known = self.plain.members.iter().find(|member| Some(member.id) == who);
        let actor = known.map(|member| Person {
            id: member.id,
            name: member.name.clone(),
            is_you: self.plain.you == who,
        });
        self.happens(Event::Happened(Box::new(Happening { actor, fact })), millis);
    }

    fn joins(&mut self, member: Member, millis: u64) {
        let id = member.id;
        self.happens(Event::MemberJoined(member), millis);
        let change = Presence::Joined;
        self.reads(Some(id), Fact::Presence { change, by: None }, millis);
    }

    fn types(&mut self, line: &str) -> Vec<Deed> {
        let before = self.plain.deeds.len();
        self.plain.handle_line(line, &self.status, at(0));
        let deeds: Vec<Deed> = self.plain.deeds.drain(before..).collect();
        self.heard.extend(deeds.iter().filter_map(words_of));
        deeds
    }

    fn time(&mut self, millis: u64) {
        self.plain.handle_timeout(&self.status, at(millis));
    }

    fn deeds(&mut self) -> Vec<Deed> {
        let deeds: Vec<Deed> = std::iter::from_fn(|| self.plain.poll_deed()).collect();
        self.heard.extend(deeds.iter().filter_map(words_of));
        deeds
    }

    /// Returns what was told since it was asked for last.
    fn told(&mut self) -> Vec<String> {
        self.deeds();
        std::mem::take(&mut self.heard)
    }
}

fn told(plain: &mut Plain) -> Vec<String> {
    std::iter::from_fn(|| plain.poll_deed())
        .filter_map(|deed| words_of(&deed))
        .collect()
}

fn words_of(deed: &Deed) -> Option<String> {
    if let Deed::Tell(words) = deed {
        Some(words.clone())
    } else {
        None
    }
}

/// Whoever reads a pipe.
fn pipe() -> Manner {
    Manner {
        telling: Telling::Normal,
        announce: Announce::Off,
        is_at_terminal: false,
    }
}

fn at(millis: u64) -> LocalTime {
    LocalTime::from_millis(millis)
}

fn media(seconds: i64) -> MediaTime {
    MediaTime::from_millis(seconds * 1_000)
}

/// Somebody went from one second of the film to another: a change of this number.
fn sought(number: u32, from: i64, to: i64) -> Fact {
    let epoch = state(1, Playback::Paused, 0).timeline.epoch;
    Fact::Seek {
        id: ChangeId { epoch, number },
        from: media(from),
        to: media(to),
    }
}

fn chat(number: u64, from: MemberId, text: &str) -> Event {
    Event::Chat(ChatLine {
        sequence: number,
        id: ChatId(uuid::Uuid::from_u128(number.into())),
        from,
        name: name(if from == YOU { "ana" } else { "bo" }),
        text: Clean::text(text),
        at: WallTime(0),
        position: None,
    })
}

/// A session in a room that plays at 41 minutes 12, a little ahead of it.
fn playing() -> Status {
    let telemetry = Telemetry {
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
    };
    let mut film = item("film");
    film.length = Length::Of(media(7_435));
    let timeline = state(1, Playback::Playing, 2_472_000).timeline;
    let members = [member(YOU, "ana", Role::Host), member(BO, "bo", Role::Viewer)];
    Status {
        link: LinkState::Up,
        room: Some(RoomStatus {
            is_owner: false,
            invite: None,
            name: "film".parse().expect("a room's name"),
            wall: WallAnchor {
                wall: WallTime(0),
                at: at(0),
            },
            you: YOU,
            host: Some(YOU),
            item: Some((timeline.item, film)),
            timeline,
            position: media(2_472),
            playback: Playback::Playing,
            rate: Rate::NORMAL,
            starts: None,
            asked: None,
            bans: Vec::new(),
            saved: None,
            waiting_for: Vec::new(),
            on_stall: StallPolicy::Wait,
            members: members
                .into_iter()
                .map(|member| MemberStatus {
                    member,
                    telemetry: Some(telemetry),
                })
                .collect(),
        }),
        player: PlayerState::Following,
        file: FileMatch::Same,
        sync: SyncStatus {
            state: SyncState::Playing,
            drift: Some(MediaTime::from_millis(4)),
            speed: 1.0,
            ..SyncStatus::default()
        },
        minute: MinuteStatus::default(),
        facts: Some(Arc::new(Facts {
            volume: 80,
            size: Some((1920, 1080)),
            frame_rate: Some(23.976),
            ..Facts::default()
        })),
        chapters: [("Opening", 0), ("The car", 2_400)]
            .map(|(title, seconds)| Chapter {
                at: media(seconds),
                title: title.to_owned(),
            })
            .into(),
        round_trip: None,
        clock_bound: None,
        own_copy: None,
    }
}
