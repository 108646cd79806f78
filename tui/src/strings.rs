//! Typed functions for the texts in the catalogue that contain a number, a name or a choice.
//!
//! The names of keys come from the key map and help texts from the table of actions, so that they are the same everywhere.
//! Symbols, and numbers with their units, are not in the catalogue: they are formatted here and in `numbers`.

pub mod home;

mod arguments;
mod copies;
mod errors;
mod events;
mod invite;
mod keys;
mod names;
mod narration;
mod numbers;
mod panels;
mod people;
mod player;
mod presence;
mod questions;
mod reasons;
mod removal;
mod settings;
pub mod spoken;
mod status;
mod sync_details;
mod undo;

use std::borrow::Cow;
use std::time::Duration;

use watchtogether_protocol::MediaTime;
use watchtogether_protocol::message::roster::Role;

use crate::action::{Group, Scope};
use crate::slash_command::CommandMistake;
use crate::update::StopKind;

pub use arguments::{argument, no_argument};
pub use copies::*;
pub use errors::{invite_error, media_url_error, member_name_error, room_name_error};
pub use events::{
    entered, event_waiting, film_is_long, final_length, host_changed, host_only, item_set, left_out,
    link_lost, no_copy, opened, paused_at, played, rate_changed, request_undone, room_exists, time_forms,
    transcript_head, went, with_hint,
};
pub use invite::*;
pub use keys::{binding_error, binding_hint};
use names::title;
pub use names::{Who, host_already, is_oneself, is_you, who};
pub use narration::{narration, over_film};
use numbers::millis_up;
pub use numbers::{ahead, drift, freeze, is_same_position, millis, position, rate, slew, whole_millis};
pub use panels::*;
pub use people::*;
pub use player::{no_player, not_opened, open_error, player_end, player_failed, player_hint, player_notice};
pub use presence::came_or_went;
pub use questions::*;
pub use reasons::{closed, link_end, refusal};
pub use removal::*;
pub use settings::setting_changed;
pub use status::*;
pub use sync_details::*;
pub use undo::{UndoneNames, undone, way_to_undo, with_way};

/// Separates two statements on one line.
pub const DOT: &str = " · ";
/// Follows a list that is cut off for lack of space.
pub const MORE: &str = " · …";
/// Follows the name of the person addressed, at the beginning of a message.
pub const ADDRESSED: &str = ": ";
/// Precedes events in the chat.
pub const EVENT: &str = "--";
/// Marks the selected message.
pub const CHOSEN: &str = "▸";
/// Follows the user's own messages that the room has not put in order yet.
pub const PENDING: &str = "…";
/// Replaces the film's position in the transcript if a line has none.
pub const NO_POSITION: &str = "        ";

/// Returns who is typing.
pub fn typing(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => msg!("typing-one", name = one),
        [one, other] => msg!("typing-two", name = one, other = other),
        [one, rest @ ..] => msg!("typing-many", name = one, count = rest.len()),
    }
}

/// Returns the prompt of a search in the input history.
pub fn recalling(query: &str, is_found: bool) -> String {
    if is_found {
        msg!("recall-found", query = query)
    } else {
        msg!("recall-nothing", query = query)
    }
}

/// The prompt when there is no space for a name.
pub const SHORT_PROMPT: &str = "> ";
/// Precedes the letters that act after Esc.
pub const AFTER_ESC: &str = "Esc";
/// The program's name.
pub const PROGRAM: &str = "watchtogether";
/// `People 3`.
pub fn people_heading(count: usize) -> String {
    msg!("people", count = count)
}

/// `ping 31 ms`.
pub fn link(round_trip: Duration) -> String {
    msg!("link", ms = millis_up(round_trip))
}

/// `clock ±4 ms`.
pub fn clock_bound(bound: Duration) -> String {
    msg!("clock-bound", ms = millis_up(bound))
}

/// `host ana`.
pub fn host_is(name: &str) -> String {
    msg!("host-is", name = name)
}

/// `you: viewer`.
pub fn you_are(role: Role) -> &'static str {
    match role {
        Role::Host => msg!("you-are-host"),
        Role::CoHost => msg!("you-are-co-host"),
        Role::Viewer => msg!("you-are-viewer"),
    }
}

/// `↓ 5 new`, or `↓ newest` if nobody has written since.
pub fn news_below(count: usize) -> String {
    if count == 0 {
        msg!("chat-to-newest").to_owned()
    } else {
        msg!("chat-news-below", count = count)
    }
}

/// `2 new`.
pub fn unread(count: usize) -> String {
    msg!("chat-news", count = count)
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
    msg!("people-more", count = count)
}

/// `since 20:31`.
pub fn since(time: &str) -> String {
    msg!("person-since", time = time)
}

/// Returns why a line with a slash was not sent.
pub fn mistake(mistake: &CommandMistake) -> String {
    match mistake {
        CommandMistake::Unknown {
            word,
            nearest: Some(nearest),
        } => msg!("mistake-nearest", word = word, nearest = *nearest),
        CommandMistake::Unknown { word, nearest: None } => msg!("mistake-unknown", word = word),
        CommandMistake::Argument {
            word, argument: "", ..
        } => msg!("mistake-no-argument", word = *word),
        CommandMistake::Argument {
            id,
            word,
            argument,
            typed,
        } => {
            let form = format!("/{word} {argument}");
            let kind = id.action().effect.argument();
            match (kind.map(self::argument), kind) {
                (Some(help), _) if !help.is_empty() => msg!("mistake-argument", form = form, why = help),
                (_, Some(kind)) if !typed.is_empty() => {
                    msg!("mistake-argument", form = form, why = no_argument(kind, typed))
                }
                (_, _) => form,
            }
        }
    }
}

/// `nobody here is called bo`.
pub fn nobody_called(name: &str) -> String {
    msg!("nobody-called", name = name)
}

/// Returns the heading of a group of actions.
pub fn group(group: Group) -> &'static str {
    match group {
        Group::Chat => msg!("group-chat"),
        Group::Edit => msg!("group-edit"),
        Group::Room => msg!("group-room"),
        Group::Mine => msg!("group-mine"),
        Group::People => msg!("group-people"),
        Group::App => msg!("group-app"),
    }
}

/// Returns who an action affects, in full.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Room => msg!("scope-room"),
        Scope::Mine => msg!("scope-mine"),
        Scope::Screen => "",
    }
}

/// Returns who an action affects, abbreviated.
pub fn scope_short(scope: Scope) -> &'static str {
    match scope {
        Scope::Room => msg!("scope-room-short"),
        Scope::Mine => msg!("scope-mine-short"),
        Scope::Screen => "",
    }
}

/// Returns the number of commands that match the typed text.
pub fn palette_count(count: usize) -> String {
    msg!("palette-count", count = count)
}

/// `click again to go to 1:02:03`.
pub fn click_again(to: MediaTime) -> String {
    msg!("click-again", to = position(to, false))
}

/// `at 41:12 of 2:03:55`.
pub fn where_it_is(at: MediaTime, duration: Option<MediaTime>) -> String {
    match duration {
        Some(duration) => msg!("where-of", at = at, duration = duration),
        None => msg!("where", at = at),
    }
}

/// Says that the token of the user's seat could not be saved to disk.
pub fn seat_not_saved(reason: &str) -> String {
    msg!("seat-not-saved", why = reason)
}

/// Says that letters typed in keys mode were taken as text.
pub fn typing_is_chat(key: &str) -> String {
    msg!("typing-is-chat", key = key)
}

/// Returns the title of the view that ends a session.
pub fn stop_title(kind: StopKind) -> &'static str {
    match kind {
        StopKind::NotAdmitted => msg!("stop-not-admitted"),
        StopKind::Refused => msg!("stop-refused"),
        StopKind::PinMismatch => msg!("stop-pin-mismatch"),
        StopKind::Unreachable => msg!("stop-unreachable"),
        StopKind::Disconnected => msg!("stop-disconnected"),
        StopKind::RoomClosed => msg!("stop-room-closed"),
        StopKind::Removed => msg!("stop-removed"),
        StopKind::Replaced => msg!("stop-replaced"),
        StopKind::Failed => msg!("stop-failed"),
    }
}

/// `Disconnected: the server closed the connection`.
pub fn stop_title_because(kind: StopKind, why: &str) -> String {
    if why.is_empty() {
        stop_title(kind).to_owned()
    } else {
        msg!("stop-because", title = stop_title(kind), why = why)
    }
}

/// Returns `Connecting to box.example.org:7843 …`, without the address if it is not known.
pub fn connecting(to: &str) -> String {
    if to.is_empty() {
        msg!("connecting").to_owned()
    } else {
        msg!("connecting-to", to = to)
    }
}

/// `a, b and c`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => msg!("somebody").to_owned(),
        [one] => one.clone(),
        [before @ .., last] => msg!("list-and-last", names = parts(before), name = last),
    }
}

/// Returns `a, b, c`: a list of independent parts.
pub fn parts(parts: &[String]) -> String {
    let Some((first, rest)) = parts.split_first() else {
        return String::new();
    };
    let names = rest.iter().fold(Cow::Borrowed(first), |names, name| {
        Cow::Owned(msg!("list-and-more", names = names.as_ref(), name = name))
    });
    names.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ActionId;

    #[test]
    fn a_bound_never_looks_better_than_it_is() {
        assert_eq!(link(Duration::from_micros(30_001)), "ping 31 ms");
        assert_eq!(millis(999), "1 ms");
    }

    #[test]
    fn a_mistake_names_the_expected_value() {
        let mistake = |id, word, argument, typed: &str| {
            mistake(&CommandMistake::Argument {
                id,
                word,
                argument,
                typed: typed.to_owned(),
            })
        };

        assert_eq!(
            mistake(ActionId::Rename, "rename", "TITLE", &"x".repeat(66)),
            "/rename TITLE: a title has 1 to 64 characters"
        );
        assert_eq!(
            mistake(ActionId::OnStall, "on-stall", "wait|go-on", "never"),
            "/on-stall wait|go-on: \"never\" is not one of wait, go-on"
        );
        assert_eq!(
            mistake(ActionId::OnStall, "on-stall", "wait|go-on", ""),
            "/on-stall wait|go-on"
        );
        assert_eq!(
            mistake(ActionId::Play, "play", "", "now"),
            "/play takes no argument"
        );
    }
}
