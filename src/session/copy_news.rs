//! Selects the changes of members' players and copies that are reported to users.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use watchtogether_protocol::item::FileMatch;
use watchtogether_protocol::message::roster::{Member, MemberLink, PlayerFailure, PlayerState};
use watchtogether_protocol::message::standing::NotReady;
use watchtogether_protocol::narration::CopyNews;
use watchtogether_protocol::{Clean, ItemSource, MemberId};

/// The news about members' copies that were reported for a film, so that each is reported once: a copy that differs or is missing
/// is compared or searched for again after each reconnect, each `/reopen` and each `/open` that failed.
#[derive(Debug, Default)]
pub(super) struct ReportedCopies {
    /// The title of the film.
    film: Option<Clean>,
    reported: BTreeMap<MemberId, CopyNews>,
}

impl ReportedCopies {
    /// Returns the news in a change of a member that have not been reported for this film.
    pub(super) fn news(&mut self, film: Option<&Clean>, before: &Member, after: &Member) -> Vec<CopyNews> {
        if self.film.as_ref() != film {
            self.film = film.cloned();
            self.reported.clear();
        }
        let is_well = match (after.report.file, self.reported.get(&after.id)) {
            (FileMatch::Same | FileMatch::Growing | FileMatch::Live, _) => true,
            // A link that is watched instead of a file cannot be compared.
            (FileMatch::Unknown, Some(CopyNews::NotReady(_))) => {
                after.report.player == PlayerState::Following
            }
            (FileMatch::Unknown | FileMatch::Other { .. }, _) => false,
        };
        if is_well {
            self.reported.remove(&after.id);
        }
        let mut news = news(before, after);
        news.retain(|news| match news {
            CopyNews::NotReady(NotReady::Player(PlayerState::NoCopy)) | CopyNews::OtherCopy { .. } => {
                let reported = self.reported.insert(after.id, *news);
                reported.is_none_or(|reported| !is_same_copy(reported, *news))
            }
            CopyNews::NotReady(_) | CopyNews::IsBack => true,
        });
        news
    }
}

/// The number of films that are remembered: in one session, people go back and forth between a few.
const FILMS: usize = 16;

/// The reported comparisons of the local copies of the last films. A film that is set once more, for example by an undo, is not
/// reported again.
#[derive(Debug, Default)]
pub(super) struct ReportedComparisons(VecDeque<(ItemSource, FileMatch)>);

impl ReportedComparisons {
    /// Records how the copy of a film compares; returns whether that was reported before.
    pub(super) fn is_known(&mut self, film: &ItemSource, outcome: FileMatch) -> bool {
        let index = self.0.iter().position(|(known, _)| known == film);
        let reported = index.and_then(|index| self.0.remove(index));
        if self.0.len() == FILMS {
            self.0.pop_front();
        }
        self.0.push_back((film.clone(), outcome));
        reported.is_some_and(|(_, reported)| reported == outcome)
    }
}

/// Returns whether two news read the same: lengths are displayed in seconds.
fn is_same_copy(reported: CopyNews, news: CopyNews) -> bool {
    match (reported, news) {
        (CopyNews::OtherCopy { longer_by: reported }, CopyNews::OtherCopy { longer_by }) => {
            (reported - longer_by).abs() < Duration::from_secs(1)
        }
        _ => reported == news,
    }
}

/// Returns the news in a change of a member.
fn news(before: &Member, after: &Member) -> Vec<CopyNews> {
    let (was, is) = (lasting(before.report.player), lasting(after.report.player));
    let mut news = Vec::new();
    match (was, is) {
        (_, Some(reason)) if was.is_none_or(|was| was.is_another_than(reason)) => {
            news.push(CopyNews::NotReady(reason));
        }
        (Some(NotReady::Player(player)), None) if is_gone(player) && after.link == MemberLink::Up => {
            news.push(CopyNews::IsBack);
        }
        (Some(_) | None, _) => {}
    }
    if let FileMatch::Other { longer_by } = after.report.file
        && !matches!(before.report.file, FileMatch::Other { .. })
    {
        news.push(CopyNews::OtherCopy { longer_by });
    }
    news
}

/// Returns whether a player in this state can never show anything.
const fn is_gone(player: PlayerState) -> bool {
    matches!(
        player,
        PlayerState::Closed
            | PlayerState::NotResponding
            | PlayerState::Failed {
                reason: PlayerFailure::Crashed,
            }
    )
}

/// Returns why a member does not watch, if that does not end by itself. A lost or silent connection is reported separately and
/// does not count here, so that an earlier report is not repeated after it.
fn lasting(player: PlayerState) -> Option<NotReady> {
    player.standing().why_not().filter(|reason| {
        matches!(
            reason,
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
    use watchtogether_protocol::MediaTime;
    use watchtogether_protocol::item::Fingerprint;

    use super::*;

    use super::super::test_support::entered;

    fn with(player: PlayerState, file: FileMatch) -> Member {
        let mut bo = entered().room.members.remove(1);
        bo.report.player = player;
        bo.report.file = file;
        bo
    }

    #[test]
    fn a_closed_player_and_its_return_are_reported_and_passing_states_are_not() {
        let follows = with(PlayerState::Following, FileMatch::Same);
        let closed = with(PlayerState::Closed, FileMatch::Same);
        let loads = with(PlayerState::Loading, FileMatch::Same);

        assert_eq!(
            news(&follows, &closed),
            [CopyNews::NotReady(NotReady::Player(PlayerState::Closed))]
        );
        assert_eq!(news(&closed, &closed), []);
        assert_eq!(news(&closed, &loads), [CopyNews::IsBack]);
        assert_eq!(news(&loads, &follows), []);
        assert_eq!(news(&follows, &loads), []);
    }

    #[test]
    fn a_silence_or_a_lost_link_repeats_no_report() {
        let closed = with(PlayerState::Closed, FileMatch::Same);
        for link in [MemberLink::Silent, MemberLink::Lost] {
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
            reason: PlayerFailure::Crashed,
        };
        for player in [PlayerState::Closed, PlayerState::NotResponding, crashed] {
            let before = with(player, FileMatch::Same);
            let mut after = before.clone();
            after.report = after.report.for_another_item();

            assert_eq!(news(&before, &after), [], "{player:?}");
        }
    }

    #[test]
    fn another_copy_is_reported_once() {
        let longer_by = MediaTime::from_millis(50_000);
        let other = FileMatch::Other { longer_by };
        let before = with(PlayerState::Loading, FileMatch::Unknown);
        let after = with(PlayerState::Following, other);
        let later = with(PlayerState::Buffering { percent: 10 }, other);

        assert_eq!(news(&before, &after), [CopyNews::OtherCopy { longer_by }]);
        assert_eq!(news(&after, &later), []);
    }

    #[test]
    fn a_film_put_on_again_is_reported_only_if_its_copy_compares_differently() {
        let film = |number: u8| ItemSource::File {
            size: 1,
            fingerprint: Fingerprint([number; 32]),
        };
        let mut reported = ReportedComparisons::default();

        assert!(!reported.is_known(&film(1), FileMatch::Same));
        assert!(!reported.is_known(&film(2), FileMatch::Growing));
        assert!(reported.is_known(&film(1), FileMatch::Same));
        assert!(!reported.is_known(&film(2), FileMatch::Same));
        for number in 3..=100 {
            assert!(!reported.is_known(&film(number), FileMatch::Same));
        }
        assert!(!reported.is_known(&film(1), FileMatch::Same), "that was long ago");
    }

    #[test]
    fn a_copy_that_is_found_to_differ_again_is_reported_once_for_each_film() {
        let other = |seconds: i64| FileMatch::Other {
            longer_by: MediaTime::from_millis(seconds * 1_000),
        };
        let loads = with(PlayerState::Loading, FileMatch::Unknown);
        let differs = with(PlayerState::Following, other(120));
        let (film, next) = (Clean::line("film"), Clean::line("next"));
        let mut reported = ReportedCopies::default();

        assert_eq!(reported.news(Some(&film), &loads, &differs).len(), 1);
        // An `/open` that was refused, or a reconnect.
        assert_eq!(reported.news(Some(&film), &differs, &loads), []);
        assert_eq!(reported.news(Some(&film), &loads, &differs), []);

        let shorter = with(PlayerState::Following, other(-10));
        assert_eq!(
            reported.news(Some(&film), &loads, &shorter).len(),
            1,
            "another copy"
        );
        assert_eq!(
            reported.news(Some(&next), &loads, &shorter).len(),
            1,
            "another film"
        );
    }

    #[test]
    fn a_copy_that_stays_missing_is_reported_once_and_one_that_was_there_meanwhile_again() {
        let lacks = with(PlayerState::NoCopy, FileMatch::Unknown);
        let searches = with(PlayerState::Searching { folders: 3 }, FileMatch::Unknown);
        let follows = with(PlayerState::Following, FileMatch::Same);
        let missing = [CopyNews::NotReady(NotReady::Player(PlayerState::NoCopy))];
        let film = Clean::line("film");
        let mut reported = ReportedCopies::default();

        assert_eq!(reported.news(Some(&film), &searches, &lacks), missing);
        assert_eq!(reported.news(Some(&film), &lacks, &searches), []);
        assert_eq!(reported.news(Some(&film), &searches, &lacks), []);
        assert_eq!(reported.news(Some(&film), &searches, &follows), []);
        assert_eq!(reported.news(Some(&film), &follows, &lacks), missing);
    }
}
