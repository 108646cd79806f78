//! Tests the recorded bytes of version 1: changing a field, an order or a number fails here first.
//!
//! `golden/version-1.txt` holds one line per sample: direction, name, hexadecimal bytes. Until the version is frozen,
//! `GOLDEN=write` rewrites the file; from then on lines may only be added.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram, copy_of};
use watchtogether_protocol::item::{FileMatch, Length};
use watchtogether_protocol::message::playback::{Action, StallPolicy};
use watchtogether_protocol::message::room::{Access, ClosingReason, Refusal, Request};
use watchtogether_protocol::message::roster::{
    HostChangeReason, LeaveReason, MemberLink, PlayerFailure, PlayerState, Role,
};
use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::message::undo::Change;
use watchtogether_protocol::timeline::Reason;
use watchtogether_protocol::{ClientMessage, MediaTime, MemberId, Playback, Rate, ServerMessage, codec};

use crate::samples::{self, frame_of};

#[test]
fn version_1_is_written_as_it_was_written_down() {
    let written: Vec<String> = current()
        .iter()
        .map(|(direction, name, bytes)| format!("{direction}\t{name}\t{}", HEXLOWER.encode(bytes)))
        .collect();
    if std::env::var("GOLDEN").as_deref() == Ok("write") {
        std::fs::write(path(), written.join("\n") + "\n").expect("the golden file is writable");
    }

    let golden = std::fs::read_to_string(path()).expect("the golden file is in the repository");

    assert_eq!(written, golden.lines().collect::<Vec<_>>());
}

#[test]
fn recorded_frames_are_still_read() {
    let expected: BTreeMap<_, _> = samples::client_messages().into_iter().collect();
    for (name, bytes) in golden("client") {
        let message = ClientMessage::from_frame(&frame_of(&bytes)).expect("a readable message");

        assert_eq!(message.as_ref(), expected.get(name.as_str()), "{name}");
    }

    let expected: BTreeMap<_, _> = samples::server_messages().into_iter().collect();
    for (name, bytes) in golden("server") {
        let message = ServerMessage::from_frame(&frame_of(&bytes)).expect("a readable message");

        assert_eq!(message.as_ref(), expected.get(name.as_str()), "{name}");
    }

    let datagrams = golden("datagram");
    assert_eq!(
        ClientDatagram::from_bytes(&datagrams["ClockPing"]).ok(),
        Some(Some(ClientDatagram::Ping(samples::ping())))
    );
    assert_eq!(
        ServerDatagram::from_bytes(&datagrams["ClockPong"]).ok(),
        Some(Some(ServerDatagram::Pong(samples::pong())))
    );
}

#[test]
fn every_message_has_its_golden_bytes() {
    let kinds =
        |direction| -> BTreeSet<u16> { golden(direction).values().map(|b| frame_of(b).kind).collect() };
    let numbers =
        |known: &[(u16, &str)]| -> BTreeSet<u16> { known.iter().map(|(number, _)| *number).collect() };

    assert_eq!(kinds("client"), numbers(ClientMessage::KINDS));
    assert_eq!(kinds("server"), numbers(ServerMessage::KINDS));
}

#[test]
fn numbers_and_names_are_never_given_twice() {
    for kinds in [ClientMessage::KINDS, ServerMessage::KINDS] {
        let numbers: BTreeSet<_> = kinds.iter().map(|(number, _)| number).collect();
        let names: BTreeSet<_> = kinds.iter().map(|(_, name)| name).collect();

        assert_eq!((numbers.len(), names.len()), (kinds.len(), kinds.len()));
    }
}

/// Checks that the variants of an enum are encoded with the numbers 0, 1, 2 and so on, in this order.
macro_rules! assert_numbered {
    ($($variant:expr),+ $(,)?) => {{
        let numbers: Vec<u8> = [$(codec::encode(&$variant)[0]),+].to_vec();
        let expected: Vec<u8> = (0..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "{}", stringify!($($variant),+));
    }};
}

#[test]
fn variants_of_playback_actions_keep_their_numbers() {
    let position = MediaTime::ZERO;
    let rate = Rate::NORMAL;

    assert_numbered!(Playback::Paused, Playback::Playing, Playback::Preparing);
    assert_numbered!(
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
    );
    assert_numbered!(
        Action::Play,
        Action::Pause { position },
        Action::Seek { position },
        Action::SetRate { rate },
    );
    let host = MemberId(1);
    assert_numbered!(
        Change::Place {
            from: position,
            to: position
        },
        Change::Play { position },
        Change::Pause { position },
        Change::Rate { rate },
        Change::Item,
        Change::Host { host },
        Change::Setting(Setting::OnStall(StallPolicy::Wait)),
    );
    assert_numbered!(Setting::OnStall(StallPolicy::Wait), Setting::Title(None));
}

#[test]
fn requests_and_their_answers_keep_the_numbers_of_their_variants() {
    assert_numbered!(Access::Open, Access::Invite);
    assert_numbered!(StallPolicy::Wait, StallPolicy::GoOn);
    assert_numbered!(
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
    );
    assert_numbered!(
        Refusal::NotAdmitted,
        Refusal::RoomFull,
        Refusal::NameTaken,
        Refusal::RoomExists,
        Refusal::NotHost,
        Refusal::RateLimited,
        Refusal::ServerBusy,
        Refusal::NoSuchMember,
        Refusal::NoItem,
        Refusal::NotPossible,
        Refusal::SeatGone,
        Refusal::ShuttingDown,
        Refusal::NothingToUndo,
        Refusal::Banned,
        Refusal::NotRemovable,
        Refusal::NoSuchBan,
        Refusal::NameReserved,
        Refusal::RoomDamaged,
        Refusal::NotWritten,
    );
    assert_numbered!(
        ClosingReason::ServerEnds,
        ClosingReason::RoomClosed,
        ClosingReason::HostGone
    );
}

#[test]
fn variants_of_member_states_keep_their_numbers() {
    let longer_by = MediaTime::ZERO;
    let by = MemberId(1);

    assert_numbered!(Role::Viewer, Role::CoHost, Role::Host);
    assert_numbered!(MemberLink::Up, MemberLink::Silent, MemberLink::Lost);
    let reason = PlayerFailure::Other;
    assert_numbered!(
        PlayerFailure::Unreadable,
        PlayerFailure::NotAFilm,
        PlayerFailure::Crashed,
        PlayerFailure::Other,
    );
    assert_numbered!(
        PlayerState::None,
        PlayerState::Closed,
        PlayerState::Idle,
        PlayerState::Searching { folders: 1 },
        PlayerState::NoCopy,
        PlayerState::Loading,
        PlayerState::Following,
        PlayerState::CatchingUp { behind: None },
        PlayerState::Detached,
        PlayerState::Buffering { percent: 1 },
        PlayerState::Ended { at: MediaTime::ZERO },
        PlayerState::TooSlow,
        PlayerState::NotResponding,
        PlayerState::Failed { reason },
    );
    assert_numbered!(
        FileMatch::Unknown,
        FileMatch::Same,
        FileMatch::Other { longer_by },
        FileMatch::Growing,
        FileMatch::Live,
    );
    assert_numbered!(Length::Unknown, Length::Of(MediaTime::ZERO), Length::Live);
    assert_numbered!(
        LeaveReason::Left,
        LeaveReason::LinkLost,
        LeaveReason::Disconnected,
        LeaveReason::Kicked { by },
        LeaveReason::Banned { by },
    );
    assert_numbered!(
        HostChangeReason::Transferred,
        HostChangeReason::HostLeft,
        HostChangeReason::HostLost,
        HostChangeReason::Reclaimed,
        HostChangeReason::Undone,
    );
}

fn current() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let client = samples::client_messages()
        .into_iter()
        .map(|(name, message)| ("client", name, message.to_frame().to_vec()));
    let server = samples::server_messages()
        .into_iter()
        .map(|(name, message)| ("server", name, message.to_frame().to_vec()));
    let datagrams = [
        (
            "datagram",
            "ClockPing",
            ClientDatagram::ping(&samples::ping()).to_vec(),
        ),
        (
            "datagram",
            "ClockPong",
            ServerDatagram::pong(&samples::pong()).to_vec(),
        ),
    ];
    let copies = [("Ready", "client"), ("VideoStateChanged", "server")].map(|(name, direction)| {
        let frame = golden(direction).remove(name).expect("it has golden bytes");
        ("datagram", name, copy_of(&frame).expect("it is short").to_vec())
    });
    client.chain(server).chain(datagrams).chain(copies).collect()
}

/// Returns the golden bytes of one direction by name.
pub(crate) fn golden(direction: &str) -> BTreeMap<String, Vec<u8>> {
    include_str!("golden/version-1.txt")
        .lines()
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let (of, name, hex) = (columns.next()?, columns.next()?, columns.next()?);
            let bytes = HEXLOWER.decode(hex.as_bytes()).expect("hexadecimal bytes");
            (of == direction).then(|| (name.to_owned(), bytes))
        })
        .collect()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/version-1.txt")
}
