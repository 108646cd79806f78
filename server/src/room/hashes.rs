//! Hashes of tokens, owner keys and addresses, so that a room's memory and its store do not contain the originals.

use std::fmt;
use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use watchtogether_protocol::{OwnerKey, Token};

/// The hash of a resume token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Returns the hash of a token.
    pub fn of(token: &Token) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Returns whether the hash of a presented token is this one, in a time that does not depend on the answer.
    pub(super) fn matches(&self, shown: &Self) -> bool {
        self.0.ct_eq(&shown.0).into()
    }
}

/// The hash of the key of a room's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerHash(pub [u8; 32]);

impl OwnerHash {
    /// Returns the hash of a key.
    pub fn of(key: &OwnerKey) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// Returns whether a key has this hash, in a time that does not depend on the answer.
    pub(super) fn matches(&self, key: &OwnerKey) -> bool {
        self.0.ct_eq(&Self::of(key).0).into()
    }
}

/// The salt for one room's address hashes, so that the hashes of two rooms cannot be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// The hash of an address; the room never stores the address itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressHash(pub [u8; 32]);

impl AddressHash {
    /// Returns the hash of an address. For IPv6 only the /64 network counts: it belongs to one household, and each of its
    /// machines can choose any number of addresses in it.
    pub fn of(salt: Salt, address: IpAddr) -> Self {
        let hash = Sha256::new_with_prefix(salt.0);
        let hash = match address.to_canonical() {
            IpAddr::V4(address) => hash.chain_update(address.octets()),
            IpAddr::V6(address) => hash.chain_update(&address.octets()[..8]),
        };
        Self(hash.finalize().into())
    }
}
