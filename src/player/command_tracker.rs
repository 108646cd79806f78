//! Distinguishes the effects of our commands from a user's actions in the player's window.
//!
//! libmpv reports that a seek began, a file was started or a property changed, but not who caused it. The rules:
//!
//! - **Pause and speed.** When one of them changes, its value is read and compared with the one that we set last. Setting is
//!   synchronous, so a difference comes from somebody else, and an event that was queued before our change finds no difference.
//! - **Seeks and files.** A command's reply is in the same queue as the events. An event before the reply to our newest command
//!   is older than the command and ignored; an event after it is ours if it matches the command. During a seek, the player's
//!   position is the seek's target; a file is identified by its entry in the playlist.
//! - A file may be a playlist, which is represented by its first entry. If that cannot be played, the player opens further ones
//!   by itself, which is nobody's action.
//! - The player does two things by itself: at the end of the item it pauses, and to show its last frame it seeks there.

use std::ops::Range;
use std::time::Duration;

use watchtogether_protocol::MediaTime;

/// How far a position may be from a target and still count as at it, in addition to the frame that a seek lands on. A seek goes
/// to the first frame that is not more than 5 ms before its target.
const SEEK_SLACK: Duration = Duration::from_millis(6);

/// The assumed frame duration if a file does not say it: the longest usual one.
const FRAME: Duration = Duration::from_millis(50);

/// How far before its place a paused player without a picture reports its position: by its buffered sound, up to 0.2 s. If the
/// event of a seek is handled late, the seek has already ended, and this position is the only evidence.
const BUFFERED_SOUND: Duration = Duration::from_millis(250);

/// How close to the end a player must be for a seek to exactly the end to be its own, for the last frame.
const NEAR_THE_END: MediaTime = MediaTime::from_millis(2_000);

/// The maximum number of playlists that lead from one to the next before a film. A station's page that names a list that names a
/// stream has two; a list that names itself never ends.
const LISTS: usize = 4;

/// The precision with which speeds are compared.
const SPEED_GRAIN: f64 = 1e-6;

/// Keeps track of our commands to the player, and decides who caused its events.
#[derive(Debug)]
pub struct CommandTracker {
    is_paused: bool,
    speed: f64,
    seek: Option<IssuedSeek>,
    load: Option<IssuedLoad>,
    current: Option<CurrentFile>,
    /// The entries of lists that could not be played. The player continues with the next entry until it is stopped.
    given_up: Vec<Range<i64>>,
}

#[derive(Debug)]
struct IssuedSeek {
    id: u64,
    target: MediaTime,
    phase: SeekPhase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SeekPhase {
    /// Its reply has not arrived: events still belong to the time before the command.
    Asked,
    /// Its reply has arrived: the next seek should be this one.
    Queued,
    /// The seek has begun.
    Running,
}

#[derive(Debug)]
enum IssuedLoad {
    /// Its reply has not arrived.
    Asked { id: u64 },
    /// It created this playlist entry.
    Entry(i64),
}

/// The item that the player has loaded or is opening.
#[derive(Debug)]
struct CurrentFile {
    /// Its playlist entries: several if a list was opened.
    entries: Range<i64>,
    opener: Opener,
    is_opening: bool,
    /// The lists that led to it, by their entries.
    lists: Vec<Range<i64>>,
}

/// Who opened a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// We did.
    Us,
    /// The user did, in the window.
    User,
}

/// The meaning of a pause or an unpause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseMeans {
    /// The state is the one that we set.
    Nothing,
    /// It stopped at the end of the item.
    AtEnd,
    /// The user paused it.
    UserPaused,
    /// The user unpaused it, and we still want it paused.
    UserPlayed,
}

/// The meaning of the beginning of a seek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekMeans {
    /// It is our newest seek.
    Ours,
    /// It is older than our newest command, or part of opening a file.
    Nothing,
    /// The player seeks to its last frame.
    AtEnd,
    /// The user seeked to this position.
    UserSought(MediaTime),
}

/// The meaning of a file being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartMeans {
    /// It is the file that we requested.
    Ours,
    /// It is older than our newest command.
    Nothing,
    /// The user opened it.
    UserOpened,
}

/// The meaning of the first frame after opening or seeking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartMeans {
    /// A file is open.
    Opened(Opener),
    /// Our newest seek has landed.
    Landed,
    /// Another seek has landed.
    Nothing,
}

/// Why a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileEnd {
    /// An error occurred.
    Error,
    /// It was a list of these entries.
    Redirect {
        /// The first entry of the list.
        first: i64,
        /// The number of entries.
        count: i64,
    },
    /// Any other reason: it ended, or another file takes its place.
    Other,
}

/// The meaning of the end of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndMeans {
    /// The requested file cannot be played.
    Failed {
        /// Whether it is the first entry of a list that was opened.
        is_in_list: bool,
    },
    /// Lists lead to more lists, apparently without end.
    EndlessList,
    /// Nothing that needs to be reported.
    Nothing,
}

impl CommandTracker {
    /// Records that we paused or unpaused.
    pub fn set_paused(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
    }

    /// Records that we set the speed.
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
    }

    /// Records that we requested a seek, with the number of the command.
    pub fn asked_for_seek(&mut self, id: u64, target: MediaTime) {
        let phase = SeekPhase::Asked;
        self.seek = Some(IssuedSeek { id, target, phase });
    }

    /// Records that we requested a file, with the number of the command.
    pub fn asked_for_file(&mut self, id: u64) {
        self.load = Some(IssuedLoad::Asked { id });
        self.seek = None;
        self.given_up.clear();
    }

    /// Records a command's reply: with the entry that it created, or `None` if it was refused or creates none.
    pub fn replied(&mut self, id: u64, entry: Option<i64>) {
        if let Some(seek) = &mut self.seek
            && seek.id == id
        {
            seek.phase = SeekPhase::Queued;
        }
        if let Some(IssuedLoad::Asked { id: asked }) = self.load
            && asked == id
        {
            self.load = entry.map(IssuedLoad::Entry);
        }
    }

    /// Forgets the seek that we requested, because it was refused or is no longer wanted.
    pub fn forget_seek(&mut self) {
        self.seek = None;
    }

    /// Interprets the pause state that was just read.
    pub fn judge_pause(&mut self, is_paused: bool, is_at_end: bool) -> PauseMeans {
        match (self.is_paused, is_paused) {
            (true, true) | (false, false) => PauseMeans::Nothing,
            (true, false) => PauseMeans::UserPlayed,
            (false, true) => {
                self.is_paused = true;
                if is_at_end {
                    PauseMeans::AtEnd
                } else {
                    PauseMeans::UserPaused
                }
            }
        }
    }

    /// Interprets the speed that was just read. Returns the speed if somebody else set it, relative to the room's rate `base`.
    ///
    /// The player's keys multiply the present speed, which includes our correction. A round number was set directly.
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

    /// Interprets the beginning of a seek, given the player's present position, the item's frame duration and end, and the
    /// position before.
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
                // In a partially written file there is nothing at the target, and mpv seeks to the end by itself.
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
        SeekMeans::UserSought(position)
    }

    /// Interprets the opening of a file.
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
            Some(IssuedLoad::Asked { .. }) => return StartMeans::Nothing,
            Some(IssuedLoad::Entry(own)) if *own == entry => Opener::Us,
            Some(IssuedLoad::Entry(_)) | None => match &self.current {
                Some(current) if current.is_opening && current.entries.contains(&entry) => current.opener,
                Some(_) | None => Opener::User,
            },
        };
        self.load = None;
        self.current = Some(CurrentFile {
            entries: entry..entry + 1,
            opener,
            is_opening: true,
            lists,
        });
        match opener {
            Opener::Us => StartMeans::Ours,
            Opener::User => StartMeans::UserOpened,
        }
    }

    /// Interprets the end of a file.
    pub fn judge_end(&mut self, entry: i64, end: FileEnd) -> EndMeans {
        if self.is_given_up(entry) {
            if let FileEnd::Redirect { first, count } = end {
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
            FileEnd::Redirect { first, count } => {
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
            FileEnd::Error => {
                let is_in_list = !current.lists.is_empty();
                self.given_up = std::mem::take(&mut current.lists);
                self.current = None;
                match self.load {
                    Some(_) => EndMeans::Nothing,
                    None => EndMeans::Failed { is_in_list },
                }
            }
            FileEnd::Other => {
                self.current = None;
                EndMeans::Nothing
            }
        }
    }

    /// Interprets the first frame after opening or seeking.
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

    /// Returns whether we want the player paused.
    pub const fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Returns the speed that we set.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Returns whether a file that we requested has not been opened yet.
    pub const fn awaits_file(&self) -> bool {
        self.load.is_some()
    }
}

/// The state of a player that starts paused and empty.
impl Default for CommandTracker {
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

/// Returns whether a player that reports `position` is seeking to `target` or has landed there.
fn is_at(position: MediaTime, target: MediaTime, frame: Option<Duration>) -> bool {
    let (lead, reach) = match frame {
        Some(frame) => (SEEK_SLACK, SEEK_SLACK + frame),
        None => (SEEK_SLACK + BUFFERED_SOUND, SEEK_SLACK + FRAME),
    };
    position + MediaTime::from(lead) >= target && position <= target + MediaTime::from(reach)
}

#[cfg(test)]
mod tests;
