//! The server's identity: a key that is created once, and two keys that let clients notice a restart.
//!
//! Invites pin the TLS key, so it is kept. The certificate around it is created at each start and has no meaning. If a restarted
//! server still has both the stateless-reset key *and* the connection-id key, it immediately tells its previous clients that it
//! no longer knows them; otherwise they wait for their idle timeout (measured: 1.4 s instead of 11 s).

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use watchtogether_protocol::Pin;

use crate::private_files;
use crate::secret::random;

/// The file of the TLS key, in PEM.
const KEY_FILE: &str = "server-key.pem";

/// The file of the two keys by which clients notice a restart: 32 bytes each.
const RESET_FILE: &str = "reset-keys";

/// The identity of a server.
#[derive(Debug)]
pub struct Identity {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: PrivateKeyDer<'static>,
    pub(crate) pin: Pin,
    pub(crate) reset_key: [u8; 32],
    pub(crate) connection_id_key: u64,
    /// Whether the key was created just now, so that there are no invites for it yet.
    pub(crate) is_new: bool,
    pub(crate) files: KeyFiles,
}

/// The secrets of an identity that its server does not keep. The process that starts the server passes them in, each time it
/// starts the server.
#[derive(Clone, PartialEq, Eq)]
pub struct HandedKey {
    /// The TLS key, in PEM.
    pem: Vec<u8>,
    /// The two keys by which clients notice a restart.
    reset: [u8; 64],
}

impl std::fmt::Debug for HandedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HandedKey(…)")
    }
}

impl HandedKey {
    /// Creates a new identity.
    pub fn new() -> Result<Self, IdentityError> {
        Ok(Self {
            pem: new_key()?.serialize_pem().into_bytes(),
            reset: random(),
        })
    }

    /// Returns the key as a line of text, for the pipe to the server. It is secret.
    pub fn to_line(&self) -> String {
        format!("{} {}", HEXLOWER.encode(&self.reset), HEXLOWER.encode(&self.pem))
    }

    /// Parses such a line.
    pub fn from_line(line: &str) -> Option<Self> {
        let (reset, pem) = line.trim_end().split_once(' ')?;
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
        Some(Self {
            pem: bytes(pem)?,
            reset: bytes(reset)?.try_into().ok()?,
        })
    }
}

/// The files of an identity with their contents; empty for an identity that is not kept.
#[derive(Default)]
pub(crate) struct KeyFiles(Vec<(PathBuf, Vec<u8>)>);

impl std::fmt::Debug for KeyFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The contents are secret.
        f.debug_list()
            .entries(self.0.iter().map(|(path, _)| path))
            .finish()
    }
}

impl KeyFiles {
    /// Rewrites each file that was removed, and logs it. A file that was replaced is left alone: the server will use it from its
    /// next start on.
    pub(crate) fn put_back(&self) {
        for (path, bytes) in &self.0 {
            let is_gone = match fs::symlink_metadata(path) {
                Ok(_there) => false,
                Err(error) => matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ),
            };
            if is_gone {
                let path_shown = path.display();
                match put_back(path, bytes) {
                    Ok(()) => {
                        tracing::warn!(path = %path_shown, "a key file was removed while the server was running; wrote it again");
                    }
                    Err(error) => tracing::error!(
                        path = %path_shown,
                        %error,
                        "a key file was removed while the server was running and could not be written again; without it, invites stop working when the server ends"
                    ),
                }
            }
        }
    }
}

fn put_back(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_files::open_folder(folder)?;
    }
    write_whole(path, bytes)
}

/// Why a server has no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The folder cannot be created or accessed.
    #[error("cannot use {path}")]
    Folder {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A key file cannot be read or written.
    #[error("cannot use {path}")]
    File {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A key file does not have the right format.
    #[error("{path} is damaged")]
    Damaged {
        /// The path.
        path: PathBuf,
    },
    /// Users other than its owner can read the key.
    #[error("{path} is readable by others")]
    Exposed {
        /// The path.
        path: PathBuf,
    },
    /// The key that was passed in is not valid.
    #[error("the handed key is damaged")]
    Handed,
    /// Creating a key failed.
    #[error("cannot make a key")]
    Key(#[source] rcgen::Error),
}

impl Identity {
    /// Returns an identity that is not kept.
    pub fn ephemeral() -> Result<Self, IdentityError> {
        Self::from_key(&new_key()?, random(), true, KeyFiles::default())
    }

    /// Returns the identity that was passed in.
    pub fn from_handed_key(key: &HandedKey) -> Result<Self, IdentityError> {
        let pem = str::from_utf8(&key.pem).map_err(|_bytes| IdentityError::Handed)?;
        let pair = KeyPair::from_pem(pem).map_err(|_cause| IdentityError::Handed)?;
        Self::from_key(&pair, key.reset, true, KeyFiles::default())
    }

    /// Reads the identity in a folder, or creates it if there is none.
    pub fn in_folder(folder: &Path) -> Result<Self, IdentityError> {
        let at = |source| IdentityError::Folder {
            path: folder.to_owned(),
            source,
        };
        private_files::open_folder(folder).map_err(at)?;
        let path = folder.join(KEY_FILE);
        let mut is_new = false;
        let pem = read_or_make(&path, || {
            is_new = true;
            Ok(new_key()?.serialize_pem().into_bytes())
        })?;
        let mut files = vec![(path.clone(), pem.clone())];
        let pem = String::from_utf8(pem).map_err(|_bytes| IdentityError::Damaged { path: path.clone() })?;
        let key = KeyPair::from_pem(&pem).map_err(|_cause| IdentityError::Damaged { path })?;
        let path = folder.join(RESET_FILE);
        let keys = read_or_make(&path, || Ok(random::<64>().to_vec()))?;
        files.push((path.clone(), keys.clone()));
        let keys = keys
            .try_into()
            .map_err(|_bytes| IdentityError::Damaged { path })?;
        Self::from_key(&key, keys, is_new, KeyFiles(files))
    }

    fn from_key(key: &KeyPair, keys: [u8; 64], is_new: bool, files: KeyFiles) -> Result<Self, IdentityError> {
        let params = CertificateParams::new(vec!["watchtogether".to_owned()]).map_err(IdentityError::Key)?;
        let certificate = params.self_signed(key).map_err(IdentityError::Key)?;
        let (reset, ids) = keys.split_at(32);
        let hash = Sha256::digest(key.subject_public_key_info());
        let mut pin = [0; 16];
        pin.copy_from_slice(&hash[..16]);
        let mut reset_key = [0; 32];
        reset_key.copy_from_slice(reset);
        let mut connection_id_key = [0; 8];
        connection_id_key.copy_from_slice(&ids[..8]);
        Ok(Self {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            pin: Pin::from_bytes(pin),
            reset_key,
            connection_id_key: u64::from_le_bytes(connection_id_key),
            is_new,
            files,
        })
    }
}

fn new_key() -> Result<KeyPair, IdentityError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(IdentityError::Key)
}

/// Reads a file that only its owner may read. If it does not exist, creates it, completely or not at all.
fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> Result<Vec<u8>, IdentityError>,
) -> Result<Vec<u8>, IdentityError> {
    let at = |source| IdentityError::File {
        path: path.to_owned(),
        source,
    };
    // Unlike for other files, the mode is not tightened: whoever could read the key may already have it.
    if fs::symlink_metadata(path)
        .is_ok_and(|there| there.is_file() && there.permissions().mode() & 0o077 != 0)
    {
        return Err(IdentityError::Exposed {
            path: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    match private_files::read(path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_length) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes = make()?;
            write_whole(path, &bytes).map_err(at)?;
            Ok(bytes)
        }
        Err(error) => Err(at(error)),
    }
}

/// Writes a file that only its owner may read, so that a crash leaves either nothing or the complete file.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = fs::OpenOptions::new();
    let mut file = private_files::open(&part, options.write(true).create_new(true))?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&part, path));
    if written.is_err()
        && let Err(error) = fs::remove_file(&part)
    {
        tracing::debug!(%error, "could not remove an incomplete key file");
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_starts_again_is_the_same() {
        let folder = tempfile::tempdir().expect("a folder");

        let first = Identity::in_folder(folder.path()).expect("an identity");
        let second = Identity::in_folder(folder.path()).expect("an identity");

        assert_eq!(first.pin, second.pin);
        assert_eq!(
            (first.reset_key, first.connection_id_key),
            (second.reset_key, second.connection_id_key)
        );
        assert_ne!(Identity::ephemeral().expect("an identity").pin, first.pin);
    }

    #[test]
    fn a_server_that_is_handed_its_key_again_is_the_same() {
        let key = HandedKey::new().expect("a key");
        let first = Identity::from_handed_key(&key).expect("an identity");

        let again = HandedKey::from_line(&format!("{}\n", key.to_line())).expect("a line");
        let second = Identity::from_handed_key(&again).expect("an identity");

        assert_eq!(first.pin, second.pin);
        assert_eq!(
            (first.reset_key, first.connection_id_key),
            (second.reset_key, second.connection_id_key)
        );
        assert_eq!(HandedKey::from_line("nonsense"), None);
        assert!(!format!("{key:?}").contains("BEGIN"), "it is secret");
    }

    #[test]
    fn the_key_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        Identity::in_folder(folder.path()).expect("an identity");
        let path = folder.path().join(KEY_FILE);
        assert_eq!(
            fs::metadata(&path).expect("the key").permissions().mode() & 0o777,
            0o600
        );

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a change of mode");

        assert!(matches!(
            Identity::in_folder(folder.path()),
            Err(IdentityError::Exposed { .. })
        ));
    }

    #[test]
    fn a_damaged_file_is_never_replaced_silently() {
        for name in [KEY_FILE, RESET_FILE] {
            let folder = tempfile::tempdir().expect("a folder");
            Identity::in_folder(folder.path()).expect("an identity");
            fs::write(folder.path().join(name), b"torn").expect("damage");

            assert!(
                matches!(
                    Identity::in_folder(folder.path()),
                    Err(IdentityError::Damaged { .. })
                ),
                "{name}"
            );
        }
    }

    #[test]
    fn keys_that_were_removed_are_written_again_and_others_are_left_alone() {
        let base = tempfile::tempdir().expect("a folder");
        let folder = base.path().join("state");
        let first = Identity::in_folder(&folder).expect("an identity");
        fs::remove_dir_all(&folder).expect("removed");

        first.files.put_back();

        let second = Identity::in_folder(&folder).expect("an identity");
        assert_eq!(first.pin, second.pin);
        assert_eq!(
            (first.reset_key, first.connection_id_key),
            (second.reset_key, second.connection_id_key)
        );
        assert!(first.is_new && !second.is_new);
        let path = folder.join(KEY_FILE);
        let mode = fs::metadata(&path).expect("the key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        fs::write(&path, "another key").expect("replaced");
        first.files.put_back();
        assert_eq!(fs::read_to_string(&path).expect("the key"), "another key");
    }

    #[test]
    fn keys_that_cannot_be_written_again_stop_nothing_and_are_when_they_can() {
        let base = tempfile::tempdir().expect("a folder");
        let folder = base.path().join("state");
        let first = Identity::in_folder(&folder).expect("an identity");
        fs::remove_dir_all(&folder).expect("removed");
        fs::write(&folder, "in the way").expect("written");

        first.files.put_back();
        fs::remove_file(&folder).expect("removed");
        first.files.put_back();

        assert_eq!(Identity::in_folder(&folder).expect("an identity").pin, first.pin);
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");

        let error = Identity::in_folder(&file.path().join("below")).expect_err("a file is no folder");

        assert!(error.to_string().contains("below"), "{error}");
    }
}
