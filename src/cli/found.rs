//! Finds films by some letters of their names, the likeliest first, for users who choose by number. It blocks.

use std::path::PathBuf;
use std::time::Duration;

use watchtogether_protocol::Clean;
use watchtogether_tui::fuzzy::Pattern;

use crate::library::{self, MediaKind};
use crate::local_clock::monotonic;

/// The maximum number of films that are offered: one digit each.
const MAX_OFFERED: usize = 9;

/// The time limit of a search.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// A film that matches the typed letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundFilm {
    /// The path.
    pub(super) path: PathBuf,
    /// The path below the searched folder, for display.
    pub(super) name: String,
}

/// Returns the video and audio files in folders whose names match some letters.
pub(super) fn films(letters: &str, folders: &[PathBuf]) -> Vec<FoundFilm> {
    let pattern = Pattern::new(letters);
    let until = monotonic() + SEARCH_TIMEOUT;
    let mut fitting: Vec<(i32, FoundFilm)> = Vec::new();
    library::walk(
        folders,
        || monotonic() > until,
        |walked| {
            let files = walked.into_iter().filter(|file| file.kind != MediaKind::Other);
            fitting.extend(files.filter_map(|file| {
                let below = file
                    .path
                    .strip_prefix(&folders[file.folder])
                    .unwrap_or(&file.path);
                let name = Clean::line(&below.to_string_lossy()).to_string();
                let score = pattern.score(&name.to_lowercase())?;
                Some((
                    score,
                    FoundFilm {
                        path: file.path,
                        name,
                    },
                ))
            }));
            fitting.sort_by(|(a_score, a), (b_score, b)| (b_score, &a.name).cmp(&(a_score, &b.name)));
            fitting.dedup_by(|(_, a), (_, b)| a.path == b.path);
            fitting.truncate(MAX_OFFERED);
        },
    );
    fitting.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_come_first_and_what_is_no_film_does_not_come() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "Show/01 Pilot.mkv",
            "Show/02 Car.mkv",
            "pilot.txt",
            "The Pilots.mkv",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("below")).expect("made");
            std::fs::write(path, "x").expect("written");
        }
        let folders = [folder.path().to_owned()];
        let names = |letters: &str| -> Vec<String> {
            films(letters, &folders)
                .into_iter()
                .map(|found| found.name)
                .collect()
        };

        assert_eq!(names("pilot"), ["Show/01 Pilot.mkv", "The Pilots.mkv"]);
        assert_eq!(names("show car"), ["Show/02 Car.mkv"]);
        assert_eq!(names("zzz"), [""; 0]);
    }

    #[test]
    fn no_more_are_offered_than_a_digit_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..30 {
            std::fs::write(folder.path().join(format!("film {number:02}.mkv")), "x").expect("written");
        }

        assert_eq!(films("film", &[folder.path().to_owned()]).len(), MAX_OFFERED);
    }
}
