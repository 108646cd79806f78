//! Interprets pasted text: an invite wherever it is pasted, otherwise one line for the field.

use watchtogether_protocol::invite::SCHEME;
use watchtogether_protocol::{Clean, Invite};

/// The maximum number of lines that an invite is broken into: mail programs break at 72 characters, and an invite has about 105.
const LINES: usize = 4;

/// Returns the invite in a text, however much was copied around it; `None` if there is none.
///
/// The invite ends before a character that no invite contains: white space, a quote of any kind, a bracket. A full stop or comma
/// after it does not belong to it. Lines that a mail program broke are joined, with or without quote marks.
pub fn invite_in(text: &str) -> Option<String> {
    let rest = &text[text.find(SCHEME)?..];
    let mut lines = rest.lines().map(without_quote_marks);
    let first = lines.next().unwrap_or_default();
    let (mut whole, mut is_open) = part(first);
    for line in lines.take(LINES - 1) {
        let (next, goes_on) = part(line);
        if !is_open || next.is_empty() || !continues_invite(&whole, &next) {
            break;
        }
        whole += &next;
        is_open = goes_on;
    }
    Some(Clean::line(trimmed(&whole)).as_str().to_owned())
}

/// Returns a line without the marks that mail programs put before quoted lines.
fn without_quote_marks(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c.is_whitespace())
}

/// Returns the part of a line that can belong to an invite, and whether the line ends there.
fn part(line: &str) -> (String, bool) {
    // A shell's line continues after a backslash.
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
    let is_inside = |c: char| c.is_alphanumeric() || "-._:/[]#&=%".contains(c);
    let end = line.find(|c| !is_inside(c)).unwrap_or(line.len());
    (line[..end].to_owned(), end == line.len())
}

/// Returns whether a line continues an invite from the lines before it: if those are not an invite yet, or the line contains
/// something that only invites have.
fn continues_invite(begun: &str, next: &str) -> bool {
    let has_secret = ["#k=", "#t=", "&k=", "&t="]
        .iter()
        .any(|mark| next.contains(mark));
    let is_begun = begun.ends_with(['#', '&', '=']) || trimmed(begun).parse::<Invite>().is_err();
    has_secret || is_begun || next.starts_with(['&', '='])
}

/// Returns an invite without the punctuation of the sentence around it.
fn trimmed(text: &str) -> &str {
    let text = text.trim_end_matches(['.', ':', '&', '#', '%']);
    // The bracket of an address is opened before it; that of a Markdown link is not.
    if text.matches(']').count() > text.matches('[').count() {
        text.trim_end_matches(']')
    } else {
        text
    }
}

/// Returns a text as one line of a field: its first line that is not blank.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    Clean::line(line.unwrap_or_default().trim()).as_str().to_owned()
}

/// Returns whether a text is a single line, so that nothing is lost by putting it into a field.
pub(crate) fn is_one_line(text: &str) -> bool {
    text.lines().filter(|line| !line.trim().is_empty()).count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str =
        "watchtogether://203.0.113.7:7843/film#k=5lmg5frcpxfkikeutetkguwq2i&t=tfk2c3d4e5f6g7h2";

    #[test]
    fn an_invite_is_found_in_whatever_was_copied_around_it() {
        for text in [
            INVITE.to_owned(),
            format!("  watchtogether join '{INVITE}'\n"),
            format!("hi! here: {INVITE} see you at eight"),
            format!("> watchtogether join \"{INVITE}\" film.mkv"),
            format!("<{INVITE}>"),
            format!("\u{201c}{INVITE}\u{201d}, at eight"),
            format!("\u{2018}{INVITE}\u{2019}"),
            format!("\u{ab}{INVITE}\u{bb}"),
            format!("`{INVITE}`"),
            format!("[our room]({INVITE}) at eight"),
            format!("[{INVITE}]({INVITE})"),
            format!("*{INVITE}*!"),
            format!("Come in ({INVITE})."),
            format!("Come in: {INVITE}."),
            format!("{INVITE}, or call me\nsee you"),
            format!("{INVITE}\nsee you at eight\n"),
            format!("Come in: {INVITE}.\nsee you"),
            format!("{INVITE}\r\n"),
        ] {
            assert_eq!(invite_in(&text).as_deref(), Some(INVITE), "{text:?}");
        }
        let v6 = "watchtogether://[2001:db8::1]:9210/film";
        assert_eq!(invite_in(&format!("[{v6}].")).as_deref(), Some(v6));
    }

    #[test]
    fn an_invite_that_was_broken_anywhere_is_joined() {
        for at in SCHEME.len() + 1..INVITE.len() {
            let (first, second) = INVITE.split_at(at);
            for broken in [
                format!("watchtogether join \\\n  '{first}\n{second}'\n"),
                format!("come: {first}\n{second}\n\nsee you"),
                format!("> come: {first}\r\n> {second}\r\n> see you"),
            ] {
                assert_eq!(invite_in(&broken).as_deref(), Some(INVITE), "{broken:?}");
            }
        }
    }

    #[test]
    fn other_text_is_no_invite() {
        assert_eq!(invite_in("~/Videos/Film.mkv"), None);
        assert_eq!(invite_in("https://example.org/film.mkv"), None);
    }

    #[test]
    fn a_field_takes_the_first_line_without_what_acts_on_terminals() {
        assert_eq!(one_line("\n  Film\x1b[2J.mkv \nmore\n"), "Film[2J.mkv");
        assert_eq!(one_line(""), "");
    }
}
