//! Small files that are only ever replaced as a whole: written to a temporary file, synced, renamed. A kill in between leaves the
//! old file or the new one, and perhaps a temporary file that nobody reads and the next replacement overwrites.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::private_files;

/// Replaces a file. Only its user can read it.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, bytes)?;
    fs::rename(&beside, path)?;
    folder_of(path).map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Returns the lock that keeps two processes from replacing each other's file. Dropping it releases it. Creates the folder if it
/// is missing.
pub fn lock(path: &Path) -> io::Result<File> {
    if let Some(folder) = folder_of(path) {
        private_files::open_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let lock = private_files::open(&path.with_added_extension("lock"), &mut options)?;
    lock.lock()?;
    Ok(lock)
}

/// Renames a file that cannot be parsed, replacing one that was renamed earlier; returns its new path.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = path.with_added_extension("damaged");
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Does the first half of a replacement: the new content is on the disk, and the file itself is unchanged.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let beside = path.with_added_extension("new");
    let mut file = private_files::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(beside)
}

fn folder_of(path: &Path) -> Option<&Path> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_kill_before_the_rename_leaves_the_old_file_and_blocks_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list");
        replace(&path, b"old").expect("written");

        // What a kill between writing and renaming may leave, complete or torn.
        for torn in [&b"new"[..], b"n", b""] {
            write_beside(&path, torn).expect("written");
            assert_eq!(fs::read(&path).expect("there"), b"old");
        }
        replace(&path, b"newer").expect("written");

        assert_eq!(fs::read(&path).expect("there"), b"newer");
        let names = fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(names, 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_is_its_users_alone_and_its_folder_is_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/er/list");

        let lock = lock(&path).expect("locked");
        replace(&path, b"x").expect("written");
        drop(lock);

        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
    }

    #[test]
    fn a_file_set_aside_is_kept_and_its_name_is_free() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list");
        for content in ["first", "second"] {
            fs::write(&path, content).expect("written");

            let aside = set_aside(&path).expect("moved");

            assert_eq!(fs::read_to_string(aside).expect("kept"), content);
            assert!(!path.exists());
        }
    }
}
