//! Who may come in. Pure but for the cost of a password hash, which the caller runs where it holds nobody up.

use argon2::Argon2;
use subtle::ConstantTimeEq as _;
use watchtogether_protocol::InviteToken;
use watchtogether_protocol::message::room::Password;

/// What a room asks of who wants in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Nothing.
    Open,
    /// The invite's token.
    Invite(InviteToken),
    /// The word.
    Password(PasswordHash),
}

/// A password as it is kept (Argon2id with the library's defaults: 19 MiB, two rounds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl PasswordHash {
    /// Returns the hash of a password with a salt that was drawn for it. Takes tens of milliseconds and 19 MiB.
    pub fn of(password: &Password, salt: [u8; 16]) -> Self {
        let mut hash = [0; 32];
        Argon2::default()
            .hash_password_into(password.0.as_bytes(), &salt, &mut hash)
            .expect("salt and output have lengths that Argon2 takes");
        Self { salt, hash }
    }

    /// Returns whether a password is the one, in a time that tells nothing. As costly as [`Self::of`].
    pub fn matches(&self, password: &Password) -> bool {
        Self::of(password, self.salt).hash.ct_eq(&self.hash).into()
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

    #[test]
    fn only_the_word_itself_opens() {
        let hash = PasswordHash::of(&Password("popcorn".to_owned()), [7; 16]);

        assert!(hash.matches(&Password("popcorn".to_owned())));
        assert!(!hash.matches(&Password("Popcorn".to_owned())));
        assert!(!PasswordHash::of_nothing().matches(&Password(String::new())));
    }

    #[test]
    fn the_same_word_hashes_differently_with_another_salt() {
        let word = Password("popcorn".to_owned());

        assert_ne!(
            PasswordHash::of(&word, [1; 16]).hash,
            PasswordHash::of(&word, [2; 16]).hash
        );
    }
}
