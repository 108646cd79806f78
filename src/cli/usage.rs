//! What clap says of a command line that it cannot read, without suggestions that are far from what was typed.

use clap::error::{ContextKind, ContextValue};
use watchtogether_tui::nearest::may_be_meant;

/// Takes the suggestions away that nobody means by the word that was refused; clap is generous with them.
pub(super) fn drop_far_suggestions(error: &mut clap::Error) {
    for (refused, suggested) in [
        (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ] {
        let Some(ContextValue::String(word)) = error.get(refused) else {
            continue;
        };
        let word = bare(word).to_owned();
        let near = |known: &String| may_be_meant(&word, bare(known));
        let kept = match error.remove(suggested) {
            Some(ContextValue::String(known)) => Some(known).filter(near).map(ContextValue::String),
            Some(ContextValue::Strings(known)) => {
                let kept: Vec<String> = known.into_iter().filter(near).collect();
                (!kept.is_empty()).then_some(ContextValue::Strings(kept))
            }
            other => other,
        };
        if let Some(kept) = kept {
            error.insert(suggested, kept);
        }
    }
}

fn bare(word: &str) -> &str {
    let word = word.trim_start_matches('-');
    word.split_once('=').map_or(word, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::args::Cli;

    fn told(words: &str) -> String {
        let words = std::iter::once("watchtogether").chain(words.split(' '));
        let mut error = Cli::try_parse_from(words).expect_err("refused");
        drop_far_suggestions(&mut error);
        error.to_string()
    }

    #[test]
    fn no_suggestion_is_made_that_is_far_from_what_was_typed() {
        for words in ["ctl osd", "ctl set", "set", "osd", "host --osd"] {
            let told = told(words);

            assert!(!told.contains("similar"), "{told}");
            assert!(told.contains("--help"), "{told}");
        }
    }

    #[test]
    fn a_slip_is_suggested_as_ever() {
        for (words, meant) in [
            ("jion", "'join'"),
            ("ctl ply", "'play'"),
            ("events --tpye chat", "'--type'"),
            ("host --serv x", "'--server'"),
        ] {
            let told = told(words);

            assert!(told.contains(meant), "{told}");
        }
    }
}
