//! Opens folders and files that belong to this user only, so that nobody else can have replaced them.
//!
//! All state that the program keeps (state, logs, keys, sockets, lists) is created and opened here. The client imports this
//! module.
//!
//! - A **folder** is a directory of this user that nobody else may write to. Below a folder that everybody may write to, such as
//!   `/tmp`, every part of its path belongs to this user or root.
//! - A **file** is a regular file of this user, never a link. It is created with mode 0600, and a looser mode is tightened when
//!   the file is opened.
//!
//! The error for a file or folder that fails a check contains an [`UntrustedPath`]. Files that the user writes (configuration,
//! films) are not opened here: they may be links to anywhere.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// Write permission for anyone but the owner.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Write permission for everybody.
const WRITABLE_BY_ALL: u32 = 0o002;

/// Any permission for anyone but the owner.
const OPEN_TO_OTHERS: u32 = 0o077;

/// A file or folder that fails a check. It is inside the [`io::Error`] that refuses it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} is not trusted: {reason:?}")]
pub struct UntrustedPath {
    /// The path.
    pub path: PathBuf,
    /// The reason.
    pub reason: Distrust,
}

/// Why a file or folder is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// There is something else in the folder's place.
    NotAFolder,
    /// There is a link or something else in the file's place.
    NotAFile,
    /// There is a link in the place of a folder that must not be one.
    LinkedFolder,
    /// Other users may write to the folder.
    WritableByOthers,
    /// It belongs to another user, who has this id.
    OtherOwner(u32),
}

impl UntrustedPath {
    /// Returns the untrusted path for which an error was returned, if it was returned for one.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

/// Creates a folder with its parents if it is missing, and checks that only this user may write to it.
pub fn open_folder(path: &Path) -> io::Result<()> {
    // Checked before anything is created, so that nothing of ours ends up in somebody else's folder.
    check_trail(path)?;
    if fs::metadata(path).is_ok_and(|there| !there.is_dir()) {
        return Err(distrusted(path, Distrust::NotAFolder));
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    check_trail(path)?;
    let folder = fs::metadata(path)?;
    check_owner(path, &folder)?;
    if folder.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(distrusted(path, Distrust::WritableByOthers));
    }
    Ok(())
}

/// Creates a folder that nobody else may enter; if this user already has one, removes other users' permissions. Refuses a link.
pub fn open_private_folder(path: &Path) -> io::Result<()> {
    if let Ok(there) = fs::symlink_metadata(path)
        && there.is_dir()
        && there.uid() == user()
        && there.mode() & OPEN_TO_OTHERS != 0
    {
        fs::set_permissions(path, Permissions::from_mode(0o700))?;
    }
    open_folder(path)?;
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(distrusted(path, Distrust::LinkedFolder));
    }
    Ok(())
}

/// Opens a file with these options. The options must not truncate, because an existing file may turn out to belong to somebody
/// else. A new file gets mode 0600.
pub fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // Without NONBLOCK, opening a named pipe would block until somebody writes to it.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = options
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(path);
    let file = opened.map_err(|error| {
        let is_link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
        if is_link {
            distrusted(path, Distrust::NotAFile)
        } else {
            error
        }
    })?;
    check_file(path, &file.metadata()?, |mode| file.set_permissions(mode))?;
    Ok(file)
}

/// Opens a file for reading.
pub fn read(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true))
}

/// Opens a file for writing and empties it.
pub fn create(path: &Path) -> io::Result<File> {
    let file = open(path, OpenOptions::new().write(true).create(true).truncate(false))?;
    file.set_len(0)?;
    Ok(file)
}

/// Opens a file for appending.
pub fn append(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().append(true).create(true))
}

/// Checks a file that another library opens by path, as SQLite does. Returns whether it exists.
pub fn check(path: &Path) -> io::Result<bool> {
    let there = match fs::symlink_metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    check_file(path, &there, |mode| fs::set_permissions(path, mode))?;
    Ok(true)
}

/// Returns the description of an error without its number.
pub fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(_) => error.kind().to_string(),
        None => error.to_string(),
    }
}

fn check_file(
    path: &Path,
    there: &Metadata,
    tighten: impl FnOnce(Permissions) -> io::Result<()>,
) -> io::Result<()> {
    if !there.is_file() {
        return Err(distrusted(path, Distrust::NotAFile));
    }
    check_owner(path, there)?;
    if there.mode() & OPEN_TO_OTHERS != 0 {
        tracing::warn!(path = %path.display(), "other users could read this file; changed its mode to 0600");
        tighten(Permissions::from_mode(0o600))?;
    }
    Ok(())
}

fn check_owner(path: &Path, there: &Metadata) -> io::Result<()> {
    if there.uid() == user() {
        return Ok(());
    }
    Err(distrusted(path, Distrust::OtherOwner(there.uid())))
}

/// Checks each part of a path that exists, both as written and with all links resolved.
fn check_trail(path: &Path) -> io::Result<()> {
    let written = std::path::absolute(path)?;
    check_parts(&written)?;
    match fs::canonicalize(&written) {
        Ok(real) if real != written => check_parts(&real),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn check_parts(path: &Path) -> io::Result<()> {
    let mut is_below_public = false;
    let mut part = PathBuf::new();
    for component in path.components() {
        part.push(component);
        let there = match fs::symlink_metadata(&part) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        if is_below_public && there.uid() != 0 {
            check_owner(&part, &there)?;
        }
        is_below_public |= there.is_dir() && there.mode() & WRITABLE_BY_ALL != 0;
    }
    Ok(())
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn distrusted(path: &Path, reason: Distrust) -> io::Error {
    let kind = match reason {
        Distrust::NotAFolder => io::ErrorKind::NotADirectory,
        Distrust::NotAFile
        | Distrust::LinkedFolder
        | Distrust::WritableByOthers
        | Distrust::OtherOwner(_) => io::ErrorKind::PermissionDenied,
    };
    let path = path.to_owned();
    io::Error::new(kind, UntrustedPath { path, reason })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::{chown, symlink};

    use super::*;

    /// The id of another user; only the superuser can give files away.
    const STRANGER: u32 = 54_321;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }

    /// Returns the name of the path that was refused, and the reason.
    fn refused<T: std::fmt::Debug>(result: io::Result<T>) -> (String, Distrust) {
        let error = result.expect_err("it is refused");
        let UntrustedPath { path, reason } = UntrustedPath::of(&error).expect("by a check");
        let name = path.file_name().expect("it has a name");
        (name.to_string_lossy().into_owned(), *reason)
    }

    #[test]
    fn folders_and_files_are_made_for_their_user_alone() {
        let base = folder();
        let below = base.path().join("a/b");

        open_folder(&below).expect("made");
        create(&below.join("file")).expect("made");
        append(&below.join("log")).expect("made");

        assert_eq!((mode(&below), mode(&base.path().join("a"))), (0o700, 0o700));
        assert_eq!(
            (mode(&below.join("file")), mode(&below.join("log"))),
            (0o600, 0o600)
        );
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_refused_by_name() {
        let base = folder();
        let open = base.path().join("open");
        for loose in [0o777, 0o770, 0o1777] {
            open_folder(&open).expect("made");
            set_mode(&open, loose);

            let refused = refused(open_folder(&open));

            assert_eq!(refused, ("open".to_owned(), Distrust::WritableByOthers));
            set_mode(&open, 0o700);
        }
        set_mode(&open, 0o755);
        assert!(open_folder(&open).is_ok(), "reading it gives nothing away");
        open_private_folder(&open).expect("it is ours");
        assert_eq!(mode(&open), 0o700);
    }

    #[test]
    fn a_link_is_followed_to_a_folder_and_never_to_a_file() {
        let base = folder();
        let (real, link) = (base.path().join("real"), base.path().join("link"));
        open_folder(&real).expect("made");
        symlink(&real, &link).expect("linked");
        let secret = base.path().join("secret");
        fs::write(&secret, "precious").expect("written");
        symlink(&secret, real.join("client.log")).expect("linked");

        assert!(open_folder(&link).is_ok());
        assert_eq!(
            refused(open_private_folder(&link)),
            ("link".to_owned(), Distrust::LinkedFolder)
        );
        for opened in [
            append(&real.join("client.log")),
            create(&real.join("client.log")),
            read(&real.join("client.log")),
        ] {
            assert_eq!(refused(opened), ("client.log".to_owned(), Distrust::NotAFile));
        }

        assert!(check(&real.join("client.log")).is_err());
        assert_eq!(fs::read_to_string(&secret).expect("there"), "precious");
    }

    #[test]
    fn a_pipe_or_a_folder_in_the_place_of_a_file_holds_nobody_up() {
        let base = folder();
        let pipe = base.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .expect("made");

        assert_eq!(refused(read(&pipe)), ("pipe".to_owned(), Distrust::NotAFile));
        assert!(read(base.path()).is_err());
        assert!(matches!(check(&base.path().join("nothing")), Ok(false)));
    }

    #[test]
    fn a_file_that_others_can_read_is_tightened_and_keeps_what_is_in_it() {
        let base = folder();
        let path = base.path().join("rooms.db");
        fs::write(&path, "rooms").expect("written");
        set_mode(&path, 0o644);

        assert!(check(&path).expect("it is ours"));

        assert_eq!(mode(&path), 0o600);
        set_mode(&path, 0o666);
        let mut text = String::new();
        read(&path)
            .expect("ours")
            .read_to_string(&mut text)
            .expect("read");
        assert_eq!((text.as_str(), mode(&path)), ("rooms", 0o600));
        create(&path).expect("ours").write_all(b"new").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("there"), "new");
    }

    #[test]
    fn files_of_another_user_are_refused_and_left_alone() {
        let base = folder();
        let (theirs, file) = (base.path().join("theirs"), base.path().join("file"));
        open_folder(&theirs).expect("made");
        fs::write(&file, "theirs").expect("written");
        if chown(&theirs, Some(STRANGER), None).is_err() {
            // Only the superuser can give files away.
            return;
        }
        chown(&file, Some(STRANGER), None).expect("the superuser may");
        symlink(&theirs, base.path().join("link")).expect("linked");

        let strangers = |name: &str| (name.to_owned(), Distrust::OtherOwner(STRANGER));
        assert_eq!(refused(open_folder(&theirs)), strangers("theirs"));
        assert_eq!(
            refused(open_folder(&base.path().join("link"))).1,
            Distrust::OtherOwner(STRANGER)
        );
        for opened in [append(&file), create(&file), read(&file)] {
            assert_eq!(refused(opened), strangers("file"));
        }

        assert!(check(&file).is_err());
        assert_eq!(fs::read_to_string(&file).expect("there"), "theirs");
    }

    #[test]
    fn below_a_folder_for_everybody_no_part_of_the_path_is_a_strangers() {
        let base = folder();
        let public = base.path().join("public");
        let trap = public.join("watchtogether-0");
        open_folder(&trap).expect("made");
        set_mode(&public, 0o1777);
        let below = trap.join(".local/state");
        assert!(open_folder(&below).is_ok(), "all of it is ours");
        if chown(&trap, Some(STRANGER), None).is_err() {
            return;
        }

        let strangers = ("watchtogether-0".to_owned(), Distrust::OtherOwner(STRANGER));
        assert_eq!(refused(open_folder(&trap.join("other/state"))), strangers);
        assert_eq!(refused(open_folder(&below)), strangers);
        assert!(!trap.join("other").exists(), "nothing is made in it");
    }
}
