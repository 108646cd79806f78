//! Tests of removing and banning members.

use std::net::Ipv6Addr;

use watchtogether_protocol::close::CloseCode;
use watchtogether_protocol::message::removal::{Ban, Remove, Unban};
use watchtogether_protocol::message::roster::{LeaveReason, UserLeft};

use super::super::hashes::AddressHash;
use super::super::snapshot::{NextLife, RoomChange};
use super::*;

/// The token that proves the seat of the second member of a test's room.
const SECOND: Token = Token::from_bytes([2; 32]);

const AWAY: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));

impl Harness {
    /// Returns a room with a host at home and a viewer at another address.
    fn apart() -> (Self, MemberId, MemberId) {
        let mut harness = Self::open();
        let host = harness.enter("ana");
        let viewer = harness.enter_from(AWAY, "bo").expect("a seat");
        harness.forget();
        (harness, host, viewer)
    }

    fn enter_from(&mut self, address: IpAddr, name: &str) -> Result<MemberId, Refusal> {
        let newcomer = Newcomer {
            address,
            owner: None,
            ..self.newcomer(name)
        };
        let seat = self.room.enter(newcomer, self.now);
        self.drain();
        seat
    }

    pub(super) fn remove(&mut self, from: MemberId, member: MemberId, is_ban: bool) {
        self.command(from, RoomCommand::Remove(Remove { member, is_ban }));
    }

    fn unban(&mut self, from: MemberId, number: u32) {
        self.command(from, RoomCommand::Unban(Unban { number }));
    }

    /// Returns the list of bans that a member was last sent.
    pub(super) fn bans(&self, id: MemberId) -> Option<Vec<Ban>> {
        let mut messages = self.sent(id).into_iter().rev();
        messages.find_map(|message| {
            if let ServerMessage::Bans(announced) = message {
                Some(announced.bans)
            } else {
                None
            }
        })
    }

    fn refused_why(&self, id: MemberId) -> Option<(Request, Refusal)> {
        self.refusal(id).map(|refused| (refused.request, refused.reason))
    }
}

#[test]
fn a_removed_member_is_sent_the_reason_and_closed_before_the_others_are_told() {
    for is_ban in [false, true] {
        let (mut harness, host, viewer) = Harness::apart();
        harness.pass(LIMITS.rooms.arrivals);
        harness.forget();

        harness.remove(host, viewer, is_ban);

        let reason = if is_ban {
            LeaveReason::Banned { by: host }
        } else {
            LeaveReason::Kicked { by: host }
        };
        let message = Box::new(ServerMessage::UserLeft(UserLeft { id: viewer, reason }));
        let expected = [
            RoomOutput::Send {
                to: viewer,
                message: message.clone(),
            },
            RoomOutput::Close {
                member: viewer,
                code: CloseCode::Removed,
            },
            RoomOutput::Broadcast {
                except: None,
                message,
            },
        ];
        assert_eq!(harness.done[..3], expected);
        assert_eq!(harness.room.len(), 1);
    }
}

#[test]
fn only_who_controls_the_room_removes_and_never_the_host_or_themselves() {
    let (mut harness, host, viewer) = Harness::apart();
    let third = harness.enter("cy");

    for (from, member, reason) in [
        (viewer, third, Refusal::NotHost),
        (viewer, host, Refusal::NotHost),
        (host, host, Refusal::NotRemovable),
        (host, MemberId(99), Refusal::NoSuchMember),
    ] {
        harness.remove(from, member, true);
        assert_eq!(harness.refused_why(from), Some((Request::Remove, reason)));
    }
    harness.unban(viewer, 1);
    assert_eq!(
        harness.refused_why(viewer),
        Some((Request::Unban, Refusal::NotHost))
    );
    harness.unban(host, 1);
    assert_eq!(
        harness.refused_why(host),
        Some((Request::Unban, Refusal::NoSuchBan))
    );
    assert_eq!(harness.room.len(), 3);
}

#[test]
fn a_removed_member_who_is_not_banned_may_join_again_without_the_old_seat() {
    let (mut harness, host, viewer) = Harness::apart();

    harness.remove(host, viewer, false);

    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::SeatGone));
    harness.enter_from(AWAY, "bo").expect("a new seat");
}

#[test]
fn a_banned_member_is_refused_by_session_name_lookalike_and_address() {
    let (mut harness, host, viewer) = Harness::apart();
    harness.resume(SECOND, 0).expect("its seat");
    let newer = harness.entered(viewer).token;
    let newcomer = harness.newcomer("dee");

    harness.remove(host, viewer, true);

    assert_eq!(harness.resume(newer, 0), Err(Refusal::Banned));
    assert_eq!(
        harness.resume(SECOND, 0),
        Err(Refusal::Banned),
        "nor with the token before"
    );
    for name in ["bo", "B O", "b\u{43e}", "b0"] {
        assert_eq!(
            harness.enter_from(ELSEWHERE, name),
            Err(Refusal::Banned),
            "{name}"
        );
    }
    harness.enter_from(ELSEWHERE, "bob").expect("another name");
    assert_eq!(harness.resume(newcomer.token, 0), Err(Refusal::SeatGone));
}

#[test]
fn an_address_is_banned_unless_the_host_has_it_too() {
    let (mut harness, host, viewer) = Harness::watching();
    harness.remove(host, viewer, true);
    let away = harness.enter_from(AWAY, "cy").expect("a seat");

    harness.enter("dee");
    harness.remove(host, away, true);

    assert_eq!(harness.enter_from(AWAY, "eve"), Err(Refusal::Banned));
    harness.enter("fay");
}

#[test]
fn a_seat_that_was_taken_again_elsewhere_is_banned_where_it_is_now() {
    let (mut harness, host, viewer) = Harness::apart();
    let next = harness.draw_token();
    let epoch = harness.timeline().epoch;
    let back = harness
        .room
        .resume(&SECOND, next, (epoch, 0), ELSEWHERE, harness.now);
    back.expect("its seat");

    harness.remove(host, viewer, true);

    assert_eq!(harness.enter_from(ELSEWHERE, "cy"), Err(Refusal::Banned));
    harness.enter_from(AWAY, "cy").expect("a seat");
}

#[test]
fn an_ipv6_address_counts_by_its_network_and_a_mapped_ipv4_address_by_itself() {
    let salt = Salt([7; 16]);
    let v6 = |text: &str| {
        let address: Ipv6Addr = text.parse().expect("an address");
        AddressHash::of(salt, address.into())
    };

    assert_eq!(v6("2001:db8:1:2::1"), v6("2001:db8:1:2:ffff::9"));
    assert_ne!(v6("2001:db8:1:2::1"), v6("2001:db8:1:3::1"));
    assert_eq!(v6("::ffff:203.0.113.7"), AddressHash::of(salt, AWAY));
    assert_ne!(
        AddressHash::of(Salt([8; 16]), AWAY),
        AddressHash::of(salt, AWAY),
        "two rooms"
    );
}

#[test]
fn a_ban_ends_first_for_the_address_and_then_for_the_name_without_anybody_asking() {
    let (mut harness, host, viewer) = Harness::apart();
    harness.remove(host, viewer, true);
    harness.room.record(harness.now);

    harness.pass(just_before(LIMITS.rooms.ban_address));
    assert_eq!(harness.enter_from(AWAY, "cy"), Err(Refusal::Banned));
    harness.pass(Duration::from_millis(1));
    assert_eq!(
        harness.room.changes(harness.now).bans[0].address,
        None,
        "nor is it kept any longer"
    );
    harness.enter_from(AWAY, "cy").expect("a seat");

    harness.forget();
    harness.pass(just_before(
        LIMITS.rooms.ban.saturating_sub(LIMITS.rooms.ban_address),
    ));
    assert_eq!(harness.enter_from(AWAY, "bo"), Err(Refusal::Banned));
    harness.pass(Duration::from_millis(1));
    assert_eq!(harness.room.changes(harness.now).lifted, [1]);
    assert_eq!(harness.bans(host), Some(Vec::new()));
    harness.enter_from(AWAY, "bo").expect("a seat");
}

#[test]
fn a_lifted_ban_no_longer_holds_and_only_hosts_are_sent_bans() {
    let (mut harness, host, viewer) = Harness::apart();
    let third = harness.enter("cy");
    harness.remove(host, viewer, true);
    let until = WallTime(harness.room.wall(harness.now).0 + 7 * 86_400_000);
    let ban = Ban {
        number: 1,
        name: "bo".parse().expect("a name"),
        until,
    };
    assert_eq!(harness.bans(host), Some(vec![ban.clone()]));

    harness.command(host, RoomCommand::TransferHost(TransferHost { to: third }));
    assert_eq!(harness.bans(third), Some(vec![ban]), "whoever is host now");
    harness.unban(third, 1);

    assert_eq!(harness.bans(third), Some(Vec::new()));
    let bo = harness.enter_from(AWAY, "bo").expect("a seat");
    assert_eq!(harness.bans(bo), None);
}

#[test]
fn a_host_who_comes_back_is_sent_the_bans_again() {
    let (mut harness, host, viewer) = Harness::apart();
    harness.remove(host, viewer, true);
    harness.lose(host);
    harness.forget();

    harness.resume(Token::from_bytes([1; 32]), 0).expect("the seat");

    assert_eq!(harness.bans(host).map(|bans| bans.len()), Some(1));
}

#[test]
fn the_oldest_of_too_many_bans_ends() {
    let (mut harness, host, _viewer) = Harness::apart();
    for number in 0..=limits::BANS {
        // From the host's own address, which is not banned.
        harness.draws = 9;
        let guest = harness.enter(&format!("guest {number}"));
        harness.remove(host, guest, true);
    }

    let bans = harness.bans(host).expect("told");

    assert_eq!(bans.len(), limits::BANS);
    assert_eq!(bans[0].number, 2);
    harness.enter("guest 0");
    assert_eq!(harness.try_enter("guest 1"), Err(Refusal::Banned));
}

#[test]
fn a_banned_name_is_given_to_nobody() {
    let mut harness = Harness::open();
    let host = harness.enter("guest");
    let second = harness.enter("guest");
    assert_eq!(harness.member(second).name.as_str(), "guest 2");
    harness.remove(host, second, true);

    let third = harness.enter("guest");

    assert_eq!(harness.member(third).name.as_str(), "guest 3");
}

#[test]
fn nobody_has_the_name_of_another_however_many_numbers_are_banned() {
    let mut harness = Harness::limited(|limits| {
        limits.rooms.members = 2;
        limits.rooms.ban_address = Duration::ZERO;
    });
    let host = harness.enter("bo");
    for name in ["bo 2", "bo 3"] {
        let banned = harness.enter(name);
        harness.remove(host, banned, true);
    }

    let second = harness.enter("bo");

    assert_eq!(harness.member(second).name.as_str(), "bo 4");
}

#[test]
fn bans_come_back_with_their_room_and_changes_are_reported() {
    let (mut harness, host, viewer) = Harness::apart();
    let third = harness.enter("cy");
    harness.room.record(harness.now);
    harness.remove(host, viewer, true);
    assert!(harness.room.is_changed());
    let RoomChange { bans, lifted, .. } = harness.room.changes(harness.now);
    assert_eq!((bans.len(), lifted), (1, Vec::new()));
    assert!(!harness.room.is_changed());
    harness.remove(host, third, true);
    harness.unban(host, 2);
    let RoomChange { bans, lifted, .. } = harness.room.changes(harness.now);
    assert_eq!((bans, lifted), (Vec::new(), vec![2]));

    let record = harness.room.record(harness.now);
    let life = NextLife {
        incarnation: 92,
        wall_origin: WallTime(1_000_000),
        is_kept: true,
        limits: Limits::default(),
    };
    harness.room = Room::restore(record.clone(), life, harness.now);

    assert_eq!(harness.room.record(harness.now).bans, record.bans);
    assert_eq!(harness.resume(SECOND, 0), Err(Refusal::Banned));
    assert_eq!(harness.enter_from(AWAY, "dee"), Err(Refusal::Banned));
    assert_eq!(harness.enter_from(ELSEWHERE, "bo"), Err(Refusal::Banned));
}

#[test]
fn a_ban_that_ended_while_the_server_was_away_is_not_there_after() {
    let (mut harness, host, viewer) = Harness::apart();
    harness.remove(host, viewer, true);
    let record = harness.room.record(harness.now);
    let away = u64::try_from(LIMITS.rooms.ban.as_millis()).expect("a week");
    let life = NextLife {
        incarnation: 92,
        wall_origin: WallTime(1_000_000 + away),
        is_kept: true,
        limits: Limits::default(),
    };

    harness.room = Room::restore(record, life, harness.now);

    assert_eq!(harness.room.changes(harness.now).lifted, [1], "nor on the disk");
    harness.enter_from(AWAY, "bo").expect("a seat");
}
