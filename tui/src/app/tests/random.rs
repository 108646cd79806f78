//! Random input at random sizes: nothing panics, and no text is drawn whose width differs between terminals.

use std::time::Duration;

use proptest::prelude::*;
use ratatui::buffer::CellWidth as _;
use uuid::Uuid;
use watchtogether_protocol::item::{FileMatch, Fingerprint};
use watchtogether_protocol::link_end::{Breakage, LinkEnd};
use watchtogether_protocol::message::clock::{MemberSample, Telemetry};
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::Refusal;
use watchtogether_protocol::message::roster::{
    HostChangeReason, LeaveReason, MemberLink, PlayerFailure, PlayerState,
};
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::{Change, ChangeId, Undoable};
use watchtogether_protocol::narration::{CopyNews, Fact, Happening, OfflineFilm, Person, Presence, RoomMove};
use watchtogether_protocol::network::Network;
use watchtogether_protocol::player_reason::PlayerEnd;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    ChatId, Clean, Epoch, Item, ItemSource, Length, LocalTime, MediaTime, MemberId, Rate,
};

use crate::key::{Code, Input, Key, MouseAction};
use crate::machine::Machine as _;
use crate::test_support::*;
use crate::update::*;

/// A random input to a screen.
#[derive(Clone, Debug)]
enum Step {
    Key(Key),
    Paste(String),
    Mouse(MouseAction, u16, u16),
    Update(Box<Update>),
    Says(u32, String),
    Resize(u16, u16),
    Wait(u64),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,40}",
        "\\PC{0,30}",
        Just("猫の目 👩\u{200d}🔬 👍\u{1f3fd} \u{2764}\u{fe0f} e\u{301}\n//x\n".to_owned()),
        Just("ｶﾞｷﾞ🏳\u{fe0f}\u{200d}🌈 ﷽ กำ नमस्ते".to_owned()),
        "x{0,300}",
    ]
}

fn clean() -> impl Strategy<Value = Clean> {
    text().prop_map(|text| Clean::text(&text))
}

fn key() -> impl Strategy<Value = Key> {
    let named = vec![
        Code::F(1),
        Code::F(2),
        Code::Enter,
        Code::Tab,
        Code::Backspace,
        Code::Delete,
        Code::Esc,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
    ];
    let code = prop_oneof![
        1 => any::<char>().prop_map(Code::Char),
        2 => proptest::char::range(' ', '~').prop_map(Code::Char),
        3 => prop::sample::select(named),
    ];
    let rarely = || prop::bool::weighted(0.2);
    let any_key = (code, rarely(), rarely(), rarely()).prop_map(|(code, ctrl, alt, shift)| Key {
        code,
        ctrl,
        alt,
        shift,
    });
    prop_oneof![12 => any_key, 1 => Just(Key::ctrl(Code::Char('p')))]
}

fn mouse() -> impl Strategy<Value = Step> {
    let actions = vec![MouseAction::Press, MouseAction::WheelUp, MouseAction::WheelDown];
    let action = prop::sample::select(actions);
    (action, 0u16..150, 0u16..60).prop_map(|(action, column, row)| Step::Mouse(action, column, row))
}

fn member_id() -> impl Strategy<Value = MemberId> {
    (1u32..7).prop_map(MemberId)
}

fn media() -> impl Strategy<Value = MediaTime> {
    prop_oneof![
        (0i64..10_000_000).prop_map(MediaTime::from_millis),
        any::<i64>().prop_map(MediaTime::from_nanos),
    ]
}

fn local() -> impl Strategy<Value = LocalTime> {
    prop_oneof![
        (0u64..100_000).prop_map(LocalTime::from_millis),
        any::<u64>().prop_map(LocalTime::from_nanos),
    ]
}

fn duration() -> impl Strategy<Value = Duration> {
    any::<u64>().prop_map(Duration::from_nanos)
}

fn a_member() -> impl Strategy<Value = watchtogether_protocol::message::roster::Member> {
    let player = prop_oneof![
        Just(PlayerState::None),
        Just(PlayerState::Loading),
        Just(PlayerState::Following),
        Just(PlayerState::Detached),
        (0u8..=100).prop_map(|percent| PlayerState::Buffering { percent }),
        Just(PlayerState::TooSlow),
        Just(PlayerState::Closed),
        Just(PlayerState::Idle),
        Just(PlayerState::NoCopy),
        any::<u32>().prop_map(|folders| PlayerState::Searching { folders }),
        media().prop_map(|behind| PlayerState::CatchingUp { behind: Some(behind) }),
        media().prop_map(|at| PlayerState::Ended { at }),
        Just(PlayerState::NotResponding),
        Just(PlayerState::Failed {
            reason: PlayerFailure::Crashed,
        }),
    ];
    let name = prop_oneof![
        Just("bo"),
        Just("猫の目さん"),
        Just("a very long name, of 32 letters")
    ];
    (member_id(), name, player, any::<bool>(), media()).prop_map(|(id, name, player, is_up, longer_by)| {
        let mut member = member(id, name);
        member.report.player = player;
        member.report.file = FileMatch::Other { longer_by };
        member.link = if is_up { MemberLink::Up } else { MemberLink::Lost };
        member
    })
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Comparing),
        Just(Status::NoItem),
        Just(Status::Silent {
            film: OfflineFilm::PlaysOn
        }),
        duration().prop_map(|spread| Status::InSync(Measured::Spread(spread))),
        duration().prop_map(|behind| Status::CatchingUp {
            behind,
            speed: Some(Rate::NORMAL)
        }),
        duration().prop_map(|ahead| Status::SlowingDown { ahead, speed: None }),
        media().prop_map(|by| Status::Jumped { by }),
        media().prop_map(|drift| Status::OutOfSync { drift }),
        any::<u8>().prop_map(|percent| Status::Buffering {
            percent,
            room_waits: true
        }),
        prop::collection::vec(member_id(), 0..12).prop_map(|who| Status::Waiting {
            who: who.into_iter().collect()
        }),
        media().prop_map(|to| Status::Seeking { to, there: 2, of: 3 }),
        local().prop_map(|at| Status::Starting { at }),
        member_id().prop_map(|by| Status::Paused { by: Some(by) }),
        member_id().prop_map(|to| Status::Asked(RoomRequest::HandOver { to })),
        media().prop_map(|to| Status::Asked(RoomRequest::Seek { to })),
        clean().prop_map(|cause| Status::NoPlayer {
            reason: PlayerEnd::MpvRefused { cause },
        }),
        (clean(), media()).prop_map(|(title, longer_by)| Status::OtherFile { title, longer_by }),
        (local(), any::<u32>()).prop_map(|(at, attempt)| Status::Reconnecting {
            attempt,
            at,
            film: OfflineFilm::PausedHere
        }),
    ]
}

fn change_id(number: u32) -> ChangeId {
    let epoch = Epoch {
        counter: 1,
        incarnation: 1,
    };
    ChangeId { epoch, number }
}

fn person() -> impl Strategy<Value = Person> {
    (a_member(), any::<bool>()).prop_map(|(member, is_you)| Person {
        id: member.id,
        name: member.name,
        is_you,
    })
}

fn fact() -> impl Strategy<Value = Fact> {
    let item = (clean(), media()).prop_map(|(title, length)| Item {
        title,
        length: Length::Of(length),
        source: ItemSource::File {
            size: 1,
            fingerprint: Fingerprint([7; 32]),
        },
    });
    prop_oneof![
        Just(Fact::Moved(RoomMove::Restored)),
        (0u32..3, media()).prop_map(|(number, position)| Fact::Played {
            id: change_id(number),
            position
        }),
        (0u32..3, media()).prop_map(|(number, position)| Fact::Paused {
            id: change_id(number),
            position
        }),
        (0u32..3, media(), media()).prop_map(|(number, from, to)| Fact::Seek {
            id: change_id(number),
            from,
            to
        }),
        item.prop_map(|item| Fact::ItemSet { item, is_undo: false }),
        (clean(), media()).prop_map(|(film, longer_by)| Fact::CopyCompared {
            film,
            file: FileMatch::Other { longer_by },
            is_own_choice: false
        }),
        Just(Fact::SettingChanged {
            setting: Setting::OnStall(StallPolicy::GoOn),
            is_undo: false,
        }),
        (clean(), media()).prop_map(|(film, longer_by)| Fact::Copy {
            film: Some(film),
            news: CopyNews::OtherCopy { longer_by }
        }),
        person().prop_map(|by| Fact::Presence {
            change: Presence::Left(LeaveReason::Kicked { by: by.id }),
            by: Some(by)
        }),
        Just(Fact::Presence {
            change: Presence::Joined,
            by: None
        }),
        Just(Fact::BecameHost {
            reason: HostChangeReason::HostLeft
        }),
        clean().prop_map(|cause| Fact::LinkLost {
            reason: LinkEnd::Broken(Breakage::Transport { cause }),
            film: OfflineFilm::PlaysOn
        }),
    ]
}

fn happening() -> impl Strategy<Value = Update> {
    (prop::option::of(person()), fact())
        .prop_map(|(actor, fact)| Update::Happened(Box::new(Happening { actor, fact })))
}

fn note() -> impl Strategy<Value = Update> {
    clean().prop_map(|words| {
        Update::Note(Note {
            hint: Some(words.clone()),
            words,
            weight: Weight::Failure,
        })
    })
}

fn transport() -> impl Strategy<Value = Transport> {
    let duration = prop::option::of(media());
    (clean(), media(), duration, local(), 0u8..3, 250_000u32..4_000_000).prop_map(
        |(title, position, duration, at, motion, rate)| Transport {
            title,
            is_live: duration.is_none() && motion > 0,
            duration,
            position,
            at,
            rate: Rate::from_millionths(rate).expect("in range"),
            motion: [Motion::Paused, Motion::Playing, Motion::Preparing][usize::from(motion)],
        },
    )
}

fn undoable_seek() -> impl Strategy<Value = Update> {
    (0u32..3, member_id(), media(), media(), local()).prop_map(|(number, by, from, to, until)| {
        let undoable = Undoable {
            number,
            by,
            change: Change::Place { from, to },
            undoes: None,
            left_ms: 60_000,
        };
        Update::Undoable {
            undoable,
            id: change_id(number),
            until,
        }
    })
}

fn telemetry() -> impl Strategy<Value = Telemetry> {
    (any::<i32>(), any::<u32>(), any::<u32>()).prop_map(|(drift, rtt_us, buffered_ms)| Telemetry {
        drift_us: Some(drift),
        is_settled: drift.unsigned_abs() <= 40_000,
        drift_p50_us: Some(drift.unsigned_abs() / 2),
        drift_p95_us: Some(drift.unsigned_abs()),
        drift_worst_us: Some(drift.unsigned_abs()),
        speed_ppm: drift,
        clock_bound_us: rtt_us / 2,
        freeze_ms: buffered_ms,
        is_typing: buffered_ms % 2 == 0,
        rtt_us,
        rtt_p95_us: rtt_us,
        buffered_ms,
        corrections: rtt_us,
    })
}

fn invite() -> impl Strategy<Value = InviteCard> {
    (clean(), any::<bool>()).prop_map(|(line, is_own)| {
        let reach = InviteReach::Own {
            host: line.clone(),
            port: 1,
            instead_of: Some(2),
            network: Network::Local,
            reached: Network::Machine,
        };
        InviteCard {
            local: is_own.then(|| line.clone()),
            reach: if is_own { reach } else { InviteReach::Elsewhere },
            invite: line,
        }
    })
}

fn update() -> impl Strategy<Value = Update> {
    prop_oneof![
        transport().prop_map(|transport| Update::Transport(Some(transport))),
        status().prop_map(Update::Status),
        happening(),
        undoable_seek(),
        note(),
        a_member().prop_map(Update::Member),
        member_id().prop_map(Update::MemberLeft),
        member_id().prop_map(Update::Host),
        (member_id(), telemetry())
            .prop_map(|(member, telemetry)| { Update::Telemetry(vec![MemberSample { member, telemetry }]) }),
        duration().prop_map(|rtt| Update::RoundTrip(Some(rtt))),
        any::<bool>().prop_map(Update::Unsaved),
        duration().prop_map(|bound| Update::ClockBound(Some(bound))),
        any::<u64>().prop_map(|wall| Update::WallClock(WallTime(wall))),
        (any::<u64>(), any::<u64>()).prop_map(|(wall, at)| Update::RoomClock {
            wall: WallTime(wall),
            at: LocalTime::from_nanos(at),
        }),
        (1u128..9, clean()).prop_map(|(id, text)| Update::ChatPending {
            id: ChatId(Uuid::from_u128(id)),
            text,
            position: None
        }),
        (1u128..9).prop_map(|id| Update::ChatRefused {
            id: ChatId(Uuid::from_u128(id)),
            reason: Refusal::RateLimited
        }),
        (clean(), any::<bool>()).prop_map(|(words, may_retry)| Update::Stopped(Stop {
            kind: StopKind::Disconnected,
            hint: Some(words.clone()),
            words,
            may_retry
        })),
        clean().prop_map(|to| Update::Connecting { to }),
        (any::<u32>(), any::<u64>()).prop_map(|(number, until)| {
            Update::Bans(vec![Ban {
                number,
                name: "dee".parse().expect("a name"),
                until: WallTime(until),
            }])
        }),
        any::<String>().prop_map(Update::Draft),
        invite().prop_map(|invite| Update::Invite(Some(invite))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => key().prop_map(Step::Key),
        1 => text().prop_map(Step::Paste),
        3 => mouse(),
        4 => update().prop_map(|update| Step::Update(Box::new(update))),
        3 => (1u32..7, text()).prop_map(|(from, text)| Step::Says(from, text)),
        1 => (1u16..140, 1u16..50).prop_map(|(width, height)| Step::Resize(width, height)),
        1 => (0u64..100_000).prop_map(Step::Wait),
    ]
}

fn take(screen: &mut Screen, step: Step) {
    match step {
        Step::Key(key) => drop(screen.key(key)),
        Step::Mouse(action, column, row) => drop(screen.mouse(action, column, row)),
        Step::Paste(text) => drop(screen.input(Input::Paste(text))),
        Step::Update(update) => screen.apply(*update),
        Step::Says(from, text) => {
            screen.says(MemberId(from), &text);
        }
        Step::Resize(width, height) => screen.resize(width, height),
        Step::Wait(millis) => screen.wait(Duration::from_millis(millis)),
    }
}

/// Draws the screen and checks the properties that every picture must have.
fn check(screen: &mut Screen) {
    screen.draw();
    let buffer = screen.buffer();
    let width = buffer.area.width;
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            assert!(
                symbol
                    .chars()
                    .all(|c| !c.is_control() && !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')),
                "{symbol:?} at {x},{y}"
            );
            let wide = symbol.cell_width().max(1);
            assert!(x + wide <= width, "{symbol:?} hangs over the edge at {x},{y}");
            x += wide;
        }
    }
    let area = buffer.area;
    for region in screen.app.hits().regions() {
        assert_eq!(
            region.area.intersection(area),
            region.area,
            "{region:?} is beyond the edge"
        );
    }
    if let Some(next) = screen.app.next_frame_at() {
        assert!(next > screen.now, "a frame by time alone lies ahead");
    }
    assert!(!screen.app.needs_frame(screen.now), "what was drawn is drawn");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_at_any_size_is_drawn(
        width in 1u16..140,
        height in 1u16..50,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut screen = Screen::room(width, height, ANA);
        for step in steps {
            take(&mut screen, step);
            check(&mut screen);
        }
    }

    #[test]
    fn anything_before_there_is_a_room_is_drawn(
        width in 1u16..140,
        height in 1u16..50,
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let mut screen = Screen::new(width, height);
        for step in steps {
            take(&mut screen, step);
            check(&mut screen);
        }
    }
}
