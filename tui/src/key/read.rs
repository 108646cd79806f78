//! Parses keys as people write them in a file: `Alt-P`, `ctrl-g`, `space`, `Shift-Left`, `F5`.

use std::str::FromStr;

use super::{Code, Key};

/// Why a text is not a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// There is no key of that name.
    Unknown(String),
    /// Terminals send another key instead, so the two cannot be distinguished.
    Same(String, Key),
    /// No terminal reports Shift or Ctrl with this key.
    NotSent(String),
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text.trim();
        // A modifier must be followed by something: `-` is a key, and so is `Ctrl--`.
        while let Some((word, behind)) = rest
            .split_once(['-', '+'])
            .filter(|(_, behind)| !behind.is_empty())
        {
            match word.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "c" => ctrl = true,
                "alt" | "meta" | "m" => alt = true,
                "shift" | "s" => shift = true,
                _ => break,
            }
            rest = behind;
        }
        let code = code(rest).ok_or_else(|| KeyError::Unknown(text.trim().to_owned()))?;
        let key = with_modifiers(code, ctrl, alt, shift);
        let same = |code| {
            Err(KeyError::Same(
                text.trim().to_owned(),
                Self {
                    code,
                    ..key.without_ctrl()
                },
            ))
        };
        let is_sent = match key.code {
            Code::Char('i') if ctrl => return same(Code::Tab),
            Code::Char('m') if ctrl => return same(Code::Enter),
            Code::Char('[') if ctrl => return same(Code::Esc),
            Code::Char(_) => !(ctrl && shift),
            Code::Enter | Code::Esc | Code::Backspace => !(shift || ctrl),
            Code::Tab => !ctrl,
            Code::F(_)
            | Code::Delete
            | Code::Up
            | Code::Down
            | Code::Left
            | Code::Right
            | Code::Home
            | Code::End
            | Code::PageUp
            | Code::PageDown => true,
        };
        if is_sent {
            Ok(key)
        } else {
            Err(KeyError::NotSent(text.trim().to_owned()))
        }
    }
}

impl Key {
    const fn without_ctrl(self) -> Self {
        Self { ctrl: false, ..self }
    }
}

/// Returns a key with its modifiers as the terminal sends it: a character includes its shift.
fn with_modifiers(code: Code, ctrl: bool, alt: bool, shift: bool) -> Key {
    let Code::Char(c) = code else {
        return Key {
            code,
            ctrl,
            alt,
            shift,
        };
    };
    let c = match c {
        c if ctrl => c.to_ascii_lowercase(),
        c if shift => c.to_ascii_uppercase(),
        c if alt => c.to_ascii_lowercase(),
        c => c,
    };
    Key {
        code: Code::Char(c),
        ctrl,
        alt,
        shift: false,
    }
}

fn code(word: &str) -> Option<Code> {
    let mut chars = word.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some(Code::Char(c));
    }
    Some(match word.to_ascii_lowercase().as_str() {
        "space" => Code::Char(' '),
        "minus" => Code::Char('-'),
        "plus" => Code::Char('+'),
        "enter" | "return" => Code::Enter,
        "tab" => Code::Tab,
        "backspace" | "bs" => Code::Backspace,
        "del" | "delete" => Code::Delete,
        "esc" | "escape" => Code::Esc,
        "up" => Code::Up,
        "down" => Code::Down,
        "left" => Code::Left,
        "right" => Code::Right,
        "home" => Code::Home,
        "end" => Code::End,
        "pgup" | "pageup" => Code::PageUp,
        "pgdn" | "pagedown" => Code::PageDown,
        word => {
            let number: u8 = word.strip_prefix('f')?.parse().ok()?;
            (1..=24).contains(&number).then_some(Code::F(number))?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ACTIONS;

    #[test]
    fn keys_are_read_as_people_write_them() {
        let all = [
            ("Alt-P", Key::alt(Code::Char('p'))),
            ("alt-p", Key::alt(Code::Char('p'))),
            ("M-p", Key::alt(Code::Char('p'))),
            ("Alt-Shift-N", Key::alt(Code::Char('N'))),
            ("ctrl-G", Key::ctrl(Code::Char('g'))),
            ("F5", Key::plain(Code::F(5))),
            ("space", Key::char(' ')),
            ("Shift-Left", Key::shift(Code::Left)),
            ("Shift+Tab", Key::shift(Code::Tab)),
            ("p", Key::char('p')),
            ("P", Key::char('P')),
            ("Shift-p", Key::char('P')),
            ("-", Key::char('-')),
            ("Ctrl--", Key::ctrl(Code::Char('-'))),
            ("PageUp", Key::plain(Code::PageUp)),
            ("ж", Key::char('ж')),
        ];
        for (text, key) in all {
            assert_eq!(text.parse(), Ok(key), "{text}");
        }
    }

    #[test]
    fn keys_are_shown_as_they_can_be_written() {
        for action in ACTIONS {
            for key in action.chat_keys.iter().chain(action.keys_keys) {
                assert_eq!(key.to_string().parse(), Ok(*key), "{key}");
            }
        }
    }

    #[test]
    fn a_key_that_no_terminal_sends_is_refused() {
        let refused = |text: &str| text.parse::<Key>().expect_err(text);

        for text in ["", "Ctrl", "Hyper-P", "F0", "F25", "Alt-", "pp", "\u{7}"] {
            assert!(matches!(refused(text), KeyError::Unknown(_)), "{text:?}");
        }
        let tab = Key::plain(Code::Tab);
        assert_eq!(refused("Ctrl-I"), KeyError::Same("Ctrl-I".to_owned(), tab));
        assert!(matches!(refused("Ctrl-Shift-P"), KeyError::NotSent(_)));
        assert!(matches!(refused("Shift-Enter"), KeyError::NotSent(_)));
    }
}
