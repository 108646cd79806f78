//! Matches names against a few typed letters, with a score.
//!
//! Each typed word must occur in the name with its letters in order. Letters that are adjacent, at the beginning of a word, or in
//! the file's name rather than its folder's, score higher. Letters are searched for from the left to find out whether they occur,
//! then backwards from the end, which gives the shortest stretch that ends there.

/// The score for each matching letter.
const LETTER: i32 = 16;
/// The score for a letter right after another match.
const ADJACENT: i32 = 12;
/// The score for a letter at the beginning of a word.
const WORD: i32 = 10;
/// The score for a stretch that begins in the last part of the path.
const NAME: i32 = 20;

/// Subtracted for each letter between two matches.
const GAP: i32 = 1;

/// The maximum that is subtracted for one gap.
const FARTHEST: i32 = 24;

/// The typed text, prepared for matching.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Vec<char>>,
}

impl Pattern {
    /// Returns the pattern of a typed text.
    pub fn new(typed: &str) -> Self {
        let words = typed.split_whitespace();
        Self {
            words: words
                .map(|word| word.chars().flat_map(char::to_lowercase).collect())
                .collect(),
        }
    }

    /// Returns how well a name in lower case matches; `None` if it does not.
    pub fn score(&self, folded: &str) -> Option<i32> {
        self.words
            .iter()
            .try_fold(0, |sum, word| Some(sum + find(word, folded)?.1))
    }

    /// Returns the positions of the matching letters in a name, counted from its first.
    pub fn letters(&self, folded: &str) -> Vec<usize> {
        let mut letters: Vec<usize> = self
            .words
            .iter()
            .filter_map(|word| find(word, folded))
            .flat_map(|(letters, _)| letters)
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }
}

/// Returns the positions of a word's letters in a name, with their score.
fn find(word: &[char], folded: &str) -> Option<(Vec<usize>, i32)> {
    let name_from = folded.rfind('/').map_or(0, |at| at + 1);
    let (name_letter, in_name) = (folded[..name_from].chars().count(), &folded[name_from..]);
    let found = match_word(word, in_name).map(|(letters, score)| {
        let letters = letters.into_iter().map(|letter| letter + name_letter).collect();
        (letters, score + NAME)
    });
    found.or_else(|| match_word(word, folded))
}

fn match_word(word: &[char], text: &str) -> Option<(Vec<usize>, i32)> {
    let mut wanted = word.iter();
    let mut next = wanted.next()?;
    let mut end = None;
    for (letter, (at, c)) in text.char_indices().enumerate() {
        if c == *next {
            let Some(following) = wanted.next() else {
                end = Some((letter, at + c.len_utf8()));
                break;
            };
            next = following;
        }
    }
    let (last, end) = end?;
    let mut letters = Vec::with_capacity(word.len());
    let (mut score, mut missing) = (0, word.iter().rev().peekable());
    let mut before = text[..end].chars().rev().peekable();
    let mut letter = last;
    while let Some(c) = before.next() {
        let Some(wanted) = missing.peek() else { break };
        if c == **wanted {
            missing.next();
            score += LETTER;
            if before.peek().is_none_or(|previous| !previous.is_alphanumeric()) {
                score += WORD;
            }
            if let Some(following) = letters.last() {
                let gap = i32::try_from(following - letter - 1).unwrap_or(FARTHEST);
                score += if gap == 0 {
                    ADJACENT
                } else {
                    -(gap * GAP).min(FARTHEST)
                };
            }
            letters.push(letter);
        }
        letter = letter.saturating_sub(1);
    }
    letters.reverse();
    Some((letters, score))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn best<'a>(typed: &str, names: &[&'a str]) -> &'a str {
        let pattern = Pattern::new(typed);
        let mut fitting: Vec<(i32, &str)> = names
            .iter()
            .filter_map(|name| Some((pattern.score(&name.to_lowercase())?, *name)))
            .collect();
        fitting.sort_by_key(|(score, _)| -score);
        fitting.first().map_or("", |(_, name)| name)
    }

    #[test]
    fn letters_in_order_fit_and_others_do_not() {
        assert!(Pattern::new("flm").score("film.mkv").is_some());
        assert_eq!(Pattern::new("mlf").score("film.mkv"), None);
        assert_eq!(Pattern::new("film cut").score("film.mkv"), None);
        assert_eq!(Pattern::new("").score("film.mkv"), Some(0));
    }

    #[test]
    fn adjacent_letters_and_word_beginnings_score_higher() {
        assert_eq!(
            best("cat", &["chapter.mkv", "the cat.mkv", "concat.mkv"]),
            "the cat.mkv"
        );
        assert_eq!(
            best("s01e03", &["Old/s01e03-720p.mkv", "s0/1/e/03.mkv"]),
            "Old/s01e03-720p.mkv"
        );
        assert_eq!(best("tb", &["table.mkv", "The Brother.mkv"]), "The Brother.mkv");
    }

    #[test]
    fn a_files_name_counts_more_than_its_folders() {
        assert_eq!(
            best("pilot", &["pilot/extras.mkv", "show/pilot.mkv"]),
            "show/pilot.mkv"
        );
    }

    #[test]
    fn words_match_in_any_order_and_in_the_folder() {
        assert!(
            Pattern::new("pilot show")
                .score("the show/01 pilot.mkv")
                .is_some()
        );
    }

    #[test]
    fn the_letters_that_made_it_fit_are_the_shortest_stretch() {
        assert_eq!(Pattern::new("cat").letters("c/c-a cat.mkv"), [6, 7, 8]);
        assert_eq!(Pattern::new("猫").letters("show/猫の目.mkv"), [5]);
    }

    proptest! {
        #[test]
        fn letters_are_in_the_name_and_in_order(typed in "\\PC{0,6}", name in "\\PC{0,40}") {
            let folded = name.to_lowercase();
            let pattern = Pattern::new(&typed);
            if pattern.score(&folded).is_some() {
                let count = folded.chars().count();
                prop_assert!(pattern.letters(&folded).iter().all(|letter| *letter < count));
            }
        }

        #[test]
        fn a_part_of_a_name_always_fits(name in "[a-z/. ]{1,40}", from in 0usize..40, length in 1usize..10) {
            let part: String = name.chars().skip(from).take(length).collect();
            prop_assert!(Pattern::new(&part).score(&name).is_some());
        }
    }
}
