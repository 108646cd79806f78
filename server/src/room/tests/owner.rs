//! Tests that the owner of a room can take it back from whoever is host.

use watchtogether_protocol::OwnerKey;
use watchtogether_protocol::message::removal::Remove;
use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged};

use super::super::snapshot::NextLife;
use super::*;

const KEY: OwnerKey = OwnerKey::from_bytes([0x0a; 32]);

impl Harness {
    fn enter_as(&mut self, name: &str, owner: Option<OwnerKey>) -> MemberId {
        let newcomer = Newcomer {
            owner,
            ..self.newcomer(name)
        };
        let seat = self.room.enter(newcomer, self.now).expect("a seat");
        self.drain();
        seat
    }

    /// Ends the room's epoch and begins the next one.
    fn come_back(&mut self) {
        let life = NextLife {
            incarnation: 2,
            wall_origin: WallTime(0),
            is_kept: true,
            limits: Limits::default(),
        };
        self.room = Room::restore(self.room.record(self.now), life, self.now);
    }

    fn hand_over(&mut self, from: MemberId, to: MemberId) {
        self.command(from, RoomCommand::TransferHost(TransferHost { to }));
    }
}

/// Returns a room that ana opened and then handed to ben.
fn after_handing_over() -> (Harness, MemberId, MemberId) {
    let mut harness = Harness::open();
    let ana = harness.enter_as("ana", Some(KEY));
    let ben = harness.enter_as("ben", Some(OwnerKey::from_bytes([0x0b; 32])));
    harness.hand_over(ana, ben);
    assert!(harness.is_host(ben));
    harness.forget();
    (harness, ana, ben)
}

#[test]
fn the_owner_becomes_host_again_and_everybody_is_told() {
    let (mut harness, ana, ben) = after_handing_over();

    harness.hand_over(ana, ana);

    assert!(harness.is_host(ana));
    let announced = ServerMessage::HostChanged(HostChanged {
        host: ana,
        reason: HostChangeReason::Reclaimed,
    });
    assert!(harness.sent(ben).contains(&announced) && harness.sent(ana).contains(&announced));
}

#[test]
fn only_the_owner_reclaims_the_room_and_only_for_themselves() {
    let (mut harness, ana, ben) = after_handing_over();
    let third = harness.enter("cy");
    harness.forget();

    harness.hand_over(third, third);
    assert_eq!(
        harness.refusal(third).map(|refused| refused.reason),
        Some(Refusal::NotHost)
    );
    harness.hand_over(ana, third);
    assert_eq!(
        harness.refusal(ana).map(|refused| refused.reason),
        Some(Refusal::NotHost)
    );

    assert!(harness.is_host(ben));
}

#[test]
fn an_owner_who_left_is_recognised_by_the_key_and_is_told() {
    let (mut harness, ana, ben) = after_handing_over();
    harness.command(ana, RoomCommand::Leave);

    let stranger = harness.enter_as("ana", None);
    assert!(!harness.entered(stranger).is_owner);
    let ana = harness.enter_as("ana", Some(KEY));

    assert!(harness.entered(ana).is_owner);
    assert!(harness.is_host(ben));
    harness.hand_over(ana, ana);
    assert!(harness.is_host(ana));
}

#[test]
fn a_room_that_comes_back_still_knows_who_opened_it() {
    let (mut harness, ana, _ben) = after_handing_over();
    harness.come_back();
    harness.resume(Token::from_bytes([1; 32]), 0).expect("ana's seat");
    assert!(harness.entered(ana).is_owner);
    harness.command(ana, RoomCommand::Leave);

    let ana = harness.enter_as("ana", Some(KEY));

    assert!(harness.entered(ana).is_owner);
}

#[test]
fn a_room_that_was_opened_without_a_key_has_no_owner() {
    let mut harness = Harness::open();
    let ana = harness.enter("ana");
    let ben = harness.enter_as("ben", Some(KEY));

    harness.hand_over(ben, ben);

    assert!(harness.is_host(ana));
    assert!(!harness.entered(ben).is_owner);
}

#[test]
fn the_owner_cannot_be_removed_by_who_was_given_the_room() {
    for is_ban in [false, true] {
        let (mut harness, ana, ben) = after_handing_over();

        harness.command(ben, RoomCommand::Remove(Remove { member: ana, is_ban }));

        assert_eq!(
            harness.refusal(ben).map(|refused| refused.reason),
            Some(Refusal::NotRemovable)
        );
        assert!(harness.room.seat(ana).is_some());
    }
}

#[test]
fn a_ban_of_another_does_not_keep_the_owner_out() {
    let (mut harness, ana, ben) = after_handing_over();
    harness.command(ana, RoomCommand::Leave);
    let namesake = harness.enter_as("ana", None);
    let ban = Remove {
        member: namesake,
        is_ban: true,
    };
    harness.command(ben, RoomCommand::Remove(ban));
    assert_eq!(harness.try_enter("ana"), Err(Refusal::Banned));

    let ana = harness.enter_as("ana", Some(KEY));

    assert!(harness.entered(ana).is_owner);
}

#[test]
fn only_who_opened_the_room_is_called_host() {
    let mut harness = Harness::open();
    let host = harness.enter_as("host", Some(KEY));
    let guest = Newcomer {
        owner: Some(OwnerKey::from_bytes([0x0b; 32])),
        ..harness.newcomer("host")
    };

    assert_eq!(harness.room.enter(guest, harness.now), Err(Refusal::NameReserved));

    let second = harness.enter_as("host", Some(KEY));
    let third = harness.enter_as("host", Some(KEY));
    for _life in 0..2 {
        let names = [host, second, third].map(|id| harness.member(id).name.to_string());
        assert_eq!(names, ["host", "guest", "guest 2"]);
        harness.come_back();
    }
}

#[test]
fn a_member_who_opens_a_room_without_an_owners_key_is_not_called_host() {
    let mut harness = Harness::open();
    assert_eq!(harness.try_enter("host"), Err(Refusal::NameReserved));

    let host = harness.enter_as("host", Some(KEY));

    assert_eq!(harness.member(host).name.to_string(), "host");
    assert!(harness.entered(host).is_owner);
}
