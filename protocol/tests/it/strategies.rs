//! Strategies that generate every value that messages consist of.

use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::{FileMatch, Fingerprint};
use watchtogether_protocol::message::chat::{ChatLine, Saved};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong, MemberSample, Telemetry};
use watchtogether_protocol::message::playback::{Action, Awaited, StallPolicy, VideoStateChanged};
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::room::{
    Access, Elsewhere, Entered, Password, Refusal, Request, RoomSnapshot,
};
use watchtogether_protocol::message::roster::{
    Avatar, HostChangeReason, LeaveReason, Member, MemberLink, PlayerFailure, PlayerState, Report, Role,
};
use watchtogether_protocol::message::settings::{RoomSettings, RoomTitle, Setting};
use watchtogether_protocol::message::undo::{Change, Undoable, Undone};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{
    Cause, ChatId, Clean, Epoch, Invite, InviteToken, Item, ItemId, ItemSource, Length, LocalTime, MediaTime,
    MemberId, MemberName, Pin, Playback, Rate, Revision, RoomId, RoomName, ServerTime, Timeline, Token,
    limits,
};

pub(crate) fn ban() -> impl Strategy<Value = Ban> {
    (any::<u32>(), member_name(), wall_time()).prop_map(|(number, name, until)| Ban { number, name, until })
}

pub(crate) fn ping() -> impl Strategy<Value = ClockPing> {
    (any::<u32>(), any::<u64>(), revision(), telemetry()).prop_map(|(sequence, sent, revision, telemetry)| {
        ClockPing {
            sequence,
            sent: LocalTime::from_nanos(sent),
            revision,
            telemetry,
        }
    })
}

pub(crate) fn pong() -> impl Strategy<Value = ClockPong> {
    let sample =
        (member_id(), telemetry()).prop_map(|(member, telemetry)| MemberSample { member, telemetry });
    let digest = prop::collection::vec(sample, 0..=limits::DIGEST_MEMBERS);
    (any::<u32>(), any::<u64>(), server_time(), server_time(), digest).prop_map(
        |(sequence, sent, received, answered, digest)| ClockPong {
            sequence,
            sent: LocalTime::from_nanos(sent),
            received,
            answered,
            digest,
        },
    )
}

fn address() -> impl Strategy<Value = Address> {
    let host = prop_oneof![
        any::<std::net::IpAddr>().prop_map(|ip| ip.to_string()),
        "[a-z][a-z0-9-]{0,20}(\\.[a-z]{2,8}){0,2}",
    ];
    (host, 1u16..).prop_map(|(host, port)| Address { host, port })
}

fn pin() -> impl Strategy<Value = Pin> {
    any::<[u8; 16]>().prop_map(Pin::from_bytes)
}

pub(crate) fn elsewhere() -> impl Strategy<Value = Elsewhere> {
    (address(), pin()).prop_map(|(address, pin)| Elsewhere { address, pin })
}

pub(crate) fn invite() -> impl Strategy<Value = Invite> {
    (
        address(),
        option::of(room_name()),
        option::of(pin()),
        option::of(invite_token()),
    )
        .prop_map(|(address, room, pin, token)| Invite {
            address,
            room,
            pin,
            token,
        })
}

pub(crate) fn entered() -> impl Strategy<Value = Entered> {
    let seat = (member_id(), token(), option::of(invite_token()));
    let chat = prop::collection::vec(chat_line(), 0..4);
    let more = (
        any::<bool>(),
        option::of(undoable()),
        any::<u64>(),
        option::of(saved()),
        any::<bool>(),
    );
    let clocks = (server_time(), any::<u64>());
    (seat, room(), chat, more, clocks).prop_map(
        |(
            (you, token, invite),
            room,
            chat,
            (chat_has_gap, undoable, chat_after, saved, is_owner),
            (now, wall),
        )| {
            Entered {
                you,
                token,
                invite,
                room,
                chat,
                chat_has_gap,
                now,
                wall: WallTime(wall),
                undoable,
                chat_after,
                saved,
                is_owner,
            }
        },
    )
}

pub(crate) fn saved() -> impl Strategy<Value = Saved> {
    (any::<u64>(), any::<bool>()).prop_map(|(chat, is_failing)| Saved { chat, is_failing })
}

pub(crate) fn undoable() -> impl Strategy<Value = Undoable> {
    let undone = (member_id(), any::<bool>()).prop_map(|(author, was_undo)| Undone { author, was_undo });
    (
        any::<u32>(),
        member_id(),
        change(),
        option::of(undone),
        any::<u32>(),
    )
        .prop_map(|(number, by, change, undoes, left_ms)| Undoable {
            number,
            by,
            change,
            undoes,
            left_ms,
        })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (position(), position()).prop_map(|(from, to)| Change::Place { from, to }),
        position().prop_map(|position| Change::Play { position }),
        position().prop_map(|position| Change::Pause { position }),
        rate().prop_map(|rate| Change::Rate { rate }),
        Just(Change::Item),
        member_id().prop_map(|host| Change::Host { host }),
        setting().prop_map(Change::Setting),
    ]
}

pub(crate) fn settings() -> impl Strategy<Value = RoomSettings> {
    (stall_policy(), option::of(room_title())).prop_map(|(on_stall, title)| RoomSettings { on_stall, title })
}

pub(crate) fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        stall_policy().prop_map(Setting::OnStall),
        option::of(room_title()).prop_map(Setting::Title),
    ]
}

fn room_title() -> impl Strategy<Value = RoomTitle> {
    "\\PC{1,64}".prop_filter_map("nothing is left", |text| text.parse().ok())
}

fn room() -> impl Strategy<Value = RoomSnapshot> {
    let identity = (uuid(), room_name(), option::of(member_id()));
    let content = (
        prop::collection::vec(member(), 0..4),
        option::of((item_id(), item())),
        state(),
        settings(),
    );
    (identity, content, wall_time(), wall_time()).prop_map(
        |((id, name, host), (members, item, state, settings), created, last_active)| RoomSnapshot {
            id: RoomId(id),
            name,
            host,
            members,
            item,
            state,
            settings,
            created,
            last_active,
        },
    )
}

pub(crate) fn member() -> impl Strategy<Value = Member> {
    let role = prop_oneof![Just(Role::Viewer), Just(Role::CoHost), Just(Role::Host)];
    let link = prop_oneof![Just(MemberLink::Up), Just(MemberLink::Lost)];
    (
        member_id(),
        member_name(),
        avatar(),
        role,
        wall_time(),
        link,
        report(),
    )
        .prop_map(|(id, name, avatar, role, joined, link, report)| Member {
            id,
            name,
            avatar,
            role,
            joined,
            link,
            report,
        })
}

pub(crate) fn awaited() -> impl Strategy<Value = Awaited> {
    prop::collection::vec(member_id(), 0..12).prop_map(|ids| ids.into_iter().collect())
}

pub(crate) fn state() -> impl Strategy<Value = VideoStateChanged> {
    (timeline(), awaited()).prop_map(|(timeline, waiting_for)| VideoStateChanged {
        timeline,
        waiting_for,
    })
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let version = (epoch(), revision(), item_id());
    let place = (position(), server_time(), rate());
    let playback = prop_oneof![
        Just(Playback::Paused),
        Just(Playback::Playing),
        Just(Playback::Preparing)
    ];
    let cause = (option::of(member_id()), reason()).prop_map(|(who, reason)| Cause { who, reason });
    (version, place, playback, cause).prop_map(
        |((epoch, revision, item), (position, at, rate), playback, cause)| Timeline {
            epoch,
            revision,
            item,
            position,
            at,
            rate,
            playback,
            cause,
        },
    )
}

pub(crate) fn chat_line() -> impl Strategy<Value = ChatLine> {
    let who = (member_id(), member_name());
    let what = (chat_id(), chat_text(), option::of(position()));
    (any::<u64>(), who, what, wall_time()).prop_map(|(sequence, (from, name), (id, text, position), at)| {
        ChatLine {
            sequence,
            id,
            from,
            name,
            text,
            at,
            position,
        }
    })
}

pub(crate) fn item() -> impl Strategy<Value = Item> {
    let title = clean_line(0, limits::TITLE_CHARS);
    let duration = option::of(position().prop_map(|p| p + MediaTime::from_nanos(1)));
    let source = prop_oneof![
        (any::<u64>(), any::<[u8; 32]>()).prop_map(|(size, hash)| ItemSource::File {
            size,
            fingerprint: Fingerprint(hash),
        }),
        "https?://[a-z]{1,10}(:[0-9]{1,5})?/[a-zа-я0-9?&=%./-]{0,60}"
            .prop_map(|url| { ItemSource::Link(url.parse().expect("the pattern makes links")) }),
    ];
    (title, duration, any::<bool>(), source).prop_map(|(title, duration, is_live, source)| {
        let item = Item {
            title,
            length: duration.into(),
            source,
        };
        if is_live && item.can_be(Length::Live) {
            Item {
                length: Length::Live,
                ..item
            }
        } else {
            item
        }
    })
}

pub(crate) fn report() -> impl Strategy<Value = Report> {
    let signed = || {
        (position(), any::<bool>())
            .prop_map(|(by, is_negative)| if is_negative { MediaTime::ZERO - by } else { by })
    };
    let reason = prop_oneof![
        Just(PlayerFailure::Unreadable),
        Just(PlayerFailure::NotAFilm),
        Just(PlayerFailure::Crashed),
        Just(PlayerFailure::Other),
    ];
    let player = prop_oneof![
        Just(PlayerState::None),
        Just(PlayerState::Closed),
        Just(PlayerState::Idle),
        any::<u32>().prop_map(|folders| PlayerState::Searching { folders }),
        Just(PlayerState::NoCopy),
        Just(PlayerState::Loading),
        Just(PlayerState::Following),
        option::of(signed()).prop_map(|behind| PlayerState::CatchingUp { behind }),
        Just(PlayerState::Detached),
        (0u8..=100).prop_map(|percent| PlayerState::Buffering { percent }),
        position().prop_map(|at| PlayerState::Ended { at }),
        Just(PlayerState::TooSlow),
        Just(PlayerState::NotResponding),
        reason.prop_map(|reason| PlayerState::Failed { reason }),
    ];
    let file = prop_oneof![
        Just(FileMatch::Unknown),
        Just(FileMatch::Same),
        signed().prop_map(|longer_by| FileMatch::Other { longer_by }),
        Just(FileMatch::Growing),
        Just(FileMatch::Live),
    ];
    (player, file).prop_map(|(player, file)| Report { player, file })
}

fn telemetry() -> impl Strategy<Value = Telemetry> {
    let drift = (option::of(any::<i32>()), any::<[Option<u32>; 3]>(), any::<i32>());
    (drift, any::<[u32; 6]>(), any::<[bool; 2]>()).prop_map(
        |((drift_us, sizes, speed_ppm), others, [is_settled, is_typing])| {
            let [drift_p50_us, drift_p95_us, drift_worst_us] = sizes;
            let [
                rtt_us,
                rtt_p95_us,
                clock_bound_us,
                buffered_ms,
                corrections,
                freeze_ms,
            ] = others;
            Telemetry {
                drift_us,
                drift_p50_us,
                drift_p95_us,
                drift_worst_us,
                speed_ppm,
                rtt_us,
                rtt_p95_us,
                clock_bound_us,
                buffered_ms,
                corrections,
                freeze_ms,
                is_settled,
                is_typing,
            }
        },
    )
}

pub(crate) fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Play),
        position().prop_map(|position| Action::Pause { position }),
        position().prop_map(|position| Action::Seek { position }),
        rate().prop_map(|rate| Action::SetRate { rate }),
    ]
}

pub(crate) fn access() -> impl Strategy<Value = Access> {
    prop_oneof![
        Just(Access::Open),
        Just(Access::Invite),
        password().prop_map(Access::Password),
    ]
}

pub(crate) fn stall_policy() -> impl Strategy<Value = StallPolicy> {
    prop_oneof![Just(StallPolicy::Wait), Just(StallPolicy::GoOn)]
}

pub(crate) fn leave_reason() -> impl Strategy<Value = LeaveReason> {
    prop_oneof![
        Just(LeaveReason::Left),
        Just(LeaveReason::LinkLost),
        Just(LeaveReason::Disconnected),
        member_id().prop_map(|by| LeaveReason::Kicked { by }),
        member_id().prop_map(|by| LeaveReason::Banned { by }),
    ]
}

pub(crate) fn host_change_reason() -> impl Strategy<Value = HostChangeReason> {
    prop_oneof![
        Just(HostChangeReason::Transferred),
        Just(HostChangeReason::HostLeft),
        Just(HostChangeReason::HostLost),
        Just(HostChangeReason::Reclaimed),
        Just(HostChangeReason::Undone),
    ]
}

pub(crate) fn request() -> impl Strategy<Value = Request> {
    prop::sample::select(vec![
        Request::CreateRoom,
        Request::JoinRoom,
        Request::Resume,
        Request::VideoSync,
        Request::SetVideo,
        Request::Chat,
        Request::TransferHost,
        Request::SetRoom,
        Request::Undo,
        Request::Remove,
        Request::Unban,
    ])
}

pub(crate) fn refusal() -> impl Strategy<Value = Refusal> {
    prop::sample::select(Refusal::ALL.to_vec())
}

fn reason() -> impl Strategy<Value = Reason> {
    prop::sample::select(vec![
        Reason::Opened,
        Reason::Played,
        Reason::Paused,
        Reason::Seeked,
        Reason::RateChanged,
        Reason::ItemChanged,
        Reason::Ended,
        Reason::Waiting,
        Reason::Resumed,
        Reason::Restored,
        Reason::Undone,
    ])
}

/// Returns member names, both usual and unusual ones, all of which parse.
pub(crate) fn member_name() -> impl Strategy<Value = MemberName> {
    let text = prop_oneof![
        "[A-Za-z0-9 ._-]{1,32}",
        "\\PC{1,32}",
        prop::collection::vec(any::<char>(), 1..20).prop_map(String::from_iter)
    ];
    text.prop_filter_map("no name", |text| text.parse().ok())
}

pub(crate) fn room_name() -> impl Strategy<Value = RoomName> {
    "[a-z0-9._-]{1,64}".prop_map(|text| text.parse().expect("the pattern makes room names"))
}

pub(crate) fn avatar() -> impl Strategy<Value = Avatar> {
    let glyph = prop::sample::select(vec![
        "a",
        "é",
        "字",
        "🎬",
        "👩\u{200d}🔬",
        "❤\u{fe0f}",
        "🇩🇪",
        "x\u{335}",
    ]);
    (glyph, 0u8..12).prop_map(|(glyph, colour)| Avatar {
        glyph: Clean::line(glyph),
        colour,
    })
}

pub(crate) fn chat_text() -> impl Strategy<Value = Clean> {
    "[\\PC\n]{1,200}"
        .prop_map(|text| Clean::text(&text))
        .prop_filter("nothing to say", |text| !text.as_str().trim().is_empty())
}

pub(crate) fn short_line() -> impl Strategy<Value = Clean> {
    clean_line(0, limits::SHORT_LINE_CHARS)
}

/// Returns clean lines of at most a number of characters, counted after cleaning.
fn clean_line(min: usize, max: usize) -> impl Strategy<Value = Clean> {
    prop::collection::vec(any::<char>(), min..=max)
        .prop_map(move |chars| Clean::line(&String::from_iter(chars)).truncated(max))
}

pub(crate) fn password() -> impl Strategy<Value = Password> {
    prop::collection::vec(any::<char>(), 1..=limits::PASSWORD_CHARS)
        .prop_map(|chars| Password(String::from_iter(chars)))
}

pub(crate) fn position() -> impl Strategy<Value = MediaTime> {
    (0..=limits::DURATION_SECONDS * 1_000_000_000 - 1).prop_map(MediaTime::from_nanos)
}

pub(crate) fn rate() -> impl Strategy<Value = Rate> {
    (Rate::MIN.as_millionths()..=Rate::MAX.as_millionths())
        .prop_map(|millionths| Rate::from_millionths(millionths).expect("in range"))
}

pub(crate) fn token() -> impl Strategy<Value = Token> {
    any::<[u8; 32]>().prop_map(Token::from_bytes)
}

pub(crate) fn invite_token() -> impl Strategy<Value = InviteToken> {
    any::<[u8; 10]>().prop_map(InviteToken::from_bytes)
}

pub(crate) fn epoch() -> impl Strategy<Value = Epoch> {
    any::<(u64, u64)>().prop_map(|(counter, incarnation)| Epoch { counter, incarnation })
}

pub(crate) fn revision() -> impl Strategy<Value = Revision> {
    any::<u64>().prop_map(Revision)
}

pub(crate) fn member_id() -> impl Strategy<Value = MemberId> {
    any::<u32>().prop_map(MemberId)
}

pub(crate) fn item_id() -> impl Strategy<Value = ItemId> {
    any::<u64>().prop_map(ItemId)
}

pub(crate) fn chat_id() -> impl Strategy<Value = ChatId> {
    uuid().prop_map(ChatId)
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<[u8; 16]>().prop_map(Uuid::from_bytes)
}

fn server_time() -> impl Strategy<Value = ServerTime> {
    any::<u64>().prop_map(ServerTime::from_nanos)
}

fn wall_time() -> impl Strategy<Value = WallTime> {
    any::<u64>().prop_map(WallTime)
}
