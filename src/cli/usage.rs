//! Mistakes in a command line as clap reports them, without suggestions that are far from the typed word.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use watchtogether_tui::msg;
use watchtogether_tui::nearest::is_close_to;

use crate::exit::{Failure, FailureKind};

/// Removes suggestions that differ too much from the refused word; clap's own limit is generous.
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
        let near = |known: &String| is_close_to(&word, bare(known));
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

/// Returns the failure for an argument that must be UTF-8 and is not, with its name.
pub(super) fn not_text(
    words: &[OsString],
    parse: impl Fn(Vec<OsString>) -> Result<(), clap::Error>,
) -> Option<Failure> {
    let is_odd = |word: &OsString| word.to_str().is_none();
    // Paths may be any bytes, so look for the argument that is refused on its own.
    let is_refused = |at: usize| {
        let words = words.iter().enumerate().map(|(index, word)| {
            if index == at {
                word.clone()
            } else {
                word.to_string_lossy().into_owned().into()
            }
        });
        parse(words.collect()).is_err_and(|error| error.kind() == ErrorKind::InvalidUtf8)
    };
    let at = (0..words.len()).find(|at| is_odd(&words[*at]) && is_refused(*at))?;
    let word = words[at].to_string_lossy();
    let before = at.checked_sub(1).map(|before| words[before].to_string_lossy());
    let flag = match (word.split_once('='), before) {
        (Some((flag, _)), _) if flag.starts_with("--") => Some(flag.to_owned()),
        (_, Some(before)) if before.starts_with('-') => Some(before.into_owned()),
        (_, _) => None,
    };
    let shown = words[at].as_encoded_bytes().escape_ascii().to_string();
    let words = match flag {
        Some(flag) => msg!("flag-not-text", flag = flag, text = shown),
        None => msg!("argument-not-text", text = shown),
    };
    Some(Failure::new(FailureKind::Usage, words))
}

fn bare(word: &str) -> &str {
    let word = word.trim_start_matches('-');
    word.split_once('=').map_or(word, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn error_of(words: &str) -> String {
        let words = std::iter::once("watchtogether").chain(words.split(' '));
        let mut error = Cli::try_parse_from(words).expect_err("refused");
        drop_far_suggestions(&mut error);
        error.to_string()
    }

    #[test]
    fn no_suggestion_is_made_that_is_far_from_what_was_typed() {
        for words in ["ctl osd", "ctl get", "set", "osd", "host --osd"] {
            let error = error_of(words);

            assert!(!error.contains("similar"), "{error}");
            assert!(error.contains("--help"), "{error}");
        }
    }

    #[test]
    fn a_typo_is_still_corrected() {
        for (words, expected) in [
            ("jion", "'join'"),
            ("ctl ply", "'play'"),
            ("events --tpye chat", "'--type'"),
            ("host --serv x", "'--server'"),
        ] {
            let error = error_of(words);

            assert!(error.contains(expected), "{error}");
        }
    }
}
