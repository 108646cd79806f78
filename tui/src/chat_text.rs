//! The rule for what can be said in the chat.

use watchtogether_protocol::Clean;
use watchtogether_protocol::limits::CHAT_CHARS;

use crate::strings;

/// Returns the text of a chat line, or words for why it is none.
pub fn checked(text: &str) -> Result<Clean, &'static str> {
    let text = Clean::text(text.trim_end_matches('\n'));
    if text.as_str().trim().is_empty() {
        return Err(strings::NOTHING_TO_SAY);
    }
    if text.as_str().chars().count() > CHAT_CHARS {
        return Err(strings::CHAT_TOO_LONG);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_chat_is_not_blank_and_no_longer_than_a_server_takes() {
        assert_eq!(checked(" \n\n"), Err(strings::NOTHING_TO_SAY));
        assert_eq!(checked(&"x".repeat(CHAT_CHARS + 1)), Err(strings::CHAT_TOO_LONG));
        assert_eq!(checked("a\nb\n"), Ok(Clean::text("a\nb")));
    }
}
