//! Tokens, owners and addresses as a room keeps them: hashed, so that whoever reads its memory or its store learns none.

use std::fmt;
use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use watchtogether_protocol::{OwnerKey, Token};

/// A resume token as it is kept: whoever reads the memory or the store learns no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Returns the hash of a token.
    pub fn of(token: &Token) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Returns whether the hash of a token that is shown is this one, in a time that tells nothing.
    pub(super) fn matches(&self, shown: &Self) -> bool {
        self.0.ct_eq(&shown.0).into()
    }
}

/// The key of a room's owner as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerHash(pub [u8; 32]);

impl OwnerHash {
    /// Returns the hash of a key.
    pub fn of(key: &OwnerKey) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// Returns whether a key is the one, in a time that tells nothing.
    pub(super) fn matches(&self, key: &OwnerKey) -> bool {
        self.0.ct_eq(&Self::of(key).0).into()
    }
}

/// The salt of a room's addresses, drawn for it: the hashes of two rooms cannot be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// An address as a room knows it: the room never has the address itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressHash(pub [u8; 32]);

impl AddressHash {
    /// Returns the hash of an address. Of IPv6 only the network counts: its /64 is what one household has, and each of its
    /// machines draws as many addresses as it likes.
    pub fn of(salt: Salt, address: IpAddr) -> Self {
        let hash = Sha256::new_with_prefix(salt.0);
        let hash = match address.to_canonical() {
            IpAddr::V4(address) => hash.chain_update(address.octets()),
            IpAddr::V6(address) => hash.chain_update(&address.octets()[..8]),
        };
        Self(hash.finalize().into())
    }
}
