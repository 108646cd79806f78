//! Parses a line of input: a message, or a command from the action table.

use watchtogether_protocol::message::settings::Setting;
use watchtogether_protocol::{Rate, RoomIntent};

use crate::action::{ACTIONS, Action, ActionEffect, ActionId, Argument, Slash};
use crate::intent::Intent;
use crate::nearest::nearest;
use crate::typed_time::{self, TypedTime};

/// A parsed line of input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedLine {
    /// A chat message to send.
    Say(String),
    /// A command to carry out.
    Do(SlashCommand),
    /// A faulty command; nothing is sent.
    Wrong(CommandMistake),
}

/// A command with its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlashCommand {
    /// An action that takes no argument.
    Run(ActionId),
    /// The intent of an action with its argument.
    Ask(Intent),
    /// A chapter to go to.
    Chapter(ChapterTarget),
    /// An action about a member of the room.
    Member {
        /// The action.
        id: ActionId,
        /// Their name, as it was typed.
        name: String,
    },
    /// An action about a banned person.
    Ban {
        /// The action.
        id: ActionId,
        /// Their name, as it was typed.
        name: String,
    },
    /// An action with free text, implemented by each front end.
    Words {
        /// The action.
        id: ActionId,
        /// The text.
        text: String,
    },
    /// A setting that is switched on or off.
    Switch {
        /// The action.
        id: ActionId,
        /// Whether it is switched on.
        is_on: bool,
    },
}

/// The chapter that a user asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChapterTarget {
    /// This many chapters forward, or back if negative.
    By(i32),
    /// The chapter with this number, from 1.
    Number(usize),
    /// The chapter whose title equals this, begins with it, or contains it.
    Named(String),
}

/// Why a line with a slash is not a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandMistake {
    /// The command does not exist.
    Unknown {
        /// The typed word.
        word: String,
        /// The nearest existing word.
        nearest: Option<&'static str>,
    },
    /// The argument is missing or unreadable.
    Argument {
        /// The command's action.
        id: ActionId,
        /// The command.
        word: &'static str,
        /// The expected argument.
        argument: &'static str,
        /// The typed argument.
        typed: String,
    },
}

/// A command that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typing {
    /// The word is incomplete and may become one of these.
    Word {
        /// The text after the slash.
        start: String,
        /// The matching commands (at least one). Commands with their own word come first.
        candidates: Vec<(&'static Action, Slash)>,
    },
    /// The word is complete.
    Argument {
        /// The command.
        action: &'static Action,
        /// Its form.
        slash: Slash,
        /// Whether an argument has been started.
        has_argument: bool,
    },
}

/// Returns the command that is being typed, if any.
pub fn typing(line: &str) -> Option<Typing> {
    let rest = line.strip_prefix('/')?;
    if let Some((word, argument)) = rest.split_once(char::is_whitespace) {
        let (action, slash) = find(&word.to_lowercase())?;
        return Some(Typing::Argument {
            action,
            slash,
            has_argument: !argument.trim().is_empty(),
        });
    }
    let start = rest.to_lowercase();
    let candidates: Vec<_> = forms()
        .filter(|(_, slash)| slash.word.starts_with(&start))
        .collect();
    (!candidates.is_empty()).then_some(Typing::Word { start, candidates })
}

/// Returns the words that complete the argument at the end of a line, if its command takes one of a few words, and where that
/// argument begins.
pub fn choices(line: &str) -> Option<(usize, Vec<&'static str>)> {
    let Some(Typing::Argument { action, .. }) = typing(line) else {
        return None;
    };
    let (_, argument) = line.split_once(char::is_whitespace)?;
    let begun = argument.trim_start().to_lowercase();
    let words: Vec<&'static str> = match action.effect.argument()? {
        Argument::Choice(choices) => choices.iter().map(|(word, _)| *word).collect(),
        Argument::Switch => vec!["on", "off"],
        Argument::Time
        | Argument::Rate
        | Argument::Title
        | Argument::Chapter
        | Argument::Member(_)
        | Argument::Ban(_)
        | Argument::Words => return None,
    };
    let fitting = words.into_iter().filter(|word| word.starts_with(&begun));
    Some((line.len() - argument.trim_start().len(), fitting.collect()))
}

/// Parses a line of input. Two slashes at its beginning mean a message that begins with one.
pub fn parse(line: &str) -> ParsedLine {
    let Some(rest) = line.strip_prefix('/') else {
        return ParsedLine::Say(line.to_owned());
    };
    if rest.starts_with('/') {
        return ParsedLine::Say(rest.to_owned());
    }
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let word = word.to_lowercase();
    let Some(action) = find(&word) else {
        let nearest = nearest(&word, words());
        return ParsedLine::Wrong(CommandMistake::Unknown { word, nearest });
    };
    let (action, slash) = action;
    let mistake = CommandMistake::Argument {
        id: action.id,
        word: slash.word,
        argument: slash.argument,
        typed: argument.trim().to_owned(),
    };
    command(action, argument.trim()).map_or(ParsedLine::Wrong(mistake), ParsedLine::Do)
}

/// Returns the action that scripts call by this word or name, with its form.
pub fn scripted(word: &str) -> Option<(&'static Action, Slash)> {
    let of_word = script_forms().find(|(_, slash)| slash.word == word);
    of_word.or_else(|| script_forms().find(|(action, _)| action.name == word))
}

/// Returns the actions for scripts, each with its form, in the order of the table.
pub fn script_forms() -> impl Iterator<Item = (&'static Action, Slash)> + Clone {
    ACTIONS
        .iter()
        .filter_map(|action| Some((action, action.script_form()?)))
}

/// Returns the words of all commands that begin with `start`.
pub fn words_from(start: &str) -> Vec<&'static str> {
    words().filter(|word| word.starts_with(start)).collect()
}

/// Parses the argument of an action; `None` if it is missing, unreadable, or superfluous.
pub fn command(action: &Action, argument: &str) -> Option<SlashCommand> {
    let id = action.id;
    let kind = match &action.effect {
        ActionEffect::With(kind) => kind,
        ActionEffect::Here(Some(kind)) if !argument.is_empty() => kind,
        ActionEffect::Ask(_)
        | ActionEffect::ChangeRate(_)
        | ActionEffect::MoveByChapters(_)
        | ActionEffect::Here(_) => {
            return argument.is_empty().then_some(SlashCommand::Run(id));
        }
    };
    let text = Some(argument.to_owned()).filter(|text| !text.is_empty())?;
    match kind {
        Argument::Time => typed_time::parse(&text).map(|time| SlashCommand::Ask(seek(time))),
        Argument::Rate => {
            parse_rate(&text).map(|rate| SlashCommand::Ask(Intent::Room(RoomIntent::SetRate(rate))))
        }
        Argument::Title => text.parse().ok().map(|title| {
            let setting = Setting::Title(Some(title));
            SlashCommand::Ask(Intent::Room(RoomIntent::Set(setting)))
        }),
        Argument::Chapter => parse_chapter(&text).map(SlashCommand::Chapter),
        Argument::Member(_) => Some(SlashCommand::Member { id, name: text }),
        Argument::Ban(_) => Some(SlashCommand::Ban { id, name: text }),
        Argument::Choice(choices) => {
            let chosen = choices.iter().find(|(word, _)| *word == text);
            chosen.map(|(_, intent)| SlashCommand::Ask(Intent::Room(intent.clone())))
        }
        Argument::Words => Some(SlashCommand::Words { id, text }),
        Argument::Switch => match text.as_str() {
            "on" => Some(SlashCommand::Switch { id, is_on: true }),
            "off" => Some(SlashCommand::Switch { id, is_on: false }),
            _ => None,
        },
    }
}

const fn seek(time: TypedTime) -> Intent {
    match time {
        TypedTime::To(position) => Intent::Room(RoomIntent::SeekTo(position)),
        TypedTime::By(distance) => Intent::Room(RoomIntent::SeekBy(distance)),
    }
}

fn parse_chapter(text: &str) -> Option<ChapterTarget> {
    let is_number = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    match text.strip_prefix(['+', '-']) {
        Some(digits) if is_number(digits) => text.parse().ok().map(ChapterTarget::By),
        Some(_) | None if is_number(text) => text.parse().ok().map(ChapterTarget::Number),
        Some(_) | None => (!text.is_empty()).then(|| ChapterTarget::Named(text.to_owned())),
    }
}

fn parse_rate(text: &str) -> Option<Rate> {
    let text = text.trim_start_matches(['x', '×']).trim_end_matches(['x', '×']);
    number(text).and_then(Rate::from_f64)
}

/// Parses digits with at most one point: no sign, no exponent, no "inf".
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok()
}

fn find(word: &str) -> Option<(&'static Action, Slash)> {
    // An action's name works as a second word, so that the names in keys.toml and the manual can be typed.
    forms()
        .find(|(_, slash)| slash.word == word)
        .or_else(|| forms().find(|(action, _)| action.name == word))
}

fn forms() -> impl Iterator<Item = (&'static Action, Slash)> + Clone {
    // Commands with their own word are typed more often than those with only a name.
    let of_own = |is_own: bool| {
        let actions = ACTIONS
            .iter()
            .filter(move |action| action.slash.is_some() == is_own);
        actions.filter_map(|action| Some((action, action.slash_form()?)))
    };
    of_own(true).chain(of_own(false))
}

fn words() -> impl Iterator<Item = &'static str> + Clone {
    forms().map(|(_, slash)| slash.word)
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::MediaTime;
    use watchtogether_protocol::message::playback::StallPolicy;

    use super::*;

    fn seek_to(millis: i64) -> ParsedLine {
        ParsedLine::Do(SlashCommand::Ask(Intent::Room(RoomIntent::SeekTo(
            MediaTime::from_millis(millis),
        ))))
    }

    #[test]
    fn plain_text_is_chat_and_a_double_slash_escapes_a_slash() {
        assert_eq!(
            parse("hello / there"),
            ParsedLine::Say("hello / there".to_owned())
        );
        assert_eq!(parse("//me"), ParsedLine::Say("/me".to_owned()));
    }

    #[test]
    fn a_seek_goes_to_a_time_or_by_a_distance() {
        let seek_by = |millis| {
            ParsedLine::Do(SlashCommand::Ask(Intent::Room(RoomIntent::SeekBy(
                MediaTime::from_millis(millis),
            ))))
        };

        assert_eq!(parse("/seek 1:02:03"), seek_to(3_723_000));
        assert_eq!(parse("/seek 2m"), seek_to(120_000));
        assert_eq!(parse("/seek -10"), seek_by(-10_000));
        assert_eq!(parse("/seek +1:00"), seek_by(60_000));
    }

    #[test]
    fn an_invalid_argument_reports_the_expected_form() {
        let mistake = |line: &str| {
            let ParsedLine::Wrong(CommandMistake::Argument {
                word,
                argument,
                typed,
                ..
            }) = parse(line)
            else {
                panic!("{line} is a command");
            };
            (word, argument, typed)
        };
        let wrong = |word, argument, typed: &str| (word, argument, typed.to_owned());

        for typed in ["", "soon", "1:99", "+0:60"] {
            assert_eq!(
                mistake(&format!("/seek {typed}")),
                wrong("seek", "[+-]TIME", typed)
            );
        }
        assert_eq!(mistake("/speed 9"), wrong("speed", "X", "9"));
        assert_eq!(mistake("/host"), wrong("host", "NAME", ""));
        assert_eq!(mistake("/play now"), wrong("play", "", "now"));
    }

    #[test]
    fn chapters_are_selected_by_distance_number_or_name() {
        let chapter = |request| ParsedLine::Do(SlashCommand::Chapter(request));

        assert_eq!(parse("/chapter +1"), chapter(ChapterTarget::By(1)));
        assert_eq!(parse("/chapter -2"), chapter(ChapterTarget::By(-2)));
        assert_eq!(parse("/chapter 12"), chapter(ChapterTarget::Number(12)));
        let named = |name: &str| chapter(ChapterTarget::Named(name.to_owned()));
        assert_eq!(parse("/chapter the car"), named("the car"));
        assert_eq!(parse("/chapter -"), named("-"));
        for line in ["/chapter", "/chapter +99999999999"] {
            assert!(matches!(parse(line), ParsedLine::Wrong(_)), "{line}");
        }
    }

    #[test]
    fn speeds_may_be_written_with_an_x() {
        let rate = Rate::from_f64(1.25).expect("in range");

        for line in ["/speed 1.25", "/speed x1.25", "/speed 1.25x"] {
            assert_eq!(
                parse(line),
                ParsedLine::Do(SlashCommand::Ask(Intent::Room(RoomIntent::SetRate(rate)))),
                "{line}"
            );
        }
    }

    #[test]
    fn names_with_spaces_stay_whole() {
        let member = |id, name: &str| {
            let name = name.to_owned();
            ParsedLine::Do(SlashCommand::Member { id, name })
        };

        assert_eq!(
            parse("/host  bo the great "),
            member(ActionId::Host, "bo the great")
        );
        assert_eq!(parse("/kick bo"), member(ActionId::Kick, "bo"));
        assert_eq!(parse("/ban Bo B"), member(ActionId::Ban, "Bo B"));
        let (id, name) = (ActionId::Unban, "1".to_owned());
        assert_eq!(parse("/unban 1"), ParsedLine::Do(SlashCommand::Ban { id, name }));
        assert_eq!(parse("/bans"), ParsedLine::Do(SlashCommand::Run(ActionId::Bans)));
        assert!(matches!(parse("/ban"), ParsedLine::Wrong(_)));
    }

    #[test]
    fn an_unknown_command_names_its_nearest() {
        let nearest = |line| {
            let ParsedLine::Wrong(CommandMistake::Unknown { nearest, .. }) = parse(line) else {
                panic!("{line} is a command");
            };
            nearest
        };

        assert_eq!(nearest("/paly"), Some("play"));
        assert_eq!(nearest("/PAUS"), Some("pause"));
        assert_eq!(nearest("/mose off"), Some("mouse"));
        assert_eq!(nearest("/sek 10"), Some("seek"));
        assert_eq!(nearest("/frobnicate"), None);
        assert_eq!(nearest("/"), None);
    }

    #[test]
    fn commands_complete_from_their_first_letters() {
        assert_eq!(
            words_from("re"),
            ["reveal", "rename", "reopen", "retry", "redraw"]
        );
    }

    #[test]
    fn an_actions_name_works_as_its_command() {
        assert_eq!(
            parse("/back-5"),
            ParsedLine::Do(SlashCommand::Run(ActionId::Back5))
        );
        assert_eq!(parse("/go-to 90"), seek_to(90_000));
        assert_eq!(parse("/people"), parse("/who"));
        assert!(matches!(parse("/cut-to-start"), ParsedLine::Wrong(_)));
    }

    #[test]
    fn an_argument_of_few_words_is_completed_by_them() {
        assert_eq!(choices("/on-stall "), Some((10, vec!["wait", "go-on"])));
        assert_eq!(choices("/on-stall G"), Some((10, vec!["go-on"])));
        assert_eq!(choices("/mouse of"), Some((7, vec!["off"])));
        assert_eq!(choices("/on-stall"), None);
        assert_eq!(choices("/host a"), None);
    }

    #[test]
    fn a_choice_is_one_of_its_words() {
        let ask = |policy| {
            ParsedLine::Do(SlashCommand::Ask(Intent::Room(RoomIntent::Set(
                Setting::OnStall(policy),
            ))))
        };

        assert_eq!(parse("/on-stall wait"), ask(StallPolicy::Wait));
        assert_eq!(parse("/on-stall go-on"), ask(StallPolicy::GoOn));
        for line in ["/on-stall", "/on-stall never"] {
            assert!(matches!(parse(line), ParsedLine::Wrong(_)), "{line}");
        }
    }

    #[test]
    fn scripts_find_actions_by_word_or_name_but_not_screen_actions() {
        for word in ["seek", "go-to"] {
            assert_eq!(
                scripted(word).map(|(action, _)| action.id),
                Some(ActionId::GoTo),
                "{word}"
            );
        }
        for word in ["layout", "help", "me", "dance", ""] {
            assert_eq!(scripted(word), None, "{word}");
        }
    }

    #[test]
    fn the_mouse_is_switched_by_a_slash_command() {
        for (line, is_on) in [("/mouse off", false), ("/mouse on", true)] {
            let id = ActionId::Mouse;
            assert_eq!(parse(line), ParsedLine::Do(SlashCommand::Switch { id, is_on }));
        }
        assert_eq!(
            parse("/mouse"),
            ParsedLine::Do(SlashCommand::Run(ActionId::Mouse))
        );
        assert!(matches!(parse("/mouse maybe"), ParsedLine::Wrong(_)));
    }

    #[test]
    fn typing_recognises_a_command_before_it_is_sent() {
        let Some(Typing::Word { start, candidates }) = typing("/Se") else {
            panic!("a word is being typed");
        };
        let words: Vec<&str> = candidates.iter().map(|(_, slash)| slash.word).collect();
        assert_eq!((start.as_str(), words), ("se", vec!["seek"]));

        for (line, behind) in [("/seek ", false), ("/seek 10", true)] {
            let Some(Typing::Argument {
                slash, has_argument, ..
            }) = typing(line)
            else {
                panic!("{line} is a whole word");
            };
            assert_eq!((slash.argument, has_argument), ("[+-]TIME", behind), "{line}");
        }
        for line in ["", "hello", "//seek", "/frobnicate", "/frob now"] {
            assert_eq!(typing(line), None, "{line}");
        }
    }
}
