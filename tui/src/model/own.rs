//! What the screen knows of the own player.

use std::collections::VecDeque;
use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime};

use crate::slash_command::ChapterWish;
use crate::update::{Chapter, Followed, PlayerFacts};

/// How far back the graph of the own drift goes.
pub const GRAPH_SPAN: Duration = Duration::from_mins(1);

/// The drifts that are kept at most: one a second, and some for a clock that jumped.
const DRIFTS: usize = 70;

/// Somebody who goes back so soon after a chapter began means the one before it, as in mpv.
const JUST_BEGUN: MediaTime = MediaTime::from_millis(5_000);

/// The own player.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The chapters of what it has open, in their order.
    pub chapters: Vec<Chapter>,
    /// How it plays; none while it has nothing open or does not tell.
    pub facts: Option<PlayerFacts>,
    /// Its drift over the last minute, in microseconds: the worst of each second.
    pub drifts: VecDeque<(LocalTime, i32)>,
    /// What the last minute amounts to.
    pub minute: Followed,
}

impl Own {
    /// Takes over how it followed; says whether anything that is shown is different.
    pub fn follow(&mut self, followed: Followed, now: LocalTime) -> bool {
        let oldest = now.saturating_sub(GRAPH_SPAN);
        let known = self.drifts.len();
        self.drifts.retain(|(at, _)| *at >= oldest);
        let mut has_changed = self.drifts.len() != known || self.minute != followed;
        if let Some(drift) = followed.drift_us {
            if self.drifts.len() == DRIFTS {
                self.drifts.pop_front();
            }
            self.drifts.push_back((now, drift));
            has_changed = true;
        }
        self.minute = followed;
        has_changed
    }

    /// Returns the number, from 0, of the chapter that a position is in.
    pub fn chapter_at(&self, position: MediaTime) -> Option<usize> {
        self.chapters
            .partition_point(|chapter| chapter.at <= position)
            .checked_sub(1)
    }

    /// Returns the chapter that somebody means who is at a position; nothing where there is none such.
    pub fn chapter_meant(&self, wish: &ChapterWish, position: MediaTime) -> Option<&Chapter> {
        match wish {
            ChapterWish::By(distance) => {
                let current = self.chapter_at(position);
                let has_just_begun =
                    current.is_some_and(|current| position < self.chapters[current].at + JUST_BEGUN);
                // Going back leads to the beginning of the chapter first.
                let from = match current {
                    Some(current) if *distance < 0 && !has_just_begun => i64::try_from(current).ok()? + 1,
                    Some(current) => i64::try_from(current).ok()?,
                    None => -1,
                };
                let meant = from + i64::from(*distance);
                // Who goes back from the first chapter goes to its beginning.
                let meant = if *distance < 0 { meant.max(0) } else { meant };
                self.chapters.get(usize::try_from(meant).ok()?)
            }
            ChapterWish::Number(number) => self.chapters.get(number.checked_sub(1)?),
            ChapterWish::Named(name) => {
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

    fn film() -> Own {
        let chapter = |seconds, title| Chapter {
            at: at(seconds),
            title: Clean::line(title),
        };
        Own {
            chapters: vec![
                chapter(0, "Opening"),
                chapter(60, "The car"),
                chapter(120, "The chase"),
            ],
            ..Own::default()
        }
    }

    fn goes(wish: &ChapterWish, from: i64) -> Option<MediaTime> {
        film().chapter_meant(wish, at(from)).map(|chapter| chapter.at)
    }

    #[test]
    fn forward_is_the_next_chapter_and_ends_at_the_last() {
        assert_eq!(goes(&ChapterWish::By(1), 10), Some(at(60)));
        assert_eq!(goes(&ChapterWish::By(2), 10), Some(at(120)));
        assert_eq!(goes(&ChapterWish::By(1), 130), None);
    }

    #[test]
    fn back_is_the_beginning_and_right_after_it_the_one_before() {
        assert_eq!(goes(&ChapterWish::By(-1), 90), Some(at(60)));
        assert_eq!(goes(&ChapterWish::By(-1), 62), Some(at(0)));
        assert_eq!(goes(&ChapterWish::By(-1), 3), Some(at(0)));
    }

    #[test]
    fn a_chapter_is_meant_by_its_number_or_any_part_of_its_name() {
        assert_eq!(goes(&ChapterWish::Number(2), 0), Some(at(60)));
        assert_eq!(goes(&ChapterWish::Number(0), 0), None);
        assert_eq!(goes(&ChapterWish::Number(4), 0), None);
        assert_eq!(goes(&ChapterWish::Named("CHASE".to_owned()), 0), Some(at(120)));
        assert_eq!(goes(&ChapterWish::Named("the".to_owned()), 0), Some(at(60)));
        assert_eq!(goes(&ChapterWish::Named("end".to_owned()), 0), None);
    }

    #[test]
    fn before_the_first_chapter_there_is_none() {
        let mut own = film();
        own.chapters.remove(0);

        assert_eq!(own.chapter_at(at(10)), None);
        assert_eq!(
            own.chapter_meant(&ChapterWish::By(1), at(10))
                .map(|chapter| chapter.at),
            Some(at(60))
        );
        assert_eq!(Own::default().chapter_at(at(10)), None);
        assert_eq!(Own::default().chapter_meant(&ChapterWish::By(-1), at(10)), None);
    }

    #[test]
    fn the_graph_forgets_what_is_older_than_a_minute() {
        let mut own = Own::default();
        let drifted = |drift_us| Followed {
            drift_us,
            ..Followed::default()
        };
        own.follow(drifted(Some(900)), LocalTime::from_millis(1_000));

        assert!(own.follow(drifted(Some(5)), LocalTime::from_millis(61_500)));
        assert_eq!(own.drifts.len(), 1);
        assert!(
            !own.follow(Followed::default(), LocalTime::from_millis(62_000))
                || own.minute == Followed::default()
        );
        assert!(
            !own.follow(Followed::default(), LocalTime::from_millis(62_500)),
            "nothing is new"
        );
    }
}
