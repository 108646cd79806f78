//! The browser: the files of some folders as they are found, narrowed by typing.
//!
//! Films come before sound, and sound before everything else. Within each kind the best matches come first, and equally good ones
//! by age, the newest first: people most often want to watch the latest file. The chosen file stays chosen when others are found
//! above it.

use std::cmp::Reverse;
use std::path::PathBuf;

use watchtogether_protocol::Clean;

use crate::editor::Editor;
use crate::fuzzy::Pattern;
use crate::home_vocabulary::{FileKind, FoundFile, SearchOutcome};
use crate::text;

/// The maximum number of files that are kept; the search ends there.
const FILES: usize = 200_000;

/// The browser.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    pub(crate) query: Editor,
    folders: Vec<String>,
    /// The only folder whose files are shown; `None` shows all.
    only: Option<usize>,
    /// Whether files other than films, sound and playlists are shown.
    has_others: bool,
    files: Vec<BrowserFile>,
    /// The number of films, sound files and playlists.
    films: usize,
    /// The matching files, the best first once they are sorted.
    fitting: Vec<FuzzyMatch>,
    /// The number of files that have been compared with the typed text.
    compared: usize,
    pattern: Pattern,
    is_sorted: bool,
    /// The chosen file; `None` means the first of the list.
    chosen: Option<usize>,
    /// The number of rows that were last drawn, for paging.
    page: usize,
    /// The outcome of the search, once it has ended.
    searched: Option<SearchOutcome>,
}

/// A file, and the texts for comparing it.
#[derive(Debug)]
struct BrowserFile {
    found: FoundFile,
    folded: String,
}

#[derive(Clone, Copy, Debug)]
struct FuzzyMatch {
    file: usize,
    score: i32,
}

/// A row of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileRow<'a> {
    pub(crate) file: &'a FoundFile,
    pub(crate) is_chosen: bool,
    /// The letters of its path that match.
    pub(crate) letters: Vec<usize>,
}

impl Browser {
    /// Sets the folders that are searched.
    pub(crate) fn set_folders(&mut self, folders: &[Clean]) {
        self.folders = folders.iter().map(|folder| text::safe(folder.as_str())).collect();
    }

    /// Adds files that were found.
    pub(crate) fn add(&mut self, found: Vec<FoundFile>) {
        let room = FILES.saturating_sub(self.files.len());
        let is_film = |found: &&FoundFile| found.kind != FileKind::Other;
        self.films += found.iter().take(room).filter(is_film).count();
        self.files
            .extend(found.into_iter().take(room).map(|found| BrowserFile {
                folded: text::safe(found.below.as_str()).to_lowercase(),
                found,
            }));
        self.compare();
    }

    /// Records that the search has ended.
    pub(crate) fn end(&mut self, searched: SearchOutcome) {
        self.searched = Some(searched);
    }

    /// Handles a change of the typed text: the matches are recomputed, only among the previous ones if the text was extended.
    pub(crate) fn typed(&mut self) {
        let pattern = Pattern::new(self.query.text());
        if pattern == self.pattern {
            return;
        }
        self.pattern = pattern;
        self.restart();
    }

    /// Shows only the next folder, and after the last one all folders; or in the other direction.
    pub(crate) fn turn(&mut self, forward: bool) {
        let count = self.folders.len();
        if count < 2 {
            return;
        }
        // All of them, then one after another.
        let place = self.only.map_or(0, |only| only + 1);
        let next = if forward { place + 1 } else { place + count } % (count + 1);
        self.only = next.checked_sub(1);
        self.restart();
    }

    /// Shows all files, or only films, sound and playlists.
    pub(crate) fn turn_others(&mut self) {
        self.has_others = !self.has_others;
        self.restart();
    }

    /// Returns whether all files are shown.
    pub(crate) const fn has_others(&self) -> bool {
        self.has_others
    }

    /// Goes up or down by rows.
    pub(crate) fn go(&mut self, rows: isize) {
        self.sort();
        let last = self.fitting.len().saturating_sub(1);
        let row = self.chosen_row().saturating_add_signed(rows).min(last);
        self.chosen = self.fitting.get(row).map(|fit| fit.file);
    }

    /// Returns the rows of a page.
    pub(crate) fn page(&self) -> isize {
        isize::try_from(self.page.max(2) - 1).unwrap_or(isize::MAX)
    }

    /// Returns the chosen file: its path, and its name with the folder.
    pub(crate) fn take(&mut self) -> Option<(PathBuf, String)> {
        self.sort();
        let fit = self.fitting.get(self.chosen_row())?;
        let found = &self.files[fit.file].found;
        let below = text::safe(found.below.as_str());
        let shown = match self
            .folders
            .get(found.folder)
            .map(|folder| folder.trim_end_matches('/'))
        {
            Some(folder) => format!("{folder}/{below}"),
            None => below,
        };
        Some((found.path.clone(), shown))
    }

    /// Sets how many rows of the list are visible.
    pub(crate) const fn set_page(&mut self, rows: usize) {
        self.page = rows;
    }

    /// Returns this many rows of the list, once it is sorted.
    pub(crate) fn rows(&self, height: usize) -> Vec<FileRow<'_>> {
        let chosen = self.chosen_row();
        // The chosen row is in the middle, except near the ends of the list.
        let first = chosen
            .saturating_sub(height / 2)
            .min(self.fitting.len().saturating_sub(height));
        self.fitting
            .iter()
            .enumerate()
            .skip(first)
            .take(height)
            .map(|(row, fit)| {
                let file = &self.files[fit.file];
                FileRow {
                    file: &file.found,
                    is_chosen: row == chosen,
                    letters: self.pattern.letters(&file.folded),
                }
            })
            .collect()
    }

    /// Returns how many files match, and how many there are of those that are shown.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (
            self.fitting.len(),
            if self.has_others {
                self.files.len()
            } else {
                self.films
            },
        )
    }

    /// Returns how the search ended; `None` while it is running.
    pub(crate) const fn searched(&self) -> Option<SearchOutcome> {
        self.searched
    }

    /// Returns the folder if only one is shown.
    pub(crate) fn only(&self) -> Option<&str> {
        self.only
            .and_then(|only| self.folders.get(only))
            .map(String::as_str)
    }

    /// Returns the folders that are searched.
    pub(crate) fn folders(&self) -> &[String] {
        &self.folders
    }

    fn restart(&mut self) {
        self.fitting.clear();
        self.compared = 0;
        self.chosen = None;
        self.compare();
    }

    fn compare(&mut self) {
        let new = self.files.iter().enumerate().skip(self.compared);
        let (only, pattern, has_others) = (self.only, &self.pattern, self.has_others);
        self.fitting.extend(
            new.filter(|(_, file)| only.is_none_or(|only| file.found.folder == only))
                .filter(|(_, file)| has_others || file.found.kind != FileKind::Other)
                .filter_map(|(index, file)| {
                    let score = pattern.score(&file.folded)?;
                    Some(FuzzyMatch { file: index, score })
                }),
        );
        self.compared = self.files.len();
        self.is_sorted = false;
    }

    /// Sorts the matches, best first, if they are not sorted yet.
    pub(crate) fn sort(&mut self) {
        if std::mem::replace(&mut self.is_sorted, true) {
            return;
        }
        let files = &self.files;
        self.fitting.sort_by_key(|fit| {
            let found = &files[fit.file].found;
            (found.kind, Reverse(fit.score), Reverse(found.changed), fit.file)
        });
    }

    fn chosen_row(&self) -> usize {
        let row = |chosen| self.fitting.iter().position(|fit| fit.file == chosen);
        self.chosen.and_then(row).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use watchtogether_protocol::time::WallTime;

    use super::*;

    fn found(below: &str, folder: usize, kind: FileKind, changed: u64) -> FoundFile {
        FoundFile {
            path: PathBuf::from(format!("/{folder}/{below}")),
            folder,
            below: Clean::line(below),
            kind,
            size: 1,
            changed: Some(WallTime(changed)),
        }
    }

    fn browser() -> Browser {
        let mut browser = Browser::default();
        browser.set_folders(&[Clean::line("~/Videos"), Clean::line(".")]);
        browser.add(vec![
            found("notes.txt", 0, FileKind::Other, 9),
            found("song.flac", 0, FileKind::Audio, 8),
            found("Old.mkv", 0, FileKind::Video, 1),
            found("New.mkv", 1, FileKind::Video, 7),
        ]);
        browser
    }

    fn names(browser: &mut Browser) -> Vec<String> {
        browser.sort();
        let rows = browser.rows(10);
        rows.iter().map(|row| row.file.below.to_string()).collect()
    }

    fn type_in(browser: &mut Browser, text: &str) {
        browser.query.set(text);
        browser.typed();
    }

    #[test]
    fn films_come_first_and_the_youngest_of_them_before_the_others() {
        let mut browser = browser();

        assert_eq!(names(&mut browser), ["New.mkv", "Old.mkv", "song.flac"]);
        assert_eq!(browser.counts(), (3, 3));
    }

    #[test]
    fn other_files_are_shown_where_they_are_wanted() {
        let mut browser = browser();

        browser.turn_others();
        assert_eq!(
            names(&mut browser),
            ["New.mkv", "Old.mkv", "song.flac", "notes.txt"]
        );
        assert_eq!(browser.counts(), (4, 4));
        browser.turn_others();

        assert_eq!(names(&mut browser).len(), 3);
    }

    #[test]
    fn typing_narrows_the_list_and_deleting_widens_it() {
        let mut browser = browser();

        type_in(&mut browser, "mkv");
        assert_eq!(names(&mut browser), ["New.mkv", "Old.mkv"]);
        type_in(&mut browser, "old mkv");
        assert_eq!(names(&mut browser), ["Old.mkv"]);
        type_in(&mut browser, "");

        assert_eq!(names(&mut browser).len(), 3);
    }

    #[test]
    fn one_folder_after_the_other_and_then_all_again() {
        let mut browser = browser();

        browser.turn(true);
        assert_eq!((names(&mut browser).len(), browser.only()), (2, Some("~/Videos")));
        browser.turn(true);
        assert_eq!((names(&mut browser).len(), browser.only()), (1, Some(".")));
        browser.turn(true);
        assert_eq!((names(&mut browser).len(), browser.only()), (3, None));
        browser.turn(false);

        assert_eq!(browser.only(), Some("."));
    }

    #[test]
    fn the_selected_entry_stays_selected_while_more_are_found_above_it() {
        let mut browser = browser();
        browser.go(1);

        browser.add(vec![found("Newest.mkv", 0, FileKind::Video, 100)]);

        assert_eq!(
            browser.take(),
            Some((PathBuf::from("/0/Old.mkv"), "~/Videos/Old.mkv".to_owned()))
        );
    }

    #[test]
    fn the_chosen_row_is_always_among_those_that_are_seen() {
        let mut browser = Browser::default();
        browser.add(
            (0..100)
                .map(|n| found(&format!("{n}.mkv"), 0, FileKind::Video, n))
                .collect(),
        );

        for rows in [0, 1, 3, 50, 200, -7, -500] {
            browser.go(rows);
            for height in [1, 2, 7, 300] {
                let seen = browser.rows(height);
                assert_eq!(
                    seen.iter().filter(|row| row.is_chosen).count(),
                    1,
                    "{rows} {height}"
                );
            }
        }
    }

    #[test]
    fn an_empty_match_takes_no_file() {
        let mut browser = browser();

        type_in(&mut browser, "zzz");
        browser.go(1);

        assert_eq!((browser.take(), browser.counts()), (None, (0, 3)));
    }
}
