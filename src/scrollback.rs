//! The chat of earlier sessions in a room, saved on this machine: the newest [`LINES`] lines, one file per room.
//!
//! A server keeps less, and a server that ends with its host keeps nothing. The files are private to their user; if anything is
//! wrong with [one](crate::page), only its lines are lost. Rooms that have been silent for longest are dropped first.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use watchtogether_protocol::invite::Address;
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{ChatId, Clean, MediaTime, MemberId, MemberName, RoomName};

use crate::page::{PageError, PageFile, PageKind};

/// The number of lines that are saved per room: some evenings of a group of friends.
pub const LINES: usize = 500;

/// The number of rooms whose lines are saved: as many as the list of recent rooms has.
pub const ROOMS: usize = crate::recent::ROOMS;

/// The maximum size of a room's text, in bytes. Five hundred long messages would be megabytes, written each time.
const TEXT_BYTES: usize = 512 * 1024;

/// The maximum size of a file that is read: the text as JSON with all its escapes, and the rest of the structure.
const BYTES: u64 = 8 * 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// One chat line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScrollbackLine {
    /// The line, with the member id that its sender had then.
    pub line: ChatLine,
    /// Whether the user wrote it.
    pub is_own: bool,
}

/// Appends a line unless it is in the list already; the oldest are dropped.
pub fn add(lines: &mut VecDeque<ScrollbackLine>, line: ScrollbackLine) {
    if lines.iter().rev().any(|known| known.line.id == line.line.id) {
        return;
    }
    lines.push_back(line);
    let text = |lines: &VecDeque<ScrollbackLine>| -> usize {
        lines.iter().map(|l| l.line.text.as_str().len()).sum()
    };
    while lines.len() > LINES || text(lines) > TEXT_BYTES {
        lines.pop_front();
    }
}

/// Returns the lines that are not among those that the server sends.
pub fn beyond(lines: &VecDeque<ScrollbackLine>, sent: &[ChatLine]) -> Vec<ScrollbackLine> {
    let sent: BTreeSet<ChatId> = sent.iter().map(|line| line.id).collect();
    let kept = lines.iter().filter(|line| !sent.contains(&line.line.id));
    kept.cloned().collect()
}

/// The lines of one room as a file. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct ScrollbackFile(PageFile);

impl ScrollbackFile {
    /// Returns the file of a room in a folder; neither need exist yet. `server` is `None` for a local server.
    pub fn of(folder: &Path, room: &RoomName, server: Option<&Address>) -> Self {
        let server = server.map(|server| server.to_string().to_lowercase());
        let name = Sha256::digest(format!("{}\n{room}", server.unwrap_or_default()));
        let path = folder.join(HEXLOWER.encode(&name[..16])).with_extension("json");
        Self(PageFile::new(path, PageKind::Scrollback, VERSION, BYTES))
    }

    /// Returns the lines, as far as they are usable, and the problem if there is one.
    pub fn read(&self) -> (VecDeque<ScrollbackLine>, Option<PageError>) {
        match self.0.read::<ScrollbackContent>() {
            Ok(rows) => (rows.read(), None),
            Err(error) => (VecDeque::new(), Some(error)),
        }
    }

    /// Replaces the lines. Another client in the same room may have written the file, with the same lines.
    pub fn write(&self, lines: &VecDeque<ScrollbackLine>) -> Result<(), PageError> {
        self.0
            .change(|rows: &mut ScrollbackContent| *rows = ScrollbackContent::of(lines))?;
        self.make_room();
        Ok(())
    }

    /// Removes the lines.
    pub fn remove(&self) -> Result<(), PageError> {
        self.0.remove()
    }

    /// Removes the files of the rooms that have been silent for longest.
    fn make_room(&self) {
        let Some(folder) = self.0.path().parent() else {
            return;
        };
        let mut files = files_in(folder);
        files.sort_by_key(|(written, _)| std::cmp::Reverse(*written));
        for (_, path) in files.into_iter().skip(ROOMS) {
            for path in [path.with_added_extension("lock"), path] {
                // A file that stays only takes space, and the next write tries again.
                fs::remove_file(path).ok();
            }
        }
    }
}

fn files_in(folder: &Path) -> Vec<(SystemTime, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "json"));
    files
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect()
}

/// The contents of the file.
#[derive(Default, Serialize, Deserialize)]
struct ScrollbackContent {
    lines: Vec<LineRecord>,
}

/// One line in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct LineRecord {
    id: String,
    name: String,
    text: String,
    at_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    position_ms: Option<i64>,
    #[serde(skip_serializing_if = "is_false")]
    own: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it by reference")]
const fn is_false(own: &bool) -> bool {
    !*own
}

impl ScrollbackContent {
    fn of(lines: &VecDeque<ScrollbackLine>) -> Self {
        Self {
            lines: lines.iter().map(LineRecord::of).collect(),
        }
    }

    /// Returns the valid lines.
    fn read(self) -> VecDeque<ScrollbackLine> {
        let mut lines = VecDeque::new();
        for line in self.lines.into_iter().filter_map(LineRecord::read) {
            add(&mut lines, line);
        }
        lines
    }
}

impl LineRecord {
    fn of(line: &ScrollbackLine) -> Self {
        let ScrollbackLine { line, is_own } = line;
        Self {
            id: line.id.0.to_string(),
            name: line.name.to_string(),
            text: line.text.to_string(),
            at_ms: line.at.0,
            position_ms: line.position.map(MediaTime::as_millis),
            own: *is_own,
        }
    }

    fn read(self) -> Option<ScrollbackLine> {
        let text = Clean::text(&self.text);
        let line = ChatLine {
            sequence: 0,
            id: ChatId(Uuid::parse_str(&self.id).ok()?),
            from: MemberId(0),
            name: MemberName::existing(&self.name).ok()?,
            text,
            at: WallTime(self.at_ms),
            position: self
                .position_ms
                .filter(|ms| (0..=i64::MAX / 1_000_000).contains(ms))
                .map(MediaTime::from_millis),
        };
        Some(ScrollbackLine {
            line,
            is_own: self.own,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn line(number: u128) -> ScrollbackLine {
        ScrollbackLine {
            line: ChatLine {
                sequence: 0,
                id: ChatId(Uuid::from_u128(number)),
                from: MemberId(0),
                name: "bo".parse().expect("a name"),
                text: Clean::text(&format!("line {number}\nsecond")),
                at: WallTime(1_700_000_000_000),
                position: Some(MediaTime::from_millis(5_000)),
            },
            is_own: number.is_multiple_of(2),
        }
    }

    fn lines(numbers: impl IntoIterator<Item = u128>) -> VecDeque<ScrollbackLine> {
        let mut lines = VecDeque::new();
        for number in numbers {
            add(&mut lines, line(number));
        }
        lines
    }

    fn file(folder: &tempfile::TempDir, room: &str) -> ScrollbackFile {
        let room = room.parse().expect("a room's name");
        ScrollbackFile::of(&folder.path().join("scrollback"), &room, None)
    }

    #[test]
    fn lines_come_back_unchanged_and_are_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder, "den");
        assert!(file.read().0.is_empty());

        file.write(&lines(1..=3)).expect("written");

        assert_eq!(file.read().0, lines(1..=3));
        let mode = fs::metadata(file.0.path()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        file.remove().expect("removed");
        assert!(file.read().0.is_empty());
    }

    #[test]
    fn a_room_of_one_name_elsewhere_is_another_and_a_hosts_case_is_none() {
        let of = |server: Option<&str>| {
            let server = server.map(|text| text.parse().expect("an address"));
            let room = "den".parse().expect("a room's name");
            let file = ScrollbackFile::of(Path::new("f"), &room, server.as_ref());
            file.0.path().to_owned()
        };

        assert_ne!(of(None), of(Some("box.example.org:1")));
        assert_eq!(of(Some("Box.example.org:1")), of(Some("box.example.org:1")));
    }

    #[test]
    fn the_oldest_give_way_by_number_and_by_size_and_nothing_is_there_twice() {
        let many = lines((1..=600).chain(590..=600));
        let mut long = VecDeque::new();
        for number in 0..400 {
            let mut line = line(number);
            line.line.text = Clean::text(&"x".repeat(2_000));
            add(&mut long, line);
        }

        assert_eq!(many.len(), LINES);
        assert_eq!(many.back(), Some(&line(600)));
        assert_eq!(long.len(), TEXT_BYTES / 2_000);
    }

    #[test]
    fn a_line_that_the_server_sends_itself_is_not_shown_twice() {
        let sent = [line(2).line, line(3).line];

        assert_eq!(beyond(&lines(1..=3), &sent), [line(1)]);
    }

    #[test]
    fn a_torn_file_costs_its_lines_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder, "den");
        file.write(&lines(1..=2)).expect("written");
        let whole = fs::read(file.0.path()).expect("there");
        for length in (0..whole.len() - 2).step_by(7) {
            fs::write(file.0.path(), &whole[..length]).expect("torn");

            let (none, problem) = file.read();

            assert!(none.is_empty());
            assert!(
                matches!(
                    problem,
                    Some(PageError::Damaged {
                        kind: PageKind::Scrollback,
                        ..
                    })
                ),
                "{problem:?}"
            );
            file.write(&lines(1..=2)).expect("written");
            assert_eq!(file.read().0.len(), 2);
        }
    }

    #[test]
    fn rooms_unused_for_longest_are_dropped_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = file(&folder, "old");
        old.write(&lines(1..=1)).expect("written");
        let past = SystemTime::UNIX_EPOCH;
        let handle = fs::File::options().write(true).open(old.0.path()).expect("there");
        handle.set_modified(past).expect("mine");

        for number in 0..ROOMS {
            file(&folder, &format!("room-{number}"))
                .write(&lines(1..=1))
                .expect("written");
        }

        assert!(old.read().0.is_empty());
        assert_eq!(files_in(&folder.path().join("scrollback")).len(), ROOMS);
    }
}
