//! The form of a slash command.

/// A slash command's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slash {
    /// The word after the slash.
    pub word: &'static str,
    /// The argument, as the help writes it; empty if there is none.
    pub argument: &'static str,
}

impl Slash {
    /// Returns the beginning of the command, ready for its argument.
    pub fn beginning(self) -> String {
        format!("/{} ", self.word)
    }

    /// Returns whether the argument is a path.
    pub fn takes_path(self) -> bool {
        self.argument.starts_with("FILE")
    }

    /// Returns whether an argument is required; an optional one is in brackets.
    pub fn needs_argument(self) -> bool {
        !(self.argument.is_empty() || self.argument.starts_with('[') && self.argument.ends_with(']'))
    }
}
