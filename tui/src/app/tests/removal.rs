//! Tests of removed and banned members.

use std::time::Duration;

use watchtogether_protocol::RoomIntent;
use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::roster::{LeaveReason, Role};
use watchtogether_protocol::message::settings::RoomSettings;
use watchtogether_protocol::time::WallTime;

use crate::key::{Code, Key};
use crate::test_support::*;
use crate::update::{EnteredRoom, EntryKind};
use crate::{Intent, Update};

fn ban(screen: &Screen, number: u32, name: &str, left: Duration) -> Ban {
    let now = screen.app.state.clock.now(screen.now).0;
    Ban {
        number,
        name: name.parse().expect("a name"),
        until: WallTime(now + u64::try_from(left.as_millis()).expect("some days")),
    }
}

#[test]
fn somebody_is_removed_or_banned_by_name() {
    let mut screen = Screen::room(80, 24, ANA);
    let remove = |is_ban| [Intent::Room(RoomIntent::Remove { member: BO, is_ban })];

    assert_eq!(screen.sends("/kick Bo"), remove(false));
    assert_eq!(screen.sends("/ban bo"), remove(true));
    assert_eq!(screen.sends("/ban nobody"), []);
    assert_eq!(screen.rows_with("nobody here is called nobody").len(), 1);
}

/// Opens the menu of the second member in the list of people.
fn menu_of_bo() -> Screen {
    let mut screen = Screen::room(80, 24, ANA);
    screen.key(Key::plain(Code::F(2)));
    screen.key(Key::plain(Code::Down));
    screen.key(Key::plain(Code::Enter));
    assert_eq!(screen.rows_with("ban them").len(), 1);
    screen
}

#[test]
fn the_menu_asks_before_somebody_is_removed_and_the_key_that_opened_the_question_is_no_answer() {
    for (is_ban, act, question) in [(false, '4', "Remove bo?"), (true, '5', "Ban bo?")] {
        let mut screen = menu_of_bo();
        assert_eq!(screen.key(Key::char(act)), []);
        assert_eq!(screen.rows_with(question).len(), 1);
        assert_eq!(screen.key(Key::plain(Code::Enter)), []);
        assert_eq!(screen.rows_with(question).len(), 1);

        let wanted = screen.key(Key::ctrl(Code::Char('y')));

        assert_eq!(wanted, [Intent::Room(RoomIntent::Remove { member: BO, is_ban })]);
        assert_eq!(screen.rows_with(question).len(), 0);
    }
}

#[test]
fn letters_ctrl_c_and_an_escape_remove_nobody() {
    for key in [Key::char('n'), Key::ctrl(Code::Char('c')), Key::plain(Code::Esc)] {
        let mut screen = menu_of_bo();
        screen.key(Key::char('5'));

        assert_eq!(screen.key(Key::char('y')), []);
        assert_eq!(screen.key(key), []);

        assert_eq!(screen.rows_with("Ban bo?").len(), 0);
        assert!(screen.app.state.overlay.is_none());
    }
}

#[test]
fn the_menu_asks_before_the_room_is_handed_over() {
    let mut screen = menu_of_bo();

    assert_eq!(screen.key(Key::char('3')), []);

    assert_eq!(screen.rows_with("Make bo the host?").len(), 1);
    assert_eq!(
        screen.key(Key::ctrl(Code::Char('y'))),
        [Intent::Room(RoomIntent::TransferHost { to: BO })]
    );
}

#[test]
fn a_viewers_menu_removes_nobody() {
    let mut screen = Screen::room(80, 24, BO);
    screen.key(Key::plain(Code::F(2)));
    screen.key(Key::plain(Code::Enter));

    assert_eq!(screen.rows_with("mention them").len(), 1);
    assert_eq!(screen.rows_with("ban them").len(), 0);
    assert_eq!(screen.key(Key::char('5')), []);
}

#[test]
fn the_question_explains_a_ban_at_every_size() {
    for (width, height) in [(120, 40), (80, 24), (50, 20), (20, 5)] {
        let mut screen = menu_of_bo();
        screen.key(Key::char('5'));
        screen.resize(width, height);

        let picture = screen.picture();

        insta::assert_snapshot!(format!("ban_{width}x{height}"), picture);
    }
}

#[test]
fn the_banned_are_listed_by_numbers_and_let_in_by_number_or_name() {
    let mut screen = Screen::room(80, 24, ANA);
    assert_eq!(screen.sends("/bans"), []);
    assert_eq!(screen.rows_with("nobody is banned").len(), 1);
    let bans = vec![
        ban(&screen, 4, "dee", Duration::from_hours(7 * 24)),
        ban(&screen, 9, "Eve", Duration::from_mins(5)),
    ];
    screen.apply(Update::Bans(bans));

    assert_eq!(screen.sends("/bans"), []);

    assert_eq!(screen.rows_with("1 dee is banned for 7 days").len(), 1);
    assert_eq!(screen.rows_with("2 Eve is banned for 5 minutes").len(), 1);
    assert_eq!(
        screen.sends("/unban 1"),
        [Intent::Room(RoomIntent::Unban { number: 4 })]
    );
    assert_eq!(
        screen.sends("/unban eve"),
        [Intent::Room(RoomIntent::Unban { number: 9 })]
    );
    assert_eq!(screen.sends("/unban fay"), []);
    assert_eq!(screen.rows_with("nobody called fay is banned").len(), 1);
}

#[test]
fn only_hosts_see_bans() {
    let mut screen = Screen::room(80, 24, BO);

    screen.sends("/bans");

    assert_eq!(screen.rows_with("only the host can do that").len(), 1);
}

#[test]
fn a_removed_user_reads_so_and_keeps_the_last_picture() {
    let mut screen = Screen::room(80, 24, BO);
    let before = screen.app.room().map(|room| room.members.len());

    screen.leaves(BO, LeaveReason::Kicked { by: ANA });

    assert_eq!(screen.rows_with("-- the host removed you").len(), 1);
    assert_eq!(screen.app.room().map(|room| room.members.len()), before);
}

#[test]
fn only_the_owner_becomes_host_again_by_the_menu_of_their_row() {
    for (is_owner, is_host) in [(true, false), (false, false), (true, true)] {
        let mut screen = Screen::watching(80, 24);
        let (host, mut members) = if is_host {
            (BO, [member(BO, "bo"), member(CHI, "chi")])
        } else {
            (CHI, [member(CHI, "chi"), member(BO, "bo")])
        };
        members[0].role = Role::Host;
        screen.apply(Update::Entered(Box::new(EnteredRoom {
            room: "movie-night".parse().expect("a room's name"),
            you: BO,
            settings: RoomSettings::default(),
            host: Some(host),
            members: members.to_vec(),
            transport: None,
            chat: Vec::new(),
            chat_has_gap: false,
            undoable: None,
            is_owner,
            how: EntryKind::Joined,
        })));
        screen.key(Key::plain(Code::F(2)));
        // The host is first in the list.
        screen.key(Key::plain(if is_host { Code::Home } else { Code::End }));
        screen.key(Key::plain(Code::Enter));

        let is_offered = !screen.rows_with("3 become host again").is_empty();

        assert_eq!(is_offered, is_owner && !is_host);
        let wanted = if is_offered {
            vec![Intent::Room(RoomIntent::TakeBack)]
        } else {
            Vec::new()
        };
        assert_eq!(screen.key(Key::char('3')), wanted);
    }
}
