//! The owner of a room may take it back from whoever is host.

use watchtogether_protocol::OwnerKey;
use watchtogether_protocol::message::removal::Remove;
use watchtogether_protocol::message::roster::{HostChangeReason, HostChanged};

use super::super::snapshot::NextLife;
use super::*;

const KEY: OwnerKey = OwnerKey::from_bytes([0x0a; 32]);

impl Stage {
    fn enter_as(&mut self, name: &str, owner: Option<OwnerKey>) -> MemberId {
        let newcomer = Newcomer {
            owner,
            ..self.newcomer(name)
        };
        let seat = self.room.enter(newcomer, self.now).expect("a seat");
        self.drain();
        seat
    }

    /// Ends the room's life and begins the next one.
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
        self.tell(from, RoomCommand::TransferHost(TransferHost { to }));
    }
}

/// Returns a room that ana opened and handed to ben.
fn given_away() -> (Stage, MemberId, MemberId) {
    let mut stage = Stage::open();
    let ana = stage.enter_as("ana", Some(KEY));
    let ben = stage.enter_as("ben", Some(OwnerKey::from_bytes([0x0b; 32])));
    stage.hand_over(ana, ben);
    assert!(stage.is_host(ben));
    stage.forget();
    (stage, ana, ben)
}

#[test]
fn who_opened_the_room_takes_it_back_and_everybody_is_told() {
    let (mut stage, ana, ben) = given_away();

    stage.hand_over(ana, ana);

    assert!(stage.is_host(ana));
    let told = ServerMessage::HostChanged(HostChanged {
        host: ana,
        why: HostChangeReason::Reclaimed,
    });
    assert!(stage.sent(ben).contains(&told) && stage.sent(ana).contains(&told));
}

#[test]
fn nobody_else_takes_the_room_and_its_owner_gives_it_to_nobody_but_themselves() {
    let (mut stage, ana, ben) = given_away();
    let third = stage.enter("cy");
    stage.forget();

    stage.hand_over(third, third);
    assert_eq!(
        stage.refusal(third).map(|refused| refused.why),
        Some(Refusal::NotHost)
    );
    stage.hand_over(ana, third);
    assert_eq!(
        stage.refusal(ana).map(|refused| refused.why),
        Some(Refusal::NotHost)
    );

    assert!(stage.is_host(ben));
}

#[test]
fn an_owner_who_left_is_known_again_by_the_key_and_is_told() {
    let (mut stage, ana, ben) = given_away();
    stage.tell(ana, RoomCommand::Leave);

    let stranger = stage.enter_as("ana", None);
    assert!(!stage.entered(stranger).is_owner);
    let ana = stage.enter_as("ana", Some(KEY));

    assert!(stage.entered(ana).is_owner);
    assert!(stage.is_host(ben));
    stage.hand_over(ana, ana);
    assert!(stage.is_host(ana));
}

#[test]
fn a_room_that_comes_back_still_knows_who_opened_it() {
    let (mut stage, ana, _ben) = given_away();
    stage.come_back();
    stage.resume(Token::from_bytes([1; 32]), 0).expect("ana's seat");
    assert!(stage.entered(ana).is_owner);
    stage.tell(ana, RoomCommand::Leave);

    let ana = stage.enter_as("ana", Some(KEY));

    assert!(stage.entered(ana).is_owner);
}

#[test]
fn a_room_that_was_opened_without_a_key_has_no_owner() {
    let mut stage = Stage::open();
    let ana = stage.enter("ana");
    let ben = stage.enter_as("ben", Some(KEY));

    stage.hand_over(ben, ben);

    assert!(stage.is_host(ana));
    assert!(!stage.entered(ben).is_owner);
}

#[test]
fn the_owner_cannot_be_removed_by_who_was_given_the_room() {
    for is_ban in [false, true] {
        let (mut stage, ana, ben) = given_away();

        stage.tell(ben, RoomCommand::Remove(Remove { member: ana, is_ban }));

        assert_eq!(
            stage.refusal(ben).map(|refused| refused.why),
            Some(Refusal::NotRemovable)
        );
        assert!(stage.room.seat(ana).is_some());
    }
}

#[test]
fn a_ban_of_another_does_not_keep_the_owner_out() {
    let (mut stage, ana, ben) = given_away();
    stage.tell(ana, RoomCommand::Leave);
    let namesake = stage.enter_as("ana", None);
    let ban = Remove {
        member: namesake,
        is_ban: true,
    };
    stage.tell(ben, RoomCommand::Remove(ban));
    assert_eq!(stage.try_enter("ana"), Err(Refusal::Banned));

    let ana = stage.enter_as("ana", Some(KEY));

    assert!(stage.entered(ana).is_owner);
}

#[test]
fn only_who_opened_the_room_is_called_host() {
    let mut stage = Stage::open();
    let host = stage.enter_as("host", Some(KEY));
    let guest = Newcomer {
        owner: Some(OwnerKey::from_bytes([0x0b; 32])),
        ..stage.newcomer("host")
    };

    assert_eq!(stage.room.enter(guest, stage.now), Err(Refusal::NameReserved));

    let second = stage.enter_as("host", Some(KEY));
    let third = stage.enter_as("host", Some(KEY));
    for _life in 0..2 {
        let names = [host, second, third].map(|id| stage.member(id).name.to_string());
        assert_eq!(names, ["host", "guest", "guest 2"]);
        stage.come_back();
    }
}

#[test]
fn whoever_opens_a_room_without_an_owners_key_is_not_called_host() {
    let mut stage = Stage::open();
    assert_eq!(stage.try_enter("host"), Err(Refusal::NameReserved));

    let host = stage.enter_as("host", Some(KEY));

    assert_eq!(stage.member(host).name.to_string(), "host");
    assert!(stage.entered(host).is_owner);
}
