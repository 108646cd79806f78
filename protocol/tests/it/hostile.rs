//! Tests that hostile input never panics, never allocates beyond its budget, and never arrives uncleaned.

use std::hint::black_box;

use allocation_counter::measure;
use proptest::prelude::*;
use proptest::sample::Index;
use watchtogether_protocol::clock::{ClockEstimator, Exchange};
use watchtogether_protocol::codec::DecodeError;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::frame::{FLAG_OPTIONAL, Frame, FrameReader, HEADER_BYTES, write};
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::{ChatHistory, ChatLine, SendChat};
use watchtogether_protocol::message::roster::{Avatar, Member, PlayerState, Report};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    ChatId, Clean, ClientMessage, Invite, LocalTime, MediaTime, MemberId, Playback, Rate, ServerMessage,
    ServerTime, Timeline, codec, limits,
};

use crate::golden::golden;
use crate::samples::{self, frame, frame_of, server_sample};

/// The memory that decoding one payload may allocate, as a multiple of its direction's limit on the wire. Cleaning holds each
/// text twice, and the normal form of a text of ligatures is twice as long, in a buffer that grows by doubling.
const MEMORY_FACTOR: u64 = 5;

/// The memory that a refusal needs for its own text.
const MEMORY_FLOOR: u64 = 4 * 1024;

#[test]
fn a_truncated_message_is_refused_at_every_length() {
    for (name, payload, kind) in golden_payloads("client") {
        for length in 0..payload.len() {
            let cut = frame(kind, payload[..length].to_vec());

            assert!(ClientMessage::from_frame(&cut).is_err(), "{name} at {length}");
        }
    }
    for (name, payload, kind) in golden_payloads("server") {
        for length in 0..payload.len() {
            let cut = frame(kind, payload[..length].to_vec());

            assert!(ServerMessage::from_frame(&cut).is_err(), "{name} at {length}");
        }
    }
}

#[test]
fn bytes_after_a_message_are_refused() {
    for (name, mut payload, kind) in golden_payloads("client") {
        payload.push(0);

        let result = ClientMessage::from_frame(&frame(kind, payload));

        assert!(
            matches!(result, Err(DecodeError::Trailing(1))),
            "{name}: {result:?}"
        );
    }
    for (name, mut payload, kind) in golden_payloads("server") {
        payload.push(0);

        let result = ServerMessage::from_frame(&frame(kind, payload));

        assert!(
            matches!(result, Err(DecodeError::Trailing(1))),
            "{name}: {result:?}"
        );
    }
}

#[test]
fn an_unknown_type_is_refused_unless_its_sender_marked_it_optional() {
    let unknown = frame(60_000, vec![1, 2, 3]);
    let optional = Frame {
        flags: FLAG_OPTIONAL,
        ..unknown.clone()
    };

    assert!(matches!(
        ClientMessage::from_frame(&unknown),
        Err(DecodeError::UnknownType(60_000))
    ));
    assert!(matches!(
        ServerMessage::from_frame(&unknown),
        Err(DecodeError::UnknownType(60_000))
    ));
    assert!(matches!(ClientMessage::from_frame(&optional), Ok(None)));
    assert!(matches!(ServerMessage::from_frame(&optional), Ok(None)));
}

#[test]
fn the_optional_flag_excuses_no_unreadable_message() {
    let damaged = Frame {
        flags: FLAG_OPTIONAL,
        ..frame(6, vec![0xff; 4])
    };

    assert!(ClientMessage::from_frame(&damaged).is_err());
}

#[test]
fn a_frame_that_claims_too_much_is_refused_before_it_is_buffered() {
    let mut header = write(1, 0, b"")[..HEADER_BYTES].to_vec();
    header[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut reader = FrameReader::new(limits::CLIENT_FRAME_BYTES);

    let memory = measure(|| {
        reader.push(&header);
        assert!(reader.next_frame().is_err());
    });

    assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
}

#[test]
fn a_frame_of_the_largest_allowed_size_takes_no_memory_before_its_bytes_come() {
    let mut header = write(1, 0, b"")[..HEADER_BYTES].to_vec();
    header[..4].copy_from_slice(
        &u32::try_from(limits::CLIENT_FRAME_BYTES)
            .expect("small")
            .to_le_bytes(),
    );
    let mut reader = FrameReader::new(limits::CLIENT_FRAME_BYTES);

    let memory = measure(|| {
        reader.push(&header);
        assert_eq!(reader.next_frame(), Ok(None));
    });

    assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
}

/// Returns a claimed length as bincode encodes it: 253 and eight bytes.
fn claim(length: u64) -> Vec<u8> {
    [vec![253], length.to_le_bytes().to_vec()].concat()
}

#[test]
fn claimed_lengths_cost_no_more_than_the_budget() {
    for exponent in [16, 20, 32, 40, 60] {
        let claimed = claim(1 << exponent);
        let text = [vec![0; 16], claimed.clone()].concat();

        let memory = measure(|| {
            assert!(ClientMessage::from_frame(&frame(8, text)).is_err());
            assert!(ServerMessage::from_frame(&frame(11, claimed.clone())).is_err());
            assert!(codec::decode::<Vec<Member>, { limits::SERVER_FRAME_BYTES }>(&claimed).is_err());
        });

        let bound = MEMORY_FACTOR * limits::SERVER_FRAME_BYTES as u64;
        assert!(memory.bytes_max <= bound, "a claim of 2^{exponent}: {memory:?}");
    }
}

#[test]
fn text_that_grows_or_shrinks_as_it_is_cleaned_stays_within_the_budget() {
    for piece in ["a", "\u{fb2c}", "e\u{200b}\u{301}", "\u{1f3fb}"] {
        let text = piece.repeat((limits::CLIENT_FRAME_BYTES - 32) / piece.len());
        let chat = [codec::encode(&[0u8; 16]), codec::encode(&text), vec![0]].concat();

        let memory = measure(|| drop(ClientMessage::from_frame(&frame(8, chat))));

        let bound = MEMORY_FACTOR * limits::CLIENT_FRAME_BYTES as u64;
        assert!(
            memory.bytes_max > text.len() as u64,
            "{piece:?} was not even read: {memory:?}"
        );
        assert!(memory.bytes_max <= bound, "{piece:?}: {memory:?}");
    }
}

#[test]
fn a_datagram_that_claims_a_long_digest_costs_nothing() {
    let mut bytes = ServerDatagram::pong(&samples::pong()).to_vec();
    let digest_at = 1
        + codec::encode(&samples::pong().sequence).len()
        + codec::encode(&samples::pong().sent).len()
        + codec::encode(&samples::pong().received).len()
        + codec::encode(&samples::pong().answered).len();
    bytes.truncate(digest_at);
    bytes.extend(claim(1 << 40));

    let memory = measure(|| assert!(ServerDatagram::from_bytes(&bytes).is_err()));

    assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
}

#[test]
fn a_digest_of_more_members_than_fit_is_refused() {
    let mut pong = samples::pong();
    pong.digest = vec![pong.digest[0]; limits::DIGEST_MEMBERS];
    let fits = ServerDatagram::pong(&pong);
    pong.digest.push(pong.digest[0]);

    assert!(ServerDatagram::from_bytes(&fits).is_ok());
    assert!(ServerDatagram::from_bytes(&ServerDatagram::pong(&pong)).is_err());
}

#[test]
fn the_longest_pong_fits_one_datagram() {
    let mut pong = samples::pong();
    pong.sent = LocalTime::from_nanos(u64::MAX);
    pong.received = ServerTime::from_nanos(u64::MAX);
    pong.answered = pong.received;
    pong.sequence = u32::MAX;
    for sample in &mut pong.digest {
        sample.member.0 = u32::MAX;
        sample.telemetry.drift_us = Some(i32::MIN);
        sample.telemetry.drift_p50_us = Some(u32::MAX);
        sample.telemetry.drift_p95_us = Some(u32::MAX);
        sample.telemetry.drift_worst_us = Some(u32::MAX);
        sample.telemetry.speed_ppm = i32::MIN;
        sample.telemetry.clock_bound_us = u32::MAX;
        sample.telemetry.freeze_ms = u32::MAX;
        sample.telemetry.is_typing = true;
        sample.telemetry.rtt_us = u32::MAX;
        sample.telemetry.rtt_p95_us = u32::MAX;
        sample.telemetry.buffered_ms = u32::MAX;
        sample.telemetry.corrections = u32::MAX;
    }
    pong.digest = vec![pong.digest[0]; limits::DIGEST_MEMBERS];

    let bytes = ServerDatagram::pong(&pong);

    assert!(bytes.len() <= limits::DATAGRAM_BYTES, "{} bytes", bytes.len());
    assert_eq!(
        ServerDatagram::from_bytes(&bytes).ok(),
        Some(Some(ServerDatagram::Pong(pong)))
    );
}

#[test]
fn the_longest_chat_line_fits_a_clients_frame() {
    let message = ClientMessage::Chat(SendChat {
        id: ChatId(uuid::Uuid::max()),
        text: Clean::text(&"🎬".repeat(limits::CHAT_CHARS)),
        position: None,
    });

    let bytes = message.to_frame();

    assert!(bytes.len() <= HEADER_BYTES + limits::CLIENT_FRAME_BYTES);
    assert_eq!(client_again(&message), Some(message));
}

#[test]
fn a_full_room_with_the_longest_history_fits_a_servers_frame() {
    let Some(ServerMessage::RoomJoined(mut entered)) = server_sample("RoomJoined") else {
        panic!("there is a sample of RoomJoined");
    };
    let longest = ChatLine {
        text: Clean::text(&"🎬".repeat(limits::CHAT_CHARS)),
        ..entered.chat[0].clone()
    };
    let lines = vec![longest; limits::CHAT_HISTORY];
    entered.chat = lines[..ChatHistory::fitting(&lines)].to_vec();
    let largest = Member {
        id: MemberId(u32::MAX),
        name: "𒀀".repeat(limits::NAME_CHARS).parse().expect("a name"),
        avatar: Avatar {
            glyph: Clean::line("👩‍👩‍👧‍👦"),
            colour: 0,
        },
        joined: WallTime(u64::MAX),
        report: Report {
            player: PlayerState::CatchingUp {
                behind: Some(MediaTime::from_millis(60_500)),
            },
            file: FileMatch::Other {
                longer_by: MediaTime::from_millis(60_500),
            },
        },
        ..entered.room.members[0].clone()
    };
    for members in [2_000, limits::ROOM_MEMBERS] {
        entered.room.members = vec![largest.clone(); members];
        entered.room.state.waiting_for = vec![largest.id; members].into_iter().collect();
        let message = ServerMessage::RoomJoined(entered.clone());

        let frame = message.to_frame();

        assert!(
            frame.len() <= HEADER_BYTES + limits::SERVER_FRAME_BYTES,
            "{members} members: {} bytes",
            frame.len()
        );
        assert_eq!(server_again(&message), Some(message), "{members} members");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_damaged_message_never_panics_nor_takes_more_than_its_budget(
        which in any::<Index>(),
        damage in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        from_client in any::<bool>(),
    ) {
        let goldens = golden_payloads(if from_client { "client" } else { "server" });
        let (_, mut payload, kind) = goldens[which.index(goldens.len())].clone();
        for (place, byte) in damage {
            if !payload.is_empty() {
                let place = place.index(payload.len());
                payload[place] = byte;
            }
        }

        read_within_budget(kind, payload, from_client)?;
    }

    #[test]
    fn random_bytes_never_panic_nor_take_more_than_their_budget(
        kind in 0u16..20,
        payload in prop::collection::vec(any::<u8>(), 0..400),
        from_client in any::<bool>(),
    ) {
        read_within_budget(kind, payload, from_client)?;
    }

    #[test]
    fn random_datagrams_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let memory = measure(|| {
            drop(ClientDatagram::from_bytes(&bytes));
            drop(ServerDatagram::from_bytes(&bytes));
        });

        prop_assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
    }

    #[test]
    fn lying_clocks_and_timelines_never_panic(
        stamps in prop::collection::vec(any::<[u64; 4]>(), 1..40),
        near in any::<bool>(),
        position in any::<i64>(),
        millionths in any::<u32>(),
    ) {
        let mut estimator = ClockEstimator::new();
        let Some(ServerMessage::VideoStateChanged(state)) = server_sample("VideoStateChanged") else {
            panic!("there is a sample of VideoStateChanged");
        };
        let stamp = |value: u64| if near { value % 1_000_000_000 } else { value };

        for [sent, received, answered, returned] in stamps {
            estimator.handle_exchange(Exchange {
                sent: LocalTime::from_nanos(stamp(sent)),
                received: ServerTime::from_nanos(stamp(received)),
                answered: ServerTime::from_nanos(stamp(answered)),
                returned: LocalTime::from_nanos(stamp(returned)),
            });
            let now = LocalTime::from_nanos(stamp(returned));
            let timeline = Timeline {
                at: ServerTime::from_nanos(received),
                position: MediaTime::from_nanos(position),
                rate: codec::decode::<Rate, 64>(&codec::encode(&millionths)).expect("a rate is a number"),
                playback: Playback::Playing,
                ..state.timeline
            };
            let server = estimator.server_time(now).unwrap_or(ServerTime::from_nanos(answered));
            let passes = timeline.instant_of(timeline.position_at(server));

            black_box(passes.and_then(|at| estimator.local_time(at)));

            prop_assert!(estimator.skew().is_finite());
            prop_assert!(estimator.round_trip() <= estimator.round_trip_quantile(1.0));
            prop_assert!(estimator.bound() <= estimator.round_trip());
        }
    }

    #[test]
    fn random_streams_never_panic(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..16)) {
        let mut reader = FrameReader::new(64);
        for chunk in chunks {
            reader.push(&chunk);
            while let Ok(Some(frame)) = reader.next_frame() {
                drop(ClientMessage::from_frame(&frame));
            }
        }
    }

    #[test]
    fn random_invites_never_panic(text in "\\PC{0,120}") {
        drop(text.parse::<Invite>());
        drop(format!("watchtogether://{text}").parse::<Invite>());
    }

    #[test]
    fn clean_text_stays_as_it_is_and_carries_nothing_hostile(text in hostile_text()) {
        let clean = Clean::text(&text);

        prop_assert_eq!(&Clean::text(clean.as_str()), &clean);
        let hostile = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
        prop_assert!(!clean.as_str().contains(hostile), "{:?}", clean);
    }
}

/// Returns text made mostly of the characters that attacks use.
fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "\x1b[2J",
            "\u{9d}",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{301}",
            "\u{335}",
            "e",
            "👩",
            "🔬",
            "\n",
            " ",
            "\u{1f3fb}",
            "←",
            "\u{338}",
            "\u{1100}",
            "\u{1161}",
            "\u{0344}",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn read_within_budget(kind: u16, payload: Vec<u8>, from_client: bool) -> Result<(), TestCaseError> {
    let frame = frame(kind, payload);
    let limit = if from_client {
        limits::CLIENT_FRAME_BYTES
    } else {
        limits::SERVER_FRAME_BYTES
    };

    let memory = measure(|| {
        if from_client {
            drop(ClientMessage::from_frame(&frame));
        } else {
            drop(ServerMessage::from_frame(&frame));
        }
    });

    prop_assert!(
        memory.bytes_max <= MEMORY_FACTOR * limit as u64 + MEMORY_FLOOR,
        "{memory:?}"
    );
    Ok(())
}

/// Returns the payloads of one direction's golden messages with their names and numbers.
fn golden_payloads(direction: &str) -> Vec<(String, Vec<u8>, u16)> {
    golden(direction)
        .into_iter()
        .map(|(name, bytes)| {
            let frame = frame_of(&bytes);
            (name, frame.payload.to_vec(), frame.kind)
        })
        .collect()
}

fn client_again(message: &ClientMessage) -> Option<ClientMessage> {
    ClientMessage::from_frame(&frame_of(&message.to_frame())).expect("readable")
}

fn server_again(message: &ServerMessage) -> Option<ServerMessage> {
    ServerMessage::from_frame(&frame_of(&message.to_frame())).expect("readable")
}
