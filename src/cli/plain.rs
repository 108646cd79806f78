//! The whole program by lines: for screen readers, pipes and logs. One event per line, no line ever rewritten, words
//! instead of glyphs.
//!
//! [`Plain`] is the machine: events, statuses, typed lines and time go in, [`Deed`]s come out. What is told has a weight,
//! and the user's [`Telling`] decides how much of it is told; answers to what was typed always are. Seeks in a row are one
//! line ([`moves`]), and how things stand is said once per change and only if it lasts ([`states`]). `follow` is the shell
//! around it.

mod acts;
mod ears;
mod events;
mod follow;
mod lists;
mod moves;
mod prompt;
mod states;
mod talk;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::message::roster::Member;
use watchtogether_protocol::permission::{Asker, RoomAct};
use watchtogether_protocol::{Clean, LocalTime, MemberId};
use watchtogether_tui::action::ActionId;
use watchtogether_tui::model::flow::Flow;
use watchtogether_tui::model::wall_clock::WallClock;
use watchtogether_tui::strings::{self, spoken};
use watchtogether_tui::text;
use watchtogether_tui::update::{InviteCard, PlayerFacts, Status as State, Update};

use self::moves::{Moves, Settled};
use self::states::States;
use self::talk::Talk;
use super::globals::text_variable;
use crate::bridge::Bridge;
use crate::config::{Announce, Config, Telling, Ui};
use crate::output::Output;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::output::End;
use crate::session::status::{RoomStatus, Status};

pub(super) use self::follow::follow;

/// Lines that were typed on a terminal and not yet said back: those before are forgotten.
const TYPED: usize = 16;

/// A player that was told to change something shows it within this time, or does not at all.
const TWEAK: Duration = Duration::from_secs(3);

/// How long the question before leaving stands: whoever comes back to it later has forgotten it.
const QUESTION: Duration = Duration::from_secs(30);

/// That an act can be undone is told once in this time: who heard it knows.
const UNDO_HINT: Duration = Duration::from_mins(1);

/// Returns whether things are shown by lines: because the user said so, or because there is no terminal that could show
/// them otherwise.
pub(super) fn is_wanted(config: &Config, output: &Output) -> bool {
    let is_dumb = text_variable("TERM").is_some_and(|term| term == "dumb");
    config.ui.value == Ui::Plain || is_dumb || !output.is_terminal()
}

/// One thing that plain mode wants done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// Tell a line.
    Tell(String),
    /// Ring the bell, where there is one.
    Ring,
    /// Have the session do something.
    Command(Command),
    /// Look at what was typed and put it on, or look for films that it fits.
    Open(String),
    /// Put a film on that was found.
    OpenFound(PathBuf),
    /// Keep a text in a new file.
    Export {
        /// Which file, as it was typed.
        path: String,
        /// Its content.
        text: String,
    },
    /// Copy a text to the clipboard.
    Copy(String),
    /// Put the beginning of a command into the line.
    Prepare(&'static str),
    /// Write the line in an editor.
    Edit,
    /// Stop the process until it is continued.
    Suspend,
    /// End.
    Leave,
}

/// How plain mode is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) telling: Telling,
    pub(super) announce: Announce,
    /// Whether somebody sits at a terminal: what they type stands there already, and they can be asked.
    pub(super) is_at_terminal: bool,
}

/// Turns what happens into lines, and typed lines into what is to be done.
#[derive(Debug)]
pub(super) struct Plain {
    manner: Manner,
    clock: WallClock,
    members: Vec<Member>,
    you: Option<MemberId>,
    talk: Talk,
    bridge: Bridge,
    states: States,
    moves: Moves,
    flow: Flow,
    /// When what is told now happened.
    now: LocalTime,
    card: Option<InviteCard>,
    /// The people in the order in which they were listed last.
    listed: Vec<MemberId>,
    /// The films that the next line chooses from.
    found: Vec<PathBuf>,
    /// Until when leaving again is meant: it was asked about.
    leaves_until: Option<LocalTime>,
    /// Whether the session is over.
    is_over: bool,
    /// Lines that were typed here and stand on the terminal.
    typed: VecDeque<Clean>,
    announces_at: Option<LocalTime>,
    /// The user's player as it was when its user changed something of it, and until when that may show.
    tweaked: Option<(Option<PlayerFacts>, LocalTime)>,
    hinted_at: Option<LocalTime>,
    deeds: VecDeque<Deed>,
}

impl Plain {
    /// Returns plain mode before there is a room.
    pub(super) fn new(manner: Manner, clock: WallClock) -> Self {
        Self {
            manner,
            clock,
            members: Vec::new(),
            you: None,
            talk: Talk::default(),
            bridge: Bridge::new(),
            states: States::default(),
            moves: Moves::default(),
            flow: Flow::default(),
            now: LocalTime::default(),
            card: None,
            listed: Vec::new(),
            found: Vec::new(),
            leaves_until: None,
            is_over: false,
            typed: VecDeque::new(),
            announces_at: None,
            tweaked: None,
            hinted_at: None,
            deeds: VecDeque::new(),
        }
    }

    /// Takes in what happened; `status` is how the session stands after it.
    pub(super) fn handle_event(&mut self, event: &Event, status: &Status, now: LocalTime) {
        self.now = now;
        self.follow_clock(status);
        self.is_over = false;
        self.take_event(event, status, now);
        let updates = self.bridge.handle_event(event, status, now);
        self.take_state(updates, status, now);
    }

    /// Takes in how the session stands.
    pub(super) fn handle_status(&mut self, status: &Status, now: LocalTime) {
        self.now = now;
        self.follow_clock(status);
        let updates = self.bridge.handle_status(status, now);
        self.take_state(updates, status, now);
        self.tell_tweaked(status, now);
    }

    /// Takes in that so many events were lost because more came than could be told.
    pub(super) fn handle_missed(&mut self, events: u64, now: LocalTime) {
        self.flow.leave_out(events, now);
    }

    /// Takes in how others get in.
    pub(super) fn handle_invite(&mut self, card: Update) {
        if let Update::Invite(card) = card {
            self.card = card;
        }
    }

    /// Takes in the films that were found for what was typed; the next line chooses one.
    pub(super) fn handle_found(&mut self, text: &str, found: Vec<(PathBuf, String)>) {
        if found.is_empty() {
            return self.answer(spoken::no_film(text));
        }
        for (number, (_, name)) in found.iter().enumerate() {
            self.answer(spoken::numbered(number + 1, name));
        }
        self.answer(spoken::candidates(found.len()));
        self.found = found.into_iter().map(|(path, _)| path).collect();
    }

    /// Takes in that the session is over; returns whether somebody is there who may begin it anew.
    pub(super) fn handle_end(&mut self, end: &End) -> bool {
        let Some(Update::Stopped(stop)) = Bridge::finished(end) else {
            return false;
        };
        if !self.manner.is_at_terminal || !stop.may_retry || self.you.is_none() {
            return false;
        }
        self.is_over = true;
        self.states.handle(None, LocalTime::default());
        let words = strings::with_reason(&strings::DISCONNECTED.to_lowercase(), stop.words.as_str());
        self.answer(format!("{} {}", spoken::sentence(&words), spoken::RETRY_OR_LEAVE));
        true
    }

    /// Tells what is due.
    pub(super) fn handle_timeout(&mut self, status: &Status, now: LocalTime) {
        self.now = now;
        if let Some(count) = self.flow.due(now) {
            self.answer(spoken::left_out(count));
        }
        if self.moves.poll_timeout().is_some_and(|at| at <= now) {
            self.tell_moves();
        }
        if let Some(saying) = self.states.due(now) {
            self.tell(saying.telling, saying.words);
        }
        if let (Some(at), Announce::Every(period)) = (self.announces_at, self.manner.announce)
            && at <= now
        {
            self.announces_at = Some(now + period);
            self.tell_where(status);
        }
    }

    /// Returns when something is due.
    pub(super) fn poll_timeout(&self) -> Option<LocalTime> {
        let times = [
            self.moves.poll_timeout(),
            self.states.poll_timeout(),
            self.announces_at,
            self.flow.poll_timeout(),
        ];
        times.into_iter().flatten().min()
    }

    /// Returns the next thing to be done.
    pub(super) fn poll_deed(&mut self) -> Option<Deed> {
        self.deeds.pop_front()
    }

    /// Takes in that whoever typed is gone.
    pub(super) fn handle_end_of_input(&mut self) {
        self.deeds.push_back(Deed::Leave);
    }

    /// Returns the lines that are to be told, before anything else is done.
    pub(super) fn take_told(&mut self) -> Vec<String> {
        let (told, others) = std::mem::take(&mut self.deeds)
            .into_iter()
            .partition(|deed| matches!(deed, Deed::Tell(_)));
        self.deeds = others;
        let told: VecDeque<Deed> = told;
        let words = told.into_iter().filter_map(|deed| {
            if let Deed::Tell(words) = deed {
                Some(words)
            } else {
                None
            }
        });
        words.collect()
    }

    /// Returns what the end of a text can become, and where that end begins.
    pub(super) fn completions(&self, before: &str) -> (usize, Vec<String>) {
        if let Some(word) = before.strip_prefix('/')
            && !word.contains(char::is_whitespace)
        {
            let words = watchtogether_tui::slash_command::words_from(&word.to_lowercase());
            return (0, words.into_iter().map(|word| format!("/{word} ")).collect());
        }
        let start = before
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let begun = before[start..].trim_start_matches('@').to_lowercase();
        let names = self.members.iter().filter(|member| Some(member.id) != self.you);
        let fitting = names
            .filter(|member| !begun.is_empty() && member.name.as_str().to_lowercase().starts_with(&begun));
        let from = before.len() - before[start..].trim_start_matches('@').len();
        (from, fitting.map(|member| format!("{} ", member.name)).collect())
    }

    /// Tells a line that is no answer, after what waits to be told before it.
    /// Nothing but a message begins with the bracket before its sender.
    fn tell(&mut self, telling: Telling, words: String) {
        let words = match words.strip_prefix('<') {
            Some(rest) => format!("({rest}"),
            None => words,
        };
        self.tell_as_it_is(telling, words);
    }

    fn tell_as_it_is(&mut self, telling: Telling, words: String) {
        self.tell_moves();
        if telling <= self.manner.telling && self.flow.admits_line(self.now) {
            self.deeds.push_back(Deed::Tell(words));
        }
    }

    /// Tells something that happened, which is kept with the chat.
    fn happened(&mut self, telling: Telling, words: String, now: LocalTime) {
        self.talk.happened(&words, self.clock.now(now));
        self.tell(telling, words);
    }

    /// Tells the answer to something that was typed.
    fn answer(&mut self, words: String) {
        self.tell_moves();
        self.deeds.push_back(Deed::Tell(words));
    }

    fn tell_moves(&mut self) {
        if let Some(settled) = self.moves.take() {
            self.tell_move(&settled);
        }
    }

    fn tell_move(&mut self, settled: &Settled) {
        let what = settled.what;
        let name = self.name(Some(what.who));
        let words = if settled.goes_on {
            spoken::went_in_all(&name, what.from, what.to)
        } else {
            spoken::went(&name, what.from, what.to)
        };
        let words = if what.may_undo {
            spoken::with_way_to_undo(&words)
        } else {
            words
        };
        if self.flow.admits_line(self.now) {
            self.deeds.push_back(Deed::Tell(words));
        }
    }

    /// Tells what came of a change of the user's player, once it shows.
    fn tell_tweaked(&mut self, status: &Status, now: LocalTime) {
        let Some((before, until)) = self.tweaked.take() else {
            return;
        };
        let facts = Bridge::own_player(status).facts;
        let changed = facts
            .as_ref()
            .map_or_else(Vec::new, |facts| spoken::player_changed(before.as_ref(), facts));
        if changed.is_empty() && now < until {
            self.tweaked = Some((before, until));
        }
        for words in changed {
            self.answer(words);
        }
    }

    /// Sets the clock by the room's, which chat lines are stamped with.
    fn follow_clock(&mut self, status: &Status) {
        if let Some(room) = &status.room {
            self.clock.set(room.wall.wall, room.wall.at);
        }
    }

    fn take_state(&mut self, updates: Vec<Update>, status: &Status, now: LocalTime) {
        for update in updates {
            if let Update::Status(state) = update {
                self.stand(&state, status, now);
            }
        }
        let is_playing = status.room.as_ref().is_some_and(is_playing) && !self.is_over;
        if let Announce::Every(period) = self.manner.announce {
            self.announces_at = is_playing.then(|| self.announces_at.unwrap_or(now + period));
        }
    }

    fn stand(&mut self, state: &State, status: &Status, now: LocalTime) {
        let waiting: Vec<(String, Option<u8>)> = match (state, &status.room) {
            (State::Waiting { who }, Some(room)) => {
                let (you, others): (Vec<MemberId>, Vec<MemberId>) =
                    who.iter().partition(|id| Some(**id) == self.you);
                you.into_iter()
                    .chain(others)
                    .map(|id| (self.name(Some(id)), buffering(room, id)))
                    .collect()
            }
            _ => Vec::new(),
        };
        let saying = states::saying(state, &waiting, self.may(RoomAct::GoOn));
        self.states.handle(saying, now);
        if let Some(saying) = self.states.due(now) {
            self.tell(saying.telling, saying.words);
        }
    }

    /// Returns whether the user may do something in the room.
    fn may(&self, act: RoomAct) -> bool {
        let you = self.members.iter().find(|member| Some(member.id) == self.you);
        you.is_some_and(|you| Asker::of_role(you.role).may(act).is_ok())
    }

    /// Returns whether the user is the host, whom the others lose with them.
    fn hosts(&self) -> bool {
        let you = self.members.iter().find(|member| Some(member.id) == self.you);
        you.is_some_and(Member::is_host)
    }

    /// Returns what somebody is called in a sentence.
    fn name(&self, id: Option<MemberId>) -> String {
        if id.is_some() && id == self.you {
            return strings::YOU.to_owned();
        }
        let member = self.members.iter().find(|member| Some(member.id) == id);
        member.map_or_else(
            || strings::SOMEBODY.to_owned(),
            |member| text::without_brackets(member.name.as_str()),
        )
    }

    /// Leaves, or asks first where that hurts others. The same key or command again is the answer.
    fn leave(&mut self, status: &Status, now: LocalTime) {
        let is_confirmed = self.leaves_until.take().is_some_and(|until| now < until);
        let others = status
            .room
            .as_ref()
            .map_or(0, |room| room.members.len().saturating_sub(1));
        let ends = self.ends_with_user();
        let hurts_others = (self.hosts() || ends) && others > 0;
        let asks = self.manner.is_at_terminal && !self.is_over && self.you.is_some() && hurts_others;
        if is_confirmed || !asks {
            return self.deeds.push_back(Deed::Leave);
        }
        self.leaves_until = Some(now + QUESTION);
        self.answer(spoken::leave_question(others, self.hosts(), ends));
    }

    fn ends_with_user(&self) -> bool {
        use watchtogether_tui::update::Reach;

        let reach = self.card.as_ref().map(|card| &card.reach);
        matches!(reach, Some(Reach::Own { .. }))
    }
}

fn is_playing(room: &RoomStatus) -> bool {
    room.playback == watchtogether_protocol::Playback::Playing
}

fn buffering(room: &RoomStatus, id: MemberId) -> Option<u8> {
    let member = room.members.iter().find(|status| status.member.id == id)?;
    member.member.report.player.buffering()
}

/// Returns the words for what only a screen can do.
fn on_screen_alone(id: ActionId) -> String {
    spoken::screen_only(id.action().slash_form(), id)
}

#[cfg(test)]
mod tests;
