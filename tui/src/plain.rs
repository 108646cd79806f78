//! Plain mode, the whole program as lines: for screen readers, pipes and logs. There is one event per line, no line is ever
//! rewritten, and words replace glyphs.
//!
//! [`Plain`] is a state machine like the screen's, without a picture: it takes updates, typed lines and the time, and returns
//! [`PlainEffect`]s. Each report has a verbosity, and the user's [`LineVerbosity`] decides how much is reported; answers to typed
//! lines always are. Consecutive seeks are one line (`moves`), and the status is reported once per change and only if it lasts
//! (`states`). The typed line is a separate state machine ([`prompt`]).

pub mod prompt;

mod actions;
mod effect;
mod events;
mod lists;
mod moves;
mod settings;
mod states;
mod talk;
mod updates;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::permission::RoomAct;
use watchtogether_protocol::{Clean, LocalTime, MemberId};

use crate::intent::Intent;
use crate::model::Room;
use crate::model::chat_log::FoldRule;
use crate::model::flood_limiter::FloodLimiter;
use crate::model::wall_clock::WallClock;
use crate::slash_command;
use crate::strings::{self, Who, spoken};
use crate::text;
use crate::update::PlayerFacts;

use self::moves::{PendingSeeks, SettledSeek};
use self::states::States;
use self::talk::LastSeek;

pub use self::effect::PlainEffect;
pub use self::settings::{AnnounceInterval, LineVerbosity, PlainSettings};

/// The maximum number of lines that were typed on a terminal and have not come back from the room; earlier ones are forgotten.
const TYPED: usize = 16;

/// How long a change of the player's settings may take to show.
const TWEAK: Duration = Duration::from_secs(3);

/// How long the question before leaving is valid. A user who comes back to it later has forgotten it.
const QUESTION: Duration = Duration::from_secs(30);

/// The shortest time between two hints that a change can be undone.
const UNDO_HINT: Duration = Duration::from_mins(1);

/// Turns happenings into lines, and typed lines into effects.
#[derive(Debug)]
pub struct Plain {
    settings: PlainSettings,
    clock: WallClock,
    room: Option<Room>,
    last_seek: LastSeek,
    states: States,
    moves: PendingSeeks,
    limiter: FloodLimiter,
    /// The time of the present input.
    now: LocalTime,
    /// The people in the order of the last list.
    listed: Vec<MemberId>,
    /// The films that the next line chooses from.
    found: Vec<PathBuf>,
    /// Until when leaving again confirms the question.
    leaves_until: Option<LocalTime>,
    /// Lines that were typed here and are already visible on the terminal.
    typed: VecDeque<Clean>,
    announces_at: Option<LocalTime>,
    /// The state of the user's player before its user changed a setting, and until when the change may show.
    tweaked: Option<(Option<PlayerFacts>, LocalTime)>,
    hinted_at: Option<LocalTime>,
    effects: VecDeque<PlainEffect>,
}

impl Plain {
    /// Returns plain mode before there is a room.
    pub fn new(settings: PlainSettings, clock: WallClock) -> Self {
        Self {
            settings,
            clock,
            room: None,
            last_seek: LastSeek::default(),
            states: States::default(),
            moves: PendingSeeks::default(),
            limiter: FloodLimiter::default(),
            now: LocalTime::default(),
            listed: Vec::new(),
            found: Vec::new(),
            leaves_until: None,
            typed: VecDeque::new(),
            announces_at: None,
            tweaked: None,
            hinted_at: None,
            effects: VecDeque::new(),
        }
    }

    /// Records that events were lost because more arrived than could be reported.
    pub fn handle_missed(&mut self, events: u64, now: LocalTime) {
        self.limiter.leave_out(events, now);
    }

    /// Handles the films that match a typed text; the next line chooses one.
    pub fn handle_found(&mut self, text: &str, found: Vec<(PathBuf, String)>) {
        if found.is_empty() {
            return self.answer(spoken::no_film(text));
        }
        for (number, (_, name)) in found.iter().enumerate() {
            self.answer(spoken::numbered(number + 1, name));
        }
        self.answer(spoken::candidates(found.len()));
        self.found = found.into_iter().map(|(path, _)| path).collect();
    }

    /// Reports everything that is due.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        self.now = now;
        if let Some(count) = self.limiter.due(now) {
            self.answer(spoken::left_out(count));
        }
        if self.moves.poll_timeout().is_some_and(|at| at <= now) {
            self.print_due_seeks();
        }
        if let Some(announcement) = self.states.due(now) {
            self.print_after_seeks(announcement.verbosity, announcement.words);
        }
        if let (Some(at), AnnounceInterval::Every(period)) = (self.announces_at, self.settings.announce)
            && at <= now
        {
            self.announces_at = Some(now + period);
            self.print_position(now);
        }
    }

    /// Returns when something is due.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        let times = [
            self.moves.poll_timeout(),
            self.states.poll_timeout(),
            self.announces_at,
            self.limiter.poll_timeout(),
        ];
        times.into_iter().flatten().min()
    }

    /// Returns the next effect.
    pub fn poll_effect(&mut self) -> Option<PlainEffect> {
        self.effects.pop_front()
    }

    /// Handles the end of the input.
    pub fn handle_end_of_input(&mut self) {
        self.want(Intent::Leave);
    }

    /// Returns the lines that must be reported before anything else is done.
    pub fn take_lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for effect in std::mem::take(&mut self.effects) {
            if let PlainEffect::Print(words) = effect {
                lines.push(words);
            } else {
                self.effects.push_back(effect);
            }
        }
        lines
    }

    /// Returns the completions of the end of a text, and where that end begins.
    pub fn completions(&self, before: &str) -> (usize, Vec<String>) {
        if let Some(word) = before.strip_prefix('/')
            && !word.contains(char::is_whitespace)
        {
            let words = slash_command::words_from(&word.to_lowercase());
            return (0, words.into_iter().map(|word| format!("/{word} ")).collect());
        }
        if let Some((from, words)) = slash_command::choices(before) {
            return (from, words.into_iter().map(|word| format!("{word} ")).collect());
        }
        let start = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let begun = before[start..].trim_start_matches('@').to_lowercase();
        let people = self.room.iter().flat_map(|room| &room.members);
        let fitting = people
            .filter(|member| !self.is_you(member.id))
            .filter(|member| !begun.is_empty() && member.name.as_str().to_lowercase().starts_with(&begun));
        let from = before.len() - before[start..].trim_start_matches('@').len();
        (from, fitting.map(|member| format!("{} ", member.name)).collect())
    }

    /// Reports a line that is not an answer, after reports that were waiting. Only messages begin with the bracket before a
    /// sender.
    fn print_after_seeks(&mut self, verbosity: LineVerbosity, words: String) {
        let words = match words.strip_prefix('<') {
            Some(rest) => format!("({rest}"),
            None => words,
        };
        self.print(verbosity, words);
    }

    fn print(&mut self, verbosity: LineVerbosity, words: String) {
        self.print_due_seeks();
        if verbosity <= self.settings.verbosity && self.limiter.admits_line(self.now) {
            self.effects.push_back(PlainEffect::Print(words));
        }
    }

    /// Reports an event, and adds it to the chat history.
    fn happened(&mut self, verbosity: LineVerbosity, words: String, now: LocalTime) {
        let wall = self.clock.now(now);
        if let Some(room) = &mut self.room {
            talk::happened(room, &words, FoldRule::Same, wall);
        }
        self.print_after_seeks(verbosity, words);
    }

    /// Answers a typed line.
    fn answer(&mut self, words: String) {
        self.print_due_seeks();
        self.effects.push_back(PlainEffect::Print(words));
    }

    fn print_due_seeks(&mut self) {
        if let Some(settled) = self.moves.take() {
            self.print_seek(&settled);
        }
    }

    fn print_seek(&mut self, settled: &SettledSeek) {
        let what = settled.what;
        // Whoever goes there and back before anything was reported has changed nothing.
        if !settled.goes_on && strings::is_same_position(what.from, what.to) {
            return;
        }
        let who = what.who.map_or(Who::Somebody, |who| self.who(who));
        let words = if settled.goes_on {
            spoken::went_in_all(&who, what.from, what.to)
        } else {
            spoken::went(&who, what.from, what.to)
        };
        let words = if what.may_undo {
            spoken::with_way_to_undo(&words)
        } else {
            words
        };
        if self.limiter.admits_line(self.now) {
            self.effects.push_back(PlainEffect::Print(words));
        }
    }

    /// Returns whether the user may do something in the room.
    fn may(&self, act: RoomAct) -> bool {
        self.room.as_ref().is_some_and(|room| room.may(act))
    }

    /// Returns whether the user is the host.
    fn hosts(&self) -> bool {
        self.room.as_ref().is_some_and(Room::hosts)
    }

    fn is_you(&self, id: MemberId) -> bool {
        self.room.as_ref().is_some_and(|room| room.you == id)
    }

    /// Returns whether the room is known and the session has not ended.
    fn is_in_room(&self) -> bool {
        self.room.as_ref().is_some_and(|room| room.stop.is_none())
    }

    /// Returns a member for a sentence.
    fn who(&self, id: MemberId) -> Who {
        if self.is_you(id) {
            return Who::You;
        }
        let member = self.room.as_ref().and_then(|room| room.member(id));
        member.map_or(Who::Somebody, |member| {
            Who::Named(text::without_brackets(member.name.as_str()))
        })
    }

    fn want(&mut self, intent: Intent) {
        self.effects.push_back(PlainEffect::Intent(intent));
    }

    /// Leaves, or asks first if that affects others. The same key or command again confirms it.
    fn leave(&mut self, now: LocalTime) {
        let is_confirmed = self.leaves_until.take().is_some_and(|until| now < until);
        let others = self.room.as_ref().map_or(0, Room::others);
        let ends = self.room.as_ref().is_some_and(Room::ends_with_user);
        let hurts_others = (self.hosts() || ends) && others > 0;
        let asks = self.settings.is_at_terminal && self.is_in_room() && hurts_others;
        if is_confirmed || !asks {
            return self.want(Intent::Leave);
        }
        self.leaves_until = Some(now + QUESTION);
        self.answer(spoken::leave_question(others, self.hosts(), ends));
    }
}

#[cfg(test)]
mod tests;
