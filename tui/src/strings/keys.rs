//! Texts about mistakes in the key file.

use crate::action::ActionId;
use crate::key::{Key, KeyError};
use crate::keymap::{BindingError, INTERRUPT};

/// Returns why a key cannot be bound like this.
pub fn binding_error(error: &BindingError) -> String {
    let interrupt = ActionId::Interrupt.action().name;
    match error {
        BindingError::UnknownAction { word, .. } => msg!("binding-unknown-action", action = word),
        BindingError::Key { action, error } => msg!("binding-key", action = *action, why = key_error(error)),
        BindingError::Letter { action, key } => {
            msg!("binding-letter", action = *action, key = key.to_string())
        }
        BindingError::Twice {
            action,
            key,
            other,
            line,
        } => msg!(
            "binding-twice",
            action = *action,
            key = key.to_string(),
            other = *other,
            line = *line
        ),
        BindingError::Hatch { action } => msg!(
            "binding-fixed",
            action = *action,
            key = INTERRUPT.to_string(),
            other = interrupt
        ),
        BindingError::NoWayBack => msg!(
            "binding-no-way-back",
            action = ActionId::ChatMode.action().name,
            keys = ActionId::KeysMode.action().name
        ),
    }
}

/// Returns what to do about it.
pub fn binding_hint(error: &BindingError) -> String {
    match error {
        BindingError::UnknownAction {
            nearest: Some(nearest),
            ..
        } => msg!("hint-did-you-mean", name = *nearest),
        BindingError::UnknownAction { nearest: None, .. } => msg!("hint-list-key-actions").to_owned(),
        BindingError::Key { error, .. } => key_hint(error),
        BindingError::Letter { key, .. } => {
            let with_alt = Key { alt: true, ..*key };
            msg!("hint-bind-letter", key = with_alt.to_string())
        }
        BindingError::Twice { .. } => msg!("hint-one-action").to_owned(),
        BindingError::Hatch { .. } => {
            msg!("hint-add-keys", other = ActionId::Interrupt.action().name)
        }
        BindingError::NoWayBack => {
            msg!("hint-bind-way-back", action = ActionId::ChatMode.action().name)
        }
    }
}

fn key_error(error: &KeyError) -> String {
    match error {
        KeyError::Unknown(text) => msg!("key-unknown", key = text),
        KeyError::Same(text, sent) => msg!("key-same", key = text, sent = sent.to_string()),
        KeyError::NotSent(text) => msg!("key-not-sent", key = text),
    }
}

fn key_hint(error: &KeyError) -> String {
    match error {
        KeyError::Unknown(_) => msg!("hint-key-forms").to_owned(),
        KeyError::Same(_, sent) => msg!("hint-key-same", sent = sent.to_string()),
        KeyError::NotSent(_) => msg!("hint-key-modifier").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_terminals_send_as_another_is_named_with_that_one() {
        let error = "Ctrl-I".parse::<Key>().expect_err("terminals send Tab for it");
        let error = BindingError::Key {
            action: "people",
            error,
        };

        assert_eq!(binding_error(&error), "people: terminals send Tab for Ctrl-I");
        assert_eq!(binding_hint(&error), "write Tab, or use another key");
    }
}
