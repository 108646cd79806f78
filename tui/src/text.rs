//! Text in cells: which text is drawn, how wide it is, where it is broken.
//!
//! Terminals disagree about emoji with U+FE0F, a skin tone or a joiner (5 of 20 probed strings between unicode-width and tmux;
//! U+1F3F3 joined to a rainbow is one cell for tmux and two for others), and a disagreement shifts the rest of the row or leaves
//! cells behind. All three are dropped before anything is measured or drawn, so joined emoji appear side by side. Control
//! characters do not get here ([`watchtogether_protocol::Clean`]); if one did, it would be dropped as well.

use std::ops::Range;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Returns `text` without characters that terminals measure differently, and without control characters except line breaks.
pub fn safe(text: &str) -> String {
    text.chars().filter(|c| is_safe(*c)).collect()
}

/// Removes from `text` the characters that [`safe`] removes.
pub fn make_safe(text: &mut String) {
    text.retain(is_safe);
}

/// Returns a name without the angle brackets that enclose the sender of a message, so that no name can end early and
/// continue as something else.
pub fn without_brackets(name: &str) -> String {
    name.replace('<', "(").replace('>', ")")
}

fn is_safe(c: char) -> bool {
    !matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') && (!c.is_control() || c == '\n')
}

/// Returns the cells that one line of safe text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(glyph_width).sum()
}

/// Returns the cells of one grapheme; one without a width is not drawn.
pub fn glyph_width(glyph: &str) -> usize {
    if glyph.contains(char::is_control) {
        0
    } else {
        glyph.cell_width().into()
    }
}

/// Returns `text` cut to `cells`, with `…` at its end if something was cut.
pub fn truncate(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let (mut out, mut used) = (String::new(), 0);
    for glyph in text.graphemes(true) {
        let wide = glyph_width(glyph);
        if used + wide > cells - 1 {
            break;
        }
        out.push_str(glyph);
        used += wide;
    }
    out.push('…');
    out
}

/// Returns the end of `text` that fits into `cells`.
pub fn last(text: &str, cells: usize) -> &str {
    let (mut from, mut used) = (text.len(), 0);
    for (at, glyph) in text.grapheme_indices(true).rev() {
        used += glyph_width(glyph);
        if used > cells {
            break;
        }
        from = at;
    }
    &text[from..]
}

/// Returns `text` cut or filled with spaces to exactly `cells`, aligned to the left.
pub fn fit(text: &str, cells: usize) -> String {
    let mut out = truncate(text, cells);
    let missing = cells.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Returns `text` cut or filled with spaces to exactly `cells`, aligned to the right.
pub fn fit_right(text: &str, cells: usize) -> String {
    let out = truncate(text, cells);
    let missing = cells.saturating_sub(width(&out));
    " ".repeat(missing) + &out
}

/// Returns `text` in lines of at most `cells`: broken at spaces and at its own line breaks, and inside words only if necessary. A
/// glyph that is wider than a whole line becomes `?`.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    wrap_behind(text, cells, cells)
}

/// Returns `text` in lines of at most `cells`, but the first of at most `first`, because something precedes it.
pub fn wrap_behind(text: &str, first: usize, cells: usize) -> Vec<String> {
    let lines = wrapped(text, first, cells);
    lines
        .into_iter()
        .map(|line| fitting(&text[line], cells))
        .collect()
}

/// Returns the range of `text` in each line when it is wrapped as by [`wrap_behind`]. The ranges leave out the spaces and line
/// breaks between two lines.
pub fn wrapped(text: &str, first: usize, cells: usize) -> Vec<Range<usize>> {
    if cells == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut from = 0;
    for line in text.split('\n') {
        let limit = if lines.is_empty() { first } else { cells };
        wrap_line(line, from, limit, cells, &mut lines);
        from += line.len() + 1;
    }
    lines
}

/// Returns a piece of a line in which a glyph that is wider than a whole line is `?`.
pub fn fitting(piece: &str, cells: usize) -> String {
    let too_wide = |glyph: &str| glyph_width(glyph) > cells;
    if !piece.graphemes(true).any(too_wide) {
        return piece.to_owned();
    }
    let glyphs = piece.graphemes(true);
    glyphs
        .map(|glyph| if too_wide(glyph) { "?" } else { glyph })
        .collect()
}

fn wrap_line(line: &str, from: usize, first: usize, cells: usize, lines: &mut Vec<Range<usize>>) {
    let (mut start, mut end, mut used, mut limit) = (0, 0, 0, first);
    let mut next = |range: Range<usize>, limit: &mut usize| {
        lines.push(from + range.start..from + range.end);
        *limit = cells;
    };
    let mut at = 0;
    for word in runs(line) {
        let wide = width(word);
        let behind = at + word.len();
        if used + wide <= limit {
            end = behind;
            used += wide;
        } else if word.starts_with(' ') {
            // Spaces at a break are dropped.
            next(start..end, &mut limit);
            (start, end, used) = (behind, behind, 0);
        } else if wide <= cells {
            next(start..start + line[start..end].trim_end().len(), &mut limit);
            (start, end, used) = (at, behind, wide);
        } else {
            // A long word starts on this line only if a good part of it fits.
            if used > 0 && (limit.saturating_sub(used)) * 3 < limit {
                next(start..start + line[start..end].trim_end().len(), &mut limit);
                (start, end, used) = (at, at, 0);
            }
            for glyph in word.graphemes(true) {
                let wide = glyph_width(glyph).min(cells);
                if used + wide > limit {
                    next(start..end, &mut limit);
                    (start, used) = (end, 0);
                }
                end += glyph.len();
                used += wide;
            }
        }
        at = behind;
    }
    next(start..end, &mut limit);
}

/// Splits into runs of spaces and runs of everything else.
fn runs(line: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut was_space = None;
    for (at, c) in line.char_indices() {
        let is_space = c == ' ';
        if was_space.is_some_and(|was| was != is_space) {
            runs.push(&line[start..at]);
            start = at;
        }
        was_space = Some(is_space);
    }
    if start < line.len() {
        runs.push(&line[start..]);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_that_terminals_measure_differently_are_dropped() {
        assert_eq!(safe("\u{2764}\u{fe0f}"), "\u{2764}");
        assert_eq!(safe("👍\u{1f3fd}"), "👍");
        assert_eq!(safe("🏳\u{fe0f}\u{200d}🌈"), "🏳🌈");
        assert_eq!(width(&safe("🏳\u{fe0f}\u{200d}🌈")), 3);
        assert_eq!(safe("a\u{1b}[31m\nb"), "a[31m\nb");
    }

    #[test]
    fn wide_glyphs_count_two() {
        assert_eq!(width("猫の目"), 6);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("👩\u{200d}🔬"), 2);
    }

    #[test]
    fn a_cut_never_splits_a_wide_glyph() {
        assert_eq!(truncate("猫の目", 4), "猫…");
        assert_eq!(truncate("猫の目", 6), "猫の目");
        assert_eq!(fit("猫の目", 4), "猫… ");
        assert_eq!(truncate("abc", 0), "");
        assert_eq!(
            (last("猫の目", 5), last("abc", 2), last("abc", 9)),
            ("の目", "bc", "abc")
        );
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_where_they_must() {
        assert_eq!(wrap("the brother was there", 11), ["the brother", "was there"]);
        assert_eq!(wrap("ab abcdefghij", 4), ["ab", "abcd", "efgh", "ij"]);
        assert_eq!(wrap("a bcdefghij", 6), ["a bcde", "fghij"]);
        assert_eq!(wrap("one\n\ntwo", 10), ["one", "", "two"]);
        assert_eq!(wrap("猫猫猫", 3), ["猫", "猫", "猫"]);
        assert_eq!(wrap("猫", 1), ["?"]);
        assert_eq!(wrap("𬺰\u{bc1}", 2), ["?"], "with its mark it is three wide");
        assert_eq!(wrap_behind("the brother was", 4, 11), ["the", "brother was"]);
        assert_eq!(wrap_behind("brother", 3, 8), ["", "brother"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_it_may_be(text in "\\PC{0,60}", cells in 1usize..20) {
            for line in wrap(&safe(&text), cells) {
                prop_assert!(width(&line) <= cells, "{line:?}");
            }
            prop_assert!(width(&truncate(&safe(&text), cells)) <= cells);
            prop_assert_eq!(width(&fit(&safe(&text), cells)), cells);
        }
    }
}
