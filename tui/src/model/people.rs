//! What about a member is worth a line in the chat.

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{Link, Member, PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::NotReady;

/// A change about a member that others read as a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The member does not watch with the others any more, and will not by itself.
    NotReady(NotReady),
    /// The member has a player again.
    IsBack,
    /// The member's copy is another one than the room's film.
    OtherCopy {
        /// Their duration minus the room's.
        longer_by: MediaTime,
    },
}

/// Returns the lines that a change of a member is worth.
pub fn news(before: &Member, after: &Member) -> Vec<News> {
    let (was, is) = (lasting(before.report.player), lasting(after.report.player));
    let mut news = Vec::new();
    match (was, is) {
        (_, Some(why)) if was.is_none_or(|was| was.is_another_than(why)) => {
            news.push(News::NotReady(why));
        }
        (Some(NotReady::Player(player)), None) if is_gone(player) && after.link == Link::Up => {
            news.push(News::IsBack);
        }
        (Some(_) | None, _) => {}
    }
    if let FileMatch::Other { longer_by } = after.report.file
        && !matches!(before.report.file, FileMatch::Other { .. })
    {
        news.push(News::OtherCopy { longer_by });
    }
    news
}

/// Returns whether a player in this state cannot show anything.
const fn is_gone(player: PlayerState) -> bool {
    matches!(
        player,
        PlayerState::Closed
            | PlayerState::NotResponding
            | PlayerState::Failed {
                why: PlayerFailure::Crashed,
            }
    )
}

/// Returns why a member does not watch, where that does not end by itself. A lost or silent link has lines of its own, and hides
/// nothing here: what was told before it is no news after it.
fn lasting(player: PlayerState) -> Option<NotReady> {
    player.standing().why_not().filter(|why| {
        matches!(
            why,
            NotReady::Player(
                PlayerState::Closed
                    | PlayerState::NoCopy
                    | PlayerState::Ended { .. }
                    | PlayerState::NotResponding
                    | PlayerState::Failed { .. }
            )
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{BO, member};

    fn with(player: PlayerState, file: FileMatch) -> Member {
        let mut bo = member(BO, "bo");
        bo.report.player = player;
        bo.report.file = file;
        bo
    }

    #[test]
    fn a_closed_player_and_its_return_are_told_and_what_passes_by_itself_is_not() {
        let follows = with(PlayerState::Following, FileMatch::Same);
        let closed = with(PlayerState::Closed, FileMatch::Same);
        let loads = with(PlayerState::Loading, FileMatch::Same);

        assert_eq!(
            news(&follows, &closed),
            [News::NotReady(NotReady::Player(PlayerState::Closed))]
        );
        assert_eq!(news(&closed, &closed), []);
        assert_eq!(news(&closed, &loads), [News::IsBack]);
        assert_eq!(news(&loads, &follows), []);
        assert_eq!(news(&follows, &loads), []);
    }

    #[test]
    fn a_silence_or_a_lost_link_makes_no_news_of_what_was_told() {
        let closed = with(PlayerState::Closed, FileMatch::Same);
        for link in [Link::Silent, Link::Lost] {
            let gone = Member {
                link,
                ..closed.clone()
            };

            assert_eq!(news(&closed, &gone), [], "{link:?}");
            assert_eq!(news(&gone, &closed), [], "{link:?}");
        }
    }

    #[test]
    fn another_film_brings_no_player_back() {
        let crashed = PlayerState::Failed {
            why: PlayerFailure::Crashed,
        };
        for player in [PlayerState::Closed, PlayerState::NotResponding, crashed] {
            let before = with(player, FileMatch::Same);
            let mut after = before.clone();
            after.report = after.report.for_another_item();

            assert_eq!(news(&before, &after), [], "{player:?}");
        }
    }

    #[test]
    fn another_copy_is_told_once() {
        let longer_by = MediaTime::from_millis(50_000);
        let other = FileMatch::Other { longer_by };
        let before = with(PlayerState::Loading, FileMatch::Unknown);
        let after = with(PlayerState::Following, other);
        let later = with(PlayerState::Buffering { percent: 10 }, other);

        assert_eq!(news(&before, &after), [News::OtherCopy { longer_by }]);
        assert_eq!(news(&after, &later), []);
    }
}
