//! Text from the network, made harmless once, when it arrives. [`Clean`] is the one type that may reach a screen, a title, a log
//! or stdout.
//!
//! A name, a chat line or a file's title from the network can carry escape sequences (C0, DEL and C1, where U+009D alone starts
//! an operating system command), direction overrides that reorder what is read, invisible characters that help to imitate
//! somebody, and stacks of combining marks. [`Clean`] has none of these: it is NFC, keeps at most [`MARKS`] marks per base and
//! drops the rest. Joiners (U+200D) and the emoji selector (U+FE0F) survive between pictographs. Joiners and non-joiners (U+200C)
//! also survive where a script needs them: after a virama, and non-joiners between Arabic letters. Domain names follow the same
//! rule (RFC 5892, appendix A.1 and A.2).

use std::fmt;

use bincode::{Decode, Encode};
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The combining marks that one base character keeps. Vietnamese needs two; three leaves room.
pub const MARKS: usize = 3;

/// Text without control characters, direction overrides or invisible tricks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct Clean(String);

impl Clean {
    /// Returns `text` on one line: line breaks and tabs become spaces.
    pub fn line(text: &str) -> Self {
        Self(filter(text, false))
    }

    /// Returns `text` with its line breaks kept.
    pub fn text(text: &str) -> Self {
        Self(filter(text, true))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text with at most `max` characters, the last of them `…` if it was cut.
    #[must_use]
    pub fn truncated(self, max: usize) -> Self {
        if self.0.chars().nth(max).is_none() {
            return self;
        }
        let kept: String = self.0.chars().take(max.saturating_sub(1)).collect();
        // A cut between joined pictographs leaves a joiner that joins nothing.
        Self(filter(&(kept + "…"), true))
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Decoding cleans the text again: the sender is not trusted to have done it.
impl<C> Decode<C> for Clean {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        Ok(Self::text(&text))
    }
}

bincode::impl_borrow_decode!(Clean);

/// Returns whether a character is invisible: white space, or the braille cell without dots.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

fn filter(text: &str, keeps_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut pending_joiner = None;
    let mut after_pictograph = false;
    for c in text.nfc() {
        let c = match c {
            '\n' if keeps_lines => c,
            '\n' | '\t' => ' ',
            '\u{200c}' | '\u{200d}' if out.ends_with(is_virama) => {
                out.push(c);
                continue;
            }
            '\u{200c}' => {
                if out.ends_with(is_arabic_letter) {
                    pending_joiner = Some(c);
                }
                continue;
            }
            '\u{200d}' | '\u{fe0f}' => {
                if after_pictograph && c == '\u{200d}' {
                    pending_joiner = Some(c);
                } else if after_pictograph && !out.ends_with(c) {
                    out.push(c);
                }
                continue;
            }
            c if is_dropped(c) => continue,
            c => c,
        };
        if is_combining_mark(c) {
            marks += 1;
            if marks > MARKS || out.is_empty() {
                continue;
            }
        } else {
            marks = 0;
        }
        let is_pictograph = is_pictograph(c);
        if let Some(joiner) = pending_joiner.take()
            && (is_pictograph && joiner == '\u{200d}' || is_arabic_letter(c) && joiner == '\u{200c}')
        {
            out.push(joiner);
        }
        after_pictograph = is_pictograph || (after_pictograph && is_skin_tone(c));
        out.push(c);
    }
    // A dropped character may have separated two that compose, such as a letter and its accent with a zero-width space between
    // them.
    if is_nfc(&out) { out } else { out.nfc().collect() }
}

/// Returns whether a character is removed from all text: controls, direction overrides and invisible characters.
pub(crate) fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Returns whether a mark removes a consonant's vowel. A joiner or non-joiner after it decides whether the neighbouring
/// consonants are written as one.
fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == 9
}

/// Returns whether a letter joins the next one in writing, as in Arabic, Persian and Urdu.
fn is_arabic_letter(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{0620}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{0870}'..='\u{08ff}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_what_makes_them_act() {
        assert_eq!(
            Clean::line("\x1b[31mred\x07\u{9d}0;title\u{9c}").as_str(),
            "[31mred0;title"
        );
    }

    #[test]
    fn direction_overrides_and_invisible_characters_are_dropped() {
        assert_eq!(
            Clean::line("a\u{202e}b\u{200b}c\u{2066}d\u{feff}\u{e0041}").as_str(),
            "abcd"
        );
        assert_eq!(Clean::line("a\u{200f}\u{061c}\u{ad}").as_str(), "a");
    }

    #[test]
    fn line_breaks_stay_only_where_lines_are_allowed() {
        assert_eq!(Clean::line("a\nb\tc\r").as_str(), "a b c");
        assert_eq!(Clean::text("a\nb").as_str(), "a\nb");
        assert_eq!(Clean::text("a\u{2028}b").as_str(), "ab");
    }

    #[test]
    fn towers_of_marks_are_cut_to_three() {
        let tower = format!("x{}", "\u{0335}".repeat(50));

        assert_eq!(Clean::line(&tower).as_str().chars().count(), 1 + MARKS);
        assert_eq!(
            Clean::line("\u{0301}a").as_str(),
            "a",
            "a mark without a base is nothing"
        );
    }

    #[test]
    fn joined_pictographs_survive_and_stray_joiners_do_not() {
        assert_eq!(Clean::line("👩\u{200d}🔬").as_str(), "👩\u{200d}🔬");
        assert_eq!(Clean::line("a\u{200d}b\u{fe0f}").as_str(), "ab");
        assert_eq!(Clean::line("👩\u{200d}").as_str(), "👩");
    }

    #[test]
    fn scripts_that_are_written_with_joiners_keep_them() {
        for text in [
            "\u{0dc1}\u{0dca}\u{200d}\u{0dbb}\u{0dd3}",
            "\u{0d28}\u{0d4d}\u{200d}",
            "\u{0915}\u{094d}\u{200c}\u{0937}",
            "\u{0645}\u{06cc}\u{200c}\u{062e}\u{0648}",
        ] {
            assert_eq!(Clean::line(text).as_str(), text);
        }
        assert_eq!(Clean::line("a\u{200c}b").as_str(), "ab");
        assert_eq!(Clean::line("\u{0645}\u{200c}\u{200c} x").as_str(), "\u{0645} x");
        assert_eq!(
            Clean::line("\u{0645}\u{200d}\u{0645}").as_str(),
            "\u{0645}\u{0645}"
        );
        let twice = Clean::line("\u{0dc1}\u{0dca}\u{200d}\u{200d}");
        assert_eq!(twice.as_str(), "\u{0dc1}\u{0dca}\u{200d}");
    }

    #[test]
    fn a_pictograph_keeps_one_selector_of_many() {
        assert_eq!(Clean::line("❤\u{fe0f}\u{fe0f}\u{fe0f}").as_str(), "❤\u{fe0f}");
        assert_eq!(Clean::line("❤\u{fe0f}\u{200d}🔥").as_str(), "❤\u{fe0f}\u{200d}🔥");
    }

    #[test]
    fn dropped_characters_leave_no_second_spelling() {
        assert_eq!(Clean::line("e\u{200b}\u{301}"), Clean::line("é"));
        assert_eq!(Clean::line("e\u{200d}\u{301}"), Clean::line("é"));
    }

    #[test]
    fn composed_and_decomposed_letters_are_equal_afterwards() {
        assert_eq!(Clean::line("e\u{301}"), Clean::line("é"));
    }

    #[test]
    fn a_cut_text_is_marked() {
        assert_eq!(Clean::line("popcorn").truncated(4).as_str(), "pop…");
        assert_eq!(Clean::line("pop").truncated(4).as_str(), "pop");
        assert_eq!(Clean::line("👩\u{200d}🔬 at work").truncated(3).as_str(), "👩…");
    }
}
