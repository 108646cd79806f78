//! The mistakes of a configuration, and their words from the catalogue.

use std::fmt;

use watchtogether_protocol::id::MemberNameError;
use watchtogether_protocol::invite::InviteError;
use watchtogether_server::limits::{LimitError, LimitKind, LimitMistake, Relation};
use watchtogether_tui::keymap::BindingError;
use watchtogether_tui::{msg, strings};

use super::Origin;

/// A mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigMistake {
    /// The place.
    pub place: Origin,
    /// The mistake itself.
    pub what: MistakeKind,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// The file or the variable is not UTF-8.
    NotUtf8,
    /// The file cannot be read.
    FileUnreadable {
        /// The system's description.
        cause: String,
    },
    /// The file is not TOML.
    Syntax {
        /// The parser's description.
        cause: String,
    },
    /// The key or table does not exist.
    UnknownKey {
        /// The key.
        key: String,
        /// The key that was probably meant.
        nearest: Option<String>,
        /// The keys that exist.
        known: KnownKeys,
    },
    /// The variable does not exist.
    UnknownVariable {
        /// The variable that was probably meant.
        nearest: Option<String>,
    },
    /// A key stands outside the tables.
    OutsideTables {
        /// The key.
        key: String,
        /// The tables.
        tables: Vec<&'static str>,
    },
    /// The value of a key is not valid.
    Value {
        /// The key.
        key: String,
        /// The reason.
        error: ValueError,
    },
    /// The variable that asks for plain mode is neither on nor off.
    NotPlain {
        /// The value.
        text: String,
    },
    /// An action has neither a key nor a list of keys.
    NotKeys {
        /// The action.
        action: String,
    },
    /// A key cannot be bound like this.
    Binding(BindingError),
    /// A limit of the server is not valid.
    Limit(LimitMistake),
}

/// The keys that a mistake suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownKeys {
    /// Some keys.
    These(Vec<String>),
    /// The keys of the server, which are too many for a hint.
    OfServer,
}

/// The reason why a value is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The value has another form than the key.
    Shape {
        /// The form that the key has.
        wanted: ValueShape,
        /// The form of the value.
        found: ValueShape,
    },
    /// The text is none of the words that the key can have.
    Word {
        /// The text.
        text: String,
        /// The words.
        words: &'static [&'static str],
    },
    /// The text is neither true nor false.
    Switch {
        /// The text.
        text: String,
    },
    /// The text is not an address to listen on.
    ListenAddress {
        /// The text.
        text: String,
    },
    /// The text is not a UDP port.
    Port {
        /// The text.
        text: String,
    },
    /// The text is not a time.
    Time {
        /// The text.
        text: String,
    },
    /// The time is longer than a day.
    TooLong {
        /// The text.
        text: String,
    },
    /// The interval is zero.
    NoInterval,
    /// The command is empty.
    NoCommand,
    /// The text is not an option of mpv.
    MpvOption {
        /// The text.
        text: String,
    },
    /// The folder is below the home folder, and there is none.
    NoHome {
        /// The text.
        text: String,
    },
    /// The folder is a relative path.
    RelativeFolder {
        /// The text.
        text: String,
    },
    /// The text is not a member's name.
    Name(MemberNameError),
    /// The text is not a server's address.
    Address(InviteError),
}

/// The forms of values in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueShape {
    /// A text, or a whole number.
    Text,
    /// A list.
    List,
    /// `true` or `false`.
    Switch,
    /// A number with a fraction.
    Fraction,
    /// A date or a time of day.
    Date,
    /// A table.
    Table,
}

impl ConfigMistake {
    /// Returns the suggested correction.
    pub fn hint(&self) -> Option<String> {
        self.what.hint()
    }
}

impl fmt::Display for ConfigMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, what) = (self.place.to_string(), self.what.text());
        f.write_str(&match self.hint() {
            Some(hint) => msg!(
                "config-mistake-with-hint",
                place = place,
                what = what,
                hint = hint
            ),
            None => msg!("config-mistake", place = place, what = what),
        })
    }
}

impl MistakeKind {
    /// Returns the sentence without a full stop.
    fn text(&self) -> String {
        match self {
            Self::NotUtf8 => msg!("config-not-utf8").to_owned(),
            Self::FileUnreadable { cause } => msg!("config-file-unreadable", cause = cause),
            Self::Syntax { cause } => cause.clone(),
            Self::UnknownKey { key, .. } => msg!("config-unknown-key", key = key),
            Self::UnknownVariable { .. } => msg!("config-unknown-variable").to_owned(),
            Self::OutsideTables { key, .. } => msg!("config-outside-tables", key = key),
            Self::Value { key, error } => msg!("config-value", key = key, why = error.text()),
            Self::NotPlain { text } => msg!("config-not-plain", text = text),
            Self::NotKeys { action } => msg!("config-not-keys", action = action),
            Self::Binding(error) => strings::binding_error(error),
            Self::Limit(mistake) => msg!(
                "config-value",
                key = mistake.key,
                why = limit_text(&mistake.error)
            ),
        }
    }

    /// Returns the suggested correction.
    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            }
            | Self::UnknownVariable {
                nearest: Some(nearest),
            } => Some(msg!("hint-did-you-mean", name = nearest)),
            Self::UnknownKey {
                nearest: None,
                known: KnownKeys::These(keys),
                ..
            } => Some(msg!("config-hint-keys", keys = strings::parts(keys))),
            Self::UnknownKey {
                nearest: None,
                known: KnownKeys::OfServer,
                ..
            }
            | Self::UnknownVariable { nearest: None } => Some(msg!("config-hint-server-keys").to_owned()),
            Self::OutsideTables { tables, .. } => {
                let tables: Vec<String> = tables.iter().map(|table| format!("[{table}]")).collect();
                Some(msg!("config-hint-tables", tables = strings::parts(&tables)))
            }
            Self::NotKeys { .. } => Some(msg!("config-hint-not-keys").to_owned()),
            Self::Binding(error) => Some(strings::binding_hint(error)),
            Self::Limit(mistake) => Some(limit_hint(mistake)),
            Self::NotUtf8
            | Self::FileUnreadable { .. }
            | Self::Syntax { .. }
            | Self::Value { .. }
            | Self::NotPlain { .. } => None,
        }
    }
}

impl ValueError {
    /// Returns the error of a text that is none of some words.
    pub(super) fn word(text: &str, words: &'static [&'static str]) -> Self {
        let text = text.to_owned();
        Self::Word { text, words }
    }

    /// Returns the sentence without a full stop.
    fn text(&self) -> String {
        match self {
            Self::Shape { wanted, found } => shape_text(*wanted, *found),
            Self::Word { text, words } => {
                let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                msg!("config-not-a-word", text = text, words = strings::parts(&words))
            }
            Self::Switch { text } => msg!("config-not-a-switch", text = text),
            Self::ListenAddress { text } => msg!("config-not-a-listen-address", text = text),
            Self::Port { text } => msg!("config-not-a-port", text = text),
            Self::Time { text } => msg!("config-not-a-time", text = text),
            Self::TooLong { text } => msg!("config-too-long", text = text),
            Self::NoInterval => msg!("config-no-interval").to_owned(),
            Self::NoCommand => msg!("config-no-command").to_owned(),
            Self::MpvOption { text } => msg!("config-not-an-mpv-option", text = text),
            Self::NoHome { text } => msg!("config-no-home", text = text),
            Self::RelativeFolder { text } => msg!("config-relative-folder", text = text),
            Self::Name(error) => strings::member_name_error(*error),
            Self::Address(error) => strings::invite_error(error),
        }
    }
}

fn shape_text(wanted: ValueShape, found: ValueShape) -> String {
    let found = match found {
        ValueShape::Text => "text",
        ValueShape::List => "list",
        ValueShape::Switch => "switch",
        ValueShape::Fraction => "fraction",
        ValueShape::Date => "date",
        ValueShape::Table => "table",
    };
    match wanted {
        ValueShape::List => msg!("config-wants-list", found = found),
        ValueShape::Switch => msg!("config-wants-switch", found = found),
        ValueShape::Text | ValueShape::Fraction | ValueShape::Date | ValueShape::Table => {
            msg!("config-wants-text", found = found)
        }
    }
}

fn limit_text(error: &LimitError) -> String {
    match error {
        LimitError::Unreadable { text, kind } => msg!("limit-unreadable", text = text, kind = word(*kind)),
        LimitError::OutOfRange { value, .. } => msg!("limit-out-of-range", value = value),
        LimitError::Contradiction {
            value,
            relation,
            other,
            bound,
        } => {
            let relation = match relation {
                Relation::Longer => "longer",
                Relation::NotShorter => "not-shorter",
                Relation::Larger => "larger",
                Relation::More => "more",
            };
            msg!(
                "limit-contradiction",
                value = value,
                relation = relation,
                other = *other,
                bound = bound
            )
        }
    }
}

fn limit_hint(mistake: &LimitMistake) -> String {
    match &mistake.error {
        LimitError::Unreadable { kind, .. } => msg!("limit-hint-example", kind = word(*kind)),
        LimitError::OutOfRange { least, most, .. } => msg!("limit-hint-range", least = least, most = most),
        LimitError::Contradiction { other, .. } => {
            msg!("limit-hint-contradiction", other = *other, key = mistake.key)
        }
    }
}

/// Returns the word by which a message distinguishes the kind of a limit.
const fn word(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Count => "count",
        LimitKind::Time => "time",
        LimitKind::Size => "size",
        LimitKind::Budget => "budget",
    }
}
