//! Invites, links that let friends in: `watchtogether://HOST:PORT/ROOM#k=PIN&t=TOKEN`.
//!
//! The pin identifies the server, whatever network lies between; the token admits its bearer to the room. Both come after the
//! `#`, in the part of a URL that browsers never send. With a typical address and room, an invite has fewer than 105 characters,
//! so that the QR code fits a small terminal.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};

use crate::id::{InviteToken, Pin, RoomName, RoomNameError, SecretError};
use crate::version::DEFAULT_PORT;

/// The URL scheme of an invite.
pub const SCHEME: &str = "watchtogether://";

/// The address of a server: a name or an IP address, and a UDP port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// A host name or an IP address, without brackets.
    pub host: String,
    /// The server's UDP port.
    pub port: u16,
}

/// The address of a room, as typed or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Where the server is.
    pub address: Address,
    /// The room; `None` for an address without a room.
    pub room: Option<RoomName>,
    /// The server's key, if the invite has one; otherwise the key is trusted on first use.
    pub pin: Option<Pin>,
    /// The token that admits the bearer, if the room requires one.
    pub token: Option<InviteToken>,
}

/// Why a text is not a valid invite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum InviteError {
    /// The text is empty.
    Empty,
    /// The host before the port or the room is missing.
    NoHost,
    /// The port is not a number from 1 to 65535.
    Port(String),
    /// The room is not a valid room name.
    Room(#[from] RoomNameError),
    /// The pin or the token is incomplete.
    Secret(#[from] SecretError),
    /// The link has another scheme, so it belongs to another program.
    Scheme,
    /// An IPv6 address without brackets, whose last group may or may not be a port.
    Brackets {
        /// The host, if the last group is the port.
        host: String,
        /// The port, if the last group is one.
        port: String,
    },
    /// The host contains a character that host names cannot have.
    Host(String),
}

impl Address {
    /// Returns whether the host is an IP address; no public certificate covers one.
    pub fn is_ip(&self) -> bool {
        self.host.parse::<std::net::IpAddr>().is_ok()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl FromStr for Address {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        Self::with_default_port(text, DEFAULT_PORT)
    }
}

impl Address {
    /// Parses an address, using the port `default` if it has none.
    pub fn with_default_port(text: &str, default: u16) -> Result<Self, InviteError> {
        if let Some((host, port)) = port_without_brackets(text) {
            return Err(InviteError::Brackets { host, port });
        }
        let (host, port) = split_port(text)?;
        if host.is_empty() {
            return Err(InviteError::NoHost);
        }
        let is_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !host.chars().all(is_host) && host.parse::<std::net::Ipv6Addr>().is_err() {
            return Err(InviteError::Host(host.to_owned()));
        }
        let port = match port {
            None => default,
            Some(text) => text
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or_else(|| InviteError::Port(text.to_owned()))?,
        };
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

/// An address is encoded as the text that people write.
impl Encode for Address {
    fn encode<E: bincode::enc::Encoder>(&self, encoder: &mut E) -> Result<(), bincode::error::EncodeError> {
        self.to_string().encode(encoder)
    }
}

impl<C> Decode<C> for Address {
    fn decode<D: bincode::de::Decoder<Context = C>>(
        decoder: &mut D,
    ) -> Result<Self, bincode::error::DecodeError> {
        let text: String = Decode::decode(decoder)?;
        text.parse()
            .map_err(|error: InviteError| bincode::error::DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(Address);

/// Returns the host and port of an IPv6 address without brackets whose last group looks like a port: at least four digits after a
/// complete address. Taking it as part of the address would only lead to a timeout.
fn port_without_brackets(text: &str) -> Option<(String, String)> {
    const PORT_DIGITS: usize = 4;
    let (host, port) = text.rsplit_once(':')?;
    let is_port = port.len() >= PORT_DIGITS && port.parse::<u16>().is_ok();
    let is_host = host.parse::<std::net::Ipv6Addr>().is_ok();
    (is_port && is_host).then(|| (host.to_owned(), port.to_owned()))
}

/// Splits `host:port`, `[v6]:port`, `host` or an IPv6 address without brackets.
fn split_port(text: &str) -> Result<(&str, Option<&str>), InviteError> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest
            .split_once(']')
            .ok_or_else(|| InviteError::Host(text.to_owned()))?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(InviteError::Host(text.to_owned())),
        };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Ok((text, None)),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((text, None)),
    }
}

impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.address)?;
        if let Some(room) = &self.room {
            write!(f, "/{room}")?;
        }
        let pin = self.pin.map(|pin| format!("k={pin}"));
        let token = self.token.map(|token| format!("t={token}"));
        let secrets: Vec<String> = pin.into_iter().chain(token).collect();
        if secrets.is_empty() {
            Ok(())
        } else {
            write!(f, "#{}", secrets.join("&"))
        }
    }
}

/// Parses an invite or `HOST[:PORT][/ROOM]`. Unknown parts after `#` are ignored, so that later versions can add some.
/// Surrounding quotes and white space, which often come with pasting, are removed.
impl FromStr for Invite {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        let text = text.trim().trim_matches(['\'', '"']);
        if text.is_empty() {
            return Err(InviteError::Empty);
        }
        let rest = match text.split_once("://") {
            Some(("watchtogether", rest)) => rest,
            Some(_) => return Err(InviteError::Scheme),
            None => text,
        };
        let (place, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (address, room) = match place.split_once('/') {
            Some((address, "")) => (address, None),
            Some((address, room)) => (address, Some(room.parse()?)),
            None => (place, None),
        };
        let mut invite = Self {
            address: address.parse()?,
            room,
            pin: None,
            token: None,
        };
        for part in fragment.split('&') {
            match part.split_once('=') {
                Some(("k", pin)) => invite.pin = Some(pin.parse()?),
                Some(("t", token)) => invite.token = Some(token.parse()?),
                Some(_) | None => {}
            }
        }
        Ok(invite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Invite {
        Invite {
            address: Address {
                host: "203.0.113.7".to_owned(),
                port: 7843,
            },
            room: Some("movie-night".parse().expect("a room name")),
            pin: Some(Pin::from_bytes([0xab; 16])),
            token: Some(InviteToken::from_bytes([0x5c; 10])),
        }
    }

    #[test]
    fn an_invite_comes_back_from_its_line_and_fits_a_small_qr_code() {
        let line = full().to_string();

        assert_eq!(line.parse(), Ok(full()));
        assert!(line.len() <= 105, "{} characters", line.len());
    }

    #[test]
    fn pasting_leaves_quotes_and_spaces_that_do_no_harm() {
        assert_eq!(format!("  '{}' \n", full()).parse(), Ok(full()));
    }

    #[test]
    fn a_typed_address_is_an_invite_without_a_pin() {
        let typed: Invite = "box.example.org/anime".parse().expect("an address");

        assert_eq!((typed.address.port, typed.pin), (DEFAULT_PORT, None));
        assert_eq!(typed.room.as_ref().map(RoomName::as_str), Some("anime"));
    }

    #[test]
    fn addresses_of_both_families_are_read_and_written() {
        for text in ["[::1]:80", "127.0.0.1:1", "a.b:65535"] {
            assert_eq!(
                text.parse::<Address>().map(|a| a.to_string()).as_deref(),
                Ok(text)
            );
        }
        assert_eq!("::1".parse::<Address>().map(|a| a.port), Ok(DEFAULT_PORT));
    }

    #[test]
    fn a_port_behind_a_bare_ipv6_address_is_refused_with_the_right_form() {
        for (text, right) in [
            ("::1:9210", "[::1]:9210"),
            ("2001:db8::7:40001", "[2001:db8::7]:40001"),
            ("1:2:3:4:5:6:7:8:9210", "[1:2:3:4:5:6:7:8]:9210"),
        ] {
            let error = text.parse::<Address>().expect_err("no port without brackets");
            let InviteError::Brackets { host, port } = error else {
                panic!("{error:?}");
            };
            assert_eq!(format!("[{host}]:{port}"), right);
            assert!(format!("{text}/film").parse::<Invite>().is_err(), "{text}");
            assert!(right.parse::<Address>().is_ok());
        }
        for bare in ["::1", "2001:db8::1", "fe80::ab12", "1:2:3:4:5:6:7:9210"] {
            assert_eq!(bare.parse::<Address>().map(|a| a.host).as_deref(), Ok(bare));
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let error = |text: &str| text.parse::<Invite>().expect_err("a bad invite");

        assert_eq!(error(""), InviteError::Empty);
        assert_eq!(error("https://example.org/room"), InviteError::Scheme);
        assert_eq!(error("watchtogether:///room"), InviteError::NoHost);
        assert_eq!(error("host:0"), InviteError::Port("0".to_owned()));
        assert_eq!(error("host:99999/room"), InviteError::Port("99999".to_owned()));
        assert!(matches!(error("host/Room!"), InviteError::Room(_)));
        assert!(matches!(error("host/room#k=abc"), InviteError::Secret(_)));
        assert!(matches!(error("ho st/room"), InviteError::Host(_)));
        assert!(matches!(error("[::1/room"), InviteError::Host(_)));
    }

    #[test]
    fn parts_of_later_versions_are_skipped() {
        assert_eq!(format!("{}&a=other&zz", full()).parse(), Ok(full()));
    }
}
