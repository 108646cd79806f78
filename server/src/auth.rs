//! Decides who may enter a room. Pure, but hashing a password is expensive, so the caller runs it on a separate thread.

use argon2::{Argon2, Block, Params};
use subtle::ConstantTimeEq as _;
use watchtogether_protocol::message::room::Password;
use watchtogether_protocol::{InviteToken, Token};

/// The condition that a room sets for entering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryCondition {
    /// No condition.
    Open,
    /// The invite's token is required.
    Invite(InviteToken),
    /// The password is required.
    Password(PasswordHash),
}

impl EntryCondition {
    /// Returns the token that admits others, if the room requires one.
    pub const fn invite(&self) -> Option<InviteToken> {
        match self {
            Self::Invite(token) => Some(*token),
            Self::Open | Self::Password(_) => None,
        }
    }
}

/// The access to a room: the condition for entering, and the route that its tokens begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomAccess {
    /// The condition for entering.
    pub condition: EntryCondition,
    /// The first bytes of all tokens for seats in this room, so that a token leads to its room. The other 192 bits are the
    /// secret.
    pub route: [u8; 8],
}

impl RoomAccess {
    /// Returns the route of the room that a token belongs to.
    pub fn route_of(token: &Token) -> [u8; 8] {
        let bytes = token.as_bytes();
        std::array::from_fn(|index| bytes[index])
    }

    /// Returns the token for a seat in this room, with `drawn` as its random bytes.
    pub fn token(&self, mut drawn: [u8; 32]) -> Token {
        drawn[..self.route.len()].copy_from_slice(&self.route);
        Token::from_bytes(drawn)
    }
}

/// The memory in which hashes are computed: 19 MiB, allocated for the first hash and reused. If it were freed each time, the
/// allocator would keep several copies of it in its arenas.
#[derive(Debug, Default)]
pub struct HashMemory(Vec<Block>);

impl HashMemory {
    fn blocks(&mut self) -> &mut [Block] {
        self.0.resize(Params::DEFAULT.block_count(), Block::new());
        &mut self.0
    }
}

/// A stored password hash (Argon2id with the library's defaults: 19 MiB, two rounds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl PasswordHash {
    /// Returns the hash of a password with this salt. Takes tens of milliseconds.
    pub fn of(password: &Password, salt: [u8; 16], memory: &mut HashMemory) -> Self {
        let mut hash = [0; 32];
        Argon2::default()
            .hash_password_into_with_memory(password.0.as_bytes(), &salt, &mut hash, memory.blocks())
            .expect("salt, output and memory have lengths that Argon2 takes");
        Self { salt, hash }
    }

    /// Returns the salt, followed by the hash.
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        bytes[..16].copy_from_slice(&self.salt);
        bytes[16..].copy_from_slice(&self.hash);
        bytes
    }

    /// Decodes a hash that [`Self::to_bytes`] encoded.
    pub fn from_bytes(bytes: [u8; 48]) -> Self {
        let (mut salt, mut hash) = ([0; 16], [0; 32]);
        salt.copy_from_slice(&bytes[..16]);
        hash.copy_from_slice(&bytes[16..]);
        Self { salt, hash }
    }

    /// Returns whether a password matches, in a time that does not depend on the answer. Costs as much as [`Self::of`].
    pub fn matches(&self, password: &Password, memory: &mut HashMemory) -> bool {
        Self::of(password, self.salt, memory)
            .hash
            .ct_eq(&self.hash)
            .into()
    }

    /// Returns a hash that no password matches. A room without a password is checked against it, so that the time of the answer
    /// reveals nothing.
    pub const fn unmatchable() -> Self {
        Self {
            salt: [0; 16],
            hash: [0; 32],
        }
    }
}

/// Returns whether two tokens are equal, in a time that does not depend on the answer.
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
        assert!(!PasswordHash::unmatchable().matches(&word(""), &mut memory));
    }

    #[test]
    fn a_password_hashes_differently_with_another_salt_and_the_same_in_used_memory() {
        let mut memory = HashMemory::default();
        let mut hash = |salt| PasswordHash::of(&word("popcorn"), [salt; 16], &mut memory).hash;

        let (first, other, again) = (hash(1), hash(2), hash(1));

        assert_ne!(first, other);
        assert_eq!(first, again);
    }
}
