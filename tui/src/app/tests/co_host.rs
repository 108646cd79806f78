//! Tests that a co-host is offered the actions that the room permits to co-hosts.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::message::roster::{Member, Role};

use crate::key::{Code, Key};
use crate::state::panels::{MemberAct, acts};
use crate::test_support::*;
use crate::update::{Motion, Status};

/// Returns a room of ana, the host, bo, the co-host, and chi, with a paused film, as one of them sees it.
fn room_of(you: MemberId) -> Screen {
    let mut screen = Screen::new(160, 40);
    let bo = Member {
        role: Role::CoHost,
        ..member(BO, "bo")
    };
    screen.enter(you, vec![member(ANA, "ana"), bo, member(CHI, "chi")]);
    screen.film(60_000, Motion::Paused);
    screen.apply(crate::Update::Status(Status::Paused { by: None }));
    screen
}

fn last_row(screen: &mut Screen) -> String {
    screen.picture().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_co_host_is_hinted_at_what_a_host_is() {
    for keys in [&[][..], &[Key::plain(Code::Esc)][..]] {
        let hints = [ANA, BO, CHI].map(|you| {
            let mut screen = room_of(you);
            for key in keys {
                screen.key(*key);
            }
            last_row(&mut screen)
        });

        let [of_host, of_co_host, of_viewer] = hints;
        assert_eq!(of_co_host, of_host);
        assert!(of_host.contains("play/pause"), "{of_host}");
        assert!(!of_viewer.contains("play/pause"), "{of_viewer}");
    }
}

#[test]
fn the_state_names_the_way_out_of_it_to_a_co_host() {
    let ways = |you| room_of(you).rows_with("paused")[0].contains("play/pause");

    assert!(ways(ANA) && ways(BO) && !ways(CHI));
}

#[test]
fn the_menu_of_a_member_offers_what_the_room_allows() {
    const REMOVE: [MemberAct; 2] = [MemberAct::Kick, MemberAct::Ban];
    let offered = |you, id| {
        let mut screen = room_of(you);
        acts(screen.app.room_mut().expect("a room"), id)
    };
    let removes = |you, id| REMOVE.iter().all(|act| offered(you, id).contains(act));
    let gives = |you, id| offered(you, id).contains(&MemberAct::GiveRoom);

    assert!(removes(ANA, BO) && removes(ANA, CHI) && removes(BO, CHI));
    assert!(!removes(BO, ANA), "nobody removes the host");
    assert!(gives(ANA, BO) && gives(BO, CHI));
    assert!(!gives(BO, ANA), "she is host already");
    for id in [ANA, BO] {
        assert_eq!(offered(CHI, id), [MemberAct::Mention, MemberAct::Numbers]);
    }
}
