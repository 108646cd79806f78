//! Texts of the questions that ask for confirmation.

/// Returns the question before leaving: `End the room for 2 other people?` if it ends for others.
pub fn leave_title(others: usize, ends: bool) -> String {
    if ends && others > 0 {
        msg!("end-title", count = others)
    } else {
        msg!("leave-title").to_owned()
    }
}

/// Returns `2 people are still here.`, and who becomes host.
pub fn leave_question(others: usize, hosts: bool, ends: bool) -> String {
    match (others, ends, hosts) {
        (0, _, _) => msg!("leave-alone").to_owned(),
        (_, true, _) => msg!("leave-ends", count = others),
        (_, false, true) => msg!("leave-host", count = others),
        (_, false, false) => msg!("leave-others", count = others),
    }
}

/// Returns how much would be pasted: lines, characters, and how many of the latter fit.
pub fn paste_question(lines: usize, chars: usize, free: usize) -> String {
    if chars > free {
        msg!("paste-too-long", chars = chars, excess = chars - free)
    } else if lines > 1 {
        msg!("paste-lines", count = lines)
    } else {
        msg!("paste-chars", count = chars)
    }
}

/// Says that letters and Enter do not answer the question.
pub fn letters_do_not_answer(key: &str, answer: &str) -> String {
    msg!("letters-do-not-answer", key = key, answer = answer)
}
