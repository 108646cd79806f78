//! Items, which rooms watch: files that each member has in their own folders, or links.
//!
//! An item is never a path. A file is identified by name, size, duration and a fingerprint, so that nothing from the network
//! names a place on anybody's disk.

use bincode::{Decode, Encode};

use crate::clean::{Clean, is_dropped};
use crate::limits;
use crate::time::MediaTime;

/// The number of an item, unique in its room. Setting the same film again gives a new number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ItemId(pub u64);

/// SHA-256 over the file's length (8 bytes, little-endian), its first and its last MiB. A file shorter than two MiB is hashed as
/// a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Fingerprint(pub [u8; 32]);

/// An http(s) URL without spaces and without the characters that [`Clean`] drops. Only such links reach a player, and they can be
/// shown as they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct MediaUrl(String);

/// Why a text is not a valid [`MediaUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum MediaUrlError {
    /// The scheme is not allowed.
    Scheme,
    /// The host after the scheme is missing.
    NoHost,
    /// The text contains a character that URLs cannot have.
    BadCharacter,
    /// The text is longer than a link may be.
    TooLong,
}

impl MediaUrl {
    /// Returns the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part between the scheme and the path, without user, password and port.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        if let Some(end) = host.find(']') {
            return &host[..=end];
        }
        host.split(':').next().unwrap_or_default()
    }
}

impl std::str::FromStr for MediaUrl {
    type Err = MediaUrlError;

    fn from_str(text: &str) -> Result<Self, MediaUrlError> {
        if text.len() > limits::URL_BYTES {
            return Err(MediaUrlError::TooLong);
        }
        let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            return Err(MediaUrlError::Scheme);
        }
        if text
            .chars()
            .any(|c| is_dropped(c) || c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '`'))
        {
            return Err(MediaUrlError::BadCharacter);
        }
        let link = Self(text.to_owned());
        if link.host().is_empty() {
            Err(MediaUrlError::NoHost)
        } else {
            Ok(link)
        }
    }
}

impl<C> Decode<C> for MediaUrl {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        text.parse()
            .map_err(|error: MediaUrlError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(MediaUrl);

/// The source of an item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ItemSource {
    /// A file, which each member looks for in their own folders.
    File {
        /// The file's length in bytes.
        size: u64,
        /// Tells two cuts of a film apart.
        fingerprint: Fingerprint,
    },
    /// A link, which each member's player opens.
    Link(MediaUrl),
}

/// The length of an item, as reported by the player of a host or co-host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Length {
    /// The length is not known, or not yet: a file that is still being written, or a link that no player has opened.
    #[default]
    Unknown,
    /// The item has this length.
    Of(MediaTime),
    /// The item is a live source without an end. If the source has its own clock, positions are its timestamps.
    Live,
}

impl Length {
    /// Returns the duration, if it is known and finite.
    pub const fn duration(self) -> Option<MediaTime> {
        match self {
            Self::Of(duration) => Some(duration),
            Self::Unknown | Self::Live => None,
        }
    }

    /// Returns the rule that the length breaks, if any. Called for values from the network.
    pub(crate) fn check(self) -> Result<(), &'static str> {
        match self {
            Self::Of(d)
                if d <= MediaTime::ZERO || d.as_nanos() / 1_000_000_000 > limits::DURATION_SECONDS =>
            {
                Err("an item's duration is more than nothing and less than 100 days")
            }
            Self::Of(_) | Self::Unknown | Self::Live => Ok(()),
        }
    }
}

impl From<Option<MediaTime>> for Length {
    fn from(duration: Option<MediaTime>) -> Self {
        duration.map_or(Self::Unknown, Self::Of)
    }
}

/// An item that a room watches.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    /// The title: a file's name, or the title that a link reports.
    pub title: Clean,
    /// The item's length.
    pub length: Length,
    /// The item's source.
    pub source: ItemSource,
}

impl Item {
    /// Returns the duration, if it is known and finite.
    pub const fn duration(&self) -> Option<MediaTime> {
        self.length.duration()
    }

    /// Returns whether the item was found to be a live source.
    pub fn is_live(&self) -> bool {
        self.length == Length::Live
    }

    /// Returns whether the item may have this length: only a link can be live.
    pub fn can_be(&self, length: Length) -> bool {
        length != Length::Live || matches!(self.source, ItemSource::Link(_))
    }

    /// Returns the rule that the item breaks, if any. Called for values from the network.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.title.as_str().chars().count() > limits::TITLE_CHARS || self.title.as_str().contains('\n') {
            return Err("an item's title is one line of 255 characters");
        }
        if !self.can_be(self.length) {
            return Err("a file is not live");
        }
        self.length.check()
    }
}

/// The result of comparing a member's copy with the room's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum FileMatch {
    /// The copy has not been compared yet, or cannot be: between a file and a link only the length can be compared, and it is the
    /// same.
    Unknown,
    /// Size and fingerprint are equal, or the item is a link.
    Same,
    /// The copy is another file.
    Other {
        /// The copy's duration minus the room's; positive if the copy is longer.
        longer_by: MediaTime,
    },
    /// The copy matches so far and is still being written, so its length is not final.
    Growing,
    /// The item is a live source, which has no length.
    Live,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_urls_are_accepted() {
        let bad = [
            "file:///etc/passwd",
            "av://lavfi:testsrc",
            "edl://x",
            "/etc/passwd",
            "memory://x",
            "smb://host/x",
            "httpx://a",
            "",
        ];
        for text in bad {
            assert_eq!(text.parse::<MediaUrl>(), Err(MediaUrlError::Scheme), "{text}");
        }
        assert_eq!("http://".parse::<MediaUrl>(), Err(MediaUrlError::NoHost));
        assert_eq!(
            "https:///etc/passwd".parse::<MediaUrl>(),
            Err(MediaUrlError::NoHost)
        );
        assert_eq!(
            "http://a/b c".parse::<MediaUrl>(),
            Err(MediaUrlError::BadCharacter)
        );
        assert_eq!(
            "http://a/\n".parse::<MediaUrl>(),
            Err(MediaUrlError::BadCharacter)
        );
        assert_eq!(
            "http://a/\u{202e}vkm".parse::<MediaUrl>(),
            Err(MediaUrlError::BadCharacter)
        );
        assert!("http://a/фильм.mkv".parse::<MediaUrl>().is_ok());
        assert_eq!(
            format!("http://a/{}", "x".repeat(2048)).parse::<MediaUrl>(),
            Err(MediaUrlError::TooLong)
        );
    }

    #[test]
    fn host_returns_the_host_that_is_contacted() {
        let host = |text: &str| text.parse::<MediaUrl>().map(|l| l.host().to_owned());

        assert_eq!(
            host("HTTPS://user:pw@example.org:8080/a?b#c").as_deref(),
            Ok("example.org")
        );
        assert_eq!(host("http://[::1]:80/x").as_deref(), Ok("[::1]"));
        assert_eq!(host("http://a@b@c/").as_deref(), Ok("c"));
    }

    #[test]
    fn a_duration_of_nothing_or_of_years_is_refused() {
        let item = |length| Item {
            title: Clean::line("x"),
            length,
            source: ItemSource::File {
                size: 1,
                fingerprint: Fingerprint([0; 32]),
            },
        };

        assert!(item(Length::Unknown).check().is_ok());
        assert!(item(Length::Of(MediaTime::ZERO)).check().is_err());
        assert!(item(Length::Of(MediaTime::from_nanos(i64::MAX))).check().is_err());
        assert!(item(Length::Live).check().is_err(), "a file is not live");
    }
}
