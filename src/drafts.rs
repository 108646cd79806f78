//! Drafts of messages that were not sent: one input line for each recent room, in one file.
//!
//! If anything is wrong with [the file](crate::page), only a draft is lost.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use watchtogether_protocol::RoomName;
use watchtogether_protocol::invite::Address;

use crate::page::{PageError, PageFile, PageKind};

/// The number of rooms whose drafts are kept.
pub const ROOMS: usize = crate::recent::ROOMS;

/// The maximum length of a draft, in bytes: more than any message may have.
const LINE_BYTES: usize = 16 * 1024;

/// The maximum size of the file that is read: every draft, in the longest form that JSON has for it.
const BYTES: u64 = 4 * 1024 * 1024;

/// The version that is written.
const VERSION: u32 = 1;

/// The drafts as a file. All methods block on the disk.
#[derive(Clone, Debug)]
pub struct DraftsFile(PageFile);

impl DraftsFile {
    /// Returns the drafts in a file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(PageFile::new(path, PageKind::Drafts, VERSION, BYTES))
    }

    /// Returns the draft for a room, or `None` if it is empty. `server` is `None` for a local server.
    pub fn read(&self, room: &RoomName, server: Option<&Address>) -> Result<String, PageError> {
        let rows = self.0.read::<DraftsContent>()?;
        let row = rows.drafts.into_iter().find(|row| row.is_of(room, server));
        Ok(row.map(|row| row.text).unwrap_or_default())
    }

    /// Saves the draft for a room; an empty one removes it. The oldest drafts are dropped.
    pub fn write(&self, room: &RoomName, server: Option<&Address>, text: &str) -> Result<(), PageError> {
        self.0.change(|rows: &mut DraftsContent| {
            rows.drafts.retain(|row| !row.is_of(room, server));
            if !text.trim().is_empty() {
                rows.drafts.insert(0, DraftRecord::of(room, server, text));
            }
            rows.drafts.truncate(ROOMS);
        })
    }
}

/// The contents of the file.
#[derive(Default, Serialize, Deserialize)]
struct DraftsContent {
    drafts: Vec<DraftRecord>,
}

/// One draft in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct DraftRecord {
    room: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    text: String,
}

impl DraftRecord {
    fn of(room: &RoomName, server: Option<&Address>, text: &str) -> Self {
        Self {
            room: room.to_string(),
            server: server.map(ToString::to_string),
            text: text[..text.floor_char_boundary(LINE_BYTES)].to_owned(),
        }
    }

    fn is_of(&self, room: &RoomName, server: Option<&Address>) -> bool {
        self.room == room.as_str() && self.server == server.map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn room(name: &str) -> RoomName {
        name.parse().expect("a room's name")
    }

    fn file(folder: &tempfile::TempDir) -> DraftsFile {
        DraftsFile::new(folder.path().join("drafts.json"))
    }

    #[test]
    fn a_line_comes_back_in_its_room_alone_until_it_is_sent() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        let server: Address = "box.example.org:1".parse().expect("an address");
        let read = |server| file.read(&room("den"), server).expect("readable");

        file.write(&room("den"), Some(&server), "half a\nthought")
            .expect("written");

        assert_eq!(read(Some(&server)), "half a\nthought");
        assert_eq!(read(None), "");
        let mode = fs::metadata(file.0.path()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        file.write(&room("den"), Some(&server), "").expect("written");
        assert_eq!(read(Some(&server)), "");
    }

    #[test]
    fn the_oldest_give_way_and_a_long_one_is_cut_between_letters() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        for number in 0..=ROOMS {
            file.write(&room(&format!("room-{number}")), None, &"ä".repeat(20_000))
                .expect("written");
        }

        let of = |number: usize| {
            file.read(&room(&format!("room-{number}")), None)
                .expect("readable")
        };
        assert_eq!(of(0), "");
        assert_eq!(of(1), "ä".repeat(LINE_BYTES / 2));
    }

    #[test]
    fn a_torn_file_costs_its_lines_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file(&folder);
        for torn in [&b""[..], b"{\"v\":1,\"drafts\":[{", b"\xff\xfe", b"[]"] {
            fs::write(file.0.path(), torn).expect("torn");

            let error = file.read(&room("den"), None).expect_err("it is told");
            let PageError::Damaged { kind, kept } = error else {
                panic!("{error:?}");
            };
            assert_eq!(kind, PageKind::Drafts);
            assert!(kept.ends_with("drafts.json.damaged"), "{}", kept.display());
            file.write(&room("den"), None, "again").expect("written");

            assert_eq!(file.read(&room("den"), None).expect("readable"), "again");
        }
    }
}
