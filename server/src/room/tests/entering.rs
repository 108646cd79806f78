//! Tests of opening and entering a room, and of the snapshot that a member receives.

use watchtogether_protocol::message::roster::{MemberLink, UserJoined};

use super::*;

#[test]
fn the_member_who_opens_a_room_is_its_host_and_gets_its_invite() {
    let mut harness = Harness::open();

    let host = harness.enter("ana");

    let first = harness.sent(host).into_iter().next();
    let Some(ServerMessage::RoomCreated(entered)) = first else {
        panic!("the opener is told that the room was created, not {first:?}");
    };
    assert_eq!((entered.you, entered.room.host), (host, Some(host)));
    assert_eq!(entered.invite, config(StallPolicy::Wait).invite);
    assert_eq!(entered.token, Token::from_bytes([1; 32]));
    assert!(harness.is_host(host));
}

#[test]
fn a_joiner_gets_the_whole_room_and_the_chat() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.chat(host, 1, "hello");
    harness.chat(viewer, 2, "hi");
    let before = harness.room.state();

    let joiner = harness.enter("cy");

    let entered = harness.entered(joiner);
    assert_eq!(entered.you, joiner);
    assert_eq!(entered.now, harness.now);
    let names: Vec<_> = entered.room.members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["ana", "ben", "cy"]);
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(entered.room.state, before);
    assert_eq!(entered.room.settings.on_stall, StallPolicy::Wait);
    let texts: Vec<_> = entered.chat.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["hello", "hi"]);
    assert!(!entered.chat_has_gap);
}

#[test]
fn only_a_host_is_shown_the_invite() {
    let mut harness = Harness::open();
    harness.enter("ana");

    let viewer = harness.enter("ben");

    assert_eq!(harness.entered(viewer).invite, None);
}

#[test]
fn the_others_learn_of_a_joiner() {
    let mut harness = Harness::open();
    let host = harness.enter("ana");
    harness.forget();

    let joiner = harness.enter("ben");
    assert_eq!(harness.sent(host), []);
    harness.pass(LIMITS.rooms.arrivals);

    let news = ServerMessage::UserJoined(UserJoined {
        member: harness.member(joiner),
    });
    assert_eq!(harness.sent(host), std::slice::from_ref(&news));
}

#[test]
fn a_new_member_is_a_viewer_who_can_be_reached_and_has_no_player() {
    let mut harness = Harness::open();
    harness.enter("ana");

    let joiner = harness.enter("ben");

    let member = harness.member(joiner);
    assert_eq!((member.role, member.link), (Role::Viewer, MemberLink::Up));
    assert_eq!(member.report.player, PlayerState::None);
    assert_eq!(member.joined, WallTime(1_000_000 + 3_600_000));
}

#[test]
fn a_name_that_looks_like_one_that_is_taken_gets_a_number() {
    let mut harness = Harness::open();
    harness.enter("ana");

    let (second, third) = (harness.enter("Ana"), harness.enter("ana"));

    assert_eq!(harness.member(second).name.as_str(), "Ana 2");
    assert_eq!(harness.member(third).name.as_str(), "ana 3");
}

#[test]
fn a_longest_name_makes_way_for_its_number() {
    let mut harness = Harness::open();
    let longest = "n".repeat(limits::NAME_CHARS);
    harness.enter(&longest);

    let second = harness.enter(&longest);

    let name = harness.member(second).name.as_str().to_owned();
    assert_eq!(name, format!("{} 2", "n".repeat(limits::NAME_CHARS - 2)));
}

#[test]
fn a_full_room_refuses_members_until_somebody_leaves() {
    let mut harness = Harness::open();
    let members: Vec<MemberId> = (0..LIMITS.rooms.members)
        .map(|i| {
            harness.draws = 0;
            harness.enter(&format!("m{i}"))
        })
        .collect();

    assert_eq!(harness.try_enter("one more"), Err(Refusal::RoomFull));
    harness.command(members[7], RoomCommand::Leave);
    assert!(harness.try_enter("one more").is_ok());
}

#[test]
fn a_joiner_never_moves_a_room_that_plays() {
    let (mut harness, ..) = Harness::playing();
    let before = harness.timeline();

    let joiner = harness.enter("cy");
    harness.watch(joiner);
    harness.report(joiner, PlayerState::Buffering { percent: 3 });
    harness.pass(Duration::from_secs(5));
    harness.follow(joiner);

    assert_eq!(harness.timeline(), before);
}

#[test]
fn a_joiner_that_still_loads_holds_no_start_up() {
    let (mut harness, host, _viewer) = Harness::watching();
    let joiner = harness.enter("cy");
    harness.watch(joiner);

    harness.act(host, Action::Play);

    assert_eq!(harness.timeline().playback, Playback::Playing);
}

#[test]
fn a_number_is_never_given_twice() {
    let mut harness = Harness::open();
    harness.enter("ana");
    let gone = harness.enter("ben");
    harness.command(gone, RoomCommand::Leave);

    let next = harness.enter("cy");

    assert!(next > gone);
}

#[test]
fn a_room_of_nobody_keeps_still_and_knows_since_when() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.command(viewer, RoomCommand::Leave);
    let position = harness.position();

    harness.command(host, RoomCommand::Leave);
    let left = harness.now;
    harness.pass(Duration::from_secs(30));

    assert!(harness.room.is_empty());
    assert_eq!(harness.room.empty_since(), Some(left));
    assert_eq!(harness.timeline().playback, Playback::Paused);
    assert_eq!(harness.position(), position);
    assert_eq!(harness.room.poll_timeout(), None);
}

#[test]
fn a_member_who_returns_to_an_empty_room_finds_it_unchanged_and_is_host() {
    let (mut harness, host, viewer) = Harness::playing();
    harness.chat(host, 1, "see you");
    harness.command(viewer, RoomCommand::Leave);
    harness.command(host, RoomCommand::Leave);
    harness.forget();

    let back = harness.enter("ana");

    let entered = harness.entered(back);
    assert!(harness.is_host(back));
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(entered.room.state.timeline.playback, Playback::Paused);
    assert_eq!(entered.chat.len(), 1);
    assert!(entered.invite.is_some());
    assert_eq!(harness.room.empty_since(), None);
}

#[test]
fn a_command_of_nobody_in_the_room_does_nothing() {
    let (mut harness, host, _viewer) = Harness::watching();
    let stranger = MemberId(77);
    let before = harness.timeline();

    harness.act(stranger, Action::Play);
    harness.chat(stranger, 1, "boo");
    harness.command(stranger, RoomCommand::TransferHost(TransferHost { to: stranger }));

    assert_eq!(harness.timeline(), before);
    assert!(harness.done.is_empty());
    assert!(harness.is_host(host));
}
