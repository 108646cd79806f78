//! Opening and entering a room, and what a member learns on entering.

use watchtogether_protocol::message::roster::{MemberLink, UserJoined};

use super::*;

#[test]
fn whoever_opens_a_room_is_its_host_and_gets_its_invite() {
    let mut stage = Stage::open();

    let host = stage.enter("ana");

    let first = stage.sent(host).into_iter().next();
    let Some(ServerMessage::RoomCreated(entered)) = first else {
        panic!("the opener is told that the room was created, not {first:?}");
    };
    assert_eq!((entered.you, entered.room.host), (host, Some(host)));
    assert_eq!(entered.invite, config(StallPolicy::Wait).invite);
    assert_eq!(entered.token, Token::from_bytes([1; 32]));
    assert!(stage.is_host(host));
}

#[test]
fn a_joiner_gets_the_whole_room_and_what_was_said() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.say(host, 1, "hello");
    stage.say(viewer, 2, "hi");
    let before = stage.room.state();

    let joiner = stage.enter("cy");

    let entered = stage.entered(joiner);
    assert_eq!(entered.you, joiner);
    assert_eq!(entered.now, stage.now);
    let names: Vec<_> = entered.room.members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["ana", "ben", "cy"]);
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(entered.room.state, before);
    assert_eq!(entered.room.settings.on_stall, StallPolicy::Wait);
    let said: Vec<_> = entered.chat.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(said, ["hello", "hi"]);
    assert!(!entered.chat_has_gap);
}

#[test]
fn only_a_host_is_told_the_invite() {
    let mut stage = Stage::open();
    stage.enter("ana");

    let viewer = stage.enter("ben");

    assert_eq!(stage.entered(viewer).invite, None);
}

#[test]
fn the_others_learn_of_a_joiner_and_the_joiner_does_not_meet_itself() {
    let mut stage = Stage::open();
    let host = stage.enter("ana");
    stage.forget();

    let joiner = stage.enter("ben");

    let news = ServerMessage::UserJoined(UserJoined {
        member: stage.member(joiner),
    });
    assert_eq!(stage.sent(host), std::slice::from_ref(&news));
    assert!(!stage.sent(joiner).contains(&news));
}

#[test]
fn a_new_member_is_a_viewer_who_can_be_reached_and_has_no_player() {
    let mut stage = Stage::open();
    stage.enter("ana");

    let joiner = stage.enter("ben");

    let member = stage.member(joiner);
    assert_eq!((member.role, member.link), (Role::Viewer, MemberLink::Up));
    assert_eq!(member.report.player, PlayerState::None);
    assert_eq!(member.joined, WallTime(1_000_000 + 3_600_000));
}

#[test]
fn a_name_that_looks_like_one_that_is_taken_gets_a_number() {
    let mut stage = Stage::open();
    stage.enter("ana");

    let (second, third) = (stage.enter("Ana"), stage.enter("ana"));

    assert_eq!(stage.member(second).name.as_str(), "Ana 2");
    assert_eq!(stage.member(third).name.as_str(), "ana 3");
}

#[test]
fn a_longest_name_makes_way_for_its_number() {
    let mut stage = Stage::open();
    let longest = "n".repeat(limits::NAME_CHARS);
    stage.enter(&longest);

    let second = stage.enter(&longest);

    let name = stage.member(second).name.as_str().to_owned();
    assert_eq!(name, format!("{} 2", "n".repeat(limits::NAME_CHARS - 2)));
}

#[test]
fn a_full_room_says_so_and_has_room_again_when_somebody_leaves() {
    let mut stage = Stage::open();
    let members: Vec<MemberId> = (0..LIMITS.rooms.members)
        .map(|i| {
            stage.draws = 0;
            stage.enter(&format!("m{i}"))
        })
        .collect();

    assert_eq!(stage.try_enter("one more"), Err(Refusal::RoomFull));
    stage.tell(members[7], RoomCommand::Leave);
    assert!(stage.try_enter("one more").is_ok());
}

#[test]
fn a_joiner_never_moves_a_room_that_plays() {
    let (mut stage, ..) = Stage::playing();
    let before = stage.timeline();

    let joiner = stage.enter("cy");
    stage.watch(joiner);
    stage.report(joiner, PlayerState::Buffering { percent: 3 });
    stage.pass(Duration::from_secs(5));
    stage.follow(joiner);

    assert_eq!(stage.timeline(), before);
}

#[test]
fn a_joiner_that_still_loads_holds_no_start_up() {
    let (mut stage, host, _viewer) = Stage::watching();
    let joiner = stage.enter("cy");
    stage.watch(joiner);

    stage.act(host, Action::Play);

    assert_eq!(stage.timeline().playback, Playback::Playing);
}

#[test]
fn a_number_is_never_given_twice() {
    let mut stage = Stage::open();
    stage.enter("ana");
    let gone = stage.enter("ben");
    stage.tell(gone, RoomCommand::Leave);

    let next = stage.enter("cy");

    assert!(next > gone);
}

#[test]
fn a_room_of_nobody_keeps_still_and_knows_since_when() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.tell(viewer, RoomCommand::Leave);
    let position = stage.position();

    stage.tell(host, RoomCommand::Leave);
    let left = stage.now;
    stage.pass(Duration::from_secs(30));

    assert!(stage.room.is_empty());
    assert_eq!(stage.room.empty_since(), Some(left));
    assert_eq!(stage.timeline().playback, Playback::Paused);
    assert_eq!(stage.position(), position);
    assert_eq!(stage.room.poll_timeout(), None);
}

#[test]
fn whoever_comes_back_to_an_empty_room_finds_it_as_it_was_and_is_its_host() {
    let (mut stage, host, viewer) = Stage::playing();
    stage.say(host, 1, "see you");
    stage.tell(viewer, RoomCommand::Leave);
    stage.tell(host, RoomCommand::Leave);
    stage.forget();

    let back = stage.enter("ana");

    let entered = stage.entered(back);
    assert!(stage.is_host(back));
    assert_eq!(entered.room.item, Some((ItemId(1), film(Some(FILM)))));
    assert_eq!(entered.room.state.timeline.playback, Playback::Paused);
    assert_eq!(entered.chat.len(), 1);
    assert!(entered.invite.is_some());
    assert_eq!(stage.room.empty_since(), None);
}

#[test]
fn a_command_of_nobody_in_the_room_does_nothing() {
    let (mut stage, host, _viewer) = Stage::watching();
    let stranger = MemberId(77);
    let before = stage.timeline();

    stage.act(stranger, Action::Play);
    stage.say(stranger, 1, "boo");
    stage.tell(stranger, RoomCommand::TransferHost(TransferHost { to: stranger }));

    assert_eq!(stage.timeline(), before);
    assert!(stage.done.is_empty());
    assert!(stage.is_host(host));
}
