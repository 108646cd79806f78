//! Finds the word that a user probably meant.

/// The shortest prefix that identifies a word. Fewer letters could begin anything.
const BEGINNING: usize = 2;

/// The number of letters of a word per allowed typing error. Anything further away is another word, and a wrong suggestion is
/// worse than none.
const LETTERS_A_SLIP: usize = 3;

/// The largest number of typing errors in a word.
const MOST_SLIPS: usize = 2;

/// Returns the known word that was probably meant: one that begins with the typed text, or otherwise the closest.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rank = |known: &'a str| Some((rank(word, known)?, known));
    let best = known.filter_map(rank).min_by_key(|(rank, _)| *rank);
    best.map(|(_, known)| known)
}

/// Returns whether a known word may have been meant by another one.
pub fn is_close_to(word: &str, known: &str) -> bool {
    rank(word, known).is_some()
}

/// Returns how unlikely it is that a known word was meant: 0 if it begins with the typed text, otherwise the number of typing
/// errors; `None` if there are too many.
fn rank(word: &str, known: &str) -> Option<usize> {
    let letters = word.chars().count();
    if letters >= BEGINNING && known.starts_with(word) {
        return Some(0);
    }
    let most = (letters / LETTERS_A_SLIP).min(MOST_SLIPS);
    Some(distance(word, known)).filter(|slips| *slips <= most)
}

/// Returns the number of letters to add, remove, change or swap with their neighbour.
pub fn distance(a: &str, b: &str) -> usize {
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

    #[test]
    fn a_word_is_as_far_from_another_as_letters_differ() {
        assert_eq!(distance("name", "name"), 0);
        assert_eq!(distance("nmae", "name"), 1, "swapped");
        assert_eq!(distance("host", "port"), 2);
        assert_eq!(distance("", "name"), 4);
        assert_eq!(distance("media_dir", "media_dirs"), 1);
    }

    #[test]
    fn a_short_word_with_two_other_letters_is_another_word() {
        let commands: Vec<&str> = crate::action::ACTIONS
            .iter()
            .filter_map(crate::action::Action::slash_form)
            .map(|slash| slash.word)
            .collect();
        for word in ["osd", "set", "x", "vo", "quote", "stop", "sub-add", "loop"] {
            let near = nearest(word, commands.iter().copied());

            assert_eq!(near, None, "{word}");
        }
    }

    #[test]
    fn a_prefix_is_preferred_to_a_typo_and_distant_names_do_not_match() {
        let near = |word| nearest(word, ["pause", "play", "seek"].into_iter());

        assert_eq!(near("paly"), Some("play"));
        assert_eq!(near("pa"), Some("pause"));
        assert_eq!(near("sek"), Some("seek"));
        assert_eq!(near("frobnicate"), None);
        assert_eq!(near(""), None);
        assert_eq!(near("p"), None, "it could be both");
    }
}
