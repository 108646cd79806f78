//! Copies text through the terminal with OSC 52, which works over SSH, too.

use data_encoding::BASE64;

/// Returns the sequence that makes a terminal copy a text. Some terminals ignore it, so the text is always shown as well.
pub fn copy_sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", BASE64.encode(text.as_bytes()))
}
