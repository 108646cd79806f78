//! The word that may have been meant.

/// Returns the word that begins with what was typed, or else the one that is at most two slips away from it.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if word.is_empty() {
        return None;
    }
    let close = known
        .clone()
        .map(|known| (distance(word, known), known))
        .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
        .min_by_key(|(distance, _)| *distance);
    let mut known = known;
    known
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

    #[test]
    fn a_beginning_goes_before_a_slip_and_far_is_nothing() {
        let near = |word| nearest(word, ["pause", "play", "seek"].into_iter());

        assert_eq!(near("paly"), Some("play"));
        assert_eq!(near("pa"), Some("pause"));
        assert_eq!(near("sek"), Some("seek"));
        assert_eq!(near("frobnicate"), None);
        assert_eq!(near(""), None);
    }
}
