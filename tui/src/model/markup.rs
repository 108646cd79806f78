//! Markup within a message: links, and hidden text.
//!
//! A link is an address that begins with `http://` or `https://`, up to the next space, without punctuation at its end. Text
//! between two `||` is hidden: blocks of the same width are shown, so that nothing moves when it is revealed. A message that
//! begins with `/me ` describes an action of its sender.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text;

/// The mark around hidden text.
const HIDES: &str = "||";

/// The glyph shown in place of hidden text, one cell wide.
const BLOCK: &str = "▒";

/// The beginnings of links.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The beginning of a message about its sender's action.
const ACTION: &str = "/me ";

/// A message as it is displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup {
    /// The displayed text.
    pub text: String,
    /// The special ranges of the text in bytes, in order and without overlaps.
    pub marks: Vec<(Range<usize>, Mark)>,
}

/// The kind of a special range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An address, which is exactly the displayed text.
    Link,
    /// Hidden text that is not revealed.
    Hidden,
    /// Hidden text that is revealed.
    Revealed,
}

impl Markup {
    /// Returns a message with its hidden text revealed or not.
    pub fn new(message: &str, is_revealed: bool) -> Self {
        let mut markup = Self {
            text: String::with_capacity(message.len()),
            marks: Vec::new(),
        };
        let mut rest = message;
        while let Some((before, inside, behind)) = hidden_in(rest) {
            markup.plain(before);
            let from = markup.text.len();
            if is_revealed {
                markup.text.push_str(inside);
            } else {
                markup.text.push_str(&blocks(inside));
            }
            let mark = if is_revealed { Mark::Revealed } else { Mark::Hidden };
            markup.marks.push((from..markup.text.len(), mark));
            rest = behind;
        }
        markup.plain(rest);
        markup
    }

    /// Adds a text in which only links are special.
    fn plain(&mut self, text: &str) {
        let from = self.text.len();
        self.marks.extend(
            links(text)
                .into_iter()
                .map(|link| (from + link.start..from + link.end, Mark::Link)),
        );
        self.text.push_str(text);
    }
}

/// Returns whether a message hides something.
pub fn hides(message: &str) -> bool {
    hidden_in(message).is_some()
}

/// Returns the action that a message describes, if it does.
pub fn action(message: &str) -> Option<&str> {
    message
        .strip_prefix(ACTION)
        .map(str::trim)
        .filter(|action| !action.is_empty())
}

/// Returns the message that describes an action of its sender.
pub fn as_action(action: &str) -> String {
    format!("{ACTION}{action}")
}

/// Returns the text before the first hidden range, the range, and the text after it.
fn hidden_in(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find(HIDES)?;
        let inside = open + HIDES.len();
        let close = inside + text[inside..].find(HIDES)?;
        if text::width(text[inside..close].trim()) > 0 {
            return Some((&text[..open], &text[inside..close], &text[close + HIDES.len()..]));
        }
        // The text between the marks is empty, so the second one may begin a hidden range.
        from = close;
    }
}

/// Returns blocks in the place of all glyphs but spaces and line breaks.
fn blocks(hidden: &str) -> String {
    let mut blocks = String::new();
    for glyph in hidden.graphemes(true) {
        if glyph.trim().is_empty() {
            blocks.push_str(glyph);
        } else {
            blocks.push_str(&BLOCK.repeat(text::glyph_width(glyph)));
        }
    }
    blocks
}

fn links(text: &str) -> Vec<Range<usize>> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some(start) = SCHEMES
        .iter()
        .filter_map(|scheme| text[from..].find(scheme))
        .min()
    {
        let start = from + start;
        let rest = &text[start..];
        let end = rest.find(is_end).unwrap_or(rest.len());
        let link = without_punctuation(&rest[..end]);
        let scheme = SCHEMES.iter().find(|scheme| link.starts_with(**scheme));
        if scheme.is_some_and(|scheme| link.len() > scheme.len()) {
            links.push(start..start + link.len());
        }
        from = start + end.max(1);
    }
    links
}

/// Returns whether an address ends before a character: one that is in no address, or that could hide the rest.
fn is_end(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '|')
}

/// Returns an address without the punctuation of the sentence around it.
fn without_punctuation(mut link: &str) -> &str {
    loop {
        let Some(last) = link.chars().next_back() else {
            return link;
        };
        let is_open = |open: char| link.matches(last).count() > link.matches(open).count();
        let is_outside = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' => true,
            ')' => is_open('('),
            ']' => is_open('['),
            '}' => is_open('{'),
            _ => false,
        };
        if !is_outside {
            return link;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(message: &str, is_revealed: bool) -> Vec<(String, Mark)> {
        let markup = Markup::new(message, is_revealed);
        let marks = markup.marks.iter();
        marks
            .map(|(range, mark)| (markup.text[range.clone()].to_owned(), *mark))
            .collect()
    }

    fn linked(message: &str) -> Vec<String> {
        pieces(message, false)
            .into_iter()
            .map(|(piece, _)| piece)
            .collect()
    }

    #[test]
    fn a_link_ends_where_the_sentence_goes_on() {
        assert_eq!(
            linked("see https://example.org/a?b=c#d, or not"),
            ["https://example.org/a?b=c#d"]
        );
        assert_eq!(
            linked("(https://example.org/cut_(2024))"),
            ["https://example.org/cut_(2024)"]
        );
        assert_eq!(linked("<http://example.org>."), ["http://example.org"]);
        assert_eq!(
            linked("http://a.example https://b.example"),
            ["http://a.example", "https://b.example"]
        );
        assert_eq!(linked("https:// http://. nohttp"), [""; 0]);
    }

    #[test]
    fn hidden_text_keeps_its_width() {
        assert_eq!(
            pieces("he is ||the brother 猫||!", false),
            [("▒▒▒ ▒▒▒▒▒▒▒ ▒▒".to_owned(), Mark::Hidden)]
        );
        assert_eq!(
            pieces("he is ||the brother 猫||!", true),
            [("the brother 猫".to_owned(), Mark::Revealed)]
        );
        assert_eq!(Markup::new("he is ||x||!", true).text, "he is x!");
    }

    #[test]
    fn bars_that_hide_nothing_are_bars() {
        for plain in ["a || b", "||||", "|| ||", "a|b||", "||\u{ac7}||"] {
            assert_eq!(Markup::new(plain, false).text, plain);
            assert!(!hides(plain));
        }
        assert!(hides("|| ||x||"), "the second begins something");
    }

    #[test]
    fn a_link_that_is_hidden_is_none() {
        assert_eq!(
            pieces("||https://example.org||", false),
            [("▒".repeat(19), Mark::Hidden)]
        );
    }

    #[test]
    fn an_action_line_is_distinct_from_a_message() {
        assert_eq!(action("/me waves "), Some("waves"));
        assert_eq!(action(&as_action("waves")), Some("waves"));
        assert_eq!(
            (action("/me  "), action("/merry"), action("hi /me x")),
            (None, None, None)
        );
    }

    proptest! {
        #[test]
        fn no_message_breaks_it(message in "(\\PC|\\|\\||https://|\\n|\\)){0,12}", is_revealed: bool) {
            let markup = Markup::new(&message, is_revealed);
            let mut end = 0;
            for (range, _) in &markup.marks {
                prop_assert!(range.start >= end && range.start < range.end);
                prop_assert!(markup.text.get(range.clone()).is_some());
                end = range.end;
            }
            let other = Markup::new(&message, !is_revealed);
            prop_assert_eq!(text::width(&text::safe(&markup.text)), text::width(&text::safe(&other.text)));
        }
    }
}
