//! The servers that were trusted on first use: one line each, `HOST:PORT PIN`.
//!
//! A forgotten server would be trusted again, whoever answers, so no server is ever forgotten silently. The file is [replaced as
//! a whole](crate::whole_file) under a lock, and unreadable lines are kept as they are. An unreadable line that may be about the
//! requested server prevents the connection and is reported; one about another server is logged.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use watchtogether_protocol::invite::Address;
use watchtogether_protocol::link_end::{KnownServersFailure, Unreachable};
use watchtogether_protocol::{Clean, Pin};

use crate::{private_files, whole_file};

/// A memory of the servers that were trusted on first use. Its functions may block, so they are called on a separate thread.
pub trait KnownServers: Send + Sync {
    /// Returns the key of a server, if it was seen before.
    fn known(&self, address: &Address) -> Result<Option<Pin>, KnownServersError>;

    /// Stores the key of a server and returns the one that is valid now: an earlier one, if another process stored it in the
    /// meantime.
    fn remember(&self, address: &Address, pin: Pin) -> Result<Pin, KnownServersError>;
}

/// Why the list of known servers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnownServersError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file cannot be locked or written.
    #[error("cannot write {}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A line that may be about the requested server cannot be read, or contradicts an earlier one.
    #[error("cannot read {}:{line}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
}

impl From<&KnownServersError> for Unreachable {
    fn from(error: &KnownServersError) -> Self {
        let cause = |source: &io::Error| Clean::line(&private_files::reason(source));
        let (path, failure) = match error {
            KnownServersError::Unreadable { path, source } => {
                let cause = cause(source);
                (path, KnownServersFailure::Unreadable { cause })
            }
            KnownServersError::Unwritable { path, source } => {
                let cause = cause(source);
                (path, KnownServersFailure::Unwritable { cause })
            }
            KnownServersError::Damaged { path, line } => (path, KnownServersFailure::Line(*line)),
        };
        Self::KnownServers {
            path: Clean::line(&path.display().to_string()),
            failure,
        }
    }
}

/// The list as a file in the state folder.
#[derive(Clone, Debug)]
pub struct KnownServersFile {
    path: PathBuf,
}

impl KnownServersFile {
    /// Returns the list in a file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> Result<Vec<u8>, KnownServersError> {
        let mut bytes = Vec::new();
        match private_files::read(&self.path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_length) => Ok(bytes),
            Err(error) if is_nothing(&error) => Ok(Vec::new()),
            Err(source) => Err(KnownServersError::Unreadable {
                path: self.path.clone(),
                source,
            }),
        }
    }

    fn find(&self, bytes: &[u8], address: &Address) -> Result<Option<Pin>, KnownServersError> {
        let key = key_of(address);
        let mut found: Option<Pin> = None;
        for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
            let line_number = index + 1;
            let damaged = || KnownServersError::Damaged {
                path: self.path.clone(),
                line: line_number,
            };
            match KnownServersLine::read(line) {
                KnownServersLine::Empty => {}
                KnownServersLine::Entry(other, _) if other != key => {}
                KnownServersLine::Entry(_, pin) if found.is_none_or(|before| before == pin) => {
                    found = Some(pin);
                }
                KnownServersLine::DamagedOf(other) if other != key => {
                    tracing::warn!(
                        line = line_number,
                        "could not read a line of the list of known servers"
                    );
                }
                KnownServersLine::Entry(..) | KnownServersLine::DamagedOf(_) | KnownServersLine::Damaged => {
                    return Err(damaged());
                }
            }
        }
        Ok(found)
    }

    fn unwritable(&self, source: io::Error) -> KnownServersError {
        KnownServersError::Unwritable {
            path: self.path.clone(),
            source,
        }
    }
}

impl KnownServers for KnownServersFile {
    fn known(&self, address: &Address) -> Result<Option<Pin>, KnownServersError> {
        self.find(&self.read()?, address)
    }

    fn remember(&self, address: &Address, pin: Pin) -> Result<Pin, KnownServersError> {
        let _lock = whole_file::lock(&self.path).map_err(|error| self.unwritable(error))?;
        let mut bytes = self.read()?;
        if let Some(stands) = self.find(&bytes, address)? {
            return Ok(stands);
        }
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(format!("{} {pin}\n", key_of(address)).as_bytes());
        whole_file::replace(&self.path, &bytes).map_err(|error| self.unwritable(error))?;
        Ok(pin)
    }
}

/// Servers that are remembered only as long as the program runs, because the list cannot be written. Servers on the list are
/// still recognised.
#[derive(Debug)]
pub struct UnkeptServers {
    file: KnownServersFile,
    seen: Mutex<BTreeMap<String, Pin>>,
}

impl UnkeptServers {
    /// Returns a memory in addition to a list that can only be read.
    pub const fn beside(file: KnownServersFile) -> Self {
        Self {
            file,
            seen: Mutex::new(BTreeMap::new()),
        }
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<String, Pin>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KnownServers for UnkeptServers {
    fn known(&self, address: &Address) -> Result<Option<Pin>, KnownServersError> {
        let seen = self.seen().get(&key_of(address)).copied();
        match seen {
            Some(pin) => Ok(Some(pin)),
            None => self.file.known(address),
        }
    }

    fn remember(&self, address: &Address, pin: Pin) -> Result<Pin, KnownServersError> {
        Ok(*self.seen().entry(key_of(address)).or_insert(pin))
    }
}

/// The meaning of one line.
enum KnownServersLine {
    Empty,
    Entry(String, Pin),
    /// Its server can be read, but not its key.
    DamagedOf(String),
    Damaged,
}

impl KnownServersLine {
    fn read(bytes: &[u8]) -> Self {
        let Ok(text) = str::from_utf8(bytes) else {
            return Self::Damaged;
        };
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Self::Empty;
        }
        // A line that was torn inside its first word may have been about any server.
        let Some((address, pin)) = text.split_once(char::is_whitespace) else {
            return Self::Damaged;
        };
        let Ok(address) = address.parse::<Address>() else {
            return Self::Damaged;
        };
        match pin.trim().parse() {
            Ok(pin) => Self::Entry(key_of(&address), pin),
            Err(_) => Self::DamagedOf(key_of(&address)),
        }
    }
}

/// Returns whether the file, or the folder that it would be in, does not exist.
fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Returns the name that a server is listed with: the case of host names is ignored.
fn key_of(address: &Address) -> String {
    address.to_string().to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const A: Pin = Pin::from_bytes([0xaa; 16]);
    const B: Pin = Pin::from_bytes([0xbb; 16]);

    fn address(text: &str) -> Address {
        text.parse().expect("an address")
    }

    fn list(content: impl AsRef<[u8]>) -> (tempfile::TempDir, KnownServersFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = KnownServersFile::new(folder.path().join("known_servers"));
        fs::write(&file.path, content).expect("written");
        (folder, file)
    }

    #[test]
    fn a_server_that_was_remembered_is_known_afterwards_and_its_file_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = KnownServersFile::new(folder.path().join("deep/er/known_servers"));
        let server = address("Box.example.org:7843");
        assert_eq!(file.known(&server).expect("nothing there yet"), None);

        assert_eq!(file.remember(&server, A).expect("stored"), A);

        assert_eq!(file.known(&address("box.EXAMPLE.org")).expect("read"), Some(A));
        assert_eq!(file.known(&address("box.example.org:1")).expect("read"), None);
        let mode = fs::metadata(&file.path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn without_a_state_folder_a_key_counts_while_the_program_runs() {
        let (_folder, file) = list(format!("known.example:7843 {A}\n"));
        let unkept = UnkeptServers::beside(file.clone());
        let (known, new) = (address("known.example"), address("New.example"));

        assert_eq!(unkept.known(&known).expect("read"), Some(A));
        assert_eq!(unkept.known(&new).expect("read"), None);
        assert_eq!(unkept.remember(&new, A).expect("remembered"), A);

        assert_eq!(unkept.remember(&new, B).expect("the first one stands"), A);
        assert_eq!(unkept.known(&address("new.example")).expect("read"), Some(A));
        assert_eq!(file.known(&new).expect("read"), None);
    }

    #[test]
    fn a_first_use_elsewhere_in_the_meantime_is_kept() {
        let (_folder, file) = list(format!("h:1 {A}\n"));

        assert_eq!(file.remember(&address("h:1"), B).expect("read"), A);
        assert_eq!(
            fs::read_to_string(&file.path).expect("read"),
            format!("h:1 {A}\n")
        );
    }

    #[test]
    fn a_damaged_key_of_the_wanted_server_stops_and_names_its_line() {
        let (_folder, file) = list(format!("# mine\nh:1 aaaa\ng:1 {A}\n"));

        let damaged = file.known(&address("h:1")).expect_err("a torn key");

        assert!(matches!(damaged, KnownServersError::Damaged { line: 2, .. }));
        assert_eq!(file.known(&address("g:1")).expect("read"), Some(A));
        assert_eq!(file.known(&address("new:1")).expect("read"), None);
    }

    #[test]
    fn a_line_that_may_be_about_anybody_stops_everybody() {
        for torn in [&b"192.0.2"[..], b"h:1", b"\xff\xfe x", b"ho!st:1 x"] {
            let (_folder, file) = list(torn);

            assert!(file.known(&address("192.0.2.1:1")).is_err(), "{torn:?}");
            assert!(file.remember(&address("192.0.2.1:1"), A).is_err(), "{torn:?}");
            assert_eq!(
                fs::read(&file.path).expect("read"),
                torn,
                "nothing was overwritten"
            );
        }
    }

    #[test]
    fn lines_that_contradict_each_other_stop() {
        let (_folder, file) = list(format!("h:1 {A}\nh:1 {B}\n"));

        assert!(matches!(
            file.known(&address("h:1")),
            Err(KnownServersError::Damaged { line: 2, .. })
        ));
    }

    #[test]
    fn damaged_lines_and_comments_are_kept_when_another_server_is_added() {
        let before = format!("# mine\nother:1 torn\nh:1 {A}");
        let (_folder, file) = list(&before);

        file.remember(&address("[::1]:80"), B).expect("stored");

        let after = fs::read_to_string(&file.path).expect("read");
        assert_eq!(after, format!("{before}\n[::1]:80 {B}\n"));
        assert_eq!(file.known(&address("[::1]:80")).expect("read"), Some(B));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_no_empty_list() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = KnownServersFile::new(folder.path());

        assert!(matches!(
            file.known(&address("h:1")),
            Err(KnownServersError::Unreadable { .. })
        ));
    }

    #[test]
    fn many_at_once_lose_nobody() {
        let (_folder, file) = list("");

        std::thread::scope(|scope| {
            for port in 1..=16u16 {
                let file = &file;
                scope.spawn(move || file.remember(&address(&format!("h:{port}")), A));
            }
        });

        for port in 1..=16u16 {
            assert_eq!(file.known(&address(&format!("h:{port}"))).expect("read"), Some(A));
        }
    }
}
