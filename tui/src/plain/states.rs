//! Reports the status once per change, and only when it has lasted for a while.
//!
//! A good status is reported at first and after a problem, not after each pause.

use std::time::Duration;

use watchtogether_protocol::{LocalTime, MediaTime, MemberId};

use super::settings::LineVerbosity;
use crate::strings::spoken;
use crate::update::{Measured, Status};

/// The delay for states that often end very soon: a player that fills its cache, a short wait.
const SHORT_DELAY: Duration = Duration::from_millis(500);

/// The delay for a seek, so that a usual one is not reported.
const SEEK_DELAY: Duration = Duration::from_millis(1_500);

/// The delay for states that are usually corrected automatically within this time.
const LONG_DELAY: Duration = Duration::from_secs(3);

/// How long a good status must last before it is reported.
const GOOD_DELAY: Duration = Duration::from_secs(1);

/// The last reported status, and the one that may be reported next.
#[derive(Debug, Default)]
pub(super) struct States {
    current: Option<Announcement>,
    since: LocalTime,
    is_reported: bool,
    /// The last reported status.
    last_reported: Option<StateKey>,
}

/// A status that can be reported.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Announcement {
    key: StateKey,
    pub(super) verbosity: LineVerbosity,
    after: Duration,
    pub(super) words: String,
}

/// The part of a status that makes it a different one for a listener. It does not include percentages, for example.
#[derive(Clone, Debug, PartialEq, Eq)]
enum StateKey {
    InSync,
    PlayingAlone,
    Catching,
    Jumped(MediaTime),
    OutOfSync,
    TooSlow,
    Buffering(bool),
    Waiting(Vec<MemberId>),
    Seeking(MediaTime, usize),
    Starting,
    Loading,
    Searching,
    NotResponding,
    CopyEnded,
    Comparing,
    Silent,
}

impl StateKey {
    /// Returns the verbosity of a status, and the delay before it is reported.
    const fn manner(&self) -> (LineVerbosity, Duration) {
        match self {
            Self::TooSlow | Self::NotResponding | Self::Silent => (LineVerbosity::Calm, Duration::ZERO),
            // A seek beyond its end is reported first.
            Self::CopyEnded => (LineVerbosity::Calm, SHORT_DELAY),
            Self::Jumped(_) => (LineVerbosity::Normal, Duration::ZERO),
            Self::InSync | Self::PlayingAlone => (LineVerbosity::Normal, GOOD_DELAY),
            Self::Buffering(_) | Self::Waiting(_) => (LineVerbosity::Normal, SHORT_DELAY),
            Self::Seeking(_, _) => (LineVerbosity::Normal, SEEK_DELAY),
            Self::OutOfSync | Self::Loading | Self::Searching => (LineVerbosity::Normal, LONG_DELAY),
            Self::Starting => (LineVerbosity::All, SHORT_DELAY),
            Self::Catching | Self::Comparing => (LineVerbosity::All, LONG_DELAY),
        }
    }
}

impl States {
    /// Updates the status.
    pub(super) fn handle(&mut self, announcement: Option<Announcement>, now: LocalTime) {
        let is_same = match (&self.current, &announcement) {
            (Some(current), Some(new)) => current.key == new.key,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !is_same {
            self.since = now;
            self.is_reported = false;
        }
        self.current = announcement;
    }

    /// Forgets the last report because the film changed, so that a good status is news again.
    pub(super) fn forget(&mut self) {
        self.last_reported = None;
    }

    /// Returns when a report is due.
    pub(super) fn poll_timeout(&self) -> Option<LocalTime> {
        let announcement = self.current.as_ref().filter(|_| !self.is_reported)?;
        let is_well = matches!(announcement.key, StateKey::InSync | StateKey::PlayingAlone);
        (self.last_reported.as_ref() != Some(&announcement.key) || !is_well)
            .then(|| self.since + announcement.after)
    }

    /// Returns the status to report.
    pub(super) fn due(&mut self, now: LocalTime) -> Option<Announcement> {
        if self.poll_timeout()? > now {
            return None;
        }
        self.is_reported = true;
        let announcement = self.current.clone()?;
        self.last_reported = Some(announcement.key.clone());
        Some(announcement)
    }
}

/// Returns the report for a status; `None` if an event already reported it, such as a pause or a lost link. `waiting` are the
/// awaited members.
pub(super) fn announcement(
    status: &Status,
    waiting: &[(String, Option<u8>)],
    may_go_on: bool,
) -> Option<Announcement> {
    let (key, words) = match status {
        Status::InSync(Measured::Spread(_)) => (StateKey::InSync, msg!("spoken-in-sync").to_owned()),
        Status::Watching => (StateKey::PlayingAlone, msg!("spoken-playing-alone").to_owned()),
        Status::CatchingUp { behind, .. } => (StateKey::Catching, spoken::catching_up(*behind)),
        Status::SlowingDown { ahead, .. } => (StateKey::Catching, spoken::slowing_down(*ahead)),
        Status::Settling { spread } => (StateKey::Catching, spoken::settling(*spread)),
        Status::Jumped { by } => (StateKey::Jumped(*by), spoken::jumped(*by)),
        Status::OutOfSync { drift } => (StateKey::OutOfSync, spoken::out_of_sync(*drift)),
        Status::TooSlow => (StateKey::TooSlow, msg!("spoken-your-player-too-slow").to_owned()),
        Status::Buffering { percent, room_waits } => {
            let words = spoken::buffering(*percent, *room_waits);
            (StateKey::Buffering(*room_waits), words)
        }
        Status::Waiting { who } => {
            let words = spoken::waiting_for(waiting, who.count, may_go_on);
            (StateKey::Waiting(who.who.clone()), words)
        }
        Status::Seeking { to, there, of } => {
            let words = spoken::seeking(*to, *there, *of);
            (StateKey::Seeking(*to, *there), words)
        }
        Status::Starting { .. } => (StateKey::Starting, msg!("spoken-starting").to_owned()),
        Status::Loading => (StateKey::Loading, msg!("spoken-loading").to_owned()),
        Status::Comparing => (StateKey::Comparing, msg!("spoken-comparing").to_owned()),
        Status::Searching { title, folders } => {
            let words = spoken::searching(title.as_str(), *folders);
            (StateKey::Searching, words)
        }
        Status::NotResponding => (
            StateKey::NotResponding,
            msg!("spoken-your-player-not-responding").to_owned(),
        ),
        Status::CopyEnded { at } => (StateKey::CopyEnded, spoken::copy_ended(*at)),
        Status::Silent { film } => (StateKey::Silent, spoken::silent(*film)),
        Status::NoItem
        | Status::Asked(_)
        | Status::InSync(Measured::NotYet)
        | Status::Paused { .. }
        | Status::Ended
        | Status::NoPlayer { .. }
        | Status::PlayerFailed { .. }
        | Status::LackFile { .. }
        | Status::OtherFile { .. }
        | Status::Reconnecting { .. } => return None,
    };
    let (verbosity, after) = key.manner();
    Some(Announcement {
        key,
        verbosity,
        after,
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_SYNC: Status = Status::InSync(Measured::Spread(Duration::from_millis(9)));

    fn at(millis: u64) -> LocalTime {
        LocalTime::from_millis(millis)
    }

    fn out(seconds: i64) -> Status {
        Status::OutOfSync {
            drift: MediaTime::from_millis(seconds * 1_000),
        }
    }

    /// Returns the reports for states that begin at their times, until `end`.
    fn reported(states: &mut States, course: &[(u64, Status)], end: u64) -> Vec<String> {
        let mut words = Vec::new();
        let mut course = course.iter().peekable();
        for millis in 0..=end {
            while let Some((_, status)) = course.next_if(|(from, _)| *from == millis) {
                states.handle(announcement(status, &[("bo".to_owned(), None)], true), at(millis));
            }
            words.extend(states.due(at(millis)).map(|announcement| announcement.words));
        }
        words
    }

    #[test]
    fn a_good_status_is_announced_once_and_not_after_each_pause() {
        let paused = || Status::Paused { by: None };
        let course = [
            (0, IN_SYNC),
            (3_000, paused()),
            (5_000, IN_SYNC),
            (9_000, IN_SYNC),
        ];

        assert_eq!(
            reported(&mut States::default(), &course, 20_000),
            ["Playing, in sync."]
        );
    }

    #[test]
    fn a_short_state_is_not_announced_and_a_lasting_one_is_announced_once_with_its_end() {
        let course = [
            (0, IN_SYNC),
            (2_000, out(-2)),
            (3_000, IN_SYNC),
            (5_000, out(-12)),
            (5_500, out(-13)),
            (9_000, out(-14)),
            (12_000, IN_SYNC),
        ];

        assert_eq!(
            reported(&mut States::default(), &course, 20_000),
            [
                "Playing, in sync.",
                "Out of sync, 13 seconds behind. Type /sync to get back in sync.",
                "Playing, in sync.",
            ]
        );
    }

    #[test]
    fn a_percentage_is_not_reported_and_another_awaited_member_is() {
        let buffering = |percent| Status::Buffering {
            percent,
            room_waits: true,
        };
        let waiting = |id| Status::Waiting {
            who: [MemberId(id)].into_iter().collect(),
        };
        let course = [
            (0, buffering(3)),
            (400, buffering(9)),
            (700, buffering(80)),
            (2_000, waiting(2)),
            (2_100, waiting(3)),
        ];

        assert_eq!(
            reported(&mut States::default(), &course, 9_000),
            [
                "Your player is buffering, 9 percent. The room is waiting for you.",
                "Waiting for bo. Type /go-on to go on without.",
            ]
        );
    }

    #[test]
    fn another_film_that_is_followed_well_is_news() {
        let mut states = States::default();
        reported(&mut states, &[(0, IN_SYNC)], 2_000);

        states.forget();
        states.handle(None, at(2_000));
        states.handle(announcement(&IN_SYNC, &[], false), at(2_000));

        assert_eq!(states.poll_timeout(), Some(at(3_000)));
    }
}
