//! The films on this machine: identifies files, and finds a room's item among them.
//!
//! A file is identified by its size and a [fingerprint](Fingerprint), never by a path from the network. All of this blocks on the
//! disk, so it must run on a separate thread.

mod find;
mod title;
mod walk;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use watchtogether_protocol::item::{Fingerprint, MediaUrl, MediaUrlError};
use watchtogether_protocol::{Item, ItemSource, Length};

pub use self::find::{FoundCopy, Search, SearchFolders, find};
pub use self::walk::{MediaKind, WalkEnd, Walked, walk};

/// The number of bytes read at each end of a file.
const END_BYTES: u64 = 1024 * 1024;

/// A file on this machine and its description for a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The absolute path.
    pub path: PathBuf,
    /// The item, without a duration; the player reports that later.
    pub item: Item,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// The file does not exist, or may not be read.
    #[error("cannot open {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The path is a folder, a device or a pipe.
    #[error("not a file: {}", path.display())]
    NoFile {
        /// The path.
        path: PathBuf,
    },
}

/// Identifies the file at a path.
pub fn identify(path: &Path) -> Result<LocalFile, IdentifyError> {
    let unreadable = |source| IdentifyError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let absolute = std::path::absolute(path).map_err(unreadable)?;
    // Checked before opening: opening a named pipe would wait for its writer.
    let is_file = std::fs::metadata(&absolute).map_err(unreadable)?.is_file();
    if !is_file {
        return Err(IdentifyError::NoFile {
            path: path.to_owned(),
        });
    }
    let mut file = File::open(&absolute).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let fingerprint = fingerprint(&mut file, size).map_err(unreadable)?;
    let title = title::of_file(&absolute);
    Ok(LocalFile {
        path: absolute,
        item: Item {
            title,
            length: Length::Unknown,
            source: ItemSource::File { size, fingerprint },
        },
    })
}

/// Identifies the first `size` bytes of the file at a path: a copy that is still being written is longer than an item that
/// another member made of it earlier.
fn identify_beginning(path: &Path, size: u64) -> io::Result<LocalFile> {
    let mut file = File::open(path)?;
    let fingerprint = fingerprint(&mut file, size)?;
    Ok(LocalFile {
        path: std::path::absolute(path)?,
        item: Item {
            title: title::of_file(path),
            length: Length::Unknown,
            source: ItemSource::File { size, fingerprint },
        },
    })
}

/// Returns the item for a link, titled by the last part of its path.
pub fn item_of_link(text: &str) -> Result<Item, MediaUrlError> {
    let link: MediaUrl = text.parse()?;
    Ok(Item {
        title: title::of_link(&link),
        length: Length::Unknown,
        source: ItemSource::Link(link),
    })
}

fn fingerprint(file: &mut File, size: u64) -> io::Result<Fingerprint> {
    let mut hash = Sha256::new();
    hash.update(size.to_le_bytes());
    if size < 2 * END_BYTES {
        hash_exactly(file, size, &mut hash)?;
    } else {
        hash_exactly(file, END_BYTES, &mut hash)?;
        file.seek(SeekFrom::Start(size - END_BYTES))?;
        hash_exactly(file, END_BYTES, &mut hash)?;
    }
    Ok(Fingerprint(hash.finalize().into()))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Reads exactly this many bytes; it is an error if the file has become shorter.
fn hash_exactly(file: &mut File, bytes: u64, hash: &mut Sha256) -> io::Result<()> {
    let read = io::copy(&mut file.take(bytes), hash)?;
    if read < bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use watchtogether_protocol::limits;

    use super::*;

    fn written(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("written");
        (folder, path)
    }

    fn fingerprint_of(content: &[u8]) -> [u8; 32] {
        let (_folder, path) = written("x", content);
        match identify(&path).expect("a file").item.source {
            ItemSource::File { size, fingerprint } => {
                assert_eq!(size, content.len() as u64);
                fingerprint.0
            }
            ItemSource::Link(_) => panic!("a file is no link"),
        }
    }

    fn sha256(parts: &[&[u8]]) -> [u8; 32] {
        Sha256::digest(parts.concat()).into()
    }

    #[test]
    fn a_fingerprint_is_the_length_and_both_ends() {
        const MIB: usize = 1024 * 1024;
        let ramp: Vec<u8> = (0..=255u8)
            .cycle()
            .flat_map(|byte| [byte; 5_000])
            .take(3 * MIB)
            .collect();
        let length = |n: usize| (n as u64).to_le_bytes();

        assert_eq!(fingerprint_of(b""), sha256(&[&length(0)]));
        assert_eq!(fingerprint_of(b"abc"), sha256(&[&length(3), b"abc"]));
        let below = &ramp[..2 * MIB - 1];
        assert_eq!(fingerprint_of(below), sha256(&[&length(below.len()), below]));
        assert_eq!(
            fingerprint_of(&ramp[..2 * MIB]),
            sha256(&[&length(2 * MIB), &ramp[..2 * MIB]])
        );
        assert_eq!(
            fingerprint_of(&ramp),
            sha256(&[&length(3 * MIB), &ramp[..MIB], &ramp[2 * MIB..]])
        );
    }

    #[test]
    fn a_title_is_the_file_name_without_tricks() {
        let (_folder, path) = written("Fi\u{202e}lm\x1b[2J.mkv", b"x");

        let file = identify(&path).expect("a file");

        assert_eq!(file.item.title.as_str(), "Film[2J.mkv");
        assert_eq!(file.path, path);
        assert!(file.item.check().is_ok());
    }

    #[test]
    fn a_path_that_is_no_file_is_named_and_never_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).expect("a pipe");

        assert!(matches!(identify(&pipe), Err(IdentifyError::NoFile { .. })));
        assert!(matches!(
            identify(folder.path()),
            Err(IdentifyError::NoFile { .. })
        ));
        assert!(matches!(
            identify(&folder.path().join("none")),
            Err(IdentifyError::Unreadable { .. })
        ));
    }

    #[test]
    fn a_link_is_called_after_the_end_of_its_path() {
        let title = |text: &str| item_of_link(text).expect("a link").title.as_str().to_owned();

        assert_eq!(
            title("https://h.example/a/The%20Car%20%282024%29.mkv?x=1#t"),
            "The Car (2024).mkv"
        );
        assert_eq!(title("https://h.example/films/"), "films");
        assert_eq!(title("https://h.example"), "h.example");
        assert_eq!(title("https://h.example/%"), "%");
        assert_eq!(title("https://h.example/%zz%4"), "%zz%4");
        assert_eq!(title("https://h.example/%e2%80%ae%1b%0a"), "h.example");
        assert_eq!(title("https://h.example/%ff%fe"), "\u{fffd}\u{fffd}");
        let long = title(&format!("https://h.example/{}", "x".repeat(1_000)));
        assert_eq!(long.chars().count(), limits::TITLE_CHARS);
        assert!(item_of_link("file:///etc/passwd").is_err());
    }
}
