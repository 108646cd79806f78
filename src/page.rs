//! Small state files that hold one value, as JSON with a version, and that nothing depends on.
//!
//! A file that cannot be parsed is set aside and reported. A file of a newer version is left alone, and nothing is written until
//! it is gone. All these files are private to their user and [replaced as a whole](crate::whole_file) under a lock.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{private_files, whole_file};

/// One such file. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct PageFile {
    path: PathBuf,
    kind: PageKind,
    /// The version that is written.
    version: u32,
    /// The maximum size that is read; a longer file is not ours.
    bytes: u64,
}

/// The contents of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// The rooms that were entered lately.
    RecentRooms,
    /// The messages that were being written and were not sent.
    Drafts,
    /// The chat of a room on an earlier evening.
    Scrollback,
}

/// Why such a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The file could not be parsed, and was set aside.
    #[error("{kind:?} was damaged, kept as {}", kept.display())]
    Damaged {
        /// The contents.
        kind: PageKind,
        /// The new path of the file.
        kept: PathBuf,
    },
    /// A newer version of the program wrote the file.
    #[error("{kind:?} has a newer version")]
    Newer {
        /// The contents.
        kind: PageKind,
    },
    /// The file cannot be read.
    #[error("cannot read {kind:?}: {source}")]
    Unreadable {
        /// The contents.
        kind: PageKind,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {kind:?}: {source}")]
    Unwritable {
        /// The contents.
        kind: PageKind,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

impl PageFile {
    /// Returns a file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>, kind: PageKind, version: u32, bytes: u64) -> Self {
        Self {
            path: path.into(),
            kind,
            version,
            bytes,
        }
    }

    /// Returns the file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the value, or the default if there is no file.
    pub fn read<T: DeserializeOwned + Default>(&self) -> Result<T, PageError> {
        let mut bytes = Vec::new();
        match private_files::read(&self.path)
            .and_then(|file| file.take(self.bytes + 1).read_to_end(&mut bytes))
        {
            Ok(_length) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(T::default());
            }
            Err(error) => return Err(self.unreadable(error)),
        }
        match self.understood(&bytes) {
            ParsedPage::Content(content) => Ok(content),
            ParsedPage::Newer => Err(PageError::Newer { kind: self.kind }),
            ParsedPage::Nothing => {
                let kept = whole_file::set_aside(&self.path).map_err(|error| self.unreadable(error))?;
                Err(PageError::Damaged {
                    kind: self.kind,
                    kept,
                })
            }
        }
    }

    /// Changes the value. A damaged file starts from the default; one that cannot be read or is newer is left alone.
    pub fn change<T: DeserializeOwned + Serialize + Default>(
        &self,
        change: impl FnOnce(&mut T),
    ) -> Result<(), PageError> {
        let _lock = whole_file::lock(&self.path).map_err(|error| self.unwritable(error))?;
        let mut content = match self.read() {
            Ok(content) => content,
            Err(error @ PageError::Damaged { .. }) => {
                tracing::warn!(%error, "a file could not be used: started an empty one");
                T::default()
            }
            Err(error) => return Err(error),
        };
        change(&mut content);
        let page = Page {
            v: self.version,
            content,
        };
        let text = serde_json::to_string_pretty(&page).map_err(|error| self.unwritable(error.into()))?;
        whole_file::replace(&self.path, (text + "\n").as_bytes()).map_err(|error| self.unwritable(error))
    }

    /// Removes the file if it exists.
    pub fn remove(&self) -> Result<(), PageError> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.unwritable(error)),
        }
    }

    fn understood<T: DeserializeOwned>(&self, bytes: &[u8]) -> ParsedPage<T> {
        let is_short = u64::try_from(bytes.len()).is_ok_and(|length| length <= self.bytes);
        if !is_short {
            return ParsedPage::Nothing;
        }
        match serde_json::from_slice::<Version>(bytes) {
            Ok(Version { v }) if v > self.version => return ParsedPage::Newer,
            Ok(_) => {}
            Err(_) => return ParsedPage::Nothing,
        }
        match serde_json::from_slice::<Page<T>>(bytes) {
            Ok(page) => ParsedPage::Content(page.content),
            Err(_) => ParsedPage::Nothing,
        }
    }

    const fn unreadable(&self, source: io::Error) -> PageError {
        PageError::Unreadable {
            kind: self.kind,
            source,
        }
    }

    const fn unwritable(&self, source: io::Error) -> PageError {
        PageError::Unwritable {
            kind: self.kind,
            source,
        }
    }
}

/// The contents of the file.
#[derive(Serialize, Deserialize)]
struct Page<T> {
    v: u32,
    #[serde(flatten)]
    content: T,
}

/// The part of the file that all versions have.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

enum ParsedPage<T> {
    Content(T),
    Newer,
    Nothing,
}
