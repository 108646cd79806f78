//! Keys as the screen's type, independent of the library that reads them, and their names for people.

mod read;

use std::fmt;

pub use read::KeyError;

/// An input from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted; its line breaks are `\n`. Constructed by [`Input::paste`].
    Paste(String),
    /// The mouse was used.
    Mouse(Mouse),
    /// The terminal has another size; the next frame measures it.
    Resized,
}

impl Input {
    /// Returns a paste; terminals send its line breaks as carriage returns.
    pub fn paste(text: &str) -> Self {
        Self::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))
    }
}

/// An action of the mouse, with its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// The action.
    pub action: MouseAction,
    /// The cell's column, from 0.
    pub column: u16,
    /// The cell's row, from 0.
    pub row: u16,
}

/// An action of the mouse that the screen uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// The first button was pressed.
    Press,
    /// The wheel was turned away from the user.
    WheelUp,
    /// The wheel was turned towards the user.
    WheelDown,
}

/// A key with its modifiers. A character includes its shift: `Char('P')`, never shift and `Char('p')`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held, or Esc was sent just before.
    pub alt: bool,
    /// Whether Shift was held, for keys that are not characters.
    pub shift: bool,
}

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A character.
    Char(char),
    /// A function key, from 1.
    F(u8),
    /// The Enter key.
    Enter,
    /// The Tab key.
    Tab,
    /// The Backspace key.
    Backspace,
    /// The Delete key.
    Delete,
    /// The Escape key.
    Esc,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// The Home key.
    Home,
    /// The End key.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

impl Key {
    /// Returns a key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// Returns a character.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Returns a key with Alt.
    pub const fn alt(code: Code) -> Self {
        Self {
            alt: true,
            ..Self::plain(code)
        }
    }

    /// Returns a key with Ctrl; a letter is in lower case.
    pub const fn ctrl(code: Code) -> Self {
        Self {
            ctrl: true,
            ..Self::plain(code)
        }
    }

    /// Returns a key with Shift.
    pub const fn shift(code: Code) -> Self {
        Self {
            shift: true,
            ..Self::plain(code)
        }
    }

    /// Returns the character that the key types, if it types one.
    pub const fn typed(self) -> Option<char> {
        if let Code::Char(c) = self.code
            && !self.ctrl
            && !self.alt
        {
            Some(c)
        } else {
            None
        }
    }
}

/// Writes the key as the screen names it: `Alt-P`, `Ctrl-G`, `PgUp`, `F1`, `space`; a bare letter as it is typed.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        let word = match self.code {
            Code::Char(' ') => "space",
            Code::Char(c) if self.ctrl => return write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) if self.alt && c.is_ascii_uppercase() => return write!(f, "Shift-{c}"),
            Code::Char(c) if self.alt => return write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => return write!(f, "{c}"),
            Code::F(number) => return write!(f, "F{number}"),
            Code::Enter => "Enter",
            Code::Tab => "Tab",
            Code::Backspace => "Backspace",
            Code::Delete => "Del",
            Code::Esc => "Esc",
            Code::Up => "Up",
            Code::Down => "Down",
            Code::Left => "Left",
            Code::Right => "Right",
            Code::Home => "Home",
            Code::End => "End",
            Code::PageUp => "PgUp",
            Code::PageDown => "PgDn",
        };
        f.write_str(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_people_name_them() {
        assert_eq!(Key::alt(Code::Char('p')).to_string(), "Alt-P");
        assert_eq!(Key::alt(Code::Char('N')).to_string(), "Alt-Shift-N");
        assert_eq!(Key::ctrl(Code::Char('g')).to_string(), "Ctrl-G");
        assert_eq!(Key::shift(Code::Left).to_string(), "Shift-Left");
        assert_eq!(Key::char(' ').to_string(), "space");
        assert_eq!(Key::char('p').to_string(), "p");
        assert_eq!(Key::plain(Code::F(1)).to_string(), "F1");
    }

    #[test]
    fn a_key_with_a_modifier_types_nothing() {
        assert_eq!(Key::char('p').typed(), Some('p'));
        assert_eq!(Key::alt(Code::Char('p')).typed(), None);
        assert_eq!(Key::ctrl(Code::Char('p')).typed(), None);
    }
}
