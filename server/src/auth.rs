//! Deciding who may come in. Pure but for the cost of a password hash, which the caller runs where it holds nobody up.

use argon2::{Argon2, Block, Params};
use subtle::ConstantTimeEq as _;
use watchtogether_protocol::message::room::Password;
use watchtogether_protocol::{InviteToken, Token};

/// The condition that a room sets for coming in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// No condition.
    Open,
    /// The invite's token.
    Invite(InviteToken),
    /// The word.
    Password(PasswordHash),
}

impl Gate {
    /// Returns what others are let in with, where the room asks for it.
    pub const fn invite(&self) -> Option<InviteToken> {
        match self {
            Self::Invite(token) => Some(*token),
            Self::Open | Self::Password(_) => None,
        }
    }
}

/// The door of a room: the condition for coming in, and the way back to a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The condition for coming in.
    pub gate: Gate,
    /// The bytes that the tokens of its seats begin with, which lead them here; the other 192 bits are the secret.
    pub route: [u8; 8],
}

impl Door {
    /// Returns the route of the door that a token leads to.
    pub fn route_of(token: &Token) -> [u8; 8] {
        let bytes = token.as_bytes();
        std::array::from_fn(|index| bytes[index])
    }

    /// Returns the token for a seat in this room whose secret was drawn.
    pub fn token(&self, mut drawn: [u8; 32]) -> Token {
        drawn[..self.route.len()].copy_from_slice(&self.route);
        Token::from_bytes(drawn)
    }
}

/// The memory that a hash is computed in: 19 MiB, allocated for the first one and reused for the next. Reused because an allocator
/// that gets it back each time keeps several copies of it in its arenas.
#[derive(Debug, Default)]
pub struct HashMemory(Vec<Block>);

impl HashMemory {
    fn blocks(&mut self) -> &mut [Block] {
        self.0.resize(Params::DEFAULT.block_count(), Block::new());
        &mut self.0
    }
}

/// A password as it is kept (Argon2id with the library's defaults: 19 MiB, two rounds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl PasswordHash {
    /// Returns the hash of a password with a salt that was drawn for it. Takes tens of milliseconds.
    pub fn of(password: &Password, salt: [u8; 16], memory: &mut HashMemory) -> Self {
        let mut hash = [0; 32];
        Argon2::default()
            .hash_password_into_with_memory(password.0.as_bytes(), &salt, &mut hash, memory.blocks())
            .expect("salt, output and memory have lengths that Argon2 takes");
        Self { salt, hash }
    }

    /// Returns the salt and the hash behind it.
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(&self.salt);
        bytes[16..].copy_from_slice(&self.hash);
        bytes
    }

    /// Returns what [`Self::to_bytes`] made bytes of.
    pub fn from_bytes(bytes: [u8; 48]) -> Self {
        let (mut salt, mut hash) = ([0; 16], [0; 32]);
        salt.copy_from_slice(&bytes[..16]);
        hash.copy_from_slice(&bytes[16..]);
        Self { salt, hash }
    }

    /// Returns whether a password is the one, in a time that tells nothing. As costly as [`Self::of`].
    pub fn matches(&self, password: &Password, memory: &mut HashMemory) -> bool {
        Self::of(password, self.salt, memory)
            .hash
            .ct_eq(&self.hash)
            .into()
    }

    /// Returns a hash that no password has: what a room that asks for none is checked against, so that nobody can tell
    /// by the time it takes.
    pub const fn of_nothing() -> Self {
        Self {
            salt: [0; 16],
            hash: [0; 32],
        }
    }
}

/// Returns whether two tokens are the same, in a time that tells nothing.
pub fn is_same_token(a: &InviteToken, b: &InviteToken) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Password {
        Password(text.to_owned())
    }

    #[test]
    fn only_the_word_itself_opens() {
        let mut memory = HashMemory::default();
        let hash = PasswordHash::of(&word("popcorn"), [7; 16], &mut memory);

        assert!(!hash.matches(&word("Popcorn"), &mut memory));
        assert!(hash.matches(&word("popcorn"), &mut memory));
        assert!(!PasswordHash::of_nothing().matches(&word(""), &mut memory));
    }

    #[test]
    fn the_same_word_hashes_differently_with_another_salt_and_the_same_in_used_memory() {
        let mut memory = HashMemory::default();
        let mut hash = |salt| PasswordHash::of(&word("popcorn"), [salt; 16], &mut memory).hash;

        let (first, other, again) = (hash(1), hash(2), hash(1));

        assert_ne!(first, other);
        assert_eq!(first, again);
    }
}
