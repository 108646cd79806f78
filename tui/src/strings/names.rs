//! Words for who is meant where a command names somebody.

/// Returns whether a word, where a name is asked for, means the user: nobody can be called that.
pub fn is_oneself(word: &str) -> bool {
    let words = [msg!("you"), "yourself", "me", "myself"];
    words.iter().any(|own| own.eq_ignore_ascii_case(word.trim()))
}

/// `bo is the host already`, `you are the host already`.
pub fn host_already(who: &str) -> String {
    let is = if who == msg!("you") { "are" } else { "is" };
    format!("{who} {is} the host already")
}
