//! Texts of plain mode and for screen readers: whole words in place of glyphs, abbreviations and columns. Other texts are shared
//! with the screen.

mod answers;
mod events;
mod narration;
mod numbers;
mod people;
mod player;
mod undo;

use std::time::Duration;

use watchtogether_protocol::{Item, ItemSource, Length, MediaTime, Rate};

use super::events::forms_of_a_time;
use super::numbers::{distance, is_same_position};
use super::{Who, list, parts};
use crate::action::{ActionId, Slash};
use crate::slash_command::CommandMistake;

pub use answers::*;
pub use events::{done, host_already, nobody_banned_called, nobody_called, not_done, silent};
pub use narration::line;
pub use numbers::{drift, millis, position, position_of, span, speed};
use numbers::{off_by, wait};
pub use people::{copy_ended, no_copy, not_ready, searching};

/// Returns the answer to the first Ctrl-C on an empty line: `Press Control C again within 5 seconds to leave.`
pub fn interrupt_again(within: Duration) -> String {
    msg!("spoken-interrupt-again", within = wait(within))
}

/// Returns the question before leaving: what will happen, and the word that confirms it.
pub fn leave_question(others: usize, hosts: bool, ends: bool) -> String {
    let title = super::leave_title(others, ends);
    let question = super::leave_question(others, hosts, ends);
    if ends && others > 0 {
        msg!("spoken-end-question", title = title, question = question)
    } else {
        msg!("spoken-leave-question", title = title, question = question)
    }
}

/// Returns what a long paste put into the line, and how much was cut off. Nothing is sent before Enter.
pub fn pasted(lines: usize, chars: usize, free: usize) -> String {
    let question = super::paste_question(lines, chars, free);
    if chars > free {
        msg!("spoken-pasted-too-much", question = question)
    } else {
        question
    }
}

/// `bo went back 10 seconds, to 41 minutes 2.`
pub fn went(who: &Who, from: MediaTime, to: MediaTime) -> String {
    if is_same_position(from, to) {
        return msg!("spoken-came-back", who = who, to = position(to));
    }
    let (by, at) = (span(distance(from, to)), position(to));
    if to < from {
        msg!("spoken-went-back", who = who, by = by, to = at)
    } else {
        msg!("spoken-went-forward", who = who, by = by, to = at)
    }
}

/// Returns `bo went back 20 seconds in all, to 40 minutes 52.`, if they continued after the first distance was reported.
pub fn went_in_all(who: &Who, from: MediaTime, to: MediaTime) -> String {
    if is_same_position(from, to) {
        return msg!("spoken-came-back", who = who, to = position(to));
    }
    let (by, at) = (span(distance(from, to)), position(to));
    if to < from {
        msg!("spoken-went-back-in-all", who = who, by = by, to = at)
    } else {
        msg!("spoken-went-forward-in-all", who = who, by = by, to = at)
    }
}

/// `ana pressed play, at 41 minutes 12.`
pub fn played(who: &Who, at: MediaTime) -> String {
    msg!("spoken-played", who = who, at = position(at))
}

/// `ana paused, at 41 minutes 12.`
pub fn paused(who: &Who, at: MediaTime) -> String {
    msg!("spoken-paused", who = who, at = position(at))
}

/// `ana set the speed to 1.25 times.`
pub fn rate_changed(who: &Who, rate: Rate) -> String {
    msg!("spoken-rate-changed", who = who, speed = speed(rate))
}

/// `The speed is already 1.25 times.`
pub fn rate_already(rate: Rate) -> String {
    msg!("spoken-rate-already", speed = speed(rate))
}

/// `ana started Film.mkv, 2 hours 3 minutes 55.`; a live source says so instead of its length.
pub fn item_set(who: &Who, item: &Item) -> String {
    let title = &item.title;
    match item.length {
        Length::Of(length) => msg!(
            "spoken-put-on",
            who = who,
            title = title,
            length = position(length)
        ),
        Length::Live => msg!("spoken-put-on-live", who = who, title = title),
        Length::Unknown => msg!("spoken-put-on-unknown", who = who, title = title),
    }
}

/// Returns `Film.ts is complete: 2 hours 3 minutes 55.`; a link may be live instead, or opened for the first time.
pub fn length_found(item: &Item, is_complete: bool) -> Option<String> {
    let title = &item.title;
    match (item.length, &item.source) {
        (Length::Of(duration), ItemSource::File { .. }) => {
            is_complete.then(|| msg!("spoken-complete", title = title, length = position(duration)))
        }
        (Length::Of(duration), ItemSource::Link(_)) => {
            Some(msg!("spoken-length", title = title, length = position(duration)))
        }
        (Length::Live, _) => Some(msg!("spoken-live", title = title)),
        (Length::Unknown, _) => None,
    }
}

/// Returns how the user's copy differs: `Your copy is a different file, 10 seconds shorter. It may be a different cut.`
pub fn other_file(longer_by: MediaTime) -> String {
    let (how, by) = difference(longer_by);
    msg!("spoken-other-file", how = how, by = by)
}

/// Returns how another copy's length differs, which messages select on, and by how much.
fn difference(longer_by: MediaTime) -> (&'static str, String) {
    let far = longer_by.abs();
    let how = if far < Duration::from_millis(500) {
        "same"
    } else if longer_by > MediaTime::ZERO {
        "longer"
    } else {
        "shorter"
    };
    let by = MediaTime::from_secs_f64(far.as_secs_f64().round());
    (how, position(by))
}

/// `Your player is buffering, 34 percent. The room is waiting for you.`
pub fn buffering(percent: u8, room_waits: bool) -> String {
    if room_waits {
        msg!("spoken-buffering-awaited", percent = percent)
    } else {
        msg!("spoken-buffering", percent = percent)
    }
}

/// Returns `Waiting for bo, buffering 12 percent, and chi.`, or `Waiting for 12 people.` if there are too many to be named, and
/// what the host can do.
pub fn waiting_for(who: &[(String, Option<u8>)], count: u32, may_go_on: bool) -> String {
    if who.is_empty() {
        return if may_go_on {
            msg!("spoken-waiting-count-hint", count = count)
        } else {
            msg!("spoken-waiting-count", count = count)
        };
    }
    let names: Vec<String> = who
        .iter()
        .map(|(name, percent)| match percent {
            Some(percent) => msg!("spoken-name-buffering", name = name, percent = *percent),
            None => name.clone(),
        })
        .collect();
    if may_go_on {
        msg!("spoken-waiting-for-hint", names = list(&names))
    } else {
        msg!("spoken-waiting-for", names = list(&names))
    }
}

/// `Seeking to 1 hour 10 minutes: 2 of 3 are there.`
pub fn seeking(to: MediaTime, there: usize, of: usize) -> String {
    msg!("spoken-seeking", to = position(to), there = there, of = of)
}

/// `Catching up, 0.42 seconds behind.`
pub fn catching_up(behind: Duration) -> String {
    if behind.is_zero() {
        msg!("spoken-catching-up").to_owned()
    } else {
        msg!("spoken-catching-up-by", by = span(behind))
    }
}

/// `Settling, within 138 milliseconds.`
pub fn settling(spread: Duration) -> String {
    let micros = u32::try_from(spread.as_micros()).unwrap_or(u32::MAX);
    msg!("spoken-settling", within = millis(micros))
}

/// `Slowing down, 0.12 seconds ahead.`
pub fn slowing_down(ahead: Duration) -> String {
    msg!("spoken-slowing-down", by = span(ahead))
}

/// `Jumped 3.1 seconds to the room.`
pub fn jumped(by: MediaTime) -> String {
    msg!("spoken-jumped", by = span(by.abs()))
}

/// `Out of sync, 12 seconds ahead. Type /sync to jump to the room.`
pub fn out_of_sync(drift: MediaTime) -> String {
    let by = off_by(span(drift.abs()), drift < MediaTime::ZERO);
    msg!("spoken-out-of-sync", by = by)
}

/// `Could not connect. Try 2 in 3 seconds.`
pub fn next_try(attempt: u32, after: Duration) -> String {
    msg!("spoken-next-try", attempt = attempt, after = wait(after))
}

/// Returns a line of a numbered list.
pub fn numbered(number: usize, words: &str) -> String {
    msg!("spoken-numbered", number = number, words = words)
}

/// Returns the answer to a number that is not in the list.
pub fn number_from(most: usize) -> String {
    msg!("spoken-number-from", most = most)
}

/// Returns the line before a list of possible matches.
pub fn candidates(count: usize) -> String {
    msg!("spoken-candidates", count = count)
}

/// Says that nothing matches the search.
pub fn no_film(text: &str) -> String {
    msg!("spoken-no-film", text = text)
}

/// Says that an action, given by name, exists only on the screen.
pub fn screen_only(slash: Option<Slash>, id: ActionId) -> String {
    let action = id.action();
    let name = slash.map_or_else(|| action.name.to_owned(), |slash| format!("/{}", slash.word));
    msg!("spoken-screen-only", name = name, help = action.help())
}

/// Says that an action, given by name, works only on the typed line.
pub fn of_the_line(id: ActionId) -> String {
    let action = id.action();
    msg!("spoken-of-the-line", name = action.name, help = action.help())
}

/// `Not done: only the host may do that. Try again in 3 seconds.`
pub fn refused(reason: &str, retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(after) => msg!("spoken-refused-for-now", why = reason, after = wait(after)),
        None => msg!("spoken-refused", why = reason),
    }
}

/// `Not done: the film is 10 minutes long. Times are written 90, 1:30, 1:02:03, 90s, 2m or 1h; +10 and -10 go from here.`
pub fn beyond_end(length: MediaTime) -> String {
    let (forms, last) = forms_of_a_time();
    msg!(
        "spoken-beyond-end",
        length = position(length),
        forms = forms,
        last = last
    )
}

/// Returns why a line with a slash is not a command.
pub fn mistake(mistake: &CommandMistake) -> String {
    match mistake {
        CommandMistake::Unknown {
            word,
            nearest: Some(nearest),
        } => msg!("spoken-mistake-nearest", word = word, nearest = *nearest),
        CommandMistake::Unknown { word, nearest: None } => msg!("spoken-mistake-unknown", word = word),
        CommandMistake::Argument {
            word, argument: "", ..
        } => msg!("spoken-mistake-no-argument", word = *word),
        CommandMistake::Argument {
            id,
            word,
            argument,
            typed,
        } => {
            let form = format!("/{word} {argument}");
            let kind = id.action().effect.argument();
            let help = kind.map(super::argument).unwrap_or_default();
            let form = if help.is_empty() {
                msg!("spoken-mistake-argument", form = form)
            } else {
                msg!("spoken-mistake-argument-help", form = form, help = help)
            };
            match kind.filter(|_| !typed.is_empty()) {
                Some(kind) => msg!(
                    "spoken-mistake-wrong",
                    reason = super::no_argument(kind, typed),
                    form = form
                ),
                None => form,
            }
        }
    }
}

/// Returns the help for a slash command: `/seek [+-]TIME: go to a time.`
pub fn help(slash: Slash, help: &str) -> String {
    let form = format!("/{} {}", slash.word, slash.argument);
    msg!("spoken-help", form = form.trim_end(), help = help)
}

/// Returns how somebody is named in the first line of a room: `ana host`, `you`.
pub fn in_the_room(name: &str, is_host: bool) -> String {
    if is_host {
        msg!("spoken-name-host", name = name)
    } else {
        name.to_owned()
    }
}

/// `3 people: ana (host), bo, you.`
pub fn people(names: &[String]) -> String {
    msg!("spoken-people", count = names.len(), names = parts(names))
}

/// Returns a sentence about an action, with how to undo it.
pub fn with_way_to_undo(words: &str) -> String {
    msg!("spoken-may-undo", act = words)
}

/// `2 lines were skipped.`
pub fn left_out(count: u64) -> String {
    msg!("spoken-left-out", count = count)
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::item::FileMatch;
    use watchtogether_protocol::message::clock::Telemetry;
    use watchtogether_protocol::message::standing::Standing;

    use super::*;

    fn at(seconds: i64) -> MediaTime {
        MediaTime::from_millis(seconds * 1_000)
    }

    #[test]
    fn a_position_is_written_as_people_say_it() {
        assert_eq!(position(at(0)), "0 seconds");
        assert_eq!(position(at(1)), "1 second");
        assert_eq!(position(at(2_472)), "41 minutes 12");
        assert_eq!(position(at(2_460)), "41 minutes");
        assert_eq!(position(at(4_200)), "1 hour 10 minutes");
        assert_eq!(position(at(3_605)), "1 hour 5 seconds");
        assert_eq!(position(at(7_435)), "2 hours 3 minutes 55");
        assert_eq!(position(at(-5)), "0 seconds");
    }

    #[test]
    fn short_spans_have_a_fraction_and_long_ones_have_not() {
        assert_eq!(span(Duration::from_millis(420)), "0.42 seconds");
        assert_eq!(span(Duration::from_secs(1)), "1 second");
        assert_eq!(span(Duration::from_millis(1_100)), "1.1 seconds");
        assert_eq!(span(Duration::from_millis(3_140)), "3.1 seconds");
        assert_eq!(span(Duration::from_millis(12_400)), "12 seconds");
        assert_eq!(span(Duration::from_secs(90)), "1 minute 30");
    }

    #[test]
    fn a_drift_is_described_with_its_direction() {
        assert_eq!(drift(4_200), "4 milliseconds ahead");
        assert_eq!(drift(-1_000), "1 millisecond behind");
        assert_eq!(drift(-300), "on time");
        assert_eq!(drift(-1_240_000), "1.2 seconds behind");
    }

    #[test]
    fn an_act_begins_with_a_name_as_it_is_and_with_you_as_a_sentence() {
        let named = |name: &str| Who::Named(name.to_owned());

        assert_eq!(
            went(&named("bo"), at(2_472), at(2_462)),
            "bo went back 10 seconds, to 41 minutes 2."
        );
        assert_eq!(
            went(&Who::You, at(0), at(30)),
            "You went forward 30 seconds, to 30 seconds."
        );
        assert_eq!(
            rate_changed(&named("bo"), Rate::NORMAL),
            "bo set the speed to normal."
        );
    }

    #[test]
    fn spoken_texts_have_no_symbols() {
        let telemetry = Telemetry {
            drift_us: Some(-4_000),
            is_settled: true,
            drift_p50_us: Some(1_000),
            drift_p95_us: Some(8_100),
            drift_worst_us: Some(12_000),
            speed_ppm: 500,
            rtt_us: 30_100,
            rtt_p95_us: 40_000,
            clock_bound_us: 4_000,
            buffered_ms: 42_000,
            corrections: 1,
            freeze_ms: 300,
            is_typing: false,
        };
        let other = FileMatch::Other { longer_by: at(-10) };
        let lines = [
            figures("bo", &telemetry),
            member(
                "bo",
                false,
                Some(msg!("host")),
                Some((Standing::Ready, other)),
                Some(&telemetry),
            ),
            out_of_sync(MediaTime::from_millis(-12_400)),
            waiting_for(&[("bo".to_owned(), Some(12)), ("chi".to_owned(), None)], 2, true),
        ];

        assert_eq!(
            lines,
            [
                "bo: 4 milliseconds behind, half within 1 millisecond, 95 percent within 9 milliseconds, worst 12 \
                 milliseconds, 0.05 percent faster, ping 31 milliseconds, clock accurate to 4 milliseconds, 42 seconds \
                 buffered, 1 fix, the last one lasted 0.3 seconds.",
                "bo, host, connected, 4 milliseconds behind, ping 31 milliseconds, a different file, 10 seconds shorter, \
                 possibly a different cut",
                "Out of sync, 12 seconds behind. Type /sync to get back in sync.",
                "Waiting for bo, buffering 12 percent and chi. Type /go-on to go on without.",
            ]
        );
        for line in lines {
            assert!(!line.contains(['±', '×', '…', '%', '✓', '⚠']), "{line}");
        }
    }
}
