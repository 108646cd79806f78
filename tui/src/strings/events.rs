//! Texts of events in the chat.

use std::time::Duration;

use watchtogether_protocol::link_end::LinkEnd;
use watchtogether_protocol::message::roster::HostChangeReason;
use watchtogether_protocol::{Clean, MediaTime, Rate};

use super::numbers::{distance, is_same_position, rate, rough, seconds};
use super::{DOT, Who, title};
use crate::typed_time;

/// `you opened movie-night`.
pub fn opened(room: &str) -> String {
    msg!("event-opened", room = room)
}

/// `you joined movie-night · host ana`.
pub fn entered(room: &str, host: Option<&str>) -> String {
    match host {
        Some(host) => msg!("event-entered-host", room = room, host = host),
        None => msg!("event-entered", room = room),
    }
}

/// Returns the first lines of a transcript.
pub fn transcript_head(room: &str, title: Option<&str>) -> String {
    let title = title.map_or_else(String::new, |title| format!("{DOT}{title}"));
    format!(
        "# {room}{title}\n# {COLUMNS}\n",
        COLUMNS = msg!("transcript-columns")
    )
}

/// `2 lines skipped: too many at once`.
pub fn left_out(count: u64) -> String {
    msg!("left-out", count = count)
}

/// Returns the text of an event, with a hint about what the user can do.
pub fn with_hint(words: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{words}{DOT}{hint}"),
        None => words.to_owned(),
    }
}

/// `ana pressed play`.
pub fn played(who: &Who) -> String {
    msg!("event-played", who = who)
}

/// `ana paused at 00:41:12`.
pub fn paused_at(who: &Who, at: MediaTime) -> String {
    msg!("event-paused", who = who, at = at)
}

/// `bo went back 10 s, to 41:02`.
pub fn went(who: &Who, from: MediaTime, to: MediaTime) -> String {
    if is_same_position(from, to) {
        return msg!("event-came-back", who = who, to = to);
    }
    let distance = distance(from, to);
    let by = if distance < Duration::from_secs(1) {
        seconds(distance)
    } else {
        rough(distance)
    };
    if to < from {
        msg!("event-went-back", who = who, by = by, to = to)
    } else {
        msg!("event-went-forward", who = who, by = by, to = to)
    }
}

/// `the film is 1:02:03 long`: why a later position is refused.
pub fn film_is_long(length: MediaTime) -> String {
    msg!("film-is-long", length = length)
}

/// Returns how a time is written.
pub fn time_forms() -> String {
    let (forms, last) = forms_of_a_time();
    msg!("time-forms", forms = forms, last = last)
}

/// Returns examples of times as a list, and one more.
pub(super) fn forms_of_a_time() -> (String, &'static str) {
    let [forms @ .., last] = &typed_time::FORMS;
    (super::parts(&forms.map(str::to_owned)), last)
}

/// `ana set the speed to 1.25x`, for everyone.
pub fn rate_changed(who: &Who, to: Rate) -> String {
    msg!("event-rate", who = who, rate = rate(to))
}

/// `ana started Film.mkv (2:03:55)`.
pub fn item_set(who: &Who, title: &str, duration: Option<MediaTime>) -> String {
    match duration {
        Some(length) => msg!("event-put-on-length", who = who, title = title, length = length),
        None => msg!("event-put-on", who = who, title = title),
    }
}

/// `waiting for bo to buffer`.
pub fn event_waiting(who: &Who) -> String {
    msg!("event-waiting", who = who)
}

/// Returns `film.ts is complete (2:03:55)`, for a file that was still being written.
pub fn final_length(title: &str, duration: MediaTime) -> String {
    msg!("event-complete", title = title, length = duration)
}

/// Says that the room to be opened already exists.
pub fn room_exists(name: &str) -> String {
    msg!("room-exists", name = name)
}

/// Says that there is no local copy of the item, and what the user can do about it.
pub fn no_copy(film: Option<&Clean>) -> String {
    msg!("event-no-copy", title = title(film))
}

/// Returns the notice for a viewer whose key in the player's window was undone. `is_back` says whether the player is with the
/// room again.
pub fn request_undone(host: Option<&str>, is_back: bool) -> String {
    match (host, is_back) {
        (Some(host), true) => msg!("request-ignored-host-back", host = host),
        (Some(host), false) => msg!("request-ignored-host-chat", host = host),
        (None, true) => msg!("request-ignored-nobody-back").to_owned(),
        (None, false) => msg!("request-ignored-nobody").to_owned(),
    }
}

/// Returns the notice for a request that only the host may make, with how to get it done.
pub fn host_only(host: &str) -> String {
    msg!("host-only", host = host)
}

/// `connection lost: the server stopped responding`.
pub fn link_lost(reason: &LinkEnd) -> String {
    msg!("event-link-lost", why = super::link_end(reason))
}

/// `ana is now the host`, with the reason.
pub fn host_changed(who: &Who, reason: HostChangeReason) -> String {
    match reason {
        HostChangeReason::Transferred | HostChangeReason::Undone => msg!("event-host", who = who),
        HostChangeReason::HostLeft => msg!("event-host-left", who = who),
        HostChangeReason::HostLost => msg!("event-host-lost", who = who),
        HostChangeReason::Reclaimed => msg!("event-host-again", who = who),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Who {
        Who::Named(name.to_owned())
    }

    #[test]
    fn a_seek_is_reported_with_its_direction_and_distance() {
        let at = MediaTime::from_millis;

        assert_eq!(
            went(&named("bo"), at(2_472_000), at(2_462_000)),
            "bo went back 10 s, to 41:02"
        );
        assert_eq!(
            went(&named("bo"), at(10_042), at(10_000)),
            "bo went back 0.04 s, to 00:10"
        );
        assert_eq!(
            went(&named("bo"), at(171_000), at(171_001)),
            "bo came back to 02:51"
        );
        assert_eq!(
            went(&named("bo"), at(0), at(3_723_000)),
            "bo went forward 1:02:03, to 1:02:03"
        );
    }

    #[test]
    fn a_new_host_is_named_or_is_you() {
        assert_eq!(
            host_changed(&named("bo"), HostChangeReason::HostLeft),
            "bo is now the host: the previous host left"
        );
        assert_eq!(
            host_changed(&Who::You, HostChangeReason::Transferred),
            "you are now the host"
        );
    }
}
