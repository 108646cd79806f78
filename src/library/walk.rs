//! Searches folders for a user who is looking for a film: reports everything found, level by level.
//!
//! The search is limited in depth and entries, and the caller can stop it at any time. Each folder is visited only once even if
//! several links lead to it; hidden folders are skipped, and unreadable ones are counted.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use watchtogether_protocol::time::WallTime;

use super::is_hidden;

/// The maximum depth of folders below the first: series, season, extras, and some more.
const DEPTH: usize = 8;

/// The maximum number of entries examined: a few seconds on a slow disk.
const ENTRIES: usize = 100_000;

/// The maximum number of files that are passed on together, small enough that the first appear immediately.
const HEAP: usize = 256;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// The path.
    pub path: PathBuf,
    /// The index of the folder that the search started from.
    pub folder: usize,
    /// The kind, according to its extension.
    pub kind: MediaKind,
    /// The size in bytes.
    pub size: u64,
    /// The time of the last modification.
    pub changed: Option<WallTime>,
}

/// The kind of a file, according to its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaKind {
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A playlist.
    List,
    /// Anything else.
    Other,
}

/// The outcome of a walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkEnd {
    /// Whether it ended before everything was searched.
    pub is_cut_short: bool,
    /// The number of folders that could not be read.
    pub unreadable: usize,
}

impl MediaKind {
    /// Returns the kind for the extension of a file's name.
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let ending = ending.unwrap_or_default().to_ascii_lowercase();
        if VIDEO.contains(&ending.as_str()) {
            Self::Video
        } else if AUDIO.contains(&ending.as_str()) {
            Self::Audio
        } else if LISTS.contains(&ending.as_str()) {
            Self::List
        } else {
            Self::Other
        }
    }
}

/// The extensions of films.
const VIDEO: [&str; 22] = [
    "3gp", "avi", "divx", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogm",
    "ogv", "rm", "rmvb", "ts", "vob", "webm", "wmv", "y4m",
];

/// The extensions of sound files.
const AUDIO: [&str; 17] = [
    "aac", "ac3", "aiff", "alac", "ape", "dts", "flac", "m4a", "mka", "mp3", "oga", "ogg", "opus", "tta",
    "wav", "wma", "wv",
];

/// The extensions of playlists.
const LISTS: [&str; 5] = ["cue", "edl", "m3u", "m3u8", "pls"];

/// Searches folders. `take` receives the files that were found, and its result can stop the search.
pub fn walk(
    folders: &[PathBuf],
    has_enough: impl Fn() -> bool,
    mut take: impl FnMut(Vec<Walked>),
) -> WalkEnd {
    let mut end = WalkEnd::default();
    let mut seen = BTreeSet::new();
    let mut entries = 0;
    let mut waiting: VecDeque<(PathBuf, usize, usize)> = folders
        .iter()
        .enumerate()
        .map(|(index, folder)| (folder.clone(), index, 0))
        .collect();
    let mut heap = Vec::new();
    while let Some((folder, index, depth)) = waiting.pop_front() {
        let is_new = fs::metadata(&folder).map_or(true, |here| seen.insert((here.dev(), here.ino())));
        if !is_new {
            continue;
        }
        let listed = match fs::read_dir(&folder) {
            Ok(listed) => listed,
            Err(error) => {
                // A media folder that does not exist does not count as unreadable.
                end.unreadable += usize::from(error.kind() != io::ErrorKind::NotFound || depth > 0);
                continue;
            }
        };
        for entry in listed.filter_map(Result::ok) {
            entries += 1;
            if entries > ENTRIES || has_enough() {
                end.is_cut_short = true;
                take(heap);
                return end;
            }
            let path = entry.path();
            if is_hidden(&path) {
                continue;
            }
            let Ok(there) = fs::metadata(&path) else {
                continue;
            };
            if there.is_dir() && depth < DEPTH {
                waiting.push_back((path, index, depth + 1));
            } else if there.is_dir() {
                end.is_cut_short = true;
            } else if there.is_file() {
                heap.push(Walked {
                    kind: MediaKind::of(&path),
                    folder: index,
                    size: there.len(),
                    changed: changed(&there),
                    path,
                });
            }
            if heap.len() >= HEAP {
                take(std::mem::take(&mut heap));
            }
        }
        // A folder's files are passed on before the next folder is read, because that disk may be asleep.
        if !heap.is_empty() {
            take(std::mem::take(&mut heap));
        }
    }
    end
}

fn changed(there: &fs::Metadata) -> Option<WallTime> {
    let since = there.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    since.as_millis().try_into().ok().map(WallTime)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn disk(files: &[&str]) -> tempfile::TempDir {
        let disk = tempfile::tempdir().expect("a folder");
        for name in files {
            let path = disk.path().join(name);
            fs::create_dir_all(path.parent().expect("below the disk")).expect("made");
            fs::write(path, name).expect("written");
        }
        disk
    }

    fn all(folders: &[PathBuf]) -> (Vec<Walked>, WalkEnd) {
        let mut found = Vec::new();
        let end = walk(folders, || false, |heap| found.extend(heap));
        (found, end)
    }

    fn names(found: &[Walked]) -> Vec<String> {
        let mut names: Vec<String> = found
            .iter()
            .map(|file| {
                file.path
                    .file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn everything_is_found_once_however_links_lead_to_it() {
        let disk = disk(&["a/film.mkv", "a/b/song.flac", "c/notes.txt"]);
        symlink(disk.path(), disk.path().join("a/b/round")).expect("linked");
        symlink(disk.path().join("none"), disk.path().join("dangling")).expect("linked");
        let twice = [disk.path().join("a"), disk.path().to_owned()];

        let (found, end) = all(&twice);

        assert_eq!(names(&found), ["film.mkv", "notes.txt", "song.flac"]);
        assert_eq!(end, WalkEnd::default());
        let film = found
            .iter()
            .find(|file| file.path.ends_with("film.mkv"))
            .expect("found");
        assert_eq!((film.folder, film.kind, film.size), (0, MediaKind::Video, 10));
        assert!(film.changed.is_some());
    }

    #[test]
    fn hidden_folders_are_skipped_and_unreadable_ones_counted() {
        let disk = disk(&[".trash/film.mkv", "closed/film.mkv", "open.mkv", ".hidden.mkv"]);
        let closed = disk.path().join("closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("mine");
        let folders = [
            disk.path().to_owned(),
            disk.path().join("open.mkv"),
            disk.path().join("none"),
        ];

        let (found, end) = all(&folders);

        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("mine");
        // The superuser can read closed folders; a file in place of a folder is unreadable for everybody.
        let closed_was_read = found.len() == 2;
        assert!(names(&found).contains(&"open.mkv".to_owned()));
        assert_eq!(end.unreadable, if closed_was_read { 1 } else { 2 });
    }

    #[test]
    fn names_that_are_no_text_are_found_as_they_are() {
        let disk = disk(&[]);
        let odd = disk.path().join(OsStr::from_bytes(b"\xff\n\xe2\x80\xae.mkv"));
        fs::write(&odd, b"x").expect("written");

        let (found, _end) = all(&[disk.path().to_owned()]);

        assert_eq!(found[0].path, odd);
        assert_eq!(found[0].kind, MediaKind::Video);
    }

    #[test]
    fn folders_that_are_too_deep_are_skipped_and_reported() {
        let deep = format!("{}film.mkv", "d/".repeat(DEPTH + 1));
        let disk = disk(&[&deep]);

        let (found, end) = all(&[disk.path().to_owned()]);

        assert_eq!((found.len(), end.is_cut_short), (0, true));
    }

    #[test]
    fn a_walk_with_enough_results_ends_early() {
        let names: Vec<String> = (0..1_000).map(|n| format!("{n}.mkv")).collect();
        let disk = disk(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let looked_at = Cell::new(0);
        let has_enough = || {
            looked_at.set(looked_at.get() + 1);
            looked_at.get() > 600
        };
        let (mut found, mut heaps) = (0, 0);

        let end = walk(&[disk.path().to_owned()], has_enough, |heap| {
            assert!(heap.len() <= HEAP);
            found += heap.len();
            heaps += 1;
        });

        assert!(end.is_cut_short);
        assert_eq!((found, heaps), (600, 3));
    }

    #[test]
    fn no_more_than_its_bound_is_looked_at() {
        let disk = disk(&[]);
        for n in 0..ENTRIES + 50 {
            fs::File::create(disk.path().join(n.to_string())).expect("made");
        }

        let (found, end) = all(&[disk.path().to_owned()]);

        assert_eq!(found.len(), ENTRIES);
        assert!(end.is_cut_short);
    }

    #[test]
    fn endings_are_read_in_any_case() {
        assert_eq!(MediaKind::of(Path::new("a.MKV")), MediaKind::Video);
        assert_eq!(MediaKind::of(Path::new("a.b.Opus")), MediaKind::Audio);
        assert_eq!(MediaKind::of(Path::new("evening.M3U8")), MediaKind::List);
        for name in ["mkv", "a.log", "a.json", "a.conf"] {
            assert_eq!(MediaKind::of(Path::new(name)), MediaKind::Other);
        }
    }
}
