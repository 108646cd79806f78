//! Every word that the screen shows, in one place: constants, and functions where a number or a name stands within.
//!
//! A state is a word and a number. Names of keys come from the key map, help texts from the table of actions, reasons
//! of refusals from the protocol, so that all of them are the same wherever they are read.

pub mod home;

mod arguments;
mod copies;
mod events;
mod invite;
mod names;
mod narration;
mod numbers;
mod panels;
mod people;
mod questions;
mod removal;
mod settings;
pub mod spoken;
mod status;
mod sync_details;
mod undo;

use std::time::Duration;

use watchtogether_protocol::MediaTime;

use crate::action::{Group, Scope};
use crate::slash_command::Mistake;
use crate::update::StopKind;

pub use arguments::{argument, no_argument};
pub use copies::*;
pub use events::{
    came_or_went, entered, event_waiting, file_compared, film_is_long, final_length, host_changed, host_only,
    left_out, link_lost, no_copy, not_opened, opened, paused_at, played, put_on, rate_changed, room_exists,
    time_forms, transcript_head, went, wish_undone, with_hint,
};
pub use invite::*;
pub use names::{host_already, is_oneself};
pub use narration::{is_you, narration, over_film, who};
use numbers::millis_up;
pub use numbers::{ahead, drift, freeze, millis, position, rate, slew, whole_millis};
pub use panels::*;
pub use people::*;
pub use questions::*;
pub use removal::*;
pub use settings::setting_changed;
pub use status::*;
pub use sync_details::*;
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
/// The server's disk takes nothing.
pub const NOT_SAVED: &str = "not saved: the server's disk takes nothing; chat and film go on";
/// The same in the status bar.
pub const UNSAVED: &str = "not saved";
/// The server's disk takes something again.
pub const SAVED_AGAIN: &str = "saved again, with all that was said meanwhile";
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
/// Why a blank line is not said.
pub const NOTHING_TO_SAY: &str = "there is nothing to say";
/// Why a long text is not said.
pub const CHAT_TOO_LONG: &str = "a chat line has at most 2,000 characters";
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
/// Lines were pasted into a terminal that does not mark pastes.
pub const PASTED_TOGETHER: &str = "pasted lines stay in one message: Enter sends it";
/// The first Ctrl-C on an empty line.
pub const INTERRUPT_AGAIN: &str = "again to leave";
/// The text is as long as a message may be.
pub const TOO_LONG: &str = "a message has at most 2,000 characters";
/// Nothing came of the link that was asked for.
pub const OFFLINE: &str = "not without a connection";
/// The session does not listen.
pub const BUSY: &str = "busy: that did not get through, try again";
/// Why there is no player: its user closed it.
pub const PLAYER_CLOSED: &str = "mpv window was closed";
/// The connection to the server is gone.
pub const CONNECTION_LOST: &str = "connection lost";
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

/// `no player: mpv window was closed`.
pub fn with_reason(what: &str, why: &str) -> String {
    if why.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {why}")
    }
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

/// `at 41:12 of 2:03:55`.
pub fn where_it_is(at: MediaTime, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => format!("at {at} of {duration}"),
        None => format!("at {at}"),
    }
}

/// The token of the own seat is not on the own disk.
pub fn seat_not_saved(why: &str) -> String {
    format!("your seat is not saved on this machine ({why}): after a crash you come in as somebody new")
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
