//! Values as written in a file or a variable, and their conversion for each key.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use watchtogether_protocol::MemberName;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_tui::plain::{AnnounceInterval, LineVerbosity};

use super::{AccessKind, Color, GlyphKind, MpvOption, PlayerKind, Ui, ValueError, ValueShape};
use crate::file_url;

/// The longest limited time without a connection before the film is paused. Users who want more want it unlimited.
const LONGEST: Duration = Duration::from_hours(24);

/// A value before its key is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RawValue {
    /// A text in a file, or a number: `"a"`, `90`.
    Text(String),
    /// A list in a file, each element with its line.
    List(Vec<(Self, usize)>),
    /// A variable, which can be a text or a list.
    Variable(String),
    /// `true` or `false` in a file.
    Switch(bool),
    /// Another kind of value.
    Other(ValueShape),
}

impl RawValue {
    /// Returns a colon-separated list of paths, each as text.
    pub(super) fn paths(list: &[u8]) -> Self {
        let paths = list.split(|byte| *byte == b':').filter(|path| !path.is_empty());
        let text = |path: &[u8]| Self::Text(file_url::text_of(Path::new(OsStr::from_bytes(path))));
        Self::List(paths.map(|path| (text(path), 0)).collect())
    }

    pub(super) fn text(&self) -> Result<&str, ValueError> {
        match self {
            Self::Text(text) | Self::Variable(text) => Ok(text),
            Self::List(_) | Self::Switch(_) | Self::Other(_) => Err(self.not(ValueShape::Text)),
        }
    }

    /// Returns the value as `true` or `false`.
    pub(super) fn switch(&self) -> Result<bool, ValueError> {
        match self {
            Self::Switch(is_on) => Ok(*is_on),
            Self::Variable(text) if text == "true" => Ok(true),
            Self::Variable(text) if text == "false" => Ok(false),
            Self::Text(text) | Self::Variable(text) => Err(ValueError::Switch { text: text.clone() }),
            Self::List(_) | Self::Other(_) => Err(self.not(ValueShape::Switch)),
        }
    }

    /// Returns the elements of a list, each with its line if it has one.
    pub(super) fn parts(
        &self,
        separator: fn(char) -> bool,
    ) -> Result<Vec<(&str, Option<usize>)>, ValueError> {
        match self {
            Self::List(parts) => parts
                .iter()
                .map(|(part, line)| Ok((part.text()?, Some(*line))))
                .collect(),
            Self::Variable(text) => Ok(text
                .split(separator)
                .filter(|part| !part.is_empty())
                .map(|part| (part, None))
                .collect()),
            Self::Text(_) | Self::Switch(_) | Self::Other(_) => Err(self.not(ValueShape::List)),
        }
    }

    /// Returns the error for a value that does not have the wanted form.
    const fn not(&self, wanted: ValueShape) -> ValueError {
        let found = match self {
            Self::Text(_) | Self::Variable(_) => ValueShape::Text,
            Self::List(_) => ValueShape::List,
            Self::Switch(_) => ValueShape::Switch,
            Self::Other(shape) => *shape,
        };
        ValueError::Shape { wanted, found }
    }
}

/// A value that can be parsed from text.
pub(super) trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, ValueError>;
}

macro_rules! words {
    ($kind:ty { $($word:literal => $variant:ident,)+ }) => {
        impl FromText for $kind {
            fn from_text(text: &str) -> Result<Self, ValueError> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(ValueError::word(text, &[$($word),+])),
                }
            }
        }

        impl ToText for $kind {
            fn to_text(&self) -> String {
                match self {
                    $(Self::$variant => $word.to_owned(),)+
                }
            }
        }
    };
}

/// A value that can be written as text.
pub(super) trait ToText {
    fn to_text(&self) -> String;
}

words!(PlayerKind { "mpv" => Mpv, "none" => None, });
words!(AccessKind { "open" => Open, "invite" => Invite, "password" => Password, });
words!(StallPolicy { "wait" => Wait, "go-on" => GoOn, });
words!(Ui { "full" => Full, "plain" => Plain, });
words!(LineVerbosity { "calm" => Calm, "normal" => Normal, "all" => All, });
words!(GlyphKind { "auto" => Auto, "unicode" => Unicode, "ascii" => Ascii, });
words!(Color { "auto" => Auto, "always" => Always, "never" => Never, });

macro_rules! parsed {
    ($($kind:ty => $error:path),+ $(,)?) => {
        $(impl FromText for $kind {
            fn from_text(text: &str) -> Result<Self, ValueError> {
                text.parse().map_err($error)
            }
        }

        impl ToText for $kind {
            fn to_text(&self) -> String {
                self.to_string()
            }
        })+
    };
}

parsed!(MemberName => ValueError::Name, Address => ValueError::Address);

impl FromText for SocketAddr {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|_error| ValueError::ListenAddress {
            text: text.to_owned(),
        })
    }
}

impl ToText for SocketAddr {
    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl FromText for u16 {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|_error| ValueError::Port {
            text: text.to_owned(),
        })
    }
}

impl ToText for u16 {
    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl FromText for Duration {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::Time {
            text: text.to_owned(),
        };
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(wrong()),
        };
        let seconds = digits
            .parse::<u64>()
            .map_err(|_error| wrong())?
            .saturating_mul(unit);
        let duration = Self::from_secs(seconds);
        if duration > LONGEST {
            return Err(ValueError::TooLong {
                text: text.to_owned(),
            });
        }
        Ok(duration)
    }
}

impl ToText for Duration {
    fn to_text(&self) -> String {
        format!("{}s", self.as_secs())
    }
}

impl FromText for AnnounceInterval {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        if text == "off" {
            return Ok(Self::Off);
        }
        match Duration::from_text(text)? {
            Duration::ZERO => Err(ValueError::NoInterval),
            time => Ok(Self::Every(time)),
        }
    }
}

impl ToText for AnnounceInterval {
    fn to_text(&self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::Every(time) => time.to_text(),
        }
    }
}

impl FromText for String {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        if text.trim().is_empty() {
            return Err(ValueError::NoCommand);
        }
        Ok(text.to_owned())
    }
}

impl ToText for String {
    fn to_text(&self) -> String {
        self.clone()
    }
}

impl FromText for MpvOption {
    fn from_text(text: &str) -> Result<Self, ValueError> {
        let (name, value) = text.split_once('=').unwrap_or((text, "yes"));
        let name = name.trim().trim_start_matches("--");
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(ValueError::MpvOption {
                text: text.to_owned(),
            });
        }
        Ok((name.to_owned(), value.to_owned()))
    }
}

impl ToText for MpvOption {
    fn to_text(&self) -> String {
        format!("{}={}", self.0, self.1)
    }
}

impl ToText for bool {
    fn to_text(&self) -> String {
        self.to_string()
    }
}

impl ToText for PathBuf {
    fn to_text(&self) -> String {
        file_url::text_of(self)
    }
}

/// Returns the folder for a text: an absolute path, a path below the home folder, or a `file://` URL, which can express a path
/// that is not UTF-8.
pub(super) fn folder(text: &str, home: Option<&Path>) -> Result<PathBuf, ValueError> {
    if let Some(path) = file_url::to_path(text.as_bytes()) {
        return Ok(path);
    }
    let below_home = match text {
        "~" => Some(""),
        _ => text.strip_prefix("~/"),
    };
    match (below_home, home) {
        (Some(rest), Some(home)) => Ok(home.join(rest)),
        (Some(_), None) => Err(ValueError::NoHome {
            text: text.to_owned(),
        }),
        (None, _) if Path::new(text).is_absolute() => Ok(PathBuf::from(text)),
        (None, _) => Err(ValueError::RelativeFolder {
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_an_end() {
        let time = |text: &str| Duration::from_text(text).map(|d| d.as_secs());

        assert_eq!(
            [time("90"), time("90s"), time("2m"), time("24h")],
            [Ok(90), Ok(90), Ok(120), Ok(86_400)]
        );
        for wrong in [
            "",
            "s",
            "-1",
            "1.5",
            "2 m",
            "25h",
            "99999999999999999999",
            "18446744073709551615h",
            "5é",
        ] {
            assert!(time(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn options_are_named_as_in_mpv_conf_and_on_its_command_line() {
        let option = |text: &str| MpvOption::from_text(text).map(|(k, v)| format!("{k}|{v}"));

        assert_eq!(option("--hwdec=auto").as_deref(), Ok("hwdec|auto"));
        assert_eq!(option("fs").as_deref(), Ok("fs|yes"));
        assert_eq!(option("vf=scale=w=1").as_deref(), Ok("vf|scale=w=1"));
        assert!(option("=x").is_err() && option("a b=1").is_err());
    }

    #[test]
    fn a_folder_is_absolute_or_below_home() {
        let home = Path::new("/home/ana");

        assert_eq!(
            folder("~/Videos", Some(home)),
            Ok(PathBuf::from("/home/ana/Videos"))
        );
        assert_eq!(folder("~", Some(home)), Ok(PathBuf::from("/home/ana/")));
        assert_eq!(folder("/srv", None), Ok(PathBuf::from("/srv")));
        assert_eq!(folder("file:///srv/a%20b", None), Ok(PathBuf::from("/srv/a b")));
        assert!(folder("Videos", Some(home)).is_err() && folder("~bo/x", Some(home)).is_err());
        assert!(folder("~/x", None).is_err());
    }
}
