//! What a room watches: a file that each member finds in their own folders, or a link.
//!
//! Never a path: a file is known by name, size, duration and a fingerprint, so that nothing from the
//! network points into anybody's disk.

use bincode::{Decode, Encode};

use crate::clean::{Clean, is_dropped};
use crate::limits;
use crate::time::MediaTime;

/// Which item of a room, unique in its room: the next item is another, even if it is the same film.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ItemId(pub u64);

/// SHA-256 over the file's length (8 bytes, little-endian), its first and its last MiB; a file
/// shorter than two MiB is taken whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Fingerprint(pub [u8; 32]);

/// An http(s) URL without spaces and without what [`Clean`] drops: the only links that reach a player,
/// and harmless on a screen as they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct Link(String);

/// Why a text is no [`Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The scheme is none of the allowed ones.
    #[error("a link begins with http:// or https://")]
    Scheme,
    /// There is no host behind the scheme.
    #[error("the link names no host")]
    NoHost,
    /// A character has no place in a URL.
    #[error("the link has a character that no URL may carry")]
    BadCharacter,
    /// The text is longer than a link may be.
    #[error("a link has at most {max} bytes", max = limits::URL_BYTES)]
    TooLong,
}

impl Link {
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

impl std::str::FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        if text.len() > limits::URL_BYTES {
            return Err(LinkError::TooLong);
        }
        let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            return Err(LinkError::Scheme);
        }
        if text
            .chars()
            .any(|c| is_dropped(c) || c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '`'))
        {
            return Err(LinkError::BadCharacter);
        }
        let link = Self(text.to_owned());
        if link.host().is_empty() {
            Err(LinkError::NoHost)
        } else {
            Ok(link)
        }
    }
}

impl<C> Decode<C> for Link {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        text.parse()
            .map_err(|error: LinkError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(Link);

/// Where an item comes from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ItemSource {
    /// A file, which each member finds for themselves.
    File {
        /// The file's length in bytes.
        size: u64,
        /// What tells two cuts of a film apart.
        fingerprint: Fingerprint,
    },
    /// A link, which each member's player opens.
    Link(Link),
}

/// What a room watches.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    /// What people call it: a file's name, or what the link calls itself.
    pub title: Clean,
    /// How long it is, where that is known. A file that is still being written has no length yet. A live source has no end; where it has a clock of its own, positions are its
    /// time stamps.
    pub duration: Option<MediaTime>,
    /// Where it comes from.
    pub source: ItemSource,
}

impl Item {
    /// Returns whether it is live, as far as anybody knows: a link without a length.
    pub const fn is_live(&self) -> bool {
        self.duration.is_none() && matches!(self.source, ItemSource::Link(_))
    }

    /// Returns what the item breaks, if anything: for values that came from the network.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.title.as_str().chars().count() > limits::TITLE_CHARS || self.title.as_str().contains('\n') {
            return Err("an item's title is one line of 255 characters");
        }
        check_duration(self.duration)
    }
}

/// Returns an error if a duration that came from the network is out of range.
pub(crate) fn check_duration(duration: Option<MediaTime>) -> Result<(), &'static str> {
    match duration {
        Some(d) if d <= MediaTime::ZERO || d.as_nanos() / 1_000_000_000 > limits::DURATION_SECONDS => {
            Err("an item's duration is more than nothing and less than 100 days")
        }
        Some(_) | None => Ok(()),
    }
}

/// How a member's own copy compares with the room's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum FileMatch {
    /// Nothing is known yet.
    Unknown,
    /// Size and fingerprint are the same, or it is a link.
    Same,
    /// It is another file; by how much longer (positive) or shorter (negative) it runs.
    Other {
        /// Own duration minus the room's.
        longer_by: MediaTime,
    },
    /// It is the same film as far as it goes, and still being written: its length is not final.
    Growing,
    /// It is a live source, which has no length.
    Live,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_links_are_links() {
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
            assert_eq!(text.parse::<Link>(), Err(LinkError::Scheme), "{text}");
        }
        assert_eq!("http://".parse::<Link>(), Err(LinkError::NoHost));
        assert_eq!("https:///etc/passwd".parse::<Link>(), Err(LinkError::NoHost));
        assert_eq!("http://a/b c".parse::<Link>(), Err(LinkError::BadCharacter));
        assert_eq!("http://a/\n".parse::<Link>(), Err(LinkError::BadCharacter));
        assert_eq!(
            "http://a/\u{202e}vkm".parse::<Link>(),
            Err(LinkError::BadCharacter)
        );
        assert!("http://a/фильм.mkv".parse::<Link>().is_ok());
        assert_eq!(
            format!("http://a/{}", "x".repeat(2048)).parse::<Link>(),
            Err(LinkError::TooLong)
        );
    }

    #[test]
    fn the_host_of_a_link_is_what_will_be_asked() {
        let host = |text: &str| text.parse::<Link>().map(|l| l.host().to_owned());

        assert_eq!(
            host("HTTPS://user:pw@example.org:8080/a?b#c").as_deref(),
            Ok("example.org")
        );
        assert_eq!(host("http://[::1]:80/x").as_deref(), Ok("[::1]"));
        assert_eq!(host("http://a@b@c/").as_deref(), Ok("c"));
    }

    #[test]
    fn a_duration_of_nothing_or_of_years_is_refused() {
        let item = |duration| Item {
            title: Clean::line("x"),
            duration,
            source: ItemSource::File {
                size: 1,
                fingerprint: Fingerprint([0; 32]),
            },
        };

        assert!(item(None).check().is_ok());
        assert!(item(Some(MediaTime::ZERO)).check().is_err());
        assert!(item(Some(MediaTime::from_nanos(i64::MAX))).check().is_err());
    }
}
