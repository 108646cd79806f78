//! The screen's model of the local player.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use crate::slash_command::ChapterTarget;
use crate::update::{Chapter, PlayerFacts, SyncMinute};

/// The span of the graph of the local drift.
pub const GRAPH_SPAN: Duration = Duration::from_mins(1);

/// The maximum number of drifts: one a second, and some more for a clock that jumped.
const DRIFTS: usize = 70;

/// A user who goes back this soon after a chapter began means the one before it, as in mpv.
const JUST_BEGUN: MediaTime = MediaTime::from_millis(5_000);

/// The local player.
#[derive(Clone, Debug, Default)]
pub struct LocalPlayer {
    /// The chapters of the open item, in order.
    pub chapters: Vec<Chapter>,
    /// How it plays; `None` while it has nothing open or does not report that.
    pub facts: Option<PlayerFacts>,
    /// Its drift over the last minute, in microseconds: the largest of each second.
    pub drifts: VecDeque<(LocalTime, i32)>,
    /// The measurements of the last minute.
    pub minute: SyncMinute,
}

impl LocalPlayer {
    /// Updates the measurements; returns whether the screen changes.
    pub fn follow(&mut self, minute: SyncMinute, now: LocalTime) -> bool {
        let oldest = now.saturating_sub(GRAPH_SPAN);
        let known = self.drifts.len();
        self.drifts.retain(|(at, _)| *at >= oldest);
        let mut has_changed = self.drifts.len() != known || self.minute != minute;
        if let Some(drift) = minute.drift_us {
            if self.drifts.len() == DRIFTS {
                self.drifts.pop_front();
            }
            self.drifts.push_back((now, drift));
            has_changed = true;
        }
        self.minute = minute;
        has_changed
    }

    /// Returns the number, from 0, of the chapter that a position is in.
    pub fn chapter_at(&self, position: MediaTime) -> Option<usize> {
        self.chapters
            .partition_point(|chapter| chapter.at <= position)
            .checked_sub(1)
    }

    /// Returns the chapter that a user at this position asks for; `None` if there is none.
    pub fn find_chapter(&self, request: &ChapterTarget, position: MediaTime) -> Option<&Chapter> {
        match request {
            ChapterTarget::By(distance) => {
                let current = self.chapter_at(position);
                let has_just_begun =
                    current.is_some_and(|current| position < self.chapters[current].at + JUST_BEGUN);
                // Going back leads to the beginning of the present chapter first.
                let from = match current {
                    Some(current) if *distance < 0 && !has_just_begun => i64::try_from(current).ok()? + 1,
                    Some(current) => i64::try_from(current).ok()?,
                    None => -1,
                };
                let index = from + i64::from(*distance);
                // Going back within the first chapter leads to its beginning.
                let index = if *distance < 0 { index.max(0) } else { index };
                self.chapters.get(usize::try_from(index).ok()?)
            }
            ChapterTarget::Number(number) => self.chapters.get(number.checked_sub(1)?),
            ChapterTarget::Named(name) => {
                let wanted = name.to_lowercase();
                let find = |is_it: fn(&str, &str) -> bool| {
                    self.chapters
                        .iter()
                        .find(|chapter| is_it(&chapter.title.as_str().to_lowercase(), &wanted))
                };
                find(|title, wanted| title == wanted)
                    .or_else(|| find(|title, wanted| title.starts_with(wanted)))
                    .or_else(|| find(|title, wanted| title.contains(wanted)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::Clean;

    use super::*;

    fn at(seconds: i64) -> MediaTime {
        MediaTime::from_millis(seconds * 1_000)
    }

    fn film() -> LocalPlayer {
        let chapter = |seconds, title| Chapter {
            at: at(seconds),
            title: Clean::line(title),
        };
        LocalPlayer {
            chapters: vec![
                chapter(0, "Opening"),
                chapter(60, "The car"),
                chapter(120, "The chase"),
            ],
            ..LocalPlayer::default()
        }
    }

    fn goes(request: &ChapterTarget, from: i64) -> Option<MediaTime> {
        film().find_chapter(request, at(from)).map(|chapter| chapter.at)
    }

    #[test]
    fn forward_is_the_next_chapter_and_ends_at_the_last() {
        assert_eq!(goes(&ChapterTarget::By(1), 10), Some(at(60)));
        assert_eq!(goes(&ChapterTarget::By(2), 10), Some(at(120)));
        assert_eq!(goes(&ChapterTarget::By(1), 130), None);
    }

    #[test]
    fn back_is_the_beginning_and_right_after_it_the_one_before() {
        assert_eq!(goes(&ChapterTarget::By(-1), 90), Some(at(60)));
        assert_eq!(goes(&ChapterTarget::By(-1), 62), Some(at(0)));
        assert_eq!(goes(&ChapterTarget::By(-1), 3), Some(at(0)));
    }

    #[test]
    fn a_chapter_is_selected_by_its_number_or_part_of_its_name() {
        assert_eq!(goes(&ChapterTarget::Number(2), 0), Some(at(60)));
        assert_eq!(goes(&ChapterTarget::Number(0), 0), None);
        assert_eq!(goes(&ChapterTarget::Number(4), 0), None);
        assert_eq!(goes(&ChapterTarget::Named("CHASE".to_owned()), 0), Some(at(120)));
        assert_eq!(goes(&ChapterTarget::Named("the".to_owned()), 0), Some(at(60)));
        assert_eq!(goes(&ChapterTarget::Named("end".to_owned()), 0), None);
    }

    #[test]
    fn before_the_first_chapter_there_is_none() {
        let mut player = film();
        player.chapters.remove(0);

        assert_eq!(player.chapter_at(at(10)), None);
        assert_eq!(
            player
                .find_chapter(&ChapterTarget::By(1), at(10))
                .map(|chapter| chapter.at),
            Some(at(60))
        );
        assert_eq!(LocalPlayer::default().chapter_at(at(10)), None);
        assert_eq!(
            LocalPlayer::default().find_chapter(&ChapterTarget::By(-1), at(10)),
            None
        );
    }

    #[test]
    fn the_graph_forgets_what_is_older_than_a_minute() {
        let mut player = LocalPlayer::default();
        let drifted = |drift_us| SyncMinute {
            drift_us,
            ..SyncMinute::default()
        };
        player.follow(drifted(Some(900)), LocalTime::from_millis(1_000));

        assert!(player.follow(drifted(Some(5)), LocalTime::from_millis(61_500)));
        assert_eq!(player.drifts.len(), 1);
        assert!(
            !player.follow(SyncMinute::default(), LocalTime::from_millis(62_000))
                || player.minute == SyncMinute::default()
        );
        assert!(
            !player.follow(SyncMinute::default(), LocalTime::from_millis(62_500)),
            "nothing is new"
        );
    }
}
