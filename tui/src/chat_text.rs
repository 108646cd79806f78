//! The rule for which texts can be sent as chat messages.

use watchtogether_protocol::Clean;
use watchtogether_protocol::limits::CHAT_CHARS;

/// Returns the text of a chat line, or why it cannot be sent.
pub fn checked(text: &str) -> Result<Clean, &'static str> {
    let text = Clean::text(text.trim_end_matches('\n'));
    if text.as_str().trim().is_empty() {
        return Err(msg!("nothing-to-say"));
    }
    if text.as_str().chars().count() > CHAT_CHARS {
        return Err(msg!("chat-too-long"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_chat_is_not_blank_and_no_longer_than_a_server_takes() {
        assert_eq!(checked(" \n\n"), Err(msg!("nothing-to-say")));
        assert_eq!(checked(&"x".repeat(CHAT_CHARS + 1)), Err(msg!("chat-too-long")));
        assert_eq!(checked("a\nb\n"), Ok(Clean::text("a\nb")));
    }
}
