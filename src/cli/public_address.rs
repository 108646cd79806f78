//! The address of this machine for an invite.

use std::str::FromStr;

use watchtogether_protocol::invite::{Address, InviteError};
use watchtogether_tui::strings;

/// An address for an invite; if it has no port, the server's is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicAddress(String);

impl PublicAddress {
    /// Parses a command-line argument. The error is the text for the user.
    pub(super) fn of_argument(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| strings::invite_error(&error))
    }

    /// Returns the address for a server that listens at a port.
    pub(super) fn at(&self, port: u16) -> Result<Address, InviteError> {
        Address::with_default_port(&self.0, port)
    }
}

impl FromStr for PublicAddress {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        text.parse::<Address>().map(|_valid| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_without_a_port_has_the_servers() {
        let at = |text: &str| {
            let public: PublicAddress = text.parse().expect("an address");
            public.at(40_001).map(|address| address.to_string()).ok()
        };

        assert_eq!(at("example.org").as_deref(), Some("example.org:40001"));
        assert_eq!(at("example.org:7843").as_deref(), Some("example.org:7843"));
        assert_eq!(at("[2001:db8::1]").as_deref(), Some("[2001:db8::1]:40001"));
    }
}
