//! Finds a room's item among the user's files.
//!
//! The folders are searched in the order in which people would look: the folder of the open file, the current folder, then the
//! media folders, level by level. Files of the item's size are compared by fingerprint; the first match is used. Otherwise a file
//! of the item's name is offered, which may be another cut. The search is limited in depth, entries and comparisons, visits each
//! folder only once even if several links lead to it, and counts the folders that it could not read.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use watchtogether_protocol::item::Fingerprint;
use watchtogether_protocol::{Item, ItemSource};

use super::{LocalFile, identify, identify_beginning, is_hidden, title};

/// The maximum depth of folders below a media folder: series, season, extras, and some more.
const DEPTH: usize = 8;

/// The maximum number of entries examined: a few seconds on a slow disk.
const ENTRIES: usize = 100_000;

/// The maximum number of files that are compared, at two MiB each: files of the right size, or larger ones that may have grown.
const COMPARISONS: usize = 64;

/// How recently a file must have changed to count as possibly still being written. Recorders hold back data for less than this.
const FRESH: Duration = Duration::from_mins(2);

/// The folders to search.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchFolders<'a> {
    /// The open file; the next episode is usually in the same folder.
    pub beside: Option<&'a Path>,
    /// The current folder.
    pub current: Option<&'a Path>,
    /// The user's media folders, which are searched with their subfolders.
    pub media: &'a [PathBuf],
}

/// The result of a search for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundCopy {
    /// The same file, judged by its size and both ends.
    Same(LocalFile),
    /// Another file of the same name.
    SameName(LocalFile),
}

/// The outcome of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The file that was found.
    pub found: Option<FoundCopy>,
    /// The number of folders that could not be read.
    pub unreadable: usize,
    /// Whether a limit ended the search before everything was examined.
    pub is_cut_short: bool,
}

/// Searches for a local copy of an item. Links have none.
///
/// `folders` counts the folders that were examined, to show progress.
pub fn find(item: &Item, places: SearchFolders<'_>, folders: &AtomicU32) -> Search {
    match item.source {
        ItemSource::Link(_) => Search::default(),
        ItemSource::File { size, fingerprint } => Walk::new(item, size, fingerprint, folders).through(places),
    }
}

struct Walk<'a> {
    folders: &'a AtomicU32,
    name: String,
    size: u64,
    fingerprint: Fingerprint,
    seen: BTreeSet<(u64, u64)>,
    same_name: Option<PathBuf>,
    entries: usize,
    comparisons: usize,
    search: Search,
}

impl<'a> Walk<'a> {
    fn new(item: &Item, size: u64, fingerprint: Fingerprint, folders: &'a AtomicU32) -> Self {
        Self {
            folders,
            name: item.title.as_str().to_lowercase(),
            size,
            fingerprint,
            seen: BTreeSet::new(),
            same_name: None,
            entries: 0,
            comparisons: 0,
            search: Search::default(),
        }
    }

    fn through(mut self, places: SearchFolders<'_>) -> Search {
        let beside = places.beside.and_then(Path::parent);
        for folder in beside.into_iter().chain(places.current) {
            if let Some(FolderResult::Found(file)) = self.look_into(folder) {
                return self.ended_with(Some(FoundCopy::Same(file)));
            }
        }
        let mut waiting: VecDeque<(PathBuf, usize)> =
            places.media.iter().map(|folder| (folder.clone(), 0)).collect();
        while let Some((folder, depth)) = waiting.pop_front() {
            if !self.is_new(&folder) {
                continue;
            }
            match self.look_into(&folder) {
                Some(FolderResult::Found(file)) => return self.ended_with(Some(FoundCopy::Same(file))),
                Some(FolderResult::Deeper(below)) if depth < DEPTH => {
                    waiting.extend(below.into_iter().map(|folder| (folder, depth + 1)));
                }
                Some(FolderResult::Deeper(below)) => self.search.is_cut_short |= !below.is_empty(),
                None => {}
            }
            if self.entries >= ENTRIES {
                self.search.is_cut_short = true;
                break;
            }
        }
        let same_name = self.same_name.take().and_then(|path| identify(&path).ok());
        self.ended_with(same_name.map(FoundCopy::SameName))
    }

    fn ended_with(self, found: Option<FoundCopy>) -> Search {
        Search { found, ..self.search }
    }

    /// Returns whether a folder below the media folders is visited for the first time, whatever path leads to it.
    fn is_new(&mut self, folder: &Path) -> bool {
        fs::metadata(folder).map_or(true, |here| self.seen.insert((here.dev(), here.ino())))
    }

    /// Examines the files of one folder and returns its subfolders. A folder that cannot be read is counted.
    fn look_into(&mut self, folder: &Path) -> Option<FolderResult> {
        let entries = fs::read_dir(folder).inspect_err(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::debug!(%error, folder = %folder.display(), "could not search a folder");
                self.search.unreadable += 1;
            }
        });
        let readable = entries
            .ok()?
            .filter_map(Result::ok)
            .take(ENTRIES.saturating_sub(self.entries));
        let mut paths: Vec<PathBuf> = readable.map(|entry| entry.path()).collect();
        self.entries += paths.len();
        paths.sort_unstable();
        self.folders.fetch_add(1, Ordering::Relaxed);
        let mut below = Vec::new();
        for path in paths {
            let Ok(there) = fs::metadata(&path) else {
                continue;
            };
            if there.is_dir() && !is_hidden(&path) {
                below.push(path);
            } else if there.is_file()
                && let Some(file) = self.compare(&path, there.len())
            {
                return Some(FolderResult::Found(file));
            }
        }
        Some(FolderResult::Deeper(below))
    }

    /// Returns whether a longer file may be a version of the item that has been written further: a file of its name, or one that
    /// was just written to.
    fn may_grow(&self, path: &Path) -> bool {
        let is_fresh = || {
            let changed = fs::metadata(path).and_then(|there| there.modified()).ok()?;
            // A change in the future is a recent one, on a disk with another clock.
            Some(changed.elapsed().unwrap_or_default() < FRESH)
        };
        title::of_file(path).as_str().to_lowercase() == self.name || is_fresh().unwrap_or_default()
    }

    fn compare(&mut self, path: &Path, size: u64) -> Option<LocalFile> {
        if self.same_name.is_none() && title::of_file(path).as_str().to_lowercase() == self.name {
            self.same_name = Some(path.to_owned());
        }
        let is_longer = size > self.size && self.may_grow(path);
        if size != self.size && !is_longer {
            return None;
        }
        if self.comparisons >= COMPARISONS {
            self.search.is_cut_short = true;
            return None;
        }
        self.comparisons += 1;
        let wanted = ItemSource::File {
            size: self.size,
            fingerprint: self.fingerprint,
        };
        let file = if is_longer {
            identify_beginning(path, self.size).ok()
        } else {
            identify(path).ok()
        };
        file.filter(|file| file.item.source == wanted)
    }
}

enum FolderResult {
    Found(LocalFile),
    Deeper(Vec<PathBuf>),
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::library::item_of_link;

    fn find(item: &Item, places: SearchFolders<'_>) -> Search {
        super::find(item, places, &AtomicU32::new(0))
    }

    #[test]
    fn a_search_counts_the_folders_that_it_looked_into() {
        let disk = Disk::new(&[
            ("media/a/x", "1"),
            ("media/b/c/x", "2"),
            ("media/film.mkv", "other"),
        ]);
        let media = disk.media(&["media"]);
        let folders = AtomicU32::new(0);

        super::find(&item("none.mkv", "film"), only(&media), &folders);

        assert_eq!(folders.into_inner(), 4);
    }

    /// A disk with some films on it.
    struct Disk(tempfile::TempDir);

    impl Disk {
        fn new(files: &[(&str, &str)]) -> Self {
            let disk = Self(tempfile::tempdir().expect("a folder"));
            for (name, content) in files {
                let path = disk.path(name);
                fs::create_dir_all(path.parent().expect("below the disk")).expect("made");
                fs::write(path, content).expect("written");
            }
            disk
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn media(&self, names: &[&str]) -> Vec<PathBuf> {
            names.iter().map(|name| self.path(name)).collect()
        }
    }

    /// Returns the item that a file with this name and content has on another machine.
    fn item(name: &str, content: &str) -> Item {
        let elsewhere = Disk::new(&[(name, content)]);
        identify(&elsewhere.path(name)).expect("a file").item
    }

    fn only(media: &[PathBuf]) -> SearchFolders<'_> {
        SearchFolders {
            media,
            ..SearchFolders::default()
        }
    }

    fn same(search: &Search) -> Option<&Path> {
        match &search.found {
            Some(FoundCopy::Same(file)) => Some(&file.path),
            Some(FoundCopy::SameName(_)) | None => None,
        }
    }

    #[test]
    fn the_same_file_is_found_under_another_name_deep_in_a_media_folder() {
        let disk = Disk::new(&[("media/a/b/renamed.bin", "film"), ("media/a/Film.mkv", "other")]);
        let media = disk.media(&["media"]);

        let search = find(&item("Film.mkv", "film"), only(&media));

        assert_eq!(same(&search), Some(disk.path("media/a/b/renamed.bin").as_path()));
    }

    #[test]
    fn files_beside_the_open_one_come_first_and_files_below_it_do_not_count() {
        let disk = Disk::new(&[
            ("show/1.mkv", "one"),
            ("show/2.mkv", "two"),
            ("media/2.mkv", "two"),
            ("show/extra/3.mkv", "three"),
        ]);
        let (open, media) = (disk.path("show/1.mkv"), disk.media(&["media"]));
        let places = SearchFolders {
            beside: Some(&open),
            current: None,
            media: &media,
        };

        assert_eq!(
            same(&find(&item("x", "two"), places)),
            Some(disk.path("show/2.mkv").as_path())
        );
        assert_eq!(find(&item("x", "three"), places), Search::default());
    }

    #[test]
    fn a_current_folder_inside_a_media_folder_hides_nothing_below_it() {
        let disk = Disk::new(&[("media/season/film.mkv", "film")]);
        let media = disk.media(&["media"]);
        let places = SearchFolders {
            beside: None,
            current: Some(&media[0]),
            media: &media,
        };

        assert_eq!(
            same(&find(&item("x", "film"), places)),
            Some(disk.path("media/season/film.mkv").as_path())
        );
    }

    #[test]
    fn another_cut_of_the_same_name_is_offered_only_where_the_same_file_is_nowhere() {
        let disk = Disk::new(&[("media/film.MKV", "another cut"), ("media/z/copy", "film")]);
        let media = disk.media(&["media"]);
        let places = only(&media);

        let cut = find(&item("Film.mkv", "not here"), places);

        assert!(
            matches!(cut.found, Some(FoundCopy::SameName(file)) if file.path == disk.path("media/film.MKV"))
        );
        assert_eq!(
            same(&find(&item("Film.mkv", "film"), places)),
            Some(disk.path("media/z/copy").as_path())
        );
    }

    #[test]
    fn a_copy_that_was_written_further_is_the_same_file() {
        let disk = Disk::new(&[("media/other.ts", "recorded, and more")]);
        let media = disk.media(&["media"]);

        let search = find(&item("rec.ts", "recorded"), only(&media));

        assert_eq!(same(&search), Some(disk.path("media/other.ts").as_path()));
        assert!(
            matches!(&search.found, Some(FoundCopy::Same(file)) if file.item.source == item("rec.ts", "recorded").source)
        );
    }

    #[test]
    fn a_longer_file_that_begins_otherwise_is_another_cut() {
        let disk = Disk::new(&[("media/rec.ts", "something else, and more")]);
        let media = disk.media(&["media"]);

        let search = find(&item("rec.ts", "recorded"), only(&media));

        assert!(matches!(search.found, Some(FoundCopy::SameName(_))));
    }

    #[test]
    fn the_same_size_alone_is_not_the_same_file() {
        let disk = Disk::new(&[("media/a.mkv", "1234")]);
        let media = disk.media(&["media"]);

        let search = find(&item("b.mkv", "4321"), only(&media));

        assert_eq!(search, Search::default());
    }

    #[test]
    fn links_in_circles_end_and_links_to_elsewhere_are_followed() {
        let disk = Disk::new(&[("media/a/x", "x"), ("elsewhere/film.mkv", "film")]);
        symlink(disk.path("media"), disk.path("media/a/again")).expect("linked");
        symlink(disk.path("elsewhere"), disk.path("media/more")).expect("linked");
        symlink(disk.path("nowhere"), disk.path("media/dangling")).expect("linked");
        let media = disk.media(&["media"]);

        let search = find(&item("x", "film"), only(&media));

        assert_eq!(same(&search), Some(disk.path("media/more/film.mkv").as_path()));
        assert!(!search.is_cut_short);
    }

    #[test]
    fn a_missing_folder_is_nothing_and_an_unreadable_one_is_counted() {
        let disk = Disk::new(&[("media/closed/film.mkv", "film"), ("media/file", "x")]);
        let media = disk.media(&["none", "media/file", "media"]);
        let closed = disk.path("media/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("mine");

        let search = find(&item("x", "film"), only(&media));

        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("mine");
        // The superuser can read closed folders; a file in place of a folder is unreadable for everybody.
        let closed_was_read = same(&search).is_some();
        assert_eq!(search.unreadable, if closed_was_read { 1 } else { 2 });
    }

    #[test]
    fn folders_that_are_too_deep_are_not_searched_and_reported() {
        let deep = format!("media/{}film.mkv", "d/".repeat(DEPTH + 1));
        let disk = Disk::new(&[(&deep, "film")]);
        let media = disk.media(&["media"]);

        let search = find(&item("x", "film"), only(&media));

        assert_eq!((search.found, search.is_cut_short), (None, true));
    }

    #[test]
    fn hidden_folders_are_left_alone() {
        let disk = Disk::new(&[("media/.trash/film.mkv", "film")]);
        let media = disk.media(&["media"]);

        let search = find(&item("film.mkv", "film"), only(&media));

        assert_eq!(search, Search::default());
    }

    #[test]
    fn a_link_has_no_local_copy() {
        let link = item_of_link("https://h.example/film.mkv").expect("a link");
        let disk = Disk::new(&[("film.mkv", "film")]);

        let search = find(
            &link,
            SearchFolders {
                current: Some(disk.0.path()),
                ..SearchFolders::default()
            },
        );

        assert_eq!(search, Search::default());
    }
}
