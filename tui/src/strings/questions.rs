//! The questions before something is done.

/// The question before leaving: `End the room for 2 people?`, where it ends for others.
pub fn leave_title(others: usize, ends: bool) -> String {
    match (others, ends) {
        (0, _) | (_, false) => "Leave the room?".to_owned(),
        (1, true) => "End the room for 1 other person?".to_owned(),
        (others, true) => format!("End the room for {others} other people?"),
    }
}

/// `2 people are still here.`, and who is host then.
pub fn leave_question(others: usize, hosts: bool, ends: bool) -> String {
    let people = match others {
        1 => "1 person is still here.".to_owned(),
        others => format!("{others} people are still here."),
    };
    match (others, ends, hosts) {
        (0, _, _) => "Nobody else is here.".to_owned(),
        (_, true, _) => format!("{people} The room is on your machine: it ends for them too."),
        (_, false, true) => format!("{people} The room goes on with another host."),
        (_, false, false) => people,
    }
}

/// How much would be pasted: lines, characters, and how many of the latter fit.
pub fn paste_question(lines: usize, chars: usize, free: usize) -> String {
    let amount = match lines {
        0 | 1 => format!("{chars} characters"),
        lines => format!("{lines} lines"),
    };
    if chars > free {
        format!(
            "{chars} characters, {} too many: the end is cut off.",
            chars - free
        )
    } else {
        format!("{amount} go into the message. Nothing is sent yet.")
    }
}

/// A letter or an Enter was pressed while a question stands.
pub fn letters_do_not_answer(key: &str, deed: &str) -> String {
    format!(
        "letters and Enter do not answer: {key} {deed}, {WITHDRAW_KEY} {WITHDRAW}",
        WITHDRAW_KEY = msg!("withdraw-key"),
        WITHDRAW = msg!("withdraw")
    )
}
