//! The identity of this user's clients as the owner of rooms: a secret on the disk, from which a different key is derived for
//! each server, so that no two servers can tell that it is the same person.

use std::io::{self, Read as _};
use std::path::Path;
use std::{fmt, str};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use watchtogether_protocol::{MemberName, OwnerKey, Pin};

use crate::{private_files, whole_file};

/// The size of the secret in bytes.
const BYTES: usize = 32;

/// The user's secret.
#[derive(Clone)]
pub struct OwnerSecret([u8; BYTES]);

impl OwnerSecret {
    /// Returns a secret made of random bytes.
    pub const fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Returns the secret in a file, or stores `new` there if the file has no readable secret. Blocks on the disk.
    pub fn kept_in(path: &Path, new: Self) -> io::Result<Self> {
        let _lock = whole_file::lock(path)?;
        let mut text = Vec::new();
        match private_files::read(path)
            .and_then(|file| file.take(2 * BYTES as u64 + 2).read_to_end(&mut text))
        {
            Ok(_length) => {
                if let Some(secret) = secret_in(&text) {
                    return Ok(secret);
                }
                let kept = whole_file::set_aside(path)?;
                tracing::warn!(kept = %kept.display(), "the owner's secret was damaged: created a new one");
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        whole_file::replace(path, (HEXLOWER.encode(&new.0) + "\n").as_bytes())?;
        Ok(new)
    }

    /// Returns the key for a server and a member's name.
    pub fn key_for(&self, server: Pin, name: &MemberName) -> OwnerKey {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(server.as_bytes());
        hash.update(name.folded());
        OwnerKey::from_bytes(hash.finalize().into())
    }
}

impl fmt::Debug for OwnerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerSecret(…)")
    }
}

fn secret_in(text: &[u8]) -> Option<OwnerSecret> {
    let text = str::from_utf8(text).ok()?.strip_suffix('\n')?;
    let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(OwnerSecret)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: OwnerSecret = OwnerSecret::from_bytes([1; BYTES]);
    const OTHER: OwnerSecret = OwnerSecret::from_bytes([2; BYTES]);

    fn shown(secret: &OwnerSecret, server: u8, name: &str) -> OwnerKey {
        secret.key_for(Pin::from_bytes([server; 16]), &name.parse().expect("a name"))
    }

    #[test]
    fn the_first_secret_stays_and_a_damaged_one_is_set_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/owner-secret");

        let first = OwnerSecret::kept_in(&path, NEW).expect("kept");
        let second = OwnerSecret::kept_in(&path, OTHER).expect("kept");
        std::fs::write(&path, "torn").expect("ours");
        let third = OwnerSecret::kept_in(&path, OTHER).expect("kept");

        assert_eq!((first.0, second.0, third.0), (NEW.0, NEW.0, OTHER.0));
        assert!(path.with_added_extension("damaged").exists());
    }

    #[test]
    fn each_server_and_each_name_is_shown_something_else() {
        let key = shown(&NEW, 1, "Ana");

        assert_eq!(key, shown(&NEW, 1, "ana"));
        assert_ne!(key, shown(&NEW, 2, "Ana"));
        assert_ne!(key, shown(&NEW, 1, "Bo"));
        assert_ne!(key, shown(&OTHER, 1, "Ana"));
    }
}
