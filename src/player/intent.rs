//! Who did it: tells what our own commands did to the player from what somebody at its window wants.
//!
//! libmpv reports that a seek began, a file was started or a property changed, not who asked for it. The rules:
//!
//! - **Pause and speed.** A change is only a reason to look. What counts is the value as it is read afterwards,
//!   compared with the one that we left: setting is synchronous, so a difference is somebody else's doing, and an event
//!   that was queued before our own act finds no difference any more.
//! - **Seeks and files.** A command's reply stands in the same queue as the events: what comes before the reply to our
//!   newest command is older than the command and void, what comes after it is ours if it is what we asked for. While a
//!   seek runs, the player's position is the seek's target; a file is known by its entry in the playlist.
//! - A file may be a list. Its first entry stands for it: what the player opens on its own behalf behind that one, because
//!   the first cannot be played, is nobody's wish.
//! - Two things the player does by itself and that are nobody's wish: at the end of the item it pauses, and to show its
//!   last frame it seeks there.

use std::ops::Range;
use std::time::Duration;

use watchtogether_protocol::MediaTime;

/// How far beside a target the position may be read that belongs to it, besides the frame that a seek lands on.
/// A seek goes to the first frame that is not more than 5 ms before its target.
const SEEK_SLACK: Duration = Duration::from_millis(6);

/// The frame that is assumed where a file does not say: the longest usual one.
const FRAME: Duration = Duration::from_millis(50);

/// How far short of its place a paused player without a picture reads its position: by what its output has buffered, up to
/// 0.2 s. A seek is over when its event is looked at late, and then this is all there is to know it by.
const UNHEARD: Duration = Duration::from_millis(250);

/// How near its end a player has to be that a seek to exactly the end is its own, for the last frame.
const NEAR_THE_END: MediaTime = MediaTime::from_millis(2_000);

/// How many lists may lead from one to the next before a film: a station's page that names a list that names a stream has
/// two, and a list that names itself has no end.
const LISTS: usize = 4;

/// How exactly a speed is compared.
const SPEED_GRAIN: f64 = 1e-6;

/// Knows what we asked of the player, and judges what it reports.
#[derive(Debug)]
pub struct Intent {
    is_paused: bool,
    speed: f64,
    seek: Option<OwnSeek>,
    load: Option<OwnLoad>,
    current: Option<Current>,
    /// The entries of lists that could not be played: the player goes on to the next one until it is stopped.
    given_up: Vec<Range<i64>>,
}

#[derive(Debug)]
struct OwnSeek {
    id: u64,
    target: MediaTime,
    phase: SeekPhase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SeekPhase {
    /// Its reply has not come: events are still those of before.
    Asked,
    /// Its reply has come: the next seek should be it.
    Queued,
    /// It has begun.
    Running,
}

#[derive(Debug)]
enum OwnLoad {
    /// Its reply has not come.
    Asked { id: u64 },
    /// It made this entry.
    Entry(i64),
}

/// What the player has on or opens.
#[derive(Debug)]
struct Current {
    /// Its entries of the playlist: more than one where a list was opened.
    entries: Range<i64>,
    opener: Opener,
    is_opening: bool,
    /// The lists that were opened on the way to it, by their entries.
    lists: Vec<Range<i64>>,
}

/// Who opened a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// We did.
    Us,
    /// Somebody at the window did.
    User,
}

/// What it means that the player is paused, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseMeans {
    /// It is as we left it.
    Nothing,
    /// It stopped at the end of the item.
    AtEnd,
    /// Somebody wants to pause.
    WishToPause,
    /// Somebody wants to play. We still want it paused.
    WishToPlay,
}

/// What it means that a seek began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekMeans {
    /// It is the newest of ours.
    Ours,
    /// It is older than what we asked for since, or part of opening a file.
    Nothing,
    /// The player shows its last frame.
    AtEnd,
    /// Somebody wants to be there.
    WishToSeek(MediaTime),
}

/// What it means that a file is being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartMeans {
    /// It is the one that we asked for.
    Ours,
    /// It is older than what we asked for since.
    Nothing,
    /// Somebody wants to watch it.
    WishToOpen,
}

/// What it means that the first frame after opening or seeking is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartMeans {
    /// A file is open.
    Opened(Opener),
    /// Our newest seek has landed.
    Landed,
    /// Another seek has.
    Nothing,
}

/// Why a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It went wrong.
    Error,
    /// It was a list of these.
    Redirect {
        /// The first entry of the list.
        first: i64,
        /// How many there are.
        count: i64,
    },
    /// Anything else: it is over, or another one takes its place.
    Other,
}

/// What it means that a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndMeans {
    /// The file that was wanted cannot be played.
    Failed {
        /// Whether it is the first entry of a list that was opened.
        is_in_list: bool,
    },
    /// Lists lead to more lists, without end as far as anybody knows.
    EndlessList,
    /// Nothing that anybody has to know.
    Nothing,
}

impl Intent {
    /// Takes note that we paused or unpaused.
    pub fn set_paused(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }

    /// Takes note that we set the speed.
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
    }

    /// Takes note that we asked for a seek, with the number of the command.
    pub fn asked_for_seek(&mut self, id: u64, target: MediaTime) {
        let phase = SeekPhase::Asked;
        self.seek = Some(OwnSeek { id, target, phase });
    }

    /// Takes note that we asked for a file, with the number of the command.
    pub fn asked_for_file(&mut self, id: u64) {
        self.load = Some(OwnLoad::Asked { id });
        self.seek = None;
        self.given_up.clear();
    }

    /// Takes note of a command's reply: with the entry that it made, or with nothing if it was refused or makes none.
    pub fn replied(&mut self, id: u64, entry: Option<i64>) {
        if let Some(seek) = &mut self.seek
            && seek.id == id
        {
            seek.phase = SeekPhase::Queued;
        }
        if let Some(OwnLoad::Asked { id: asked }) = self.load
            && asked == id
        {
            self.load = entry.map(OwnLoad::Entry);
        }
    }

    /// Forgets the seek that we asked for: it was refused, or is no longer wanted.
    pub fn forget_seek(&mut self) {
        self.seek = None;
    }

    /// Judges whether the player is paused, as read just now.
    pub fn judge_pause(&mut self, is_paused: bool, is_at_end: bool) -> PauseMeans {
        match (self.is_paused, is_paused) {
            (true, true) | (false, false) => PauseMeans::Nothing,
            (true, false) => PauseMeans::WishToPlay,
            (false, true) => {
                self.is_paused = true;
                if is_at_end {
                    PauseMeans::AtEnd
                } else {
                    PauseMeans::WishToPause
                }
            }
        }
    }

    /// Judges the speed, as read just now: returns the one that somebody wants, in terms of the room's rate `base`.
    ///
    /// The player's keys multiply the speed that they find, with our correction in it; one that is a round number was
    /// said outright.
    pub fn judge_speed(&self, speed: f64, base: f64) -> Option<f64> {
        if (speed - self.speed).abs() < SPEED_GRAIN {
            return None;
        }
        let hundredths = speed * 100.0;
        let is_round = (hundredths - hundredths.round()).abs() < 100.0 * SPEED_GRAIN;
        if is_round {
            Some(hundredths.round() / 100.0)
        } else {
            Some((speed / self.speed * base * 1e4).round() / 1e4)
        }
    }

    /// Judges that a seek began, by the position that the player says just now, the item's frame and its end, and where
    /// it was before.
    pub fn judge_seek(
        &mut self,
        position: Option<MediaTime>,
        frame: Option<Duration>,
        end: Option<MediaTime>,
        before: Option<MediaTime>,
    ) -> SeekMeans {
        if self.current.as_ref().is_none_or(|current| current.is_opening) {
            return SeekMeans::Nothing;
        }
        let Some(position) = position else {
            return SeekMeans::Nothing;
        };
        let came_from = self.seek.as_ref().map(|seek| seek.target).or(before);
        if let Some(seek) = &mut self.seek {
            match seek.phase {
                SeekPhase::Asked => return SeekMeans::Nothing,
                SeekPhase::Queued | SeekPhase::Running if is_at(position, seek.target, frame) => {
                    seek.phase = SeekPhase::Running;
                    return SeekMeans::Ours;
                }
                // In half a file there is nothing at the target: mpv goes to the end by itself.
                SeekPhase::Queued | SeekPhase::Running
                    if end.is_some_and(|end| (position - end).abs() <= SEEK_SLACK) =>
                {
                    seek.phase = SeekPhase::Running;
                    return SeekMeans::AtEnd;
                }
                SeekPhase::Queued | SeekPhase::Running => {}
            }
        }
        if let (Some(end), Some(from)) = (end, came_from)
            && (position - end).abs() <= SEEK_SLACK
            && from + NEAR_THE_END >= end
        {
            return SeekMeans::AtEnd;
        }
        self.seek = None;
        SeekMeans::WishToSeek(position)
    }

    /// Judges that a file is being opened.
    pub fn judge_start(&mut self, entry: i64) -> StartMeans {
        self.seek = None;
        if self.is_given_up(entry) {
            return StartMeans::Nothing;
        }
        let lists = match &mut self.current {
            Some(current) if current.is_opening => std::mem::take(&mut current.lists),
            Some(_) | None => Vec::new(),
        };
        let opener = match &self.load {
            Some(OwnLoad::Asked { .. }) => return StartMeans::Nothing,
            Some(OwnLoad::Entry(own)) if *own == entry => Opener::Us,
            Some(OwnLoad::Entry(_)) | None => match &self.current {
                Some(current) if current.is_opening && current.entries.contains(&entry) => current.opener,
                Some(_) | None => Opener::User,
            },
        };
        self.load = None;
        self.current = Some(Current {
            entries: entry..entry + 1,
            opener,
            is_opening: true,
            lists,
        });
        match opener {
            Opener::Us => StartMeans::Ours,
            Opener::User => StartMeans::WishToOpen,
        }
    }

    /// Judges that a file ended.
    pub fn judge_end(&mut self, entry: i64, end: End) -> EndMeans {
        if self.is_given_up(entry) {
            if let End::Redirect { first, count } = end {
                self.given_up.push(first..first + count);
            }
            return EndMeans::Nothing;
        }
        let Some(current) = &mut self.current else {
            return EndMeans::Nothing;
        };
        if !current.entries.contains(&entry) {
            return EndMeans::Nothing;
        }
        match end {
            End::Redirect { first, count } => {
                current.entries = first..first + count;
                current.is_opening = true;
                current.lists.push(first..first + count);
                if current.lists.len() > LISTS {
                    self.given_up = std::mem::take(&mut current.lists);
                    self.current = None;
                    return EndMeans::EndlessList;
                }
                EndMeans::Nothing
            }
            End::Error => {
                let is_in_list = !current.lists.is_empty();
                self.given_up = std::mem::take(&mut current.lists);
                self.current = None;
                match self.load {
                    Some(_) => EndMeans::Nothing,
                    None => EndMeans::Failed { is_in_list },
                }
            }
            End::Other => {
                self.current = None;
                EndMeans::Nothing
            }
        }
    }

    /// Judges that the first frame after opening or seeking is there.
    pub fn judge_restart(&mut self) -> RestartMeans {
        if let Some(current) = &mut self.current
            && current.is_opening
        {
            current.is_opening = false;
            return RestartMeans::Opened(current.opener);
        }
        match &self.seek {
            Some(seek) if seek.phase == SeekPhase::Running => {
                self.seek = None;
                RestartMeans::Landed
            }
            Some(_) | None => RestartMeans::Nothing,
        }
    }

    fn is_given_up(&self, entry: i64) -> bool {
        self.given_up.iter().any(|list| list.contains(&entry))
    }

    /// Returns whether we want it paused.
    pub const fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Returns the speed that we set.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Returns whether a file of ours is still to be opened.
    pub const fn awaits_file(&self) -> bool {
        self.load.is_some()
    }
}

/// What there is to expect of a player that starts paused and empty.
impl Default for Intent {
    fn default() -> Self {
        Self {
            is_paused: true,
            speed: 1.0,
            seek: None,
            load: None,
            current: None,
            given_up: Vec::new(),
        }
    }
}

/// Returns whether a player that says `position` goes to `target` or has landed there.
fn is_at(position: MediaTime, target: MediaTime, frame: Option<Duration>) -> bool {
    let (lead, reach) = match frame {
        Some(frame) => (SEEK_SLACK, SEEK_SLACK + frame),
        None => (SEEK_SLACK + UNHEARD, SEEK_SLACK + FRAME),
    };
    position + MediaTime::from(lead) >= target && position <= target + MediaTime::from(reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN_SEEK: u64 = 7;
    const OWN_LOAD: u64 = 8;
    const FILM: i64 = 1;

    fn at(millis: i64) -> MediaTime {
        MediaTime::from_millis(millis)
    }

    /// A player that has a film of ours on.
    fn watching() -> Intent {
        let mut intent = Intent::default();
        intent.asked_for_file(OWN_LOAD);
        intent.replied(OWN_LOAD, Some(FILM));
        assert_eq!(intent.judge_start(FILM), StartMeans::Ours);
        assert_eq!(intent.judge_restart(), RestartMeans::Opened(Opener::Us));
        intent
    }

    /// Judges the beginning of a seek in a film of one minute at 25 frames per second, half a minute in.
    fn seek_to(intent: &mut Intent, millis: i64) -> SeekMeans {
        let frame = Duration::from_millis(40);
        intent.judge_seek(Some(at(millis)), Some(frame), Some(at(60_000)), Some(at(30_000)))
    }

    #[test]
    fn a_seek_of_ours_without_a_picture_is_known_though_its_place_is_read_short() {
        let without_picture = |millis| {
            let mut intent = watching();
            intent.asked_for_seek(OWN_SEEK, at(5_017));
            intent.replied(OWN_SEEK, None);
            intent.judge_seek(Some(at(millis)), None, Some(at(60_000)), Some(at(30_000)))
        };

        assert_eq!(without_picture(4_825), SeekMeans::Ours);
        assert_eq!(without_picture(4_700), SeekMeans::WishToSeek(at(4_700)));
    }

    #[test]
    fn a_seek_of_ours_beyond_what_is_written_ends_at_the_last_frame_and_is_nobodys_wish() {
        let mut intent = watching();
        let frame = Some(Duration::from_millis(40));
        let mut seek =
            |millis| intent.judge_seek(Some(at(millis)), frame, Some(at(40_023)), Some(at(39_900)));
        assert_eq!(seek(40_023), SeekMeans::AtEnd, "without a seek of ours too");

        intent.asked_for_seek(OWN_SEEK, at(41_200));
        intent.replied(OWN_SEEK, None);
        let mut seek =
            |millis| intent.judge_seek(Some(at(millis)), frame, Some(at(40_023)), Some(at(39_900)));

        assert_eq!(seek(41_200), SeekMeans::Ours);
        assert_eq!(seek(40_023), SeekMeans::AtEnd);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn our_own_pause_and_play_are_nobodys_wish() {
        let mut intent = watching();

        intent.set_paused(false);
        assert_eq!(intent.judge_pause(false, false), PauseMeans::Nothing);
        intent.set_paused(true);
        assert_eq!(intent.judge_pause(true, false), PauseMeans::Nothing);
    }

    #[test]
    fn a_play_that_our_pause_overtook_is_void() {
        let mut intent = watching();

        intent.set_paused(true); // The event of the play comes now; what is read is our pause.

        assert_eq!(intent.judge_pause(true, false), PauseMeans::Nothing);
    }

    #[test]
    fn a_play_is_wished_until_it_is_undone() {
        let mut intent = watching();

        assert_eq!(intent.judge_pause(false, false), PauseMeans::WishToPlay);
        assert!(intent.is_paused());
        assert_eq!(intent.judge_pause(true, false), PauseMeans::Nothing);
    }

    #[test]
    fn a_pause_is_wished_once() {
        let mut intent = watching();
        intent.set_paused(false);

        assert_eq!(intent.judge_pause(true, false), PauseMeans::WishToPause);
        assert_eq!(intent.judge_pause(true, false), PauseMeans::Nothing);
        assert_eq!(intent.judge_pause(false, false), PauseMeans::WishToPlay);
    }

    #[test]
    fn the_pause_at_the_end_is_nobodys_wish() {
        let mut intent = watching();
        intent.set_paused(false);

        assert_eq!(intent.judge_pause(true, true), PauseMeans::AtEnd);
        assert_eq!(intent.judge_pause(true, true), PauseMeans::Nothing);
    }

    #[test]
    fn our_own_correction_is_no_wish_for_another_speed() {
        let mut intent = watching();
        intent.set_speed(1.003);

        assert_eq!(intent.judge_speed(1.003, 1.0), None);
    }

    #[test]
    fn a_key_multiplies_the_speed_that_it_finds() {
        let mut intent = watching();
        intent.set_speed(1.0037);

        assert_eq!(
            intent.judge_speed(1.0037 * 1.1, 1.0),
            Some(1.1),
            "the correction does not count"
        );
        assert_eq!(
            intent.judge_speed(1.25, 1.0),
            Some(1.25),
            "a round speed is meant as it is"
        );
        intent.set_speed(1.254);
        assert_eq!(
            intent.judge_speed(1.0, 1.25),
            Some(1.0),
            "the key that resets the speed resets it"
        );
    }

    #[test]
    fn our_own_seek_is_known_by_its_target_and_lands() {
        let mut intent = watching();

        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);

        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
    }

    #[test]
    fn a_seek_that_was_heard_of_only_after_it_landed_is_still_ours() {
        let mut intent = watching();

        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);

        assert_eq!(
            seek_to(&mut intent, 10_039),
            SeekMeans::Ours,
            "the frame it landed on"
        );
    }

    #[test]
    fn a_seek_that_nobody_of_us_asked_for_is_a_wish() {
        let mut intent = watching();

        assert_eq!(seek_to(&mut intent, 5_000), SeekMeans::WishToSeek(at(5_000)));
        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
    }

    #[test]
    fn a_wish_from_before_our_seek_is_void() {
        let mut intent = watching();

        intent.asked_for_seek(OWN_SEEK, at(10_000));

        assert_eq!(seek_to(&mut intent, 5_000), SeekMeans::Nothing);
        assert_eq!(
            intent.judge_restart(),
            RestartMeans::Nothing,
            "its landing is not ours"
        );
        intent.replied(OWN_SEEK, None);
        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn the_landing_of_an_older_seek_between_reply_and_beginning_is_not_ours() {
        let mut intent = watching();

        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);

        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);
    }

    #[test]
    fn a_wish_that_swallowed_our_seek_is_a_wish_and_nothing_lands() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);

        let swallowed = seek_to(&mut intent, 15_000);

        assert_eq!(swallowed, SeekMeans::WishToSeek(at(15_000)));
        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
    }

    #[test]
    fn a_wish_during_our_seek_voids_its_landing() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);
        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);

        assert_eq!(seek_to(&mut intent, 20_000), SeekMeans::WishToSeek(at(20_000)));
        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
    }

    #[test]
    fn of_two_own_seeks_only_the_newest_lands() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.asked_for_seek(OWN_SEEK + 1, at(20_000));

        intent.replied(OWN_SEEK, None);
        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Nothing);
        assert_eq!(intent.judge_restart(), RestartMeans::Nothing);
        intent.replied(OWN_SEEK + 1, None);
        assert_eq!(seek_to(&mut intent, 20_000), SeekMeans::Ours);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn a_second_beginning_of_the_same_seek_is_still_ours() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(10_000));
        intent.replied(OWN_SEEK, None);

        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);
        assert_eq!(seek_to(&mut intent, 10_000), SeekMeans::Ours);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn the_seek_to_the_last_frame_is_nobodys_wish() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(59_990));
        intent.replied(OWN_SEEK, None);
        assert_eq!(seek_to(&mut intent, 59_990), SeekMeans::Ours);

        let last_frame = seek_to(&mut intent, 60_000);

        assert_ne!(last_frame, SeekMeans::WishToSeek(at(60_000)));
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn a_seek_of_ours_that_finds_nothing_and_goes_to_the_end_is_nobodys_wish() {
        let mut intent = watching();
        intent.asked_for_seek(OWN_SEEK, at(40_000));
        intent.replied(OWN_SEEK, None);

        assert_eq!(seek_to(&mut intent, 60_000), SeekMeans::AtEnd);
        assert_eq!(intent.judge_restart(), RestartMeans::Landed);
    }

    #[test]
    fn somebody_may_still_go_to_the_end() {
        let mut intent = watching();

        assert_eq!(
            seek_to(&mut intent, 60_000),
            SeekMeans::WishToSeek(at(60_000)),
            "half a minute away"
        );
    }

    #[test]
    fn seeks_while_a_file_is_opened_are_part_of_it() {
        let mut intent = watching();
        intent.asked_for_file(OWN_LOAD + 1);
        intent.replied(OWN_LOAD + 1, Some(FILM + 1));
        assert_eq!(intent.judge_start(FILM + 1), StartMeans::Ours);

        assert_eq!(seek_to(&mut intent, 12_000), SeekMeans::Nothing);
        assert_eq!(intent.judge_restart(), RestartMeans::Opened(Opener::Us));
    }

    #[test]
    fn a_file_that_nobody_of_us_opened_is_a_wish() {
        let mut intent = watching();

        assert_eq!(intent.judge_end(FILM, End::Other), EndMeans::Nothing);
        assert_eq!(intent.judge_start(FILM + 1), StartMeans::WishToOpen);
        assert_eq!(intent.judge_restart(), RestartMeans::Opened(Opener::User));
    }

    #[test]
    fn a_file_from_before_our_own_is_void() {
        let mut intent = watching();

        intent.asked_for_file(OWN_LOAD + 1);
        assert_eq!(
            intent.judge_start(FILM + 1),
            StartMeans::Nothing,
            "opened at the window"
        );
        intent.replied(OWN_LOAD + 1, Some(FILM + 2));
        assert_eq!(intent.judge_end(FILM + 1, End::Error), EndMeans::Nothing);
        assert_eq!(intent.judge_start(FILM + 2), StartMeans::Ours);
    }

    #[test]
    fn a_file_that_took_the_place_of_ours_is_a_wish() {
        let mut intent = watching();
        intent.asked_for_file(OWN_LOAD + 1);
        intent.replied(OWN_LOAD + 1, Some(FILM + 1));

        assert_eq!(intent.judge_start(FILM + 2), StartMeans::WishToOpen);
        assert!(!intent.awaits_file());
    }

    #[test]
    fn only_the_newest_file_can_fail() {
        let mut intent = watching();
        intent.asked_for_file(OWN_LOAD + 1);
        intent.replied(OWN_LOAD + 1, Some(FILM + 1));

        assert_eq!(intent.judge_end(FILM, End::Other), EndMeans::Nothing);
        assert_eq!(intent.judge_start(FILM + 1), StartMeans::Ours);
        assert_eq!(
            intent.judge_end(FILM + 1, End::Error),
            EndMeans::Failed { is_in_list: false }
        );
    }

    #[test]
    fn the_entries_of_a_list_belong_to_who_opened_the_list() {
        for (opened_by_us, means) in [(true, StartMeans::Ours), (false, StartMeans::WishToOpen)] {
            let mut intent = watching();
            if opened_by_us {
                intent.asked_for_file(OWN_LOAD + 1);
                intent.replied(OWN_LOAD + 1, Some(FILM + 1));
            }
            assert_eq!(intent.judge_start(FILM + 1), means);

            let list = End::Redirect {
                first: FILM + 2,
                count: 3,
            };
            assert_eq!(intent.judge_end(FILM + 1, list), EndMeans::Nothing);

            assert_eq!(intent.judge_start(FILM + 2), means);
            assert_eq!(
                intent.judge_end(FILM + 2, End::Error),
                EndMeans::Failed { is_in_list: true }
            );
        }
    }

    /// A player that has asked for a list of three entries, whose first is being opened.
    fn opening_a_list() -> Intent {
        let mut intent = watching();
        intent.asked_for_file(OWN_LOAD + 1);
        intent.replied(OWN_LOAD + 1, Some(FILM + 1));
        intent.judge_start(FILM + 1);
        intent.judge_end(FILM + 1, list(FILM + 2));
        assert_eq!(intent.judge_start(FILM + 2), StartMeans::Ours);
        intent
    }

    fn list(first: i64) -> End {
        End::Redirect { first, count: 3 }
    }

    #[test]
    fn what_follows_in_a_list_whose_first_entry_failed_is_nobodys_wish() {
        let mut intent = opening_a_list();
        assert_eq!(
            intent.judge_end(FILM + 2, End::Error),
            EndMeans::Failed { is_in_list: true }
        );

        assert_eq!(intent.judge_start(FILM + 3), StartMeans::Nothing);
        assert_eq!(
            intent.judge_end(FILM + 3, list(FILM + 10)),
            EndMeans::Nothing,
            "it is a list itself"
        );
        assert_eq!(intent.judge_start(FILM + 10), StartMeans::Nothing);
        assert_eq!(intent.judge_end(FILM + 10, End::Error), EndMeans::Nothing);
        assert_eq!(intent.judge_start(FILM + 4), StartMeans::Nothing);

        assert_eq!(
            intent.judge_start(FILM + 20),
            StartMeans::WishToOpen,
            "another file is"
        );
    }

    #[test]
    fn the_next_entry_of_a_list_that_plays_is_a_wish() {
        let mut intent = opening_a_list();
        assert_eq!(intent.judge_restart(), RestartMeans::Opened(Opener::Us));
        assert_eq!(intent.judge_end(FILM + 2, End::Other), EndMeans::Nothing);

        assert_eq!(intent.judge_start(FILM + 3), StartMeans::WishToOpen);
    }

    #[test]
    fn a_list_that_leads_to_itself_is_given_up() {
        let mut intent = opening_a_list();
        let mut entry = FILM + 2;
        let mut opened = 1;
        while intent.judge_end(entry, list(entry + 3)) == EndMeans::Nothing {
            entry += 3;
            assert_eq!(intent.judge_start(entry), StartMeans::Ours);
            opened += 1;
            assert!(opened < 100, "it goes on for ever");
        }

        assert_eq!(opened, LISTS);
        assert_eq!(intent.judge_start(entry + 3), StartMeans::Nothing);
    }

    #[test]
    fn a_refused_file_leaves_the_next_one_to_the_user() {
        let mut intent = watching();
        intent.asked_for_file(OWN_LOAD + 1);

        intent.replied(OWN_LOAD + 1, None);

        assert_eq!(intent.judge_start(FILM + 1), StartMeans::WishToOpen);
    }
}
