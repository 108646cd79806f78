//! What a pasted text is for: an invite wherever it is pasted, else one line for the field.

use watchtogether_protocol::Clean;
use watchtogether_protocol::invite::SCHEME;

/// Returns the invite in a text, however much was copied around it; none where there is none.
///
/// In quotes it ends with them, and what a mail program broke into lines is joined; without quotes it ends where white
/// space begins.
pub fn invite_in(text: &str) -> Option<String> {
    let from = text.find(SCHEME)?;
    let (before, rest) = (&text[..from], &text[from..]);
    let quote = before.chars().next_back().filter(|c| matches!(c, '\'' | '"'));
    let inside = quote
        .and_then(|quote| rest.split_once(quote))
        .map(|(inside, _)| inside);
    let whole = if let Some(inside) = inside {
        let is_joined = |c: &char| !c.is_whitespace() && *c != '\\';
        inside.chars().filter(is_joined).collect()
    } else {
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | '`'));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    Some(Clean::line(&whole).as_str().to_owned())
}

/// Returns a text as one line of a field: its first that has something in it.
pub(super) fn one_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    Clean::line(line.unwrap_or_default().trim()).as_str().to_owned()
}

/// Returns whether a text is one line: nothing is lost where it becomes one.
pub(super) fn is_one_line(text: &str) -> bool {
    text.lines().filter(|line| !line.trim().is_empty()).count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "watchtogether://203.0.113.7:7843/film#k=5lmg5frcpxfkikeutetkguwq2i&t=9fk2";

    #[test]
    fn an_invite_is_found_in_whatever_was_copied_around_it() {
        for text in [
            INVITE.to_owned(),
            format!("  watchtogether join '{INVITE}'\n"),
            format!("hi! here: {INVITE} see you at eight"),
            format!("> watchtogether join \"{INVITE}\" film.mkv"),
            format!("<{INVITE}>"),
        ] {
            assert_eq!(invite_in(&text).as_deref(), Some(INVITE), "{text:?}");
        }
    }

    #[test]
    fn what_was_broken_inside_its_quotes_is_joined() {
        let (first, second) = INVITE.split_at(50);

        let broken = format!("watchtogether join \\\n  '{first}\n{second}'\n");

        assert_eq!(invite_in(&broken).as_deref(), Some(INVITE));
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
