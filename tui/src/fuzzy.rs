//! How well a text answers to a few letters: all of them must stand in it in order; runs and beginnings of words count
//! more than letters here and there.
//!
//! Of our own, because what is searched is a table of some dozen short lines: the well-kept crates for this bring
//! Unicode tables and caches for a hundred thousand paths.

/// What a letter at the beginning of a word is worth.
const WORD_START: i32 = 8;

/// What a letter right behind the one before is worth.
const RUN: i32 = 12;

/// What any other letter is worth.
const LETTER: i32 = 1;

/// How much of the letters passed over before a match counts against it, at most.
const FARTHEST: i32 = 3;

/// Returns how well a text answers to a query, better ones higher; nothing where it does not. Each word of the query is
/// looked for by itself, so that their order does not matter.
pub(crate) fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    query.split_whitespace().map(|word| word_score(word, &text)).sum()
}

fn word_score(word: &str, text: &[char]) -> Option<i32> {
    let mut best: Vec<Option<i32>> = Vec::new();
    for (nth, letter) in word.chars().flat_map(char::to_lowercase).enumerate() {
        let before = std::mem::take(&mut best);
        // The best way to have found the letters so far, ending before this place.
        let mut reached: Option<i32> = None;
        for (at, c) in text.iter().enumerate() {
            let in_a_run = at.checked_sub(1).and_then(|at| before.get(at).copied().flatten());
            let found = (*c == letter).then(|| {
                let starts = at == 0 || !text[at - 1].is_alphanumeric();
                let here = if starts { WORD_START } else { LETTER };
                let passed = i32::try_from(at).unwrap_or(i32::MAX).min(FARTHEST);
                match nth {
                    0 => Some(here - passed),
                    _ => reached
                        .map(|reached| reached + here)
                        .max(in_a_run.map(|run| run + here.max(RUN))),
                }
            });
            best.push(found.flatten());
            reached = reached.max(before.get(at).copied().flatten());
        }
    }
    best.into_iter().flatten().max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_must_all_stand_there_in_order() {
        assert!(score("sdt", "sync details").is_some());
        assert!(score("", "anything").is_some());
        assert_eq!(score("stz", "sync details"), None);
        assert_eq!(score("cnys", "sync"), None);
    }

    #[test]
    fn beginnings_and_runs_go_before_letters_here_and_there() {
        let best = |query: &str, texts: [&'static str; 2]| {
            texts
                .into_iter()
                .max_by_key(|text| score(query, text))
                .expect("two")
        };

        assert_eq!(best("sub", ["sum up, by", "next subtitle"]), "next subtitle");
        assert_eq!(best("pp", ["play/pause", "an upper lip"]), "play/pause");
        assert_eq!(best("go", ["a long oboe", "go to a time"]), "go to a time");
    }

    #[test]
    fn words_are_looked_for_in_any_order_and_case() {
        assert!(score("PAUSE play", "play or pause").is_some());
        assert_eq!(score("pause stop", "play or pause"), None);
    }

    proptest! {
        #[test]
        fn a_part_of_a_text_is_always_found(text in "[a-z ]{1,30}", from in 0usize..30, to in 0usize..30) {
            let part = text.get(from.min(to)..from.max(to)).unwrap_or(&text);
            prop_assert!(score(part, &text).is_some());
        }

        #[test]
        fn any_letters_are_answered(query in "\\PC{0,12}", text in "\\PC{0,30}") {
            let _score = score(&query, &text);
        }
    }
}
