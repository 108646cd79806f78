//! Members that are removed, and those that are kept out.

use std::time::Duration;

use watchtogether_protocol::message::removal::Ban;
use watchtogether_protocol::message::roster::LeaveReason;
use watchtogether_protocol::time::WallTime;

use crate::test_support::*;
use crate::{Intent, Update};

fn ban(screen: &Screen, number: u32, name: &str, left: Duration) -> Ban {
    let now = screen.app.clock.now(screen.now).0;
    Ban {
        number,
        name: name.parse().expect("a name"),
        until: WallTime(now + u64::try_from(left.as_millis()).expect("some days")),
    }
}

#[test]
fn somebody_is_removed_or_banned_by_name() {
    let mut screen = Screen::room(80, 24, ANA);
    let remove = |is_ban| [Intent::Remove { member: BO, is_ban }];

    assert_eq!(screen.sends("/kick Bo"), remove(false));
    assert_eq!(screen.sends("/ban bo"), remove(true));
    assert_eq!(screen.sends("/ban nobody"), []);
    assert_eq!(screen.rows_with("nobody here is called nobody").len(), 1);
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
    assert_eq!(screen.sends("/unban 1"), [Intent::Unban { number: 4 }]);
    assert_eq!(screen.sends("/unban eve"), [Intent::Unban { number: 9 }]);
    assert_eq!(screen.sends("/unban fay"), []);
    assert_eq!(screen.rows_with("nobody called fay is banned").len(), 1);
}

#[test]
fn who_is_banned_is_the_hosts_business() {
    let mut screen = Screen::room(80, 24, BO);

    screen.sends("/bans");

    assert_eq!(screen.rows_with("only the host can do that").len(), 1);
}

#[test]
fn whoever_was_removed_reads_so_and_keeps_the_picture_of_the_evening() {
    let mut screen = Screen::room(80, 24, BO);
    let before = screen.app.room().map(|room| room.members.len());

    screen.apply(Update::MemberLeft {
        id: BO,
        why: LeaveReason::Kicked { by: ANA },
    });

    assert_eq!(screen.rows_with("bo was removed by the host").len(), 1);
    assert_eq!(screen.app.room().map(|room| room.members.len()), before);
}
