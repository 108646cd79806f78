//! Completes paths and searches folders.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use watchtogether_protocol::Clean;
use watchtogether_tui::home_vocabulary::{
    FileKind, FoundFile, HomeUpdate, PathCandidate, PathCompletion, SearchOutcome, SearchUpdate,
};

use super::films;
use crate::file_url;
use crate::library::{self, MediaKind};
use crate::local_clock::monotonic;

/// The time limit of a search.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of names in a folder that are examined to complete one.
const MAX_NAMES: usize = 20_000;

/// The maximum number of completions that are shown.
const MAX_CHOICES: usize = 200;

/// Runs `work`, which may block on a disk, on a detached thread: an unreachable network folder must not keep the program from
/// ending.
pub(super) fn spawn_detached(work: impl FnOnce() + Send + 'static) {
    let started = std::thread::Builder::new().name("files".to_owned()).spawn(work);
    if let Err(error) = started {
        tracing::warn!(%error, "could not start a thread for files");
    }
}

/// Returns the completions of a path. Films and folders come first. Hidden names are included only after a typed dot; matching
/// ignores case only if nothing matches exactly.
pub(super) fn complete(text: &str, home: Option<&Path>) -> PathCompletion {
    if text == "~" {
        return grown(text, "~/");
    }
    let (folder_text, begun) = text.rfind('/').map_or(("", text), |at| text.split_at(at + 1));
    let folder = if folder_text.is_empty() {
        PathBuf::from(".")
    } else {
        films::from_home(OsStr::new(folder_text), home)
    };
    let mut names: Vec<OsString> = fs::read_dir(&folder)
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .take(MAX_NAMES)
                .map(|entry| entry.file_name())
                .collect()
        })
        .unwrap_or_default();
    names.retain(|name| begun.starts_with('.') || !name.as_encoded_bytes().starts_with(b"."));
    let fits = |name: &OsString| name.to_string_lossy().starts_with(begun);
    if names.iter().any(fits) {
        names.retain(fits);
    } else {
        let begun = begun.to_lowercase();
        names.retain(|name| name.to_string_lossy().to_lowercase().starts_with(&begun));
    }
    let mut choices: Vec<(MediaKind, PathCandidate)> = names
        .into_iter()
        .map(|name| choice(&folder, folder_text, &name))
        .collect();
    choices.sort_by(|(a_kind, a), (b_kind, b)| (a_kind, &a.name).cmp(&(b_kind, &b.name)));
    let choices: Vec<PathCandidate> = choices.into_iter().map(|(_, choice)| choice).collect();
    let common = common_beginning(choices.iter().map(|choice| choice.text.as_str()));
    let is_longer = common.as_ref().is_some_and(|common| common.len() >= text.len());
    PathCompletion {
        asked: text.to_owned(),
        text: common.filter(|_| is_longer).unwrap_or_else(|| text.to_owned()),
        is_whole: matches!(&choices[..], [only] if only.text == text && !only.text.ends_with('/')),
        choices: choices.into_iter().take(MAX_CHOICES).collect(),
    }
}

fn grown(asked: &str, text: &str) -> PathCompletion {
    PathCompletion {
        asked: asked.to_owned(),
        text: text.to_owned(),
        is_whole: false,
        choices: vec![PathCandidate {
            name: text.to_owned(),
            text: text.to_owned(),
            path: PathBuf::from(text),
        }],
    }
}

fn choice(folder: &Path, folder_text: &str, name: &OsString) -> (MediaKind, PathCandidate) {
    let path = folder.join(name);
    let (kind, end) = if path.is_dir() {
        (MediaKind::Video, "/")
    } else {
        (MediaKind::of(&path), "")
    };
    let shown = format!("{}{end}", Clean::line(&name.to_string_lossy()));
    // The text must identify the file on its own.
    let is_exact = shown.strip_suffix(end).is_some_and(|shown| name == shown);
    let text = if is_exact {
        format!("{folder_text}{shown}")
    } else {
        let absolute = std::path::absolute(&path).unwrap_or_else(|_error| path.clone());
        format!("{}{end}", file_url::of_path(&absolute))
    };
    let choice = PathCandidate {
        text,
        name: shown,
        path,
    };
    (kind, choice)
}

/// Returns the longest common prefix of the texts.
fn common_beginning<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let first = texts.next()?;
    Some(texts.fold(first.to_owned(), |common, text| {
        let same = common.chars().zip(text.chars()).take_while(|(a, b)| a == b);
        same.map(|(c, _)| c).collect()
    }))
}

/// Searches folders until all are searched or the search is cancelled.
pub(super) fn search(
    number: u32,
    folders: &[PathBuf],
    has_enough: &AtomicBool,
    updates: &mpsc::Sender<HomeUpdate>,
) {
    let tell = |news| {
        if updates
            .blocking_send(HomeUpdate::Search { number, news })
            .is_err()
        {
            has_enough.store(true, Ordering::Relaxed);
        }
    };
    let home = films::home();
    tell(SearchUpdate::Folders(
        folders
            .iter()
            .map(|folder| Clean::line(&films::shown(folder, home.as_deref())))
            .collect(),
    ));
    let until = monotonic() + SEARCH_TIMEOUT;
    let is_over = || has_enough.load(Ordering::Relaxed) || monotonic() > until;
    let end = library::walk(folders, is_over, |walked| {
        let found = walked.into_iter().map(|file| {
            let below = file
                .path
                .strip_prefix(&folders[file.folder])
                .unwrap_or(&file.path);
            FoundFile {
                below: Clean::line(&below.to_string_lossy()),
                folder: file.folder,
                kind: match file.kind {
                    MediaKind::Video => FileKind::Video,
                    MediaKind::Audio => FileKind::Audio,
                    MediaKind::List => FileKind::List,
                    MediaKind::Other => FileKind::Other,
                },
                size: file.size,
                changed: file.changed,
                path: file.path,
            }
        });
        tell(SearchUpdate::Found(found.collect()));
    });
    tell(SearchUpdate::Ended(SearchOutcome {
        is_cut_short: end.is_cut_short,
        unreadable: end.unreadable,
    }));
}

/// Returns the folders to search, each once: the folder in the field first, then the usual film folders and the current one.
pub(super) fn folders(beside: &str, media: Vec<PathBuf>) -> Vec<PathBuf> {
    let typed = (!beside.trim().is_empty())
        .then(|| films::from_home(OsStr::new(beside.trim()), films::home().as_deref()));
    let typed = typed.filter(|folder| folder.is_absolute() && folder.is_dir());
    let current = std::env::current_dir().ok();
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in typed.into_iter().chain(media).chain(current) {
        if !folders.contains(&folder) && folder.is_dir() {
            folders.push(folder);
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    fn disk(names: &[&str]) -> tempfile::TempDir {
        let disk = tempfile::tempdir().expect("a folder");
        for name in names {
            let path = disk.path().join(name);
            fs::create_dir_all(path.parent().expect("below the disk")).expect("made");
            fs::write(path, "x").expect("written");
        }
        disk
    }

    /// Completes a name in a folder, and returns the new text of the field and the names.
    fn completed(disk: &tempfile::TempDir, begun: &str) -> (String, Vec<String>, bool) {
        let before = format!("{}/", disk.path().display());
        let completed = complete(&format!("{before}{begun}"), None);
        let text = completed
            .text
            .strip_prefix(&before)
            .expect("it only grows")
            .to_owned();
        let names = completed.choices.into_iter().map(|choice| choice.name);
        (text, names.collect(), completed.is_whole)
    }

    #[test]
    fn a_single_match_is_completed_and_a_folder_gets_a_slash() {
        let disk = disk(&["Film.mkv", "Show/1.mkv"]);

        assert_eq!(
            completed(&disk, "Fi"),
            ("Film.mkv".to_owned(), vec!["Film.mkv".to_owned()], false)
        );
        assert!(completed(&disk, "Film.mkv").2);
        assert_eq!(
            completed(&disk, "sh"),
            ("Show/".to_owned(), vec!["Show/".to_owned()], false)
        );
        assert_eq!(
            completed(&disk, "Show/"),
            ("Show/1.mkv".to_owned(), vec!["1.mkv".to_owned()], false)
        );
        assert_eq!(completed(&disk, "x").1, [""; 0]);
        assert_eq!(completed(&disk, "none/x").1, [""; 0]);
    }

    #[test]
    fn several_matches_complete_their_common_prefix_and_list_films_first() {
        let disk = disk(&[
            "Film 1.txt",
            "Film 2.mkv",
            "Film 1.mkv",
            ".Film.mkv",
            "film-b.mkv",
        ]);

        let (text, names, is_whole) = completed(&disk, "Fi");

        assert_eq!(text, "Film ");
        assert_eq!(names, ["Film 1.mkv", "Film 2.mkv", "Film 1.txt"]);
        assert!(!is_whole);
        assert_eq!(completed(&disk, ".").1, [".Film.mkv"]);
    }

    #[test]
    fn an_unprintable_name_can_still_be_chosen() {
        let disk = disk(&[]);
        let odd = disk.path().join(OsStr::from_bytes(b"Fi\xff\x1b[2J.mkv"));
        fs::write(&odd, "x").expect("written");

        let completed = complete(&format!("{}/Fi", disk.path().display()), None);

        assert_eq!(completed.choices[0].path, odd);
        assert!(!completed.text.contains('\x1b'));
        let text = OsStr::new(&completed.choices[0].text);
        assert_eq!(films::target(text).expect("there"), films::FilmTarget::File(odd));
    }

    #[test]
    fn a_search_reports_folders_then_files_then_its_end() {
        let disk = disk(&["films/a.mkv", "films/deep/b.flac"]);
        let (sender, mut updates) = mpsc::channel(64);

        search(
            7,
            &[disk.path().join("films"), disk.path().join("none")],
            &AtomicBool::new(false),
            &sender,
        );

        drop(sender);
        let mut found = Vec::new();
        let mut ends = 0;
        while let Some(update) = updates.blocking_recv() {
            let HomeUpdate::Search { number: 7, news } = update else {
                panic!("{update:?}");
            };
            match news {
                SearchUpdate::Folders(folders) => assert!(folders[0].as_str().ends_with("films")),
                SearchUpdate::Found(files) => found.extend(files.into_iter().filter(|file| file.folder == 0)),
                SearchUpdate::Ended(_) => ends += 1,
            }
        }
        let names: Vec<_> = found
            .iter()
            .map(|file| (file.below.as_str(), file.kind))
            .collect();
        assert_eq!(
            names,
            [("a.mkv", FileKind::Video), ("deep/b.flac", FileKind::Audio)]
        );
        assert_eq!(ends, 1);
    }

    #[test]
    fn the_typed_folder_comes_first_and_duplicates_are_removed() {
        let disk = disk(&["films/a.mkv", "other/b.mkv"]);
        let media = vec![disk.path().join("films"), disk.path().join("none")];

        let folders = folders(
            &disk.path().join("other").display().to_string(),
            [media.clone(), media].concat(),
        );

        assert_eq!(
            folders[..2],
            [disk.path().join("other"), disk.path().join("films")]
        );
        assert_eq!(folders.len(), 3, "and the current one: {folders:?}");
    }

    #[test]
    fn a_search_that_nobody_waits_for_ends() {
        let disk = disk(&["a.mkv", "b/c.mkv"]);
        let (sender, updates) = mpsc::channel(1);
        drop(updates);
        let has_enough = AtomicBool::new(false);

        search(1, &[disk.path().to_owned()], &has_enough, &sender);

        assert!(has_enough.load(Ordering::Relaxed));
    }
}
