//! Tests the rules that types cannot express: each rule that a message can break, and text that arrives uncleaned.

use uuid::Uuid;
use watchtogether_protocol::codec::DecodeError;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::chat::{ChatHistory, ChatLine, SendChat};
use watchtogether_protocol::message::playback::{
    Action, Awaited, SetVideo, StillWaiting, VideoStateChanged, VideoSync,
};
use watchtogether_protocol::message::removal::Bans;
use watchtogether_protocol::message::room::{
    Access, CreateRoom, Elsewhere, Entered, Hello, JoinRoom, Password, RoomSnapshot, Welcome,
};
use watchtogether_protocol::message::roster::{Avatar, Member, PlayerState, Report, UserJoined};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::message::undo::{Change, Undoable};
use watchtogether_protocol::{
    ChatId, Clean, ClientMessage, Item, Length, MediaTime, Pin, Rate, Revision, ServerMessage, Timeline,
    codec, limits,
};

use crate::samples::{ban, client_sample, frame, frame_of, server_sample};

/// A position that no film has.
const BEFORE: MediaTime = MediaTime::from_nanos(-1);

/// Checks that a rule refuses each of these client messages.
fn assert_refused(forbidden: impl IntoIterator<Item = ClientMessage>) {
    for message in forbidden {
        let result = ClientMessage::from_frame(&frame_of(&message.to_frame()));

        assert!(
            matches!(result, Err(DecodeError::Rule(_))),
            "{message:?}: {result:?}"
        );
    }
}

/// Checks that a rule refuses each of these server messages.
fn assert_refused_by_clients(forbidden: impl IntoIterator<Item = ServerMessage>) {
    for message in forbidden {
        let result = ServerMessage::from_frame(&frame_of(&message.to_frame()));

        assert!(
            matches!(result, Err(DecodeError::Rule(_))),
            "{message:?}: {result:?}"
        );
    }
}

#[test]
fn no_client_moves_the_room_to_an_impossible_position() {
    let sync = |action| {
        ClientMessage::VideoSync(VideoSync {
            based_on: Revision(1),
            action,
        })
    };
    let beyond = MediaTime::from_nanos((limits::DURATION_SECONDS + 1) * 1_000_000_000);
    let Some(ClientMessage::SetVideo(video)) = client_sample("SetVideo file") else {
        panic!("there is a sample of SetVideo");
    };
    let with_item = |item| {
        ClientMessage::SetVideo(SetVideo {
            item,
            ..video.clone()
        })
    };

    assert_refused([
        sync(Action::Seek { position: BEFORE }),
        sync(Action::Seek { position: beyond }),
        sync(Action::Pause { position: BEFORE }),
        sync(Action::SetRate { rate: rate(249_999) }),
        sync(Action::SetRate {
            rate: rate(4_000_001),
        }),
        ClientMessage::SetVideo(SetVideo {
            position: BEFORE,
            ..video.clone()
        }),
        with_item(Item {
            length: Length::Of(MediaTime::ZERO),
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
    ]);
}

#[test]
fn no_client_sends_a_name_longer_than_a_line() {
    let Some(ClientMessage::Hello(hello)) = client_sample("Hello with an avatar") else {
        panic!("there is a sample of Hello");
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

    assert_refused([
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
    ]);
}

#[test]
fn no_client_sends_an_empty_or_oversized_message() {
    let with_password = |password: String| {
        ClientMessage::CreateRoom(CreateRoom {
            room: None,
            access: Access::Password(Password(password)),
            settings: RoomSettings::default(),
            rate: Rate::NORMAL,
            invite: None,
        })
    };
    let with_text = |text: &str, position| {
        ClientMessage::Chat(SendChat {
            id: ChatId(Uuid::nil()),
            text: Clean::text(text),
            position,
        })
    };

    assert_refused([
        with_password(String::new()),
        with_password("x".repeat(limits::PASSWORD_CHARS + 1)),
        ClientMessage::JoinRoom(JoinRoom {
            room: "r".parse().expect("a room name"),
            token: None,
            password: Some(Password(String::new())),
        }),
        with_text(" \n ", None),
        with_text(&"x".repeat(limits::CHAT_CHARS + 1), None),
        with_text("hi", Some(BEFORE)),
    ]);
}

#[test]
fn no_client_reports_an_impossible_player_state() {
    let report = |player, file| ClientMessage::Report(Report { player, file });

    assert_refused([
        report(PlayerState::Buffering { percent: 101 }, FileMatch::Same),
        report(
            PlayerState::CatchingUp {
                behind: Some(MediaTime::from_nanos(i64::MIN)),
            },
            FileMatch::Same,
        ),
        report(PlayerState::Ended { at: BEFORE }, FileMatch::Same),
        report(
            PlayerState::Following,
            FileMatch::Other {
                longer_by: MediaTime::from_nanos(i64::MIN),
            },
        ),
    ]);
}

/// Returns the room that a server sends to a joining member.
fn entered() -> Entered {
    let Some(ServerMessage::RoomJoined(entered)) = server_sample("RoomJoined") else {
        panic!("there is a sample of RoomJoined");
    };
    entered
}

#[test]
fn no_server_puts_the_room_at_an_impossible_position() {
    let entered = entered();
    let timeline = entered.room.state.timeline;
    let with_timeline = |timeline| {
        let mut entered = entered.clone();
        entered.room.state.timeline = timeline;
        ServerMessage::RoomJoined(entered)
    };
    let Some(ServerMessage::Undoable(undoable)) = server_sample("Undoable") else {
        panic!("there is a sample of Undoable");
    };
    let with_change = |change| Undoable { change, ..undoable };
    let from_before = with_change(Change::Place {
        from: BEFORE,
        to: MediaTime::ZERO,
    });
    let to_before = with_change(Change::Place {
        from: MediaTime::ZERO,
        to: BEFORE,
    });

    assert_refused_by_clients([
        with_timeline(Timeline {
            rate: rate(0),
            ..timeline
        }),
        with_timeline(Timeline {
            position: BEFORE,
            ..timeline
        }),
        ServerMessage::Undoable(to_before),
        ServerMessage::Undoable(with_change(Change::Play { position: BEFORE })),
        ServerMessage::Undoable(with_change(Change::Pause { position: BEFORE })),
        ServerMessage::Undoable(with_change(Change::Rate { rate: rate(0) })),
        ServerMessage::RoomJoined(Entered {
            undoable: Some(from_before),
            ..entered.clone()
        }),
    ]);
}

#[test]
fn no_server_sends_more_than_a_room_holds() {
    let entered = entered();

    assert_refused_by_clients([
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
        ServerMessage::Bans(Bans {
            bans: vec![ban(); limits::BANS + 1],
        }),
        ServerMessage::RoomJoined(Entered {
            room: RoomSnapshot {
                members: vec![entered.room.members[0].clone(); limits::ROOM_MEMBERS + 1],
                ..entered.room.clone()
            },
            ..entered.clone()
        }),
        ServerMessage::VideoStateChanged(VideoStateChanged {
            waiting_for: vec![entered.you; limits::ROOM_MEMBERS + 1].into_iter().collect(),
            ..entered.room.state
        }),
        ServerMessage::StillWaiting(StillWaiting {
            revision: Revision(4),
            waiting_for: Awaited {
                count: 2,
                who: vec![entered.you],
            },
        }),
        ServerMessage::StillWaiting(StillWaiting {
            revision: Revision(4),
            waiting_for: Awaited {
                count: 9,
                who: vec![entered.you; 9],
            },
        }),
    ]);
}

#[test]
fn no_server_sends_a_name_longer_than_a_line() {
    let entered = entered();
    let bad_member = Member {
        avatar: Avatar {
            glyph: Clean::line("long"),
            colour: 0,
        },
        ..entered.room.members[0].clone()
    };
    let mut with_bad_member = entered;
    with_bad_member.room.members.push(bad_member.clone());

    assert_refused_by_clients([
        ServerMessage::RoomJoined(with_bad_member),
        ServerMessage::UserJoined(UserJoined { member: bad_member }),
        ServerMessage::Welcome(Welcome {
            software: Clean::text("two\nlines"),
            observed: Clean::line("x"),
        }),
        ServerMessage::Elsewhere(Elsewhere {
            address: Address {
                host: "a".repeat(limits::HOST_BYTES + 1),
                port: 7843,
            },
            pin: Pin::from_bytes([0; 16]),
        }),
    ]);
}

#[test]
fn names_that_do_not_parse_are_refused_on_the_wire_too() {
    for name in ["", "\u{301}", "\u{2800}", &"x".repeat(33)] {
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
fn a_reserved_name_comes_through_the_wire_and_is_known_as_one() {
    let hello = ClientMessage::from_frame(&frame(1, dirty_hello("Server")));

    let Ok(Some(ClientMessage::Hello(hello))) = hello else {
        panic!("{hello:?}");
    };
    assert!(hello.name.is_reserved());
}

#[test]
fn an_address_that_does_not_parse_is_refused_on_the_wire_too() {
    for address in ["", "host:0", "a b:7843", "a\u{1b}[2J:7843", "2001:db8::7:7844"] {
        let elsewhere = [codec::encode(&address), vec![0; 16]].concat();

        let result = ServerMessage::from_frame(&frame(19, elsewhere));

        assert!(
            matches!(result, Err(DecodeError::Invalid(_))),
            "{address:?}: {result:?}"
        );
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
fn a_text_of_control_characters_is_empty() {
    let chat = [codec::encode(&[0u8; 16]), codec::encode(&"\0\u{202e}"), vec![0]].concat();

    let result = ClientMessage::from_frame(&frame(8, chat));

    assert!(matches!(result, Err(DecodeError::Rule(_))), "{result:?}");
}

#[test]
fn text_that_is_no_utf_8_is_refused() {
    let chat = [vec![0; 16], vec![2, 0xc3, 0x28], vec![0]].concat();

    assert!(ClientMessage::from_frame(&frame(8, chat)).is_err());
}

fn dirty_hello(text: &str) -> Vec<u8> {
    [codec::encode(&text), vec![0], codec::encode(&text), vec![0]].concat()
}

/// Returns a rate that no constructor returns, as it may be received.
fn rate(millionths: u32) -> Rate {
    codec::decode::<Rate, 64>(&codec::encode(&millionths)).expect("a rate is a number on the wire")
}
