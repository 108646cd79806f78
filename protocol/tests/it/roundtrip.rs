//! Tests that every value that the types allow survives encoding and decoding.

use proptest::option;
use proptest::prelude::*;
use watchtogether_protocol::datagram::{ClientDatagram, ServerDatagram};
use watchtogether_protocol::frame::FrameReader;
use watchtogether_protocol::message::chat::{ChatHistory, SendChat};
use watchtogether_protocol::message::clock::AreYouThere;
use watchtogether_protocol::message::playback::{
    GoOn, LengthChanged, Ready, SetLength, SetVideo, StillWaiting, VideoChanged, VideoSync,
};
use watchtogether_protocol::message::removal::{Bans, Remove, Unban};
use watchtogether_protocol::message::room::{
    Closing, ClosingReason, CreateRoom, Hello, JoinRoom, Leave, Refused, Resume, RoomChanged, SetRoom,
    TransferHost, Welcome,
};
use watchtogether_protocol::message::roster::{
    Avatar, HostChanged, RosterChanged, UserChanged, UserJoined, UserLeft,
};
use watchtogether_protocol::message::undo::Undo;
use watchtogether_protocol::{Clean, ClientMessage, OwnerKey, ServerMessage, limits};

use crate::samples::frame_of;
use crate::strategies::{
    access, action, avatar, awaited, ban, chat_id, chat_line, chat_text, elsewhere, entered, epoch,
    host_change_reason, invite, invite_token, item, item_id, leave_reason, member, member_id, member_name,
    password, ping, pong, position, rate, refusal, report, request, revision, room_name, saved, setting,
    settings, short_line, state, token, undoable,
};

proptest! {
    #[test]
    fn client_messages_come_back(message in client_message()) {
        let bytes = message.to_frame();
        let mut reader = FrameReader::new(limits::CLIENT_FRAME_BYTES);
        reader.push(&bytes);
        let frame = reader.next_frame().expect("within the limit").expect("a whole frame");

        prop_assert_eq!(ClientMessage::from_frame(&frame).expect("readable"), Some(message));
        prop_assert!(!reader.is_inside_a_frame());
    }

    #[test]
    fn server_messages_come_back(message in server_message()) {
        let bytes = message.to_frame();
        let mut reader = FrameReader::new(limits::SERVER_FRAME_BYTES);
        reader.push(&bytes);
        let frame = reader.next_frame().expect("within the limit").expect("a whole frame");

        prop_assert_eq!(ServerMessage::from_frame(&frame).expect("readable"), Some(message));
        prop_assert!(!reader.is_inside_a_frame());
    }

    #[test]
    fn pings_come_back(ping in ping()) {
        let bytes = ClientDatagram::ping(&ping);

        prop_assert!(bytes.len() <= limits::DATAGRAM_BYTES);
        prop_assert_eq!(ClientDatagram::from_bytes(&bytes).expect("readable"), Some(ClientDatagram::Ping(ping)));
    }

    #[test]
    fn pongs_come_back(pong in pong()) {
        let bytes = ServerDatagram::pong(&pong);

        prop_assert!(bytes.len() <= limits::DATAGRAM_BYTES);
        prop_assert_eq!(ServerDatagram::from_bytes(&bytes).expect("readable"), Some(ServerDatagram::Pong(pong)));
    }

    #[test]
    fn invites_come_back(invite in invite()) {
        prop_assert_eq!(invite.to_string().parse(), Ok(invite));
    }

    #[test]
    fn every_name_has_an_avatar_that_may_be_sent(name in member_name()) {
        let hello = ClientMessage::Hello(Hello {
            avatar: Some(Avatar::of_name(&name)),
            name,
            software: Clean::default(),
            owner: None,
        });

        prop_assert_eq!(ClientMessage::from_frame(&frame_of(&hello.to_frame())).expect("readable"), Some(hello));
    }
}

fn client_message() -> impl Strategy<Value = ClientMessage> {
    prop_oneof![
        (
            member_name(),
            option::of(avatar()),
            short_line(),
            option::of(any::<[u8; 32]>())
        )
            .prop_map(|(name, avatar, software, owner)| Hello {
                name,
                avatar,
                software,
                owner: owner.map(OwnerKey::from_bytes)
            })
            .prop_map(ClientMessage::Hello),
        (
            option::of(room_name()),
            access(),
            settings(),
            rate(),
            option::of(invite_token())
        )
            .prop_map(|(room, access, settings, rate, invite)| CreateRoom {
                room,
                access,
                settings,
                rate,
                invite
            })
            .prop_map(ClientMessage::CreateRoom),
        (room_name(), option::of(invite_token()), option::of(password()))
            .prop_map(|(room, token, password)| JoinRoom {
                room,
                token,
                password
            })
            .prop_map(ClientMessage::JoinRoom),
        (token(), epoch(), any::<u64>())
            .prop_map(|(token, epoch, last_chat)| Resume {
                token,
                epoch,
                last_chat
            })
            .prop_map(ClientMessage::Resume),
        Just(ClientMessage::Leave(Leave {})),
        (revision(), action())
            .prop_map(|(based_on, action)| VideoSync { based_on, action })
            .prop_map(ClientMessage::VideoSync),
        (item(), position())
            .prop_map(|(item, position)| SetVideo { item, position })
            .prop_map(ClientMessage::SetVideo),
        (chat_id(), chat_text(), option::of(position()))
            .prop_map(|(id, text, position)| SendChat { id, text, position })
            .prop_map(ClientMessage::Chat),
        revision().prop_map(|revision| ClientMessage::Ready(Ready { revision })),
        report().prop_map(ClientMessage::Report),
        member_id().prop_map(|to| ClientMessage::TransferHost(TransferHost { to })),
        revision().prop_map(|revision| ClientMessage::GoOn(GoOn { revision })),
        setting().prop_map(|setting| ClientMessage::SetRoom(SetRoom { setting })),
        (epoch(), any::<u32>()).prop_map(|(epoch, number)| ClientMessage::Undo(Undo { epoch, number })),
        (member_id(), any::<bool>())
            .prop_map(|(member, is_ban)| ClientMessage::Remove(Remove { member, is_ban })),
        any::<u32>().prop_map(|number| ClientMessage::Unban(Unban { number })),
        (item_id(), item())
            .prop_map(|(id, item)| SetLength {
                id,
                length: item.length
            })
            .prop_map(ClientMessage::SetLength),
    ]
}

fn server_message() -> impl Strategy<Value = ServerMessage> {
    prop_oneof![
        (short_line(), short_line())
            .prop_map(|(software, observed)| Welcome { software, observed })
            .prop_map(ServerMessage::Welcome),
        entered().prop_map(ServerMessage::RoomCreated),
        entered().prop_map(ServerMessage::RoomJoined),
        member().prop_map(|member| ServerMessage::UserJoined(UserJoined { member })),
        (member_id(), leave_reason())
            .prop_map(|(id, reason)| UserLeft { id, reason })
            .prop_map(ServerMessage::UserLeft),
        member().prop_map(|member| ServerMessage::UserChanged(UserChanged { member })),
        prop::collection::vec(member(), 0..4)
            .prop_map(|members| ServerMessage::RosterChanged(RosterChanged { members })),
        (member_id(), host_change_reason())
            .prop_map(|(host, reason)| HostChanged { host, reason })
            .prop_map(ServerMessage::HostChanged),
        state().prop_map(ServerMessage::VideoStateChanged),
        (item_id(), item(), state())
            .prop_map(|(id, item, state)| VideoChanged { id, item, state })
            .prop_map(ServerMessage::VideoChanged),
        (item_id(), item())
            .prop_map(|(id, item)| LengthChanged {
                id,
                length: item.length
            })
            .prop_map(ServerMessage::LengthChanged),
        elsewhere().prop_map(ServerMessage::Elsewhere),
        (revision(), awaited())
            .prop_map(|(revision, waiting_for)| StillWaiting {
                revision,
                waiting_for
            })
            .prop_map(ServerMessage::StillWaiting),
        Just(ServerMessage::AreYouThere(AreYouThere)),
        chat_line().prop_map(ServerMessage::Chat),
        prop::collection::vec(chat_line(), 0..4)
            .prop_map(|lines| ServerMessage::ChatHistory(ChatHistory { lines })),
        (request(), refusal(), any::<u32>())
            .prop_map(|(request, reason, retry_after_ms)| Refused {
                request,
                reason,
                retry_after_ms
            })
            .prop_map(ServerMessage::Refused),
        prop_oneof![
            Just(ClosingReason::ServerEnds),
            Just(ClosingReason::RoomClosed),
            Just(ClosingReason::HostGone)
        ]
        .prop_map(|reason| ServerMessage::Closing(Closing { reason })),
        (setting(), member_id(), any::<bool>())
            .prop_map(|(setting, by, is_undo)| RoomChanged { setting, by, is_undo })
            .prop_map(ServerMessage::RoomChanged),
        undoable().prop_map(ServerMessage::Undoable),
        saved().prop_map(ServerMessage::Saved),
        prop::collection::vec(ban(), 0..4).prop_map(|bans| ServerMessage::Bans(Bans { bans })),
    ]
}
