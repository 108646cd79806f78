//! What a line of input means: something to say, or a command of the table of actions.

use watchtogether_protocol::{MediaTime, Rate};

use crate::action::{ACTIONS, Action, ActionId, Slash};

/// A line of input, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Something to say.
    Say(String),
    /// Something to do.
    Do(Command),
    /// Neither: nothing is sent, and the words say why.
    Wrong(Mistake),
}

/// A command with its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An action that takes no argument.
    Run(ActionId),
    /// `/seek TIME`.
    SeekTo(MediaTime),
    /// `/seek +TIME` and `/seek -TIME`.
    SeekBy(MediaTime),
    /// `/speed X`.
    SetRate(Rate),
    /// `/chapter +1`, `/chapter -1`, `/chapter N`, `/chapter NAME`.
    Chapter(ChapterWish),
    /// `/host NAME`.
    Host(String),
    /// `/help WORD`.
    HelpOn(String),
}

/// Which chapter somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChapterWish {
    /// So many on, or back where negative.
    By(i32),
    /// The one of this number, from 1.
    Number(usize),
    /// The one whose title is this, or begins with it, or has it within.
    Named(String),
}

/// Why a line with a slash is no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There is no such command.
    Unknown {
        /// What was typed.
        word: String,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// The argument is missing or unreadable.
    Argument {
        /// Which command.
        word: &'static str,
        /// What it takes.
        argument: &'static str,
    },
}

/// Reads a line of input. Two slashes at its beginning are one that is said.
pub fn parse(line: &str) -> Line {
    let Some(rest) = line.strip_prefix('/') else {
        return Line::Say(line.to_owned());
    };
    if rest.starts_with('/') {
        return Line::Say(rest.to_owned());
    }
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let word = word.to_lowercase();
    let Some(action) = find(&word) else {
        let nearest = nearest(&word);
        return Line::Wrong(Mistake::Unknown { word, nearest });
    };
    let (action, slash) = action;
    let mistake = Mistake::Argument {
        word: slash.word,
        argument: slash.argument,
    };
    command(action, argument.trim()).map_or(Line::Wrong(mistake), Line::Do)
}

/// Returns the words of all commands that begin with `start`.
pub fn words_from(start: &str) -> Vec<&'static str> {
    words().filter(|word| word.starts_with(start)).collect()
}

fn command(action: &Action, argument: &str) -> Option<Command> {
    if action.id == ActionId::GoTo {
        parse_seek(argument)
    } else if action.id == ActionId::SetSpeed {
        parse_rate(argument).map(Command::SetRate)
    } else if action.id == ActionId::Chapter {
        parse_chapter(argument).map(Command::Chapter)
    } else if action.id == ActionId::Host {
        (!argument.is_empty()).then(|| Command::Host(argument.to_owned()))
    } else if action.id == ActionId::Help && !argument.is_empty() {
        Some(Command::HelpOn(argument.to_owned()))
    } else {
        argument.is_empty().then_some(Command::Run(action.id))
    }
}

fn parse_seek(text: &str) -> Option<Command> {
    if let Some(time) = text.strip_prefix('+') {
        return parse_time(time).map(Command::SeekBy);
    }
    if let Some(time) = text.strip_prefix('-') {
        return parse_time(time).map(|time| Command::SeekBy(MediaTime::ZERO - time));
    }
    parse_time(text).map(Command::SeekTo)
}

fn parse_chapter(text: &str) -> Option<ChapterWish> {
    let is_number = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    match text.strip_prefix(['+', '-']) {
        Some(digits) if is_number(digits) => text.parse().ok().map(ChapterWish::By),
        Some(_) | None if is_number(text) => text.parse().ok().map(ChapterWish::Number),
        Some(_) | None => (!text.is_empty()).then(|| ChapterWish::Named(text.to_owned())),
    }
}

/// Reads `1:02:03`, `2:03`, `90`, `12.5`, `90s` or `2m`.
fn parse_time(text: &str) -> Option<MediaTime> {
    if let Some(minutes) = text.strip_suffix('m') {
        return Some(MediaTime::from_secs_f64(number(minutes)? * 60.0));
    }
    let text = text.strip_suffix('s').unwrap_or(text);
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for part in parts {
        seconds = seconds * 60.0 + number(part)?;
    }
    Some(MediaTime::from_secs_f64(seconds))
}

fn parse_rate(text: &str) -> Option<Rate> {
    let text = text.trim_start_matches(['x', '×']).trim_end_matches(['x', '×']);
    number(text).and_then(Rate::from_f64)
}

/// Reads digits with at most one point: no sign, no exponent, no "inf".
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok()
}

fn find(word: &str) -> Option<(&'static Action, Slash)> {
    ACTIONS
        .iter()
        .filter_map(|action| Some((action, action.slash?)))
        .find(|(_, slash)| slash.word == word)
}

fn words() -> impl Iterator<Item = &'static str> {
    ACTIONS
        .iter()
        .filter_map(|action| action.slash)
        .map(|slash| slash.word)
}

/// Returns the command that one or two slips away from what was typed, or that begins with it.
fn nearest(word: &str) -> Option<&'static str> {
    if word.is_empty() {
        return None;
    }
    let close = words()
        .map(|known| (distance(word, known), known))
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
        .min_by_key(|(distance, _)| *distance);
    words()
        .find(|known| known.starts_with(word))
        .or(close.map(|(_, known)| known))
}

/// The number of letters to add, drop, change or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seek_to(millis: i64) -> Line {
        Line::Do(Command::SeekTo(MediaTime::from_millis(millis)))
    }

    #[test]
    fn what_has_no_slash_is_said_and_two_slashes_say_one() {
        assert_eq!(parse("hello / there"), Line::Say("hello / there".to_owned()));
        assert_eq!(parse("//me"), Line::Say("/me".to_owned()));
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(parse("/seek 1:02:03"), seek_to(3_723_000));
        assert_eq!(parse("/seek 90"), seek_to(90_000));
        assert_eq!(parse("/seek 2m"), seek_to(120_000));
        assert_eq!(parse("/seek 12.5s"), seek_to(12_500));
        assert_eq!(
            parse("/seek -10"),
            Line::Do(Command::SeekBy(MediaTime::from_millis(-10_000)))
        );
        assert_eq!(
            parse("/seek +1:00"),
            Line::Do(Command::SeekBy(MediaTime::from_millis(60_000)))
        );
    }

    #[test]
    fn an_unreadable_argument_is_named_with_what_is_expected() {
        let wrong = |word, argument| Line::Wrong(Mistake::Argument { word, argument });

        for line in ["/seek", "/seek soon", "/seek 1:2:3:4", "/seek inf", "/seek 1e9"] {
            assert_eq!(parse(line), wrong("seek", "[+-]TIME"), "{line}");
        }
        assert_eq!(parse("/speed 9"), wrong("speed", "X"));
        assert_eq!(parse("/host"), wrong("host", "NAME"));
        assert_eq!(parse("/play now"), wrong("play", ""));
    }

    #[test]
    fn chapters_are_meant_by_distance_number_or_name() {
        let chapter = |wish| Line::Do(Command::Chapter(wish));

        assert_eq!(parse("/chapter +1"), chapter(ChapterWish::By(1)));
        assert_eq!(parse("/chapter -2"), chapter(ChapterWish::By(-2)));
        assert_eq!(parse("/chapter 12"), chapter(ChapterWish::Number(12)));
        let named = |name: &str| chapter(ChapterWish::Named(name.to_owned()));
        assert_eq!(parse("/chapter the car"), named("the car"));
        assert_eq!(parse("/chapter -"), named("-"));
        for line in ["/chapter", "/chapter +99999999999"] {
            assert!(matches!(parse(line), Line::Wrong(_)), "{line}");
        }
    }

    #[test]
    fn speeds_are_read_with_or_without_their_sign() {
        let rate = Rate::from_f64(1.25).expect("in range");

        for line in ["/speed 1.25", "/speed x1.25", "/speed 1.25x"] {
            assert_eq!(parse(line), Line::Do(Command::SetRate(rate)), "{line}");
        }
    }

    #[test]
    fn names_with_spaces_stay_whole() {
        assert_eq!(
            parse("/host  bo the great "),
            Line::Do(Command::Host("bo the great".to_owned()))
        );
    }

    #[test]
    fn an_unknown_command_names_its_nearest() {
        let nearest = |line| {
            let Line::Wrong(Mistake::Unknown { nearest, .. }) = parse(line) else {
                panic!("{line} is a command");
            };
            nearest
        };

        assert_eq!(nearest("/paly"), Some("play"));
        assert_eq!(nearest("/PAUS"), Some("pause"));
        assert_eq!(nearest("/sek 10"), Some("seek"));
        assert_eq!(nearest("/frobnicate"), None);
        assert_eq!(nearest("/"), None);
    }

    #[test]
    fn commands_complete_from_their_first_letters() {
        assert_eq!(words_from("re"), ["reopen", "retry"]);
    }
}
