//! The tokens of the seats of this user's clients, with which a seat is taken back after a client was killed.
//!
//! There is one small file for each server, room and name, in a separate folder. A running client holds a lock (flock) on its
//! file, which is released when the client ends, however it ends. A second client with the same room and name takes the next free
//! file and so becomes another member. A token is a key, not chat, so it is stored even if the user does not want chat to be
//! saved.
//!
//! The content always has the same length and is written in place with one call, so that a kill leaves the old token or the new
//! one, and writing works on a full disk, too. Unreadable content counts as no token.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use watchtogether_protocol::{MemberName, Pin, RoomName, Token};

use crate::private_files;

/// The number of clients of one user that can be in one room with the same name and each come back to their seat.
const CLIENTS: usize = 8;

/// The number of files that are kept. Each belongs to a client that is running or was killed.
const FILES: usize = 100;

/// The version of the content, written before the token.
const VERSION: &str = "1 ";

/// The maximum size that is read. A longer file is not one of ours.
const BYTES: u64 = 128;

/// The folder of the tokens. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct Seats {
    folder: PathBuf,
}

/// The holder of a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The key of the server. A stored token is shown to no other server, whatever its address. A session that lost its room may
    /// ask two servers, and shows the token to both: the first server, and the one that it redirected to.
    pub server: Pin,
    /// The room.
    pub room: RoomName,
    /// The name that the member wants.
    pub name: MemberName,
}

/// A file that belongs to this client for as long as the client lives.
#[derive(Debug)]
pub struct SeatFile {
    path: PathBuf,
    file: File,
    token: Option<Token>,
}

/// The result of claiming a file.
#[derive(Debug)]
pub struct Claim {
    /// The client's file.
    pub file: SeatFile,
    /// Whether another client holds a file for the same room and name. That client may have been killed and not have ended yet.
    pub is_contended: bool,
}

impl Seats {
    /// Returns the tokens in a folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Returns a file that no running client holds, preferably one with a token.
    pub fn claim(&self, holder: &Holder) -> io::Result<Claim> {
        private_files::open_folder(&self.folder)?;
        let mut is_contended = false;
        let mut spare = None;
        for path in self.paths(holder) {
            match SeatFile::open(&path, false) {
                Ok(LockOutcome::Ours(file)) if file.token.is_some() => {
                    return Ok(Claim { file, is_contended });
                }
                Ok(LockOutcome::Ours(file)) => spare = spare.or(Some(file)),
                Ok(LockOutcome::Held) => is_contended = true,
                Ok(LockOutcome::Gone) => {}
                Err(error) => tracing::warn!(%error, path = %path.display(), "could not read a seat's token"),
            }
        }
        if let Some(file) = spare {
            return Ok(Claim { file, is_contended });
        }
        self.make_room();
        let mut failure = io::Error::from(io::ErrorKind::WouldBlock);
        for path in self.paths(holder) {
            match SeatFile::open(&path, true) {
                Ok(LockOutcome::Ours(file)) => return Ok(Claim { file, is_contended }),
                Ok(LockOutcome::Held | LockOutcome::Gone) => is_contended = true,
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Returns whether a file is for a seat in this room with this name.
    pub fn is_of(&self, file: &SeatFile, holder: &Holder) -> bool {
        self.paths(holder).any(|path| path == file.path)
    }

    fn paths(&self, holder: &Holder) -> impl Iterator<Item = PathBuf> {
        let Holder { server, room, name } = holder;
        let name = Sha256::digest(format!("{server}\n{room}\n{}", name.folded()));
        let name = HEXLOWER.encode(&name[..16]);
        (0..CLIENTS).map(move |number| self.folder.join(format!("{name}-{number}")))
    }

    /// Removes the oldest files of clients that have ended.
    fn make_room(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        let mut surplus = (files.len() + 1).saturating_sub(FILES);
        for (_, path) in files {
            if surplus == 0 {
                break;
            }
            if let Ok(LockOutcome::Ours(file)) = SeatFile::open(&path, false)
                && file.forget().is_ok()
            {
                surplus -= 1;
            }
        }
    }
}

enum LockOutcome {
    Ours(SeatFile),
    /// A running client holds it.
    Held,
    /// It does not exist, or was removed while it was being opened.
    Gone,
}

impl SeatFile {
    fn open(path: &Path, is_made: bool) -> io::Result<LockOutcome> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(is_made);
        let file = match private_files::open(path, &mut options) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(LockOutcome::Gone),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(LockOutcome::Held),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The previous holder may have removed the file; then this is a lock on a file without a name.
        if !is_at(&file, path)? {
            return Ok(LockOutcome::Gone);
        }
        let mut text = Vec::new();
        (&file).take(BYTES).read_to_end(&mut text)?;
        Ok(LockOutcome::Ours(Self {
            path: path.to_owned(),
            token: token_in(&text),
            file,
        }))
    }

    /// Returns the stored token.
    pub const fn token(&self) -> Option<Token> {
        self.token
    }

    /// Stores a token in place of the previous one, and returns when it would survive a power cut.
    pub fn keep(&mut self, token: Token) -> io::Result<()> {
        self.token = Some(token);
        let text = format!("{VERSION}{token}\n");
        self.file.write_all_at(text.as_bytes(), 0)?;
        if self.file.metadata()?.len() != text.len() as u64 {
            self.file.set_len(text.len() as u64)?;
        }
        self.file.sync_data()
    }

    /// Removes the file, because the seat was given up.
    pub fn forget(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// Returns whether an open file is the one at that path.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn token_in(text: &[u8]) -> Option<Token> {
    let text = str::from_utf8(text).ok()?;
    let text = text.strip_prefix(VERSION)?.strip_suffix('\n')?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const TOKEN: Token = Token::from_bytes([7; 32]);
    const OTHER: Token = Token::from_bytes([8; 32]);

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a folder"))
        }

        fn folder(&self) -> PathBuf {
            self.0.path().join("state/seats")
        }

        fn claim(&self) -> SeatFile {
            let claim = Seats::new(self.folder()).claim(&holder("film", "Bo"));
            claim.expect("the folder is ours").file
        }

        /// Stores a token and leaves it, as a killed client does.
        fn with_token(token: Token) -> Self {
            let home = Self::new();
            home.claim().keep(token).expect("kept");
            home
        }

        fn files(&self) -> Vec<PathBuf> {
            let entries = fs::read_dir(self.folder()).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).collect()
        }
    }

    fn holder(room: &str, name: &str) -> Holder {
        Holder {
            server: Pin::from_bytes([1; 16]),
            room: room.parse().expect("a room's name"),
            name: name.parse().expect("a name"),
        }
    }

    #[test]
    fn the_token_of_a_client_that_was_killed_is_found_by_the_next_and_is_private() {
        let home = Home::with_token(TOKEN);

        let next = home.claim();

        assert_eq!(next.token(), Some(TOKEN));
        let mode = fs::metadata(&next.path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_second_client_is_another_person_for_as_long_as_the_first_one_lives() {
        let home = Home::with_token(TOKEN);
        let first = home.claim();

        let claim = Seats::new(home.folder())
            .claim(&holder("film", "bo"))
            .expect("a file");
        let mut second = claim.file;

        assert!(claim.is_contended);
        assert_eq!((first.token(), second.token()), (Some(TOKEN), None));
        second.keep(OTHER).expect("kept");
        drop((first, second));
        let (first, second) = (home.claim(), home.claim());
        assert_eq!((first.token(), second.token()), (Some(TOKEN), Some(OTHER)));
    }

    #[test]
    fn only_one_of_clients_that_start_together_has_the_token() {
        let home = Home::with_token(TOKEN);
        let claims: Vec<SeatFile> = std::thread::scope(|scope| {
            let claims: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| home.claim())).collect();
            claims
                .into_iter()
                .map(|claim| claim.join().expect("a file"))
                .collect()
        });

        let tokens = claims.iter().filter(|claim| claim.token().is_some()).count();

        assert_eq!((tokens, home.files().len()), (1, CLIENTS));
    }

    #[test]
    fn another_server_room_or_name_is_another_seat() {
        let home = Home::with_token(TOKEN);
        let token_of = |holder: Holder| {
            let claim = Seats::new(home.folder()).claim(&holder).expect("a file");
            claim.file.token()
        };

        let elsewhere = Holder {
            server: Pin::from_bytes([2; 16]),
            ..holder("film", "Bo")
        };
        assert_eq!(token_of(elsewhere), None);
        assert_eq!(token_of(holder("other", "Bo")), None);
        assert_eq!(token_of(holder("film", "Cat")), None);
        assert_eq!(token_of(holder("film", "bo")), Some(TOKEN));
    }

    #[test]
    fn a_seat_that_was_given_up_leaves_nothing() {
        let home = Home::with_token(TOKEN);

        home.claim().forget().expect("removed");

        assert!(home.files().is_empty());
        assert_eq!(home.claim().token(), None);
    }

    #[test]
    fn an_unreadable_token_counts_as_none_and_is_overwritten() {
        let whole = {
            let home = Home::with_token(TOKEN);
            fs::read(&home.files()[0]).expect("there")
        };
        let torn = (0..whole.len()).map(|length| whole[..length].to_vec());
        let longer = [whole.clone(), b"x".to_vec()].concat();
        let newer = [b"2 ".to_vec(), whole[2..].to_vec()].concat();
        for bytes in torn.chain([longer, newer, vec![0xff; 4096]]) {
            let home = Home::with_token(TOKEN);
            fs::write(&home.files()[0], &bytes).expect("ours");

            let mut file = home.claim();

            assert_eq!(file.token(), None, "{bytes:?}");
            file.keep(OTHER).expect("kept");
            drop(file);
            assert_eq!(home.claim().token(), Some(OTHER));
        }
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_neither_read_nor_written() {
        let home = Home::with_token(TOKEN);
        let (path, theirs) = (home.files()[0].clone(), home.0.path().join("theirs"));
        fs::rename(&path, &theirs).expect("ours");
        std::os::unix::fs::symlink(&theirs, &path).expect("linked");
        let before = fs::read(&theirs).expect("there");

        let mut file = home.claim();
        file.keep(OTHER).expect("kept beside it");

        assert_ne!(file.path, path);
        assert_eq!(fs::read(&theirs).expect("there"), before);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_reported() {
        let home = Home::new();
        fs::write(home.0.path().join("state"), "a file").expect("written");

        assert!(Seats::new(home.folder()).claim(&holder("film", "Bo")).is_err());
    }

    #[test]
    fn the_oldest_tokens_give_way_and_those_of_living_clients_do_not() {
        let home = Home::new();
        let seats = Seats::new(home.folder());
        let alive = home.claim();
        for number in 0..FILES + 5 {
            let claim = seats.claim(&holder(&format!("room-{number}"), "Bo"));
            claim.expect("a file").file.keep(TOKEN).expect("kept");
        }

        assert!(home.files().len() <= FILES);
        assert!(home.files().contains(&alive.path));
    }
}
