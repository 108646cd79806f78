//! Every word that the screen shows, in one place: constants, and functions where a number or a name stands within.
//!
//! A state is a word and a number. Names of keys come from the key map, help texts from the table of actions, reasons
//! of refusals from the protocol, so that all of them are the same wherever they are read.

pub mod home;

mod copies;
mod events;
mod invite;
mod names;
mod numbers;
mod panels;
mod people;
mod removal;
pub mod spoken;
mod undo;

use std::time::Duration;

use watchtogether_protocol::{MediaTime, Rate};

use crate::action::{Group, Scope};
use crate::slash_command::Mistake;
use crate::update::{Asked, StopKind};

pub use copies::*;
pub use events::{
    came_or_went, entered, event_waiting, file_compared, film_is_long, final_length, host_changed, host_only,
    left_out, link_lost, no_copy, not_opened, opened, paused_at, played, put_on, rate_changed, room_exists,
    stall_policy, time_forms, transcript_head, went, wish_undone, with_hint,
};
pub use invite::*;
pub use names::{host_already, is_oneself};
pub use numbers::{ahead, drift, freeze, millis, position, rate, slew, whole_millis};
use numbers::{at_speed, millis_up, seconds};
pub use panels::*;
pub use people::*;
pub use removal::*;
pub use undo::{TYPE_TO_UNDO, UndoneNames, undone, way_to_undo, with_way};

/// Between two things said in one line.
pub const DOT: &str = " · ";
/// Behind some of several things, where there is no room for all.
pub const MORE: &str = " · …";
/// Behind a name at the beginning of a line.
pub const ADDRESSED: &str = ": ";
/// Before events in the chat.
pub const EVENT: &str = "--";
/// Beside the chosen message.
pub const CHOSEN: &str = "▸";
/// Behind own lines that the room has yet to put in order.
pub const PENDING: &str = "…";
/// The name of the mode in which letters are text.
pub const MODE_CHAT: &str = "CHAT";
/// The name of the mode in which letters act.
pub const MODE_KEYS: &str = "KEYS";
/// The heading of the roster.
pub const PEOPLE: &str = "People";
/// The heading of the roster's round trips.
pub const ROUND_TRIP: &str = "rtt";
/// The heading of the roster's drifts.
pub const SYNC: &str = "sync";
/// The heading of what is on.
pub const NOW_PLAYING: &str = "On";
/// What stands there while nothing is on.
pub const NOTHING_ON: &str = "nothing yet";
/// How one puts something on.
pub const NOTHING_ON_HINT: &str = "the host opens a film in mpv";
/// The heading of the own drift over time.
pub const SYNC_GRAPH: &str = "Sync (last 60 s)";
/// The same for a narrow column.
pub const SYNC_GRAPH_SHORT: &str = "Sync, 60 s";
/// Beside that heading, behind its key: the numbers of everybody.
pub const SYNC_MORE: &str = "details";
/// The title of the numbers of everybody.
pub const SYNC_DETAILS: &str = "Sync, the last 10 s";
/// The headings of those numbers.
pub const COLUMN_DRIFT: &str = "drift";
/// The median of the drift's size, in milliseconds.
pub const COLUMN_P50: &str = "p50";
/// Its 95th percentile.
pub const COLUMN_P95: &str = "p95";
/// The largest.
pub const COLUMN_WORST: &str = "worst";
/// What the player plays faster than the room.
pub const COLUMN_SPEED: &str = "speed";
/// The round trip, in milliseconds.
pub const COLUMN_ROUND_TRIP: &str = "rtt";
/// How wrong the clocks' comparison can be, in milliseconds.
pub const COLUMN_BOUND: &str = "clock";
/// What the player has ahead.
pub const COLUMN_AHEAD: &str = "ahead";
/// Corrections by a hold.
pub const COLUMN_CORRECTIONS: &str = "fix";
/// How long the film stood for the last of them.
pub const COLUMN_FREEZE: &str = "stood";
/// What stands for a number that nobody knows.
pub const NO_FIGURE: &str = "—";
/// What drift is.
pub const DRIFT_MEANS: &str = "drift: how far a player's sound is ahead of the room, in ms; p50, p95 and worst are of its size. \
                               speed: how much faster than the room it is told to play. fix: holds nobody asked for; stood: \
                               how long the film stood for the last.";
/// What the bound is.
pub const BOUND_MEANS: &str = "clock: the one error that cannot be measured. If a path is slower one way than the other, that \
                               player is off by up to so many ms and nobody's number shows it.";
/// A short word for the member that the screen belongs to.
pub const YOU: &str = "you";
/// Somebody whose name is not known any more.
pub const SOMEBODY: &str = "somebody";
/// The role of the host.
pub const HOST: &str = "host";
/// The role of who helps the host.
pub const CO_HOST: &str = "co-host";
/// The role of everybody else.
pub const VIEWER: &str = "viewer";
/// What stands for a title that is not known.
pub const THE_FILM: &str = "the film";
/// A member has no player, by choice.
pub const NO_PLAYER_HERE: &str = "no player";
/// The own player plays with the room.
pub const IN_SYNC: &str = "in sync";
/// The room plays, and nothing is measured.
pub const PLAYING: &str = "playing";
/// The own player is on its way to the room.
pub const CATCHING_UP: &str = "catching up";
/// The clocks are being compared.
pub const COMPARING: &str = "comparing clocks";
/// Nothing is on.
pub const NO_ITEM: &str = "nothing on yet";
/// The item is being opened.
pub const LOADING: &str = "opening the film";
/// The player cannot keep up.
pub const TOO_SLOW: &str = "cannot keep up with the film";
/// The player does not respond.
pub const NOT_RESPONDING: &str = "your player is not responding";
/// Behind a percentage, where the room waits.
pub const ROOM_WAITS: &str = "room is waiting for you";
/// The room starts at once.
pub const STARTING: &str = "starting";
/// The room stands.
pub const PAUSED: &str = "paused";
/// The item is over.
pub const ENDED: &str = "the end";
/// There is no player.
pub const NO_PLAYER: &str = "no player";
/// The player could not open the item.
pub const PLAYER_FAILED: &str = "player failed";
/// How one names a copy of the film.
pub const TYPE_OPEN: &str = "type /open PATH";
/// The server says nothing.
pub const SILENT: &str = "server does not answer";
/// The server's disk takes nothing.
pub const NOT_SAVED: &str = "not saved: the server's disk takes nothing; chat and film go on";
/// The same in the status bar.
pub const UNSAVED: &str = "not saved";
/// The server's disk takes something again.
pub const SAVED_AGAIN: &str = "saved again, with all that was said meanwhile";
/// The link is down.
pub const RECONNECTING: &str = "RECONNECTING";
/// The film was paused for lack of a link.
pub const PAUSED_HERE: &str = "paused here";
/// The film goes on without a link.
pub const PLAYS_ON: &str = "the film plays on";
/// The session is over.
pub const DISCONNECTED: &str = "DISCONNECTED";
/// The first connection is being made.
pub const CONNECTING: &str = "Connecting";
/// Lines are missing before the first that is shown.
pub const CHAT_GAP: &str = "earlier lines are missing";
/// Below what was said on earlier evenings.
pub const EARLIER_ENDS: &str = "above: said before you came back";
/// What somebody had been writing stands in the input line again.
pub const DRAFT_IS_BACK: &str = "what you had not sent is back";
/// What an empty chat says.
pub const CHAT_EMPTY: &str = "Nobody has said anything yet.";
/// What a chat says in which one is alone.
pub const ALONE: &str = "Only you here.";
/// What one does about it.
pub const ALONE_HINT: &str = "lets friends in";
/// The title of the help.
pub const HELP_TITLE: &str = "Help";
/// There is no line to go to.
pub const NO_MENTION: &str = "nobody has named you";
/// There is nothing to show.
pub const NOTHING_HIDDEN: &str = "no message hides anything";
/// Where the film was, in the chat that is kept, where it was nowhere.
pub const NO_POSITION: &str = "        ";

/// Who is writing something.
pub fn typing(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is typing…"),
        [one, other] => format!("{one} and {other} are typing…"),
        [one, rest @ ..] => format!("{one} and {} others are typing…", rest.len()),
    }
}

/// What is looked for among what was said before.
pub fn recalling(query: &str, is_found: bool) -> String {
    let head = if is_found { "said before" } else { "never said" };
    format!("{head}: {query}_   Ctrl-R older  Enter take  Esc back")
}

/// The prompt where there is no room for a name.
pub const SHORT_PROMPT: &str = "> ";
/// Before the letters that act after Esc.
pub const AFTER_ESC: &str = "Esc";
/// The program's name.
pub const PROGRAM: &str = "watchtogether";
/// What has no end.
pub const LIVE: &str = "live";
/// For a film whose length is not known: it is still being written, or was not opened yet.
pub const NO_LENGTH: &str = "length not known yet";
/// The key that closes an overlay.
pub const CLOSE: &str = "Esc close";
/// The key that withdraws a question.
pub const WITHDRAW_KEY: &str = "Esc";
/// What that key does.
pub const WITHDRAW: &str = "cancel";
/// What confirms the question before leaving does.
pub const LEAVE_ROOM: &str = "leave";
/// The same where the room ends for others.
pub const END_ROOM: &str = "end the room";
/// What confirms the question before the room is handed over does.
pub const HAND_OVER: &str = "hand it over";
/// What confirms the question before a long paste does.
pub const PASTE: &str = "paste";
/// Lines were pasted into a terminal that does not mark pastes.
pub const PASTED_TOGETHER: &str = "pasted lines stay in one message: Enter sends it";
/// The question before a long paste.
pub const PASTE_TITLE: &str = "Paste all of it?";
/// The first Ctrl-C on an empty line.
pub const INTERRUPT_AGAIN: &str = "again to leave";
/// The text is as long as a message may be.
pub const TOO_LONG: &str = "a message has at most 2,000 characters";
/// Nothing came of the link that was asked for.
pub const OFFLINE: &str = "not without a connection";
/// The session does not listen.
pub const BUSY: &str = "busy: that did not get through, try again";
/// The link is back.
pub const LINK_BACK: &str = "connected again";
/// Behind a slash command's unreadable argument.
pub const NO_ARGUMENT: &str = "nothing";
/// The film is over.
pub const EVENT_ENDED: &str = "the film is over";
/// The room goes on after it waited.
pub const EVENT_WENT_ON: &str = "and on it goes";
/// The room came back from its store.
pub const EVENT_RESTORED: &str = "the room is back where it was";
/// Nothing in the help has the word.
pub const HELP_NOTHING: &str = "nothing here speaks of that";
/// The title of the palette.
pub const PALETTE_TITLE: &str = "Command palette";
/// The keys of the palette.
pub const PALETTE_FOOT: &str = "Enter do  Esc close";
/// The mouse acts here again.
pub const MOUSE_ON: &str = "mouse on: wheel and clicks act here; with Shift it marks text";
/// The mouse is the terminal's again.
pub const MOUSE_OFF: &str = "mouse off: it marks text";
/// Beside the help's title.
pub const HELP_SEARCH: &str = "type to search";
/// The bottom line of the help.
pub const HELP_FOOT: &str = "Alt and a letter in chat is that letter after Esc";
/// The head of the file of keys.
pub const KEYS_FILE: &str = "\
# watchtogether's keys. Copy this to ~/.config/watchtogether/keys.toml and change what you like.
# An action has a key or a list of keys: \"Alt-P\", [\"space\", \"p\"]; \"\" takes its keys away. What you bind leaves the
# action that had the key. [chat] holds while letters are text, [keys] after Esc.
# Alt and a letter in [chat] should be that letter in [keys]: terminals send Alt-P as Esc p.
";
/// What a player's percentage stands behind.
const BUFFERING: &str = "buffering";

/// `in sync ±9 ms`.
pub fn in_sync(spread: Duration) -> String {
    format!("{IN_SYNC} ±{} ms", millis_up(spread))
}

/// `catching up 0.42 s behind, x1.05`.
pub fn catching_up(behind: Duration, speed: Option<Rate>) -> String {
    if behind.is_zero() {
        return CATCHING_UP.to_owned();
    }
    format!("{CATCHING_UP} {} behind{}", seconds(behind), at_speed(speed))
}

/// `slowing down 0.12 s ahead, x0.98`.
pub fn slowing_down(ahead: Duration, speed: Option<Rate>) -> String {
    format!("slowing down {} ahead{}", seconds(ahead), at_speed(speed))
}

/// `jumped 3.1 s to the room`.
pub fn jumped(by: MediaTime) -> String {
    format!("jumped {} to the room", seconds(by.abs()))
}

/// `out of sync +12.4 s`.
pub fn out_of_sync(drift: MediaTime) -> String {
    let sign = if drift < MediaTime::ZERO { '-' } else { '+' };
    format!("out of sync {sign}{}", seconds(drift.abs()))
}

/// `buffering 34 %`.
pub fn buffering(percent: u8) -> String {
    format!("{BUFFERING} {percent} %")
}

/// `waiting for bo (buffering 12 %) and chi`.
pub fn waiting_for(who: &[(String, Option<u8>)]) -> String {
    let names: Vec<String> = who
        .iter()
        .map(|(name, percent)| match percent {
            Some(percent) => format!("{name} ({})", buffering(*percent)),
            None => name.clone(),
        })
        .collect();
    format!("waiting for {}", list(&names))
}

/// `seeking to 01:10:00 … 2 of 3 there`.
pub fn seeking(to: MediaTime, there: usize, of: usize) -> String {
    format!("seeking to {} … {there} of {of} there", position(to, true))
}

/// `pausing …`: what was asked of the room, marked as a line is that the room has yet to put in order.
pub fn asked(asked: &Asked, heir: &str) -> String {
    let deed = match asked {
        Asked::Play => STARTING.to_owned(),
        Asked::Pause => "pausing".to_owned(),
        Asked::Seek { to } => format!("seeking to {}", position(*to, true)),
        Asked::SetRate(to) => format!("changing to {}", rate(*to)),
        Asked::GoOn => "going on".to_owned(),
        Asked::Undo => "undoing".to_owned(),
        Asked::HandOver { .. } => format!("handing the room to {heir}"),
    };
    format!("{deed} {PENDING}")
}

/// `starting in 3`, or `starting` below a second.
pub fn starting(left: Duration) -> String {
    match left.as_secs() {
        0 => STARTING.to_owned(),
        seconds => format!("{STARTING} in {}", seconds + 1),
    }
}

/// `paused by bo`.
pub fn paused(by: Option<&str>) -> String {
    by.map_or_else(|| PAUSED.to_owned(), |name| format!("{PAUSED} by {name}"))
}

/// `no player: mpv window was closed`.
pub fn with_reason(what: &str, why: &str) -> String {
    if why.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {why}")
    }
}

/// `settling ±138 ms`.
pub fn settling(spread: Duration) -> String {
    format!("settling ±{} ms", millis_up(spread))
}

/// `RECONNECTING 3 s (try 2)`, or `RECONNECTING (try 2)` once the try is under way.
pub fn reconnecting(left: Duration, attempt: u32) -> String {
    if left.is_zero() {
        format!("{RECONNECTING} (try {attempt})")
    } else {
        format!("{RECONNECTING} {} s (try {attempt})", left.as_secs_f64().ceil())
    }
}

/// `±9 ms over 10 s`: how well somebody follows.
pub fn spread(spread: Duration) -> String {
    format!("±{} ms over 10 s", millis_up(spread))
}

/// `link 31 ms`.
pub fn link(round_trip: Duration) -> String {
    format!("link {} ms", millis_up(round_trip))
}

/// `clock ±4 ms`.
pub fn clock_bound(bound: Duration) -> String {
    format!("clock ±{} ms", millis_up(bound))
}

/// `host ana`.
pub fn host_is(name: &str) -> String {
    format!("{HOST} {name}")
}

/// `you: viewer`.
pub fn you_are(role: &str) -> String {
    format!("{YOU}: {role}")
}

/// `↓ 5 new`, or `↓ newest` where nobody said anything since.
pub fn news_below(count: usize) -> String {
    if count == 0 {
        "↓ newest".to_owned()
    } else {
        format!("↓ {count} new")
    }
}

/// `2 new`.
pub fn unread(count: usize) -> String {
    format!("{count} new")
}

/// `[ana] `.
pub fn prompt(name: &str) -> String {
    format!("[{name}] ")
}

/// `1,990/2,000`.
pub fn length(count: usize, max: usize) -> String {
    format!("{count}/{max}")
}

/// `+3 more`.
pub fn more_people(count: usize) -> String {
    format!("+{count} more")
}

/// `since 20:31`.
pub fn since(time: &str) -> String {
    format!("since {time}")
}

/// Why a line with a slash was not sent.
pub fn mistake(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Unknown {
            word,
            nearest: Some(nearest),
        } => format!("there is no /{word}: did you mean /{nearest}?"),
        Mistake::Unknown { word, nearest: None } => {
            format!("there is no /{word}: /help lists what there is; //{word} says it")
        }
        Mistake::Argument { word, argument: "" } => format!("/{word} takes {NO_ARGUMENT} behind it"),
        Mistake::Argument { word, argument } => format!("/{word} {argument}"),
    }
}

/// `nobody here is called bo`.
pub fn nobody_called(name: &str) -> String {
    format!("nobody here is called {name}")
}

/// The heading of a group of actions.
pub const fn group(group: Group) -> &'static str {
    match group {
        Group::Chat => "Chat",
        Group::Edit => "Line",
        Group::Room => "Room",
        Group::Mine => "My player",
        Group::People => "People",
        Group::App => "Program",
    }
}

/// Whom an action concerns, in full.
pub const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Room => "room",
        Scope::Mine => "this player only",
        Scope::Screen => "",
    }
}

/// Whom an action concerns, in few letters.
pub const fn scope_short(scope: Scope) -> &'static str {
    match scope {
        Scope::Room => "room",
        Scope::Mine => "mine",
        Scope::Screen => "",
    }
}

/// How many commands answer to what was typed.
pub fn palette_count(count: usize) -> String {
    match count {
        1 => "1 command".to_owned(),
        count => format!("{count} commands"),
    }
}

/// `click again to go to 1:02:03`.
pub fn click_again(to: MediaTime) -> String {
    format!("click again to go to {}", position(to, false))
}

/// `2 people are still here.`, and who is host then.
pub fn leave_question(others: usize, hosts: bool, ends: bool) -> String {
    let people = match others {
        1 => "1 person is still here.".to_owned(),
        others => format!("{others} people are still here."),
    };
    match (others, ends, hosts) {
        (0, _, _) => "Nobody else is here.".to_owned(),
        (_, true, _) => format!("{people} The room is on your machine: it ends for them too."),
        (_, false, true) => format!("{people} The room goes on with another host."),
        (_, false, false) => people,
    }
}

/// `at 41:12 of 2:03:55`.
pub fn where_it_is(at: MediaTime, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => format!("at {at} of {duration}"),
        None => format!("at {at}"),
    }
}

/// The question before leaving: `End the room for 2 people?`, where it ends for others.
pub fn leave_title(others: usize, ends: bool) -> String {
    match (others, ends) {
        (0, _) | (_, false) => "Leave the room?".to_owned(),
        (1, true) => "End the room for 1 other person?".to_owned(),
        (others, true) => format!("End the room for {others} other people?"),
    }
}

/// How much would be pasted: lines, characters, and how many of the latter fit.
pub fn paste_question(lines: usize, chars: usize, free: usize) -> String {
    let amount = match lines {
        0 | 1 => format!("{chars} characters"),
        lines => format!("{lines} lines"),
    };
    if chars > free {
        format!(
            "{chars} characters, {} too many: the end is cut off.",
            chars - free
        )
    } else {
        format!("{amount} go into the message. Nothing is sent yet.")
    }
}

/// The token of the own seat is not on the own disk.
pub fn seat_not_saved(why: &str) -> String {
    format!("your seat is not saved on this machine ({why}): after a crash you come in as somebody new")
}

/// A letter or an Enter was pressed while a question stands.
pub fn letters_do_not_answer(key: &str, deed: &str) -> String {
    format!("letters and Enter do not answer: {key} {deed}, {WITHDRAW_KEY} {WITHDRAW}")
}

/// Letters in keys mode were taken as text.
pub fn typing_is_chat(key: &str) -> String {
    format!("typing goes to the chat; {key} for keys")
}

/// The title of the view that ends a session.
pub const fn stop_title(kind: StopKind) -> &'static str {
    match kind {
        StopKind::NotAdmitted => "No such room",
        StopKind::Refused => "Refused",
        StopKind::PinMismatch => "This is another server",
        StopKind::Unreachable => "Server not reached",
        StopKind::Disconnected => "Disconnected",
        StopKind::RoomClosed => "The room is over",
        StopKind::Removed => "Removed",
        StopKind::Replaced => "Taken over",
        StopKind::Failed => "Something broke",
    }
}

/// `Connecting to box.example.org:7843 …`.
pub fn connecting(to: &str) -> String {
    format!("{CONNECTING} to {to} …")
}

/// `corrections 3`.
pub fn corrections(count: u32) -> String {
    format!("corrections {count}")
}

/// `a, b and c`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => SOMEBODY.to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_begin_with_the_words_of_the_specification() {
        let rate = Rate::from_f64(1.05);

        assert_eq!(in_sync(Duration::from_micros(8_400)), "in sync ±9 ms");
        assert_eq!(
            catching_up(Duration::from_millis(420), rate),
            "catching up 0.42 s behind, x1.05"
        );
        assert_eq!(jumped(MediaTime::from_millis(3_100)), "jumped 3.1 s to the room");
        assert_eq!(out_of_sync(MediaTime::from_millis(12_400)), "out of sync +12.4 s");
        assert_eq!(buffering(34), "buffering 34 %");
        assert_eq!(
            waiting_for(&[("bo".to_owned(), Some(12))]),
            "waiting for bo (buffering 12 %)"
        );
        assert_eq!(
            seeking(MediaTime::from_millis(4_200_000), 2, 3),
            "seeking to 01:10:00 … 2 of 3 there"
        );
        assert_eq!(starting(Duration::from_millis(2_500)), "starting in 3");
        assert_eq!(
            reconnecting(Duration::from_millis(2_500), 2),
            "RECONNECTING 3 s (try 2)"
        );
    }

    #[test]
    fn a_bound_never_looks_better_than_it_is() {
        assert_eq!(link(Duration::from_micros(30_001)), "link 31 ms");
        assert_eq!(millis(999), "1 ms");
    }

    #[test]
    fn a_mistake_says_what_was_expected() {
        let argument = |argument| {
            mistake(&Mistake::Argument {
                word: "seek",
                argument,
            })
        };

        assert_eq!(argument("[+-]TIME"), "/seek [+-]TIME");
        assert_eq!(argument(""), "/seek takes nothing behind it");
    }
}
