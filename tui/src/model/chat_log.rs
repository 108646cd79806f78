//! Messages and events, in the order of the room.
//!
//! The user's lines are last, and marked, until the room has put them in order. Consecutive entries and departures share one
//! line, and so do repetitions of the same event. A marker precedes the messages of others since the user last typed or scrolled
//! to the end. While the chat is scrolled back, its place is kept by entry, not by row, so that neither new lines nor another
//! width move it.

mod presence;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::narration::Presence;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, MediaTime, MemberId};

use crate::strings::Who;
use crate::text;
use crate::update::Weight;

pub use presence::Attendance;

/// The maximum number of entries: those of a long evening. The oldest are dropped first.
const ENTRIES: usize = 2_000;

/// Actions of one kind that follow each other within this time count as one, as when a key is held down. Later ones are separate,
/// because the film has moved on in between.
const IN_A_ROW: Duration = Duration::from_secs(10);

/// Entries and departures within this time of the first one share its line and its time.
const MERGE_WINDOW: Duration = Duration::from_mins(10);

/// The same event again within this time increases a counter instead of adding a line.
const REPEAT_WINDOW: Duration = Duration::from_mins(10);

/// The chat of a room.
#[derive(Clone, Debug, Default)]
pub struct ChatLog {
    entries: VecDeque<ChatEntry>,
    pending: Vec<ChatEntry>,
    next_serial: u64,
    unread: Option<Unread>,
    place: Option<ScrollPosition>,
    chosen: Option<u64>,
    /// The messages whose hidden text is revealed.
    revealed: BTreeSet<u64>,
    /// The text after an entry: how to undo the change that it reports.
    way: Option<(u64, String)>,
    /// The width of the longest name among the senders, in cells.
    longest_name: usize,
}

/// One line or event.
#[derive(Clone, Debug)]
pub struct ChatEntry {
    /// Increases from entry to entry.
    pub serial: u64,
    /// The time.
    pub at: WallTime,
    /// The contents.
    pub body: EntryBody,
}

/// The contents of an entry.
#[derive(Clone, Debug)]
pub enum EntryBody {
    /// A message.
    Message(ChatMessage),
    /// An event.
    Event(ChatEvent),
    /// Entries and departures of members.
    Presence(Attendance),
}

/// A message.
#[derive(Clone, Debug)]
pub struct ChatMessage {
    /// The line's id.
    pub id: ChatId,
    /// The sender's name at the time, without angle brackets.
    pub name: String,
    /// The number of the sender's colour.
    pub colour: u8,
    /// The text.
    pub text: String,
    /// The position of the sender's film.
    pub position: Option<MediaTime>,
    /// Whether the user wrote it.
    pub is_own: bool,
    /// Whether it mentions the user.
    pub is_mention: bool,
    /// The state of the message in the room.
    pub standing: DeliveryState,
}

/// The state of a message in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// The room has not put it in order yet.
    Pending,
    /// It is in its place in the room's chat.
    InOrder,
    /// It is from an earlier session.
    Earlier,
}

/// An event.
#[derive(Clone, Debug)]
pub struct ChatEvent {
    /// The text.
    pub words: String,
    /// The importance.
    pub weight: Weight,
    /// Which later events replace it.
    pub fold: FoldRule,
    /// How many times it happened in a row.
    pub times: u32,
}

/// The rule for which consecutive events are merged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FoldRule {
    /// Only events with the same text.
    Same,
    /// None; the event can be changed by [`ChatLog::reword`].
    Never,
    /// Further changes of speed by the same member.
    Rate(Option<MemberId>),
}

/// The messages that arrived since the user last looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The entry that the marker precedes.
    pub first: u64,
    /// The number of messages.
    pub count: usize,
}

/// The lowest row on the screen while the chat is scrolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScrollPosition {
    /// The entry.
    pub serial: u64,
    /// The row of the entry, from 0.
    pub row: usize,
}

impl ChatLog {
    /// Adds a message, or acknowledges one of the user; returns whether it is news from somebody else.
    pub fn add_message(
        &mut self,
        line: &ChatLine,
        colour: u8,
        own: Option<(MemberId, &str)>,
        is_news: bool,
    ) -> bool {
        let pending = self.pending.iter().position(|entry| entry.is_line(line.id));
        let before = pending.map(|index| self.pending.remove(index).serial);
        if self.entries.iter().rev().any(|entry| entry.is_line(line.id)) {
            return false;
        }
        let is_own = own.is_some_and(|(id, _)| id == line.from);
        let text = text::safe(line.text.as_str());
        let message = ChatMessage {
            id: line.id,
            name: text::without_brackets(&text::safe(line.name.as_str())),
            colour,
            is_mention: !is_own && own.is_some_and(|(_, name)| mentions(&text, name)),
            text,
            position: line.position,
            is_own,
            standing: DeliveryState::InOrder,
        };
        self.longest_name = self.longest_name.max(text::width(&message.name));
        let serial = self.push(line.at, EntryBody::Message(message));
        if before.is_some() && self.chosen == before {
            self.chosen = Some(serial);
        }
        let is_news = is_news && !is_own;
        if is_news {
            let unread = self.unread.get_or_insert(Unread {
                first: serial,
                count: 0,
            });
            unread.count += 1;
        }
        is_news
    }

    /// Adds a message from an earlier session: it is not news and mentions nobody.
    pub fn earlier(&mut self, line: &ChatLine, colour: u8, own: (MemberId, &str)) {
        self.add_message(line, colour, Some(own), false);
        if let Some(ChatEntry {
            body: EntryBody::Message(message),
            ..
        }) = self.entries.back_mut()
            && message.id == line.id
        {
            message.standing = DeliveryState::Earlier;
            message.is_mention = false;
        }
    }

    /// Shows a line of the user immediately.
    pub fn pending(
        &mut self,
        id: ChatId,
        words: &Clean,
        position: Option<MediaTime>,
        name: &str,
        colour: u8,
        at: WallTime,
    ) {
        let is_known = |entry: &ChatEntry| entry.is_line(id);
        if self.pending.iter().any(is_known) || self.entries.iter().rev().any(is_known) {
            return;
        }
        let body = EntryBody::Message(ChatMessage {
            id,
            name: text::without_brackets(&text::safe(name)),
            colour,
            text: text::safe(words.as_str()),
            position,
            is_own: true,
            is_mention: false,
            standing: DeliveryState::Pending,
        });
        self.longest_name = self.longest_name.max(text::width(&text::safe(name)));
        let serial = self.take_serial();
        self.pending.push(ChatEntry { serial, at, body });
    }

    /// Returns whether a line of the user waits for the room to put it in order.
    pub fn is_pending(&self, id: ChatId) -> bool {
        self.pending.iter().any(|entry| entry.is_line(id))
    }

    /// Removes a line of the user that was refused; returns its text.
    pub fn refused(&mut self, id: ChatId) -> Option<String> {
        let index = self.pending.iter().position(|entry| entry.is_line(id))?;
        match self.pending.remove(index).body {
            EntryBody::Message(message) => Some(message.text),
            EntryBody::Event(_) | EntryBody::Presence(_) => None,
        }
    }

    /// Adds an event; returns its entry.
    pub fn happened(&mut self, mut words: String, weight: Weight, fold: FoldRule, at: WallTime) -> u64 {
        text::make_safe(&mut words);
        if let Some(ChatEntry {
            serial,
            at: last_at,
            body: EntryBody::Event(last),
        }) = self.entries.back_mut()
        {
            let is_again =
                fold != FoldRule::Never && last.words == words && is_within(REPEAT_WINDOW, *last_at, at);
            let goes_on = is_within(IN_A_ROW, *last_at, at)
                && match (last.fold, fold) {
                    (FoldRule::Rate(a), FoldRule::Rate(b)) => a == b,
                    _ => false,
                };
            if is_again || goes_on {
                last.times = if is_again { last.times + 1 } else { 1 };
                last.words = words;
                *last_at = at;
                return *serial;
            }
        }
        self.push(
            at,
            EntryBody::Event(ChatEvent {
                words,
                weight,
                fold,
                times: 1,
            }),
        )
    }

    /// Changes the text of an event in place; returns whether it still exists.
    pub fn reword(&mut self, serial: u64, words: &str) -> bool {
        let entry = self.entries.iter_mut().rev().find(|entry| entry.serial == serial);
        let Some(EntryBody::Event(event)) = entry.map(|entry| &mut entry.body) else {
            return false;
        };
        event.words = text::safe(words);
        true
    }

    /// Adds an entry or departure; `by_you` if the user removed the member.
    pub fn add_presence(&mut self, id: MemberId, who: Who, change: Presence, by_you: bool, at: WallTime) {
        if let Some(ChatEntry {
            at: first,
            body: EntryBody::Presence(presence),
            ..
        }) = self.entries.back_mut()
            && is_within(MERGE_WINDOW, *first, at)
        {
            presence.add(id, who, change, by_you);
            return;
        }
        let mut presence = Attendance::default();
        presence.add(id, who, change, by_you);
        self.push(at, EntryBody::Presence(presence));
    }

    /// Forgets everything except pending lines.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.unread = None;
        self.place = None;
        self.chosen = None;
        self.revealed.clear();
    }

    /// Sets the event after which it is shown how to undo it, if any.
    pub fn set_way(&mut self, way: Option<(u64, String)>) {
        self.way = way;
    }

    /// Returns the text after an event.
    pub fn way(&self, serial: u64) -> Option<&str> {
        self.way
            .as_ref()
            .filter(|(of, _)| *of == serial)
            .map(|(_, words)| words.as_str())
    }

    /// Returns the newest entry that is in order.
    pub fn last_serial(&self) -> u64 {
        self.entries.back().map_or(0, |entry| entry.serial)
    }

    /// Removes the marker, because the user typed or scrolled to the end.
    pub fn mark_read(&mut self) -> bool {
        self.unread.take().is_some()
    }

    /// Keeps a place, or follows the newest line again. At the end, the marker is removed.
    pub fn go_to(&mut self, place: Option<ScrollPosition>) {
        if place.is_none() {
            self.mark_read();
        }
        self.place = place;
    }

    /// Returns the marker.
    pub const fn unread(&self) -> Option<Unread> {
        self.unread
    }

    /// Returns the place that is kept; `None` while the newest line is followed.
    pub const fn place(&self) -> Option<ScrollPosition> {
        self.place
    }

    /// Returns the selected message.
    pub const fn chosen(&self) -> Option<u64> {
        self.chosen
    }

    /// Selects a message, or none.
    pub const fn choose(&mut self, serial: Option<u64>) {
        self.chosen = serial;
    }

    /// Selects the message before or after the selected one; if none is selected, the newest. Returns it.
    pub fn choose_next(&mut self, is_back: bool, fits: fn(&ChatMessage) -> bool) -> Option<u64> {
        let messages = self
            .messages()
            .filter(|(_, message)| fits(message))
            .map(|(serial, _)| serial);
        let next = match (self.chosen, is_back) {
            (Some(chosen), true) => messages.take_while(|serial| *serial < chosen).last(),
            (Some(chosen), false) => messages.skip_while(|serial| *serial <= chosen).min(),
            (None, _) => messages.last(),
        };
        if next.is_some() {
            self.chosen = next;
        }
        next
    }

    /// Returns the selected message, or otherwise the newest that fits.
    pub fn chosen_or_newest(&self, fits: fn(&ChatMessage) -> bool) -> Option<(u64, &ChatMessage)> {
        match self.chosen {
            Some(chosen) => self
                .messages()
                .find(|(serial, message)| *serial == chosen && fits(message)),
            None => self.messages().filter(|(_, message)| fits(message)).last(),
        }
    }

    /// Reveals the hidden text of a message, or hides it again.
    pub fn reveal(&mut self, serial: u64) {
        if !self.revealed.remove(&serial) {
            self.revealed.insert(serial);
        }
    }

    /// Returns whether the hidden text of a message is revealed.
    pub fn is_revealed(&self, serial: u64) -> bool {
        self.revealed.contains(&serial)
    }

    /// Returns all messages with their serials, the oldest first.
    fn messages(&self) -> impl Iterator<Item = (u64, &ChatMessage)> {
        let entries = self.entries.iter().chain(&self.pending);
        entries.filter_map(|entry| match &entry.body {
            EntryBody::Message(message) => Some((entry.serial, message)),
            EntryBody::Event(_) | EntryBody::Presence(_) => None,
        })
    }

    /// Returns how many lines of others came after an entry, since the user last looked.
    pub fn news_after(&self, serial: u64) -> usize {
        let Some(unread) = self.unread else { return 0 };
        self.entries
            .iter()
            .rev()
            .take_while(|entry| entry.serial > serial && entry.serial >= unread.first)
            .filter(|entry| matches!(&entry.body, EntryBody::Message(message) if !message.is_own))
            .count()
    }

    /// Returns whether the newest line mentions the user.
    pub fn last_mentions_user(&self) -> bool {
        matches!(self.entries.back().map(|entry| &entry.body), Some(EntryBody::Message(message)) if message.is_mention)
    }

    /// Returns the width of the longest name among the senders, in cells. Members who only enter and leave do not shift the text.
    pub const fn longest_name(&self) -> usize {
        self.longest_name
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len() + self.pending.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns an entry by its place from the oldest.
    pub fn entry(&self, index: usize) -> Option<&ChatEntry> {
        match index.checked_sub(self.entries.len()) {
            None => self.entries.get(index),
            Some(index) => self.pending.get(index),
        }
    }

    /// Returns the index of an entry, or of the next one if it is gone.
    pub fn index_of(&self, serial: u64) -> usize {
        let index = self.entries.partition_point(|entry| entry.serial < serial);
        let is_later = index == self.entries.len();
        let pending = self.pending.partition_point(|entry| entry.serial < serial);
        if is_later { index + pending } else { index }.min(self.len().saturating_sub(1))
    }

    fn push(&mut self, at: WallTime, body: EntryBody) -> u64 {
        let serial = self.take_serial();
        self.entries.push_back(ChatEntry { serial, at, body });
        if self.entries.len() > ENTRIES {
            self.entries.pop_front();
        }
        serial
    }

    const fn take_serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }
}

impl ChatEntry {
    fn is_line(&self, id: ChatId) -> bool {
        matches!(&self.body, EntryBody::Message(message) if message.id == id)
    }
}

fn is_within(span: Duration, earlier: WallTime, later: WallTime) -> bool {
    u128::from(later.0.saturating_sub(earlier.0)) <= span.as_millis()
}

/// Returns whether a name occurs in a text as a separate word, in any case.
fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    if name.is_empty() {
        return false;
    }
    text.match_indices(&name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests;
