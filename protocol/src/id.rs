//! Ids, names and secrets: newtypes that are parsed once and stay valid.

use std::fmt;
use std::str::FromStr;

use any_ascii::any_ascii_char;
use bincode::{Decode, Encode};
use data_encoding::BASE32_NOPAD;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection;
use uuid::Uuid;

use crate::clean::{Clean, is_blank};
use crate::{limits, reserved};

/// A member's number, unique in its room for as long as the room exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct MemberId(pub u32);

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{}", self.0)
    }
}

/// The version number of a room's timeline. Each change increments it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Revision(pub u64);

impl Revision {
    /// Returns the revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// One life of a room. A room that is restored has a larger counter; if two owners restored it at the same time, the incarnation
/// differs. Revisions and sequence numbers count within one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Epoch {
    /// Increases with each owner.
    pub counter: u64,
    /// Drawn at random by each owner, so that two owners never share an epoch by mistake.
    pub incarnation: u64,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl Encode for $name {
            fn encode<E: bincode::enc::Encoder>(
                &self,
                encoder: &mut E,
            ) -> Result<(), bincode::error::EncodeError> {
                self.0.as_bytes().encode(encoder)
            }
        }

        impl<C> Decode<C> for $name {
            fn decode<D: bincode::de::Decoder<Context = C>>(
                decoder: &mut D,
            ) -> Result<Self, bincode::error::DecodeError> {
                <[u8; 16] as Decode<C>>::decode(decoder).map(|bytes| Self(Uuid::from_bytes(bytes)))
            }
        }

        bincode::impl_borrow_decode!($name);
    };
}

uuid_id! {
    /// A room's id, which stays the same whatever the room is called and however often it is restored.
    RoomId
}

uuid_id! {
    /// A chat line's id (UUID version 7), drawn by its sender and the same at each attempt to send it.
    ChatId
}

/// The maximum length in bytes of a room name that is made from a title: enough to recognise the film.
const MADE_BYTES: usize = 32;

/// A room's name: 1 to [`limits::ROOM_NAME_BYTES`] bytes of lower-case letters, digits, `-`, `_`
/// and `.`, so that it survives a link, a shell and a spoken call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct RoomName(String);

impl RoomName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a room name made of a title's words, or `room` if nothing usable is left of it.
    pub fn from_title(title: &str) -> Self {
        Self::slugify(title).unwrap_or_else(|| Self("room".to_owned()))
    }

    /// Returns a room name made from a text: its letters and digits in lower case, other scripts transliterated, with dashes
    /// between the words. Returns `None` if the text has no letter and no digit.
    pub fn slugify(text: &str) -> Option<Self> {
        let mut name = String::new();
        let ascii = text.chars().flat_map(|c| any_ascii_char(c).chars());
        // An apostrophe does not end a word, and a soft sign is transliterated to one.
        for c in ascii.filter(|c| !matches!(c, '\'' | '"' | '`')) {
            if name.len() >= MADE_BYTES {
                break;
            }
            if c.is_ascii_alphanumeric() {
                name.push(c.to_ascii_lowercase());
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
        }
        name.truncate(name.trim_end_matches('-').len());
        (!name.is_empty()).then_some(Self(name))
    }

    /// Returns the name with a number appended, for when the plain name is taken.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let end = format!("-{number}");
        let kept = self.0.len().min(limits::ROOM_NAME_BYTES - end.len());
        Self(format!("{}{end}", &self.0[..kept]))
    }

    /// Returns whether this is another name with a number behind it.
    pub fn is_numbered(&self, other: &Self) -> bool {
        let number = self
            .0
            .rsplit_once('-')
            .and_then(|(_, number)| number.parse().ok());
        number.is_some_and(|number| *self == other.numbered(number))
    }

    /// Returns the name of a room that is opened with a film: the words of the title, without the file's extension.
    pub fn of_film(title: &str) -> Self {
        let stem = match title.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && ending.len() <= 4 => stem,
            Some(_) | None => title,
        };
        Self::from_title(stem)
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The reason why a text is not a [`RoomName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// The text is empty.
    #[error("a room needs a name")]
    Empty,
    /// The text is longer than a name may be.
    #[error("a room's name has at most {max} characters", max = limits::ROOM_NAME_BYTES)]
    TooLong,
    /// A character is outside the alphabet.
    #[error("a room's name is made of a-z, 0-9, '-', '_' and '.', without {0:?}")]
    BadCharacter(char),
}

impl FromStr for RoomName {
    type Err = RoomNameError;

    fn from_str(text: &str) -> Result<Self, RoomNameError> {
        if text.is_empty() {
            return Err(RoomNameError::Empty);
        }
        if text.len() > limits::ROOM_NAME_BYTES {
            return Err(RoomNameError::TooLong);
        }
        let bad = |c: &char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
        match text.chars().find(bad) {
            Some(c) => Err(RoomNameError::BadCharacter(c)),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl<C> Decode<C> for RoomName {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        text.parse()
            .map_err(|error: RoomNameError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(RoomName);

/// A member's name: clean text of 1 to [`limits::NAME_CHARS`] characters, without white space at its ends. Parsing a name that a
/// user wants refuses the words that the program uses itself, such as `you` or `host`, and those that look like one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct MemberName(Clean);

/// The reason why a text is not a [`MemberName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberNameError {
    /// The text is empty once characters that cannot be shown are removed.
    #[error("a name needs at least one visible character")]
    Empty,
    /// The text is longer than a name may be.
    #[error("a name has at most {max} characters", max = limits::NAME_CHARS)]
    TooLong,
    /// The program uses the name itself, or it looks like one that the program uses.
    #[error("that name is reserved, choose another")]
    Reserved,
    /// The name contains a sign that the program uses as a mark.
    #[error("the program uses {0} as a mark, choose a name without it")]
    Mark(char),
}

impl MemberName {
    /// Returns a name that is already in use, even if it is reserved: an older program may have accepted a name that now comes
    /// from the wire or from a disk.
    pub fn existing(text: &str) -> Result<Self, MemberNameError> {
        let clean = Clean::line(text);
        // Trimming may remove the space that carried a combining mark, so the rest is cleaned again.
        let trimmed = clean
            .as_str()
            .trim_start_matches(|c| is_blank(c) || is_combining_mark(c))
            .trim_end_matches(is_blank);
        if trimmed.is_empty() {
            return Err(MemberNameError::Empty);
        }
        if trimmed.chars().count() > limits::NAME_CHARS {
            return Err(MemberNameError::TooLong);
        }
        Ok(Self(Clean::line(trimmed)))
    }

    /// Returns whether the program uses this name itself, or one that looks the same; a server admits nobody under such a name.
    /// The plain word `host` is not reserved, but only the member who opened the room may use it ([`Self::is_for_owner`]).
    pub fn is_reserved(&self) -> bool {
        !self.is_for_owner() && reserved::is_reserved(self.as_str())
    }

    /// Returns whether only the member who opened the room may use this name, because it names their role.
    pub fn is_for_owner(&self) -> bool {
        self.as_str() == "host"
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the name as clean text.
    pub fn as_clean(&self) -> &Clean {
        &self.0
    }

    /// Returns the name in the form used for lookups: without letter case, spaces and joiners.
    pub fn folded(&self) -> String {
        self.as_str()
            .chars()
            .filter(|c| !is_blank(*c) && !matches!(c, '\u{200c}' | '\u{200d}'))
            .flat_map(char::to_lowercase)
            .collect()
    }

    /// Returns a key that is equal for names that people would confuse: it ignores letter case and spaces, and maps letters that
    /// look the same onto each other (by the tables of UTS 39). It is never shown.
    pub fn skeleton(&self) -> String {
        // A capital I looks like a small l and also folds to a small i, so the three count as one letter.
        confusable_detection::skeleton(&self.folded())
            .flat_map(char::to_lowercase)
            .map(|c| if c == 'l' { 'i' } else { c })
            .collect()
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for MemberName {
    type Err = MemberNameError;

    fn from_str(text: &str) -> Result<Self, MemberNameError> {
        let name = Self::existing(text)?;
        if let Some(mark) = reserved::mark_in(name.as_str()) {
            return Err(MemberNameError::Mark(mark));
        }
        if name.is_reserved() {
            return Err(MemberNameError::Reserved);
        }
        Ok(name)
    }
}

impl<C> Decode<C> for MemberName {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        Self::existing(&text)
            .map_err(|error: MemberNameError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(MemberName);

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $bytes:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Returns the value made of these bytes.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        /// Writes base32 in lower case without padding, the form that an invite uses.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
            }
        }

        impl FromStr for $name {
            type Err = SecretError;

            fn from_str(text: &str) -> Result<Self, SecretError> {
                let bytes = BASE32_NOPAD
                    .decode(text.to_ascii_uppercase().as_bytes())
                    .map_err(|_cause| SecretError { what: $what })?;
                bytes.try_into().map(Self).map_err(|_bytes| SecretError { what: $what })
            }
        }
    };
}

secret! {
    /// The first 128 bits of SHA-256 over the server's public key (SPKI): forging one takes a second
    /// preimage, so half a hash is enough and keeps an invite short.
    Pin, 16, "key pin"
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({self})")
    }
}

secret! {
    /// The token of an invite, which admits anyone who has it: 80 random bits. The server's join budget makes guessing hopeless.
    InviteToken, 10, "invite token"
}

impl fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteToken(…)")
    }
}

secret! {
    /// The secret of a seat in a room: whoever presents it is that member again. 256 random bits.
    Token, 32, "resume token"
}

secret! {
    /// The key that identifies a member as the one who opened a room. The client draws one for each server, shows it to no other
    /// server and keeps it.
    OwnerKey, 32, "owner key"
}

impl fmt::Debug for OwnerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerKey(…)")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The error for a pin or token with the wrong length or alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not a whole {what}")]
pub struct SecretError {
    what: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_called_after_its_film_without_the_ending() {
        let name = |title| RoomName::of_film(title).to_string();

        assert_eq!(name("Film.mkv"), "film");
        assert_eq!(name("S01E03.1080p.x264.mkv"), "s01e03-1080p-x264");
        assert_eq!(name(".hidden"), "hidden");
        assert_eq!(name("The end. Really"), "the-end-really");
    }

    #[test]
    fn a_room_name_is_what_survives_a_link_and_a_shell() {
        assert!("movie-night_2.0".parse::<RoomName>().is_ok());
        assert_eq!("".parse::<RoomName>(), Err(RoomNameError::Empty));
        assert_eq!("Film".parse::<RoomName>(), Err(RoomNameError::BadCharacter('F')));
        assert_eq!("a/b".parse::<RoomName>(), Err(RoomNameError::BadCharacter('/')));
        assert_eq!("x".repeat(65).parse::<RoomName>(), Err(RoomNameError::TooLong));
    }

    #[test]
    fn a_title_becomes_a_room_name_that_parses() {
        for title in [
            "Film.mkv",
            "  --  ",
            "…",
            "The Car (2024) [1080p]",
            "Амели",
            &"long ".repeat(40),
        ] {
            let name = RoomName::from_title(title);

            assert_eq!(
                name.as_str().parse::<RoomName>().as_ref(),
                Ok(&name),
                "from {title:?}"
            );
        }
        assert_eq!(RoomName::from_title("The Car (2024)").as_str(), "the-car-2024");
    }

    #[test]
    fn titles_of_every_script_have_names_of_their_own() {
        let name = |title| RoomName::of_film(title).to_string();

        assert_eq!(name("Ирония судьбы.mkv"), "ironiya-sudby");
        assert_eq!(name("Брат 2.mkv"), "brat-2");
        assert_eq!(name("Amélie – le café.mkv"), "amelie-le-cafe");
        assert_eq!(name("It's a Wonderful Life.mkv"), "its-a-wonderful-life");
        assert_eq!(name("Žižkov ßpaß.mkv"), "zizkov-sspass");
        for title in [
            "千と千尋の神隠し",
            "기생충",
            "Χειμερία",
            "فيلم",
            "חתונה",
            "ฉลาดเกมส์โกง",
        ] {
            assert!(RoomName::slugify(title).is_some(), "{title}");
        }
        assert_eq!(RoomName::slugify(" …!? "), None);
        assert_eq!(
            RoomName::slugify("Movie Night!")
                .map(|name| name.to_string())
                .as_deref(),
            Some("movie-night")
        );
    }

    #[test]
    fn a_number_makes_another_name_of_any_length() {
        let film: RoomName = "film".parse().expect("a name");
        let long: RoomName = "x".repeat(64).parse().expect("a name");

        assert_eq!(film.numbered(2).as_str(), "film-2");
        assert_eq!(long.numbered(10).to_string().parse(), Ok(long.numbered(10)));
        assert!(film.numbered(2).is_numbered(&film) && long.numbered(3).is_numbered(&long));
        assert!(!film.is_numbered(&film) && !film.numbered(2).is_numbered(&long));
    }

    #[test]
    fn names_that_the_room_speaks_with_are_refused() {
        assert_eq!(" Server ".parse::<MemberName>(), Err(MemberNameError::Reserved));
        assert_eq!(
            "\u{200b}\u{202e}".parse::<MemberName>(),
            Err(MemberNameError::Empty)
        );
        assert_eq!(
            "ana".repeat(20).parse::<MemberName>(),
            Err(MemberNameError::TooLong)
        );
    }

    #[test]
    fn a_name_has_ink_and_survives_being_read_again() {
        for inkless in [" \u{301}", "\u{2800}", " \u{301} \u{302} ", "\u{3000}\u{200d}"] {
            assert_eq!(
                inkless.parse::<MemberName>(),
                Err(MemberNameError::Empty),
                "{inkless:?}"
            );
        }

        let name: MemberName = " \u{301} bo ".parse().expect("bo is left");

        assert_eq!(name.as_str(), "bo");
        assert_eq!(
            "s e r v e r".parse::<MemberName>(),
            Err(MemberNameError::Reserved)
        );
    }

    #[test]
    fn names_that_people_would_confuse_share_a_skeleton() {
        let looks = |name: &str| name.parse().map(|name: MemberName| name.skeleton());

        // Cyrillic letters, full width, mathematical ones, digits, a capital I, and an m imitated by two letters.
        for (name, alike) in [
            ("Ana B", "anab"),
            ("ana", "\u{430}n\u{430}"),
            ("ana", "\u{410}NA"),
            ("ana", "\u{ff41}\u{ff4e}\u{ff41}"),
            ("bob", "\u{1d41b}0\u{1d41b}"),
            ("lan", "Ian"),
            ("mia", "rn1a"),
        ] {
            assert_eq!(looks(name), looks(alike), "{name} {alike}");
        }
        for (name, other) in [("ana", "anna"), ("bo", "bob"), ("rené", "rene"), ("Аня", "Ана")] {
            assert_ne!(looks(name), looks(other), "{name} {other}");
        }
    }

    #[test]
    fn the_plain_word_host_is_a_name_for_the_owner_and_nothing_like_it_is() {
        let host: MemberName = "host".parse().expect("a name for who opens a room");
        assert!(host.is_for_owner());

        for name in ["Host", "HOST", "h\u{43e}st", "host 2", "the host"] {
            assert_eq!(
                name.parse::<MemberName>(),
                Err(MemberNameError::Reserved),
                "{name}"
            );
        }
    }

    #[test]
    fn a_reserved_name_is_refused_to_who_wants_it_and_known_where_somebody_has_it() {
        for name in ["You", "HOST", "s\u{443}stem", "r00m"] {
            assert_eq!(
                name.parse::<MemberName>(),
                Err(MemberNameError::Reserved),
                "{name}"
            );
            let existing = MemberName::existing(name).expect("somebody may have it");
            assert!(existing.is_reserved(), "{name}");
        }
    }

    #[test]
    fn secrets_come_back_from_their_text_and_hide_in_debug() {
        let token = Token::from_bytes([7; 32]);

        assert_eq!(token.to_string().parse(), Ok(token));
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert!("aaaa".parse::<Pin>().is_err());
        assert!("not base32!".parse::<Pin>().is_err());
    }
}
