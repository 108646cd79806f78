//! Finds out whether a process has a file open for writing: a download that pauses is not complete.
//!
//! Linux shows the open files of processes of the same user. A writer of another user, or on another machine that shares the
//! folder, stays unknown, and so does every writer on other systems.

use std::path::Path;
use std::time::Duration;

use watchtogether_protocol::LocalTime;

/// How recently a file must have grown so that only its size is checked: a search of all open files takes a few milliseconds.
const RECENT_GROWTH: Duration = Duration::from_secs(3);

/// The interval of searches, which is also the delay with which a closed file is noticed.
const SEARCH_INTERVAL: Duration = Duration::from_secs(3);

/// The state of a file's writer, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Writer {
    /// No writer was ever seen. There may be one anyway.
    #[default]
    Unknown,
    /// A process has the file open for writing.
    Open,
    /// A process had the file open for writing, and now none has.
    Closed,
}

/// Decides when to search for a file's writers, and remembers the result.
#[derive(Debug, Default)]
pub(super) struct Writers {
    writer: Writer,
    /// The size at the last check, and since when it has been that.
    size: Option<(u64, LocalTime)>,
    /// Whether the file grew since the last search.
    has_grown: bool,
    searched: Option<LocalTime>,
}

impl Writers {
    /// Records the file's size, and returns whether to search now. The first growth triggers a search immediately, so that a
    /// writer that ends soon is found.
    pub(super) fn handle_bytes(&mut self, bytes: u64, now: LocalTime) -> bool {
        match self.size {
            Some((before, _)) if before == bytes => {}
            before => {
                self.has_grown = before.is_some();
                self.size = Some((bytes, now));
            }
        }
        let is_recent = |at: LocalTime, span| now.saturating_since(at) < span;
        if self.searched.is_some_and(|at| is_recent(at, SEARCH_INTERVAL)) {
            return false;
        }
        let is_still = self
            .size
            .is_none_or(|(_, since)| !is_recent(since, RECENT_GROWTH));
        is_still || (self.has_grown && self.writer != Writer::Open)
    }

    /// Records whether a writer was found; `None` if searching was not possible.
    pub(super) fn handle_search(&mut self, is_found: Option<bool>, now: LocalTime) {
        self.searched = Some(now);
        self.has_grown = false;
        self.writer = match (is_found, self.writer) {
            (Some(true), _) => Writer::Open,
            (Some(false), Writer::Open) => Writer::Closed,
            (Some(false) | None, writer) => writer,
        };
    }

    /// Returns what is known about the writer.
    pub(super) const fn writer(&self) -> Writer {
        self.writer
    }
}

/// Returns whether a process of the same user has the file open for writing; `None` if the system does not say.
#[cfg(target_os = "linux")]
pub(super) fn is_open_for_writing(path: &Path) -> Option<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let file = std::fs::metadata(path).ok()?;
    let is_it = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|other| (other.dev(), other.ino()) == (file.dev(), file.ino()))
    };
    // Processes and their files come and go during the search, and those of other users are hidden. None of that is an error.
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let mut open_files = processes
        .filter(|process| {
            process
                .file_name()
                .as_encoded_bytes()
                .iter()
                .all(u8::is_ascii_digit)
        })
        .filter_map(|process| std::fs::read_dir(process.path().join("fd")).ok())
        .flat_map(Iterator::flatten);
    Some(open_files.any(|open| {
        let link = open.path();
        let Some(process) = link.parent().and_then(Path::parent) else {
            return false;
        };
        // Metadata is read only for files that are open for writing: on a share that is gone, it may take minutes.
        let facts = std::fs::read_to_string(process.join("fdinfo").join(open.file_name()));
        facts.is_ok_and(|facts| says_writing(&facts)) && is_it(&link)
    }))
}

/// Returns whether a process of the same user has the file open for writing; `None` if the system does not say.
#[cfg(not(target_os = "linux"))]
pub(super) const fn is_open_for_writing(_path: &Path) -> Option<bool> {
    None
}

/// Returns whether Linux's information about an open file says that it is open for writing: the last octal digit of its flags is
/// 1 or 2.
#[cfg(target_os = "linux")]
fn says_writing(facts: &str) -> bool {
    let flags = facts.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u64::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| matches!(flags & 3, 1 | 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> LocalTime {
        LocalTime::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn a_writer_is_searched_when_the_file_first_grows_and_when_it_stops_growing() {
        let mut writers = Writers::default();

        assert!(!writers.handle_bytes(1_000, at(0)), "it was just seen");
        assert!(writers.handle_bytes(2_000, at(1)), "it grows");
        writers.handle_search(Some(true), at(1));
        for second in 2..10 {
            assert!(
                !writers.handle_bytes(2_000 + second, at(second)),
                "its writer is known"
            );
        }
        assert!(!writers.handle_bytes(2_009, at(11)));
        assert!(writers.handle_bytes(2_009, at(12)), "it stands still");
        writers.handle_search(Some(true), at(12));
        assert!(!writers.handle_bytes(2_009, at(14)));
        assert!(writers.handle_bytes(2_009, at(15)), "it still does");
    }

    #[test]
    fn a_writer_that_is_gone_has_closed_the_file_and_one_that_was_never_seen_is_unknown() {
        let mut writers = Writers::default();

        writers.handle_search(Some(false), at(0));
        assert_eq!(writers.writer(), Writer::Unknown);
        writers.handle_search(Some(true), at(3));
        writers.handle_search(None, at(6));
        assert_eq!(writers.writer(), Writer::Open, "no answer is none");
        writers.handle_search(Some(false), at(9));
        assert_eq!(writers.writer(), Writer::Closed);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_is_open_for_writing_as_long_as_its_writer_has_it_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, other) = (folder.path().join("film.ts"), folder.path().join("other.ts"));
        let writer = std::fs::File::create(&path).expect("a file");
        std::fs::write(&other, "").expect("a file");
        let linked = folder.path().join("linked.ts");
        std::fs::hard_link(&path, &linked).expect("a second name");

        assert_eq!(is_open_for_writing(&path), Some(true));
        assert_eq!(is_open_for_writing(&linked), Some(true), "by its other name");
        assert_eq!(is_open_for_writing(&other), Some(false));
        drop(writer);
        let reader = std::fs::File::open(&path).expect("the file");
        assert_eq!(is_open_for_writing(&path), Some(false), "it is only read");
        drop(reader);
        assert_eq!(is_open_for_writing(&folder.path().join("none.ts")), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn writing_is_read_from_the_flags_of_an_open_file() {
        assert!(says_writing("pos:\t0\nflags:\t0100001\nmnt_id:\t29\n"));
        assert!(says_writing("pos:\t0\nflags:\t02100002\n"));
        assert!(!says_writing("pos:\t0\nflags:\t0100000\n"));
        assert!(!says_writing("nonsense"));
    }
}
