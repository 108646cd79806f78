//! What an enemy can put on the wire: nothing of it panics, allocates beyond its budget, or reaches a
//! reader uncleaned.

use allocation_counter::measure;
use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::Index;
use watchtogether_protocol::codec::DecodeError;
use watchtogether_protocol::frame::{FLAG_OPTIONAL, Frame, FrameReader, HEADER_BYTES, write};
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::{ChatHistory, ChatLine, SendChat};
use watchtogether_protocol::message::clock::{ClockPing, ClockPong};
use watchtogether_protocol::message::playback::{Action, SetVideo, VideoSync};
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Entered, Hello, JoinRoom, Password, Welcome,
};
use watchtogether_protocol::message::roster::{Avatar, Member, PlayerState, Report, UserJoined};
use watchtogether_protocol::{
    Clean, ClientMessage, Invite, Item, MediaTime, Rate, Revision, ServerMessage, Timeline, codec, limits,
};

use crate::golden::golden;
use crate::samples;

/// What reading one payload may take at once, as a multiple of the most that its direction allows on
/// the wire: each text twice while it is cleaned, and one of ligatures, whose normal form is twice as
/// long, in a buffer that grew to it by doubling.
const MEMORY_FACTOR: u64 = 5;

/// What a refusal itself takes: its words.
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
fn bytes_behind_a_message_are_refused() {
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
fn an_unknown_type_is_refused_and_skipped_only_when_its_sender_says_so() {
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

/// A varint of bincode's: 253 and eight bytes.
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
    let mut bytes = samples::pong().to_datagram();
    let digest_at = codec::encode(&samples::pong().sequence).len()
        + codec::encode(&samples::pong().sent).len()
        + codec::encode(&samples::pong().received).len()
        + codec::encode(&samples::pong().answered).len();
    bytes.truncate(digest_at);
    bytes.extend(claim(1 << 40));

    let memory = measure(|| assert!(ClockPong::from_datagram(&bytes).is_err()));

    assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
}

#[test]
fn a_digest_of_more_members_than_fit_is_refused() {
    let mut pong = samples::pong();
    pong.digest = vec![pong.digest[0]; limits::DIGEST_MEMBERS];
    let fits = pong.to_datagram();
    pong.digest.push(pong.digest[0]);

    assert!(ClockPong::from_datagram(&fits).is_ok());
    assert!(ClockPong::from_datagram(&pong.to_datagram()).is_err());
}

#[test]
fn the_longest_pong_fits_one_datagram() {
    let mut pong = samples::pong();
    pong.sent = watchtogether_protocol::LocalTime::from_nanos(u64::MAX);
    pong.received = watchtogether_protocol::ServerTime::from_nanos(u64::MAX);
    pong.answered = pong.received;
    pong.sequence = u32::MAX;
    for sample in &mut pong.digest {
        sample.member.0 = u32::MAX;
        sample.telemetry.drift_us = Some(i32::MIN);
        sample.telemetry.drift_p95_us = Some(u32::MAX);
        sample.telemetry.rtt_us = u32::MAX;
        sample.telemetry.rtt_p95_us = u32::MAX;
        sample.telemetry.buffered_ms = u32::MAX;
        sample.telemetry.corrections = u32::MAX;
    }
    pong.digest = vec![pong.digest[0]; limits::DIGEST_MEMBERS];

    let bytes = pong.to_datagram();

    assert!(bytes.len() <= limits::DATAGRAM_BYTES, "{} bytes", bytes.len());
    assert_eq!(ClockPong::from_datagram(&bytes).ok(), Some(pong));
}

#[test]
fn the_longest_chat_line_fits_a_clients_frame() {
    let message = ClientMessage::Chat(SendChat {
        id: watchtogether_protocol::ChatId(uuid::Uuid::max()),
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
    entered.room.members = vec![entered.room.members[0].clone(); 2_000];

    let message = ServerMessage::RoomJoined(entered);

    assert!(message.to_frame().len() <= HEADER_BYTES + limits::SERVER_FRAME_BYTES);
    assert_eq!(server_again(&message), Some(message));
}

#[test]
fn control_and_direction_characters_arrive_clean_in_every_text() {
    let dirt = "a\0\x1b]0;x\x07\u{9d}\u{202e}\u{200b}b";
    let clean = "a]0;xb";
    let hello = dirty_hello(dirt);
    let chat = [codec::encode(&[0u8; 16]), codec::encode(&dirt), vec![0]].concat();

    let Ok(Some(ClientMessage::Hello(hello))) = ClientMessage::from_frame(&frame(1, hello)) else {
        panic!("a hello with dirt in it is read");
    };
    let Ok(Some(ClientMessage::Chat(chat))) = ClientMessage::from_frame(&frame(8, chat)) else {
        panic!("a chat line with dirt in it is read");
    };

    assert_eq!(hello.name.as_str(), clean);
    assert_eq!(hello.software.as_str(), clean);
    assert_eq!(chat.text.as_str(), clean);
}

#[test]
fn a_text_of_nothing_but_dirt_says_nothing() {
    let chat = [codec::encode(&[0u8; 16]), codec::encode(&"\0\u{202e}"), vec![0]].concat();

    let result = ClientMessage::from_frame(&frame(8, chat));

    assert!(matches!(result, Err(DecodeError::Rule(_))), "{result:?}");
}

#[test]
fn text_that_is_no_utf_8_is_refused() {
    let chat = [vec![0; 16], vec![2, 0xc3, 0x28], vec![0]].concat();

    assert!(ClientMessage::from_frame(&frame(8, chat)).is_err());
}

#[test]
fn what_a_client_must_not_say_is_refused_by_its_rule() {
    let sync = |action| {
        ClientMessage::VideoSync(VideoSync {
            based_on: Revision(1),
            action,
        })
    };
    let before = MediaTime::from_nanos(-1);
    let beyond = MediaTime::from_nanos((limits::DURATION_SECONDS + 1) * 1_000_000_000);
    let Some(ClientMessage::SetVideo(video)) = client_sample("SetVideo file") else {
        panic!("there is a sample of SetVideo");
    };
    let Some(ClientMessage::Hello(hello)) = client_sample("Hello with an avatar") else {
        panic!("there is a sample of Hello");
    };
    let with_item = |item| {
        ClientMessage::SetVideo(SetVideo {
            item,
            ..video.clone()
        })
    };
    let with_glyph = |glyph: &str| {
        ClientMessage::Hello(Hello {
            avatar: Some(Avatar {
                glyph: Clean::text(glyph),
                colour: 0,
            }),
            ..hello.clone()
        })
    };
    let with_software = |software: &str| {
        ClientMessage::Hello(Hello {
            software: Clean::text(software),
            ..hello.clone()
        })
    };
    let with_password = |password: String| {
        ClientMessage::CreateRoom(CreateRoom {
            room: None,
            access: Access::Password(Password(password)),
            on_stall: watchtogether_protocol::message::room::StallPolicy::Wait,
        })
    };
    let with_text = |text: &str, position| {
        ClientMessage::Chat(SendChat {
            id: watchtogether_protocol::ChatId(uuid::Uuid::nil()),
            text: Clean::text(text),
            position,
        })
    };
    let report = |player, file| ClientMessage::Report(Report { player, file });

    let forbidden = [
        sync(Action::Seek { position: before }),
        sync(Action::Seek { position: beyond }),
        sync(Action::Pause { position: before }),
        sync(Action::SetRate { rate: rate(249_999) }),
        sync(Action::SetRate {
            rate: rate(4_000_001),
        }),
        ClientMessage::SetVideo(SetVideo {
            position: before,
            ..video.clone()
        }),
        with_item(Item {
            duration: Some(MediaTime::ZERO),
            ..video.item.clone()
        }),
        with_item(Item {
            title: Clean::text("two\nlines"),
            ..video.item.clone()
        }),
        with_item(Item {
            title: Clean::line(&"x".repeat(limits::TITLE_CHARS + 1)),
            ..video.item.clone()
        }),
        with_glyph(""),
        with_glyph(" "),
        with_glyph("\n"),
        with_glyph("ab"),
        with_glyph("\u{2800}"),
        ClientMessage::Hello(Hello {
            avatar: Some(Avatar {
                glyph: Clean::line("a"),
                colour: 12,
            }),
            ..hello.clone()
        }),
        with_software("two\nlines"),
        with_software(&"x".repeat(limits::SHORT_LINE_CHARS + 1)),
        with_password(String::new()),
        with_password("x".repeat(limits::PASSWORD_CHARS + 1)),
        ClientMessage::JoinRoom(JoinRoom {
            room: "r".parse().expect("a room name"),
            token: None,
            password: Some(Password(String::new())),
        }),
        with_text(" \n ", None),
        with_text(&"x".repeat(limits::CHAT_CHARS + 1), None),
        with_text("hi", Some(before)),
        report(PlayerState::Buffering { percent: 101 }, FileMatch::Same),
        report(
            PlayerState::Following,
            FileMatch::Other {
                longer_by: MediaTime::from_nanos(i64::MIN),
            },
        ),
    ];

    for message in forbidden {
        let result = ClientMessage::from_frame(&frame_of(&message.to_frame()));

        assert!(
            matches!(result, Err(DecodeError::Rule(_))),
            "{message:?}: {result:?}"
        );
    }
}

#[test]
fn what_a_server_must_not_say_is_refused_by_its_rule() {
    let Some(ServerMessage::RoomJoined(entered)) = server_sample("RoomJoined") else {
        panic!("there is a sample of RoomJoined");
    };
    let with_timeline = |timeline| {
        let mut entered = entered.clone();
        entered.room.state.timeline = timeline;
        ServerMessage::RoomJoined(entered)
    };
    let timeline = entered.room.state.timeline;
    let bad_member = Member {
        avatar: Avatar {
            glyph: Clean::line("long"),
            colour: 0,
        },
        ..entered.room.members[0].clone()
    };
    let mut with_bad_member = entered.clone();
    with_bad_member.room.members.push(bad_member.clone());

    let forbidden = [
        with_timeline(Timeline {
            rate: rate(0),
            ..timeline
        }),
        with_timeline(Timeline {
            position: MediaTime::from_nanos(-1),
            ..timeline
        }),
        ServerMessage::RoomCreated(Entered {
            chat: vec![entered.chat[0].clone(); limits::CHAT_HISTORY + 1],
            ..entered.clone()
        }),
        ServerMessage::ChatHistory(ChatHistory {
            lines: vec![entered.chat[0].clone(); limits::CHAT_HISTORY + 1],
        }),
        ServerMessage::Chat(ChatLine {
            text: Clean::text(""),
            ..entered.chat[0].clone()
        }),
        ServerMessage::RoomJoined(with_bad_member),
        ServerMessage::UserJoined(UserJoined { member: bad_member }),
        ServerMessage::Welcome(Welcome {
            software: Clean::text("two\nlines"),
            observed: Clean::line("x"),
        }),
    ];

    for message in forbidden {
        let result = ServerMessage::from_frame(&frame_of(&message.to_frame()));

        assert!(
            matches!(result, Err(DecodeError::Rule(_))),
            "{message:?}: {result:?}"
        );
    }
}

#[test]
fn names_that_do_not_parse_are_refused_on_the_wire_too() {
    for name in ["", "\u{301}", "server", "\u{2800}", &"x".repeat(33)] {
        let result = ClientMessage::from_frame(&frame(1, dirty_hello(name)));

        assert!(
            matches!(result, Err(DecodeError::Invalid(_))),
            "{name:?}: {result:?}"
        );
    }
    for room in ["", "Upper", "a/b", "a b", &"x".repeat(65)] {
        let join = [codec::encode(&room), vec![0, 0]].concat();

        assert!(ClientMessage::from_frame(&frame(3, join)).is_err(), "{room:?}");
    }
}

#[test]
fn only_web_links_come_through_the_wire() {
    for url in [
        "file:///etc/passwd",
        "av://lavfi:x",
        "edl://x",
        "/etc/passwd",
        "http://a/\u{202e}vkm",
    ] {
        let video = [
            codec::encode(&"title"),
            vec![0],
            vec![1],
            codec::encode(&url),
            codec::encode(&MediaTime::ZERO),
        ]
        .concat();

        assert!(ClientMessage::from_frame(&frame(7, video)).is_err(), "{url}");
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
            drop(ClockPing::from_datagram(&bytes));
            drop(ClockPong::from_datagram(&bytes));
        });

        prop_assert!(memory.bytes_max < MEMORY_FLOOR, "{memory:?}");
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

/// Returns text that is mostly made of what attacks are made of.
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
            let frame = frame_of(&Bytes::from(bytes));
            (name, frame.payload.to_vec(), frame.kind)
        })
        .collect()
}

fn dirty_hello(text: &str) -> Vec<u8> {
    [codec::encode(&text), vec![0], codec::encode(&text)].concat()
}

/// Returns a rate that no constructor gives, as it would come from the wire.
fn rate(millionths: u32) -> Rate {
    codec::decode::<Rate, 64>(&codec::encode(&millionths)).expect("a rate is a number on the wire")
}

fn client_sample(name: &str) -> Option<ClientMessage> {
    let mut samples = samples::client_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

fn server_sample(name: &str) -> Option<ServerMessage> {
    let mut samples = samples::server_messages().into_iter();
    samples.find(|(n, _)| *n == name).map(|(_, message)| message)
}

fn client_again(message: &ClientMessage) -> Option<ClientMessage> {
    ClientMessage::from_frame(&frame_of(&message.to_frame())).expect("readable")
}

fn server_again(message: &ServerMessage) -> Option<ServerMessage> {
    ServerMessage::from_frame(&frame_of(&message.to_frame())).expect("readable")
}

fn frame(kind: u16, payload: Vec<u8>) -> Frame {
    Frame {
        kind,
        flags: 0,
        payload: payload.into(),
    }
}

fn frame_of(bytes: &Bytes) -> Frame {
    let mut reader = FrameReader::new(limits::SERVER_FRAME_BYTES);
    reader.push(bytes);
    reader
        .next_frame()
        .expect("within the limit")
        .expect("a whole frame")
}
